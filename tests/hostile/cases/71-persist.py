# SPDX-License-Identifier: Apache-2.0
# Everything that would run again next time; it runs twice.
import os
import site
import socket
import subprocess

import probe

PLACES = (".bashrc", ".profile", ".pythonrc", ".local/bin/python3",
          ".config/pip/pip.conf", ".cache/pip/x", ".npmrc", ".ssh/rc",
          ".gitconfig", "sitecustomize.py", "usercustomize.py", "os.py_",
          "/tmp/ld.so.preload", "/dev/shm/x")
for place in PLACES:
    probe.holds(f"{place} is not there yet", not os.path.exists(place))
    os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
    with open(place, "w") as f:
        f.write("print('BROKEN it ran again')\n")
user = site.getusersitepackages()
os.makedirs(user, exist_ok=True)
with open(user + "/usercustomize.py", "w") as f:
    f.write("print('BROKEN it ran again')\n")
for path in ("/etc/ld.so.preload", "/etc/profile.d/x.sh", "/etc/cron.d/x",
             "/usr/lib/python3/dist-packages/x.pth",
             "/usr/local/lib/python3.11/dist-packages/x.pth",
             "/var/spool/cron/crontabs/user"):
    probe.refused(path, lambda p=path: os.open(p, os.O_CREAT | os.O_WRONLY),
                  "EROFS", "ENOENT", "EACCES")
s = socket.socket(socket.AF_UNIX)
try:
    s.bind("\0persist")
    probe.holds("the abstract name is free", True)
except OSError:
    probe.holds("the abstract name is taken", False)
probe.holds("the port is free", socket.create_server(("127.0.0.1", 4711)))
subprocess.Popen(["/bin/sh", "-c", "trap '' HUP TERM; while :; do sleep 1; done"],
                 start_new_session=True)
probe.end()
