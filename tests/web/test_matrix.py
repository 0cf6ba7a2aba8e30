"""Who gets what: every route of the application × every role × a case of the own unit and of another's.

The routes are the application's own and the expectations are rows, so that a new route without its row fails here.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import pytest
from fastapi.routing import APIRoute

from adapters.access.log import latest
from models.vocabulary import Role, Status
from tests.web.conftest import Console
from web.app import ROUTERS

R = Role
PEOPLE: Final = {
    "clerk": R.CLERK,
    "dispatcher": R.DISPATCHER,
    "handler": R.HANDLER,
    "other-handler": R.HANDLER,
    "inspector": R.INSPECTOR,
    "reviewer": R.REVIEWER,
    "leader": R.LEADER,
    "auditor": R.AUDITOR,
    "administrator": R.ADMINISTRATOR,
}
"""Somebody of every role; the handler's and the inspector's unit has the case, the other handler's has not."""
EVERYBODY: Final = frozenset(PEOPLE)
SEE: Final = EVERYBODY - {"other-handler", "administrator"}
"""Who sees a case of another unit than theirs, or of their own."""
LISTS: Final = EVERYBODY - {"administrator"}
DESK: Final = frozenset({"clerk", "dispatcher"})
UNITS: Final = frozenset({"handler", "other-handler", "inspector"})
ACTS: Final = SEE - {"auditor"}
"""Who has something to do with a case that is at work."""


class Ask(NamedTuple):
    """A route, and to whom it answers; whoever is not named is refused with 403."""

    method: str
    path: str
    to: frozenset[str]
    json: Mapping[str, object] | None = None


