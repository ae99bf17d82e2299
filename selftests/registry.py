#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The eight behaviours of the program whose job this is."""

import os
import socket
import subprocess
import tempfile

from net.lib.py import ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import lab

HERE = lab.Host()


def lan():
    """This host with the module, and another one on the LAN."""
    net = lab.Lan()
    net.plug(HERE, "10.1.1.100")
    lab.module()
    other = net.host("other")
    lab.wait_until(lambda: HERE.json("group", "show", "default")
                   ["interfaces"][-1]["state"] == "joined", what="joined")
    return other.sender(other.address)


def values():
    """All registrations as pairs."""
    return [(peer["name"], peer["value"]) for peer in HERE.json("list")]


def a_key_and_value_are_registered_and_listed():
    """register, then list"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    ksft_eq(values(), [("k1", "v1")])


def the_value_of_the_same_key_is_updated():
    """register twice"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    HERE.mcpeer("register", "k1", "v2")
    ksft_eq(values(), [("k1", "v2")])


def values_of_different_keys_are_added():
    """register two names"""
    lab.module()
    HERE.mcpeer("register", "k2", "v2")
    HERE.mcpeer("register", "k1", "v1")
    ksft_eq(values(), [("k1", "v1"), ("k2", "v2")])


def a_forced_expiry_removes_the_entry():
    """expire, which runs what the timer runs"""
    lab.module()
    HERE.mcpeer("register", "k1", "v1")
    monitor = HERE.monitor()
    HERE.mcpeer("expire", "k1")
    ksft_eq(values(), [])
    ksft_eq(monitor.take(1), [("expire", "k1")])


def a_refresh_that_meets_the_expiry_keeps_the_new_value():
    """the timeout, then a register, without waiting in between"""
    lab.module()
    for turn in range(20):
        HERE.mcpeer("register", "k1", "old")
        expiry = HERE.popen("mcpeer", "expire", "k1")
        HERE.mcpeer("register", "k1", f"new{turn}")
        expiry.wait()
        # Whichever came first: there is no error, and an entry that was
        # registered after the expiry has the new value.
        if values():
            ksft_eq(values(), [("k1", f"new{turn}")])
        HERE.mcpeer("register", "k1", f"last{turn}")
        ksft_eq(values(), [("k1", f"last{turn}")])


def the_lifetime_restarts_on_create_and_on_update():
    """expires_in after each register"""
    lab.module()
    HERE.mcpeer("register", "-l", "20", "k1", "v1")
    first = HERE.json("show", "k1")
    ksft_true(19 < first["expires_in"] <= 20.1, first)
    lab.wait_until(lambda: HERE.json("show", "k1")["expires_in"] < 15,
                   deadline=20, what="time passes", pause=1)
    HERE.mcpeer("register", "-l", "20", "k1", "v2")
    again = HERE.json("show", "k1")
    ksft_true(19 < again["expires_in"] <= 20.1, again)
    ksft_true(again["age"] > 5, again)


def batch(text, *args, host=HERE):
    """Register what a text says; the result, and complaints by line."""
    result = host.mcpeer("register", *args, "-b", "-", input=text, check=False)
    return result.returncode, result.stderr.splitlines()


def a_batch_registers_each_line():
    """with options, values in quotes, comments and more than go at once"""
    lab.module()
    lines = [f"host{number:04} value{number}" for number in range(500)]
    ksft_eq(batch("\n".join(lines) + """
        # a comment, and an empty line

        -l never --address 10.9.9.9 printer 'room 12'  # where it stands
        -- "minus" "-1"
        last"""), (0, []))
    peers = {peer["name"]: peer for peer in HERE.json("list")}
    ksft_eq(len(peers), 503)
    ksft_eq([peers[f"host{number:04}"]["value"] for number in range(500)],
            [f"value{number}" for number in range(500)])
    printer = peers["printer"]
    ksft_eq((printer["address"], printer["value"], printer["expires_in"]),
            ("10.9.9.9", "room 12", None))
    ksft_eq(peers["minus"]["value"], "-1")
    ksft_eq(peers["last"]["value"], None)


def a_batch_is_read_from_a_file():
    """and into the group that is named"""
    lab.module()
    HERE.mcpeer("group", "add", "lab", "port", "5000")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("k1 v1\n-g default k2 v2\n")
        file.flush()
        HERE.mcpeer("register", "-g", "lab", "-b", file.name)
    ksft_eq((HERE.names("lab"), HERE.names("default")), (["k1"], ["k2"]))


