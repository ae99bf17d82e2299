#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Events: which, in what order, with what content, numbered without gaps.

A script says what happens on the LAN and on this host, and when. What must be
told of it follows from the script alone, by Expectation.
"""

import random
import socket
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_pr, ksft_run, \
    ksft_true

import lab
import load
import tracing

HERE = lab.Host()
# The groups of the scripts: port and expiry.
GROUPS = {"default": (lab.PORT, 35), "second": (49002, 61)}
# Where datagrams come from: the interface by which they reach this host.
PLACES = {"10.1.1.11": "eth0", "10.1.1.12": "eth0", "10.2.2.21": "eth1"}

# Seconds, verb, arguments. No two ends of lifetimes fall together.
SCRIPT = (
    (0, "hear", "default", "alice", "10.1.1.11"),
    (2, "hear", "second", "alice", "10.1.1.11"),
    (4, "hear", "default", "bob", "10.2.2.21"),
    (6, "hear", "default", "alice", "10.1.1.11"),      # a refresh
    (8, "hear", "default", "alice", "10.1.1.12"),      # another address
    (10, "hear", "default", "bob", "10.1.1.11"),       # another interface
    (12, "register", "default", "carol", "first", 100),
    (14, "register", "default", "carol", "second", 100),
    (16, "register", "default", "carol", "second", 50),     # no change
    (18, "hear", "default", "carol", "10.1.1.11"),     # shadowed
    (20, "register", "default", "bob", "mine", None),  # replaces the network's
    (22, "hear", "default", "bob", "10.1.1.11"),
    (24, "unregister", "default", "bob"),
    (26, "hear", "default", "bob", "10.1.1.11"),       # so it joins again
    (28, "expire", "default", "alice"),
    (30, "hear", "default", "alice", "10.1.1.11"),
    (30.5, "speak", "default"),
    (32, "hear", "default", "vm", "10.1.1.12"),        # a conflict
    (40, "hear", "default", "vm", "10.2.2.21"),        # told already
    (40.5, "speak", "second"),
    (42, "hear", "second", "vm", "10.1.1.12"),         # another group's
    (88.5, "speak", "default"),
    (90, "hear", "default", "vm", "10.1.1.12"),        # was silent since 40
    (200, "hear", "default", "dave", "10.1.1.11"),
    (202, "hear", "second", "dave", "10.1.1.11"),
    (204, "register", "second", "erin", "x", None),
    (206, "rename", "dave"),                           # this host is dave now
    (206.5, "speak", "default"),
    (208, "hear", "default", "dave", "10.1.1.11"),
    (210, "hear", "default", "vm", "10.1.1.11"),       # and vm is a peer
    (212, "rename", "vm"),                             # ends the conflict
    (214, "hear", "second", "frank", "10.2.2.21"),
    (216, "hear", "second", "alice", "10.2.2.21"),
    (218, "delete", "second"),
    (220, "add", "second"),
    (222, "hear", "second", "frank", "10.2.2.21"),
    (3500, "hear", "default", "last", "10.1.1.11"),
)


class Expectation:
    """What a script must make of the tables, told as events.

    An event is (seconds, type, group, name, address, interface, value).
    """

    def __init__(self, script):
        self.told = []
        self.own = "vm"
        self.tables = {group: {} for group in GROUPS}
        self.conflicts = {group: None for group in GROUPS}
        for at, verb, *args in script:
            self.pass_time(at)
            getattr(self, verb)(at, *args)
        self.pass_time(float("inf"))

    def pass_time(self, now):
        """Peers and conflicts end in the order of their lifetimes."""
        ends = [(end, group, name, address)
                for group, table in self.tables.items()
                for name, peer in table.items()
                for address, end in peer["paths"].items() if end < now]
        ends += [(conflict["end"], group, None, None)
                 for group, conflict in self.conflicts.items()
                 if conflict and conflict["end"] < now]
        # No two of them end at once.
        for end, group, name, address in sorted(ends, key=lambda end: end[0]):
            if name:
                self.lose(end, group, name, address)
            else:
                self.settle(end, group)

    def lose(self, at, group, name, address):
        """A path ends, and with the last one the peer."""
        peer = self.tables[group][name]
        if len(peer["paths"]) == 1:
            self.leave(at, group, name, "expire")
            return
        del peer["paths"][address]
        self.tell(at, "update", group, name, peer)

    def tell(self, at, kind, group, name, peer):
        """An event."""
        paths = peer["paths"]
        address = max(paths, key=paths.get)
        self.told.append((at, kind, group, name, address,
                          PLACES.get(address), peer["value"]))

    def leave(self, at, group, name, kind="leave"):
        """A peer goes."""
        self.tell(at, kind, group, name, self.tables[group].pop(name))

    def settle(self, at, group):
        """A conflict ends, if there is one: told as it began."""
        if self.conflicts[group]:
            self.tell(at, "conflict-end", group, self.own,
                      self.conflicts[group])
        self.conflicts[group] = None

    def put(self, at, group, name, paths, value):
        """A peer comes, or is not what it was."""
        old = self.tables[group].get(name)
        peer = {"paths": paths, "value": value}
        self.tables[group][name] = peer
        if not old:
            self.tell(at, "join", group, name, peer)
        elif (set(old["paths"]), old["value"]) != (set(paths), value):
            self.tell(at, "update", group, name, peer)

    def hear(self, at, group, name, address):
        """A datagram."""
        end = at + GROUPS[group][1]
        old = self.tables[group].get(name)
        if name == self.own:
            if not self.conflicts[group]:
                foreign = {"paths": {address: end}, "value": None}
                self.tell(at, "conflict", group, name, foreign)
                self.conflicts[group] = foreign
            self.conflicts[group]["end"] = end
        elif not old:
            self.put(at, group, name, {address: end}, None)
        elif None not in old["paths"]:
            self.put(at, group, name, {**old["paths"], address: end}, None)

    def register(self, at, group, name, value, lifetime):
        """A registration, which has no address here."""
        self.put(at, group, name,
                 {None: at + (lifetime or GROUPS[group][1])}, value)

    def unregister(self, at, group, name):
        """It ends."""
        self.leave(at, group, name)

    def expire(self, at, group, name):
        """A lifetime is ended."""
        self.leave(at, group, name, "expire")

    def rename(self, at, name):
        """This host gets another name, which cannot be a peer's."""
        for group, table in self.tables.items():
            self.settle(at, group)
            if name in table:
                self.leave(at, group, name)
        self.own = name

    def delete(self, at, group):
        """A group goes, its peers in the order in which they came."""
        for name in list(self.tables[group]):
            self.leave(at, group, name)
        self.settle(at, group)

    def add(self, at, group):
        """A group comes."""
        self.tables[group] = {}

    def speak(self, at, group):
        """This host announces itself, of which nothing is told."""


