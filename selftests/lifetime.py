#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""How long a peer lives, and how often this host announces itself."""

import socket
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_ge, ksft_lt, ksft_pr, \
    ksft_run, ksft_true

import lab
import load
import tracing

# How late a peer may go: the clock of its deadline and the timer that looks at
# it move in ticks, of which the longest is 4 ms.
LATE = 0.008
# A thousand that are due in the same few ticks go one after the other, at some
# microseconds each, and each is traced as well.
CROWD = 0.004
# Tracing rounds to microseconds, and the timer takes some to run.
ROUNDING = 0.000002
LATENCY = 0.0001

CLOCK_MONOTONIC_COARSE = 6
TICK = time.clock_getres(CLOCK_MONOTONIC_COARSE)


def trace():
    """Record datagrams and events from now on."""
    return tracing.Trace("mcpeer:mcpeer_receive", "mcpeer:mcpeer_event")


def at_phase(part):
    """Return at this part of a tick, as the kernel's coarse clock sees it."""
    before = time.clock_gettime(CLOCK_MONOTONIC_COARSE)
    while time.clock_gettime(CLOCK_MONOTONIC_COARSE) == before:
        pass
    end = time.monotonic() + part * TICK
    while time.monotonic() < end:
        pass


def events(records, kind):
    """When each peer had its last event of that kind."""
    found = {}
    for seconds, event, text in records:
        word = dict(pair.split("=", 1) for pair in text.split())
        if event == "mcpeer_event" and word["type"] == kind:
            found[word["name"]] = seconds
    return found


def lifetimes(records, address, names):
    """Seconds from each peer's last datagram to its expiry.

    Datagrams arrive in the order in which these names were sent.
    """
    times = [seconds for seconds, event, text in records
             if event == "mcpeer_receive" and f"saddr={address} " in text]
    ksft_eq(len(times), len(names), "datagrams received")
    last = dict(zip(names, times))
    expired = events(records, "expire")
    ksft_eq(sorted(expired), sorted(last), "who expired")
    return [expired[name] - last[name] for name in last if name in expired]


def judge(what, lives, expiry, late=LATE):
    """Does each of these lifetimes last as long as it should?"""
    ksft_pr(f"{what}: {len(lives)} lived {min(lives):.6f} to "
            f"{max(lives):.6f} s")
    ksft_ge(min(lives), expiry - ROUNDING, what)
    ksft_ge(expiry + late + LATENCY, max(lives), what)


def live_and_expire(here, other, names, expiry, pace):
    """Send these names, wait until all are gone, and measure."""
    sender = other.sender(other.address)
    record = trace()
    for number, name in enumerate(names):
        pace(number)
        lab.announce(sender, name)
    time.sleep(expiry + 0.1)
    ksft_eq(here.names(), [], "all are gone")
    return lifetimes(record.read(), other.address, names)


def a_peer_expires_35_s_after_its_last_datagram():
    """one peer, heard once"""
    here, other = lab.pair()
    judge("one peer",
          live_and_expire(here, other, ["peer"], 35, lambda _: None), 35)


def a_peer_expires_on_time_whenever_in_a_tick_it_was_heard():
    """ten peers, heard at ten parts of a tick"""
    here, other = lab.pair()
    names = [f"peer{number}" for number in range(10)]
    lives = live_and_expire(here, other, names, 35,
                            lambda number: at_phase(number / 10))
    judge("at parts of a tick", lives, 35)
    ksft_ge(max(lives) - min(lives), TICK / 2, "the parts show")


def a_thousand_peers_expire_35_s_after_their_last_datagrams():
    """heard twice, the second time in another order"""
    here, other = lab.pair()
    lab.open_doors()
    sender = other.sender(other.address)
    first = [f"peer{number}" for number in range(1000)]
    again = [f"peer{number * 7 % 1000}" for number in range(1000)]
    record = trace()
    lab.announce(sender, *first)
    time.sleep(20)
    lab.announce(sender, *again)
    ksft_eq(len(here.names()), 1000)
    time.sleep(34)
    ksft_eq(len(here.names()), 1000, "nobody goes early")
    time.sleep(1.2)
    ksft_eq(here.names(), [])
    judge("1000 peers",
          lifetimes(record.read(), other.address, first + again), 35,
          LATE + CROWD)


