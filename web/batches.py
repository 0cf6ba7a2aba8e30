"""A campaign's batch as a page: its figures, the list of cases behind each, its digest and its public table."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from adapters.campaigns import campaign_of, standing
from adapters.words import field_words, left
from models.batches import Batch, Of, behind, whole
from models.campaign_values import Tally
from models.case import Case
from models.permissions import Sight
from models.standing import name_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, require, visitor
from web.reading import seen

routes = APIRouter(include_in_schema=False)

Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def batch_at(house: House, campaign: Case, day: str) -> Batch:
    """Return the batch of a day, or the whole campaign for ``all``.

    Raises:
        HTTPException: that is no day.
    """
    now = house.desk.moments.now()
    days = standing(house.desk.database, campaign, now)
    if day == "all":
        return whole(days, now)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise HTTPException(404) from None
    return next((each for each in days if each.day == wanted), Batch(wanted, now))


@routes.get("/campaigns/{name}/days/{day}")
def batch_page(request: Request, house: At, who: Who, name: str, day: str) -> Response:
    """Show a batch and the cases behind one of its figures; those the reader may not see are counted, not listed."""
    require(house, who, Sight.CASES)
    campaign = campaign_of(house.desk.database, name)
    batch = batch_at(house, campaign, day)
    wanted = request.query_params.get("of", "")
    found = behind(batch.cases, wanted) if wanted in Tally.model_fields else batch.of(_figure(wanted))
    shown = seen(house, who, found)
    tally = batch.tally
    given = {
        "campaign": campaign,
        "name": name_of(campaign),
        "day": day,
        "batch": batch,
        "figures": [(each.value, (each.zh, each.en), batch.count(each)) for each in Of]
        + [(each, field_words(each), tally[each]) for each in Tally.model_fields if tally[each]],
        "wanted": wanted if wanted in Tally.model_fields else _figure(wanted).value,
        "cases": shown,
        "hidden": len(found) - len(shown),
        "now": batch.now,
        "left": left,
    }
    return page(request, "batch.html", given, who=who)


def _figure(name: str) -> Of:
    try:
        return Of.of(name or Of.RECEIVED.value)
    except KeyError:
        raise HTTPException(404) from None
