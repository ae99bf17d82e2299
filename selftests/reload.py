#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Loading and unloading at any moment."""

import json
import random
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_ge, ksft_in, ksft_lt, \
    ksft_pr, ksft_run, ksft_true

import changes
import insmod
import lab
import load
from memory import used_kb

HERE = lab.Host()


def unload():
    """At once, as far as nobody holds the module."""
    lab.unload(deadline=60, pause=0.002)


def quick_grace_periods():
    """A cycle waits for some; the races are the same if they are quick."""
    file = "/sys/kernel/rcu_expedited"
    with open(file, encoding="ascii") as stream:
        before = stream.read()
    lab.write(file, 1)
    defer(lab.write, file, before)


def flooded():
    """A LAN on which another host floods this one, which has IPv6, too."""
    net = lab.Lan()
    HERE.use_ipv6()
    net.plug(HERE, "10.1.1.100")
    other = net.host("other")
    return other, load.flood(other, 50)


def nothing_is_left():
    """No socket, no membership."""
    for file in ("/proc/net/udp", "/proc/net/udp6"):
        ksft_true(not any(":BF69 " in line for line in HERE.read(file)),
                  f"{file}: port 49001 is still bound")
    ksft_eq((HERE.members(), HERE.members6()), ({}, {}))


def cycles(count):
    """Load and unload so often."""
    for _ in range(count):
        insmod.load()
        unload()


def cycles_of_which_half_under_traffic_leave_nothing():
    """load and unload, with and without a flood"""
    lab.unload()
    quick_grace_periods()
    count = load.of(10, 1000)
    _, flood = flooded()
    # What is there once stays there, also of the rest of the kernel.
    cycles(10)
    insmod.load()
    lab.wait_until(HERE.names, deadline=60, what="the flood is heard")
    unload()
    before = used_kb()
    cycles(count // 2)
    flood.stop()
    cycles(count // 2)
    nothing_is_left()
    grown = used_kb() - before
    ksft_pr(f"{count} cycles, memory grew by {grown} kB")
    if not load.holds_memory_back():
        ksft_lt(grown, load.of(500, 3000))


def whole_or_told(process):
    """A list is all there, or the module was gone and that is said."""
    printed, said = process.communicate(timeout=60)
    if process.returncode == 0:
        ksft_ge(len(json.loads(printed)), 1)
        ksft_eq(said, b"")
    else:
        ksft_eq((process.returncode, printed), (1, b""))
        ksft_in(b"mcpeer: the mcpeer module", said)


def unloading_ends_monitors_and_spares_lists():
    """rmmod in the midst of a flood, with list and monitor running"""
    lab.unload()
    quick_grace_periods()
    flooded()
    for _ in range(load.of(2, 50)):
        insmod.load()
        lab.wait_until(HERE.names, deadline=60, what="peers")
        monitor = HERE.monitor()
        lists = [HERE.popen("mcpeer", "-j", "list") for _ in range(4)]
        unload()
        ksft_eq(monitor.process.wait(60), 1)
        ksft_in("the mcpeer module was unloaded",
                monitor.process.stderr.read().decode())
        for process in lists:
            whole_or_told(process)
    nothing_is_left()


def unloading_under_everything_leaves_nothing():
    """a flood, changes of all kinds, readers, namespaces, on all CPUs"""
    lab.unload()
    quick_grace_periods()
    other, _ = flooded()
    loops = changes.start(changes.readers, changes.namespaces)
    racer = load.racing(other)
    turns, busy, end = 0, 0, time.monotonic() + 300
    # On a slow machine it may take longer until there was time for peers.
    while turns < load.of(3, 200) or not busy and time.monotonic() < end:
        turns += 1
        insmod.load()
        # Every other time, as it takes some: all names of the flood may come.
        if turns % 2:
            lab.open_doors()
        # At any moment: with the first datagrams, settled, in between.
        time.sleep(random.uniform(0, 0.4))
        result = HERE.mcpeer("-j", "list", check=False)
        busy += result.stdout.count('"name"') > 20
        unload()
    # A slow machine may take longer until all has been tried.
    lab.wait_until(lambda: min(loop.turns() for loop in loops) >= 1,
                   deadline=300, what="changes")
    ksft_eq(racer.poll(), None, "racer goes on")
    lab.stop(racer)
    for loop in loops:
        loop.stop()
    ksft_pr(f"{turns} times, {busy} of them with peers")
    ksft_ge(busy, 1)
    nothing_is_left()


if __name__ == "__main__":
    ksft_run([
        cycles_of_which_half_under_traffic_leave_nothing,
        unloading_ends_monitors_and_spares_lists,
        unloading_under_everything_leaves_nothing,
    ])
    ksft_exit()
