"""Counting time: from an instant, so many hours, days or working days, to the instant when the time is up.

Instants are aware UTC datetimes, legal days are days in Asia/Shanghai. A day counted to its end at "24:00" is
up at the first instant of the next day, so whoever acts within the day is in time.

Working days, working hours and half days are counted on the wall clock of Shanghai, where every day has 24 hours;
until 1991 summer time took or gave an hour of a few of them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from models.base import Frozen, made
from models.calendars import AllDays, Calendar, Skip

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MAX_LENGTH: Final = 36_500
_FIRST_YEAR: Final = 1900
# With MAX_LENGTH working days on top, this stays inside what `date` can hold.
_LAST_YEAR: Final = 9000
_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
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

    @cached_property
    def closes(self) -> timedelta:
        """The end of the day, after midnight."""
        hours, minutes = self.end_of_day.split(":")
        return timedelta(hours=int(hours), minutes=int(minutes))


DEFAULT_RULE: Final = Rule()


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


def due_day(due: datetime) -> date:
    """Return the last day on which something due is in time: what is due at a day's 24:00 is due that day."""
    return legal_day(due - timedelta(microseconds=1))


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
    return (datetime.combine(day, _MIDNIGHT, SHANGHAI) + rule.closes).astimezone(UTC)


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
        skipped = calendar.off_between(*asked)
        at = _instant(up)
    else:
        if (length and rule.first_day_excluded) or end_of(first, rule) <= start:
            first += _DAY
        if unit is Unit.WORKING_DAY:
            day = calendar.working_day(first, max(length, 1) - 1)
            asked = first, day
            if (day - first).days + 1 > max(length, 1):
                skipped = calendar.off_between(first, day)
        else:
            day = last = first + timedelta(days=max(length, 1) - 1)
            if rule.roll_over:
                day = calendar.working_day(last, 0)
                rolled = (day - last).days
                asked = last, day
        at = end_of(day, rule)
    orders = calendar.ordered_between(*asked) if asked and calendar.all_days else ()
    counted = made(
        Counted,
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
    # Set only where there are some, because events keep the fields that were set.
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
    if end <= here:
        return timedelta()
    if unit is Unit.WORKING_DAY:
        whole = calendar.working_days_between(here.date(), end.date()) * _DAY
        return whole + _worked_of(calendar, end) - _worked_of(calendar, here)
    total = timedelta()
    shifts = _shifts(calendar, here.date())
    opens, closes = next(shifts)
    while opens < end:
        total += max(min(closes, end) - max(opens, here), timedelta())
        opens, closes = next(shifts)
    return total


def after(calendar: Calendar, at: datetime, span: timedelta, unit: Unit) -> datetime:
    """Return the earliest instant (UTC) by which `span` of counted time has passed since `at`.

    The inverse of `counted_between`. A working day's time is up when the day ends, at the first instant of the
    next day, whether that is worked or not.

    Raises:
        ValueError: `at` is naive or outside the years 1900 to 9000, or `span` is outside 0 to 36,500 days.
    """
    local = _shanghai(at)
    if not timedelta() <= span <= MAX_LENGTH * _DAY:
        message = f"时长 {span} 须在 0 到 {MAX_LENGTH} 天之间 / a span lies between 0 and {MAX_LENGTH} days"
        raise ValueError(message)
    if unit in _ELAPSED or not span:
        return local.astimezone(UTC) + span
    return _instant(_after(calendar, local, span, unit))


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
        return _instant(_after(calendar, local, hours, unit) if days > 0 else _before(calendar, local, hours))
    if unit is Unit.HALF_DAY:
        return _instant(_shift_end(calendar, local, days))
    if unit is Unit.WORKING_DAY:
        origin = local.date() if local.time() > _MIDNIGHT else local.date() - _DAY
        day = calendar.working_day(origin + _DAY, days - 1) if days > 0 else calendar.working_day(origin, days)
        days = (day - origin).days
    return (local + timedelta(days=days)).astimezone(UTC)


def _worked_of(calendar: Calendar, wall: datetime) -> timedelta:
    """Return how much of its own day had been worked by a wall-clock time, where a working day has 24 hours."""
    return wall - datetime.combine(wall, _MIDNIGHT) if calendar.works(wall.date()) else timedelta()


def _shifts(calendar: Calendar, day: date, step: timedelta = _DAY) -> Iterator[tuple[datetime, datetime]]:
    """Yield the shifts from a day on, or back with the latest first, on the wall clock of Shanghai.

    Raises:
        ValueError: the years a date can hold are over.
    """
    forward = step > timedelta()
    try:
        while True:
            midnight = datetime.combine(day, _MIDNIGHT)
            shifts = calendar.shifts_on(day)
            for opens, closes in shifts if forward else reversed(shifts):
                yield midnight + opens, midnight + closes
            day += step
    except OverflowError:
        raise ValueError(_NEVER) from None


def _after(calendar: Calendar, local: datetime, span: timedelta, unit: Unit) -> datetime:
    """Return the earliest wall-clock time by which so much (more than nothing) has been worked."""
    here = local.replace(tzinfo=None)
    if unit is Unit.WORKING_DAY:
        days, rest = divmod(span + _worked_of(calendar, here), _DAY)
        # What fills whole days is up with the end of the last one, however far off the next is.
        day = calendar.working_day(here.date(), days if rest else days - 1)
        return datetime.combine(day, _MIDNIGHT) + (rest or _DAY)
    shifts = _shifts(calendar, here.date())
    while True:
        opens, closes = next(shifts)
        begins = max(opens, here)
        if span <= closes - begins:
            return begins + span
        span -= max(closes - begins, timedelta())


def _before(calendar: Calendar, local: datetime, span: timedelta) -> datetime:
    """Return the latest wall-clock time from which so much is worked until `local`."""
    here = local.replace(tzinfo=None)
    shifts = _shifts(calendar, here.date(), -_DAY)
    while True:
        opens, closes = next(shifts)
        ends = min(closes, here)
        if span <= ends - opens:
            return ends - span
        span -= max(ends - opens, timedelta())


def _half_days(calendar: Calendar, local: datetime, length: int, rule: Rule) -> datetime:
    """Return the end of the `length`-th shift; the one that is under way counts unless the rule says otherwise."""
    here = local.replace(tzinfo=None)
    shifts = _shifts(calendar, here.date())
    opens, closes = next(shifts)
    while closes <= here or (length and rule.first_day_excluded and opens <= here):
        opens, closes = next(shifts)
    for _ in range(length - 1):
        _, closes = next(shifts)
    return closes


def _shift_end(calendar: Calendar, local: datetime, ends: int) -> datetime:
    """Return the so-many-th end of a shift after an instant, or before it if negative."""
    here = local.replace(tzinfo=None)
    left = abs(ends)
    shifts = _shifts(calendar, here.date(), _DAY if ends > 0 else -_DAY)
    while True:
        _, closes = next(shifts)
        left -= closes > here if ends > 0 else closes < here
        if not left:
            return closes


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
