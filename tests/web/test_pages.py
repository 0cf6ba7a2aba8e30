"""The pages as people use them, scripts off: a petition from intake to closure by forms, the list, the troubles."""

import hashlib
import re
import sqlite3
from html import unescape

import pytest
import sqlalchemy as sa

from adapters import queries
from models.commands import COMMANDS
from models.vocabulary import Status
from tests.web.conftest import Browser, Console
from tests.web.pictures import a_photo
from web.listing import LINES


async def petition(browser: Browser, **more: str) -> str:
    """Take a petition in by the form and return its number."""
    await browser.go("/intake")
    await browser.send("/intake", channel="phone", place="青石镇河口村", summary="养猪场夜间恶臭", **more)
    assert browser.answer.status_code == 303, browser.words
    found = re.fullmatch(r"/cases/(XF\d+)/receipt", browser.answer.headers["location"])
    assert found
    return found[1]


async def do(
    browser: Browser, case: str, command: str, files: dict[str, tuple[str, bytes]] | None = None, /, **fields: str
) -> None:
    """Fill in a form of a case's page and follow where it leads."""
    await browser.go(f"/cases/{case}")
    await browser.send(f"/cases/{case}/do/{command}", files, **fields)
    assert browser.answer.status_code == 303, browser.words
    await browser.go(browser.answer.headers["location"])
    assert f"✓ 已办理：{COMMANDS[command].zh}" in browser.words.replace(" ：", "：").replace("： ", "：")


async def test_five_people_bring_a_petition_from_intake_to_closure_by_forms_alone(console: Console) -> None:
    clerk, dispatcher = await console.logged_in("clerk"), await console.logged_in("dispatcher")
    handler, reviewer = await console.logged_in("handler"), await console.logged_in("reviewer")
    case = await petition(clerk, **{"secret.petitioner": "李四", "secret.text": "我家住河口村3号"})
    await clerk.go(f"/cases/{case}/receipt")
    code = console.office.desk.sealer.query_code(case)
    assert f"{code[:4]} {code[4:]}" in clerk.words
    await do(clerk, case, "accept")
    await do(dispatcher, case, "assign", unit="qingshi", handler="handler", leader="leader")
    photo = a_photo()
    await do(
        handler,
        case,
        "record_findings",
        {"findings.0.evidence": ("现场.jpg", photo)},
        **{"findings.0.point": "恶臭", "findings.0.verdict": "unsubstantiated", "findings.0.text": "现场未闻到异味"},
    )
    await do(handler, case, "submit_for_review")
    await do(reviewer, case, "approve")
    found = console.office.case(case)
    assert found.status is Status.CLOSED
    (evidence,) = found.findings[0].evidence
    kept = b"".join(console.house.files.parts(case, evidence.sha256))
    assert (evidence.name, evidence.sha256) == ("现场.jpg", hashlib.sha256(kept).hexdigest())
    for browser in (clerk, handler, reviewer):
        await browser.go(f"/cases/{case}")
        assert "李四" not in browser.html
        assert "河口村3号" not in browser.html
        assert "1 份，此处不显示" in browser.words
    vias = [
        each.via["door"]
        for each in queries.history(console.office.database, case)
        if each.actor in {"clerk", "dispatcher", "handler", "reviewer"}
    ]
    assert set(vias) == {"console"}


async def test_a_form_sent_twice_is_done_once(console: Console) -> None:
    browser = await console.logged_in("clerk")
    await browser.go("/intake")
    for _ in range(2):
        form = Browser(browser.client)
        form.answer = browser.answer
        await form.send("/intake", channel="phone", place="青石镇", summary="恶臭")
        assert form.answer.status_code == 303
    assert len(list(queries.listed(console.office.database, queries.Filter()))) == 1


async def test_what_is_not_right_is_told_and_nothing_typed_is_lost(console: Console) -> None:
    browser = await console.logged_in("clerk")
    await browser.go("/intake")
    given = {"place": '“青石镇”<b>&"', "summary": "请回电 13900000000", "secret.text": "原话</textarea><script>"}
    await browser.send("/intake", channel="phone", **given)
    assert browser.answer.status_code == 409
    assert "似有电话" in browser.words
    assert "<script>" not in browser.html
    kept = unescape(browser.html)
    assert all(value in kept for value in given.values())
    await browser.send("/intake", channel="phone", place="青石镇", summary="")
    assert browser.answer.status_code == 422
    assert list(queries.listed(console.office.database, queries.Filter())) == []

    case = console.office.a_case(Status.ASSIGNED)
    handler = await console.logged_in("handler")
    await handler.go(f"/cases/{case}")
    path = f"/cases/{case}/do/record_findings"
    file = {"findings.0.evidence": ("图.png", a_photo(kind="PNG"))}
    await handler.send(path, file, **{"findings.0.point": "恶臭", "findings.0.text": "未闻到"})
    assert handler.answer.status_code == 422
    assert "“核查结论 1 结论”填写有误：必填。" in handler.words
    marks = dict(re.findall(r'<input[^>]*name="(findings[^"]*)"[^>]*value="([^"]*)"', handler.form(path)))
    await handler.send(path, **marks, **{"findings.0.verdict": "unsubstantiated", "findings.0.text": "未闻到"})
    assert handler.answer.status_code == 303, handler.words
    (finding,) = console.office.case(case).findings
    (held,) = console.house.files.every(case)
    assert (finding.point, finding.evidence[0].sha256) == ("恶臭", held.sha256)


