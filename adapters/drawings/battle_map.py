"""The battle map (整改作战图) as a file of its own: a bar for each case from its beginning to its due date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from adapters.drawings.alone import CALM, DIM, INK, LATE, PALE, alone, cut, write
from adapters.drawings.gantt import WIDE, axis_of
from models.vocabulary import Light

TONES: Final = {Light.GREEN: CALM, Light.BLUE: "#2f7fd1", Light.YELLOW: "#b07900", Light.RED: LATE}
EDGE, NAMES, ENDS, ROW, HEAD, TOP = 14, 300, 190, 24, 34, 58
"""Pixels: around the whole, for a case's name, for the words at the end, a row, a group's heading, above the first."""


@dataclass(frozen=True)
class Task:
    """A case on the map: its number, what it is about, from when to when, in words how it stands, its colour."""

    case: str
    about: str
    first: date
    due: date
    left: str
    light: Light
    late: bool


@dataclass(frozen=True)
class Lane:
    """A group of cases, such as those of a unit."""

    name: str
    tasks: Sequence[Task]


@dataclass(frozen=True)
class Words:
    """What stands on the map beside the cases, in the reader's language."""

    title: str
    today: str
    nothing: str
    count: Callable[[int], str]
    late: Callable[[int], str]


CHINESE: Final = Words("整改作战图", "今天", "没有在办案件。", "{} 件".format, "超期 {} 件".format)
ENGLISH: Final = Words("Battle map", "today", "No case is open.", "{} open".format, "{} overdue".format)


def battle_map(lanes: Sequence[Lane], today: date, words: Words = CHINESE, *, beneath: str = "") -> str:
    """Return the map as an SVG file; ``beneath`` stands under its title."""
    every = [task for lane in lanes for task in lane.tasks]
    axis = axis_of([(task.first, task.due) for task in every], today)
    left = EDGE + NAMES
    height = TOP + sum(HEAD + ROW * len(lane.tasks) for lane in lanes) + EDGE + (ROW if not every else 0)
    now = left + axis.at(today)
    parts = [write(EDGE, 24, words.title, size=18, bold=True), write(EDGE, 42, beneath, ink=DIM, size=12)]
    for step in range(6):
        day = axis.first + (axis.last - axis.first) * step / 5
        x = left + axis.at(day)
        parts.append(f'<line x1="{x:g}" y1="{TOP}" x2="{x:g}" y2="{height - EDGE:g}" stroke="{PALE}"/>')
        if abs(x - now) > 56:
            parts.append(write(x, TOP - 6, f"{day:%m-%d}", ink=DIM, size=11, anchor="middle"))
    parts.append(
        f'<line x1="{now:g}" y1="{TOP}" x2="{now:g}" y2="{height - EDGE:g}" stroke="{INK}" stroke-dasharray="3 3"/>'
    )
    parts.append(write(now, TOP - 6, f"{words.today} {today:%m-%d}", size=11, anchor="middle", bold=True))
    y = float(TOP)
    for lane in lanes:
        late = sum(task.late for task in lane.tasks)
        name = f"{lane.name}  {words.count(len(lane.tasks))}"
        told = f"{name}  ▲ {words.late(late)}" if late else name
        parts.append(write(EDGE, y + 23, told, bold=True, ink=LATE if late else INK))
        y += HEAD
        for task in lane.tasks:
            parts += _row(task, left + axis.at(task.first), left + axis.at(task.due), now, y)
            y += ROW
    if not every:
        parts.append(write(EDGE, y + 16, words.nothing, ink=DIM))
    lines = "; ".join(f"{lane.name}: {', '.join(f'{task.case} {task.left}' for task in lane.tasks)}" for lane in lanes)
    return alone(words.title, f"{beneath} {lines or words.nothing}".strip(), left + WIDE + ENDS + EDGE, height, parts)


def _row(task: Task, start: float, end: float, now: float, y: float) -> list[str]:
    tone = LATE if task.late else TONES[task.light]
    number = write(EDGE, y + 15, task.case, size=12)
    about = write(EDGE + 108, y + 15, cut(task.about, NAMES - 118, 12), ink=DIM, size=12)
    bar = f'<rect x="{start:g}" y="{y + 5:g}" width="{max(end - start, 3):g}" height="12" rx="2" fill="{tone}"/>'
    parts = [number, about, bar]
    if task.late:
        # Beyond its day it goes on to today, hatched by an outline: the colour alone would not tell.
        parts.append(
            f'<rect x="{end:g}" y="{y + 5:g}" width="{max(now - end, 3):g}" height="12" rx="2" fill="#ffffff" '
            f'stroke="{LATE}"/>'
        )
    mark = "▲ " if task.late else ""
    x = EDGE + NAMES + WIDE + 10
    parts.append(write(x, y + 15, f"{task.due:%m-%d}  {mark}{task.left}", size=12, ink=LATE if task.late else INK))
    parts.append(
        f'<line x1="{EDGE}" y1="{y + ROW - 1:g}" x2="{x + ENDS - 20:g}" y2="{y + ROW - 1:g}" stroke="{PALE}"/>'
    )
    return parts
