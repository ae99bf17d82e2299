#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Where multicast does not pass: targets, and repeated announcements."""

import socket
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import frames
import lab
import stamps

HERE = lab.Host()


def start(host, *settings):
    """Have a host take part."""
    host.mcpeer("group", "add", "default", *settings)


def change(host, *settings):
    """Change its settings; it then announces at once."""
    host.mcpeer("group", "set", "default", *settings)


def deaf_lan():
    """Two hosts with IPv6, on a switch that lets no traffic of groups pass."""
    lab.module("autostart=0")
    net = lab.Lan()
    hosts = []
    for number, name in enumerate(("one", "two"), 1):
        host = net.host(name)
        host.use_ipv6()
        host.ip(f"addr add 2001:db8::{number}/64 dev eth0 nodad")
        host.address6 = f"2001:db8::{number}"
        block(net.switch, f"port{number}")
        hosts.append(host)
    return hosts[0], hosts[1]


def block(host, ifname):
    """Let nothing for groups in there; neighbours are still found."""
    rule = f"filter add dev {ifname} ingress protocol"
    host.run("tc", "-batch", "-", input=f"qdisc add dev {ifname} clsact\n"
             f"{rule} ip u32 match ip dst {lab.GROUP}/32 action drop\n"
             f"{rule} ipv6 u32 match ip6 dst {lab.GROUP6}/128 action drop\n")


def ear(host, port=lab.PORT, address="0.0.0.0", reuse=0):
    """A program that hears what is sent to the host itself."""
    program = host.socket(socket.AF_INET6 if ":" in address
                          else socket.AF_INET)
    stamps.ask(program)
    program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    program.bind((address, port))
    defer(program.close)
    return program


def places(host, name):
    """Where a peer is heard."""
    peer = host.json("show", name)
    return sorted((path["address"], path["interface"])
                  for path in peer.get("paths", [peer]))


def hosts_find_each_other_by_targets():
    """by IPv4 and by IPv6, and not without"""
    one, two = deaf_lan()
    for host in (one, two):
        start(host)
    time.sleep(40)
    ksft_eq((one.names(), two.names()), ([], []))
    # The same list for all: nobody talks to itself.
    everybody = ",".join((one.address, two.address, one.address6,
                          two.address6))
    for host in (one, two):
        change(host, "targets", everybody)
    time.sleep(16)
    ksft_eq(places(one, "two"), sorted([(two.address, "eth0"),
                                        (two.address6, "eth0")]))
    ksft_eq(places(two, "one"), sorted([(one.address, "eth0"),
                                        (one.address6, "eth0")]))
    monitor = one.monitor()
    time.sleep(120)
    ksft_eq(monitor.next(0.1), None, "nothing else happens")
    stats = one.stats()
    ksft_eq((stats["conflict"], stats["tx_errors"], stats["drop_interface"]),
            (0, 0, 0))
    # Two datagrams by multicast, and one to each of two targets.
    ksft_eq(stats["rx"], stats["refreshed"] + stats["joined"] +
            stats["updated"] + stats["own"])
    # Without them they lose each other again, and the table meanwhile stays.
    for host in (one, two):
        change(host, "targets", "")
        ksft_eq(len(host.names()), 1)
    time.sleep(35.1)
    ksft_eq((one.names(), two.names()), ([], []))


def a_target_of_link_local_scope_names_its_interface():
    """and is not reached while there is none of that name"""
    one, two = deaf_lan()
    start(one, "targets", f"{two.link_local()}%eth0")
    start(two, "targets", f"{one.link_local()}%eth0")
    lab.wait_until(lambda: one.names() and two.names(), what="peers",
                   deadline=16)
    ksft_eq(places(one, "two"), [(two.link_local(), "eth0")])
    ksft_eq(one.stats()["tx_errors"], 0)
    change(one, "targets", f"{two.link_local()}%eth7")
    lab.wait_until(lambda: one.stats()["tx_errors"], what="error")


