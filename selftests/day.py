#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A day of a network with 200 hosts, some of which come and go.

The short form is an hour with 10 hosts. They keep the time of the program that
spoke the format first: an announcement every 15 s, gone after 35 s.
"""

import functools
import glob
import math
import time

from net.lib.py import KsftSkipEx, ksft_eq, ksft_exit, ksft_ge, ksft_lt, \
    ksft_pr, ksft_run, ksft_true

import lab
import load
import objects
import tracing

# Seconds; the script is half an hour long, and goes round.
INTERVAL, EXPIRY = 15, 35
TURNS = 1800 // INTERVAL
ROUNDS = load.of(2, 48)

STEADY, COMING = load.of((6, 4), (160, 40))
PACE = INTERVAL / (STEADY + COMING)

# How late a datagram may be heard, and a peer may go: see lifetime.py.
HEARD_LATE, GONE_LATE = 0.002, 0.010

# Who joins again may do so in another row of the roster, while the old one has
# others still: so many of the module's objects there may be more for it.
ROWS = 2

# Pages by which the rest of the kernel may grow.
NOISE = 4

# Events that the journal keeps.
JOURNAL = 1024


def script():
    """The turns of a round in which each host announces itself.

    Of those that come and go, some are silent for one turn, which does not
    end their life; some for two, which does, as 45 s are between their
    announcements. Others are away for minutes, each longer than the one
    before. By the end of a round all are back.
    """
    turns = {f"steady{number:03}": "1" * TURNS for number in range(STEADY)}
    for number in range(COMING):
        first = 3 + number
        away = (1, 2, 3 + number, 30 + number)[number % 4]
        bits = "1" * first + "0" * away
        turns[f"coming{number:03}"] = bits + "1" * (TURNS - len(bits))
    return turns


def expected(start):
    """What the script makes happen: (seconds, event, name) in their order."""
    events = []
    for index, (name, bits) in enumerate(script().items()):
        last = None
        for turn, bit in enumerate(bits * ROUNDS):
            if bit != "1":
                continue
            now = start + turn * INTERVAL + index * PACE
            if last is None or now - last > EXPIRY:
                events.append((now, "join", name))
            if last is not None and now - last > EXPIRY:
                events.append((last + EXPIRY, "expire", name))
            last = now
    return sorted(events)


def fill_journal(here, sender):
    """A full journal takes no more memory."""
    lab.open_doors(here)
    here.mcpeer("group", "set", "default", "interval", "0.1", "expiry", "0.2")
    lab.announce(sender, *(f"filler{number}"
                           for number in range(JOURNAL // 2)))
    lab.wait_until(lambda: here.stats()["expired"] == JOURNAL // 2,
                   what="journal full")
    here.mcpeer("group", "set", "default", "interval", str(INTERVAL),
                "expiry", str(EXPIRY))


def pages():
    """Pages that peers take, and all that is small.

    What can be given up is given up first: slabs of which no object is in use.
    """
    for file in glob.glob("/sys/kernel/slab/*/shrink"):
        with open(file, "w", encoding="ascii") as stream:
            stream.write("1")
    with open("/proc/slabinfo", encoding="ascii") as stream:
        table = [line.split() for line in stream]
    return {word[0]: int(word[5]) * int(word[14]) for word in table
            if word[0].startswith(("mcpeer", "kmalloc-"))}


class Day:
    """The day, and what was seen of it."""

    def __init__(self):
        lan = lab.Lan()
        self.here = lab.Host()
        lan.plug(self.here, "10.1.1.100")
        lab.module("autostart=0")
        watch = objects.Objects()
        self.here.mcpeer("group", "add", "default")
        self.other = lan.host("other")
        lab.wait_until(lambda: "eth0" in self.here.joined(), what="eth0 joins")
        self.senders = self.addresses()
        fill_journal(self.here, self.senders[0])
        listener = self.other.listener(self.other.address)
        monitor = self.here.monitor()
        before = self.here.stats()
        record = tracing.Trace("mcpeer:mcpeer_event")
        self.told, self.announced, self.after = [], [], []
        self.start = lab.boottime() + 1
        for number in range(ROUNDS):
            self.play(number)
            self.after.append((self.here.names(), pages(), watch.live()))
            self.announced += lab.heard(listener)
            while line := monitor.next(0.1):
                self.told.append((line["event"], line["peer"]["name"]))
        self.peers = self.here.json("list")
        self.records = record.read()
        stats = self.here.stats()
        self.counted = {key: stats[key] - before[key] for key in stats
                        if isinstance(stats[key], int)}

    def addresses(self):
        """A socket for each of the hosts, with an address of its own."""
        # This host itself is number 100.
        addresses = [f"10.1.1.{20 + number + (number >= 80)}"
                     for number in range(STEADY + COMING)]
        self.other.run("ip", "-batch", "-", input="".join(
            f"addr add {address}/24 dev eth0\n" for address in addresses))
        return [self.other.sender(address) for address in addresses]

    def play(self, number):
        """A round, each host at its time."""
        hosts = list(enumerate(script().items()))
        for turn in range(TURNS):
            for index, (name, bits) in hosts:
                if bits[turn] == "1":
                    due = (self.start + index * PACE +
                           (number * TURNS + turn) * INTERVAL)
                    time.sleep(max(0, due - lab.boottime()))
                    lab.announce(self.senders[index], name)


@functools.lru_cache(maxsize=None)
def day():
    """The day, which all tests look at."""
    return Day()


def events_are_exactly_those_of_the_script():
    """each at its time, in the trace and to who listens"""
    wanted = expected(day().start)
    found = []
    for seconds, _, text in day().records:
        word = dict(pair.split("=", 1) for pair in text.split())
        found.append((seconds, word["type"], word["name"]))
    ksft_pr(f"{len(found)} events in {ROUNDS / 2} hours")
    ksft_eq([event[1:] for event in found], [event[1:] for event in wanted])
    ksft_eq(day().told, [event[1:] for event in found])
    for kind, most in ("join", HEARD_LATE), ("expire", GONE_LATE):
        late = [event[0] - due[0] for event, due in zip(found, wanted)
                if event[1] == kind]
        ksft_pr(f"{kind}: {min(late):.6f} to {max(late):.6f} s late")
        # The clock of the trace and ours agree to a microsecond or so.
        ksft_ge(min(late), -0.000002)
        ksft_lt(max(late), most)


def nobody_else_comes_or_goes():
    """each announcement is counted, and belongs to its peer"""
    sent = ROUNDS * sum(bits.count("1") for bits in script().values())
    joined = sum(event == "join" for _, event, _ in expected(0))
    counted = day().counted
    ksft_eq(counted["joined"], joined)
    ksft_eq(counted["refreshed"], sent - joined)
    ksft_eq(counted["expired"], joined - STEADY - COMING)
    for present, _, _ in day().after:
        ksft_eq(present, sorted(script()))
    for peer in day().peers:
        if peer["name"].startswith("steady"):
            ksft_eq(peer["heard"], TURNS * ROUNDS)


def memory_stays_flat_to_the_page():
    """after each round what it was after the first one"""
    if load.holds_memory_back():
        raise KsftSkipEx("this kernel holds freed memory back")
    _, first, objects_first = day().after[0]
    ksft_pr(objects_first, sum(first.values()), "pages")
    ksft_ge(first["mcpeer_peer"], 1)
    for _, found, live in day().after[1:]:
        ksft_eq(live["peers"], objects_first["peers"])
        ksft_ge(objects_first["others"] + ROWS, live["others"])
        ksft_eq(found["mcpeer_peer"], first["mcpeer_peer"])
        # The others are the whole kernel's, which may need one more.
        grown = sum(found.values()) - sum(first.values())
        ksft_pr(f"{grown} pages more")
        ksft_ge(NOISE, grown)


def announcements_do_not_drift():
    """their mean and bounds, from the first to the last of them"""
    times = [seconds for seconds, _, _ in day().announced][1:]
    gaps = [after - before for before, after in zip(times, times[1:])]
    ksft_ge(len(gaps), ROUNDS * 1800 / INTERVAL - 2)
    ksft_ge(min(gaps), 0.75 * INTERVAL)
    ksft_ge(INTERVAL, max(gaps))
    half = len(gaps) // 2
    means = [sum(part) / len(part) for part in (gaps[:half], gaps[half:])]
    ksft_pr(f"{len(gaps)} gaps of {min(gaps):.3f} to {max(gaps):.3f} s, mean "
            f"{means[0]:.3f} then {means[1]:.3f} s")
    # Even over at most a quarter of the interval: six times the standard
    # deviation of a mean of so many.
    noise = 6 * INTERVAL / 4 / math.sqrt(12 * half)
    ksft_true(abs(means[0] - means[1]) < 2 * noise, "the halves agree")
    for mean in means:
        # The timer wheel and the work queue take some of the upper end.
        ksft_true(0.865 * INTERVAL - noise < mean < 0.885 * INTERVAL + noise,
                  mean)


if __name__ == "__main__":
    ksft_run([
        events_are_exactly_those_of_the_script,
        nobody_else_comes_or_goes,
        memory_stays_flat_to_the_page,
        announcements_do_not_drift,
    ])
    ksft_exit()
