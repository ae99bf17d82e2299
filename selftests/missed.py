#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Events that the monitor missed: read from the journal, or told as lost."""

import json
import signal

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_lt, ksft_run

import lab

HERE = lab.Host()
JOURNAL = 1024


def peers_of(group):
    """How many peers a group has."""
    return HERE.json("group", "show", group)["peers"]


def drops(process):
    """How many messages the kernel could not give to a process."""
    with open("/proc/net/netlink", encoding="ascii") as table:
        return sum(int(line.split()[8]) for line in list(table)[1:]
                   if int(line.split()[2]) & 0x3fffff == process.pid)


def miss(monitor, sender, count):
    """Let so many events happen while the monitor is stopped; what it tells
    afterwards, as (first, last, lost) in the order of telling."""
    lab.open_doors()
    monitor.process.send_signal(signal.SIGSTOP)
    lab.announce(sender, *(f"p{number}" for number in range(count)))
    lab.wait_until(lambda: peers_of("default") == count, what="peers")
    ksft_ge(drops(monitor.process), 1)
    monitor.process.send_signal(signal.SIGCONT)
    told = []
    while not told or told[-1][1] < count:
        event = monitor.next()
        if event["event"] == "lost":
            ksft_eq(event["count"], event["last"] - event["first"] + 1)
            told.append((event["first"], event["last"], True))
        else:
            ksft_eq(event["peer"]["name"], f"p{event['seq'] - 1}")
            told.append((event["seq"], event["seq"], False))
    monitor.process.send_signal(signal.SIGINT)
    ksft_eq(monitor.process.wait(), 0)
    # Each number once, in order.
    ksft_eq([first for first, _, _ in told],
            [1] + [last + 1 for _, last, _ in told[:-1]])
    return told


def what_was_missed_is_read_from_the_journal():
    """by a monitor that slept, whose socket is too small"""
    _, other = lab.pair()
    lab.sysctl("net.core.rmem_max", 65536)
    monitor = lab.User().monitor()
    told = miss(monitor, other.sender(other.address), JOURNAL)
    ksft_eq(len(told), JOURNAL)
    ksft_eq(monitor.process.stderr.read(), b"")


def what_is_lost_is_told_by_number():
    """when the journal does not reach back either"""
    _, other = lab.pair()
    HERE.mcpeer("group", "set", "default", "max-peers", "20000")
    monitor = HERE.monitor()
    told = miss(monitor, other.sender(other.address), 8000)
    lost = [(first, last) for first, last, lost in told if lost]
    ksft_eq(len(lost), 1)
    first, last = lost[0]
    # What the socket held, then the gap, then what the journal keeps.
    ksft_lt(1, first)
    ksft_eq(last, 8000 - JOURNAL)
    ksft_eq(monitor.process.stderr.read().decode(),
            f"mcpeer: lost events {first}–{last}: {last - first + 1} "
            "happened faster than they were read\n")

    late = HERE.mcpeer("-j", "monitor", "-s", "1", "-c", "1")
    gap, event = map(json.loads, late.stdout.splitlines())
    ksft_eq(gap, {"seq": None, "event": "lost", "first": 1, "last": last,
                  "count": last})
    ksft_eq(event["seq"], last + 1)
    ksft_eq(late.stderr, f"mcpeer: lost events 1–{last}: {last} happened "
            "before the journal begins\n")


def the_loss_of_a_single_event_is_told():
    """in a sentence for one"""
    _, other = lab.pair()
    lab.open_doors()
    lab.announce(other.sender(other.address),
                 *(f"p{number}" for number in range(JOURNAL + 1)))
    lab.wait_until(lambda: peers_of("default") == JOURNAL + 1, what="peers")
    result = HERE.mcpeer("monitor", "-s", "1", "-c", "1")
    ksft_eq(result.stderr, "mcpeer: lost event 1: it happened before the "
                           "journal begins\n")
    ksft_eq(result.stdout.split()[1:4], ["2", "join", "p1"])


if __name__ == "__main__":
    ksft_run([
        what_was_missed_is_read_from_the_journal,
        what_is_lost_is_told_by_number,
        the_loss_of_a_single_event_is_told,
    ])
    ksft_exit()
