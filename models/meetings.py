"""When the meetings of a series are: the day that the rule names, or the next working day, at an hour. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from models.calendars import Calendar
from models.counting import SHANGHAI, legal_day
from models.meeting_values import Series
from models.policy_rows import Dispatching

_LETTERS = {Series.WEEKLY: "DW", Series.MONTHLY: "DM"}


class Meeting(NamedTuple):
    """A meeting: of which series, the day that the rule names, the day it meets on, and the instant its pack is due."""

    series: Series
    for_day: date
    meets_on: date
    at: datetime

    @property
    def number(self) -> str:
        """Its number: there is one for each named day, so that it is made once however often it is asked for."""
        return number_of(self.series, self.for_day)


def number_of(series: Series, for_day: date) -> str:
    """Return the number of the meeting for a named day: ``DW20261130``, ``DM20261201``."""
    return f"{_LETTERS[series]}{for_day:%Y%m%d}"


def named(rule: Dispatching, series: Series, day: date) -> bool:
    """Tell whether the rule of a series names a day."""
    return day.isoweekday() == rule.weekday if series is Series.WEEKLY else day.day == rule.day


def meeting(rule: Dispatching, series: Series, calendar: Calendar, for_day: date) -> Meeting:
    """Return the meeting for a named day."""
    meets_on = calendar.working_day(for_day, 0)
    at = datetime.combine(meets_on, time.fromisoformat(rule.at), SHANGHAI).astimezone(UTC)
    return Meeting(series, for_day, meets_on, at)


def due(rule: Dispatching, series: Series, calendar: Calendar, now: datetime) -> Meeting:
    """Return the latest meeting whose pack is due: what an outage kept from being made is in it, once."""
    day = legal_day(now)
    while True:
        if named(rule, series, day) and (found := meeting(rule, series, calendar, day)).at <= now:
            return found
        day -= timedelta(days=1)


def coming(rule: Dispatching, series: Series, calendar: Calendar, now: datetime) -> Meeting:
    """Return the next meeting whose pack is not due yet."""
    return following(rule, series, calendar, due(rule, series, calendar, now))


def following(rule: Dispatching, series: Series, calendar: Calendar, last: Meeting) -> Meeting:
    """Return the meeting after one: that of the next named day that is due later."""
    day = last.for_day
    while True:
        day += timedelta(days=1)
        if named(rule, series, day) and (found := meeting(rule, series, calendar, day)).at > last.at:
            return found


def preceding(rule: Dispatching, series: Series, calendar: Calendar, first: Meeting) -> Meeting:
    """Return the meeting before one: where the period of the first of a series begins."""
    return due(rule, series, calendar, first.at - timedelta(seconds=1))


def put_off(rule: Dispatching, series: Series, calendar: Calendar, now: datetime) -> Meeting | None:
    """Return the meeting whose named day is here but that meets later, for nobody works on that day; None for none."""
    found = coming(rule, series, calendar, now)
    return found if found.for_day <= legal_day(now) else None
