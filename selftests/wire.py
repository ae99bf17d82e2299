#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What comes in from the network, most of it hostile, and how it counts."""

import contextlib
import socket
import time

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_run, ksft_true)

import frames
import lab
import links
from tap import Tap

HERE = lab.Host()
HERE_ADDRESS = "10.1.1.100"
OTHER_ADDRESS = "10.1.1.2"

# Each datagram is counted in just one of these.
OUTCOMES = (
    "refreshed", "joined", "updated", "own", "conflict", "shadowed",
    "drop_truncated", "drop_fragmented", "drop_prefix", "drop_empty",
    "drop_too_long", "drop_bad_byte", "drop_interface", "drop_source",
    "drop_off_link", "drop_per_source", "drop_rate", "drop_full",
    "drop_paths", "drop_nomem",
)


def balance():
    """Nothing that came is counted twice, or not at all."""
    stats = HERE.stats()
    ksft_eq(stats["rx"], sum(stats[key] for key in OUTCOMES), stats)


class Count:
    """What the counters have gained, leaving out what this host hears of its
    own announcements."""

    def __init__(self):
        self.before = self.now = HERE.stats()

    def gain(self):
        """Counters that changed, with by how much."""
        self.now = HERE.stats()
        return {key: self.now[key] - self.before[key] for key in OUTCOMES
                if key != "own" and self.now[key] != self.before[key]}

    def expect(self, comment="", **wanted):
        """Just these counters gain just that much."""
        gained = {}

        def count():
            gained.clear()
            gained.update(self.gain())
            return sum(gained.values()) >= sum(wanted.values())
        with contextlib.suppress(TimeoutError):
            lab.wait_until(count, deadline=2)
        ksft_eq(gained, wanted, comment)
        # If more comes it is the next one's.
        self.before = self.now


class Snmp:
    """What UDP has counted on this host."""

    def __init__(self, key):
        self.key = key
        self.before = self.read()

    def read(self):
        """The counter."""
        with open("/proc/net/snmp", encoding="ascii") as table:
            keys, values = [line.split() for line in table
                            if line.startswith("Udp:")]
        return int(values[keys.index(self.key)])

    def expect(self, gain, comment=""):
        """It gains just so much."""
        try:
            lab.wait_until(lambda: self.read() - self.before >= gain,
                           deadline=2)
        except TimeoutError:
            pass
        ksft_eq(self.read() - self.before, gain, comment or self.key)
        self.before = self.read()


def lan(*params):
    """The sender of another host, which is also returned."""
    _, other = lab.pair(*params)
    ksft_eq(other.address, OTHER_ADDRESS)
    defer(balance)
    return other.sender(other.address), other


def barrier(sender, name="barrier"):
    """Wait until all that was sent before has come in."""
    lab.announce(sender, name)
    lab.wait_until(lambda: name in HERE.names(), what=name)


def send(sender, payload, port=lab.PORT):
    """Send some bytes to the group."""
    sender.sendto(payload, (lab.GROUP, port))


def datagrams_without_a_name_are_counted_by_their_fault():
    """Too short, another prefix, nothing behind it"""
    sender, _ = lan()
    count = Count()
    for payload in (b"", b"m", b"x", b"multitastic"):
        send(sender, payload)
        count.expect(payload, drop_truncated=1)
    for payload in (b"multitastic;", b"Multitastic:host", b"xultitastic:host",
                    b"\0" * 12, b" multitastic:host", b"otherwise:there",
                    b"x" * 1472):
        send(sender, payload)
        count.expect(payload, drop_prefix=1)
    send(sender, lab.PREFIX)
    count.expect(drop_empty=1)
    ksft_eq(HERE.names(), [])


def names_of_64_bytes_are_the_longest():
    """65 are refused, as are those that fill a frame"""
    sender, _ = lan()
    count = Count()
    for length in (65, 66, 97, 1000, 1472 - len(lab.PREFIX)):
        lab.announce(sender, "n" * length)
        count.expect(length, drop_too_long=1)
    ksft_eq(HERE.names(), [])
    lab.announce(sender, "n" * 64)
    count.expect(joined=1)
    ksft_eq(HERE.names(), ["n" * 64])


