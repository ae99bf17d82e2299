# SPDX-License-Identifier: GPL-2.0
"""Datagrams without end, for who looks at single instructions from outside.

endless.py floor|mcpeer: prints where the kernel's functions are and then
"ready"; from there on datagrams come, of known and of new peers by turns.
"""

import glob
import os
import sys

import machine
from receive import BATCH

KNOWN = 10000
TURN = 640
NEW = 64


def _print_symbols():
    with open("/proc/kallsyms", encoding="ascii") as stream:
        for line in stream:
            address, kind, name, *module = line.split()
            if kind in "tTwW":
                print("symbol", address, name, *module)
    for path in glob.glob("/sys/module/mcpeer/sections/.text"):
        print("text", machine.read(path).strip())
    print("ready", flush=True)


def _go_on():
    new = KNOWN
    while True:
        machine.burst(TURN, batch=BATCH)
        machine.burst(NEW, first=new, batch=BATCH)
        new += NEW


def main():
    """See above."""
    os.chdir("/")
    machine.prepare()
    listening = machine.floor if sys.argv[1] == "floor" else machine.mcpeer
    with listening():
        machine.burst(KNOWN)
        machine.settle()
        _print_symbols()
        _go_on()


if __name__ == "__main__":
    main()
