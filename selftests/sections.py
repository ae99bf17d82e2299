# SPDX-License-Identifier: GPL-2.0
"""Where the functions of the loaded module lie in memory.

The module's file has them by sections, and the kernel tells where it has put
each of those. To read /proc/kallsyms would take longer than many a test.
"""

import os
import struct

import insmod

SECTIONS = "/sys/module/mcpeer/sections"

# Of the ELF format, for 64 bits: the end of the file's header, the header of a
# section, a symbol.
E_SHOFF, E_SHNUM = 40, 60
SHDR, SYM = struct.Struct("IIQQQQIIQQ"), struct.Struct("IBBHQQ")
SHT_SYMTAB, STT_FUNC = 2, 2


class _File:
    """The module's file."""

    def __init__(self):
        with open(insmod.find(), "rb") as file:
            self.data = file.read()
        (start,) = struct.unpack_from("Q", self.data, E_SHOFF)
        count, names = struct.unpack_from("HH", self.data, E_SHNUM)
        self.headers = [SHDR.unpack_from(self.data, start + number * SHDR.size)
                        for number in range(count)]
        self.names = self.headers[names]

    def text(self, table, at):
        """A string of a section that consists of strings."""
        start = table[4] + at
        return self.data[start:self.data.index(b"\0", start)].decode()

    def place(self, number):
        """Where a section is loaded; None if it is not."""
        name = self.text(self.names, self.headers[number][0])
        path = f"{SECTIONS}/{name}"
        # The first has no name; what is for the start only is gone after it.
        if name.startswith(".init") or not os.path.isfile(path):
            return None
        with open(path, encoding="ascii") as stream:
            return int(stream.read(), 16)

    def functions(self):
        """Section, offset, size and name of each."""
        (table,) = [header for header in self.headers
                    if header[1] == SHT_SYMTAB]
        symbols = self.data[table[4]:table[4] + table[5]]
        for name, info, _, section, offset, size in SYM.iter_unpack(symbols):
            if info & 15 == STT_FUNC and 0 < section < len(self.headers):
                yield (section, offset, size,
                       self.text(self.headers[table[6]], name))


def functions():
    """First address, first address behind it and name of each, sorted."""
    file = _File()
    places = [file.place(number) for number in range(len(file.headers))]
    return sorted((places[section] + offset, places[section] + offset + size,
                   name)
                  for section, offset, size, name in file.functions()
                  if places[section] is not None)
