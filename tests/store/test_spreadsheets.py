"""Real input: dirty tables are read without losing or changing anything."""

from __future__ import annotations

import datetime as dt
import gc
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from adapters.spreadsheets import (
    DOUBTS,
    Column,
    Profile,
    SheetError,
    cells,
    open_sheet,
    write_table,
)
from models import base
from tests.store.broken_sheets import (
    Value,
    book,
    books,
    data,
    good,
    headers,
    line,
    table,
    values,
)
from tests.store.dirty_sheets import dirty_sheet, fast_sheet
from tests.store.sheet_helpers import PROFILES, flat, read, read_bytes, read_one


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", range(12))
def test_a_dirty_table_is_read_without_losing_or_changing_a_petition(profile: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / "dirty.xlsx"
    expected = dirty_sheet(path, seed=seed, profile=profile)
    with open_sheet(path) as sheet:
        rows = list(sheet)
        fields = {column.field for column in sheet.profile.columns}
    assert sheet.profile.name == profile
    assert sheet.skipped == ("填表说明",)
    found = [row for row in rows if not row.doubts]
    assert len(rows) - len(found) == expected.doubtful
    assert len(found) == len(expected.petitions)
    for row, petition in zip(found, expected.petitions, strict=True):
        assert row.receipt is not None
        assert (row.receipt.key, row.star) == (petition.receipt, petition.star)
        assert row.receipt.date == row.received_on == petition.received
        assert row.channel == ("来电" if petition.receipt.startswith("D") else "来信")
        assert (row.verdict, row.kinds, row.area) == (petition.verdict, petition.kinds, petition.area)
        assert row.state == (petition.state if "state" in fields else None)
        for name in ("problem", "findings", "measures", "accountability", "goal", "remarks"):
            if name in fields:
                assert flat(getattr(row, name)) == flat(getattr(petition, name))
            else:
                assert not getattr(row, name)


def test_rows_come_in_order_and_name_their_place(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    path.write_bytes(books({"来电": table(good(), good(receipt="D3HN202406070070")), "来信": table(good())}))
    assert [(row.sheet, row.row) for row in read(path)] == [("来电", 2), ("来电", 3), ("来信", 2)]


def test_an_opened_table_can_be_read_twice_and_not_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(table(good())))
    sheet = open_sheet(path)
    assert list(sheet) == list(sheet)
    sheet.close()
    sheet.close()
    with pytest.raises(SheetError, match="closed"):
        list(sheet)


def test_a_table_left_open_is_closed_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(table(good())))
    assert next(iter(open_sheet(path))).row == 2
    gc.collect()


@pytest.mark.parametrize("name", PROFILES)
def test_the_profile_is_recognised_by_its_headers(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(table(good(), profile=name)))
    with open_sheet(path) as sheet:
        assert sheet.profile.name == name
        assert sheet.absent == sheet.ignored == sheet.skipped == ()


def test_sheets_of_two_campaigns_in_one_workbook_are_both_read(tmp_path: Path) -> None:
    sheets = {
        "中央": table(good()),
        "省级": table(good(), profile="hunan-provincial-2024"),
        "说明": data(line(1, ["说明"])),
    }
    path = tmp_path / "table.xlsx"
    path.write_bytes(books(sheets))
    with open_sheet(path) as sheet:
        assert [row.profile for row in sheet] == ["hunan-central-2024", "hunan-provincial-2024"]
        assert [row.state for row in sheet] == ["closed", None]
        assert sheet.skipped == ("说明",)


def test_columns_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    head: list[Value] = ["受理编号", "反映问题", "所属区域", "联系人"]
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(data(line(1, head), line(2, ["D2018080107", "臭", "云石县", "某"]))))
    with open_sheet(path) as sheet:
        (row,) = sheet
    assert (row.profile, row.problem, row.area) == ("generic-2023", "臭", "云石县")
    assert sheet.ignored == ("联系人",)
    assert "是否属实" in sheet.absent


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    lacking = [header for header in headers() if header not in {"是否属实", "行政区域"}]
    with pytest.raises(SheetError) as refusal:
        read_bytes(tmp_path, book(data(line(1, lacking))), "hunan-central-2024")
    assert "是否属实" in refusal.value.zh
    assert "行政区域" in refusal.value.en


