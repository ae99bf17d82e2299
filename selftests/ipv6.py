#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""IPv6, alone and beside IPv4."""

import socket
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import frames
import asked
import lab
import stamps

HERE = lab.Host()


def lan(ipv6=True, address=None):
    """This host and another one on a LAN, both with IPv6; without an address
    of IPv4 if it is empty."""
    net = lab.Lan()
    HERE.use_ipv6(ipv6)
    net.plug(HERE, address if address is not None else f"{net.subnet}.100")
    lab.module()
    other = lab.Namespace("other")
    other.use_ipv6()
    other.address = net.plug(other, address)
    other.link = other.link_local()
    if ipv6:
        wait_for("joined")
    return other


def eth0(host=HERE, group="default"):
    """What a group shows of the interface."""
    for interface in host.json("group", "show", group)["interfaces"]:
        if interface["name"] == "eth0":
            return interface
    return None


def by_ipv6():
    """State of the interface by IPv6; without a program, as it is polled."""
    return asked.interfaces("default")["eth0"][1]


def wait_for(state):
    """Something becomes of the interface by IPv6."""
    lab.wait_until(lambda: by_ipv6() == state, what=f"eth0 is {state}")


def listener6(host, group=lab.GROUP6):
    """A socket that hears the IPv6 group on eth0."""
    with host.inside():
        index = socket.if_nametoindex("eth0")
    ear = host.socket(socket.AF_INET6)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    stamps.ask(ear)
    ear.bind((group, lab.PORT, 0, index))
    ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                   socket.inet_pton(socket.AF_INET6, group) +
                   index.to_bytes(4, "little"))
    defer(ear.close)
    return ear


def say(sender, *names, group=lab.GROUP6, port=lab.PORT):
    """Announce these names, and have them heard."""
    for name in names:
        before = HERE.stats()["rx"]
        sender.sendto(lab.PREFIX + name.encode(), (group, port))
        lab.wait_until(lambda: HERE.stats()["rx"] > before, what="datagram")


def hosts_without_ipv4_see_each_other():
    """by their link-local addresses"""
    other = lan(address="")
    other.mcpeer("group", "add", "default")
    lab.wait_until(lambda: HERE.names() == ["other"] and other.names(),
                   deadline=20, what="peers")
    peer = HERE.json("show", "other")
    ksft_eq((peer["address"], peer["interface"]), (other.link, "eth0"))
    ksft_eq(other.json("list")[0]["address"], HERE.link_local())
    ksft_eq((eth0()["state"], eth0()["ipv4"], eth0()["ipv6"]),
            ("joined", "no-address", "joined"))
    ksft_eq((HERE.members(), HERE.members6()), ({}, {"eth0": 1}))
    time.sleep(60)
    ksft_eq(HERE.names(), ["other"])
    ksft_eq(HERE.stats()["conflict"], 0)


def a_host_heard_by_both_is_one_peer():
    """with two paths, and no event but two"""
    other = lan()
    monitor = HERE.monitor()
    other.mcpeer("group", "add", "default")
    lab.wait_until(lambda: HERE.json("list") and
                   "paths" in HERE.json("list")[0], what="both paths",
                   pause=0.5)
    ksft_eq(sorted((path["address"], path["interface"]) for path in
                   HERE.json("show", "other")["paths"]),
            sorted([(other.address, "eth0"), (other.link, "eth0")]))
    ksft_eq(monitor.take(2), [("join", "other"), ("update", "other")])
    # It is said first by IPv4, and shown so.
    for _ in range(12):
        ksft_eq(HERE.json("list")[0]["address"], other.address)
        time.sleep(10)
    ksft_eq(monitor.next(0.1), None, "nothing else happens")
    ksft_eq(HERE.stats()["conflict"], 0)
    # Two datagrams for each announcement.
    ksft_eq(HERE.stats()["tx"] % 2, 0)


def an_address_that_comes_late_is_enough():
    """once it is known not to be a duplicate"""
    other = lan(ipv6=False)
    ear = listener6(other)
    ksft_eq(eth0()["ipv6"], "no-address")
    tx = HERE.stats()["tx"]
    begin = time.monotonic()
    HERE.use_ipv6()
    ksft_eq(eth0()["ipv6"], "tentative")
    ksft_eq((eth0()["state"], HERE.members6()), ("joined", {}))
    wait_for("joined")
    ksft_true(time.monotonic() - begin < 3)
    lab.wait_until(lambda: HERE.stats()["tx"] > tx, what="announcement",
                   deadline=1)
    ksft_eq(HERE.members6(), {"eth0": 1})
    lab.wait_until(lambda: lab.heard(ear), what="announcement", deadline=1)


def a_duplicate_address_is_none():
    """as the interface says"""
    other = lan(ipv6=False, address="")
    mac = HERE.read("/sys/class/net/eth0/address")[0]
    # The same MAC address makes the same address.
    other.ip(f"link set eth0 down address {mac}", "link set eth0 up")
    other.link_local()
    HERE.use_ipv6()
    wait_for("duplicate")
    ksft_eq((eth0()["state"], HERE.members6()), ("no-address", {}))
    HERE.ip("addr add fe80::77/64 dev eth0")
    wait_for("joined")


