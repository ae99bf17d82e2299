# SPDX-License-Identifier: GPL-2.0
"""What the kernel's tracepoints tell."""

import contextlib

from net.lib.py import defer

TRACE = "/sys/kernel/tracing"


class Trace:
    """Some tracepoints, recorded with nanoseconds of boot time."""

    def __init__(self, *events, filters=None, size_kb=4096):
        self.events = events
        self.write("tracing_on", "0")
        self.write("trace_clock", "boot")
        self.write("buffer_size_kb", str(size_kb))
        self.write("trace", "")
        for event in events:
            place = f"events/{event.replace(':', '/')}"
            if filters and event in filters:
                self.write(f"{place}/filter", filters[event])
            self.write(f"{place}/enable", "1")
        self.write("tracing_on", "1")
        defer(self.stop)

    @staticmethod
    def write(file, text):
        """Write to a file of tracefs."""
        with open(f"{TRACE}/{file}", "w", encoding="ascii") as stream:
            stream.write(text)

    def stop(self):
        """Record no more."""
        self.write("tracing_on", "0")
        for event in self.events:
            place = f"events/{event.replace(':', '/')}"
            with contextlib.suppress(FileNotFoundError):
                self.write(f"{place}/enable", "0")
                self.write(f"{place}/filter", "0")

    def read(self):
        """All records as (seconds, event, text), in their order."""
        records = []
        with open(f"{TRACE}/trace", encoding="ascii",
                  errors="replace") as stream:
            for line in stream:
                if line.startswith("# entries-in-buffer"):
                    kept, written = line.split()[2].split("/")
                    if kept != written:
                        raise RuntimeError(f"{kept} of {written} records "
                                           "are left, size_kb is too small")
                if line.startswith("#") or ": " not in line:
                    continue
                head, event, text = line.rstrip("\n").split(": ", 2)
                records.append((float(head.split()[-1]), event, text))
        return records
