"""Dispatch meetings in the console and the API: a pack made once, its files, what is decided, who sees what."""

import io
import zipfile
from xml.etree import ElementTree as ET

from docx import Document
from openpyxl import load_workbook

from adapters.access.log import latest
from adapters.dispatch import convene, meetings
from models.meeting_values import Series
from models.vocabulary import Status
from tests.core.worlds import shanghai
from tests.web.conftest import Console

API = "/api/v1"
MONDAY = shanghai("2026-03-23 09:00")
NUMBER = "DW20260323"
SVG = "{http://www.w3.org/2000/svg}"


async def test_a_pack_is_made_from_the_console_and_what_is_decided_is_an_instruction(console: Console) -> None:
    office = console.office
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    dispatcher = await console.logged_in("dispatcher")
    assert "还没有会议" in (await dispatcher.go("/dispatch")).words
    for _ in range(2):
        await dispatcher.go("/dispatch")
        await dispatcher.send("/dispatch", series="weekly", when="due")
        assert dispatcher.answer.headers["location"] == f"/cases/{NUMBER}"
    page = await dispatcher.go(f"/cases/{NUMBER}")
    assert "▲ 超期 1" in page.words
    assert f"{case} 养殖场夜间臭味扰民 青石镇 现场核查 2026-03-16 24:00 6 天 handler leader" in page.words
    leader = await console.logged_in("leader")
    await leader.go(f"/cases/{NUMBER}")
    await leader.send(f"/cases/{NUMBER}/do/record_decision", about=case, text="三日内到现场", by_when="2026-03-26")
    assert office.names(case)[-1] == "instructed"
    assert f"{case} 三日内到现场 2026-03-26 leader" in (await leader.go(f"/cases/{NUMBER}")).words
    assert "1" in (await leader.go("/dispatch")).words
    await leader.go(f"/cases/{NUMBER}")
    refused = await leader.send(f"/cases/{NUMBER}/do/record_decision", about="XF2026009999", text="不存在的案件")
    assert refused.answer.status_code == 404
    assert "XF2026009999" in refused.words


async def test_a_pack_comes_as_docx_xlsx_and_with_its_drawings_as_zip(console: Console) -> None:
    office = console.office
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    leader = await console.logged_in("leader")
    page = Document(io.BytesIO((await leader.go(f"/dispatch/{NUMBER}.docx")).answer.content))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    assert {case, "6 天", "handler", "现场核查"} <= set(cells)
    workbook = io.BytesIO((await leader.go(f"/dispatch/{NUMBER}.xlsx")).answer.content)
    assert "xl/charts/chart1.xml" in zipfile.ZipFile(workbook).namelist(), "the map as the office program's own chart"
    book = load_workbook(workbook)
    assert [book[name]["A2"].value for name in ("超期案件及须说明情况的人员", "作战图")] == [case, case]
    files = zipfile.ZipFile(io.BytesIO((await leader.go(f"/dispatch/{NUMBER}.zip")).answer.content))
    assert sorted(files.namelist()) == [
        f"{NUMBER}.docx",
        f"{NUMBER}.xlsx",
        "flow-petition.svg",
        "flow-rectification.svg",
        "map.svg",
    ]
    for name in ("map.svg", "flow-petition.svg"):
        root = ET.fromstring(files.read(name))  # noqa: S314 - our own
        told = " ".join(root.itertext())
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        assert not [each for each in root.iter() if each.tag.rpartition("}")[2] in {"script", "style", "image"}]
        assert ("已交办 1" if "flow" in name else case) in told
    assert (await leader.go(f"/dispatch/{NUMBER}/map.svg")).answer.content == files.read("map.svg")
    for missing in (f"/dispatch/{NUMBER}.pdf", f"/dispatch/{NUMBER}/else.svg"):
        assert (await leader.go(missing)).answer.status_code == 404


async def test_the_flow_chart_and_the_map_are_files_of_their_own_with_what_stands_where(console: Console) -> None:
    office = console.office
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    leader = await console.logged_in("leader")
    assert "已交办 1 ▲ 1" in (await leader.go("/flow")).words
    flow = (await leader.go("/flow/petition.svg")).answer
    assert flow.headers["content-type"].startswith("image/svg+xml")
    assert "已交办 1" in " ".join(ET.fromstring(flow.content).itertext())  # noqa: S314 - our own
    assert (await leader.go("/flow/watch.svg")).answer.status_code == 404
    for by in ("unit", "leader", "township", "campaign", "site"):
        told = " ".join(ET.fromstring((await leader.go(f"/map.svg?by={by}")).answer.content).itertext())  # noqa: S314
        assert case in told
        assert "超期 6 天" in told
    handler = await console.logged_in("other-handler")
    assert case not in (await handler.go("/map.svg")).html, "another unit's case is not on their map"