def memberships_follow_the_interface():
    """down and up, IPv6 off and on, an MTU too small for IPv6, deletion"""
    lan()

    def expect(state, members):
        lab.wait_until(lambda: (by_ipv6(), HERE.members6()) ==
                       (state, members), what=state)

    for _ in range(2):
        HERE.ip("link set eth0 down")
        expect("down", {})
        HERE.ip("link set eth0 up")
        expect("joined", {"eth0": 1})
        HERE.set("ipv6/conf/eth0/disable_ipv6", 1)
        expect("no-address", {})
        HERE.set("ipv6/conf/eth0/disable_ipv6", 0)
        expect("joined", {"eth0": 1})
        HERE.ip("link set eth0 mtu 1000")
        expect("no-address", {})
        HERE.ip("link set eth0 mtu 1500", "addr add fe80::9/64 dev eth0")
        expect("joined", {"eth0": 1})
    # Back before anybody looked.
    HERE.ip("link set eth0 mtu 1000", "link set eth0 mtu 1500",
            "addr add fe80::9/64 dev eth0 nodad")
    expect("joined", {"eth0": 1})
    HERE.mcpeer("group", "del", "default")
    ksft_eq(HERE.members6(), {})


def a_group_may_have_one_family_only():
    """and says nothing by the other"""
    other = lan()
    ear4, ear6 = other.listener(other.address), listener6(other)
    HERE.mcpeer("group", "set", "default", "address", "none")
    lab.wait_until(lambda: not HERE.members(), what="IPv4 leaves")
    time.sleep(1)
    for ear in (ear4, ear6):
        lab.heard(ear)
    time.sleep(60)
    ksft_eq(lab.heard(ear4), [])
    ksft_true(len(lab.heard(ear6)) >= 4)
    lab.announce(other.sender(other.address), "by4")
    say(other.sender6(), "by6")
    ksft_eq(HERE.names(), ["by6"])
    HERE.mcpeer("group", "set", "default", "address", lab.GROUP,
                "address6", "none")
    lab.wait_until(lambda: HERE.members() and not HERE.members6(),
                   what="IPv4 joins, IPv6 leaves")
    time.sleep(1)
    for ear in (ear4, ear6):
        lab.heard(ear)
    time.sleep(60)
    ksft_eq(lab.heard(ear6), [])
    ksft_true(len(lab.heard(ear4)) >= 4)
    say(other.sender(other.address), "by4", group=lab.GROUP)
    ksft_in("by4", HERE.names())


def the_address_can_be_of_another_scope():
    """Site-local, heard on each interface as well"""
    other = lan()
    for group in ("ff15::1:2", "ff1e::77"):
        ear = listener6(other, group)
        HERE.mcpeer("group", "set", "default", "address6", group)
        lab.wait_until(lambda: HERE.members6(group) == {"eth0": 1},
                       what="new address is joined")
        ksft_eq(HERE.members6(), {})
        lab.wait_until(lambda: lab.heard(ear), what="announcement")
        say(other.sender6(), f"peer-{group[:4]}", group=group)
    ksft_eq(HERE.names(), ["peer-ff15", "peer-ff1e"])


def datagrams_leave_with_the_hop_limit_of_the_group():
    """as the wire has it"""
    other = lan()
    wire = other.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                        socket.htons(0x86dd))
    defer(wire.close)
    wire.setblocking(False)

    def hops():
        try:
            packet = wire.recv(2048)
        except BlockingIOError:
            return None
        return packet[6] == socket.IPPROTO_UDP and packet[7]

    for ttl in (1, 9, 255):
        HERE.mcpeer("group", "set", "default", "ttl", str(ttl))
        while wire in lab.select.select([wire], [], [], 0)[0]:
            wire.recv(2048)
        ksft_eq(lab.wait_until(hops, deadline=20, what="announcement"), ttl)


def what_is_no_announcement_is_counted():
    """Fragments, sources that no host has, other prefixes, long names"""
    other = lan()
    wire, link = frames.Wire(other), other.link

    def expect(key, send):
        before = HERE.stats()
        send()
        lab.wait_until(lambda: HERE.stats()[key] > before[key], what=key)
        after = HERE.stats()
        ksft_eq({name for name in after if name not in
                 ("group", "rx", "tx", "own") and after[name] != before[name]},
                {key})

    def packet(payload, source=link):
        wire.packet6(frames.ipv6(frames.udp6(payload, source), source))

    expect("joined", lambda: packet(lab.PREFIX + b"good"))
    expect("refreshed", lambda: packet(lab.PREFIX + b"good"))
    expect("drop_prefix", lambda: packet(b"otherwise:there"))
    expect("drop_empty", lambda: packet(lab.PREFIX))
    expect("drop_too_long", lambda: packet(lab.PREFIX + b"n" * 65))
    expect("drop_bad_byte", lambda: packet(lab.PREFIX + b"a b"))
    expect("drop_truncated", lambda: packet(b"multi"))
    data = frames.udp6(lab.PREFIX + b"fragment", link)

    def in_fragments():
        for fragment in frames.fragments6(data, link, 16):
            wire.packet6(fragment)
    expect("drop_fragmented", in_fragments)
    ksft_eq(HERE.names(), ["good"])
    # IPv6 itself refuses these, or we do.
    for source in ("::", "::1", "::ffff:10.1.1.2", "ff02::1"):
        packet(lab.PREFIX + b"alien", source)
    packet(lab.PREFIX + b"last")
    lab.wait_until(lambda: "last" in HERE.names(), what="last")
    ksft_eq(HERE.names(), ["good", "last"])


