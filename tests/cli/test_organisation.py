"""Who there is at the command line: changed by commands, out to and in from a workbook, named as everybody calls it."""

from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import ROOT, Terminal

DEMO = ROOT / "policies" / "organisations" / "demo.toml"


@pytest.fixture
def county(terminal: Terminal) -> Terminal:
    """A desk with the demonstration's county."""
    terminal.ok("act", "organisation", "define_organisation", "--as", "admin", "--set", f"organisation=@{DEMO}")
    return terminal


def change(terminal: Terminal, command: str, *fields: str, actor: str = "admin", code: int = 0) -> str:
    answer = terminal(
        "act", "organisation", command, "--as", actor, *(part for each in fields for part in ("--set", each))
    )
    assert answer.code == code, answer
    return answer.out + answer.err


def test_an_afternoon_of_an_administrator(terminal: Terminal) -> None:
    offered = {each["command"]: each for each in terminal.json("actions", "organisation", "--as", "admin")["actions"]}
    assert {"add_unit", "retire_person", "take_leave", "define_grid", "set_duty"} <= set(offered)
    fields = {slot["field"]: slot for slot in offered["add_person"]["fields"]}
    assert fields["id"]["required"]
    assert "leader" in fields["roles"]["choices"]
    change(terminal, "add_unit", "id=squad", "called=执法一中队", "above=执法大队", "reason=新设")
    change(terminal, "add_person", "id=zhang", "called=张三", "unit=执法一中队", "roles=承办人,核查人", "posts=承办人")
    change(terminal, "appoint", "person=张三", "post=股（室）负责人")
    change(
        terminal,
        "take_leave",
        "person=张三",
        "since=2026/5/1",
        "until=2026-05-06",
        "delegate=承办人",
        actor="交办负责人",
    )
    change(
        terminal, "define_grid", "id=g1", "called=白马一网格", "unit=白马乡", "words=河口村,上村", "person=白马乡承办人"
    )
    change(terminal, "set_duty", "person=张三", "since=2026-05-01", "until=2026-05-01")
    organisation = terminal.json("organisation", "show")["organisation"]
    zhang = next(person for person in organisation["people"] if person["id"] == "zhang")
    assert (zhang["unit"], zhang["posts"], zhang["roles"]) == (
        "squad",
        ["handler", "section_head"],
        ["handler", "inspector"],
    )
    assert zhang["leave"] == [{"since": "2026-05-01", "until": "2026-05-06", "delegate": "handler"}]
    shown = terminal.ok("organisation", "show").out
    for word in (
        "执法一中队",
        "张三",
        "股（室）负责人",
        "2026-05-01 — 2026-05-06 → 承办人 handler",
        "河口村、上村",
        "值班领导",
    ):
        assert word in shown
    history = terminal.ok("history", "organisation").out
    for word in (
        *("增设单位", "上级单位：执法大队 enforcement", "职责：承办人；核查人", "单位：执法一中队 squad", "理由：新设"),
        *("请假", "代理人：承办人 handler", "起：2026-05-01", "交办负责人 dispatcher", "排班"),
    ):
        assert word in history, word
    change(terminal, "retire_person", "person=zhang", "reason=调离")
    assert "张三" in terminal.ok("organisation", "show", "--all").out
    assert "1 人已离任" in terminal.ok("organisation", "show").out
    assert "已经离任" in change(terminal, "appoint", "person=zhang", "post=handler", code=1)
    assert "至少要有一名系统管理员" in change(terminal, "retire_person", "person=admin", "reason=x", code=1)
    assert "不能由本人代理本人" in change(
        terminal, "take_leave", "person=head", "since=2026-05-01", "until=2026-05-02", "delegate=head", code=1
    )
    assert "没有名为“火星”的单位" in change(terminal, "close_unit", "unit=火星", "reason=x", code=1)
    assert terminal.ok("verify", "--all").code == 0


def test_a_name_stands_for_an_id_where_it_is_the_only_one(county: Terminal) -> None:
    case = county.petition()
    county.ok("act", case, "accept", "--as", "周敏")
    county.ok(
        "act", case, "assign", "--as", "何平", "--set", "unit=云溪镇", "--set", "handler=陆远", "--set", "leader=冯涛"
    )
    found = county.json("show", case)
    assert (found["unit"], found["handler"], found["leader"]) == ("yunxi", "yunxi_handler", "deputy")
    assert "承办单位：云溪镇 yunxi" in county.ok("history", case).out
    assert "陆远" in county.ok("actions", case, "--as", "陆远").out
    change(county, "add_person", "id=lu2", "called=陆远", "unit=county", "roles=clerk")
    answer = county("act", case, "note", "--as", "陆远", "--set", "text=x")
    assert answer.code == 1
    assert "“陆远”不止一个，请写编号：yunxi_handler、lu2" in answer.err
    county.ok("act", case, "note", "--as", "lu2", "--set", "text=x")
    assert county("act", case, "note", "--as", "赵钱孙", "--set", "text=x").code == 1
    assert (
        county.json("intake", "--channel", "phone", "--place", "云溪镇", "--summary", "臭", "--as", "周敏")["seq"] == 1
    )


