#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Random and mutated datagrams: a program of user space hears the same, and
says what the counters have to be."""

import socket
import time

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_ge, ksft_pr, ksft_run,
                        ksft_true)

import fuzz
import lab

HERE = lab.Host()
# As those who make the frames know them: of IPv4, of the link and on it.
ADDRESSES = ("10.1.1.100/24", "fe80::100/64", "2001:db8:1::100/64")
OTHER_ADDRESSES = ("10.1.1.2/24", "fe80::2/64", "2001:db8:1::2/64")
FAMILIES = ("ipv4", "ipv6")
# So few that a slow machine fills the table within a lifetime, too.
MAX_PEERS = 64

# What may become of a name that is good, depending on the table.
OF_NAMES = ("refreshed", "joined", "updated", "drop_interface",
            "drop_off_link", "drop_per_source", "drop_rate", "drop_full",
            "drop_paths", "drop_nomem")
# And of this host's own, depending on when it announced itself.
OF_OWN = ("own", "conflict")
# Each of these is due to the datagram alone.
OF_DATAGRAMS = ("shadowed", "drop_truncated", "drop_fragmented",
                "drop_prefix", "drop_empty", "drop_too_long", "drop_bad_byte",
                "drop_source")


def neighbour():
    """This host with the module, and another one right at its interface,
    which takes frames of more than a page. Both have IPv6."""
    other = lab.Namespace("other")
    for host in (HERE, other):
        host.use_ipv6()
    HERE.run("ip", "link", "add", "eth0", "mtu", "9000", "type", "veth",
             "peer", "name", "eth0", "mtu", "9000", "netns", other.net())
    defer(HERE.run, "ip", "link", "del", "eth0", check=False)
    for host, addresses in ((HERE, ADDRESSES), (other, OTHER_ADDRESSES)):
        host.ip("link set eth0 up", *(f"addr add {address} dev eth0 nodad"
                                      for address in addresses))
    # Lets some sources pass that no host has; and fragments that never get
    # whole shall not take the room of others for long.
    for setting, value in (("ipv4/conf/eth0/route_localnet", 1),
                           ("ipv4/ipfrag_time", 1),
                           ("ipv4/ipfrag_high_thresh", 67108864),
                           ("ipv6/ip6frag_time", 1),
                           ("ipv6/ip6frag_high_thresh", 67108864)):
        HERE.set(setting, value)
    lab.module()
    lab.wait_until(lambda: HERE.members() and HERE.members6(),
                   what="eth0 joins")
    ksft_eq((HERE.members(), HERE.members6()), ({"eth0": 1}, {"eth0": 1}))
    return other


def overruns():
    """Datagrams that were lost between the kernel and programs."""
    with open("/proc/net/snmp", encoding="ascii") as table:
        keys, values = [line.split() for line in table
                        if line.startswith("Udp:")]
    with open("/proc/net/snmp6", encoding="ascii") as table:
        of_ipv6 = dict(line.split() for line in table)
    return (int(values[keys.index("RcvbufErrors")]),
            int(of_ipv6["Udp6RcvbufErrors"]))


def send(other, own):
    """Send them; what was sent and heard, by name."""
    extent = fuzz.extent(1, 1_000_000, 10)
    result = HERE.run(fuzz.program("datagrams"), *extent,
                      "-N", other.net(), "-i", "eth0",
                      "-o", own, "-l", "local")
    return {key: int(value) for key, value in
            (line.split() for line in result.stdout.splitlines())}


def check_counters(before, after, heard):
    """The counters gained what the program has heard."""
    gain = {key: after[key] - before[key]
            for key in OF_NAMES + OF_OWN + OF_DATAGRAMS}

    def by_both(key):
        return sum(heard[f"{family}_{key}"] for family in FAMILIES)

    ksft_pr("counters:", gain)
    ksft_pr("heard:", heard)
    for key in OF_DATAGRAMS:
        ksft_eq(gain[key], by_both(key), key)
    ksft_eq(sum(gain[key] for key in OF_NAMES), by_both("name"), "names")
    ksft_eq(sum(gain[key] for key in OF_OWN), by_both("own"), "own name")
    ksft_eq(after["rx"], sum(value for key, value in after.items()
                             if key not in ("group", "rx", "tx", "tx_errors",
                                            "expired")), "rx")
    # None of them was for nothing, by either family.
    for key in OF_DATAGRAMS + ("name", "own"):
        for family in FAMILIES:
            ksft_ge(heard[f"{family}_{key}"], 1, (family, key))
    for key in ("refreshed", "joined", "updated", "drop_full", "conflict"):
        ksft_ge(gain[key], 1, key)


def check_table():
    """The table is within its bounds, and all that is in it is a name."""
    names = HERE.names()
    ksft_ge(MAX_PEERS, len(names))
    ksft_eq(len(set(names)), len(names))
    for name in names:
        ksft_true(fuzz.NAME.fullmatch(name), repr(name))


def check_peer(sender, group, name, address):
    """Who announces a name becomes a peer."""
    lab.announce(sender, name, group=group)
    lab.wait_until(lambda: name in HERE.names(), what=name)
    ksft_eq(HERE.json("show", name)["address"], address)


def counters_tell_what_came():
    """and the table holds names only, and no more than it may"""
    other = neighbour()
    own = socket.gethostname()
    HERE.mcpeer("register", "-l", "never", "local")
    # Short lives, so that there is always room for others; and nothing is said
    # that only one of both might hear.
    HERE.mcpeer("group", "set", "default", "interval", "1", "expiry", "2",
                "max-peers", str(MAX_PEERS), "listen", "*")
    lab.open_doors()
    time.sleep(1.5)
    lost, before = overruns(), HERE.stats()
    heard = send(other, own)
    ksft_eq(overruns(), lost, "overruns")
    check_counters(before, HERE.stats(), heard)
    check_table()

    # And all is as ever.
    HERE.mcpeer("group", "set", "default", "interval", "10", "expiry", "35",
                "max-peers", "4096")
    check_peer(other.sender("10.1.1.2"), lab.GROUP, "good", "10.1.1.2")
    check_peer(other.sender6(address="fe80::2"), lab.GROUP6, "good6",
               "fe80::2")


if __name__ == "__main__":
    ksft_run([counters_tell_what_came])
    ksft_exit()
