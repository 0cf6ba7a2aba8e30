"""Every page in a real browser: both languages, a desk's and a phone's window, axe-core without a finding.

The list of pages is held against the application's own routes, so that a new page cannot be forgotten here.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import unquote

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi.routing import APIRoute
from playwright.async_api import Browser
from pydantic import JsonValue

from adapters import queries
from adapters.comparison import counting
from adapters.dispatch import convene
from adapters.hooks.telling import trial
from adapters.intake import intake
from adapters.similar.storms import Comparing
from models.meeting_values import Series
from models.vocabulary import Kind, Status
from tests.browser.conftest import LANGS, PHONE, SIZES, Site, a_tab
from tests.core.builders import a_loss
from tests.store import test_plans as plans
from tests.store.desks import an_envelope
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


def a_case(status: Status, rest: str = "") -> Callable[[Site], str]:
    """The address of a case in a status; made once, so that all looks at it look at the same."""
    return lambda site: f"/cases/{case_in(site, status)}{rest}"


PLANS: dict[str, str] = {}
INDICATORS: dict[str, str] = {}
PATROLS: dict[str, dict[str, str]] = {}


def an_indicator(site: Site) -> str:
    """The register with an indicator of two years."""
    if site.base not in INDICATORS:
        envelope = an_envelope("register_indicator", id="indicator1", title="环境空气质量优良天数")
        INDICATORS[site.base] = number = site.office.door.perform([envelope])[0].case
        for period, assessed, compliant in (("2025", 351, 330), ("2026", 339, 324)):
            reading = partial(site.office.act, number, "clerk", "record_reading", period=period)
            reading(assessed=assessed, compliant=compliant)
    return "/indicators"


def a_comparison(site: Site) -> str:
    """Two years side by side, with another district's count."""
    told: dict[str, JsonValue] = {"district": "城区", "period": "2026", "count": 244, "source": "市局通报"}
    envelopes = counting(site.office.database, told, actor="clerk", key=f"count{len(PLANS)}", via={})
    site.office.door.perform(envelopes)
    site.office.a_case(S.CLOSED)
    return "/compare?now=2026&was=2025"


def a_round(site: Site) -> str:
    """The counts of years and rounds, with a petition signed off and one that goes on."""
    site.office.a_case(S.SIGNED_OFF, campaign="round-2026")
    site.office.a_case(S.RECTIFYING, campaign="round-2026")
    return "/rounds"


def a_meeting(path: str) -> Callable[[Site], str]:
    """A page about a meeting with its pack, and a decision of it."""

    def made(site: Site) -> str:
        office = site.office
        case = office.a_case(S.ASSIGNED)
        found = convene(office.door, Series.WEEKLY, ahead=True)
        assert found.number
        if found.made:
            office.act(found.number, "leader", "record_decision", about=case, by_when=None)
        return path.format(meeting=found.number)

    return made


def a_plan(path: str) -> Callable[[Site], str]:
    """A page about an action plan with items of two categories, one of them done."""

    def made(site: Site) -> str:
        if site.base not in PLANS:
            office = site.office
            PLANS[site.base] = plan = plans.a_plan(office)
            items: JsonValue = [
                {"measure": "拆除燃煤锅炉", "target": "2099-09-30", "category": "工业污染", "unit": "qingshi"},
                {"measure": "清运废渣", "target": "2099-06-30", "category": "固废", "unit": "liuxi"},
            ]
            office.act(plan, "dispatcher", "add_items", task_plans=items)
            plans.opened(office, plan)
            office.act(f"{plan}-R1", "handler", "submit_for_review")
            office.act(f"{plan}-R1", "reviewer", "approve")
        return path.format(plan=PLANS[site.base])

    return made


def a_patrol(path: str) -> Callable[[Site], str]:
    """A page about a patrol in the rain, whose first slot had its visit, and its station."""

    def made(site: Site) -> str:
        if site.base not in PATROLS:
            office = site.office
            station = office.door.perform([an_envelope("register_station", id="station1", title="青石镇")])[0].case
            office.act(station, "clerk", "observe_weather", sky="heavy_rain", mm=12.5, by_whom="县气象局")
            told = {
                "title": "青石锑业", "place": "青石镇河口村", "unit": "qingshi", "handler": "handler", "leader": "head",
                "station": station,
            }  # fmt: skip
            opened = an_envelope("open_patrol", "dispatcher", id="patrol1").model_copy(update={"data": told})
            patrol = office.door.perform([opened])[0].case
            office.act(patrol, "handler", "record_patrol", text="雨水口正常")
            office.act(patrol, "handler", "report_problem", text="雨水口浑", what_to_do="封堵", by_when="2099-06-30")
            PATROLS[site.base] = {"patrol": patrol, "station": station}
        return path.format(**PATROLS[site.base])

    return made


