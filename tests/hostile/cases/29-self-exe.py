# SPDX-License-Identifier: Apache-2.0
# The way of CVE-2019-5736: through /proc to a program of the host, for writing.
import glob
import os
import subprocess

import probe

FAILS = ("EROFS", "EACCES", "ETXTBSY", "ENOENT", "EPERM")
paths = ["/proc/self/exe", "/proc/thread-self/exe", "/proc/1/exe",
         "/proc/self/map_files", "/usr/bin/python3", "/bin/sh",
         "/usr/bin/env"] + sorted(glob.glob("/lib*/ld-linux*"))
for path in paths:
    probe.refused(f"write {path}", lambda p=path: os.open(p, os.O_WRONLY),
                  *FAILS, "EISDIR")
    probe.refused(f"truncate {path}", lambda p=path: os.truncate(p, 0),
                  *FAILS, "EISDIR")
# a script whose interpreter is whoever runs it
with open("s", "w") as f:
    f.write("#!/proc/self/exe\n")
os.chmod("s", 0o755)
subprocess.run(["./s"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL, timeout=5)
# a descriptor for reading is not to become one for writing
fd = os.open("/proc/self/exe", os.O_RDONLY)
probe.refused("reopen", lambda: os.open(f"/proc/self/fd/{fd}", os.O_RDWR),
              *FAILS)
path_fd = os.open("/usr/bin/env", os.O_PATH)
probe.refused("reopen O_PATH",
              lambda: os.open(f"/proc/self/fd/{path_fd}", os.O_WRONLY), *FAILS)
# programs of Coop are not here at all
for name in ("coop", "broker"):
    found = [d for d in ("/usr/bin", "/usr/local/bin", "/usr/libexec/coop",
                         "/usr/local/libexec/coop", "/proc/self/fd")
             if os.path.exists(f"{d}/{name}")]
    probe.holds(f"{name} is not running from here: {found}",
                "/proc/self/fd" not in found)
probe.end()
