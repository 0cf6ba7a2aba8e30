"""An old ledger in the console and for programs: rehearsed, brought, its doubts shown; and who may not."""

import asyncio
from pathlib import Path

from adapters.access.tokens import Scope
from models.vocabulary import Status
from tests.store.sheet_helpers import read
from tests.store.test_importing import petitions
from tests.store.test_old_ledgers import STILL, a_row, ledger
from tests.web.conftest import Browser, Console


async def sent(browser: Browser, content: bytes, deed: str) -> str:
    """Bring a ledger, and look until it is done."""
    await browser.go("/lists/import")
    await browser.send("/lists/import", {"file": ("ledger.xlsx", content)}, deed=deed)
    assert browser.answer.headers["location"] == "/lists/import?begun=1"
    while "data-refresh" in (await browser.go("/lists/import")).html:  # noqa: ASYNC110 - a person presses reload
        await asyncio.sleep(0.05)
    return browser.words


async def test_a_ledger_is_rehearsed_brought_and_had_again(console: Console, tmp_path: Path) -> None:
    content = ledger(tmp_path, a_row(1), a_row(2, **STILL), a_row(3, received="")).read_bytes()
    clerk = await console.logged_in("clerk")
    assert 'href="/lists/import"' in (await clerk.go("/lists")).html
    words = await sent(clerk, content, "try")
    assert "预演，没有写入：共 3 行，新登记 2，已更新 0，已有 0，存疑 1" in words
    assert "D5" in words
    assert petitions(console.office) == []
    assert "已导入：共 3 行，新登记 2" in await sent(clerk, content, "import")
    assert {each.status for each in petitions(console.office)} == {Status.SIGNED_OFF, Status.RECTIFYING}
    assert (await clerk.go("/lists/doubtful.xlsx")).answer.status_code == 200
    out = (await clerk.go("/lists/ledger.xlsx")).answer.content
    assert "共 2 行，新登记 0，已更新 0，已有 2，存疑 0" in await sent(clerk, out, "import")
    assert (await clerk.go("/lists/doubtful.xlsx")).answer.status_code == 404, "nothing of the last one is in doubt"


async def test_what_is_no_ledger_is_refused_with_a_sentence(console: Console, tmp_path: Path) -> None:
    clerk = await console.logged_in("clerk")
    assert "不是" in await sent(clerk, b"no workbook", "import") or "无法" in clerk.words
    await clerk.send("/lists/import", deed="import")
    assert (clerk.answer.status_code, "请选择文件" in clerk.words) == (422, True)
    machine = console.machine("clerk")
    answer = await machine.post("/api/v1/ledgers", files={"file": ("x.xlsx", b"no workbook")})
    assert answer.status_code == 422
    assert petitions(console.office) == []


async def test_a_program_brings_a_ledger_and_is_told_each_rows_fate(console: Console, tmp_path: Path) -> None:
    content = ledger(tmp_path, a_row(1), a_row(2, closed="2017-01-01")).read_bytes()
    machine = console.machine("clerk", Scope.INTAKE)
    files = {"file": ("ledger.xlsx", content)}
    tried = await machine.post("/api/v1/ledgers?dry_run=true", files=files)
    assert (tried.status_code, petitions(console.office)) == (200, [])
    told = (await machine.post("/api/v1/ledgers", files=files)).json()
    assert [(each["receipt"], each["fate"]) for each in told["fates"]] == [
        ("HN-0001", "registered"),
        ("HN-0002", "doubtful"),
    ]
    assert [(each["cell"], each["column"]) for each in told["doubts"]] == [("M4", "办结日期")]
    assert told["fates"][0]["case"] == petitions(console.office)[0].id


async def test_whoever_takes_no_petitions_in_brings_no_ledger(console: Console, tmp_path: Path) -> None:
    content = ledger(tmp_path, a_row()).read_bytes()
    for person in ("leader", "handler", "auditor", "dispatcher"):
        browser = await console.logged_in(person)
        given = {"csrf": await browser.mark(), "deed": "import"}
        answer = await browser.client.post("/lists/import", data=given, files={"file": ("l.xlsx", content)})
        assert answer.status_code == 403
        assert "“导入台账”须由信访专员办理" in (await browser.go("/lists/import")).words
        assert 'href="/lists/import"' not in (await browser.go("/lists")).html
        assert (await browser.go("/lists/doubtful.xlsx")).answer.status_code == 403
        machine = console.machine(person)
        assert (await machine.post("/api/v1/ledgers", files={"file": ("l.xlsx", content)})).status_code == 403
    reading = console.machine("clerk", Scope.READ)
    assert (await reading.post("/api/v1/ledgers", files={"file": ("l.xlsx", content)})).status_code == 403
    assert petitions(console.office) == []


async def test_nobody_has_in_a_ledger_what_is_about_themselves(console: Console, tmp_path: Path) -> None:
    console.office.register(named=["leader"], summary="反映分管领导不作为")
    console.office.register(summary="养殖场臭味扰民")
    for person, count in (("leader", 1), ("clerk", 2)):
        browser = await console.logged_in(person)
        path = tmp_path / f"{person}.xlsx"
        path.write_bytes((await browser.go("/lists/ledger.xlsx")).answer.content)
        assert len(read(path, "ledger")) == count, person
    await (leader := await console.logged_in("leader")).go("/rounds")
    assert "不作为" not in leader.html
