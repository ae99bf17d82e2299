#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A LAN that means no good: floods, foreign networks, borrowed names."""

import socket
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_lt, ksft_pr, \
    ksft_run, ksft_true

import frames
import lab
import load
from memory import used_kb

HERE = lab.Host()


def lan(*settings):
    """This host and another one, and the group with these settings."""
    _, other = lab.pair()
    if settings:
        HERE.mcpeer("group", "set", "default", *settings)
    # What this host says must not hide what the test says of it.
    time.sleep(1.5)
    return other


def heard(count):
    """So many datagrams have come in, own ones included, since the last
    call of this kind."""
    lab.wait_until(lambda: HERE.stats()["rx"] >= count, deadline=30,
                   what=f"{count} datagrams")


def changes(before, after=None):
    """Counters that moved, but for rx and those of this host's own voice."""
    after = after or HERE.stats()
    return {key: after[key] - before[key] for key in before
            if key not in ("group", "rx", "tx", "own") and
            after[key] != before[key]}


def an_address_has_so_many_names_at_most():
    """16 unless told otherwise; those it has live on"""
    other = lan()
    sender = other.sender(other.address)
    before = HERE.stats()
    names = [f"n{number:02}" for number in range(40)]
    for _ in range(2):
        lab.announce(sender, *names)
    heard(before["rx"] + 80)
    ksft_eq(HERE.names(), names[:16])
    ksft_eq(changes(before), {"joined": 16, "refreshed": 16,
                              "drop_per_source": 48})
    # Another address has as many of its own.
    other.ip("addr add 10.1.1.33/24 dev eth0")
    lab.announce(other.sender("10.1.1.33"), *names)
    lab.wait_until(lambda: len(HERE.names()) == 32, what="names")
    # A name that goes makes room for another one.
    HERE.mcpeer("expire", "n00")
    lab.announce(sender, "new", "too-many")
    lab.wait_until(lambda: "new" in HERE.names(), what="new")
    ksft_true("too-many" not in HERE.names())
    HERE.mcpeer("group", "set", "default", "per-source", "20")
    lab.announce(sender, *(f"m{number}" for number in range(10)))
    lab.wait_until(lambda: len(HERE.names()) == 36, what="four more")


def a_registration_frees_a_place_of_the_address():
    """since it is no longer the network's"""
    other = lan("per-source", "1")
    sender = other.sender(other.address)
    lab.announce(sender, "a", "b")
    lab.wait_until(lambda: HERE.names() == ["a"], what="a")
    HERE.mcpeer("register", "a")
    lab.announce(sender, "b", "c")
    lab.wait_until(lambda: HERE.names() == ["a", "b"], what="b")
    HERE.mcpeer("unregister", "a")
    HERE.mcpeer("expire", "b")
    lab.announce(sender, "d", "e")
    lab.wait_until(lambda: HERE.names() == ["d"], what="d")


def new_names_come_at_a_rate():
    """as many at once, then evenly; known ones are no matter"""
    other = lan("join-rate", "10", "per-source", "1000")
    sender = other.sender(other.address)
    before = HERE.stats()
    names = [f"n{number:03}" for number in range(100)]
    lab.announce(sender, *names)
    heard(before["rx"] + 100)
    count = HERE.stats()["joined"] - before["joined"]
    ksft_true(10 <= count <= 13, count)
    ksft_eq(HERE.stats()["drop_rate"] - before["drop_rate"], 100 - count)
    for _ in range(10):
        lab.announce(sender, *names)
        time.sleep(1)
    ksft_eq(len(HERE.names()), 100)


def sources_of_other_networks_are_dropped():
    """unless they are accepted"""
    other = lan()
    wire = frames.Wire(other)
    before = HERE.stats()
    for source in ("10.2.1.1", "192.0.2.7", "8.8.8.8"):
        wire.datagram(lab.PREFIX + b"far", source)
    wire.datagram(lab.PREFIX + b"near", "10.1.1.200")
    lab.wait_until(lambda: HERE.names() == ["near"], what="near")
    ksft_eq(changes(before), {"joined": 1, "drop_off_link": 3})
    # Nor is the own name from there a conflict.
    own = socket.gethostname()
    wire.datagram(lab.PREFIX + own.encode(), "8.8.8.8")
    # An address that is added here makes its network a near one.
    HERE.ip("addr add 10.2.1.9/16 dev eth0")
    wire.datagram(lab.PREFIX + b"far", "10.2.1.1")
    lab.wait_until(lambda: HERE.names() == ["far", "near"], what="far")
    ksft_eq(HERE.stats()["conflict"], before["conflict"])
    HERE.mcpeer("group", "set", "default", "off-link", "accept")
    wire.datagram(lab.PREFIX + b"farther", "8.8.8.8")
    lab.wait_until(lambda: "farther" in HERE.names(), what="farther")


