#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Network namespaces with groups come and go."""

import socket

from net.lib.py import ksft_eq, ksft_exit, ksft_run, ksft_true

import lab
import links
import load
import objects
import spaces
from asked import Family
from changes import FORK

HERE = lab.Host()


def live(family):
    """What happens in each: an interface that takes part, a peer, and then
    nothing is put away. The namespace before this one ends, as nobody is in
    it any more."""
    spaces.new_host("life")
    links.turn_on("lo")
    links.add_pair("q0", "q1")
    for ifname, address in (("q0", "10.9.0.1"), ("q1", "10.9.1.1")):
        links.add_address(ifname, address)
        links.turn_on(ifname)
    with family.raw() as raw:
        for command, values in (
                ("group-new", {"name": "default"}),
                ("peer-new", {"name": "foo", "value": "bar",
                              "permanent": True}),
                ("peer-get", {"name": "foo"})):
            code, why = raw.ask(command, family.attributes(command, values))
            if code:
                raise OSError(code, why, command)


def lives(count):
    """As many namespaces, two at a time; how those ended who made them."""
    family = Family()
    family.find()

    def some():
        for _ in range(count // 2):
            live(family)
    children = [FORK.Process(target=some) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return [child.exitcode for child in children]


def namespaces_with_groups_come_and_go():
    """each with an interface, a group and a peer"""
    lab.module("autostart=0")
    watch = objects.Objects()
    count = load.of(8, 1000)
    ksft_eq(lives(count), [0, 0])
    lab.unload()
    # In each its peer, and of others the group, the socket, the value and
    # the event at least.
    watch.judge(peers=count, others=4 * count)


def ports(switch):
    """Ports of the switch that still lead somewhere."""
    with switch.inside():
        return {name for _, name in socket.if_nameindex()
                if name.startswith("port")}


def namespaces_end_while_datagrams_arrive():
    """the hosts vanish, their groups hear until then"""
    lab.module("autostart=0")
    watch = objects.Objects()
    turns = load.of(1, 50)
    for _ in range(turns):
        net = lab.Lan()
        hosts = [net.host(f"host{i}") for i in range(3)]
        for host in hosts:
            host.mcpeer("group", "add", "default")
            lab.open_doors(host)
        flood = load.flood(hosts[0], 20)
        lab.wait_until(lambda: len(hosts[1].names()) >= 20, what="peers",
                       deadline=60)
        for host in hosts[1:]:
            host.leave()
        lab.wait_until(lambda: ports(net.switch) == {"port1"}, deadline=60,
                       what="end of two hosts")
        ksft_true(flood.child.is_alive(), "the flood goes on")
        flood.stop()
        for host in (hosts[0], net.switch):
            host.leave()
    lab.unload()
    watch.judge(peers=20 * turns, others=20 * turns)


def unloading_stops_the_groups_of_all_namespaces():
    """rmmod, with groups in four namespaces"""
    lab.module()
    net = lab.Lan()
    hosts = [net.host(f"host{i}") for i in range(4)]
    for host in hosts:
        host.mcpeer("group", "add", "default")
    lab.wait_until(lambda: len(hosts[0].names()) == 3, what="peers",
                   deadline=60)
    lab.unload()
    for host in hosts:
        ksft_eq(host.members(), {})


if __name__ == "__main__":
    ksft_run([
        namespaces_with_groups_come_and_go,
        namespaces_end_while_datagrams_arrive,
        unloading_stops_the_groups_of_all_namespaces,
    ])
    ksft_exit()
