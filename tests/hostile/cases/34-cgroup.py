# SPDX-License-Identifier: Apache-2.0
# The control groups that hold us: seen, mounted, written.
import ctypes
import os

import probe

libc = ctypes.CDLL(None, use_errno=True)


def mount(kind):
    def call():
        os.makedirs("g", exist_ok=True)
        if libc.mount(b"g", b"g", kind, 0, None):
            raise OSError(ctypes.get_errno(), "")
    return call


for kind in (b"cgroup", b"cgroup2", b"sysfs", b"debugfs", b"securityfs"):
    probe.refused(f"mount {kind}", mount(kind), "EPERM")
probe.holds("no /sys", not os.path.exists("/sys/fs/cgroup"))
probe.holds("no mount of groups",
            "cgroup" not in open("/proc/self/mountinfo").read())
for line in open("/proc/self/cgroup"):
    path = line.rstrip("\n").split(":", 2)[2]
    probe.holds(f"a path that says nothing of the host: {line.strip()}",
                path == "/")
probe.refused("write /proc/self/cgroup", probe.writing("/proc/self/cgroup"),
              "EACCES", "EROFS", "EPERM", "EINVAL")
for name in ("oom_score_adj", "oom_adj"):
    probe.refused(f"{name} -1000",
                  probe.writing(f"/proc/self/{name}", b"-1000"),
                  "EACCES", "EROFS", "EPERM", "EINVAL")
probe.end()
