"""The calendar tables against two libraries, day by day, and what a calendar answers without a table."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
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

# The notice for 2006 moved Saturday 2005-12-31 to 2006-01-03; chinesecalendar 1.11.0 knows only the latter.
CHINESECALENDAR_DIFFERS = {date(2005, 12, 31): "worked by the notice for 2006, which the library lacks"}
HOLIDAYS_DIFFERS: dict[date, str] = {}


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


def test_every_day_agrees_with_chinesecalendar_but_for_the_days_named() -> None:
    differing = {day for day in days(FIRST, LAST) if statutory().works(day) != chinese_calendar.is_workday(day)}
    assert differing == set(CHINESECALENDAR_DIFFERS)


def test_every_day_agrees_with_holidays() -> None:
    china = holidays.country_holidays("CN", years=range(2006, LAST + 2))
    differing = {day for day in days(2006, LAST) if statutory().works(day) != china.is_working_day(day)}
    assert differing == set(HOLIDAYS_DIFFERS)


def test_the_one_day_missing_in_chinesecalendar_is_a_working_day_for_holidays_too() -> None:
    china = holidays.country_holidays("CN", years=(2005, 2006))
    assert [china.is_working_day(day) for day in CHINESECALENDAR_DIFFERS] == [True]


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
