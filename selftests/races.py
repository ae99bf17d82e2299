#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Things that meet: refresh and expiry, dump and churn, change and traffic."""

import collections
import heapq
import json
import os
import random
import subprocess
import sys
import threading
import time

from net.lib.py import NlError, YnlFamily, defer, ksft_eq, ksft_exit, ksft_ge
from net.lib.py import ksft_pr, ksft_run, ksft_true
from net.lib.py.ynl import SPEC_PATH

import lab

HERE = lab.Host()
FLOOD = os.path.join(os.path.dirname(os.path.realpath(__file__)), "flood.py")


def shell_loop(commands):
    """Run these again and again, until the test ends."""
    return HERE.popen("sh", "-c", f"while :; do {commands}; done",
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def flooded(names=30):
    """A LAN on which another host floods this one."""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    other = net.host("other")
    other.popen(sys.executable, FLOOD, other.address, str(names))
    lab.wait_until(lambda: len(HERE.names()) >= names, what="flood",
                   deadline=30)
    return net


def turns(seconds, least):
    """Count turns for so long, and at least so many."""
    end, turn = time.monotonic() + seconds, 0
    while turn < least or time.monotonic() < end:
        yield turn
        turn += 1


def an_accepted_refresh_is_never_lost():
    """register again at the very moment of the expiry"""
    lab.module()
    life = 0.15
    met = missed = 0
    for _ in turns(20, 60):
        HERE.mcpeer("register", "-l", str(life), "racer", "old")
        time.sleep(max(0, life + random.uniform(-0.06, 0.01)))
        before = lab.boottime()
        HERE.mcpeer("register", "-l", "60", "racer", "new")
        shown = HERE.mcpeer("-j", "show", "racer", check=False)
        # Whether it met the old one or made a new one, it is there.
        if shown.returncode or json.loads(shown.stdout)["value"] != "new":
            missed += 1
        age = json.loads(shown.stdout)["age"] if shown.stdout else 0
        met += age > lab.boottime() - before
        HERE.mcpeer("expire", "racer")
    ksft_pr(f"{met} met the old one")
    ksft_eq(missed, 0)


def meet_expiries(senders, expiry, seconds):
    """Announce each name when its lifetime is about to end, from any CPU."""
    cpus = os.sched_getaffinity(0)
    defer(os.sched_setaffinity, 0, cpus)
    due = [(time.monotonic(), number) for number in range(len(senders))]
    end = time.monotonic() + seconds
    while due[0][0] < end:
        at, number = heapq.heappop(due)
        time.sleep(max(0, at - time.monotonic()))
        os.sched_setaffinity(0, {random.choice(tuple(cpus))})
        lab.announce(senders[number], f"racer{number}")
        heapq.heappush(due, (time.monotonic() + expiry +
                             random.uniform(-0.006, 0.010), number))


def a_datagram_that_meets_the_expiry_is_never_lost():
    """announcements against timers: who was heard has a life before it"""
    expiry, count = 0.3, 40
    here, other = lab.pair()
    addresses = [f"10.1.1.{110 + number}" for number in range(count)]
    other.run("ip", "-batch", "-", input="".join(
        f"addr add {address}/24 dev eth0\n" for address in addresses))
    here.mcpeer("group", "set", "default", "interval", "0.2",
                "expiry", str(expiry))
    senders = [other.sender(address) for address in addresses]
    record = lab.Trace("mcpeer:mcpeer_receive", "mcpeer:mcpeer_event")
    meet_expiries(senders, expiry, 20)
    last, wrong, alive, refreshes, ends = {}, [], set(), 0, 0
    for seconds, event, text in record.read():
        word = dict(pair.split("=", 1) for pair in text.split())
        if event == "mcpeer_receive" and word["saddr"] in addresses:
            name = f"racer{addresses.index(word['saddr'])}"
            last[name] = seconds
            refreshes += 1
            if name not in alive:
                wrong.append((seconds, name, "was heard and is not there"))
        elif event == "mcpeer_event" and word["type"] == "join":
            alive.add(word["name"])
        elif event == "mcpeer_event" and word["type"] == "expire":
            alive.remove(word["name"])
            ends += 1
            # Half of it, since this machine may itself be held up.
            if seconds - last[word["name"]] < expiry / 2:
                wrong.append((seconds, word["name"], "expired early"))
    ksft_pr(f"{refreshes} datagrams, {ends} came too late")
    ksft_eq(wrong, [])
    ksft_true(100 < ends < refreshes - 100, "they do meet")
    lab.wait_until(lambda: not here.names(), what="all expire")
    stats = here.stats()
    ksft_eq(stats["joined"], stats["expired"])


def meet_registrations(names, seconds, wrong):
    """Register again as a registration's lifetime is about to end.

    A second one must be there afterwards, whether or not it met the first.
    """
    family = YnlFamily(f"{SPEC_PATH}/mcpeer.yaml", schema="")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name = random.choice(names)
        family.do("peer-new", {"name": name, "value": "old", "lifetime": 12})
        time.sleep(random.uniform(0.008, 0.018))
        try:
            family.do("peer-new", {"name": name, "value": "new"})
            peer = family.do("peer-get", {"name": name})
            if peer["value"] != "new":
                wrong.append(peer)
            family.do("peer-del", {"name": name})
        except NlError as error:
            wrong.append((name, str(error)))
        wrong.turns += 1


class Wrong(list):
    """What went wrong, in how many turns."""

    turns = 0


def a_registration_that_meets_the_expiry_is_never_lost():
    """three threads, each with names of its own"""
    lab.module()
    wrong = [Wrong() for _ in range(3)]
    threads = [threading.Thread(target=meet_registrations, args=(
        [f"thread{number}-{name}" for name in range(3)], 15, wrong[number]))
        for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expired = HERE.stats()["expired"]
    met = sum(each.turns for each in wrong)
    ksft_pr(f"{met} turns, {expired} came too late")
    ksft_eq([list(each) for each in wrong], [[], [], []])
    ksft_true(0 < expired < met, "they do meet")


def a_heard_peer_lives_for_its_lifetime_whoever_expires_it_meanwhile():
    """announcements against peer-expire on the same names"""
    flooded(8)
    names = [f"flood{i}" for i in range(8)]
    loops = [shell_loop("; ".join(f"mcpeer expire {name}" for name in half))
             for half in (names[:4], names[2:])]
    time.sleep(5)
    for loop in loops:
        lab.stop(loop)
    # Nobody ends them now, and they are announced all the time.
    lab.wait_until(lambda: set(names) <= set(HERE.names()), deadline=5,
                   what="all are back")
    for _ in turns(3, 10):
        ksft_true(set(names) <= set(HERE.names()))
    stats = HERE.stats()
    ksft_ge(stats["expired"], 20)
    ksft_eq(stats["joined"], stats["expired"] + len(HERE.names()))


def who_lives_through_a_dump_is_in_it_exactly_once():
    """dumps while others come and go"""
    lab.module()
    steady = [f"steady{i:03}" for i in range(150)]
    for name in steady:
        HERE.mcpeer("register", "-l", "never", name)
    for pace in range(2):
        shell_loop(" && ".join(f"mcpeer register churn{pace}{i} -l 0.05"
                               for i in range(20)))
    interrupted = 0
    for _ in turns(15, 40):
        result = HERE.mcpeer("-j", "list", check=False)
        interrupted += result.returncode
        count = collections.Counter(peer["name"] for peer
                                    in json.loads(result.stdout))
        ksft_eq([count[name] for name in steady], [1] * len(steady))
        ksft_true(all(number == 1 for number in count.values()))
    ksft_pr(f"{interrupted} lists changed ten times over")


def events_stay_in_order_while_everything_changes():
    """settings, interfaces, host name and registrations under traffic"""
    flooded()
    log = "/run/races.events"
    with open(log, "wb") as stdout:
        monitor = HERE.popen("mcpeer", "-j", "monitor", stdout=stdout)
    loops = [
        shell_loop("mcpeer group set default port 5000; "
                   "mcpeer group set default port 49001 address 239.2.3.5; "
                   "mcpeer group set default address 239.2.3.4 expiry 30; "
                   "mcpeer group set default expiry 35 max-peers 50; "
                   "mcpeer group add more port 333; mcpeer group del more"),
        shell_loop("ip link add d0 type veth peer name d1; "
                   "ip addr add 10.7.0.1/24 dev d0; ip link set d0 up; "
                   "ip link set d1 up; ip link set d0 mtu 60; "
                   "ip link set d0 mtu 1500; ip link set d0 down; "
                   "ip link del d0"),
        shell_loop("for i in 1 2 3 4 5; do hostname flood$i; "
                   "mcpeer register flood1$i v$i; mcpeer expire flood2$i; "
                   "mcpeer unregister flood1$i; done"),
    ]
    defer(HERE.run, "hostname", "vm")
    time.sleep(15)
    for loop in loops:
        lab.stop(loop)
    ksft_true(monitor.poll() is None, "the monitor runs on")
    last = HERE.mcpeer("-j", "register", "last").returncode
    ksft_eq(last, 0)
    lab.wait_until(lambda: b'"name":"last"' in read_all(log), what="last one")
    numbers = [json.loads(line)["seq"] for line in read_all(log).splitlines()]
    ksft_eq(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
    ksft_ge(len(numbers), 50)


def read_all(log):
    """What is in the file by now, in whole lines.

    Opened anew, since a file that a process was given has one position for
    both: to seek here would be to move where the process writes.
    """
    with open(log, "rb") as stream:
        return stream.read().rpartition(b"\n")[0]


if __name__ == "__main__":
    ksft_run([
        a_datagram_that_meets_the_expiry_is_never_lost,
        a_registration_that_meets_the_expiry_is_never_lost,
        an_accepted_refresh_is_never_lost,
        a_heard_peer_lives_for_its_lifetime_whoever_expires_it_meanwhile,
        who_lives_through_a_dump_is_in_it_exactly_once,
        events_stay_in_order_while_everything_changes,
    ])
    ksft_exit()
