#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Two other hosts of one name, and what looks like them but is one host."""

import random
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_pr, ksft_run, \
    ksft_true

import lab

HERE = lab.Host()
# Between two announcements of a host, as the module makes them.
LEAST, MOST = 11.25, 15


def lan(*addresses):
    """This host and another one that has these addresses, and what speaks
    from each of them."""
    _, other = lab.pair()
    other.ip(*(f"addr add {address}/24 dev eth0" for address in addresses))
    return [other.sender(address) for address in addresses]


def kinds(monitor, deadline=0.2):
    """What is told of the peer k until nothing more comes."""
    found = []
    while True:
        event = monitor.next(deadline)
        if event is None:
            return found
        if event["peer"] and event["peer"]["name"] == "k":
            found.append(event)


def alternate(senders, turns, pause):
    """The peer k speaks by turns from all of these."""
    for turn in range(turns):
        lab.announce(senders[turn % len(senders)], "k")
        time.sleep(pause)


def places(event):
    """Where the paths of an event's peer are."""
    return {(path["address"], path["interface"])
            for path in event["peer"]["paths"]}


def two_hosts_of_one_name_are_told():
    """once when it begins and once when it is over; the peer stays"""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    twins = [net.host("k") for _ in range(2)]
    lab.wait_until(lambda: "eth0" in HERE.joined(), what="eth0 joins")
    monitor = HERE.monitor()
    for twin in twins:
        twin.mcpeer("group", "add", "default")
        time.sleep(5)
    time.sleep(600)
    events = kinds(monitor)
    ksft_eq([event["event"] for event in events],
            ["join", "update", "conflict"])
    both = {(twin.address, "eth0") for twin in twins}
    ksft_eq((events[2]["own"], places(events[2])), (False, both))
    ksft_eq(HERE.names(), ["k"])
    # To delete the group says nothing on the wire.
    twins[0].mcpeer("group", "del", "default")
    time.sleep(60)
    events = kinds(monitor)
    ksft_eq([event["event"] for event in events], ["conflict-end", "update"])
    ksft_eq((events[0]["own"], places(events[0])), (False, both))
    ksft_true(35 <= max(path["silent"] for path
                        in events[0]["peer"]["paths"]) < 35.1)
    ksft_eq(events[1]["peer"]["address"], twins[1].address)
    ksft_eq(HERE.names(), ["k"])


def it_is_shown_in_words():
    """with both addresses and interfaces"""
    senders = lan("10.1.1.31", "10.1.1.32")
    alternate(senders, 4, 7)
    lines = HERE.mcpeer("monitor", "-s", "1", "-c", "3").stdout.splitlines()
    ksft_eq(lines[2].split()[1:],
            ["3", "conflict", "k", "default", "10.1.1.32", "eth0", "also",
             "another", "host,", "at", "10.1.1.31", "on", "eth0"])


def a_peer_that_ends_ends_its_conflict():
    """first the conflict, then the peer"""
    senders = lan("10.1.1.31", "10.1.1.32")
    monitor = HERE.monitor()
    alternate(senders, 5, 7)
    HERE.mcpeer("expire", "k")
    ksft_eq([event["event"] for event in kinds(monitor)],
            ["join", "update", "conflict", "conflict-end", "expire"])
    alternate(senders, 5, 7)
    HERE.mcpeer("register", "-l", "never", "k")
    ksft_eq([event["event"] for event in kinds(monitor)],
            ["join", "update", "conflict", "conflict-end", "update"])
    alternate(senders, 5, 7)
    ksft_eq(kinds(monitor), [], "a registration prevails")
    HERE.mcpeer("unregister", "k")
    alternate(senders, 4, 7)
    HERE.mcpeer("group", "del", "default")
    ksft_eq([event["event"] for event in kinds(monitor)],
            ["leave", "join", "update", "conflict", "conflict-end", "leave"])


def an_address_that_follows_another_is_none():
    """a host that got a new one, each hour, or each minute"""
    senders = lan("10.1.1.31", "10.1.1.32")
    monitor = HERE.monitor()
    dice = random.Random(1)
    for turn, count in enumerate((10, 4, 4, 2, 2, 2, 2, 10)):
        for _ in range(count):
            lab.announce(senders[turn % 2], "k")
            time.sleep(dice.uniform(LEAST, MOST))
    ksft_eq({event["event"] for event in kinds(monitor)}, {"join", "update"})


def a_host_of_two_addresses_is_none():
    """heard by one interface, at once, also if half of it is lost"""
    senders = lan("10.1.1.31", "10.1.1.32")
    monitor = HERE.monitor()
    dice = random.Random(2)
    for _ in range(400):
        for sender in senders:
            if dice.random() < 0.5:
                lab.announce(sender, "k")
            time.sleep(0.003)
        time.sleep(dice.uniform(LEAST, MOST))
    told = {event["event"] for event in kinds(monitor)}
    ksft_true({"join", "update"} <= told <= {"join", "update", "expire"}, told)


def interfaces_and_families_are_none():
    """whenever each of them speaks"""
    nets = [lab.Lan(f"10.1.{number}") for number in (1, 2)]
    for number, net in enumerate(nets):
        net.plug(HERE, f"{net.subnet}.100", f"eth{number}")
    HERE.use_ipv6()
    HERE.link_local()
    lab.module()
    senders = []
    for net in nets:
        other = net.host("other")
        senders.append(other.sender(other.address))
    other.use_ipv6()
    other.link_local()
    lab.wait_until(lambda: len(HERE.joined()) == 2 and
                   len(HERE.members6()) == 2, what="interfaces join")
    monitor = HERE.monitor()
    sixth = other.sender6()
    for _ in range(40):
        for sender in senders:
            lab.announce(sender, "k")
            time.sleep(4)
        lab.announce(sixth, "k", group=lab.GROUP6)
        time.sleep(4)
    ksft_eq([event["event"] for event in kinds(monitor)],
            ["join", "update", "update"])


def nobody_can_make_a_stream_of_it():
    """one in each lifetime at most, whatever is sent"""
    senders = lan(*(f"10.1.1.{number}" for number in range(31, 37)))
    monitor = HERE.monitor()
    begin = time.monotonic()
    for turn in range(100):
        # Two take turns, as quickly as counts, until the paths of two others
        # are old enough to give way.
        pair = turn * 2 % len(senders)
        alternate(senders[pair:pair + 2], 8, 2)
    lasted = time.monotonic() - begin
    events = [event["event"] for event in kinds(monitor)
              if event["event"].startswith("conflict")]
    count = events.count("conflict")
    ksft_pr(f"{count} conflicts in {lasted:.0f} s")
    ksft_ge(count, 2)
    ksft_true(count <= lasted / 35 + 1, count)
    ksft_eq(events, (["conflict", "conflict-end"] * count)[:len(events)])


if __name__ == "__main__":
    ksft_run([
        two_hosts_of_one_name_are_told,
        it_is_shown_in_words,
        a_peer_that_ends_ends_its_conflict,
        an_address_that_follows_another_is_none,
        a_host_of_two_addresses_is_none,
        interfaces_and_families_are_none,
        nobody_can_make_a_stream_of_it,
    ])
    ksft_exit()
