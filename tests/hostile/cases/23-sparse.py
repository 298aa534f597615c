# SPDX-License-Identifier: Apache-2.0
# Sizes that are not there. "many" leaves a lot of them to be collected.
import os
import resource
import signal
import sys

import probe

if "many" in sys.argv:
    for i in range(40):
        with open(f"hole{i}", "wb") as f:
            f.truncate(40 << 20)
    print("left", 40)
    os._exit(0)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
fd = os.open("f", os.O_CREAT | os.O_RDWR)
probe.refused("truncate 1T", lambda: os.ftruncate(fd, 1 << 40), "EFBIG")
probe.refused("fallocate 1T", lambda: os.posix_fallocate(fd, 0, 1 << 40),
              "EFBIG", "ENOSPC")
probe.refused("write at 1T", lambda: os.pwrite(fd, b"x", 1 << 40), "EFBIG")
probe.refused("truncate by path", lambda: os.truncate("f", 1 << 34), "EFBIG")


def more():
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    except ValueError:
        raise PermissionError(1, "") from None


probe.refused("a higher RLIMIT_FSIZE", more, "EPERM")
probe.holds("the file is empty", os.fstat(fd).st_blocks == 0)
probe.end()
