#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hosts on a bridge that see each other, and interfaces that come and go."""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_in, \
    ksft_run, ksft_true

import lab

# A moment: how long until a change of interfaces has its effect.
MOMENT = 0.5


def start(host, *settings):
    """Have a host take part."""
    host.mcpeer("group", "add", "default", *settings)


def lan_of(count):
    """So many hosts that take part."""
    lab.module("autostart=0")
    net = lab.Lan()
    hosts = [net.host(f"host{number}") for number in range(count)]
    for host in hosts:
        start(host)
    return hosts


def others(host, hosts):
    """Whom a host should see: name and address."""
    return sorted((other.name, other.address) for other in hosts
                  if other is not host)


def seen(host):
    """Whom a host does see."""
    return [(peer["name"], peer["address"]) for peer in host.json("list")]


def everybody_sees_all_others_and_not_itself():
    """ten hosts, for some minutes"""
    hosts = lan_of(10)
    time.sleep(15.1)
    monitors = [host.monitor() for host in hosts]
    for _ in range(5):
        for host in hosts:
            ksft_eq(seen(host), others(host, hosts), host.name)
        time.sleep(40)
    for host, monitor in zip(hosts, monitors):
        ksft_eq(monitor.next(0.01), None, "nothing happens")
        ksft_ge(host.stats()["own"], 1, "the own announcements come back")
        ksft_eq(host.stats()["conflict"], 0)


def a_host_that_vanishes_is_gone_35_s_after_its_last_word():
    """its namespace is killed"""
    hosts = lan_of(6)
    time.sleep(15.1)
    gone = hosts.pop()
    monitors = [host.monitor() for host in hosts]
    gone.leave()
    time.sleep(19.9)
    for host in hosts:
        ksft_in((gone.name, gone.address), seen(host))
    time.sleep(15.2)
    for host, monitor in zip(hosts, monitors):
        ksft_eq(seen(host), others(host, hosts), host.name)
        event = monitor.next(0.01)
        ksft_eq((event["event"], event["peer"]["name"]),
                ("expire", gone.name))
        ksft_true(35 <= event["peer"]["silent"] < 35.01, event)
        ksft_eq(monitor.next(0.01), None, "nothing else happens")


def a_host_that_stops_and_starts_again_is_seen_at_once():
    """its group is deleted, and added after its peers forgot it"""
    hosts = lan_of(3)
    time.sleep(15.1)
    first, others_ = hosts[0], hosts[1:]
    first.mcpeer("group", "del", "default")
    ksft_eq(first.members(), {})
    time.sleep(35.1)
    for host in others_:
        ksft_true(first.name not in host.names(), host.name)
    start(first)
    time.sleep(MOMENT)
    for host in others_:
        ksft_in(first.name, host.names())
    time.sleep(15)
    ksft_eq(seen(first), others(first, hosts))


class Scene:
    """A host that takes part on eth0, and one that listens."""

    def __init__(self):
        lab.module("autostart=0")
        self.net = lab.Lan()
        self.host = self.net.host("host")
        observer = self.net.host("observer")
        self.ear = observer.listener(observer.address)
        start(self.host, "interval", "3600", "expiry", "5400")
        self.expect({"eth0": "joined"})
        self.heard(self.host.address)

    def ip(self, *args):
        """Change something on the host."""
        self.host.run("ip", *args)

    @staticmethod
    def up(host, ifname):
        """Turn an interface on when its bridge will notice at once.

        The kernel tells of changes of links once a second.
        """
        time.sleep(2)
        host.run("ip", "link", "set", ifname, "up")

    def expect(self, states, host=None):
        """What the group shows of the interfaces, as IGMP sees it."""
        time.sleep(MOMENT)
        host = host or self.host
        shown = {interface["name"]: interface["state"] for interface in
                 host.json("group", "show", "default")["interfaces"]}
        ksft_eq(shown, {"lo": "loopback", **states})
        ksft_eq(host.members(), {name: 1 for name, state in states.items()
                                 if state == "joined"})

    def heard(self, *addresses):
        """Announcements came from these addresses, and no others."""
        ksft_eq(sorted({address for _, address, _ in lab.heard(self.ear)}),
                sorted(addresses), "who was heard")


def an_interface_that_appears_later_takes_part():
    """and one without address does once it gets one"""
    scene = Scene()
    scene.net.plug(scene.host, "10.1.1.50", "eth1")
    scene.expect({"eth0": "joined", "eth1": "joined"})
    scene.heard("10.1.1.50")
    scene.net.plug(scene.host, "", "eth2")
    scene.expect({"eth0": "joined", "eth1": "joined", "eth2": "no-address"})
    scene.heard()
    scene.ip("addr", "add", "10.1.1.51/24", "dev", "eth2")
    scene.expect({"eth0": "joined", "eth1": "joined", "eth2": "joined"})
    scene.heard("10.1.1.51")


def an_interface_that_goes_down_leaves_and_comes_back():
    """with an announcement"""
    scene = Scene()
    for _ in range(3):
        scene.ip("link", "set", "eth0", "down")
        scene.expect({"eth0": "down"})
        scene.heard()
        scene.up(scene.host, "eth0")
        scene.expect({"eth0": "joined"})
        scene.heard(scene.host.address)