def test_a_header_of_two_levels_is_read_by_its_lower_level(tmp_path: Path) -> None:
    upper: list[Value] = [*headers()[:8], "处理情况", None, "责任人被处理情况"]
    lower: list[Value] = [*([None] * 8), "处理和整改情况", "是否办结"]
    spans = "".join(f'<mergeCell ref="{chr(65 + n)}1:{chr(65 + n)}2"/>' for n in (*range(8), 10))
    sheet = (
        data(line(1, upper), line(2, lower), line(3, values(good())))
        + f'<mergeCells><mergeCell ref="I1:J1"/>{spans}</mergeCells>'
    )
    (row,) = read_bytes(tmp_path, book(sheet))
    assert (row.row, row.measures, row.state, row.verdict) == (3, "责令立即整改。", "closed", "substantiated")


def test_a_receipt_split_over_merged_rows_counts_for_each(tmp_path: Path) -> None:
    merged = (
        table(good(), {"problem": "另一处问题。", "verdict": "不属实"})
        + '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'
    )
    first, second = read_bytes(tmp_path, book(merged))
    assert first.receipt == second.receipt
    assert (first.verdict, second.verdict) == ("substantiated", "unsubstantiated")


def test_receipts_merged_in_one_cell_are_all_told(tmp_path: Path) -> None:
    row = read_one(tmp_path, receipt="D3HN202406070069*、X3HN202406070070")
    assert row.receipt == row.receipts[0]
    assert [receipt.key for receipt in row.receipts] == ["D3HN202406070069", "X3HN202406070070"]
    assert row.star


@pytest.mark.parametrize("blank", ["", "无", "—", "/", " \u3000", "N/A", "*"])
def test_no_receipt_is_no_receipt_in_whatever_way_it_is_said(blank: str, tmp_path: Path) -> None:
    row = read_one(tmp_path, receipt=blank)
    assert row.receipt is None
    assert row.doubts == ()


def test_text_keeps_its_punctuation_and_loses_only_what_nobody_sees(tmp_path: Path) -> None:
    row = read_one(
        tmp_path,
        problem="\ufeff　反映：“夜间”臭气（第１号）；\r\n\u202e二、噪声_x0000_！\u200b",
        area=" 云石县\n柳塘乡 ",
    )
    assert row.problem == "反映：“夜间”臭气（第１号）；\n二、噪声！"
    assert row.area == "云石县 柳塘乡"
    assert row.doubts == ()


def test_text_that_would_be_a_formula_stays_text(tmp_path: Path) -> None:
    row = read_one(tmp_path, problem="=cmd|'/C calc'!A0", measures="@SUM(1)")
    assert (row.problem, row.measures) == ("=cmd|'/C calc'!A0", "@SUM(1)")


def test_a_doubt_names_the_cell_the_column_and_the_reason(tmp_path: Path) -> None:
    (row,) = read_bytes(tmp_path, book(table(good(verdict="\x1b不好说\u202e".replace("\x1b", "_x001B_")), start=9)))
    by_code = {doubt.code: doubt for doubt in row.doubts}
    assert set(by_code) == {"verdict_not_understood", "invisible_characters"}
    doubt = by_code["verdict_not_understood"]
    assert (doubt.cell, doubt.column, doubt.value) == ("G9", "是否属实", "不好说")
    assert by_code["invisible_characters"].value == "\\u001b不好说\\u202e"
    assert (doubt.zh, doubt.en) == DOUBTS["verdict_not_understood"]


