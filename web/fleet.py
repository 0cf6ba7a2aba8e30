"""The fleet, for administrators: which case runs under which policy and version of the worker; a part moved along."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters import fleet
from adapters.access.log import Deed
from adapters.fleet import NONE, Fleet, Member, Move, Part, Standing
from adapters.temporal import TemporalUnavailableError
from models.permissions import Sight
from models.refusals import Malformed
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor

routes = APIRouter(include_in_schema=False)
TONES: Final = {Standing.CURRENT: "good", Standing.RAMPING: "wait", Standing.DRAINING: "wait"}
REFRESH: Final = 3
"""Seconds after which a page with a move under way is looked at again."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/fleet")
def the_fleet(request: Request, house: At, who: Who) -> Response:
    """Show how many cases run under which policy and version, those of a part by number, and what is being moved.

    Raises:
        Malformed: a policy's or a version's name is none.
    """
    require(house, who, Sight.FLEET)
    part = Part(request.query_params.get("policy") or None, request.query_params.get("version") or None)
    part.query()
    seen: Fleet | None = None
    found: list[Member] = []
    moves: list[Move] = []
    away = ("", "")
    try:
        seen, found, moves = fleet.asked(
            house.desk.settings, lambda client: fleet.told(client, list(who.world.policies), part)
        )
    except TemporalUnavailableError as fault:
        away = (fault.zh, fault.en)
    given = {
        "fleet": seen,
        "part": part,
        "chosen": part != Part(),
        "found": found,
        "most": fleet.SHOWN,
        "moves": moves,
        "away": away,
        "tones": TONES,
        "NONE": NONE,
        "nothing": request.query_params.get("nothing") == "1",
        "links": who.sees(Sight.CASES) is not None,
    }
    going = any(not each.over for each in moves)
    return page(request, "fleet.html", given, who=who, headers={"Refresh": str(REFRESH)} if going else None)


@routes.post("/fleet/move")
def move(house: At, who: Who, form: Form) -> Response:
    """Wake a part and have each of its cases continue as new; that it was asked for is kept.

    Raises:
        Malformed: neither a part nor the whole was named.
        TemporalUnavailableError: Temporal does not answer.
    """
    check_form(form, who.csrf)
    require(house, who, Sight.FLEET)
    part = Part(text(form, "policy") or None, text(form, "version") or None)
    if part == Part() and text(form, "all") != "1":
        raise Malformed(field="version", why="请选择规则或版本，或勾选全部 / a policy, a version, or all")
    moved = fleet.asked(house.desk.settings, lambda client: fleet.move(client, part, who.actor.id))
    house.log.tell(who.actor.id, Deed.FLEET, granted=True, about=moved or "", why=str(part))
    return RedirectResponse("/fleet" if moved else "/fleet?nothing=1", 303)
