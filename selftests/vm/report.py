#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
All results on one screen.

  report.py DIR SECONDS KERNEL...   prints what record.py left in DIR as a
        table of programs by kernels, then what failed and where to read on;
        the last line, also in DIR/summary, is "N passed, N failed, N
        skipped". Fails if anything did, or if nothing was run on a KERNEL.
"""

import json
import os
import sys

OUTCOMES = ("passed", "failed", "skipped")
MACHINES = ("build", "fuzz", "virtual", "leaks", "locks", "smp",
            "waiting")


class Column:
    """A kernel, or the host: what was run there."""

    def __init__(self, directory, name):
        self.name = name
        self.programs = {}
        self.troubles = []
        self.release = ""
        for machine in MACHINES:
            self.read(os.path.join(directory, f"{name}-{machine}"), machine)
        kernel = text_of(os.path.join(directory, f"{name}.kernel"))
        if kernel:
            self.release = text_of(os.path.join(kernel[0], "release"))[0]

    def read(self, path, machine):
        """The results of a machine, if there was one."""
        if not os.path.exists(path + ".json"):
            job = os.path.basename(path)
            if job in text_of(os.path.join(os.path.dirname(path), "jobs")):
                self.troubles.append((f"{job}: there are no results", None))
            return
        with open(path + ".json", encoding="utf-8") as file:
            for program in json.load(file):
                self.programs[program["name"]] = program
                self.troubles += [(f"{self.name}: {program['name']}: {what}",
                                   path + ".ktap")
                                  for what in program["failed"]]
        status = " ".join(text_of(path + ".status"))
        if status != "0":
            self.troubles.append((f"{self.name}: the machine '{machine}' "
                                  f"failed (status {status or 'unknown'})",
                                  path + ".err"))
            self.troubles += [("    " + line, None)
                              for line in text_of(path + ".err")[:12]]

    def machine_was_run(self):
        """Something else than builds."""
        return set(self.programs) - {"build", "fuzz"}

    def total(self, outcome):
        """How many tests passed, failed, were skipped."""
        return sum(len(program[outcome]) for program in self.programs.values())

    def cell(self, name):
        """A program's results, short."""
        program = self.programs.get(name)
        if not program:
            return "-"
        if not program["passed"] and not program["failed"]:
            return "skip"
        text = str(len(program["passed"]))
        if program["skipped"]:
            text = f"({len(program['skipped'])} skip) {text}"
        if program["failed"]:
            text = f"{len(program['failed'])} FAILED {text}"
        return text


def text_of(path):
    """A small file's lines, none if there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def print_table(columns, rows):
    """Rows of a label and a cell for each column."""
    widths = [max(len(row[i]) for row in rows)
              for i in range(len(columns) + 1)]
    for row in rows:
        print(row[0].ljust(widths[0]), *(
            cell.rjust(width) for cell, width in zip(row[1:], widths[1:])),
            sep="  ")


def table(columns):
    """Programs by kernels, and sums."""
    names = []
    for column in columns:
        names += [name for name in column.programs if name not in names]
    rows = [["passed"] + [column.name for column in columns]]
    for name in sorted(names, key=lambda name: (name != "build", name)):
        rows.append([name] + [column.cell(name) for column in columns])
    for outcome in OUTCOMES:
        rows.append([f"all {outcome}"] + [str(column.total(outcome))
                                          for column in columns])
    rows.append(["minutes"] + [
        f"{sum(p['seconds'] for p in column.programs.values()) / 60:.1f}"
        for column in columns])
    print_table(columns, rows)


def skips(columns):
    """What was left out and why, once for all kernels."""
    reasons = {}
    for column in columns:
        for program in column.programs.values():
            for what in program["skipped"]:
                reasons.setdefault(f"{program['name']}: {what}", []).append(
                    column.name)
    for what, where in reasons.items():
        print(f"skipped on {', '.join(where)}: {what}"[:150])


def report(directory, seconds, kernels):
    """See above; the exit status."""
    columns = [Column(directory, name) for name in ["host"] + kernels]
    for column in columns[1:]:
        if not column.machine_was_run():
            column.troubles.append((f"{column.name}: no test was run", None))
    columns = [column for column in columns
               if column.programs or column.troubles]
    print()
    for column in columns:
        if column.release:
            print(f"{column.name}: Linux {column.release}")
    table(columns)
    skips(columns)
    troubles = [trouble for column in columns for trouble in column.troubles]
    for what, log in troubles:
        where = f"  [{os.path.relpath(log)}]" if log else ""
        print(f"FAILED: {what:.140}{where}" if log or what[0] != " " else what)
    print(f"{int(seconds) // 60} min {int(seconds) % 60:02} s in all")
    total = {outcome: sum(column.total(outcome) for column in columns)
             for outcome in OUTCOMES}
    # A machine that failed without a failed test counts, too.
    if troubles and not total["failed"]:
        total["failed"] = 1
    last = ", ".join(f"{total[outcome]} {outcome}" for outcome in OUTCOMES)
    with open(os.path.join(directory, "summary"), "w",
              encoding="utf-8") as file:
        print(last, file=file)
    print(last)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(report(sys.argv[1], sys.argv[2], sys.argv[3:]))
