"""Counted time: how much of a stretch counts and when so much is over; working hours and half days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models.calendars import AllDays, Calendar, Skip, make_calendar
from models.canonical import canonical
from models.counting import MAX_LENGTH, SHANGHAI, Counted, Rule, Unit, after, count, counted_between, shift_days
from tests.core.test_counting import ALL_DAYS, CST, STATUTORY, rules, shanghai

ORDER = AllDays(first=date(2026, 9, 28), last=date(2026, 10, 18), order="县督改〔2026〕9号")
LATER = AllDays(first=date(2030, 1, 1), last=None, order="县督改〔2030〕1号")
BUREAU = make_calendar(
    "bureau",
    [
        *(table.model_dump(mode="json") for table in STATUTORY.years.values()),
        {
            "source": "本局作息",
            "shifts": [["08:00", "12:00"], ["14:30", "18:00"]],
            "weekdays": {"6": [["09:00", "12:00"]]},
        },
    ],
)
NIGHTS = make_calendar("nights", [{"source": "值班", "shifts": [["00:00", "08:00"], ["16:00", "24:00"]]}])
ORDERED = STATUTORY.under((ORDER, LATER))

calendars = st.sampled_from([STATUTORY, ALL_DAYS, BUREAU, NIGHTS, ORDERED])
units = st.sampled_from(list(Unit))
shift_units = st.sampled_from([Unit.WORKING_HOUR, Unit.HALF_DAY])
# From 1992 on there is no summer time in Shanghai that could swallow an hour.
instants = st.datetimes(datetime(1993, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
around = st.datetimes(datetime(2026, 9, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(), timedelta(days=200))


@given(calendars, instants, spans, units)
@example(STATUTORY, shanghai("2026-10-01"), timedelta(), Unit.WORKING_DAY)
@example(NIGHTS, shanghai("2026-10-09", "20:00"), timedelta(hours=4), Unit.HALF_DAY)
def test_after_is_the_inverse_of_counted_between(calendar: Calendar, at: datetime, span: timedelta, unit: Unit) -> None:
    up = after(calendar, at, span, unit)
    assert counted_between(calendar, at, up, unit) == span
    if span:  # and a moment earlier it had not passed
        assert counted_between(calendar, at, up - timedelta(microseconds=1), unit) < span
    else:
        assert up == at


@given(calendars, instants, spans, spans, units)
def test_counted_time_adds_up(calendar: Calendar, at: datetime, one: timedelta, two: timedelta, unit: Unit) -> None:
    middle, end = at + one, at + one + two
    whole = counted_between(calendar, at, end, unit)
    assert counted_between(calendar, at, middle, unit) + counted_between(calendar, middle, end, unit) == whole
    assert whole <= one + two
    assert after(calendar, after(calendar, at, one, unit), two, unit) == after(calendar, at, one + two, unit)


@settings(max_examples=40)
@given(calendars, around, st.timedeltas(timedelta(), timedelta(days=4)), units)
def test_counted_time_is_what_a_walk_minute_by_minute_finds(
    calendar: Calendar, at: datetime, span: timedelta, unit: Unit
) -> None:
    at = at.replace(second=0, microsecond=0)
    minutes = int(span.total_seconds()) // 60
    counted = 0
    for minute in range(minutes):
        wall = at.astimezone(CST) + timedelta(minutes=minute)
        if unit in {Unit.HOUR, Unit.DAY}:
            counted += 1
        elif calendar.works(wall.date()):
            clock = timedelta(hours=wall.hour, minutes=wall.minute)
            shifts = [(timedelta(), timedelta(days=1))] if unit is Unit.WORKING_DAY else calendar.shifts_on(wall.date())
            counted += any(opens <= clock < closes for opens, closes in shifts)
    assert counted_between(calendar, at, at + timedelta(minutes=minutes), unit) == timedelta(minutes=counted)


@given(calendars, instants, spans, units)
def test_nothing_counts_backwards(calendar: Calendar, at: datetime, span: timedelta, unit: Unit) -> None:
    assert counted_between(calendar, at, at - span, unit) == timedelta()


def test_a_working_day_s_time_is_up_at_the_first_instant_of_the_next_day() -> None:
    friday = shanghai("2026-11-27", "00:00")
    assert after(STATUTORY, friday, timedelta(days=1), Unit.WORKING_DAY) == shanghai("2026-11-28", "00:00")
    assert after(STATUTORY, friday, timedelta(days=1, hours=1), Unit.WORKING_DAY) == shanghai("2026-11-30", "01:00")


def test_a_pause_over_the_national_day_counts_only_what_was_worked() -> None:
    since, until = shanghai("2026-09-30", "15:00"), shanghai("2026-10-08", "09:00")
    assert counted_between(STATUTORY, since, until, Unit.WORKING_DAY) == timedelta(hours=18)
    assert counted_between(STATUTORY, since, until, Unit.WORKING_HOUR) == timedelta(hours=3)
    assert counted_between(STATUTORY, since, until, Unit.DAY) == timedelta(days=7, hours=18)
    assert counted_between(ORDERED, since, until, Unit.WORKING_DAY) == timedelta(days=7, hours=18)


@pytest.mark.parametrize("span", [timedelta(microseconds=-1), timedelta(days=MAX_LENGTH, microseconds=1)])
def test_a_span_outside_its_bounds_is_refused(span: timedelta) -> None:
    with pytest.raises(ValueError, match="span"):
        after(STATUTORY, shanghai("2026-07-05"), span, Unit.DAY)


def test_a_naive_instant_has_no_counted_time() -> None:
    naive = datetime(2026, 7, 5, 9, 0)  # noqa: DTZ001
    for call in (
        lambda: after(STATUTORY, naive, timedelta(days=1), Unit.DAY),
        lambda: counted_between(STATUTORY, naive, shanghai("2026-07-05"), Unit.DAY),
        lambda: counted_between(STATUTORY, shanghai("2026-07-05"), naive, Unit.DAY),
    ):
        with pytest.raises(ValueError, match="naive"):
            call()


def test_time_that_is_never_up_is_told_and_not_looked_for_forever() -> None:
    seldom = make_calendar(
        "seldom",
        [{"source": "试", "shifts": [["08:00", "08:30"]], "weekdays": {str(day): [] for day in (2, 3, 4, 5)}}],
    )
    with pytest.raises(ValueError, match="does not fit"):
        count(seldom, datetime(8990, 1, 1, tzinfo=UTC), MAX_LENGTH, Unit.WORKING_HOUR)


# --- working hours ---


@pytest.mark.parametrize(
    ("start", "length", "at", "skipped"),
    [
        (("2026-11-23", "09:00"), 4, ("2026-11-23", "15:00"), ()),  # over lunch
        (("2026-11-27", "16:30"), 2, ("2026-11-30", "09:30"), ("周末",)),
        (("2026-11-28", "10:00"), 1, ("2026-11-30", "09:30"), ("周末",)),
        (("2026-11-27", "14:00"), 3, ("2026-11-27", "17:00"), ()),
        (("2026-09-30", "17:00"), 1, ("2026-10-08", "09:00"), ("国庆节",)),
        (("2026-10-03", "17:00"), 0, ("2026-10-03", "17:00"), ()),
        (("2026-11-27", "10:30"), 5, ("2026-11-27", "17:30"), ()),  # the end of a shift, not the next beginning
    ],
)
def test_working_hours_are_counted_within_the_shifts(
    start: tuple[str, str], length: int, at: tuple[str, str], skipped: tuple[str, ...]
) -> None:
    counted = count(STATUTORY, shanghai(*start), length, Unit.WORKING_HOUR)
    assert counted.at == shanghai(*at)
    assert tuple(skip.why for skip in counted.skipped) == skipped
    assert (counted.day, counted.rolled, counted.provisional) == (None, 0, False)


@given(calendars, instants, st.integers(0, 200))
def test_as_many_working_hours_as_were_asked_for_pass(calendar: Calendar, start: datetime, length: int) -> None:
    counted = count(calendar, start, length, Unit.WORKING_HOUR)
    assert counted_between(calendar, start, counted.at, Unit.WORKING_HOUR) == timedelta(hours=length)


# --- half days ---


@pytest.mark.parametrize(
    ("start", "length", "at", "first_day_excluded"),
    [
        (("2026-11-23", "09:00"), 1, ("2026-11-23", "17:30"), True),  # the morning it came in is not counted
        (("2026-11-23", "09:00"), 1, ("2026-11-23", "12:00"), False),
        (("2026-11-23", "13:00"), 1, ("2026-11-23", "17:30"), True),  # at noon no shift is under way
        (("2026-11-23", "12:00"), 1, ("2026-11-23", "17:30"), True),
        (("2026-11-23", "14:00"), 1, ("2026-11-24", "12:00"), True),  # the first moment of the afternoon is in it
        (("2026-11-23", "08:00"), 1, ("2026-11-23", "12:00"), True),
        (("2026-11-23", "18:00"), 2, ("2026-11-24", "17:30"), True),
        (("2026-11-27", "15:00"), 1, ("2026-11-30", "12:00"), True),
        (("2026-11-27", "15:00"), 1, ("2026-11-27", "17:30"), False),
        (("2026-11-27", "15:00"), 0, ("2026-11-27", "17:30"), True),  # the same half day
        (("2026-11-28", "15:00"), 0, ("2026-11-30", "12:00"), True),
        (("2026-09-30", "15:00"), 3, ("2026-10-09", "12:00"), True),
    ],
)
def test_half_days_end_with_a_shift(
    start: tuple[str, str], length: int, at: tuple[str, str], *, first_day_excluded: bool
) -> None:
    counted = count(STATUTORY, shanghai(*start), length, Unit.HALF_DAY, Rule(first_day_excluded=first_day_excluded))
    assert counted.at == shanghai(*at)
    assert counted.day is None


def test_a_shift_that_ends_at_midnight_belongs_to_the_day_it_ends() -> None:
    counted = count(NIGHTS, shanghai("2026-11-27", "09:00"), 1, Unit.HALF_DAY)
    assert counted.at == shanghai("2026-11-28", "00:00")  # Friday 24:00
    assert counted.skipped == ()
    assert shift_days(NIGHTS, counted.at, 1, Unit.HALF_DAY) == shanghai("2026-11-30", "08:00")
    assert shift_days(NIGHTS, shanghai("2026-11-30", "08:00"), -1, Unit.HALF_DAY) == counted.at


@given(calendars, around, st.integers(0, 60), shift_units, rules)
def test_within_shifts_every_day_off_is_named_and_only_those(
    calendar: Calendar, start: datetime, length: int, unit: Unit, rule: Rule
) -> None:
    assume(length or unit is Unit.HALF_DAY)
    counted = count(calendar, start, length, unit, rule)
    first, last = start.astimezone(CST).date(), (counted.at - timedelta(microseconds=1)).astimezone(CST).date()
    assert counted.skipped == calendar.off_between(first, last)
    assert counted.provisional is not calendar.published_between(first, last)


@given(calendars, around, st.integers(1, 40), rules)
def test_so_many_half_days_hold_so_many_whole_shifts(
    calendar: Calendar, start: datetime, length: int, rule: Rule
) -> None:
    counted = count(calendar, start, length, Unit.HALF_DAY, rule)
    wall, end = start.astimezone(CST), counted.at.astimezone(CST)
    whole = under_way = 0
    day = wall.date()
    while day <= end.date():
        midnight = datetime.combine(day, time(), CST)
        for opens, closes in calendar.shifts_on(day):
            if midnight + closes <= end:
                whole += midnight + opens > wall
                under_way += midnight + opens <= wall < midnight + closes
        day += timedelta(days=1)
    assert whole + (0 if rule.first_day_excluded else under_way) == length


@pytest.mark.parametrize(
    ("unit", "at", "offset", "to"),
    [
        (Unit.HALF_DAY, ("2026-11-27", "17:30"), -1, ("2026-11-27", "12:00")),
        (Unit.HALF_DAY, ("2026-11-30", "12:00"), -1, ("2026-11-27", "17:30")),
        (Unit.HALF_DAY, ("2026-11-27", "17:30"), 1, ("2026-11-30", "12:00")),
        (Unit.HALF_DAY, ("2026-11-27", "10:00"), 1, ("2026-11-27", "12:00")),
        (Unit.HALF_DAY, ("2026-11-27", "10:00"), 0, ("2026-11-27", "10:00")),
        (Unit.WORKING_HOUR, ("2026-11-30", "08:30"), -1, ("2026-11-27", "16:30")),
        (Unit.WORKING_HOUR, ("2026-11-30", "12:00"), -3, ("2026-11-30", "09:00")),
        (Unit.WORKING_HOUR, ("2026-11-29", "12:00"), -1, ("2026-11-27", "16:30")),
        (Unit.WORKING_HOUR, ("2026-11-27", "17:30"), 1, ("2026-11-30", "09:30")),
        (Unit.WORKING_HOUR, ("2026-11-28", "17:30"), 0, ("2026-11-28", "17:30")),
    ],
)
def test_an_offset_within_the_shifts(unit: Unit, at: tuple[str, str], offset: int, to: tuple[str, str]) -> None:
    assert shift_days(STATUTORY, shanghai(*at), offset, unit) == shanghai(*to)


@given(calendars, instants, st.integers(1, 60))
def test_so_many_working_hours_before_an_instant_is_the_last_moment_from_which_they_pass(
    calendar: Calendar, at: datetime, hours: int
) -> None:
    before = shift_days(calendar, at, -hours, Unit.WORKING_HOUR)
    assert counted_between(calendar, before, at, Unit.WORKING_HOUR) == timedelta(hours=hours)
    later = before + timedelta(microseconds=1)
    assert counted_between(calendar, later, at, Unit.WORKING_HOUR) < timedelta(hours=hours)


# --- orders ---


def test_a_count_tells_which_orders_decided_it_and_can_be_repeated_with_them() -> None:
    start = shanghai("2026-09-25")
    counted = count(ORDERED, start, 5, Unit.WORKING_DAY)
    assert counted.day == date(2026, 10, 2)
    assert counted.all_days == (ORDER,)
    assert counted.skipped == (Skip(first=date(2026, 9, 26), last=date(2026, 9, 27), why="周末"),)
    assert counted.calendar_version == STATUTORY.version
    assert count(STATUTORY.under(counted.all_days), start, 5, Unit.WORKING_DAY) == counted


@given(around, st.integers(0, 90), units, rules)
def test_every_count_under_orders_can_be_repeated_from_what_it_tells(
    start: datetime, length: int, unit: Unit, rule: Rule
) -> None:
    counted = count(ORDERED, start, length, unit, rule)
    again = count(STATUTORY.under(counted.all_days), start, length, unit, rule)
    assert again == counted
    assert Counted.model_validate_json(counted.model_dump_json()) == counted


@pytest.mark.parametrize(
    ("calendar", "length", "unit", "rule"),
    [
        (STATUTORY, 5, Unit.WORKING_DAY, Rule()),
        (ORDERED, 20, Unit.DAY, Rule()),  # plain days pass whatever is ordered
        (ORDERED, 3, Unit.DAY, Rule(roll_over=True)),  # ends on a working day before the order
        (ORDERED, 72, Unit.HOUR, Rule()),
        (ORDERED, 0, Unit.WORKING_HOUR, Rule()),
        (ALL_DAYS.under((ORDER,)), 5, Unit.WORKING_DAY, Rule()),
    ],
)
def test_an_order_without_effect_is_not_written(calendar: Calendar, length: int, unit: Unit, rule: Rule) -> None:
    counted = count(calendar, shanghai("2026-09-21"), length, unit, rule)
    assert counted.all_days == ()
    assert "all_days" not in canonical(counted.model_dump(mode="json", exclude_unset=True))


def test_a_day_that_would_roll_over_does_not_under_an_order() -> None:
    start, rule = shanghai("2026-09-16"), Rule(roll_over=True)
    assert count(STATUTORY, start, 15, Unit.DAY, rule).day == date(2026, 10, 8)
    counted = count(ORDERED, start, 15, Unit.DAY, rule)
    assert (counted.day, counted.rolled, counted.all_days) == (date(2026, 10, 1), 0, (ORDER,))


def test_the_wall_clock_of_shanghai_has_been_eight_hours_ahead_since_1992() -> None:
    assert datetime(1992, 1, 1, tzinfo=SHANGHAI).utcoffset() == timedelta(hours=8)
    assert {datetime(year, 7, 1, tzinfo=SHANGHAI).utcoffset() for year in range(1992, 2100)} == {timedelta(hours=8)}
