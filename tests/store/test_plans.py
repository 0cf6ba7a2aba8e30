"""Action plans on both databases: items in from a workbook and out to one, opened, counted, found."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pydantic import JsonValue

from adapters import checking
from adapters.plan_sheet import ITEMS, ItemsReport, import_items, write_items
from adapters.plans import items_of, plans
from adapters.queries import Filter, listed
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.plain import NewSheet, write_plain
from models.envelope import Envelope
from models.refusals import NotYours
from models.values import ItemPlan
from models.vocabulary import Kind, Status
from tests.store.desks import Office

HEADERS = [column.header for column in ITEMS.columns]
BOILER = {"类别": "工业污染", "整改任务": "拆除燃煤锅炉", "责任单位": "qingshi", "整改时限": "2026-09-30"}
WASTE = {
    "类别": "固废",
    "整改任务": "清运废渣",
    "责任单位": "liuxi",
    "整改时限": "2026年6月30日",
    "地点": "柳溪乡下河村",
}


def a_plan(office: Office, title: str = "夏季攻势") -> str:
    data: dict[str, JsonValue] = {"title": title, "unit": "qingshi"}
    envelope = Envelope(id=f"plan/{title}", actor="dispatcher", command="open_plan", data=data)
    return office.door.perform([envelope])[0].case


def opened(office: Office, plan: str) -> None:
    """Open a plan's items as its process manager does."""
    case = office.case(plan)
    there = {each.id for each in items_of(office.database, case)}
    for task in case.tasks:
        if task.id not in there:
            data: dict[str, JsonValue] = {
                "parent": plan, "measure": task.measure, "target": task.target.isoformat(),
                "category": task.category, "unit": "qingshi" if task.category == "工业污染" else "liuxi",
            }  # fmt: skip
            envelope = Envelope(id=f"open/{task.id}", case=task.id, actor="engine", command="open_task", data=data)
            office.door.perform([envelope], trusted=True)


def a_sheet(folder: Path, *rows: dict[str, str], headers: Sequence[str] = HEADERS) -> Path:
    path = folder / "items.xlsx"
    write_plain(
        path, [NewSheet("任务清单", "夏季攻势", headers, [[row.get(name, "") for name in headers] for row in rows])]
    )
    return path


def imported(office: Office, plan: str, path: Path, actor: str = "dispatcher", *, dry_run: bool = False) -> ItemsReport:
    return import_items(office.desk, office.case(plan), path, actor=actor, dry_run=dry_run)


def counts(report: ItemsReport) -> tuple[int, int]:
    assert report.total == report.added + report.known
    return report.added, report.known


def test_a_plan_has_a_number_of_its_own_and_stands_in_no_list_of_cases(office: Office) -> None:
    plan = a_plan(office)
    assert (plan[0], plan[5:]) == ("P", "000001")
    assert [each.id for each in plans(office.database, Filter(kind=Kind.PLAN))] == [plan]
    assert [each.id for each in plans(office.database, Filter(kind=Kind.PLAN, words="夏季"))] == [plan]
    assert plans(office.database, Filter(kind=Kind.PLAN, words="冬季")) == []
    assert plan not in {each.id for each in listed(office.database, Filter())}


def test_items_come_from_a_workbook_once_and_go_out_to_one_that_is_read_as_the_same(
    office: Office, tmp_path: Path
) -> None:
    plan = a_plan(office)
    path = a_sheet(tmp_path, BOILER, WASTE)
    assert counts(imported(office, plan, path, dry_run=True)) == (2, 0)
    assert office.case(plan).tasks == ()
    assert counts(imported(office, plan, path)) == (2, 0)
    assert counts(imported(office, plan, path)) == (0, 2), "known before their cases are opened"
    opened(office, plan)
    assert counts(imported(office, plan, path)) == (0, 2), "and after"
    tasks = office.case(plan).tasks
    assert [(each.category, each.target) for each in tasks] == [
        ("工业污染", date(2026, 9, 30)), ("固废", date(2026, 6, 30)),
    ]  # fmt: skip
    out = tmp_path / "out.xlsx"
    assert write_items(out, office.desk.world(), office.case(plan), items_of(office.database, office.case(plan))) == 2
    assert counts(imported(office, plan, out)) == (0, 2)
    other = a_sheet(tmp_path, BOILER, {**BOILER, "责任单位": "liuxi"})
    assert counts(imported(office, plan, other)) == (1, 1), "the same of another unit is another item"
    assert checking.verify(office.database).faults == []
    assert checking.rebuild(office.database, check=True).differences == []


