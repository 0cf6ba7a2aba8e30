"""Calendars as pages: a year's days, and a table checked, rehearsed on the open cases and taken in."""

import re
from html import unescape

import pytest

from adapters import queries
from adapters.shipping import ship
from models.vocabulary import Status
from tests.web.conftest import Browser, Console

NEXT = """year = 2027
source = "国办发明电〔2026〕9号（虚构）"
version = "1"

[off]
2027-01-01 = "元旦"

[work]
2027-01-03 = "元旦"
"""


async def choose(browser: Browser, name: str, content: bytes, calendar: str = "statutory") -> Browser:
    """Choose a file and have it rehearsed."""
    mark = {"csrf": await browser.mark(), "calendar": calendar}
    files = {"file": (name, content)} if name else None
    browser.answer = await browser.client.post("/admin/calendars", data=mark, files=files)
    return browser


def carried(browser: Browser) -> dict[str, str]:
    """What the page that told what a file means sends on."""
    (form,) = (each for each in re.findall(r"<form.*?</form>", browser.html, re.DOTALL) if 'name="carried"' in each)
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


async def test_a_year_is_shown_day_by_day_and_a_year_to_come_as_provisional(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars?year=2026")
    assert browser.html.count('<table class="month">') == 12
    assert 'title="元旦"' in browser.html
    assert "休" in browser.words
    await browser.go("/admin/calendars?year=2031")
    assert "待国办通知" in browser.words
    for strange in ("²", "9" * 5000, "-1", "0000"):
        assert (await browser.go(f"/admin/calendars?year={strange}")).answer.status_code == 200
    await browser.go("/admin/calendars?name=none")
    assert browser.answer.status_code == 404


async def test_a_table_is_rehearsed_first_and_then_taken_in_through_the_door(console: Console) -> None:
    console.office.desk.moments.at = console.office.desk.moments.at.replace(year=2026, month=12, day=21)  # type: ignore[attr-defined]
    ship(console.office.desk.door)  # as every installation begins
    case = console.office.a_case(Status.REGISTERED)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", NEXT.encode())
    assert browser.answer.status_code == 200
    assert "平日放假 1 天，周末上班 1 天" in browser.words
    assert "件的到期日将变动" in browser.words
    assert 2027 not in console.office.desk.world().calendars["statutory"].years
    # The file is carried along: it is not chosen twice.
    told = carried(browser)
    await browser.client.post("/admin/calendars", data={**told, "mark": "0" * 64})
    assert 2027 not in console.office.desk.world().calendars["statutory"].years, "only what was rehearsed is taken in"
    browser.answer = await browser.client.post("/admin/calendars", data=told)
    assert browser.answer.status_code == 303, browser.words
    assert console.office.desk.world().calendars["statutory"].years[2027].source.startswith("国办发")
    (reaction,) = queries.case(console.office.database, "calendar:statutory").pending
    assert reaction.endswith(".recount"), "the worker counts the open cases again"
    assert case
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", NEXT.encode())
    assert "未作改动" in browser.words


async def test_where_the_calendar_changed_since_the_rehearsal_it_is_told_anew(console: Console) -> None:
    ship(console.office.desk.door)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", NEXT.encode())
    told = carried(browser)
    other = NEXT.replace("9号", "10号").replace('version = "1"', 'version = "2"')
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", other.encode())
    await browser.client.post("/admin/calendars", data=carried(browser))
    assert console.office.desk.world().calendars["statutory"].years[2027].version == "2"
    browser.answer = await browser.client.post("/admin/calendars", data=told)
    assert browser.answer.status_code == 200
    assert "预演：没有写入" in browser.words
    assert console.office.desk.world().calendars["statutory"].years[2027].version == "2"


async def test_a_new_calendar_is_set_up_on_the_nations_holidays_with_its_own_hours(console: Console) -> None:
    ship(console.office.desk.door)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    week = 'source = "局规〔2026〕3号"\nshifts = [["09:00", "12:00"], ["13:30", "17:00"]]\n'
    await choose(browser, "week.toml", week.encode(), calendar="town-hall")
    assert "新设日历" in browser.words, browser.words
    assert "town-hall" not in console.office.desk.world().calendars
    browser.answer = await browser.client.post("/admin/calendars", data=carried(browser))
    assert browser.answer.status_code == 303, browser.words
    made = console.office.desk.world().calendars["town-hall"]
    assert made.shifts == (("09:00", "12:00"), ("13:30", "17:00"))
    assert made.years == console.office.desk.world().calendars["statutory"].years
    await browser.go("/admin/calendars?name=town-hall")
    assert browser.answer.status_code == 200


@pytest.mark.parametrize("name", ["", "x" * 60, "x" * 300, "..", "../x", "<script>"])
async def test_a_calendar_cannot_be_called_just_anything(console: Console, name: str) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", NEXT.encode(), calendar=name)
    assert browser.answer.status_code == 422, browser.words


async def test_what_is_doubtful_is_taken_in_only_by_somebody_who_says_that_it_was_checked(console: Console) -> None:
    ship(console.office.desk.door)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    days = ("20270101", "元旦放假"), ("20270101", "元旦上班")
    events = [f"BEGIN:VEVENT\nUID:{what}\nDTSTART;VALUE=DATE:{day}\nSUMMARY:{what}\nEND:VEVENT" for day, what in days]
    await choose(browser, "2027.ics", "\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR"]).encode())
    assert "✗" in browser.words, browser.words
    told = carried(browser)
    answer = await browser.client.post("/admin/calendars", data=told)
    assert answer.status_code == 200
    assert 2027 not in console.office.desk.world().calendars["statutory"].years
    answer = await browser.client.post("/admin/calendars", data={**told, "doubtful": "1"})
    assert answer.status_code == 303
    assert 2027 in console.office.desk.world().calendars["statutory"].years


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.toml", b"year = ["),
        ("x.toml", b"\xff\xfe"),
        ("x.ics", b"no calendar"),
        ("x.toml", b""),
        ("x.toml", b"year = 2027"),
        ("", b""),
    ],
)
async def test_a_file_that_is_no_table_is_refused_with_a_sentence(console: Console, name: str, content: bytes) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await choose(browser, name, content)
    assert browser.answer.status_code == 422
    assert list(console.office.desk.world().calendars["statutory"].years)[-1] == 2026


async def test_nobody_else_changes_a_calendar(console: Console) -> None:
    browser = await console.logged_in("leader")
    told = {"csrf": await browser.mark(), "calendar": "statutory", "deed": "import"}
    answer = await browser.client.post("/admin/calendars", data=told)
    assert answer.status_code == 403


async def test_a_calendar_in_which_every_day_works_takes_no_table(console: Console) -> None:
    ship(console.office.desk.door)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await choose(browser, "2027.toml", NEXT.encode(), calendar="all-days")
    assert browser.answer.status_code == 422
    assert "不收放假安排" in browser.words
