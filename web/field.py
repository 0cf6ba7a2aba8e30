"""The inspectors' page: what waits to be looked at on site, for a telephone, also where the line is lost.

Scripts keep the pages that were seen and queue what is sent (``static/field.js``, docs/field.md); without them, or on
an address that browsers do not trust, everything works as plain forms while there is a line.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters import queries
from adapters.guides import Guide
from adapters.paging import Order
from adapters.paging import page as a_page
from adapters.words import left
from models.case import Case
from models.commands import COMMANDS, Command
from models.patrol_commands import RecordPatrol
from models.permissions import Sight
from web.api import as_json
from web.case import Tried, carried_out, forms_of
from web.desk import elsewhere
from web.guide import shown
from web.house import House, house_of
from web.pages import STATIC, page
from web.patrols import owed_by
from web.people import Visitor, check_form, require, sent, visitor
from web.reading import case_of, errands, offered, seen

routes = APIRouter(include_in_schema=False)
MOST: Final = 40
"""Cases on the page."""
ON_SITE: Final = frozenset({"accept_on_site"})
"""What somebody of another unit goes there for; the rest of what waits for people is done at a desk."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def _device(house: House, who: Visitor) -> str:
    """Return what a device calls its person by: it tells nothing, and is the same at every log-in."""
    return house.desk.sealer.ref(f"field/{who.actor.id}")


@routes.get("/field")
def field(request: Request, house: At, who: Who) -> Response:
    """Show what waits for somebody on site: their own, their unit's, and others' that wait for a step of theirs."""
    require(house, who, Sight.CASES)
    mine = set(errands(who)) & ON_SITE
    found: dict[str, Case] = {each.id: each for name in mine for each in elsewhere(house, who, name)}
    for some in (
        queries.Filter(is_open=True, hand=who.actor.id),
        queries.Filter(is_open=True, unit=who.actor.unit),
    ):
        for each in seen(house, who, a_page(house.desk.database, some, order=Order.DUE, limit=MOST).cases):
            found.setdefault(each.id, each)
    told = [(each, [COMMANDS[row.command] for row in offered(house, who, each) if row.to]) for each in found.values()]
    # What somebody can move comes first, and of that what is due first.
    told.sort(key=lambda pair: (not pair[1], pair[0].due is None, pair[0].due or pair[0].registered_at, pair[0].id))
    owed: list[tuple[Case, list[type[Command]]]] = [
        (each, [RecordPatrol]) for each in owed_by(house, who, house.desk.moments.now())
    ]
    told = [*owed, *told]
    given = {"told": told[:MOST], "more": len(told) > MOST, "device": _device(house, who), **_now(house)}
    return page(request, "field.html", given, who=who)


def _now(house: House) -> dict[str, object]:
    return {"now": house.desk.moments.now(), "left": left}


@routes.get("/field/guide")
def guide(request: Request, who: Who) -> Response:
    """Show the inspectors' guide, within the reach of the worker: it is needed where there is no line to ask by."""
    return shown(request, who, Guide.INSPECTOR)


@routes.get("/field/state")
def state(house: At, who: Who) -> Response:
    """Tell a device whose session it has and what its forms have to bring; read before anything queued is sent."""
    require(house, who, Sight.CASES)
    return as_json({"person": _device(house, who), "csrf": who.csrf})


@routes.get("/field/worker.js")
def worker() -> Response:
    """Return the service worker, whose reach is this page and what lies under it."""
    headers = {"Service-Worker-Allowed": "/field", "Cache-Control": "no-cache"}
    return FileResponse(STATIC / "field-worker.js", media_type="text/javascript", headers=headers)


@routes.get("/field/cases/{number}")
def field_case(request: Request, house: At, who: Who, number: str) -> Response:
    """Show a case as far as it is needed on site, with what may be done."""
    done = COMMANDS.get(request.query_params.get("done", ""))
    return _case(request, house, who, case_of(house, who, number), done=(done.zh, done.en) if done else None)


@routes.post("/field/cases/{number}/do/{command}")
def do(request: Request, house: At, who: Who, form: Form, number: str, command: str) -> Response:
    """Do something with a case; a device that queued it is told as JSON what came of it."""
    check_form(form, who.csrf)
    case = case_of(house, who, number)
    tried = carried_out(house, who, case, command, form)
    if "application/json" in request.headers.get("accept", ""):
        trouble = tried.trouble if tried else None
        told = {"zh": trouble.zh, "en": trouble.en} if trouble else {"done": command}
        return as_json(told, trouble.status if trouble else 200)
    if tried:
        return _case(request, house, who, case_of(house, who, number), tried=tried)
    return RedirectResponse(f"/field/cases/{case.id}?done={command}", 303)


def _case(
    request: Request,
    house: House,
    who: Visitor,
    case: Case,
    *,
    tried: Tried | None = None,
    done: tuple[str, str] | None = None,
) -> Response:
    given = {
        "case": case,
        "forms": forms_of(house, who, case, tried),
        "values": tried.values if tried else {},
        "said": (tried.trouble.zh, tried.trouble.en) if tried else "",
        "done": done,
        "device": _device(house, who),
        **_now(house),
    }
    return page(request, "field_case.html", given, who=who, status=tried.trouble.status if tried else 200)
