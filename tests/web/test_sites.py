"""The site ledger in the console: registered, found, placed, its page, like sites checked; and who may not."""

import io
from pathlib import Path

from openpyxl import load_workbook
from pydantic import JsonValue

from models.envelope import Envelope
from models.vocabulary import Status
from tests.store.test_site_sheet import FARM, WORKS, a_sheet
from tests.store.test_sites import a_site
from tests.web.conftest import Browser, Console

API = "/api/v1"


async def test_a_site_is_registered_found_and_shows_what_is_there(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/sites")
    assert "没有符合条件的场所" in clerk.words
    await clerk.send("/sites", title="王某养猪场", place="青石镇河口村", trade="生猪养殖")
    number = clerk.answer.headers["location"].rpartition("/")[2]
    assert console.office.case(number).title == "王某养猪场"
    case = console.office.register(respondent="王某养猪场")
    await clerk.go(f"/cases/{case}")
    assert "归入此场所" in clerk.words, "the site it may be about is suggested"
    await clerk.send(f"/cases/{case}/do/place_at_site", site=number)
    await clerk.go("/sites?q=养猪")
    assert number in clerk.words
    await clerk.go("/sites?trade=化工")
    assert number not in clerk.words
    await clerk.go(f"/cases/{number}")
    assert f'href="/cases/{case}"' in clerk.html
    assert number in clerk.words
    assert "没有在计的时限" not in clerk.words, "a site has no time limits"
    await clerk.go(f"/cases/{case}")
    assert f'href="/cases/{number}"' in clerk.html


async def test_what_is_not_right_is_told_and_nothing_typed_is_lost(console: Console) -> None:
    clerk = await console.logged_in("clerk")
    await clerk.go("/sites")
    await clerk.send("/sites", title="王某养猪场", place="电话13900000000旁", trade="生猪养殖")
    assert clerk.answer.status_code in {422, 409}
    assert "生猪养殖" in clerk.html


async def test_like_sites_are_checked_from_a_closed_petition_by_a_task_each(console: Console) -> None:
    office = console.office
    farm, near = a_site(office, "王某养猪场", unit="qingshi"), a_site(office, "李某养猪场", unit="qingshi")
    brick = a_site(office, "兴隆砖厂", trade="建材")
    case = office.a_case(Status.CLOSED)
    office.act(case, "clerk", "place_at_site", site=farm)
    dispatcher = await console.logged_in("dispatcher")
    await dispatcher.go(f"/cases/{case}")
    assert "李某养猪场" in dispatcher.words
    assert "兴隆砖厂" not in dispatcher.words
    await dispatcher.send(f"/cases/{case}/alike-sites", site=near, target="2026-05-01", reason="同类问题")
    assert [each.measure for each in office.case(case).tasks] == [f"举一反三：对照 {case} 反映的问题核查 李某养猪场"]
    given = {"csrf": await dispatcher.mark(), "site": brick, "target": "2026-05-01"}
    assert (await dispatcher.client.post(f"/cases/{case}/alike-sites", data=given)).status_code == 404


async def test_programs_register_sites_and_read_them_with_what_is_there(console: Console) -> None:
    clerk, handler = console.machine("clerk"), console.machine("handler")
    new: dict[str, dict[str, object]] = {
        "data": {"title": "王某养猪场", "place": "青石镇河口村", "trade": "生猪养殖", "aliases": ["河口猪场"]}
    }
    new["data"]["unit"] = "qingshi"
    made = await clerk.post(f"{API}/sites", json=new)
    assert made.status_code == 201
    number = made.json()["case"]
    assert (await clerk.get(made.headers["location"])).json()["title"] == "王某养猪场"
    case = console.office.register()
    await clerk.post(f"{API}/cases/{case}/commands", json={"command": "place_at_site", "data": {"site": number}})
    punished: dict[str, object] = {"measure": "立案处罚", "fine": 2.5, "text": "偷排"}
    await handler.post(f"{API}/cases/{number}/commands", json={"command": "record_enforcement", "data": punished})
    for asked, found in (("", [number]), ("?q=河口猪场", [number]), ("?trade=生猪养殖", [number]), ("?trade=化工", [])):
        told = (await clerk.get(f"{API}/sites{asked}")).json()["sites"]
        assert [each["case"] for each in told] == found, asked
    (site,) = (await clerk.get(f"{API}/sites")).json()["sites"]
    assert site["petitions"] == [case]
    assert [(each["measure"], each["fine"]) for each in site["enforced"]] == [("立案处罚", 2.5)]
    wrong = await clerk.post(f"{API}/sites", json={"data": {"title": "某厂", "place": "电话13900000000旁"}})
    assert wrong.status_code in {409, 422}
    assert len((await clerk.get(f"{API}/sites")).json()["sites"]) == 1


async def test_whoever_may_not_registers_places_and_checks_nothing(console: Console) -> None:
    office = console.office
    farm, case = a_site(office, "王某养猪场"), office.a_case(Status.CLOSED)
    for person in ("auditor", "leader", "reviewer"):
        visitor = await console.logged_in(person)
        given = {"csrf": await visitor.mark(), "title": "某厂", "place": "青石镇"}
        assert (await visitor.client.post("/sites", data=given)).status_code == 403, person
        body = {"command": "place_at_site", "data": {"site": farm}}
        answer = await console.machine(person).post(f"{API}/cases/{case}/commands", json=body)
        assert answer.status_code == 403, person
    assert office.case(farm).petitions == ()


async def test_a_workbook_is_rehearsed_then_imported_and_had_again(console: Console, tmp_path: Path) -> None:
    path = a_sheet(tmp_path, FARM, WORKS)
    clerk = await console.logged_in("clerk")

    async def sent(deed: str, content: bytes = path.read_bytes(), person: Browser = clerk) -> Browser:
        given = {"csrf": await person.mark(), "deed": deed}
        person.answer = await person.client.post("/sites/import", data=given, files={"file": ("sites.xlsx", content)})
        return person

    assert "预演，没有写入：共 2 行，新登记 2" in (await sent("try")).words
    assert "没有符合条件的场所" in (await clerk.go("/sites")).words
    assert "已导入：共 2 行，新登记 2" in (await sent("import")).words
    assert "兴隆砖厂" in (await clerk.go("/sites")).words
    book = load_workbook(io.BytesIO((await clerk.go("/sites/export.xlsx?q=养猪")).answer.content))
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["王某养猪场"]
    broken = await sent("import", b"no workbook")
    assert (broken.answer.status_code, "✗" in broken.words) == (422, True)
    wrong = await sent("import", a_sheet(tmp_path, {**FARM, "责任单位": "没有"}).read_bytes())
    assert (wrong.answer.status_code, "场所!G2" in wrong.words) == (422, True)
    leader = await console.logged_in("leader")
    assert (await sent("import", person=leader)).answer.status_code == 403
    other = await console.logged_in("other-handler")
    book = load_workbook(io.BytesIO((await other.go("/sites/export.xlsx")).answer.content))
    assert list(book.worksheets[0].iter_rows(min_row=2)) == [], "another unit's sites are not given"


async def test_the_map_groups_by_site_and_tells_of_storms_and_the_dashboard_counts_both(console: Console) -> None:
    office = console.office
    farm = a_site(office, "王某养猪场", unit="qingshi")
    for _ in range(2):
        case = office.a_case(Status.ASSIGNED)
        office.act(case, "clerk", "place_at_site", site=farm)
    sightings: list[JsonValue] = [
        {"case": f"XF2026{n:06d}", "at": f"2026-03-02T0{n}:00:00Z", "channel": "system"} for n in range(3)
    ]
    given: dict[str, JsonValue] = {"sightings": sightings, "place": "青石镇河口村", "unit": "qingshi"}
    told = Envelope(id="w1", case="W-1", actor="engine", command="observe", data=given)
    office.door.perform([told], trusted=True)
    leader = await console.logged_in("leader")
    await leader.go("/map?by=site")
    assert "王某养猪场 2 件" in leader.words
    assert "集中来件" in leader.words
    assert 'href="/cases/W-1"' in leader.html
    await leader.go("/dashboard")
    assert "来件最多的场所" in leader.words
    assert f'href="/cases/{farm}"' in leader.html
    assert "集中来件" in leader.words


async def test_a_sites_page_tells_visits_enforcement_and_what_was_found(console: Console) -> None:
    office = console.office
    farm = a_site(office, "王某养猪场", unit="qingshi")
    case = office.a_case(Status.VERIFIED)
    office.act(case, "clerk", "place_at_site", site=farm)
    office.act(farm, "handler", "record_visit", text="粪水外溢", sound=False)
    office.act(farm, "handler", "record_enforcement", measure="立案处罚", fine=2.5, text="立案")
    clerk = await (await console.logged_in("clerk")).go(f"/cases/{farm}")
    for words in ("巡查情况", "发现问题", "立案处罚", "罚款 2.5 万元", "属实"):
        assert words in clerk.words, words
