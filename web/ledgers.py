"""The way to the ledgers beside the cases: sites, plans, lists, campaigns, indicators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from models.permissions import Sight
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor

routes = APIRouter(include_in_schema=False)


@routes.get("/ledgers")
def ledgers(
    request: Request, house: Annotated[House, Depends(house_of)], who: Annotated[Visitor, Depends(visitor)]
) -> Response:
    """Show which ledgers there are, each with what it is for."""
    require(house, who, Sight.CASES)
    return page(request, "ledgers.html", {}, who=who)