class Play:
    """Does what a script says."""

    def __init__(self):
        self.senders = {}
        self.began = None
        for subnet, ifname in (("10.1.1", "eth0"), ("10.2.2", "eth1")):
            net = lab.Lan(subnet)
            net.plug(HERE, f"{subnet}.100", ifname)
            for address in PLACES:
                if address.startswith(subnet):
                    host = net.host("other", address)
                    self.senders[address] = host.sender(address)
        lab.module()
        self.add("second")
        lab.wait_until(lambda: len(HERE.joined("second")) == 2 and
                       len(HERE.joined()) == 2, what="interfaces join")

    def run(self, script, after):
        """Everything at its second, and some time after the end."""
        self.began = lab.boottime()
        start = time.monotonic()
        for at, verb, *args in script:
            time.sleep(max(start + at - time.monotonic(), 0))
            getattr(self, verb)(*args)
        time.sleep(after)

    def hear(self, group, name, address):
        """A datagram."""
        lab.announce(self.senders[address], name, port=GROUPS[group][0])

    @staticmethod
    def register(group, name, value, lifetime):
        """A registration."""
        more = ("-l", str(lifetime)) if lifetime else ()
        HERE.mcpeer("-g", group, "register", *more, name, value)

    @staticmethod
    def unregister(group, name):
        """Its end."""
        HERE.mcpeer("-g", group, "unregister", name)

    @staticmethod
    def expire(group, name):
        """The end of a lifetime."""
        HERE.mcpeer("-g", group, "expire", name)

    @staticmethod
    def rename(name):
        """The host name, of which the module learns when it needs it."""
        defer(socket.sethostname, "vm")
        socket.sethostname(name)
        HERE.mcpeer("group", "show")

    @staticmethod
    def speak(group):
        """This host announces itself, so that it does not so soon again:
        near to its own it takes another's announcement for a reflection."""
        HERE.mcpeer("group", "set", group, "ttl", "1")

    @staticmethod
    def delete(group):
        """A group goes."""
        HERE.mcpeer("group", "del", group)

    @staticmethod
    def add(group):
        """A group comes."""
        port, expiry = GROUPS[group]
        HERE.mcpeer("group", "add", group, "port", str(port),
                    "expiry", str(expiry))


