# SPDX-License-Identifier: Apache-2.0
# What /proc tells of the kernel and of others.
import os
import sys

import probe

guard = sys.argv[1]


def text(path):
    try:
        with open(path, "rb") as f:
            return f.read(1 << 20)
    except OSError:
        return b""


for name in ("kcore", "kallsyms", "keys", "sched_debug", "timer_list",
             "cmdline", "config.gz", "partitions", "modules", "kmsg",
             "kpagecount", "kpageflags", "kpagecgroup", "slabinfo",
             "vmallocinfo", "pagetypeinfo", "iomem_", "sysrq-trigger",
             "latency_stats", "timer_stats", "mdstat", "vmcore"):
    probe.holds(f"{name} says nothing: {text('/proc/' + name)[:60]}",
                text("/proc/" + name) == b"")
# addresses of the kernel and of devices are zero for us
for name in ("iomem", "ioports"):
    lines = text("/proc/" + name).decode().splitlines()
    probe.holds(f"{name} has no addresses", all(
        set(l.split(":")[0]) <= set(" 0-") for l in lines))
mounts = text("/proc/self/mountinfo").decode()
print(mounts)
roots = {l.split()[3] for l in mounts.splitlines()}
for root in sorted(roots):
    probe.holds(f"the root of a mount: {root}", root.startswith(
        ("/usr", "/etc/", "/workspace", "/tmp", "/shm", "/null", "/zero",
         "/full", "/random", "/urandom")) or root == "/")
for path in ("/proc/self/mountinfo", "/proc/self/mounts",
             "/proc/self/mountstats", "/proc/self/cgroup",
             "/proc/self/status", "/proc/locks", "/proc/net/unix"):
    probe.holds(f"{path} does not know the host's folders",
                os.path.dirname(guard).encode() not in text(path))
probe.holds("no unix sockets of others", b"/" not in text("/proc/net/unix"))
probe.holds("no keys of others", text("/proc/key-users").count(b"\n") <= 2)
probe.end()
