# SPDX-License-Identifier: GPL-2.0
"""Whether it stays true what is told of peers, while the machine suffers.

A small network announces itself every second for an hour, and may be silent
for 3.5 s; one after the other is silent for longer. All who keep peers hear
the same. What they tell of a peer that was not silent for so long is false.
"""

import bisect
import re
import threading
import time

import burden
import machine
import opponents
import tracepoints

SECONDS = 3600
PEERS = 50
INTERVAL, LIFETIME = 1, 3.5
# Address of the first.
FIRST = 0x0a010000
# One of them is silent for so many rounds.
SILENCE = 8
# What is told later than this is not told of that silence.
PATIENCE = 40
# The clocks that are used go in steps of a tick, or of a millisecond.
STEP = 0.005

LOADS = {
    "nothing": burden.nothing,
    "busy": burden.busy,
    "throttled": burden.throttled,
    "unthrottled": burden.unthrottled,
    "memory": burden.memory,
    "interrupts": burden.interrupts,
}


class Heard:
    """When each was heard, and when they should have ended."""

    def __init__(self):
        self.times = {number: [] for number in range(PEERS)}
        self.begin = time.monotonic()
        self.last = 0

    def add(self, number, seconds):
        """One was heard; others are not of interest."""
        if number in self.times:
            self.times[number].append(seconds)
            self.last = seconds

    def due(self, number):
        """When one should have ended."""
        times = self.times[number]
        return [before + LIFETIME for before, after in zip(times, times[1:])
                if after - before > LIFETIME + STEP and
                before + LIFETIME + PATIENCE < self.last]

    def judge(self, ends):
        """Of what was told: how many are false, what is missing, delays."""
        due = {number: self.due(number) for number in self.times}
        late, false = {}, 0
        for seconds, number in ends:
            if not self.begin < seconds < self.last:
                continue
            at = bisect.bisect(due[number], seconds + STEP) - 1
            if at < 0 or (number, at) in late or \
                    seconds > due[number][at] + PATIENCE:
                false += seconds < self.last - PATIENCE
                continue
            late[number, at] = seconds - due[number][at]
        count = sum(map(len, due.values()))
        return false, count - len(late), list(late.values()), count


def _number(address):
    return int.from_bytes(bytes(map(int, address)), "big") - FIRST


def _traced(heard):
    """What the kernel saw: adds what was heard; the ends that it told."""
    ends = []
    address = re.compile(r"saddr=(\d+)\.(\d+)\.(\d+)\.(\d+)")
    for seconds, event, text in tracepoints.lines():
        if event == "mcpeer_receive":
            heard.add(_number(address.search(text).groups()), seconds)
        elif "type=expire" in text:
            ends.append((seconds, int(text.split("name=host")[1])))
    return ends


def _announce():
    machine.pace(PEERS, rounds=SECONDS // INTERVAL, pause=INTERVAL / PEERS,
                 silence=SILENCE)


def _note(figures, load, who, judged):
    false, untold, late, count = judged
    figures[f"starved {load} {who} false"] = false
    figures[f"starved {load} {who} untold"] = untold
    # Before its time by less than a step of a clock is in time.
    figures[f"starved {load} {who} late"] = max(late + [0]) * 1000
    figures[f"starved {load} ends"] = count


def _hour(figures, load, daemon, registry):
    # Those of the last hour are to end before.
    time.sleep(2 * LIFETIME)
    heard = Heard()
    with tracepoints.of("mcpeer/mcpeer_receive", "mcpeer/mcpeer_event"):
        speakers = threading.Thread(target=_announce)
        with LOADS[load](SECONDS):
            speakers.start()
            speakers.join()
        machine.settle()
        ends = _traced(heard)
    _note(figures, load, "mcpeer", heard.judge(ends))
    _note(figures, load, "daemon", heard.judge(daemon.ends()))
    _note(figures, load, "BEAM", heard.judge(registry.ends()))


def measure(figures):
    """All of these figures."""
    lifetime = str(int(LIFETIME * 1000))
    with machine.mcpeer("interval", str(INTERVAL), "expiry", str(LIFETIME)), \
            opponents.Daemon(lifetime) as daemon, \
            opponents.Registry(lifetime) as registry:
        for load in LOADS:
            _hour(figures, load, daemon, registry)
            print(f"starved, {load}: done", flush=True)
