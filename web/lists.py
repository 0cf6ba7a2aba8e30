"""The three lists on a page: problems, tasks, duties of a campaign, an action plan, a site or a township."""

from collections.abc import Mapping
from dataclasses import astuple, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters import queries
from adapters.access.log import Deed
from adapters.naming import unit_id
from adapters.three_lists import Scope, campaign_called, campaigns, cases_of, write_lists
from models.history_commands import RecordHistory
from models.permissions import Sight
from models.refusals import Malformed
from models.three_lists import ThreeLists, three_lists
from models.vocabulary import Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor
from web.plans import plans_of
from web.reading import case_of, may, seen
from web.sites import sites_of
from web.workbooks import xlsx

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 200
"""Rows of each list on the page; the workbook has them all."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def _asked(request: Request, who: Visitor) -> Scope:
    asked = {name: request.query_params.get(name, "").strip()[:64] for name in Scope.__dataclass_fields__}
    if asked["township"]:
        asked["township"] = unit_id(who.world, asked["township"])
    return Scope(**asked)


def _understood(scope: Scope, known: Mapping[str, str]) -> Scope:
    """Return whose lists are meant, a campaign by its name where its title was given.

    Raises:
        Malformed: there is no such campaign, or more than one thing is named.
    """
    if sum(map(bool, astuple(scope))) > 1:
        raise Malformed(field="scope", why="一次只选一个范围 / choose one of them at a time")
    return replace(scope, campaign=campaign_called(known, scope.campaign)) if scope.campaign else scope


def lists_of(house: House, who: Visitor, scope: Scope) -> ThreeLists:
    """Return the three lists of the cases that a scope means and somebody may see.

    Raises:
        Unknown: there is no such plan or site.
        NotForYou: they may not see it, or no cases at all.
    """
    require(house, who, Sight.CASES)
    for number, kind in ((scope.plan, Kind.PLAN), (scope.site, Kind.SITE)):
        if number:
            case_of(house, who, number, kind)
    found = cases_of(house.desk.database, who.world, scope) if scope.asked else []
    return three_lists(seen(house, who, found), house.desk.moments.now())


def _title(house: House, who: Visitor, scope: Scope, known: Mapping[str, str]) -> str:
    if scope.plan or scope.site:
        return queries.case(house.desk.database, scope.plan or scope.site).title
    if scope.township:
        unit = who.world.organisation.unit(scope.township) if who.world.organisation else None
        return unit.zh if unit else scope.township
    return known.get(scope.campaign, scope.campaign)


@routes.get("/lists")
def lists_page(request: Request, house: At, who: Who) -> Response:
    """Show the three lists, or ask whose; what cannot be understood is told with nothing lost."""
    require(house, who, Sight.CASES)
    known, asked, said = campaigns(house.desk.database, who.world), _asked(request, who), None
    try:
        scope = _understood(asked, known)
    except Malformed as fault:
        scope, said = Scope(), str(fault.details["why"]).split(" / ")
    lists = lists_of(house, who, scope)
    organisation = who.world.organisation
    given = {
        "scope": scope,
        "title": _title(house, who, scope, known) if scope.asked else "",
        "said": said,
        "lists": lists,
        "shown_rows": SHOWN,
        "plans": plans_of(house, who),
        "sites": sites_of(house, who),
        "campaigns": known,
        "townships": [each for each in organisation.units if each.township and not each.closed] if organisation else [],
        "query": {name: getattr(scope if scope.asked else asked, name) for name in Scope.__dataclass_fields__},
        "now": house.desk.moments.now(),
        "brings": may(who, Kind.PETITION, RecordHistory.name),
    }
    return page(request, "lists.html", given, who=who, status=422 if said else 200)


@routes.get("/lists.xlsx")
def export(request: Request, house: At, who: Who) -> Response:
    """Give the three lists as a workbook; that it left the house is kept."""
    require(house, who, Sight.CASES)
    known = campaigns(house.desk.database, who.world)
    scope = _understood(_asked(request, who), known)
    lists = lists_of(house, who, scope)
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "lists.xlsx"
        write_lists(path, who.world, _title(house, who, scope, known) if scope.asked else "", lists)
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="lists", why=f"xlsx {len(lists.problems)}")
    return xlsx("lists.xlsx", held)
