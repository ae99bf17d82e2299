# SPDX-License-Identifier: GPL-2.0
"""What the tests share: the module, hosts on a LAN, the command.

A host is a network and UTS namespace of its own with an interface eth0 on the
bridge br0. It has no IPv6 unless it is given it, so that one announcement is
one datagram. Tests of one program run one after the other; each that needs the
module loads it with module(), which also unloads it in the end.
"""

import contextlib
import json
import os
import select
import socket
import subprocess
import time

from net.lib.py import defer, ksft_true

import asked
import insmod
import links
import spaces
import stamps

GROUP = "239.2.3.4"
GROUP6 = "ff12::ef02:304"
PORT = 49001
PREFIX = b"multitastic:"

SO_RCVBUFFORCE = 33


def run(*command, check=True, **kwargs):
    """Run a program to its end; its output is text."""
    result = subprocess.run(command, text=True, capture_output=True,
                            check=False, **kwargs)
    if check and result.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {result.returncode}\n"
                           f"{result.stdout}{result.stderr}")
    return result


def wait_until(condition, deadline=10, what="condition", pause=0.02):
    """Poll until condition() is true, and return what it returned.

    The pauses grow, since in virtual time asking is what costs real time.
    """
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {deadline} s")
        time.sleep(pause)
        pause = max(pause, min(pause * 1.2, 0.2))


def unload(deadline=10, pause=0.02):
    """Remove the module, waiting for dumps that still hold it."""
    wait_until(insmod.remove, deadline, "unload", pause)


def module(*params):
    """Load the module afresh for the test at hand."""
    unload()
    insmod.load(*params)
    defer(unload)


def sysctl(name, value):
    """Set it for the test at hand."""
    path = f"/proc/sys/{name.replace('.', '/')}"
    with open(path, encoding="ascii") as stream:
        before = stream.read()
    write(path, value)
    defer(write, path, before)


def write(path, text):
    """Write a setting of the kernel."""
    with open(path, "w", encoding="ascii") as stream:
        stream.write(str(text))


def boottime():
    """What the module's deadlines are made of, in seconds."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Host:
    """The initial namespace, and the base of those that have their own."""

    name = None
    # Files of its namespaces; none of those in which this program is anyway.
    spaces = ()

    def enter(self):
        """How a command line starts that is to run on this host."""
        return ()

    def inside(self):
        """Be on this host for a while: what is started then runs there."""
        if self.spaces == ():
            return contextlib.nullcontext()
        return spaces.elsewhere(*self.spaces)

    def net(self):
        """Where other programs find its network namespace."""
        if not self.spaces:
            return "/proc/1/ns/net"
        return f"/proc/{os.getpid()}/fd/{self.spaces[0].fileno()}"

    def set(self, name, value):
        """Set a sysctl of this network namespace; returns the old one."""
        with self.inside():
            with open(f"/proc/sys/net/{name}", "r+",
                      encoding="ascii") as file:
                before = file.read().strip()
                file.seek(0)
                file.write(str(value))
        return before

    def use_ipv6(self, use=True):
        """Have all interfaces, also those to come, use IPv6 or not.

        In the initial namespace for the test at hand only.
        """
        if use or os.path.exists("/proc/sys/net/ipv6"):
            self.set("ipv6/conf/all/disable_ipv6", int(not use))
        if use and not self.spaces:
            defer(self.use_ipv6, False)

    def run(self, *command, **kwargs):
        """Run a program on this host."""
        with self.inside():
            return run(*self.enter(), *command, **kwargs)

    def read(self, path):
        """Lines of a file in /proc, as this host has it."""
        with self.inside(), open(path, encoding="ascii") as stream:
            return stream.read().splitlines()

    def ip(self, *commands):
        """Run commands of ip(8), in a single process."""
        return self.run("ip", "-batch", "-", input="\n".join(commands))

    def popen(self, *command, **kwargs):
        """Start a program on this host, to be killed after the test."""
        kwargs.setdefault("stdout", subprocess.PIPE)
        kwargs.setdefault("stderr", subprocess.PIPE)
        with self.inside():
            process = subprocess.Popen((*self.enter(), *command), **kwargs)
        defer(stop, process)
        return process

    def mcpeer(self, *args, **kwargs):
        """Run the command on this host."""
        return self.run("mcpeer", *args, **kwargs)

    def json(self, *args):
        """What the command prints as JSON."""
        return json.loads(self.mcpeer("-j", *args).stdout)

    def names(self, group=None):
        """Names of all peers, or of those of a group, in their order."""
        with self.inside():
            return asked.names(group)

    def stats(self, group="default"):
        """Counters of a group."""
        with self.inside():
            return asked.stats(group)

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_DGRAM, proto=0):
        """A socket in this host's network namespace."""
        with self.inside():
            return socket.socket(family, kind, proto)

    def sender(self, address, port=0):
        """A socket that sends to the group from this address of the host."""
        sender = self.socket()
        sender.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_IF,
                          socket.inet_aton(address))
        sender.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_LOOP, 0)
        sender.bind((address, port))
        defer(sender.close)
        return sender

    def listener(self, address, port=PORT, group=GROUP):
        """A socket that hears the group on the interface of this address."""
        listener = self.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stamps.ask(listener)
        listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        listener.bind((group, port))
        listener.setsockopt(socket.SOL_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(group) +
                            socket.inet_aton(address))
        defer(listener.close)
        return listener

    def sender6(self, ifname="eth0", address=None):
        """A socket that sends to the IPv6 group on this interface."""
        with self.inside():
            index = socket.if_nametoindex(ifname)
        sender = self.socket(socket.AF_INET6)
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        if address:
            sender.bind((address, 0, 0, index))
        defer(sender.close)
        return sender

    def link_local(self, ifname="eth0"):
        """The IPv6 address of an interface that goes by itself."""
        with self.inside():
            return wait_until(lambda: links.link_local(ifname),
                              what=f"link-local address of {ifname}")

    def joined(self, group="default"):
        """Names of the interfaces that take part in a group."""
        with self.inside():
            return asked.joined(group)

    def members(self, group=GROUP):
        """Interfaces that are members of an address, and how many times."""
        word = f"{int.from_bytes(socket.inet_aton(group), 'little'):08X}"
        found, ifname = {}, None
        for line in self.read("/proc/net/igmp"):
            part = line.split()
            if not line.startswith("\t"):
                ifname = part[1]
            elif part[0] == word:
                found[ifname] = int(part[1])
        return found

    def members6(self, group=GROUP6):
        """The same by IPv6."""
        word = socket.inet_pton(socket.AF_INET6, group).hex()
        parts = [line.split() for line in self.read("/proc/net/igmp6")]
        return {part[1]: int(part[3]) for part in parts if part[2] == word}

    def monitor(self, *args):
        """Follow the events on this host."""
        return Monitor(self, *args)


