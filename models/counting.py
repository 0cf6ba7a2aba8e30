"""Counting time: from an instant, so many hours, days or working days, to the instant when the time is up.

Instants are aware UTC datetimes, legal days are days in Asia/Shanghai. A day counted to its end at "24:00" is
up at the first instant of the next day, so whoever acts within the day is in time.

Working days, working hours and half days are counted on the wall clock of Shanghai, where every day has 24 hours;
until 1991 summer time took or gave an hour of a few of them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from models.base import Frozen
from models.calendars import WEEKEND, AllDays, Calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MAX_LENGTH: Final = 36_500
_FIRST_YEAR: Final = 1900
# With MAX_LENGTH working days on top, this stays inside what `date` can hold.
_LAST_YEAR: Final = 9000
_DAY: Final = timedelta(days=1)
_NEVER: Final = "超出可计算范围 / so much counted time does not fit into the years 1 to 9999"


class Unit(StrEnum):
    """What is counted."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    """An hour within a shift of a working day."""
    HALF_DAY = "half_day"
    """One whole shift, a morning or an afternoon."""


_ELAPSED: Final = (Unit.HOUR, Unit.DAY)
"""Units of which every moment counts."""


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

    `at` is UTC. `day` is the legal day at whose end it lies, None for hours and half days. `skipped` is filled
    for working days, hours and half days, `rolled` (in days) for days that rolled over. `provisional`: a day that
    decided the outcome is not published yet, 待国办通知. `all_days` are the orders that cover a day which decided
    the outcome; with them and the calendar of that version the count can be repeated.
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
    all_days: tuple[AllDays, ...] = ()


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
    working day from it on, for working days). A first day that has ended before `start` is not counted. Half
    days are counted like that to the end of a shift; working hours from the instant itself, within the shifts.

    Raises:
        ValueError: `start` is naive or outside the years 1900 to 9000, or `length` is outside 0 to 36,500.
    """
    local = _shanghai(start)
    if not 0 <= length <= MAX_LENGTH:
        message = f"期限 {length} 须在 0 到 {MAX_LENGTH} 之间 / a length lies between 0 and {MAX_LENGTH}"
        raise ValueError(message)
    start = local.astimezone(UTC)
    first = local.date()
    day: date | None = None
    # The days on which the calendar was asked: what it says of them decides the outcome.
    asked: tuple[date, date] | None = None
    skipped: tuple[Skip, ...] = ()
    rolled = 0
    if unit is Unit.HOUR or (unit is Unit.WORKING_HOUR and not length):
        at = start + timedelta(hours=length)
    elif unit is Unit.WORKING_HOUR or unit is Unit.HALF_DAY:
        if unit is Unit.WORKING_HOUR:
            up = _after(calendar, local, timedelta(hours=length), unit)
        else:
            up = _half_days(calendar, local, length, rule)
        asked = first, (up - timedelta(microseconds=1)).date()
        skipped = _skipped(calendar, *asked)
        at = _instant(up)
    else:
        if (length and rule.first_day_excluded) or end_of(first, rule) <= start:
            first += _DAY
        if unit is Unit.WORKING_DAY:
            day = _working_day(calendar, first, max(length, 1))
            asked = first, day
            if (day - first).days + 1 > max(length, 1):
                skipped = _skipped(calendar, first, day)
        else:
            day = last = first + timedelta(days=max(length, 1) - 1)
            if rule.roll_over:
                while not calendar.works(day):
                    day += _DAY
                rolled = (day - last).days
                asked = last, day
        at = end_of(day, rule)
    counted = Counted(
        at=at,
        day=day,
        start=start,
        length=length,
        unit=unit,
        calendar=calendar.name,
        calendar_version=calendar.version,
        skipped=skipped,
        rolled=rolled,
        provisional=asked is not None and not calendar.published_between(*asked),
    )
    orders = calendar.ordered_between(*asked) if asked else ()
    # Set only where there is something to say: events keep the fields that were set.
    return counted.model_copy(update={"all_days": orders}) if orders else counted


def counted_between(calendar: Calendar, since: datetime, until: datetime, unit: Unit) -> timedelta:
    """Return how much of the time between two instants counts; nothing if `until` is not later.

    Hours and days: all of it. Working days: what lies on working days, from 0 to 24 o'clock. Working hours and
    half days: what lies within the shifts of working days.

    Raises:
        ValueError: an instant is naive or outside the years 1900 to 9000.
    """
    first, last = _shanghai(since), _shanghai(until)
    if unit in _ELAPSED:
        return max(last.astimezone(UTC) - first.astimezone(UTC), timedelta())
    here, end = first.replace(tzinfo=None), last.replace(tzinfo=None)
    total = timedelta()
    for opens, closes in _open(calendar, here.date(), unit):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, here), timedelta())
    return total


def after(calendar: Calendar, at: datetime, span: timedelta, unit: Unit) -> datetime:
    """Return the earliest instant (UTC) by which `span` of counted time has passed since `at`.

    The inverse of `counted_between`. A working day's time is up when the day ends, at the first instant of the
    next day, whether that is worked or not.

    Raises:
        ValueError: `at` is naive or outside the years 1900 to 9000, `span` is negative, or it never passes.
    """
    local = _shanghai(at)
    if span < timedelta():
        message = f"时长 {span} 为负 / a span of time is not negative"
        raise ValueError(message)
    if unit not in _ELAPSED:
        return _instant(_after(calendar, local, span, unit)) if span else local.astimezone(UTC)
    try:
        return local.astimezone(UTC) + span
    except OverflowError:
        raise ValueError(_NEVER) from None


