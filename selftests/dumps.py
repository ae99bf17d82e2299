#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Answers that take more than one message: nothing is lost where they part.

A message is full at any attribute of the next item, which then has to come
whole in the following one. Items of many sizes meet each of these places.
"""

import random
import socket

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_in, ksft_run

import insmod
import lab
from asked import Family
from rawnl import DUMP

PEERS = 300
# What the command reads ahead is less than these.
MANY = 3000


class Client:
    """Asks the module that is loaded now."""

    def __init__(self):
        self.family = Family()
        self.family.find()
        self.raw = self.family.raw()
        defer(self.raw.socket.close)

    def do(self, command, values):
        """Something that must be done."""
        ksft_eq(self.raw.ask(command, self.family.attributes(command, values)),
                (0, ""), (command, values))

    def dump(self, command, size):
        """All there is, in messages of this size at most, each by the names
        of its attributes."""
        # The kernel remembers the largest size for which a socket asked.
        with self.family.raw() as raw:
            raw.socket.send(raw.message(command, flags=DUMP))
            replies, code, _ = raw.answer(size)
        ksft_eq(code, 0)
        return [self.family.names(command.split("-", maxsplit=1)[0], reply)
                for reply in replies]

    def word(self, kind, peer):
        """What the number of a peer's attribute stands for."""
        return self.family.enums[kind][peer[kind]]


def some_peers(seed, count=PEERS):
    """Registrations of many sizes, by name."""
    chance = random.Random(seed)
    made = {}
    for number in range(count):
        name = f"{number}-".ljust(chance.randint(5, 64), "n")
        made[name] = {"name": name, "value": "v" * chance.randint(0, 256),
                      "address": bytes(chance.choice((4, 16)) * [9])}
        if chance.random() < 0.5:
            made[name]["lifetime"] = 3600000
        else:
            made[name]["permanent"] = True
    return made


def compare(client, dump, made):
    """Each peer once, in the order of joining, with all it has."""
    ksft_eq([peer["name"] for peer in dump], list(made))
    for peer in dump:
        wanted = made[peer["name"]]
        ksft_eq(peer["value"], wanted["value"])
        ksft_eq(peer["address"], wanted["address"])
        ksft_eq("expires-in" in peer, "lifetime" in wanted)
        ksft_eq((client.word("source", peer), client.word("state", peer),
                 peer["heard"]), ("local", "alive", 0))


def peers_and_their_events_come_whole():
    """hundreds of them, in messages of two sizes"""
    for seed in range(3):
        lab.module()
        client = Client()
        made = some_peers(seed)
        for peer in made.values():
            client.do("peer-new", peer)
        for size in (4096, 32768):
            compare(client, client.dump("peer-get", size), made)
            events = client.dump("event-get", size)
            ksft_eq([event["seq"] for event in events],
                    list(range(1, PEERS + 1)))
            compare(client, [client.family.names("peer", event["peer"])
                             for event in events], made)


def groups_come_whole():
    """sixteen of them, with each room that this host's name can take"""
    lab.module("autostart=0")
    client = Client()
    names = [f"group{number}" for number in range(16)]
    for number, name in enumerate(names):
        client.do("group-new", {"name": name, "port": 4000 + number})
    defer(socket.sethostname, socket.gethostname())
    # It ends in a NUL byte and is filled up to a multiple of four.
    for length in (*range(3, 64, 4), 64):
        socket.sethostname("h" * length)
        groups = client.dump("group-get", 4096)
        ksft_eq([group["name"] for group in groups], names)
        for group in groups:
            ksft_eq(group["hostname"], "h" * length)
            ksft_eq(client.family.names("stats", group["stats"])["rx"], 0)


def a_group_on_many_interfaces_comes_whole():
    """seven hundred, which no message of the usual size can hold"""
    lab.module("autostart=0")
    host = lab.Namespace("host")
    host.mcpeer("group", "add", "default")
    names = [f"dummy{number}" for number in range(700)]
    host.run("ip", "-batch", "-", input="".join(
        f"link add {name} type dummy\nlink set {name} multicast on\n"
        for name in names))
    ksft_eq([(interface["name"], interface["state"]) for interface in
             host.json("group", "show", "default")["interfaces"]],
            [("lo", "loopback"), *((name, "down") for name in names)])


def load(count):
    """The module with so many peers."""
    lab.module()
    client = Client()
    for peer in some_peers(0, count).values():
        client.do("peer-new", peer)
    return client


def begin_dump(command):
    """A dump of which nothing but its first message was read."""
    client = load(PEERS)
    raw = client.family.raw()
    defer(raw.socket.close)
    raw.socket.send(raw.message(command, flags=DUMP))
    raw.socket.recv(4096)
    return raw


def is_held(count):
    """The module cannot be unloaded, and lives on."""
    ksft_eq(insmod.remove(), False)
    result = lab.run("rmmod", "mcpeer", check=False)
    ksft_eq(result.returncode, 1)
    ksft_in("in use", result.stderr)
    ksft_eq(len(lab.Host().names()), count)


def an_unread_dump_keeps_the_module():
    """until it is read to its end, or its socket is closed"""
    for command in ("peer-get", "event-get"):
        raw = begin_dump(command)
        is_held(PEERS)
        ksft_eq(raw.answer()[1], 0)
        ksft_eq(insmod.remove(), True, "read to its end")
        raw = begin_dump(command)
        is_held(PEERS)
        raw.socket.close()
        ksft_eq(insmod.remove(), True, "closed")


def list_begun():
    """A list of which nobody reads what does not fit into a small pipe."""
    load(MANY)
    lister = lab.Host().popen("mcpeer", "-j", "list", "-u", pipesize=4096)
    lister.stdout.read(1)
    return lister


def an_unread_list_keeps_the_module():
    """if it is unsorted, until the command ends"""
    lister = list_begun()
    is_held(MANY)
    ksft_eq(lister.stdout.read().count(b'"name"'), MANY)
    ksft_eq(lister.wait(), 0)
    ksft_eq(insmod.remove(), True, "read to its end")
    lister = list_begun()
    is_held(MANY)
    lister.kill()
    lister.wait()
    ksft_eq(insmod.remove(), True, "killed")


if __name__ == "__main__":
    ksft_run([
        peers_and_their_events_come_whole,
        groups_come_whole,
        a_group_on_many_interfaces_comes_whole,
        an_unread_dump_keeps_the_module,
        an_unread_list_keeps_the_module,
    ])
    ksft_exit()
