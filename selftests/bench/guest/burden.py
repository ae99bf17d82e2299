# SPDX-License-Identifier: GPL-2.0
"""What a machine may have to bear besides: each is a context."""

import contextlib
import re
import subprocess
import threading

import machine

BUSY = 64
# A processor that nobody else gets for longer makes the kernel complain.
HOG = (10, 20)
# Seconds that memory is short, as this takes an emulator long.
SHORT = (6, 594)
# So much more than there is free.
EXCESS = 96 << 20
SWAP = "/dev/zram0"
# An interrupt each so many seconds, which takes so many.
EVERY, LASTING = 500e-6, 400e-6
THROTTLE = "/proc/sys/kernel/sched_rt_runtime_us"


@contextlib.contextmanager
def _processes(count, *args, prefix=()):
    """So many of the burden."""
    with contextlib.ExitStack() as stack:
        started = []
        for _ in range(count):
            process = subprocess.Popen(
                (*prefix, "/bench/burden", *map(str, args)),
                stdout=subprocess.PIPE)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        for process in started:
            process.stdout.readline()
        yield


def nothing(seconds):
    """None of these."""
    return contextlib.nullcontext()


def busy(seconds):
    """Processes that are always busy."""
    return _processes(BUSY, seconds, 0)


def throttled(seconds):
    """One of those, that takes the processor from all others, but for 5 %."""
    return _processes(1, seconds, 0, prefix=("chrt", "-f", "50"))


@contextlib.contextmanager
def unthrottled(seconds):
    """The same, without the remainder, for ten seconds at a time."""
    before = machine.read(THROTTLE)
    machine.write(THROTTLE, -1)
    try:
        with _processes(1, *HOG, prefix=("chrt", "-f", "50")):
            yield
    finally:
        machine.write(THROTTLE, before)


@contextlib.contextmanager
def memory(seconds):
    """More memory is used than there is; the rest is swapped, compressed."""
    machine.run("modprobe", "-a", "lzo-rle", "zram")
    machine.write("/sys/block/zram0/disksize", 1 << 30)
    machine.run("mkswap", SWAP)
    machine.run("swapon", SWAP)
    free, = re.findall(r"MemAvailable: +(\d+)", machine.read("/proc/meminfo"))
    megabytes = (int(free) * 1024 + EXCESS) >> 20
    with _processes(1, *SHORT, megabytes):
        yield
    machine.run("swapoff", SWAP)
    machine.run("rmmod", "zram")


@contextlib.contextmanager
def interrupts(seconds):
    """Interrupts that leave little time, each with a frame for nobody."""
    flood = threading.Thread(target=machine.flood, args=(
        int(seconds / EVERY), LASTING, EVERY))
    flood.start()
    yield
    flood.join()
