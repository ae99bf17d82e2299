# SPDX-License-Identifier: GPL-2.0
"""A hundred thousand joins, and what those who follow the events learn.

One reads, one is stopped meanwhile and goes on afterwards. Each number has to
be seen or told as missed, once and in order: the rest is lost unannounced.
"""

import contextlib
import json
import signal
import subprocess
import time

import machine

JOINS = 100000
# Seconds between two joins that a reader can follow.
PAUSE = 200e-6
# More is waited for than any of them takes.
PATIENCE = 300


class Follower:
    """The command, and what it printed."""

    def __init__(self, name):
        self.path = f"/run/{name}"
        with open(self.path, "wb") as stream:
            self.process = subprocess.Popen(("mcpeer", "-j", "monitor"),
                                            stdout=stream,
                                            stderr=subprocess.DEVNULL)

    def signal(self, number):
        """Stop it, or have it go on."""
        self.process.send_signal(number)

    def _told_last(self):
        with open(self.path, "rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - 4096))
            lines = stream.read().split(b"\n")
        if len(lines) < 2 or not lines[-2]:
            return False
        line = json.loads(lines[-2])
        return line.get("last", line["seq"]) >= JOINS

    def account(self):
        """How many it saw, was told to have missed, and neither."""
        # What never comes shall be a figure.
        with contextlib.suppress(TimeoutError):
            machine.wait_until(self._told_last, "the last event", PATIENCE)
        self.process.terminate()
        self.process.wait()
        seen, missed, last = 0, 0, 0
        with open(self.path, encoding="utf-8") as stream:
            for line in map(json.loads, stream):
                lost = line["event"] == "lost"
                first = line["first"] if lost else line["seq"]
                if first != last + 1:
                    raise RuntimeError(f"{first} after {last}")
                last = line["last"] if lost else first
                seen += not lost
                missed += line["count"] if lost else 0
        machine.write(self.path, "")
        return seen, missed, JOINS - seen - missed


def _fire(figures, name, joins, *stopped):
    with machine.mcpeer():
        followers = {"reads": Follower("reads")}
        followers.update({one: Follower(one) for one in stopped})
        machine.settle()
        for one in stopped:
            followers[one].signal(signal.SIGSTOP)
        joins()
        time.sleep(1)
        if machine.peers() != JOINS:
            raise RuntimeError(f"{machine.peers()} peers")
        for one in stopped:
            followers[one].signal(signal.SIGCONT)
        for one, follower in followers.items():
            found = follower.account()
            for key, value in zip(("seen", "missed", "unannounced"), found):
                figures[f"{name} {one}, {key}"] = value
            if found[2]:
                raise RuntimeError(f"{name}: who {one} knows nothing of "
                                   f"{found[2]} events")


def measure(figures):
    """All of these figures."""
    _fire(figures, "fire", lambda: machine.burst(JOINS), "stopped")
    _fire(figures, "steady fire",
          lambda: machine.pace(JOINS, pause=PAUSE))
