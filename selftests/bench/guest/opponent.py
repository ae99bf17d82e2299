# SPDX-License-Identifier: GPL-2.0
"""A datagram to a known peer, for the whole machine: ours and a daemon.

What it takes at a natural pace, one in a millisecond, is that above the same
without a listener; with full batches it is that above the floor.
"""

import contextlib
import subprocess

import machine

PEERS = 10000


@contextlib.contextmanager
def _daemon():
    with subprocess.Popen(("/bench/daemon", "10.0.0.1"), text=True,
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.terminate()
        peers, _ = map(int, process.stdout.read().split())
    if peers != PEERS:
        raise RuntimeError(f"the daemon has {peers} peers")


def _batches():
    """Instructions for each datagram in a burst, until all is done."""
    machine.settle()
    return machine.cost(lambda: (machine.burst(PEERS, rounds=3),
                                 machine.settle())) / PEERS / 3


def _pace():
    machine.settle()
    return machine.each(machine.pace(PEERS))


def measure(figures):
    """All of these figures."""
    nobody = _pace()
    with machine.floor():
        floor = _batches()
    with machine.mcpeer():
        machine.burst(PEERS)
        figures["natural pace"] = _pace() - nobody
        figures["batches"] = _batches() - floor
    with _daemon():
        machine.burst(PEERS)
        figures["daemon natural pace"] = _pace() - nobody
        figures["daemon batches"] = _batches() - floor