class Stranger(Host):
    """Whom we cannot be: what he sees the command has to say."""

    def read(self, path):
        return self.run("cat", path).stdout.splitlines()

    def names(self, group=None):
        return [peer["name"] for peer in self.json("list")
                if group in (None, peer["group"])]

    def stats(self, group="default"):
        return self.json("stats", group)

    def joined(self, group="default"):
        return [interface["name"] for interface
                in self.json("group", "show", group)["interfaces"]
                if interface["state"] == "joined"]


class User(Stranger):
    """Somebody in the initial namespace who is not root."""

    def enter(self):
        return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "--")


class Owner(Stranger):
    """Root in a user and a network namespace that somebody made."""

    def __init__(self):
        self.holder = User().popen("unshare", "-U", "-r", "-n", "sh", "-c",
                                   "echo; exec sleep infinity")
        self.holder.stdout.readline()

    def enter(self):
        return User().enter() + ("nsenter", "-t", str(self.holder.pid), "-U",
                                 "-n", "--preserve-credentials", "--")


class Namespace(Host):
    """A host of its own on the LAN."""

    known = []

    def __init__(self, name, address=None):
        self.name = name
        self.address = address
        with spaces.elsewhere():
            spaces.new_host(name)
            self.spaces = spaces.here()
        self.known.append(self)
        defer(self.leave)
        self.use_ipv6(False)
        with self.inside():
            links.turn_on("lo")

    def leave(self):
        """Vanish, with all that is on this host."""
        for space in self.spaces or ():
            space.close()
        # Nobody can enter it any more, which is a mistake from now on.
        self.spaces = None

    @classmethod
    def let_go(cls):
        """In a child that was forked: do not keep hosts from vanishing."""
        for host in cls.known:
            host.leave()


os.register_at_fork(after_in_child=Namespace.let_go)


