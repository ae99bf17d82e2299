#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The command itself: what it prints, where, when, and how it ends."""

import fcntl
import itertools
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import tempfile
import termios
import time

from net.lib.py import (ksft_eq, ksft_exit, ksft_ge, ksft_in, ksft_lt,
                        ksft_run, ksft_true)

import asked
import lab

HERE = lab.Host()

PEER_KEYS = ["group", "name", "address", "interface", "value", "source",
             "state", "age", "silent", "expires_in", "heard"]

TEXT = ("mcpeer", "monitor")

# Steer a terminal, turn the writing, or cannot be seen.
HOSTILE = ([chr(code) for code in (*range(1, 0x20), *range(0x7f, 0xa0))] +
           list("\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c"
                "\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\U000e0041"))


def terminal(*args, **environment):
    """What the command prints on a terminal, and says beside it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    process = HERE.popen("mcpeer", *args, stdout=slave,
                         env={**os.environ, "TERM": "xterm", **environment})
    os.close(slave)
    printed = b""
    while True:
        try:
            printed += os.read(master, 65536)
        except OSError:
            break
    os.close(master)
    process.wait()
    return (printed.decode().replace("\r\n", "\n"),
            process.stderr.read().decode())


def three_peers():
    """Two hosts on the network with long and short names, and a local one."""
    _, other = lab.pair()
    lab.announce(other.sender(other.address), "kitchen-pi", "x")
    HERE.mcpeer("register", "-l", "never", "printer", "room 12")
    lab.wait_until(lambda: len(HERE.names()) == 3, what="peers")


def json_has_every_key_always():
    """null where there is none"""
    three_peers()
    peers = HERE.json("list")
    for peer in peers:
        ksft_eq(list(peer), PEER_KEYS)
    ksft_eq([list(peer.values())[:7] for peer in peers], [
        ["default", "kitchen-pi", "10.1.1.2", "eth0", None, "network",
         "alive"],
        ["default", "printer", None, None, "room 12", "local", "alive"],
        ["default", "x", "10.1.1.2", "eth0", None, "network", "alive"]])
    ksft_eq([peer["heard"] for peer in peers], [1, 0, 1])
    ksft_eq(peers[1]["expires_in"], None)
    for peer in peers:
        ksft_true(0 <= peer["silent"] <= peer["age"] < 5, peer)
        ksft_true(peer["name"] == "printer" or
                  30 < peer["expires_in"] <= 35, peer)
    # Seconds have at most three digits behind the point.
    ksft_eq(re.findall(r"\d\.\d{4}", HERE.mcpeer("-j").stdout), [])
    ksft_eq(list(HERE.json("show", "x")), PEER_KEYS)


def peers_are_sorted_by_name():
    """By their bytes, whatever the locale and the order of joining"""
    lab.module()
    names = ["b", "B", "a", "_", "10", "9", "~", "a-", "aa", "A"]
    for name in names:
        HERE.mcpeer("register", name)
    ksft_eq(HERE.names(), sorted(names))
    lines = HERE.mcpeer(env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    ksft_eq([line.split()[0] for line in lines.splitlines()], sorted(names))


def text_is_in_columns():
    """Not beyond the 80th, and plain in a pipe"""
    three_peers()
    printed = HERE.mcpeer("list").stdout
    ksft_eq(HERE.mcpeer().stdout.split()[0], "kitchen-pi")
    ksft_true("\033" not in printed)
    seconds = r" {1,4}\d+\.\ds"
    for line, pattern in zip(printed.splitlines(), (
            rf"kitchen-pi  10\.1\.1\.2  eth0 {seconds} {seconds}$",
            rf"printer     -         -    {seconds} {{2,4}}never  room 12$",
            rf"x           10\.1\.1\.2  eth0 {seconds} {seconds}$"),
            strict=True):
        ksft_true(re.match(pattern, line), line)
        ksft_true(len(line) <= 80, line)
    ends = {re.search(r"\d{2}\.\ds|never", line).end()
            for line in printed.splitlines()}
    ksft_eq(len(ends), 1, printed)


def a_terminal_gets_a_head_and_colours():
    """unless the user wants none"""
    three_peers()
    printed, _ = terminal()
    ksft_in("\033[1mkitchen-pi\033[0m", printed)
    plain = re.sub(r"\033\[[\d;]*m", "", printed)
    ksft_true("\033" not in plain, plain)
    lines = plain.splitlines()
    ksft_eq(lines[0].split(), ["NAME", "ADDRESS", "INTERFACE", "SILENT",
                               "EXPIRES", "VALUE"])
    for line in lines[1:]:
        ksft_eq(len(lines[0].split("EXPIRES")[0]) + len("EXPIRES"),
                re.search(r"\d{2}\.\ds|never", line).end(), plain)
        ksft_true(len(line) <= 80, line)
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        printed, _ = terminal("list", **environment)
        ksft_true("\033" not in printed, printed)
        ksft_eq(printed.split()[0], "NAME")
    printed, _ = terminal("group", "show")
    ksft_in("\033[", printed)


def each_event_has_a_colour():
    """on a terminal, and the same words as in a pipe"""
    _, other = lab.pair()
    sender = other.sender(other.address)
    HERE.mcpeer("register", "a")
    HERE.mcpeer("register", "a", "value")
    HERE.mcpeer("unregister", "a")
    lab.speak()
    lab.announce(sender, "b", socket.gethostname())
    lab.wait_until(HERE.names, what="b")
    HERE.mcpeer("expire", "b")
    kinds = ["join", "update", "leave", "join", "conflict", "expire"]
    follow = ("monitor", "-s", "0", "-c", str(len(kinds)))
    printed, _ = terminal(*follow)
    coloured = [re.findall(r"\033\[([\d;]+)m(\w+) *\033\[0m", line)
                for line in printed.splitlines()]
    colours = {word: colour for kind, words in zip(kinds, coloured)
               for colour, word in words if word == kind}
    ksft_eq(set(colours), set(kinds))
    ksft_eq(len(set(colours.values())), len(colours), colours)
    plain = re.sub(r"\033\[[\d;]*m", "", printed)
    # But for the time, which on a terminal is shorter.
    ksft_eq([line.split()[1:] for line in plain.splitlines()],
            [line.split()[1:] for line in
             HERE.mcpeer(*follow).stdout.splitlines()])


def without_a_group_there_is_nothing_to_list():
    """Which a terminal is told"""
    lab.module()
    empty = lab.Namespace("empty")
    ksft_eq(empty.mcpeer("list").stdout, "")
    ksft_eq(empty.mcpeer("-j", "list").stdout, "[]\n")
    ksft_eq(empty.mcpeer("-j", "group", "show").stdout, "[]\n")
    ksft_eq(empty.mcpeer("group", "show").stdout, "")
    ksft_eq(terminal("list"), ("", "mcpeer: no peers\n"))
    HERE.mcpeer("group", "del", "default")
    ksft_eq(terminal("group", "show"),
            ("", "mcpeer: no groups in this network namespace\n"))


def a_group_can_be_named():
    """Before and behind the verb; without, it is all of them"""
    lab.module()
    HERE.mcpeer("group", "add", "lab", "port", "49002")
    monitor = HERE.monitor("-g", "lab")
    HERE.mcpeer("register", "a", "1")
    HERE.mcpeer("register", "-g", "lab", "b", "2")
    HERE.mcpeer("-g", "lab", "register", "a", "3")
    ksft_eq([(peer["group"], peer["name"]) for peer in HERE.json("list")],
            [("default", "a"), ("lab", "a"), ("lab", "b")])
    for args in (("-g", "lab"), ("-g", "lab", "list"), ("list", "-g", "lab"),
                 ("list", "--group=lab")):
        ksft_eq([peer["value"] for peer in HERE.json(*args)], ["3", "2"])
    # So can JSON be asked for.
    ksft_eq([peer["value"] for peer in
             json.loads(HERE.mcpeer("list", "-g", "lab", "--json").stdout)],
            ["3", "2"])
    ksft_eq([line.split()[:2] for line in HERE.mcpeer().stdout.splitlines()],
            [["a", "default"], ["a", "lab"], ["b", "lab"]])
    ksft_eq(HERE.json("show", "a")["value"], "1")
    ksft_eq(HERE.json("show", "-g", "lab", "a")["value"], "3")
    HERE.mcpeer("unregister", "a")
    HERE.mcpeer("expire", "-g", "lab", "a")
    ksft_eq(monitor.take(4, deadline=1),
            [("join", "b"), ("join", "a"), ("expire", "a")])
    ksft_eq(HERE.json("stats", "lab")["group"], "lab")


def each_event_is_a_line_at_once():
    """through a pipe, as text and as JSON"""
    lab.module()
    text, objects = lab.Monitor(HERE, command=TEXT), HERE.monitor()
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
    for seq, (args, event) in enumerate((
            (("register", "k", "v1"), "join"),
            (("register", "k", "v2"), "update"),
            (("unregister", "k"), "leave")), 1):
        HERE.mcpeer(*args)
        line = text.line(deadline=1).decode()
        value = "v1" if seq == 1 else "v2"
        ksft_true(re.fullmatch(rf"{when} +{seq}  {event:<8}  k +default +- +- "
                               rf"+{value}", line), line)
        seen = objects.next(deadline=1)
        ksft_eq(list(seen), ["seq", "event", "group", "peer"])
        ksft_eq(list(seen["peer"]), PEER_KEYS)
        ksft_eq((seen["seq"], seen["event"], seen["peer"]["value"]),
                (seq, event, value))


def the_monitor_begins_and_ends_where_it_is_told():
    """--since and --count"""
    lab.module()
    for number in range(1, 6):
        HERE.mcpeer("register", f"k{number}")

    def seqs(*args):
        result = HERE.mcpeer("-j", "monitor", *args)
        ksft_eq(result.stderr, "")
        return [json.loads(line)["seq"] for line in result.stdout.splitlines()]

    ksft_eq(seqs("--since", "0", "--count", "5"), [1, 2, 3, 4, 5])
    ksft_eq(seqs("-s", "4", "-c", "2"), [4, 5])
    ksft_eq(seqs("-s1", "-c1"), [1])

    behind = HERE.monitor("--since", "6", "--count", "1")
    beyond = HERE.monitor("--since", "9", "--count", "1")
    HERE.mcpeer("unregister", "k1")
    for monitor, said in ((behind, ""), (beyond, "mcpeer: the last event was "
                                         "5; going on from there\n")):
        ksft_eq(monitor.next()["seq"], 6)
        ksft_eq(monitor.process.wait(), 0)
        ksft_eq(monitor.process.stderr.read().decode(), said)


def hostile_values_are_shown_harmless():
    """in list, show, monitor, and what is said of them"""
    lab.module()
    monitors = [lab.Monitor(HERE, command=TEXT), HERE.monitor()]
    value = "".join(HOSTILE)
    parts = [value[:60], value[60:]]
    for number, part in enumerate(parts):
        HERE.mcpeer("register", f"k{number}", part)
    printed = [HERE.mcpeer(*args).stdout for args in
               (("list",), ("-j", "list"), ("show", "k0"), ("show", "k1"),
                ("-j", "show", "k0"), ("-j", "show", "k1"))]
    printed += [terminal("list", TERM="dumb")[0]]
    printed += [monitor.line().decode() for monitor in monitors for _ in parts]
    printed += [HERE.mcpeer("show", part, check=False).stderr
                for part in parts]
    for text in printed:
        ksft_eq([char for char in text if char in HOSTILE and char != "\n"],
                [], text)
    ksft_in(r"\x1b", printed[0])
    ksft_in(r"\xe2\x80\xae", printed[0])
    ksft_eq([HERE.json("show", f"k{number}")["value"] for number in (0, 1)],
            parts)
    HERE.mcpeer("register", "k0", "schön \\ 山")
    ksft_in("schön \\ 山", HERE.mcpeer("list").stdout)


def is_full(pipe):
    """Would a writer have to wait?"""
    end = os.open(f"/proc/self/fd/{pipe.fileno()}", os.O_WRONLY)
    writable = select.select([], [end], [], 0)[1]
    os.close(end)
    return not writable


def a_full_pipe(sender, newcomers):
    """A monitor whose reader takes nothing, so that it waits."""
    monitor = HERE.monitor()

    def more():
        lab.announce(sender, *itertools.islice(newcomers, 20))
        return is_full(monitor.process.stdout)
    lab.wait_until(more, deadline=60, what="a full pipe", pause=0.01)
    return monitor


def a_slow_reader_does_not_hold_up_the_end():
    """A signal, or the reader's end, while a line waits to be written"""
    _, other = lab.pair()
    lab.open_doors()
    sender = other.sender(other.address)
    newcomers = (f"{number}-".ljust(64, "n") for number in itertools.count())
    monitor = a_full_pipe(sender, newcomers)
    monitor.process.send_signal(signal.SIGTERM)
    ksft_eq(monitor.process.wait(5), 0)
    printed = monitor.process.stdout.read()
    ksft_true(printed.endswith(b"\n"), "the last line is whole")
    for number, line in enumerate(printed.splitlines(), 1):
        ksft_eq(json.loads(line)["seq"], number)

    monitor = a_full_pipe(sender, newcomers)
    monitor.process.stdout.close()
    ksft_eq(monitor.process.wait(5), -signal.SIGPIPE)


