#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A LAN that loses datagrams, repeats them and puts them in another order.

What loss costs can be told beforehand. Announcements are 11.25 to 15 s
apart, evenly, and a peer lives for 35 s: one that is lost leaves a gap of 30 s
at most, and ends nobody. Two in a row leave the sum of three such times, which
is longer than 35 s but for one case in 162; three always do.
"""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_pr, ksft_run, \
    ksft_true

import lab
import load

HERE = lab.Host()
HOSTS = 40
LEAST, MOST, EXPIRY = 11.25, 15, 35

# How much is lost, in percent, and for how many seconds one looks. In the
# short form some 170 peers end for want of their announcements.
LOSSES = load.of(((30, 900),),
                 ((5, 72000), (10, 36000), (30, 12000)))
# By so many times its square root may a number of events differ from what is
# expected: by chance once in a hundred thousand times.
FAR = 4.5


def hosts_around(count):
    """This host, others that take part, and the switch's port to this one.

    Only this host hears them, which spares time.
    """
    net = lab.Lan()
    net.plug(HERE, "10.1.1.250")
    lab.module()
    hosts = [net.host(f"host{number:02}") for number in range(count)]
    net.isolate(2)
    for host in hosts:
        host.mcpeer("group", "add", "default")
    lab.wait_until(lambda: len(HERE.names()) == count, what="peers")
    return hosts, net.switch, "port1"


def impair(switch, port, *how):
    """What leaves the switch by this port is treated so from now on."""
    switch.run("tc", "qdisc", "replace", "dev", port, "root", "netem",
               "limit", "10000", *how)


def false_expiries(percent):
    """How many an announcement causes, on average.

    It is heard, then two are lost and the next is heard after more than the
    expiry; or it is heard, and three are lost.
    """
    lost = percent / 100
    # The sum of three even parts of a length is less than a part x of it.
    part = (EXPIRY - 3 * LEAST) / (MOST - LEAST)
    long = 1 - part ** 3 / 6
    return (1 - lost) * (lost ** 2 * (1 - lost) * long + lost ** 3)


def said(hosts):
    """Announcements of all of them."""
    return sum(host.stats()["tx"] for host in hosts)


def loss_ends_as_many_as_is_expected():
    """30 %, in the long form 5 and 10 % as well"""
    hosts, switch, port = hosts_around(HOSTS)
    for percent, seconds in LOSSES:
        before, words = HERE.stats()["expired"], said(hosts)
        impair(switch, port, "loss", f"{percent}%")
        time.sleep(seconds)
        count = HERE.stats()["expired"] - before
        words = said(hosts) - words
        wanted = words * false_expiries(percent)
        ksft_pr(f"{percent} % of {words} announcements lost: {count} peers "
                f"ended, {wanted:.0f} were expected")
        ksft_true(abs(count - wanted) < FAR * wanted ** 0.5,
                  (percent, count, wanted))
        # All are back before the next round.
        impair(switch, port)
        time.sleep(MOST + 1)
        ksft_eq(len(HERE.names()), HOSTS)


def a_single_loss_ends_nobody():
    """again and again, with a round in between in which all are heard"""
    hosts, switch, port = hosts_around(5)
    monitor = HERE.monitor()
    for _ in range(load.of(5, 40)):
        before = said(hosts)
        impair(switch, port, "loss", "100%")
        lab.wait_until(lambda start=before: said(hosts) > start, deadline=16,
                       what="word", pause=0.1)
        impair(switch, port)
        time.sleep(MOST + 0.3)
    ksft_eq(monitor.next(0.1), None, "nothing happened")
    ksft_eq(HERE.stats()["expired"], 0)


def what_comes_twice_or_late_makes_no_event():
    """duplicates, and an order that is not that of sending"""
    hosts, switch, port = hosts_around(HOSTS)
    monitor = HERE.monitor()
    before, words = HERE.stats(), said(hosts)
    impair(switch, port, "duplicate", "100%")
    time.sleep(load.of(60, 300))
    after = HERE.stats()
    twice = after["refreshed"] - before["refreshed"]
    ksft_ge(twice, 2 * (said(hosts) - words) - HOSTS)
    # By up to three seconds, of which each datagram takes its own part.
    impair(switch, port, "duplicate", "50%", "delay", "1500ms", "1500ms")
    time.sleep(load.of(120, 600))
    ksft_eq(monitor.next(0.1), None, "nothing happened")
    after = HERE.stats()
    ksft_pr(f"{said(hosts) - words} announcements, "
            f"{after['refreshed'] - before['refreshed']} heard")
    ksft_eq([after[key] - before[key] for key in
             ("joined", "updated", "conflict", "expired")], [0, 0, 0, 0])
    ksft_eq(len(HERE.names()), HOSTS)


if __name__ == "__main__":
    ksft_run([
        loss_ends_as_many_as_is_expected,
        a_single_loss_ends_nobody,
        what_comes_twice_or_late_makes_no_event,
    ])
    ksft_exit()