def a_site(path: str) -> Callable[[Site], str]:
    """A page about a site with a petition placed there."""

    def made(site: Site) -> str:
        if site.base not in SITES:
            office = site.office
            envelope = an_envelope(
                "register_site", id="site1", title="王某养猪场", place="青石镇河口村", trade="生猪养殖", unit="qingshi"
            )
            SITES[site.base] = office.door.perform([envelope])[0].case
            office.act(office.register(respondent="王某养猪场"), "clerk", "place_at_site", site=SITES[site.base])
        return path.format(site=SITES[site.base])

    return made


def a_storm(path: str) -> Callable[[Site], str]:
    """A page about a storm of three filings."""

    def made(site: Site) -> str:
        words = {"place": "青石镇河口村", "summary": "养猪场夜间恶臭扰民", "respondent": "王某养猪场"}
        while not (storms := list(queries.listed(site.office.database, queries.Filter(kind=Kind.WATCH)))):
            for _ in range(3):
                site.office.register(**words)
            comparing = Comparing(site.house.desk)
            while comparing.once():
                pass
        return path.format(watch=storms[0].id)

    return made


def alike(site: Site) -> str:
    """The page of petitions like one, some of them probably about the same."""
    if site.base not in ALIKE:
        words = {"place": "青石镇大坪村", "summary": "砖厂粉尘落满菜地", "respondent": "兴隆砖厂"}
        ALIKE[site.base], _ = (site.office.register(**words) for _ in range(2))
    return f"/cases/{ALIKE[site.base]}/alike"


def case_in(site: Site, status: Status) -> str:
    known = CASES.setdefault(site.base, {})
    if status not in known:
        known[status] = site.office.a_case(status, types=["恶臭", "噪声"], respondent="青石镇某养殖场")
    return known[status]


def to_erase(site: Site) -> str:
    """A declined case whose letter is out, so that a leader may erase who complained."""
    case = case_in(site, S.DECLINED)
    for _ in site.office.case(case).pending:
        site.office.act(case, "engine", "record_outcome")
    return f"/cases/{case}"


def a_campaign(path: str) -> Callable[[Site], str]:
    """A page about a campaign with an order in force and a case in it."""

    def made(site: Site) -> str:
        if site.base not in CAMPAIGNS:
            office, today = site.office, site.office.moments.now().date()
            stream = "campaign:dc2026"
            begun = an_envelope(
                "open_campaign", "dispatcher", id="c1", case=stream, title="中央督察边督边改", level="central"
            )
            office.door.perform([begun])
            office.act(stream, "dispatcher", "set_group")
            days: dict[str, JsonValue] = {"first": today.isoformat(), "last": (today + timedelta(days=30)).isoformat()}
            order: dict[str, JsonValue] = {"number": "青督办〔2026〕7号", "signatory": "magistrate", **days}
            office.a_case(S.ASSIGNED, campaign="dc2026")
            office.door.perform([an_envelope("order_all_days", "magistrate", id="c2", case=stream, order=order)])
            CAMPAIGNS.add(site.base)
        return path

    return made


def erased(rest: str = "") -> Callable[[Site], str]:
    """The address of a case whose petitioner was erased."""

    def made(site: Site) -> str:
        if site.base not in ERASED:
            sealed = {"petitioner": "张三", "contact": "13900000000", "text": "夜里臭得睡不着"}
            fields = {"channel": "visit", "place": "青石镇河口村", "summary": "群众反映养殖场夜间臭味扰民"}
            case = intake(site.office.desk, fields, actor="clerk", key="erased", secret=sealed).case
            site.office.act(case, "clerk", "decline")
            site.office.act(case, "engine", "record_outcome")
            site.office.act(case, "leader", "erase")
            ERASED[site.base] = case
        return f"/cases/{ERASED[site.base]}{rest}"

    return made


def a_lost_letter(site: Site) -> str:
    """The page of lost letters, one of them there."""
    case = site.office.a_case(S.ACCEPTED)
    site.office.act(case, "engine", "record_outcome", **a_loss(site.office.case(case)))
    return "/letters"


