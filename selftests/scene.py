# SPDX-License-Identifier: GPL-2.0
"""The module on this host with one interface, closely watched.

All without other programs and without a network: what is asked of the module
and what it hears happens in this thread, within a system call.
"""

import errno
import socket
import time

from net.lib.py import defer, ksft_eq, ksft_true

import lab
import tap
from asked import Family
from rawnl import DUMP, NETLINK_GENERIC, SOL_NETLINK, attrs_of

# MCPEER_ROSTER_ROW: one of so many new peers needs room in the order of all.
ROW = 31

NETLINK_ADD_MEMBERSHIP = 1


class Listener:
    """A member of the multicast group of events."""

    def __init__(self, family):
        self.family = family
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                    NETLINK_GENERIC)
        self.socket.setblocking(False)
        # What comes from the kernel, port 0, is not for sockets of port 0.
        self.socket.bind((0, 0))
        self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                               family.events)
        defer(self.socket.close)

    def told(self):
        """Numbers of the events that came, and whether some did not."""
        numbers, overrun = [], False
        while True:
            try:
                message = self.socket.recv(65536)
            except BlockingIOError:
                return numbers, overrun
            except OSError as error:
                ksft_eq(error.errno, errno.ENOBUFS)
                overrun = True
            else:
                event = self.family.names("event", message[20:])
                numbers.append(event["seq"])


class Scene:
    """The module on this host, with one interface, and what it is asked."""

    # What changes while one looks.
    RESTLESS = {"peer": ("age", "silent", "expires-in", "heard"),
                "group": ("stats",), "event": ("ago",)}

    def __init__(self, **settings):
        self.tap = tap.Tap()
        lab.module()
        self.family = Family()
        self.family.find()
        self.raw = self.client()
        self.listeners = [Listener(self.family) for _ in range(2)]
        lab.wait_until(lambda: self.announced_since(0), what="tap0 joins")
        # It is quiet unless something is asked.
        sent = self.stats()["tx"]
        self.do("group-set", **{"name": "default", "interval": 3600000,
                                "expiry": 86400000, **settings})
        lab.wait_until(lambda: self.announced_since(sent), what="quiet")

    def announced_since(self, sent):
        """Has it announced itself since, and heard all its echoes?"""
        stats = self.stats()
        return stats["tx"] > sent and stats["own"] == stats["tx"]

    def client(self):
        """A socket for requests."""
        raw = self.family.raw()
        defer(raw.socket.close)
        return raw

    def message(self, command, values, flags=0):
        """A request."""
        return self.raw.message(command,
                                self.family.attributes(command, values), flags)

    def ask(self, command, values, flags=0):
        """Replies, error number and sentence."""
        self.raw.socket.send(self.message(command, values, flags))
        return self.raw.answer()

    def do(self, command, **values):
        """Something that must be done."""
        replies, code, sentence = self.ask(command, values)
        ksft_eq((code, sentence), (0, ""), (command, values))
        return replies

    def group(self, name="default"):
        """A group as it is shown."""
        (reply,) = self.do("group-get", name=name)
        return self.family.names("group", reply)

    def stats(self):
        """Counters of the group "default"."""
        return self.family.names("stats", self.group()["stats"])

    def interface(self):
        """The one in the group "default"."""
        (reply,) = self.do("group-get", name="default")
        return next(interface for interface in self.family.interfaces(reply)
                    if interface["ifname"] == tap.IFNAME)

    def journal(self):
        """Numbers of the last and the first event, and how many are lost."""
        (reply,) = self.do("event-get")
        return self.family.names("event", reply)

    def peers(self):
        """All peers by name."""
        replies, code, _ = self.ask("peer-get", {}, DUMP)
        ksft_eq(code, 0)
        peers = [self.family.names("peer", reply) for reply in replies]
        return {peer["name"]: peer for peer in peers}

    def at_rest(self, kind, data):
        """Attributes without what changes while one looks."""
        restless = [self.family.sets[kind][name][0] for name
                    in self.RESTLESS.get(kind, ())]
        return tuple((number, number not in restless and value)
                     for number, value in attrs_of(data))

    def state(self):
        """All there is to be seen, once interfaces have joined."""
        end = time.monotonic() + 10
        pending = True
        while pending:
            groups = [self.do("group-get", name=self.family.names(
                "group", reply)["name"])[0] for reply
                in self.ask("group-get", {}, DUMP)[0]]
            pending = any(interface["state"] == "pending" for group in groups
                          for interface in self.family.interfaces(group))
            if pending and time.monotonic() > end:
                raise TimeoutError("an interface is pending")
        peers = self.ask("peer-get", {}, DUMP)[0]
        return (sorted(self.at_rest("group", group) for group in groups),
                sorted(self.at_rest("peer", peer) for peer in peers),
                memberships(), table("udp"), table("dev_mcast"))

    def forget_events(self):
        """Let the listeners read what there is."""
        for listener in self.listeners:
            listener.told()

    def check_told(self, before, after):
        """Each listener got each event, or an error that says it did not.

        Returns how many did not.
        """
        wanted = list(range(before["seq"] + 1, after["seq"] + 1))
        missed = 0
        for listener in self.listeners:
            numbers, overrun = listener.told()
            ksft_true(overrun or numbers == wanted, (numbers, wanted))
            ksft_true(set(numbers) <= set(wanted), (numbers, wanted))
            missed += overrun
        return missed


def table(name):
    """Lines of a table in /proc/net, as far as they do not change."""
    with open(f"/proc/net/{name}", encoding="ascii") as stream:
        lines = [line.split() for line in stream]
    if name == "udp":
        lines = [line[1:4] for line in lines]
    return sorted(lines)


def memberships():
    """Interface, address and users of each membership."""
    found, ifname = [], None
    with open("/proc/net/igmp", encoding="ascii") as stream:
        for line in stream:
            part = line.split()
            if line.startswith("\t"):
                found.append((ifname, part[0], part[1]))
            else:
                ifname = part[1]
    return sorted(found)
