"""A case's page: the way it took, its story filtered, what keeps a step back, and the case as a file to keep."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from adapters import queries
from adapters.access.log import Deed, latest
from adapters.drawings.flowchart import arrows, chart, places, visits
from models.lifecycle import LIFECYCLES
from models.vocabulary import Kind, Role, Status
from tests.store.test_old_ledgers import a_row, brought, ledger
from tests.web.conftest import Console

S = Status


@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.RECTIFICATION])
def test_every_status_of_the_lifecycle_has_a_place_in_the_chart(kind: Kind) -> None:
    reached = {row.to for row in LIFECYCLES[kind] if row.to}
    assert reached == set(places(kind))
    assert len(set(places(kind).values())) == len(reached), "no two boxes in one place"
    assert arrows(kind)


async def test_the_chart_shows_the_way_a_case_took_with_its_days(console: Console) -> None:
    case = console.office.a_case(S.REVIEWING)
    console.office.act(case, Role.REVIEWER, "send_back")
    console.office.act(case, Role.HANDLER, "submit_for_review")
    events = queries.history(console.office.database, case)
    way = visits(events)
    assert [each.status for each in way] == [
        *(S.REGISTERED, S.ACCEPTED, S.ASSIGNED, S.VERIFIED, S.RECTIFYING, S.REVIEWING),
        *(S.RECTIFYING, S.REVIEWING),
    ]
    drawn = chart(Kind.PETITION, way, {each: each.zh for each in S}, "流程 <1>", console.office.moments.now())
    assert "流程 &lt;1&gt;" in drawn
    assert len(re.findall(r'<g class="was">', drawn)) == 5
    assert re.findall(r'<g class="at"><rect[^>]*/><text[^>]*>([^<]+)', drawn) == ["审核中"]
    assert len(re.findall(r'<path class="did"', drawn)) == 6, "five steps on, one step back"
    page = await (await console.logged_in("clerk")).go(f"/cases/{case}")
    assert page.html.count("<svg") == 1
    assert page.words.count("整改中") >= 2, "the same way stands there as a list"


async def test_the_chart_of_what_an_old_ledger_told_has_its_days_with_the_year(
    console: Console, tmp_path: Path
) -> None:
    row = a_row(closed="2017-06-20", signed_off="", state="已办结")
    report = brought(console.office, ledger(tmp_path, row))
    (case,) = (each.case for each in report.fates)
    page = await (await console.logged_in("clerk")).go(f"/cases/{case}")
    drawn = page.html[page.html.index('id="way"') : page.html.index('id="acts"')]
    assert {"2017-04-26", "2017-06-20"} == set(re.findall(r"2017-\d\d-\d\d", drawn))
    assert "2026-" not in drawn, "not the moment it was brought"
    assert ">2017-06-20</text>" in drawn, "under its box, too"


async def test_an_ended_or_standing_case_has_a_page_too(console: Console) -> None:
    for status in (S.DECLINED, S.REFERRED, S.WITHDRAWN, S.RECONSIDERING, S.INTERIM, S.SIGNED_OFF):
        browser = await (await console.logged_in("clerk")).go(f"/cases/{console.office.a_case(status)}")
        assert browser.answer.status_code == 200
        assert status.zh in browser.words


async def test_what_keeps_a_step_back_is_said_to_whom_it_concerns(console: Console) -> None:
    case = console.office.a_case(S.ASSIGNED)
    console.office.act(
        case, Role.HANDLER, "record_findings", findings=[{"point": "臭", "verdict": "unsubstantiated", "text": "无"}]
    )
    console.office.act(case, Role.HANDLER, "submit_for_review")
    reviewer = await (await console.logged_in("reviewer")).go(f"/cases/{case}")
    assert "暂不能办" in reviewer.words
    assert re.search(r"审核通过 .*佐证", reviewer.words.split("暂不能办")[1])
    clerk = await (await console.logged_in("clerk")).go(f"/cases/{case}")
    assert "审核通过" not in clerk.words.split("时限")[0], "nobody hears of a step that is not theirs"


async def test_the_story_is_filtered_by_person_and_clock_and_told_both_ways(console: Console) -> None:
    case = console.office.a_case(S.ASSIGNED)
    console.office.act(case, Role.DISPATCHER, "reassign", unit="liuxi", handler="other-handler")
    alarm = console.office.case(case).alarm
    assert alarm
    console.office.moments.at = alarm.at
    console.office.act(case, Role.CLOCK, "ring")
    browser = await console.logged_in("clerk")
    await browser.go(f"/cases/{case}?by=clerk&sort=old")
    story = browser.words.split("办理经过")[1]
    assert story.index(" 登记 ") < story.index(" 受理 ")
    assert "改派" not in story
    await browser.go(f"/cases/{case}?by=dispatcher")
    assert re.search(r"承办单位：\S+( \S+)? → ", browser.words), "the value before stands beside the new one"
    rung = next(each for each in queries.history(console.office.database, case) if each.event.said.get("clock"))
    await browser.go(f"/cases/{case}?clock={rung.event.said['clock']}")
    assert "共" in browser.words.split("办理经过")[1]
    await browser.go(f"/cases/{case}?by=nobody")
    assert "没有符合条件的记录。" in browser.words


async def test_a_case_is_had_as_docx_and_xlsx_and_that_is_kept(console: Console) -> None:
    case = console.office.a_case(S.REVIEWING, summary="=1+1 臭味", respondent="某厂")
    browser = await console.logged_in("clerk")
    docx = (await browser.go(f"/cases/{case}/file.docx")).answer
    page = Document(io.BytesIO(docx.content))
    text = "\n".join(cell.text for table in page.tables for row in table.rows for cell in row.cells)
    assert case in page.paragraphs[0].text
    assert "某厂" in text
    xlsx = (await browser.go(f"/cases/{case}/file.xlsx")).answer
    assert xlsx.headers["content-disposition"] == f'attachment; filename="{case}.xlsx"'
    book = load_workbook(io.BytesIO(xlsx.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert "=1+1 臭味" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}, "no cell is a formula"
    kept = [each for each in latest(console.office.database, 9) if each.deed is Deed.EXPORT]
    assert [(each.about, each.why) for each in kept] == [(case, "xlsx"), (case, "docx")]
    assert (await browser.go(f"/cases/{case}/file.exe")).answer.status_code == 404


async def test_the_printed_page_tells_everything_and_has_no_form(console: Console) -> None:
    case = console.office.a_case(S.SIGNED_OFF)
    browser = await console.logged_in("clerk")
    await browser.go("/lang/en?next=/")
    await browser.go(f"/cases/{case}/print")
    main = browser.html.split("<main")[1]
    assert "<form" not in main
    for heading in ("Where it stands", "Findings", "Dates and how they came about", "Letters", "What happened"):
        assert heading in browser.words


@pytest.mark.parametrize("rest", ["print", "file.docx", "file.xlsx"])
async def test_who_may_not_see_a_case_has_no_file_of_it(console: Console, rest: str) -> None:
    case = console.office.a_case(S.ASSIGNED)
    stranger = await console.logged_in("other-handler")
    assert (await stranger.go(f"/cases/{case}/{rest}")).answer.status_code == 403
