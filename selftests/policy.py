#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The netlink family is what its specification says, and strict about it."""

import errno
import ipaddress
import socket
import struct
import sys

from net.lib.py import (NlError, YnlFamily, defer, ksft_eq, ksft_exit, ksft_ge,
                        ksft_in, ksft_run, ksft_true)
from net.lib.py.ynl import SPEC_PATH

import lab
from asked import spec
from rawnl import APPEND, CREATE, DUMP, ECHO, EXCL, REPLACE, Raw, attr

HERE = lab.Host()

# What a type of the specification is in the kernel's own words, and the
# largest number.
TYPES = {"string": ("nul-string", None), "binary": ("binary", None),
         "flag": ("flag", None), "u32": ("u32", 2 ** 32 - 1),
         "u64": ("u64", 2 ** 64 - 1)}


def client(name="mcpeer"):
    """The client of the kernel's own tools. It remembers the number of a
    family, which changes when a module is loaded again."""
    sys.modules[YnlFamily.__module__].genl_family_name_to_id = None
    family = YnlFamily(f"{SPEC_PATH}/{name}.yaml", schema="")
    defer(family.sock.close)
    return family


def load():
    """The module with its client."""
    lab.module()
    return client()


def requests(operation):
    """The attributes that each way of asking takes, by its name."""
    return {way: operation[way].get("request", {}).get("attributes", [])
            for way in ("do", "dump") if way in operation}


def attributes(name):
    """The attributes of a set, in the order of their numbers."""
    for attrs in spec()["attribute-sets"]:
        if attrs["name"] == name:
            return attrs["attributes"]
    raise KeyError(name)


def wanted_policy(operation):
    """What the specification lets into an operation, by number."""
    taken = set().union(*requests(operation).values())
    policy = {}
    for number, item in enumerate(attributes(operation["attribute-set"]), 1):
        if item["name"] not in taken:
            continue
        kind, most = TYPES[item["type"]]
        policy[number] = {"type": kind}
        if most:
            checks = item.get("checks", {})
            policy[number]["min-value-u"] = checks.get("min", 0)
            policy[number]["max-value-u"] = checks.get("max", most)
    return policy


def operations():
    """Those of the specification that can be asked for, by number."""
    return {number: operation for number, operation
            in enumerate(spec()["operations"]["list"], 1)
            if "event" not in operation}


def kernel_policies():
    """The kernel's: for each operation its policy, by number."""
    used, policies = {}, {}
    for part in client("nlctrl").dump("getpolicy", {"family-name": "mcpeer"}):
        if "op-policy" in part:
            for item in in_list(part["op-policy"]):
                used[item.pop("op-id")] = item
        if "policy" in part:
            for item in in_list(part["policy"]):
                index, number = item.pop("policy-id"), item.pop("attr-id")
                policies.setdefault(index, {})[number] = item
    return {number: {way: policies[index] for way, index in ways.items()}
            for number, ways in used.items()}


def in_list(value):
    """The client makes a list only of more than one."""
    return value if isinstance(value, list) else [value]


def the_kernel_takes_what_the_specification_says():
    """Operations, attributes, types, bounds"""
    lab.module()
    policies = kernel_policies()
    ksft_eq(sorted(policies), sorted(operations()))
    for number, operation in operations().items():
        for way in requests(operation):
            ksft_eq(policies[number][way], wanted_policy(operation),
                    (operation["name"], way))


def the_family_is_as_specified():
    """Name, ways of asking, who may ask, multicast group"""
    lab.module()
    family = client("nlctrl").do("getfamily", {"family-name": "mcpeer"})
    flags = {}
    for item in family["ops"]:
        (known,) = item.values()
        flags[known["id"]] = known["flags"]
    ksft_eq(sorted(flags), sorted(operations()))
    for number, operation in operations().items():
        wanted = {"cmd-cap-haspol"}
        wanted |= {f"cmd-cap-{way}" for way in requests(operation)}
        wanted |= set(operation.get("flags", []))
        ksft_eq(flags[number], wanted, operation["name"])
    ksft_eq((family["version"], family["hdrsize"]), (1, 0))
    groups = [group["name"] for item in family["mcast-groups"]
              for group in item.values()]
    ksft_eq(groups, [group["name"] for group
                     in spec()["mcast-groups"]["list"]])


def replies(operation, way):
    """What the specification says that a reply holds."""
    for item in spec()["operations"]["list"]:
        if item["name"] == operation:
            return item[way]["reply"]["attributes"]
    raise KeyError(operation)


def check_replies(operation, way, *answers):
    """Answers hold nothing but what the specification says."""
    for answer in answers:
        ksft_true(set(answer) <= set(replies(operation, way)), answer)


