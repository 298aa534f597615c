# SPDX-License-Identifier: Apache-2.0
# Names that are a folder now and a link to elsewhere a moment later, up to the
# end and beyond it, while what is left here is copied out.
import os
import sys
import threading

guard = sys.argv[1]
os.mkdir("real")
open("real/file", "w").write("mine\n")
os.mkdir("swap")
open("swap/file", "w").write("mine\n")
os.symlink(guard, "link")
os.symlink("/etc/shadow", "shadow")
os.symlink("/proc/1/environ", "environ")
os.symlink("/dev/zero", "zero")
os.mkdir("trap")  # in the collected folder this name is a link
open("trap/file", "w").write("through\n")


def swap():
    while True:
        try:
            os.rename("swap", "aside")
            os.symlink("/etc", "swap")
            os.unlink("swap")
            os.rename("aside", "swap")
        except OSError:
            pass


def child():
    for _ in range(2):
        threading.Thread(target=swap, daemon=True).start()
    swap()


if os.fork() == 0:
    child()
for _ in range(3):
    threading.Thread(target=swap, daemon=True).start()
threading.Event().wait(0.3)
print("left", flush=True)
os._exit(0)