def names_are_printable_ascii():
    """Each of the 256 bytes, at the front, within and at the end"""
    sender, _ = lan()
    lab.open_doors()
    count = Count()
    good = set(range(0x21, 0x7f))
    for byte in sorted(set(range(256)) - good):
        for place in (0, 3, 6):
            name = bytearray(b"badname")
            name[place] = byte
            send(sender, lab.PREFIX + bytes(name))
    count.expect(drop_bad_byte=3 * (256 - len(good)))
    for name in (b"host\r\n", b"host\n", b"host\0", " \u202ehost".encode(),
                 "h\u00f6st".encode(), b"\x1b[2J", b"a b", b"\0" * 64,
                 b"\xff" * 64, b" " * 64):
        send(sender, lab.PREFIX + name)
        count.expect(name, drop_bad_byte=1)
    ksft_eq(HERE.names(), [])
    for byte in sorted(good):
        lab.announce(sender, b"a" + bytes((byte,)))
    count.expect(joined=len(good))
    ksft_eq([ord(name[1]) for name in HERE.names()], sorted(good))


def fragments_are_dropped():
    """A small announcement in two, and what does not fit into a frame"""
    sender, other = lan()
    wire = frames.Wire(other)
    count = Count()
    whole = frames.udp(lab.PREFIX + b"fragments", OTHER_ADDRESS)
    wire.packet(whole[:16], OTHER_ADDRESS, ident=7, more=True)
    wire.packet(whole[16:], OTHER_ADDRESS, ident=7, offset=16)
    count.expect(drop_fragmented=1)
    # Last one first.
    wire.packet(whole[24:], OTHER_ADDRESS, ident=8, offset=24)
    wire.packet(whole[:24], OTHER_ADDRESS, ident=8, more=True)
    count.expect(drop_fragmented=1)
    for size in (1473, 3000, 65507):
        send(sender, lab.PREFIX + b"n" * (size - len(lab.PREFIX)))
        count.expect(size, drop_fragmented=1)
    # One that never gets whole.
    wire.packet(whole[:16], OTHER_ADDRESS, ident=9, more=True)
    barrier(sender)
    count.expect(joined=1)
    ksft_eq(HERE.names(), ["barrier"])
    wire.packet(whole, OTHER_ADDRESS, ident=10)
    count.expect(joined=1)
    ksft_eq(HERE.names(), ["barrier", "fragments"])


def it_does_not_matter_where_a_driver_cuts_a_datagram():
    """A driver may leave all but the headers, or less, in pages of its own"""
    tap = Tap(in_pieces=True)
    lab.module()
    defer(balance)
    lab.wait_until(HERE.joined, what="the tap joins")
    count, whole = Count(), tap.frame("pieces", "10.7.7.2")
    # From behind the headers.
    cuts = range(14 + 20 + 8, len(whole))
    tap.write_pieces(whole, *cuts[::2])
    count.expect(joined=1)
    for cut in cuts:
        tap.write_pieces(whole, cut)
    count.expect(refreshed=len(cuts))
    for wanted, payload in (
            ("drop_truncated", lab.PREFIX[:-1]),
            ("drop_prefix", lab.PREFIX[:-1] + b";pieces"),
            ("drop_empty", lab.PREFIX),
            ("drop_too_long", lab.PREFIX + b"n" * 65),
            ("drop_bad_byte", lab.PREFIX + b"pieces\n")):
        tap.write_pieces(frames.datagram(payload, "10.7.7.2"),
                         cuts[0], cuts[0] + 5)
        count.expect(wanted, **{wanted: 1})
    # Who is known may stay where no newcomer is let in.
    far = [tap.frame(name, "10.9.9.9") for name in ("old", "new")]
    HERE.mcpeer("group", "set", "default", "off-link", "accept")
    tap.write_pieces(far[0], cuts[0])
    count.expect(joined=1)
    HERE.mcpeer("group", "set", "default", "off-link", "drop")
    for pieces in ((), cuts[:1]):
        for packet in far:
            tap.write_pieces(packet, *pieces)
        count.expect(refreshed=1, drop_off_link=1)
    ksft_eq(HERE.names(), ["old", "pieces"])


