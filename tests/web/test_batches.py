"""A campaign's record, groups and days in the console and the API: every figure leads to its cases; and who may not."""

import asyncio
import io
from pathlib import Path

from docx import Document
from pydantic import JsonValue

from adapters.spreadsheets import load_profiles, write_table
from models.vocabulary import Status
from tests.store.desks import Office, an_envelope
from tests.web.conftest import Console

NAME, TITLE = "dc2026", "中央督察边督边改"
STREAM = f"campaign:{NAME}"
API = "/api/v1/campaigns"


def begun(office: Office) -> None:
    """A campaign with the form of its numbers."""
    form: JsonValue = "{channel}3HN{date}{seq}"
    office.door.perform(
        [
            an_envelope(
                "open_campaign", "dispatcher", id="c1", case=STREAM, title=TITLE, number_form=form, round="第三轮"
            )
        ]
    )


def received(office: Office, number: str, status: Status = Status.ASSIGNED, **more: JsonValue) -> str:
    """A petition of the campaign by the number it bears."""
    filings: JsonValue = [{"channel": "inspection", "number": number}]
    return office.a_case(status, campaign=NAME, channel="inspection", filings=filings, **more)


async def test_a_campaigns_record_and_groups_are_kept_on_its_stream_and_shown(console: Console) -> None:
    begun(console.office)
    browser = await console.logged_in("dispatcher")
    await browser.go(f"/campaigns/{NAME}")
    assert "{channel}3HN{date}{seq}" in browser.words
    await browser.send(
        f"/campaigns/{NAME}/do/set_group", group="综合协调组", duty="统筹调度", head="leader", members="handler"
    )
    assert browser.answer.status_code == 303, browser.words
    await browser.go(f"/campaigns/{NAME}")
    assert "综合协调组 统筹调度" in browser.words
    await browser.send(
        f"/campaigns/{NAME}/do/correct_campaign", level="central", first_day="2026-09-06", last_day="2026-09-26",
        **{"deadlines.handed_in": "5"},
    )  # fmt: skip
    await browser.go(f"/campaigns/{NAME}")
    assert "中央 第三轮" in browser.words
    assert "2026-09-06 — 2026-09-26" in browser.words
    assert "T+1 · 办结报审 T+5 · 向社会公开 T+9" in browser.words
    assert "层级：中央" in (await browser.go(f"/cases/{STREAM}")).words
    await browser.go(f"/campaigns/{NAME}")
    await browser.send(f"/campaigns/{NAME}/do/correct_campaign", last_day="2026-09-01")
    assert (browser.answer.status_code, "早于首日" in browser.words) == (409, True)
    await browser.go(f"/campaigns/{NAME}")
    await browser.send(f"/campaigns/{NAME}/do/set_group", group="二组", members="nobody")
    assert "没有名为“nobody”的用户" in browser.words
    assert len(console.office.case(STREAM).groups) == 1


async def test_every_figure_of_a_day_leads_to_the_cases_behind_it(console: Console) -> None:
    office = console.office
    begun(office)
    first = received(office, "D3HN202609060001*", Status.CLOSED)
    other = received(office, "X3HN202609060002")
    later = received(office, "D3HN202609070001")
    office.act(first, "handler", "tally_enforcement", tally={"penalties": 1, "fines": 12.5})
    browser = await console.logged_in("dispatcher")
    await browser.go(f"/cases/{first}")
    assert browser.words.count("立案处罚（家） 1；罚款（万元） 12.5") == 2, "where it stands, and in its history"
    await browser.go(f"/campaigns/{NAME}")
    assert f'href="{NAME}/days/2026-09-06?of=received">2<' in browser.html
    assert f'href="{NAME}/days/2026-09-06?of=star">1<' in browser.html
    assert f'href="{NAME}/days/2026-09-07?of=received">1<' in browser.html
    assert "12.5" in browser.words
    for query, cases in (
        ("2026-09-06", {first, other}),
        ("2026-09-06?of=star", {first}),
        ("2026-09-06?of=closed", {first}),
        ("2026-09-07?of=received", {later}),
        ("all?of=fines", {first}),
        ("all?of=unsubstantiated", set()),
    ):
        await browser.go(f"/campaigns/{NAME}/days/{query}")
        assert {each for each in (first, other, later) if f'href="/cases/{each}"' in browser.html} == cases, query
    for wrong in ("soon", "2026-09-06?of=nothing"):
        assert (await browser.go(f"/campaigns/{NAME}/days/{wrong}")).answer.status_code == 404


