# SPDX-License-Identifier: GPL-2.0
"""The module's netlink family by the names of its specification.

It is asked in the network namespace in which we are, without a program.
"""

import functools
import json
import os
import struct
import sys

from rawnl import DUMP, Raw, attr, attrs_of

GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_FAMILY_ID, CTRL_FAMILY_NAME, CTRL_MCAST_GROUPS = 1, 2, 7


@functools.cache
def spec():
    """The specification as it is written."""
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                        "mcpeer.json")
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


class Family:
    """The specification's numbers, and requests by its names."""

    def __init__(self):
        known = spec()
        self.operations = {item["name"]: item for item
                           in known["operations"]["list"]}
        self.commands = {name: number for number, name
                         in enumerate(self.operations, 1)}
        self.sets = {item["name"]: {part["name"]: (number, part.get("type"))
                                    for number, part
                                    in enumerate(item["attributes"], 1)}
                     for item in known["attribute-sets"]}
        self.numbers = {kind: {number: (name, form) for name, (number, form)
                               in parts.items()}
                        for kind, parts in self.sets.items()}
        self.enums = {item["name"]: {number: entry["name"] for number, entry
                                     in enumerate(item["entries"], 1)}
                      for item in known["definitions"]
                      if item["type"] == "enum"}
        self.number = self.events = None

    def find(self):
        """Ask for the numbers that the family got when it was loaded."""
        name = attr(CTRL_FAMILY_NAME, b"mcpeer\0")
        with Raw(GENL_ID_CTRL, {}) as raw:
            raw.socket.send(raw.message(CTRL_CMD_GETFAMILY, name))
            replies, code, _ = raw.answer()
        if code:
            raise OSError(code, os.strerror(code), "family mcpeer")
        found = dict(attrs_of(replies[0]))
        (self.number,) = struct.unpack("H", found[CTRL_FAMILY_ID])
        ((_, group),) = attrs_of(found[CTRL_MCAST_GROUPS])
        (self.events,) = struct.unpack("I", dict(attrs_of(group))[2])

    def raw(self):
        """A socket for requests."""
        return Raw(self.number, self.commands)

    def attributes(self, command, values):
        """Attributes of a request."""
        known = self.sets[self.operations[command]["attribute-set"]]
        data = b""
        for name, value in values.items():
            number, kind = known[name]
            if kind == "string":
                value = value.encode() + b"\0"
            elif kind in ("u32", "u64"):
                value = struct.pack("I" if kind == "u32" else "Q", value)
            elif kind == "flag":
                value = b""
            data += attr(number, value)
        return data

    def names(self, kind, data):
        """Attributes by their names, numbers as numbers; the last of each."""
        known, found = self.numbers[kind], {}
        for number, value in attrs_of(data):
            name, form = known[number]
            if form in ("u32", "u64"):
                value = int.from_bytes(value, sys.byteorder)
            elif form == "string":
                value = value[:-1].decode()
            found[name] = value
        return found

    def interfaces(self, data):
        """Of a group as it is shown."""
        number, _ = self.sets["group"]["interface"]
        for part, value in attrs_of(data):
            if part == number:
                interface = self.names("interface", value)
                states = self.enums["interface-state"]
                interface["state"] = states[interface["state"]]
                yield interface


@functools.cache
def _known():
    """The family; its number is another one each time it is loaded."""
    return Family()


def _ask(command, values, flags=0):
    """The family, and what it replied to a request."""
    family = _known()
    family.find()
    for _ in range(10):
        with family.raw() as raw:
            raw.socket.send(raw.message(
                command, family.attributes(command, values), flags))
            replies, code, sentence = raw.answer()
        if code:
            raise OSError(code, sentence, command)
        if not raw.interrupted:
            break
    return family, replies


def peers(group=None):
    """All peers, or those of a group, each by the names of its attributes."""
    family, replies = _ask("peer-get", {"group": group} if group else {}, DUMP)
    return [family.names("peer", reply) for reply in replies]


def names(group=None):
    """Names of all peers, or of those of a group, in their order."""
    return sorted(peer["name"] for peer in peers(group))


def stats(group):
    """Counters of a group, by the names that the command has for them."""
    family, (reply,) = _ask("group-get", {"name": group})
    counters = family.names("stats", family.names("group", reply)["stats"])
    return {name.replace("-", "_"): value for name, value in counters.items()
            if isinstance(value, int)}


def interfaces(group):
    """Interfaces of a group: for each name the state of each family."""
    family, (reply,) = _ask("group-get", {"name": group})
    states = family.enums["interface-state"]
    return {interface["ifname"]: tuple(states.get(interface.get(kind))
                                       for kind in ("ipv4", "ipv6"))
            for interface in family.interfaces(reply)}


def joined(group):
    """Names of the interfaces that take part in a group."""
    family, (reply,) = _ask("group-get", {"name": group})
    return [interface["ifname"] for interface in family.interfaces(reply)
            if interface["state"] == "joined"]
