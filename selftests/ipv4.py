#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A kernel that was started without IPv6, where IPv4 has to do."""

import os
import socket

from net.lib.py import KsftSkipEx, ksft_eq, ksft_exit, ksft_run

import frames
import lab

HERE = lab.Host()
OWN = socket.gethostname()
# A slow machine may be busy with something else.
DEADLINE = 60


def pair():
    """This host and another one on a LAN, both with IPv4 only."""
    if os.path.exists("/proc/sys/net/ipv6"):
        raise KsftSkipEx("this kernel has IPv6")
    return lab.pair()


def hosts_see_each_other():
    """though the group has an address of IPv6 as well"""
    _, other = pair()
    other.mcpeer("group", "add", "default")
    lab.wait_until(lambda: HERE.names() == ["other"] and
                   other.names() == [OWN], deadline=DEADLINE, what="peers")
    shown = HERE.json("group", "show", "default")
    ksft_eq(shown["address6"], lab.GROUP6)
    ksft_eq([(eth0["state"], eth0["ipv4"], eth0["ipv6"])
             for eth0 in shown["interfaces"] if eth0["name"] == "eth0"],
            [("joined", "joined", "no-address")])


def what_takes_ipv6_is_refused():
    """A group or a target of IPv6 alone; it changes nothing"""
    pair()
    before = HERE.json("group", "show")
    for verb, *args in (
            ("add", "six", "port", "49002", "address", "none"),
            ("add", "six", "port", "49002", "targets", "2001:db8::1"),
            ("set", "default", "address", "none"),
            ("set", "default", "ttl", "9", "targets", "2001:db8::1"),
            ("set", "default", "targets", "10.1.1.7,fe80::1%eth0")):
        ksft_eq(lab.refusal(HERE.mcpeer("group", verb, *args, check=False)),
                (1, f"mcpeer: cannot {verb} group '{args[0]}': "
                    "this kernel has no IPv6"))
    ksft_eq(HERE.json("group", "show"), before)


def all_else_is_done():
    """Settings that speak of IPv6 beside IPv4, and registrations"""
    _, other = pair()
    HERE.mcpeer("group", "set", "default", "address6", "ff15::5",
                "targets", f"broadcast,{other.address}")
    direct = other.socket()
    lab.defer(direct.close)
    direct.settimeout(DEADLINE)
    direct.bind((other.address, lab.PORT))
    HERE.mcpeer("group", "set", "default", "ttl", "2")
    ksft_eq(direct.recv(100), lab.PREFIX + OWN.encode())
    HERE.mcpeer("register", "-a", "fe80::5", "k")
    ksft_eq(HERE.json("show", "k")["address"], "fe80::5")


def what_comes_by_ipv6_is_nothing():
    """Frames, of which the kernel makes no datagrams"""
    _, other = pair()
    wire = frames.Wire(other)
    for source in ("fe80::1", "::1", "::"):
        wire.packet6(frames.ipv6(frames.udp6(lab.PREFIX + b"six", source),
                                 source))
    wire.datagram(lab.PREFIX + b"four", other.address)
    lab.wait_until(lambda: HERE.names() == ["four"], deadline=DEADLINE,
                   what="peer")
    ksft_eq(HERE.stats()["drop_source"], 0)


if __name__ == "__main__":
    ksft_run([
        hosts_see_each_other,
        what_takes_ipv6_is_refused,
        all_else_is_done,
        what_comes_by_ipv6_is_nothing,
    ])
    ksft_exit()
