#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What a network cannot do to a table: fill it from one host, all at once, or
from afar."""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_run, ksft_true

import frames
import lab
from wire import Count, lan

HERE = lab.Host()


def names_from_one_address_are_bounded():
    """16 of them; when one goes there is room for another"""
    sender, other = lan()
    other.run("ip", "addr", "add", "10.1.1.22/24", "dev", "eth0")
    count = Count()
    names = [f"p{number:02}" for number in range(16)]
    lab.announce(sender, *names, "more")
    count.expect(joined=16, drop_per_source=1)
    # Who is known is heard, and so is somebody else.
    lab.announce(sender, *names)
    count.expect(refreshed=16)
    lab.announce(other.sender("10.1.1.22"), "other")
    count.expect(joined=1)
    HERE.mcpeer("expire", "p00")
    lab.announce(sender, "more", "p00")
    count.expect(joined=1, drop_per_source=1)
    HERE.mcpeer("group", "set", "default", "per-source", "1")
    lab.announce(sender, *names[1:])
    count.expect(refreshed=15)
    ksft_eq(HERE.names(), ["more", "other", *names[1:]])


def names_in_a_second_are_bounded():
    """though as many may come at once"""
    sender, _ = lan()
    lab.open_doors()
    HERE.mcpeer("group", "set", "default", "join-rate", "10")
    time.sleep(2)
    count = Count()
    lab.announce(sender, *(f"p{number}" for number in range(100)))
    lab.wait_until(lambda: sum(count.gain().values()) == 100, what="names")
    joined = count.gain()["joined"]
    # The clock goes on meanwhile.
    ksft_true(10 <= joined <= 15, joined)
    ksft_eq(count.gain(), {"joined": joined, "drop_rate": 100 - joined})
    time.sleep(1)
    count = Count()
    lab.announce(sender, *(f"q{number}" for number in range(5)))
    count.expect(joined=5)


def addresses_of_other_networks_are_dropped():
    """unless they are to be accepted"""
    _, other = lan()
    wire, count = frames.Wire(other), Count()
    # What the kernel itself takes for forged does not come so far.
    for name in ("all", "eth0"):
        lab.sysctl(f"net.ipv4.conf.{name}.rp_filter", 0)
    HERE.run("ip", "route", "replace", "default", "dev", "eth0")
    for source in ("10.99.0.1", "10.1.2.2", "8.8.8.8"):
        wire.datagram(lab.PREFIX + b"far", source)
        count.expect(source, drop_off_link=1)
    ksft_eq(HERE.names(), [])
    HERE.mcpeer("group", "set", "default", "off-link", "accept")
    wire.datagram(lab.PREFIX + b"far", "10.99.0.1")
    count.expect(joined=1)
    ksft_eq(HERE.json("show", "far")["address"], "10.99.0.1")
    # Who is known there is heard on; elsewhere nobody is.
    HERE.mcpeer("group", "set", "default", "off-link", "drop")
    wire.datagram(lab.PREFIX + b"far", "10.99.0.1")
    count.expect(refreshed=1)
    wire.datagram(lab.PREFIX + b"far", "10.99.0.2")
    count.expect(drop_off_link=1)


def a_full_table_is_told_once():
    """and once more when nobody was refused for a lifetime"""
    sender, _ = lan()
    HERE.mcpeer("group", "set", "default", "max-peers", "1")
    HERE.mcpeer("register", "-l", "never", "mine")
    monitor = HERE.monitor()
    lab.announce(sender, "a", "b")
    event = monitor.next()
    ksft_eq(event, {"seq": 2, "event": "table-full", "group": "default",
                    "peer": None})
    time.sleep(30)
    lab.announce(sender, "c")
    ksft_eq(monitor.next(34), None)
    ksft_eq(monitor.take(1), [("table-full-end", None)])
    lab.announce(sender, "d")
    ksft_eq(monitor.take(1), [("table-full", None)])
    ksft_eq(HERE.names(), ["mine"])


if __name__ == "__main__":
    ksft_run([
        names_from_one_address_are_bounded,
        names_in_a_second_are_bounded,
        addresses_of_other_networks_are_dropped,
        a_full_table_is_told_once,
    ])
    ksft_exit()
