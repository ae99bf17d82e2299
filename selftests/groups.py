#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Groups: when they run, where, under which settings, and what is left."""

import contextlib
import socket
import time

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_ge, ksft_in, ksft_lt,
                        ksft_run, ksft_true)

import lab
import objects

HERE = lab.Host()
OWN = socket.gethostname()
ETH_P_IP = 0x0800


def memberships(host):
    """Groups that the interfaces of a host hear, as (interface, address)."""
    found, ifname = [], None
    for line in host.read("/proc/net/igmp")[1:]:
        words = line.split()
        if not line.startswith("\t"):
            ifname = words[1]
            continue
        address = socket.inet_ntoa(bytes.fromhex(words[0])[::-1])
        if address != "224.0.0.1":
            found.append((ifname, address))
    return sorted(found)


def ports(host):
    """UDP ports that are bound on a host."""
    table = host.read("/proc/net/udp")[1:]
    return sorted(int(line.split()[1].split(":")[1], 16) for line in table)


def quiet(listener, seconds=60):
    """Is nothing heard for so long?"""
    lab.heard(listener)
    time.sleep(seconds)
    return not lab.heard(listener)


def said(listener, deadline=20):
    """The next datagram and its sender."""
    return lab.wait_until(lambda: lab.heard(listener), deadline,
                          "announcement")[0][1:]


def joined(host, ifname="eth0", group="default"):
    """Wait until an interface takes part."""
    lab.wait_until(lambda: ifname in host.joined(group),
                   what=f"{ifname} joins")


def change(*settings):
    """Change the default group, whose table is kept by that."""
    before = [(peer["name"], peer["heard"]) for peer in HERE.json("list")]
    HERE.mcpeer("group", "set", "default", *settings)
    ksft_eq([(peer["name"], peer["heard"]) for peer in HERE.json("list")],
            before, settings)
    joined(HERE)


def hears(sender, name, **where):
    """Does a peer come by an announcement there?"""
    before = HERE.names()
    lab.announce(sender, name, **where)
    time.sleep(0.1)
    return HERE.names() == sorted(before + [name])


def without_autostart_nothing_runs():
    """until a group is added by hand"""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    other = net.host("other")
    listener = other.listener(other.address)
    lab.module("autostart=0")
    ksft_true(quiet(listener))
    ksft_eq((ports(HERE), memberships(HERE)), ([], []))
    ksft_eq((HERE.names(), HERE.json("group", "show")), ([], []))
    HERE.mcpeer("group", "add", "default")
    ksft_eq(said(listener), ("10.1.1.100", lab.PREFIX + OWN.encode()))
    ksft_eq((ports(HERE), memberships(HERE)),
            ([lab.PORT], [("eth0", lab.GROUP)]))


def other_namespaces_take_part_only_when_told():
    """and then see the others, and be seen"""
    here, other = lab.pair()
    monitor = other.monitor()
    ksft_eq((ports(other), memberships(other)), ([], []))
    ksft_eq((other.names(), other.json("group", "show")), ([], []))
    here.mcpeer("register", "mine")
    ksft_eq(monitor.next(deadline=40), None)
    ksft_eq(here.names(), [])
    other.mcpeer("group", "add", "default")
    lab.wait_until(lambda: here.names() == ["other"] and
                   other.names() == [OWN], deadline=20, what="both peers")
    ksft_eq(monitor.take(1), [("join", OWN)])


def the_name_is_that_of_whoever_adds_the_group():
    """in its UTS namespace, then and there"""
    here, other = lab.pair()
    script = "hostname renamed; mcpeer group add default; hostname again"
    here.run("nsenter", f"--net={other.net()}", "unshare", "-u", "sh", "-c",
             script)
    ksft_eq(other.json("group", "show", "default")["hostname"], "renamed")
    lab.wait_until(here.names, deadline=20, what="peer")
    ksft_eq(here.names(), ["renamed"])
    # Whoever asks for the host's name means the own one; nobody else does.
    for asked, name in (("ttl 1", "renamed"), ("hostname ''", "third")):
        here.run("nsenter", f"--net={other.net()}", "unshare", "-u", "sh",
                 "-c", f"hostname third; mcpeer group set default {asked}")
        ksft_eq(other.json("group", "show", "default")["hostname"], name)
    ksft_eq(socket.gethostname(), OWN)