def another_client_does_all_with_peers():
    """Register, get, dump, expire, remove"""
    family = load()
    address = ipaddress.ip_address("fe80::7").packed
    family.do("peer-new", {"name": "k", "value": "v", "lifetime": 5000,
                           "address": address})
    family.do("peer-new", {"name": "p", "permanent": True, "group": "default"})
    peer = family.do("peer-get", {"name": "k"})
    check_replies("peer-get", "do", peer)
    shown = HERE.json("show", "k")
    for key in ("group", "name", "address", "value", "source", "state",
                "heard"):
        ksft_eq(peer[key], shown[key], key)
    ksft_true(4000 < peer["expires-in"] <= 5010, peer)
    dump = family.dump("peer-get", {})
    check_replies("peer-get", "dump", *dump)
    ksft_eq([peer["name"] for peer in dump], ["k", "p"])
    ksft_true("expires-in" not in dump[1])
    family.do("peer-expire", {"name": "k"})
    family.do("peer-del", {"name": "p"})
    ksft_eq(family.dump("peer-get", {"group": "default"}), [])


def another_client_does_all_with_groups():
    """Add, get, dump, change, remove"""
    family = load()
    address = socket.inet_aton("239.7.7.7")
    family.do("group-new", {"name": "lab", "address": address, "port": 4711,
                            "prefix": "lab:", "ttl": 3, "interval": 2000,
                            "expiry": 9000, "max-peers": 12})
    group = family.do("group-get", {"name": "lab"})
    check_replies("group-get", "do", group)
    shown = HERE.json("group", "show", "lab")
    for key in ("name", "address", "port", "prefix", "ttl", "hostname"):
        ksft_eq(group[key], shown[key], key)
    ksft_eq((group["interval"], group["expiry"], group["max-peers"]),
            (2000, 9000, 12))
    ksft_eq([(item["ifname"], item["state"]) for item in group["interface"]],
            [("lo", "loopback")])
    names = [item["name"] for item in attributes("stats")]
    ksft_eq(list(group["stats"]), [name for name in names if name != "pad"])
    family.do("group-set", {"name": "lab", "ttl": 7})
    dump = family.dump("group-get", {})
    check_replies("group-get", "dump", *dump)
    ksft_eq([(group["name"], group["ttl"]) for group in dump],
            [("default", 1), ("lab", 7)])
    family.do("group-del", {"name": "lab"})
    ksft_eq(len(family.dump("group-get", {})), 1)


def another_client_follows_the_events():
    """As they happen, and from the journal"""
    family = load()
    family.ntf_subscribe("events")
    ksft_eq(family.do("event-get", {}), {"seq": 0, "first": 1, "lost": 0})
    for value in ("v1", "v2"):
        HERE.mcpeer("register", "k", value)
    HERE.mcpeer("unregister", "k")
    family.check_ntf()
    events = [item["msg"] for item in family.async_msg_queue]
    check_replies("event-get", "dump", *events)
    ksft_eq([(event["seq"], event["type"], event["peer"]["value"])
             for event in events],
            [(1, "join", "v1"), (2, "update", "v2"), (3, "leave", "v2")])
    ksft_eq(family.do("event-get", {}), {"seq": 3, "first": 1, "lost": 0})
    journal = family.dump("event-get", {})
    check_replies("event-get", "dump", *journal)
    for event in events + journal:
        del event["ago"]
    ksft_eq(journal, events)
    ksft_eq([event["seq"] for event in family.dump("event-get", {"since": 3})],
            [3])


def times_apart(answer):
    """An answer without what changes while one asks."""
    return {key: value for key, value in answer.items()
            if key not in ("age", "silent", "expires-in", "stats",
                           "interface")}


def one_and_all_agree():
    """What a request tells of a peer or a group, a dump tells too"""
    here, other = lab.pair()
    family = client()
    lab.announce(other.sender(other.address), "alien")
    lab.wait_until(here.names, what="peer")
    here.mcpeer("register", "-a", "10.9.9.9", "k", "v")
    here.mcpeer("group", "add", "lab", "port", "4711", "interval", "1",
                "expiry", "2")
    for operation, number in (("peer-get", 2), ("group-get", 2)):
        dump = family.dump(operation, {})
        ksft_eq(len(dump), number)
        for item in dump:
            one = family.do(operation, {"name": item["name"]})
            ksft_eq(times_apart(one), times_apart(item))
            ksft_eq(set(one) - {"interface"}, set(item))


def raw_client():
    """The module with a client for requests of any form."""
    family = load()
    numbers = {operation["name"]: number for number, operation
               in enumerate(spec()["operations"]["list"], 1)}
    raw = Raw(family.nlproto.family_id, numbers)
    defer(raw.socket.close)
    return raw


