# SPDX-License-Identifier: Apache-2.0
# A second name for a file of the host, in a folder that the host looks through.
import os
import sys

import probe

for path in ("/usr/bin/env", "/usr/bin/su", "/etc/passwd", "/etc/ld.so.cache",
             "/proc/self/exe"):
    probe.refused(f"link {path}", lambda p=path: os.link(p, "hard"),
                  "EXDEV", "EPERM", "EROFS")
    probe.refused(f"rename {path}", lambda p=path: os.rename(p, "moved"),
                  "EXDEV", "EPERM", "EROFS", "EBUSY", "EACCES")
fd = os.open("/usr/bin/env", os.O_RDONLY)
probe.refused("link by descriptor",
              lambda: os.link(f"/proc/self/fd/{fd}", "hard",
                              follow_symlinks=True), "EXDEV", "EPERM")
probe.refused("chown", lambda: os.chown("/usr/bin/env", 1000, 1000),
              "EROFS", "EPERM")
os.symlink("/etc/passwd", "soft")
os.symlink(sys.argv[1] + "/secret", "soft2")
open("kept", "w").write("kept\n")
os.link("kept", "kept2")
os.chmod("kept", 0o6777)
probe.end()
