# SPDX-License-Identifier: Apache-2.0
# What the Python cases share, as probe.h does for C: a wall that gives way
# prints BROKEN, the last line says how many held.
import errno
import os
import sys

held = 0
broken = 0


def holds(what, good):
    global held, broken
    if good:
        held += 1
    else:
        broken += 1
        print("BROKEN", what)


def refused(what, call, *errors):
    """call() must raise OSError with one of the names of `errors`."""
    try:
        got = call()
    except OSError as e:
        name = errno.errorcode.get(e.errno, str(e.errno))
        # where EPERM is right ENOSYS is, too: see probe.h
        holds(f"{what}: {name}, not {' '.join(errors)}",
              name in errors or (name == "ENOSYS" and "EPERM" in errors))
        return
    holds(f"{what}: it worked, {got!r:.80}", False)


def reading(path, size=4096):
    def call():
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return os.read(fd, size)
        finally:
            os.close(fd)
    return call


def writing(path, data=b"x"):
    def call():
        fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        try:
            return os.write(fd, data)
        finally:
            os.close(fd)
    return call


def end():
    print("held", held)
    sys.stdout.flush()
    os._exit(1 if broken else 0)