def a_renamed_interface_is_the_same():
    """its new name is shown"""
    scene = Scene()
    scene.ip("link", "set", "eth0", "down")
    scene.ip("link", "set", "eth0", "name", "lan0")
    scene.up(scene.host, "lan0")
    scene.expect({"lan0": "joined"})
    scene.heard(scene.host.address)


def an_interface_without_address_leaves():
    """until it gets another one, from which it then announces"""
    scene = Scene()
    scene.ip("addr", "del", f"{scene.host.address}/24", "dev", "eth0")
    scene.expect({"eth0": "no-address"})
    scene.ip("addr", "add", "10.1.1.77/24", "dev", "eth0")
    scene.expect({"eth0": "joined"})
    scene.heard("10.1.1.77")


def a_new_address_is_announced_at_once():
    """so that peers know it before they miss the old one"""
    scene = Scene()
    scene.ip("addr", "add", "10.1.1.77/24", "dev", "eth0")
    scene.expect({"eth0": "joined"})
    scene.heard(scene.host.address)
    # The second of a subnet takes the place of the first.
    scene.host.set("ipv4/conf/eth0/promote_secondaries", 1)
    scene.ip("addr", "del", f"{scene.host.address}/24", "dev", "eth0")
    scene.expect({"eth0": "joined"})
    scene.heard("10.1.1.77")


def an_interface_whose_multicast_is_turned_off_leaves():
    """and comes back"""
    scene = Scene()
    scene.ip("link", "set", "eth0", "multicast", "off")
    scene.expect({"eth0": "no-multicast"})
    scene.ip("link", "set", "eth0", "multicast", "on")
    scene.expect({"eth0": "joined"})
    scene.heard(scene.host.address)


def add_dummies(host, numbers):
    """Interfaces that may have any MTU, all at once."""
    host.run("ip", "-batch", "-", input="".join(
        f"link add d{number} type dummy\n"
        f"link set d{number} multicast on up\n"
        f"addr add 10.9.{number}.1/24 dev d{number}\n"
        for number in numbers))


def an_mtu_too_small_for_ip_makes_it_leave():
    """the kernel takes IPv4 from it, and gives it back"""
    scene = Scene()
    add_dummies(scene.host, (0,))
    scene.expect({"eth0": "joined", "d0": "joined"})
    for _ in range(3):
        scene.ip("link", "set", "d0", "mtu", "60")
        scene.expect({"eth0": "joined", "d0": "no-address"})
        scene.ip("link", "set", "d0", "mtu", "1500")
        before = scene.host.stats()["tx"]
        scene.ip("addr", "add", "10.9.0.2/24", "dev", "d0")
        scene.expect({"eth0": "joined", "d0": "joined"})
        ksft_eq(scene.host.stats()["tx"], before + 1)
    # Back before anybody looked.
    scene.host.run("ip", "-batch", "-", input="link set d0 mtu 60\n"
                   "link set d0 mtu 1500\naddr add 10.9.0.3/24 dev d0\n")
    scene.expect({"eth0": "joined", "d0": "joined"})


def an_interface_moves_to_another_host():
    """it leaves here and joins there"""
    scene = Scene()
    other = scene.net.host("other")
    start(other, "interval", "3600", "expiry", "5400")
    time.sleep(MOMENT)
    scene.heard(other.address)
    scene.ip("link", "set", "eth0", "netns", other.net(), "name", "eth1")
    scene.expect({})
    scene.expect({"eth0": "joined", "eth1": "down"}, other)
    other.run("ip", "addr", "add", "10.1.1.88/24", "dev", "eth1")
    scene.up(other, "eth1")
    scene.expect({"eth0": "joined", "eth1": "joined"}, other)
    scene.heard("10.1.1.88")
    ksft_eq(other.names(), [], "it does not take itself for a peer")


def a_deleted_interface_is_forgotten():
    """and a new one of the same name is a new one"""
    scene = Scene()
    scene.ip("link", "del", "eth0")
    scene.expect({})
    scene.net.plug(scene.host, "10.1.1.60", "eth0")
    scene.expect({"eth0": "joined"})
    scene.heard("10.1.1.60")


def a_peer_outlives_the_interface_by_which_it_came():
    """shown with the number of it, as there is no name any more"""
    scene = Scene()
    other = scene.net.host("other")
    lab.announce(other.sender(other.address), "other")
    lab.wait_until(scene.host.names, what="peer")
    index = scene.host.json("group", "show", "default")["interfaces"][1]
    ksft_eq(index["name"], "eth0")
    scene.ip("link", "del", "eth0")
    ksft_eq(scene.host.json("list")[0]["interface"], f"if{index['index']}")
    ksft_in(f" if{index['index']} ", scene.host.mcpeer("list").stdout)