async def test_rows_of_cases_that_are_not_for_a_reader_are_left_out_and_counted(console: Console) -> None:
    office = console.office
    about_leader = office.a_case(Status.ASSIGNED, named=["magistrate"])
    other = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    magistrate, machine = await console.logged_in("magistrate"), console.machine("magistrate")
    page = await magistrate.go(f"/cases/{NUMBER}")
    assert other in page.words
    assert about_leader not in page.html
    assert "另有 1 行不在您的查看范围内" in page.words
    for address in (f"{API}/dispatch/{NUMBER}", f"{API}/cases/{NUMBER}/history"):
        answer = await machine.get(address)
        assert answer.status_code == 200
        assert about_leader not in answer.text
    assert about_leader.encode() not in (await magistrate.go(f"/dispatch/{NUMBER}/map.svg")).answer.content
    office.act(NUMBER, "leader", "record_decision", about=about_leader, by_when="2026-03-26")
    assert (await machine.get(f"{API}/cases/{NUMBER}")).status_code == 403, "what was decided of it is not for them"
    handler = await console.logged_in("handler")
    assert NUMBER not in (await handler.go("/dispatch")).html


async def test_the_api_lists_meetings_makes_a_pack_once_and_tells_where_cases_stand(console: Console) -> None:
    office = console.office
    case = office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    machine = console.machine("dispatcher")
    made = [(await machine.post(f"{API}/dispatch", json={"series": "weekly"})).json() for _ in range(2)]
    assert made == [{"meeting": NUMBER, "made": True}, {"meeting": NUMBER, "made": False}]
    (listed,) = (await machine.get(f"{API}/dispatch")).json()["meetings"]
    assert (listed["meeting"], listed["figures"]["overdue"]) == (NUMBER, 1)
    whole = (await machine.get(f"{API}/dispatch/{NUMBER}")).json()
    assert [(row["case"], row["clock"], row["explains"]) for row in whole["pack"]["overdue"]] == [
        (case, "verify", "handler")
    ]
    stands = (await machine.get(f"{API}/flow")).json()["stands"]
    assert stands == [{"kind": "petition", "status": "assigned", "open": 1, "overdue": 1}]
    leader = console.machine("leader")
    sent = {"command": "record_decision", "data": {"about": case, "text": "限期", "by_when": "2026-03-26"}}
    assert (await leader.post(f"{API}/cases/{NUMBER}/commands", json=sent)).status_code in {200, 201}
    assert (await leader.get(f"{API}/dispatch/{NUMBER}")).json()["decisions"][0]["case"] == case
    assert office.names(case)[-1] == "instructed"


async def test_who_does_not_call_meetings_makes_no_pack_and_who_sees_no_cases_of_others_gets_none(
    console: Console,
) -> None:
    office = console.office
    office.a_case(Status.ASSIGNED)
    office.moments.at = MONDAY
    for person in ("clerk", "reviewer", "auditor", "handler"):
        browser = await console.logged_in(person)
        page = await browser.go("/dispatch")
        assert "生成到期材料" not in page.words
        given = {"csrf": await browser.mark(), "series": "weekly", "when": "due"}
        assert (await browser.client.post("/dispatch", data=given)).status_code == 403, person
        denied = latest(office.database, 1)[0]
        assert (denied.granted, denied.who) == (False, person)
    assert meetings(office.database) == []
    convene(office.door, Series.WEEKLY)
    paths = (f"/dispatch/{NUMBER}.docx", f"/dispatch/{NUMBER}.zip", f"/dispatch/{NUMBER}/map.svg", f"/cases/{NUMBER}")
    handler, auditor = await console.logged_in("handler"), await console.logged_in("auditor")
    for path in paths:
        assert (await handler.client.get(path)).status_code == 403, path
        assert (await auditor.client.get(path)).status_code == 200, path
    assert (await console.machine("handler").get(f"{API}/dispatch/{NUMBER}")).status_code == 403
    kept = [(each.who, each.about, each.why) for each in latest(office.database, 30) if each.granted]
    assert ("auditor", NUMBER, "docx") in kept, "that a pack left the house is kept"


async def test_a_series_that_there_is_not_is_refused(console: Console) -> None:
    dispatcher = await console.logged_in("dispatcher")
    await dispatcher.go("/dispatch")
    given = {"csrf": await dispatcher.mark(), "series": "yearly", "when": "due"}
    assert (await dispatcher.client.post("/dispatch", data=given)).status_code == 422
    await dispatcher.go("/dispatch")
    await dispatcher.send("/dispatch", series="monthly", when="due")
    assert "没有到期的会议；可提前生成下次的材料。" in dispatcher.words


async def test_a_long_pack_opens_at_once_and_whole_when_asked(console: Console) -> None:
    office = console.office
    cases = [office.a_case(Status.ASSIGNED, place=f"青石镇{n}村") for n in range(9)]
    office.moments.at = MONDAY
    convene(office.door, Series.WEEKLY)
    leader = await console.logged_in("leader")
    page = (await leader.go(f"/cases/{NUMBER}")).html
    assert [case in page for case in cases].count(True) == 6
    assert len(page.encode()) < 20 * 1024
    assert "只列前 6 行" in page
    whole = (await leader.go(f"/cases/{NUMBER}?all=1")).html
    assert all(case in whole for case in cases)
