"""The steps of the guides, walked by the people they are for, in both languages; each leaves the pictures it shows."""

import io
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, expect

from adapters import queries
from adapters.guides import LANGUAGES, SCREENS, Guide, pictures_of, text_of
from models.commands import COMMANDS
from models.counting import SHANGHAI, legal_day
from models.vocabulary import Status
from tests.browser.conftest import PHONE, Site, Tab, a_tab
from tests.browser.county import County, a_county
from tests.web.pictures import a_photo
from web.phrases import ENGLISH

# One county for both languages: they stay on one worker.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow, pytest.mark.xdist_group("guides")]
WINDOW = (1100, 780)
COLOURS = 128
PHOTO = FilePayload(name="现场照片.jpg", mimeType="image/jpeg", buffer=a_photo(640, 480))
POINT = {"findings.0.point": "恶臭", "findings.0.verdict": "substantiated"}
FOUND = {**POINT, "findings.0.text": "粪污池未加盖，雨天外溢。"}


@pytest.fixture(scope="module")
def county(_nobodys_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[County, Site]]:
    with a_county(tmp_path_factory.mktemp("county") / "desk") as found:
        yield found


@dataclass
class Walk:
    """A walk through the guides in one language, and the pictures it took."""

    site: Site
    chromium: Browser
    lang: str
    made: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def as_(self, person: str, guide: Guide, size: tuple[int, int] = WINDOW) -> AsyncIterator["Walker"]:
        """Somebody's window, with their guide in hand."""
        mine = self.site.session(person)
        async with a_tab(self.chromium, self.site.base, size=size, lang=self.lang, cookie=mine, expected=(403,)) as tab:
            yield Walker(self, tab, guide)
            tab.clean()


@dataclass
class Walker:
    """Somebody who does what their guide says."""

    walk: Walk
    tab: Tab
    guide: Guide

    def quoted(self, words: str) -> str:
        """The words of a screen, which the guide tells to look for."""
        assert f"“**{words.casefold()}**”" in text_of(self.guide, self.walk.lang).casefold(), words
        return words

    def said(self, key: str) -> str:
        """One of the console's sentences that the guide tells to look for."""
        return self.quoted(ENGLISH[key] if self.walk.lang == "en" else key)

    async def form(self, command: str, **fields: str | list[FilePayload]) -> Locator:
        """Open a step's form on a case's page by the words that the guide quotes, and fill it in."""
        kind = COMMANDS[command]
        form = self.tab.page.locator(f"#do-{command}")
        words = self.quoted(kind.en if self.walk.lang == "en" else kind.zh)
        await form.locator("summary", has_text=words).first.click()
        for name, value in fields.items():
            box = form.locator(f'[name="{name}"]').first
            while not await box.is_visible():
                await form.locator("details:not([open]) > summary").first.click()
            if isinstance(value, list):
                await box.set_input_files(value)
            elif await box.evaluate("each => each.tagName") == "SELECT":
                await box.select_option(value)
            else:
                await box.fill(value)
        return form

    async def send(self, form: Locator) -> None:
        """Send a form, and see that it was done."""
        await form.locator("button.main").last.click()
        await expect(self.tab.page.locator(".say-yes").first).to_be_visible()

    async def picture(self, name: str, at: Locator | None = None) -> None:
        """Take the picture of what the window shows, with ``at`` near its top."""
        if at is not None:
            await at.evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top + scrollY - 70)")
        taken = Image.open(io.BytesIO(await self.tab.page.screenshot()))
        name = f"{self.guide}-{name}.png"
        path = SCREENS / self.walk.lang / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole or not at all: a console may be showing it.
        part = path.with_suffix(f".{os.getpid()}")
        taken.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(part, "PNG")
        part.replace(path)
        self.walk.made.add(name)


async def at_the_desk(walk: Walk) -> str:
    """The clerk takes a petition in and accepts it, the dispatcher assigns it; return its number."""
    async with walk.as_("clerk", Guide.DESK) as clerk:
        page = clerk.tab.page
        await clerk.tab.go("/")
        await page.click(f'main a:has-text("{clerk.said("登记信访件")}")')
        await page.select_option("[name=channel]", "visit")
        await page.fill("[name=place]", "云溪镇王家湾村")
        await page.fill("[name=summary]", "养殖场夜间恶臭，粪污流进水沟。")
        await page.fill("[name=respondent]", "王家湾养殖场")
        await page.fill("#who", "张三")
        await page.fill("#contact", "13900000000")
        await page.fill("#words", "夜里臭得睡不着，请来看看。")
        await clerk.picture("intake")
        await page.keyboard.press("Control+Enter")
        await page.wait_for_url("**/receipt")
        await clerk.picture("receipt")
        case = page.url.split("/")[-2]
        await clerk.tab.go(f"/cases/{case}")
        await clerk.send(await clerk.form("accept"))
        # The auditor is to find an opened seal, and somebody who was turned away.
        await page.click(f'a:has-text("{clerk.said("查看信访人身份")}")')
        await page.select_option("#reason", "contact")
        await page.click("main button.main")
        assert await clerk.tab.go("/accounts") == 403
    async with walk.as_("dispatcher", Guide.DESK) as dispatcher:
        await dispatcher.tab.go("/")
        await dispatcher.picture("work")
        await dispatcher.tab.go(f"/cases/{case}")
        form = await dispatcher.form("assign", unit="enforcement", handler="enforcement_handler", leader="deputy")
        await dispatcher.picture("assign", form)
        await dispatcher.send(form)
        clock = dispatcher.tab.page.locator("details.clock").last
        await clock.locator("summary").click()
        await dispatcher.picture("clocks", dispatcher.tab.page.locator("#clocks"))
    return case


