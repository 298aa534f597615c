# SPDX-License-Identifier: Apache-2.0
# "files": as many as there may be. "deep": folders in folders, far deeper than
# any path can say or any recursion may go.
import errno
import os
import sys

n = 0
try:
    # Landlock walks up from every new folder: deeper ones only take longer
    while n < (5000 if "deep" in sys.argv else 10_000_000):
        if "deep" in sys.argv:
            os.mkdir("d" * 100)
            os.chdir("d" * 100)
        else:
            os.close(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY))
        n += 1
    print("made", n)
except OSError as e:
    print("ends", errno.errorcode[e.errno], n)
