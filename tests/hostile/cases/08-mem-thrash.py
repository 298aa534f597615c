# SPDX-License-Identifier: Apache-2.0
# Stays just under the memory limit and rewrites all of it, files too.
hoard = bytearray(150 << 20)
with open("/tmp/f", "w+b", buffering=0) as f:
    while True:
        for i in range(0, len(hoard), 4096):
            hoard[i] = (hoard[i] + 1) & 255
        f.seek(0)
        for _ in range(40):
            f.write(hoard[: 1 << 20])
