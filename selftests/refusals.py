#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Every refusal: its exit status, and the sentence that names the rule."""

import os
import socket

from net.lib.py import (defer, ksft_eq, ksft_exit, ksft_in, ksft_run,
                        ksft_true)

import lab
import tracing
from bad import NAME_RULE, bad_settings

HERE = lab.Host()

NO_PEER = "there is no peer of that name"
NO_GROUP = "this network namespace has no group of that name"
HELD = "a program holds the port without sharing it (SO_REUSEADDR)"

SECONDS = "is not a number of seconds, as in 15"

VERBS = (
    ("list",), ("show", "x"), ("monitor",), ("register", "x"),
    ("unregister", "x"), ("expire", "x"), ("group", "show"),
    ("group", "show", "default"), ("group", "add", "x"),
    ("group", "set", "x", "ttl", "2"), ("group", "del", "x"), ("stats",),
)


def refused(args, sentence, code=1, host=HERE):
    """The command ends with this code, having said just this sentence."""
    result = host.mcpeer(*args, check=False)
    ksft_eq((result.returncode, result.stdout, result.stderr),
            (code, "", f"mcpeer: {sentence}\n"), args)


def misused(args, sentence):
    """The command is called in a wrong way, and says what is right."""
    result = HERE.mcpeer(*args, check=False)
    lines = result.stderr.splitlines() + ["", ""]
    verb = next((arg for arg in args if (arg,) in
                 [verb[:1] for verb in VERBS]), "")
    ksft_eq((result.returncode, result.stdout, lines[0]),
            (2, "", f"mcpeer: {verb + ': ' if verb else ''}{sentence}"), args)
    ksft_true(lines[1].startswith("Usage: mcpeer "), lines)
    ksft_eq(lines[-3], f"Try 'mcpeer {verb + ' ' if verb else ''}--help'.")


def bad_names_are_refused():
    """In each request that takes one"""
    lab.module()
    for name, shown in (("", ""), (" ", " "), ("a b", "a b"),
                        ("a\x01", "a\\x01"), ("\x1b[1m", "\\x1b[1m"),
                        ("a\x7f", "a\\x7f"),
                        ("a\n", "a\\x0a"), ("é", "é"), (b"\xff", "\\xff"),
                        (b"\xc3(", "\\xc3("),
                        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
                        ("n" * 65, "n" * 65)):
        for verb in ("register", "show", "unregister", "expire"):
            refused((verb, name), f"cannot {verb} '{shown}': {NAME_RULE}")
    HERE.mcpeer("register", "n" * 64)
    HERE.mcpeer("register", "!~")
    ksft_eq(HERE.names(), ["!~", "n" * 64])


