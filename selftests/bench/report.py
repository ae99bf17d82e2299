#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The tables of a benchmark: what was wanted, what is reached, by others too.

report.py [--accept] FIGURES
report.py --check

Prints the tables, and holds the figures against figures.json beside this
program. What is more than 5 % worse than it was is told, and makes for exit
status 1. With --accept the figures become those that are committed, however
they are, and what is made of them is made anew: report.md, growth.svg, and a
section of the README. With --check: is all that of the figures committed?
"""

import argparse
import json
import os
import sys

import pages
import tables
import wanted

HERE = os.path.dirname(os.path.realpath(__file__))
COMMITTED = os.path.join(HERE, "figures.json")
# Where JSON has no comments.
LICENCE = {"SPDX-License-Identifier": "GPL-2.0"}

# What may be worse without a word.
TOLERANCE = 0.05


def worse(figures, before):
    """A sentence for each of our figures that is worse than it was."""
    for _, row in wanted.ROWS:
        old, new = before.get(row.key), figures.get(row.key)
        if not row.held or old is None or new is None:
            continue
        if new <= old * (1 + TOLERANCE):
            continue
        more = f"{(new / old - 1) * 100:.0f} % " if old else ""
        yield (f"{row.title}: {more}worse, "
               f"{tables.number(new)}{row.unit} "
               f"after {tables.number(old)}{row.unit}.")


def read(path):
    """Figures, none if there are none yet."""
    return {key: value for key, value in json.loads(pages.read(path) or
                                                    "{}").items()
            if key not in LICENCE}


def write(path, text):
    """A file, as a whole."""
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def accept(figures):
    """Have these committed, and what is made of them."""
    kept = {key: round(value, 3) for key, value in sorted(figures.items())}
    write(COMMITTED, json.dumps({**LICENCE, **kept}, indent=1) + "\n")
    for path, text in pages.made(kept).items():
        write(path, text)


def check():
    """A sentence for each file that is not of the figures committed."""
    for path, text in pages.made(read(COMMITTED)).items():
        if pages.read(path) != text:
            yield (f"{path} is not of the figures committed; "
                   "make bench ACCEPT=1 makes it anew.")


def main():
    """See above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("figures", nargs="?", default=COMMITTED)
    args = parser.parse_args()

    if args.check:
        complaints = list(check())
        print("".join(complaint + "\n" for complaint in complaints), end="")
        return int(bool(complaints))
    figures, before = read(args.figures), read(COMMITTED)
    print("\n".join(filter(None, (tables.costs(figures),
                                  tables.fire(figures),
                                  tables.starved(figures)))), end="")
    complaints = list(worse(figures, before))
    for complaint in complaints:
        print(complaint)
    if args.accept:
        accept({**before, **figures})
        return 0
    if complaints:
        print("If that has to be so: make bench ACCEPT=1, and say why.")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
