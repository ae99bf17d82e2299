#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""flood.py ADDRESS NAMES: announce so many names, and noise, until killed."""

import contextlib
import random
import socket
import sys
import time


def main(address, names):
    """Send from the interface of that address."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_IF,
                      socket.inet_aton(address))
    sender.bind((address, 0))
    datagrams = [b"multitastic:flood%d" % i for i in range(int(names))]
    while True:
        # None of it may be a name, if only of one byte by chance.
        noise = [random.randbytes(random.randrange(120)),
                 b"multitastic:\0" + random.randbytes(random.randrange(80))]
        for datagram in datagrams + noise:
            with contextlib.suppress(OSError):
                sender.sendto(datagram, ("239.2.3.4", 49001))
        # Others want the machine's two processors as well.
        time.sleep(0.001)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
