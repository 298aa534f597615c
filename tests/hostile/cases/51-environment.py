# SPDX-License-Identifier: Apache-2.0
# The environment: what the request and the profile gave, nothing else. The
# runner's has a secret, which it looks for in all that is printed.
import os

import probe

want = {"PATH", "LANG", "HOME", "TMPDIR", "TZ", "USER", "LOGNAME", "GIVEN",
        "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
print(open("/proc/self/environ").read().replace("\0", "\n"))
probe.holds(f"nothing else: {set(os.environ) - want}", set(os.environ) <= want)
probe.holds("what was given", os.environ.get("GIVEN") == "yes")
probe.holds("the folder is not inherited",
            os.environ["HOME"] == "/workspace" == os.getcwd())
for path in ("/proc/1/environ", "/proc/1/cmdline", "/proc/0/environ"):
    probe.refused(path, probe.reading(path), "ENOENT", "EACCES")
# above our first variable lies what the kernel put there, not a parent's stack
stack = [l for l in open("/proc/self/maps") if "[stack]" in l][0]
low, high = (int(x, 16) for x in stack.split()[0].split("-"))
with open("/proc/self/mem", "rb") as mem:
    mem.seek(low)
    words = mem.read(high - low)
print(b"Secret" in words and words[words.find(b"Secret"):][:40])
probe.end()
