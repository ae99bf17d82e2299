#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hostile bytes reach neither the terminal nor JSON: random values, names of
interfaces, and arguments."""

import json
import os
import pty
import random
import re
import select
import subprocess
import time
import unicodedata

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_in, ksft_pr, ksft_run,
                        ksft_true)

import fuzz
import lab

HERE = lab.Host()

# Categories of what steers or cannot be seen, and what Unicode ignores by
# default besides; and of the former those that are seen all the same.
UNFIT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
UNSEEN = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d,
          0x180f, 0x3164, 0xffa0, *range(0xfe00, 0xfe10)}
# Signs that stand in front of a number or a title, joiners of hieroglyphs,
# and a font's own characters.
SEEN = {*range(0x600, 0x606), 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd,
        0x110cd, *range(0x13430, 0x13440), *range(0xe000, 0xf900)}

# The sequences by which the command itself colours what it prints.
COLOUR = re.compile("\x1b\\[(?:0|1|2|31|32|33|36|1;31)m")

# What may do harm; none of it is a colour of the command.
HOSTILE = ("\x1b[2J", "\x1b[5m", "\x1b]0;owned\x07", "\x9b31m", "\r", "\n",
           "\t", "\b\b\b", "\x7f", "\x00", "\u202e", "\u2066", "\u200b",
           "\u2028", "\ufeff", "\u00ad", "\u061c", "\U000e0041", "\U0001bca0",
           "\u115f", "\ufe0f", '"', "\\", "\\x1b", "\\u001b", "</script>",
           "%s%n", "'; reboot #", "\u00e4", "\u20ac", "\U0001f600", "e\u0301")


def is_fit(char):
    """May this be sent to a terminal?"""
    code = ord(char)
    return code in SEEN or (code not in UNSEEN and
                            unicodedata.category(char) not in UNFIT)


def check_text(data, what):
    """These bytes are lines of UTF-8 that is fit for a terminal."""
    text = data.decode("utf-8")
    bad = {char for char in text if char != "\n" and not is_fit(char)}
    ksft_eq(bad, set(), f"{what}: {text!r}")
    return text


def check_json(data, what):
    """These bytes are printable ASCII and JSON, a value in each line."""
    ksft_true(re.fullmatch(rb"[ -~\n]*", data), f"{what}: {data!r}")
    return [json.loads(line) for line in data.splitlines()]


def mcpeer(*args):
    """Run the command; its two outputs, as bytes."""
    result = subprocess.run(("mcpeer", *args), capture_output=True,
                            check=False)
    return result.stdout, result.stderr


def on_terminal(*args):
    """What the command prints on a terminal, but for its own colours."""
    main, side = pty.openpty()
    with subprocess.Popen(("mcpeer", *args), stdin=side, stdout=side,
                          stderr=side) as process:
        os.close(side)
        data = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:
                break
            data += part
        process.wait()
    os.close(main)
    # The terminal itself makes \r\n of \n.
    text = data.decode("utf-8").replace("\r\n", "\n")
    return COLOUR.sub("", text).encode()


class Source:
    """Random text of which much is hostile."""

    def __init__(self):
        self.seed = fuzz.number("SEED", 1)
        self.random = random.Random(self.seed)
        ksft_pr(f"seed {self.seed}")

    def char(self):
        """Some character."""
        while True:
            code = self.random.choice((
                self.random.randrange(1, 0x80),
                self.random.randrange(0x80, 0x3000),
                self.random.randrange(0x10000),
                self.random.randrange(0x110000)))
            if code and not 0xd800 <= code <= 0xdfff:
                return chr(code)

    def text(self, most):
        """A text of at most so many bytes of UTF-8 and no NUL."""
        text = ""
        for _ in range(self.random.randrange(24)):
            part = (self.random.choice(HOSTILE).replace("\0", "")
                    if self.random.random() < 0.6 else self.char())
            if len((text + part).encode()) <= most:
                text += part
        return text

    def bytes(self, most):
        """Any bytes but NUL, at most so many."""
        if self.random.random() < 0.5:
            return self.text(most).encode()
        return bytes(self.random.randrange(1, 256)
                     for _ in range(self.random.randrange(1, most)))


def turns(least, longest):
    """Count turns: so many, and in the long form for so many seconds."""
    if not os.environ.get("MCPEER_LONG"):
        longest = 0
    end = time.monotonic() + fuzz.seconds(1 / 3, longest)
    turn = 0
    while turn < least or time.monotonic() < end:
        yield turn
        turn += 1


def read_lines(process, count):
    """So many lines of what a program prints."""
    data = b""
    end = time.monotonic() + 60
    while data.count(b"\n") < count and time.monotonic() < end:
        if select.select([process.stdout], [], [], 1)[0]:
            data += os.read(process.stdout.fileno(), 65536)
    return data


def check_lists(values):
    """The values as list, show and the journal tell them."""
    out, _ = mcpeer("-j", "list")
    (peers,) = check_json(out, "list")
    ksft_eq({peer["name"]: peer["value"] for peer in peers}, values)
    text = check_text(mcpeer("list")[0], "list")
    ksft_eq(text.count("\n"), len(values), text)
    check_text(on_terminal("list"), "list on a terminal")
    count = str(len(values))
    text = check_text(mcpeer("monitor", "-s", "1", "-c", count)[0], "monitor")
    ksft_eq(text.count("\n"), len(values), text)
    check_text(on_terminal("monitor", "-s", "1", "-c", count), "monitor")


def check_one(name, value):
    """A value as show tells it."""
    (peer,) = check_json(mcpeer("-j", "show", name)[0], "show")
    ksft_eq(peer["value"], value)
    text = check_text(mcpeer("show", name)[0], "show")
    ksft_in(f"value{' ' * 13}", text)
    check_text(on_terminal("show", name), "show on a terminal")


def values_are_told_unharmed_and_harmless():
    """list, show, monitor, and as JSON"""
    source = Source()
    for _ in turns(1, 60):
        lab.module()
        follower = HERE.popen("mcpeer", "-j", "monitor", "-s", "1")
        values = {}
        for number in range(16):
            name, value = f"peer{number:02}", source.text(256)
            mcpeer("register", "-l", "never", "--", name, value)
            values[name] = value
        events = check_json(read_lines(follower, len(values)), "monitor")
        ksft_eq({event["peer"]["name"]: event["peer"]["value"]
                 for event in events}, values)
        lab.stop(follower)
        check_lists(values)
        name = source.random.choice(sorted(values))
        check_one(name, values[name])


def interface_name(source):
    """A name that the kernel lets an interface have, and that is hostile."""
    while True:
        name = source.bytes(15)
        # The kernel's idea of a space is that of Latin-1, and ip makes a
        # number of %.
        if name not in (b"", b".", b"..") and \
           not re.search(rb"[\s:/%\xa0]", name):
            return name


def plug(name, plain):
    """An interface of that name, another host on it, and senders from two
    addresses of that host."""
    other = lab.Namespace("other")
    other.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name",
              plain, "netns", lab.Host().net())
    defer(lambda: subprocess.run(("ip", "link", "del", "dev", name),
                                 capture_output=True, check=False))
    for args in (("link", "set", "dev", plain, "name", name),
                 ("addr", "add", "10.1.1.100/24", "dev", name),
                 ("link", "set", "dev", name, "up")):
        subprocess.run(("ip", *args), check=True)
    addresses = ("10.1.1.2", "10.1.1.3")
    for address in addresses:
        other.run("ip", "addr", "add", f"{address}/24", "dev", "eth0")
    other.run("ip", "link", "set", "eth0", "up")
    return other, [other.sender(address) for address in addresses]


def check_interface(name):
    """An interface's name wherever it is told."""
    shown = name.decode("utf-8", "replace")
    (peer,) = check_json(mcpeer("-j", "show", "alien")[0], "show")
    (group,) = check_json(mcpeer("-j", "group", "show", "default")[0], "group")
    if "\ufffd" not in shown:
        ksft_eq(peer["interface"], shown)
        ksft_eq([path["interface"] for path in peer["paths"]], [shown] * 2)
        ksft_in(shown, [item["name"] for item in group["interfaces"]])
    for args in (("list",), ("show", "alien"), ("group", "show", "default"),
                 ("group", "show", "-v"),
                 ("monitor", "-s", "1", "-c", "2")):
        text = check_text(mcpeer(*args)[0], args)
        ksft_in("default" if args[0] == "group" else "alien", text)
        check_text(on_terminal(*args), args)
        check_json(mcpeer("-j", *args)[0], args)


