# SPDX-License-Identifier: GPL-2.0
"""Programs that do what mcpeer does: a daemon in C, a registry in Erlang."""

import subprocess

import machine

ADDRESS = "10.0.0.1"
RECEIVE_BUFFER = 64 << 20
PATIENCE = 300


class Opponent:
    """A program that keeps peers; what it prints goes to a file."""

    name = None
    command = None

    def __init__(self, *args):
        self.path = f"/run/{self.name}"
        machine.write("/proc/sys/net/core/rmem_max", RECEIVE_BUFFER)
        with open(self.path, "w", encoding="ascii") as stream:
            self.process = subprocess.Popen(
                self.command + args, stdin=subprocess.PIPE, stdout=stream)

    def __enter__(self):
        machine.wait_until(self.said, self.name, PATIENCE)
        machine.settle()
        return self

    def __exit__(self, *exc):
        self.end()
        if self.process.wait():
            raise RuntimeError(f"{self.name}: {self.process.returncode}")

    def said(self):
        """Its lines so far."""
        return machine.read(self.path).splitlines()

    def ends(self):
        """Those of peers that ended: when, and who."""
        for line in self.said()[1:]:
            when, who = line.split()
            # This host announces itself as well.
            if who.startswith("host"):
                yield int(when) / 1e9, int(who.removeprefix("host"))

    def end(self):
        """Have it end."""
        self.process.stdin.close()


class Daemon(Opponent):
    """The daemon, which says how many peers it has when it ends."""

    name = "daemon"
    command = ("/bench/daemon", ADDRESS)

    def end(self):
        super().end()
        self.process.terminate()


class Registry(Opponent):
    """The registry, which says so when it is asked."""

    name = "BEAM"
    command = ("escript", "/bench/registry.erl", ADDRESS)

    def _count(self):
        before = len(self.said())
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        lines = machine.wait_until(lambda: self.said()[before:], "an answer",
                                   PATIENCE)
        return int(lines[0])

    def wait_for(self, peers):
        """Have it take what it was sent."""
        machine.wait_until(lambda: self._count() == peers, "peers", PATIENCE)
        machine.settle()
