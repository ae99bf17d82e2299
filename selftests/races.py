#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Things that meet: refresh and expiry, dump and churn, change and traffic."""

import json
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_pr, ksft_run

import changes
import lab
import load
import objects

HERE = lab.Host()
EXPIRY = 0.15


def watched(*settings):
    """Another host on the LAN of this one, and the module's allocations."""
    net = lab.Lan()
    net.plug(HERE, f"{net.subnet}.100")
    lab.module("autostart=0")
    watch = objects.Objects()
    HERE.mcpeer("group", "add", "default", *settings)
    lab.open_doors()
    other = net.host("other")
    lab.wait_until(lambda: "eth0" in HERE.joined(), deadline=60,
                   what="eth0 joins")
    return other, watch


def nothing_is_lost_that_was_accepted():
    """refresh, expiry, unregister and dump on the same names, on all CPUs"""
    other, watch = watched("interval", "0.1", "expiry", str(EXPIRY))
    found = load.race(other, load.of(10, 300), int(EXPIRY * 1000))
    stats = HERE.stats()
    ksft_eq(stats["expired"], found["expires"])
    ksft_eq(stats["joined"] + stats["refreshed"] + stats["updated"] +
            stats["shadowed"], found["announced"])
    # Announcements came on either side of the expiry.
    ksft_ge(min(stats["joined"], stats["refreshed"]),
            found["announced"] / 20)
    lab.unload()
    # An event takes over the memory of the one that the journal drops.
    watch.judge(peers=found["joins"], others=min(found["joins"], 1000))


def events_stay_in_order_while_everything_changes():
    """settings, interfaces, host name and registrations under traffic"""
    other, watch = watched()
    log = "/run/races.events"
    monitor = lab.Monitor(HERE, command=(
        "sh", "-c", f"exec mcpeer -j monitor >{log}"))
    load.flood(other)
    loops = changes.start(changes.registrations)
    time.sleep(load.of(4, 120))
    # A slow machine may take longer until all has changed.
    lab.wait_until(lambda: min(loop.turns() for loop in loops) >= 2,
                   deadline=300, what="changes")
    ksft_pr("turns:", *(loop.turns() for loop in loops))
    for loop in loops:
        loop.stop()
    monitor.judge()
    HERE.mcpeer("group", "set", "default", "max-peers", "1000")
    HERE.mcpeer("register", "last")
    lab.wait_until(lambda: b'"name":"last"' in read_all(log),
                   deadline=60, what="last one")
    events = [json.loads(line) for line in read_all(log).splitlines()]
    # Of what it was too slow for, the monitor is told how much it was.
    lost = sum(event["count"] for event in events if event["event"] == "lost")
    numbers = [event["seq"] for event in events if event["event"] != "lost"]
    ksft_pr(f"{len(numbers)} events, {lost} lost")
    ksft_ge(len(numbers), 50)
    ksft_eq(numbers, sorted(set(numbers)))
    ksft_eq(numbers[-1] - numbers[0] + 1, len(numbers) + lost)
    lab.unload()
    ksft_eq(monitor.process.wait(60), 1)
    watch.judge(peers=30, others=30)


def read_all(log):
    """What is in the file by now, in whole lines.

    Opened anew, since a file that a process was given has one position for
    both: to seek here would be to move where the process writes.
    """
    with open(log, "rb") as stream:
        return stream.read().rpartition(b"\n")[0]


if __name__ == "__main__":
    ksft_run([
        nothing_is_lost_that_was_accepted,
        events_stay_in_order_while_everything_changes,
    ])
    ksft_exit()
