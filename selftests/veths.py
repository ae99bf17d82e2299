#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A host of containers: 60 veths that come and go, again and again.

The long form takes an hour. A third of them lead to containers, and are ports
of a bridge here; the others have addresses of their own.
"""

import random
import time

from net.lib.py import defer, ksft_eq, ksft_exit, ksft_ge, ksft_lt, \
    ksft_pr, ksft_run

import asked
import lab
import load
from memory import used_kb

HERE = lab.Host()
SECONDS = load.of(60, 3600)
PAIRS, CONTAINERS = 20, 20
# The kernel grows by some kilobytes each time without the module as well. A
# leak of the module's would be an object for each interface, of 64 bytes or
# more, which only shows in the long form.
NOISE_KB, LEAK = load.of(300, 500), 64

# In this order: those of the pairs, then those of the containers.
ENDS = [f"v{number}{end}" for number in range(PAIRS) for end in "ab"]
PORTS = [f"c{number}" for number in range(CONTAINERS)]


def shown():
    """What the module says: members by IPv4, and by IPv6."""
    states = asked.interfaces("default")
    return tuple({name: 1 for name, families in states.items()
                  if families[number] == "joined"} for number in (0, 1))


def look(looks):
    """The kernel's lists of members are what the module says.

    Only what is said before and after reading a list can be held against it.
    """
    for _ in range(20):
        before = shown()
        members = HERE.members(), HERE.members6()
        if before == shown():
            ksft_eq(members, before)
            looks.append(len(members[0]) + len(members[1]))
            return
    raise TimeoutError("the interfaces never stand still")


def come(pairs, containers):
    """Commands that add some."""
    for number in pairs:
        yield (f"link add v{number}a type veth peer name v{number}b")
        for end, last in (("a", 1), ("b", 2)):
            yield f"addr add 10.9.{number}.{last}/24 dev v{number}{end}"
            yield f"link set v{number}{end} up"
    for number in containers:
        yield (f"link add c{number} type veth peer name inside{number} "
               "netns container")
        yield f"link set c{number} master docker0 up"


def go(pairs, containers):
    """Commands that remove them."""
    yield from (f"link del v{number}a" for number in pairs)
    yield from (f"link del c{number}" for number in containers)


def settled():
    """With all there: those with addresses are members by both families."""
    members = dict.fromkeys((*ENDS, "docker0", "eth0"), 1)
    lab.wait_until(lambda: shown() == (members, members), deadline=5,
                   what="all are members", pause=0.2)
    ksft_eq((HERE.members(), HERE.members6()), (members, members))
    states = asked.interfaces("default")
    ksft_eq({states[name] for name in PORTS}, {("port", "port")})


def turn(dice, looks, sender):
    """All come, in two parts, and go, in two others; the peer k speaks."""
    pairs, containers = list(range(PAIRS)), list(range(CONTAINERS))
    for how in (come, go):
        dice.shuffle(pairs)
        dice.shuffle(containers)
        half = dice.randrange(1, PAIRS)
        for part in (slice(half), slice(half, None)):
            # Sometimes one looks before anything has settled.
            HERE.ip(*how(pairs[part], containers[part]))
            lab.announce(sender, "k")
            look(looks)
            time.sleep(dice.choice((0, 0.01, 1, 10)))
            look(looks)
        if how is come:
            settled()
            look(looks)


def prepare():
    """This host on a LAN, with a bridge of its own and a container."""
    net = lab.Lan()
    HERE.use_ipv6()
    net.plug(HERE, f"{net.subnet}.100")
    HERE.ip("netns add container", "link add docker0 type bridge",
            "addr add 172.17.0.1/16 dev docker0", "link set docker0 up")
    defer(HERE.ip, "link del docker0", "netns del container")
    # The bridge has a link-local address once it has a port.
    lab.module()
    return net.host("other")


def memberships_are_those_of_the_interfaces():
    """at any moment; memory stays as it is, and peers stay"""
    other = prepare()
    sender = other.sender(other.address)
    dice = random.Random(60)
    looks = []
    # What is there once stays there, also of the rest of the kernel.
    for _ in range(load.of(1, 3)):
        turn(dice, looks, sender)
    lab.wait_until(lambda: HERE.names() == ["k"], what="peer")
    monitor = HERE.monitor("-g", "default")
    time.sleep(2)
    before, started, turns = used_kb(), time.monotonic(), 0
    while time.monotonic() < started + SECONDS:
        turn(dice, looks, sender)
        turns += 1
    time.sleep(2)
    grown = used_kb() - before
    ksft_pr(f"{turns} times 60 veths in {time.monotonic() - started:.0f} s, "
            f"{len(looks)} looks at up to {max(looks)} memberships; "
            f"memory grew by {grown} kB")
    ksft_ge(turns, SECONDS // 30)
    if not load.holds_memory_back():
        ksft_lt(grown, max(NOISE_KB, turns * 60 * LEAK // 1024))
    ksft_eq(monitor.next(0.1), None, "nobody was lost, nothing is deaf")
    ksft_eq((HERE.members(), HERE.members6()), shown())


if __name__ == "__main__":
    ksft_run([
        memberships_are_those_of_the_interfaces,
    ])
    ksft_exit()