def a_flood_fills_the_table_and_no_more():
    """200,000 names from 1,000 addresses; old peers stay, two events tell"""
    lab.module("autostart=0")
    net = lab.Lan("10.1.0")
    net.plug(HERE, "10.1.255.254/16".split("/", maxsplit=1)[0])
    HERE.ip("addr add 10.1.255.253/16 dev eth0")
    # At most 500 names can be added here, so that the table is full early.
    HERE.mcpeer("group", "add", "default", "max-peers", "500", "join-rate",
                "1000000")
    lab.wait_until(lambda: "eth0" in HERE.joined(), what="eth0 joins")
    other = net.host("other")
    old = [f"old{number}" for number in range(10)]
    lab.announce(other.sender(other.address), *old)
    lab.wait_until(lambda: len(HERE.names()) == 10, what="old peers")
    time.sleep(1.5)
    monitor = HERE.monitor()
    wire = frames.Wire(other)
    used = used_kb()
    before, sent = HERE.stats(), 0
    rounds, sources = FLOOD
    for turn in range(rounds):
        for number in range(sources):
            source = f"10.1.{1 + number // 250}.{1 + number % 250}"
            wire.datagram(lab.PREFIX + b"x%d-%d" % (turn, number), source)
            sent += 1
        if turn % 10 == 0:
            lab.announce(other.sender(other.address), *old)
            sent += len(old)
    lab.wait_until(lambda: HERE.stats()["rx"] - HERE.stats()["own"] >=
                   before["rx"] - before["own"] + sent, deadline=60,
                   what="all of the flood")
    after = HERE.stats()
    ksft_eq(HERE.json("group", "show")[0]["peers"], 500)
    ksft_true(set(old) <= set(HERE.names()))
    ksft_eq(sum(changes(before, after).values()), sent, changes(before, after))
    ksft_ge(after["drop_full"], 1)
    grown = used_kb() - used
    ksft_pr(f"{sent} datagrams from {sources} addresses: "
            f"{changes(before, after)}; memory grew by {grown} kB")
    # The table has 490 more peers and the journal their events; what the rest
    # of the kernel keeps of a flood has to be as little.
    if not load.holds_memory_back():
        ksft_lt(grown, 3000)
    kinds = []
    while True:
        event = monitor.next(0.2)
        if event is None:
            break
        kinds.append(event["event"])
    ksft_eq(kinds.count("join"), 490)
    ksft_eq(kinds.count("table-full"), 1)
    # 35 s after the last refusal. The flood's names expire as well.
    seen = []
    end = time.monotonic() + 40
    while time.monotonic() < end and "table-full-end" not in seen:
        event = monitor.next(1)
        if event:
            seen.append(event["event"])
    ksft_eq((kinds + seen).count("table-full"), 1)
    ksft_eq((kinds + seen).count("table-full-end"), 1)
    ksft_eq(set(seen) - {"expire", "table-full-end"}, set())


def a_larger_table_is_not_full():
    """The alarm ends at once"""
    other = lan("max-peers", "2")
    monitor = HERE.monitor()
    lab.announce(other.sender(other.address), "a", "b", "c", "d")
    events = [monitor.next(2) for _ in range(3)]
    ksft_eq([(event["event"], event["peer"] and event["peer"]["name"],
              event["group"]) for event in events],
            [("join", "a", "default"), ("join", "b", "default"),
             ("table-full", None, "default")])
    HERE.mcpeer("group", "set", "default", "max-peers", "3")
    ksft_eq(monitor.next(1)["event"], "table-full-end")
    ksft_eq(monitor.next(0.2), None)