def shift_days(calendar: Calendar, at: datetime, days: int, unit: Unit) -> datetime:
    """Move an instant by so many of `unit`, back if negative, at the same Shanghai time of day.

    For `Unit.HOUR` `days` are hours of elapsed time. For working days midnight belongs to the day it ends:
    one before Friday 24:00 is Thursday 24:00, three after it Wednesday 24:00. Working hours are counted within
    the shifts, and half days are the ends of shifts: one before Friday 17:30 is Friday 12:00.

    Raises:
        ValueError: `at` is naive or outside the years 1900 to 9000, or the distance is above 36,500.
    """
    local = _shanghai(at)
    if abs(days) > MAX_LENGTH:
        message = f"偏移 {days} 不得超过 {MAX_LENGTH} / an offset is at most {MAX_LENGTH}"
        raise ValueError(message)
    if unit is Unit.HOUR or not days:
        return local.astimezone(UTC) + timedelta(hours=days)
    if unit is Unit.WORKING_HOUR:
        hours = timedelta(hours=abs(days))
        return _instant((_after if days > 0 else _before)(calendar, local, hours, unit))
    if unit is Unit.HALF_DAY:
        return _instant(_shift_end(calendar, local, days))
    if unit is Unit.WORKING_DAY:
        day = origin = local.date() if local.time() > time() else local.date() - _DAY
        step = _DAY if days > 0 else -_DAY
        left = abs(days)
        while left:
            day += step
            left -= calendar.works(day)
        days = (day - origin).days
    return (local + timedelta(days=days)).astimezone(UTC)


def _open(calendar: Calendar, day: date, unit: Unit, step: timedelta = _DAY) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches that count, on the wall clock of Shanghai, from a day on (or back, the latest first).

    Raises:
        ValueError: the years a date can hold are over.
    """
    forward = step > timedelta()
    try:
        while True:
            if calendar.works(day):
                midnight = datetime.combine(day, time())
                if unit is Unit.WORKING_DAY:
                    yield midnight, midnight + _DAY
                else:
                    shifts = calendar.shifts_on(day)
                    for opens, closes in shifts if forward else reversed(shifts):
                        yield midnight + opens, midnight + closes
            day += step
    except OverflowError:
        raise ValueError(_NEVER) from None


def _after(calendar: Calendar, local: datetime, span: timedelta, unit: Unit) -> datetime:
    here = local.replace(tzinfo=None)
    stretches = _open(calendar, here.date(), unit)
    while True:
        opens, closes = next(stretches)
        opens = max(opens, here)
        if span <= closes - opens:
            return opens + span
        span -= max(closes - opens, timedelta())


def _before(calendar: Calendar, local: datetime, span: timedelta, unit: Unit) -> datetime:
    """Return the latest wall-clock time from which `span` of counted time passes until `local`."""
    here = local.replace(tzinfo=None)
    stretches = _open(calendar, here.date(), unit, -_DAY)
    while True:
        opens, closes = next(stretches)
        closes = min(closes, here)
        if span <= closes - opens:
            return closes - span
        span -= max(closes - opens, timedelta())


def _half_days(calendar: Calendar, local: datetime, length: int, rule: Rule) -> datetime:
    """Return the end of the `length`-th shift; the one that is under way counts unless the rule says otherwise."""
    here = local.replace(tzinfo=None)
    stretches = _open(calendar, here.date(), Unit.HALF_DAY)
    opens, closes = next(stretches)
    while closes <= here or (length and rule.first_day_excluded and opens <= here):
        opens, closes = next(stretches)
    for _ in range(length - 1):
        opens, closes = next(stretches)
    return closes


def _shift_end(calendar: Calendar, local: datetime, ends: int) -> datetime:
    """Return the so-many-th end of a shift after an instant, or before it if negative."""
    here = local.replace(tzinfo=None)
    left = abs(ends)
    stretches = _open(calendar, here.date(), Unit.HALF_DAY, _DAY if ends > 0 else -_DAY)
    while True:
        _, closes = next(stretches)
        left -= closes > here if ends > 0 else closes < here
        if not left:
            return closes


def _working_day(calendar: Calendar, day: date, length: int) -> date:
    """Return the `length`-th working day from `day` on, itself included."""
    while True:
        length -= calendar.works(day)
        if not length:
            return day
        day += _DAY


def _skipped(calendar: Calendar, first: date, last: date) -> tuple[Skip, ...]:
    """Return the stretches of days from `first` to `last`, both included, on which nobody works."""
    skipped: list[Skip] = []
    stretch: list[date] = []
    day = first
    while day <= last:
        if not calendar.works(day):
            stretch.append(day)
        elif stretch:
            skipped.append(_skip(calendar, stretch))
            stretch = []
        day += _DAY
    return tuple(skipped)


def _skip(calendar: Calendar, stretch: list[date]) -> Skip:
    """Name a stretch by its holidays (国庆节、中秋节); weekends inside a holiday go unnamed."""
    names = dict.fromkeys(why for day in stretch if (why := calendar.why_off(day)) and why != WEEKEND)
    return Skip(first=stretch[0], last=stretch[-1], why="、".join(names) or WEEKEND)


def _instant(wall: datetime) -> datetime:
    return wall.replace(tzinfo=SHANGHAI).astimezone(UTC)


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
