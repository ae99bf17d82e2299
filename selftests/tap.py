# SPDX-License-Identifier: GPL-2.0
"""An interface of this host that is not on any LAN."""

import fcntl
import os
import socket
import struct

from net.lib.py import defer

import frames
import lab
import links

IFNAME, ADDRESS = "tap0", "10.7.7.1"

TUNSETIFF, IFF_TAP_NO_PI = 0x400454ca, 0x1002
# IFF_NAPI and IFF_NAPI_FRAGS, as the one needs the other.
IFF_NAPI_FRAGS = 0x30
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


class Tap:
    """An interface whose cable is this program.

    The kernel receives a frame that is written within that system call, and
    not in a softirq: its allocations are this thread's. With in_pieces it is
    received as from a network card whose driver leaves data in pages.
    """

    def __init__(self, in_pieces=False):
        if not os.path.exists("/dev/net/tun"):
            lab.run("modprobe", "tun")
        self.file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        defer(os.close, self.file)
        fcntl.ioctl(self.file, TUNSETIFF,
                    struct.pack("16sH22x", IFNAME.encode(), IFF_TAP_NO_PI |
                                (IFF_NAPI_FRAGS if in_pieces else 0)))
        self.control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        defer(self.control.close)
        lab.write(f"/proc/sys/net/ipv6/conf/{IFNAME}/disable_ipv6", 1)
        links.add_address(IFNAME, ADDRESS)
        self.set_up(True)

    def set_up(self, up):
        """What "ip link set" does, without a process."""
        name = IFNAME.encode()
        flags = fcntl.ioctl(self.control, SIOCGIFFLAGS,
                            struct.pack("16sH22x", name, 0))
        (flags,) = struct.unpack_from("H", flags, 16)
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        fcntl.ioctl(self.control, SIOCSIFFLAGS,
                    struct.pack("16sH22x", name, flags))

    @staticmethod
    def frame(name, source):
        """An announcement."""
        return frames.ethernet(frames.ipv4(
            frames.udp(lab.PREFIX + name.encode(), source), source))

    def write(self, frame):
        """Let the kernel receive a frame."""
        os.write(self.file, frame)

    def write_pieces(self, frame, *cuts):
        """The same, cut at these places, of which the kernel takes 17."""
        ends = (*cuts, len(frame))
        os.writev(self.file, [frame[start:end] for start, end
                              in zip((0, *cuts), ends)])

    def announced(self):
        """Names that were announced since the last time."""
        names = []
        while True:
            try:
                frame = os.read(self.file, 2048)
            except BlockingIOError:
                return names
            if lab.PREFIX in frame:
                names.append(frame.split(lab.PREFIX)[1].decode())
