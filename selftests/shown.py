#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the command shows of groups, and of the paths of a peer."""

import json
import re
import time
import socket

from net.lib.py import ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import lab

HERE = lab.Host()

PATH_KEYS = ["address", "interface", "silent"]
GROUP_KEYS = ["name", "address", "address6", "port", "prefix", "ttl",
              "interval", "expiry", "max_peers", "per_source", "join_rate",
              "off_link", "hostname", "interface_patterns",
              "listen_patterns", "targets", "repeat", "peers"]
INTERFACE_KEYS = ["name", "index", "state", "ipv4", "ipv6", "listen", "error"]


def a_peer_with_several_paths_has_a_key_for_them():
    """and show has a line for each"""
    _, other = lab.pair()
    other.run("ip", "addr", "add", "10.1.1.3/24", "dev", "eth0")
    addresses = [other.address, "10.1.1.3"]
    for address in addresses:
        # Else they would be as if heard at once.
        time.sleep(0.05)
        lab.announce(other.sender(address), "k")
        lab.wait_until(lambda: HERE.names() == ["k"] and
                       HERE.json("show", "k")["address"] == address,
                       what=f"announcement from {address}")
    peer = HERE.json("show", "k")
    HERE.mcpeer("register", "local")
    keys = list(HERE.json("show", "local")) + ["paths"]
    ksft_eq(list(peer), keys)
    ksft_eq([list(path) for path in peer["paths"]], [PATH_KEYS] * 2)
    ksft_eq([(path["address"], path["interface"]) for path in peer["paths"]],
            [("10.1.1.3", "eth0"), (other.address, "eth0")])
    first, second = (path["silent"] for path in peer["paths"])
    ksft_true(first <= second, peer)
    for one, other_one in ((first, peer["silent"]), (second, peer["age"])):
        ksft_true(abs(one - other_one) < 0.1, peer)
    ksft_eq(re.findall(r"\d\.\d{4}", HERE.mcpeer("-j").stdout), [])
    ksft_eq(list(HERE.json("list")[0]), keys)
    lines = HERE.mcpeer("show", "k").stdout.splitlines()
    ksft_eq([re.sub(r"\d+\.\d{3}s$", "Ns", line) for line in lines[-2:]],
            ["path              10.1.1.3 eth0, silent Ns",
             f"path              {other.address} eth0, silent Ns"])
    # A list has the one that was heard last.
    ksft_in(" 10.1.1.3 ", HERE.mcpeer("list").stdout.splitlines()[0])
    # Only the updates after the first path make it several.
    events = HERE.mcpeer("-j", "monitor", "-s", "1", "-c", "2").stdout
    ksft_eq(["paths" in json.loads(event)["peer"]
             for event in events.splitlines()], [False, True])


def groups_are_shown_as_a_table_and_in_detail():
    """and as JSON"""
    lab.pair()
    HERE.mcpeer("group", "add", "lab", "port", "49002", "interval", "1.5",
                "expiry", "4", "prefix", "lab:")
    own = socket.gethostname()
    ksft_eq([line.split() for line in
             HERE.mcpeer("group", "show").stdout.splitlines()], [
        ["default", "239.2.3.4", "49001", "multitastic:", "15s", "35s",
         "0/4096", own],
        ["lab", "239.2.3.4", "49002", "lab:", "1.5s", "4s", "0/4096", own]])
    lab.wait_until(lambda: "eth0" in HERE.joined("lab"), what="eth0 joins")
    lines = HERE.mcpeer("group", "show", "lab").stdout.splitlines()
    fields = [line.split(None, 1) for line in lines]
    ksft_eq([key for key, _ in fields[:len(GROUP_KEYS)]],
            [{"interface_patterns": "interfaces",
              "listen_patterns": "listen"}.get(key, key.replace("_", "-"))
             for key in GROUP_KEYS])
    for field in (["address6", "ff12::ef02:304"], ["interfaces", "-"],
                  ["listen", "-"], ["targets", "-"], ["repeat", "1"],
                  ["interface", "lo loopback"]):
        ksft_in(field, fields)
    # By IPv6 it may join later.
    ksft_true(any(re.fullmatch(r"eth0 joined( \(IPv6: [a-z-]+\))?", value)
                  for _, value in fields), fields)

    groups = HERE.json("group", "show")
    ksft_eq([list(group) for group in groups], [GROUP_KEYS] * 2)
    ksft_eq(list(groups[1].values()),
            ["lab", "239.2.3.4", "ff12::ef02:304", 49002, "lab:", 1, 1.5, 4.0,
             4096, 16, 1000, "drop", own, None, None, [], 1, 0])
    group = HERE.json("group", "show", "lab")
    ksft_eq(list(group), GROUP_KEYS + ["interfaces"])
    for interface in group["interfaces"]:
        ksft_eq(list(interface), INTERFACE_KEYS)
    ksft_eq(list(group["interfaces"][0].values()),
            ["lo", 1, "loopback", "loopback", "loopback", False, None])