def content(event):
    """What Expectation can tell of an event, but the time."""
    peer = event["peer"]
    return (event["event"], peer["group"], peer["name"], peer["address"],
            peer["interface"], peer["value"])


def listen(monitor, count):
    """That many events, and that no more come."""
    events = [monitor.next() for _ in range(count)]
    ksft_eq(monitor.next(0.5), None, "no more than expected")
    return [event for event in events if event]


def journal(since=1):
    """What the kernel keeps, as if one had listened."""
    monitor = HERE.monitor("-s", str(since))
    return list(iter(lambda: monitor.next(1), None))


def play(script):
    """Run a script; returns what was told of it, and what was expected."""
    stage = Play()
    monitor = HERE.monitor()
    record = tracing.Trace("mcpeer:mcpeer_event")
    stage.run(script, 305)
    expected = Expectation(script).told
    events = listen(monitor, len(expected))
    ksft_eq(HERE.names(), [])
    times = [seconds - stage.began for seconds, _, _ in record.read()]
    return events, expected, times


def judge(events, expected, times):
    """Each event in its place, with its content, number and time."""
    ksft_pr(f"{len(expected)} events expected, {len(events)} came")
    for event, wanted in zip(events, expected):
        ksft_eq(content(event), wanted[1:])
    ksft_eq(len(events), len(expected))
    ksft_eq([event["seq"] for event in events],
            list(range(1, len(events) + 1)))
    ksft_eq(len(times), len(expected), "each was traced")
    late = [seen - wanted[0] for seen, wanted in zip(times, expected)]
    ksft_true(0 <= min(late) and max(late) < 0.25,
              f"{min(late)} to {max(late)} s after its time")


def an_hour_is_told_as_it_happened():
    """the script above: order, content and numbers"""
    events, expected, times = play(SCRIPT)
    judge(events, expected, times)
    ksft_eq({kind for _, kind, *_ in expected},
            {"join", "update", "expire", "leave", "conflict",
             "conflict-end"})
    ksft_eq(journal(), events, "the journal has what the listener had")
    ksft_eq(journal(20), events[19:], "and any part of it")


def the_times_in_an_event_are_those_of_its_moment():
    """age, silence, what is left, and datagrams heard"""
    stage = Play()
    monitor = HERE.monitor()
    stage.run(((0, "hear", "default", "p", "10.1.1.11"),
               (10, "hear", "default", "p", "10.1.1.11"),
               (15, "hear", "default", "p", "10.1.1.12")), 36)
    # The first path ends after 45 s, the peer with the second one.
    wanted = (("join", 0, 0, 35, 1), ("update", 15, 0, 35, 3),
              ("update", 45, 30, 5, 3), ("expire", 50, 35, 0, 3))
    for event, times in zip(listen(monitor, 4), wanted):
        peer = event["peer"]
        ksft_eq((event["event"], peer["heard"]), (times[0], times[-1]))
        for key, value in zip(("age", "silent", "expires_in"), times[1:]):
            ksft_true(abs(peer[key] - value) < 0.05, (key, peer))


