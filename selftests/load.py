# SPDX-License-Identifier: GPL-2.0
"""What keeps the module busy while something else is tested."""

import os
import re
import signal
import subprocess
import sys
import tempfile

from net.lib.py import defer, ksft_eq, ksft_pr

import lab

PLACE = os.path.dirname(os.path.realpath(__file__))
LONG = bool(os.environ.get("MCPEER_LONG"))

# Each line may fail because of another, or because the module is not there.
# Programs are few, as on a slow machine it takes long to start one.
SETTINGS = """
mcpeer group set default port 5000
mcpeer group set default port 49001 address 239.2.3.5
mcpeer group set default address 239.2.3.4 expiry 30 max-peers 50
mcpeer group set default expiry 35 max-peers 1000
mcpeer group add more port 333
mcpeer register -g more somebody
mcpeer group del more
"""
INTERFACES = """
ip -force -batch - <<end
link add d0 type veth peer name d1
addr add 10.7.0.1/24 dev d0
link set d0 up
link set d1 up
link set d0 mtu 60
link set d0 mtu 1500
link set d0 multicast off
link set d0 multicast on
link set d0 down
link del d0
end
"""
# Names that are announced, and the right one.
HOSTNAMES = """
for name in flood1 h1 d1 m1 vm; do
echo $name > /proc/sys/kernel/hostname
mcpeer register host-$name
done
"""
READERS = """
mcpeer list
timeout --foreground 0.2 mcpeer monitor
"""
# A host that joins and vanishes, with everything on it.
NAMESPACES = """
unshare -n sh -c 'ip link set lo up; mcpeer group add default; \
mcpeer register -l never foo'
"""


def of(short, long):
    """How much of something, in the form of the test that is asked for."""
    return long if LONG else short


def holds_memory_back():
    """Does this kernel keep what is freed for a while, to see who uses it?"""
    with open("/proc/kallsyms", encoding="ascii") as stream:
        return any(line.split()[2] == "kasan_report" for line in stream)


class Loop:
    """Commands that are run again and again, until the test ends."""

    def __init__(self, commands):
        self.count = tempfile.TemporaryFile()
        defer(self.count.close)
        self.process = subprocess.Popen(
            ("sh", "-c", f"while :; do {{ {commands} }} > /dev/null 2>&1\n"
             "echo; done"), stdin=subprocess.DEVNULL, stdout=self.count,
            start_new_session=True)
        defer(self.stop)

    def turns(self):
        """How often they were run."""
        return os.fstat(self.count.fileno()).st_size

    def stop(self):
        """Kill all of it, also the program that is under way."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def changes(*more):
    """Settings, interfaces and the host name change."""
    defer(lab.run, "ip", "link", "del", "d0", check=False)
    defer(lab.run, "hostname", lab.run("hostname").stdout.strip())
    return [Loop(commands)
            for commands in (SETTINGS, INTERFACES, HOSTNAMES, *more)]


def flood(other, names=30):
    """Another host announces so many names."""
    other.popen(sys.executable, os.path.join(PLACE, "flood.py"),
                other.address, str(names))


def _racer(other, seconds, expiry):
    """The command line of the program racer."""
    return (os.path.join(PLACE, "racer"), str(seconds),
            f"/proc/{other.pid}/ns/net", other.address, str(expiry))


def race(other, seconds, expiry):
    """Ask for everything at once; what racer counted, and complains of."""
    result = lab.run(*_racer(other, seconds, expiry), check=False)
    ksft_pr(result.stdout.strip())
    ksft_eq(result.returncode, 0, result.stderr)
    return {name: int(number)
            for name, number in re.findall(r"(\w+)=(\d+)", result.stdout)}


def racing(other):
    """The same until the test ends, whether or not the module is there.

    It would leave little of a small machine to others, who meet it as well if
    it waits for them.
    """
    return lab.Host().popen("nice", *_racer(other, 0, 35000),
                            stdout=subprocess.DEVNULL)