def hosts_find_each_other_by_broadcast():
    """on all links of the group, or on one"""
    one, two = deaf_lan()
    start(one, "targets", "broadcast")
    start(two, "targets", "10.1.1.255")
    lab.wait_until(lambda: one.names() and two.names(), what="peers",
                   deadline=16)
    ksft_eq(places(one, "two"), [(two.address, "eth0")])
    ksft_eq(places(two, "one"), [(one.address, "eth0")])
    # What comes back by broadcast is our own, and no sign that we hear the
    # group: that takes a membership.
    own, monitor = one.stats()["own"], one.monitor()
    time.sleep(60)
    ksft_true(one.stats()["own"] > own)
    ksft_eq(monitor.next(0.1), None)
    one.use_ipv6(False)
    block(one, "eth0")
    own = one.stats()["own"]
    event = monitor.next(60)
    ksft_eq(event and event["event"], "deaf")
    ksft_eq(monitor.next(60), None)
    ksft_true(one.stats()["own"] > own)
    ksft_eq(one.names(), ["two"])


def router():
    """Two LANs with a host on each, and a router between them."""
    lab.module("autostart=0")
    middle = lab.Namespace("router")
    hosts = []
    for number, name in ((1, "one"), (2, "two")):
        net = lab.Lan(f"10.{number}.1")
        net.plug(middle, f"{net.subnet}.254", f"eth{number}")
        host = lab.Namespace(name)
        host.address = net.plug(host, f"{net.subnet}.1")
        host.ip(f"route add default via {net.subnet}.254")
        hosts.append(host)
    middle.set("ipv4/ip_forward", 1)
    return hosts[0], hosts[1]


def targets_may_be_beyond_a_router():
    """and are heard though they are off the link, which others are not"""
    one, two = router()
    start(one, "targets", two.address)
    start(two, "targets", "10.1.1.77")
    time.sleep(16)
    ksft_eq((one.names(), two.names()), ([], []))
    # It came, with the host's time to live, but from nobody who is known.
    lab.wait_until(lambda: two.stats()["drop_off_link"], what="datagram")
    change(two, "targets", one.address)
    lab.wait_until(lambda: one.names() == ["two"] and two.names() == ["one"],
                   deadline=16, what="peers")
    ksft_eq(places(one, "two"), [(two.address, "eth0")])
    # Whoever else is there is let in by the setting.
    change(two, "targets", "10.1.1.77", "off-link", "accept")
    two.mcpeer("expire", "one")
    lab.wait_until(lambda: two.names() == ["one"], deadline=16, what="one")


def a_target_is_heard_where_no_group_is():
    """on an interface that is excluded, or cannot do multicast"""
    one, two = deaf_lan()
    start(one, "targets", two.address, "interfaces", "none")
    start(two, "targets", one.address)
    two.run("ip", "link", "set", "eth0", "multicast", "off")
    lab.wait_until(lambda: one.names() and two.names(), what="peers",
                   deadline=16)
    ksft_eq((one.joined(), two.joined()), ([], []))
    # Others are not.
    before = one.stats()["drop_interface"]
    two.ip("addr add 10.1.1.200/24 dev eth0")
    stranger = two.sender("10.1.1.200")
    stranger.sendto(lab.PREFIX + b"stranger", (one.address, lab.PORT))
    lab.wait_until(lambda: one.stats()["drop_interface"] > before,
                   what="datagram")
    ksft_eq(one.names(), ["two"])


