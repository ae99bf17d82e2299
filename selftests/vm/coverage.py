#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
What the selftests reached.

  coverage.py TOP OUT PART=DIRECTORY=GCOV...

DIRECTORY has the objects of a PART of the project, with gcc's notes on their
lines (.gcno), which the command GCOV can read. The counts that they left in a
guest (.gcda) are in OUT/MACHINE/fetched, in one place or another at the
absolute name of that directory. Here they are added up over all machines.

Prints a table per file, and writes OUT/table.txt, OUT/uncovered.txt with each
line that was not reached and the reason that selftests/coverage.md has for it,
and OUT/coverage.json with the numbers. Fails if there is a line in kmod/
without a reason.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# In coverage.md: - `function()` LINES: reason
REASON = re.compile(r"- `(\w+)\(\)` (\d+): (.*)")
PLACE = re.compile(r"## (\S+)$")
# The line of a function's head that has its name.
DEFINITION = re.compile(r"(?=[A-Za-z_]).*?\b(\w+)\(")


class File:
    """A source file: how often its lines and functions were run."""

    def __init__(self):
        self.lines = {}
        self.functions = {}
        self.inside = {}

    def add(self, data):
        """Counts of an object that has code of the file."""
        for line in data["lines"]:
            number = line["line_number"]
            self.lines[number] = self.lines.get(number, 0) + line["count"]
            self.inside.setdefault(number, line.get("function_name") or
                                   self.around(data, number))
        for function in data["functions"]:
            name = function["name"]
            self.functions[name] = self.functions.get(name, 0) + \
                function["execution_count"]

    @staticmethod
    def around(data, number):
        """The function that a line stands in, if gcc has put it elsewhere."""
        for function in data["functions"]:
            if function["start_line"] <= number <= function["end_line"]:
                return function["name"]
        return ""

    def uncovered(self, source):
        """Numbers of the lines that were never reached, by function."""
        found = {}
        for number, count in sorted(self.lines.items()):
            if not count:
                function = self.inside[number] or above(source, number)
                found.setdefault(function, []).append(number)
        return found

    def numbers(self):
        """Lines and functions: all, and those that were reached."""
        return [len(self.lines), sum(map(bool, self.lines.values())),
                len(self.functions), sum(map(bool, self.functions.values()))]


def above(source, number):
    """The function that a line stands in, if gcc has only put it into others
    and says no name."""
    for line in reversed(source[:number]):
        head = DEFINITION.match(line)
        if head:
            return head[1]
    return ""


def counts_of(machine, directory):
    """Where a machine left the counts of the objects in a directory."""
    for place in ("sys/kernel/debug/gcov", "run/coverage"):
        path = os.path.join(machine, "fetched", place,
                            directory.lstrip("/"))
        if os.path.isdir(path):
            return path
    return None


def gcov(command, notes, counts):
    """What gcov says of all notes in a directory with counts of another."""
    with tempfile.TemporaryDirectory() as work:
        names = glob.glob(os.path.join(notes, "*.gcno"))
        if counts:
            names += glob.glob(os.path.join(counts, "*.gcda"))
        for name in names:
            shutil.copy(name, work)
        objects = sorted(name for name in os.listdir(work)
                         if name.endswith(".gcno"))
        if not objects:
            raise SystemExit(f"{notes} was not built for coverage")
        run = subprocess.run([*command.split(), "--json-format", "--stdout",
                              *objects], cwd=work, check=True,
                             capture_output=True, text=True)
    if "stamp mismatch" in run.stderr:
        raise SystemExit(f"{counts}: these are counts of another build")
    return [json.loads(line) for line in run.stdout.splitlines() if line]


def add_up(top, notes, command, machines, files):
    """Add the counts of a part to those of its files; how many came."""
    found = [counts for counts in
             (counts_of(machine, notes) for machine in machines) if counts]
    for counts in found or [None]:
        for unit in gcov(command, notes, counts):
            for data in unit["files"]:
                name = os.path.join(unit["current_working_directory"],
                                    data["file"])
                name = os.path.relpath(os.path.realpath(name), top)
                # Neither headers of others nor tests.
                if not name.startswith("..") and "_test." not in name and \
                        not name.endswith(".mod.c"):
                    files.setdefault(name, File()).add(data)
    return len(found)


def read_reasons(path):
    """For each file and function, how many lines are excused and why."""
    reasons, place = {}, None
    try:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"\n +", " ", file.read())
    except FileNotFoundError:
        return reasons
    for line in text.splitlines():
        head, item = PLACE.match(line), REASON.match(line)
        if head:
            place = head[1]
        elif item:
            reasons[place, item[1]] = (int(item[2]), item[3])
    return reasons


def uncovered(top, files, reasons):
    """Each line that was not reached, with its reason; how many lack one."""
    text, lacking = [], {}
    for name, file in sorted(files.items()):
        with open(os.path.join(top, name), encoding="utf-8") as stream:
            source = stream.read().splitlines()
        for function, numbers in file.uncovered(source).items():
            most, why = reasons.pop((name, function), (0, ""))
            if len(numbers) > most:
                part = name.split("/", maxsplit=1)[0]
                lacking[part] = lacking.get(part, 0) + len(numbers) - most
                why = f"{why} ({most} lines only)" if why else "NO REASON"
            text.append(f"{name}: {function}(): {why}")
            text += [f"    {number:4}  {source[number - 1].strip()}"
                     for number in numbers]
    for (name, function), (most, _) in sorted(reasons.items()):
        text.append(f"{name}: {function}(): all reached, though {most} lines "
                    "have a reason not to be")
    return text, lacking


def row(name, numbers):
    """A line of the table."""
    lines, reached, functions, called = numbers
    share = 100 * reached / lines if lines else 100
    return f"{name:30} {lines:6} {reached:8} {share:8.1f}  " \
           f"{functions:9} {called:6}"


def table(files):
    """The numbers of each file, and of what lies in one directory."""
    text = [f"{'file':30} {'lines':>6} {'reached':>8} {'percent':>8}  "
            f"{'functions':>9} {'called':>6}"]
    for part in sorted({name.split("/", maxsplit=1)[0] for name in files}):
        total = [0, 0, 0, 0]
        for name, file in sorted(files.items()):
            if name.startswith(part + "/"):
                total = [a + b for a, b in zip(total, file.numbers())]
                text.append(row(name, file.numbers()))
        text += [row(part + "/", total), ""]
    return text


def write(path, lines):
    """A text file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def main():
    """See above."""
    top, out = (os.path.realpath(path) for path in sys.argv[1:3])
    machines = [os.path.dirname(path) for path in
                glob.glob(os.path.join(out, "*", "fetched"))]
    files, missing = {}, []
    for argument in sys.argv[3:]:
        part, notes, command = argument.split("=")
        if not add_up(top, os.path.realpath(notes), command, machines, files):
            missing.append(part)
    reasons = read_reasons(os.path.join(top, "selftests", "coverage.md"))
    lines, lacking = uncovered(top, files, reasons)
    write(os.path.join(out, "table.txt"), table(files))
    write(os.path.join(out, "uncovered.txt"), lines)
    write(os.path.join(out, "coverage.json"), [json.dumps(
        {name: file.numbers() for name, file in files.items()}, indent=1)])
    print("\n".join(lines + [""] + table(files)))
    for part in missing:
        print(f"no counts of the {part} came out of any machine")
    for part, number in sorted(lacking.items()):
        print(f"{number} lines in {part}/ were not reached, and "
              "selftests/coverage.md has no reason for it")
    return 1 if missing or "kmod" in lacking else 0


if __name__ == "__main__":
    sys.exit(main())
