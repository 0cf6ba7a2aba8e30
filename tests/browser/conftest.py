"""A real browser on a console that really listens; whatever it complains of fails the test."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.async_api import Browser, BrowserContext, Page, Request, Response, async_playwright
from playwright.async_api import Error as PlaywrightError

from models.vocabulary import Status
from tests.browser.finding import FLAGS, LEFT_OUT, MISSING, found, left_out
from tests.store.desks import Office, an_office
from tests.web.conftest import QUICK
from web.app import make_app
from web.house import House
from web.people import cookie_name
from web.serving import Place, serving

SCREENS: Final = Path(__file__).parents[2] / "build" / "screens"
AGENT: Final = "banjie-tests"
LARGE, PHONE = (1280, 900), (390, 844)
SIZES: Final = (LARGE, PHONE)
LANGS: Final = ("zh", "en")


@pytest.fixture(scope="session", autouse=True)
def _asked_for() -> None:
    """Leave the tests out where that was asked for; the end of the run says so in red."""
    if left_out():
        pytest.skip(LEFT_OUT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A real Chromium, one for the tests of a module."""
    # Looked for in a thread: Playwright's own way of asking may not run inside a loop.
    path = await asyncio.to_thread(found)
    if path is None:
        pytest.fail(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, f"--user-agent={AGENT}"])
        yield browser
        await browser.close()


@dataclass
class Seen:
    """What a browser did while it looked at a page."""

    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    size: int = 0


@dataclass
class Tab:
    """A page in a browser, and whatever it complained of."""

    page: Page
    base: str
    seen: Seen = field(default_factory=Seen)

    async def go(self, path: str) -> int:
        """Open a page of the console; return its status."""
        answer = await self.page.goto(self.base + path)
        assert answer is not None, path
        return answer.status

    def clean(self) -> None:
        """No error in the browser's console (a broken content policy is one), nothing asked of another host."""
        assert not self.seen.complaints, self.seen.complaints
        assert not self.seen.elsewhere, self.seen.elsewhere

    async def fits(self) -> None:
        """Nothing is wider than the window."""
        # A click may have led to a page that is on its way still.
        await self.page.wait_for_load_state()
        over = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{self.page.url} is {over} px wider than its window"

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size, and the page the time to lay itself out anew."""
        if self.page.viewport_size != {"width": size[0], "height": size[1]}:
            await self.page.set_viewport_size({"width": size[0], "height": size[1]})
            await self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    async def barriers(self) -> list[dict[str, Any]]:
        """Return what axe-core finds wrong with the page as it is; it is brought in once for each page."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE)
        options = json.dumps({"resultTypes": ["violations"]})
        found: list[dict[str, Any]] = (await self.page.evaluate(f"axe.run({options})"))["violations"]
        return found

    async def shot(self, name: str) -> None:
        """Keep a picture of the page."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@asynccontextmanager
async def a_tab(
    browser: Browser,
    base: str,
    *,
    size: tuple[int, int] = LARGE,
    lang: str = "zh",
    cookie: tuple[str, str] | None = None,
    expected: tuple[int, ...] = (),
    **options: Any,
) -> AsyncIterator[Tab]:
    """Open a window of its own; ``cookie`` is a session, ``expected`` statuses of errors that are no fault here."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN" if lang == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(15_000)
    cookies = [("lang", lang), *([cookie] if cookie else [])]
    await context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page = await context.new_page()
    tab = Tab(page, base)

    async def loaded(answer: Response) -> None:
        with suppress(PlaywrightError):  # a body that is gone, or none: a redirect's
            await answer.finished()
            # As it came over the wire.
            tab.seen.size += (await answer.request.sizes())["responseBodySize"]

    def asked(request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(base + "/"):
            tab.seen.elsewhere.append(request.url)

    def complained(text: str) -> None:
        if not any(f"status of {status}" in text for status in expected):
            tab.seen.complaints.append(text)

    page.on("request", asked)
    page.on("response", loaded)
    page.on("console", lambda each: complained(each.text) if each.type in {"error", "warning"} else None)
    page.on("pageerror", lambda each: complained(str(each)))
    try:
        yield tab
    finally:
        await context.close()


@dataclass
class Site:
    """A console that listens on this machine."""

    house: House
    office: Office
    base: str

    def session(self, person: str) -> tuple[str, str]:
        """The cookie of somebody who has logged in."""
        if self.house.accounts.of(person) is None:
            self.house.accounts.change(person, self.house.accounts.make(person), "十个字以上的密码12")
        return cookie_name(self.house), self.house.sessions.begin(person, AGENT)


@pytest.fixture(scope="module")
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As for every test, but for what is made once in a module."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("BANJIE_", "TEMPORAL_"))]:
            patch.delenv(name)
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config-home")))
        yield


def _a_desk_at_work(office: Office) -> None:
    """Cases of many sorts, some of them overdue: an empty page has nothing that could be wrong."""
    s = Status
    told = ("砖厂夜间生产，烟气刺鼻，粉尘落在菜地", "养殖场粪污直排河道，河水发黑", "工地夜间施工，噪声扰民")
    ways = (s.ASSIGNED, s.RECTIFYING, s.CLOSED, s.REVIEWING, s.REGISTERED, s.SIGNED_OFF, s.INTERIM, s.ACCEPTED)
    for place, status in enumerate((*ways, *ways)):
        office.a_case(status, summary=told[place % 3], types=[("大气", "水", "噪声")[place % 3]], star=place % 5 == 0)
        office.moments.wait(days=3)


@pytest.fixture(scope="module")
def site(_nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A console over a real store, one for the tests of a module."""
    with an_office(tmp_path_factory.mktemp("site") / "desk") as office:
        house = House.of(office.desk, hasher=QUICK)
        _a_desk_at_work(office)
        with serving(make_app(house), Place("127.0.0.1", 0)) as base:
            site = Site(house, office, base)
            # Before the first account every page leads to the setup, the log-in too.
            site.session("administrator")
            yield site
