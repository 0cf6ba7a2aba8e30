"""Calendars as pages: a year's days, and a table checked, rehearsed on the open cases and taken in."""

import pytest

from adapters import queries
from adapters.shipping import ship
from models.vocabulary import Status
from tests.web.conftest import Console

NEXT = """year = 2027
source = "国办发明电〔2026〕9号（虚构）"
version = "1"

[off]
2027-01-01 = "元旦"

[work]
2027-01-03 = "元旦"
"""


async def test_a_year_is_shown_day_by_day_and_a_year_to_come_as_provisional(console: Console) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars?year=2026")
    assert browser.html.count('<table class="month">') == 12
    assert 'title="元旦"' in browser.html
    assert "休" in browser.words
    await browser.go("/admin/calendars?year=2031")
    assert "待国办通知" in browser.words
    await browser.go("/admin/calendars?name=none")
    assert browser.answer.status_code == 404


async def test_a_table_is_rehearsed_first_and_then_taken_in_through_the_door(console: Console) -> None:
    console.office.desk.moments.at = console.office.desk.moments.at.replace(year=2026, month=12, day=21)  # type: ignore[attr-defined]
    ship(console.office.desk.door)  # as every installation begins
    case = console.office.a_case(Status.REGISTERED)
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await browser.send("/admin/calendars", {"file": ("2027.toml", NEXT.encode())}, calendar="statutory", deed="try")
    assert browser.answer.status_code == 200
    assert "平日放假 1 天，周末上班 1 天" in browser.words
    assert "件的到期日将变动" in browser.words
    assert 2027 not in console.office.desk.world().calendars["statutory"].years
    await browser.send("/admin/calendars", {"file": ("2027.toml", NEXT.encode())}, calendar="statutory", deed="import")
    assert browser.answer.status_code == 303, browser.words
    assert console.office.desk.world().calendars["statutory"].years[2027].source.startswith("国办发")
    (reaction,) = queries.case(console.office.database, "calendar:statutory").pending
    assert reaction.endswith(".recount"), "the worker counts the open cases again"
    assert case
    await browser.go("/admin/calendars")
    await browser.send("/admin/calendars", {"file": ("2027.toml", NEXT.encode())}, calendar="statutory", deed="import")
    assert "未作改动" in browser.words


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.toml", b"year = ["), ("x.toml", b"\xff\xfe"), ("x.ics", b"no calendar"), ("x.toml", b""), ("", b"")],
)
async def test_a_file_that_is_no_table_is_refused_with_a_sentence(console: Console, name: str, content: bytes) -> None:
    browser = await console.logged_in("administrator")
    await browser.go("/admin/calendars")
    await browser.send("/admin/calendars", {"file": (name, content)}, calendar="statutory", deed="import")
    assert browser.answer.status_code == 422
    assert list(console.office.desk.world().calendars["statutory"].years)[-1] == 2026


async def test_nobody_else_changes_a_calendar(console: Console) -> None:
    browser = await console.logged_in("leader")
    told = {"csrf": await browser.mark(), "calendar": "statutory", "deed": "import"}
    answer = await browser.client.post("/admin/calendars", data=told)
    assert answer.status_code == 403
