"""For auditors: the chains checked on demand, denials and openings, and a case as it was at any moment."""

import time

from pydantic import JsonValue

from adapters.access.log import Deed
from models.vocabulary import Role, Status
from tests.store.desks import attack
from tests.web.conftest import Browser, Console
from web.checks import last_check


async def checked(browser: Browser) -> Browser:
    await browser.go("/audit")
    await browser.send("/audit/verify")
    assert browser.answer.status_code == 303
    deadline = time.monotonic() + 20
    while "正在核对" in (await browser.go("/audit")).words:
        assert time.monotonic() < deadline
    return browser


async def test_an_auditor_checks_the_chains_and_the_result_is_kept(console: Console) -> None:
    console.office.a_case(Status.CLOSED)
    auditor = await console.logged_in("auditor")
    assert "还没有核对过。" in (await auditor.go("/audit")).words
    await checked(auditor)
    assert "哈希链完整" in auditor.words
    found = last_check(console.office.database)
    assert found
    assert (found.by, found.faults) == ("auditor", 0)
    attack(console.office, "UPDATE events SET body = REPLACE(body, 'clerk', 'Clerk') WHERE seq = 2")
    await checked(auditor)
    assert "处与写入时不符，第一处：" in auditor.words


async def test_one_check_runs_at_a_time_and_only_an_auditor_begins_one(console: Console) -> None:
    check = console.house.check
    check.running = True
    assert not check.begin(console.office.database, console.house.log, "auditor", console.office.moments.now)
    page = await (await console.logged_in("auditor")).go("/audit")
    assert 'data-refresh="2"' in page.html
    assert "<progress" in page.html
    clerk = await (await console.logged_in("clerk")).go("/")
    csrf = clerk.html.split('name="csrf" value="')[1].split('"')[0]
    assert (await clerk.client.post("/audit/verify", data={"csrf": csrf})).status_code == 403


async def test_denials_and_openings_stand_apart_and_the_log_is_filtered(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    await (await console.logged_in("other-handler")).go(f"/cases/{case}")
    clerk = await console.logged_in("clerk")
    await clerk.go(f"/cases/{case}/identity")
    await clerk.send(f"/cases/{case}/identity", reason="contact")
    auditor = await (await console.logged_in("auditor")).go("/audit")
    denied, opened = auditor.words.split("被拒绝的操作")[1].split("密封内容的查看")
    assert "other-handler" in denied
    assert "联系信访人核实情况" in opened
    for query, names in (
        ("who=clerk", {"clerk"}),
        ("denied=1", {"other-handler"}),
        (f"deed={Deed.OPEN.value}&about={case}", {"clerk"}),
        ("who=nobody", set()),
        ("deed=nonsense&who=clerk", {"clerk"}),
    ):
        rows = (await auditor.go(f"/access?{query}")).html.split("<tbody>")[1:] or [""]
        shown = {name for name in ("clerk", "other-handler", "auditor") if f">{name}</td>" in rows[0]}
        assert shown == names, query


async def test_a_case_is_seen_as_it_was_and_nothing_can_be_done_there(console: Console) -> None:
    case = console.office.a_case(Status.ASSIGNED)
    console.office.moments.wait(days=2)
    found: dict[str, JsonValue] = {"point": "臭", "verdict": "unsubstantiated", "text": "后来才写的"}
    console.office.act(case, Role.HANDLER, "record_findings", findings=[found])
    browser = await console.logged_in("handler")
    await browser.go(f"/cases/{case}?as_of=2026-03-03T08:00")
    assert "历史视图：2026-03-03 08:00" in browser.words
    assert "已交办" in browser.words.split("办理流程")[0]
    assert "后来才写的" not in browser.html
    assert "/do/" not in browser.html
    await browser.go(f"/cases/{case}?as_of=2026-03-02T09:00")
    assert "已交办" in browser.words.split("办理流程")[0], "the minute in which it happened counts as after it"
    assert (await browser.go(f"/cases/{case}?as_of=2020-01-01T00:00")).answer.status_code == 404
    for now in ("2999-01-01T00:00", "nonsense", ""):
        await browser.go(f"/cases/{case}?as_of={now}")
        assert "后来才写的" in browser.words
        assert "历史视图" not in browser.words
