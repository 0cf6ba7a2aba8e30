"""Bars over time for the battle map: where each case began, by when it is due, and where today lies.

Each bar is a small drawing of its own in a row of a table that tells the same in words: the table is its data table.
All lie on one axis, whose days stand in the table's head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Final

from markupsafe import Markup

WIDE: Final = 600
"""Units of the axis; the page stretches it."""
BACK, AHEAD = timedelta(days=45), timedelta(days=75)
"""How far the axis reaches at most from today."""
LEAST: Final = timedelta(days=14)
TICKS: Final = 5


@dataclass(frozen=True)
class Axis:
    """Time from one legal day to another, with today on it."""

    first: date
    last: date
    today: date

    def at(self, day: date) -> float:
        """Return where a day lies, from 0 to ``WIDE``; a day beyond an end lies at the end."""
        share = (day - self.first) / (self.last - self.first)
        return round(WIDE * min(max(share, 0.0), 1.0), 1)


def axis_of(spans: Sequence[tuple[date, date]], today: date) -> Axis:
    """Return the axis that holds spans of time (first and last day of each) and today with a fortnight after it."""
    first = min((span[0] for span in spans), default=today)
    last = max((span[1] for span in spans), default=today)
    return Axis(max(min(first, today - LEAST / 2), today - BACK), min(max(last, today + LEAST), today + AHEAD), today)


def head(axis: Axis, today: str) -> Markup:
    """Return the axis's days; none stands where the word for today does."""
    middle = axis.at(axis.today)
    parts = [f'<text class="today" x="{_within(middle)}" y="12">{escape(today)}</text>']
    for step in range(TICKS + 1):
        day = axis.first + (axis.last - axis.first) * step / TICKS
        x = axis.at(day)
        if abs(x - middle) > 60:
            parts.append(f'<text x="{_within(x)}" y="12">{day:%m-%d}</text>')
    return _drawn("axis", 16, parts, keep=True)


def bar(axis: Axis, first: date, due: date, tone: str) -> Markup:
    """Return a case's bar from its beginning to its due date; what is overdue goes on to today."""
    start, end, now = axis.at(first), axis.at(due), axis.at(axis.today)
    parts = [f'<rect class="{tone}" x="{start}" y="4" width="{max(end - start, 3):.1f}" height="12" rx="2"/>']
    if due < axis.today:
        parts.append(f'<rect class="over" x="{end}" y="4" width="{max(now - end, 3):.1f}" height="12" rx="2"/>')
    parts.append(f'<line class="now" x1="{now}" y1="0" x2="{now}" y2="20"/>')
    return _drawn("gantt", 20, parts)


def _within(x: float) -> float:
    return min(max(x, 24), WIDE - 24)


def _drawn(kind: str, height: int, parts: Sequence[str], *, keep: bool = False) -> Markup:
    ratio = "" if keep else ' preserveAspectRatio="none"'
    return Markup(  # noqa: S704 - every word in it is escaped
        f'<svg class="{kind}" viewBox="0 0 {WIDE} {height}"{ratio} aria-hidden="true">{"".join(parts)}</svg>'
    )
