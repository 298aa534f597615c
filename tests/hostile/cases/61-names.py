# SPDX-License-Identifier: Apache-2.0
# File names with every byte that a name can have.
import os

made = 0
for byte in range(1, 256):
    if byte != ord("/"):
        with open(b"n" + bytes([byte]), "w") as f:
            f.write("x")
        made += 1
for name in (b"-rf", b"--help", b" ", b"\xff\xfe", b"\xe2\x80\xaeevil",
             b"a\nb", b"\x1b]0;title\x07", b"%2e%2e%2f", b"..\\x", b"...",
             b"x" * 255, b"\xf0\x9f\x90\x94", b"\"},{\"", b"$(id)", b"\xed\xa0\x80"):
    with open(name, "w") as f:
        f.write("x")
    made += 1
deep = b"/".join([b"d" * 200] * 18)
os.makedirs(deep)
with open(deep + b"/f", "w") as f:
    f.write("x")
print("made", made)
