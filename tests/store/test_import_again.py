"""Importing is repeatable: twice adds nothing, broken off and done again is the same as once, and no row is lost."""

import gc
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from adapters import queries
from adapters.door import Door, Order
from adapters.import_rows import Fate
from adapters.importing import ImportReport
from adapters.spreadsheets import SheetError, SheetRow
from models.case import Case
from models.personal import masked
from models.vocabulary import Kind
from tests.store.broken_sheets import corpus, good
from tests.store.desks import Office, Rows, an_office, another_door, dump
from tests.store.dirty_sheets import dirty_sheet, fast_sheet
from tests.store.sheet_helpers import flat, read
from tests.store.test_importing import ONE, THREE, TWO, UNTOLD, a_sheet, counts, imported, sound

RANDOM = ("sealed",)
"""What is never the same twice: every seal has a key of its own."""


def facts(office: Office) -> Rows:
    return dump(office.database, without=RANDOM)


def dirty(folder: Path, seed: int, profile: str = "hunan-central-2024") -> Path:
    path = folder / f"dirty-{seed}.xlsx"
    dirty_sheet(path, seed=seed, rows=40, profile=profile)
    return path


# ── twice ──


@pytest.mark.parametrize("profile", ["hunan-central-2024", "hunan-provincial-2024", "generic-2023"])
def test_importing_twice_adds_nothing(office: Office, tmp_path: Path, seed: int, profile: str) -> None:
    path = dirty(tmp_path, seed, profile)
    first = imported(office, path)
    assert first.registered > 20
    before = dump(office.database)
    office.moments.wait(days=2, hours=5)
    again = imported(office, path)
    assert counts(again) == (0, 0, first.total - first.doubtful, first.doubtful)
    assert [(fate.row, fate.case) for fate in again.fates] == [(fate.row, fate.case) for fate in first.fates]
    assert again.doubts == first.doubts
    assert dump(office.database) == before
    sound(office)


def test_two_who_import_the_same_table_at_once_import_it_once(office: Office, tmp_path: Path, seed: int) -> None:
    path = dirty(tmp_path, seed)
    other_path = tmp_path / "of-the-other.xlsx"
    shutil.copy(path, other_path)
    start = threading.Barrier(2)

    def importing(who: Office, file: Path) -> ImportReport:
        start.wait()
        return imported(who, file)

    with another_door(office) as other, ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(importing, (office, other), (path, other_path)))
    with an_office(tmp_path / "alone") as alone:
        once = imported(alone, path)
        assert [case.summary for case in _cases(office)] == [case.summary for case in _cases(alone)]
        assert [[f.number for f in case.filings] for case in _cases(office)] == [
            [f.number for f in case.filings] for case in _cases(alone)
        ]
    assert [report.doubtful for report in reports] == [once.doubtful] * 2
    sound(office)


def _cases(office: Office) -> list[Case]:
    found = queries.listed(office.database, queries.Filter(kind=Kind.PETITION))
    return sorted(found, key=lambda case: (case.summary, [filing.number for filing in case.filings]))


# ── broken off ──


class Power(Exception):  # noqa: N818 - it fails
    """It fails."""


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize("committed", [True, False])
def test_broken_off_and_done_again_is_the_same_as_once(
    office: Office, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, after: int, *, committed: bool
) -> None:
    path = dirty(tmp_path, seed)
    monkeypatch.setattr("adapters.importing.AT_ONCE", 12)
    with an_office(tmp_path / "once") as once:
        whole = imported(once, path)
        wanted = facts(once)
    take = Door.take
    calls = iter(range(after))

    def failing(door: Door, orders: list[Order]) -> list[Order]:
        if next(calls, None) is None:
            if committed:
                take(door, orders)
            raise Power
        return take(door, orders)

    with monkeypatch.context() as patch:
        patch.setattr(Door, "take", failing)
        with pytest.raises(Power):
            imported(office, path)
    again = imported(office, path)
    assert facts(office) == wanted
    assert again.total == whole.total
    assert again.doubts == whole.doubts
    assert imported(office, path).known == whole.total - whole.doubtful
    sound(office)


