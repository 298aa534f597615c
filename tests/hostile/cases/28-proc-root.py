# SPDX-License-Identifier: Apache-2.0
# Through /proc to other roots, folders and descriptors.
import os

import probe

pids = sorted(int(p) for p in os.listdir("/proc") if p.isdigit())
probe.holds(f"only own processes: {pids}", pids == [os.getpid()])
for name in ("root", "cwd", "exe", "fd", "mem", "environ", "maps", "ns/mnt"):
    probe.refused(f"pid 1: {name}",
                  lambda n=name: os.stat(f"/proc/1/{n}"), "ENOENT", "EACCES")
    probe.refused(f"pid 1 by task: {name}",
                  lambda n=name: os.stat(f"/proc/1/task/1/{n}"),
                  "ENOENT", "EACCES")
probe.holds("own root", os.readlink("/proc/self/root") == "/")
probe.holds("own folder", os.readlink("/proc/self/cwd") == "/workspace")
for fd in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink(f"/proc/self/fd/{fd}")
    except FileNotFoundError:
        continue  # the listing's own
    probe.holds(f"descriptor {fd}: {target}",
                target.startswith(("pipe:", "/proc/")))
# the magic links lead to where we are, not to the host
probe.holds("root by link", os.listdir("/proc/self/root/") == os.listdir("/"))
# a pid of the host means nothing here
seen = [p for p in range(1, 3000) if os.path.exists(f"/proc/{p}/stat")]
probe.holds(f"no number leads to another: {seen}", seen == [os.getpid()])
probe.end()