async def test_a_program_reads_the_same_figures(console: Console) -> None:
    office = console.office
    begun(office)
    first = received(office, "D3HN202609060001*", Status.CLOSED)
    machine = console.machine("dispatcher")
    (told,) = (await machine.get(API)).json()["campaigns"]
    assert (told["campaign"], told["round"], told["all"]["received"], told["all"]["star"]) == (NAME, "第三轮", 1, 1)
    whole = (await machine.get(f"{API}/{NAME}")).json()
    assert [each["day"] for each in whole["batches"]] == ["2026-09-06"]
    batch = (await machine.get(f"{API}/{NAME}/batches/2026-09-06?of=closed")).json()
    assert (batch["closed"], batch["cases"]) == (1, [first])
    made = await machine.post(API, json={"campaign": "xj2026", "data": {"title": "夏季攻势", "level": "county"}})
    assert made.status_code == 201, made.text
    assert (await machine.get(made.headers["location"])).json()["level"] == "county"


async def test_another_units_cases_are_counted_and_not_listed(console: Console) -> None:
    office = console.office
    begun(office)
    case = received(office, "D3HN202609060001")
    browser = await console.logged_in("other-handler")
    await browser.go(f"/campaigns/{NAME}/days/2026-09-06")
    assert "另有 1 件由其他单位办理" in browser.words
    assert case not in browser.html
    administrator = await console.logged_in("administrator")
    assert (await administrator.go(f"/campaigns/{NAME}/days/all")).answer.status_code == 403


# ── the public table ──


async def test_a_batchs_table_is_published_from_its_page_and_every_version_can_be_had(console: Console) -> None:
    office = console.office
    begun(office)
    first = received(office, "D3HN202609060001", Status.VERIFIED)
    browser = await console.logged_in("dispatcher")
    day = f"/campaigns/{NAME}/days/2026-09-06"
    await browser.go(day)
    await browser.send(f"{day}/publish")
    assert (browser.answer.status_code, browser.answer.headers["location"]) == (303, f"{day}?done=publish_results")
    await browser.go(browser.answer.headers["location"])
    assert "✓ 公开办理情况" in browser.words
    same = await browser.client.post(f"{day}/publish", data={"csrf": await browser.mark()})
    assert (same.status_code, "内容相同" in same.text) == (409, True)
    office.act(first, "handler", "plan_rectification")
    await browser.go(day)
    await browser.send(f"{day}/publish")
    await browser.go(day)
    assert f"变更 1 件：{first}" in browser.words
    assert f"表中各行：1 件 {first}" in (await browser.go(f"/cases/{STREAM}")).words
    tables = f"/campaigns/{NAME}/tables/2026-09-06"
    for ending in ("xlsx", "docx"):
        for version in ("?version=1", "?version=2", ""):
            answer = await browser.client.get(f"{tables}.{ending}{version}")
            assert (answer.status_code, answer.content[:2]) == (200, b"PK"), (ending, version)
    for wrong, status in ((f"{tables}.pdf", 404), (f"{tables}.xlsx?version=9", 409)):
        assert (await browser.client.get(wrong)).status_code == status
    machine = console.machine("clerk")
    told = (await machine.get(f"{API}/{NAME}/editions/2026-09-06")).json()["editions"]
    assert [(each["version"], [row["case"] for row in each["rows"]]) for each in told] == [(1, [first]), (2, [first])]


