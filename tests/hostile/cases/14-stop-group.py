# SPDX-License-Identifier: Apache-2.0
# Stops itself and everybody, again and again from a child that is in no group
# of ours.
import os
import signal
import time

print("stopping", flush=True)
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.kill(-1, signal.SIGSTOP)
        except ProcessLookupError:
            pass
        time.sleep(0.001)
os.kill(0, signal.SIGSTOP)
while True:
    signal.pause()
