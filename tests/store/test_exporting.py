"""Writing the public table back: what was imported comes out again, and goes in again as it was."""

from pathlib import Path

import openpyxl
import pytest
from pydantic import JsonValue

from adapters.exporting import UnknownProfile, export_sheet, row_of_table
from adapters.spreadsheets import SheetError, SheetRow
from models.envelope import Envelope
from models.vocabulary import Role, Status
from tests.store.broken_sheets import GOOD, Value, good
from tests.store.desks import Office, an_office, dump
from tests.store.dirty_sheets import dirty_sheet
from tests.store.sheet_helpers import assert_readable, flat, read
from tests.store.test_importing import ONE, THREE, TWO, UNTOLD, a_sheet, counts, imported

FIELDS = ("receipt", "problem", "area", "kinds", "findings", "verdict", "goal", "measures", "state", "accountability")


def exported(office: Office, path: Path, profile: str = "hunan-central-2024") -> list[SheetRow]:
    assert export_sheet(office.database, path, profile=profile) == len(read(path))
    return read(path)


def contents(row: SheetRow) -> tuple[object, ...]:
    """What a row says, wherever it stands in the table."""
    return (
        [receipt.key for receipt in row.receipts],
        flat(row.problem),
        flat(row.area),
        row.kinds,
        flat(row.findings),
        row.verdict,
        row.points,
        flat(row.goal),
        flat(row.measures),
        row.state or "open",
        flat(row.accountability),
        row.star,
    )


def test_what_was_imported_is_exported_as_the_table_said_it(office: Office, tmp_path: Path) -> None:
    rows: list[dict[str, Value]] = [
        good(receipt=f"{ONE}*"),
        good(receipt=TWO, verdict="1.属实\n2.不属实", state="阶段性办结"),
        good(receipt=THREE, **UNTOLD),
    ]
    source = a_sheet(tmp_path, *rows)
    imported(office, source)
    written = exported(office, tmp_path / "out.xlsx", profile="hunan-central-2024")
    by_number = {row.receipt.key: row for row in written if row.receipt}
    for row in read(source):
        assert row.receipt
        assert contents(by_number[row.receipt.key]) == contents(row)
    assert not [row for row in written if row.doubts]
    line = next(openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(min_row=3, max_row=3, values_only=True))
    assert line[1:] == tuple(f"{ONE}*" if field == "receipt" else GOOD[field] for field in FIELDS)


@pytest.mark.parametrize("profile", ["hunan-central-2024", "hunan-provincial-2024", "generic-2023"])
def test_a_dirty_table_through_two_ledgers_comes_out_the_same_twice(
    office: Office, tmp_path: Path, seed: int, profile: str
) -> None:
    source = tmp_path / "dirty.xlsx"
    dirty_sheet(source, seed=seed, rows=50, profile=profile)
    imported(office, source)
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    told = exported(office, first, profile=profile)
    assert len(told) > 30
    with an_office(tmp_path / "other") as other:
        report = imported(other, first)
        assert report.registered + report.doubtful == report.total == len(told)
        again = exported(other, second, profile=profile)
    assert [contents(row) for row in again if not row.doubts] == [contents(row) for row in told if not row.doubts]
    assert _texts(first) == _texts(second)