async def in_the_unit(walk: Walk, case: str) -> None:
    """The handler looks what is theirs, records what was found and plans what is to be done."""
    async with walk.as_("enforcement_handler", Guide.HANDLER) as handler:
        await handler.tab.go("/")
        await handler.picture("work", handler.tab.page.locator("h2", has_text=handler.said("我承办的")))
        await handler.tab.go(f"/cases/{case}")
        await handler.send(await handler.form("acknowledge"))
        form = await handler.form("record_findings", **FOUND, **{"findings.0.evidence": [PHOTO]})
        await handler.picture("findings", form)
        await handler.send(form)
        tasks = {"task_plans.0.measure": "建成封闭式粪污池", "task_plans.0.target": "2099-06-30"}
        form = await handler.form("plan_rectification", measures="当日清理外溢粪污。", **tasks)
        await handler.picture("measures", form)
        await handler.send(form)


async def on_site(walk: Walk, county: County) -> None:
    """The inspector finds the place on the telephone and writes what is there."""
    case = county.a_petition(0, "assigned")
    async with walk.as_("enforcement_inspector", Guide.INSPECTOR, PHONE) as inspector:
        page = inspector.tab.page
        await inspector.tab.go("/field")
        await inspector.picture("list")
        await page.click(f'a[href="/field/cases/{case}"]')
        await page.wait_for_selector("#field[data-ready='1']", state="attached")
        await inspector.picture("case")
        form = await inspector.form("record_findings", **FOUND, **{"findings.0.evidence": [PHOTO]})
        await inspector.picture("findings", form)
        await inspector.send(form)
    async with walk.as_("enforcement_handler", Guide.HANDLER) as handler:
        await expect_found(handler, case)


async def expect_found(walker: Walker, case: str) -> None:
    """What was sent from the telephone stands on the case."""
    await walker.tab.go(f"/cases/{case}")
    await expect(walker.tab.page.locator('section[aria-labelledby="findings"]')).to_contain_text("粪污池未加盖")


async def above(walk: Walk, case: str) -> None:
    """The leader looks at the whole, and instructs."""
    async with walk.as_("deputy", Guide.LEADER) as leader:
        await leader.tab.go("/map")
        await leader.picture("map")
        await leader.tab.go("/dashboard")
        await leader.picture("dashboard")
        await leader.tab.go(f"/cases/{case}")
        day = legal_day(walk.site.office.moments.now()) + timedelta(days=3)
        form = await leader.form("instruct", text="当日到现场，三日内报整改情况。", instruction_by=day.isoformat())
        await leader.picture("instruct", form)
        await leader.send(form)


async def afterwards(walk: Walk, case: str) -> None:
    """The auditor checks the chains, looks who came, and sees a case as it was."""
    async with walk.as_("auditor", Guide.AUDITOR) as auditor:
        page = auditor.tab.page
        await auditor.tab.go("/audit")
        await page.click(f'main button:has-text("{auditor.said("立即核对")}")')
        while await page.locator("progress").count():
            await auditor.tab.go("/audit")
        await expect(page.locator(".say-yes")).to_be_visible()
        await auditor.picture("audit")
        await page.click(f'main a:has-text("{auditor.said("访问日志")}")')
        await auditor.picture("access")
        await auditor.tab.go(f"/cases/{case}")
        details = page.locator("details", has_text=auditor.said("查看某一时刻的样子")).last
        await details.locator("summary").click()
        registered = queries.history(walk.site.office.database, case)[0].recorded_at
        await page.fill("#as-of", registered.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"))
        await details.locator("button").click()
        await expect(page.locator("main .note", has_text=auditor.said("回到现在"))).to_be_visible()
        await auditor.picture("then")


async def in_the_console(walk: Walk) -> None:
    """Somebody opens a picture in the guide."""
    async with walk.as_("clerk", Guide.DESK) as clerk:
        await clerk.tab.go("/guide/desk")
        shot = clerk.tab.page.locator("details.shot").first
        assert not await shot.locator("img").evaluate("each => each.naturalWidth"), "fetched by whoever opens it"
        await shot.locator("summary").click()
        await expect(shot.locator("img")).to_have_js_property("naturalWidth", WINDOW[0])
        await clerk.tab.fits()


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_steps_of_the_guides_are_walked_and_every_picture_they_show_is_taken(
    chromium: Browser, county: tuple[County, Site], lang: str
) -> None:
    walk = Walk(county[1], chromium, lang)
    moments = walk.site.office.moments
    case = await at_the_desk(walk)
    moments.wait(minutes=40)
    await in_the_unit(walk, case)
    await on_site(walk, county[0])
    moments.wait(minutes=40)
    await above(walk, case)
    await afterwards(walk, case)
    await in_the_console(walk)
    assert county[1].office.case(case).status is Status.RECTIFYING
    assert walk.made == {name for guide in Guide for name in pictures_of(guide, lang)}
