"""What of a day is worked: shifts, a bureau's own week, and orders by which every day of a stretch is worked."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.calendars import ORDINARY, RESTING, WEEKEND, AllDays, Calendar, Skip, make_calendar
from tests.core.test_calendars import a_year, all_days, statutory

ORDER = AllDays(first=date(2026, 9, 28), last=date(2026, 10, 18), order="县督改〔2026〕9号")
OPEN = AllDays(first=date(2028, 1, 1), last=None, order="县督改〔2028〕1号")
SATURDAY_MORNINGS = {
    "source": "本局作息规定",
    "shifts": [["08:00", "12:00"], ["14:30", "18:00"]],
    "weekdays": {"1": [], "6": [["09:00", "11:30"]]},
}


def bureau(**changes: object) -> Calendar:
    tables = [table.model_dump(mode="json") for table in statutory().years.values()]
    return make_calendar("bureau", [*tables, SATURDAY_MORNINGS | changes])


def hours(*clock: float) -> tuple[tuple[timedelta, timedelta], ...]:
    times = [timedelta(hours=each) for each in clock]
    return tuple(zip(times[::2], times[1::2], strict=True))


def test_a_working_day_has_two_shifts_where_nobody_settled_others() -> None:
    assert statutory().shifts == ORDINARY
    assert statutory().shifts_on(date(2026, 10, 8)) == hours(8.5, 12, 14, 17.5)
    assert statutory().shifts_on(date(2026, 10, 1)) == ()
    assert statutory().shifts_on(date(2026, 10, 10)) == hours(8.5, 12, 14, 17.5)  # a Saturday made up for
    assert all_days().shifts_on(date(2026, 10, 3)) == hours(8.5, 12, 14, 17.5)


@pytest.mark.parametrize(
    ("day", "shifts", "why"),
    [
        (date(2026, 11, 28), hours(9, 11.5), None),  # an ordinary Saturday
        (date(2026, 11, 29), (), WEEKEND),
        (date(2026, 11, 30), (), RESTING),  # a Monday
        (date(2026, 12, 1), hours(8, 12, 14.5, 18), None),
        (date(2026, 10, 10), hours(8, 12, 14.5, 18), None),  # made up for: a whole day, not a morning
        (date(2026, 10, 3), (), "国庆节"),  # a Saturday within the holiday
        (date(2026, 6, 20), (), "端午节"),  # a Saturday that joins the holiday's Friday
        (date(2026, 4, 4), (), "清明节"),  # one that is joined by the holiday's Monday
        (date(2026, 10, 5), (), "国庆节"),  # a Monday, off anyway
        (date(2025, 1, 4), hours(9, 11.5), None),  # New Year's Day was a Wednesday: the Saturday is its own
    ],
)
def test_a_bureau_that_works_on_saturday_mornings_and_rests_on_mondays(
    day: date, shifts: tuple[tuple[timedelta, timedelta], ...], why: str | None
) -> None:
    calendar = bureau()
    assert calendar.shifts_on(day) == shifts
    assert calendar.works(day) is bool(shifts)
    assert calendar.why_off(day) == why


def test_shifts_belong_to_the_content_of_a_calendar() -> None:
    assert bureau().version != make_calendar("bureau", [dict(SATURDAY_MORNINGS)]).version
    assert bureau().version != bureau(weekdays={}).version != bureau(weekdays={}, shifts=[["08:00", "12:00"]]).version
    again = Calendar.model_validate_json(bureau().model_dump_json())
    assert (again, again.version) == (bureau(), bureau().version)


@pytest.mark.parametrize(
    "broken",
    [
        {"shifts": []},
        {"shifts": [["12:00", "08:30"]]},
        {"shifts": [["08:30", "08:30"]]},
        {"shifts": [["08:30", "08:59"]]},
        {"shifts": [["08:30", "12:00"], ["11:59", "17:30"]]},
        {"shifts": [["14:00", "17:30"], ["08:30", "12:00"]]},
        {"shifts": [["22:00", "06:00"]]},
        {"shifts": [["8:30", "12:00"]]},
        {"shifts": [["08:30", "24:01"]]},
        {"shifts": [["08:30"]]},
        {"shifts": [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(13)]},
        {"weekdays": {"0": [["08:30", "12:00"]]}},
        {"weekdays": {"8": []}},
        {"weekdays": {str(day): [] for day in range(1, 6)}},
        {"source": ""},
    ],
)
def test_shifts_that_are_none_are_refused(broken: dict[str, object]) -> None:
    document = {"source": "本局作息规定", "shifts": [["08:30", "12:00"]]} | broken
    with pytest.raises(ValidationError):
        make_calendar("bureau", [document])


def test_a_week_stands_once_and_an_every_day_document_alone() -> None:
    with pytest.raises(ValueError, match="there twice"):
        make_calendar("bureau", [dict(SATURDAY_MORNINGS), dict(SATURDAY_MORNINGS)])
    with pytest.raises(ValueError, match="stands alone"):
        make_calendar("bureau", [{"source": "安排", "every_day": True, "shifts": [["00:00", "24:00"]]}, a_year()])
    night = make_calendar("night", [{"source": "安排", "every_day": True, "shifts": [["00:00", "24:00"]]}])
    assert night.shifts_on(date(2026, 10, 3)) == hours(0, 24)


# --- orders ---


def test_an_order_makes_every_day_of_its_stretch_a_working_day_and_leaves_the_others() -> None:
    calendar = statutory().under((ORDER,))
    assert [calendar.works(date(2026, 10, day)) for day in (1, 3, 11, 18)] == [True] * 4
    assert [calendar.works(date(2026, 9, day)) for day in (26, 27)] == [False] * 2
    assert not calendar.works(date(2026, 10, 24))
    assert calendar.shifts_on(date(2026, 10, 3)) == hours(8.5, 12, 14, 17.5)
    assert calendar.off_between(date(2026, 9, 20), date(2026, 10, 25)) == (
        Skip(first=date(2026, 9, 25), last=date(2026, 9, 27), why="中秋节"),
        Skip(first=date(2026, 10, 24), last=date(2026, 10, 25), why="周末"),
    )


def test_a_bureau_s_saturday_morning_stays_one_under_an_order_and_its_monday_is_worked() -> None:
    calendar = bureau().under((ORDER,))
    assert calendar.shifts_on(date(2026, 10, 17)) == hours(9, 11.5)
    assert calendar.shifts_on(date(2026, 10, 12)) == hours(8, 12, 14.5, 18)


def test_a_calendar_under_orders_is_made_once_and_keeps_its_version() -> None:
    base = statutory()
    ordered = base.under((ORDER,))
    assert ordered is base.under((ORDER.model_copy(),))
    assert ordered.version == base.version
    assert ordered.under((ORDER,)) is ordered
    assert base.under(()) is base
    assert ordered.under(()) == base
    assert ordered.under((OPEN,)).all_days == (OPEN,)
    assert all_days().under((ORDER,)) is all_days()


def test_a_calendar_with_a_further_table_knows_nothing_it_looked_up_before() -> None:
    early = make_calendar("statutory", [table.model_dump(mode="json") for table in statutory().years.values()][:-1])
    day = date(2026, 10, 8)
    before = early.under((OPEN,))
    assert before.working_day(date(2026, 10, 1), 0) == date(2026, 10, 1)
    assert not before.published(day)
    after = before.with_year(statutory().years[2026])
    assert after.working_day(date(2026, 10, 1), 0) == day
    assert after.published(day)
    assert after.all_days == (OPEN,)
    assert after.version == statutory().version != before.version
    assert early.with_year(statutory().years[2026]) == statutory()


def test_the_days_of_an_order_are_published_whatever_notice_is_missing() -> None:
    across = AllDays(first=date(2026, 12, 20), last=date(2027, 1, 10), order="跨年")
    base = statutory()
    calendar = base.under((OPEN, across))  # in any order
    assert not base.published(date(2026, 12, 30))
    assert calendar.published(date(2026, 12, 30))
    assert calendar.published_between(date(2026, 12, 1), date(2027, 1, 10))
    assert not calendar.published_between(date(2026, 12, 1), date(2027, 1, 11))
    assert not calendar.published(date(2027, 12, 31))
    assert calendar.published_between(date(2028, 1, 1), date(2040, 1, 1))
    assert not calendar.published_between(date(2027, 12, 31), date(2028, 1, 1))
    assert not calendar.published_between(date(2003, 12, 31), date(2028, 1, 1))


near = st.dates(date(2025, 6, 1), date(2028, 6, 1))
orders = st.lists(
    st.builds(
        lambda first, length: AllDays(
            first=first, last=None if length is None else first + timedelta(days=length), order="令"
        ),
        near,
        st.none() | st.integers(0, 400),
    ),
    max_size=3,
).map(tuple)


@given(orders, near, st.integers(0, 60))
def test_a_stretch_says_what_its_days_say(given_orders: tuple[AllDays, ...], first: date, length: int) -> None:
    calendar = statutory().under(given_orders)
    last = first + timedelta(days=length)
    stretch = [first + timedelta(days=number) for number in range(length + 1)]
    ordered = {day for day in stretch if any(each.covers(day) for each in given_orders)}
    assert [calendar.works(day) for day in stretch] == [day in ordered or statutory().works(day) for day in stretch]
    assert calendar.published_between(first, last) is all(
        day in ordered or statutory().published(day) for day in stretch
    )
    assert calendar.ordered_between(first, last) == tuple(
        each for each in given_orders if any(each.covers(day) for day in stretch)
    )
    off = [day for day in stretch if not calendar.works(day)]
    skips = calendar.off_between(first, last)
    assert off == [
        skip.first + timedelta(days=number) for skip in skips for number in range((skip.last - skip.first).days + 1)
    ]
    assert all(one.last + timedelta(days=1) < two.first for one, two in pairwise(skips))
    assert calendar.working_days_between(first, last) == sum(map(calendar.works, stretch[:-1]))


@given(near, st.integers(-300, 300))
def test_so_many_working_days_on_is_found_by_going_there(day: date, steps: int) -> None:
    step = timedelta(days=1 if steps >= 0 else -1)
    found, left = (day, steps) if steps >= 0 else (day + step, -steps - 1)
    while left or not statutory().works(found):
        left -= statutory().works(found)
        found += step
    assert statutory().working_day(day, steps) == found


def test_no_working_day_is_found_beyond_what_a_date_can_hold() -> None:
    with pytest.raises(ValueError, match="year"):
        statutory().working_day(date(9999, 12, 20), 30)
    with pytest.raises(ValueError, match="year"):
        statutory().working_day(date(1, 1, 10), -30)


def test_an_order_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        AllDays(first=date(2026, 10, 2), last=date(2026, 10, 1), order="令")
    assert AllDays(first=date(2026, 10, 2), last=date(2026, 10, 2), order="令").covers(date(2026, 10, 2))
