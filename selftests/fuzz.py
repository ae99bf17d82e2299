# SPDX-License-Identifier: GPL-2.0
"""What the programs share that send random things to the module.

What they send is numbered, and each item depends only on the seed and its
number. The environment can say what to send: MCPEER_FUZZ_SEED, the number of
the first item MCPEER_FUZZ_FIRST, how many MCPEER_FUZZ_COUNT, and for how long
at most MCPEER_FUZZ_SECONDS. When the kernel dies of it, its log names the
seed and the item from which on the last ones were sent.
"""

import os
import re

from net.lib.py import ksft_pr

HERE = os.path.dirname(os.path.realpath(__file__))
NAME = re.compile("[!-~]{1,64}")


def number(key, default):
    """A number of the environment."""
    return int(os.environ.get(f"MCPEER_FUZZ_{key}", default))


def seconds(share, otherwise):
    """How long a test goes on that has this share of a program's time."""
    if "MCPEER_FUZZ_SECONDS" in os.environ:
        return max(1, int(number("SECONDS", 0) * share))
    return otherwise


def extent(share, count, short):
    """Options that say what to send: in the long form so many items, in the
    short one for so many seconds."""
    options = ["-s", str(number("SEED", 1)), "-f", str(number("FIRST", 0))]
    if "MCPEER_FUZZ_COUNT" in os.environ:
        options += ["-n", str(number("COUNT", 0))]
    elif os.environ.get("MCPEER_LONG"):
        options += ["-n", str(count)]
    else:
        options += ["-t", str(seconds(share, short))]
    ksft_pr("fuzz:", *options)
    return options


def program(name):
    """Where a program lies that is built of fuzz/."""
    return os.path.join(HERE, name)
