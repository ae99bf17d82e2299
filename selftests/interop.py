#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Foreign programs on the same network: they hear us, and we hear them."""

import os
import time

from net.lib.py import ksft_eq, ksft_exit, ksft_in, ksft_run, ksft_true

import lab

# Programs that speak the plain format, each on its own system's UDP.
FOREIGN = {
    "erlang": ("escript", "peer.erl"),
    "python": ("python3", "peer.py"),
}


def start(host, kind, *prefix):
    """Run a foreign peer; it prints whom it hears."""
    command, file = FOREIGN[kind]
    # They leave the choice of an interface to the routes.
    host.run("ip", "route", "replace", "default", "dev", "eth0")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "interop", file)
    return host.popen(*prefix, command, path)


def start_as(host, kind):
    """Run a foreign peer that takes its kind for the host's name."""
    return start(host, kind, "unshare", "-u", "sh", "-c",
                 f'hostname {kind}; exec "$@"', "sh")


def hears(process):
    """What a program has printed, one (name, address) for each datagram."""
    os.set_blocking(process.stdout.fileno(), False)
    text = process.stdout.read() or b""
    return [tuple(line.split()) for line in text.decode().splitlines()]


def meets(kind):
    """A foreign peer and this host find and forget each other."""
    here, other = lab.pair()
    monitor = here.monitor()
    program = start(other, kind)
    lab.wait_until(here.names, deadline=20, what="the peer is heard")
    peer = here.json("show", "other")
    ksft_eq((peer["address"], peer["interface"], peer["source"]),
            (other.address, "eth0", "network"))
    ksft_eq(monitor.take(1), [("join", "other")])

    # It announces itself as often as it should, and we do.
    time.sleep(600)
    peer = here.json("show", "other")
    ksft_true(peer["silent"] < 15.5, peer)
    ksft_in(peer["heard"], (40, 41, 42))
    heard = hears(program)
    ksft_eq(set(heard), {("vm", "10.1.1.100")})
    ksft_true(40 <= len(heard) <= 54, len(heard))
    ksft_eq(monitor.next(0.1), None, "nothing changes meanwhile")

    lab.stop(program)
    time.sleep(19.5)
    ksft_eq(here.names(), ["other"])
    time.sleep(15.6)
    ksft_eq(here.names(), [])
    event = monitor.next(0.1)
    ksft_eq((event["event"], event["peer"]["name"]), ("expire", "other"))
    ksft_true(35 <= event["peer"]["silent"] < 35.01, event)


def a_peer_in_erlang_is_met():
    """by gen_udp"""
    meets("erlang")


def a_peer_in_python_is_met():
    """by a socket"""
    meets("python")


def foreign_peers_and_hosts_of_ours_see_each_other():
    """two of each kind"""
    lab.module("autostart=0")
    net = lab.Lan()
    ours = [net.host(f"ours{number}") for number in range(2)]
    theirs = [net.host(kind) for kind in FOREIGN]
    programs = {host.name: start(host, host.name) for host in theirs}
    time.sleep(5)
    for host in ours:
        host.mcpeer("group", "add", "default")
    time.sleep(16)
    everybody = {(host.name, host.address) for host in ours + theirs}
    for host in ours:
        ksft_eq({(peer["name"], peer["address"])
                 for peer in host.json("list")},
                everybody - {(host.name, host.address)})
    for host in theirs:
        ksft_eq(set(hears(programs[host.name])),
                everybody - {(host.name, host.address)}, host.name)


def programs_of_this_host_share_the_port():
    """all hear each other, the module, and another host"""
    here, other = lab.pair()
    programs = {kind: start_as(here, kind) for kind in FOREIGN}
    sender = other.sender(other.address)
    said = {kind: [] for kind in FOREIGN}

    def all_listen():
        lab.announce(sender, "ready")
        time.sleep(0.1)
        for kind, program in programs.items():
            said[kind] += hears(program)
        return all(("ready", other.address) in heard
                   for heard in said.values())
    lab.wait_until(all_listen, deadline=20, what="all share the port")
    for _ in range(4):
        lab.announce(sender, "somehost")
        time.sleep(15)
    ksft_eq({(peer["name"], peer["address"]) for peer in here.json("list")},
            {("erlang", "10.1.1.100"), ("python", "10.1.1.100"),
             ("somehost", other.address)})
    ksft_eq(here.json("show", "somehost")["heard"], 4)
    for kind, program in programs.items():
        heard = said[kind] + hears(program)
        ksft_eq(heard.count(("somehost", other.address)), 4)
        ksft_eq(set(heard),
                {(name, other.address) for name in ("ready", "somehost")} |
                {(name, "10.1.1.100") for name in {"vm", *programs} - {kind}})
    ksft_eq(here.stats()["conflict"], 0)


def a_program_that_does_not_share_the_port_is_told_so():
    """loading fails with the reason, and works once the program is gone"""
    lab.unload()
    here = lab.Host()
    program = here.socket()
    program.bind(("", lab.PORT))
    result = lab.run("modprobe", "mcpeer", check=False)
    program.close()
    ksft_true(result.returncode)
    ksft_in("Address already in use", result.stderr)
    ksft_eq(os.path.exists("/sys/module/mcpeer"), False)
    lab.module()
    ksft_eq(here.json("group", "show", "default")["name"], "default")


if __name__ == "__main__":
    ksft_run([
        a_peer_in_erlang_is_met,
        a_peer_in_python_is_met,
        foreign_peers_and_hosts_of_ours_see_each_other,
        programs_of_this_host_share_the_port,
        a_program_that_does_not_share_the_port_is_told_so,
    ])
    ksft_exit()
