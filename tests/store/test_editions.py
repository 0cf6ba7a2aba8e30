"""A batch's public table from the ledger: version by version, late rows beside a newer one, made again alike."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pydantic import JsonValue

from adapters import editions
from adapters.campaigns import campaign_of, standing
from adapters.digests import as_report, digest_of
from adapters.editions import NoEdition, NothingNew, NothingToPublish, editions_of
from adapters.exporting import UnknownProfile
from adapters.importing import import_sheet
from adapters.spreadsheets import load_profiles, write_table
from models.batches import Of
from models.digest import Deed, Step
from models.envelope import Envelope
from models.vocabulary import Role, Status
from tests.store.desks import Office, an_envelope

NAME = "dc2026"
STREAM = f"campaign:{NAME}"
FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)


def begun(office: Office, **more: JsonValue) -> None:
    office.door.perform(
        [
            Envelope(
                id="c1", case=STREAM, actor="dispatcher", command="open_campaign", data={"title": "中央督察", **more}
            )
        ]
    )


def received(office: Office, day: date, seq: int, status: Status = Status.VERIFIED, **more: JsonValue) -> str:
    number = f"D3HN{day:%Y%m%d}{seq:04d}"
    filings: JsonValue = [{"channel": "inspection", "number": number}]
    return office.a_case(status, campaign=NAME, channel="inspection", filings=filings, **more)


def published(office: Office, day: date) -> editions.Table:
    campaign = campaign_of(office.database, NAME)
    table = editions.draft(office.database, campaign, day)
    office.act(STREAM, "dispatcher", "publish_results", **editions.told_of(office.database, campaign, table))
    return table


def receipts(content: bytes) -> list[str]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [str(row[1].value) for row in sheet.iter_rows(min_row=3) if row[1].value]


def test_a_new_version_tells_what_changed_and_an_old_one_is_made_again_as_it_was(office: Office) -> None:
    begun(office)
    first = received(office, FIRST, 1)
    other = received(office, FIRST, 2, Status.ASSIGNED)
    with pytest.raises(NothingToPublish):
        editions.draft(office.database, campaign_of(office.database, NAME), SECOND)
    one = published(office, FIRST)
    assert ([row.case for row in one.rows], one.version) == ([first], 1)
    with pytest.raises(NothingNew):
        published(office, FIRST)
    office.act(first, "handler", "plan_rectification")
    office.act(other, "handler", "record_findings")
    two = published(office, FIRST)
    told = editions_of(office.database, campaign_of(office.database, NAME))
    assert [each.version for each in told] == [1, 2]
    assert told[0].text == ""
    assert told[1].text == f"新增 1 件：{other}；变更 1 件：{first}"
    for made in (one, two):
        again, said = editions.as_published(office.database, NAME, FIRST, made.version)
        assert (again.sha256, again.texts) == (made.sha256, made.texts), "whatever happened since"
        assert said.sha256 == made.sha256
    with pytest.raises(NoEdition):
        editions.as_published(office.database, NAME, FIRST, 3)


def test_a_late_row_stands_beside_the_newer_batchs_table_and_says_which_batch_it_is_of(office: Office) -> None:
    begun(office)
    received(office, FIRST, 1)
    late = received(office, FIRST, 2, Status.ASSIGNED)
    newer = received(office, SECOND, 3)
    published(office, FIRST)
    assert [row.case for row in published(office, SECOND).rows] == [newer]
    office.act(late, "handler", "record_findings")
    table = published(office, SECOND)
    assert [(row.case, row.batch) for row in table.rows] == [(newer, SECOND), (late, FIRST)]
    assert [row["remarks"] for row in table.texts] == ["", f"{FIRST} 批次，补充公开"]
    with pytest.raises(NothingNew):
        published(office, FIRST)
    content = editions.as_xlsx(table)
    assert receipts(content) == ["D3HN202603030003", "D3HN202603020002"]
    page = Document(io.BytesIO(editions.as_docx(table)))
    cells = [[cell.text for cell in row.cells] for row in page.tables[0].rows]
    assert (cells[0][-1], cells[2][-1]) == ("备注", f"{FIRST} 批次，补充公开")
    assert table.sha256 in page.paragraphs[-1].text


def test_nothing_of_who_complained_is_in_a_table(office: Office) -> None:
    begun(office)
    case = received(office, FIRST, 1, Status.ASSIGNED)
    finding: JsonValue = {
        "point": "臭味", "verdict": "substantiated", "text": "业主电话 13912345678，身份证 431121199001011234",
        "evidence": [{"sha256": "a" * 64}],
    }  # fmt: skip
    office.act(case, "handler", "record_findings", findings=[finding])
    table = published(office, FIRST)
    told = "".join(table.texts[0].values())
    assert "业主电话" in told
    assert "13912345678" not in told
    assert "431121199001011234" not in told


def test_a_profile_that_there_is_not_is_told(office: Office) -> None:
    begun(office, profile="nowhere")
    received(office, FIRST, 1)
    with pytest.raises(UnknownProfile):
        published(office, FIRST)


def test_petitions_come_by_a_table_and_one_by_one_with_the_same_figures(office: Office, tmp_path: Path) -> None:
    begun(office, number_form="{channel}3HN{date}{seq}")
    numbers = ("D3HN202603020001*", "X3HN202603020002", "D3HN202603030003")
    for number in numbers:
        filings: JsonValue = [{"channel": "inspection", "number": number}]
        office.register(campaign=NAME, channel="inspection", filings=filings)
    office.door.perform([an_envelope("open_campaign", "dispatcher", id="c2", case="campaign:xj2026", title="省级督察")])
    path = tmp_path / "table.xlsx"
    others = [number.replace("3HN", "2HN") for number in numbers]
    rows = [{"receipt": number, "problem": f"第{number}号问题", "area": "青石镇"} for number in others]
    write_table(path, load_profiles()["hunan-central-2024"], rows, title="")
    report = import_sheet(office.desk, path, actor="clerk", campaign="xj2026", compare=False)
    assert (report.registered, report.doubts) == (3, [])
    now = office.moments.now()
    typed, brought = (standing(office.database, campaign_of(office.database, name), now) for name in (NAME, "xj2026"))
    for by_hand, by_table in zip(typed, brought, strict=True):
        assert by_hand.day == by_table.day
        assert [by_hand.count(what) for what in Of] == [by_table.count(what) for what in Of]
    assert [(each.count(Of.RECEIVED), each.count(Of.STAR)) for each in typed] == [(2, 1), (1, 0)]


def test_a_digest_tells_what_came_was_done_and_is_due_and_who_must_act(office: Office) -> None:
    begun(office)
    today = office.moments.now().date()
    waits = received(office, today, 1, Status.ASSIGNED)
    done = received(office, today, 2, Status.CLOSED)
    told = digest_of(office.database, campaign_of(office.database, NAME), today, office.moments.now())
    assert told.came.count(Of.RECEIVED) == 2
    assert [(each.case, each.deed) for each in told.done] == [(done, Deed.FOUND), (done, Deed.CLOSED)]
    assert [(each.case.id, each.step, each.role) for each in told.tomorrow] == [(waits, Step.ON_SITE, Role.HANDLER)]
    report = as_report(told, campaign_of(office.database, NAME), office.desk.world(), office.moments.now())
    (part,) = (each for each in report.parts if "次日到期" in each.title)
    assert part.rows[0][:2] == (waits, "到现场核查")
    # What is late is so from the day after; a day that is over is told as it stood when it ended.
    office.moments.wait(days=3)
    office.act(waits, "handler", "record_findings")
    campaign, now = campaign_of(office.database, NAME), office.moments.now()
    first, second, third = (
        digest_of(office.database, campaign, today + timedelta(days=days), now) for days in (0, 2, 3)
    )
    assert [(each.case.id, each.step) for each in first.tomorrow] == [(waits, Step.ON_SITE)]
    assert [(each.case.id, each.step) for each in second.late] == [(waits, Step.ON_SITE)]
    assert (second.came.cases, third.late, third.done[0].deed) == ([], (), Deed.FOUND)
