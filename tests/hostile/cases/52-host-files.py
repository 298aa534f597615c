# SPDX-License-Identifier: Apache-2.0
# What lies around on a host.
import os
import sys

import probe

guard = sys.argv[1]
for path in ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh",
             "/etc/hostname", "/etc/machine-id", "/etc/resolv.conf",
             "/etc/fstab", "/etc/crontab", "/etc/environment", "/etc/coop",
             "/root", "/root/.ssh/id_rsa", "/root/.bash_history", "/home",
             "/var", "/var/lib", "/var/log", "/run", "/run/coop",
             "/run/secrets", "/srv", "/opt", "/boot", "/mnt", "/media", "/sys",
             "/lost+found", "/.dockerenv", "/initrd.img", guard,
             guard + "/secret", os.path.dirname(guard)):
    probe.refused(path, lambda p=path: os.stat(p), "ENOENT", "EACCES")
want = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin",
        "tmp", "usr", "workspace", ".box"}
probe.holds(f"the root: {sorted(set(os.listdir('/')) - want)}",
            set(os.listdir("/")) <= want)
etc = {"group", "hosts", "nsswitch.conf", "passwd"}
# what profiles and languages name is meant to be seen (they lie beside us)
for folder, _, names in os.walk("profiles"):
    for name in names:
        if name.endswith(".conf"):
            for line in open(os.path.join(folder, name)):
                key, _, value = line.partition("=")
                if key.strip().startswith("read"):
                    parts = value.strip().split("/")
                    etc.add(parts[2] if parts[1:2] == ["etc"] else "ssl")
probe.holds(f"/etc: {sorted(set(os.listdir('/etc')) - etc)}",
            set(os.listdir("/etc")) <= etc)
probe.holds("own passwd", len(open("/etc/passwd").readlines()) == 3)
probe.holds("certificates only", os.listdir("/etc/ssl") == ["certs"])
probe.holds("/tmp is empty", os.listdir("/tmp") == [])
probe.holds("/dev/shm is empty", os.listdir("/dev/shm") == [])
# files of the host that everybody may read but that are nobody's business
for top in ("/usr/local/etc", "/usr/src", "/usr/local/src"):
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if "secret" in name.lower() or "id_rsa" in name:
                print("found", path)
probe.end()
