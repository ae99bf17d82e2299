#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Inside the machine: measure all, or the parts named, and write the figures.

bench.py FILE [PART...]
"""

import json
import sys

import expiry
import fire
import following
import machine
import million
import netlink
import opponent
import receive
import starved

PARTS = {
    "receive": receive.measure,
    "daemon": opponent.measure,
    "events": following.measure,
    "fire": fire.measure,
    "expiry": expiry.measure,
    "netlink": netlink.measure,
    "million": million.measure,
    "starved": starved.measure,
}


def main():
    """See above."""
    path, wanted = sys.argv[1], sys.argv[2:] or list(PARTS)
    figures = {}
    machine.prepare()
    for name in wanted:
        found = {}
        PARTS[name](found)
        for key, value in found.items():
            print(f"{key}: {value:.2f}", flush=True)
        figures.update(found)
    with open(path, "w", encoding="ascii") as stream:
        json.dump(figures, stream)


if __name__ == "__main__":
    main()
