# SPDX-License-Identifier: GPL-2.0
"""What it takes to receive a datagram, by the number of peers that are known.

Instructions from the device's hand-over to its return, one by one: so each is
made of the memory of the one before. Of several at once the objects of some
lie in a slab that is not allocated from any more, and take the kernel 110
instructions more to free; of how many, chance decides.
"""

import machine

SIZES = (100, 1000, 10000, 100000, 1000000)
# The size at which figures are wanted.
USUAL = 10000
# So many datagrams for a figure; some are meant for each size.
MANY = 30000
NEW = 2000
BATCH = 1


def floor(figures):
    """The least for any listener."""
    with machine.floor():
        machine.burst(NEW)
        figures["floor"] = machine.each(
            machine.burst(USUAL, rounds=3, batch=BATCH))


def _ours(size, figures):
    with machine.mcpeer():
        machine.burst(size)
        machine.settle()
        refresh = machine.burst(size, rounds=max(1, MANY // size),
                                batch=BATCH)
        first = machine.burst(min(NEW, size // 10), first=size, batch=BATCH)
        total = size + first.datagrams
        if machine.peers() != total:
            raise RuntimeError(f"{machine.peers()} peers, wanted {total}: "
                               f"{machine.counted()}")
    for name, received in (("refresh", refresh), ("first sight", first)):
        above = machine.each(received) - figures["floor"]
        figures[f"{name} {size}"] = above
    if size == USUAL:
        figures["first sight, whole"] = machine.each(first)


def measure(figures):
    """All of these figures."""
    floor(figures)
    for size in SIZES:
        _ours(size, figures)
    figures["refresh"] = figures[f"refresh {USUAL}"]
    figures["first sight"] = figures[f"first sight {USUAL}"]
    for name in ("refresh", "first sight"):
        figures[f"{name}, growth"] = (figures[f"{name} {SIZES[-1]}"] /
                                      figures[f"{name} {SIZES[1]}"])