def any_script(seed, seconds):
    """A script for so long, in which all verbs but rename occur by chance.

    Deeds come at multiples of eight seconds; each length of a lifetime ends
    at a second of its own between them. No name comes twice in a row, lest
    two addresses seem to be two hosts that have it.
    """
    dice = random.Random(seed)
    script, number = [], 0
    for at in range(0, seconds, 8):
        group = dice.choice(list(GROUPS))
        number = (number + dice.randrange(1, 8)) % 8
        name = f"p{number}"
        verb = dice.choices(("hear", "register", "pause"), (7, 2, 1))[0]
        if verb == "hear":
            who = "vm" if at and dice.random() < 0.05 else name
            if who == "vm":
                script.append((at - 1.5, "speak", group))
            script.append((at, verb, group, who, dice.choice(list(PLACES))))
        elif verb == "register":
            script.append((at, verb, group, name, dice.choice("xyz"),
                           dice.choice((10, 52, 94))))
    return script


def any_time_is_told_as_it_happened():
    """a script made by chance, in the long form for an hour"""
    seed = random.randrange(10 ** 6)
    ksft_pr(f"seed {seed}")
    judge(*play(any_script(seed, load.of(1650, 3300))))


def a_registration_that_stays_as_it_is_tells_nothing():
    """of value and address, any other one makes an update"""
    lab.module()
    # Each with whether it differs from the one before.
    script = (
        (("k",), "join"),
        (("k",), None),
        (("-a", "10.9.9.9", "k"), "update"),
        (("-a", "10.9.9.9", "k"), None),
        (("-a", "10.9.9.8", "k"), "update"),
        (("-a", "fe80::8", "k"), "update"),
        (("-a", "fe80::8", "k"), None),
        (("-a", "fe80::9", "k"), "update"),
        (("-a", "fe80::9", "k", ""), "update"),
        (("-a", "fe80::9", "k", ""), None),
        (("-a", "fe80::9", "k", "v"), "update"),
        (("-a", "fe80::9", "k", "w"), "update"),
        (("-a", "fe80::9", "k", "w"), None),
        (("-a", "fe80::9", "k"), "update"),
        (("k",), "update"),
    )
    monitor = HERE.monitor()
    for args, kind in script:
        HERE.mcpeer("register", *args)
        if kind:
            event = monitor.next()
            ksft_eq(event["event"], kind, args)
            wanted = (args[1] if args[0] == "-a" else None,
                      args[-1] if args[-1] != "k" else None)
            ksft_eq((event["peer"]["address"], event["peer"]["value"]),
                    wanted)
    ksft_eq(monitor.next(0.1), None)


def the_journal_keeps_the_last_1024():
    """of 1500: the rest is reported as lost, the numbers go on"""
    here, other = lab.pair()
    lab.open_doors()
    lab.announce(other.sender(other.address),
                 *(f"p{number}" for number in range(1500)))
    ksft_eq(len(here.names()), 1500)
    kept = journal()
    ksft_eq(kept[0]["event"], "lost")
    ksft_eq([event["seq"] for event in kept[1:]], list(range(477, 1501)))
    ksft_eq(kept[-1]["peer"]["name"], "p1499")


if __name__ == "__main__":
    ksft_run([
        an_hour_is_told_as_it_happened,
        the_times_in_an_event_are_those_of_its_moment,
        any_time_is_told_as_it_happened,
        a_registration_that_stays_as_it_is_tells_nothing,
        the_journal_keeps_the_last_1024,
    ])
    ksft_exit()
