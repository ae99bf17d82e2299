#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The paths of a peer: the addresses and interfaces at which it is heard."""

import time

from net.lib.py import ksft_eq, ksft_exit, ksft_run, ksft_true

import lab

HERE = lab.Host()


def lans(count):
    """This host on so many LANs; another one that is on all of them, and its
    senders."""
    nets = [lab.Lan(f"10.1.{number}") for number in range(1, count + 1)]
    for number, net in enumerate(nets):
        net.plug(HERE, f"{net.subnet}.100", f"eth{number}")
    lab.module()
    other = lab.Namespace("other")
    senders = []
    for number, net in enumerate(nets):
        address = net.plug(other, f"{net.subnet}.2", f"eth{number}")
        senders.append(other.sender(address))
    lab.wait_until(lambda: len(HERE.joined()) == count, what="interfaces join")
    return other, senders


def paths():
    """Address and interface of each path of the peer k, and silent."""
    peer = HERE.json("show", "k")
    return [(path["address"], path["interface"], path["silent"])
            for path in peer.get("paths", [peer])]


def places():
    """The same without the time."""
    return [path[:2] for path in paths()]


def say(sender):
    """The peer k speaks, and is heard."""
    before = HERE.stats()["rx"]
    lab.announce(sender, "k")
    lab.wait_until(lambda: HERE.stats()["rx"] > before, what="datagram")


def a_host_heard_by_two_interfaces_is_one_peer():
    """The second makes an update, alternation does not"""
    _, senders = lans(2)
    monitor = HERE.monitor()
    for _ in range(10):
        for sender in senders:
            say(sender)
            time.sleep(1)
    ksft_eq(HERE.names(), ["k"])
    events = [monitor.next(1) for _ in range(2)]
    ksft_eq([event["event"] for event in events], ["join", "update"])
    ksft_eq([[path["address"] for path in event["peer"].get("paths", [])]
             for event in events], [[], ["10.1.2.2", "10.1.1.2"]])
    ksft_eq(monitor.next(0.1), None, "nothing else happens")
    ksft_eq(HERE.json("show", "k")["heard"], 20)
    stats = HERE.stats()
    ksft_eq((stats["joined"], stats["updated"], stats["refreshed"]),
            (1, 1, 18))


def the_freshest_path_comes_first():
    """In list, show and JSON"""
    _, senders = lans(2)
    for number in (0, 1, 0, 1, 1):
        say(senders[number])
        time.sleep(0.5)
        here, there = [("10.1.1.2", "eth0"), ("10.1.2.2", "eth1")]
        ksft_eq(HERE.json("list")[0]["address"], (here, there)[number][0])
        ksft_eq(HERE.json("list")[0]["interface"], (here, there)[number][1])
        if len(places()) > 1:
            ksft_eq(places(), [here, there] if number == 0 else [there, here])
    silent = [path[2] for path in paths()]
    # To say something takes its time as well.
    ksft_true(0.5 <= silent[0] < 1 and 1.5 <= silent[1] < 2.5, silent)


def each_path_has_a_lifetime_of_its_own():
    """The peer goes with the last one"""
    _, senders = lans(2)
    begin = time.monotonic()
    say(senders[0])
    time.sleep(10)
    say(senders[1])
    monitor = HERE.monitor()
    event = monitor.next(30)
    ksft_true(35 <= time.monotonic() - begin < 35.2)
    ksft_eq((event["event"], event["peer"].get("paths"),
             event["peer"]["address"]), ("update", None, "10.1.2.2"))
    ksft_eq(places(), [("10.1.2.2", "eth1")])
    event = monitor.next(15)
    ksft_true(45 <= time.monotonic() - begin < 45.4)
    ksft_eq(event["event"], "expire")
    ksft_true(35 <= event["peer"]["silent"] < 35.01, event)
    ksft_eq(monitor.next(0.1), None)