# Numbers of attributes, as the specification has them.
GROUP, NAME, ADDRESS, VALUE, SOURCE = 1, 2, 3, 6, 7
LIFETIME, PERMANENT = 13, 14
# Of a group, and of an event.
PORT, MAX_PEERS, PEERS, INTERFACE = 4, 9, 18, 19
SINCE = 8
K = attr(NAME, b"k\0")

# The kernel says one or the other, by the kind of attribute.
WRONG_LENGTH = (errno.EINVAL, errno.ERANGE)


def unknown_attributes_are_refused():
    """and those that are for other requests, and broken ones"""
    raw = raw_client()
    u32, u64 = struct.pack("I", 1), struct.pack("Q", 1)
    for command, attrs in (
            ("peer-new", K + attr(99, u32)), ("peer-get", K + attr(15, u32)),
            ("peer-new", K + attr(SOURCE, u32)),
            ("peer-new", K + attr(0, u32)),
            ("peer-get", K + attr(VALUE, b"v\0")),
            ("peer-del", K + attr(LIFETIME, u32)),
            ("peer-expire", K + attr(ADDRESS, u32)),
            ("group-get", attr(1, b"g\0") + attr(2, u32)),
            ("group-del", attr(1, b"g\0") + attr(3, u32)),
            ("group-new", attr(1, b"g\0") + attr(PEERS, u32)),
            ("group-set", attr(1, b"g\0") + attr(INTERFACE, b"")),
            ("event-get", attr(1, u64)), ("event-get", attr(2, u32)),
            ("peer-new", K + b"\0\0\0"), ("peer-new", K + attr(99, b"")[:3]),
            ("peer-new", K + struct.pack("HH", 99, VALUE))):
        code, sentence = raw.ask(command, attrs)
        ksft_eq(code, errno.EINVAL, (command, attrs))
        ksft_ge(len(sentence), 10, (command, attrs))
    for attrs in (attr(NAME, b"k\0"), attr(VALUE, b"v\0"), attr(99, u32)):
        ksft_eq(raw.ask("peer-get", attrs, DUMP)[0], errno.EINVAL, attrs)
    ksft_eq(raw.ask("peer-get", K, DUMP),
            (errno.EINVAL, "a dump of peers takes no name"))
    ksft_eq(raw.ask("group-get", attr(1, b"default\0"), DUMP),
            (errno.EINVAL, "a dump of groups takes no name"))
    ksft_eq(raw.ask("event-get", attr(SINCE, u64)),
            (errno.EINVAL, "since belongs to a dump of events"))
    ksft_eq(HERE.names(), [])


def wrong_lengths_are_refused():
    """Numbers, flags, strings, addresses"""
    raw = raw_client()
    for attrs in ((LIFETIME, b""), (LIFETIME, b"123"), (LIFETIME, b"12345678"),
                  (PERMANENT, b"1234")):
        ksft_in(raw.ask("peer-new", K + attr(*attrs))[0], WRONG_LENGTH, attrs)
    for attrs in (attr(NAME, b""), attr(NAME, b"k"), K + attr(VALUE, b"v"),
                  K + attr(GROUP, b"default")):
        ksft_in(raw.ask("peer-new", attrs)[0], WRONG_LENGTH, attrs)
    for length in (0, 1, 3, 5, 8, 15, 17):
        ksft_eq(raw.ask("peer-new", K + attr(ADDRESS, b"\x0a" * length)),
                (errno.EINVAL, "the address must be the IPv4 or IPv6 address "
                 "of a host"), length)
    for length in (1, 3, 5, 16):
        ksft_eq(raw.ask("group-set", attr(1, b"default\0") +
                        attr(2, b"\xef" * length)),
                (errno.EINVAL, "the address is not an IPv4 multicast address"),
                length)
    for command, attrs in (
            ("group-set", attr(1, b"default\0") + attr(PORT, b"12")),
            ("group-new", attr(1, b"g\0") + attr(MAX_PEERS, b"1"))):
        ksft_in(raw.ask(command, attrs)[0], WRONG_LENGTH, command)
    ksft_in(raw.ask("event-get", attr(SINCE, b"1234"), DUMP)[0], WRONG_LENGTH)
    ksft_eq(HERE.names(), [])


