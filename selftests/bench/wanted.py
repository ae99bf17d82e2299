# SPDX-License-Identifier: GPL-2.0
"""The rows of the table: what each figure is, and what it must not exceed."""

import collections


class Row(collections.namedtuple("Row", "key title bar others unit held")):
    """A figure of ours.

    The bar is a number, None, or a share of another figure; others are pairs
    of a name and a figure. It is held against the last time unless it depends
    on chance: when announcements are made, or where in a tick one is heard.
    """

    def limit(self, figures):
        """What the figure must not exceed, if it is known."""
        if not isinstance(self.bar, tuple):
            return self.bar
        share, key = self.bar
        return figures[key] * share if key in figures else None


def row(key, title, bar=None, others=(), unit="", held=True):
    """A figure of ours."""
    return Row(key, title, bar, others, unit, held)


# By the part of the benchmark that measures them.
PARTS = {
    "receive": [
        row("refresh", "known peer heard again, above the floor", 250,
            [("the floor itself", "floor")]),
        row("first sight", "new peer, nobody listens, above the floor", 2500),
        row("first sight, whole", "new peer, nobody listens, with the floor"),
        row("refresh, growth", "known peer: 1,000,000 against 1,000", 1.5,
            unit=" times"),
        row("first sight, growth", "new peer: 1,000,000 against 1,000", 1.5,
            unit=" times"),
    ],
    "events": [
        row("event", "new peer, told to one who prints it",
            (1, "neigh event"), [("ip monitor neigh", "neigh event")]),
    ],
    "daemon": [
        row("natural pace", "known peer, 1 in a ms, the whole machine", 1100,
            [("daemon", "daemon natural pace"),
             ("BEAM", "BEAM natural pace")]),
        row("batches", "known peer, in batches, the whole machine", None,
            [("daemon", "daemon batches")]),
    ],
    "expiry": [
        row("late one", "expiry of one peer, behind its time", 4,
            unit=" ms", held=False),
        row("late many", "expiry of 10,000 at once, the last", 50,
            unit=" ms", held=False),
        row("softirq", "the longest softirq of that", 2,
            unit=" ms", held=False),
        row("wake-ups", "50 peers: wake-ups for their timers", 15,
            unit=" a minute", held=False),
        row("wake-ups, whole", "50 peers: wake-ups more than for the packets",
            None, [("kernel alone", "wake-ups of the kernel"),
                   ("the packets", "wake-ups of the packets")],
            unit=" a minute", held=False),
        row("wake-ups idle", "no peer: wake-ups beside announcements", 0,
            unit=" a minute", held=False),
        row("wake-ups idle, whole",
            "no peer: wake-ups more than without a group",
            None, [("kernel alone", "wake-ups of the kernel"),
                   ("once more", "wake-ups of the kernel, again")],
            unit=" a minute", held=False),
    ],
    "netlink": [
        row("list", "list of 100,000 as text, for each", (0.5, "neigh list"),
            [("ip neigh", "neigh list")]),
        row("list json", "list of 100,000 as JSON, for each",
            (1, "neigh list json"), [("ip -j neigh", "neigh list json")]),
        row("register", "local registration in a batch", (0.4, "neigh add"),
            [("ip -batch neigh add", "neigh add")]),
        row("slab", "memory: object in the slab", 256,
            [("neighbour", "neigh slab")], unit=" B"),
        row("memory", "memory: all in, for each of 100,000", 320,
            [("neighbour", "neigh memory"), ("daemon", "daemon memory"),
             ("BEAM", "BEAM memory")], unit=" B"),
    ],
    "million": [
        row("million taken", "1,000,000 peers: memory for each", unit=" B"),
        row("million unlisted", "1,000,000 peers: those not in the list", 0),
        row("million list", "1,000,000 peers: memory of list --unsorted", 16,
            unit=" MiB"),
        row("million left", "1,000,000 peers: left after their lifetime", 0),
        row("million kept", "1,000,000 peers: memory not given back then", 16,
            unit=" MiB", held=False),
    ],
}

ROWS = [(part, row) for part, rows in PARTS.items() for row in rows]

# What followers of 100,000 joins learn: a case, and its name in figures.
FIRE = [
    ("as fast as they can happen; it reads", "fire reads"),
    ("as fast as they can happen; it is stopped until they are over",
     "fire stopped"),
    ("5,000 a second; it reads", "steady fire reads"),
]

# What a machine had to bear for an hour.
LOADS = [
    ("nothing", "nothing"),
    ("64 busy processes", "busy"),
    ("a busy SCHED_FIFO process; the kernel leaves 5 % to others",
     "throttled"),
    ("the same without that, 10 s of each 30", "unthrottled"),
    ("swapping, 6 s of each 600", "memory"),
    ("2,000 interrupts a second, which take 80 %", "interrupts"),
]
KEEPERS = ["mcpeer", "daemon", "BEAM"]
# What is told of an end must not be later, in milliseconds.
LATEST = 10