def a_trial(site: Site) -> str:
    """The page of a trial that has ended: a policy under which everything has half the time."""
    if site.house.trial.policy is None:
        (old,) = site.house.desk.world().policies.values()
        clocks = tuple(
            row.model_copy(update={"length": row.length.model_copy(update={"count": row.length.count // 2})})
            for row in old.clock
        )
        proposed = old.model_copy(update={"name": "2027-01", "clock": clocks})
        site.house.trial.begin(site.house.desk, proposed, "administrator")
        deadline = time.monotonic() + 60
        while site.house.trial.running:
            assert time.monotonic() < deadline, "the trial does not end"
            time.sleep(0.05)
    return "/policies/trial"


def a_webhook(rest: str) -> Callable[[Site], str]:
    """The pages of webhooks, one of which has something on its way."""

    def address(site: Site) -> str:
        hooks, now = site.house.hooks, site.house.desk.moments.now()
        if not hooks.every():
            url, person = "https://oa.example.gov.cn/banjie", "administrator"
            name, _ = hooks.make("县政府办公系统", url, "leader", ("registered", "closed"), by=person, begun=now)
            hooks.queue(name, [("XF2026000001~1", "banjie.petition.registered", "{}"), trial("test~1", now)])
        return f"/admin/webhooks{rest.format(name=hooks.every()[0].id)}"

    return address


CASES: dict[str, dict[Status, str]] = {}
ERASED: dict[str, str] = {}
ALIKE: Final[dict[str, str]] = {}
SITES: Final[dict[str, str]] = {}
CAMPAIGNS: set[str] = set()
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
    "/admin/webhooks/{name}": (Look("webhook", "administrator", a_webhook("/{name}")),),
    "/policies": (
        Look("policies", "administrator", "/policies?a=2026-11&b=2026-11"),
        Look("policies-unknown", "administrator", "/policies?a=1999-01&b=2026-11", 404),
    ),
    "/letters": (Look("letters", "clerk", a_lost_letter),),
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
    "/access": (Look("access", "auditor", "/access"),),
    "/password": (Look("password", address="/password"),),
    "/me": (Look("me", address="/me"),),
    "/help": (Look("help", address="/help"),),
    "/guide": (Look("guides", "handler", "/guide"),),
    # The longest, and one with addresses in it; all are weighed in tests/web/test_guides.py.
    "/guide/{name}": (Look("guide-desk", "clerk", "/guide/desk"), Look("guide-auditor", "auditor", "/guide/auditor")),
}
NOT_HERE: Final = {
    "/setup": "is there only before the first account: tests/browser/test_walks.py opens it",
    "/login/code": "is there only after the password of somebody with a second factor: tests/web/test_second.py",
    "/sites/{number}": "leads to the page of the site's stream, looked at under /sites",
    "/lang/{name}": "answers with the page before",
    "/guide/{lang}/{picture}": "a picture in a guide: tests/browser/test_guides.py",
    "/cases/{number}/file.{ending}": "a file to keep",
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
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and not route.path.startswith("/api/")
    }
    assert pages == set(PAGES) | set(NOT_HERE)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("look", [look for looks in PAGES.values() for look in looks], ids=lambda look: look.name)
async def test_a_page_is_accessible_fits_its_window_and_asks_nobody_else(
    chromium: Browser, site: Site, look: Look
) -> None:
    for lang in LANGS:
        for size in SIZES:
            cookie = site.session(look.person) if look.person else None
            async with a_tab(chromium, site.base, size=size, lang=lang, cookie=cookie, expected=(look.status,)) as tab:
                assert await tab.go(look.path(site)) == look.status
                assert unquote(tab.page.url) == site.base + look.path(site), "it led to another page"
                await tab.shot(f"{look.name}-{lang}-{size[0]}")
                await tab.fits()
                assert tab.seen.size <= HEAVIEST, f"{tab.seen.size} bytes at a first visit"
                found = (await Axe().run(tab.page)).response["violations"]
                assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
                tab.clean()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", ["/login", "/cases", "/dashboard", "/campaigns", "case"])
async def test_a_page_in_traditional_characters_is_as_accessible_and_fits(
    chromium: Browser, site: Site, path: str
) -> None:
    cookie = None if path == "/login" else site.session("leader")
    where = a_case(S.ASSIGNED)(site) if path == "case" else path
    for size in SIZES:
        async with a_tab(chromium, site.base, size=size, lang="zh-hant", cookie=cookie) as tab:
            assert await tab.go(where) == 200
            await tab.shot(f"traditional-{path.strip('/')}-{size[0]}")
            await tab.fits()
            assert tab.seen.size <= HEAVIEST
            assert not (await Axe().run(tab.page)).response["violations"]
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
        rules = {each["id"] for each in (await Axe().run(tab.page)).response["violations"]}
        assert "image-alt" in rules
        with pytest.raises(AssertionError, match="wider than its window"):
            await tab.fits()
        with pytest.raises(AssertionError, match=r"127\.0\.0\.2"):
            tab.clean()
