# SPDX-License-Identifier: GPL-2.0
"""What memory peers take, and what it takes to list and register them.

Held against the kernel's neighbours and ip(8), with as many entries. Of each
program the same without an entry is taken off.
"""

import subprocess

import footprint
import machine

MANY = 100000
BATCH = 10000
FILE = "/run/entries"
OUT = "/run/out"


def _run(*command):
    with open(OUT, "w", encoding="ascii") as stream:
        subprocess.run(command, stdout=stream, check=True)


def _printed():
    return len(machine.read(OUT).splitlines())


def _list(command):
    """Instructions for each entry, as text and as JSON."""
    text = machine.cost(_run, *command)
    if _printed() < MANY:
        raise RuntimeError(f"{command}: {_printed()} lines")
    json = machine.cost(_run, command[0], "-j", *command[1:])
    return text, json


def _none(command):
    return [machine.cost(_run, *command),
            machine.cost(_run, command[0], "-j", *command[1:])]


def _difference(figures, name, many, none):
    for key, most, least in zip((f"{name} list", f"{name} list json"),
                                many, none):
        figures[key.strip()] = (most - least) / MANY


def _write(lines):
    with open(FILE, "w", encoding="ascii") as stream:
        stream.writelines(lines)


def _batch(command, line):
    """Instructions for each line of a batch."""
    _write([])
    least = machine.cost(_run, *command, FILE)
    _write(line(number) for number in range(BATCH))
    return (machine.cost(_run, *command, FILE) - least) / BATCH


def _address(number):
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def _neighbour(number):
    return (f"neigh add {_address(number + (1 << 16))} "
            f"lladdr 02:00:00:00:00:01 dev {machine.DEVICE} nud permanent\n")


def _registration(number):
    return (f"-l never -a {_address(number + (1 << 16))} "
            f"host{number:012}\n")


def _ours(figures):
    listing = ("mcpeer", "list")
    with machine.mcpeer("expiry", "3600"):
        none = _none(listing)
        before = footprint.available()
        machine.burst(MANY)
        figures["memory"] = (before - footprint.available()) / MANY
        figures["slab"] = footprint.size("mcpeer_peer")
        _difference(figures, "", _list(listing), none)
    with machine.mcpeer():
        figures["register"] = _batch(("mcpeer", "register", "-b"),
                                     _registration)
        if machine.peers() != BATCH:
            raise RuntimeError(f"{machine.peers()} peers")


def _others(figures):
    listing = ("ip", "neigh", "show")
    none = _none(listing)
    figures["neigh add"] = _batch(("ip", "-batch"), _neighbour)
    machine.run("ip", "neigh", "flush", "all", "nud", "permanent")
    before = footprint.available()
    _write(_neighbour(number) for number in range(MANY))
    _run("ip", "-batch", FILE)
    _write([])
    figures["neigh memory"] = (before - footprint.available()) / MANY
    _difference(figures, "neigh", _list(listing), none)
    # Others look at neighbours, too.
    machine.run("ip", "neigh", "flush", "all", "nud", "permanent")


def measure(figures):
    """All of these figures."""
    _ours(figures)
    _others(figures)