def each_refresh_starts_the_lifetime_anew():
    """refreshes at many distances, the last one is what counts"""
    here, other = lab.pair()
    sender = other.sender(other.address)
    record = trace()
    pauses = (0, 0.001, 0.25, 14.9, 34.99, 2, 34.9, 7)
    for pause in pauses:
        time.sleep(pause)
        lab.announce(sender, "peer")
    time.sleep(35.1)
    records = record.read()
    ksft_eq(len([text for _, _, text in records if "type=join" in text]), 1)
    judge("refreshed", lifetimes(records, other.address,
                                 ["peer"] * len(pauses)), 35)
    ksft_eq(here.stats()["expired"], 1)


def short_expiries_are_as_exact():
    """0.15 s and 3.5 s"""
    here, other = lab.pair()
    for interval, expiry in (("0.1", 0.15), ("1", 3.5)):
        here.mcpeer("group", "set", "default", "interval", interval,
                    "expiry", str(expiry))
        names = [f"peer{number}" for number in range(10)]
        lives = live_and_expire(here, other, names, expiry,
                                lambda number: at_phase(number / 10))
        judge(f"expiry {expiry}", lives, expiry)


def a_changed_expiry_counts_from_the_last_datagram():
    """shortened and prolonged while peers live"""
    here, other = lab.pair()
    sender = other.sender(other.address)
    record = trace()
    lab.announce(sender, "first")
    time.sleep(5)
    here.mcpeer("group", "set", "default", "expiry", "60")
    lab.announce(sender, "second")
    time.sleep(50)
    ksft_eq(here.names(), ["first", "second"])
    time.sleep(6)
    ksft_eq(here.names(), ["second"])
    lab.announce(sender, "third")
    here.mcpeer("group", "set", "default", "expiry", "35")
    time.sleep(36)
    records = record.read()
    gone = events(records, "expire")
    judge("prolonged", [gone["first"] - events(records, "join")["first"]], 60)
    judge("shortened", [gone["third"] - events(records, "join")["third"]], 35)
    # Its time was over already when it was shortened.
    ksft_lt(gone["second"], gone["third"] - 34.9)


def batch(here, lines):
    """Register what they say."""
    here.mcpeer("register", "-b", "-", input="\n".join(lines))


def a_registration_lives_as_long_as_it_says():
    """its own lifetime, and the group's if it has none"""
    lab.module()
    here = lab.Host()
    record = trace()
    wanted = {"brief": 0.001, "short": 0.25, "odd": 7.777, "long": 300}
    for name, seconds in wanted.items():
        here.mcpeer("register", "-l", str(seconds), name)
    here.mcpeer("register", "plain")
    wanted["plain"] = 35
    time.sleep(301)
    records = record.read()
    came, gone = events(records, "join"), events(records, "expire")
    ksft_eq(sorted(gone), sorted(wanted))
    for name, seconds in wanted.items():
        judge(name, [gone[name] - came[name]], seconds)


def the_lifetime_restarts_on_create_and_on_update():
    """another value, and the same name after it expired"""
    lab.module()
    here = lab.Host()
    record = trace()
    here.mcpeer("register", "-l", "10", "k", "v1")
    time.sleep(9)
    here.mcpeer("register", "-l", "10", "k", "v2")
    time.sleep(11)
    records = record.read()
    judge("updated", [events(records, "expire")["k"] -
                      events(records, "update")["k"]], 10)
    here.mcpeer("register", "-l", "10", "k", "v2")
    time.sleep(11)
    records = record.read()
    judge("created", [events(records, "expire")["k"] -
                      events(records, "join")["k"]], 10)


