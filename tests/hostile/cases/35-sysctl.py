# SPDX-License-Identifier: Apache-2.0
# Switches of the machine.
import os

import probe

for path in ("kernel/core_pattern", "kernel/modprobe", "kernel/hostname",
             "kernel/domainname", "kernel/sysrq", "kernel/panic",
             "kernel/randomize_va_space", "kernel/ns_last_pid",
             "kernel/shmmax", "vm/overcommit_memory", "vm/drop_caches",
             "vm/swappiness", "fs/binfmt_misc/register", "fs/file-max",
             "fs/protected_symlinks", "net/ipv4/ip_forward",
             "net/ipv4/ping_group_range", "user/max_user_namespaces"):
    probe.refused(path, probe.writing("/proc/sys/" + path, b"1"),
                  "EROFS", "EACCES", "ENOENT", "EPERM")
for path in ("/proc/sysrq-trigger", "/proc/irq/0/smp_affinity",
             "/proc/sys/kernel/core_pattern", "/proc/self/coredump_filter",
             "/proc/self/loginuid", "/proc/mtrr", "/proc/acpi/wakeup",
             "/proc/scsi/scsi", "/proc/fs/nfsd", "/proc/bus/pci/00/00.0",
             "/sys/kernel/uevent_helper", "/sys/power/state"):
    probe.refused(path, probe.writing(path, b"b"),
                  "EROFS", "EACCES", "ENOENT", "EPERM", "EISDIR", "ENOTDIR")
probe.refused("sethostname", lambda: __import__("socket").sethostname("x"),
              "EPERM")
probe.holds("proc is read-only",
            bool(os.statvfs("/proc").f_flag & os.ST_RDONLY))
probe.end()