def a_conflict_is_told_when_it_begins_and_ends():
    """with both addresses; it renames nothing"""
    other = lan()
    own = socket.gethostname()
    twin = other.sender(other.address)
    monitor = HERE.monitor()
    begin = time.monotonic()
    for _ in range(20):
        lab.announce(twin, own)
        time.sleep(3)
    last = time.monotonic() - 3
    event = monitor.next(1)
    ksft_true(last - begin > 50)
    ksft_eq((event["event"], event["peer"]["name"],
             [(path["address"], path["interface"])
              for path in event["peer"]["paths"]]),
            ("conflict", own,
             [(other.address, "eth0"), ("10.1.1.100", "eth0")]))
    event = monitor.next(40)
    ksft_eq((event["event"], event["peer"]["name"],
             event["peer"]["address"]), ("conflict-end", own, other.address))
    ksft_true(34 < time.monotonic() - last < 38.5, time.monotonic() - last)
    ksft_eq(monitor.next(0.1), None)
    ksft_eq(HERE.names(), [])
    ksft_eq(HERE.json("group", "show")[0]["hostname"], own)


def a_conflict_goes_on_while_both_speak_at_once():
    """which by itself is taken for an echo, and tells of none"""
    other = lan()
    own = socket.gethostname()
    twin = other.sender(other.address)
    monitor = HERE.monitor()

    def in_step():
        for _ in range(6):
            HERE.mcpeer("group", "set", "default", "ttl", "1")
            time.sleep(0.1)
            lab.announce(twin, own)
            time.sleep(9)

    in_step()
    ksft_eq((HERE.stats()["conflict"], monitor.next(0.1)), (0, None))
    lab.announce(twin, own)
    ksft_eq(monitor.next(1)["event"], "conflict")
    in_step()
    ksft_eq(monitor.next(0.1), None, "it goes on")
    ksft_eq(HERE.stats()["conflict"], 7)


def a_new_name_of_this_host_ends_the_conflict():
    """The other one is a peer then"""
    other = lan()
    own = socket.gethostname()
    monitor = HERE.monitor()
    lab.announce(other.sender(other.address), own)
    ksft_eq(monitor.next(1)["event"], "conflict")
    HERE.mcpeer("group", "set", "default", "hostname", "alias")
    ksft_eq(monitor.next(1)["event"], "conflict-end")
    lab.announce(other.sender(other.address), own)
    ksft_eq(monitor.next(1)["event"], "join")
    ksft_eq(HERE.names(), [own])
    ksft_eq(HERE.json("group", "show")[0]["hostname"], "alias")


def what_comes_back_is_no_conflict():
    """Two interfaces on one LAN, and a reflector with an address of its own"""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    net.plug(HERE, "10.1.1.101", "eth1")
    lab.module()
    reflector = net.host("reflector")
    ear = reflector.listener(reflector.address)
    mouth = reflector.sender(reflector.address)
    lab.wait_until(lambda: len(HERE.joined()) == 2, what="interfaces join")
    monitor = HERE.monitor()
    end = time.monotonic() + 120
    count = 0
    while time.monotonic() < end:
        if not lab.select.select([ear], [], [], 5)[0]:
            continue
        for _, address, data in lab.heard(ear):
            if address != reflector.address:
                mouth.sendto(data, (lab.GROUP, lab.PORT))
                count += 1
    ksft_ge(count, 12)
    ksft_eq(HERE.stats()["conflict"], 0)
    ksft_ge(HERE.stats()["own"], count)
    ksft_eq(monitor.next(0.1), None, "nothing happened")


# Rounds and addresses: 200,000 names in the long form.
FLOOD = load.of((20, 200), (200, 1000))

if __name__ == "__main__":
    ksft_run([
        an_address_has_so_many_names_at_most,
        a_registration_frees_a_place_of_the_address,
        new_names_come_at_a_rate,
        sources_of_other_networks_are_dropped,
        a_flood_fills_the_table_and_no_more,
        a_larger_table_is_not_full,
        a_conflict_is_told_when_it_begins_and_ends,
        a_conflict_goes_on_while_both_speak_at_once,
        a_new_name_of_this_host_ends_the_conflict,
        what_comes_back_is_no_conflict,
    ])
    ksft_exit()