async def test_whoever_publishes_none_publishes_none_and_a_unit_sees_no_draft(console: Console) -> None:
    office = console.office
    begun(office)
    received(office, "D3HN202609060001", Status.VERIFIED)
    for person in ("clerk", "reviewer", "handler", "auditor"):
        browser = await console.logged_in(person)
        await browser.go(f"/campaigns/{NAME}/days/2026-09-06")
        assert "/publish" not in browser.html
        for path in ("days/2026-09-06/publish", "look-backs"):
            given = {"csrf": await browser.mark()}
            answer = await browser.client.post(f"/campaigns/{NAME}/{path}", data=given)
            assert answer.status_code == 403, (person, path)
        answer = await console.machine(person).post(f"{API}/{NAME}/editions/2026-09-06")
        assert answer.status_code == 403, person
    assert console.office.case(STREAM).editions == ()
    handler = await console.logged_in("handler")
    for path in ("tables/2026-09-06.xlsx", "digests/2026-09-06", "digests/2026-09-06.docx"):
        assert (await handler.client.get(f"/campaigns/{NAME}/{path}")).status_code == 403, path
    for _ in range(2):
        told = {"Idempotency-Key": "first"}
        made = await console.machine("leader").post(f"{API}/{NAME}/editions/2026-09-06", headers=told)
        assert (made.status_code, made.json()["version"]) == (201, 1), "once more is done once"
    assert (await console.machine("leader").post(f"{API}/{NAME}/editions/2026-09-06")).status_code == 409
    assert (await handler.client.get(f"/campaigns/{NAME}/tables/2026-09-06.xlsx?version=1")).status_code == 200, (
        "public"
    )


# ── the digest ──


async def test_a_days_digest_is_shown_had_as_a_document_and_read_by_a_program(console: Console) -> None:
    office = console.office
    begun(office)
    today = office.moments.now().date()
    number = f"D3HN{today:%Y%m%d}0001"
    case = received(office, number)
    browser = await console.logged_in("leader")
    await browser.go(f"/campaigns/{NAME}/digests/{today}")
    assert f"次日到期 1 项 编号 应办 期限 责任 {case} 到现场核查" in browser.words
    answer = await browser.client.get(f"/campaigns/{NAME}/digests/{today}.docx")
    text = "\n".join(
        cell.text for table in Document(io.BytesIO(answer.content)).tables for row in table.rows for cell in row.cells
    )
    assert number in text
    told = (await console.machine("leader").get(f"{API}/{NAME}/digests/{today}")).json()
    assert [(each["case"], each["step"], each["role"]) for each in told["tomorrow"]] == [(case, "on_site", "handler")]
    assert (await browser.client.get(f"/campaigns/{NAME}/digests/soon")).status_code == 404


async def test_nothing_of_a_petition_about_the_reader_is_told_to_them(console: Console) -> None:
    office = console.office
    begun(office)
    today = office.moments.now().date()
    about = received(office, f"D3HN{today:%Y%m%d}0001", Status.VERIFIED, named=["reviewer"])
    other = received(office, f"D3HN{today:%Y%m%d}0002", Status.VERIFIED)
    reviewer, clerk = console.machine("reviewer"), console.machine("clerk")
    for path in (f"digests/{today}", "report"):
        assert about in (await clerk.get(f"{API}/{NAME}/{path}")).text, path
        told = (await reviewer.get(f"{API}/{NAME}/{path}")).text
        assert (about in told, other in told) == (False, True), path
    browser = await console.logged_in("reviewer")
    for path in (f"digests/{today}", f"days/{today}?of=verified"):
        await browser.go(f"/campaigns/{NAME}/{path}")
        assert (about in browser.html, other in browser.html) == (False, True), path
    for path in (f"digests/{today}.docx", "report.docx", f"tables/{today}.docx"):
        page = Document(io.BytesIO((await browser.client.get(f"/campaigns/{NAME}/{path}")).content))
        cells = "".join(cell.text for table in page.tables for row in table.rows for cell in row.cells)
        assert f"D3HN{today:%Y%m%d}0002" in cells or other in cells, path
        assert f"D3HN{today:%Y%m%d}0001" not in cells, path
        assert about not in cells, path


