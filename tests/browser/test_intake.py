"""The intake form in a real browser: what is shown while it is typed, and that nothing typed is lost."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Site, a_tab


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_typed_survives_a_desk_that_does_not_answer_and_is_registered_by_ctrl_enter(
    chromium: Browser, site: Site
) -> None:
    near = site.office.register(place="青石镇河口村养猪场", summary="养猪场夜间恶臭")
    async with a_tab(chromium, site.base, cookie=site.session("clerk")) as tab:
        page = tab.page
        await tab.go("/intake")
        await page.select_option("[name=channel]", "phone")
        await page.fill("[name=place]", "青石镇河口村养猪场")
        await expect(page.locator("#similar")).to_contain_text(near)
        await expect(page.locator("#kept")).to_have_text("草稿已加密保存")
        assert await page.evaluate("sessionStorage.length") == 0, "what the desk has is not left in the browser"
        tab.clean()

        await page.context.set_offline(True)
        await page.fill("[name='secret.petitioner']", "李四")
        await page.fill("[name=summary]", "夜间恶臭")
        await expect(page.locator("#kept")).to_contain_text("暂时连不上")
        await page.context.set_offline(False)
        await page.reload()
        assert await page.input_value("[name='secret.petitioner']") == "李四"
        assert await page.input_value("[name=summary]") == "夜间恶臭"
        await expect(page.locator("#kept")).to_have_text("草稿已加密保存")
        await tab.shot("intake-typed-zh-1280")

        await page.keyboard.press("Control+Enter")
        await page.wait_for_url("**/receipt")
        assert await page.evaluate("sessionStorage.length + localStorage.length") == 0
        await tab.go("/intake")
        assert await page.input_value("[name='secret.petitioner']") == ""
