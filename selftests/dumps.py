#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Answers that take more than one message: nothing is lost where they part.

A message is full at any attribute of the next item, which then has to come
whole in the following one. Items of many sizes meet each of these places.
"""

import ipaddress
import random
import socket
import sys

from net.lib.py import YnlFamily, defer, ksft_eq, ksft_exit, ksft_run
from net.lib.py.ynl import SPEC_PATH

import lab

PEERS = 300


def client(size):
    """The client of the kernel's own tools. It takes messages of this size
    at most, which the kernel then makes no larger."""
    sys.modules[YnlFamily.__module__].genl_family_name_to_id = None
    family = YnlFamily(f"{SPEC_PATH}/mcpeer.yaml", schema="", recv_size=size)
    defer(family.sock.close)
    return family


def some_peers(seed):
    """Registrations of many sizes, by name."""
    chance = random.Random(seed)
    made = {}
    for number in range(PEERS):
        name = f"{number}-".ljust(chance.randint(5, 64), "n")
        made[name] = {"name": name, "value": "v" * chance.randint(0, 256),
                      "address": bytes(chance.choice((4, 16)) * [9])}
        if chance.random() < 0.5:
            made[name]["lifetime"] = 3600000
        else:
            made[name]["permanent"] = True
    return made


def compare(dump, made):
    """Each peer once, in the order of joining, with all it has."""
    ksft_eq([peer["name"] for peer in dump], list(made))
    for peer in dump:
        wanted = made[peer["name"]]
        ksft_eq(peer["value"], wanted["value"])
        ksft_eq(ipaddress.ip_address(peer["address"]).packed,
                wanted["address"])
        ksft_eq("expires-in" in peer, "lifetime" in wanted)
        ksft_eq((peer["source"], peer["state"], peer["heard"]),
                ("local", "alive", 0))


def peers_and_their_events_come_whole():
    """hundreds of them, in messages of two sizes"""
    for seed in range(3):
        lab.module()
        small, large = client(4096), client(32768)
        made = some_peers(seed)
        for peer in made.values():
            small.do("peer-new", peer)
        for family in (small, large):
            compare(family.dump("peer-get", {}), made)
            events = family.dump("event-get", {})
            ksft_eq([event["seq"] for event in events],
                    list(range(1, PEERS + 1)))
            compare([event["peer"] for event in events], made)


def groups_come_whole():
    """sixteen of them, with each length of this host's name"""
    lab.module("autostart=0")
    family = client(4096)
    names = [f"group{number}" for number in range(16)]
    for number, name in enumerate(names):
        family.do("group-new", {"name": name, "port": 4000 + number})
    defer(socket.sethostname, socket.gethostname())
    for length in range(1, 65):
        socket.sethostname("h" * length)
        groups = family.dump("group-get", {})
        ksft_eq([group["name"] for group in groups], names)
        for group in groups:
            ksft_eq(group["hostname"], "h" * length)
            ksft_eq(group["stats"]["rx"], 0)


def a_group_on_many_interfaces_comes_whole():
    """three hundred, which no message of the usual size can hold"""
    lab.module("autostart=0")
    host = lab.Namespace("host")
    host.mcpeer("group", "add", "default")
    names = [f"dummy{number}" for number in range(300)]
    host.run("ip", "-batch", "-", input="".join(
        f"link add {name} type dummy\nlink set {name} multicast on\n"
        for name in names))
    ksft_eq([(interface["name"], interface["state"]) for interface in
             host.json("group", "show", "default")["interfaces"]],
            [("lo", "loopback"), *((name, "down") for name in names)])


if __name__ == "__main__":
    ksft_run([
        peers_and_their_events_come_whole,
        groups_come_whole,
        a_group_on_many_interfaces_comes_whole,
    ])
    ksft_exit()