def families_and_patterns_of_a_group_are_shown():
    """An address of one family only, and interfaces that only listen"""
    lab.pair()
    HERE.use_ipv6()
    HERE.mcpeer("group", "add", "lab", "port", "49002", "address", "none",
                "interfaces", "eth*,!eth9", "listen", "*", "hostname", "alias")
    # There is room for one address.
    ksft_eq(HERE.mcpeer("group", "show").stdout.splitlines()[1].split()[:2],
            ["lab", "ff12::ef02:304"])
    lab.wait_until(lambda: "eth0" in HERE.joined("lab"), what="eth0 joins")
    lines = HERE.mcpeer("group", "show", "lab").stdout.splitlines()
    fields = [line.split(None, 1) for line in lines]
    for field in (["address", "-"], ["address6", "ff12::ef02:304"],
                  ["hostname", "alias"], ["interfaces", "eth*,!eth9"],
                  ["listen", "*"], ["interface", "eth0 joined, listens only"]):
        ksft_in(field, fields)
    group = HERE.json("group", "show", "lab")
    ksft_eq([group[key] for key in ("address", "hostname",
                                    "interface_patterns", "listen_patterns")],
            [None, "alias", "eth*,!eth9", "*"])
    ksft_eq([(interface["ipv4"], interface["ipv6"], interface["listen"])
             for interface in group["interfaces"]
             if interface["name"] == "eth0"], [(None, "joined", True)])
    # What is empty is sent as well.
    HERE.mcpeer("group", "set", "lab", "interfaces", "", "listen", "",
                "hostname", "", "address", "239.2.3.4", "address6", "none")
    group = HERE.json("group", "show", "lab")
    own = socket.gethostname()
    ksft_eq([group[key] for key in ("address", "address6", "hostname",
                                    "interface_patterns", "listen_patterns")],
            ["239.2.3.4", None, own, None, None])


def all_groups_are_shown_in_full():
    """as each of them is by its name"""
    lab.pair()
    for name, port in (("zoo", "49002"), ("lab", "49003")):
        HERE.mcpeer("group", "add", name, "port", port)

    def texts():
        return [HERE.mcpeer("group", "show", name).stdout
                for name in ("default", "lab", "zoo")]

    # Until all interfaces have joined, by both families.
    lab.wait_until(lambda: HERE.mcpeer("group", "show", "-v").stdout ==
                   "\n".join(texts()), what="the same text")
    lab.wait_until(lambda: HERE.json("group", "show", "--verbose") ==
                   [HERE.json("group", "show", name)
                    for name in ("default", "lab", "zoo")],
                   what="the same JSON")
    for args, sentence in (
            (("show", "-v", "lab"), "-v and NAME exclude each other"),
            (("add", "-v", "new"), "-v is only for show")):
        result = HERE.mcpeer("group", *args, check=False)
        ksft_eq(result.returncode, 2)
        ksft_in(sentence, result.stderr)


