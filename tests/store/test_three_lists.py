"""Whose three lists: a campaign's, a plan's, a site's, a township's; on both databases, and as a workbook."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from adapters.spreadsheets.plain import read_plain
from adapters.three_lists import Scope, campaign_called, campaigns, cases_of, write_lists
from models.envelope import Envelope
from models.refusals import Malformed, Unknown
from models.three_lists import three_lists
from models.vocabulary import Status
from tests.store.desks import Office, an_envelope
from tests.store.test_plans import BOILER, WASTE, a_plan, a_sheet, imported, opened
from tests.store.test_sites import a_site


def of(office: Office, **scope: str) -> list[str]:
    return [each.id for each in cases_of(office.database, office.desk.world(), Scope(**scope))]


def with_a_task(office: Office, **fields: JsonValue) -> str:
    case = office.a_case(Status.VERIFIED, **fields)
    plan: JsonValue = {"measure": "清理粪污", "target": "2026-09-30"}
    office.act(case, "handler", "plan_rectification", measures="清理", task_plans=[plan])
    given: dict[str, JsonValue] = {"parent": case, "measure": "清理粪污", "target": "2026-09-30", "unit": "qingshi"}
    envelope = Envelope(id=f"open/{case}", case=f"{case}-R1", actor="engine", command="open_task", data=given)
    office.door.perform([envelope], trusted=True)
    return case


def test_a_campaigns_lists_hold_its_petitions_each_with_its_tasks_behind_it(office: Office) -> None:
    one = with_a_task(office, campaign="dc2026")
    two = office.register(campaign="dc2026")
    office.register(campaign="other")
    assert of(office, campaign="dc2026") == [one, f"{one}-R1", two]
    assert of(office, campaign="nothing") == []


def test_a_campaign_is_called_by_its_name_or_its_title_and_what_two_are_called_is_not_guessed(office: Office) -> None:
    for name, title in (("dc2026", "中央督察"), ("xj2026", "夏季攻势"), ("xj2027", "夏季攻势")):
        opening = an_envelope("open_campaign", "dispatcher", id=name, case=f"campaign:{name}", title=title)
        office.door.perform([opening])
    office.register(campaign="2017年省级督察")
    known = campaigns(office.database, office.desk.world())
    assert known == {
        "2017年省级督察": "2017年省级督察", "dc2026": "中央督察", "xj2026": "夏季攻势", "xj2027": "夏季攻势",
    }  # fmt: skip
    assert [campaign_called(known, each) for each in ("dc2026", "DC2026", "中央督察", "2017年省级督察")] == [
        "dc2026", "dc2026", "dc2026", "2017年省级督察",
    ]  # fmt: skip
    for wrong in ("夏季攻势", "nothing"):
        with pytest.raises(Malformed):
            campaign_called(known, wrong)


def test_a_plans_lists_hold_its_items_and_a_sites_what_is_there(office: Office, tmp_path: Path) -> None:
    plan = a_plan(office)
    imported(office, plan, a_sheet(tmp_path, BOILER, WASTE))
    opened(office, plan)
    assert of(office, plan=plan) == [f"{plan}-R1", f"{plan}-R2"]
    farm, case = a_site(office, "王某养猪场"), with_a_task(office)
    office.act(case, "clerk", "place_at_site", site=farm)
    assert of(office, site=farm) == [case, f"{case}-R1"]
    for wrong in ({"plan": farm}, {"site": plan}, {"plan": "P2099000001"}):
        with pytest.raises(Unknown):
            of(office, **wrong)


def test_a_townships_lists_hold_what_lies_there(office: Office) -> None:
    here = with_a_task(office, place="青石镇河口村")
    office.register(place="柳溪乡下河村")
    assert of(office, township="qingshi") == [here, f"{here}-R1"]


def test_the_workbook_has_a_sheet_for_each_list(office: Office, tmp_path: Path) -> None:
    case = with_a_task(office, campaign="dc2026")
    world = office.desk.world()
    lists = three_lists(cases_of(office.database, world, Scope(campaign="dc2026")), office.desk.moments.now())
    path = tmp_path / "lists.xlsx"
    write_lists(path, world, "督察", lists)
    sheets = {sheet.name: [[cell.text for cell in row.values()] for _, row in sheet.rows] for sheet in read_plain(path)}
    assert list(sheets) == ["问题清单", "任务清单", "责任清单"]
    assert sheets["问题清单"][2][1] == case
    assert f"{case}-R1" in sheets["任务清单"][2]
    assert len(sheets["责任清单"]) > 2