def a_path_that_is_heard_does_not_keep_the_others():
    """The stale one goes, the other stays"""
    _, senders = lans(3)
    for sender in senders:
        say(sender)
    monitor = HERE.monitor()
    for _ in range(4):
        time.sleep(10)
        say(senders[1])
    ksft_eq(places(), [("10.1.2.2", "eth1")])
    events = [monitor.next(1), monitor.next(1)]
    # Two that were heard within a tick may go together.
    ksft_eq({event["event"] for event in events if event}, {"update"})
    ksft_eq(monitor.next(0.1), None)
    # One that comes back is one more.
    say(senders[0])
    ksft_eq(places(), [("10.1.1.2", "eth0"), ("10.1.2.2", "eth1")])


def a_peer_has_four_paths_at_most():
    """A fifth waits until one has missed an announcement"""
    other, _ = lans(1)
    other.ip(*(f"addr add 10.1.1.{number}/24 dev eth0"
               for number in range(3, 8)))
    senders = [other.sender(f"10.1.1.{number}") for number in range(2, 8)]
    for sender in senders[:4]:
        say(sender)
        time.sleep(1)
    monitor = HERE.monitor()
    ksft_eq(len(places()), 4)
    say(senders[4])
    ksft_eq(HERE.stats()["drop_paths"], 1)
    ksft_eq(len(places()), 4)
    ksft_eq(HERE.json("show", "k")["heard"], 4)
    ksft_eq(monitor.next(0.1), None)
    time.sleep(12)
    # The oldest was silent for longer than the interval, the next was not.
    say(senders[4])
    ksft_eq(HERE.stats()["drop_paths"], 1)
    ksft_eq([address for address, _ in places()],
            ["10.1.1.6", "10.1.1.5", "10.1.1.4", "10.1.1.3"])
    ksft_eq(monitor.next(1)["event"], "update")
    time.sleep(36)
    ksft_eq(HERE.names(), [])


def a_registration_takes_the_place_of_all_paths():
    """and a host that speaks again is shadowed"""
    _, senders = lans(2)
    for sender in senders:
        say(sender)
    HERE.mcpeer("register", "-a", "10.9.9.9", "k")
    ksft_eq(places(), [("10.9.9.9", None)])
    for sender in senders:
        say(sender)
    ksft_eq(HERE.stats()["shadowed"], 2)
    ksft_eq(places(), [("10.9.9.9", None)])


def another_expiry_holds_for_each_path():
    """from when it was last heard"""
    _, senders = lans(2)
    say(senders[0])
    time.sleep(10)
    say(senders[1])
    monitor = HERE.monitor()
    HERE.mcpeer("group", "set", "default", "interval", "10", "expiry", "15")
    begin = time.monotonic()
    event = monitor.next(10)
    ksft_true(4.8 < time.monotonic() - begin < 5.1)
    ksft_eq((event["event"], event["peer"]["address"]),
            ("update", "10.1.2.2"))
    event = monitor.next(15)
    ksft_true(14.8 < time.monotonic() - begin < 15.1)
    ksft_eq(event["event"], "expire")


def the_journal_keeps_the_paths():
    """as they were at each event"""
    _, senders = lans(3)
    for sender in senders:
        say(sender)
        # Else they would be as if heard at once.
        time.sleep(0.05)
    monitor = HERE.monitor("-s", "1")
    events = [monitor.next(1) for _ in range(3)]
    ksft_eq([[path["interface"] for path in event["peer"].get("paths", [])]
             for event in events],
            [[], ["eth1", "eth0"], ["eth2", "eth1", "eth0"]])


if __name__ == "__main__":
    ksft_run([
        a_host_heard_by_two_interfaces_is_one_peer,
        the_freshest_path_comes_first,
        each_path_has_a_lifetime_of_its_own,
        a_path_that_is_heard_does_not_keep_the_others,
        a_peer_has_four_paths_at_most,
        a_registration_takes_the_place_of_all_paths,
        another_expiry_holds_for_each_path,
        the_journal_keeps_the_paths,
    ])
    ksft_exit()
