"""The console as one ASGI application, made from a desk."""

import gzip
from functools import cache
from typing import Final

from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from adapters.desk import Desk
from adapters.observing.health import Word
from web import (
    accounts,
    administration,
    alike,
    api,
    audit,
    batches,
    battle,
    bundling,
    calendars,
    campaigns,
    campaigns_api,
    case,
    codec,
    comparison,
    dashboard,
    desk,
    dispatch,
    dispatch_api,
    entrance,
    field,
    files,
    fleet,
    flow,
    guide,
    identity,
    indicators,
    intake,
    ledgers,
    ledgers_api,
    letters,
    listing,
    lists,
    live,
    monitoring,
    monitoring_api,
    oidc,
    old_ledgers,
    open311,
    patrols,
    patrols_api,
    plans,
    plans_api,
    policies,
    public,
    reference,
    reports,
    retention,
    roots,
    rounds,
    second,
    sites,
    storms,
    webhooks,
    webhooks_api,
)
from web.document import BEARER, WHY_NOT, documented
from web.guarding import Guard
from web.house import House, house_of
from web.pages import STATIC, digest
from web.problems import explain

PARTS: Final = (
    *(
        entrance,
        oidc,
        second,
        desk,
        intake,
        letters,
        retention,
        listing,
        dashboard,
        battle,
        alike,
        storms,
        sites,
        monitoring,
        plans,
        lists,
        old_ledgers,
        rounds,
        comparison,
        indicators,
        patrols,
        reports,
        dispatch,
        flow,
        ledgers,
        case,
        bundling,
        field,
        files,
        guide,
        identity,
        accounts,
        administration,
        policies,
        calendars,
        campaigns,
        batches,
        audit,
        roots,
        public,
        webhooks,
        fleet,
    ),
    *(live, api, codec, reference, webhooks_api, plans_api, campaigns_api, ledgers_api),
    *(monitoring_api, dispatch_api, patrols_api),
    open311,
)
ROUTERS: Final = (*(part.routes for part in PARTS), reports.api_routes)
"""Everything that is answered to: the tests take their lists of pages and calls from here."""
FILES = {
    "desk.css": "text/css",
    "icon.svg": "image/svg+xml",
    "field.webmanifest": "application/manifest+json",
    **dict.fromkeys(
        ("field.js", "field-worker.js", "public.js", "wall.js", "live.js", "live-worker.js", "intake.js", "leave.js"),
        "text/javascript",
    ),
}
FOR_EVER = "public, max-age=31536000, immutable"


def make_app(house: House) -> Guard:
    """Return the console of a house: pages, the API, and the guard around both."""
    app = FastAPI(
        title="Banjie 办结",
        version="1",
        openapi_url="/api/v1/openapi.json",
        # Their scripts would come from elsewhere, and the desk's network has no elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house = house
    app.state.routers = ROUTERS
    for routes in ROUTERS:
        if routes.prefix == api.routes.prefix:
            app.include_router(routes, responses=WHY_NOT, dependencies=[Depends(BEARER)])
        else:
            app.include_router(routes)
    app.add_api_route("/static/{name}", static, include_in_schema=False)
    app.add_api_route("/healthz", healthy, include_in_schema=False)
    app.add_api_route("/readyz", ready, include_in_schema=False)
    explain(app)
    app.openapi = documented(app)  # type: ignore[method-assign]
    return Guard(app, secure=house.secure)


def console(a_desk: Desk, *, secure: bool = False) -> Guard:
    """Return the console of a desk."""
    return make_app(House.of(a_desk, secure=secure))


def static(request: Request, name: str) -> Response:
    """Return a static file; under the address that holds its digest it may be kept for ever.

    Raises:
        HTTPException: there is no such file.
    """
    if name not in FILES:
        raise HTTPException(404)
    kept = FOR_EVER if request.query_params.get("v") == digest(name) else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    # What holds a form's mark is never packed: how well it packs would tell something of the mark (BREACH).
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(name), 200, {**headers, "Content-Encoding": "gzip"}, FILES[name])
    return FileResponse(STATIC / name, media_type=FILES[name], headers=headers)


@cache
def _packed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), mtime=0)


async def healthy() -> PlainTextResponse:
    """Say that the console's loop turns, for a probe; no log-in, no details."""
    return PlainTextResponse(f"{Word.OK}\n")


def ready(request: Request) -> PlainTextResponse:
    """Say whether the desk can serve, in one word: ``ok``, ``degraded`` (Temporal is away: it goes on), or ``bad``."""
    word = house_of(request).ready.word()
    return PlainTextResponse(f"{word}\n", 503 if word is Word.BAD else 200)
