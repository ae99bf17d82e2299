# SPDX-License-Identifier: GPL-2.0
"""Figures as tables in Markdown, which are fit to be read as they are."""

import wanted


def number(value):
    """As many digits as one wants to read."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(rows):
    """Nothing if there is but a heading."""
    if len(rows) == 1:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    return "".join("| " + " | ".join(
        cell.ljust(width) for cell, width in zip(row, widths)) + " |\n"
        for row in rows)


def _cells(part, row, figures):
    """A row of the table, or None if it was not measured."""
    if row.key not in figures:
        return None
    reached = number(figures[row.key]) + row.unit
    limit = row.limit(figures)
    if limit is not None and figures[row.key] > limit:
        reached += " (missed)"
    others = ", ".join(f"{name} {number(figures[key])}{row.unit}"
                       for name, key in row.others if key in figures)
    bar = "" if limit is None else f"≤ {number(limit)}{row.unit}"
    return [row.title, bar, reached, others, part]


def costs(figures, all_rows=True):
    """What was wanted, what was reached, what others do."""
    rows = [["what", "wanted", "reached", "others", "part"]]
    rows += filter(None, (_cells(part, row, figures)
                          for part, row in wanted.ROWS
                          if all_rows or row.bar is not None))
    return _table(rows)


def fire(figures):
    """What followers learned of very many events."""
    rows = [["100,000 joins", "seen", "told missed", "neither"]]
    rows += ([title] + [number(figures[f"{key}, {what}"])
                        for what in ("seen", "missed", "unannounced")]
             for title, key in wanted.FIRE if f"{key}, seen" in figures)
    return _table(rows)


def _told(figures, load, who):
    """What was told of the ends of peers."""
    found = [figures[f"starved {load} {who} {what}"]
             for what in ("false", "untold", "late")]
    text = f"{number(found[0])} false, {number(found[1])} not told, "
    text += f"{number(found[2])} ms"
    if who == wanted.KEEPERS[0] and (any(found[:2]) or
                                     found[2] > wanted.LATEST):
        text += " (missed)"
    return text


def starved(figures):
    """Who tells what is false, or too late, while there is much else to do."""
    rows = [["one hour of", "ends"] + wanted.KEEPERS]
    rows += ([title, number(figures[f"starved {load} ends"])] +
             [_told(figures, load, who) for who in wanted.KEEPERS]
             for title, load in wanted.LOADS
             if f"starved {load} ends" in figures)
    return _table(rows)