def an_interface_that_takes_no_datagram_says_so():
    """and no longer says so when it takes them again"""
    lab.sysctl("net.core.wmem_default", 4608)
    scene = Scene()
    # Passes some datagrams, then keeps all: the socket's buffer gets full.
    scene.host.run("tc", "qdisc", "add", "dev", "eth0", "root", "tbf",
                   "rate", "8bit", "burst", "2000", "limit", "1000000")
    scene.host.mcpeer("group", "set", "default", "interval", "0.1")

    def error():
        return scene.host.json("group", "show",
                               "default")["interfaces"][1]["error"]
    lab.wait_until(error, deadline=20, what="error", pause=0.5)
    ksft_eq(error(), "Resource temporarily unavailable")
    ksft_in(["interface", "eth0", "joined", "(IPv6:", "no-address;",
             "Resource", "temporarily", "unavailable)"],
            [line.split() for line in
             scene.host.mcpeer("group", "show", "default")
             .stdout.splitlines()])
    before = scene.host.stats()
    lab.wait_until(lambda: scene.host.stats()["tx_errors"] >
                   before["tx_errors"] + 3, what="errors are counted")
    # A byte leaves each second, and with it, seldom, a datagram.
    ksft_true(scene.host.stats()["tx"] <= before["tx"] + 1)
    scene.host.run("tc", "qdisc", "del", "dev", "eth0", "root")
    lab.wait_until(lambda: error() is None, what="no error")
    lab.wait_until(lambda: scene.host.stats()["tx"] > before["tx"] + 3,
                   what="announcements")


def forty_five_interfaces_take_part():
    """all at once: more than a socket may join"""
    scene = Scene()
    numbers = range(45)
    before = scene.host.stats()["tx"]
    add_dummies(scene.host, numbers)
    joined = {f"d{number}": "joined" for number in numbers}
    scene.expect({"eth0": "joined", **joined})
    ksft_eq(scene.host.stats()["tx"] - before, 45)
    ksft_eq(scene.host.stats()["tx_errors"], 0)
    scene.host.mcpeer("group", "set", "default", "interval", "3600")
    time.sleep(MOMENT)
    ksft_eq(scene.host.stats()["tx"] - before, 45 + 46)
    scene.host.run("ip", "-batch", "-", input="".join(
        f"link del d{number}\n" for number in numbers))
    scene.expect({"eth0": "joined"})


def each_interface_announces_its_own_address():
    """two networks hear the address that each can reach"""
    lab.module("autostart=0")
    host = lab.Namespace("host")
    ears = {}
    for subnet, ifname in (("10.1.1", "eth0"), ("10.2.2", "eth1")):
        net = lab.Lan(subnet)
        net.plug(host, f"{subnet}.50", ifname)
        observer = net.host("observer")
        ears[f"{subnet}.50"] = observer.listener(observer.address)
    start(host)
    time.sleep(60)
    for address, ear in ears.items():
        heard = lab.heard(ear)
        ksft_eq({(sender, data) for _, sender, data in heard},
                {(address, b"multitastic:host")})
        ksft_ge(len(heard), 5)


def the_address_of_a_group_can_move():
    """members of the new address only, and heard there"""
    scene = Scene()
    scene.host.mcpeer("group", "set", "default", "address", "239.9.9.9")
    time.sleep(MOMENT)
    ksft_eq(scene.host.members(), {})
    ksft_eq(scene.host.members("239.9.9.9"), {"eth0": 1})
    scene.heard()
    scene.host.mcpeer("group", "set", "default", "address", lab.GROUP)
    scene.expect({"eth0": "joined"})
    scene.heard(scene.host.address)


def a_membership_of_others_is_left_alone():
    """a program that joined before, and stays after"""
    scene = Scene()
    program = scene.host.listener(scene.host.address)
    # Not the last one to be joined either.
    another = scene.host.listener(scene.host.address, group="239.9.9.9")
    ksft_eq(scene.host.members(), {"eth0": 2})
    scene.host.mcpeer("group", "del", "default")
    ksft_eq(scene.host.members(), {"eth0": 1})
    start(scene.host)
    time.sleep(MOMENT)
    ksft_eq(scene.host.members(), {"eth0": 2})
    program.close()
    ksft_eq(scene.host.members(), {"eth0": 1})
    ksft_eq(scene.host.members("239.9.9.9"), {"eth0": 1})
    another.close()


if __name__ == "__main__":
    ksft_run([
        everybody_sees_all_others_and_not_itself,
        a_host_that_vanishes_is_gone_35_s_after_its_last_word,
        a_host_that_stops_and_starts_again_is_seen_at_once,
        an_interface_that_appears_later_takes_part,
        an_interface_that_goes_down_leaves_and_comes_back,
        a_renamed_interface_is_the_same,
        an_interface_without_address_leaves,
        a_new_address_is_announced_at_once,
        an_interface_whose_multicast_is_turned_off_leaves,
        an_mtu_too_small_for_ip_makes_it_leave,
        an_interface_moves_to_another_host,
        a_deleted_interface_is_forgotten,
        a_peer_outlives_the_interface_by_which_it_came,
        an_interface_that_takes_no_datagram_says_so,
        forty_five_interfaces_take_part,
        each_interface_announces_its_own_address,
        the_address_of_a_group_can_move,
        a_membership_of_others_is_left_alone,
    ])
    ksft_exit()
