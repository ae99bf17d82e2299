#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""seeds.py DIRECTORY: write the inputs that the libFuzzer harnesses start
from, those of each harness into a directory of its name."""

import pathlib
import struct
import sys

PREFIX = b"multitastic:"

# In front of the bytes: how long the prefix is, and whether they come after.
NAMES = (b"", b"a", b"host", b"n" * 63, b"n" * 64, b"n" * 65, b"n" * 86,
         b"!~", b"a b", b"host\n", b"host\0", b"\x7f", b"\x80host", b" ",
         b"\x1b[2J", "h\u00f6st".encode(), b"x" * 1460)

TEXTS = (b"", b"plain", b"\x1b[31mred", b"a\tb\r\n", b"\x7f", b"\\x1b", b"\\",
         b"\xff", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xc3",
         b"\xf4\x90\x80\x80", b"\xf4\x8f\xbf\xbf", b"ok\xe2\x82",
         "h\u00f6\u20ac\U0001f600".encode(), "\u202eevil".encode(),
         "\u200b\u2066\ufeff\U000e0041\U0001bca0".encode(), b'"\\/\b\f',
         b"35", b"0.5", b"1.2345", b"4294967.295", b"4294967.296",
         b"18446744073709551615", b"18446744073709551616", b"x" * 300)


def wire():
    """Announcements, good ones and bad ones."""
    for name in NAMES:
        yield bytes((0x80 | len(PREFIX),)) + PREFIX + name
        yield bytes((len(PREFIX),)) + PREFIX + name
        yield b"\x80" + name
    yield bytes((len(PREFIX),)) + PREFIX + b"Multitastic:host"
    yield bytes((0x80 | 32,)) + b"p" * 32 + b"n" * 64
    yield bytes((0x80 | 32,)) + b"p" * 32 + b"n" * 65


def attr(number, data):
    """A netlink attribute."""
    return (struct.pack("HH", 4 + len(data), number) + data +
            bytes(-len(data) % 4))


def path(address, ifname=b"eth0"):
    """The attributes of a path."""
    return (attr(1, address) + attr(2, struct.pack("I", 2)) +
            attr(3, ifname + b"\0") + attr(4, struct.pack("Q", 1500)))


# More than a peer has, so that some are passed over.
PATHS = (path(bytes((10, 1, 1, 2))), path(bytes((10, 1, 2, 2)), b"eth1"),
         path(b"\xfe\x80" + bytes(13) + b"\x02"), path(b""), path(b""))


def peer(name=b"host", value=b"v", paths=()):
    """The attributes of a peer."""
    numbers = {4: 2, 7: 1, 8: 1}
    times = {9: 2000, 10: 10, 11: 34990, 12: 3}
    return (attr(1, b"default\0") + attr(2, name + b"\0") +
            attr(3, bytes((10, 1, 1, 2))) + attr(5, b"eth0\0") +
            attr(6, value + b"\0") +
            b"".join(attr(key, struct.pack("I", number))
                     for key, number in numbers.items()) +
            b"".join(attr(key, struct.pack("Q", number))
                     for key, number in times.items()) +
            b"".join(attr(0x8000 | 15, item) for item in paths))


def group():
    """The attributes of a group with two interfaces."""
    states = {3: 1, 4: 1, 5: 8, 7: 101}
    interface = (attr(1, struct.pack("I", 2)) + attr(2, b"eth0\0") +
                 b"".join(attr(key, struct.pack("I", number))
                          for key, number in states.items()) + attr(6, b""))
    stats = b"".join(attr(number, struct.pack("Q", number))
                     for number in range(1, 25))
    settings = {4: 49001, 6: 1, 7: 15000, 8: 35000, 9: 4096, 10: 16, 11: 1000,
                12: 1, 16: 7}
    texts = {1: b"default", 5: PREFIX, 13: b"vm", 14: b"eth*,!eth9", 15: b"*"}
    return (attr(2, bytes((239, 2, 3, 4))) +
            attr(3, b"\xff\x12" + bytes(10) + bytes((239, 2, 3, 4))) +
            b"".join(attr(key, text + b"\0") for key, text in texts.items()) +
            b"".join(attr(key, struct.pack("I", number))
                     for key, number in settings.items()) +
            attr(0x8000 | 17, interface) + attr(17, interface) +
            attr(0x8000 | 18, stats))


def event(kind, *more):
    """The attributes of an event."""
    return (attr(1, struct.pack("Q", 7)) + attr(2, struct.pack("I", kind)) +
            attr(3, b"default\0") + attr(4, struct.pack("Q", 5)) +
            b"".join(more))


def events():
    """About a peer, a conflict, a table, and an interface that has a name."""
    yield event(1, attr(0x8000 | 5, peer()))
    yield event(2, attr(0x8000 | 5, peer(paths=PATHS)))
    for kind in (5, 6):
        yield event(kind, attr(0x8000 | 5, peer(value=b"", paths=PATHS[:2])))
        yield event(kind, attr(0x8000 | 5, peer(value=b"", paths=PATHS[:2])),
                    attr(11, b""))
    yield event(7)
    yield event(8, attr(6, struct.pack("I", 9999)))
    for name in (b"eth0", b"\x1b[2J\xff"):
        yield event(9, attr(6, struct.pack("I", 2)), attr(7, name + b"\0"))
    yield event(99, attr(7, b"eth0\0"))


def answer():
    """What the kernel answers to each kind of request, in each form."""
    journal = (attr(1, struct.pack("Q", 7)) + attr(9, struct.pack("Q", 1)) +
               attr(10, struct.pack("Q", 0)))
    request = attr(2, b"k\0") + attr(13, struct.pack("I", 0))
    rule = attr(0x8000 | 4, attr(4, struct.pack("Q", 1)) +
                attr(5, struct.pack("Q", 255)))
    sentence = (attr(1, b"integer out of range\0") +
                attr(2, struct.pack("I", 28)) + rule)
    refusal = bytes((len(request),)) + request + sentence
    missing = bytes((len(request),)) + request + attr(6, struct.pack("I", 2))
    bodies = {0: [peer(), peer(paths=PATHS)],
              1: [peer(paths=PATHS[:2]), peer(value=b"\x1b[2J\xff")],
              2: list(events()),
              3: [group()], 4: [group()], 5: [journal],
              6: [refusal, missing], 7: [refusal, missing]}
    for kind, messages in bodies.items():
        for message in messages:
            for how in (0, 0x08, 0x10, 0x20, 0x40):
                yield bytes((kind | how,)) + message


def main(directory):
    """Write them all."""
    for name, inputs in (("wire", wire()), ("text", TEXTS),
                         ("answer", answer())):
        place = pathlib.Path(directory, name)
        place.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (place / f"{number:03}").write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1])
