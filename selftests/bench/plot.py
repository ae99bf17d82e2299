# SPDX-License-Identifier: GPL-2.0
"""A plot of what a datagram costs, by the number of peers that are known."""

import math

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 40, 50
SIZES = [100, 1000, 10000, 100000, 1000000]
LINES = [
    ("first sight", "a new peer, above the floor", "#b5451b"),
    ("refresh", "a known peer, above the floor", "#1b5fb5"),
]
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0 -->
<!-- Written by make bench; do not edit. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" \
font-family="sans-serif" font-size="12">
<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>
<text x="{LEFT}" y="20" font-size="14">Instructions for a datagram, \
by the number of peers</text>
"""


def _across(size):
    low, high = math.log10(SIZES[0]), math.log10(SIZES[-1])
    share = (math.log10(size) - low) / (high - low)
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _up(value, top):
    return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)


def _step(highest):
    """A round number, five to ten of which are enough."""
    unit = 10 ** math.floor(math.log10(highest))
    for share in (0.1, 0.2, 0.5, 1):
        if highest / (unit * share) <= 10:
            return unit * share
    return unit * 2


def _text(x, y, text, anchor, colour="black"):
    return (f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">'
            f"{text}</text>\n")


def _grid(step, top):
    for count in range(round(top / step) + 1):
        y = _up(count * step, top)
        yield (f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" '
               'stroke="#ddd"/>\n')
        yield _text(LEFT - 8, y + 4, f"{count * step:,.0f}", "end")
    for size in SIZES:
        yield _text(_across(size), HEIGHT - BOTTOM + 20, f"{size:,}", "middle")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10,
                "peers that are known", "middle")


def _line(figures, key, title, colour, top):
    points = [(_across(size), _up(figures[f"{key} {size}"], top))
              for size in SIZES]
    path = " ".join(f"{x},{y}" for x, y in points)
    yield (f'<polyline points="{path}" fill="none" stroke="{colour}" '
           'stroke-width="2"/>\n')
    for x, y in points:
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>\n'
    x, y = points[len(points) // 2]
    yield _text(x, round(y - 10, 1), title, "middle", colour)


def growth(figures):
    """The plot, or None if not all of it was measured."""
    values = [figures.get(f"{key} {size}")
              for key, _, _ in LINES for size in SIZES]
    if None in values:
        return None
    step = _step(max(values))
    top = step * math.ceil(max(values) / step)
    return HEAD + "".join([
        *_grid(step, top),
        *(part for line in LINES for part in _line(figures, *line, top)),
    ]) + "</svg>\n"
