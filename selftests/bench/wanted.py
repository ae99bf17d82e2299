# SPDX-License-Identifier: GPL-2.0
"""The rows of the table: what each figure is, and what it must not exceed."""

import collections


class Row(collections.namedtuple("Row", "key title bar others unit")):
    """A figure of ours.

    The bar is a number, None, or a share of another figure; others are pairs
    of a name and a figure.
    """

    def limit(self, figures):
        """What the figure must not exceed, if it is known."""
        if not isinstance(self.bar, tuple):
            return self.bar
        share, key = self.bar
        return figures[key] * share if key in figures else None


def row(key, title, bar=None, others=(), unit=""):
    """A figure of ours."""
    return Row(key, title, bar, others, unit)


ROWS = [
    row("refresh", "known peer heard again, above the floor", 250,
        [("the floor itself", "floor")]),
    row("first sight", "new peer, nobody listens", 2500),
    row("refresh, growth", "known peer: 1,000,000 against 1,000", 1.5,
        unit=" times"),
    row("first sight, growth", "new peer: 1,000,000 against 1,000", 1.5,
        unit=" times"),
]
