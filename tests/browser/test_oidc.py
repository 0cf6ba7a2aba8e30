"""The log-in by an identity provider in a real Chromium: to another address and back, under the content policy."""

import pytest
from playwright.async_api import Browser, expect

from adapters.access.provider import Provider
from tests.browser.conftest import LARGE, PHONE, Site, a_tab
from tests.web.provider import CLIENT, SECRET
from tests.web.test_oidc import Running


@pytest.mark.asyncio(loop_scope="module")
async def test_somebody_binds_their_identity_and_comes_in_by_it(chromium: Browser, site: Site) -> None:
    running = Running()
    site.house.provider = Provider(running.issuer, CLIENT, SECRET)
    try:
        async with a_tab(chromium, site.base, cookie=site.session("clerk")) as tab:
            await tab.go("/me")
            await tab.page.get_by_role("link", name="绑定").click()
            await expect(tab.page.locator("main")).to_contain_text("已绑定")
            await tab.shot("me-bound-zh-1280")
        async with a_tab(chromium, site.base, size=PHONE) as tab:
            await tab.go("/cases")
            await tab.shot("login-provider-zh-390")
            await tab.page.get_by_role("link", name="统一身份认证登录").click()
            await tab.page.wait_for_url(f"{site.base}/**")
            await expect(tab.page.locator("h1")).to_be_visible()
            assert "/login" not in tab.page.url
            assert not tab.seen.complaints, tab.seen.complaints
        for size, name in ((LARGE, "zh-1280"), (PHONE, "zh-390")):
            async with a_tab(chromium, site.base, size=size, cookie=site.session("administrator")) as tab:
                await tab.go("/accounts")
                await tab.shot(f"accounts-bound-{name}")
        async with a_tab(chromium, site.base, cookie=site.session("administrator")) as tab:
            await tab.go("/accounts")
            await tab.page.get_by_role("button", name="解除统一身份绑定").click()
            await expect(tab.page.get_by_role("button", name="解除统一身份绑定")).to_have_count(0)
    finally:
        running.end()
        site.house.provider = None
