"""Counting hours, days and working days: worked examples, and properties against a naive second counting."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models.calendars import Calendar, Skip, make_calendar
from models.counting import (
    MAX_LENGTH,
    Counted,
    Rule,
    Unit,
    after,
    count,
    end_of,
    legal_day,
    shift_days,
)

CALENDARS = Path(__file__).resolve().parents[2] / "policies" / "calendars"
STATUTORY = make_calendar(
    "statutory",
    [tomllib.loads(path.read_text(encoding="utf-8")) for path in (CALENDARS / "statutory").glob("*.toml")],
)
ALL_DAYS = make_calendar("all-days", [tomllib.loads((CALENDARS / "all-days.toml").read_text(encoding="utf-8"))])
CST = timezone(timedelta(hours=8))


def shanghai(day: str, clock: str = "09:30") -> datetime:
    """Make a UTC instant from a Shanghai day and time."""
    return datetime.fromisoformat(f"{day}T{clock}:00+08:00").astimezone(UTC)


instants = st.datetimes(datetime(2006, 1, 1), datetime(2025, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
wide_instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.integers(0, 90)
rules = st.builds(
    Rule,
    first_day_excluded=st.booleans(),
    roll_over=st.booleans(),
    end_of_day=st.sampled_from(["24:00", "17:30", "08:00"]),
)
units = st.sampled_from(list(Unit))


# --- worked examples ---


def test_sixty_days_from_an_acceptance_on_5_july_2026_end_with_3_september() -> None:
    counted = count(STATUTORY, shanghai("2026-07-05", "16:20"), 60, Unit.DAY)
    assert counted == Counted(
        at=shanghai("2026-09-04", "00:00"),
        day=date(2026, 9, 3),
        start=shanghai("2026-07-05", "16:20"),
        length=60,
        unit=Unit.DAY,
        calendar="statutory",
        calendar_version=STATUTORY.version,
        skipped=(),
        rolled=0,
        provisional=False,
    )


def test_five_working_days_across_national_day_2026_skip_seven_days_and_use_the_make_up_saturday() -> None:
    counted = count(STATUTORY, shanghai("2026-09-29"), 5, Unit.WORKING_DAY)
    # 30 September, then 8, 9, 10 (a Saturday, worked) and 12 October
    assert counted.day == date(2026, 10, 12)
    assert counted.skipped == (
        Skip(first=date(2026, 10, 1), last=date(2026, 10, 7), why="国庆节"),
        Skip(first=date(2026, 10, 11), last=date(2026, 10, 11), why="周末"),
    )
    assert not counted.provisional


def test_a_make_up_sunday_before_the_holiday_counts() -> None:
    counted = count(STATUTORY, shanghai("2026-09-18"), 2, Unit.WORKING_DAY)
    assert counted.day == date(2026, 9, 21)  # Sunday the 20th is worked
    assert counted.skipped == (Skip(first=date(2026, 9, 19), last=date(2026, 9, 19), why="周末"),)


def test_a_stretch_of_two_holidays_names_both() -> None:
    counted = count(STATUTORY, shanghai("2025-09-30"), 1, Unit.WORKING_DAY)
    assert counted.day == date(2025, 10, 9)
    assert counted.skipped == (Skip(first=date(2025, 10, 1), last=date(2025, 10, 8), why="国庆节、中秋节"),)


@pytest.mark.parametrize(("roll_over", "day", "rolled"), [(False, date(2026, 10, 1), 0), (True, date(2026, 10, 8), 7)])
def test_fifteen_days_that_end_on_a_holiday_roll_over_only_by_rule(day: date, rolled: int, *, roll_over: bool) -> None:
    counted = count(STATUTORY, shanghai("2026-09-16"), 15, Unit.DAY, Rule(roll_over=roll_over))
    assert (counted.day, counted.rolled, counted.provisional) == (day, rolled, False)


def test_twenty_working_days_from_15_december_2026_reach_into_an_unpublished_year() -> None:
    counted = count(STATUTORY, shanghai("2026-12-15"), 20, Unit.WORKING_DAY)
    assert counted.provisional
    assert counted.day == date(2027, 1, 12)  # plain weekends only, 2027-01-01 not yet known to be off


def test_an_inspection_item_is_due_the_same_evening_and_on_site_the_next_day_also_on_holidays() -> None:
    evening = Rule(end_of_day="22:00")
    received = shanghai("2026-10-02", "15:00")
    same_evening = count(ALL_DAYS, received, 0, Unit.WORKING_DAY, evening)
    assert same_evening.at == shanghai("2026-10-02", "22:00")
    assert count(ALL_DAYS, received, 1, Unit.WORKING_DAY).day == date(2026, 10, 3)
    late = count(ALL_DAYS, shanghai("2026-10-02", "22:00"), 0, Unit.DAY, evening)
    assert late.at == shanghai("2026-10-03", "22:00")


def test_no_working_days_on_a_holiday_end_with_the_next_working_day() -> None:
    counted = count(STATUTORY, shanghai("2026-10-05"), 0, Unit.WORKING_DAY)
    assert counted.day == date(2026, 10, 8)
    assert counted.skipped == (Skip(first=date(2026, 10, 5), last=date(2026, 10, 7), why="国庆节"),)


def test_hours_are_elapsed_time_without_a_legal_day() -> None:
    counted = count(STATUTORY, shanghai("2026-12-31", "23:00"), 48, Unit.HOUR)
    assert counted.at == shanghai("2027-01-02", "23:00")
    assert (counted.day, counted.skipped, counted.rolled, counted.provisional) == (None, (), 0, False)


def test_the_first_day_counts_where_the_rule_says_so() -> None:
    rule = Rule(first_day_excluded=False)
    assert count(STATUTORY, shanghai("2026-11-23"), 1, Unit.DAY, rule).day == date(2026, 11, 23)
    assert count(STATUTORY, shanghai("2026-11-23"), 5, Unit.WORKING_DAY, rule).day == date(2026, 11, 27)
    assert count(STATUTORY, shanghai("2026-11-21"), 1, Unit.WORKING_DAY, rule).day == date(2026, 11, 23)


def test_the_legal_day_changes_at_midnight_in_shanghai() -> None:
    assert legal_day(datetime(2026, 7, 5, 15, 59, 59, tzinfo=UTC)) == date(2026, 7, 5)
    assert legal_day(datetime(2026, 7, 5, 16, 0, tzinfo=UTC)) == date(2026, 7, 6)
    assert end_of(date(2026, 7, 5)) == datetime(2026, 7, 5, 16, 0, tzinfo=UTC)
    assert end_of(date(2026, 7, 5), Rule(end_of_day="17:30")) == datetime(2026, 7, 5, 9, 30, tzinfo=UTC)


def test_summer_time_in_shanghai_before_1992_keeps_days_whole() -> None:
    assert end_of(date(1988, 7, 1)) == datetime(1988, 7, 1, 15, 0, tzinfo=UTC)
    moved = shift_days(STATUTORY, end_of(date(1988, 4, 1)), 90, Unit.DAY)
    assert moved == end_of(date(1988, 6, 30))


def test_an_instant_of_another_zone_is_kept_as_utc() -> None:
    counted = count(STATUTORY, datetime(2026, 7, 5, 9, 0, tzinfo=CST), 1, Unit.DAY)
    assert counted.start.tzinfo is UTC
    assert counted.start == datetime(2026, 7, 5, 1, 0, tzinfo=UTC)


# --- unpublished years ---


@pytest.mark.parametrize(
    ("start", "length", "unit", "roll_over", "provisional"),
    [
        ("2026-12-15", 8, Unit.WORKING_DAY, False, False),  # ends on 25 December
        (
            "2026-12-15",
            10,
            Unit.WORKING_DAY,
            False,
            True,
        ),  # the next notice may move 29 December
        ("2027-03-01", 1, Unit.WORKING_DAY, False, True),
        ("2003-12-20", 20, Unit.WORKING_DAY, False, True),
        ("2026-12-15", 60, Unit.DAY, False, False),
        ("2026-12-15", 60, Unit.DAY, True, True),
        ("2026-11-15", 30, Unit.DAY, True, False),
        ("2027-03-01", 400, Unit.HOUR, True, False),
    ],
)
def test_what_depends_on_an_unpublished_year_is_provisional_and_never_an_error(
    start: str, length: int, unit: Unit, *, roll_over: bool, provisional: bool
) -> None:
    counted = count(STATUTORY, shanghai(start), length, unit, Rule(roll_over=roll_over))
    assert counted.provisional is provisional


def test_rolling_over_into_days_the_next_notice_may_move_is_provisional() -> None:
    years = {year: table for year, table in STATUTORY.years.items() if year <= 2025}
    calendar = Calendar(name="statutory", years=years)
    counted = count(calendar, shanghai("2025-12-18"), 10, Unit.DAY, Rule(roll_over=True))
    assert counted.day == date(2025, 12, 29)  # from Sunday the 28th
    assert counted.provisional


@given(wide_instants, st.integers(0, 400), units, rules)
def test_in_a_campaign_nothing_is_provisional_skipped_or_rolled(
    start: datetime, length: int, unit: Unit, rule: Rule
) -> None:
    counted = count(ALL_DAYS, start, length, unit, rule)
    assert (counted.skipped, counted.rolled, counted.provisional) == ((), 0, False)
    if unit is Unit.WORKING_DAY:
        assert counted.day == count(ALL_DAYS, start, length, Unit.DAY, rule).day


# --- what is refused ---


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 7, 5, 9, 0)  # noqa: DTZ001
    for call in (
        lambda: count(STATUTORY, naive, 1, Unit.DAY),
        lambda: shift_days(STATUTORY, naive, 1, Unit.DAY),
        lambda: legal_day(naive),
    ):
        with pytest.raises(ValueError, match="naive"):
            call()


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_an_instant_outside_the_years_that_can_be_counted_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="outside 1900"):
        count(STATUTORY, datetime(year, 6, 1, tzinfo=UTC), 1, Unit.DAY)
    with pytest.raises(ValueError, match="outside 1900"):
        legal_day(datetime(year, 6, 1, tzinfo=UTC))


def test_a_day_that_cannot_end_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 1900"):
        end_of(date.max)


@pytest.mark.parametrize("length", [-1, MAX_LENGTH + 1])
def test_a_length_outside_its_bounds_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        count(STATUTORY, shanghai("2026-07-05"), length, Unit.DAY)


@pytest.mark.parametrize("days", [-MAX_LENGTH - 1, MAX_LENGTH + 1])
def test_an_offset_outside_its_bounds_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="offset"):
        shift_days(STATUTORY, shanghai("2026-07-05"), days, Unit.DAY)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("year", [1900, 9000])
def test_the_longest_count_and_offset_stay_inside_what_a_date_can_hold(year: int, unit: Unit) -> None:
    start = datetime(year, 1, 2, tzinfo=UTC)
    assert count(STATUTORY, start, MAX_LENGTH, unit).at > start
    assert shift_days(STATUTORY, start, MAX_LENGTH, unit) > start
    assert shift_days(STATUTORY, start, -MAX_LENGTH, unit) < start


@pytest.mark.parametrize("clock", ["", "25:00", "24:01", "00:00", "9:00", "17:60", "17:30:00"])
def test_a_day_cannot_end_at_a_time_that_is_none(clock: str) -> None:
    with pytest.raises(ValueError, match="end_of_day"):
        Rule(end_of_day=clock)


# --- properties ---


def naive_works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def naive_due(start: datetime, length: int, unit: Unit, rule: Rule) -> datetime:
    """Count by moving a finger along a wall calendar, knowing nothing of the implementation."""
    here = start.astimezone(CST)
    day = here.date()
    hour, minute = map(int, rule.end_of_day.split(":"))
    minutes_open = hour * 60 + minute - here.hour * 60 - here.minute
    counted = 0
    if length == 0 or not rule.first_day_excluded:
        still_open = minutes_open > 0
        if still_open and (unit is Unit.DAY or naive_works(day)):
            counted = 1
    while counted < max(length, 1):
        day = day + timedelta(days=1)
        if unit is Unit.DAY or naive_works(day):
            counted += 1
    while unit is Unit.DAY and rule.roll_over and not naive_works(day):
        day = day + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=CST)
    return midnight + timedelta(hours=hour, minutes=minute)


@given(instants, lengths, st.sampled_from([Unit.DAY, Unit.WORKING_DAY]), rules)
@example(shanghai("2018-12-28"), 1, Unit.WORKING_DAY, Rule())
@example(shanghai("2026-09-29"), 15, Unit.WORKING_DAY, Rule())
def test_counting_agrees_with_a_naive_second_counting(start: datetime, length: int, unit: Unit, rule: Rule) -> None:
    counted = count(STATUTORY, start, length, unit, rule)
    assert counted.at == naive_due(start, length, unit, rule)
    assert counted.day is not None
    assert counted.at == end_of(counted.day, rule)
    assert not counted.provisional


@given(wide_instants, st.integers(0, 400), units, rules)
def test_a_longer_time_never_ends_earlier(start: datetime, length: int, unit: Unit, rule: Rule) -> None:
    shorter = count(STATUTORY, start, length, unit, rule)
    longer = count(STATUTORY, start, length + 1, unit, rule)
    assert shorter.at <= longer.at
    assert start < longer.at


@given(wide_instants, lengths, units, rules, st.timedeltas(timedelta(), timedelta(days=20)))
def test_who_starts_later_is_never_due_earlier(
    start: datetime, length: int, unit: Unit, rule: Rule, wait: timedelta
) -> None:
    first = count(STATUTORY, start, length, unit, rule)
    assert first.at <= count(STATUTORY, start + wait, length, unit, rule).at


@given(wide_instants, st.integers(1, 400), st.sampled_from([Unit.DAY, Unit.WORKING_DAY]))
def test_the_first_day_is_excluded_unless_the_rule_counts_it(start: datetime, length: int, unit: Unit) -> None:
    excluded = count(STATUTORY, start, length, unit)
    included = count(STATUTORY, start, length, unit, Rule(first_day_excluded=False))
    assert excluded.day is not None
    assert included.day is not None
    if unit is Unit.DAY or STATUTORY.works(legal_day(start)):
        one_more = count(STATUTORY, start, length + 1, unit, Rule(first_day_excluded=False))
        assert excluded.day == one_more.day
        assert included.day < excluded.day
    else:
        assert included.day == excluded.day


@given(wide_instants, lengths, rules)
def test_working_days_never_end_on_a_day_off_and_every_day_is_counted_or_skipped(
    start: datetime, length: int, rule: Rule
) -> None:
    counted = count(STATUTORY, start, length, Unit.WORKING_DAY, rule)
    assert counted.day is not None
    assert STATUTORY.works(counted.day)
    off = sum((skip.last - skip.first).days + 1 for skip in counted.skipped)
    for skip in counted.skipped:
        stretch = [skip.first + timedelta(days=n) for n in range((skip.last - skip.first).days + 1)]
        assert not any(STATUTORY.works(day) for day in stretch)
        assert set(skip.why.split("、")) <= {STATUTORY.why_off(day) for day in stretch}
        assert legal_day(start) <= skip.first <= skip.last < counted.day
    first = counted.day - timedelta(days=off + max(length, 1) - 1)
    assert first - legal_day(start) in (timedelta(), timedelta(days=1))


@given(wide_instants, lengths, st.sampled_from(["24:00", "17:30"]))
def test_rolling_over_moves_to_the_next_working_day_and_no_further(start: datetime, length: int, clock: str) -> None:
    plain = count(STATUTORY, start, length, Unit.DAY, Rule(end_of_day=clock))
    rolled = count(STATUTORY, start, length, Unit.DAY, Rule(end_of_day=clock, roll_over=True))
    assert plain.day is not None
    assert rolled.day is not None
    assert not plain.provisional
    assert rolled.day - plain.day == timedelta(days=rolled.rolled)
    assert STATUTORY.works(rolled.day)
    assert not any(STATUTORY.works(plain.day + timedelta(days=n)) for n in range(rolled.rolled))


@given(wide_instants, lengths, units, rules)
def test_a_derivation_survives_its_own_json(start: datetime, length: int, unit: Unit, rule: Rule) -> None:
    counted = count(STATUTORY, start, length, unit, rule)
    assert Counted.model_validate_json(counted.model_dump_json()) == counted


# --- offsets ---


@pytest.mark.parametrize(
    ("due", "days", "shifted"),
    [
        ("2026-11-28", -1, "2026-11-27"),  # Friday 24:00 → Thursday 24:00
        ("2026-11-28", 3, "2026-12-03"),  # Friday 24:00 → Wednesday 24:00
        ("2026-11-30", -1, "2026-11-28"),  # Sunday 24:00 → Friday 24:00
        ("2026-11-30", 1, "2026-12-01"),  # Sunday 24:00 → Monday 24:00
        ("2026-10-09", -1, "2026-10-01"),  # 8 October 24:00 → 30 September 24:00
        ("2026-11-30", 0, "2026-11-30"),
    ],
)
def test_working_days_before_and_after_a_day_s_end_are_days_ends(due: str, days: int, shifted: str) -> None:
    moved = shift_days(STATUTORY, shanghai(due, "00:00"), days, Unit.WORKING_DAY)
    assert moved == shanghai(shifted, "00:00")


def test_an_offset_keeps_the_time_of_day() -> None:
    at = shanghai("2026-09-30", "17:30")
    assert shift_days(STATUTORY, at, 1, Unit.WORKING_DAY) == shanghai("2026-10-08", "17:30")
    assert shift_days(STATUTORY, at, 1, Unit.DAY) == shanghai("2026-10-01", "17:30")
    assert shift_days(STATUTORY, at, -2, Unit.HOUR) == shanghai("2026-09-30", "15:30")
    assert shift_days(ALL_DAYS, at, 1, Unit.WORKING_DAY) == shanghai("2026-10-01", "17:30")


@given(wide_instants, st.integers(-60, 60), units)
def test_an_offset_there_and_back_returns(at: datetime, days: int, unit: Unit) -> None:
    assume(at.year > 1992)  # summer time can swallow an hour
    if unit is Unit.WORKING_DAY:
        assume(STATUTORY.works(legal_day(at - timedelta(microseconds=1))))
    if unit is Unit.WORKING_HOUR:  # from one moment inside a shift to another
        at = after(STATUTORY, at, timedelta(minutes=17), unit)
    if unit is Unit.HALF_DAY:  # from the end of one shift to another
        at = shift_days(STATUTORY, at, 1, unit)
    assert shift_days(STATUTORY, shift_days(STATUTORY, at, days, unit), -days, unit) == at


@given(instants, st.integers(1, 60), st.integers(1, 30))
def test_so_many_working_days_after_a_due_instant_is_the_time_counted_so_much_longer(
    start: datetime, length: int, more: int
) -> None:
    due = count(STATUTORY, start, length, Unit.WORKING_DAY)
    later = count(STATUTORY, start, length + more, Unit.WORKING_DAY)
    assert shift_days(STATUTORY, due.at, more, Unit.WORKING_DAY) == later.at
    assert shift_days(STATUTORY, later.at, -more, Unit.WORKING_DAY) == due.at


@settings(max_examples=20)
@given(wide_instants, st.integers(0, 400), units)
def test_the_same_question_gets_the_same_answer(start: datetime, length: int, unit: Unit) -> None:
    assert count(STATUTORY, start, length, unit) == count(STATUTORY, start, length, unit)