def a_deleted_group_leaves_nothing():
    """Each peer leaves, the interfaces leave, the port is free"""
    here, other = lab.pair()
    listener = other.listener(other.address)
    lab.announce(other.sender(other.address), "a", "b")
    here.mcpeer("register", "-l", "never", "c")
    lab.wait_until(lambda: len(here.names()) == 3, what="peers")
    monitor = here.monitor()
    here.mcpeer("group", "del", "default")
    ksft_eq(sorted(monitor.take(4, deadline=1)),
            [("leave", "a"), ("leave", "b"), ("leave", "c")])
    ksft_eq((ports(here), memberships(here)), ([], []))
    ksft_eq(here.names(), [])
    ksft_true(quiet(listener))
    # Numbers of events go on.
    here.mcpeer("group", "add", "default")
    here.mcpeer("register", "d")
    ksft_eq(monitor.next()["seq"], 7)


def a_group_shares_interfaces_and_port_with_programs():
    """which stay what they are when it goes"""
    here, other = lab.pair()
    program = here.listener("10.1.1.100")
    lab.announce(other.sender(other.address), "a")
    lab.wait_until(here.names, what="peer")
    ksft_in(lab.PREFIX + b"a", [data for *_, data in lab.heard(program)])
    here.mcpeer("group", "del", "default")
    ksft_eq((ports(here), memberships(here)),
            ([lab.PORT], [("eth0", lab.GROUP)]))
    lab.announce(other.sender(other.address), "b")
    ksft_eq(said(program), (other.address, lab.PREFIX + b"b"))


def the_port_can_be_changed():
    """Heard and announced is on the new one only"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    old = other.listener(other.address)
    new = other.listener(other.address, 4711)
    ksft_true(hears(sender, "a"))
    change("port", "4711")
    ksft_eq(said(new, 1), ("10.1.1.100", lab.PREFIX + OWN.encode()))
    ksft_eq(ports(HERE), [4711])
    ksft_true(not hears(sender, "b"))
    ksft_true(hears(sender, "b", port=4711))
    ksft_true(quiet(old))
    ksft_ge(len(lab.heard(new)), 3)


def the_address_can_be_changed():
    """and the interfaces with it"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    old = other.listener(other.address)
    new = other.listener(other.address, group="239.7.7.7")
    ksft_true(hears(sender, "a"))
    change("address", "239.7.7.7")
    ksft_eq(said(new, 1), ("10.1.1.100", lab.PREFIX + OWN.encode()))
    ksft_eq(memberships(HERE), [("eth0", "239.7.7.7")])
    ksft_true(not hears(sender, "b"))
    ksft_true(hears(sender, "b", group="239.7.7.7"))
    ksft_true(quiet(old))


