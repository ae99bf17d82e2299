#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Network namespaces with groups come and go."""

import os
import sys

from net.lib.py import ksft_eq, ksft_exit, ksft_run

import lab

HERE = lab.Host()
FLOOD = os.path.join(os.path.dirname(os.path.realpath(__file__)), "flood.py")

# What happens in each: an interface that takes part, a peer on either side of
# it, and then nothing is put away.
LIFE = """
ip link set lo up
ip link add q0 type veth peer name q1
ip addr add 10.9.0.1/24 dev q0
ip addr add 10.9.1.1/24 dev q1
ip link set q0 up
ip link set q1 up
mcpeer group add default
mcpeer register -l never foo bar
mcpeer list | grep -q ^foo
"""


def two_hundred_namespaces_with_groups_come_and_go():
    """each with an interface, a group and a peer"""
    lab.module()
    failed = 0
    for _ in range(100):
        lives = [HERE.popen("unshare", "-n", "-u", "sh", "-e", "-c", LIFE)
                 for _ in range(2)]
        failed += sum(life.wait(30) != 0 for life in lives)
    ksft_eq(failed, 0)
    lab.unload()


def namespaces_end_while_datagrams_arrive():
    """the host vanishes, its group hears until then"""
    lab.module()
    for _ in range(10):
        net = lab.Lan()
        hosts = [net.host(f"host{i}") for i in range(3)]
        for host in hosts:
            host.mcpeer("group", "add", "default")
        flood = hosts[0].popen(sys.executable, FLOOD, hosts[0].address, "20")
        lab.wait_until(lambda: len(hosts[1].names()) >= 20, what="peers",
                       deadline=30)
        for host in (*hosts[1:], hosts[0], net.switch):
            host.leave()
        lab.stop(flood)
    lab.unload()


def unloading_stops_the_groups_of_all_namespaces():
    """rmmod, with groups in ten namespaces"""
    lab.module()
    net = lab.Lan()
    hosts = [net.host(f"host{i}") for i in range(10)]
    for host in hosts:
        host.mcpeer("group", "add", "default")
    lab.wait_until(lambda: len(hosts[0].names()) == 9, what="peers",
                   deadline=30)
    lab.unload()
    for host in hosts:
        ksft_eq(host.members(), {})


if __name__ == "__main__":
    ksft_run([
        two_hundred_namespaces_with_groups_come_and_go,
        namespaces_end_while_datagrams_arrive,
        unloading_stops_the_groups_of_all_namespaces,
    ])
    ksft_exit()
