# SPDX-License-Identifier: Apache-2.0
# Waits for a signal that does not come.
import signal

print("waiting", flush=True)
while True:
    signal.pause()
