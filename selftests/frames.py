# SPDX-License-Identifier: GPL-2.0
"""Frames built by hand: what no socket would send."""

import socket
import struct

from net.lib.py import defer

import lab

HOST_MAC = bytes.fromhex("020000000001")


def _checksum(data):
    """The Internet's checksum of some bytes."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp(payload, source, checksum=None, length=None):
    """A UDP datagram to the group, with all right unless told otherwise."""
    if length is None:
        length = 8 + len(payload)
    head = struct.pack("!HHH", 40000, lab.PORT, length)
    if checksum is None:
        pseudo = (socket.inet_aton(source) + socket.inet_aton(lab.GROUP) +
                  struct.pack("!BBH", 0, socket.IPPROTO_UDP,
                              8 + len(payload)))
        checksum = _checksum(pseudo + head + b"\0\0" + payload) or 0xffff
    return head + struct.pack("!H", checksum) + payload


def ipv4(data, source, ident=1, offset=0, more=False, target=lab.GROUP):
    """An IPv4 packet to the group; offset and more are those of a fragment."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), ident,
                       more << 13 | offset >> 3, 1, socket.IPPROTO_UDP, 0,
                       socket.inet_aton(source), socket.inet_aton(target))
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + data


def ethernet(packet):
    """A frame to the MAC address that belongs to the packet's multicast."""
    mac = bytearray(b"\x01\x00\x5e" + packet[17:20])
    mac[3] &= 0x7f
    return bytes(mac) + HOST_MAC + b"\x08\x00" + packet


def datagram(payload, source, **kwargs):
    """A frame with a UDP datagram to the group."""
    return ethernet(ipv4(udp(payload, source, **kwargs), source))


def udp6(payload, source):
    """A UDP datagram to the IPv6 group."""
    head = struct.pack("!HHH", 40000, lab.PORT, 8 + len(payload))
    pseudo = (socket.inet_pton(socket.AF_INET6, source) +
              socket.inet_pton(socket.AF_INET6, lab.GROUP6) +
              struct.pack("!II", 8 + len(payload), socket.IPPROTO_UDP))
    checksum = _checksum(pseudo + head + b"\0\0" + payload)
    return head + struct.pack("!H", checksum or 0xffff) + payload


def ipv6(data, source, following=socket.IPPROTO_UDP):
    """An IPv6 packet to the group."""
    return (struct.pack("!IHBB", 0x60000000, len(data), following, 1) +
            socket.inet_pton(socket.AF_INET6, source) +
            socket.inet_pton(socket.AF_INET6, lab.GROUP6) + data)


def fragments6(data, source, size):
    """The same in fragments of so many bytes, a multiple of 8."""
    for offset in range(0, len(data), size):
        more = offset + size < len(data)
        head = struct.pack("!BBHI", socket.IPPROTO_UDP, 0, offset | more, 7)
        yield ipv6(head + data[offset:offset + size], source,
                   socket.IPPROTO_FRAGMENT)


class Wire:
    """Sends frames on an interface of a host."""

    def __init__(self, host, ifname="eth0"):
        self.socket = host.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((ifname, 0))
        defer(self.socket.close)

    def packet(self, data, source, **kwargs):
        """Send an IPv4 packet with these data."""
        self.socket.send(ethernet(ipv4(data, source, **kwargs)))

    def packet6(self, packet):
        """Send an IPv6 packet to the group."""
        self.socket.send(b"\x33\x33" + packet[36:40] + HOST_MAC +
                         b"\x86\xdd" + packet)

    def datagram(self, payload, source, pad=b"", **kwargs):
        """Send a UDP datagram, with some bytes behind it in the frame."""
        self.socket.send(datagram(payload, source, **kwargs) + pad)