# ── nothing is lost ──


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("profile", ["hunan-central-2024", "generic-2023"])
def test_every_problem_of_a_dirty_table_is_in_a_case_or_in_the_doubtful_file(
    small_office: Office, tmp_path: Path, seed: int, profile: str, number: int
) -> None:
    path = dirty(tmp_path, seed + number, profile)
    report = imported(small_office, path)
    rows = read(path, profile)
    assert report.total == len(rows) == sum(counts(report))
    kept = {flat(case.summary) for case in _cases(small_office)}
    doubtful = {flat(row.problem) for row in read(report.doubtful_file, profile)} if report.doubtful_file else set()
    assert [row.problem for row in rows if flat(masked(row.problem)) not in kept | doubtful] == []
    for fate, row in zip(report.fates, rows, strict=True):
        if fate.fate is not Fate.DOUBTFUL:
            assert fate.case is not None
            assert flat(small_office.case(fate.case).summary) == flat(masked(row.problem))
    sound(small_office)


def test_the_doubtful_rows_are_written_out_whole_with_every_reason_and_its_cell(
    small_office: Office, tmp_path: Path
) -> None:
    rows = [
        good(receipt=ONE),
        good(receipt=ONE, problem="同号异事"),  # only the importer can tell
        good(receipt=TWO, verdict="说不清", problem="结论不清"),  # the reader can
        good(receipt=THREE, state="未办结", **{k: v for k, v in UNTOLD.items() if k != "state"}),
    ]
    report = imported(small_office, a_sheet(tmp_path, *rows))
    assert report.doubtful_file == tmp_path / "table.doubtful.xlsx"
    sheet = openpyxl.load_workbook(report.doubtful_file).worksheets[0]
    lines = [[str(value or "") for value in line] for line in sheet.iter_rows(values_only=True)]
    assert [line[2] for line in lines[2:]] == ["同号异事", "结论不清"]
    assert [line[-1] for line in lines[2:]] == ["表一!B3", "表一!G4"]
    assert "请人工确认是否拆分" in lines[2][-2]
    assert "看不懂属实结论" in lines[3][-2]


def test_the_doubtful_rows_are_mended_and_imported_again(office: Office, tmp_path: Path) -> None:
    rows = [
        good(receipt=ONE),
        good(receipt=ONE, problem="同号异事"),
        good(receipt=TWO, verdict="说不清"),
        good(receipt=THREE, problem=None),
    ]
    path = imported(office, a_sheet(tmp_path, *rows)).doubtful_file
    assert path is not None
    _mend(path, {(3, "B"): f"{ONE}-2", (4, "G"): "部分属实", (5, "C"): "夜间噪声"})
    report = imported(office, path)
    assert [fate.fate for fate in report.fates] == [Fate.REGISTERED, Fate.ADVANCED, Fate.REGISTERED]
    assert report.doubtful_file is None
    assert {case.summary for case in _cases(office)} == {rows[0]["problem"], "同号异事", "夜间噪声"}
    assert [case.status.value for case in _cases(office)] == ["closed"] * 4
    before = dump(office.database)
    assert imported(office, path).known == 3
    assert dump(office.database) == before
    sound(office)


def _mend(path: Path, cells: dict[tuple[int, str], str]) -> None:
    book = openpyxl.load_workbook(path)
    for (row, column), value in cells.items():
        book.worksheets[0][f"{column}{row}"] = value
    book.save(path)


def test_where_nothing_can_be_written_beside_the_table_the_doubtful_rows_go_to_the_data_folder(
    small_office: Office, tmp_path: Path
) -> None:
    (tmp_path / "table.doubtful.xlsx").mkdir()
    report = imported(small_office, a_sheet(tmp_path, good(verdict="说不清")))
    assert report.doubtful_file == small_office.desk.settings.data / "doubtful" / "table.doubtful.xlsx"
    assert len(read(report.doubtful_file)) == 1


# ── only looking ──


