#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Lists of peers: sorted, or as they come, which takes no memory."""

import fcntl
import json
import resource
import struct
import termios

from net.lib.py import ksft_eq, ksft_exit, ksft_in, ksft_lt, ksft_run, \
    ksft_true

import lab

HERE = lab.Host()
LAB = ("group", "add", "lab", "port", "5000")
# Peers of which a list is long: each with as long a value as there may be.
MANY = [f"p{number:04}" for number in range(6000)]
LONG = "v" * 256


def register(*names, group="default", value=""):
    """Have peers of these names, which do not expire."""
    lines = "".join(f"-l never {name} {value}\n" for name in names)
    HERE.mcpeer("-g", group, "register", "-b", "-", input=lines)


def names_in(*args):
    """What is in the first column."""
    return [line.split()[0] for line in
            HERE.mcpeer("list", *args).stdout.splitlines()]


def an_unsorted_list_is_in_the_order_of_joining():
    """and a sorted one is not"""
    lab.module()
    names = ["zed", "alice", "mid"]
    register(*names)
    ksft_eq(names_in(), sorted(names))
    for option in ("-u", "--unsorted"):
        ksft_eq(names_in(option), names)
        ksft_eq([peer["name"] for peer in HERE.json("list", option)], names)
    # All else is the same.
    ksft_eq(sorted(map(str.split, HERE.mcpeer("list", "-u", "-g", "default")
                       .stdout.splitlines()))[0][:2],
            HERE.mcpeer("list").stdout.split()[:2])


def an_unsorted_list_of_none_is_empty():
    """no line, and no object"""
    lab.module()
    ksft_eq(HERE.mcpeer("list", "-u").stdout, "")
    ksft_eq(HERE.mcpeer("-j", "list", "-u").stdout, "[]\n")


def an_unsorted_list_tells_the_group():
    """from the first line on, unless one is asked for"""
    lab.module()
    HERE.mcpeer(*LAB)
    register("a")
    register("b", group="lab")
    ksft_eq([line.split()[:2] for line in
             HERE.mcpeer("list", "-u").stdout.splitlines()],
            [["a", "default"], ["b", "lab"]])
    ksft_eq([line.split()[:2] for line in
             HERE.mcpeer("-g", "lab", "list", "-u").stdout.splitlines()],
            [["b", "-"]])


def a_large_list_takes_no_memory_if_unsorted():
    """of which the sorted one has not enough"""
    lab.module()
    HERE.mcpeer("group", "set", "default", "max-peers", str(len(MANY)))
    register(*MANY, value=LONG)

    def with_little(*args):
        """Run the command with 2 MiB for its data."""
        return HERE.mcpeer(*args, check=False, preexec_fn=lambda:
                           resource.setrlimit(resource.RLIMIT_DATA,
                                              (2 << 20, 2 << 20)))

    for how in ((), ("-j",)):
        result = with_little(*how, "list")
        ksft_eq((result.returncode, result.stdout), (1, ""))
        ksft_in("Cannot allocate memory", result.stderr)
    result = with_little("list", "-u")
    ksft_eq(result.returncode, 0, result.stderr)
    ksft_eq([line.split()[0] for line in result.stdout.splitlines()], MANY)
    result = with_little("-j", "list", "-u")
    ksft_eq(result.returncode, 0, result.stderr)
    ksft_eq([peer["name"] for peer in json.loads(result.stdout)], MANY)


def a_list_that_ends_early_is_seen_to():
    """its group goes while nobody reads it"""
    lab.module()
    # They are far more than wait in the command's socket.
    for json_too in (False, True):
        HERE.mcpeer(*LAB, "max-peers", str(len(MANY)))
        register(*MANY, group="lab", value=LONG)
        how = ("-j",) if json_too else ()
        process = HERE.popen("mcpeer", "-g", "lab", *how, "list", "-u")
        lab.wait_until(lambda: waiting_in(process.stdout) >= 60000,
                       what="a full pipe")
        HERE.mcpeer("group", "del", "lab")
        output, errors = process.communicate()
        ksft_eq(process.returncode, 3, errors)
        ksft_in(b"this network namespace has no group of that name", errors)
        ksft_true(output.endswith(b"\n"), "the last line is whole")
        if json_too:
            found = [peer["name"] for peer in json.loads(output[:-1] + b"]")]
        else:
            found = [line.split()[0].decode() for line in output.splitlines()]
        ksft_lt(len(found), len(MANY))
        ksft_eq(found, MANY[:len(found)])


def waiting_in(pipe):
    """How many bytes can be read."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"1234"))[0]


def a_list_that_cannot_be_written_is_an_error():
    """a full disk, from the first part on"""
    lab.module()
    register(*(f"p{number}" for number in range(1000)))
    for args in (("list",), ("list", "-u"), ("-j", "list", "-u")):
        result = HERE.run("sh", "-c", f"mcpeer {' '.join(args)} >/dev/full",
                          check=False)
        ksft_eq(lab.refusal(result),
                (1, "mcpeer: cannot write the output: "
                 "No space left on device"), args)


if __name__ == "__main__":
    ksft_run([
        an_unsorted_list_is_in_the_order_of_joining,
        an_unsorted_list_of_none_is_empty,
        an_unsorted_list_tells_the_group,
        a_large_list_takes_no_memory_if_unsorted,
        a_list_that_ends_early_is_seen_to,
        a_list_that_cannot_be_written_is_an_error,
    ])
    ksft_exit()
