"""What was closed and what was signed off, counted apart: by years, by rounds, and what still goes on."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.access.log import Deed
from adapters.rounds import Rounds, rounds, scope_of_year, write_rounds
from models.permissions import Sight
from models.rounds import COUNTS, query_of
from models.three_lists import put_right_by
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor
from web.reading import seen
from web.workbooks import xlsx

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 30
"""Open petitions on the page; the workbook has more."""

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def counted(house: House, who: Visitor) -> Rounds:
    """Return the counts to whoever sees figures, with those of the open petitions that they may see.

    Raises:
        NotForYou: figures are not for them.
    """
    require(house, who, Sight.FIGURES)
    found = rounds(house.desk.database, who.world, house.desk.moments.now())
    return replace(found, still=seen(house, who, found.still) if who.sees(Sight.CASES) else [])


@routes.get("/rounds")
def rounds_page(request: Request, house: At, who: Who) -> Response:
    """Show the counts; every figure leads to its cases."""
    found = counted(house, who)
    given = {
        "years": [(each, each.name, scope_of_year(each.name)) for each in found.years],
        "campaigns": [
            (each, found.titles.get(each.name, each.name), {"campaign": each.name}) for each in found.campaigns
        ],
        "whole": found.whole,
        "still": found.still,
        "shown_rows": SHOWN,
        "counts": COUNTS,
        "query_of": query_of,
        "put_right_by": put_right_by,
        "titles": found.titles,
        "now": house.desk.moments.now(),
        "lists": who.sees(Sight.CASES) is not None,
    }
    return page(request, "rounds.html", given, who=who)


@routes.get("/rounds.xlsx")
def export(house: At, who: Who) -> Response:
    """Give the counts as a workbook; that it left the house is kept."""
    found = counted(house, who)
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "rounds.xlsx"
        write_rounds(path, who.world, found, house.desk.moments.now())
        held = path.read_bytes()
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="rounds", why=f"xlsx {len(found.still)}")
    return xlsx("rounds.xlsx", held)