def bad_values_are_refused():
    """Too long, and anything but UTF-8"""
    lab.module()
    refused(("register", "k", "v" * 257),
            "cannot register 'k': a value must be no longer than 256 bytes")
    refused(("register", "k", "v" * 9999),
            "cannot register 'k': Message too long")
    for value in (b"\xff", b"\x80", b"\xc0\x80", b"\xe0\x80\x80", b"\xc3",
                  b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ok\xe2\x82"):
        refused(("register", "k", value), "cannot register 'k': "
                "a value must be well-formed UTF-8 without NUL")
    ksft_eq(HERE.names(), [])
    for value in ("", "v" * 256, "é" * 128, "\U0010ffff", "\x01\x7f"):
        HERE.mcpeer("register", "k", value)
        ksft_eq(HERE.json("show", "k")["value"], value)


def bad_lifetimes_are_refused():
    """By the command where it is no number, by the kernel where it is zero"""
    lab.module()
    for text in ("junk", "", "-1", "+1", "1s", "1.", ".5", "1.0001", "1e3",
                 " 1", "nan", "inf", "Never", "4294967.296", "4294968",
                 "18446744073709551617"):
        misused(("register", "-l", text, "k"),
                f"'{text}' is not a lifetime: seconds, as in 35 or 0.5, or "
                "never")
    for text in ("0", "0.0", "0.000"):
        refused(("register", "-l", text, "k"),
                "cannot register 'k': lifetime: integer out of range "
                "(0.001 to 4294967.295 seconds)")
    ksft_eq(HERE.names(), [])
    HERE.mcpeer("register", "-l", "4294967.295", "long")
    ksft_true(HERE.json("show", "long")["expires_in"] > 4294960)
    HERE.mcpeer("register", "-l", "never", "ever")
    ksft_eq(HERE.json("show", "ever")["expires_in"], None)


def bad_addresses_are_refused():
    """What is no address, and what is none of a host"""
    lab.module()
    for text in ("junk", "", "1.2.3", "1.2.3.4.5", "10.1.1.1/24", ":::"):
        misused(("register", "-a", text, "k"),
                f"'{text}' is not an IP address")
    for text in ("224.0.0.1", "239.255.255.255", "0.0.0.0",
                 "255.255.255.255", "::", "ff02::1"):
        refused(("register", "-a", text, "k"), "cannot register 'k': "
                "the address must be the IPv4 or IPv6 address of a host")
    ksft_eq(HERE.names(), [])
    for text in ("10.1.1.7", "fe80::7"):
        HERE.mcpeer("register", "-a", text, "k")
        ksft_eq(HERE.json("show", "k")["address"], text)


def registrations_that_do_not_fit_what_is_there_are_refused():
    """The own name, an existing one, a missing one, one too many"""
    lab.module()
    own = socket.gethostname()
    refused(("register", own),
            f"cannot register '{own}': this is the name of this host itself")
    refused(("register", "-r", "k"), "cannot register 'k': "
            "there is no peer of that name to replace", code=3)
    HERE.mcpeer("register", "-x", "k", "v1")
    refused(("register", "-x", "k", "v2"),
            "cannot register 'k': the name exists already")
    misused(("register", "-x", "-r", "k"),
            "--exclusive and --replace exclude each other")
    ksft_eq(HERE.json("show", "k")["value"], "v1")
    HERE.mcpeer("register", "-r", "k", "v2")
    ksft_eq(HERE.json("show", "k")["value"], "v2")

    HERE.mcpeer("group", "set", "default", "max-peers", "2")
    HERE.mcpeer("register", "k2")
    refused(("register", "k3"),
            "cannot register 'k3': the group is full (max-peers)")
    HERE.mcpeer("register", "k", "v3")
    ksft_eq(HERE.names(), ["k", "k2"])


def a_peer_of_the_network_cannot_be_unregistered():
    """but expired"""
    _, other = lab.pair()
    lab.announce(other.sender(other.address), "alien")
    lab.wait_until(HERE.names, what="peer")
    refused(("unregister", "alien"), "cannot unregister 'alien': "
            "the peer was heard on the network, not registered")
    ksft_eq(HERE.names(), ["alien"])
    HERE.mcpeer("expire", "alien")
    ksft_eq(HERE.names(), [])


def what_is_not_there_is_not_found():
    """A peer, a group"""
    lab.module()
    for verb in ("show", "unregister", "expire"):
        refused((verb, "x"), f"cannot {verb} 'x': {NO_PEER}", code=3)
        refused((verb, "-g", "g", "x"),
                f"cannot {verb} 'x' in group 'g': {NO_GROUP}", code=3)
    refused(("register", "-g", "g", "x"),
            f"cannot register 'x' in group 'g': {NO_GROUP}", code=3)
    for args in (("-g", "g"), ("-g", "g", "list"), ("list", "-g", "g")):
        refused(args, f"cannot list the peers in group 'g': {NO_GROUP}",
                code=3)
    for args in (("stats", "g"), ("stats", "-g", "g"), ("-g", "g", "stats")):
        refused(args, f"cannot show the counters of group 'g': {NO_GROUP}",
                code=3)
    for verb, args in (("show", ()), ("set", ("ttl", "2")), ("del", ())):
        verb_words = "delete" if verb == "del" else verb
        refused(("group", verb, "g", *args),
                f"cannot {verb_words} group 'g': {NO_GROUP}", code=3)


def bad_settings_of_a_new_group_are_refused():
    """and the group does not start"""
    lab.module("autostart=0")
    for bad, sentence in bad_settings("add", "g"):
        refused(("group", "add", "g", *bad), sentence)
    rule = ("a group's name must be 1 to 32 bytes of printable ASCII without "
            "space")
    for name in ("", "a b", "g" * 33, "é"):
        refused(("group", "add", name), f"cannot add group '{name}': {rule}")
    ksft_eq(HERE.json("group", "show"), [])
    HERE.mcpeer("group", "add", "g" * 32, "prefix", "p" * 32, "port", "65535",
                "ttl", "255", "interval", "0.1", "expiry", "0.15",
                "max-peers", "1048576", "address", "224.0.0.251",
                "per-source", "1048576", "join-rate", "1048576", "targets",
                ",".join(f"fe80:{number:x}:ffff:ffff:ffff:ffff:ffff:ffff%"
                         "interface-nine-" for number in range(1, 17)),
                "repeat", "3")
    ksft_eq(len(HERE.json("group", "show", "g" * 32)["targets"]), 16)


def settings():
    """The settings of all groups."""
    groups = HERE.json("group", "show")
    for group in groups:
        del group["peers"]
    return groups


def a_refused_change_changes_nothing():
    """Not even what would have been good in it"""
    lab.module()
    HERE.mcpeer("group", "add", "lab", "port", "49002")
    before = settings()
    # What the bad ones do not mention.
    rest = {"port": "4711", "ttl": "9", "address": "239.9.9.9",
            "prefix": "other:", "max-peers": "77", "per-source": "5",
            "join-rate": "6", "off-link": "accept",
            "targets": "10.1.1.7", "repeat": "2"}
    for bad, sentence in bad_settings("set", "lab"):
        good = [word for item in rest.items() if item[0] not in bad
                for word in item]
        refused(("group", "set", "lab", *good, *bad), sentence)
    taken = "another group has this address and port"
    refused(("group", "set", "lab", "ttl", "9", "port", "49001"),
            f"cannot set group 'lab': {taken}")
    refused(("group", "add", "more"), f"cannot add group 'more': {taken}")
    refused(("group", "add", "lab", "port", "49003"),
            "cannot add group 'lab': a group of that name exists already")
    ksft_eq(settings(), before)
    HERE.mcpeer("group", "set", "lab", "interval", "10", "expiry", "15")


def settings_that_cannot_be_sent_are_misuse():
    """They never reach the kernel"""
    lab.module("autostart=0")
    for bad, sentence in (
            (("port", "x"), "port: 'x' is not a number"),
            (("port", "-1"), "port: '-1' is not a number"),
            (("ttl", "1.5"), "ttl: '1.5' is not a number"),
            (("max-peers", "4294967296"),
             "max-peers: '4294967296' is not a number"),
            (("per-source", "many"), "per-source: 'many' is not a number"),
            (("join-rate", "0.5"), "join-rate: '0.5' is not a number"),
            (("repeat", "twice"), "repeat: 'twice' is not a number"),
            *((("off-link", bad),
               f"off-link: '{bad}' is neither accept nor drop")
              for bad in ("", "0", "1", "Accept", "accept ")),
            (("interval", "soon"), f"interval: 'soon' {SECONDS}"),
            (("expiry", "1.2345"), f"expiry: '1.2345' {SECONDS}"),
            (("address", "x"), "'x' is not an IP address"),
            (("colour", "red"), "unknown setting 'colour'"),
            (("ttl", "1", "ttl", "2"), "ttl is given twice"),
            (("ttl",), "missing value of 'ttl'")):
        misused(("group", "add", "--", "g", *bad), sentence)
    ksft_eq(HERE.json("group", "show"), [])


def hold(address, reuse):
    """A program that has bound the group's port."""
    program = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    program.bind((address, lab.PORT))
    defer(program.close)
    return program


def a_port_that_a_program_does_not_share_cannot_be_used():
    """Neither at load, nor for a new group, nor by a change"""
    lab.unload()
    for address in (lab.GROUP, "0.0.0.0"):
        program = hold(address, reuse=0)
        tracing.Trace.write("trace", "")
        result = HERE.run("modprobe", "mcpeer", check=False)
        ksft_eq(result.returncode, 1)
        ksft_in("Address already in use", result.stderr)
        ksft_true(not os.path.exists("/sys/module/mcpeer"))
        said = f"mcpeer: cannot start the group default: {HELD}"
        ksft_in(said, HERE.run("dmesg").stdout)

        lab.module("autostart=0")
        refused(("group", "add", "default"),
                f"cannot add group 'default': {HELD}")
        HERE.mcpeer("group", "add", "lab", "port", "4711")
        refused(("group", "set", "lab", "port", str(lab.PORT)),
                f"cannot set group 'lab': {HELD}")
        ksft_eq([group["port"] for group in settings()], [4711])
        program.close()
        HERE.mcpeer("group", "add", "default")
        lab.unload()


def a_port_that_a_program_shares_can_be_used():
    """SO_REUSEADDR"""
    hold(lab.GROUP, reuse=1)
    hold("0.0.0.0", reuse=1)
    lab.module()
    ksft_eq([group["port"] for group in settings()], [lab.PORT])


def a_port_below_1024_takes_a_capability():
    """for a new group, and for a change"""
    lab.module()
    said = "the group's address and port cannot be bound"
    # Root without just this one.
    less = ("setpriv", "--bounding-set=-net_bind_service", "mcpeer", "group")
    for args in (("add", "lab", "port", "1000"),
                 ("set", "default", "port", "1000")):
        result = HERE.run(*less, *args, check=False)
        ksft_eq(lab.refusal(result),
                (1, f"mcpeer: cannot {args[0]} group '{args[1]}': {said}"))
    ksft_eq([(group["name"], group["port"]) for group in settings()],
            [("default", lab.PORT)])
    HERE.mcpeer("group", "set", "default", "port", "1000")


def large_tables_take_the_administrator_of_the_machine():
    """Root of a user namespace can have 4096 peers"""
    lab.module("autostart=0")
    owner = lab.Owner()
    rule = ("max-peers above 4096 takes CAP_NET_ADMIN in the initial user "
            "namespace")
    refused(("group", "add", "g", "max-peers", "4097"),
            f"cannot add group 'g': {rule}", host=owner)
    owner.mcpeer("group", "add", "g", "max-peers", "4096")
    refused(("group", "set", "g", "max-peers", "4097"),
            f"cannot set group 'g': {rule}", host=owner)

    # What was granted stays, and can be given back.
    HERE.run("nsenter", "-t", str(owner.holder.pid), "-n", "mcpeer", "group",
             "set", "g", "max-peers", "9000")
    owner.mcpeer("group", "set", "g", "ttl", "3")
    refused(("group", "set", "g", "max-peers", "9001"),
            f"cannot set group 'g': {rule}", host=owner)
    owner.mcpeer("group", "set", "g", "max-peers", "8999")
    ksft_eq(owner.json("group", "show", "g")["max_peers"], 8999)


def without_the_module_nothing_works():
    """and the command says why"""
    lab.unload()
    for verb in VERBS:
        refused(verb, "the mcpeer module is not loaded (try: modprobe mcpeer)")


def a_user_can_look():
    """At everything, and follow the events"""
    lab.module()
    user = lab.User()
    HERE.mcpeer("register", "k", "v")
    ksft_eq(user.run("id", "-u").stdout, "65534\n")
    ksft_eq(user.names(), ["k"])
    ksft_eq(user.json("show", "k")["value"], "v")
    ksft_eq([group["name"] for group in user.json("group", "show")],
            ["default"])
    ksft_eq(user.json("group", "show", "default")["peers"], 1)
    ksft_eq(user.stats()["group"], "default")
    monitor = user.monitor()
    HERE.mcpeer("unregister", "k")
    ksft_eq(monitor.take(1), [("leave", "k")])


def a_user_can_change_nothing():
    """and is told what it takes"""
    lab.module()
    HERE.mcpeer("register", "k", "v")
    before = settings()
    for args, gerund in (
            (("register", "k2"), "registering"),
            (("register", "k", "v2"), "registering"),
            (("unregister", "k"), "unregistering"),
            (("expire", "k"), "expiring"),
            (("group", "add", "g", "port", "4711"), "adding a group"),
            (("group", "set", "default", "ttl", "2"), "setting a group"),
            (("group", "del", "default"), "deleting a group")):
        refused(args, f"permission denied: {gerund} needs CAP_NET_ADMIN "
                "(try sudo)", host=lab.User())
    ksft_eq(HERE.names(), ["k"])
    ksft_eq(HERE.json("show", "k")["value"], "v")
    ksft_eq(settings(), before)


def wrong_usage_is_told():
    """Exit status 2"""
    lab.unload()
    group_words = "show, add, set"
    for args, sentence in (
            (("frobnicate",), "unknown verb 'frobnicate'"),
            (("lis",), "unknown verb 'lis'"),
            (("--frobnicate",), "unknown option '--frobnicate'"),
            (("-x",), "unknown option '-x'"),
            (("-g",), "missing argument of option '-g'"),
            (("list", "-x"), "unknown option '-x'"),
            (("list", "k"), "unexpected argument 'k'"),
            (("list", "--group"), "missing argument of option '-g'"),
            (("show",), "missing NAME"),
            (("show", "a", "b"), "unexpected argument 'b'"),
            (("expire",), "missing NAME"), (("unregister",), "missing NAME"),
            (("register",), "missing NAME"),
            (("register", "k", "v", "w"), "unexpected argument 'w'"),
            (("register", "k", "-z"), "unknown option '-z'"),
            (("monitor", "-c", "0"), "a count of 0 makes no sense"),
            (("monitor", "-c", "x"), "'x' is not a number"),
            (("monitor", "-s", "-1"), "'-1' is not a number"),
            (("monitor", "k"), "unexpected argument 'k'"),
            (("group",), f"missing {group_words} or del"),
            (("group", "drop"), f"'drop' is none of {group_words} and del"),
            (("group", "add"), "missing NAME"),
            (("group", "set", "g"), "nothing to set"),
            (("group", "del", "g", "h"), "unexpected argument 'h'"),
            (("group", "-g", "g", "show"),
             "the group is named by NAME, not by -g"),
            (("stats", "-g", "g", "h"), "GROUP and -g exclude each other")):
        misused(args, sentence)


def help_goes_to_stdout():
    """Exit status 0, without the module too"""
    lab.unload()
    verbs = sorted({verb[0] for verb in VERBS})
    for args in (("--help",), ("-h",), ("-V",), ("--version",),
                 *((verb, "--help") for verb in verbs),
                 *((verb, "-h") for verb in verbs)):
        result = HERE.mcpeer(*args)
        ksft_eq((result.returncode, result.stderr), (0, ""), args)
        ksft_true(result.stdout.startswith(
            "mcpeer " if args[0] in ("-V", "--version") else
            "Usage: mcpeer "), result.stdout)
    for verb in verbs:
        ksft_in(f"\n  {verb} ", HERE.mcpeer("--help").stdout)


if __name__ == "__main__":
    ksft_run([
        bad_names_are_refused,
        bad_values_are_refused,
        bad_lifetimes_are_refused,
        bad_addresses_are_refused,
        registrations_that_do_not_fit_what_is_there_are_refused,
        a_peer_of_the_network_cannot_be_unregistered,
        what_is_not_there_is_not_found,
        bad_settings_of_a_new_group_are_refused,
        a_refused_change_changes_nothing,
        settings_that_cannot_be_sent_are_misuse,
        a_port_that_a_program_does_not_share_cannot_be_used,
        a_port_that_a_program_shares_can_be_used,
        a_port_below_1024_takes_a_capability,
        large_tables_take_the_administrator_of_the_machine,
        without_the_module_nothing_works,
        a_user_can_look,
        a_user_can_change_nothing,
        wrong_usage_is_told,
        help_goes_to_stdout,
    ])
    ksft_exit()
