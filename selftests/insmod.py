# SPDX-License-Identifier: GPL-2.0
"""Loading and unloading the module by system calls.

To start a program for that takes a slow machine longer than the test at hand.
"""

import ctypes
import errno
import functools
import os
import subprocess

# x86-64, as all of this runs on.
SYS_DELETE_MODULE, SYS_FINIT_MODULE = 176, 313

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def is_loaded():
    """Is the module there?"""
    return os.path.exists("/sys/module/mcpeer")


def _dependencies(place):
    """Its file, and the names of the modules that it needs."""
    with open(f"{place}/modules.dep", encoding="ascii") as stream:
        for line in stream:
            file, others = line.split(":")
            if os.path.basename(file) == "mcpeer.ko":
                names = [os.path.basename(other).split(".")[0]
                         for other in others.split()]
                return f"{place}/{file}", names
    raise FileNotFoundError("mcpeer.ko")


@functools.cache
def find():
    """Where modprobe finds it; what it depends on gets loaded."""
    path, others = _dependencies(f"/lib/modules/{os.uname().release}")
    if others:
        subprocess.run(("modprobe", "-a", *others), check=True)
    return path


def insert(file, params=""):
    """What insmod does with an open file."""
    if _libc.syscall(SYS_FINIT_MODULE, file, params.encode(), 0):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def load(*params):
    """What modprobe does."""
    with open(find(), "rb") as file:
        insert(file.fileno(), " ".join(params))


def remove():
    """What rmmod does. Is it gone? A dump that is under way may hold it."""
    if not _libc.syscall(SYS_DELETE_MODULE, b"mcpeer", os.O_NONBLOCK):
        return True
    code = ctypes.get_errno()
    if code not in (errno.EAGAIN, errno.EBUSY, errno.ENOENT):
        raise OSError(code, os.strerror(code))
    return code == errno.ENOENT
