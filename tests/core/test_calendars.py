"""The calendar tables against two libraries, day by day, and what a calendar answers without a table."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from pydantic import ValidationError

from models.calendars import Calendar, Year, make_calendar, parse_year
from tests.core import make_calendars

ROOT = Path(__file__).resolve().parents[2]
CALENDARS = ROOT / "policies" / "calendars"
FIRST, LAST = 2004, 2026

# Every day on which chinesecalendar 1.11.0 and holidays 0.109 answer differently, and who is right. The notice for
# 2006 made up for 2006-01-03 on Saturday 2005-12-31: holidays has it, chinesecalendar has only
# the day off it was worked for.
LIBRARIES_DIFFER = {date(2005, 12, 31): "holidays is right: worked by the notice for 2006"}


def documents() -> list[dict[str, object]]:
    return [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((CALENDARS / "statutory").glob("*.toml"))
    ]


@cache
def statutory() -> Calendar:
    return make_calendar("statutory", documents())


@cache
def all_days() -> Calendar:
    return make_calendar("all-days", [tomllib.loads((CALENDARS / "all-days.toml").read_text(encoding="utf-8"))])


def days(first: int, last: int) -> Iterator[date]:
    day = date(first, 1, 1)
    while day.year <= last:
        yield day
        day += timedelta(days=1)


def a_year(**changes: object) -> dict[str, object]:
    return {
        "year": 2030,
        "source": "通知",
        "version": "1",
        "off": {"2030-10-01": "国庆节"},
        "work": {"2030-10-12": "国庆节"},
    } | changes


def test_every_year_from_2004_to_2026_has_a_table_with_its_notice() -> None:
    assert sorted(statutory().years) == list(range(FIRST, LAST + 1))
    for year, table in statutory().years.items():
        assert table.source.startswith(f"国务院办公厅关于{year}年部分节假日安排的通知")


@cache
def china() -> holidays.HolidayBase:
    # The notice for a year may move days of the December before, so one year more is asked for.
    return holidays.country_holidays("CN", years=range(FIRST, LAST + 2))


def test_the_two_libraries_answer_differently_on_the_days_named_and_no_others() -> None:
    compared = list(days(FIRST, LAST))
    assert len(compared) == (date(LAST, 12, 31) - date(FIRST, 1, 1)).days + 1 == 8401
    differing = {day for day in compared if chinese_calendar.is_workday(day) != china().is_working_day(day)}
    assert differing == set(LIBRARIES_DIFFER)


def test_every_day_of_the_tables_agrees_with_both_libraries_where_they_agree() -> None:
    for day in days(FIRST, LAST):
        if day not in LIBRARIES_DIFFER:
            answers = {statutory().works(day), chinese_calendar.is_workday(day), china().is_working_day(day)}
            assert len(answers) == 1, day


def test_where_the_libraries_differ_the_tables_follow_the_one_that_has_the_notice() -> None:
    for day, why in LIBRARIES_DIFFER.items():
        assert why.startswith("holidays is right")
        assert statutory().works(day) is china().is_working_day(day) is not chinese_calendar.is_workday(day)


def test_every_make_up_day_is_one_in_both_libraries_and_both_ways() -> None:
    ours = set(statutory().days_made_up)
    assert ours == {day for day in china().weekend_workdays if FIRST <= day.year <= LAST}
    assert ours == set(chinese_calendar.constants.workdays) | set(LIBRARIES_DIFFER)
    assert all(day.weekday() >= 5 for day in ours)
    per_year = {year: sum(day.year == year for day in ours) for year in range(FIRST, LAST + 1)}
    assert min(per_year.values()) >= 3  # there has been no year without 调休
    assert per_year[2026] == 6


def test_every_make_up_day_is_named_for_the_holiday_the_library_gives() -> None:
    names = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
    for day, name in statutory().days_made_up.items():
        if day in LIBRARIES_DIFFER:
            assert name == "元旦"
            continue
        chinese = chinese_calendar.Holiday(chinese_calendar.constants.workdays[day]).chinese
        assert name == names.get(chinese, chinese)


def test_every_day_off_that_was_swapped_was_worked_for_on_a_make_up_day_of_the_tables() -> None:
    swapped = {
        day: datetime.strptime(found[1], "%m/%d/%Y").date()  # noqa: DTZ007
        for day, name in china().items()
        if FIRST <= day.year <= LAST and (found := re.fullmatch(r"Day off \(substituted from (.*)\)", name))
    }
    assert len(swapped) > 100
    for day, worked in swapped.items():
        assert day in statutory().days_off, day
        assert worked in statutory().days_made_up, (day, worked)


def test_every_weekday_off_has_the_name_the_library_gives_it() -> None:
    names = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
    for day, name in statutory().days_off.items():
        known = chinese_calendar.constants.holidays[day]
        chinese = chinese_calendar.Holiday(known).chinese
        assert name == names.get(chinese, chinese)


def test_the_tables_are_what_the_generator_writes() -> None:
    for year in make_calendars.years():
        written = (CALENDARS / "statutory" / f"{year}.toml").read_text(encoding="utf-8")
        assert written == make_calendars.render(year)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 10, 1), "国庆节"),
        (date(2026, 10, 3), "周末"),
        (date(2026, 10, 8), None),
        (date(2026, 10, 10), None),  # a Saturday made up for
        (date(2026, 10, 11), "周末"),
        (date(2015, 9, 3), "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        (date(2018, 12, 31), "元旦"),  # moved by the notice for 2019
        (date(2027, 1, 1), None),  # no table: plain weekends
        (date(2027, 1, 2), "周末"),
    ],
)
def test_a_day_off_says_why(day: date, why: str | None) -> None:
    assert statutory().why_off(day) == why
    assert statutory().works(day) is (why is None)


def test_days_moved_by_the_next_notice_are_open_until_it_is_there() -> None:
    calendar = statutory()
    assert calendar.published(date(2004, 1, 1))
    assert calendar.published(date(2025, 12, 31))
    assert calendar.published(date(2026, 12, 28))
    assert not calendar.published(date(2026, 12, 29))
    assert not calendar.published(date(2027, 1, 1))
    assert not calendar.published(date(2003, 12, 31))
    early = make_calendar("statutory", [each for each in documents() if each["year"] != 2019])
    moved = early.days_off.keys() ^ calendar.days_off.keys() | (
        early.days_made_up.keys() ^ calendar.days_made_up.keys()
    )
    assert {day for day in moved if day.year == 2018} == {date(2018, 12, 29), date(2018, 12, 31)}
    assert not any(early.published(day) for day in moved)


def test_no_notice_reached_further_back_than_the_29th_of_december() -> None:
    back = [day for table in statutory().years.values() for day in (*table.off, *table.work) if day.year < table.year]
    assert min(day.day for day in back) == 29
    assert len(back) == 8


@pytest.mark.parametrize(
    ("first", "last", "published"),
    [
        (date(2026, 1, 1), date(2026, 12, 28), True),
        (date(2025, 12, 30), date(2026, 1, 5), True),
        (date(2026, 12, 1), date(2026, 12, 29), False),
        (date(2026, 12, 1), date(2027, 1, 5), False),
        (date(2003, 12, 1), date(2004, 1, 5), False),
    ],
)
def test_a_stretch_is_published_when_each_of_its_days_is(first: date, last: date, *, published: bool) -> None:
    assert statutory().published_between(first, last) is published
    each = (statutory().published(first + timedelta(days=n)) for n in range((last - first).days + 1))
    assert all(each) is published


def test_in_a_campaign_every_day_works_and_is_published() -> None:
    calendar = all_days()
    for day in (date(2026, 10, 1), date(2026, 11, 22), date(2027, 1, 2), date(1999, 1, 1)):
        assert calendar.works(day)
        assert calendar.why_off(day) is None
        assert calendar.published(day)
    assert calendar.published_between(date(1999, 1, 1), date(2100, 1, 1))


def test_the_version_depends_on_the_content_alone() -> None:
    version = statutory().version
    assert len(version) == 16
    assert make_calendar("statutory", reversed(documents())).version == version
    assert make_calendar("statutory", documents()[:-1]).version != version
    assert make_calendar("statutory", [*documents()[:-1], documents()[-1] | {"off": {}}]).version != version
    assert all_days().version != make_calendar("all-days", []).version


def test_a_calendar_survives_its_own_json() -> None:
    again = Calendar.model_validate_json(statutory().model_dump_json())
    assert again == statutory()
    assert again.version == statutory().version


def test_the_highest_version_of_a_year_counts_whatever_the_order() -> None:
    corrected = [a_year(version="10", off={}), a_year(version="9"), a_year()]
    for order in (corrected, corrected[::-1]):
        calendar = make_calendar("statutory", order)
        assert calendar.years[2030].version == "10"
        assert calendar.works(date(2030, 10, 1))


def test_the_same_version_of_a_year_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="is there twice"):
        make_calendar("statutory", [a_year(), a_year(source="另一通知")])


def test_a_calendar_without_tables_knows_weekends_only() -> None:
    calendar = make_calendar("statutory", [])
    assert calendar.works(date(2026, 10, 1))
    assert not calendar.works(date(2026, 10, 3))
    assert not calendar.published(date(2026, 10, 1))


@pytest.mark.parametrize(
    "broken",
    [
        {"year": "twenty"},
        {"year": 1900},
        {"source": ""},
        {"version": "0"},
        {"version": "1a"},
        {"off": {"2030-10-05": "国庆节"}},  # a Saturday
        {"off": {"2031-01-01": "元旦"}},  # the next year
        {"off": {"2029-11-30": "元旦"}},  # before the December before
        {"off": {"2030-13-01": "元旦"}},
        {"off": {"2030-10-01": ""}},
        {"work": {"2030-10-10": "国庆节"}},  # a Thursday
        {"work": ["2030-10-12"]},
        {"worked": {}},
    ],
)
def test_a_broken_table_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        parse_year(a_year(**broken))


def test_a_table_may_name_days_of_the_december_before() -> None:
    table = parse_year(a_year(off={"2029-12-31": "元旦"}, work={"2029-12-29": "元旦"}))
    assert table.off == {date(2029, 12, 31): "元旦"}


def test_a_table_under_another_year_is_refused() -> None:
    with pytest.raises(ValidationError, match="is listed under 2031"):
        Calendar(name="statutory", years={2031: Year.model_validate(a_year())})


@pytest.mark.parametrize(
    "broken",
    [
        [{"every_day": True, "source": "安排"}, a_year()],
        [{"every_day": False, "source": "安排"}],
        [{"every_day": True}],
        [{"every_day": True, "source": "安排", "year": 2026}],
    ],
)
def test_a_broken_every_day_document_is_refused(broken: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"every_day|source|year"):
        make_calendar("all-days", broken)