def test_a_date_stands_for_the_same_day_in_every_form(tmp_path: Path) -> None:
    forms = [
        "2024-06-07", "2024/6/7", "2024.6.7", "2024年6月7日", "2024年06月07日 08:30", "20240607",
        "2024-06-07 00:00:00", "２０２４－０６－０７", "2024 年 6 月 7 日（星期五）", "二〇二四年六月七日",
        "二○二四年六月七日", "2024-06-07T08:30:00Z",
        "2024、6、7", "2024年6月7号", "2024-6-7 8:05",
    ]  # fmt: skip
    rows = [good(receipt=str(number), received=form) for number, form in enumerate(forms)]
    found = read_bytes(tmp_path, book(table(*rows, profile="generic-2023")))
    assert [row.received_on for row in found] == [dt.date(2024, 6, 7)] * len(forms)
    assert not any(row.doubts for row in found)


def test_the_receipt_tells_the_day_and_a_date_column_only_without_it(tmp_path: Path) -> None:
    row = read_one(tmp_path, "generic-2023", received="2024-06-09", receipt="D3HN202406070069")
    assert row.received_on == dt.date(2024, 6, 7)
    row = read_one(tmp_path, "generic-2023", received=45450, receipt="无")
    assert row.received_on == dt.date(2024, 6, 7)


VERDICTS = [
    ("1.属实；2.不属实", "partly_substantiated", ("substantiated", "unsubstantiated")),
    ("①属实②基本属实", "mostly_substantiated", ("substantiated", "mostly_substantiated")),
    ("一、属实；二、属实", "substantiated", ("substantiated", "substantiated")),
    ("1-3属实，4不属实", "partly_substantiated", ("substantiated",) * 3 + ("unsubstantiated",)),
    ("第1、2个问题不属实；第3个问题不属实", "unsubstantiated", ("unsubstantiated",) * 3),
    ("部分属实（一、属实；二、不属实）", "partly_substantiated", ("substantiated", "unsubstantiated")),
    ("属实", "substantiated", ()),
    ("", None, ()),
    ("正在核查", None, ()),
]


@pytest.mark.parametrize(("text", "verdict", "points"), VERDICTS)
def test_verdicts_of_several_points_are_rolled_up(
    text: str, verdict: str | None, points: tuple[str, ...], tmp_path: Path
) -> None:
    row = read_one(tmp_path, verdict=text)
    assert (row.verdict, row.points, row.doubts) == (verdict, points, ())


def test_struck_off_is_closed_and_signed_off(tmp_path: Path) -> None:
    row = read_one(tmp_path, state="已销号")
    assert (row.state, row.signed_off) == ("closed", True)


def test_the_digest_knows_the_same_content_in_another_dress_and_tells_other_content(tmp_path: Path) -> None:
    plain = read_one(tmp_path)
    dressed = read_one(
        tmp_path, no=77, receipt="ｄ3hn 202406070069",
        problem=f" {str(good()['problem'])[:9]}\n{str(good()['problem'])[9:]}",
        verdict="属实。", kinds=" 大气 ",
    )  # fmt: skip
    assert dressed.digest == plain.digest
    assert len(plain.digest) == 64
    others = [
        read_one(tmp_path, **change).digest
        for change in (
            {"verdict": "不属实"}, {"problem": "另一问题"}, {"receipt": "D3HN202406070069*"},
            {"state": "未办结"},
            {"measures": ""}, {"kinds": "水"}, {"goal": "立行立改"}, {"area": "青岭镇"}, {"state": "已销号"},
            {"findings": str(good()["measures"]), "measures": str(good()["findings"])},
        )
    ]  # fmt: skip
    assert len({plain.digest, *others}) == len(others) + 1


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=60))
def test_no_text_upsets_the_reading_of_a_cell(text: str) -> None:
    clean = cells.clean_text(text)
    assert cells.clean_text(clean) == clean
    assert base.clean(clean) == clean  # the core takes whatever the reader hands over
    cells.parse_verdict(text)
    cells.parse_state(text)
    cells.parse_kinds(text)
    cells.parse_channel(text)
    cells.parse_date(text)
    assert cells.printable(text, 10).isprintable()
    assert len(cells.printable(text, 10)) <= 10


