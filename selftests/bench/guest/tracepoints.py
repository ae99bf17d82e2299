# SPDX-License-Identifier: GPL-2.0
"""What the kernel's tracepoints saw."""

import contextlib
import re

import machine

PLACE = "/sys/kernel/tracing"
LINE = re.compile(r" ([0-9]+\.[0-9]+): (\w+): (.*)$", re.MULTILINE)


@contextlib.contextmanager
def of(*events):
    """Trace these, with the monotonic clock; read() has what was seen."""
    machine.write(f"{PLACE}/buffer_size_kb", 65536)
    machine.write(f"{PLACE}/trace_clock", "mono")
    machine.write(f"{PLACE}/trace", "")
    for event in events:
        machine.write(f"{PLACE}/events/{event}/enable", 1)
    try:
        yield
    finally:
        for event in events:
            machine.write(f"{PLACE}/events/{event}/enable", 0)
        machine.write(f"{PLACE}/buffer_size_kb", 1024)


def lines():
    """Records, one by one: seconds, event, and its fields as text."""
    with open(f"{PLACE}/trace", encoding="ascii") as stream:
        for line in stream:
            found = LINE.search(line)
            if found:
                seconds, event, text = found.groups()
                yield float(seconds), event, text


def read():
    """All records."""
    return list(lines())