def the_monitor_ends_in_order():
    """By a signal, and when the module goes"""
    for number in (signal.SIGINT, signal.SIGTERM):
        lab.module()
        monitor = HERE.monitor()
        monitor.process.send_signal(number)
        ksft_eq(monitor.process.wait(), 0)
        ksft_eq(monitor.process.stderr.read(), b"")
    monitor = HERE.monitor()
    HERE.mcpeer("register", "k")
    lab.unload()
    ksft_eq(monitor.take(1), [("join", "k")])
    ksft_eq(monitor.process.wait(), 1)
    ksft_eq(monitor.buffer + monitor.process.stdout.read(), b"")
    ksft_eq(monitor.process.stderr.read(),
            b"mcpeer: the mcpeer module was unloaded\n")


def a_signal_comes_before_events_that_wait():
    """Eight hundred, of which few are printed yet"""
    lab.module()
    with tempfile.TemporaryDirectory() as place:
        path = f"{place}/events"
        monitor = lab.Monitor(HERE, command=(
            "sh", "-c", f"exec nice -n 19 mcpeer -j monitor >{path}"))
        monitor.process.send_signal(signal.SIGSTOP)
        HERE.mcpeer("register", "-b", "-", input="".join(
            f"k{number}\n" for number in range(800)))
        monitor.process.send_signal(signal.SIGCONT)
        lab.wait_until(lambda: os.path.getsize(path), pause=0.0005,
                       what="the first events")
        monitor.process.send_signal(signal.SIGTERM)
        ksft_eq(monitor.process.wait(5), 0)
        with open(path, "rb") as file:
            printed = file.read()
    ksft_true(printed.endswith(b"\n"), "the last line is whole")
    ksft_lt(printed.count(b"\n"), 800)


