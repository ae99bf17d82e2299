#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Requests made from the specification, most of them not as it says, by root
and by others: each gets its answer, and only root changes anything."""

import functools
import subprocess

from net.lib.py import (ksft_eq, ksft_exit, ksft_ge, ksft_pr, ksft_run,
                        ksft_true)

import asked
import fuzz
import lab

HERE = lab.Host()
NOBODY = "65534"

LIMITS = {"u32": 2 ** 32 - 1, "u64": 2 ** 64 - 1}

# What an attribute is about, by its set and name; the rest is just bytes.
ABOUT = {("peer", "group"): "group", ("peer", "name"): "peer",
         ("peer", "value"): "value", ("peer", "address"): "address",
         ("group", "name"): "group", ("group", "prefix"): "prefix",
         ("group", "address"): "address", ("group", "address6"): "address6",
         ("group", "hostname"): "host", ("group", "interfaces"): "patterns",
         ("group", "listen"): "patterns", ("group", "targets"): "targets"}

# They see to the flags of the header themselves.
ALL_FLAGS = ("peer-new",)


def taken(operation, attrs):
    """The attributes that an operation takes, with their numbers."""
    names = {name for way in ("do", "dump") if way in operation
             for name in operation[way].get("request", {}).get("attributes",
                                                               [])}
    return [(number, item) for number, item in enumerate(attrs, 1)
            if item["name"] in names]


@functools.cache
def specification():
    """The specification in the words of fuzz/spec.c."""
    spec = asked.spec()
    sets = {attrs["name"]: attrs["attributes"]
            for attrs in spec["attribute-sets"]}
    lines = []
    for number, operation in enumerate(spec["operations"]["list"], 1):
        if "event" in operation:
            continue
        lines.append(f"op {number} {int('flags' in operation)} "
                     f"{int('do' in operation)} {int('dump' in operation)} "
                     f"{int(operation['name'] in ALL_FLAGS)}\n")
        name = operation["attribute-set"]
        for index, item in taken(operation, sets[name]):
            checks = item.get("checks", {})
            most = checks.get("max", LIMITS.get(item["type"], 0))
            about = ABOUT.get((name, item["name"]), "anything")
            lines.append(f"attr {index} {item['type']} "
                         f"{checks.get('min', 0)} {most} {about}\n")
    return "".join(lines)


def send(share, count, short, *options):
    """Send them; what came of them, by name of the error."""
    command = (fuzz.program("requests"), *fuzz.extent(share, count, short),
               *options)
    result = subprocess.run(command, input=specification(), text=True,
                            capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(result.stdout + result.stderr)
    outcome = {key: int(value) for key, value in
               (line.split() for line in result.stdout.splitlines())}
    ksft_pr("outcome:", outcome)
    return outcome


def prepare():
    """The module with an interface, groups and peers."""
    HERE.use_ipv6()
    lab.pair()
    HERE.mcpeer("group", "add", "lab0", "port", "4711")
    for name in ("peer0", "peer1"):
        HERE.mcpeer("register", "-l", "never", name, "value")
    HERE.mcpeer("register", "-g", "lab0", "-l", "never", "peer2")
    # By both families, lest the state changes by itself later.
    lab.wait_until(lambda: all(
        interface["ipv4"] == interface["ipv6"] == "joined"
        for group in ("default", "lab0")
        for interface in HERE.json("group", "show", group)["interfaces"]
        if interface["name"] == "eth0"), what="eth0 joins")


def state():
    """All that requests can change."""
    groups = [HERE.json("group", "show", group["name"])
              for group in HERE.json("group", "show")]
    peers = HERE.json("list")
    for peer in peers:
        for key in ("age", "silent"):
            del peer[key]
    return groups, peers


def all_is_well():
    """Groups and peers come and go as ever."""
    for group in HERE.json("group", "show"):
        names = HERE.names(group["name"])
        for name in names:
            ksft_true(fuzz.NAME.fullmatch(name), repr(name))
        # Some may have expired meanwhile.
        ksft_ge(group["peers"], len(names), group)
        HERE.mcpeer("group", "del", group["name"])
    ksft_eq(HERE.names(), [])
    HERE.mcpeer("group", "add", "default")
    HERE.mcpeer("register", "k", "v")
    ksft_eq(HERE.json("show", "k")["value"], "v")
    HERE.mcpeer("unregister", "k")
    ksft_eq(HERE.names(), [])


def root_gets_an_answer_to_each():
    """What the specification forbids is refused, the rest is not"""
    prepare()
    outcome = send(0.55, 150_000, 6)
    for name in ("OK", "EINVAL", "ENOENT", "EEXIST", "ERANGE", "EOPNOTSUPP"):
        ksft_ge(outcome.get(name, 0), 1, name)
    ksft_eq(outcome.get("EPERM", 0), 0)
    all_is_well()


def only_root_changes_anything():
    """Neither nobody, nor with a socket of root's, nor root with another's"""
    prepare()
    before, monitor = state(), HERE.monitor()
    for opener, user in ((NOBODY, NOBODY), ("0", NOBODY), (NOBODY, "0")):
        outcome = send(0.15, 50_000, 2, "-o", opener, "-u", user)
        for name in ("OK", "EPERM", "EINVAL"):
            ksft_ge(outcome.get(name, 0), 1, (name, opener, user))
        ksft_eq(state(), before, (opener, user))
    # Nothing happened that was undone again, either.
    HERE.mcpeer("register", "end")
    ksft_eq(monitor.take(1), [("join", "end")])


if __name__ == "__main__":
    ksft_run([
        root_gets_an_answer_to_each,
        only_root_changes_anything,
    ])
    ksft_exit()