def the_lifetime_restarts_when_nothing_else_changes():
    """the same value again: no event, but a new lifetime"""
    lab.module()
    here = lab.Host()
    record = trace()
    here.mcpeer("register", "-l", "10", "k", "v")
    time.sleep(9)
    before = lab.boottime()
    here.mcpeer("register", "-l", "10", "k", "v")
    after = lab.boottime()
    time.sleep(11)
    records = record.read()
    ksft_eq(len(records), 2, "join and expire")
    gone = events(records, "expire")["k"]
    ksft_true(before + 10 - ROUNDING < gone < after + 10 + LATE,
              (before, gone, after))


def a_shorter_lifetime_holds_wherever_the_timer_stood():
    """lifetimes for each tick around that for which it was armed"""
    lab.module()
    here = lab.Host()
    lifetimes_of = {f"k{number}": (9800 + number * 4) / 1000
                    for number in range(100)}
    record = trace()
    batch(here, [f"-l 94 {name} first" for name in lifetimes_of])
    # A first step is six sevenths of a lifetime. The wheel may be 2 s late
    # with that of 94 s; that of 10 s, begun now, ends where it does.
    time.sleep((94 - 10) * 6 / 7)
    batch(here, [f"-l {seconds} {name} second"
                 for name, seconds in lifetimes_of.items()])
    time.sleep(11)
    records = record.read()
    came, gone = events(records, "update"), events(records, "expire")
    judge("what is beyond their lifetimes",
          [gone[name] - came[name] - seconds
           for name, seconds in lifetimes_of.items()], 0)


def never_does_not_expire():
    """an hour"""
    lab.module()
    here = lab.Host()
    here.mcpeer("register", "-l", "never", "k", "v")
    here.mcpeer("register", "-l", "5", "was")
    here.mcpeer("register", "-l", "never", "was")
    time.sleep(3600)
    ksft_eq(here.names(), ["k", "was"])
    ksft_eq(here.json("show", "k")["expires_in"], None)
    here.mcpeer("register", "-l", "5", "k", "v")
    time.sleep(5.1)
    ksft_eq(here.names(), ["was"], "it can be given an end")


def gaps(heard):
    """Seconds between announcements."""
    times = [seconds for seconds, _, _ in heard]
    return [after - before for before, after in zip(times, times[1:])]


def judge_gaps(what, found, interval):
    """Is each in the range, and are they spread over it?"""
    parts = [0] * 4
    for gap in found:
        part = (gap / interval - 0.75) * 16
        parts[min(max(int(part), 0), 3)] += 1
    ksft_pr(f"{what}: {len(found)} gaps of {min(found):.4f} to "
            f"{max(found):.4f} s; by quarters of the range: {parts}")
    ksft_ge(min(found), interval * 0.75)
    ksft_ge(interval, max(found))
    ksft_ge(max(found) - min(found), interval / 15, "spread")
    if len(found) > 200:
        ksft_ge(min(parts), len(found) / 10, "spread evenly")


def announcements_come_11_25_to_15_s_apart():
    """an hour, as another host hears it"""
    _, other = lab.pair()
    listener = other.listener(other.address)
    time.sleep(16)
    lab.heard(listener)
    time.sleep(3600)
    heard = lab.heard(listener)
    ksft_eq({(address, data) for _, address, data in heard},
            {("10.1.1.100", b"multitastic:vm")})
    ksft_ge(len(heard), 240)
    judge_gaps("15 s", gaps(heard), 15)


def the_shortest_interval_is_kept():
    """0.1 s for a minute"""
    here, other = lab.pair()
    here.mcpeer("group", "set", "default", "interval", "0.1",
                "expiry", "0.15")
    listener = other.listener(other.address)
    time.sleep(0.2)
    lab.heard(listener)
    time.sleep(60)
    heard = lab.heard(listener)
    ksft_ge(len(heard), 590)
    judge_gaps("0.1 s", gaps(heard), 0.1)


