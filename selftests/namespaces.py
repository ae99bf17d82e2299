#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Network namespaces with groups come and go."""

import subprocess

from net.lib.py import ksft_eq, ksft_exit, ksft_run

import lab
import load
import objects

HERE = lab.Host()

# What happens in each: an interface that takes part, a peer on either side of
# it, and then nothing is put away. One program that makes the interfaces is
# quicker than seven.
LINKS = """
link set lo up
link add q0 type veth peer name q1
addr add 10.9.0.1/24 dev q0
addr add 10.9.1.1/24 dev q1
link set q0 up
link set q1 up
"""
LIFE = f"""
ip -batch - <<end
{LINKS}
end
mcpeer group add default
mcpeer register -l never foo bar
mcpeer list | grep -q ^foo
"""


def lives(count):
    """As many namespaces, two at a time; how many of them failed."""
    commands = ["unshare", "-n", "-u", "sh", "-e", "-c", LIFE]
    failed = 0
    for _ in range(count // 2):
        pair = [subprocess.Popen(commands) for _ in range(2)]
        failed += sum(life.wait(120) != 0 for life in pair)
    return failed


def namespaces_with_groups_come_and_go():
    """each with an interface, a group and a peer"""
    lab.module("autostart=0")
    watch = objects.Objects()
    count = load.of(8, 1000)
    ksft_eq(lives(count), 0)
    lab.unload()
    # In each its peer, and of others the group, the socket, the value and
    # the event at least.
    watch.judge(peers=count, others=4 * count)


def namespaces_end_while_datagrams_arrive():
    """the host vanishes, its group hears until then"""
    lab.module("autostart=0")
    watch = objects.Objects()
    turns = load.of(1, 50)
    for _ in range(turns):
        net = lab.Lan()
        hosts = [net.host(f"host{i}") for i in range(3)]
        for host in hosts:
            host.mcpeer("group", "add", "default")
            lab.open_doors(host)
        load.flood(hosts[0], 20)
        lab.wait_until(lambda: len(hosts[1].names()) >= 20, what="peers",
                       deadline=60)
        for host in (*hosts[1:], hosts[0], net.switch):
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