def without_targets_unicast_is_left_to_others():
    """of each family"""
    one, two = deaf_lan()
    start(one)
    shared, shared6 = (ear(one, address=address, reuse=1)
                       for address in ("0.0.0.0", "::"))
    sender, sender6 = two.sender(two.address), two.socket(socket.AF_INET6)
    defer(sender6.close)

    def say(name):
        sender.sendto(lab.PREFIX + name, (one.address, lab.PORT))
        sender6.sendto(lab.PREFIX + name, (one.address6, lab.PORT))

    def hears(program, name):
        """Soon; the group's own announcements on the wildcard aside."""
        lab.wait_until(lambda: lab.PREFIX + name in
                       [data for _, _, data in lab.heard(program)],
                       what=name.decode())

    say(b"k")
    hears(shared, b"k")
    hears(shared6, b"k")
    stats = one.stats()
    ksft_eq((stats["rx"], one.names()), (stats["own"], []))
    # The group takes it from those that bound before it, by one family.
    change(one, "targets", two.address)
    say(b"l")
    lab.wait_until(lambda: one.names() == ["l"], what="peer")
    hears(shared6, b"l")
    ksft_eq((one.stats()["joined"], one.stats()["updated"]), (1, 0))
    ksft_true(lab.PREFIX + b"l" not in
              [data for _, _, data in lab.heard(shared)])
    # A program of one address has it all the same.
    mine = ear(one, address=one.address, reuse=1)
    say(b"m")
    hears(mine, b"m")
    # The group gives it back.
    mine.close()
    change(one, "targets", "")
    say(b"n")
    hears(shared, b"n")
    ksft_eq(one.names(), ["l"])


def a_port_that_is_not_shared_cannot_be_heard():
    """which is told, and changes nothing"""
    one, two = deaf_lan()
    start(one)
    program = ear(one, address=one.address)
    result = one.mcpeer("group", "set", "default", "targets", two.address,
                        check=False)
    ksft_eq(lab.refusal(result), (1, "mcpeer: cannot set group 'default': a "
                                  "program holds the port without sharing it "
                                  "(SO_REUSEADDR)"))
    ksft_eq(one.json("group", "show", "default")["targets"], [])
    program.close()
    change(one, "targets", two.address)


def one_group_with_targets_has_a_port():
    """of each family"""
    lab.module("autostart=0")
    host = lab.Namespace("host")
    start(host, "targets", "10.1.1.7")
    lab2 = ("group", "add", "lab", "address", "239.9.9.9")
    result = host.mcpeer(*lab2, "targets", "10.1.1.8", check=False)
    ksft_eq(lab.refusal(result), (1, "mcpeer: cannot add group 'lab': another "
                                  "group with targets has this port"))
    host.mcpeer(*lab2, "targets", "2001:db8::7")
    result = host.mcpeer("group", "set", "lab", "targets",
                         "2001:db8::7,broadcast", check=False)
    ksft_eq(lab.refusal(result), (1, "mcpeer: cannot set group 'lab': another "
                                  "group with targets has this port"))
    host.mcpeer("group", "set", "lab", "port", "4711", "targets", "broadcast")


def who_only_listens_tells_no_target():
    """as a group, or by the interface that leads there"""
    one, two = deaf_lan()
    ears = [ear(two), ear(two, address=two.address6)]
    targets = f"{two.address},{two.address6},broadcast,10.1.1.255"
    start(one, "targets", targets, "listen", "*", "repeat", "3")
    time.sleep(60)
    ksft_eq([lab.heard(program) for program in ears], [[], []])
    ksft_eq(one.stats()["tx"], 0)
    two.sender(two.address).sendto(lab.PREFIX + b"k", (one.address, lab.PORT))
    lab.wait_until(lambda: one.names() == ["k"], what="peer")
    change(one, "listen", "eth0")
    time.sleep(60)
    ksft_eq([lab.heard(program) for program in ears], [[], []])
    change(one, "listen", "eth1", "repeat", "1")
    time.sleep(0.5)
    ipv4, ipv6 = (len(lab.heard(program)) for program in ears)
    # Broadcast may begin a moment later.
    ksft_true(0 < 2 * ipv6 < ipv4 <= 3 * ipv6, (ipv4, ipv6))
    change(one, "listen", "*")
    time.sleep(0.5)
    for program in ears:
        lab.heard(program)
    time.sleep(60)
    ksft_eq([lab.heard(program) for program in ears], [[], []])


