# SPDX-License-Identifier: GPL-2.0
"""How late peers end, and how often a processor that idles is woken for them."""

import re
import time

import machine
import tracing

LIFETIME = 35
MANY = 10000
# Of a small network, and how often each speaks, in seconds.
FEW = 50
INTERVAL = 15
MINUTES = 10


def _ends(count):
    """When peers were heard, and ended; and softirqs of timers."""
    with tracing.of("mcpeer/mcpeer_receive", "mcpeer/mcpeer_event",
                    "irq/softirq_entry", "irq/softirq_exit"):
        machine.burst(count)
        time.sleep(LIFETIME + 2)
        records = tracing.read()
    heard, ended, longest, since = {}, {}, 0, None
    for seconds, event, text in records:
        if event == "mcpeer_receive":
            part = re.search(r"saddr=10\.(\d+)\.(\d+)\.(\d+)", text).groups()
            number = int.from_bytes(bytes(map(int, part)), "big") - (1 << 16)
            heard[number] = seconds
        elif event == "mcpeer_event" and "type=expire" in text:
            ended[int(text.split("name=host")[1])] = seconds
        elif event == "softirq_entry" and "action=TIMER" in text:
            since = seconds
        elif event == "softirq_exit" and since is not None:
            longest = max(longest, seconds - since)
            since = None
    if len(ended) != count:
        raise RuntimeError(f"{len(ended)} of {count} peers ended")
    late = [ended[number] - heard[number] - LIFETIME for number in ended]
    if min(late) < 0:
        raise RuntimeError(f"a peer ended {-min(late)} s too early")
    return max(late) * 1000, longest * 1000


def _wakeups(work):
    """How often the processor left idling in a minute."""
    machine.settle()
    with tracing.of("power/cpu_idle"):
        work()
        records = tracing.read()
    return sum("state=4294967295" in text
               for _, _, text in records) / MINUTES


def _speak():
    machine.pace(FEW, rounds=MINUTES * 60 // INTERVAL, pause=INTERVAL / FEW)


def _say_nothing():
    time.sleep(MINUTES * 60)


def measure(figures):
    """All of these figures."""
    quiet, noise = _wakeups(_say_nothing), _wakeups(_speak)
    with machine.mcpeer():
        figures["late one"], _ = _ends(1)
        figures["late many"], figures["softirq"] = _ends(MANY)
        before = machine.counted()["tx"]
        figures["wake-ups idle"] = _wakeups(_say_nothing) - quiet
        said = machine.counted()["tx"] - before
        figures["wake-ups idle"] -= said / MINUTES
        machine.burst(FEW)
        before = machine.counted()["tx"]
        figures["wake-ups"] = _wakeups(_speak) - noise
        said = machine.counted()["tx"] - before
        figures["wake-ups"] -= said / MINUTES
