# SPDX-License-Identifier: GPL-2.0
"""How late peers end, and how often an idle processor is woken for them."""

import re
import time

import machine
import tracepoints

LIFETIME = 35
MANY = 10000
# Of a small network, and how often each speaks, in seconds.
FEW = 50
INTERVAL = 15
MINUTES = 10


def _ends(count):
    """When peers were heard, and ended; and softirqs of timers."""
    with tracepoints.of("mcpeer/mcpeer_receive", "mcpeer/mcpeer_event",
                        "irq/softirq_entry", "irq/softirq_exit"):
        machine.burst(count)
        time.sleep(LIFETIME + 2)
        records = tracepoints.read()
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
    """How often a processor left idling in a minute: for us, and at all.

    For us is for the module's timers and work, other than for a datagram or an
    announcement.
    """
    machine.settle()
    with tracepoints.of("power/cpu_idle", "timer/timer_expire_entry",
                        "workqueue/workqueue_execute_start",
                        "mcpeer/mcpeer_receive", "mcpeer/mcpeer_announce"):
        work()
        records = tracepoints.read()
    ours, whole, ran, said = 0, 0, False, False
    for _, event, text in records:
        if event == "cpu_idle" and "state=4294967295" not in text:
            ours += ran and not said
            whole += 1
            ran, said = False, False
        elif event.startswith("mcpeer_"):
            said = True
        else:
            ran = ran or "mcpeer_" in text
    return ours / MINUTES, whole / MINUTES


def _speak():
    machine.pace(FEW, rounds=MINUTES * 60 // INTERVAL, pause=INTERVAL / FEW)


def _say_nothing():
    time.sleep(MINUTES * 60)


def measure(figures):
    """All of these figures."""
    # The tracepoints have to be there; without a group nothing happens.
    machine.run("modprobe", "mcpeer", "autostart=0")
    _, quiet = _wakeups(_say_nothing)
    _, again = _wakeups(_say_nothing)
    _, noise = _wakeups(_speak)
    machine.run("rmmod", "mcpeer")
    with machine.mcpeer():
        figures["late one"], _ = _ends(1)
        figures["late many"], figures["softirq"] = _ends(MANY)
        figures["wake-ups idle"], whole = _wakeups(_say_nothing)
        figures["wake-ups idle, whole"] = whole - quiet
        machine.burst(FEW)
        figures["wake-ups"], whole = _wakeups(_speak)
        figures["wake-ups, whole"] = whole - noise
    figures["wake-ups of the kernel"] = quiet
    figures["wake-ups of the kernel, again"] = again
    figures["wake-ups of the packets"] = noise - quiet
