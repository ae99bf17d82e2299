# SPDX-License-Identifier: GPL-2.0
"""Namespaces, of the network and of the host's name, without a program."""

import contextlib
import ctypes
import os
import socket

CLONE_NEWNET = 0x40000000
CLONE_NEWUTS = 0x04000000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(function, *args):
    if function(*args):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def new_net():
    """Leave the network namespace for one of our own."""
    _call(_libc.unshare, CLONE_NEWNET)


def new_host(name):
    """Leave the host as well, for one of that name."""
    _call(_libc.unshare, CLONE_NEWNET | CLONE_NEWUTS)
    socket.sethostname(name)


def here():
    """Files of the namespaces in which we are."""
    return [open(f"/proc/self/ns/{kind}", "rb") for kind in ("net", "uts")]


@contextlib.contextmanager
def elsewhere(*files):
    """Be in other namespaces for a while, and come back in any case."""
    home = here()
    try:
        for file in files:
            _call(_libc.setns, file.fileno(), 0)
        yield
    finally:
        for file in home:
            _call(_libc.setns, file.fileno(), 0)
            file.close()
