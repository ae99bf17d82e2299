# SPDX-License-Identifier: GPL-2.0
"""The machine in virtual time: its device, the modules, what was received."""

import collections
import contextlib
import json
import socket
import subprocess
import time

DEVICE = "bench0"
GROUP = "239.2.3.4"
CONTROL = "/sys/kernel/debug/mcpeer_bench"

Received = collections.namedtuple("Received", "datagrams busy longest")


def run(*command, **kwargs):
    """Run a program to its end; its output is text."""
    kwargs.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, text=True, check=True, **kwargs).stdout


def prepare():
    """A device that receives what the bench's module gives it."""
    run("modprobe", "-a", "veth", "mcpeer_bench")
    run("ip", "-batch", "-", input=f"""
        link add {DEVICE} type veth peer name bench1
        link set bench1 up
        link set {DEVICE} up
        addr add 10.0.0.1/8 dev {DEVICE}
        """)
    for name in (DEVICE, "bench1"):
        write(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", 1)


def write(path, text):
    """Write a setting of the kernel."""
    with open(path, "w", encoding="ascii") as stream:
        stream.write(str(text))


def read(path):
    """What the kernel says."""
    with open(path, encoding="ascii") as stream:
        return stream.read()


def wait_until(condition, what, deadline=60):
    """Poll until condition() is true, and return what it returned."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {deadline} s")
        time.sleep(0.02)


def settle():
    """Have what is left to do done: work queues, RCU, freeing."""
    time.sleep(1)


def busy():
    """How many instructions this machine has executed when not idle."""
    return int(read(f"{CONTROL}/busy"))


def cost(function, *args):
    """How many instructions a call takes, until nothing is left to do."""
    before = busy()
    function(*args)
    return busy() - before


def burst(count, first=0, rounds=1, batch=64):
    """Datagrams of these senders, as fast as it goes.

    Others may run after so many of them, as many as a driver hands on.
    """
    write(f"{CONTROL}/burst", f"{DEVICE} {first} {count} {rounds} {batch}")
    return _result()


def pace(count, first=0, rounds=1, pause=1e-3, silence=0):
    """Datagrams of these senders one by one, so many seconds apart.

    Of so many rounds each, another sender is silent.
    """
    write(f"{CONTROL}/pace", f"{DEVICE} {first} {count} {rounds} "
          f"{int(pause * 1e9)} {silence}")
    return _result()


def flood(count, lasting, pause):
    """Interrupts, of so many seconds each, and so many apart."""
    write(f"{CONTROL}/flood", f"{DEVICE} 0 {count} {int(lasting * 1e6)} "
          f"{int(pause * 1e9)}")


def _result():
    return Received(*map(int, read(f"{CONTROL}/result").split()))


def each(received):
    """Instructions for each datagram."""
    return received.busy / received.datagrams


@contextlib.contextmanager
def member():
    """The device is in the group, as it is if mcpeer takes part there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.setsockopt(socket.SOL_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(GROUP) + socket.inet_aton("10.0.0.1"))
        yield


@contextlib.contextmanager
def floor():
    """The least that can listen: a socket whose hook drops all."""
    with member():
        write(f"{CONTROL}/floor", 1)
        try:
            yield
        finally:
            write(f"{CONTROL}/floor", 0)


@contextlib.contextmanager
def mcpeer(*settings):
    """The module, whose default group takes any number of peers."""
    run("modprobe", "mcpeer")
    try:
        run("mcpeer", "group", "set", "default", "max-peers", "1048576",
            "join-rate", "1000000", *settings)
        wait_until(_joined, "the device takes part")
        yield
    finally:
        settle()
        run("rmmod", "mcpeer")


def _joined():
    group = json.loads(run("mcpeer", "-j", "group", "show", "default"))
    return any(interface["name"] == DEVICE and interface["state"] == "joined"
               for interface in group["interfaces"])


def peers():
    """How many peers there are."""
    return json.loads(run("mcpeer", "-j", "group", "show", "default"))["peers"]


def counted():
    """The module's counters."""
    return json.loads(run("mcpeer", "-j", "stats"))