async def test_a_campaigns_page_says_what_it_counts_and_nothing_where_nothing_is_known(console: Console) -> None:
    office = console.office
    title = "群众信访举报转办件登记表"
    level: JsonValue = "provincial"
    third: JsonValue = "3"
    form: JsonValue = "generic-2023"
    browser = await console.logged_in("dispatcher")
    missing = await browser.go(f"/campaigns/{NAME}")
    assert (missing.answer.status_code, f"“{NAME}”" in missing.words, STREAM in missing.words) == (404, True, False)
    office.door.perform(
        [
            an_envelope(
                "open_campaign", "dispatcher", id="c1", case=STREAM, title=TITLE, level=level, round=third, profile=form
            )
        ]
    )
    received(office, "D3HN202609060001")
    await browser.go(f"/campaigns/{NAME}")
    for part in ("在办案件 1 信访件 1、整改任务 0", "省级 第 3 轮", "进驻时间 — 受理编号格式", f"公开表格式 {title}"):
        assert part in browser.words, part
    assert '<option value="ledger"' not in browser.html
    assert f'<option value="generic-2023">{title}</option>' in browser.html
    day = f"/campaigns/{NAME}/days/2030-01-01"
    assert "这一天没有交办的信访件。" in (await browser.go(day)).words
    assert "重点关注" not in browser.words
    assert "这一天没有交办、办理和到期的信访件。" in (await browser.go(f"/campaigns/{NAME}/digests/2020-01-01")).words


# ── looking back ──


async def test_a_round_of_looking_back_lists_what_is_closed_and_counts_what_came_back(console: Console) -> None:
    office = console.office
    begun(office)
    held = received(office, "D3HN202609060001", Status.CLOSED)
    back = received(office, "D3HN202609060002", Status.SIGNED_OFF)
    open_case = received(office, "D3HN202609060003")
    browser = await console.logged_in("dispatcher")
    await browser.go(f"/campaigns/{NAME}")
    assert "列入 2 件" in browser.words
    await browser.send(f"/campaigns/{NAME}/look-backs")
    assert browser.answer.status_code == 303, browser.words
    await browser.go(f"/campaigns/{NAME}")
    assert f'<option value="{held}"' in browser.html
    assert f'<option value="{open_case}"' not in browser.html
    for petition, outcome in ((held, "held"), (back, "back")):
        await browser.go(f"/campaigns/{NAME}")
        told = {"petition": petition, "outcome": outcome, "text": "现场查看"}
        await browser.send(f"/campaigns/{NAME}/do/record_look_back", **told)
        assert browser.answer.status_code == 303, browser.words
    await browser.go(f"/cases/{STREAM}")
    assert f"结果：问题反弹 信访件：{back}" in browser.words
    found = office.case(STREAM)
    assert (found.look_backs[0].held, found.look_backs[0].back) == ((held,), (back,))
    assert [each.rpartition(".")[2] for each in found.pending] == ["reopen"], "the engine opens it again"
    made = await console.machine("dispatcher").post(f"{API}/{NAME}/look-backs")
    assert (made.status_code, len(made.json()["look_backs"])) == (201, 2)


# ── the closing report ──


