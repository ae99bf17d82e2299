#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A machine that sleeps. It takes real time, as a clock has to wake it."""

import time

from net.lib.py import KsftSkipEx, ksft_eq, ksft_exit, ksft_ge, \
    ksft_run, ksft_true

import lab

HERE = lab.Host()

# Seconds. Who was heard so long before others is gone after a sleep in which
# they are not.
EXPIRY, BEFORE, SLEEP = 46, 32, 16
# How late things may come on a slow machine.
LATE = 5
# Port of a group that says little.
SLOW = 49002


def content(path):
    """What a file says, nothing if it is not there."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def sleep(seconds):
    """Suspend to memory for so long; returns for how long it did."""
    if "mem" not in content("/sys/power/state") or \
            "deep" not in content("/sys/power/mem_sleep"):
        raise KsftSkipEx("this kernel does not suspend to memory")
    slept = lab.boottime() - time.monotonic()
    HERE.run("rtcwake", "-m", "mem", "-s", str(seconds))
    return lab.boottime() - time.monotonic() - slept


def a_machine_that_slept_knows_at_once_who_is_gone():
    """and announces itself, and keeps those who may still be there"""
    _, other = lab.pair()
    lab.open_doors()
    HERE.mcpeer("group", "set", "default", "interval", "17",
                "expiry", str(EXPIRY))
    # Once it has begun it says nothing for three quarters of an hour.
    HERE.mcpeer("group", "add", "slow", "port", str(SLOW),
                "interval", "3600", "expiry", "5400")
    sender = other.sender(other.address)
    gone = [f"gone{number:02}" for number in range(50)]
    here = [f"here{number:02}" for number in range(50)]
    lab.announce(sender, *gone)
    HERE.mcpeer("register", "-l", "never", "forever")
    lab.wait_until(lambda: len(HERE.names()) == 51, what="peers")
    time.sleep(BEFORE)
    began = lab.boottime()
    lab.announce(sender, *here)
    HERE.mcpeer("register", "-l", "500", "long")
    lab.wait_until(lambda: len(HERE.names()) == 102, what="peers")
    heard = lab.boottime()
    monitor = HERE.monitor()
    ksft_ge(HERE.stats("slow")["tx"], 1)
    listener = other.listener(other.address, SLOW)
    slept = sleep(SLEEP)
    # From setting the alarm to being asleep a slow machine takes seconds.
    ksft_true(SLEEP - 7 < slept < SLEEP + 5, f"slept for {slept} s")
    ksft_eq(HERE.names(), ["forever"] + here + ["long"])
    ksft_eq(sorted(monitor.take(50, deadline=LATE)),
            [("expire", name) for name in gone])
    lab.wait_until(lambda: lab.heard(listener), what="announcement")
    asked = lab.boottime()
    left = HERE.json("show", "long")["expires_in"]
    ksft_true(500 - (lab.boottime() - began) <= left <= 500 - (asked - heard),
              f"{left} s left")
    # The others have the rest of their lifetime, in which the sleep counts.
    events = [monitor.next(EXPIRY + LATE) for _ in here]
    ksft_eq(sorted((event["event"], event["peer"]["name"])
                   for event in events), [("expire", name) for name in here])
    silent = [event["peer"]["silent"] for event in events]
    ksft_true(EXPIRY <= min(silent) <= max(silent) < EXPIRY + LATE,
              f"silent for {min(silent)} to {max(silent)} s")


if __name__ == "__main__":
    ksft_run([
        a_machine_that_slept_knows_at_once_who_is_gone,
    ])
    ksft_exit()