def who_is_shut_out_is_refreshed_no_more():
    """by what is sent to this host itself"""
    one, two = deaf_lan()
    start(one, "targets", "10.1.1.99", "interval", "1", "expiry", "3")
    here, sender = (one.address, lab.PORT), two.sender(two.address)
    for pattern, names in (("eth0", ["k"]), ("!eth0", [])):
        change(one, "interfaces", pattern)
        for _ in range(5):
            sender.sendto(lab.PREFIX + b"k", here)
            time.sleep(1)
        ksft_eq(one.names(), names)


def settings_change_at_run_time():
    """without that peers are lost"""
    one, two = deaf_lan()
    first, second = ear(two), ear(two, port=4711)
    start(one)
    one.mcpeer("register", "k", "v")
    for settings, counts in ((("targets", two.address), (1, 0)),
                             (("interval", "14.9"), (1, 0)),
                             (("port", "4711"), (0, 1)),
                             (("ttl", "3"), (0, 1)),
                             (("targets", "10.1.1.99"), (0, 0)),
                             (("targets", f"10.1.1.99,{two.address}"), (0, 1)),
                             (("hostname", "alias", "prefix", "x:"), (0, 1)),
                             (("targets", ""), (0, 0))):
        change(one, *settings)
        time.sleep(0.5)
        came = lab.heard(first), lab.heard(second)
        ksft_eq(tuple(len(part) for part in came), counts, settings)
        if "prefix" in settings:
            ksft_eq(came[1][0][2], b"x:alias")
        ksft_eq(one.names(), ["k"])
    one.mcpeer("group", "del", "default")


def what_is_sent_to_a_target():
    """the plain datagram, from the group's port, with the host's own TTL"""
    one, two = deaf_lan()
    sniffer = two.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                         socket.htons(0x0800))
    defer(sniffer.close)
    start(one, "ttl", "7", "targets", two.address)

    def packet():
        while True:
            data = sniffer.recv(2048, socket.MSG_DONTWAIT)
            if data[9] == socket.IPPROTO_UDP:
                return data

    data = lab.wait_until(lambda: tried(packet), what="packet")
    ksft_eq((data[8], data[12:16], data[16:20]),
            (64, socket.inet_aton(one.address), socket.inet_aton(two.address)))
    ksft_eq(int.from_bytes(data[20:22], "big"), lab.PORT)
    ksft_eq(data[28:], lab.PREFIX + b"one")


def tried(function):
    """What it returns, None if it would have to wait."""
    try:
        return function()
    except BlockingIOError:
        return None


def bursts(program):
    """When datagrams came, those within a second together."""
    found = []
    for when, _, data in lab.heard(program):
        ksft_eq(data, lab.PREFIX + b"one")
        if not found or when - found[-1][-1] > 1:
            found.append([])
        found[-1].append(when)
    return found


def announcements_are_repeated():
    """as many times as is set, 100 to 200 ms apart"""
    lab.module("autostart=0")
    net = lab.Lan()
    one, two = net.host("one"), net.host("two")
    ears = [two.listener(two.address), ear(two, address=two.address)]
    start(one, "targets", two.address)
    gaps = []
    for times in (1, 2, 3, 1):
        change(one, "repeat", str(times))
        time.sleep(0.6)
        for program in ears:
            lab.heard(program)
        time.sleep(300)
        for program in ears:
            # The last one may not be over.
            found = bursts(program)[:-1]
            ksft_true(len(found) in range(18, 29), len(found))
            for burst in found:
                ksft_eq(len(burst), times)
                gaps += [after - before for before, after
                         in zip(burst, burst[1:])]
    ksft_true(0.1 <= min(gaps) < 0.125 and 0.175 < max(gaps) <= 0.2,
              (min(gaps), max(gaps)))


