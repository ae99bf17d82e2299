# SPDX-License-Identifier: GPL-2.0
"""Settings that the kernel refuses, and the sentence that names the rule."""

NAME_RULE = "a name must be 1 to 64 bytes of printable ASCII without space"


def bad_targets():
    """Targets that the kernel refuses, and how it says so."""
    syntax = ("targets must be IPv4 or IPv6 addresses or broadcast, separated "
              "by commas")
    interface = "only an IPv6 target of link-local scope has an interface"
    for bad in (",", "10.1.1.7,", ",10.1.1.7", "10.1.1.7,,10.1.1.8",
                "10.1.1.7, 10.1.1.8", "10.1.1.7 10.1.1.8", "10.1.1",
                "10.1.1.7.8", "10.1..7", "010.1.1.7", "10.1.1.256", "0x7",
                "10.1.1.7/24", "10.1.1.7:49001", "1", "host", "Broadcast",
                "broadcast%eth0", "2001:db8::7::8", "2001:db8", "1:2:3",
                ":", ":::", "[2001:db8::7]", "2001:db8::g", "fe80::7%",
                "fe80::7%a/b", "fe80::7%a b", "fe80::7%" + "e" * 16,
                "10.1.1.7\n", "\x1b", "é", "%eth0"):
        yield bad, syntax
    for bad in ("224.0.0.1", "239.2.3.4", "10.1.1.7,239.255.255.255",
                "ff02::1", "ff12::ef02:304", "ff02::1%eth0"):
        yield bad, "a target must not be a multicast address"
    for bad in ("0.0.0.0", "::", "10.1.1.7,::"):
        yield bad, "a target must not be an unspecified address"
    for bad in ("127.0.0.1", "127.255.255.254", "::1"):
        yield bad, "a target must not be a loopback address"
    for bad in ("::ffff:10.1.1.7", "::ffff:a01:107"):
        yield bad, "an IPv4 target must not be written as an IPv6 address"
    for bad in ("fe80::7", "10.1.1.7,febf::7"):
        yield bad, ("a target of link-local scope needs its interface, as in "
                    "fe80::7%eth0")
    for bad in ("10.1.1.7%eth0", "2001:db8::7%eth0"):
        yield bad, interface
    for bad in ("10.1.1.7,10.1.1.7", "broadcast,255.255.255.255",
                "2001:db8::7,10.1.1.7,2001:DB8:0::7",
                "fe80::7%eth0,fe80::7%eth0"):
        yield bad, "a target is given twice"
    yield (",".join(f"10.1.1.{number}" for number in range(1, 18)),
           "a group has 16 targets at most")
    yield "2" * 1025, "targets must be no longer than 1024 bytes"


def bad_settings(verb, name):
    """Settings that the kernel refuses, and how it says so."""
    start = f"cannot {verb} group '{name}': "
    interval = "interval: integer out of range (0.1 to 3600 seconds)"
    expiry = "expiry: integer out of range (0.15 to 86400 seconds)"
    prefix = ("the prefix must be 1 to 32 bytes of printable ASCII without "
              "space")
    times = "expiry must be at least one and a half times the interval"
    address = "the address is not an IPv4 multicast address"
    address6 = ("the IPv6 address is not a multicast address of link-local or "
                "wider scope")
    patterns = ("patterns must be as in 'eth*,!docker*', with no empty one "
                "and no open [")
    too_long = "patterns of interfaces must be no longer than 256 bytes"
    most = "max-peers: integer out of range (1 to 1048576)"
    for bad, sentence in (
            (("port", "0"), "port: integer out of range (1 to 65535)"),
            (("port", "65536"), "port: integer out of range (1 to 65535)"),
            (("address", "10.1.1.1"), address),
            (("address", "0.0.0.0"), address),
            (("address", "240.0.0.1"), address),
            (("address", "ff02::4242"), address),
            (("address6", "::"), address6),
            (("address6", "fe80::1"), address6),
            (("address6", "ff01::1"), address6),
            (("address6", "239.2.3.4"), address6),
            (("address", "none", "address6", "none"),
             "a group needs an IPv4 or an IPv6 address"),
            *((("interfaces", bad), patterns) for bad in
              (",", "eth*,", ",eth*", "a,,b", "!", "eth[", "a b", "é", "a\\")),
            (("listen", "a,!"), patterns),
            (("interfaces", "p" * 257), too_long),
            (("listen", "p" * 257), too_long),
            (("hostname", "a b"), NAME_RULE),
            (("hostname", "n" * 65), NAME_RULE),
            (("hostname", "\x1b"), NAME_RULE),
            *((("targets", bad), targets) for bad, targets in bad_targets()),
            (("address", "none", "targets", "10.1.1.7,broadcast"),
             "broadcast is for groups that have an IPv4 address"),
            *((("repeat", bad), "repeat: integer out of range (1 to 3)")
              for bad in ("0", "4", "4294967295")),
            (("prefix", ""), prefix), (("prefix", "a b"), prefix),
            (("prefix", "é"), prefix), (("prefix", "\x1b"), prefix),
            (("prefix", "p" * 33), prefix),
            (("ttl", "0"), "ttl: integer out of range (1 to 255)"),
            (("ttl", "256"), "ttl: integer out of range (1 to 255)"),
            (("interval", "0.099", "expiry", "1"), interval),
            (("interval", "3600.001", "expiry", "86400"), interval),
            (("interval", "0.1", "expiry", "0.149"), expiry),
            (("expiry", "86400.001"), expiry),
            (("interval", "10", "expiry", "14.999"), times),
            (("interval", "35"), times), (("expiry", "20"), times),
            (("max-peers", "0"), most), (("max-peers", "1048577"), most),
            *(((key, bad), f"{key}: integer out of range (1 to 1048576)")
              for key in ("per-source", "join-rate")
              for bad in ("0", "1048577", "4294967295"))):
        yield bad, start + sentence
