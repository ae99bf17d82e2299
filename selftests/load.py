# SPDX-License-Identifier: GPL-2.0
"""What keeps the module busy while something else is tested."""

import contextlib
import os
import random
import re
import socket
import subprocess

from net.lib.py import defer, ksft_eq, ksft_pr

import lab
from changes import Loop

PLACE = os.path.dirname(os.path.realpath(__file__))
LONG = bool(os.environ.get("MCPEER_LONG"))


def of(short, long):
    """How much of something, in the form of the test that is asked for."""
    return long if LONG else short


def holds_memory_back():
    """Does this kernel keep what is freed for a while, to see who uses it?"""
    with open("/proc/kallsyms", encoding="ascii") as stream:
        return any(line.split()[2] == "kasan_report" for line in stream)


def flood(other, names=30):
    """Another host announces so many names and noise, until the test ends; to
    the group, and to all on the LAN."""
    sender = other.socket()
    sender.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_IF,
                      socket.inet_aton(other.address))
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.bind((other.address, 0))
    defer(sender.close)
    everybody = other.address.rpartition(".")[0] + ".255"
    words = [lab.PREFIX + b"flood%d" % number for number in range(names)]

    def turn():
        # None of it may be a name, if only of one byte by chance.
        noise = [random.randbytes(random.randrange(120)),
                 lab.PREFIX + b"\0" + random.randbytes(random.randrange(80))]
        for datagram in words + noise:
            for target in (lab.GROUP, everybody):
                with contextlib.suppress(OSError):
                    sender.sendto(datagram, (target, lab.PORT))
    return Loop(turn)


def _racer(other, seconds, expiry):
    """The command line of the program racer."""
    return (os.path.join(PLACE, "racer"), str(seconds),
            other.net(), other.address, str(expiry))


def race(other, seconds, expiry):
    """Ask for everything at once; what racer counted, and complains of."""
    result = lab.run(*_racer(other, seconds, expiry), check=False)
    ksft_pr(result.stdout.strip())
    ksft_eq(result.returncode, 0, result.stderr)
    return {name: int(number)
            for name, number in re.findall(r"(\w+)=(\d+)", result.stdout)}


def racing(other):
    """The same until the test ends, whether or not the module is there.

    It would leave little of a small machine to others, who meet it as well if
    it waits for them.
    """
    return lab.Host().popen("nice", *_racer(other, 0, 35000),
                            stdout=subprocess.DEVNULL)
