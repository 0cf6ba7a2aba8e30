"""Administration: what the desk rests on, where each of it is changed, and policies compared sentence by sentence."""

from typing import Annotated, Final

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters import tables
from models.case import Case
from models.permissions import Sight, may_see
from models.policy import Policy
from models.policy_diff import diff
from models.refusals import Unknown
from models.vocabulary import STANDING, Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor

routes = APIRouter(include_in_schema=False)
KINDS: Final = (Kind.ORGANISATION, Kind.POLICY, Kind.CALENDAR, Kind.CAMPAIGN)

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/admin")
def admin(request: Request, house: At, who: Who) -> Response:
    """Show what the desk rests on; each stream's own page has its commands as forms and its history."""
    require(house, who, Sight.ACCOUNTS)
    now = house.desk.moments.now()
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind.in_([kind.value for kind in STANDING])).order_by(columns.id)
    with house.desk.database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    streams = [each for each in found if may_see(who.world, each, who.actor, now)]
    organisation = who.world.organisation
    given = {
        "groups": [(kind, mine) for kind in KINDS if (mine := [each for each in streams if each.kind is kind])],
        "people": [each for each in organisation.people if not each.retired] if organisation else [],
        "policies": who.world.policies,
        "current": who.world.policy_at(now),
    }
    return page(request, "admin.html", given, who=who)


@routes.get("/policies")
def policies(request: Request, house: At, who: Who) -> Response:
    """List the published policies and tell what differs between two of them.

    Raises:
        Unknown: none is called that.
    """
    every = sorted(who.world.policies.values(), key=lambda each: (each.effective, each.name), reverse=True)
    current = who.world.policy_at(house.desk.moments.now())
    before, after = (_named(who, request.query_params.get(name, "")) for name in ("a", "b"))
    given = {
        "policies": every,
        "current": current,
        "before": before,
        "after": after,
        "changes": diff(before, after) if before and after else (),
    }
    return page(request, "policies.html", given, who=who)


def _named(who: Visitor, name: str) -> Policy | None:
    found = who.world.policies.get(name)
    if name and found is None:
        raise Unknown(case=name[:64])
    return found
