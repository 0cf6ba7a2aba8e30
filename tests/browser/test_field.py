"""The inspectors' page on a telephone in a real Chromium: the line is lost, and nothing that was filled in is."""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import pytest
from fastapi import Request, Response
from playwright.async_api import Browser, FilePayload, Page, Route, expect
from playwright.async_api import Error as PlaywrightError

from adapters import queries
from models.vocabulary import Status
from tests.browser.conftest import PHONE, Site, a_tab
from tests.web.pictures import a_photo
from web import field as field_page
from web import pages
from web.app import make_app
from web.serving import Place, serving

KEPT = "caches.keys()"
"""Asks the browser what the page has kept."""


async def ready(page: Page) -> None:
    """Wait until the device has kept what it may need."""
    await page.wait_for_selector("#field[data-ready='1']", state="attached")


async def fill(page: Page, command: str, **fields: str) -> None:
    act = page.locator(f"#do-{command}")
    if await act.get_attribute("open") is None:
        await act.locator("summary").first.click()
    for name, value in fields.items():
        await act.locator(f"[name='{name}']").fill(value)


async def send(page: Page, command: str) -> None:
    await page.locator(f"#do-{command} button.main").click()


def names(site: Site, case: str) -> list[str]:
    return [each.event.name for each in queries.history(site.office.database, case)]


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_filled_in_without_a_line_is_sent_once_when_it_is_back(chromium: Browser, site: Site) -> None:
    case = site.office.a_case(Status.ASSIGNED, place="白马村砖厂")
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("inspector")) as tab:
        page = tab.page
        await tab.go("/field")
        await ready(page)
        await page.context.set_offline(True)

        await page.goto(f"{site.base}/field/cases/{case}")
        await expect(page.locator("h1")).to_contain_text("白马村砖厂")
        act = page.locator("#do-record_findings")
        await act.locator("summary").first.click()
        await act.locator("[name='findings.0.point']").fill("夜间生产")
        await act.locator("[name='findings.0.verdict']").select_option("substantiated")
        await act.locator("[name='findings.0.text']").fill("夜间生产属实，除尘设施未运行")
        photo = FilePayload(name="现场.jpg", mimeType="image/jpeg", buffer=a_photo())
        await act.locator("input[type=file][capture]").first.set_input_files([photo])
        await tab.shot("field-filled-zh-390")
        await send(page, "record_findings")
        await expect(page.locator("#queue li")).to_have_count(1)
        await expect(page.locator("#line")).to_contain_text("自动发送")
        await tab.shot("field-offline-zh-390")
        await page.reload()
        await expect(page.locator("#queue li")).to_have_count(1)
        assert "findings_recorded" not in names(site, case)

        await page.context.set_offline(False)
        # A page that was opened without a line hears of none that comes back from this emulation.
        await page.evaluate("window.dispatchEvent(new Event('online'))")
        await expect(page.locator("#queue")).to_be_hidden()
        await expect(page.locator("#line")).to_contain_text("已发送")
        found = site.office.case(case).findings
        assert [each.point for each in found] == ["夜间生产"]
        (evidence,) = found[0].evidence
        assert site.house.files.find(case, evidence.sha256) is not None
        assert names(site, case).count("findings_recorded") == 1
        await tab.fits()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_guide_can_be_read_where_there_is_no_line(chromium: Browser, site: Site) -> None:
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("inspector")) as tab:
        await tab.go("/field")
        await ready(tab.page)
        await tab.page.context.set_offline(True)
        await tab.page.click('a[href="/field/guide"]')
        await expect(tab.page.locator("h1")).to_contain_text("现场核查")
        await expect(tab.page.locator("article")).to_contain_text("没有信号怎么办")
        await tab.fits()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_the_desk_refuses_is_kept_told_and_mended(chromium: Browser, site: Site) -> None:
    case = site.office.a_case(Status.RECTIFYING)
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("handler"), expected=(409, 422)) as tab:
        page = tab.page
        await tab.go(f"/field/cases/{case}")
        await ready(page)
        await page.context.set_offline(True)
        await fill(page, "submit_for_review", text="已全部整改")
        await send(page, "submit_for_review")
        await expect(page.locator("#queue li")).to_have_count(1)
        # Meanwhile somebody else was faster.
        site.office.act(case, "handler", "submit_for_review")
        await page.context.set_offline(False)
        await expect(page.locator("#queue li")).to_contain_text("未被受理")
        # Its form is not offered any more; what was written is not lost with it.
        await expect(page.locator("#queue li")).to_contain_text("已全部整改")
        await tab.shot("field-refused-zh-390")

        other = site.office.a_case(Status.RECTIFYING)
        await tab.go(f"/field/cases/{other}")
        await ready(page)
        # A form that the desk finds wrong: what was typed comes back into it.
        await fill(page, "request_extension", extension_days="9999", reason="等设备")
        await page.evaluate("document.querySelector('#do-request_extension form').noValidate = true")
        await send(page, "request_extension")
        await expect(page.locator("#queue li")).to_have_count(2)
        await page.locator("#queue a.button").nth(1).click()
        await expect(page.locator("#do-request_extension [name=reason]")).to_have_value("等设备")
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.locator("#queue button").first.click()
        await expect(page.locator("#queue li")).to_have_count(1)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_desk_that_goes_down_while_it_is_sent_to_gets_it_once(chromium: Browser, site: Site) -> None:
    case = site.office.a_case(Status.RECTIFYING)
    with serving(make_app(site.house), Place("127.0.0.1", 0)) as base:
        port = int(base.rpartition(":")[2])
        context = a_tab(chromium, base, size=PHONE, cookie=site.session("handler"))
        tab = await context.__aenter__()
        await tab.go(f"/field/cases/{case}")
        await ready(tab.page)
    try:
        await fill(tab.page, "report_progress", text="装好一半")
        await send(tab.page, "report_progress")
        await expect(tab.page.locator("#queue li")).to_have_count(1)
        with serving(make_app(site.house), Place("127.0.0.1", port)):
            await tab.page.evaluate("window.dispatchEvent(new Event('online'))")
            await expect(tab.page.locator("#queue")).to_be_hidden()
            await tab.page.evaluate("window.dispatchEvent(new Event('online'))")
        assert names(site, case).count("progress_reported") == 1
    finally:
        with suppress(Exception):
            await context.__aexit__(None, None, None)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_the_desk_did_though_its_answer_was_lost_is_sent_again_and_counts_once(
    chromium: Browser, site: Site
) -> None:
    case = site.office.a_case(Status.RECTIFYING)
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("handler")) as tab:
        page, sent = tab.page, 0

        async def lost(route: Route) -> None:
            nonlocal sent
            sent += 1
            assert (await route.fetch()).status == 200
            await route.abort()

        await tab.go(f"/field/cases/{case}")
        await ready(page)
        await page.context.route("**/field/cases/*/do/*", lost)
        await fill(page, "report_progress", text="装好一半")
        await send(page, "report_progress")
        await expect(page.locator("#line")).to_contain_text("自动发送")
        await expect(page.locator("#queue li")).to_have_count(1)
        assert (sent, names(site, case).count("progress_reported")) == (1, 1)
        await page.context.unroute("**/field/cases/*/do/*")
        await page.evaluate("window.dispatchEvent(new Event('online'))")
        await expect(page.locator("#queue")).to_be_hidden()
        assert names(site, case).count("progress_reported") == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_another_person_on_the_same_device_sees_nothing_and_logging_out_takes_it_all(
    chromium: Browser, site: Site
) -> None:
    case = site.office.a_case(Status.RECTIFYING, place="第一人的村")
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("handler")) as tab:
        page = tab.page
        await tab.go(f"/field/cases/{case}")
        await ready(page)
        await page.context.set_offline(True)
        await fill(page, "report_progress", text="第一人的话")
        await send(page, "report_progress")
        await expect(page.locator("#queue li")).to_have_count(1)
        name, value = site.session("other-handler")
        await page.context.route("**/field/cases/*/do/*", lambda route: route.abort())
        # Nor does the page before learn whose session it is, and load itself anew while the next one is opened.
        await page.context.route("**/field/state", lambda route: route.abort())
        await page.context.set_offline(False)
        await page.context.add_cookies([{"name": name, "value": value, "url": site.base}])
        await tab.go("/field")
        await ready(page)
        await expect(page.locator("#queue li")).to_have_count(0)
        assert "progress_reported" not in names(site, case)
        await page.context.set_offline(True)
        await page.goto(f"{site.base}/field/cases/{case}")
        await expect(page.locator("body")).not_to_contain_text("第一人的村")
        await page.context.set_offline(False)
        await page.context.unroute("**/field/cases/*/do/*")

        # Back comes the first one; then they log out, which is asked about, for something is still to be sent.
        name, value = site.session("handler")
        await page.context.add_cookies([{"name": name, "value": value, "url": site.base}])
        await tab.go("/field")
        await expect(page.locator("#queue li")).to_have_count(1)
        asked: list[str] = []

        def answered(dialog: object) -> None:
            asked.append(dialog.message)  # type: ignore[attr-defined]
            asyncio.ensure_future(dialog.accept())  # type: ignore[attr-defined]  # noqa: RUF006

        page.on("dialog", answered)
        await page.click("form[action='/logout'] button")
        await page.wait_for_url("**/login*")
        assert "1" in asked[0]
        assert await page.evaluate("localStorage.length") == 0
        kept = await page.evaluate("indexedDB.databases().then(function (all) { return all.length; })")
        assert kept == 0
        assert await page.evaluate(KEPT) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_that_comes_after_its_person_has_left_is_not_kept(
    chromium: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = site.office.a_case(Status.RECTIFYING, place="第一人的村")
    asked, let_go, answered = threading.Event(), threading.Event(), threading.Event()
    as_ever = pages.page

    def slow(request: Request, template: str, *args: Any, **options: Any) -> Response:
        answer = as_ever(request, template, *args, **options)
        if request.url.path == f"/field/cases/{case}":
            # Its person may see it still; by the time it is on its way they have left.
            asked.set()
            assert let_go.wait(30)
            answered.set()
        return answer

    monkeypatch.setattr(field_page, "page", slow)
    async with a_tab(chromium, site.base, size=PHONE, cookie=site.session("handler")) as tab:
        page = tab.page
        await tab.go("/field")
        assert await asyncio.to_thread(asked.wait, 30), "the page is read ahead"
        other = await page.context.new_page()
        await other.goto(f"{site.base}/me")
        await other.click("form[action='/logout'] button")
        await other.wait_for_url("**/login*")
        let_go.set()
        assert await asyncio.to_thread(answered.wait, 30)
        # The first page's reading is over, whatever came of it; and nothing lies there.
        await page.wait_for_load_state("networkidle")
        assert await other.evaluate(KEPT) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_whoever_logs_in_and_loses_the_line_at_once_is_shown_nothing_of_the_one_before(
    chromium: Browser, site: Site
) -> None:
    case = site.office.a_case(Status.RECTIFYING, place="第一人的村")
    name, value = site.session("handler")
    async with a_tab(chromium, site.base, size=PHONE, cookie=(name, value)) as tab:
        page = tab.page
        await tab.go(f"/field/cases/{case}")
        await ready(page)
        assert await page.evaluate(KEPT) != []
        # Their session has run out, or was ended from elsewhere: they never logged out here.
        await page.context.clear_cookies(name=name)
        await tab.go("/login")
        await page.wait_for_function(f"{KEPT}.then(function (all) {{ return !all.length; }})")
        name, value = site.session("other-handler")
        await page.context.add_cookies([{"name": name, "value": value, "url": site.base}])
        await page.context.set_offline(True)
        with pytest.raises(PlaywrightError, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
            await page.goto(f"{site.base}/field/cases/{case}")
        await expect(page.locator("body")).not_to_contain_text("第一人的村")