def names_of_interfaces_are_harmless():
    """list, show, group show and monitor, and as JSON"""
    source = Source()
    for turn in turns(2, 30):
        name = interface_name(source)
        other, senders = plug(name, f"plain{turn}")
        lab.module()

        def has_two_paths():
            for sender in senders:
                lab.announce(sender, "alien")
            return mcpeer("show", "alien")[0].count(b"\npath ") == 2

        # As long as the interface joins, it may miss some.
        lab.wait_until(has_two_paths, what="a peer with two paths")
        check_interface(name)
        lab.unload()
        other.run("ip", "link", "del", "eth0")


# Ways to call the command, X standing for what is hostile.
CALLS = (("X",), ("show", "X"), ("register", "X"), ("unregister", "X"),
         ("expire", "X"), ("-g", "X", "list"), ("-g", "X", "show", "k"),
         ("register", "-g", "X", "k", "v"), ("register", "-l", "X", "k"),
         ("register", "-a", "X", "k"), ("show", "k", "X"), ("--X",), ("-X",),
         ("group", "X"), ("group", "add", "X"), ("group", "show", "X"),
         ("group", "add", "g", "X", "1"), ("group", "add", "g", "port", "X"),
         ("group", "add", "g", "prefix", "X"),
         ("group", "set", "X", "ttl", "2"),
         ("group", "add", "g", "address", "X"),
         ("group", "add", "g", "address6", "X"),
         ("group", "add", "g", "hostname", "X"),
         ("group", "add", "g", "interfaces", "X"),
         ("group", "add", "g", "listen", "X"),
         ("group", "add", "g", "targets", "X"),
         ("group", "add", "g", "repeat", "X"),
         ("group", "add", "g", "per-source", "X"),
         ("group", "add", "g", "join-rate", "X"),
         ("group", "add", "g", "off-link", "X"),
         ("group", "show", "-v", "X"), ("group", "del", "X"),
         ("stats", "X"), ("monitor", "-c", "xX"), ("monitor", "xX"))


def what_is_said_of_arguments_is_harmless():
    """on stderr, whatever they are"""
    source = Source()
    lab.module()
    for _ in turns(1, 30):
        for call in CALLS:
            word = source.bytes(400)
            args = [arg.encode().replace(b"X", word) for arg in call]
            result = subprocess.run([b"mcpeer", *args], capture_output=True,
                                    check=False, timeout=60)
            check_text(result.stderr, args)
            check_text(result.stdout, args)
            if result.returncode:
                ksft_true(result.stderr.startswith(b"mcpeer: "), args)
        ksft_eq([group["name"] for group in HERE.json("group", "show")
                 if not fuzz.NAME.fullmatch(group["name"])], [])


if __name__ == "__main__":
    ksft_run([
        values_are_told_unharmed_and_harmless,
        names_of_interfaces_are_harmless,
        what_is_said_of_arguments_is_harmless,
    ])
    ksft_exit()
