# SPDX-License-Identifier: GPL-2.0
"""What the module allocates, and whether all of it is freed again.

Histograms on the kernel's own tracepoints count each allocation and each
freeing by the place in the module's code that asked for it. They cost little,
lose nothing however much there is, and need nothing of the module. Each
processor counts for itself: if two meet at the first event of a place, one may
have to wait until the other has made the entry, and gives up after a while.
"""

import bisect
import os
import re

from net.lib.py import defer, ksft_eq, ksft_ge, ksft_pr

import sections
import tracing

CACHES = "mcpeer_peer*"

# What is not counted, by function. What kfree_rcu() gets is not freed by the
# module's own code; that each interface is given up, the module itself sees to
# when a group ends. What kvmalloc() gets counts as its caller's on newer
# kernels only, and kvfree() is reached by a chain of jumps that begins outside
# of the module.
NOT_COUNTED = ("mcpeer_iface_", "mcpeer_event_open")

KEYS = "call_site.hex,common_cpu"
ENTRY = re.compile(r"call_site: ([0-9a-f]+), common_cpu: *\d+ *\} "
                   r"hitcount: *(\d+)")


def place():
    """Where the module lies: its first address, and the first behind it."""
    with open("/proc/modules", encoding="ascii") as stream:
        for line in stream:
            word = line.split()
            if word[0] == "mcpeer":
                start = int(word[5], 16)
                return start, start + int(word[1])
    raise LookupError("mcpeer")


def by_module():
    """A filter for events of kmem: those that the module's code causes."""
    start, end = place()
    return f"call_site >= {start:#x} && call_site < {end:#x}"


class Objects:
    """Counts from now on, until the test ends; the module is loaded."""

    def __init__(self):
        self.able = os.path.exists(f"{tracing.TRACE}/events/kmem/kmalloc/hist")
        if self.able:
            self.start()

    def start(self):
        """Begin to count."""
        self.functions = sections.functions()
        self.place = place()
        site = by_module()
        self.filters = {
            "kmalloc": site,
            # To free nothing is no freeing.
            "kfree": f"{site} && ptr != 0",
            "kmem_cache_alloc": site,
            # Datagrams are freed, too, and not only by the module's code.
            "kmem_cache_free": f'name ~ "{CACHES}"',
        }
        defer(self.stop)
        for event, text in self.filters.items():
            self.trigger(event, text)

    def stop(self):
        """Count no more."""
        while self.filters:
            self.trigger(*self.filters.popitem(), "!")

    @staticmethod
    def trigger(event, text, sign=""):
        """Count such events, or do so no more."""
        tracing.Trace.write(f"events/kmem/{event}/trigger",
                            f"{sign}hist:keys={KEYS} if {text}")

    def function(self, site):
        """In which function of the module a call was made.

        None if in another module: Linux 7 puts their code side by side, so
        that what a filter takes for the module's own reaches into others. An
        address if in the kernel.
        """
        # The site is where the call returns to, which may be behind the last
        # instruction.
        at = bisect.bisect_left(self.functions, (site,))
        start, end, name = self.functions[max(at - 1, 0)]
        if start < site <= end:
            return name
        start, end = self.place
        return None if start <= site < end else hex(site)

    def count(self, event):
        """How often each of the functions caused such an event."""
        found = {}
        with open(f"{tracing.TRACE}/events/kmem/{event}/hist",
                  encoding="ascii") as stream:
            text = stream.read()
        dropped = re.search(r"Dropped: (\d+)", text)
        ksft_eq(dropped and dropped[1], "0", event)
        for address, hits in ENTRY.findall(text):
            name = self.function(int(address, 16))
            if name and not name.startswith(NOT_COUNTED):
                found[name] = found.get(name, 0) + int(hits)
        return found

    def pairs(self):
        """What was allocated and freed, by function: of peers, of others."""
        found = {event: self.count(event) for event in self.filters}
        return {"peers": (found["kmem_cache_alloc"],
                          found["kmem_cache_free"]),
                "others": (found["kmalloc"], found["kfree"])}

    def live(self):
        """How many there are of each, if they are counted."""
        if not self.able:
            return {}
        return {what: sum(allocated.values()) - sum(freed.values())
                for what, (allocated, freed) in self.pairs().items()}

    def judge(self, **least):
        """The module is gone: is all that it allocated?

        The arguments say how much has to be, if the test saw anything at all.
        """
        if not self.able:
            ksft_pr("objects are not counted: no CONFIG_HIST_TRIGGERS")
            return
        for what, (allocated, freed) in self.pairs().items():
            total = sum(allocated.values())
            ksft_pr(f"{total} {what} were allocated")
            ksft_ge(total, least[what], what)
            ksft_eq(total, sum(freed.values()), (allocated, freed))
        self.stop()