def test_seventy_five_items_of_six_categories_are_added_in_one_go(office: Office, tmp_path: Path) -> None:
    plan = a_plan(office)
    rows = [{**BOILER, "类别": f"第{n % 6 + 1}类", "整改任务": f"任务{n}"} for n in range(75)]
    told: list[tuple[int, int]] = []
    report = import_items(
        office.desk, office.case(plan), a_sheet(tmp_path, *rows), actor="dispatcher",
        progress=lambda done, all_: told.append((done, all_)),
    )  # fmt: skip
    assert (counts(report), told) == ((75, 0), [(75, 75)])
    assert len({each.category for each in office.case(plan).tasks}) == 6


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({**BOILER, "类别": ""}, "任务清单!B3：不能为空"),
        ({**BOILER, "责任单位": "没有这个单位"}, "没有“没有这个单位”"),
        ({**BOILER, "整改时限": "尽快"}, "“尽快”不是日期"),
        ({**BOILER, "整改时限": "2020-01-01"}, "整改时限已过"),
        ({**BOILER, "编号": "P2099000001-R1"}, "方案没有任务 P2099000001-R1"),
        ({**BOILER, "整改标准": "电话13800138000"}, "含有电话或身份证号"),
    ],
    ids=["no category", "no such unit", "no day", "a day gone by", "no such item", "a telephone"],
)
def test_every_cell_that_cannot_be_used_is_named_and_nothing_is_added(
    office: Office, tmp_path: Path, row: dict[str, str], told: str
) -> None:
    plan = a_plan(office)
    with pytest.raises(SheetError) as why:
        imported(office, plan, a_sheet(tmp_path, row, WASTE))
    assert told in why.value.zh
    assert "任务清单!" in why.value.en
    assert office.case(plan).tasks == ()


def test_the_same_item_twice_in_a_table_is_told(office: Office, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="与 任务清单!C3 重复"):
        imported(office, a_plan(office), a_sheet(tmp_path, BOILER, BOILER))


def test_whoever_does_not_plan_adds_no_items(office: Office, tmp_path: Path) -> None:
    plan = a_plan(office)
    with pytest.raises(NotYours):
        imported(office, plan, a_sheet(tmp_path, BOILER), "clerk")
    assert office.case(plan).tasks == ()


def test_an_item_lives_as_a_task_of_its_unit_until_it_is_struck_off(office: Office) -> None:
    plan = a_plan(office)
    item = ItemPlan.model_validate(
        {"measure": "拆除燃煤锅炉", "target": "2026-09-30", "category": "工业污染", "unit": "qingshi"}
    )
    office.act(plan, "dispatcher", "add_items", task_plans=[item.model_dump(mode="json", exclude_defaults=True)])
    opened(office, plan)
    (number,) = [each.id for each in items_of(office.database, office.case(plan))]
    for who, command, data in (
        ("handler", "submit_for_review", {}),
        ("reviewer", "approve", {}),
        ("handler", "apply_sign_off", {}),
        ("inspector", "accept_on_site", {}),
        ("reviewer", "countersign", {}),
        ("clerk", "publish_notice", {"where": "县政府网站"}),
        ("dispatcher", "strike_off", {}),
    ):
        office.act(number, who, command, **data)
    assert office.case(number).status is Status.SIGNED_OFF


def test_an_item_is_known_as_it_was_planned_whoever_has_it_now_and_before_it_is_opened(
    office: Office, tmp_path: Path
) -> None:
    plan = a_plan(office)
    path = a_sheet(tmp_path, BOILER)
    imported(office, plan, path)
    elsewhere = a_sheet(tmp_path, BOILER, {**BOILER, "责任单位": "liuxi"}, {**BOILER, "地点": "上村"})
    assert counts(imported(office, plan, elsewhere)) == (2, 1), "another unit's, or another place's, is another item"
    opened(office, plan)
    office.act(f"{plan}-R1", "dispatcher", "reassign", unit="liuxi", reason="属地管理")
    assert counts(imported(office, plan, a_sheet(tmp_path, BOILER))) == (0, 1)


def test_two_items_that_differ_in_nothing_but_their_number_come_back_from_the_plans_own_table(
    office: Office, tmp_path: Path
) -> None:
    plan = a_plan(office)
    item: JsonValue = {"measure": "围挡", "target": "2026-09-30", "category": "扬尘", "unit": "qingshi"}
    office.act(plan, "dispatcher", "add_items", task_plans=[item, item])
    for task in office.case(plan).tasks:
        given: dict[str, JsonValue] = {
            "parent": plan, "measure": task.measure, "target": "2026-09-30", "category": "扬尘", "unit": "qingshi",
        }  # fmt: skip
        opening = Envelope(id=f"open/{task.id}", case=task.id, actor="engine", command="open_task", data=given)
        office.door.perform([opening], trusted=True)
    out = tmp_path / "out.xlsx"
    write_items(out, office.desk.world(), office.case(plan), items_of(office.database, office.case(plan)))
    assert counts(imported(office, plan, out)) == (0, 2)