def the_longest_interval_is_kept():
    """an hour: 8 groups for three hours, in the long form 14"""
    here, other = lab.pair()
    listeners = []
    groups = load.of(8, 14)
    for number in range(groups):
        port = 50000 + number
        listeners.append(other.listener(other.address, port))
        here.mcpeer("group", "add", f"group{number}", "port", str(port),
                    "interval", "3600", "expiry", "5400")
    time.sleep(10900)
    found = []
    for listener in listeners:
        # The first greets the interface.
        found += gaps(lab.heard(listener)[1:])
    ksft_ge(len(found), 2 * groups)
    judge_gaps("3600 s", found, 3600)


def a_changed_interval_holds_at_once():
    """an announcement, then the new interval"""
    here, other = lab.pair()
    here.mcpeer("group", "set", "default", "interval", "3600",
                "expiry", "5400")
    time.sleep(1)
    listener = other.listener(other.address)
    here.mcpeer("group", "set", "default", "interval", "2", "expiry", "35")
    now = time.time()
    time.sleep(5)
    times = [seconds for seconds, _, _ in lab.heard(listener)]
    ksft_lt(times[0], now + 0.1)
    ksft_true(1.5 <= times[1] - times[0] <= 2, times)


def announcements_start_with_the_module_and_with_an_interface():
    """within a tenth of a second"""
    here = lab.Host()
    net = lab.Lan()
    net.plug(here, "10.1.1.100")
    other = net.host("other")
    listener = other.listener(other.address)
    lab.module()
    time.sleep(0.1)
    ksft_eq([heard[1:] for heard in lab.heard(listener)],
            [("10.1.1.100", b"multitastic:vm")])
    net.plug(here, "10.1.1.101", "eth1")
    time.sleep(0.1)
    heard = [heard[1:] for heard in lab.heard(listener)]
    ksft_true(("10.1.1.101", b"multitastic:vm") in heard, heard)


def the_host_name_is_followed():
    """the next announcement has it, and the group shows it at once"""
    here, other = lab.pair()
    listener = other.listener(other.address)
    defer(socket.sethostname, "vm")
    socket.sethostname("renamed")
    time.sleep(15.1)
    heard = lab.heard(listener)
    ksft_eq({data for _, _, data in heard}, {b"multitastic:renamed"})
    socket.sethostname("again")
    ksft_eq(here.json("group", "show", "default")["hostname"], "again")


def a_host_name_that_is_no_name_is_not_announced():
    """nor is a host that has none"""
    here, other = lab.pair()
    defer(socket.sethostname, "vm")
    for name in ("two words", "schön", "(none)"):
        # Not hostname, which has an opinion of its own.
        socket.sethostname(name)
        ksft_eq(here.json("group", "show", "default")["hostname"], None)
        listener = other.listener(other.address)
        time.sleep(31)
        ksft_eq(lab.heard(listener), [])
    socket.sethostname("vm")
    time.sleep(15.1)
    ksft_eq({data for _, _, data in lab.heard(listener)},
            {b"multitastic:vm"})


if __name__ == "__main__":
    ksft_run([
        a_peer_expires_35_s_after_its_last_datagram,
        a_peer_expires_on_time_whenever_in_a_tick_it_was_heard,
        a_thousand_peers_expire_35_s_after_their_last_datagrams,
        each_refresh_starts_the_lifetime_anew,
        short_expiries_are_as_exact,
        a_changed_expiry_counts_from_the_last_datagram,
        a_registration_lives_as_long_as_it_says,
        the_lifetime_restarts_on_create_and_on_update,
        the_lifetime_restarts_when_nothing_else_changes,
        a_shorter_lifetime_holds_wherever_the_timer_stood,
        never_does_not_expire,
        announcements_come_11_25_to_15_s_apart,
        the_shortest_interval_is_kept,
        the_longest_interval_is_kept,
        a_changed_interval_holds_at_once,
        announcements_start_with_the_module_and_with_an_interface,
        the_host_name_is_followed,
        a_host_name_that_is_no_name_is_not_announced,
    ])
    ksft_exit()
