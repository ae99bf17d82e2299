# SPDX-License-Identifier: GPL-2.0
"""What it takes to tell somebody who follows the events that there is a peer.

Held against ip(8), which follows the kernel's neighbours. It is what the whole
machine does more than if nobody follows, printing included.
"""

import contextlib
import subprocess

import machine

PEERS = 10000
NEW = 1000
FILE = "/run/entries"
OUT = "/run/out"


@contextlib.contextmanager
def _follower(*command):
    with open(OUT, "w", encoding="ascii") as stream, \
            subprocess.Popen(command, stdout=stream) as process:
        machine.settle()
        yield
        process.terminate()
    lines = len(machine.read(OUT).splitlines())
    if lines != NEW:
        raise RuntimeError(f"{command}: {lines} lines")


def _join(first):
    machine.pace(NEW, first=first)
    machine.settle()


def _peers():
    with machine.mcpeer():
        machine.burst(PEERS)
        none = machine.cost(_join, PEERS)
        with _follower("mcpeer", "monitor"):
            return (machine.cost(_join, PEERS + NEW) - none) / NEW


def _add(first):
    with open(FILE, "w", encoding="ascii") as stream:
        for number in range(first, first + NEW):
            stream.write(f"neigh add 10.3.{number >> 8}.{number & 255} "
                         f"lladdr 02:00:00:00:00:01 dev {machine.DEVICE} "
                         "nud permanent\n")
    machine.settle()
    return machine.cost(lambda: (machine.run("ip", "-batch", FILE),
                                 machine.settle()))


def _neighbours():
    none = _add(0)
    with _follower("ip", "monitor", "neigh"):
        told = _add(NEW)
    machine.run("ip", "neigh", "flush", "all", "nud", "permanent")
    return (told - none) / NEW


def measure(figures):
    """All of these figures."""
    figures["event"] = _peers()
    figures["neigh event"] = _neighbours()