def nobody_reads():
    """A pipe whose reader has gone"""
    lab.module()
    for number in range(3):
        HERE.mcpeer("register", f"k{number}")
    result = HERE.run("bash", "-c", "mcpeer list | head -n 1; "
                      "echo ${PIPESTATUS[0]}")
    ksft_eq(result.stderr, "")
    ksft_eq(result.stdout.split()[0], "k0")
    # Whether the reader or the writer is the first to end is open.
    ksft_in(result.stdout.split()[-1], ("0", str(128 + signal.SIGPIPE)))

    # A monitor does not wait for an event to find out.
    monitor = HERE.monitor()
    monitor.process.stdout.close()
    ksft_eq(monitor.process.wait(timeout=5), -signal.SIGPIPE)
    ksft_eq(monitor.process.stderr.read(), b"")
    # Who wants the signal ignored gets a sentence.
    monitor = lab.Monitor(HERE, command=(
        "sh", "-c", "trap '' PIPE; exec mcpeer monitor"))
    monitor.process.stdout.close()
    ksft_eq(monitor.process.wait(timeout=5), 1)
    ksft_eq(monitor.process.stderr.read(),
            b"mcpeer: cannot write the output: Broken pipe\n")


def without_file_descriptors_nothing_works():
    """Which is told, whichever is the first to be missing"""
    lab.module()
    # Its program needs the fourth one to start.
    for limit in (4, 5):
        result = HERE.run("sh", "-c", f"ulimit -n {limit}; mcpeer monitor",
                          check=False)
        ksft_eq(result.returncode, 1)
        ksft_eq(result.stdout, "")
        ksft_in(": Too many open files\n", result.stderr)


