"""Working hours, against counting minute by minute."""

from datetime import timedelta
from math import inf

import pytest

from adapters.forecasting.hours import DAY, Hours, check_spans
from models.counting import SHANGHAI
from tests.core.builders import calendars
from tests.forecast.setups import DESK_HOURS, ROUND_THE_CLOCK, START

MIDDAY = START + timedelta(hours=11, minutes=10)


def brute(calendar: str, days: int) -> list[bool]:
    """Whether somebody works, for every minute from a Monday's late morning on."""
    found = []
    for minute in range(days * 1440):
        local = (MIDDAY + timedelta(minutes=minute)).astimezone(SHANGHAI)
        within = any(first <= local.hour * 60 + local.minute < last for first, last in DESK_HOURS)
        found.append(within and calendars()[calendar].works(local.date()))
    return found


@pytest.mark.parametrize("calendar", ["statutory", "all-days"])
def test_hours_count_as_minute_by_minute(calendar: str) -> None:
    days = 60  # past 清明节 and 劳动节 with their make-up days
    minutes = brute(calendar, days)
    hours = Hours(calendars()[calendar], DESK_HOURS, MIDDAY, days)
    done = 0
    for minute, works in enumerate(minutes):
        if minute % 13 == 0:
            assert hours.worked(minute * 60.0) == done * 60.0
            following = next((later for later in range(minute, len(minutes)) if minutes[later]), None)
            if following is not None:
                assert hours.opening(minute * 60.0) == following * 60.0
        done += works
    for begin in range(0, 20 * 1440, 97):
        left, end = 300, begin
        while left:
            left -= minutes[end]
            end += 1
        assert hours.after(begin * 60.0, 300 * 60.0) == end * 60.0


def test_a_desk_that_never_closes_counts_time_itself() -> None:
    hours = Hours(calendars()["all-days"], ROUND_THE_CLOCK, START, 30)
    for moment, work in ((0.0, 0.0), (12_345.678, 0.001), (29 * DAY, DAY)):
        assert hours.after(moment, work) == moment + work
        assert hours.opening(moment) == moment


def test_when_nobody_works_any_more_it_is_never_done() -> None:
    hours = Hours(calendars()["statutory"], DESK_HOURS, START, 1)
    assert hours.opening(30 * DAY) == inf
    assert hours.after(30 * DAY, 1.0) == inf
    assert hours.after(0.0, 30 * DAY) == inf


@pytest.mark.parametrize("spans", [(), ((600, 600),), ((720, 510),), ((0, 1441),), ((510, 720), (700, 900))])
def test_a_working_day_that_cannot_be_is_refused(spans: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="时段"):
        check_spans(spans)