def a_batch_goes_on_behind_a_line_that_is_refused():
    """which is told with its number, in order of what was asked for at once"""
    lab.module()
    code, said = batch("""k1
        -x k1
        -l soon k2
        k3 v 3
        k4 "v
        -b other
        -g absent k5
        k6""")
    # That of the first, though the kernel's answer came after what is wrong
    # with the next ones was seen.
    ksft_eq(code, 1)
    ksft_eq(sorted(line.split(": ", 2)[1:] for line in said), [
        ["stdin:2", "cannot register: the name exists already"],
        ["stdin:3", "'soon' is not a lifetime: seconds, as in 35 or 0.5, or "
         "never"],
        ["stdin:4", "unexpected argument '3'"],
        ["stdin:5", "a quote has no end"],
        ["stdin:6", "a batch cannot name another one"],
        ["stdin:7", "cannot register: this network namespace has no "
         "group of that name"]])
    ksft_eq(HERE.names(), ["k1", "k6"])
    ksft_eq(batch("-host v\nk7"),
            (2, ["mcpeer: stdin:1: no line of a batch asks for help"]))
    ksft_in("k7", HERE.names())


def a_batch_tells_the_line_however_long_its_name_is():
    """as far as the name itself is told"""
    lab.module()
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "n" * (255 - len(place)))
        with open(path, "w", encoding="ascii") as file:
            file.write("\n" * 11 + "-l soon k")
        result = HERE.mcpeer("register", "-b", path, check=False)
    ksft_eq(result.returncode, 2)
    ksft_true(result.stderr.startswith(f"mcpeer: {path}:12: 'soon' is not"),
              result.stderr)


def a_batch_that_cannot_be_is_told_once():
    """no file, no permission, no text"""
    lab.module()
    result = HERE.mcpeer("register", "-b", "/absent", check=False)
    ksft_eq((result.returncode, result.stderr),
            (1, "mcpeer: cannot read /absent: No such file or directory\n"))
    code, said = batch("k1\nk2\nk3", host=lab.User())
    ksft_eq((code, len(said)), (1, 1))
    ksft_in("stdin:1: permission denied", said[0])
    ksft_eq(batch("k1\n" + "x" * 5000 + "\nk2"),
            (1, ["mcpeer: stdin:2: the line is too long"]))
    ksft_eq(batch("k2\nk\0\nk3"),
            (1, ["mcpeer: stdin:2: the line is no text"]))
    ksft_eq(HERE.names(), ["k1", "k2"])
    code, said = batch("k1", "-x")
    ksft_eq((code, said[0]), (2, "mcpeer: register: with --batch, the other "
                                 "options stand in the file"))


def a_line_of_a_batch_waits_for_no_other():
    """one that is written to a pipe is registered at once"""
    lab.module()
    process = HERE.popen("mcpeer", "register", "-b", "-",
                         stdin=subprocess.PIPE)
    for count in range(1, 4):
        process.stdin.write(f"k{count}\n".encode())
        process.stdin.flush()
        lab.wait_until(lambda: len(HERE.names()) == count, what="registered")
    process.stdin.close()
    ksft_eq(process.wait(), 0)


def other_hosts_are_registered():
    """a datagram with another name"""
    sender = lan()
    lab.announce(sender, "somehost")
    peer = lab.wait_until(lambda: HERE.json("list"), what="peer")[0]
    ksft_eq((peer["name"], peer["address"], peer["interface"], peer["source"]),
            ("somehost", "10.1.1.2", "eth0", "network"))


def this_host_is_not_registered():
    """a datagram with this host's name, then one with another"""
    sender = lan()
    own = socket.gethostname()
    lab.speak()
    lab.announce(sender, own, "somehost")
    lab.wait_until(HERE.names, what="peer")
    ksft_eq(HERE.names(), ["somehost"])
    ksft_in(HERE.stats()["conflict"], (1,))


if __name__ == "__main__":
    ksft_run([
        a_key_and_value_are_registered_and_listed,
        the_value_of_the_same_key_is_updated,
        values_of_different_keys_are_added,
        a_forced_expiry_removes_the_entry,
        a_refresh_that_meets_the_expiry_keeps_the_new_value,
        the_lifetime_restarts_on_create_and_on_update,
        a_batch_registers_each_line,
        a_batch_is_read_from_a_file,
        a_batch_goes_on_behind_a_line_that_is_refused,
        a_batch_tells_the_line_however_long_its_name_is,
        a_batch_that_cannot_be_is_told_once,
        a_line_of_a_batch_waits_for_no_other,
        other_hosts_are_registered,
        this_host_is_not_registered,
    ])
    ksft_exit()
