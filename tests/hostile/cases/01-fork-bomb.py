# SPDX-License-Identifier: Apache-2.0
# Forks while it can, and every child does.
import errno
import os
import time

parent = os.getpid()
full = False
while True:
    try:
        os.fork()
    except OSError as e:
        if os.getpid() == parent and not full:
            full = True
            print("refused", errno.errorcode[e.errno], flush=True)
        time.sleep(0.01)
