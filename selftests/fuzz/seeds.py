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


def peer(name=b"host", value=b"v"):
    """The attributes of a peer."""
    numbers = {4: 2, 7: 1, 8: 1}
    times = {9: 2000, 10: 10, 11: 34990, 12: 3}
    return (attr(1, b"default\0") + attr(2, name + b"\0") +
            attr(3, bytes((10, 1, 1, 2))) + attr(5, b"eth0\0") +
            attr(6, value + b"\0") +
            b"".join(attr(key, struct.pack("I", number))
                     for key, number in numbers.items()) +
            b"".join(attr(key, struct.pack("Q", number))
                     for key, number in times.items()))


def group():
    """The attributes of a group with two interfaces."""
    interface = (attr(1, struct.pack("I", 2)) + attr(2, b"eth0\0") +
                 attr(3, struct.pack("I", 1)) + attr(4, struct.pack("I", 101)))
    stats = b"".join(attr(number, struct.pack("Q", number))
                     for number in range(1, 21))
    settings = {3: 49001, 5: 1, 6: 15000, 7: 35000, 8: 4096, 10: 7}
    return (attr(1, b"default\0") + attr(2, bytes((239, 2, 3, 4))) +
            attr(4, PREFIX + b"\0") + attr(9, b"vm\0") +
            b"".join(attr(key, struct.pack("I", number))
                     for key, number in settings.items()) +
            attr(0x8000 | 11, interface) + attr(11, interface) +
            attr(0x8000 | 12, stats))


def answer():
    """What the kernel answers to each kind of request, in each form."""
    event = (attr(1, struct.pack("Q", 7)) + attr(2, struct.pack("I", 1)) +
             attr(3, struct.pack("Q", 5)) + attr(0x8000 | 4, peer()))
    journal = (attr(1, struct.pack("Q", 7)) + attr(6, struct.pack("Q", 1)) +
               attr(7, struct.pack("Q", 0)))
    request = attr(2, b"k\0") + attr(13, struct.pack("I", 0))
    rule = attr(0x8000 | 4, attr(4, struct.pack("Q", 1)) +
                attr(5, struct.pack("Q", 255)))
    sentence = (attr(1, b"integer out of range\0") +
                attr(2, struct.pack("I", 28)) + rule)
    refusal = bytes((len(request),)) + request + sentence
    missing = bytes((len(request),)) + request + attr(6, struct.pack("I", 2))
    bodies = {0: [peer()], 1: [peer(), peer(value=b"\x1b[2J\xff")],
              2: [event], 3: [group()], 4: [group()], 5: [journal],
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