def what_is_not_sent_to_the_group_is_not_heard():
    """To this host alone, to all hosts, to another port, to another group"""
    sender, other = lan()
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    count, unicast, all_hosts = Count(), Snmp("NoPorts"), Snmp("IgnoredMulti")
    sender.sendto(lab.PREFIX + b"a", (HERE_ADDRESS, lab.PORT))
    unicast.expect(1)
    for address in ("10.1.1.255", "255.255.255.255"):
        other.run("ip", "route", "replace", "default", "dev", "eth0")
        sender.sendto(lab.PREFIX + b"b", (address, lab.PORT))
        all_hosts.expect(1, address)
    for port in (lab.PORT - 1, lab.PORT + 1):
        send(sender, lab.PREFIX + b"c", port)
        all_hosts.expect(1, port)
    for address in ("224.0.0.1", "239.2.3.5"):
        sender.sendto(lab.PREFIX + b"d", (address, lab.PORT))
    barrier(sender)
    count.expect(joined=1)
    ksft_eq(HERE.names(), ["barrier"])


def broken_datagrams_are_not_heard():
    """Checksums and lengths that are wrong; what is behind the end"""
    sender, other = lan()
    wire = frames.Wire(other)
    count, sums, errors = Count(), Snmp("InCsumErrors"), Snmp("InErrors")
    wire.datagram(lab.PREFIX + b"a", OTHER_ADDRESS, checksum=0x1234)
    sums.expect(1)
    errors.expect(1)
    for length in (0, 7, 22, 65535):
        wire.datagram(lab.PREFIX + b"b", OTHER_ADDRESS, length=length)
        errors.expect(1, length)
    barrier(sender)
    count.expect(joined=1)
    ksft_eq(HERE.names(), ["barrier"])
    # Without a checksum; padded as short frames are; shorter than the packet.
    wire.datagram(lab.PREFIX + b"c", OTHER_ADDRESS, checksum=0)
    wire.datagram(lab.PREFIX + b"d", OTHER_ADDRESS, pad=b"pad" * 9)
    wire.datagram(lab.PREFIX + b"e", OTHER_ADDRESS, checksum=0,
                  length=8 + len(lab.PREFIX) + 1)
    wire.datagram(lab.PREFIX + b"fgh", OTHER_ADDRESS, checksum=0,
                  length=8 + len(lab.PREFIX) + 1)
    count.expect(joined=4)
    ksft_eq(HERE.names(), ["barrier", "c", "d", "e", "f"])


def sources_that_no_host_has_are_not_heard():
    """The kernel takes most of them for Martians"""
    sender, other = lan()
    wire = frames.Wire(other)
    count = Count()
    for source in ("0.0.0.0", "127.0.0.1", "224.0.0.1", lab.GROUP,
                   "255.255.255.255"):
        wire.datagram(lab.PREFIX + b"alien", source)
    barrier(sender)
    count.expect(joined=1)
    HERE.set("ipv4/conf/eth0/route_localnet", 1)
    for source in ("127.0.0.2", "127.255.255.254"):
        wire.datagram(lab.PREFIX + b"alien", source)
        count.expect(source, drop_source=1)
    ksft_eq(HERE.names(), ["barrier"])


def a_source_of_zeroes_is_dropped():
    """which the kernel lets pass to the groups of the link"""
    _, other = lan()
    wire = frames.Wire(other)
    HERE.mcpeer("group", "set", "default", "address", "224.0.0.77")
    lab.wait_until(lambda: "eth0" in HERE.joined(), what="eth0 joins")
    count = Count()
    # The checksum covers the address.
    data = frames.udp(lab.PREFIX + b"alien", "0.0.0.0", checksum=0)
    wire.packet(data, "0.0.0.0", target="224.0.0.77")
    count.expect(drop_source=1)
    wire.packet(data, OTHER_ADDRESS, target="224.0.0.77")
    count.expect(joined=1)