@settings(max_examples=300, derandomize=True)
@given(
    st.lists(st.sampled_from([*"1一.、;:（）()-属实不部分基本是第个年月日〇0 ", "属实", "不属实"]), max_size=30).map(
        "".join
    )
)
def test_no_enumeration_upsets_the_reading_of_verdicts_and_dates(text: str) -> None:
    verdict = cells.parse_verdict(text)
    assert verdict.understood or verdict.verdict is None
    cells.parse_state(text)
    cells.parse_date(text)


# ---------------------------------------------------------------------------------- agreement with others
def test_other_readers_see_the_same_texts(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    fast_sheet(path, 200)
    ours = [list(row.cells.values()) for row in read(path)]
    calamine = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    assert ours == [[cells.clean_text(str(value)) for value in row] for row in calamine]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    openpyxls = [
        [cells.clean_text(str(value or "")) for value in row] for row in sheet.iter_rows(min_row=3, values_only=True)
    ]
    assert ours == openpyxls


def test_a_table_written_by_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([column.header for column in PROFILES["generic-2023"].columns])
    sheet.append(
        [
            1,
            2018080107,
            "来访",
            dt.date(2024, 6, 7),
            "臭气",
            "云石县",
            "大气",
            "",
            "",
            "",
            "否",
            "",
            "=1+1",
        ]
    )
    workbook.save(path)
    workbook.close()
    (row,) = read(path)
    assert row.receipt is not None
    assert (row.receipt.key, row.channel, row.received_on, row.state) == (
        "2018080107",
        "来访",
        dt.date(2024, 6, 7),
        "open",
    )
    assert [(doubt.code, doubt.cell) for doubt in row.doubts] == [("formula_without_value", "M2")]


# ----------------------------------------------------------------------------------------------- profiles
def test_the_shipped_profiles_are_those_of_the_campaigns() -> None:
    central = [column.header for column in PROFILES["hunan-central-2024"].columns]
    assert central == [
        "序号",
        "受理编号",
        "交办问题基本情况",
        "行政区域",
        "问题类型",
        "调查核实情况",
        "是否属实",
        "办结目标",
        "处理和整改情况",
        "是否办结",
        "责任人被处理情况",
    ]
    provincial = [column.header for column in PROFILES["hunan-provincial-2024"].columns]
    assert "污染类型" in provincial
    assert not {"问题类型", "办结目标", "是否办结"} & set(provincial)
    assert {"受理方式", "备注"} <= {column.header for column in PROFILES["generic-2023"].columns}


def test_a_profile_with_a_field_or_header_twice_is_refused() -> None:
    problem = Column(field="problem", header="问题")
    with pytest.raises(ValueError, match="two columns for one field"):
        Profile(name="x", title="x", columns=(problem, Column(field="problem", header="内容")))
    with pytest.raises(ValueError, match="one header for two columns"):
        Profile(name="x", title="x", columns=(problem, Column(field="area", header="区域", aliases=("问 题",))))


def test_a_profile_of_ones_own_can_be_handed_in(tmp_path: Path) -> None:
    own = Profile(name="own", title="自拟", columns=(Column(field="problem", header="诉求"),), at_least=1)
    path = tmp_path / "own.xlsx"
    assert write_table(path, own, [{"problem": "臭"}], title="") == 1
    with open_sheet(path, own) as sheet:
        (row,) = sheet
    assert (row.profile, row.problem, row.receipt) == ("own", "臭", None)


# -------------------------------------------------------------------------------------------------- size
MEASURE = """
import resource, sys
from pathlib import Path
from adapters.spreadsheets import open_sheet
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
list(open_sheet(Path(sys.argv[1])))
small = peak()
count = sum(1 for _ in open_sheet(Path(sys.argv[2])))
print(count, peak() - small)
"""


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    small, large = tmp_path / "small.xlsx", tmp_path / "large.xlsx"
    fast_sheet(small, 300)
    fast_sheet(large, 12_000)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(small), str(large)],
        capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    count, grown = (int(number) for number in done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert count == 12_000
    assert grown * unit < 12 * 1024 * 1024