class Lan:
    """A bridge in a namespace of its own, on which hosts are plugged in."""

    def __init__(self, subnet="10.1.1"):
        self.subnet = subnet
        self.count = 0
        self.switch = Namespace("switch")
        with self.switch.inside():
            links.add_bridge("br0")

    def plug(self, host, address=None, ifname="eth0"):
        """Connect a host; without an address it gets the next free one."""
        self.count += 1
        port = f"port{self.count}"
        if address is None:
            address = f"{self.subnet}.{self.count}"
        with self.switch.inside():
            links.add_port("br0", port, ifname, host.net())
        if not host.spaces:
            defer(links.delete, ifname)
        with host.inside():
            if address:
                links.add_address(ifname, address)
            links.turn_on(ifname)
        return address

    def host(self, name, address=None):
        """A new host that is connected."""
        host = Namespace(name)
        host.address = self.plug(host, address)
        return host

    def isolate(self, first):
        """Those at this port and behind it hear the ports before it only."""
        self.switch.ip(*(f"link set port{number} type bridge_slave isolated on"
                         for number in range(first, self.count + 1)))


def pair(*params):
    """This host with the module, and another one on the same LAN."""
    here, net = Host(), Lan()
    net.plug(here, f"{net.subnet}.100")
    module(*params)
    other = net.host("other")
    wait_until(lambda: "eth0" in here.members(), 60, "eth0 joins")
    return here, other


class Monitor:
    """Events as "mcpeer -j monitor" prints them through a pipe."""

    def __init__(self, host, *args, command=("mcpeer", "-j", "monitor")):
        self.process = host.popen(*command, *args)
        defer(self.judge)
        self.buffer = b""
        wait_until(lambda: self.listens(host), 60, "monitor listens")

    def listens(self, host):
        """Has the command subscribed, and does it wait?"""
        pid = self.process.pid
        if self.process.poll() is not None:
            raise RuntimeError(self.process.stderr.read().decode())
        table = host.read("/proc/net/netlink")
        # It has several sockets. libnl makes their numbers from the process
        # id in the lower 22 bits. Two of them are members of a group each.
        members = [line for line in table[1:]
                   if int(line.split()[2]) & 0x3fffff == pid and
                   int(line.split()[3], 16)]
        # Only when it waits has it asked for the number of the last event.
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            state = stat.read().rsplit(")", 1)[1].split()[0]
        return len(members) == 2 and state == "S"

    def judge(self):
        """It must not have ended unless the test has seen that."""
        if self.process.returncode is None:
            ksft_true(self.process.poll() is None, "the monitor runs on")

    def line(self, deadline=10):
        """The next line; None if none comes within so many seconds.

        EOFError if none will come any more.
        """
        end, out = time.monotonic() + deadline, self.process.stdout
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                return None
            data = os.read(out.fileno(), 65536)
            if not data:
                raise EOFError("the monitor has ended")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def next(self, deadline=10):
        """The next event; None if none comes within so many seconds."""
        line = self.line(deadline)
        return line and json.loads(line)

    def take(self, count, deadline=10):
        """So many events as (event, name), without a name if of no peer."""
        taken = []
        for _ in range(count):
            event = self.next(deadline)
            if event is None:
                break
            taken.append((event["event"],
                          event["peer"] and event["peer"]["name"]))
        return taken


def stop(process):
    """Kill a process, unless it ended by itself."""
    if "GCOV_PREFIX" in os.environ and process.poll() is None:
        # Only what ends in order leaves its counts for "make coverage".
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()


Host().use_ipv6(False)


def open_doors(host=Host(), group="default"):
    """Let any number of names come at once, and from any address.

    For tests in which one host speaks for many.
    """
    host.mcpeer("group", "set", group, "per-source", "1048576",
                "join-rate", "1048576", "off-link", "accept")


def speak(host=Host(), group="default"):
    """Have a host announce itself now, and be quiet for a while.

    What it hears of its own name within a second of that may be a reflection
    and is no conflict. At the usual interval it then says nothing for nine
    seconds, in which any foreign announcement of its name is one.
    """
    host.mcpeer("group", "set", group, "ttl", "1")
    time.sleep(1.5)


def announce(sender, *names, group=GROUP, port=PORT):
    """Send the plain datagram for each name."""
    for name in names:
        if isinstance(name, str):
            name = name.encode()
        sender.sendto(PREFIX + name, (group, port))


def heard(listener):
    """What came in by a listener: (seconds, address, datagram) of each.

    The seconds are when the datagram came, of real time.
    """
    came = []
    while True:
        try:
            came.append(stamps.read(listener, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return came


def refusal(result):
    """Exit code and message of a command that was refused."""
    return result.returncode, result.stderr.strip()
