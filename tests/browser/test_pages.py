"""Every page in a real browser: both languages, a desk's and a phone's window, axe-core without a finding.

The list of pages is held against the application's own routes, so that a new page cannot be forgotten here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import pytest
from fastapi.routing import APIRoute
from playwright.async_api import Browser

from models.vocabulary import Status
from tests.browser.conftest import LANGS, PHONE, SIZES, Site, a_tab
from tests.browser.looks import (
    a_campaign,
    a_case,
    a_comparison,
    a_lost_letter,
    a_meeting,
    a_patrol,
    a_plan,
    a_root,
    a_round,
    a_site,
    a_storm,
    a_trial,
    a_webhook,
    alike,
    an_indicator,
    certified,
    erased,
    to_decide,
    to_erase,
)
from web.app import ROUTERS

HEAVIEST: Final = 30 * 1024
"""Bytes of everything a first visit of a page loads."""


@dataclass(frozen=True)
class Look:
    """One look at a page: as whom, at which address of its route, and with which status it answers."""

    name: str
    person: str | None = "clerk"
    address: Callable[[Site], str] | str = ""
    status: int = 200

    def path(self, site: Site) -> str:
        """Return the address in this very console."""
        return self.address if isinstance(self.address, str) else self.address(site)


S = Status
PAGES: Final[dict[str, tuple[Look, ...]]] = {
    "/": (Look("work", address="/"), Look("work-handler", "handler", "/"), Look("work-reviewer", "reviewer", "/")),
    "/login": (Look("login", None, "/login"),),
    "/cases": (
        Look("list", address="/cases"),
        Look("list-filtered", address="/cases?overdue=1&order=due"),
        Look("list-dispatcher", "dispatcher", "/cases?open=1"),
        Look("list-empty", address="/cases?q=没有这样的案件"),
    ),
    "/cases/{number}": (
        Look("case-assigned", "handler", a_case(S.ASSIGNED)),
        Look("case-storm", "leader", a_storm("/cases/{watch}")),
        Look("case-reviewing", "reviewer", a_case(S.REVIEWING)),
        Look("case-signed-off", "clerk", a_case(S.SIGNED_OFF)),
        Look("case-then", "auditor", "/cases/XF2026000001?as_of=2026-03-10T09:00"),
        Look("case-erased", "leader", erased()),
        Look("case-to-erase", "leader", to_erase),
        Look("case-unknown", "clerk", "/cases/XF2099999999", 404),
    ),
    "/cases/{number}/receipt": (Look("receipt", "clerk", a_case(S.REGISTERED, "/receipt")),),
    "/cases/{number}/print": (Look("print", "clerk", a_case(S.SIGNED_OFF, "/print")),),
    "/intake": (Look("intake", "clerk", "/intake"),),
    "/policies/{name}": (Look("policy", "clerk", "/policies/2026-11"),),
    "/policies/new": (Look("policy-new", "administrator", "/policies/new"),),
    "/policies/trial": (Look("policy-trial", "administrator", a_trial),),
    "/field": (Look("field", "inspector", "/field"), Look("field-handler", "handler", "/field")),
    "/field/cases/{number}": (
        Look("field-case", "inspector", lambda site: f"/field{a_case(S.ASSIGNED)(site)}"),
        Look("field-case-unknown", "inspector", "/field/cases/XF2099999999", 404),
    ),
    "/admin": (Look("admin", "administrator", "/admin"),),
    "/campaigns": (
        Look("campaigns", "dispatcher", a_campaign("/campaigns")),
        Look("campaigns-administrator", "administrator", a_campaign("/campaigns")),
    ),
    "/campaigns/{name}": (
        Look("campaign", "dispatcher", a_campaign("/campaigns/dc2026")),
        Look("campaign-handler", "handler", a_campaign("/campaigns/dc2026")),
        Look("campaign-unknown", "dispatcher", "/campaigns/none", 404),
    ),
    "/campaigns/{name}/digests/{day}": (
        Look("digest", "dispatcher", a_campaign("/campaigns/dc2026/digests/2026-03-02")),
        Look("digest-handler", "handler", a_campaign("/campaigns/dc2026/digests/2026-03-02"), 403),
    ),
    "/campaigns/{name}/days/{day}": (
        Look("batch", "dispatcher", a_campaign("/campaigns/dc2026/days/2026-03-02")),
        Look("batch-handler", "other-handler", a_campaign("/campaigns/dc2026/days/all?of=verified")),
    ),
    "/admin/calendars": (Look("calendars", "administrator", "/admin/calendars?year=2026"),),
    "/admin/webhooks": (
        Look("webhooks", "administrator", a_webhook("")),
        Look("webhooks-clerk", "clerk", "/admin/webhooks", 403),
    ),
    "/fleet": (Look("fleet", "administrator", "/fleet"), Look("fleet-clerk", "clerk", "/fleet", 403)),
    "/admin/webhooks/{name}": (Look("webhook", "administrator", a_webhook("/{name}")),),
    "/policies": (
        Look("policies", "administrator", "/policies?a=2026-11&b=2026-11"),
        Look("policies-unknown", "administrator", "/policies?a=1999-01&b=2026-11", 404),
    ),
    "/letters": (Look("letters", "clerk", a_lost_letter),),
    "/retention": (
        Look("retention", "leader", to_decide),
        Look("retention-desk", "clerk", "/retention"),
        Look("retention-admin", "administrator", "/retention", 403),
    ),
    "/cases/{number}/certificate": (Look("certificate", "leader", certified),),
    "/cases/{number}/identity": (
        Look("identity", "clerk", a_case(S.ASSIGNED, "/identity")),
        Look("identity-erased", "clerk", erased("/identity")),
    ),
    "/public": (Look("public", None, "/public"),),
    "/cases/{number}/alike": (Look("case-alike", "clerk", alike),),
    "/sites": (Look("sites", "clerk", a_site("/sites")), Look("site", "clerk", a_site("/cases/{site}"))),
    "/plans": (Look("plans", "dispatcher", a_plan("/plans")), Look("plan", "dispatcher", a_plan("/cases/{plan}"))),
    "/dispatch": (
        Look("dispatch", "dispatcher", a_meeting("/dispatch")),
        Look("meeting", "leader", a_meeting("/cases/{meeting}")),
    ),
    "/flow": (Look("flow", "leader", "/flow"),),
    "/ledgers": (Look("ledgers", "clerk", "/ledgers"),),
    "/reports": (Look("reports", "leader", a_plan("/reports")),),
    "/reports/{year}/figures/{mark}": (Look("report-figure", "leader", a_plan("/reports/2026/figures/1")),),
    "/patrols": (
        Look("patrols", "dispatcher", a_patrol("/patrols")),
        Look("patrol", "handler", a_patrol("/cases/{patrol}")),
        Look("patrol-field", "handler", a_patrol("/field/cases/{patrol}")),
    ),
    "/weather": (
        Look("weather", "clerk", a_patrol("/weather")),
        Look("station", "clerk", a_patrol("/cases/{station}")),
    ),
    "/indicators": (Look("indicators", "clerk", an_indicator),),
    "/lists": (
        Look("lists-ask", "leader", "/lists"),
        Look("lists", "leader", a_plan("/lists?plan={plan}")),
    ),
    "/rounds": (Look("rounds", "leader", a_round),),
    "/monitoring": (Look("monitoring", "clerk", "/monitoring"),),
    "/compare": (Look("compare", "clerk", a_comparison),),
    "/lists/import": (Look("ledger-import", "clerk", "/lists/import"),),
    "/storms": (Look("storms", "leader", a_storm("/storms")),),
    "/map": (
        Look("map", "leader", "/map"),
        Look("map-wall", "leader", "/map?wall=1&by=leader"),
        Look("map-empty", "leader", "/map?unit=spare"),
    ),
    "/dashboard": (Look("dashboard", "leader", "/dashboard"),),
    "/accounts": (Look("accounts", "administrator", "/accounts"), Look("forbidden", "clerk", "/accounts", 403)),
    "/audit": (Look("audit", "auditor", "/audit"),),
    "/roots": (Look("roots", "auditor", a_root("")),),
    "/roots/{size}": (Look("root", "auditor", a_root("/{size}")),),
    "/access": (Look("access", "auditor", "/access"),),
    "/password": (Look("password", address="/password"),),
    "/me": (Look("me", address="/me"),),
    "/help": (Look("help", address="/help"),),
    "/guide": (Look("guides", "handler", "/guide"),),
    # The longest, and one with addresses in it; all are weighed in tests/web/test_guides.py.
    "/guide/{name}": (Look("guide-desk", "clerk", "/guide/desk"), Look("guide-auditor", "auditor", "/guide/auditor")),
}
NOT_HERE: Final = {
    "/roots/{size}.txt": "a file: tests/web/test_roots.py",
    **dict.fromkeys(("/reports/{year}", "/weather/{number}"), "leads to a page that is looked at"),
    **dict.fromkeys(
        ("/reports/{year}/report.docx", "/reports/{year}/figures.xlsx"), "files: tests/web/test_reports.py"
    ),
    "/setup": "is there only before the first account: tests/browser/test_walks.py opens it",
    "/login/code": "is there only after the password of somebody with a second factor: tests/web/test_second.py",
    "/sites/{number}": "leads to the page of the site's stream, looked at under /sites",
    "/lang/{name}": "answers with the page before",
    "/field/guide": "a guide, looked at under /guide/{name}: tests/browser/test_field.py reads it without a line",
    "/guide/{lang}/{picture}": "a picture in a guide: tests/browser/test_guides.py",
    "/cases/{number}/file.{ending}": "a file to keep",
    "/cases/{number}/bundle.zip": "a file to keep",
    "/cases/{number}/certificate.txt": "a file to keep",
    "/admin/organisation.xlsx": "a file to keep",
    "/policies/trial.xlsx": "a file to keep",
    "/field/state": "for scripts",
    "/login/oidc": "leads to a provider: tests/web/test_oidc.py",
    "/login/oidc/back": "likewise",
    "/field/worker.js": "a script",
    "/cases/export.xlsx": "a file to keep",
    "/sites/export.xlsx": "a file to keep",
    "/plans/{number}.xlsx": "a file to keep",
    "/campaigns/{name}/tables/{day}.{ending}": "likewise",
    "/campaigns/{name}/digests/{day}.docx": "likewise",
    "/campaigns/{name}/report.{ending}": "likewise",
    "/dispatch/{number}.{ending}": "a file to keep",
    "/dispatch/{number}/{drawing}.svg": "a drawing in the meeting's page",
    "/flow/{kind}.svg": "a drawing in the page of the flow chart",
    "/map.svg": "a file to keep",
    "/lists.xlsx": "a file to keep",
    "/lists/ledger.xlsx": "a file to keep",
    "/rounds.xlsx": "a file to keep",
    "/compare.xlsx": "a file to keep",
    "/lists/doubtful.xlsx": "a file to keep",
    "/cases/{number}/files/{sha256}": "a file of the case",
    "/cases/{number}/files/{sha256}/small": "a picture in the case's page",
}
"""Routes that show no page here, and why."""


def test_every_page_of_the_console_is_looked_at() -> None:
    pages = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and not route.path.startswith(("/api/", "/open311/"))
    }
    assert pages == set(PAGES) | set(NOT_HERE)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("look", [look for looks in PAGES.values() for look in looks], ids=lambda look: look.name)
async def test_a_page_is_accessible_fits_its_window_and_asks_nobody_else(
    chromium: Browser, site: Site, look: Look
) -> None:
    # Loaded anew in each language, at a desk's size in one and a phone's in the other; then the window changes.
    for lang, sizes in zip(LANGS, (SIZES, SIZES[::-1]), strict=True):
        cookie = site.session(look.person) if look.person else None
        async with a_tab(chromium, site.base, size=sizes[0], lang=lang, cookie=cookie, expected=(look.status,)) as tab:
            assert await tab.go(look.path(site)) == look.status
            assert unquote(tab.page.url) == site.base + look.path(site), "it led to another page"
            for size in sizes:
                await tab.resize(size)
                await tab.shot(f"{look.name}-{lang}-{size[0]}")
                await tab.fits()
                assert tab.seen.size <= HEAVIEST, f"{tab.seen.size} bytes at a first visit"
                found = await tab.barriers()
                assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
                tab.clean()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", ["/login", "/cases", "/dashboard", "/campaigns", "case"])
async def test_a_page_in_traditional_characters_is_as_accessible_and_fits(
    chromium: Browser, site: Site, path: str
) -> None:
    cookie = None if path == "/login" else site.session("leader")
    where = a_case(S.ASSIGNED)(site) if path == "case" else path
    async with a_tab(chromium, site.base, size=SIZES[0], lang="zh-hant", cookie=cookie) as tab:
        assert await tab.go(where) == 200
        for size in SIZES:
            await tab.resize(size)
            await tab.shot(f"traditional-{path.strip('/')}-{size[0]}")
            await tab.fits()
            assert tab.seen.size <= HEAVIEST
            assert not await tab.barriers()
            tab.clean()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_wrong_with_a_page_is_seen(chromium: Browser, site: Site) -> None:
    async with a_tab(chromium, site.base, size=PHONE) as tab:
        await tab.go("/login")
        await tab.page.evaluate(
            "document.querySelector('main').innerHTML = '<img src=\"/static/icon.svg\"><p id=wide>pale</p>'"
        )
        # The page's own policy forbids both, and asking at all is already seen.
        await tab.page.evaluate("document.querySelector('#wide').setAttribute('style', 'color: #eee')")
        await tab.page.evaluate("document.querySelector('#wide').style.minWidth = '900px'")
        await tab.page.evaluate(
            "new Promise(done => fetch('http://127.0.0.2:9/away', {mode: 'no-cors'}).then(done, done))"
        )
        rules = {each["id"] for each in await tab.barriers()}
        assert "image-alt" in rules
        with pytest.raises(AssertionError, match="wider than its window"):
            await tab.fits()
        with pytest.raises(AssertionError, match=r"127\.0\.0\.2"):
            tab.clean()
