#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Interfaces that do not hear any more."""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_run, ksft_true

import asked
import lab

HERE = lab.Host()


def own_voice_lost():
    """This host hears nothing of the group on eth0 until told otherwise."""
    HERE.run("tc", "qdisc", "add", "dev", "eth0", "clsact")
    drop = ("filter", "add", "dev", "eth0", "ingress", "protocol", "ip",
            "matchall", "action", "drop")
    HERE.run("tc", *drop)
    return lambda: HERE.run("tc", "qdisc", "del", "dev", "eth0", "clsact")


def reports(host):
    """Counts the reports of the group's membership that come by."""
    ear = host.socket(lab.socket.AF_PACKET, lab.socket.SOCK_DGRAM,
                      lab.socket.htons(0x0800))
    lab.defer(ear.close)
    ear.setblocking(False)
    group = lab.socket.inet_aton(lab.GROUP)

    def count():
        found = 0
        while True:
            try:
                packet = ear.recv(2048)
            except BlockingIOError:
                return found
            found += packet[9] == 2 and group in packet
    return count


def a_host_that_does_not_hear_itself_is_deaf():
    """told once when it begins and once when it is over; it joins anew"""
    _, other = lab.pair()
    count = reports(other)
    time.sleep(20)
    monitor = HERE.monitor()
    give_back = own_voice_lost()
    count()
    begin = time.monotonic()
    event = monitor.next(50)
    ksft_eq((event["event"], event["interface"], event["peer"],
             event["group"]), ("deaf", "eth0", None, "default"))
    # The third announcement finds that two were not heard.
    ksft_true(20 < time.monotonic() - begin < 46)
    lab.wait_until(count, what="report of the membership")
    ksft_eq(monitor.next(60), None, "told once")
    ksft_eq(HERE.members(), {"eth0": 1})
    give_back()
    event = monitor.next(16)
    ksft_eq((event["event"], event["interface"]), ("recovered", "eth0"))
    ksft_eq(monitor.next(60), None)
    lab.announce(other.sender(other.address), "k")
    lab.wait_until(lambda: HERE.names() == ["k"], what="peer")


def an_interface_that_hears_is_never_deaf():
    """for ten minutes"""
    lab.pair()
    monitor = HERE.monitor()
    time.sleep(600)
    ksft_eq(monitor.next(0.1), None)
    ksft_ge(HERE.stats()["own"], 40)


def a_lan_that_falls_silent_is_reminded():
    """A report of the membership, before the peers expire"""
    _, other = lab.pair()
    HERE.set("ipv4/conf/eth0/force_igmp_version", 2)
    count = reports(other)
    senders = [other.sender(other.address) for _ in range(3)]
    for _ in range(4):
        for number, sender in enumerate(senders):
            lab.announce(sender, f"k{number}")
        time.sleep(14)
    time.sleep(5)
    count()
    for number, sender in enumerate(senders):
        lab.announce(sender, f"k{number}")
    time.sleep(14)
    ksft_eq(count(), 0, "no report while peers speak")
    time.sleep(20)
    ksft_ge(count(), 1, "a report")
    ksft_eq(len(HERE.names()), 3, "before they expire")
    time.sleep(60)
    count()
    time.sleep(60)
    ksft_eq(count(), 0, "silence is reminded of once")


def a_bridge_that_forgot_us_is_reminded():
    """It snoops, and nobody asks the members whether they still are"""
    net = lab.Lan()
    net.plug(HERE, f"{net.subnet}.100")
    # A querier that hardly ever asks: the bridge takes memberships for real,
    # and forgets them after six seconds.
    net.switch.ip("link set br0 type bridge mcast_snooping 1 mcast_querier 1 "
                  "mcast_query_interval 1000000 mcast_startup_query_count 1 "
                  "mcast_membership_interval 600")
    lab.module()
    other = net.host("other")
    other.mcpeer("group", "add", "default", "interval", "4", "expiry", "600")
    lab.wait_until(lambda: HERE.names() == ["other"], deadline=30,
                   what="peer")
    monitor = HERE.monitor()
    longest = 0
    for _ in range(300):
        time.sleep(2)
        longest = max(longest, asked.peers()[0]["silent"] / 1000)
    ksft_eq(monitor.next(0.1), None, "nobody was lost in ten minutes")
    ksft_true(15 < longest < 35, f"silent for {longest} s")


if __name__ == "__main__":
    ksft_run([
        a_host_that_does_not_hear_itself_is_deaf,
        an_interface_that_hears_is_never_deaf,
        a_lan_that_falls_silent_is_reminded,
        a_bridge_that_forgot_us_is_reminded,
    ])
    ksft_exit()
