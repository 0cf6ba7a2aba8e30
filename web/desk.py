"""The desk's pages: my work, the list, taking a petition in, the receipt, help."""

from typing import Annotated, Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from adapters import queries
from adapters.paging import Order
from adapters.paging import page as a_page
from adapters.words import left
from models.actions import possible
from models.case import Case
from models.commands import COMMANDS
from models.permissions import Sight
from models.vocabulary import Kind, Role, Status
from web.house import House, house_of
from web.pages import page
from web.patrols import owed_by
from web.people import Visitor, require, visitor
from web.reading import case_of, errands, seen

routes = APIRouter(include_in_schema=False)
WORK: Final = 25
"""Cases in each part of one's work."""
ROLES_WITH_CASES: Final = frozenset({Role.HANDLER, Role.INSPECTOR, Role.LEADER})
"""Who has cases of their own, or of their unit's."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/")
def work(request: Request, house: At, who: Who) -> Response:
    """Show somebody's work: what is theirs, what is their unit's, due first."""
    if who.sees(Sight.CASES) is None:
        return RedirectResponse("/accounts" if who.sees(Sight.ACCOUNTS) else "/help", 303)
    now, database = house.desk.moments.now(), house.desk.database
    asked = [
        ("own", queries.Filter(is_open=True, hand=who.actor.id), {"hand": who.actor.id, "open": "1"}),
        ("unit", queries.Filter(is_open=True, unit=who.actor.unit), {"unit": who.actor.unit, "open": "1"}),
    ]
    asked += [
        (each.value, queries.Filter(status=each, kind=Kind.PETITION, is_open=True), {"status": each.value})
        for each in _waiting(who)
    ]
    parts = [
        (name, seen(house, who, a_page(database, some, order=Order.DUE, limit=WORK).cases), query)
        for name, some, query in asked
    ]
    # Most of the time nothing waits for most of these; what is empty would only be in the way.
    waiting = [(each, elsewhere(house, who, each), {"awaits": each}) for each in errands(who)]
    parts += [part for part in waiting if part[1]]
    if not ROLES_WITH_CASES & set(who.actor.roles):
        # Where nothing is ever theirs, saying so helps nobody.
        parts = [(name, cases, query) for name, cases, query in parts if cases or name not in {"own", "unit"}]
    given = {
        # What is empty gives way to what waits.
        "parts": sorted(parts, key=lambda part: not part[1]),
        "status": Status,
        "errands": {each: (COMMANDS[each].zh, COMMANDS[each].en) for each in errands(who)},
        "figures": queries.figures(database, now),
        "patrols": owed_by(house, who, now),
        "now": now,
        "left": left,
        "done": request.query_params.get("done", ""),
    }
    return page(request, "work.html", given, who=who)


def _waiting(who: Visitor) -> list[Status]:
    """Return the statuses in which cases of all units wait for somebody of these roles."""
    roles = set(who.actor.roles)
    found = []
    if roles & {Role.CLERK, Role.DISPATCHER}:
        found.append(Status.REGISTERED)
    if Role.DISPATCHER in roles:
        found.append(Status.ACCEPTED)
    if Role.REVIEWER in roles:
        found.append(Status.REVIEWING)
    return found


def elsewhere(house: House, who: Visitor, command: str) -> list[Case]:
    """Return the cases of all units that wait for this step, those that this very person may take it for."""
    found: list[Case] = []
    cursor, now = None, house.desk.moments.now()
    while True:
        some = queries.Filter(awaits=command)
        part = a_page(house.desk.database, some, order=Order.DUE, after=cursor, limit=WORK * 2)
        found += [each for each in part.cases if possible(who.world, each, who.actor, command, now)]
        cursor = part.following
        if cursor is None or len(found) >= WORK:
            return found[:WORK]


@routes.get("/cases/{number}/receipt")
def receipt(request: Request, house: At, who: Who, number: str) -> Response:
    """Show the petitioner's receipt: the number, and the code to ask after it with. For whoever takes petitions in."""
    case = case_of(house, who, number)
    require(house, who, Sight.RECEIPTS)
    code = house.desk.sealer.query_code(case.id)
    settings = house.desk.settings
    where = (settings.public_url or f"{request.base_url}public").rstrip("/") if settings.public else ""
    # Behind the "#" nothing is sent to any server, so number and code stand in no log.
    drawn = segno.make(f"{where}#{urlencode({'number': case.id, 'code': code})}", error="m") if where else None
    image = Markup(drawn.svg_inline(scale=3, border=2, title=case.id)) if drawn else ""  # noqa: S704 - drawn here
    return page(request, "receipt.html", {"case": case, "query_code": code, "where": where, "qr": image}, who=who)


@routes.get("/help")
def help_page(request: Request, who: Who) -> Response:
    """Show what is where."""
    return page(request, "help.html", {}, who=who)