def test_a_dry_run_writes_nothing_and_tells_what_would_become_of_every_row(
    office: Office, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.importing.AT_ONCE", 9)
    office.register(channel="inspection", filings=[{"channel": "inspection", "number": TWO}])
    lagging = [
        good(receipt=f"{n}", problem=f"{n}", **more) for n in (7, 8) for more in ({}, {"state": "未办结"}, UNTOLD)
    ]
    sheets = [
        dirty(tmp_path, seed),
        dirty(tmp_path, seed, "generic-2023"),  # the same petitions told otherwise, in part
        dirty(tmp_path, seed + 1),
        dirty(tmp_path, seed),
        a_sheet(tmp_path, good(receipt=ONE), good(receipt=TWO), good(receipt=ONE, problem="异"), *lagging),
    ]
    for path in sheets:
        before = dump(office.database)
        told = imported(office, path, dry_run=True)
        assert dump(office.database) == before
        assert told.dry_run
        assert told.doubtful_file is None
        assert not path.with_suffix(".doubtful.xlsx").exists()
        real = imported(office, path)
        path.with_suffix(".doubtful.xlsx").unlink(missing_ok=True)
        assert counts(told) == counts(real)
        assert [fate.fate for fate in told.fates] == [fate.fate for fate in real.fates]
        assert [(each.row, each.code, each.cell) for each in told.doubts] == [
            (each.row, each.code, each.cell) for each in real.doubts
        ]
        # Cases that are there already are named; those that would be made have no number yet.
        there = {str(row[0]) for row in before["cases"]}
        assert [fate.case for fate in told.fates] == [fate.case if fate.case in there else None for fate in real.fates]


def test_a_dry_run_leaves_no_copy_of_the_ledger_behind(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    imported(small_office, a_sheet(tmp_path, good(receipt=ONE)), dry_run=True)
    with pytest.raises(SheetError):
        imported(small_office, tmp_path / "missing.xlsx", dry_run=True)
    assert list(scratch.iterdir()) == []


# ── large ──


def test_what_is_held_at_once_grows_with_the_batch_and_not_with_the_table(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    held: list[int] = []
    take = Door.take

    def counting(door: Door, orders: list[Order]) -> list[Order]:
        taken.append(len(orders))
        return take(door, orders)

    def look(_: int, __: int) -> None:
        held.append(sum(isinstance(each, SheetRow) for each in gc.get_objects()))

    monkeypatch.setattr(Door, "take", counting)
    path = tmp_path / "large.xlsx"
    fast_sheet(path, 2000)
    report = imported(small_office, path, progress=look)
    assert counts(report) == (2000, 0, 0, 0)
    assert sum(taken) == 2000
    assert len(held) == 8
    assert max(held) <= 2 * 250  # a batch, and the one before it that nobody has let go yet
    sound(small_office)


# ── files that are no tables ──


def test_no_broken_file_does_anything_but_say_so(small_office: Office, tmp_path: Path) -> None:
    """The whole corpus of broken, hostile and odd files at one desk, and the desk alive after each."""
    files = corpus()
    assert len(files) >= 60
    for place, broken in enumerate(files):
        path = tmp_path / f"{place}.xlsx"
        path.write_bytes(broken.data)
        if broken.refused:
            before = dump(small_office.database)
            with pytest.raises(SheetError) as refusal:
                imported(small_office, path, profile=broken.profile)
            assert refusal.value.code == broken.refused, broken.name
            assert dump(small_office.database) == before, broken.name
        else:
            report = imported(small_office, path, profile=broken.profile)
            assert sum(counts(report)) == broken.rows, broken.name
            assert _lost(report, path, broken.profile, small_office) == [], broken.name
        assert small_office.register()
        path.unlink()
    sound(small_office)


def _lost(report: ImportReport, path: Path, profile: str, office: Office) -> Sequence[str]:
    doubtful = {flat(row.problem) for row in read(report.doubtful_file)} if report.doubtful_file else set()
    if report.doubtful_file:
        report.doubtful_file.unlink()
    lost = []
    for row, fate in zip(read(path, profile), report.fates, strict=True):
        kept = flat(office.case(fate.case).summary) if fate.case else ""
        if row.problem and flat(row.problem) not in doubtful and not flat(masked(row.problem)).startswith(kept or "?"):
            lost.append(row.problem)
    return lost
