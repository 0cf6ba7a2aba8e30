"""Counting time: from an instant, so many hours, days or working days, to the instant when the time is up.

Instants are aware UTC datetimes, legal days are days in Asia/Shanghai. A day counted to its end at "24:00" is
up at the first instant of the next day, so whoever acts within the day is in time.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from models.base import Frozen
from models.calendars import WEEKEND, Calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MAX_LENGTH: Final = 36_500
_FIRST_YEAR: Final = 1900
# With MAX_LENGTH working days on top, this stays inside what `date` can hold.
_LAST_YEAR: Final = 9000
_DAY: Final = timedelta(days=1)


class Unit(StrEnum):
    """What is counted."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"


class Rule(Frozen):
    """The counting rule, a switch of the policy; `end_of_day` is a Shanghai clock time from 01:00 to 24:00.

    `first_day_excluded`: the day of the start is not counted. `roll_over`: a count of days that ends on a
    non-working day ends on the next working day instead.
    """

    first_day_excluded: bool = True
    roll_over: bool = False
    end_of_day: Annotated[str, Field(pattern="^(24:00|(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9])$")] = "24:00"


DEFAULT_RULE: Final = Rule()


class Skip(Frozen):
    """A stretch of days that was not counted: `first` and `last` both included."""

    first: date
    last: date
    why: str


class Counted(Frozen):
    """An instant at which the time is up, with its derivation.

    `at` is UTC. `day` is the legal day at whose end it lies, None for hours. `skipped` is filled for working
    days, `rolled` (in days) for days that rolled over. `provisional`: a day that decided the outcome is not
    published yet, 待国办通知.
    """

    at: AwareDatetime
    day: date | None
    start: AwareDatetime
    length: int
    unit: Unit
    calendar: str
    calendar_version: str
    skipped: tuple[Skip, ...]
    rolled: int
    provisional: bool


def legal_day(at: datetime) -> date:
    """Return the Asia/Shanghai day of an instant.

    Raises:
        ValueError: the instant is naive or outside the years 1900 to 9000.
    """
    return _shanghai(at).date()


def end_of(day: date, rule: Rule = DEFAULT_RULE) -> datetime:
    """Return the UTC instant at which a legal day ends.

    Raises:
        ValueError: the day is outside the years 1900 to 9200.
    """
    _check_year(day, _LAST_YEAR + 200)
    hours, minutes = rule.end_of_day.split(":")
    midnight = datetime.combine(day, time(), SHANGHAI)
    return (midnight + timedelta(hours=int(hours), minutes=int(minutes))).astimezone(UTC)


def count(calendar: Calendar, start: datetime, length: int, unit: Unit, rule: Rule = DEFAULT_RULE) -> Counted:
    """Count `length` units from `start`.

    Days are counted to the end of the last one. A length of 0 means the end of the same day (of the first
    working day from it on, for working days). A first day that has ended before `start` is not counted.

    Raises:
        ValueError: `start` is naive or outside the years 1900 to 9000, or `length` is outside 0 to 36,500.
    """
    local = _shanghai(start)
    if not 0 <= length <= MAX_LENGTH:
        message = f"期限 {length} 须在 0 到 {MAX_LENGTH} 之间 / a length lies between 0 and {MAX_LENGTH}"
        raise ValueError(message)
    start = local.astimezone(UTC)
    day: date | None = None
    skipped: tuple[Skip, ...] = ()
    rolled = 0
    provisional = False
    if unit is Unit.HOUR:
        at = start + timedelta(hours=length)
    else:
        first = local.date()
        if (length and rule.first_day_excluded) or end_of(first, rule) <= start:
            first += _DAY
        if unit is Unit.WORKING_DAY:
            day, skipped = _working_days(calendar, first, max(length, 1))
            provisional = not calendar.published_between(first, day)
        else:
            day = last = first + timedelta(days=max(length, 1) - 1)
            if rule.roll_over:
                while not calendar.works(day):
                    day += _DAY
                rolled = (day - last).days
                provisional = not calendar.published_between(last, day)
        at = end_of(day, rule)
    return Counted(
        at=at,
        day=day,
        start=start,
        length=length,
        unit=unit,
        calendar=calendar.name,
        calendar_version=calendar.version,
        skipped=skipped,
        rolled=rolled,
        provisional=provisional,
    )


def shift_days(calendar: Calendar, at: datetime, days: int, unit: Unit) -> datetime:
    """Move an instant by so many of `unit`, back if negative, at the same Shanghai time of day.

    For `Unit.HOUR` `days` are hours of elapsed time. For working days midnight belongs to the day it ends:
    one before Friday 24:00 is Thursday 24:00, three after it Wednesday 24:00.

    Raises:
        ValueError: `at` is naive or outside the years 1900 to 9000, or the distance is above 36,500.
    """
    local = _shanghai(at)
    if abs(days) > MAX_LENGTH:
        message = f"偏移 {days} 不得超过 {MAX_LENGTH} / an offset is at most {MAX_LENGTH}"
        raise ValueError(message)
    if unit is Unit.HOUR:
        return local.astimezone(UTC) + timedelta(hours=days)
    if unit is Unit.WORKING_DAY:
        day = origin = local.date() if local.time() > time() else local.date() - _DAY
        step = _DAY if days > 0 else -_DAY
        left = abs(days)
        while left:
            day += step
            left -= calendar.works(day)
        days = (day - origin).days
    return (local + timedelta(days=days)).astimezone(UTC)


def _working_days(calendar: Calendar, first: date, length: int) -> tuple[date, tuple[Skip, ...]]:
    """Return the `length`-th working day from `first` on, itself included, and the stretches passed over."""
    skipped: list[Skip] = []
    stretch: list[date] = []
    day = first
    while True:
        if not calendar.works(day):
            stretch.append(day)
        else:
            if stretch:
                skipped.append(_skip(calendar, stretch))
                stretch = []
            length -= 1
            if not length:
                return day, tuple(skipped)
        day += _DAY


def _skip(calendar: Calendar, stretch: list[date]) -> Skip:
    """Name a stretch by its holidays (国庆节、中秋节); weekends inside a holiday go unnamed."""
    names = dict.fromkeys(calendar.days_off[day] for day in stretch if day in calendar.days_off)
    return Skip(first=stretch[0], last=stretch[-1], why="、".join(names) or WEEKEND)


def _shanghai(at: datetime) -> datetime:
    if at.utcoffset() is None:
        message = f"{at.isoformat()} 没有时区 / is naive; instants are aware UTC datetimes"
        raise ValueError(message)
    _check_year(at, _LAST_YEAR)
    return at.astimezone(SHANGHAI)


def _check_year(day: date, last: int) -> None:
    if not _FIRST_YEAR <= day.year <= last:
        message = f"{day.year} 年超出可计算范围 / the year {day.year} is outside {_FIRST_YEAR} to {last}"
        raise ValueError(message)
