"""The year's report in the console and over the API: every figure leads to its cases, and what leaves is kept."""

import io
import zipfile
from collections.abc import Iterator

import docx
import pytest

from adapters.access.log import latest
from adapters.annual import counted
from adapters.database import Database
from models.case import Case
from models.vocabulary import Status
from tests.store.desks import an_envelope
from tests.web.conftest import Console
from tests.web.test_patrols import PATROL
from web import reports


async def test_a_figure_leads_to_how_it_is_counted_and_to_its_cases(console: Console) -> None:
    office = console.office
    closed = [office.a_case(Status.CLOSED) for _ in range(2)]
    office.a_case(Status.ASSIGNED)
    leader = await console.logged_in("leader")
    await leader.go("/reports")
    assert "共受理登记信访件 3 件〔1〕，已办结 2 件〔2〕，办结率 66.7%〔3〕" in leader.words.replace(
        " 〔", "〔"
    ).replace("〕 ", "〕")
    await leader.go("/reports/2026/figures/2")
    assert "中状态为已办结、已销号的" in leader.words
    for each in closed:
        assert f'href="/cases/{each}"' in leader.html
    made = (await leader.client.get("/reports/2026/report.docx")).content
    assert any("一、总体情况" in each.text for each in docx.Document(io.BytesIO(made)).paragraphs)
    assert (await leader.client.get("/reports/2026/figures.xlsx")).content[:2] == b"PK"
    told = [each.about for each in latest(office.database, 10)]
    assert told.count("report") == 2, "that it left the house is kept"


async def test_there_is_no_report_of_years_that_cannot_be_and_no_figure_that_is_not_there(console: Console) -> None:
    leader = await console.logged_in("leader")
    for path in ("/reports/1900/report.docx", "/reports/2099/figures.xlsx", "/reports/2026/figures/0"):
        assert (await leader.client.get(path)).status_code == 404
    assert (await leader.client.get("/reports/2026/figures/9999")).status_code == 404
    assert (await leader.client.get("/reports?year=x")).status_code == 200
    assert "年份应在 1950 至 2026 之间" in (await leader.go("/reports?year=9999")).words
    assert leader.answer.status_code == 422
    assert (await leader.client.get("/reports/2026")).headers["location"] == "/reports?year=2026"
    assert (await leader.client.get("/reports/x/report.docx")).status_code == 422


async def test_whom_a_petition_is_about_and_other_units_find_it_counted_and_not_named(console: Console) -> None:
    office = console.office
    about = office.register(named=["leader"], summary="反映某领导的事项")
    other = office.register(summary="另一件事项")
    for person, there in (("leader", {other}), ("reviewer", {about, other}), ("handler", set())):
        reader = await console.logged_in(person)
        await reader.go("/reports")
        assert "受理登记信访件 2 件" in reader.words, "it counts"
        assert ("反映某领导的事项" in reader.words) == (about in there)
        listed = (await reader.go("/reports/2026/figures/1")).html
        told = (await console.machine(person).get("/api/v1/reports/2026")).json()["figures"][0]["cases"]
        assert {each for each in (about, other) if each in listed} == set(told) == there, person


async def test_nobody_is_told_by_the_report_of_a_patrol_they_may_not_see(console: Console) -> None:
    office = console.office
    number = office.door.perform([an_envelope("open_patrol", "dispatcher", id="p1", **PATROL)])[0].case
    for person, sees in (("other-handler", False), ("dispatcher", True)):
        reader = await console.logged_in(person)
        told = [(await reader.go("/reports")).html, (await console.machine(person).get("/api/v1/reports/2026")).text]
        for path in ("report.docx", "figures.xlsx"):
            with zipfile.ZipFile(io.BytesIO((await reader.client.get(f"/reports/2026/{path}")).content)) as packed:
                told.append("".join(packed.read(name).decode(errors="ignore") for name in packed.namelist()))
        assert [PATROL["title"] in text for text in told] == [sees] * len(told), person
        assert any(number in text for text in told) == sees
        figures = (await console.machine(person).get("/api/v1/reports/2026")).json()["figures"]
        assert [each["number"] for each in figures] == list(range(1, len(figures) + 1)), "the numbering stays"
        last = await reader.go(f"/reports/2026/figures/{figures[-1]['number']}")
        assert ("您无权查看" in last.words) != sees
        assert (PATROL["title"] in last.html) == sees


async def test_a_report_is_counted_once_until_something_happens_or_time_goes_by_and_for_each_reader_apart(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, counts = console.office, []
    office.register()

    def counting(database: Database) -> Iterator[Case]:
        counts.append(1)
        return counted(database)

    monkeypatch.setattr(reports, "counted", counting)
    leader, handler = await console.logged_in("leader"), await console.logged_in("handler")
    for path in ("/reports", "/reports/2026/figures/1", "/reports/2026/report.docx"):
        assert (await leader.client.get(path)).status_code == 200
    assert len(counts) == 1
    await handler.go("/reports")
    assert len(counts) == 2, "what one reader may see is not shown to another"
    office.register()
    assert "受理登记信访件 2 件" in (await leader.go("/reports")).words
    assert len(counts) == 3
    office.moments.wait(hours=1)
    await leader.go("/reports")
    assert len(counts) == 4
