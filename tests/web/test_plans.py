"""Action plans in the console and the API: opened, filled from a workbook, counted by category; and who may not."""

import io
from pathlib import Path

from openpyxl import load_workbook
from pydantic import JsonValue

from tests.store.test_plans import BOILER, WASTE, a_plan, a_sheet, opened
from tests.web.conftest import Browser, Console

API = "/api/v1"


async def test_a_plan_is_opened_filled_and_shows_how_far_each_category_is(console: Console, tmp_path: Path) -> None:
    dispatcher = await console.logged_in("dispatcher")
    await dispatcher.go("/plans")
    assert "没有行动方案" in dispatcher.words
    await dispatcher.send("/plans", title="夏季攻势", summary="六大类七十五小项", unit="qingshi")
    plan = dispatcher.answer.headers["location"].rpartition("/")[2]

    async def sent(deed: str, content: bytes, person: Browser = dispatcher) -> Browser:
        given = {"csrf": await person.mark(), "deed": deed}
        files = {"file": ("items.xlsx", content)}
        person.answer = await person.client.post(f"/plans/{plan}/import", data=given, files=files)
        return person

    content = a_sheet(tmp_path, BOILER, WASTE).read_bytes()
    assert "预演，没有写入：共 2 行，新下达 2，已有 0" in (await sent("try", content)).words
    assert "还没有任务" in (await dispatcher.go(f"/cases/{plan}")).words
    assert "已导入：共 2 行，新下达 2" in (await sent("import", content)).words
    opened(console.office, plan)
    item = console.office.case(plan).tasks[0].id
    console.office.act(item, "handler", "submit_for_review")
    console.office.act(item, "reviewer", "approve")
    await dispatcher.go(f"/cases/{plan}")
    assert "合计 2 1 1 0 1 0" in dispatcher.words
    assert f'href="/cases/{item}"' in dispatcher.html
    assert "从表格导入" in dispatcher.words
    assert "50.0%" in (await dispatcher.go("/plans")).words
    book = load_workbook(io.BytesIO((await dispatcher.go(f"/plans/{plan}.xlsx")).answer.content))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=3)] == [f"{plan}-R1", f"{plan}-R2"]
    broken = await sent("import", a_sheet(tmp_path, {**BOILER, "责任单位": "没有"}).read_bytes())
    assert (broken.answer.status_code, "任务清单!F3" in broken.words) == (422, True)


async def test_who_does_not_plan_opens_none_and_adds_nothing(console: Console, tmp_path: Path) -> None:
    plan = a_plan(console.office)
    for person in ("clerk", "reviewer", "handler"):
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), "title": "夏季攻势"}
        assert (await browser.client.post("/plans", data=given)).status_code == 403, person
        files = {"file": ("items.xlsx", a_sheet(tmp_path, BOILER).read_bytes())}
        answer = await browser.client.post(f"/plans/{plan}/import", data={**given, "deed": "import"}, files=files)
        assert answer.status_code == 403, person
    assert console.office.case(plan).tasks == ()


async def test_another_unit_sees_its_own_items_and_not_the_plan(console: Console) -> None:
    office = console.office
    plan = a_plan(office)
    item: JsonValue = {"measure": "清运废渣", "target": "2026-06-30", "category": "固废", "unit": "liuxi"}
    office.act(plan, "dispatcher", "add_items", task_plans=[item])
    opened(office, plan)
    other = await console.logged_in("other-handler")
    assert (await other.go(f"/cases/{plan}-R1")).answer.status_code == 200
    assert (await other.go(f"/cases/{plan}")).answer.status_code == 403
    assert "夏季攻势" not in (await other.go("/plans")).words


async def test_programs_open_plans_and_read_how_far_they_are(console: Console) -> None:
    machine = console.machine("dispatcher")
    answer = await machine.post(f"{API}/plans", json={"data": {"title": "夏季攻势", "unit": "qingshi"}})
    assert answer.status_code == 201
    plan = answer.json()["case"]
    item = {"measure": "拆除燃煤锅炉", "target": "2026-09-30", "category": "工业污染", "unit": "qingshi"}
    asked = {"command": "add_items", "data": {"task_plans": [item]}}
    assert (await machine.post(f"{API}/cases/{plan}/commands", json=asked)).status_code == 200
    opened(console.office, plan)
    told = (await machine.get(f"{API}/plans/{plan}")).json()
    assert (told["progress"]["total"], told["categories"][0]["category"]) == (1, "工业污染")
    assert [each["category"] for each in told["items"]] == ["工业污染"]
    assert [each["title"] for each in (await machine.get(f"{API}/plans?q=夏季")).json()["plans"]] == ["夏季攻势"]
    wrong = await machine.post(f"{API}/plans", json={"data": {"name": "夏季攻势"}})
    assert wrong.status_code == 422
    assert (await machine.get(f"{API}/plans/XF2026000001")).status_code == 404
