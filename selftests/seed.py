#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Nine faults of the program that spoke the format first, each with its test.

Three of them come with the plain format, and cannot be mended without another
one:

Two datagrams lost in a row end a peer, since it lives for 35 s and speaks each
15 s. What is done about it: no wait is ever longer than 15 s, so that one loss
never ends anybody; a group whose hosts all have this module can have a shorter
interval. What loss costs is in loss.py.

Nobody answers a newcomer. What is done: it announces itself at once, so that
all others know it; it knows all of them after 15 s, or the group's interval.

Nobody says goodbye: the others notice 35 s later. What is done: where a peer
ends there is an event.
"""

import socket
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_ge, ksft_in, ksft_lt, \
    ksft_run, ksft_true

import lab
import watchdog

HERE = lab.Host()


def joined(*names):
    """These interfaces take part, soon."""
    lab.wait_until(lambda: sorted(HERE.joined()) == sorted(names),
                   what="interfaces join")


def seed_1_all_interfaces_take_part():
    """It joined only the one to which a route to the group led."""
    nets = [lab.Lan(f"10.1.{number}") for number in (1, 2, 3)]
    for number, net in enumerate(nets):
        net.plug(HERE, f"{net.subnet}.100", f"eth{number}")
    HERE.ip("route add 224.0.0.0/4 dev eth1")
    others = [net.host(f"host{number}") for number, net in enumerate(nets)]
    ears = [other.listener(other.address) for other in others]
    lab.module()
    joined("eth0", "eth1", "eth2")
    ksft_eq(HERE.members(), {"eth0": 1, "eth1": 1, "eth2": 1})
    time.sleep(0.5)
    for net, ear in zip(nets, ears):
        ksft_eq({address for _, address, _ in lab.heard(ear)},
                {f"{net.subnet}.100"})
    for other in others:
        lab.announce(other.sender(other.address), other.name)
    lab.wait_until(lambda: HERE.names() == ["host0", "host1", "host2"],
                   what="peers")


def seed_2_no_route_is_needed():
    """It crashed again and again without one."""
    lab.module()
    ksft_eq(HERE.joined(), [], "no interface, no failure")
    net = lab.Lan()
    net.plug(HERE, "")
    HERE.ip("addr add 10.1.1.100/32 dev eth0")
    ksft_eq(HERE.run("ip", "route").stdout, "")
    other = net.host("other")
    ear = other.listener(other.address)
    joined("eth0")
    # What is not of the interface's network has to be accepted.
    HERE.mcpeer("group", "set", "default", "off-link", "accept")
    lab.wait_until(lambda: lab.heard(ear), what="announcement")
    ksft_eq(HERE.stats()["tx_errors"], 0)
    lab.announce(other.sender(other.address), "k")
    lab.wait_until(lambda: HERE.names() == ["k"], what="peer")


def seed_3_the_own_echo_is_no_sign_of_life():
    """Its watchdog heard itself, and saw no switch that had stopped."""
    _, other = lab.pair()
    HERE.set("ipv4/conf/eth0/force_igmp_version", 2)
    count = watchdog.reports(other)
    sender = other.sender(other.address)
    for _ in range(3):
        lab.announce(sender, "k")
        time.sleep(14)
    ksft_eq(HERE.names(), ["k"])
    count()
    own = HERE.stats()["own"]
    # Silent for 14 s by now; it has to be for 15, and the next announcement
    # of this host sees it.
    time.sleep(18)
    ksft_ge(HERE.stats()["own"], own + 1, "this host hears itself")
    ksft_ge(count(), 1, "the switch is reminded that it is a member")
    ksft_eq(HERE.names(), ["k"], "before anybody is given up")


def seed_4_twins_are_told_of_each_other():
    """It took whatever had its name for itself."""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    joined("eth0")
    twin = net.host(socket.gethostname())
    third = net.host("third")
    for host in (third, twin):
        # Those who speak in step take longer to be told apart.
        time.sleep(5)
        host.mcpeer("group", "add", "default")
    monitors = [host.monitor("-s", "1") for host in (HERE, twin, third)]
    time.sleep(300)
    for monitor, is_own in zip(monitors, (True, True, False)):
        kinds = []
        while True:
            event = monitor.next(0.1)
            if event is None:
                break
            if event["peer"]["name"] == socket.gethostname():
                kinds.append(event["event"])
                last = event
        ksft_eq(kinds[-1:], ["conflict"])
        ksft_eq(kinds.count("conflict"), 1)
        ksft_eq(last["own"], is_own)
        ksft_eq({path["address"] for path in last["peer"]["paths"]},
                {"10.1.1.100", twin.address})


def seed_5_one_lost_datagram_ends_nobody():
    """Two do in the plain format, six with a third of the interval."""
    _, other = lab.pair()
    ear = HERE.listener("10.1.1.100")
    for interval, losses in ((15, 1), (5, 6)):
        other.mcpeer("group", "add", "default", "interval", str(interval))
        time.sleep(600)
        came = [second for second, address, _ in lab.heard(ear)
                if address == other.address]
        ksft_ge(len(came), 600 // interval)
        longest = max(after - before for before, after
                      in zip(came, came[losses + 1:]))
        ksft_true(longest < 35, (interval, losses, longest))
        other.mcpeer("group", "del", "default")
        time.sleep(36)


def seed_6_a_newcomer_is_known_at_once():
    """It was after 15 s; the newcomer knows the others by then at last."""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    joined("eth0")
    for interval in (15, 1):
        settings = ("interval", str(interval), "expiry", "35")
        HERE.mcpeer("group", "set", "default", *settings)
        time.sleep(interval + 2)
        new = net.host(f"new{interval}")
        begin = time.monotonic()
        new.mcpeer("group", "add", "default", *settings)
        lab.wait_until(lambda name=new.name: name in HERE.names(),
                       what="newcomer")
        ksft_lt(time.monotonic() - begin, 0.5)
        lab.wait_until(lambda host=new: socket.gethostname() in host.names(),
                       deadline=interval + 0.5, what="this host")


def seed_7_names_are_bounded_and_events_told():
    """It took any number of them, of any bytes, and told nobody."""
    _, other = lab.pair()
    HERE.mcpeer("group", "set", "default", "max-peers", "20")
    monitor = HERE.monitor()
    sender = other.sender(other.address)
    lab.announce(sender, "x" * 65, "a b", b"\xff", "")
    lab.announce(sender, *(f"n{number:02}" for number in range(30)))
    lab.wait_until(lambda: HERE.stats()["drop_per_source"] == 14,
                   what="all datagrams")
    ksft_eq(HERE.names(), [f"n{number:02}" for number in range(16)])
    ksft_eq(monitor.take(16), [("join", f"n{number:02}")
                               for number in range(16)])
    other.ip("addr add 10.1.1.33/24 dev eth0")
    lab.announce(other.sender("10.1.1.33"),
                 *(f"m{number:02}" for number in range(10)))
    lab.wait_until(lambda: HERE.stats()["drop_full"] == 6, what="full")
    ksft_eq(len(HERE.names()), 20)
    ksft_eq(monitor.take(5)[4:], [("table-full", None)])
    HERE.mcpeer("group", "del", "default")
    ksft_eq({kind for kind, _ in monitor.take(22)},
            {"leave", "table-full-end"})


def seed_8_the_port_is_shared():
    """A second program on the host was refused."""
    _, other = lab.pair()
    ear = HERE.listener("10.1.1.100")
    HERE.mcpeer("group", "add", "second", "address", "239.9.9.9",
                "address6", "none")
    sender = other.sender(other.address)
    lab.announce(sender, "k")
    lab.wait_until(lambda: HERE.names("default") == ["k"], what="peer")
    ksft_in(lab.PREFIX + b"k", [data for _, _, data in lab.heard(ear)])
    ksft_eq(HERE.names("second"), [])
    # The other way round: the program is first.
    lab.unload()
    before = HERE.listener("10.1.1.100")
    lab.module()
    joined("eth0")
    lab.announce(sender, "k")
    lab.wait_until(lambda: HERE.names() == ["k"], what="peer")
    ksft_in(lab.PREFIX + b"k", [data for _, _, data in lab.heard(before)])


def seed_9_another_address_is_told():
    """It put the new one in the place of the old one in silence."""
    _, other = lab.pair()
    other.ip("addr add 10.1.1.33/24 dev eth0")
    monitor = HERE.monitor()
    for address in (other.address, "10.1.1.33"):
        lab.announce(other.sender(address), "k")
        time.sleep(10)
    events = [monitor.next(1) for _ in range(2)]
    ksft_eq([(event["event"], event["peer"]["address"]) for event in events],
            [("join", other.address), ("update", "10.1.1.33")])
    ksft_eq([path["address"] for path in events[1]["peer"]["paths"]],
            ["10.1.1.33", other.address])
    # The old one is silent for a lifetime.
    event = monitor.next(30)
    ksft_eq((event["event"], event["peer"]["address"],
             event["peer"].get("paths")), ("update", "10.1.1.33", None))


if __name__ == "__main__":
    ksft_run([
        seed_1_all_interfaces_take_part,
        seed_2_no_route_is_needed,
        seed_3_the_own_echo_is_no_sign_of_life,
        seed_4_twins_are_told_of_each_other,
        seed_5_one_lost_datagram_ends_nobody,
        seed_6_a_newcomer_is_known_at_once,
        seed_7_names_are_bounded_and_events_told,
        seed_8_the_port_is_shared,
        seed_9_another_address_is_told,
    ])
    ksft_exit()
