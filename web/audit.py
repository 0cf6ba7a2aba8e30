"""For auditors: whether the ledger is as it was written, who looked at what, and who was turned away."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.access.log import Deed, latest
from adapters.words import term_of
from models.permissions import Sight
from web.checks import last_check
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, visitor

routes = APIRouter(include_in_schema=False)
LINES: Final = 200
"""Lines of the access log that are shown."""
SHOWN: Final = 20
REFRESH: Final = 2
"""Seconds after which a page with a check under way is looked at again."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/audit")
def audit(request: Request, house: At, who: Who) -> Response:
    """Show whether the chains hold, and the doors that stayed shut."""
    require(house, who, Sight.ACCESS_LOG)
    lines = latest(house.desk.database, 1000)
    given = {
        "last": last_check(house.desk.database),
        "check": house.check,
        "refresh": REFRESH if house.check.running else 0,
        "denied": [each for each in lines if not each.granted][:SHOWN],
        "opened": [each for each in lines if each.deed is Deed.OPEN][:SHOWN],
    }
    return page(request, "audit.html", given, who=who)


@routes.post("/audit/verify")
def begin(house: At, who: Who, form: Form) -> Response:
    """Check all chains; the page tells how far it has come."""
    check_form(form, who.csrf)
    require(house, who, Sight.ACCESS_LOG)
    house.check.begin(house.desk.database, house.log, who.actor.id, house.desk.moments.now)
    return RedirectResponse("/audit", 303)


@routes.get("/access")
def access(request: Request, house: At, who: Who) -> Response:
    """Show who came in, who was turned away and from what; filtered by its address."""
    require(house, who, Sight.ACCESS_LOG)
    asked = {name: request.query_params.get(name, "").strip()[:64] for name in ("who", "about", "deed", "denied")}
    deed = term_of(Deed, asked["deed"])
    lines = latest(
        house.desk.database,
        LINES,
        who=asked["who"],
        about=asked["about"],
        deed=deed,
        granted=False if asked["denied"] else None,
    )
    given = {"lines": lines, "asked": asked, "deeds": list(Deed), "most": LINES}
    return page(request, "access.html", given, who=who)