CASE, FILE = "/cases/{number}", "/cases/{number}/files/{sha256}"
API: Final = "/api/v1"
A_PATROL: Final = {"title": "某厂", "place": "村", "unit": "qingshi", "handler": "handler", "leader": "leader"}
COUNT: Final = {"data": {"district": "城区", "period": "2023", "count": 244, "source": "市局通报"}}
READING: Final = {"site": "某厂", "time": "2026-03-01", "parameter": "总磷", "value": "0.1", "limit": "0.5"}
NOTE: Final = {"command": "note", "data": {"text": "看过"}}
ROWS: Final = (
    Ask("GET", "/", EVERYBODY),
    Ask("GET", "/cases", LISTS),
    Ask("GET", "/cases/export.xlsx", LISTS),
    Ask("GET", "/map", LISTS),
    Ask("GET", "/storms", LISTS),
    Ask("GET", "/indicators", EVERYBODY),
    Ask("GET", "/ledgers", LISTS),
    Ask("GET", "/reports", EVERYBODY),
    Ask("GET", "/reports/{year}/figures/{mark}", EVERYBODY),
    Ask("GET", "/reports/{year}", EVERYBODY),
    Ask("GET", "/reports/{year}/report.docx", EVERYBODY),
    Ask("GET", "/reports/{year}/figures.xlsx", EVERYBODY),
    Ask("GET", f"{API}/reports/{{year}}", EVERYBODY),
    Ask("GET", "/patrols", LISTS),
    Ask("GET", "/weather", LISTS),
    Ask("GET", f"{API}/patrols", LISTS),
    Ask("GET", f"{API}/stations", LISTS),
    Ask("POST", f"{API}/patrols", frozenset({"dispatcher", "leader"}), {"data": A_PATROL}),
    Ask("POST", f"{API}/stations", DESK, {"data": {"title": "青石镇"}}),
    Ask("GET", "/map.svg", LISTS),
    Ask("GET", "/dispatch", LISTS),
    Ask("GET", f"{API}/dispatch", LISTS),
    Ask("POST", f"{API}/dispatch", frozenset({"dispatcher", "leader"}), {"series": "weekly"}),
    Ask("GET", "/flow", EVERYBODY),
    Ask("GET", "/flow/{kind}.svg", EVERYBODY),
    Ask("GET", f"{API}/flow", EVERYBODY),
    Ask("GET", "/plans", LISTS),
    Ask("GET", "/lists", LISTS),
    Ask("GET", "/lists.xlsx", LISTS),
    Ask("GET", "/lists/import", frozenset({"clerk"})),
    Ask("GET", "/rounds", EVERYBODY),
    Ask("GET", "/rounds.xlsx", EVERYBODY),
    Ask("GET", f"{API}/rounds", EVERYBODY),
    Ask("GET", "/monitoring", DESK | UNITS),
    Ask("POST", f"{API}/monitoring", DESK | UNITS, {"readings": [READING]}),
    Ask("GET", "/compare", EVERYBODY),
    Ask("GET", "/compare.xlsx", EVERYBODY),
    Ask("GET", f"{API}/comparison", EVERYBODY),
    Ask("POST", f"{API}/counts", DESK | {"administrator"}, COUNT),
    Ask("GET", "/lists/ledger.xlsx", LISTS - UNITS),
    Ask("GET", f"{API}/plans", LISTS),
    Ask("POST", f"{API}/plans", frozenset({"dispatcher", "leader"}), {"data": {"title": "夏季攻势"}}),
    Ask("GET", "/sites", LISTS),
    Ask("GET", "/sites/export.xlsx", LISTS),
    Ask("GET", f"{API}/storms", LISTS),
    Ask("GET", f"{API}/sites", LISTS),
    Ask("GET", "/field", LISTS),
    Ask("GET", "/field/state", LISTS),
    Ask("GET", "/field/cases/{number}", SEE),
    Ask("GET", "/dashboard", EVERYBODY),
    Ask("GET", "/intake", frozenset({"clerk"})),
    Ask("GET", "/help", EVERYBODY),
    Ask("GET", "/guide", EVERYBODY),
    Ask("GET", "/field/guide", EVERYBODY),
    Ask("GET", "/password", EVERYBODY),
    Ask("GET", "/me", EVERYBODY),
    Ask("GET", "/retention", DESK | {"leader", "auditor"}),
    Ask("GET", "/letters", DESK | {"administrator"}),
    Ask("GET", "/admin", frozenset({"administrator"})),
    Ask("GET", "/admin/organisation.xlsx", frozenset({"administrator"})),
    Ask("GET", "/policies", EVERYBODY),
    Ask("GET", "/policies/{name}", EVERYBODY),
    Ask("GET", "/policies/new", frozenset({"administrator"})),
    Ask("GET", "/policies/trial", frozenset({"administrator"})),
    Ask("GET", "/accounts", frozenset({"administrator"})),
    Ask("GET", "/admin/webhooks", frozenset({"administrator"})),
    Ask("GET", "/fleet", frozenset({"administrator"})),
    Ask("GET", "/admin/calendars", frozenset({"administrator"})),
    Ask("GET", "/campaigns", LISTS | {"administrator"}),
    Ask("GET", f"{API}/campaigns", LISTS),
    Ask(
        "POST",
        f"{API}/campaigns",
        frozenset({"dispatcher", "administrator"}),
        {"campaign": "dc2027", "data": {"title": "督察"}},
    ),
    *(Ask("POST", f"{API}/codec/{way}code", frozenset({"administrator"}), {"payloads": []}) for way in ("de", "en")),
    Ask("GET", f"{API}/webhooks", frozenset({"administrator"})),
    Ask("GET", "/access", frozenset({"auditor"})),
    Ask("GET", "/audit", frozenset({"auditor"})),
    Ask("GET", "/roots", frozenset({"auditor", "administrator"})),
    Ask("GET", CASE, SEE),
    Ask("GET", f"{CASE}/print", SEE),
    Ask("GET", f"{CASE}/alike", SEE),
    Ask("GET", f"{CASE}/file.{{ending}}", SEE),
    Ask("GET", f"{CASE}/receipt", DESK),
    Ask("GET", f"{CASE}/bundle.zip", frozenset({"leader", "auditor"})),
    Ask("GET", f"{CASE}/identity", DESK),
    Ask("GET", FILE, SEE),
    Ask("GET", f"{FILE}/small", SEE),
    Ask("GET", f"{API}/cases", LISTS),
    Ask("GET", f"{API}{CASE}", SEE),
    *(Ask("GET", f"{API}{CASE}/{name}", SEE) for name in ("history", "actions", "why", "alike", "attachments")),
    Ask("GET", f"{API}{CASE}/attachments/{{sha256}}", SEE),
    Ask("POST", f"{API}/alike", LISTS, {"place": "村", "summary": "臭"}),
    Ask("GET", f"{API}/figures", EVERYBODY),
    Ask("GET", f"{API}/statistics", EVERYBODY),
    *(Ask("GET", f"{API}/{name}", EVERYBODY) for name in ("me", "policies", "organisation", "calendars")),
    Ask("GET", f"{API}/policies/{{name}}", EVERYBODY),
    Ask("POST", f"{API}{CASE}/identity", DESK, {"reason": "lawful"}),
    Ask("POST", f"{API}{CASE}/commands", ACTS, NOTE),
    Ask("POST", f"{API}/sites", DESK | UNITS | {"administrator"}, {"data": {"title": "某厂", "place": "村"}}),
    Ask("POST", f"{API}/cases", frozenset({"clerk"}), {"data": {"channel": "phone", "place": "村", "summary": "臭"}}),
)
ELSEWHERE: Final = {
    ("GET", "/setup"): "before there is an account: test_entrance.py",
    ("POST", "/setup"): "likewise",
    ("GET", "/login"): "for whoever is not logged in: test_entrance.py",
    ("POST", "/login"): "likewise",
    ("POST", "/logout"): "likewise",
    ("POST", "/password"): "one's own: test_entrance.py",
    ("GET", "/lang/{name}"): "for everybody",
    ("GET", "/guide/{name}"): "for everybody who is logged in: test_guides.py",
    ("GET", "/guide/{lang}/{picture}"): "likewise",
    ("GET", "/api/v1/events"): "test_live.py",
    ("GET", "/login/code"): "half way in: test_second.py",
    ("GET", "/login/oidc"): "for whoever is not logged in: test_oidc.py",
    ("GET", "/login/oidc/back"): "likewise",
    ("POST", "/me/oidc/end"): "one's own: test_oidc.py",
    ("POST", "/login/code"): "likewise",
    **{
        ("POST", f"/me/{name}"): "one's own: test_second.py"
        for name in ("second", "second/confirm", "second/end", "sessions/end")
    },
    ("POST", "/audit/verify"): "test_audit.py",
    **dict.fromkeys((("GET", "/roots/{size}"), ("GET", "/roots/{size}.txt")), "test_roots.py"),
    ("GET", "/public"): "for residents: test_public.py",
    ("POST", "/public"): "likewise",
    ("POST", "/public/rate"): "likewise",
    ("POST", "/intake"): "a form of the command that the API's row tries: test_pages.py",
    **dict.fromkeys(
        (
            *(("POST", "/sites"), ("POST", "/sites/import")),
            *(("GET", "/sites/{number}"), ("POST", "/cases/{number}/alike-sites")),
        ),
        "test_sites.py",
    ),
    **dict.fromkeys(
        (("POST", "/lists/import"), ("GET", "/lists/doubtful.xlsx"), ("POST", f"{API}/ledgers")), "test_old_ledgers.py"
    ),
    ("POST", "/compare"): "test_comparison.py",
    ("POST", "/monitoring"): "test_monitoring.py",
    ("POST", "/storms/{number}/join"): "test_storms.py",
    **dict.fromkeys(
        (("POST", "/plans"), ("GET", "/plans/{number}.xlsx"), ("POST", "/plans/{number}/import")), "test_plans.py"
    ),
    ("GET", "/api/v1/plans/{number}"): "likewise",
    **{
        ("GET", f"/api/v1/campaigns/{{name}}{rest}"): "test_batches.py"
        for rest in ("", "/batches/{day}", "/digests/{day}", "/editions/{day}", "/report")
    },
    **{
        ("POST", f"/api/v1/campaigns/{{name}}/{rest}"): "likewise"
        for rest in ("editions/{day}", "look-backs", "batches")
    },
    **{
        ("GET", f"/campaigns/{{name}}/{rest}"): "likewise"
        for rest in ("days/{day}", "tables/{day}.{ending}", "digests/{day}", "digests/{day}.docx", "report.{ending}")
    },
    **{("POST", f"/campaigns/{{name}}/{rest}"): "likewise" for rest in ("days/{day}/publish", "look-backs", "import")},
    **dict.fromkeys(
        (
            *(("POST", "/dispatch"), ("GET", "/dispatch/{number}.{ending}")),
            *(("GET", "/dispatch/{number}/{drawing}.svg"), ("GET", "/api/v1/dispatch/{number}")),
        ),
        "test_dispatch.py",
    ),
    **dict.fromkeys((("POST", "/indicators"), ("POST", "/indicators/import")), "test_indicators.py"),
    **dict.fromkeys(
        (
            ("POST", "/patrols"),
            ("POST", "/weather"),
            ("POST", "/weather/import"),
            ("POST", "/weather/{number}"),
            ("GET", "/weather/{number}"),
        ),
        "test_patrols.py",
    ),
    ("POST", "/intake/similar"): "test_intake.py",
    ("POST", "/intake/draft"): "likewise",
    ("POST", "/admin/organisation"): "test_administration.py",
    **{("POST", f"/admin/webhooks{rest}"): "test_webhooks.py" for rest in ("", "/{name}/{deed}")},
    ("GET", "/admin/webhooks/{name}"): "likewise",
    ("POST", "/fleet/move"): "test_fleet.py",
    **{
        (method, f"/api/v1/webhooks{rest}"): "likewise"
        for method, rest in (
            ("POST", ""),
            ("GET", "/{name}"),
            ("PATCH", "/{name}"),
            ("DELETE", "/{name}"),
            ("POST", "/{name}/secret"),
            ("POST", "/{name}/test"),
            ("GET", "/{name}/deliveries"),
        )
    },
    ("OPTIONS", f"{API}/codec/{{way}}"): "test_codec.py",
    ("POST", "/policies/new"): "test_policies.py",
    ("POST", "/admin/calendars"): "test_calendars.py",
    ("POST", "/campaigns"): "test_campaigns.py",
    ("GET", "/campaigns/{name}"): "likewise",
    ("POST", "/campaigns/{name}/do/{command}"): "likewise",
    ("POST", "/campaigns/{name}/try"): "likewise",
    ("GET", "/policies/trial.xlsx"): "likewise",
    ("GET", "/field/worker.js"): "a script, for everybody",
    ("POST", "/field/cases/{number}/do/{command}"): "test_field.py",
    ("POST", "/letters/resend"): "test_letters.py",
    ("POST", "/retention"): "test_retention.py",
    ("GET", "/cases/{number}/certificate"): "likewise",
    ("GET", "/cases/{number}/certificate.txt"): "likewise",
    ("POST", "/cases/{number}/do/{command}"): "likewise; a command is accepted if and only if offered: test_api.py",
    ("POST", "/cases/{number}/identity"): "test_public.py",
    ("POST", "/api/v1/cases/{number}/attachments"): "test_files.py",
    ("POST", "/bulk/{command}"): "test_listing.py",
    ("POST", "/views/keep"): "one's own: test_listing.py",
    ("POST", "/views/drop"): "likewise",
    **dict.fromkeys(
        (
            *(("GET", f"/open311/v2/{path}.{{ending}}") for path in ("services", "services/{code}", "requests")),
            *(("GET", f"/open311/v2/{path}.{{ending}}") for path in ("requests/{number}", "servicerequestupdates")),
            *(("POST", f"/open311/v2/{path}.{{ending}}") for path in ("requests", "servicerequestupdates")),
            *(("GET", "/open311/discovery.{ending}"), ("GET", "/open311/v2/tokens/{token}")),
        ),
        "test_open311.py",
    ),
    ("POST", "/accounts/{deed}"): "test_entrance.py",
    ("POST", "/tokens/make"): "test_entrance.py",
    ("POST", "/tokens/revoke"): "test_entrance.py",
}
"""Routes whose permissions other tests hold, and which."""


