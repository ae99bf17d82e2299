# SPDX-License-Identifier: GPL-2.0
"""A datagram to a known peer, for the whole machine: ours and the opponents'.

What it takes at a natural pace, one in a millisecond, is that above the same
without a listener; with full batches it is that above the floor. And what
memory the opponents need for a peer.
"""

import statistics

import footprint
import machine
import opponents

PEERS = 10000
ROUNDS, TIMES = 3, 5


def _batches():
    """Instructions for each datagram in a burst, until all is done.

    In the usual case: an announcement of our own may come in between.
    """
    machine.settle()
    return statistics.median(
        machine.cost(lambda: (machine.burst(PEERS, rounds=ROUNDS),
                              machine.settle()))
        for _ in range(TIMES)) / PEERS / ROUNDS


def _pace():
    machine.settle()
    return machine.each(machine.pace(PEERS))


def _daemon(figures, nobody, floor):
    with opponents.Daemon() as daemon:
        before = footprint.available()
        machine.burst(PEERS)
        figures["daemon memory"] = (before - footprint.available()) / PEERS
        figures["daemon natural pace"] = _pace() - nobody
        figures["daemon batches"] = _batches() - floor
    peers, _ = map(int, daemon.said()[1].split())
    if peers != PEERS:
        raise RuntimeError(f"the daemon has {peers} peers")


def _registry(figures, nobody):
    with opponents.Registry() as registry:
        before = footprint.available()
        # Not faster than it can start processes.
        machine.pace(PEERS)
        registry.wait_for(PEERS)
        figures["BEAM memory"] = (before - footprint.available()) / PEERS
        figures["BEAM natural pace"] = _pace() - nobody


def measure(figures):
    """All of these figures."""
    nobody = _pace()
    with machine.floor():
        floor = _batches()
    with machine.mcpeer():
        machine.burst(PEERS)
        figures["natural pace"] = _pace() - nobody
        figures["batches"] = _batches() - floor
    _daemon(figures, nobody, floor)
    _registry(figures, nobody)
