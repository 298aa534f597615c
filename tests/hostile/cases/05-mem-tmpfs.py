# SPDX-License-Identifier: Apache-2.0
# Fills every place that can be written until none takes more; "memory" then
# fills the memory beside it, which the files count against.
import errno
import os
import sys

total = 0
for place in ("/tmp", "/dev/shm", "/workspace"):
    try:
        with open(place + "/fill", "wb", buffering=0) as f:
            while True:
                total += f.write(b"x" * 65536)
    except OSError as e:
        print(place, errno.errorcode[e.errno], flush=True)
print("wrote", total >> 20, "MiB", flush=True)
if "memory" in sys.argv:
    hoard = []
    while True:
        hoard.append(b"y" * (1 << 20))
