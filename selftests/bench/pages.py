# SPDX-License-Identifier: GPL-2.0
"""What is committed besides the figures, and is made of them alone."""

import os
import re

import plot
import tables

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.realpath(os.path.join(HERE, "..", ".."))
README = os.path.join(TOP, "README.md")

REPORT = """<!-- SPDX-License-Identifier: GPL-2.0 -->
# What mcpeer costs

Written by `make bench ACCEPT=1`; do not edit. Instructions of one processor in
virtual time, on Debian's 6.1 cloud kernel, unless a unit is given; at 10,000
peers, unless a number is. In each figure less is better. `make bench PARTS=`
and the name of a part measures a line anew.

"""
FIRE = """
## Events under fire

What one who follows the events sees of them, and what it is told that it has
missed. Nothing must be neither. The part is `fire`.

"""
STARVED = """
## True when starved

One processor; 50 peers announce themselves every second and may be silent for
3.5 s; one after the other is silent for eight. How many of their ends were
told falsely, how many were never told, and how late the last was told, by the
kernel or by the program itself. All three hear the same, on the same machine.
A load lasts the whole hour, unless it says otherwise: to swap keeps an
emulator busy, and the kernel itself complains if others do not get a
processor for 20 s. Busy processes and slow interrupts do nothing that takes
an emulator long. The part is `starved`.

"""

SECTION = re.compile(r"(<!-- figures: begin[^\n]*-->\n)(.*)"
                     r"(<!-- figures: end -->\n)", re.DOTALL)
IN_README = """
![Instructions for a datagram, by the number of peers][growth]

[growth]: selftests/bench/growth.svg

Under load: one processor, 50 peers that announce themselves every second and
may be silent for 3.5 s (`make bench PARTS=starved`); what was told falsely of
their ends, what was not told, and how late the last was:

"""


def _readme(figures):
    text, found = SECTION.subn(
        lambda match: match[1] + "\n" + tables.costs(figures, False) +
        IN_README + tables.starved(figures) + "\n" + match[3], read(README))
    if found != 1:
        raise ValueError(f"{README}: where do the figures belong?")
    return text


def read(path):
    """A file, as a whole; nothing if there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def report(figures):
    """All tables."""
    return (REPORT + tables.costs(figures) + FIRE + tables.fire(figures) +
            STARVED + tables.starved(figures))


def made(figures):
    """Paths, and what belongs there."""
    return {
        os.path.join(HERE, "report.md"): report(figures),
        os.path.join(HERE, "growth.svg"): plot.growth(figures) or "",
        README: _readme(figures),
    }
