"""The flow chart (信访件办理流程图) with what stands where: on a page, and as an SVG file."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from adapters.drawings.flow_counts import flow_counts
from adapters.standing import by_status, standing
from adapters.words import term_of
from models.dispatch import TOLD
from models.instants import shown
from models.permissions import Sight
from models.vocabulary import Kind, Status
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, lang_of, require, visitor
from web.speech import EN, t

routes = APIRouter(include_in_schema=False)
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
SVG: Final = "image/svg+xml"


@routes.get("/flow")
def flow_page(request: Request, house: At, who: Who) -> Response:
    """Show how many cases stand at each step, drawn and as a table."""
    require(house, who, Sight.FIGURES)
    now = house.desk.moments.now()
    stands = standing(house.desk.database, now)
    given = {"kinds": [(kind, [each for each in stands if each.kind is kind]) for kind in TOLD], "now": now}
    return page(request, "flow.html", given, who=who)


@routes.get("/flow/{kind}.svg")
def flow_svg(request: Request, house: At, who: Who, kind: str) -> Response:
    """Give the flow chart of a kind of case with what stands where now.

    Raises:
        HTTPException: there is no flow chart of that kind.
    """
    require(house, who, Sight.FIGURES)
    found = term_of(Kind, kind)
    if found not in TOLD:
        raise HTTPException(404)
    now, lang = house.desk.moments.now(), lang_of(request)
    counts = by_status(standing(house.desk.database, now), found)
    words = {status: status.en if lang == EN else status.zh for status in Status}
    title = t("{kind}办理流程图", lang, kind=found.en if lang == EN else found.zh)
    beneath = t("截至 {at}，在办件数，▲ 超期", lang, at=shown(now))
    return Response(flow_counts(found, counts, title, words, beneath=beneath), 200, {"Cache-Control": "no-store"}, SVG)
