# SPDX-License-Identifier: GPL-2.0
"""An interface of this host that is not on any LAN."""

import fcntl
import os
import struct

from net.lib.py import defer

import frames
import lab
import links

IFNAME, ADDRESS = "tap0", "10.7.7.1"

TUNSETIFF, IFF_TAP_NO_PI = 0x400454ca, 0x1002
# IFF_NAPI and IFF_NAPI_FRAGS, as the one needs the other.
IFF_NAPI_FRAGS = 0x30


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
        lab.write(f"/proc/sys/net/ipv6/conf/{IFNAME}/disable_ipv6", 1)
        links.add_address(IFNAME, ADDRESS)
        links.turn_on(IFNAME)

    @staticmethod
    def frame(name, source):
        """An announcement."""
        return frames.datagram(lab.PREFIX + name.encode(), source)

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
