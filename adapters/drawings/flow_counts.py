"""The flow chart (办理流程图) as a file of its own: the lifecycle's statuses, and how many cases stand at each now."""

from collections.abc import Mapping
from typing import Final

from adapters.drawings.alone import DIM, INK, LATE, LINE, PALE, alone, wide, write
from adapters.drawings.flowchart import arrows, places
from models.vocabulary import ENDS, Kind, Status

WIDE, HIGH, GAP, FLOOR, EDGE, TITLE = 92, 62, 34, 112, 16, 40
"""Pixels: a box, the room beside it, from one row to the next, around the whole, for the title."""

Standing = Mapping[Status, tuple[int, int]]
"""By status: how many cases stand there, and how many of them are overdue."""
Words = Mapping[Status, str]
ZH: Final[Words] = {status: status.zh for status in Status}
EN: Final[Words] = {status: status.en for status in Status}
OVER: Final = ENDS | {Status.CLOSED, Status.SIGNED_OFF}
"""Where no open case stands: no number is drawn there."""


def flow_counts(kind: Kind, standing: Standing, title: str, words: Words = ZH, *, beneath: str = "") -> str:
    """Return the flow chart of a kind of case as an SVG file."""
    stands = places(kind)
    rows = [row for _, row in stands.values()]
    first, columns = min(rows, default=0), max((column for column, _ in stands.values()), default=0) + 1
    width = EDGE * 2 + columns * WIDE + (columns - 1) * GAP
    top = first * FLOOR - TITLE
    height = (max(rows, default=0) - first) * FLOOR + HIGH + EDGE * 2 + TITLE
    parts = [write(EDGE, top + 26, title, size=17, bold=True)]
    parts.append(write(EDGE + wide(title, 17) + 16, top + 26, beneath, ink=DIM, size=12))
    parts += [_arrow(stands[start], stands[end]) for start, end in _drawn(kind)]
    for status, place in stands.items():
        parts += _box(place, words[status], standing.get(status, None if status in OVER else (0, 0)))
    told = "; ".join(
        f"{words[status]} {standing.get(status, (0, 0))[0]}" for status in stands if status in standing.keys() - OVER
    )
    return alone(title, f"{beneath} {told}".strip(), width, height, parts, top=top)


def _drawn(kind: Kind) -> list[tuple[Status, Status]]:
    """Return the moves that are drawn: from each status of the main line to the next, and the nearest to each aside.

    All that the lifecycle allows would be a thicket.
    """
    stands = places(kind)
    moves = [pair for pair in arrows(kind) if stands[pair[0]][1] == 0]
    found = [(start, end) for start, end in moves if stands[end] == (stands[start][0] + 1, 0)]
    for status, (column, row) in stands.items():
        nearest = [start for start, end in moves if row and end is status]
        if nearest:
            found.append((min(nearest, key=lambda each: abs(stands[each][0] - column)), status))
    return found


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return EDGE + place[0] * (WIDE + GAP), place[1] * FLOOR + EDGE


def _box(place: tuple[int, int], word: str, counts: tuple[int, int] | None) -> list[str]:
    number, late = counts or (0, 0)
    left, top = _corner(place)
    middle = left + WIDE / 2
    edge = LATE if late else INK if number else LINE
    lines = [word] if wide(word) < WIDE - 6 else [" ".join(word.split()[:1]), " ".join(word.split()[1:])]
    size = min(13, *(12 * (WIDE - 6) / max(wide(line, 12), 1) for line in lines))
    ink, ground = (INK, PALE) if number else (DIM, "#ffffff")
    first = top + (20 if len(lines) == 1 else 13)
    box = f'x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" rx="5"'
    parts = [f'<rect {box} fill="{ground}" stroke="{edge}"/>']
    parts += [
        write(middle, first + 12 * place, line, size=size, anchor="middle", ink=ink) for place, line in enumerate(lines)
    ]
    if counts is not None:
        parts.append(write(middle, top + 41, f"{number:,}", size=18, anchor="middle", bold=True, ink=ink))
    if late:
        parts.append(write(middle, top + 56, f"▲ {late:,}", size=12, anchor="middle", ink=LATE))
    return parts


def _arrow(here: tuple[int, int], there: tuple[int, int]) -> str:
    (left, top), (left_there, top_there) = _corner(here), _corner(there)
    middle, middle_there = left + WIDE / 2, left_there + WIDE / 2
    if here[1] == there[1]:
        way = f"M{left + WIDE} {top + HIGH / 2:g}H{left_there - 2}"
    elif there[1] > here[1]:
        turn = top + HIGH + (FLOOR - HIGH) / 2
        way = f"M{middle:g} {top + HIGH}V{turn:g}H{middle_there:g}V{top_there - 2}"
    else:
        # A little aside, so that what comes down to the box above and what goes up from this one do not meet.
        start = middle + (12 if here[0] != there[0] else 0)
        turn = top - (FLOOR - HIGH) / 2
        way = f"M{start:g} {top}V{turn:g}H{middle_there:g}V{top_there + HIGH + 2}"
    return f'<path d="{way}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'
