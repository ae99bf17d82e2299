#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Memory runs out where nobody asks for anything.

Peers are heard, they expire, interfaces join, announcements are sent: there
is nobody to whom an error could be returned. What is lost is counted, those
who listen are told, and what can be tried again is.
"""

import collections
import errno
import socket
import time

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_ge, ksft_in, ksft_lt,
                        ksft_pr, ksft_run, ksft_true)

import failing
import lab
import links
from scene import ROW, Scene, memberships, table
from tap import IFNAME


def deltas(before, after):
    """Which numbers moved, and by how much."""
    return {name: after[name] - before[name] for name in after
            if after[name] != before[name]}


class Hearing:
    """Announcements that are heard while allocations fail."""

    def __init__(self):
        self.scene = Scene()
        self.found = collections.Counter()

    def hear(self, name, source, number=None):
        """Hear one, if need be while the nth allocation fails.

        Returns whether it did, and which counters moved.
        """
        scene = self.scene
        frame = scene.tap.frame(name, source)
        before, journal = scene.stats(), scene.journal()
        failed = False
        if number is None:
            scene.tap.write(frame)
        else:
            failed, _ = failing.fail(number, lambda: scene.tap.write(frame))
        moved = deltas(before, scene.stats())
        # Not even counted if the kernel had no memory to get so far.
        ksft_in(moved.pop("rx", 0), (0, 1) if failed else (1,))
        ksft_eq(sum(moved.values()), moved and 1 or 0, moved)
        changed = bool({"joined", "updated", "conflict"} & set(moved))
        self.found += told_of(scene, journal, changed)
        self.found += collections.Counter(moved)
        return failed, moved

    def hear_each(self, name, source):
        """Names and sources by turn, with one allocation after the other
        failing. Yields the turn, and which counters moved.

        Ends when nothing fails any more, and the loss of events was seen:
        of one that could not be recorded, and of one that could only not be
        sent.
        """
        turn, faults = 0, 0
        for numbers in failing.passes(self.seen):
            failed = True
            while failed:
                turn += 1
                failed, moved = self.hear(name(turn), source(turn),
                                          next(numbers))
                yield turn, moved
                faults += failed
        ksft_pr(f"{faults} faults, {dict(self.found)}")
        ksft_ge(self.found["lost"], 1)
        ksft_lt(2 * self.found["lost"], self.found["missed"])

    def seen(self):
        """Were there losses of both kinds?"""
        return 0 < 2 * self.found["lost"] < self.found["missed"]


def told_of(scene, journal, count):
    """There were so many events since the journal was looked at.

    Returns how many of them were not recorded, and how often a listener was
    told that it did not get them.
    """
    now = scene.journal()
    ksft_eq(now["seq"] - journal["seq"], count)
    lost = now["lost"] - journal["lost"]
    missed = scene.check_told(journal, now)
    ksft_true(missed == 2 or not lost, "all listeners know of a loss")
    return collections.Counter(lost=lost, missed=missed)


def no_room(hearing):
    """A new name finds no memory for its place in the order of all."""
    with failing.nothing_for("mcpeer_roster_add"):
        # One of so many needs some.
        for _ in range(ROW):
            _, moved = hearing.hear("p", "10.7.7.2")
            if "joined" not in moved:
                break
            hearing.scene.do("peer-expire", name="p")
            hearing.scene.forget_events()
        ksft_eq(moved, {"drop-nomem": 1})


def a_peer_joins_or_is_dropped_and_counted():
    """New names"""
    hearing = Hearing()
    scene = hearing.scene
    for turn, moved in hearing.hear_each(lambda turn: f"p{turn}",
                                         lambda turn: "10.7.7.2"):
        name = f"p{turn}"
        ksft_eq(name in scene.peers(), "joined" in moved, moved)
        # It is heard the next time at the latest, and can be ended.
        hearing.hear(name, "10.7.7.2")
        ksft_in(name, scene.peers())
        scene.do("peer-expire", name=name)
        ksft_eq(scene.peers(), {})
        scene.forget_events()
    ksft_ge(hearing.found["drop-nomem"], 1)
    no_room(hearing)
    ksft_eq(scene.peers(), {})
    ksft_eq(hearing.hear("p", "10.7.7.2"), (False, {"joined": 1}))


def a_peer_moves_whether_or_not_it_can_be_told():
    """A known name, from a second address"""
    hearing = Hearing()
    scene = hearing.scene
    hearing.hear("p", "10.7.7.2")
    for _, moved in hearing.hear_each(lambda turn: "p",
                                      lambda turn: "10.7.7.3"):
        # The path is there, or comes with the next announcement.
        outcome = "refreshed" if "updated" in moved else "updated"
        ksft_eq(hearing.hear("p", "10.7.7.3"), (False, {outcome: 1}), moved)
        scene.do("peer-expire", name="p")
        scene.forget_events()
        hearing.hear("p", "10.7.7.2")
    # A second path takes memory.
    ksft_ge(hearing.found["drop-nomem"], 1)


def a_conflict_is_noticed_whether_or_not_it_can_be_told():
    """This host's own name, which changes each time"""
    hearing = Hearing()
    defer(socket.sethostname, socket.gethostname())
    # What comes right behind an announcement is taken for its reflection.
    time.sleep(1.5)

    def name(turn):
        """The module looks at the name when it is asked for, by which a
        conflict about the last one ends."""
        socket.sethostname(f"vm{turn}")
        hearing.scene.group()
        hearing.scene.forget_events()
        return f"vm{turn}"
    for _, moved in hearing.hear_each(name, lambda turn: "10.7.7.2"):
        ksft_in(moved, ({}, {"conflict": 1}))
    ksft_eq(hearing.scene.peers(), {})


