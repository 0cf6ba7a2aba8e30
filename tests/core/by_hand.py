"""A second way to every due date: naive, day by day, with nothing of the code that counts them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from models.case import Case
from models.clocks import Clock, MoveKind
from models.counting import SHANGHAI
from models.world import World
from tests.core.builders import a_policy, a_table

TABLES: Final = tuple(
    a_table(
        year,
        off={day: "元旦" for day in (date(year, 1, 1), date(year, 1, 4)) if day.weekday() < 5},
        work={day: "元旦" for day in (date(year, 1, 9), date(year, 1, 10)) if day.weekday() >= 5},
    )
    for year in range(2027, 2031)
)
"""Tables of years to come, as they might be published or corrected."""


def derived_by_hand(world: World, case: Case, clock: Clock) -> datetime:
    """Derive a due date day by day, with nothing of the code that counted it but what a calendar says of a day."""
    rule = case.rule(a_policy(), clock)
    calendar = world.calendars[rule.calendar]

    def works(day: date) -> bool:
        ordered = any(span.first <= day and (span.last is None or day <= span.last) for span in case.all_days)
        return calendar.every_day or ordered or calendar.works(day)

    counted = clock.counted
    due = counted.start.astimezone(SHANGHAI) if counted else clock.first_due.astimezone(SHANGHAI)
    if counted:
        day, left = due.date(), counted.length
        if counted.unit == "working_day":
            while left:
                day += timedelta(days=1)
                left -= works(day)
        else:
            day += timedelta(days=left)
        due = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    for move in clock.moves:
        if move.kind is MoveKind.EXTENDED:
            due = datetime.combine(
                (due - timedelta(seconds=1)).date() + timedelta(days=move.days + 1), time(), SHANGHAI
            )
        elif move.kind is MoveKind.RESUMED and (not counted or counted.unit == "day" or due <= move.since):
            due += move.until - move.since
        elif move.kind is MoveKind.RESUMED:
            due = later(move.until, left_between(move.since, due, works), works)
    return due.astimezone(UTC)


def left_between(since: datetime, until: datetime, works: Callable[[date], bool]) -> timedelta:
    """The time between two instants that lies on working days."""
    left, at = timedelta(), since.astimezone(SHANGHAI)
    while at < until:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), SHANGHAI)
        if works(at.date()):
            left += min(midnight, until) - at
        at = midnight
    return left


def later(at: datetime, left: timedelta, works: Callable[[date], bool]) -> datetime:
    """The instant by which so much time on working days has passed."""
    at = at.astimezone(SHANGHAI)
    while left:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), SHANGHAI)
        if works(at.date()):
            if at + left <= midnight:
                return at + left
            left -= midnight - at
        at = midnight
    return at


def moves_of(clock: Clock) -> tuple[int, int]:
    """Which stretch a clock is on: it starts, and every extension or recount begins another."""
    return clock.by, sum(move.kind is not MoveKind.RESUMED for move in clock.moves)
