# SPDX-License-Identifier: Apache-2.0
# 5 MB on each of both outputs, in turns.
import os

for i in range(5000):
    for fd, c in ((1, b"o"), (2, b"e")):
        piece = c * 1024
        while piece:
            piece = piece[os.write(fd, piece):]
os.write(1, b"the end")
os.write(2, b"the end")
