"""Petitions that may be about the same as one: what the two have in common, and what can be made of it."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters import queries
from adapters.similar.finding import Found, Wanted, find, of_case
from models.case import Case
from models.permissions import may_see
from models.refusals import Unknown
from models.vocabulary import Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, visitor
from web.reading import case_of, within

routes = APIRouter(include_in_schema=False)
MORE = 10
"""Petitions shown on the page of one; beside a form they are five."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def alike_to(house: House, who: Visitor, wanted: Wanted, *, limit: int) -> list[Found]:
    """Return the petitions that may be about the same and that somebody may see, the most alike first."""
    now = house.desk.moments.now()

    def left_out(case: Case) -> bool:
        return not may_see(who.world, case, who.actor, now)

    return find(
        house.desk.database, wanted, within=within(house, who, queries.Filter()), limit=limit, left_out=left_out
    )


def petition_of(house: House, who: Visitor, number: str) -> Case:
    """Return a petition that somebody may see.

    Raises:
        Unknown: there is none of that number.
        NotForYou: they may not see it; that is kept.
    """
    found = case_of(house, who, number)
    if found.kind is not Kind.PETITION:
        raise Unknown(case=number)
    return found


def shown_first(found: Iterable[Found]) -> list[Found]:
    """Return those that are probably about the same."""
    return [each for each in found if each.sure]


@routes.get("/cases/{number}/alike")
def alike_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Show the petitions that may be about the same as one, each with why."""
    case = petition_of(house, who, number)
    found = alike_to(house, who, of_case(case), limit=MORE)
    return page(request, "alike.html", {"case": case, "alike": found}, who=who)