@pytest.mark.parametrize("typed", ["@/etc/passwd", "@README.md", "@@x", "-", '{"a": 1}'])
async def test_nothing_that_is_typed_makes_the_desk_read_its_own_files(console: Console, typed: str) -> None:
    browser = await console.logged_in("clerk")
    case = await petition(browser)
    await do(browser, case, "note", text=typed)
    event = queries.history(console.office.database, case)[-1].event
    assert event.said["text"] == typed


async def test_a_case_that_moved_on_meanwhile_says_why_not(console: Console) -> None:
    case = console.office.a_case(Status.REGISTERED)
    browser = await console.logged_in("clerk")
    await browser.go(f"/cases/{case}")
    console.office.act(case, "dispatcher", "accept")
    await browser.send(f"/cases/{case}/do/accept")
    assert browser.answer.status_code == 409
    assert "目前“已受理”，不能“受理”。" in browser.words


async def test_a_page_offers_what_the_api_offers(console: Console) -> None:
    case = console.office.a_case(Status.REVIEWING)
    for person in ("clerk", "handler", "reviewer", "dispatcher", "auditor"):
        browser = await console.logged_in(person)
        await browser.go(f"/cases/{case}")
        shown = set(re.findall(rf'action="/cases/{case}/do/(\w+)"', browser.html))
        told = (await console.machine(person).get(f"/api/v1/cases/{case}/actions")).json()
        assert shown == {row["command"] for row in told["actions"]}


@pytest.mark.parametrize("path", ["", "/receipt"])
async def test_who_may_not_see_a_case_gets_a_page_that_says_so(console: Console, path: str) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    for person in ("other-handler", "administrator"):
        browser = await console.logged_in(person)
        await browser.go(f"/cases/{case}{path}")
        assert browser.answer.status_code == 403
        assert "臭味" not in browser.html
    assert (await (await console.logged_in("handler")).go(f"/cases/{case}/receipt")).answer.status_code == 403
    assert (await (await console.logged_in("clerk")).go("/cases/XF0000000000")).answer.status_code == 404


async def test_an_overdue_case_is_marked_by_a_word_and_a_sign_and_comes_first(console: Console) -> None:
    late = console.office.a_case(Status.ASSIGNED)
    console.office.moments.wait(days=20)
    console.office.a_case(Status.ASSIGNED)
    browser = await console.logged_in("handler")
    await browser.go("/")
    rows = re.findall(r"<tr.*?</tr>", browser.html, re.DOTALL)
    first = next(row for row in rows if "/cases/XF" in row)
    assert late in first
    assert "▲ 超期" in first
    await browser.go(f"/cases/{late}")
    assert "▲ 超期" in browser.words
    assert "当日不计，次日起算" in browser.words


async def test_the_lists_pages_follow_one_another_and_keep_the_filters(console: Console) -> None:
    names = [console.office.register(summary=f"第{number}件 河道黑臭") for number in range(LINES + 15)]
    console.office.register(summary="另一件")
    browser = await console.logged_in("clerk")
    await browser.go("/cases?q=黑臭")
    assert f"共 {LINES + 15} 件" in browser.words
    first = re.findall(r'href="/cases/(XF\d+)"', browser.html)
    following = re.search(r'href="([^"]+)" rel="next"', browser.html)
    assert following
    await browser.go(unescape(following[1]))
    second = re.findall(r'href="/cases/(XF\d+)"', browser.html)
    assert first + second == names[::-1]
    assert 'value="黑臭"' in browser.html
    assert 'rel="next"' not in browser.html


@pytest.mark.parametrize("path", ["/", "/cases", "/intake", "/help", "/password", "CASE", "RECEIPT"])
async def test_every_page_speaks_english_throughout(console: Console, path: str) -> None:
    case = console.office.a_case(Status.REVIEWING)
    browser = await console.logged_in("clerk")
    await browser.go("/lang/en?next=/")
    await browser.go({"CASE": f"/cases/{case}", "RECEIPT": f"/cases/{case}/receipt"}.get(path, path))
    assert browser.answer.status_code == 200
    assert 'lang="en"' in browser.html
    for label in re.findall(r"<(?:h[12]|th|dt|label|button|summary|legend)[^>]*>(.*?)</", browser.html, re.DOTALL):
        told = re.sub(r"<[^>]+>", " ", label)
        assert not re.search(r"[\u4e00-\u9fff]", told.replace("办结", "")), told


async def test_the_database_away_is_a_page_with_words(console: Console) -> None:
    browser = await console.logged_in("clerk")
    await browser.go("/intake")
    engine = console.office.database.engine

    def away(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    sa.event.listen(engine, "do_connect", away)
    console.office.database.close()
    await browser.send("/intake", channel="phone", place="青石镇", summary="恶臭")
    assert browser.answer.status_code == 503
    assert "数据库暂时无法访问" in browser.words
    sa.event.remove(engine, "do_connect", away)


async def test_no_page_asks_another_host_for_anything_and_none_is_heavy(console: Console) -> None:
    case = console.office.a_case(Status.CLOSED)
    browser = await console.logged_in("clerk")
    # As it comes over the wire: what is static is packed.
    style = 0
    for name in ("desk.css", "live.js"):
        style += int((await browser.client.get(f"/static/{name}")).headers["content-length"])
    for path in ("/", "/cases", "/intake", f"/cases/{case}", "/help", "/nope"):
        await browser.go(path)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', browser.html), path
        assert not re.findall(r"<script(?![^>]* src=)", browser.html), "a script of its own would need a weaker policy"
        assert " style=" not in browser.html
        assert len(browser.answer.content) + style < 30_000, path