async def test_the_closing_report_is_had_as_a_document_with_its_figures_and_read_by_a_program(console: Console) -> None:
    office = console.office
    begun(office)
    case = received(office, "D3HN202609060001", Status.CLOSED)
    browser = await console.logged_in("leader")
    await browser.go(f"/campaigns/{NAME}")
    assert f'href="{NAME}/report.docx"' in browser.html
    page = Document(io.BytesIO((await browser.client.get(f"/campaigns/{NAME}/report.docx")).content))
    assert page.paragraphs[0].text.endswith(f"{TITLE}信访件办理情况报告")
    assert any(case in cell.text for row in page.tables[-1].rows for cell in row.cells)
    assert (await browser.client.get(f"/campaigns/{NAME}/report.xlsx")).content[:2] == b"PK"
    assert (await browser.client.get(f"/campaigns/{NAME}/report.pdf")).status_code == 404
    told = (await console.machine("leader").get(f"{API}/{NAME}/report")).json()
    assert {each["name"]: each["cases"] for each in told["figures"]}["已办结"] == [case]
    handler = await console.logged_in("handler")
    assert (await handler.client.get(f"/campaigns/{NAME}/report.docx")).status_code == 403
    assert (await console.machine("handler").get(f"{API}/{NAME}/report")).status_code == 403


# ── a batch by a table ──


def a_table(folder: Path, *numbers: str) -> bytes:
    path = folder / "batch.xlsx"
    rows = [{"receipt": number, "problem": f"第{number}号问题", "area": "青石镇"} for number in numbers]
    write_table(path, load_profiles()["hunan-central-2024"], rows, title="")
    return path.read_bytes()


async def test_a_batchs_table_is_rehearsed_and_brought_in_from_the_campaigns_page(
    console: Console, tmp_path: Path
) -> None:
    begun(console.office)
    clerk = await console.logged_in("clerk")
    content = a_table(tmp_path, "D3HN202609060001*", "X3HN202609070002")
    for deed, said, days in (("try", "预演，没有写入", ()), ("import", "已导入", ("2026-09-07", "2026-09-06"))):
        await clerk.go(f"/campaigns/{NAME}")
        given = {"csrf": await clerk.mark(), "deed": deed}
        answer = await clerk.client.post(f"/campaigns/{NAME}/import", data=given, files={"file": ("b.xlsx", content)})
        there = f"/lists/import?campaign={NAME}"
        assert answer.headers["location"] == f"{there}&begun=1"
        while "data-refresh" in (await clerk.go(there)).html:  # noqa: ASYNC110 - a person presses reload
            await asyncio.sleep(0.01)
        assert said in clerk.words
        assert f'href="/campaigns/{NAME}"' in clerk.html
        # The file is chosen again as the campaign's, under its name; where ledgers come in there is none of it.
        assert f'action="/campaigns/{NAME}/import"' in clerk.html
        assert (TITLE in clerk.words, "导入已有台账" in clerk.words) == (True, False)
        await clerk.go("/lists/import")
        assert 'action="/lists/import"' in clerk.html
        assert (said in clerk.words, TITLE in clerk.words) == (False, False)
        await clerk.go(f"/campaigns/{NAME}")
        assert [day for day in ("2026-09-07", "2026-09-06") if f"days/{day}" in clerk.html] == list(days)
    assert "1 1 0 0 0 0 0 0 0" in clerk.words


async def test_publishing_is_offered_only_where_it_would_tell_something_new(console: Console) -> None:
    begun(console.office)
    first = received(console.office, "D3HN202609060001")
    browser = await console.logged_in("dispatcher")
    day = f"/campaigns/{NAME}/days/2026-09-06"
    offered = f'action="{day}/publish"'
    assert offered not in (await browser.go(day)).html, "nothing was verified yet"
    verified = received(console.office, "D3HN202609060002", Status.VERIFIED)
    assert offered in (await browser.go(day)).html
    await browser.send(f"{day}/publish")
    assert offered not in (await browser.go(day)).html, "it would say the same"
    console.office.act(verified, "handler", "plan_rectification")
    assert offered in (await browser.go(day)).html
    assert first not in (await browser.go(f"/cases/{STREAM}")).words


