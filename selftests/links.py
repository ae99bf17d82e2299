# SPDX-License-Identifier: GPL-2.0
"""Interfaces of the namespace we are in, as ip(8) makes them, but without a
process: most of what it takes to lay out a LAN is to start programs."""

import contextlib
import os
import socket
import struct

from rawnl import ACK, CREATE, EXCL, REQUEST, attr

NETLINK_ROUTE = 0
RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR = 16, 17, 20
IFLA_IFNAME, IFLA_MTU, IFLA_MASTER, IFLA_LINKINFO = 3, 4, 10, 18
IFLA_NET_NS_FD = 28
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
IFLA_BR_MCAST_SNOOPING, VETH_INFO_PEER = 23, 1
IFA_ADDRESS, IFA_LOCAL = 1, 2
IFF_UP, IFF_MULTICAST = 0x1, 0x1000
# As /proc/net/if_inet6 has them.
IPV6_ADDR_LINKLOCAL, IFA_F_TENTATIVE = 0x20, 0x40


def _ask(kind, flags, data):
    """Have something done."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                       NETLINK_ROUTE) as route:
        route.send(struct.pack("IHHII", 16 + len(data), kind,
                               REQUEST | ACK | flags, 1, 0) + data)
        (code,) = struct.unpack_from("i", route.recv(65536), 16)
    if code:
        raise OSError(-code, os.strerror(-code))


def _link(ifname, flags=0, change=0):
    """An interface, and which of its flags shall change to what."""
    return (struct.pack("BxHiII", socket.AF_UNSPEC, 0, 0, flags, change) +
            attr(IFLA_IFNAME, ifname.encode() + b"\0"))


def _add(ifname, kind, data, more=b""):
    """Make one of some kind, and set it up."""
    _ask(RTM_NEWLINK, CREATE | EXCL, _link(ifname, IFF_UP, IFF_UP) + more +
         attr(IFLA_LINKINFO, attr(IFLA_INFO_KIND, kind) +
              attr(IFLA_INFO_DATA, data)))


def turn_on(ifname, flag=IFF_UP):
    """Set it up, or another of its flags."""
    _ask(RTM_NEWLINK, 0, _link(ifname, flag, flag))


def turn_off(ifname, flag=IFF_UP):
    """Take it down, or another of its flags."""
    _ask(RTM_NEWLINK, 0, _link(ifname, 0, flag))


def set_mtu(ifname, mtu):
    """How long its packets may be."""
    _ask(RTM_NEWLINK, 0, _link(ifname) + attr(IFLA_MTU, struct.pack("I", mtu)))


def add_bridge(ifname):
    """One that sends each multicast to all its ports."""
    _add(ifname, b"bridge", attr(IFLA_BR_MCAST_SNOOPING, b"\0"))


def add_pair(ifname, end):
    """Two with a cable between them, of which the second one is down."""
    _add(ifname, b"veth", attr(VETH_INFO_PEER, _link(end)))


def add_port(bridge, ifname, end, net):
    """A cable from a bridge to the interface "end", in the namespace that
    the file "net" is."""
    with open(net, "rb") as file:
        there = attr(IFLA_NET_NS_FD, struct.pack("I", file.fileno()))
        index = struct.pack("I", socket.if_nametoindex(bridge))
        _add(ifname, b"veth", attr(VETH_INFO_PEER, _link(end) + there),
             attr(IFLA_MASTER, index))


def delete(ifname):
    """Take it away if it is there."""
    with contextlib.suppress(OSError):
        _ask(RTM_DELLINK, 0, _link(ifname))


def add_address(ifname, address, bits=24):
    """An IPv4 address with the network that belongs to it."""
    packed = socket.inet_aton(address)
    _ask(RTM_NEWADDR, CREATE | EXCL,
         struct.pack("BBBBI", socket.AF_INET, bits, 0, 0,
                     socket.if_nametoindex(ifname)) +
         attr(IFA_LOCAL, packed) + attr(IFA_ADDRESS, packed))


def link_local(ifname):
    """The IPv6 address that goes by itself, once it is known to be unique."""
    with open("/proc/net/if_inet6", encoding="ascii") as table:
        for line in table:
            address, _, _, scope, flags, name = line.split()
            if (name, int(scope, 16)) == (ifname, IPV6_ADDR_LINKLOCAL) and \
                    not int(flags, 16) & IFA_F_TENTATIVE:
                return socket.inet_ntop(socket.AF_INET6,
                                        bytes.fromhex(address))
    return None