def test_a_workbook_goes_out_and_in_and_only_what_was_changed_is_new(county: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "county.xlsx"
    assert county.json("organisation", "export", path)["people"] == 37
    before = county.json("organisation", "show")
    same = county.json("organisation", "import", path)
    assert (same["added"], same["changed"], same["gone"], same["event"]) == ([], [], [], None)
    assert "没有差别" in county.ok("organisation", "import", path).out
    book = openpyxl.load_workbook(path)
    sheet = book["人员"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "谭志")
    row[4].value = "承办人"
    sheet.append(["", "新人", "云溪镇", "承办人", "", "", "", "", "", ""])
    sheet.delete_rows(next(row[0].row for row in sheet.iter_rows(min_row=2) if row[1].value == "莫凡"))
    book["请假"].append(["谭志", "2026-05-01", "2026-05-06", "新人"])
    book.save(path)
    rehearsed = county.ok("organisation", "import", path, "--dry-run").out
    assert "+ 人员 person 新人" in rehearsed
    assert "~ 人员 person yunxi_head: 职务 unit_head → handler；休假 — → 2026-05-01 2026-05-06 新人" in rehearsed
    assert "- 人员 person jinsha_head" in rehearsed
    assert "预演，未写入" in rehearsed
    assert county.json("organisation", "show") == before, "a rehearsal changes nothing"
    assert county("organisation", "import", path, "--as", "何平").code == 1
    told = county.ok("organisation", "import", path, "--as", "杨柯", "--reason", "年度调整").out
    assert told.index("新增 added") < told.index("✓ 已导入")
    assert county.json("organisation", "import", path)["event"] is None, "the second import changes nothing"
    history = county.ok("history", "organisation").out
    assert "年度调整" in history
    assert "新增：人员 person 新人" in history
    assert "离任或撤销：人员 person jinsha_head" in history


def test_cells_that_cannot_be_used_are_named_and_nothing_is_imported(county: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    county.ok("organisation", "template", path)
    book = openpyxl.load_workbook(path)
    book["人员"].append(["", "新人", "火星乡", "承办人"])
    book.save(path)
    answer = county("organisation", "import", path)
    assert answer.code == 1
    assert "人员!C2：没有“火星乡”" in answer.err
    assert 'there is no "火星乡"' in answer.err
    assert county("organisation", "import", tmp_path / "none.xlsx").code == 2
    assert county("organisation", "export", tmp_path / "no" / "x.xlsx").code == 2
    assert county("organisation").code == 2


def test_the_route_is_explained_row_by_row(county: Terminal) -> None:
    change(county, "define_grid", "id=g1", "called=云溪一网格", "unit=云溪镇", "words=河口村", "person=陆远")
    found = county.json("route", "--place", "云溪镇河口村", "--type", "大气", "--channel", "来电")
    assert (found["row"], found["unit"], found["handler"], found["leader"]) == (3, "yunxi", "yunxi_handler", "deputy")
    assert [each["fits"] for each in found["tried"]] == [False, False, True]
    assert found["located"] == {"unit": "yunxi", "grid": "g1", "word": "河口村"}
    shown = county.ok("route", "--place", "云溪镇河口村", "--type", "大气").out
    for word in (
        "“河口村” → 云溪镇 yunxi · 网格 g1",
        "✗ 类型“大气”属于 辐射、危险废物、危废",
        "✓ 采用",
        "网格内的由网格员先到现场",
        "冯涛 deputy",
    ):
        assert word in shown, word
    elsewhere = county.ok("route", "--place", "县城广场").out
    assert "不在已知乡镇或网格内" in elsewhere
    assert "执法大队 enforcement" in elsewhere
    assert county.json("route", "--place", "县城", "--star")["row"] == 1
    change(county, "add_unit", "id=new", "called=新队")
    for step in (("person=李强", "unit=新队"), ("person=赵静", "unit=新队"), ("person=孙立", "unit=新队")):
        change(county, "change_person", *step)
    change(county, "close_unit", "unit=执法大队", "reason=机构改革")
    lost = county("route", "--place", "县城")
    assert "第 5 行的单位 enforcement 不存在或已撤销" in lost.err


def test_an_assignment_without_a_unit_takes_the_route_and_says_so(county: Terminal) -> None:
    case = county.json("intake", "--channel", "phone", "--place", "云溪镇街上", "--summary", "夜间噪声")["case"]
    county.ok("act", case, "accept", "--as", "clerk")
    shown = county.ok("show", case).out
    assert "派件建议" in shown
    assert "陆远 yunxi_handler" in shown
    assert county.json("show", case)["proposed"]["unit"] == "yunxi"
    county.ok("act", case, "assign", "--as", "dispatcher")
    found = county.json("show", case)
    assert (found["unit"], found["handler"], found["leader"]) == ("yunxi", "yunxi_handler", "deputy")
    assert "proposed" not in found
    assert "派件依据：政策 2026-11 第 4 行：属地管理：由所在乡镇办理" in county.ok("history", case).out
    assert county.ok("verify", "--all").code == 0