def routes() -> Iterator[tuple[str, str]]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((method, route.path) for method in route.methods or ())


def test_every_route_has_its_row() -> None:
    assert sorted(routes()) == sorted([*((ask.method, ask.path) for ask in ROWS), *ELSEWHERE])


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_role_gets_exactly_what_its_rows_say(console: Console, person: str) -> None:
    console.office.register()
    case = console.office.a_case(Status.ASSIGNED)
    from tests.web.pictures import a_photo

    sent = {"file": ("a.jpg", a_photo())}
    sha = (await console.machine("handler").post(f"{API}/cases/{case}/attachments", files=sent)).json()["sha256"]
    browser, machine = (await console.logged_in(person)).client, console.machine(person)
    for ask in ROWS:
        path = ask.path.format(
            number=case, sha256=sha, ending="xlsx", name="2026-11", kind="petition", year=2026, mark=1
        )
        before = len(latest(console.office.database, 999))
        client = machine if ask.path.startswith(API) else browser
        answer = await client.request(ask.method, path, json=ask.json) if ask.json else await client.get(path)
        allowed = answer.status_code in {200, 201, 303}
        assert allowed or answer.status_code == 403, f"{person} {ask.method} {path}: {answer.status_code}"
        assert allowed == (person in ask.to), f"{person} {ask.method} {path}: {answer.status_code} {answer.text[:200]}"
        if not allowed:
            denied = latest(console.office.database, 999)
            assert len(denied) > before, f"a denial is kept: {person} {path}"
            assert not denied[0].granted
            assert "臭味扰民" not in answer.text


@pytest.mark.parametrize("person", PEOPLE)
async def test_whom_a_petition_is_about_gets_nothing_of_it_whatever_the_role(console: Console, person: str) -> None:
    case = console.office.register(named=[person])
    browser, machine = (await console.logged_in(person)).client, console.machine(person)
    for ask in ROWS:
        if "{number}" not in ask.path:
            continue
        path = ask.path.format(number=case, sha256="0" * 64, ending="docx")
        client = machine if ask.path.startswith(API) else browser
        answer = await client.request(ask.method, path, json=ask.json) if ask.json else await client.get(path)
        assert answer.status_code == 403, f"{person} {ask.method} {path}: {answer.status_code}"
    assert case not in (await browser.get("/cases")).text
