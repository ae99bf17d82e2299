#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The table of a benchmark: what was wanted, what was reached, what others do.

report.py [--accept] FIGURES

Prints the table, writes it to report.md beside this program if all parts were
measured, and holds the figures against figures.json there. What is more than
5 % worse than it was is told, and makes for exit status 1. With --accept the
figures become those that are committed, however they are.
"""

import argparse
import json
import os
import sys

import wanted

HERE = os.path.dirname(os.path.realpath(__file__))
COMMITTED = os.path.join(HERE, "figures.json")
# Where JSON has no comments.
LICENCE = {"SPDX-License-Identifier": "GPL-2.0"}
REPORT = os.path.join(HERE, "report.md")

# What may be worse without a word.
TOLERANCE = 0.05

HEAD = """<!-- SPDX-License-Identifier: GPL-2.0 -->
# What mcpeer costs

Written by `make bench`; do not edit. Instructions of one processor in virtual
time, on Debian's 6.1 cloud kernel, unless a unit is given. In each figure less
is better.

"""


def number(value):
    """As many digits as one wants to read."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cells(row, figures):
    """A row of the table, or None if it was not measured."""
    if row.key not in figures:
        return None
    reached = number(figures[row.key]) + row.unit
    limit = row.limit(figures)
    if limit is not None and figures[row.key] > limit:
        reached += " (missed)"
    others = ", ".join(f"{name} {number(figures[key])}{row.unit}"
                       for name, key in row.others if key in figures)
    bar = "" if limit is None else f"≤ {number(limit)}{row.unit}"
    return [row.title, bar, reached, others]


def table(figures):
    """The table in Markdown, which is fit to be read as it is."""
    rows = [["what", "wanted", "reached", "others"]]
    rows += filter(None, (cells(row, figures) for row in wanted.ROWS))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "".join("| " + " | ".join(
        cell.ljust(width) for cell, width in zip(row, widths)) + " |\n"
        for row in rows)


def worse(figures, before):
    """A sentence for each of our figures that is worse than it was."""
    for row in wanted.ROWS:
        old, new = before.get(row.key), figures.get(row.key)
        if not row.held or old is None or new is None:
            continue
        if new <= old * (1 + TOLERANCE):
            continue
        more = f"{(new / old - 1) * 100:.0f} % " if old else ""
        yield (f"{row.title}: {more}worse, {number(new)}{row.unit} "
               f"after {number(old)}{row.unit}.")


def read(path):
    """Figures, none if there are none yet."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as stream:
        return {key: value for key, value in json.load(stream).items()
                if key not in LICENCE}


def write(path, text):
    """A file, as a whole."""
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def main():
    """See above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("figures")
    args = parser.parse_args()

    figures, before = read(args.figures), read(COMMITTED)
    print(table(figures), end="")
    if all(row.key in figures for row in wanted.ROWS):
        write(REPORT, HEAD + table(figures))
    complaints = list(worse(figures, before))
    for complaint in complaints:
        print(complaint)
    if args.accept:
        kept = {key: round(value, 3)
                for key, value in sorted({**before, **figures}.items())}
        write(COMMITTED, json.dumps({**LICENCE, **kept}, indent=1) + "\n")
        return 0
    if complaints:
        print("If that has to be so: make bench ACCEPT=1, and say why.")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
