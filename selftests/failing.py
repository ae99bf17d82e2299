# SPDX-License-Identifier: GPL-2.0
"""Memory that runs out on demand, by the kernel's fault injection.

fail() lets the nth allocation of this very thread fail: what a system call
does in the caller's context, and no other task's. The kernel counts down
/proc/thread-self/fail-nth, which is 0 in the end if one failed. Workers does
the same to the kernel's unbound workers.

nothing_for() lets all allocations fail that are made within a function of the
kernel or of the module, whoever calls it: for timers, which are no task, and
for what tries again when an allocation fails, as an xarray does.

The kernel's own debugging counts as well: kmemleak allocates a record for each
object, and goes on without if that fails.

Only objects fail, not the pages that they are made of: when pages are needed
depends on what happened before, and would shift the count. An object that
does not get its page fails like any other.
"""

import contextlib
import errno
import itertools
import os
import sys

# What is said to those who ask when there is no memory; the last is what the
# kernel says if it is a socket's inode that has none.
ERRORS = (errno.ENOMEM, errno.ENOBUFS, errno.ENFILE)

DEBUG = "/sys/kernel/debug"
FAILSLAB = f"{DEBUG}/failslab"
PRINTK = "/proc/sys/kernel/printk"
IGNORE_LEVEL = "/sys/module/printk/parameters/ignore_loglevel"
ANYWHERE = (0, (1 << 64) - 1)
# No request makes so many allocations.
NEVER = 1 << 30


def _write(path, text):
    with open(path, "w", encoding="ascii") as stream:
        stream.write(str(text))


def begin():
    """Skip the program where the kernel has no faults on demand.

    Those who can wait for memory fail too, and nothing is said of each fault:
    that would come with a dump of the stack, which looks like a splat.
    """
    for path in ("/proc/thread-self/fail-nth", f"{FAILSLAB}/require-start"):
        if not os.path.exists(path):
            print(f"1..0 # SKIP no fault injection: {path} is missing")
            sys.exit(4)
    for file, text in (("probability", 0), ("interval", 1), ("times", -1),
                       ("verbose", 0), ("task-filter", "N"),
                       ("ignore-gfp-wait", "N")):
        _write(f"{FAILSLAB}/{file}", text)
    # None of so many pages are ever allocated.
    pages = f"{DEBUG}/fail_page_alloc/min-order"
    if os.path.exists(pages):
        _write(pages, 100)


class _Nth:
    """The fail-nth of a task."""

    def __init__(self, task):
        self.file = os.open(f"/proc/{task}/fail-nth", os.O_RDWR)

    def set(self, number):
        """The allocation that fails; 0 for none."""
        os.pwrite(self.file, b"%d" % number, 0)

    def left(self):
        """How many are left until it fails; 0 if it did."""
        return int(os.pread(self.file, 16, 0))

    def end(self):
        """Let none fail any more; how many were left."""
        try:
            left = self.left()
            self.set(0)
        finally:
            os.close(self.file)
        return left


def fail(number, action):
    """Do something while the nth allocation fails.

    Returns whether one did, and what the action returned. An OSError is
    returned, too. It may be Python itself that asked for memory.
    """
    nth = _Nth("thread-self")
    nth.set(number)
    try:
        result = action()
    except OSError as error:
        result = error
    except MemoryError:
        result = OSError(errno.ENOMEM, "no memory for Python")
    finally:
        left = nth.end()
    return left == 0, result


def count(action):
    """How many allocations something makes."""
    nth = _Nth("thread-self")
    nth.set(NEVER)
    try:
        action()
    finally:
        left = nth.end()
    return NEVER - left


def passes(enough):
    """Count from 1 as often as it takes to have seen enough, or three times.

    What the kernel allocates for its own debugging once in a while shifts
    the count, so that one allocation may be skipped.
    """
    for _ in range(3):
        yield itertools.count(1)
        if enough():
            return


class Workers:
    """The kernel's unbound workers, some of which do the module's work."""

    def __init__(self):
        self.others = set()

    def find(self):
        """The workers there are now."""
        for task in set(filter(str.isdigit, os.listdir("/proc"))):
            if task in self.others:
                continue
            with contextlib.suppress(OSError):
                with open(f"/proc/{task}/comm", encoding="utf-8") as stream:
                    name = stream.read().strip()
                if name.startswith("kworker/u"):
                    yield _Nth(task)
                elif name != "kthreadd":
                    # A worker that has just begun has its parent's name.
                    self.others.add(task)

    def fail(self, number, action):
        """Do something while the nth allocation of each of them fails.

        Returns how many of them had a failure, and what the action returned.
        """
        armed, failed = [], 0
        try:
            for nth in self.find():
                armed.append(nth)
                nth.set(number)
            result = action()
        finally:
            for nth in armed:
                # It may have ended.
                with contextlib.suppress(ProcessLookupError):
                    failed += nth.end() == 0
        return failed, result


def _within(function):
    """Where a function of the kernel or of the module lies."""
    places, start = set(), None
    with open("/proc/kallsyms", encoding="ascii") as stream:
        for line in stream:
            address, kind, name = line.split()[:3]
            if kind in "tT":
                places.add(int(address, 16))
                if name == function:
                    start = int(address, 16)
    if start is None:
        raise KeyError(f"the kernel has no function {function}")
    return start, min(place for place in places if place > start)


@contextlib.contextmanager
def nothing_for(function):
    """Let all allocations fail that are made within a function."""
    def within(start, end):
        _write(f"{FAILSLAB}/require-start", start)
        _write(f"{FAILSLAB}/require-end", end)
    within(*_within(function))
    _write(f"{FAILSLAB}/probability", 100)
    try:
        yield
    finally:
        _write(f"{FAILSLAB}/probability", 0)
        within(*ANYWHERE)


def _log(file):
    """All lines of the kernel's log since the last time."""
    while True:
        try:
            record = os.read(file, 8192).decode(errors="replace")
        except BlockingIOError:
            return
        except BrokenPipeError:
            yield "WARNING: lines of the log are missing"
        else:
            yield record.split(";", 1)[1].split("\n")[0]


@contextlib.contextmanager
def quiet():
    """Keep from the console the dumps of the stack that come with what the
    kernel says of some failed allocations: they look like a splat.

    All else is said again on the console afterwards. What is a splat has more
    lines that say so. Returns a list, which gets all lines in the end.
    """
    said = []
    with open(PRINTK, encoding="ascii") as stream:
        level = stream.read().split()[0]
    log = os.open("/dev/kmsg", os.O_RDWR | os.O_NONBLOCK)
    os.lseek(log, 0, os.SEEK_END)
    _write(IGNORE_LEVEL, "N")
    _write(PRINTK, 1)
    try:
        yield said
    finally:
        said += _log(log)
        _write(PRINTK, level)
        _write(IGNORE_LEVEL, "Y")
        for line in said:
            if line != "Call Trace:":
                os.write(log, f"{line}\n".encode())
        os.close(log)
