#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
In the guest: write the trees whose names come on stdin, each ended by NUL, to
the file or device that is named, as a compressed tar archive.

Not tar, which believes the sizes of files: those of debugfs are all 0.
"""

import io
import os
import sys
import tarfile


def put(archive, path):
    """Add a file or a symlink; whatever else there is has no contents."""
    info = archive.gettarinfo(path)
    if info and info.isreg():
        with open(path, "rb") as file:
            data = file.read()
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    elif info and info.issym():
        archive.addfile(info)


def below(path):
    """All there is, the path itself to begin with."""
    yield path
    for where, _, names in os.walk(path):
        for name in names:
            yield os.path.join(where, name)


def main():
    """See above. What cannot be read is told, and left out."""
    paths = [path for path in sys.stdin.read().split("\0") if path]
    with open(sys.argv[1], "wb") as device, \
            tarfile.open(fileobj=device, mode="w|gz") as archive:
        for path in paths:
            for found in below(path):
                try:
                    put(archive, found)
                except OSError as error:
                    print(f"fetch: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
