# SPDX-License-Identifier: GPL-2.0
"""When a datagram came, as the kernel noted it.

It begins to note that some time after the first socket asks for it: what came
before is said to have come when it is read. So one socket asks for it as long
as the program runs, which goes on when it is noted.
"""

import socket
import struct
import time

SO_TIMESTAMPNS = 35


def ask(receiver):
    """What comes in by this socket shall have its moment."""
    receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def read(receiver, flags=0):
    """A datagram: (seconds of real time, address, bytes)."""
    data, control, _, sender = receiver.recvmsg(2048, socket.CMSG_SPACE(16),
                                                flags)
    seconds, nanoseconds = struct.unpack("@qq", control[0][2][:16])
    return seconds + nanoseconds / 1e9, sender[0], data


def _stamped():
    """Is a datagram stamped when it comes, not when it is read?"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        ask(probe)
        probe.bind(("127.0.0.1", 0))
        probe.sendto(b"", probe.getsockname())
        came = time.time()
        time.sleep(0.001)
        return read(probe)[0] <= came


def _keep():
    # Bound to no port, it is in nobody's way.
    keeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ask(keeper)
    for _ in range(1000):
        if _stamped():
            return keeper
    raise TimeoutError("datagrams are not stamped when they come")


_KEEPER = _keep()
