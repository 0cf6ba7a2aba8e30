"""The year's report from a ledger, as a document and as a workbook of its figures; on both databases."""

import io

from docx import Document
from openpyxl import load_workbook

from adapters.annual import counted, words_of
from adapters.report_docx import as_docx, figures_xlsx
from models.annual import annual
from models.vocabulary import Status
from tests.store.desks import Office, an_envelope


def test_the_document_tells_the_figures_and_the_cases_behind_each(office: Office) -> None:
    closed, still = office.a_case(Status.CLOSED), office.a_case(Status.ASSIGNED)
    told: list[tuple[int, int]] = []
    world, now = office.desk.world(), office.desk.moments.now()
    cases = counted(office.database, lambda done, all_: told.append((done, all_)))
    report = annual(cases, 2026, now, words_of(world))
    assert told[-1] == (2, 2)
    page = Document(io.BytesIO(as_docx(report, "临江县", now)))
    text = "\n".join(each.text for each in page.paragraphs)
    assert "临江县 2026 年信访工作报告" in text
    assert "2026 年共受理登记信访件 2 件〔1〕，已办结 1 件〔2〕，办结率 50.0%〔3〕" in text
    appendix = page.tables[-1]
    rows = [[cell.text for cell in row.cells] for row in appendix.rows]
    assert rows[2][:3] == ["2", "办结", "1 件"]
    assert rows[2][4] == closed
    book = load_workbook(io.BytesIO(figures_xlsx(report)))
    behind = [tuple(cell.value for cell in row) for row in book["案件"].iter_rows(min_row=2)]
    assert {case for number, _, case in behind if number == "1"} == {closed, still}


def test_a_campaign_is_called_by_its_title_and_its_figures_by_its_name(office: Office) -> None:
    office.door.perform(
        [an_envelope("open_campaign", "dispatcher", id="c1", case="campaign:dc2026", title="中央督察边督边改")]
    )
    case = office.a_case(Status.CLOSED, campaign="dc2026")
    office.a_case(Status.ASSIGNED, campaign="xj2026")
    words = words_of(office.desk.world(), office.database)
    report = annual(counted(office.database), 2026, office.desk.moments.now(), words)
    rows = [row[1] for part in report.parts for row in part.rows if row[0] == "专项行动"]
    assert rows == ["中央督察边督边改", "xj2026"], "one that was never opened has no title"
    assert report.figure("专项行动 dc2026").cases == (case,)


def test_a_ledger_of_nothing_makes_a_report_that_says_so(office: Office) -> None:
    report = annual(counted(office.database), 2026, office.desk.moments.now(), words_of(office.desk.world()))
    assert report.figure("受理登记").value == "0 件"
    assert as_docx(report, "临江县", office.desk.moments.now())
