"""Walks through the console of a running engine: from the first setup to a sign-off, on a phone, with scripts off."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser

from adapters import queries
from adapters.desk import open_desk
from adapters.settings import Settings
from models.vocabulary import Status
from tests.browser.conftest import LARGE, PHONE, Tab, a_tab

# One engine for all of them: they stay on one worker.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow, pytest.mark.xdist_group("walks")]
PEOPLE: Final = ("clerk", "dispatcher", "handler", "inspector", "reviewer")
ROOT: Final = Path(__file__).parents[2]
PASSWORD: Final = "办结二零二六年十一月"
PETITIONER: Final = "欧阳测试甲"


@dataclass(frozen=True)
class Engine:
    """The whole engine, as ``make run`` starts it."""

    folder: Path
    said: dict[str, Any]

    @property
    def base(self) -> str:
        return str(self.said["web"])


@pytest.fixture(scope="module")
def engine(_nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """``banjie up`` as a program of its own; ended by its id."""
    folder = tmp_path_factory.mktemp("engine") / "data"
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "starter.py"), "up", "--json", "--no-ui", "--data", str(folder)],
        env={**os.environ, "BANJIE_WEB_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield Engine(folder, json.loads(line))
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


async def log_in(tab: Tab, name: str, password: str) -> None:
    """Log in by the form."""
    await tab.go("/login")
    await tab.page.fill("[name=name]", name)
    await tab.page.fill("[name=password]", password)
    await tab.page.click("main button")


async def change_password(tab: Tab, old: str) -> None:
    """Write a password of one's own where the first one was for once."""
    assert tab.page.url.endswith("/password")
    await tab.page.fill("[name=old]", old)
    await tab.page.fill("[name=new]", PASSWORD)
    await tab.page.fill("[name=again]", PASSWORD)
    await tab.page.click("main button.main")


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """The passwords of this module's people, by name."""
    return {}


async def set_up(chromium: Browser, engine: Engine, kept: dict[str, str]) -> None:
    """Set the console up as its first administrator, and open the five accounts."""
    async with a_tab(chromium, engine.base) as tab:
        await tab.go("/")
        assert tab.page.url.endswith("/setup")
        await tab.shot("setup-zh-1280")
        await tab.page.fill("[name=code]", engine.said["setup_code"])
        await tab.page.fill("[name=new]", PASSWORD)
        await tab.page.fill("[name=again]", PASSWORD)
        await tab.page.click("main button")
        assert tab.page.url.endswith("/accounts")
        for name in PEOPLE:
            await tab.page.click(f'form[action="/accounts/make"]:has(input[name=person][value="{name}"]) button')
            shown = await tab.page.inner_text(".once")
            kept[name] = shown.replace(" ", "")
        tab.clean()


@asynccontextmanager
async def come_in(
    chromium: Browser, engine: Engine, kept: dict[str, str], name: str, **options: Any
) -> AsyncIterator[Tab]:
    """Somebody's window, logged in; who comes in for the first time writes a password of their own."""
    if not kept:
        await set_up(chromium, engine, kept)
    async with a_tab(chromium, engine.base, **options) as tab:
        await log_in(tab, name, kept[name])
        if kept[name] != PASSWORD:
            await change_password(tab, kept[name])
            kept[name] = PASSWORD
        assert not re.search(r"/(login|password)$", tab.page.url)
        yield tab
        tab.clean()


async def take_in(tab: Tab, *, place: str = "白马乡", summary: str = "养殖场夜间恶臭") -> str:
    """Take a petition in by the form; return its number."""
    await tab.go("/intake")
    await tab.page.select_option("[name=channel]", "phone")
    await tab.page.fill("[name=place]", place)
    await tab.page.fill("[name=summary]", summary)
    await tab.page.fill('[name="secret.petitioner"]', PETITIONER)
    await tab.page.click("form.intake button.main")
    found = re.search(r"/cases/(XF\d+)/receipt$", tab.page.url)
    assert found, await tab.page.inner_text("main")
    return found[1]


async def act(tab: Tab, case: str, command: str, **fields: str) -> None:
    """Open a form on a case's page, fill it in and send it."""
    await tab.go(f"/cases/{case}")
    form = tab.page.locator(f"#do-{command}")
    assert await form.count(), f"{command} is not offered: {await tab.page.inner_text('main')}"
    if await form.get_attribute("open") is None:
        await form.locator("summary").first.click()
    for name, value in fields.items():
        box = form.locator(f'[name="{name}"]').first
        # What stands in a group that is folded away is opened as a person would open it.
        while not await box.is_visible():
            await form.locator("details:not([open]) > summary").first.click()
        if await box.evaluate("each => each.tagName") == "SELECT":
            await box.select_option(value)
        elif await box.get_attribute("type") == "file":
            await box.set_input_files(value)
        else:
            await box.fill(value)
    await form.locator("button.main").last.click()
    assert "done=" in tab.page.url, await tab.page.inner_text("main")


def status_of(engine: Engine, case: str) -> Status:
    """The status in the ledger itself, as another process reads it."""
    desk = open_desk(Settings.load(data=engine.folder))
    try:
        return queries.case(desk.database, case).status
    finally:
        desk.database.close()


FOUND: Final = {"findings.0.point": "恶臭", "findings.0.verdict": "substantiated", "findings.0.text": "粪污外溢"}


def a_photo(folder: Path) -> str:
    """A photo in a file, as it is chosen in a form."""
    path = folder / "现场.png"
    path.write_bytes(PICTURE)
    return str(path)


