#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""An interface in a VRF takes part like any other, under its own name.

What comes in there is only for sockets of the VRF, unless the administrator
lets those of no VRF hear it; the module's are of none.
"""

import socket
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_in, ksft_run

import asked
import lab

JOINED = ("joined", "joined")


def enslave(host, ifname="eth0", vrf="red", number=10):
    """Put an interface into a VRF of its own."""
    host.ip(f"link add {vrf} type vrf table {number}", f"link set {vrf} up",
            f"link set {ifname} master {vrf}")


def plugged(net, name):
    """A host on a LAN with both families."""
    host = lab.Namespace(name)
    host.use_ipv6()
    host.address = net.plug(host)
    return host


def scene(accept):
    """A host with eth0 in a VRF, and another one on the same LAN."""
    lab.module("autostart=0")
    net = lab.Lan()
    host, other = plugged(net, "host"), plugged(net, "other")
    host.set("ipv4/udp_l3mdev_accept", int(accept))
    enslave(host)
    return host, other


def states(host, ifname="eth0"):
    """Of an interface, by IPv4 and by IPv6."""
    with host.inside():
        return asked.interfaces("default")[ifname]


def start(host, ifname="eth0"):
    """Have a host take part on an interface."""
    host.mcpeer("group", "add", "default")
    lab.wait_until(lambda: states(host, ifname) == JOINED, what="it joins")


def places(host, name):
    """Addresses and interfaces at which a peer is heard."""
    for peer in host.json("list"):
        if peer["name"] == name:
            return {(path["address"], path["interface"])
                    for path in peer.get("paths", [peer])}
    return set()


def wait_for(who, whom):
    """A host knows another one by both families."""
    wanted = {(whom.address, "eth0"), (whom.link_local(), "eth0")}
    lab.wait_until(lambda: places(who, whom.name) == wanted, deadline=20,
                   what=f"{whom.name} by both families", pause=0.5)


def hears_itself(host, seconds=60):
    """Whatever it announces comes back, so that nothing is told of it."""
    monitor = host.monitor()
    time.sleep(seconds)
    ksft_eq(monitor.next(0.1), None, "deaf or in conflict?")
    lab.stop(monitor.process)
    ksft_eq((host.members(), host.members6()), ({"eth0": 1}, {"eth0": 1}))


def hosts_see_each_other():
    """by both families; the VRF itself takes no part"""
    host, other = scene(accept=True)
    start(host)
    start(other)
    wait_for(host, other)
    wait_for(other, host)
    ksft_eq(states(host, "red"), ("no-multicast", "no-multicast"))
    hears_itself(host)
    stats = host.stats()
    ksft_eq((stats["conflict"], stats["tx_errors"], stats["own"]),
            (0, 0, stats["tx"]))


def an_interface_comes_and_goes():
    """into a VRF and out of it while peers are known, none of which is lost"""
    host, other = scene(accept=True)
    host.ip("link set eth0 nomaster")
    start(host)
    start(other)
    wait_for(host, other)
    for command in ("master red", "nomaster"):
        host.ip(f"link set eth0 {command}")
        lab.wait_until(lambda: states(host) != JOINED, what="it is checked")
        lab.wait_until(lambda: states(host) == JOINED, what="it joins")
        time.sleep(1)
        hears_itself(host)
        wait_for(host, other)
        wait_for(other, host)


def without_leave_to_hear_it_is_deaf():
    """and says so; what it announces is heard by others"""
    host, other = scene(accept=False)
    monitor = host.monitor()
    start(host)
    start(other)
    wait_for(other, host)
    event = monitor.next(50)
    ksft_eq((event["event"], event["interface"]), ("deaf", "eth0"))
    ksft_eq((host.stats()["rx"], host.names()), (0, []))
    ksft_eq(monitor.next(30), None, "told once")
    host.set("ipv4/udp_l3mdev_accept", 1)
    events = {event for event, _ in monitor.take(3, 20)}
    ksft_eq(events, {"recovered", "join", "update"})
    wait_for(host, other)


def other_vrfs_may_have_the_same_addresses():
    """peers are told apart, and so is a rival from this host"""
    lab.module("autostart=0")
    host = lab.Namespace("host")
    host.set("ipv4/udp_l3mdev_accept", 1)
    senders = {}
    for number, vrf in enumerate(("red", "blue")):
        net = lab.Lan()
        net.plug(host, None, f"eth{number}")
        enslave(host, f"eth{number}", vrf, 10 + number)
        other = net.host("other")
        senders[vrf] = other.sender(other.address)
    # It has the address that this host has in the other VRF.
    host.ip("addr flush dev eth1", "addr add 10.1.1.7/24 dev eth1")
    other.ip("addr add 10.1.1.1/24 dev eth0")
    rival = other.sender("10.1.1.1")
    host.mcpeer("group", "add", "default", "address6", "none")
    lab.wait_until(lambda: host.members() == {"eth0": 1, "eth1": 1},
                   what="both join")
    for vrf, sender in senders.items():
        lab.announce(sender, vrf)
    lab.wait_until(lambda: len(host.names()) == 2, what="peers")
    ksft_eq((places(host, "red"), places(host, "blue")),
            ({(other.address, "eth0")}, {(other.address, "eth1")}))
    lab.speak(host)
    monitor = host.monitor()
    lab.announce(rival, "host")
    event = monitor.next()
    ksft_eq((event["event"], event["peer"]["address"],
             event["peer"]["interface"]), ("conflict", "10.1.1.1", "eth1"))


def ear(host, family, address, index=0):
    """What is sent to a host itself."""
    found = host.socket(family)
    found.bind((address, lab.PORT, 0, index)[:2 if index == 0 else 4])
    found.settimeout(5)
    defer(found.close)
    return found


def targets_need_the_interface():
    """as routes are those of no VRF: fe80::…%eth0 and broadcast go there"""
    host, other = scene(accept=True)
    link = other.link_local()
    with other.inside():
        index = socket.if_nametoindex("eth0")
    by_link = ear(other, socket.AF_INET6, link, index)
    by_broadcast = ear(other, socket.AF_INET, "255.255.255.255")
    start(host)
    ksft_eq(host.stats()["tx_errors"], 0)
    host.mcpeer("group", "set", "default", "targets",
                f"{link}%eth0,broadcast,{other.address}")
    for found in (by_link, by_broadcast):
        data, sender = found.recvfrom(100)
        ksft_eq(data, lab.PREFIX + b"host")
        ksft_in(sender[0].split("%")[0], (host.address, host.link_local()))
    ksft_eq(host.stats()["tx_errors"], 1)
    # And back, to the host itself.
    back = other.socket(socket.AF_INET6)
    defer(back.close)
    back.bind((link, 0, 0, index))
    back.sendto(lab.PREFIX + b"k", (host.link_local(), lab.PORT, 0, index))
    lab.wait_until(lambda: places(host, "k") == {(link, "eth0")}, what="peer")


if __name__ == "__main__":
    ksft_run([
        hosts_see_each_other,
        an_interface_comes_and_goes,
        without_leave_to_hear_it_is_deaf,
        other_vrfs_may_have_the_same_addresses,
        targets_need_the_interface,
    ])
    ksft_exit()
