"""Charts as SVG made here: no script, no library, colours and type from the style sheet, a table beside each.

Every function returns markup that is safe as it stands: numbers are formatted here, words are escaped.
"""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup

WIDTH: Final = 440
LABEL: Final = 124
"""Pixels for the names at the left of bars."""
ROW: Final = 26
ROOM: Final = 58
"""Pixels kept free at the right of the longest bar for its number."""
LETTER: Final = 14.0
"""Pixels of a Chinese character; a Latin one takes a little more than half of it."""


class Bar(NamedTuple):
    """A bar: its name, its value, and the part of it that is shown darker (what is overdue of what is open)."""

    name: str
    value: int
    part: int = 0
    was: int | None = None
    """What it was in the period compared with: a line across the bar."""


class Line(NamedTuple):
    """A line of a trend: its name, its class in the style sheet, and its values, one for each place."""

    name: str
    tone: str
    values: Sequence[int]


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Return horizontal bars with their names at the left and their values at the right of each."""
    most = max((max(row.value, row.was or 0) for row in rows), default=0) or 1
    room = WIDTH - LABEL - ROOM
    parts = []
    for place, row in enumerate(rows):
        top, long = place * ROW, room * row.value / most
        parts.append(f'<text class="name" x="{LABEL - 8}" y="{top + 17}">{escape(fitted(row.name, LABEL - 12))}</text>')
        parts.append(f'<rect class="bar" x="{LABEL}" y="{top + 4}" width="{max(long, 1):.1f}" height="{ROW - 8}"/>')
        if row.part:
            part = room * row.part / most
            parts.append(f'<rect class="part" x="{LABEL}" y="{top + 4}" width="{part:.1f}" height="{ROW - 8}"/>')
        if row.was is not None:
            then = LABEL + room * row.was / most
            parts.append(f'<line class="was" x1="{then:.1f}" y1="{top + 1}" x2="{then:.1f}" y2="{top + ROW - 1}"/>')
            long = max(long, room * row.was / most)
        parts.append(f'<text class="value" x="{LABEL + long + 8:.1f}" y="{top + 17}">{row.value:,}</text>')
    return _svg(title, max(len(rows), 1) * ROW, parts)


def lines(title: str, places: Sequence[str], drawn: Sequence[Line]) -> Markup:
    """Return lines over the same places, each with its name and last value at its end; names never cross."""
    height, left, right, top, bottom = 200, 40, 92, 14, 28
    most = max((value for line in drawn for value in line.values), default=0) or 1
    step = (WIDTH - left - right) / max(len(places) - 1, 1)

    def x(place: int) -> float:
        return left + step * place

    def y(value: float) -> float:
        return top + (height - top - bottom) * (1 - value / most)

    parts = []
    for share in (0, 0.5, 1):
        at = y(most * share)
        parts.append(f'<line class="grid" x1="{left}" y1="{at:.1f}" x2="{WIDTH - right}" y2="{at:.1f}"/>')
        parts.append(f'<text class="axis" x="{left - 6}" y="{at + 4:.1f}">{most * share:,.0f}</text>')
    parts += [
        f'<text class="place" x="{x(place):.1f}" y="{height - 8}">{escape(places[place])}</text>'
        for place in shown_places(len(places), step)
    ]
    ends = spread([y(line.values[-1]) if line.values else top for line in drawn], apart=16, lowest=height - bottom - 4)
    for line, end in zip(drawn, ends, strict=True):
        way = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in enumerate(line.values))
        parts.append(f'<polyline class="way {line.tone}" points="{way}"/>')
        last = line.values[-1] if line.values else 0
        name = f"{escape(line.name)} {last:,}"
        parts.append(f'<text class="end {line.tone}" x="{WIDTH - right + 8}" y="{end + 4:.1f}">{name}</text>')
    return _svg(title, height, parts)


def spread(wanted: Sequence[float], apart: float, lowest: float) -> list[float]:
    """Return heights near the wanted ones, in the same order, no two nearer than that and none below the lowest."""
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    found = list(wanted)
    for above, below in pairwise(order):
        found[below] = max(found[below], found[above] + apart)
    # Whatever was pushed over the edge pushes back.
    limit = lowest
    for each in reversed(order):
        found[each] = min(found[each], limit)
        limit = found[each] - apart
    return found


def shown_places(count: int, step: float, wide: float = 48) -> list[int]:
    """Return which places get their name, so that no two names cross: the last one always."""
    every = max(1, int(-(-wide // step))) if step else 1
    return [place for place in range(count) if (count - 1 - place) % every == 0]


def fitted(text: str, room: float) -> str:
    """Return a text cut so that it fits into so many pixels."""
    long = 0.0
    for place, mark in enumerate(text):
        long += LETTER if ord(mark) > 0x2E7F else LETTER * 0.6
        if long > room:
            return f"{text[: max(place - 1, 1)]}…"
    return text


def _svg(title: str, height: float, parts: Sequence[str]) -> Markup:
    inner = "".join(parts)
    return Markup(  # noqa: S704 - every word in it is escaped above
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">{inner}</svg>'
    )
