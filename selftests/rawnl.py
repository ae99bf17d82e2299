# SPDX-License-Identifier: GPL-2.0
"""Requests of generic netlink that no library would send."""

import socket
import struct

REQUEST, ACK, ECHO, DUMP_INTR, DUMP = 0x1, 0x4, 0x8, 0x10, 0x300
REPLACE, EXCL, CREATE, APPEND = 0x100, 0x200, 0x400, 0x800

NETLINK_GENERIC, SOL_NETLINK, CAP_ACK, EXT_ACK = 16, 270, 10, 11
NLMSG_ERROR, NLMSG_DONE = 2, 3


class Raw:
    """Requests of any form. Who makes one has to close its socket."""

    def __init__(self, family, numbers):
        self.family = family
        self.numbers = numbers
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                    NETLINK_GENERIC)
        for option in (CAP_ACK, EXT_ACK):
            self.socket.setsockopt(SOL_NETLINK, option, 1)
        self.socket.settimeout(5)
        # Did something change while it was dumped?
        self.interrupted = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def message(self, command, attrs=b"", flags=0, reserved=0):
        """A request as it is sent."""
        number = self.numbers.get(command, command)
        data = struct.pack("BBH", number, 1, reserved) + attrs
        return struct.pack("IHHII", 16 + len(data), self.family,
                           REQUEST | ACK | flags, 1, 0) + data

    def ask(self, command, attrs=b"", flags=0, reserved=0):
        """Error number and sentence of the answer."""
        self.socket.send(self.message(command, attrs, flags, reserved))
        return self.answer()[1:]

    def answer(self, size=65536):
        """Attributes of each reply, error number and sentence.

        The kernel makes no messages that do not fit into this size.
        """
        replies = []
        while True:
            answer = self.socket.recv(size)
            while answer:
                length, kind, flags = struct.unpack_from("IHH", answer)
                self.interrupted |= bool(flags & DUMP_INTR)
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    return replies, *self.verdict(answer[:length], kind)
                replies.append(answer[20:length])
                answer = answer[length + 3 & ~3:]

    @staticmethod
    def verdict(answer, kind):
        """What an error, an acknowledgement, or the end of a dump says."""
        (code,) = struct.unpack_from("i", answer, 16)
        rest = answer[36 if kind == NLMSG_ERROR else 20:]
        while len(rest) >= 4:
            length, number = struct.unpack_from("HH", rest)
            if number == 1:
                return -code, rest[4:length - 1].decode()
            rest = rest[length + 3 & ~3:]
        return -code, ""


def attr(number, data):
    """A netlink attribute."""
    return (struct.pack("HH", 4 + len(data), number) + data +
            bytes(-len(data) % 4))


def attrs_of(data):
    """Number and data of each attribute."""
    at = 0
    while len(data) - at >= 4:
        length, number = struct.unpack_from("HH", data, at)
        yield number & 0x3fff, data[at + 4:at + length]
        at += length + 3 & ~3