def sources_of_other_networks_are_dropped():
    """unless they are accepted; an address makes its network a near one"""
    other = lan()
    wire = frames.Wire(other)

    def packet(name, source):
        wire.packet6(frames.ipv6(frames.udp6(lab.PREFIX + name, source),
                                 source))

    before = HERE.stats()
    for source in ("2001:db8::99", "fd00::1", "2001:db8:0:1::1"):
        packet(b"far", source)
    packet(b"near", "fe80::99")
    lab.wait_until(lambda: HERE.names() == ["near"], what="near")
    ksft_eq(HERE.stats()["drop_off_link"] - before["drop_off_link"], 3)
    HERE.ip("addr add 2001:db8::1/64 dev eth0 nodad")
    packet(b"farther", "2001:db8:0:1::1")
    packet(b"far", "2001:db8::99")
    lab.wait_until(lambda: HERE.names() == ["far", "near"], what="far")
    ksft_eq(HERE.json("show", "far")["address"], "2001:db8::99")
    HERE.mcpeer("group", "set", "default", "off-link", "accept")
    packet(b"farther", "2001:db8:0:1::1")
    lab.wait_until(lambda: "farther" in HERE.names(), what="farther")


def the_own_name_by_ipv6_is_no_conflict():
    """from this host, but from another it is"""
    other = lan()
    own = socket.gethostname()
    lab.wait_until(lambda: HERE.stats()["own"] >= 2, deadline=20,
                   what="own announcements")
    monitor = HERE.monitor()
    ksft_eq(HERE.stats()["conflict"], 0)
    lab.speak()
    say(other.sender6(), own)
    event = monitor.next()
    ksft_eq((event["event"], event["peer"]["address"],
             event["peer"]["interface"]), ("conflict", other.link, "eth0"))
    ksft_eq(HERE.names(), [])


def programs_share_the_port():
    """if they say so, and hear what others say"""
    other = lan()
    program = listener6(HERE)
    say(other.sender6(), "a")
    ksft_in(lab.PREFIX + b"a", [data for *_, data in lab.heard(program)])
    HERE.mcpeer("group", "del", "default")
    ksft_eq(HERE.members6(), {"eth0": 1})
    # One that does not share keeps the group from starting, and says so.
    program.close()
    holder = HERE.socket(socket.AF_INET6)
    holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    holder.bind(("::", lab.PORT))
    ksft_eq(lab.refusal(HERE.mcpeer("group", "add", "default", check=False)),
            (1, "mcpeer: cannot add group 'default': a program holds the port "
             "without sharing it (SO_REUSEADDR)"))
    ksft_eq(HERE.members(), {})
    HERE.mcpeer("group", "add", "default", "address6", "none")
    holder.close()


def datagrams_of_other_addresses_are_not_heard():
    """Unicast and other groups to the same port stay with others"""
    other = lan()
    sender = other.sender6()
    program = HERE.socket(socket.AF_INET6)
    program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    program.bind(("::", lab.PORT))
    program.settimeout(10)
    with other.inside():
        index = socket.if_nametoindex("eth0")
    before = HERE.stats()["rx"]
    for target in (HERE.link_local(), "ff02::1"):
        sender.sendto(lab.PREFIX + b"x", (target, lab.PORT, 0, index))
        ksft_eq(program.recv(100), lab.PREFIX + b"x", target)
    ksft_eq(HERE.names(), [])
    say(sender, "y")
    ksft_true(HERE.stats()["rx"] - before <= 3)
    ksft_eq(HERE.names(), ["y"])
    program.close()


if __name__ == "__main__":
    ksft_run([
        hosts_without_ipv4_see_each_other,
        a_host_heard_by_both_is_one_peer,
        an_address_that_comes_late_is_enough,
        a_duplicate_address_is_none,
        memberships_follow_the_interface,
        a_group_may_have_one_family_only,
        the_address_can_be_of_another_scope,
        datagrams_leave_with_the_hop_limit_of_the_group,
        what_is_no_announcement_is_counted,
        sources_of_other_networks_are_dropped,
        the_own_name_by_ipv6_is_no_conflict,
        programs_share_the_port,
        datagrams_of_other_addresses_are_not_heard,
    ])
    ksft_exit()
