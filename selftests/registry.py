#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The eight behaviours of the program whose job this is."""

import socket

from net.lib.py import ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import lab

HERE = lab.Host()


def lan():
    """This host with the module, and another one on the LAN."""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    other = net.host("other")
    lab.wait_until(lambda: HERE.json("group", "show", "default")
                   ["interfaces"][-1]["state"] == "joined", what="joined")
    return other.sender(other.address)


def values():
    """All registrations as pairs."""
    return [(peer["name"], peer["value"]) for peer in HERE.json("list")]


def a_key_and_value_are_registered_and_listed():
    """register, then list"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    ksft_eq(values(), [("k1", "v1")])


def the_value_of_the_same_key_is_updated():
    """register twice"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    HERE.mcpeer("register", "k1", "v2")
    ksft_eq(values(), [("k1", "v2")])


def values_of_different_keys_are_added():
    """register two names"""
    lab.module()
    HERE.mcpeer("register", "k2", "v2")
    HERE.mcpeer("register", "k1", "v1")
    ksft_eq(values(), [("k1", "v1"), ("k2", "v2")])


def a_forced_expiry_removes_the_entry():
    """expire, which runs what the timer runs"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    monitor = HERE.monitor()
    HERE.mcpeer("expire", "k1")
    ksft_eq(values(), [])
    ksft_eq(monitor.take(1), [("expire", "k1")])


def a_refresh_that_meets_the_expiry_keeps_the_new_value():
    """the timeout, then a register, without waiting in between"""
    lab.module()
    for turn in range(20):
        HERE.mcpeer("register", "k1", "old")
        expiry = HERE.popen("mcpeer", "expire", "k1")
        HERE.mcpeer("register", "k1", f"new{turn}")
        expiry.wait()
        # Whichever came first: there is no error, and an entry that was
        # registered after the expiry has the new value.
        if values():
            ksft_eq(values(), [("k1", f"new{turn}")])
        HERE.mcpeer("register", "k1", f"last{turn}")
        ksft_eq(values(), [("k1", f"last{turn}")])


def the_lifetime_restarts_on_create_and_on_update():
    """expires_in after each register"""
    lab.module()
    HERE.mcpeer("register", "-l", "20", "k1", "v1")
    first = HERE.json("show", "k1")
    ksft_true(19 < first["expires_in"] <= 20.1, first)
    lab.wait_until(lambda: HERE.json("show", "k1")["expires_in"] < 15,
                   deadline=20, what="time passes", pause=1)
    HERE.mcpeer("register", "-l", "20", "k1", "v2")
    again = HERE.json("show", "k1")
    ksft_true(19 < again["expires_in"] <= 20.1, again)
    ksft_true(again["age"] > 5, again)


def other_hosts_are_registered():
    """a datagram with another name"""
    sender = lan()
    lab.announce(sender, "somehost")
    peer = lab.wait_until(lambda: HERE.json("list"), what="peer")[0]
    ksft_eq((peer["name"], peer["address"], peer["interface"], peer["source"]),
            ("somehost", "10.1.1.2", "eth0", "network"))


def this_host_is_not_registered():
    """a datagram with this host's name, then one with another"""
    sender = lan()
    own = socket.gethostname()
    lab.speak()
    lab.announce(sender, own, "somehost")
    lab.wait_until(HERE.names, what="peer")
    ksft_eq(HERE.names(), ["somehost"])
    ksft_in(HERE.stats()["conflict"], (1,))


if __name__ == "__main__":
    ksft_run([
        a_key_and_value_are_registered_and_listed,
        the_value_of_the_same_key_is_updated,
        values_of_different_keys_are_added,
        a_forced_expiry_removes_the_entry,
        a_refresh_that_meets_the_expiry_keeps_the_new_value,
        the_lifetime_restarts_on_create_and_on_update,
        other_hosts_are_registered,
        this_host_is_not_registered,
    ])
    ksft_exit()
