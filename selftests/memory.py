# SPDX-License-Identifier: GPL-2.0
"""How much memory the kernel uses."""

import lab


def used_kb():
    """Memory of the kernel that does not come and go by itself."""
    lab.write("/proc/sys/vm/drop_caches", 3)
    with open("/proc/meminfo", encoding="ascii") as stream:
        info = dict(line.split(":") for line in stream)
    return sum(int(info[key].split()[0])
               for key in ("SUnreclaim", "Percpu", "VmallocUsed"))
