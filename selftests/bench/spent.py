#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the instructions for a datagram are spent on: "make bench PARTS=spent".

spent.py RUN... -- MODULE: RUN starts a machine for guest/endless.py, whose
argument is added to it; MODULE is mcpeer.ko with debug information.

The receive hook is gone through in single steps, once for a known peer and
once for a new one. What the hook of the floor does is taken off. Each
instruction counts for the file of ours that asked for it, in line or by a
call; what the kernel does for that is shown by function.
"""

import bisect
import collections
import contextlib
import signal
import statistics
import subprocess
import sys

import stub

HOOKS = {"floor": "bench_floor_receive", "mcpeer": "mcpeer_socket_receive"}
JOINS = "mcpeer_peer_new"
# Datagrams are looked at, of which one in the middle is shown.
SAMPLES = 25
# What takes fewer is not shown by itself.
LEAST = 10


class Machine:
    """A machine, and where things are in it."""

    def __init__(self, run, listener):
        self.process = subprocess.Popen([*run, listener], text=True,
                                        stdout=subprocess.PIPE)
        self.listener = listener
        self.symbols, self.at, self.text, self.stub = [], {}, 0, None

    def attach(self):
        """Wait until datagrams come; the machine stands still from here on."""
        for line in self.process.stdout:
            word = line.split()
            if word[:1] == ["ready"]:
                break
            if word[:1] == ["text"]:
                self.text = int(word[1], 16)
            if word[:1] == ["symbol"]:
                self.symbols.append((int(word[1], 16), word[2], word[3:]))
        self.symbols.sort()
        self.at = {name: address for address, name, _ in self.symbols}
        self.stub = stub.Stub()

    def symbol(self, address):
        """Name and module of the function at an address."""
        place = bisect.bisect(self.symbols, (address, "\x7f"))
        return self.symbols[place - 1][1:]

    def calls(self, join=False):
        """Calls of the hook, in single steps: of those that join or not.

        Many of a kind come in a row.
        """
        found = []
        while len(found) < SAMPLES:
            if join:
                self.stub.run_to(self.at[JOINS])
            self.stub.run_to(self.at[HOOKS[self.listener]])
            call = self.stub.call()
            if (self.at.get(JOINS) in call) == join:
                found.append(call)
        return found

    def close(self):
        """Without waiting for anything in it."""
        self.process.terminate()
        self.process.wait()
        stub.wait_until_gone()


def middle(calls):
    """The call that takes as long as most."""
    length = statistics.mode(map(len, calls))
    return next(call for call in calls if len(call) == length)


def files(module, offsets):
    """The file of ours for each offset into the module's code."""
    command = ["addr2line", "-e", module, "-j", ".text", "-i", "-f", "-a"]
    answer = subprocess.run(command, input="\n".join(map(hex, offsets)),
                            text=True, check=True, capture_output=True).stdout
    found, name, offset = {}, None, None
    for line in answer.splitlines():
        if line.startswith("0x"):
            offset, name = int(line, 16), None
        elif name is None:
            name = line
        else:
            if name.startswith(("mcpeer_", "trace_mcpeer_")):
                file = line.rpartition("/")[2].partition(":")[0]
                found.setdefault(offset, file)
            name = None
    return found


def spent(machine, call, module):
    """How many instructions each file of ours and of the kernel's takes."""
    ours = [machine.symbol(address)[1] == ["[mcpeer]"] for address in call]
    file = files(module, sorted({address - machine.text for address, own
                                 in zip(call, ours) if own}))
    count = collections.Counter()
    for address, own in zip(call, ours):
        if own:
            count[file.get(address - machine.text, "others of ours")] += 1
        else:
            count[f"{machine.symbol(address)[0]}()"] += 1
    return count


HEAD = """\
<!-- SPDX-License-Identifier: GPL-2.0 -->
# What the instructions for a datagram are spent on

Written by `make bench PARTS=spent ACCEPT=1`; do not edit. The receive hook
alone, in single steps, less what the hook of the floor does. An instruction
counts for the file of the module that asked for it in line; what the kernel
does in functions of its own, by function."""


def table(title, count):
    """The lines of a table."""
    few = sum(number for number in count.values() if 0 < number < LEAST)
    yield from ("", f"## {title}: {sum(count.values()):,}", "",
                "| by | instructions |", "| --- | ---: |")
    for name, number in count.most_common():
        if number >= LEAST:
            yield f"| `{name}` | {number} |"
    if few:
        yield f"| others, less than {LEAST} each | {few} |"


def main():
    """See above."""
    split = sys.argv.index("--", sys.argv.index("--") + 1)
    run, module = sys.argv[1:split], sys.argv[split + 1]
    # Who stops us stops the machine.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(HEAD, flush=True)
    stub.wait_until_gone()
    with contextlib.closing(Machine(run, "floor")) as machine:
        machine.attach()
        floor = spent(machine, middle(machine.calls()), module)
    with contextlib.closing(Machine(run, "mcpeer")) as machine:
        machine.attach()
        for title, join in (("A known peer", False), ("A new peer", True)):
            count = spent(machine, middle(machine.calls(join)), module)
            count.subtract(floor)
            print("\n".join(table(title, count)), flush=True)


if __name__ == "__main__":
    main()
