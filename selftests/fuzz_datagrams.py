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
ADDRESS, OTHER_ADDRESS = "10.1.1.100", "10.1.1.2"
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
    which takes frames of more than a page."""
    other = lab.Namespace("other")
    HERE.run("ip", "link", "add", "eth0", "mtu", "9000", "type", "veth",
             "peer", "name", "eth0", "mtu", "9000", "netns", other.net())
    defer(HERE.run, "ip", "link", "del", "eth0", check=False)
    for host, address in ((HERE, ADDRESS), (other, OTHER_ADDRESS)):
        host.run("ip", "addr", "add", f"{address}/24", "dev", "eth0")
        host.run("ip", "link", "set", "eth0", "up")
    # Lets some sources pass that no host has; and fragments that never get
    # whole shall not take the room of others for long.
    for setting, value in (("conf/eth0/route_localnet", 1), ("ipfrag_time", 1),
                           ("ipfrag_high_thresh", 67108864)):
        HERE.set(f"ipv4/{setting}", value)
    lab.module()
    lab.wait_until(lambda: "eth0" in HERE.joined(), what="eth0 joins")
    return other


def overruns():
    """Datagrams that were lost between the kernel and programs."""
    with open("/proc/net/snmp", encoding="ascii") as table:
        keys, values = [line.split() for line in table
                        if line.startswith("Udp:")]
    return int(values[keys.index("RcvbufErrors")])


def send(other, own):
    """Send them; what was sent and heard, by name."""
    extent = fuzz.extent(1, 1_000_000, 10)
    result = HERE.run(fuzz.program("datagrams"), *extent,
                      "-N", other.net(), "-i", "eth0",
                      "-a", ADDRESS, "-o", own, "-l", "local")
    return {key: int(value) for key, value in
            (line.split() for line in result.stdout.splitlines())}


def check_counters(before, after, heard):
    """The counters gained what the program has heard."""
    gain = {key: after[key] - before[key]
            for key in OF_NAMES + OF_OWN + OF_DATAGRAMS}
    ksft_pr("counters:", gain)
    ksft_pr("heard:", heard)
    for key in OF_DATAGRAMS:
        ksft_eq(gain[key], heard[key], key)
    ksft_eq(sum(gain[key] for key in OF_NAMES), heard["name"], "names")
    ksft_eq(sum(gain[key] for key in OF_OWN),
            sum(heard[key] for key in OF_OWN), "own name")
    ksft_eq(after["rx"], sum(value for key, value in after.items()
                             if key not in ("group", "rx", "tx", "tx_errors",
                                            "expired")), "rx")
    # None of them was for nothing.
    for key in OF_DATAGRAMS:
        ksft_ge(heard[key], 1, key)
    for key in ("refreshed", "joined", "updated", "drop_full", "conflict"):
        ksft_ge(gain[key], 1, key)


def check_table():
    """The table is within its bounds, and all that is in it is a name."""
    names = HERE.names()
    ksft_ge(MAX_PEERS, len(names))
    ksft_eq(len(set(names)), len(names))
    for name in names:
        ksft_true(fuzz.NAME.fullmatch(name), repr(name))


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
    HERE.mcpeer("group", "set", "default", "max-peers", "4096")
    lab.announce(other.sender(OTHER_ADDRESS), "good")
    lab.wait_until(lambda: "good" in HERE.names(), what="peer")


if __name__ == "__main__":
    ksft_run([counters_tell_what_came])
    ksft_exit()
