#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Which interfaces take part, which only listen, and which are left out."""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_run, ksft_true

import lab


class Scene:
    """A host with some interfaces, of which each leads to a listener."""

    def __init__(self, *names):
        lab.module("autostart=0")
        self.host = lab.Namespace("host")
        self.ears, self.senders = {}, {}
        for number, name in enumerate(names):
            net = lab.Lan(f"10.1.{number}")
            net.plug(self.host, f"{net.subnet}.50", name)
            other = net.host("other")
            self.ears[name] = other.listener(other.address)
            self.senders[name] = other.sender(other.address)

    def set(self, *settings):
        """Change the group, which then announces at once."""
        self.host.mcpeer("group", "set", "default", *settings)

    def states(self):
        """State of each interface but the loopback, if IGMP agrees."""
        shown = {interface["name"]: interface["state"] for interface in
                 self.host.json("group", "show", "default")["interfaces"]
                 if interface["name"] != "lo"}
        joined = {name: 1 for name, state in shown.items()
                  if state == "joined"}
        return shown if self.host.members() == joined else None

    def expect(self, **states):
        """Soon they are these."""
        try:
            lab.wait_until(lambda: self.states() == states, deadline=5,
                           what="states")
        except TimeoutError:
            ksft_eq(self.states(), states, self.host.members())

    def heard(self):
        """Names of the interfaces on which something was said."""
        return {name for name, ear in self.ears.items() if lab.heard(ear)}


def patterns_choose_the_interfaces():
    """to include, to exclude, and all others"""
    scene = Scene("eth0", "eth1", "wlan0")
    scene.host.mcpeer("group", "add", "default", "interfaces", "eth*")
    scene.expect(eth0="joined", eth1="joined", wlan0="excluded")
    for patterns, chosen in (("!eth1", ("eth0", "wlan0")),
                             ("eth*,!eth1", ("eth0",)),
                             ("wlan?,eth1", ("eth1", "wlan0")),
                             ("*0", ("eth0", "wlan0")),
                             ("[!e]*", ("wlan0",)),
                             ("nothing", ()),
                             ("", ("eth0", "eth1", "wlan0"))):
        scene.set("interfaces", patterns)
        scene.expect(**{name: "joined" if name in chosen else "excluded"
                        for name in scene.ears})
        scene.heard()
        scene.set("interval", "14.9")
        time.sleep(0.2)
        ksft_eq(scene.heard(), set(chosen), patterns)
        for name, sender in scene.senders.items():
            lab.announce(sender, name)
        time.sleep(0.2)
        ksft_eq(set(scene.host.names()), set(chosen), patterns)
        for name in chosen:
            scene.host.mcpeer("expire", name)


def a_new_name_may_be_chosen():
    """or not, when an interface is renamed"""
    scene = Scene("eth0")
    scene.host.mcpeer("group", "add", "default", "interfaces", "!docker*")
    scene.expect(eth0="joined")
    scene.host.ip("link set eth0 down", "link set eth0 name docker0",
                  "link set docker0 up")
    scene.expect(docker0="excluded")
    scene.host.ip("link set docker0 down", "link set docker0 name lan",
                  "link set lan up")
    scene.expect(lan="joined")


def where_it_listens_nothing_is_announced():
    """but heard; and announced at once when it no longer only listens"""
    scene = Scene("eth0", "eth1")
    scene.host.mcpeer("group", "add", "default", "listen", "eth1")
    scene.expect(eth0="joined", eth1="joined")
    ksft_eq([(interface["name"], interface["listen"]) for interface in
             scene.host.json("group", "show", "default")["interfaces"]],
            [("lo", False), ("eth0", False), ("eth1", True)])
    time.sleep(60)
    ksft_eq(scene.heard(), {"eth0"})
    lab.announce(scene.senders["eth1"], "k")
    lab.wait_until(lambda: scene.host.names() == ["k"], what="peer")
    scene.set("listen", "")
    time.sleep(0.2)
    ksft_eq(scene.heard(), {"eth0", "eth1"})


