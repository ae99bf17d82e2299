# SPDX-License-Identifier: GPL-2.0
"""What it takes to tell somebody who follows the events that there is a peer.

Held against ip(8), which follows the kernel's neighbours. It is what the whole
machine does more than if nobody follows, printing included. All come at the
same pace, so that each is told by itself: how many are told together when they
come at once is up to the scheduler, and no figure of it would repeat.
"""

import contextlib
import socket
import struct
import subprocess
import time

import machine

PEERS = 10000
NEW = 1000
PAUSE = 1e-3
OUT = "/run/out"

RTM_NEWNEIGH = 28
NLM_F_REQUEST, NLM_F_EXCL, NLM_F_CREATE = 0x1, 0x200, 0x400
NUD_PERMANENT = 0x80
NDA_DST, NDA_LLADDR = 1, 2


@contextlib.contextmanager
def _follower(mark, *command):
    """Has to print a line with the mark for each of the new ones."""
    with open(OUT, "w", encoding="ascii") as stream, \
            subprocess.Popen(command, stdout=stream) as process:
        machine.settle()
        yield
        process.terminate()
    lines = sum(mark in line for line in machine.read(OUT).splitlines())
    if lines != NEW:
        raise RuntimeError(f"{command}: {lines} lines")


def _join(first):
    machine.pace(NEW, first=first, pause=PAUSE)
    machine.settle()


def _peers():
    with machine.mcpeer():
        machine.burst(PEERS)
        none = machine.cost(_join, PEERS)
        with _follower("host", "mcpeer", "monitor"):
            return (machine.cost(_join, PEERS + NEW) - none) / NEW


def _neighbour(index, number):
    """A request for a new neighbour; it is not answered."""
    address = socket.inet_aton(f"10.3.{number >> 8}.{number & 255}")
    body = struct.pack("=BxxxiHBB", socket.AF_INET, index, NUD_PERMANENT, 0, 0)
    body += struct.pack("=HH4s", 8, NDA_DST, address)
    body += struct.pack("=HH6sxx", 10, NDA_LLADDR, b"\2\0\0\0\0\1")
    return struct.pack("=IHHII", 16 + len(body), RTM_NEWNEIGH,
                       NLM_F_REQUEST | NLM_F_EXCL | NLM_F_CREATE, number,
                       0) + body


def _send(requests):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as sender:
        for request in requests:
            sender.send(request)
            time.sleep(PAUSE)
    machine.settle()


def _add():
    index = socket.if_nametoindex(machine.DEVICE)
    requests = [_neighbour(index, number) for number in range(NEW)]
    machine.settle()
    return machine.cost(_send, requests)


def _flush():
    machine.run("ip", "neigh", "flush", "all", "nud", "permanent")


def _neighbours():
    # The kernel's table grows only once.
    _add()
    _flush()
    none = _add()
    _flush()
    with _follower("10.3.", "ip", "monitor", "neigh"):
        told = _add()
    _flush()
    return (told - none) / NEW


def measure(figures):
    """All of these figures."""
    figures["event"] = _peers()
    figures["neigh event"] = _neighbours()
