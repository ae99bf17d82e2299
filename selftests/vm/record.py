#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What the test programs of one machine said, as results.

  record.py JOB DIR PROGRAM...   reads the output of kselftest's runner from
        stdin as it happens; keeps it as DIR/JOB.ktap and the results of the
        expected PROGRAMs as DIR/JOB.json

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
        self.times = {}
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
        self.times[name] = round(time.monotonic() - self.start -
                                 sum(self.times.values()), 1)
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
        """For the progress line."""
        return f"{len(self.passed)} passed, {len(self.failed)} failed, " \
               f"{len(self.skipped)} skipped"


def follow(job, log):
    """Read the runner's output to its end; the programs that were run."""
    done, now = [], None
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
            print(f"  {job} {now.name}: {now.counts()} "
                  f"({now.seconds:.0f} s)", file=sys.stderr)
            now = None
        elif now and text.startswith("# "):
            now.line(text[2:])
    if now:
        now.lost()
        done.append(now)
    return done


def record(job, directory, expected):
    """See above."""
    path = os.path.join(directory, job)
    with open(path + ".ktap", "wb") as log:
        done = follow(job, log)
    names = {program.name for program in done}
    for name in expected:
        if name not in names:
            program = Program(name)
            program.failed.append("was not run")
            done.append(program)
    with open(path + ".json", "w", encoding="utf-8") as file:
        json.dump([vars(program) for program in done], file, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    record(sys.argv[1], sys.argv[2], sys.argv[3:])