def a_peer_expires_whether_or_not_it_can_be_told():
    """by its timer, while there is no memory for any event"""
    scene = Scene()
    scene.do("peer-new", name="p", permanent=True)
    scene.forget_events()
    before, journal = scene.stats(), scene.journal()
    with failing.nothing_for("mcpeer_event_emit"):
        # Of another lifetime there is nothing to tell. Asked to expire it
        # would do so in this thread.
        scene.do("peer-new", name="p", lifetime=100)
        lab.wait_until(lambda: scene.journal()["seq"] > journal["seq"],
                       what="expiry")
    ksft_eq(deltas(before, scene.stats()), {"expired": 1})
    ksft_eq(scene.peers(), {})
    ksft_eq(told_of(scene, journal, 1), {"lost": 1, "missed": 2})


def failing_workers(start, end, enough):
    """Call both with each allocation of the workers failing between them.

    A pass ends when nothing failed three times: it depends on the worker that
    gets the work. Yields what end() returned, once nothing fails any more.
    """
    def act():
        start()
        return end()
    workers, faults = failing.Workers(), 0
    for numbers in failing.passes(enough):
        quiet = 0
        while quiet < 3:
            failed, result = workers.fail(next(numbers), act)
            quiet = 0 if failed else quiet + 1
            faults += failed
            yield result
    ksft_pr(f"{faults} faults")


def passes_frames():
    """Does the interface let the group's frames through?"""
    return any(line[-1] == "01005e020304" and line[1] == IFNAME
               for line in table("dev_mcast"))


def is_member():
    """Does IP know of the membership?"""
    return (IFNAME, "040302EF", "1") in memberships()


def leave(scene):
    """Take the interface down."""
    links.turn_off(IFNAME)
    lab.wait_until(lambda: scene.interface()["state"] == "down",
                   what="tap0 is down")
    # Else there would be nothing to do for who joins.
    lab.wait_until(lambda: not is_member(), what="it is left")
    ksft_true(not passes_frames())


def attempt(scene):
    """The interface, as soon as it has joined or could not."""
    def outcome():
        interface = scene.interface()
        return (interface["state"] == "joined" or "error" in interface) \
            and interface
    return lab.wait_until(outcome, what="attempt to join")


def check_joined(scene):
    """IP and the device know of it."""
    lab.wait_until(lambda: scene.interface()["state"] == "joined",
                   what="another attempt")
    ksft_true(is_member())
    ksft_true(passes_frames())


def an_interface_joins_in_the_end():
    """and is shown with the reason until then"""
    scene = Scene()
    refused = 0
    leave(scene)
    # What the module keeps of an interface, IP's membership.
    for interface in failing_workers(lambda: links.turn_on(IFNAME),
                                     lambda: attempt(scene),
                                     lambda: refused >= 2):
        if interface["state"] == "pending":
            refused += 1
            ksft_eq(interface["error"], errno.ENOMEM)
        check_joined(scene)
        leave(scene)
    ksft_pr(f"{refused} attempts failed")
    ksft_ge(refused, 2)
    with failing.nothing_for("mcpeer_hotplug_reconcile"):
        links.turn_on(IFNAME)
        ksft_eq(attempt(scene).get("error"), errno.ENOMEM)
        ksft_true(not passes_frames())
    check_joined(scene)
    scene.tap.announced()
    scene.do("group-set", name="default", ttl=2)
    lab.wait_until(scene.tap.announced, what="announcement")


def attempts(stats):
    """Announcements that were sent, or could not be."""
    return stats["tx"] + stats["tx-errors"]


def a_failed_announcement_is_counted_and_shown():
    """until the next one goes well"""
    scene = Scene()
    before, failures = {}, 0

    def announce():
        scene.tap.announced()
        before.update(scene.stats())
        scene.do("group-set", name="default", ttl=1)

    def done():
        """Counters, once it is done."""
        def outcome():
            stats = scene.stats()
            return attempts(stats) > attempts(before) and stats
        return lab.wait_until(outcome, what="announcement", pause=0.01)
    for stats in failing_workers(announce, done, lambda: failures >= 2):
        if stats["tx-errors"] > before["tx-errors"]:
            failures += 1
            error = lab.wait_until(lambda: scene.interface().get("error"),
                                   what="error")
            ksft_in(error, failing.ERRORS)
            ksft_true(not scene.tap.announced())
            announce()
            done()
            lab.wait_until(scene.tap.announced, what="announcement")
        lab.wait_until(lambda: "error" not in scene.interface(),
                       what="no error")
    ksft_pr(f"{failures} announcements failed")
    ksft_ge(failures, 2)


def a_failed_announcement_comes_again_by_itself():
    """at the end of the interval"""
    scene = Scene(interval=100, expiry=1000)
    with failing.nothing_for("mcpeer_socket_send"):
        errors = scene.stats()["tx-errors"]
        lab.wait_until(lambda: scene.stats()["tx-errors"] > errors + 1,
                       what="errors")
        scene.tap.announced()
        sent = scene.stats()["tx"]
        ksft_in(scene.interface()["error"], failing.ERRORS)
    lab.wait_until(scene.tap.announced, what="announcement")
    lab.wait_until(lambda: scene.stats()["tx"] > sent, what="count")


if __name__ == "__main__":
    failing.begin()
    ksft_run([
        a_peer_joins_or_is_dropped_and_counted,
        a_peer_moves_whether_or_not_it_can_be_told,
        a_conflict_is_noticed_whether_or_not_it_can_be_told,
        a_peer_expires_whether_or_not_it_can_be_told,
        an_interface_joins_in_the_end,
        a_failed_announcement_is_counted_and_shown,
        a_failed_announcement_comes_again_by_itself,
    ])
    ksft_exit()