def listen(address):
    """A program that makes the interface of this address hear the group."""
    program = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    program.setsockopt(socket.SOL_IP, socket.IP_ADD_MEMBERSHIP,
                       socket.inet_aton(lab.GROUP) + socket.inet_aton(address))
    defer(program.close)
    return program


def interfaces_that_do_not_take_part_are_not_heard():
    """Loopback, and one that cannot multicast, though a program hears there"""
    sender, _ = lan()
    count = Count()
    listen("127.0.0.1")
    loop = HERE.sender("127.0.0.1")
    loop.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_LOOP, 1)
    lab.announce(loop, "loop")
    # There it loops back, and is sent to itself.
    lab.wait_until(lambda: count.gain().get("drop_interface", 0) > 0)
    ksft_eq(set(count.gain()), {"drop_interface"})
    count = Count()

    more = lab.Lan("10.1.2")
    more.plug(HERE, "10.1.2.100", "eth1")
    host = more.host("more")
    far = host.sender(host.address)
    listen("10.1.2.100")
    lab.wait_until(lambda: "eth1" in HERE.joined(), what="eth1 joins")
    # As soon as it is told that it has left, which takes a moment.
    links.turn_off("eth1", links.IFF_MULTICAST)
    lab.wait_until(lambda: HERE.joined() == ["eth0"], what="eth1 leaves")
    lab.announce(far, "more")
    count.expect(drop_interface=1)
    # Nor does it count for a peer that is known.
    lab.announce(sender, "more")
    count.expect(joined=1)
    lab.announce(far, "more")
    count.expect(drop_interface=1)
    ksft_eq(HERE.json("show", "more")["interface"], "eth0")


def another_host_with_our_name_is_a_conflict():
    """An event, and another when it was silent for a lifetime"""
    sender, _ = lan()
    own = socket.gethostname()
    count, monitor = Count(), HERE.monitor()
    lab.speak()
    for _ in range(5):
        lab.announce(sender, own)
    count.expect(conflict=5)
    event = monitor.next()
    ksft_eq((event["event"], event["peer"]["name"], event["peer"]["address"],
             event["peer"]["interface"]),
            ("conflict", own, OTHER_ADDRESS, "eth0"))
    ksft_eq([(path["address"], path["interface"]) for path in
             event["peer"]["paths"]],
            [(OTHER_ADDRESS, "eth0"), (HERE_ADDRESS, "eth0")])
    # Heard again within the lifetime of 35 s, it is no news.
    ksft_eq(monitor.next(deadline=30), None)
    lab.speak()
    lab.announce(sender, own)
    count.expect(conflict=1)
    ksft_eq(monitor.next(deadline=34), None)
    ksft_eq(monitor.take(1), [("conflict-end", own)])
    lab.speak()
    lab.announce(sender, own)
    ksft_eq(monitor.take(1), [("conflict", own)])
    ksft_eq(HERE.names(), [])


def a_reflection_is_no_conflict():
    """This host's name from another address, right behind its own"""
    sender, _ = lan()
    own = socket.gethostname()
    sent = HERE.stats()["tx"]
    HERE.mcpeer("group", "set", "default", "ttl", "1")
    lab.wait_until(lambda: HERE.stats()["tx"] > sent, what="announcement")
    before = HERE.stats()
    lab.announce(sender, own, own)
    lab.wait_until(lambda: HERE.stats()["own"] >= before["own"] + 2,
                   what="reflections")
    ksft_eq(HERE.stats()["conflict"], 0)