def not_so(folder: Path) -> dict[str, str]:
    """What is found where nothing is found."""
    return {**FOUND, "findings.0.verdict": "unsubstantiated", "findings.0.evidence": a_photo(folder)}


async def test_five_people_bring_a_petition_from_intake_to_sign_off(
    chromium: Browser, engine: Engine, kept: dict[str, str], tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        tabs = {
            name: await stack.enter_async_context(come_in(chromium, engine, kept, name, size=LARGE)) for name in PEOPLE
        }
        clerk, dispatcher, handler = tabs["clerk"], tabs["dispatcher"], tabs["handler"]
        case = await take_in(clerk)
        await clerk.shot("walk-receipt")
        await act(clerk, case, "accept")
        await act(dispatcher, case, "assign", unit="enforcement", handler="handler", leader="deputy")
        await handler.go("/")
        assert case in await handler.page.inner_text("main"), "what was assigned stands in the handler's own work"
        await act(handler, case, "record_findings", **FOUND, **{"findings.0.evidence": a_photo(tmp_path)})
        await act(handler, case, "plan_rectification", measures="清理粪污并加盖")
        await act(handler, case, "submit_for_review")
        await act(tabs["reviewer"], case, "approve")
        assert status_of(engine, case) is Status.CLOSED
        await act(handler, case, "apply_sign_off")
        await act(tabs["inspector"], case, "accept_on_site", text="粪污已清，臭味消失")
        await act(tabs["reviewer"], case, "countersign")
        await act(clerk, case, "publish_notice", where="局网站")
        await act(dispatcher, case, "strike_off")
        assert status_of(engine, case) is Status.SIGNED_OFF
        await clerk.go(f"/cases/{case}")
        await clerk.shot("walk-signed-off")
        for tab in tabs.values():
            await tab.go(f"/cases/{case}")
            assert PETITIONER not in await tab.page.content(), "the petitioner's name stays under seal"
        pdf = await clerk.page.pdf(format="A4", print_background=True)
        assert pdf.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1


async def test_a_handler_does_a_days_work_on_a_phone(
    chromium: Browser, engine: Engine, kept: dict[str, str], tmp_path: Path
) -> None:
    async with (
        come_in(chromium, engine, kept, "clerk", size=PHONE, has_touch=True, is_mobile=True) as clerk,
        come_in(chromium, engine, kept, "dispatcher", size=PHONE, has_touch=True, is_mobile=True) as dispatcher,
        come_in(chromium, engine, kept, "handler", size=PHONE, has_touch=True, is_mobile=True) as handler,
    ):
        case = await take_in(clerk)
        await clerk.fits()
        await act(clerk, case, "accept")
        await act(dispatcher, case, "assign", unit="enforcement", handler="handler")
        await handler.go("/")
        await handler.fits()
        await handler.page.click(f'a[href="/cases/{case}"]')
        await handler.fits()
        await act(handler, case, "record_findings", **not_so(tmp_path))
        await act(handler, case, "submit_for_review")
        await handler.fits()
        await handler.shot("walk-phone")
    assert status_of(engine, case) is Status.REVIEWING


async def test_with_scripts_off_a_petition_goes_from_intake_to_closure(
    chromium: Browser, engine: Engine, kept: dict[str, str], tmp_path: Path
) -> None:
    off: dict[str, Any] = {"java_script_enabled": False}
    async with (
        come_in(chromium, engine, kept, "clerk", **off) as clerk,
        come_in(chromium, engine, kept, "dispatcher", **off) as dispatcher,
        come_in(chromium, engine, kept, "handler", **off) as handler,
        come_in(chromium, engine, kept, "reviewer", **off) as reviewer,
    ):
        case = await take_in(clerk, place="青石镇", summary="夜间施工噪声")
        await act(clerk, case, "accept")
        await act(dispatcher, case, "assign", unit="enforcement", handler="handler")
        await act(handler, case, "record_findings", **not_so(tmp_path))
        await act(handler, case, "submit_for_review")
        await act(reviewer, case, "approve")
    assert status_of(engine, case) is Status.CLOSED


async def test_the_engine_does_what_the_console_set_going(
    chromium: Browser, engine: Engine, kept: dict[str, str]
) -> None:
    async with come_in(chromium, engine, kept, "clerk") as clerk:
        case = await take_in(clerk)
        await act(clerk, case, "accept")
        for _ in range(120):
            await clerk.go(f"/cases/{case}")
            if await clerk.page.locator("#letters").count():
                break
            await asyncio.sleep(0.25)
        letters = await clerk.page.inner_text('section[aria-labelledby="letters"]')
    assert "受理告知书" in letters
    assert PETITIONER not in letters


async def test_who_looks_at_a_case_is_told_of_news_and_keeps_what_was_typed(
    chromium: Browser, engine: Engine, kept: dict[str, str]
) -> None:
    async with (
        come_in(chromium, engine, kept, "clerk") as clerk,
        come_in(chromium, engine, kept, "dispatcher") as dispatcher,
    ):
        case = await take_in(clerk)
        await clerk.go(f"/cases/{case}")
        await clerk.page.locator("#do-note summary").click()
        await clerk.page.fill("#do-note textarea", "写到一半")
        assert not await clerk.page.locator("#news").is_visible()
        await act(dispatcher, case, "accept")
        await clerk.page.locator("#news").wait_for(state="visible")
        assert await clerk.page.input_value("#do-note textarea") == "写到一半"


def _png() -> bytes:
    import struct
    import zlib

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\x40\x80\x60" * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


PICTURE: Final = _png()