def repeats_are_only_for_tables():
    """No event, and no other idea of who is deaf"""
    lab.module("autostart=0")
    net = lab.Lan()
    one, two = net.host("one"), net.host("two")
    for host in (one, two):
        start(host, "repeat", "3")
    lab.wait_until(lambda: one.names() and two.names(), what="peers")
    monitor = one.monitor()
    time.sleep(300)
    ksft_eq(monitor.next(0.1), None)
    heard = one.json("show", "two")["heard"]
    ksft_true(3 * 19 <= heard <= 3 * 29 + 3, heard)
    ksft_eq(one.stats()["conflict"], 0)
    # Three that are not heard make one deaf, however often they are repeated.
    lab.speak(one)
    one.run("tc", "qdisc", "add", "dev", "eth0", "clsact")
    one.run("tc", "filter", "add", "dev", "eth0", "ingress", "protocol", "ip",
            "matchall", "action", "drop")
    begin = time.monotonic()
    came = {}
    for _ in range(2):
        event = monitor.next(45)
        came[event and event["event"]] = time.monotonic() - begin
    ksft_eq(set(came), {"expire", "deaf"})
    ksft_true(31 < came["deaf"] < 45, came)


def what_is_sent_to_the_group_is_heard_once():
    """and what is broadcast, whatever groups and programs share the port"""
    lab.module("autostart=0")
    net = lab.Lan()
    one, two = net.host("one"), net.host("two")
    for host in (one, two):
        host.use_ipv6()
        host.link_local()
    start(one, "targets", "10.1.1.77,2001:db8::77")
    one.mcpeer("group", "add", "lab", "address", "239.9.9.9")
    program = ear(one, reuse=1)
    lab.wait_until(lambda: one.members6() and one.members(), what="eth0 joins")

    def outcomes(group="default"):
        stats = one.stats(group)
        return [stats[key] for key in ("joined", "updated", "refreshed")]

    def expect(*wanted):
        lab.wait_until(lambda: outcomes() == list(wanted), what="datagrams")
        time.sleep(0.1)
        ksft_eq((outcomes(), outcomes("lab")), (list(wanted), [0, 0, 0]))

    lab.announce(two.sender(two.address), "k")
    expect(1, 0, 0)
    two.sender6().sendto(lab.PREFIX + b"k", (lab.GROUP6, lab.PORT))
    expect(1, 1, 0)
    sender = two.sender(two.address)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.sendto(lab.PREFIX + b"k", ("10.1.1.255", lab.PORT))
    expect(1, 1, 1)
    ksft_in(lab.PREFIX + b"k", [data for _, _, data in lab.heard(program)])


def what_is_heard_by_unicast_is_as_hostile():
    """and counted as what comes by multicast"""
    one, two = deaf_lan()
    start(one, "targets", "10.1.1.77")
    sender = two.sender(two.address)
    for payload, counter in (
            (b"multitastic", "drop_truncated"), (lab.PREFIX, "drop_empty"),
            (b"x" * 100, "drop_prefix"), (lab.PREFIX + b"a b",
                                          "drop_bad_byte"),
            (lab.PREFIX + b"n" * 65, "drop_too_long"),
            (lab.PREFIX + b"k", "joined"), (lab.PREFIX + b"k", "refreshed")):
        before = one.stats()
        sender.sendto(payload, (one.address, lab.PORT))
        lab.wait_until(lambda: one.stats()[counter] == before[counter] + 1,
                       what=counter)
    frames.Wire(two).datagram(lab.PREFIX + b"stranger", "8.8.8.8")
    ksft_eq(one.names(), ["k"])


if __name__ == "__main__":
    ksft_run([
        hosts_find_each_other_by_targets,
        a_target_of_link_local_scope_names_its_interface,
        hosts_find_each_other_by_broadcast,
        targets_may_be_beyond_a_router,
        a_target_is_heard_where_no_group_is,
        without_targets_unicast_is_left_to_others,
        a_port_that_is_not_shared_cannot_be_heard,
        one_group_with_targets_has_a_port,
        who_only_listens_tells_no_target,
        who_is_shut_out_is_refreshed_no_more,
        settings_change_at_run_time,
        what_is_sent_to_a_target,
        announcements_are_repeated,
        repeats_are_only_for_tables,
        what_is_sent_to_the_group_is_heard_once,
        what_is_heard_by_unicast_is_as_hostile,
    ])
    ksft_exit()