def what_a_string_hides_is_refused():
    """A NUL in its midst, and what the command would never send"""
    raw = raw_client()
    rule = "a name must be 1 to 64 bytes of printable ASCII without space"
    for name in (b"k\0k\0", b"\0", b"\0k\0", b"k\0\0", b"n" * 65 + b"\0"):
        for command in ("peer-new", "peer-get", "peer-del", "peer-expire"):
            ksft_eq(raw.ask(command, attr(NAME, name)), (errno.EINVAL, rule),
                    name)
    ksft_eq(raw.ask("peer-new", K + attr(VALUE, b"v\0v\0")),
            (errno.EINVAL, "a value must be well-formed UTF-8 without NUL"))
    ksft_eq(raw.ask("peer-new", K + attr(LIFETIME, struct.pack("I", 9)) +
                    attr(PERMANENT, b"")),
            (errno.EINVAL, "a permanent registration has no lifetime"))
    for command in ("peer-new", "peer-get", "peer-del", "peer-expire"):
        ksft_eq(raw.ask(command),
                (errno.EINVAL, "the request lacks the name of a peer"))
    for command in ("group-new", "group-get", "group-set", "group-del"):
        ksft_eq(raw.ask(command),
                (errno.EINVAL, "the request lacks the name of a group"))
    ksft_eq(raw.ask("peer-new", K + attr(GROUP, b"default\0\0"))[0],
            errno.ENOENT)
    ksft_eq(HERE.names(), [])


def unknown_flags_are_refused():
    """and reserved bits, and unknown operations"""
    raw = raw_client()
    ours = (errno.EINVAL,
            "unknown flags, or reserved bits set, in the header")
    for flags in (0x2, 0x10, 0x20, 0x80, APPEND, 0x1000, 0x8000):
        ksft_eq(raw.ask("peer-new", K, flags), ours, flags)
        for command in ("peer-get", "peer-del", "peer-expire", "group-get",
                        "group-new", "group-set", "group-del", "event-get"):
            code, sentence = raw.ask(command, K, flags)
            ksft_eq(code, errno.EINVAL, (command, flags))
            ksft_ge(len(sentence), 10)
    ksft_eq(raw.ask("peer-new", K, reserved=1), ours)
    ksft_eq(raw.ask("peer-get", K, reserved=1)[0], errno.EINVAL)
    for command in (0, "event-ntf", 99, 255):
        ksft_eq(raw.ask(command, K)[0], errno.EOPNOTSUPP, command)
    for command in ("peer-new", "peer-del", "group-new", "group-del"):
        ksft_eq(raw.ask(command, K, DUMP)[0], errno.EOPNOTSUPP, command)
    ksft_eq(HERE.names(), [])


def the_usual_flags_choose_what_may_be():
    """NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE"""
    raw = raw_client()
    ksft_eq(raw.ask("peer-new", K, REPLACE)[0], errno.ENOENT)
    ksft_eq(raw.ask("peer-new", K, CREATE | EXCL | ECHO), (0, ""))
    ksft_eq(raw.ask("peer-new", K, CREATE | EXCL)[0], errno.EEXIST)
    ksft_eq(raw.ask("peer-new", K, EXCL)[0], errno.EEXIST)
    for flags in (0, CREATE, REPLACE, CREATE | REPLACE):
        ksft_eq(raw.ask("peer-new", K, flags), (0, ""), flags)
    ksft_eq(raw.ask("peer-new", attr(NAME, b"j\0"), CREATE | REPLACE), (0, ""))
    ksft_eq(HERE.names(), ["j", "k"])


def refusals_point_to_the_attribute():
    """for clients that say no more than that"""
    family = load()
    for operation, attrs, culprit in (
            ("peer-new", {"name": "a b"}, ".name"),
            ("peer-new", {"name": "k", "address": b"1"}, ".address"),
            ("peer-new", {"name": "k", "value": "v" * 300}, ".value"),
            ("peer-new", {"name": "k", "lifetime": 0}, ".lifetime"),
            ("group-set", {"name": "default", "ttl": 0}, ".ttl"),
            ("group-set", {"name": "default", "prefix": "p" * 33}, ".prefix")):
        try:
            family.do(operation, attrs)
            ksft_true(False, attrs)
        except NlError as error:
            ksft_eq(error.nl_msg.extack.get("bad-attr"), culprit, attrs)
            ksft_ge(len(error.nl_msg.extack.get("msg", "")), 10)


if __name__ == "__main__":
    ksft_run([
        the_kernel_takes_what_the_specification_says,
        the_family_is_as_specified,
        another_client_does_all_with_peers,
        another_client_does_all_with_groups,
        another_client_follows_the_events,
        one_and_all_agree,
        unknown_attributes_are_refused,
        wrong_lengths_are_refused,
        what_a_string_hides_is_refused,
        unknown_flags_are_refused,
        the_usual_flags_choose_what_may_be,
        refusals_point_to_the_attribute,
    ])
    ksft_exit()
