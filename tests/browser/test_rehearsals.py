"""What is rehearsed before it is done, by hand in a real browser: a campaign's order, a calendar's table."""

from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, FilePayload, expect

from adapters import queries
from models.counting import legal_day
from models.vocabulary import Status
from tests.browser.conftest import LARGE, PHONE, Site, Tab, a_tab

SCAN = FilePayload(
    name="命令.pdf",
    mimeType="application/pdf",
    buffer=b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
)
TABLE = 'year = 2027\nsource = "国办发明电〔2026〕9号（虚构）"\nversion = "1"\n[off]\n2027-01-01 = "元旦"\n[work]\n'


async def sound(tab: Tab, name: str) -> None:
    """The page that is shown fits, can be read by everybody, and is pictured."""
    await tab.shot(name)
    await tab.fits()
    found = (await Axe().run(tab.page)).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
    tab.clean()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("lang", "size"), [("zh", LARGE), ("en", PHONE)], ids=["zh-large", "en-phone"])
async def test_an_order_is_rehearsed_and_given_by_hand(
    chromium: Browser, site: Site, lang: str, size: tuple[int, int]
) -> None:
    name, today = f"dc-{lang}", legal_day(site.office.moments.now())
    case = site.office.a_case(Status.ASSIGNED, campaign=name)
    async with a_tab(chromium, site.base, size=size, lang=lang, cookie=site.session("dispatcher")) as tab:
        page = tab.page
        await tab.go("/campaigns")
        await page.fill("#title", "中央督察边督边改")
        await page.fill("#name", name)
        await page.click("main form button.main")
        await page.wait_for_url(f"**/campaigns/{name}?done=open_campaign")
        await page.click("#do-order_all_days summary")
        await page.fill("[name='order.number']", "青督办〔2026〕7号")
        await page.select_option("[name='order.signatory']", "magistrate")
        await page.fill("[name='order.first']", today.isoformat())
        await page.fill("[name='order.last']", (today + timedelta(days=30)).isoformat())
        await page.set_input_files("[name='order.scan']", [SCAN])
        await page.press("[name='order.number']", "Enter")
        await page.wait_for_url(f"**/campaigns/{name}/try")
        await expect(page.locator("#meaning")).to_be_visible()
        await expect(page.locator("main")).to_contain_text(case)
        await sound(tab, f"campaign-rehearsed-{lang}-{size[0]}")
        assert not queries.case(site.office.database, f"campaign:{name}").orders, "Enter rehearses, and does not order"
        await page.click("#do-order_all_days button:not(.main)")
        await page.wait_for_url(f"**/campaigns/{name}?done=order_all_days")
        (order,) = queries.case(site.office.database, f"campaign:{name}").orders
        assert order.scan is not None
        assert site.house.files.find(f"campaign:{name}", order.scan.sha256) is not None
        await sound(tab, f"campaign-ordered-{lang}-{size[0]}")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("lang", "size"), [("zh", LARGE), ("en", PHONE)], ids=["zh-large", "en-phone"])
async def test_a_new_calendar_is_rehearsed_and_set_up_by_hand(
    chromium: Browser, site: Site, lang: str, size: tuple[int, int]
) -> None:
    name = f"hall-{lang}"
    async with a_tab(chromium, site.base, size=size, lang=lang, cookie=site.session("administrator")) as tab:
        page = tab.page
        await tab.go("/admin/calendars")
        table = FilePayload(name="2027.toml", mimeType="text/plain", buffer=TABLE.encode())
        await page.set_input_files("#file", [table])
        await page.fill("#calendar", name)
        await page.press("#calendar", "Enter")
        await expect(page.locator("#meaning")).to_contain_text(name)
        await sound(tab, f"calendar-rehearsed-{lang}-{size[0]}")
        assert name not in site.office.desk.world().calendars
        await page.click("section.card button.main")
        await page.wait_for_url("**/admin/calendars?name=*")
        assert name in site.office.desk.world().calendars
        await sound(tab, f"calendar-set-up-{lang}-{size[0]}")
