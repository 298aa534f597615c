# SPDX-License-Identifier: Apache-2.0
# Devices: made, unpacked from an archive, or those of the host that are shown.
import io
import os
import stat
import tarfile

import probe

for name, kind, major, minor in (("sda", stat.S_IFBLK, 8, 0),
                                 ("vda", stat.S_IFBLK, 254, 0),
                                 ("mem", stat.S_IFCHR, 1, 1),
                                 ("kmsg", stat.S_IFCHR, 1, 11),
                                 ("fuse", stat.S_IFCHR, 10, 229),
                                 ("kvm", stat.S_IFCHR, 10, 232)):
    for folder in ("/workspace", "/tmp", "/dev/shm"):
        probe.refused(f"mknod {folder}/{name}",
                      lambda f=folder, n=name, k=kind, a=major, i=minor:
                      os.mknod(f"{f}/{n}", k | 0o666, os.makedev(a, i)),
                      "EPERM", "EACCES")
tar = io.BytesIO()
with tarfile.open(fileobj=tar, mode="w") as t:
    entry = tarfile.TarInfo("dev")
    entry.type, entry.devmajor, entry.devminor = tarfile.BLKTYPE, 8, 0
    t.addfile(entry)
tar.seek(0)
try:
    with tarfile.open(fileobj=tar) as t:
        t.extractall("out")
except (OSError, tarfile.TarError):
    pass
probe.holds("no device from an archive", not os.path.lexists("out/dev"))
want = {"fd", "full", "null", "random", "shm", "stderr", "stdin", "stdout",
        "urandom", "zero"}
probe.holds(f"only these: {sorted(os.listdir('/dev'))}",
            set(os.listdir("/dev")) <= want)
# /dev/null that becomes a file, or another device
probe.refused("unlink /dev/null", lambda: os.unlink("/dev/null"),
              "EROFS", "EACCES", "EBUSY", "EPERM")
probe.refused("chmod /dev/null", lambda: os.chmod("/dev/null", 0),
              "EROFS", "EPERM")
probe.end()
