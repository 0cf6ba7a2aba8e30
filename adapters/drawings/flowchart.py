"""The flow chart of a case with the way it took: boxes at fixed places, arrows from the lifecycle's own rows.

The statuses are few and do not change with a case, so their places are a table that people can read; a test holds it
against the lifecycle. Nothing here is a picture alone: the page lists the same way beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup

from models.event import Recorded
from models.instants import shown
from models.lifecycle import LIFECYCLES
from models.vocabulary import Kind, Status

S = Status
MAIN: Final = (S.REGISTERED, S.ACCEPTED, S.ASSIGNED, S.VERIFIED, S.RECTIFYING, S.REVIEWING, S.CLOSED, S.SIGNED_OFF)
"""The way most petitions take, from left to right."""
ASIDE: Final = {
    S.DECLINED: (1, -1),
    S.REFERRED: (2, -1),
    S.RECONSIDERING: (6, -1),
    S.WITHDRAWN: (3, 1),
    S.INTERIM: (5, 1),
}
"""What lies beside it: column, and above (-1) or below (1)."""
TASK: Final = (S.RECTIFYING, S.REVIEWING, S.CLOSED)
WIDE, HIGH, GAP, FLOOR, EDGE = 84, 46, 36, 92, 12
"""Pixels: a box, the room beside it, from one row to the next, around the whole."""


class Visit(NamedTuple):
    """A case came to a status at an instant (UTC)."""

    status: Status
    at: datetime


def visits(events: Sequence[Recorded]) -> list[Visit]:
    """Return the statuses a case came to and when, in order; where it stayed is no new visit.

    When is when it happened: of what was brought from an old ledger, not the day on which it was brought.
    """
    found: list[Visit] = []
    for each in events:
        status: Status | None = getattr(each.event.sets, "status", None)
        if status is not None and (not found or found[-1].status is not status):
            found.append(Visit(status, each.occurred_at))
    return found


def places(kind: Kind) -> dict[Status, tuple[int, int]]:
    """Return where each status of a kind of case stands: column and row; empty for what has no way to go."""
    if kind is Kind.PETITION:
        return {**{status: (column, 0) for column, status in enumerate(MAIN)}, **ASIDE}
    if kind is Kind.RECTIFICATION:
        return {
            **{status: (column, 0) for column, status in enumerate(TASK)},
            S.WITHDRAWN: (1, 1),
            S.SIGNED_OFF: (3, 1),
        }
    return {}


def arrows(kind: Kind) -> list[tuple[Status, Status]]:
    """Return the moves of a kind of case by the lifecycle's rows, each once."""
    stands = places(kind)
    return list(
        dict.fromkeys(
            (start, row.to)
            for row in LIFECYCLES[kind]
            if row.to is not None
            for start in row.at
            if start is not row.to and start in stands and row.to in stands
        )
    )


def chart(kind: Kind, way: Sequence[Visit], words: Mapping[Status, str], title: str, now: datetime) -> Markup:
    """Return the flow chart as SVG: the way that was taken is drawn strong, with the day under each box.

    The year is told where it is not now's.

    Only the main line and what really happened are drawn; everything that might happen would be a thicket.
    """
    came = {visit.status: visit.at for visit in way}
    # What lies aside is shown to whom it happened.
    stands = {status: place for status, place in places(kind).items() if place[1] == 0 or status in came}
    if not stands:
        return Markup("")
    taken = [(start.status, end.status) for start, end in pairwise(way)]
    moves = [(start, end) for start, end in arrows(kind) if start in stands and end in stands]
    possible = [(start, end) for start, end in moves if _beside(stands[start], stands[end])]
    parts = [_arrow(stands, *pair, tone="may", lane=0) for pair in possible if pair not in taken]
    back = 0
    for pair in dict.fromkeys(taken):
        if pair[0] not in stands or pair[1] not in stands:
            continue
        here, there = stands[pair[0]], stands[pair[1]]
        far = here[1] == there[1] and not _beside(here, there)
        parts.append(_arrow(stands, *pair, tone="did", lane=back if far else 0))
        back += far
    last = way[-1].status if way else None
    for status, place in stands.items():
        tone = "at" if status is last else "was" if status in came else "not"
        day = _day(came[status], now) if status in came else ""
        parts.append(_box(place, words[status], day, tone))
    columns = max(column for column, _ in stands.values()) + 1
    # Ways back need their lanes below the last row.
    width, height = EDGE * 2 + columns * WIDE + (columns - 1) * GAP, FLOOR * (_rows(stands) - 1) + HIGH + EDGE * 2
    height += (FLOOR - HIGH) * (back > 0)
    top = -FLOOR if any(row < 0 for _, row in stands.values()) else 0
    return Markup(  # noqa: S704 - every word in it is escaped
        f'<svg class="flow" viewBox="0 {top} {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{''.join(parts)}</svg>"
    )


def _day(at: datetime, now: datetime) -> str:
    text = shown(at)
    return text[5:16] if text[:4] == shown(now)[:4] else text[:10]


def _rows(stands: Mapping[Status, tuple[int, int]]) -> int:
    rows = {row for _, row in stands.values()}
    return max(rows) - min(rows) + 1


def _beside(here: tuple[int, int], there: tuple[int, int]) -> bool:
    return here[1] == there[1] and there[0] - here[0] == 1


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return EDGE + place[0] * (WIDE + GAP), place[1] * FLOOR + EDGE


def _box(place: tuple[int, int], word: str, day: str, tone: str) -> str:
    left, top = _corner(place)
    middle = left + WIDE / 2
    line = top + (19 if day else 28)
    told = f'<text class="day" x="{middle}" y="{top + 37}">{escape(day)}</text>' if day else ""
    return (
        f'<g class="{tone}"><rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" rx="5"/>'
        f'<text x="{middle}" y="{line}">{escape(word)}</text>{told}</g>'
    )


def _arrow(stands: Mapping[Status, tuple[int, int]], start: Status, end: Status, *, tone: str, lane: int) -> str:
    here, there = stands[start], stands[end]
    (left, top), (left_there, top_there) = _corner(here), _corner(there)
    middle, middle_there = left + WIDE / 2, left_there + WIDE / 2
    if _beside(here, there):
        way = f"M{left + WIDE} {top + HIGH / 2}H{left_there - 2}"
    elif here[1] == there[1]:
        # Back, or over the heads of others: a lane below the row, each a little deeper than the last.
        deep = top + HIGH + 10 + 7 * (lane % 5)
        way = f"M{middle + 10} {top + HIGH}V{deep}H{middle_there - 10}V{top_there + HIGH + 2}"
    elif there[1] > here[1]:
        turn = top + HIGH + (FLOOR - HIGH) / 2
        way = f"M{middle} {top + HIGH}V{turn}H{middle_there}V{top_there - 2}"
    else:
        turn = top - (FLOOR - HIGH) / 2
        way = f"M{middle} {top}V{turn}H{middle_there}V{top_there + HIGH + 2}"
    return f'<path class="{tone}" d="{way}" marker-end="url(#tip)"/>'
