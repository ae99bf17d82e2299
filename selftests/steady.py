#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A time in which nothing happens: what it costs must be next to nothing."""

import functools
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_lt, ksft_pr, \
    ksft_run, ksft_true

import lab
import load
import objects
import sections
import tracing

PEERS = 50
# What the program that spoke the format first does.
INTERVAL = 15
SECONDS = load.of(600, 3600)
ROUNDS = SECONDS // INTERVAL

NAMES = [f"host{number:02}" for number in range(PEERS)]
TIMER = "mcpeer_lifetime_timer"


def trace():
    """Record events, what the peers' timers do, and allocations."""
    (timer,) = [start for start, _, name in sections.functions()
                if name == TIMER]
    function = f"function == {timer:#x}"
    caller = objects.by_module()
    filters = {
        "timer:timer_start": function,
        "timer:timer_expire_entry": function,
        "kmem:kmalloc": caller,
        "kmem:kmem_cache_alloc": caller,
    }
    return tracing.Trace("mcpeer:mcpeer_event", "timer:timer_expire_exit",
                         *filters, filters=filters, size_kb=32768)


def slab():
    """Objects of the module's cache for which there is room in memory."""
    with open("/proc/slabinfo", encoding="ascii") as stream:
        for line in stream:
            if line.startswith("mcpeer_peer "):
                return int(line.split()[2])
    raise LookupError("mcpeer_peer")


def senders(other):
    """A socket for each of the peers, with an address of its own."""
    addresses = [f"10.1.1.{110 + number}" for number in range(PEERS)]
    other.run("ip", "-batch", "-", input="".join(
        f"addr add {address}/24 dev eth0\n" for address in addresses))
    return [other.sender(address) for address in addresses]


def tell(sockets):
    """Each peer announces itself once, in the course of one interval."""
    for socket, name in zip(sockets, NAMES):
        time.sleep(INTERVAL / PEERS)
        lab.announce(socket, name)


class Quiet:
    """That time, and what was seen of it."""

    def __init__(self):
        here, other = lab.pair()
        sockets = senders(other)
        tell(sockets)
        monitor = here.monitor()
        before, slab_before = here.stats(), slab()
        record = trace()
        self.present = []
        for turn in range(ROUNDS):
            tell(sockets)
            if turn % 10 == 0:
                self.present.append(here.names())
        self.silent = max(peer["silent"] for peer in here.json("list"))
        self.records = record.read()
        self.grown = slab() - slab_before
        after = here.stats()
        self.counted = {key: after[key] - before[key] for key in after
                        if isinstance(after[key], int)}
        self.told = monitor.next(0.1)
        # A newcomer shows that the trace sees what it is to see.
        lab.announce(sockets[0], "newcomer")
        self.newcomer = record.read()[len(self.records):]


@functools.lru_cache(maxsize=None)
def quiet():
    """The time, which all tests look at."""
    return Quiet()


def outside(records):
    """When peers' timers were armed by anything but themselves."""
    running, found = set(), []
    for seconds, event, text in records:
        timer = text.split("timer=")[-1].split()[0]
        if event == "timer_expire_entry":
            running.add(timer)
        elif event == "timer_expire_exit":
            running.discard(timer)
        elif event == "timer_start" and timer not in running:
            found.append(seconds)
    return found


def count(records, event):
    """How many of these."""
    return sum(1 for record in records if record[1] == event)


def nothing_is_told():
    """no event in the journal or to who listens"""
    ksft_eq(count(quiet().records, "mcpeer_event"), 0)
    ksft_eq(quiet().told, None)


def nobody_expires():
    """all are there whenever one looks, and each datagram was a refresh"""
    for present in quiet().present:
        ksft_eq(present, NAMES)
    ksft_eq(quiet().counted["expired"], 0)
    ksft_eq(quiet().counted["joined"], 0)
    ksft_eq(quiet().counted["refreshed"], PEERS * ROUNDS)
    ksft_lt(quiet().silent, INTERVAL + 2)


def a_refresh_arms_no_timer():
    """only the peers' timers arm themselves, each about twice a minute"""
    records = quiet().records
    runs = count(records, "timer_expire_entry")
    ksft_pr(f"{PEERS * ROUNDS} refreshes, timers ran {runs} times")
    ksft_eq(outside(records), [])
    ksft_eq(count(records, "timer_start"), runs)
    ksft_true(PEERS * SECONDS / 35 <= runs <= PEERS * SECONDS / 15, runs)
    ksft_eq(len(outside(quiet().newcomer)), 1, "a join does")


def a_refresh_allocates_nothing():
    """neither do the timers"""
    def allocations(records):
        return (count(records, "kmalloc") +
                count(records, "kmem_cache_alloc"))

    ksft_eq(allocations(quiet().records), 0)
    ksft_ge(allocations(quiet().newcomer), 2, "a join does")


def memory_stays_as_it_is():
    """the cache of peers does not grow"""
    ksft_eq(quiet().grown, 0)


if __name__ == "__main__":
    ksft_run([
        nothing_is_told,
        nobody_expires,
        a_refresh_arms_no_timer,
        a_refresh_allocates_nothing,
        memory_stays_as_it_is,
    ])
    ksft_exit()