async def test_a_program_brings_a_batch_and_who_registers_none_brings_none(console: Console, tmp_path: Path) -> None:
    begun(console.office)
    content = a_table(tmp_path, "D3HN202609060001*", "X3HN202609070002")
    path = f"{API}/{NAME}/batches"
    machine = console.machine("clerk")
    told = (await machine.post(path, files={"file": ("b.xlsx", content)}, params={"dry_run": "true"})).json()
    assert (told["registered"], told["dry_run"]) == (2, True)
    assert (await machine.post(path, files={"file": ("b.xlsx", content)})).json()["registered"] == 2
    assert (await machine.post(path, files={"file": ("b.xlsx", content)})).json()["known"] == 2
    assert (await machine.post(path, files={"file": ("b.xlsx", b"no")})).status_code == 422
    assert (await machine.get(f"{API}/{NAME}")).json()["all"]["received"] == 2
    for person in ("dispatcher", "handler", "leader"):
        answer = await console.machine(person).post(path, files={"file": ("b.xlsx", content)})
        assert answer.status_code == 403, person
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), "deed": "import"}
        answer = await browser.client.post(f"/campaigns/{NAME}/import", data=given, files={"file": ("b.xlsx", content)})
        assert answer.status_code == 403, person


async def test_the_newest_ten_batches_stand_on_the_page_and_all_are_one_step_away(console: Console) -> None:
    begun(console.office)
    for day in range(1, 13):
        received(console.office, f"D3HN202609{day:02d}0001", Status.REGISTERED)
    browser = await console.logged_in("leader")
    await browser.go(f"/campaigns/{NAME}")
    assert ("2026-09-12" in browser.words, "2026-09-02" in browser.words, "全部 12 批" in browser.words) == (
        True,
        False,
        True,
    )
    assert "2026-09-01" in (await browser.go(f"/campaigns/{NAME}?all=1")).words


async def test_a_number_of_no_year_that_can_be_counted_from_stops_no_page_and_such_a_day_is_not_there(
    console: Console,
) -> None:
    begun(console.office)
    received(console.office, "X3HN999912310001", Status.CLOSED)
    leader, api = await console.logged_in("leader"), console.machine("leader")
    today = f"{console.office.moments.now():%Y-%m-%d}"
    for day, status in ((today, 200), ("9999-12-31", 404), ("0001-01-01", 404)):
        for path in (f"digests/{day}", f"digests/{day}.docx", f"days/{day}"):
            assert (await leader.client.get(f"/campaigns/{NAME}/{path}")).status_code == status, path
        for path in (f"digests/{day}", f"batches/{day}"):
            assert (await api.get(f"{API}/{NAME}/{path}")).status_code == status, path


async def test_a_table_is_published_as_the_ledger_makes_it_and_never_as_somebody_writes_it(console: Console) -> None:
    office = console.office
    begun(office)
    received(office, "D3HN202609060001", Status.CLOSED)
    rows = [{"case": "XF2026009999", "seq": 1, "batch": "2026-09-06", "digest": "a" * 16}]
    data = {"day": "2026-09-06", "version": 1, "rows": rows, "sha256": "d" * 64}
    api, browser = console.machine("dispatcher"), await console.logged_in("dispatcher")
    refused = await api.post(f"/api/v1/cases/{STREAM}/commands", json={"command": "publish_results", "data": data})
    assert (refused.status_code, refused.json()["code"]) == (409, "made_from_ledger")
    await browser.go(f"/campaigns/{NAME}")
    by_hand = {f"rows.0.{name}": str(value) for name, value in rows[0].items()}
    form = {"csrf": await browser.mark(), "day": "2026-09-06", "version": "1", "sha256": "d" * 64, **by_hand}
    for path in (f"/cases/{STREAM}/do/publish_results", f"/campaigns/{NAME}/do/publish_results"):
        assert (await browser.client.post(path, data=form)).status_code >= 400, path
    offered = (await api.get(f"/api/v1/cases/{STREAM}/actions")).json()["actions"]
    assert "publish_results" not in {each["command"] for each in offered}
    assert office.case(STREAM).editions == ()
    made = await api.post(f"{API}/{NAME}/editions/2026-09-06")
    assert (made.status_code, len(office.case(STREAM).editions)) == (201, 1), made.text