def what_bounds_names_is_shown():
    """as it was set"""
    lab.module()
    HERE.mcpeer("group", "set", "default", "per-source", "2", "join-rate",
                "3", "off-link", "accept")
    group = HERE.json("group", "show", "default")
    ksft_eq([group[key] for key in ("per_source", "join_rate", "off_link")],
            [2, 3, "accept"])
    fields = [line.split() for line in
              HERE.mcpeer("group", "show", "default").stdout.splitlines()]
    for field in (["per-source", "2"], ["join-rate", "3"],
                  ["off-link", "accept"]):
        ksft_in(field, fields)
    HERE.mcpeer("group", "set", "default", "off-link", "drop")
    ksft_eq(HERE.json("group", "show", "default")["off_link"], "drop")


def targets_are_shown():
    """in one form, as an array where it is JSON"""
    lab.module()
    HERE.mcpeer("group", "set", "default", "repeat", "3", "targets",
                "10.1.1.7,2001:DB8:0:0::7,255.255.255.255,fe80::7%eth0")
    targets = ["10.1.1.7", "2001:db8::7", "broadcast", "fe80::7%eth0"]
    group = HERE.json("group", "show", "default")
    ksft_eq((group["targets"], group["repeat"]), (targets, 3))
    ksft_eq(HERE.json("group", "show")[0]["targets"], targets)
    fields = [line.split() for line in
              HERE.mcpeer("group", "show", "default").stdout.splitlines()]
    for field in (["targets", ",".join(targets)], ["repeat", "3"]):
        ksft_in(field, fields)
    HERE.mcpeer("group", "set", "default", "targets", "")
    ksft_eq(HERE.json("group", "show", "default")["targets"], [])


def monitor_lines(*args):
    """Events of the journal as text, without the time."""
    return [line.split()[1:] for line in
            HERE.mcpeer("monitor", "-s", "1", *args).stdout.splitlines()]


def an_event_without_a_peer_is_told():
    """in its columns, in JSON, and where its group is asked for"""
    _, other = lab.pair()
    HERE.mcpeer("group", "add", "lab", "port", "49002")
    HERE.mcpeer("group", "set", "default", "max-peers", "1")
    lab.announce(other.sender(other.address), "a", "b")
    lab.wait_until(lambda: HERE.stats()["drop_full"] == 1, what="full table")
    HERE.mcpeer("-g", "lab", "register", "c")
    ksft_eq(monitor_lines("-c", "3")[1:],
            [["2", "table-full", "-", "default", "-", "-"],
             ["3", "join", "c", "lab", "-", "-"]])
    ksft_eq(monitor_lines("-c", "2", "-g", "default")[1:],
            [["2", "table-full", "-", "-", "-"]])
    ksft_eq(monitor_lines("-c", "1", "-g", "lab"),
            [["3", "join", "c", "-", "-"]])
    line = HERE.mcpeer("-j", "monitor", "-s", "2", "-c", "1").stdout
    ksft_eq(line, '{"seq":2,"event":"table-full","group":"default",'
            '"peer":null}\n')


def both_sides_of_a_conflict_are_told():
    """the other host, and where this one is"""
    _, other = lab.pair()
    own = socket.gethostname()
    lab.speak()
    lab.announce(other.sender(other.address), own)
    lab.wait_until(lambda: HERE.stats()["conflict"], what="conflict")
    ksft_eq(monitor_lines("-c", "1"),
            [["1", "conflict", own, "default", other.address, "eth0", "also",
              "this", "host,", "at", "10.1.1.100", "on", "eth0"]])


if __name__ == "__main__":
    ksft_run([
        a_peer_with_several_paths_has_a_key_for_them,
        groups_are_shown_as_a_table_and_in_detail,
        families_and_patterns_of_a_group_are_shown,
        all_groups_are_shown_in_full,
        what_bounds_names_is_shown,
        targets_are_shown,
        an_event_without_a_peer_is_told,
        both_sides_of_a_conflict_are_told,
    ])
    ksft_exit()
