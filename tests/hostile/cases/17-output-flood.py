# SPDX-License-Identifier: Apache-2.0
# Characters of two, three and four bytes, 12 MB without a line's end, in pieces
# that cut them; nothing of it may be broken at head, marker or tail.
import os

text = "\u00e9\u20ac\U0001f414".encode() * 1365
for _ in range(1000):
    at = 0
    while at < len(text):
        at += os.write(1, text[at:at + 1021])
