"""Petitions that may be about the same as one: what the two have in common, and what can be made of it."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters import queries, tables
from adapters.recognising import same_people
from adapters.similar.finding import Found, Wanted, find, of_case
from models.case import Case
from models.permissions import Sight, may_see
from models.vocabulary import Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, visitor
from web.reading import case_of, seen, within

routes = APIRouter(include_in_schema=False)
MORE = 10
"""Petitions shown on the page of one; beside a form they are five."""
SOME = 100
"""Petitions of one petitioner that are shown."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def alike_to(house: House, who: Visitor, wanted: Wanted, *, limit: int) -> list[Found]:
    """Return the petitions that may be about the same and that somebody may see, the most alike first."""
    now, case = house.desk.moments.now(), wanted.case

    def people() -> frozenset[str]:
        # Only whoever may open who complained is told that two were brought by one.
        if case is None or not who.sees(Sight.IDENTITY):
            return frozenset()
        return same_people(house.desk.database, house.desk.sealer, case)

    def left_out(found: Case) -> bool:
        return not may_see(who.world, found, who.actor, now)

    seeing = within(house, who, queries.Filter())
    return find(house.desk.database, wanted, within=seeing, limit=limit, people=people, left_out=left_out)


@routes.get("/cases/{number}/alike")
def alike_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Show the petitions that may be about the same as one, each with why."""
    case = case_of(house, who, number, Kind.PETITION)
    found = alike_to(house, who, of_case(case), limit=MORE)
    given = {"case": case, "alike": found, "others": others_of(house, who, case), "tells": who.sees(Sight.IDENTITY)}
    return page(request, "alike.html", given, who=who)


def others_of(house: House, who: Visitor, case: Case) -> list[Case]:
    """Return the other petitions of whoever brought one, to whoever may open who that was; nothing is opened."""
    if not who.sees(Sight.IDENTITY):
        return []
    numbers = sorted(same_people(house.desk.database, house.desk.sealer, case), reverse=True)[:SOME]
    query = sa.select(tables.cases.c.state).where(tables.cases.c.id.in_(numbers)).order_by(tables.cases.c.id.desc())
    with house.desk.database.reading() as connection:
        cases = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return seen(house, who, cases)