def a_group_that_listens_says_nothing():
    """at all, not even on interfaces that come"""
    scene = Scene("eth0", "eth1")
    scene.host.mcpeer("group", "add", "default", "listen", "*")
    scene.expect(eth0="joined", eth1="joined")
    scene.host.ip("link set eth1 down", "link set eth1 up",
                  "addr add 10.1.0.51/24 dev eth0")
    time.sleep(120)
    ksft_eq(scene.heard(), set())
    ksft_eq(scene.host.stats()["tx"], 0)
    for name, sender in scene.senders.items():
        lab.announce(sender, name)
    lab.wait_until(lambda: scene.host.names() == ["eth0", "eth1"],
                   what="peers")
    scene.set("listen", "*,!eth0")
    time.sleep(0.2)
    ksft_eq(scene.heard(), {"eth0"})


def ports_of_a_bridge_are_left_to_it():
    """from when they become one until they are none"""
    scene = Scene("eth0", "eth1")
    scene.host.mcpeer("group", "add", "default")
    scene.expect(eth0="joined", eth1="joined")
    scene.host.ip("link add br7 up type bridge", "link set eth0 master br7",
                  "addr add 10.1.0.77/24 dev br7")
    scene.expect(eth0="port", eth1="joined", br7="joined")
    lab.announce(scene.senders["eth0"], "k")
    lab.wait_until(lambda: [(peer["name"], peer["interface"]) for peer in
                            scene.host.json("list")] == [("k", "br7")],
                   what="peer on the bridge")
    ksft_eq(scene.host.stats()["drop_interface"], 0)
    scene.host.ip("link set eth0 nomaster")
    scene.expect(eth0="joined", eth1="joined", br7="joined")
    scene.host.ip("link set eth0 master br7", "link del br7")
    scene.expect(eth0="joined", eth1="joined")


def ports_of_a_bond_are_left_to_it():
    """and the bond is heard"""
    lab.run("modprobe", "bonding", "max_bonds=0")
    scene = Scene("eth0", "eth1")
    scene.host.mcpeer("group", "add", "default")
    scene.host.ip("link set eth0 down", "link set eth1 down",
                  "link add bond7 type bond mode active-backup miimon 10",
                  "link set eth0 master bond7", "link set eth1 master bond7",
                  "link set bond7 up", "addr add 10.1.0.77/24 dev bond7")
    scene.expect(eth0="port", eth1="port", bond7="joined")
    lab.wait_until(lambda: "eth0" in scene.heard(), what="announcement",
                   deadline=20)
    lab.announce(scene.senders["eth0"], "k")
    lab.wait_until(lambda: [(peer["name"], peer["interface"]) for peer in
                            scene.host.json("list")] == [("k", "bond7")],
                   what="peer on the bond")


def virtual_interfaces_take_part():
    """VLANs and macvlans, with addresses of their own"""
    scene = Scene("eth0")
    scene.host.mcpeer("group", "add", "default")
    scene.host.ip("link add link eth0 name eth0.5 up type vlan id 5",
                  "link add link eth0 name mac0 up type macvlan mode bridge",
                  "addr add 10.7.5.1/24 dev eth0.5",
                  "addr add 10.7.6.1/24 dev mac0")
    scene.expect(**{"eth0": "joined", "eth0.5": "joined", "mac0": "joined"})
    ksft_ge(scene.host.stats()["tx"], 3)
    ksft_eq(scene.host.stats()["conflict"], 0)
    ksft_true("host" not in scene.host.names())


if __name__ == "__main__":
    ksft_run([
        patterns_choose_the_interfaces,
        a_new_name_may_be_chosen,
        where_it_listens_nothing_is_announced,
        a_group_that_listens_says_nothing,
        ports_of_a_bridge_are_left_to_it,
        ports_of_a_bond_are_left_to_it,
        virtual_interfaces_take_part,
    ])
    ksft_exit()
