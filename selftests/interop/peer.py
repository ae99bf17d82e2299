#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A foreign peer: announces this host every 15 s, prints whom it hears.

It knows nothing of mcpeer but the plain datagram: 239.2.3.4, UDP port 49001,
"multitastic:" and the host's name.
"""

import select
import socket
import time

GROUP, PORT, PREFIX, INTERVAL = "239.2.3.4", 49001, b"multitastic:", 15


def open_socket():
    """A socket that has joined the group, and may share its port."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_TTL, 1)
    sock.bind(("", PORT))
    while True:
        try:
            sock.setsockopt(socket.SOL_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(GROUP) +
                            socket.inet_aton("0.0.0.0"))
            return sock
        except OSError:
            # No interface leads to the group yet.
            time.sleep(0.1)


def main():
    """Announce and listen for ever."""
    sock = open_socket()
    name = socket.gethostname().encode()
    due = time.monotonic()
    while True:
        left = due - time.monotonic()
        if left <= 0:
            sock.sendto(PREFIX + name, (GROUP, PORT))
            due += INTERVAL
        elif select.select([sock], [], [], left)[0]:
            data, (address, _) = sock.recvfrom(2048)
            if data.startswith(PREFIX) and data != PREFIX + name:
                print(data[len(PREFIX):].decode(errors="replace"), address,
                      flush=True)


if __name__ == "__main__":
    main()
