# SPDX-License-Identifier: GPL-2.0
"""Memory of the machine, and of objects in it."""

import re

import machine

PAGE = 4096


def _free():
    """Free memory in bytes, with what a processor keeps for itself."""
    machine.write("/proc/sys/vm/drop_caches", 3)
    machine.settle()
    free, = re.findall(r"MemFree: +(\d+)", machine.read("/proc/meminfo"))
    kept = re.findall(r"cpu: \d+\s+count: (\d+)",
                      machine.read("/proc/zoneinfo"))
    return int(free) * 1024 + sum(map(int, kept)) * PAGE


def available():
    """Free memory in bytes, when all is given back that is kept for quick use.

    What has kept something gives that back itself, only in the next round.
    """
    before, now = 0, _free()
    while now > before:
        before, now = now, _free()
    return now


def size(cache):
    """Bytes that an object of a slab cache takes, with what pads it."""
    for line in machine.read("/proc/slabinfo").splitlines():
        part = line.split()
        if part[0] == cache:
            return int(part[5]) * PAGE / int(part[4])
    raise LookupError(cache)
