#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Inside the machine: measure all, or the parts named, and write the figures.

bench.py FILE [PART...]
"""

import json
import sys

import machine
import receive

PARTS = {
    "receive": receive.measure,
}


def main():
    """See above."""
    path, wanted = sys.argv[1], sys.argv[2:] or list(PARTS)
    figures = {}
    machine.prepare()
    for name in wanted:
        PARTS[name](figures)
        for key in figures:
            print(f"{key}: {figures[key]:.2f}", flush=True)
    with open(path, "w", encoding="ascii") as stream:
        json.dump(figures, stream)


if __name__ == "__main__":
    main()
