#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The KUnit suites in mcpeer_test.ko: each of their test cases is one here.

They run when the module is loaded, and tell what they found in the kernel's
log, as KTAP: a line "# Subtest: SUITE", a plan, "ok NUMBER CASE".
"""

import os
import re

from net.lib.py import KsftSkipEx, ksft_eq, ksft_exit, ksft_pr, ksft_run
from net.lib.py import ksft_true

import lab

SUITES = ("mcpeer_deadline", "mcpeer_hash", "mcpeer_path", "mcpeer_pattern",
          "mcpeer_peer", "mcpeer_rival", "mcpeer_text", "mcpeer_wire")

SUBTEST = re.compile(r" +(?:# Subtest: )(\w+)$")
PLAN = re.compile(r" +1\.\.(\d+)$")
RESULT = re.compile(r" +(not )?ok \d+ (?:- )?(\w+)(?: # (.*))?$")


class Suite:
    """What a suite has promised, and what came."""

    def __init__(self):
        self.plan = None
        self.results = {}
        self.failures = {}

    def line(self, text, remarks):
        """A line of the suite, with those that no other line explains."""
        plan, result = PLAN.match(text), RESULT.match(text)
        if plan:
            self.plan = int(plan[1])
        elif result:
            bad, name, directive = result.groups()
            self.results[name] = (bad, directive or "")
            self.failures[name] = remarks[:]
        else:
            remarks.append(text.strip(" #"))
            return
        remarks.clear()


def has_kunit():
    """Is it in this kernel, or a module of it?

    Linux 6.1 does not know "autorun", and goes on.
    """
    return os.path.exists("/sys/module/kunit") or \
        lab.run("modprobe", "kunit", "enable=1", "autorun=1",
                check=False).returncode == 0


def kernel_log():
    """All that the kernel has to say, without time stamps."""
    return lab.run("dmesg", "--notime").stdout.splitlines()


def read(lines):
    """The suites in a log."""
    suites, now, remarks = {}, None, []
    for text in lines:
        subtest = SUBTEST.match(text)
        if subtest:
            now = suites.setdefault(subtest[1], Suite())
        elif text.startswith((" ", "#")) and now:
            now.line(text, remarks)
        elif re.match(r"(not )?ok ", text):
            now = None
    return suites


def run_suites():
    """Load the tests, which runs them."""
    log = "Begin of the KUnit tests of mcpeer"
    lab.run("rmmod", "mcpeer_test", check=False)
    with open("/dev/kmsg", "w", encoding="ascii") as kmsg:
        kmsg.write(log + "\n")
    lab.run("modprobe", "mcpeer_test")
    lines = kernel_log()
    last = max(number for number, text in enumerate(lines) if log in text)
    lab.run("rmmod", "mcpeer_test")
    return read(lines[last + 1:])


def test_of(suite, name):
    """A test that passes on what the case has said."""
    def test():
        bad, directive = suite.results[name]
        if directive.upper().startswith("SKIP"):
            raise KsftSkipEx(directive[4:].strip())
        for remark in suite.failures[name]:
            ksft_pr(remark)
        ksft_true(not bad, directive)
    test.__name__ = name
    return test


def plan_of(name, suite):
    """A test that a suite was there, and no case of it was lost."""
    def test():
        ksft_true(suite and suite.plan, "the suite did not run")
        if suite:
            ksft_eq(len(suite.results), suite.plan)
    test.__name__ = name
    return test


def tests():
    """One for each suite, and one for each case."""
    suites = run_suites()
    found = []
    for name in sorted({*SUITES, *suites}):
        suite = suites.get(name)
        found.append(plan_of(name, suite))
        if suite:
            found += [test_of(suite, case) for case in suite.results]
    return found


def no_kunit():
    """the kernel has it not"""
    raise KsftSkipEx("this kernel has no KUnit (CONFIG_KUNIT)")


if __name__ == "__main__":
    ksft_run(tests() if has_kunit() else [no_kunit])
    ksft_exit()