def output_that_cannot_be_written_is_an_error():
    """A full disk, a closed stdout"""
    lab.module()
    HERE.mcpeer("register", "k")
    for args in ("list", "-j list", "show k", "-j show k", "group show",
                 "group show default", "-j group show", "group show -v",
                 "-j group show -v", "stats", "-j stats",
                 "--help", "--version", "list --help", "monitor -s0",
                 "-j monitor -s0"):
        for where, why in ((">/dev/full", "No space left on device"),
                           (">&-", "Bad file descriptor")):
            result = HERE.run("sh", "-c", f"mcpeer {args} {where}",
                              check=False)
            ksft_eq(lab.refusal(result),
                    (1, f"mcpeer: cannot write the output: {why}"),
                    (args, where))


def every_counter_is_shown():
    """as the specification names it"""
    lab.module()
    names = [attr["name"] for attrs in asked.spec()["attribute-sets"]
             if attrs["name"] == "stats"
             for attr in attrs["attributes"] if attr["name"] != "pad"]
    ksft_ge(len(names), 20)
    ksft_eq(list(HERE.json("stats")),
            ["group"] + [name.replace("-", "_") for name in names])
    ksft_eq([line.split()[0] for line in
             HERE.mcpeer("stats").stdout.splitlines()], ["group"] + names)


