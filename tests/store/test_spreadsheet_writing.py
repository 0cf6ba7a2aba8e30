"""What is written comes back, stays text, and appears as a whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.spreadsheets import (
    DOUBTS,
    Profile,
    SheetError,
    cells,
    open_sheet,
    write_doubtful,
    write_table,
)
from tests.store.broken_sheets import (
    Value,
    book,
    books,
    good,
    headers,
    table,
)
from tests.store.dirty_sheets import petitions
from tests.store.sheet_helpers import PROFILES, assert_readable, read


def texts_of(profile: Profile, number: int) -> list[dict[str, str]]:
    fields = [column.field for column in profile.columns]
    return [
        {field: petition.texts(index)[field] for field in fields}
        for index, petition in enumerate(petitions(number, 11), 1)
    ]


@pytest.mark.parametrize("name", PROFILES)
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = texts_of(PROFILES[name], 80)
    assert write_table(path, PROFILES[name], iter(rows), title="一览表") == 80
    with open_sheet(path) as sheet:
        assert sheet.profile == PROFILES[name]
        found = list(sheet)
    assert [dict(row.cells) for row in found] == rows
    assert not any(row.doubts for row in found)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries({"problem": st.text(min_size=1), "findings": st.text(), "measures": st.text()}),
        max_size=5,
    )
)
def test_any_text_survives_writing_and_reading(
    rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "out.xlsx"
    write_table(
        path,
        PROFILES["hunan-central-2024"],
        [{"receipt": f"R{n}", **row} for n, row in enumerate(rows)],
        title="表",
    )
    found = [{name: row.cells[name] for name in ("problem", "findings", "measures")} for row in read(path)]
    assert found == [{name: cells.clean_text(text) for name, text in row.items()} for row in rows]


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "{=1}",
    '=HYPERLINK("http://x")',
    "http://example.invalid/a",
    "mailto:a@b.invalid",
    "0012",
    "1e5",
    "_x0041_",
    "'x",
]


def test_strings_never_become_formulas_links_or_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(
        path,
        PROFILES["hunan-central-2024"],
        [{"problem": text, "receipt": text} for text in DANGEROUS],
        title="=1+1",
    )
    with zipfile.ZipFile(path) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        assert not any("sheet1.xml.rels" in name for name in file.namelist())
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>" not in sheet
    assert [row.problem for row in read(path)] == DANGEROUS


def test_a_written_table_is_fit_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(path, PROFILES["hunan-central-2024"], texts_of(PROFILES["hunan-central-2024"], 3), title="一览表")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.freeze_panes == "A3"
    assert sheet["A1"].value == "一览表"
    assert [cell.value for cell in sheet[2]] == headers()
    assert sheet.column_dimensions["C"].width > 40
    assert sheet["C3"].alignment.wrap_text
    assert sheet.auto_filter.ref == "A2:K5"


def test_text_beyond_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = [
        {"receipt": "1", "problem": "臭" * 40_000},
        {"receipt": "2", "problem": "😀" * 16_383},
        {"receipt": "3", "problem": "😀" * 20_000},
    ]
    write_table(path, PROFILES["hunan-central-2024"], rows, title="表")
    first, second, third = read(path)
    assert len(first.problem) == 32_767
    assert first.problem.endswith("〔后略 cut〕")
    assert second.problem == "😀" * 16_383
    assert third.problem.endswith("〔后略 cut〕")
    assert first.doubts == second.doubts == third.doubts == ()


def test_an_older_table_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    profile = PROFILES["hunan-central-2024"]
    write_table(path, profile, texts_of(profile, 2), title="旧")
    before = path.read_bytes()

    def interrupted() -> Iterator[Mapping[str, str]]:
        yield texts_of(profile, 1)[0]
        raise KeyError("the rows broke off")

    with pytest.raises(KeyError):
        write_table(path, profile, interrupted(), title="新")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.xlsx"]


@pytest.mark.parametrize("name", ["no folder/out.xlsx", "nul\x00.xlsx", "folder.xlsx"])
def test_a_place_that_cannot_be_written_is_refused_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(SheetError) as refusal:
        write_table(tmp_path / name, PROFILES["hunan-central-2024"], [], title="表")
    assert refusal.value.code == "cannot_write"
    assert_readable(refusal.value.zh, refusal.value.en)
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.xlsx"]


def test_doubtful_rows_are_copied_with_their_reasons_mended_and_read_again(tmp_path: Path) -> None:
    source, doubtful, mended = (tmp_path / name for name in ("in.xlsx", "doubtful.xlsx", "mended.xlsx"))
    rows: list[Mapping[str, Value]] = [
        good(),
        good(verdict="不好说"),
        {"no": "合计", "area": "2件"},
        good(state="再议", receipt="D3HN202402310001"),
    ]
    source.write_bytes(books({"一": table(*rows), "二": table(good(verdict="待议"), profile="hunan-provincial-2024")}))
    found = read(source)
    assert write_doubtful(doubtful, found) == 4
    again = read(doubtful)
    assert [row.digest for row in again] == [row.digest for row in found if row.doubts]
    with open_sheet(doubtful) as sheet:
        assert sheet.ignored == ()
    workbook = openpyxl.load_workbook(doubtful)
    sheet = workbook["hunan-central-2024"]
    assert [cell.value for cell in sheet[2]] == [*headers(), "原因", "单元格"]
    assert sheet["L5"].value.splitlines() == [
        f"受理编号：{DOUBTS['receipt_date'][0]}",
        f"是否办结：{DOUBTS['state_not_understood'][0]}",
    ]
    assert sheet["M3"].value == "一!G3"
    sheet["G3"] = "部分属实"
    workbook.save(mended)
    workbook.close()
    first = read(mended)[0]
    assert (first.verdict, first.doubts) == ("partly_substantiated", ())


def test_without_doubtful_rows_no_file_is_written(tmp_path: Path) -> None:
    source, doubtful = tmp_path / "in.xlsx", tmp_path / "doubtful.xlsx"
    source.write_bytes(book(table(good())))
    assert write_doubtful(doubtful, read(source)) == 0
    assert not doubtful.exists()
