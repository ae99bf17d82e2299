# SPDX-License-Identifier: GPL-2.0
"""A million peers in a machine of 1 GiB: heard, heard again, listed, ended.

That the kernel complains of nothing meanwhile, such as a processor that does
nothing else for long, is for the machine's verdict.
"""

import contextlib
import re
import subprocess
import time

import footprint
import machine

MANY = 1000000
# Seconds; listing takes its time.
LIFETIME = 300
CHUNK = 1 << 16


def _peak(pid):
    """The most memory that a program had so far, in bytes; 0 at its end."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)",
                          machine.read(f"/proc/{pid}/status"))
        return int(found[1]) * 1024 if found else 0
    return 0


def _list(*command):
    """Lines that a program prints, and the most memory it took for them."""
    lines, peak = 0, 0
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          bufsize=0) as process:
        # It cannot end before what it has printed is read.
        while chunk := process.stdout.read(CHUNK):
            peak = max(peak, _peak(process.pid))
            lines += chunk.count(b"\n")
    if process.returncode:
        raise RuntimeError(f"{command}: exit {process.returncode}")
    return lines, peak


def measure(figures):
    """All of these figures."""
    with machine.mcpeer("expiry", str(LIFETIME)):
        before = footprint.available()
        start = time.monotonic()
        machine.burst(MANY)
        machine.burst(MANY)
        if machine.peers() != MANY:
            raise RuntimeError(f"{machine.peers()} peers")
        figures["million taken"] = (before - footprint.available()) / MANY
        lines, peak = _list("mcpeer", "list", "-u")
        if time.monotonic() > start + LIFETIME:
            raise RuntimeError("too late to see all of them")
        figures["million unlisted"] = MANY - lines
        figures["million list"] = peak / 2 ** 20
        time.sleep(2 * LIFETIME)
        figures["million left"] = machine.peers()
        figures["million kept"] = (before - footprint.available()) / 2 ** 20
