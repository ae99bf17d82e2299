#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
In the guest: keep the kernel from patching its code, as long as this runs. A
line tells when it has begun.

The kernel patches its code when a first socket is connected; and when a first
one wants to know when datagrams come, or has the hook that the module uses,
which is undone when the last one goes. QEMU, 7.2 as well as 10.0, then brings
the kernel down with a breakpoint now and then, if another processor runs that
code. It seems to drop what it translated of it before the new code is there,
not after, so that who comes by in between keeps the old. So somebody has all
of that before others come by; and as the kernel does so while it boots, too,
it boots with one processor and gets the others then.

The same goes for the tracepoints by which tests count what is allocated. These
have two who listen all the time, and are deaf: the kernel patches its code as
well when one becomes two.
"""

import os
import signal
import socket
import time

SO_TIMESTAMPNS = 35
UDP_ENCAP, UDP_ENCAP_L2TPINUDP = 100, 3

INSTANCES = "/sys/kernel/tracing/instances"
TRACEPOINTS = ("kmalloc", "kfree", "kmem_cache_alloc", "kmem_cache_free")


def hold(family, address):
    """A socket for which the kernel has patched its code."""
    one = socket.socket(family, socket.SOCK_DGRAM)
    # A port that no test asks for.
    one.bind((address, 9))
    one.connect((address, 9))
    one.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    one.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, UDP_ENCAP_L2TPINUDP)
    return one


def write(path, text):
    """Write to a file of the kernel's."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def listen(name):
    """Somebody for whom the tracepoints are on, and who keeps nothing."""
    place = f"{INSTANCES}/{name}"
    os.mkdir(place)
    write(f"{place}/buffer_size_kb", "4")
    write(f"{place}/tracing_on", "0")
    for tracepoint in TRACEPOINTS:
        write(f"{place}/events/kmem/{tracepoint}/enable", "1")


def main():
    """See above."""
    held = [hold(socket.AF_INET, "127.0.0.1")]
    # Not if it was started without.
    if os.path.exists("/proc/sys/net/ipv6"):
        held.append(hold(socket.AF_INET6, "::1"))
    for name in ("hold1", "hold2"):
        listen(name)
    # For moments of datagrams a worker of the kernel does it, a little later.
    time.sleep(0.2)
    print(f"{len(held)} held", flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
