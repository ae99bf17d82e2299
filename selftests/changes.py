# SPDX-License-Identifier: GPL-2.0
"""What changes settings, interfaces, the host name and namespaces all the
time, while something else is tested.

Each loop is a process forked from the test that asks the kernel itself: on a
slow machine a program takes longer to start than all that it does.
"""

import contextlib
import errno
import multiprocessing
import os
import signal
import socket
import subprocess
import tempfile
import time

from net.lib.py import defer

import lab
import links
import spaces
from asked import Family

FORK = multiprocessing.get_context("fork")


class Loop:
    """Something that is done again and again, until the test ends."""

    def __init__(self, turn):
        self.count = tempfile.TemporaryFile()
        defer(self.count.close)
        self.child = FORK.Process(target=self.go, args=(turn,))
        self.child.start()
        defer(self.stop)

    def go(self, turn):
        """The child's life."""
        # With the programs that it starts it is a group of its own.
        os.setsid()
        while True:
            turn()
            os.write(self.count.fileno(), b".")
            # Others want the machine's processors as well.
            time.sleep(0.001)

    def turns(self):
        """How often it was done."""
        return os.fstat(self.count.fileno()).st_size

    def stop(self):
        """Kill all of it, also the program that is under way."""
        if self.child.exitcode is not None:
            return
        # It may not have got so far as to have a group.
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                kill(self.child.pid, signal.SIGKILL)
        self.child.join()


class Client:
    """Asks for what may be refused, of a module that comes and goes."""

    def __init__(self):
        self.family, self.raw = Family(), None

    def ask(self, command, **values):
        """Ask for something."""
        try:
            if self.raw is None:
                self.family.find()
                self.raw = self.family.raw()
            code, _ = self.raw.ask(command,
                                   self.family.attributes(command, values))
        except (OSError, ValueError):
            # Not there, or there is no answer as it has just gone.
            code = errno.ENOENT
        if code == errno.ENOENT and self.raw:
            # The next one has another number.
            self.raw.socket.close()
            self.raw = None

    def elsewhere(self):
        """Go on in the network namespace in which we are now."""
        if self.raw:
            self.raw.socket.close()
            self.raw = None


def settings():
    """Of the group "default", and a group that comes and goes."""
    client = Client()
    one, other = (socket.inet_aton(address)
                  for address in (lab.GROUP, "239.2.3.5"))

    def turn():
        for values in ({"port": 5000}, {"port": lab.PORT, "address": other},
                       {"address": one, "expiry": 30000, "max-peers": 50},
                       {"targets": "broadcast,10.1.1.1,2001:db8::1",
                        "repeat": 3},
                       {"expiry": 35000, "max-peers": 1000},
                       {"targets": "", "repeat": 1}):
            client.ask("group-set", name="default", **values)
        client.ask("group-new", name="more", port=333)
        client.ask("peer-new", group="more", name="somebody")
        client.ask("group-del", name="more")
    return turn


def interfaces():
    """One that comes, gets narrow and wide, off and on, and goes."""
    def turn():
        for step in (lambda: links.add_pair("d0", "d1"),
                     lambda: links.add_address("d0", "10.7.0.1"),
                     lambda: links.turn_on("d0"),
                     lambda: links.turn_on("d1"),
                     lambda: links.set_mtu("d0", 60),
                     lambda: links.set_mtu("d0", 1500),
                     lambda: links.turn_off("d0", links.IFF_MULTICAST),
                     lambda: links.turn_on("d0", links.IFF_MULTICAST),
                     lambda: links.turn_off("d0")):
            with contextlib.suppress(OSError):
                step()
        links.delete("d0")
    return turn


def hostnames():
    """Names that are announced, and the right one."""
    client = Client()

    def turn():
        for name in ("flood1", "h1", "d1", "m1", "vm"):
            socket.sethostname(name)
            client.ask("peer-new", name=f"host-{name}")
    return turn


def registrations():
    """Names of this host with their values, and others that are ended and
    may come again at once."""
    client = Client()

    def turn():
        for value in ("one", "two"):
            client.ask("peer-new", name="own", value=value)
        for number in range(5):
            client.ask("peer-expire", name=f"flood{number}")
        client.ask("peer-del", name="own")
    return turn


def readers():
    """The command, which comes and goes as well."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def turn():
        subprocess.run(("mcpeer", "list"), check=False, **silent)
        with subprocess.Popen(("mcpeer", "monitor"), **silent) as monitor:
            with contextlib.suppress(subprocess.TimeoutExpired):
                monitor.wait(0.2)
            monitor.kill()
    return turn


def namespaces():
    """Hosts that join and vanish, with everything on them."""
    client = Client()

    def turn():
        # The one before has nobody then, and goes.
        spaces.new_host("gone")
        client.elsewhere()
        links.turn_on("lo")
        client.ask("group-new", name="default")
        client.ask("peer-new", name="foo", permanent=True)
    return turn


def start(*more):
    """Let settings, interfaces and the host name change, and more."""
    defer(links.delete, "d0")
    defer(socket.sethostname, socket.gethostname())
    return [Loop(make()) for make in (settings, interfaces, hostnames, *more)]
