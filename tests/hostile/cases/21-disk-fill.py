# SPDX-License-Identifier: Apache-2.0
# One file as large as it gets, then many, then by mapping: each ends by an
# error, not by more room.
import errno
import mmap
import os

total = 0


def fill(path):
    global total
    try:
        with open(path, "wb", buffering=0) as f:
            while True:
                total += f.write(b"\0" * (1 << 20))
    except OSError as e:
        return errno.errorcode[e.errno]


print("one", fill("big"))
os.unlink("big")
total = 0
for i in range(200):
    try:
        with open(f"part{i}", "wb", buffering=0) as f:
            f.write(b"\1" * (1 << 20))
            total += 1 << 20
    except OSError as e:
        print("many", errno.errorcode[e.errno])
        break
print("total", total >> 20)
print("room", "kept" if total <= 64 << 20 else "BROKEN")
