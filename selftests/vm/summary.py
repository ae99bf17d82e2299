#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What the test programs said, in numbers and for a person.

  summary.py record MACHINE DIR PROGRAM...   reads the output of kselftest's
        runner from stdin as it happens; keeps it as DIR/MACHINE.ktap and the
        results of the expected PROGRAMs as DIR/MACHINE.json
  summary.py report DIR MACHINE...           prints all results; the last line
        is "N passed, N failed, N skipped". Fails if anything did, or nothing
        was run.

Results are counted per KTAP subtest. What a program owes and does not give is
a failure as well: its plan, a result for each test of the plan, an end.
"""

import json
import os
import re
import sys
import time

RESULT = re.compile(r"(not )?ok\b *(\d*) *(?:- )?([^#]*?) *(?:# *(.*))?$")
PLAN = re.compile(r"1\.\.(\d+)(?: *# *SKIP *(.*))?$", re.I)
HEADER = re.compile(r"# selftests: (\S+): (\S+)$")
OUTER = re.compile(r"(not )?ok \d+ selftests: \S+: (\S+)(?: # (.*))?$")


class Program:
    """One test program: what it promised and what came."""

    def __init__(self, name):
        self.name = name
        self.plan = None
        self.start = time.monotonic()
        self.passed = []
        self.failed = []
        self.skipped = []
        self.seconds = 0.0
        self.last_words = ""

    def line(self, text):
        """A line of the program's own output."""
        plan = PLAN.match(text)
        result = RESULT.match(text)
        if plan and self.plan is None:
            self.plan = int(plan[1])
            if self.plan == 0:
                self.skipped.append("all: " + (plan[2] or "no reason given"))
        elif text.startswith("Bail out!"):
            self.failed.append(text)
        elif result:
            self.result(*result.groups())
        elif text.strip("# "):
            self.last_words = text.strip("# ")

    def result(self, bad, number, name, directive):
        """A test of the program has ended."""
        name = name or f"test {number}"
        word = (directive or "").split(" ")[0].upper().rstrip(":")
        if word in ("SKIP", "XFAIL", "TODO"):
            self.skipped.append(f"{name}: {directive}")
        elif bad:
            why = directive or self.last_words
            self.failed.append(name + (f": {why}" if why else ""))
        else:
            self.passed.append(name)
        self.last_words = ""

    def end(self, bad, directive):
        """The runner tells how the program ended."""
        self.seconds = time.monotonic() - self.start
        seen = len(self.passed) + len(self.failed) + len(self.skipped)
        directive = directive or ""
        if self.plan is None and directive.startswith("SKIP"):
            self.skipped.append("all: " + (self.last_words or directive))
        elif directive.startswith("TIMEOUT"):
            self.failed.append("did not end: " + directive)
        elif self.plan is None:
            why = directive or "exit=0"
            if self.last_words:
                why += ", last words: " + self.last_words
            self.failed.append(f"no plan ({why})")
        elif seen < self.plan:
            self.failed.append(f"died after {seen} of {self.plan} tests "
                               f"({directive or 'exit=0'})")
        elif seen > max(self.plan, 1):
            self.failed.append(f"{seen} results for a plan of {self.plan}")
        elif bad and not self.failed:
            self.failed.append(f"{directive}, though none of its tests failed")

    def lost(self):
        """The machine ended first."""
        self.seconds = time.monotonic() - self.start
        self.failed.append("did not end, the machine did")

    def counts(self):
        """For the progress line and the report."""
        return f"{len(self.passed)} passed, {len(self.failed)} failed, " \
               f"{len(self.skipped)} skipped"


def record(machine, directory, expected):
    """Follow the runner's output."""
    done, now = [], None
    with open(os.path.join(directory, machine + ".ktap"), "wb") as log:
        for raw in sys.stdin.buffer:
            log.write(raw)
            log.flush()
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            header, outer = HEADER.match(text), OUTER.match(text)
            if header and now is None:
                now = Program(header[2])
            elif outer and now and outer[2] == now.name:
                now.end(outer[1], outer[3])
                done.append(now)
                print(f"  {machine:7} {now.name}: {now.counts()} "
                      f"({now.seconds:.1f} s)", file=sys.stderr)
                now = None
            elif now and text.startswith("# "):
                now.line(text[2:])
    if now:
        now.lost()
        done.append(now)
    names = {program.name for program in done}
    for name in expected:
        if name not in names:
            program = Program(name)
            program.failed.append("was not run")
            done.append(program)
    with open(os.path.join(directory, machine + ".json"), "w",
              encoding="utf-8") as file:
        json.dump([vars(program) for program in done], file, indent=1)


def read_text(path):
    """A small file's lines, none if there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def report(directory, machines):
    """All results on one screen."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    ran = 0
    troubles, skips = [], []
    print(f"\n{'program':32} passed failed skipped  seconds  machine")
    for machine in machines:
        path = os.path.join(directory, machine)
        if not os.path.exists(path + ".json"):
            continue
        with open(path + ".json", encoding="utf-8") as file:
            programs = json.load(file)
        for program in programs:
            counts = [len(program[key]) for key in total]
            for key, count in zip(total, counts):
                total[key] += count
            print(f"{program['name']:32} {counts[0]:6} {counts[1]:6} "
                  f"{counts[2]:7} {program['seconds']:8.1f}  {machine}")
            troubles += [(f"{program['name']}: {what}", path + ".ktap")
                         for what in program["failed"]]
            skips += [f"{program['name']}: {what}"
                      for what in program["skipped"]]
            ran += machine != "host"
        status = " ".join(read_text(path + ".status"))
        if status != "0":
            total["failed"] += 1
            troubles.append((f"the machine '{machine}' failed (status "
                             f"{status or 'unknown'})", path + ".err"))
            troubles += [("    " + line, None)
                         for line in read_text(path + ".err")[:12]]
    if ran == 0:
        total["failed"] += 1
        troubles.append(("no test program was run", None))

    for what in skips:
        print(f"skipped: {what:.110}")
    for what, log in troubles:
        where = f"  [{os.path.relpath(log)}]" if log else ""
        print(f"FAILED: {what:.140}{where}" if log or what[0] != " " else what)
    last = f"{total['passed']} passed, {total['failed']} failed, " \
           f"{total['skipped']} skipped"
    with open(os.path.join(directory, "summary"), "w",
              encoding="utf-8") as file:
        print(last, file=file)
    print(last)
    return 1 if total["failed"] or not total["passed"] else 0


def main():
    """See above."""
    if len(sys.argv) >= 4 and sys.argv[1] == "record":
        record(sys.argv[2], sys.argv[3], sys.argv[4:])
        return 0
    if len(sys.argv) >= 4 and sys.argv[1] == "report":
        return report(sys.argv[2], sys.argv[3:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