def the_prefix_can_be_changed():
    """What starts with the old one is no announcement any more"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    listener = other.listener(other.address)
    ksft_true(hears(sender, "a"))
    said(listener)
    change("prefix", "x")
    ksft_eq(said(listener, 1), ("10.1.1.100", b"x" + OWN.encode()))
    ksft_true(not hears(sender, "b"))
    ksft_eq(HERE.stats()["drop_prefix"], 1)
    sender.sendto(b"xylophone", (lab.GROUP, lab.PORT))
    ksft_eq(HERE.names(), ["a", "ylophone"])


def ttl(host, wire):
    """Time to live of the next announcement on the wire, from now on."""
    source = socket.inet_aton(host)
    wire.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            wire.recv(2048)
    wire.settimeout(60)

    def received():
        # The host also tells of its memberships, by IGMP.
        packet = wire.recv(2048)
        return packet[12:16] == source and \
            packet[9] == socket.IPPROTO_UDP and packet[8]

    return lab.wait_until(received, deadline=60, what="announcement")


def the_time_to_live_can_be_changed():
    """As the wire has it"""
    _, other = lab.pair()
    wire = other.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                        socket.htons(ETH_P_IP))
    defer(wire.close)
    ksft_eq(ttl("10.1.1.100", wire), 1)
    for value in (255, 2, 1):
        change("ttl", str(value))
        ksft_eq(ttl("10.1.1.100", wire), value)


def the_interval_can_be_changed():
    """at once, to a shorter and to a longer one"""
    _, other = lab.pair()
    listener = other.listener(other.address)
    said(listener)
    for interval, expiry in ((1, 20), (12, 20), (0.1, 0.5), (15, 35)):
        change("interval", str(interval), "expiry", str(expiry))
        said(listener, 1)
        begin, count = time.monotonic(), 10
        times = [stamp for stamp, *_ in lab.heard(listener)]
        while len(times) < count and time.monotonic() < begin + 200:
            time.sleep(interval)
            times += [stamp for stamp, *_ in lab.heard(listener)]
        gaps = [after - before for before, after in zip(times, times[1:])]
        # The jitter shortens by up to a quarter. A tick is 4 ms.
        ksft_ge(len(gaps), count - 1)
        ksft_ge(min(gaps), 0.75 * interval - 0.005, interval)
        ksft_ge(interval + 0.005, max(gaps), interval)


def the_expiry_holds_for_those_who_are_there():
    """A longer one prolongs, a shorter one shortens, to nothing if need be"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    HERE.mcpeer("register", "-l", "500", "mine")
    lab.announce(sender, "early")
    lab.wait_until(lambda: len(HERE.names()) == 2, what="peer")
    begin = time.monotonic()
    change("expiry", "100")
    time.sleep(50)
    lab.announce(sender, "late")
    time.sleep(20)
    peers = {peer["name"]: peer for peer in HERE.json("list")}
    ksft_true(29 < peers["early"]["expires_in"] < 31, peers)
    ksft_true(79 < peers["late"]["expires_in"] < 81, peers)
    ksft_true(69 < peers["early"]["age"] < 71, peers)

    monitor = HERE.monitor()
    HERE.mcpeer("group", "set", "default", "expiry", "30")
    ksft_eq(monitor.take(1, deadline=1), [("expire", "early")])
    ksft_true(9 < HERE.json("show", "late")["expires_in"] < 11)
    ksft_true(425 < HERE.json("show", "mine")["expires_in"] < 431)
    event = monitor.next(deadline=20)
    ksft_eq((event["event"], event["peer"]["name"]), ("expire", "late"))
    ksft_true(30 <= event["peer"]["silent"] < 30.1, event)
    ksft_true(80 <= time.monotonic() - begin < 81)
    ksft_eq(HERE.names(), ["mine"])