def a_list_that_changes_all_the_time_is_said_to():
    """Peers that stay are in it, once each"""
    _, other = lab.pair()
    lab.open_doors()
    stay = [f"stay{number}" for number in range(10)]
    for name in stay:
        HERE.mcpeer("register", "-l", "never", name)
    sender = other.sender(other.address)
    begin = time.monotonic()
    # They come within two seconds, so they go within two as well.
    for number in range(3000):
        lab.announce(sender, f"go{number}")
        time.sleep(max(0, begin + number / 1500 - time.monotonic()))
    time.sleep(begin + 35.2 - time.monotonic())
    result = HERE.mcpeer("-j", "list", check=False)
    ksft_eq(lab.refusal(result),
            (1, "mcpeer: the table changed while it was listed, ten times "
             "over; peers that came or went meanwhile may be missing"))
    names = [peer["name"] for peer in json.loads(result.stdout)]
    ksft_lt(100, len(names))
    ksft_eq(len(names), len(set(names)))
    ksft_eq([name for name in names if name in stay], stay)
    lab.wait_until(lambda: time.monotonic() > begin + 38, pause=1)
    ksft_eq(HERE.names(), stay)


if __name__ == "__main__":
    ksft_run([
        json_has_every_key_always,
        peers_are_sorted_by_name,
        text_is_in_columns,
        a_terminal_gets_a_head_and_colours,
        each_event_has_a_colour,
        without_a_group_there_is_nothing_to_list,
        a_group_can_be_named,
        each_event_is_a_line_at_once,
        the_monitor_begins_and_ends_where_it_is_told,
        hostile_values_are_shown_harmless,
        a_slow_reader_does_not_hold_up_the_end,
        the_monitor_ends_in_order,
        a_signal_comes_before_events_that_wait,
        nobody_reads,
        without_file_descriptors_nothing_works,
        output_that_cannot_be_written_is_an_error,
        every_counter_is_shown,
        a_list_that_changes_all_the_time_is_said_to,
    ])
    ksft_exit()
