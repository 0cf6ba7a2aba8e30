"""Who there is as a workbook: the same out and in again, tolerant of how it is filled in, exact about what is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from adapters.organisation_columns import joined, parted
from adapters.organisation_reading import read_organisation
from adapters.organisation_writing import write_organisation, write_template
from adapters.spreadsheets import SheetError
from models.organisation import COUNTY, Duty, Grid, Leave, Organisation, Person, Unit
from models.staffing import carried
from models.vocabulary import PEOPLE, Role
from tests.core.builders import a_person, a_policy, an_organisation

POSTS = dict(a_policy().posts)


def written(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read(path: Path, current: Organisation | None = None) -> Organisation:
    return read_organisation(path, current or an_organisation(), POSTS)


def wrong(path: Path, **sheets: list[list[object]]) -> SheetError:
    with pytest.raises(SheetError) as refusal:
        read(written(path / "wrong.xlsx", **sheets))
    return refusal.value


# ── out and in again ──
TEXT = (
    st.text(st.sampled_from('王李伟乡镇村a1-、,；"/无 \n'), min_size=1, max_size=5)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
IDS = st.lists(
    st.sampled_from(["a", "b", "1001", "王伟", "县级", "无", "a、b", "x-1", "大队"]),
    min_size=1,
    max_size=5,
    unique=True,
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    unit_ids, ids = draw(IDS), draw(IDS)
    names = st.sampled_from(["王伟", "李伟", "大队", "县级", "a", "b、c"])
    units: list[Unit] = []
    for name in unit_ids:
        above = draw(st.sampled_from([None, *(unit.id for unit in units)]))
        aliases = tuple(draw(st.lists(TEXT, max_size=2, unique=True)))
        closed = bool(units) and draw(st.integers(0, 4)) == 0
        units.append(
            Unit(
                id=name,
                zh=draw(names),
                en=draw(TEXT),
                township=draw(st.booleans()),
                above=above,
                aliases=aliases,
                closed=closed,
            )
        )
    in_use = [unit.id for unit in units if not unit.closed]
    people: list[Person] = []
    for name in ids:
        others = [None, *(other for other in ids if other != name)]
        first = draw(DAYS)
        leaves = [Leave(since=first, until=max(first, draw(DAYS)), delegate=draw(st.sampled_from(others)))]
        person = a_person(
            name,
            draw(st.sampled_from([COUNTY, *in_use])),
            *draw(st.lists(st.sampled_from(PEOPLE), unique=True)),
            posts=tuple(draw(st.lists(st.sampled_from([*POSTS, "own-post"]), unique=True, max_size=3))),
            charge=tuple(draw(st.lists(st.sampled_from(in_use), unique=True, max_size=2))),
            away=draw(st.booleans()),
            delegate=draw(st.sampled_from(others)),
            leave=tuple(leaves[: draw(st.integers(0, 1))]),
            interests=tuple(draw(st.lists(TEXT, unique=True, max_size=2))),
        ).model_copy(update={"name": draw(names)})
        people.append(person.gone() if draw(st.integers(0, 4)) == 0 else person)
    people.append(a_person("boss", COUNTY, Role.ADMINISTRATOR))
    grid_ids = draw(st.lists(TEXT, unique=True, max_size=2))
    grids = [
        Grid(
            id=name,
            name=draw(TEXT),
            unit=draw(st.sampled_from(in_use)),
            words=tuple(draw(st.lists(TEXT, unique=True, max_size=3))),
            person=draw(st.sampled_from([None, *ids])),
        )
        for name in grid_ids
    ]
    first = draw(DAYS)
    duties = [Duty(since=first, until=max(first, draw(DAYS)), person=draw(st.sampled_from(ids)), post="duty_leader")]
    return Organisation(
        name="临江县、局", units=tuple(units), people=tuple(people), grids=tuple(grids), duties=tuple(duties)
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(organisations(), organisations())
def test_what_is_exported_is_imported_the_same_over_whatever_there_is(
    tmp_path: Path, organisation: Organisation, other: Organisation
) -> None:
    path = tmp_path / "out.xlsx"
    write_organisation(path, organisation, POSTS)
    assert read(path, organisation) == organisation
    posts = {**POSTS, "own-post": ("own-post", "own-post")}
    everybody = carried(other, organisation.units, organisation.people)
    found = read_organisation(path, other, posts)
    assert (found.units, found.people) == everybody
    assert (found.name, found.grids, found.duties) == (organisation.name, organisation.grids, organisation.duties)


@given(st.lists(TEXT, unique=True, max_size=4))
def test_a_list_in_a_cell_is_the_same_list_again(items: list[str]) -> None:
    assert parted(joined(items)) == tuple(items)


@pytest.mark.parametrize("text", ["甲、乙", "甲,乙", "甲，乙", "甲；乙；", "甲\n乙", '"甲"、乙', " 甲 、、 乙、甲"])
def test_a_list_is_written_as_people_write_lists(text: str) -> None:
    assert parted(text) == ("甲", "乙")


def test_the_workbook_explains_itself_and_shows_names(tmp_path: Path) -> None:
    write_organisation(tmp_path / "out.xlsx", an_organisation(), POSTS)
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["单位", "人员", "网格", "请假", "值班", "说明"]
    assert book["单位"]["A1"].value == "临江县"
    people = [[cell.value or "" for cell in row] for row in book["人员"].iter_rows(min_row=2)]
    head = next(row for row in people if row[0] == "head")
    assert head[:5] == ["head", "head", "青石镇", "领导", "单位主要领导"]
    assert next(row for row in people if row[0] == "leader")[2] == "县级"


# ── filled in by people ──
A_BUREAU = Organisation(
    name="局", units=(Unit(id="old", zh="旧"),), people=(a_person("boss", "old", Role.ADMINISTRATOR),)
)


def a_filled_one(path: Path) -> Path:
    return written(
        path / "filled.xlsx",
        单位表=[
            ["示范县生态环境局"],
            [],
            ["序号", "单位名称", "是否乡镇", "上级"],
            [1, "局机关"],
            [2, "执法大队", "否", "局机关"],
            [3, "白马乡", "是"],
        ],
        人员名单=[
            ["单位", "姓 名", "职责（可多填）", "职务", "分管", "代理人"],
            ["局机关", "张三", "系统管理员、信访专员".replace("系统", ""), "", "", ""],
            ["局机关", "李四", "leader", "分管领导", "白马乡，执法大队", "张三"],
            ["白马乡", "王五", "承办人;核查人", "handler", "", "无"],
            ["执法大队", "王五", "承办人", "承办人", "/", ""],
        ],
        网格=[["网格名称", "所属乡镇", "村", "网格员"], ["一网格", "白马乡", "河口村、上村", ""]],
        请假=[["姓名", "开始日期", "结束日期"], ["李四", "2026年5月1日", date(2026, 5, 6)]],
        值班表=[["日期", "值班人员"], ["2026/5/1", "张三"], ["", ""]],
    )


def test_a_first_workbook_needs_no_ids_and_a_second_reading_changes_nothing(tmp_path: Path) -> None:
    found = read(a_filled_one(tmp_path), A_BUREAU)
    assert found.name == "示范县生态环境局"
    assert [(unit.id, unit.above, unit.township) for unit in found.units if not unit.closed] == [
        ("局机关", None, False), ("执法大队", "局机关", False), ("白马乡", None, True),
    ]  # fmt: skip
    assert [(person.id, person.unit) for person in found.people if not person.retired] == [
        ("张三", "局机关"), ("李四", "局机关"), ("王五1", "白马乡"), ("王五2", "执法大队"),
    ]  # fmt: skip
    leader = found.people[1]
    assert (leader.roles, leader.posts, leader.charge) == ((Role.LEADER,), ("deputy_leader",), ("白马乡", "执法大队"))
    assert (leader.delegate, leader.leave) == ("张三", (Leave(since=date(2026, 5, 1), until=date(2026, 5, 6)),))
    assert found.grids == (Grid(id="一网格", name="一网格", unit="白马乡", words=("河口村", "上村")),)
    assert found.duties == (Duty(since=date(2026, 5, 1), until=date(2026, 5, 1), person="张三"),)
    assert read(a_filled_one(tmp_path), found) == found


def test_people_of_one_name_keep_their_ids_by_their_unit(tmp_path: Path) -> None:
    found = read(a_filled_one(tmp_path), A_BUREAU)
    turned = written(
        tmp_path / "turned.xlsx",
        人员=[["姓名", "单位"], ["王五", "执法大队"], ["王五", "白马乡"], ["张三", "局机关"], ["李四", "局机关"]],
    )
    again = read(turned, found)
    assert [(person.id, person.unit) for person in again.people][:2] == [("王五2", "执法大队"), ("王五1", "白马乡")]
    assert again.people[3] == found.people[1], "columns and sheets that are not there leave things as they are"
    assert (again.grids, again.duties, again.units) == (found.grids, found.duties, found.units)


def test_whoever_has_left_is_not_taken_for_somebody_new_of_the_same_name(tmp_path: Path) -> None:
    current = read(a_filled_one(tmp_path), A_BUREAU)
    gone = tuple(person.gone() if person.id == "李四" else person for person in current.people)
    current = current.model_copy(update={"people": gone})
    path = written(tmp_path / "new.xlsx", 人员=[["姓名", "单位"], ["李四", "白马乡"], ["张三", "局机关"]])
    assert read(path, current).people[0].id == "李四2"


def test_a_name_over_merged_rows_counts_for_each(tmp_path: Path) -> None:
    path = a_filled_one(tmp_path)
    book = load_workbook(path)
    sheet = book["人员名单"]
    sheet.merge_cells("A2:A3")
    book.save(path)
    assert [person.unit for person in read(path).people][:2] == ["局机关", "局机关"]


# ── what is wrong ──
PEOPLE_HEAD: list[object] = ["工号", "姓名", "单位", "职责", "职务", "常任代理人", "长期休假", "状态"]


@pytest.mark.parametrize(
    ("row", "place", "zh", "en"),
    [
        (["x", "张三", "火星乡"], "人员!C2", "没有“火星乡”", 'there is no "火星乡"'),
        (["x", "", "青石镇"], "人员!B2", "不能为空", "is needed"),
        (["x", "张三", ""], "人员!C2", "不能为空", "is needed"),
        (["x", "张三", "青石镇", "皇帝"], "人员!D2", "没有职责“皇帝”", 'no role "皇帝"'),
        (["x", "张三", "青石镇", "", "皇帝"], "人员!E2", "没有职务“皇帝”", 'no post "皇帝"'),
        (["x", "张三", "青石镇", "", "", "李四"], "人员!F2", "没有“李四”", 'there is no "李四"'),
        (["x", "张三", "青石镇", "", "", "", "也许"], "人员!G2", "“也许”应为", "should be one of"),
        (["x", "张三", "青石镇", "", "", "", "", "失踪"], "人员!H2", "“失踪”应为", "should be one of"),
        (["x" * 65, "张三", "青石镇"], "人员!A2", "", "64"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_in_both_languages(
    tmp_path: Path, row: list[object], place: str, zh: str, en: str
) -> None:
    refusal = wrong(tmp_path, 人员=[PEOPLE_HEAD, row])
    assert f"{place}：" in refusal.zh
    assert f"{place}: " in refusal.en
    assert zh in refusal.zh
    assert en in refusal.en


@pytest.mark.parametrize(
    ("sheets", "why"),
    [
        (
            {
                "人员": [["姓名", "单位"], ["甲", "青石镇"], ["甲", "青石镇"]],
                "请假": [["人员", "起", "止"], ["甲", "2026-05-01", "2026-05-02"]],
            },
            "“甲”不止一个，请写编号：甲1、甲2",
        ),
        ({"人员": [["工号", "姓名", "单位"], ["a", "甲", "青石镇"], ["a", "乙", "青石镇"]]}, "编号 a 重复"),
        ({"人员": [["姓名", "单位"], ["甲", "青石镇"]]}, "至少要有一名系统管理员"),
        (
            {"单位": [["编号", "名称"], ["bureau", "局"]], "人员": [["姓名", "单位"], ["甲", "局"]]},
            "没有这个在用单位 qingshi",
        ),
        ({"人员": [["姓名"], ["甲"]]}, "工作表“人员”没有表头，须有：姓名、单位"),
        ({"请假": [["人员", "起", "止"], ["head", "明天", "2026-05-02"]]}, "请假!B2：“明天”不是日期"),
        ({"请假": [["人员", "起", "止"], ["", "2026-05-01", "2026-05-02"]]}, "请假!A2：不能为空"),
        ({"请假": [["人员", "起", "止"], ["head", "2026-05-03", "2026-05-02"]]}, "止日 2026-05-02 早于起日 2026-05-03"),
        ({"网格": [["网格", "所属单位"], ["一网格", "县级"]]}, "网格!B2：没有“县级”"),
        ({"单位": [["名称", "上级单位"], ["青石镇", "火星"]]}, "单位!B2：没有“火星”"),
        ({"值班": [["起", "职务", "人员"], ["2026-05-01", "皇帝", "head"]]}, "值班!B2：没有职务“皇帝”"),
        ({"其他": [["甲"]]}, "没有可识别的工作表"),
        ({"单位": [["编号", "名称"], ["qingshi", "=1/0"]]}, "单位!B2：单元格是错误值或没有结果的公式"),
    ],
)
def test_what_does_not_fit_together_is_told(tmp_path: Path, sheets: dict[str, Any], why: str) -> None:
    assert why in wrong(tmp_path, **sheets).zh


def test_many_wrong_cells_are_counted_and_the_first_ones_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"x{number}", "张三", "火星乡"] for number in range(30)]
    refusal = wrong(tmp_path, 人员=[PEOPLE_HEAD, *rows])
    assert refusal.zh.startswith("有 30 处不能使用")
    assert refusal.zh.count("\n") == 20


def test_an_empty_template_changes_nothing_but_is_no_organisation(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx", POSTS)
    with pytest.raises(SheetError):
        read(tmp_path / "empty.xlsx")
    with pytest.raises(SheetError):
        write_template(tmp_path / "no" / "such.xlsx", POSTS)


LONG: list[list[object]] = [["甲"]] * 20_001


def test_a_sheet_that_is_far_too_long_is_refused(tmp_path: Path) -> None:
    assert "超过 20000 行" in wrong(tmp_path, 人员=[["姓名"], *LONG]).zh