def the_number_of_peers_can_be_changed():
    """Those who are there stay even if they are too many"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    for name in "abc":
        ksft_true(hears(sender, name))
    change("max-peers", "2")
    ksft_true(not hears(sender, "d"))
    HERE.mcpeer("expire", "a")
    ksft_true(not hears(sender, "d"))
    HERE.mcpeer("expire", "b")
    ksft_true(hears(sender, "d"))
    change("max-peers", "3")
    ksft_true(hears(sender, "e"))
    ksft_true(not hears(sender, "f"))
    ksft_eq(HERE.stats()["drop_full"], 3)


def it_takes_no_root():
    """but that of a user namespace"""
    lab.module("autostart=0")
    HERE.run("modprobe", "dummy", "numdummies=0")
    owner = lab.Owner()
    ksft_eq(owner.run("id", "-u").stdout, "0\n")
    owner.mcpeer("group", "add", "default")
    owner.run("ip", "link", "add", "dummy0", "type", "dummy")
    owner.run("ip", "link", "set", "dummy0", "up", "multicast", "on")
    owner.run("ip", "addr", "add", "10.1.1.1/24", "dev", "dummy0")
    joined(owner, "dummy0")
    ksft_eq(memberships(owner), [("dummy0", lab.GROUP)])
    monitor = owner.monitor()
    owner.mcpeer("register", "k")
    owner.mcpeer("expire", "k")
    owner.mcpeer("group", "del", "default")
    ksft_eq(monitor.take(2), [("join", "k"), ("expire", "k")])
    # It has no power over the namespace it came from.
    HERE.mcpeer("group", "add", "default")
    outside = lab.run(*owner.enter()[:-1], "true", check=False)
    ksft_eq(outside.returncode, 0)
    ksft_eq(owner.json("group", "show"), [])


def a_namespace_takes_its_groups_with_it():
    """and leaves nothing, even if the module goes at the same time"""
    here, other = lab.pair()
    net_listener = here.listener("10.1.1.100")
    for turn in range(2):
        lab.module("autostart=0")
        watch = objects.Objects()
        here.mcpeer("group", "add", "default")
        for host in range(3):
            guest = lab.Namespace(f"guest{host}")
            guest.run("ip", "link", "add", "eth0", "type", "veth", "peer",
                      "name", "peer0")
            for ifname, address in (("eth0", 1), ("peer0", 2)):
                guest.run("ip", "addr", "add", f"10.9.{host}.{address}/24",
                          "dev", ifname)
                guest.run("ip", "link", "set", ifname, "up")
            guest.mcpeer("group", "add", "default", "interval", "0.1",
                         "expiry", "1")
            guest.mcpeer("group", "add", "lab", "port", "4711")
            guest.mcpeer("register", "-l", "never", "k")
            lab.announce(guest.sender(f"10.9.{host}.1"), "a", "b")
            joined(guest)
            guest.leave()
        if turn:
            time.sleep(1)
        lab.unload()
        watch.judge(peers=3, others=21)
    other.mcpeer("list", check=False)
    ksft_true(quiet(net_listener))
    ksft_eq((ports(here), memberships(here)),
            ([lab.PORT], [("eth0", lab.GROUP)]))


def two_groups_keep_apart():
    """Peers, counters, settings; the events are numbered together"""
    here, other = lab.pair()
    sender = other.sender(other.address)
    here.mcpeer("group", "add", "lab", "port", "4711", "prefix", "lab:")
    joined(here, group="lab")
    # One address, two members.
    ksft_eq(memberships(here), [("eth0", lab.GROUP)])
    monitor = here.monitor()
    lab.announce(sender, "k")
    sender.sendto(b"lab:k", (lab.GROUP, 4711))
    sender.sendto(b"lab:l", (lab.GROUP, 4711))
    sender.sendto(b"lab:mmmmmmmm", (lab.GROUP, lab.PORT))
    events = [monitor.next() for _ in range(3)]
    ksft_eq([(event["seq"], event["group"], event["peer"]["name"])
             for event in events],
            [(1, "default", "k"), (2, "lab", "k"), (3, "lab", "l")])
    ksft_eq((here.stats()["joined"], here.stats("lab")["joined"],
             here.stats()["drop_prefix"]), (1, 2, 1))
    here.mcpeer("expire", "k")
    ksft_eq([(peer["group"], peer["name"]) for peer in here.json("list")],
            [("lab", "k"), ("lab", "l")])
    here.mcpeer("group", "del", "lab")
    ksft_eq(memberships(here), [("eth0", lab.GROUP)])
    ksft_true(hears(sender, "k"))


def there_are_16_groups_at_most():
    """in each namespace"""
    lab.module()
    host = lab.Namespace("host")
    names = [f"g{number:02}" for number in range(15)]
    for number, name in enumerate(names):
        HERE.mcpeer("group", "add", name, "port", str(5000 + number))
    HERE.mcpeer("register", "-g", names[-1], "k")
    refused = HERE.mcpeer("group", "add", "more", "port", "6000", check=False)
    ksft_eq(lab.refusal(refused),
            (1, "mcpeer: cannot add group 'more': there are 16 groups "
             "already, which is the most"))
    ksft_eq([group["name"] for group in HERE.json("group", "show")],
            ["default"] + names)
    ksft_eq([peer["group"] for peer in HERE.json("list")], names[-1:])
    ksft_lt(len(ports(host)), 1)
    host.mcpeer("group", "add", "more", "port", "6000")
    HERE.mcpeer("group", "del", "g10")
    HERE.mcpeer("group", "add", "more", "port", "6000")


if __name__ == "__main__":
    ksft_run([
        without_autostart_nothing_runs,
        other_namespaces_take_part_only_when_told,
        the_name_is_that_of_whoever_adds_the_group,
        a_deleted_group_leaves_nothing,
        a_group_shares_interfaces_and_port_with_programs,
        the_port_can_be_changed,
        the_address_can_be_changed,
        the_prefix_can_be_changed,
        the_time_to_live_can_be_changed,
        the_interval_can_be_changed,
        the_expiry_holds_for_those_who_are_there,
        the_number_of_peers_can_be_changed,
        it_takes_no_root,
        a_namespace_takes_its_groups_with_it,
        two_groups_keep_apart,
        there_are_16_groups_at_most,
    ])
    ksft_exit()
