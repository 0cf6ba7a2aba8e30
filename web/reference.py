"""What decisions rest on, for programs: the policies, the calendars and the organisation."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from adapters import queries
from adapters.access.tokens import Scope
from adapters.world_book import ORGANISATION
from models.counting import legal_day
from models.organisation import Person
from models.policy import Policy
from models.refusals import Unknown
from web import answers
from web.api import as_json
from web.house import House, house_of
from web.people import Visitor, caller, require_scope

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


@routes.get("/policies", response_model=answers.PoliciesOut)
def policies(house: At, who: Who) -> Response:
    """List the published policies, the newest first, and say which one new cases run under."""
    require_scope(house, who, Scope.READ)
    now = house.desk.moments.now()
    found = sorted(who.world.policies.values(), key=lambda each: (each.effective, each.name), reverse=True)
    name = who.world.policy_at(now)
    return as_json({"policies": [_policy(each, name) for each in found], "today": legal_day(now).isoformat()})


@routes.get("/policies/{name}", response_model=answers.PolicyOut)
def policy(house: At, who: Who, name: str) -> Response:
    """Return one policy with all its rows.

    Raises:
        Unknown: none is called that.
    """
    require_scope(house, who, Scope.READ)
    found = who.world.policies.get(name)
    if found is None:
        raise Unknown(case=name)
    current = who.world.policy_at(house.desk.moments.now())
    return as_json({**_policy(found, current), "document": found.model_dump(mode="json")})


def _policy(each: Policy, current: str) -> dict[str, object]:
    return {
        "name": each.name,
        "zh": each.zh,
        "en": each.en,
        "effective": each.effective.isoformat(),
        "in_force": each.name == current,
    }


@routes.get("/organisation", response_model=answers.OrganisationOut)
def organisation(house: At, who: Who) -> Response:
    """Return units, people and grids as they are now, without leave, interests or anything to reach somebody by.

    Raises:
        Unknown: there is none yet.
    """
    require_scope(house, who, Scope.READ)
    stream = queries.case(house.desk.database, ORGANISATION)
    found = stream.organisation
    if found is None:
        raise Unknown(case=ORGANISATION)
    return as_json(
        {
            "name": found.name,
            "seq": stream.seq,
            "units": [each.model_dump(mode="json") for each in found.units],
            "people": [_person(each) for each in found.people],
            "grids": [each.model_dump(mode="json") for each in found.grids],
        }
    )


def _person(each: Person) -> dict[str, object]:
    return each.model_dump(mode="json", include={"id", "name", "unit", "roles", "posts", "charge", "retired"})


@routes.get("/calendars", response_model=answers.CalendarsOut)
def calendars(house: At, who: Who) -> Response:
    """Return the calendars in force: for each year the weekdays that are off and the weekend days that are worked."""
    require_scope(house, who, Scope.READ)
    found = [
        {
            "name": each.name,
            "version": each.version,
            "every_day": each.every_day,
            "years": [table.model_dump(mode="json") for _, table in sorted(each.years.items())],
        }
        for _, each in sorted(who.world.calendars.items())
    ]
    return as_json({"calendars": found, "today": legal_day(house.desk.moments.now()).isoformat()})
