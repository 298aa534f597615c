# SPDX-License-Identifier: Apache-2.0
# Things that are no files, where files are collected.
import os
import socket

os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
os.symlink("/dev/zero", "endless")
os.symlink("loop", "loop")
os.symlink("/proc/self/mem", "mem")
os.symlink("a.txt", "alias")
open("a.txt", "w").write("a\n")
os.mkdir("closed")
open("closed/b.txt", "w").write("b\n")
os.chmod("closed", 0)
open("secret", "w").write("s\n")
os.chmod("secret", 0)
if os.fork() == 0:
    with open("fifo", "w") as f:  # waits for a reader that must not come
        f.write("BROKEN somebody opened it\n" * 1000)
print("left", flush=True)