def _texts(path: Path) -> list[list[object]]:
    return [list(line) for line in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_a_table_exported_and_imported_where_it_came_from_adds_no_case(office: Office, tmp_path: Path) -> None:
    imported(
        office, a_sheet(tmp_path, good(receipt=ONE), good(receipt=TWO, **UNTOLD), good(receipt="无", problem="丙"))
    )
    office.register(summary="窗口登记的一件")
    before = dump(office.database)
    path = tmp_path / "out.xlsx"
    written = exported(office, path)
    assert [row.receipt.raw for row in written if row.receipt][-1] == "XF2026000004"
    report = imported(office, path)
    assert report.registered == 0
    assert {name: dump(office.database)[name] for name in ("numbers", "filings")} == {
        name: before[name] for name in ("numbers", "filings")
    }
    assert len(dump(office.database)["cases"]) == len(before["cases"])


def test_cases_the_desk_handled_itself_are_in_the_table_with_where_they_stand(office: Office, tmp_path: Path) -> None:
    wanted = {
        Status.REGISTERED: "open",
        Status.RECTIFYING: "open",
        Status.INTERIM: "interim",
        Status.CLOSED: "closed",
        Status.SIGNED_OFF: "closed",
        Status.RECONSIDERING: "closed",
        Status.DECLINED: "open",
    }
    cases = {office.a_case(status): state for status, state in wanted.items()}
    written = exported(office, tmp_path / "out.xlsx")
    assert {row.receipt.raw: row.state for row in written if row.receipt} == cases
    assert [row.cells["no"] for row in written] == [str(number) for number in range(1, len(cases) + 1)]


def test_only_the_campaign_asked_for_is_written_and_tasks_are_no_petitions(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE)), campaign="central-2024")
    office.register(campaign="summer")
    task: dict[str, JsonValue] = {
        "parent": "XF2026000001",
        "channel": "system",
        "measure": "清理",
        "target": "2026-04-30",
    }
    office.door.perform([_opening(task)], trusted=True)
    told: list[tuple[int, int]] = []
    path = tmp_path / "out.xlsx"
    count = export_sheet(
        office.database, path, campaign="summer", progress=lambda done, all_: told.append((done, all_))
    )
    assert (count, told) == (1, [(1, 1)])
    assert [row.receipt.raw for row in read(path) if row.receipt] == ["XF2026000002"]
    assert len(exported(office, path)) == 2
    assert export_sheet(office.database, path, campaign="nothing") == 0


def _opening(task: dict[str, JsonValue]) -> Envelope:
    return Envelope(id="t1", case="XF2026000001-R1", actor="engine", command="open_task", data=task)


def test_the_way_and_the_day_it_came_are_told_where_the_table_asks(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE), good(receipt=f"X{TWO[1:]}")))
    office.register(channel="visit")
    written = exported(office, tmp_path / "out.xlsx", profile="generic-2023")
    assert [row.channel for row in written] == ["来电", "来信", "来访"]
    days = [row.received_on.isoformat() for row in written if row.received_on]
    assert days == ["2024-06-07", "2024-06-07", "2026-03-02"]


def test_text_that_would_be_a_formula_is_written_as_text(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE, problem="=cmd|'/C calc'!A0", measures="@SUM(1+1)")))
    office.register(summary='+1-1=HYPERLINK("http://x")', place="-2+3")
    path = tmp_path / "out.xlsx"
    exported(office, path)
    cells = [cell for line in openpyxl.load_workbook(path).active.iter_rows() for cell in line if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_was_put_in_where_the_table_said_nothing_does_not_come_out(office: Office, tmp_path: Path) -> None:
    imported(office, a_sheet(tmp_path, good(receipt=ONE, area=None, findings=None)))
    case = office.case("XF2026000001")
    row = row_of_table(1, case)
    assert (row["area"], row["findings"], row["verdict"]) == ("", "", "属实")
    assert "（" not in "".join(row.values())


def test_an_unknown_profile_is_refused_and_a_folder_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UnknownProfile) as refusal:
        export_sheet(office.database, tmp_path / "out.xlsx", profile="nowhere")
    assert_readable(refusal.value.zh, refusal.value.en)
    assert "hunan-central-2024" in refusal.value.en
    with pytest.raises(SheetError):
        export_sheet(office.database, tmp_path / "no" / "out.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_what_was_closed_by_the_desk_is_advanced_by_nobodys_table(office: Office, tmp_path: Path) -> None:
    """An export that was edited and comes back finds its cases; what they are is the desk's own."""
    case = office.a_case(Status.CLOSED)
    path = tmp_path / "out.xlsx"
    exported(office, path)
    before = dump(office.database)
    report = imported(office, path)
    assert counts(report) == (0, 0, 0, 1)
    assert report.fates[0].case == case
    assert dump(office.database) == before
    assert office.act(case, Role.CLERK, "reply").event == "replied"