def the_own_announcement_is_no_peer():
    """Looped back by this host, or reflected by the network"""
    _, other = lan()

    def echoes():
        stats = HERE.stats()
        return stats["own"] >= 3 and stats

    stats = lab.wait_until(echoes, deadline=60, what="echoes", pause=1)
    ksft_eq(stats["own"], stats["tx"])
    # The kernel drops what has a source address of its own.
    count, wire = Count(), frames.Wire(other)
    own = lab.PREFIX + socket.gethostname().encode()
    HERE.set("ipv4/conf/eth0/accept_local", 1)
    before = HERE.stats()
    wire.datagram(own, HERE_ADDRESS)
    lab.wait_until(lambda: HERE.stats()["own"] > before["own"])
    ksft_true(HERE.stats()["tx"] <= before["tx"] + 1)
    count.expect()
    ksft_eq(HERE.names(), [])


def a_full_table_takes_no_more():
    """but keeps what it has"""
    sender, _ = lan()
    HERE.mcpeer("group", "set", "default", "max-peers", "3")
    count = Count()
    lab.announce(sender, "a", "b", "c")
    count.expect(joined=3)
    lab.announce(sender, "d", "e", "d")
    count.expect(drop_full=3)
    lab.announce(sender, "a", "b", "c")
    count.expect(refreshed=3)
    HERE.mcpeer("expire", "b")
    lab.announce(sender, "d", "b")
    count.expect(joined=1, drop_full=1)
    ksft_eq(HERE.names(), ["a", "c", "d"])


def a_registration_hides_the_peer_of_the_network():
    """and goes on where it is"""
    sender, _ = lan()
    count = Count()
    HERE.mcpeer("register", "-l", "never", "k", "v")
    monitor = HERE.monitor()
    lab.announce(sender, "k", "k")
    count.expect(shadowed=2)
    peer = HERE.json("show", "k")
    ksft_eq((peer["source"], peer["value"], peer["address"], peer["heard"]),
            ("local", "v", None, 0))
    HERE.mcpeer("unregister", "k")
    lab.announce(sender, "k")
    count.expect(joined=1)
    HERE.mcpeer("register", "k", "v")
    lab.announce(sender, "k")
    count.expect(shadowed=1)
    ksft_eq(monitor.take(4, deadline=1),
            [("leave", "k"), ("join", "k"), ("update", "k")])


def a_new_address_is_an_update():
    """One event, for the same peer"""
    sender, other = lan()
    other.run("ip", "addr", "add", "10.1.1.22/24", "dev", "eth0")
    moved = other.sender("10.1.1.22")
    count = Count()
    lab.announce(sender, "k")
    count.expect(joined=1)
    monitor = HERE.monitor()
    # Places heard within 10 ms of each other stay in their order.
    time.sleep(0.1)
    lab.announce(moved, "k", "k")
    count.expect(updated=1, refreshed=1)
    event = monitor.next()
    ksft_eq((event["event"], event["peer"]["address"]),
            ("update", "10.1.1.22"))
    ksft_eq(monitor.next(deadline=1), None)
    ksft_eq(HERE.json("show", "k")["heard"], 3)


def duplicates_do_no_harm():
    """A datagram that comes several times"""
    sender, _ = lan()
    count, monitor = Count(), HERE.monitor()
    lab.announce(sender, "k", "k", "k")
    count.expect(joined=1, refreshed=2)
    ksft_eq(monitor.take(2, deadline=1), [("join", "k")])
    ksft_eq(HERE.json("show", "k")["heard"], 3)


if __name__ == "__main__":
    ksft_run([
        datagrams_without_a_name_are_counted_by_their_fault,
        names_of_64_bytes_are_the_longest,
        names_are_printable_ascii,
        fragments_are_dropped,
        it_does_not_matter_where_a_driver_cuts_a_datagram,
        what_is_not_sent_to_the_group_is_not_heard,
        broken_datagrams_are_not_heard,
        sources_that_no_host_has_are_not_heard,
        a_source_of_zeroes_is_dropped,
        interfaces_that_do_not_take_part_are_not_heard,
        another_host_with_our_name_is_a_conflict,
        a_reflection_is_no_conflict,
        the_own_announcement_is_no_peer,
        a_full_table_takes_no_more,
        a_registration_hides_the_peer_of_the_network,
        a_new_address_is_an_update,
        duplicates_do_no_harm,
    ])
    ksft_exit()
