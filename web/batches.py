"""A campaign's batch as a page: its figures, the list of cases behind each, its public table, the day's digest."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from adapters import editions
from adapters.access.log import Deed
from adapters.campaigns import Sees, campaign_of, next_round, standing
from adapters.digests import as_report, closing_of, digest_of
from adapters.report_docx import as_docx, figures_xlsx
from adapters.words import field_words, left
from models.batches import Batch, Of, behind, whole
from models.campaign_commands import BeginLookBack, PublishResults
from models.campaign_values import Tally
from models.case import Case
from models.command import Command
from models.editions import Published, publishable
from models.instants import is_countable
from models.permissions import Reach, Sight, may_see
from models.refusals import NotForYou, Refused
from models.standing import name_of
from models.vocabulary import Kind
from web.house import House, house_of
from web.old_ledgers import admit
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, may, seen
from web.workbooks import laid

routes = APIRouter(include_in_schema=False)

SHOWN: Final = 50
MOST_DUE: Final = 25
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
SORTS: Final[dict[str, tuple[str, Callable[[editions.Table], bytes]]]] = {
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", editions.as_xlsx),
    "docx": (f"{OFFICE}.wordprocessingml.document", editions.as_docx),
}

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def day_of(text: str) -> date:
    """Return the day that an address names.

    Raises:
        HTTPException: that is no day, or none that can be counted from.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None
    if not is_countable(day):
        raise HTTPException(404)
    return day


def batch_at(house: House, campaign: Case, day: str) -> Batch:
    """Return the batch of a day, or the whole campaign for ``all``.

    Raises:
        HTTPException: that is no day.
    """
    now = house.desk.moments.now()
    days = standing(house.desk.database, campaign, now)
    if day == "all":
        return whole(days, now)
    wanted = day_of(day)
    return next((each for each in days if each.day == wanted), Batch(wanted, now))


def sees_all(house: House, who: Visitor) -> Sees:
    """Refuse whoever sees their own unit's cases alone: a digest and a draft name those of all.

    Returns:
        Whether they see a petition: those that are about them they do not.

    Raises:
        NotForYou: they do.
    """
    if require(house, who, Sight.CASES) is not Reach.ALL:
        raise NotForYou(person=who.actor.id, what="全部案件", what_en="all cases")
    now = house.desk.moments.now()
    return lambda case: may_see(who.world, case, who.actor, now)


def gives(who: Visitor, command: type[Command]) -> None:
    """Refuse whoever never gives a command to a campaign, before anything is looked up for it.

    Raises:
        NotForYou: they do not.
    """
    if not may(who, Kind.CAMPAIGN, command.name):
        raise NotForYou(person=who.actor.id, what=command.zh, what_en=command.en)


@routes.get("/campaigns/{name}/days/{day}")
def batch_page(request: Request, house: At, who: Who, name: str, day: str) -> Response:
    """Show a batch and the cases behind one of its figures; those the reader may not see are counted, not listed."""
    return _page(request, house, who, name, day)


def _page(
    request: Request, house: House, who: Visitor, name: str, day: str, trouble: Trouble | None = None
) -> Response:
    reach = require(house, who, Sight.CASES)
    campaign = campaign_of(house.desk.database, name)
    batch = batch_at(house, campaign, day)
    wanted = request.query_params.get("of", "")
    found = behind(batch.cases, wanted) if wanted in Tally.model_fields else batch.of(_figure(wanted))
    shown = seen(house, who, found)
    tally = batch.tally
    published = [each for each in editions.editions_of(house.desk.database, campaign) if each.batch == batch.day]
    given = {
        "campaign": campaign,
        "name": name_of(campaign),
        "day": day,
        "batch": batch,
        "figures": [(each.value, (each.zh, each.en), batch.count(each)) for each in Of]
        + [(each, field_words(each), tally[each]) for each in Tally.model_fields if tally[each]],
        "wanted": wanted if wanted in Tally.model_fields else _figure(wanted).value,
        "cases": shown,
        "shown_most": SHOWN,
        "hidden": len(found) - len(shown),
        "published": published[::-1],
        "late": _late,
        "may_publish": may(who, Kind.CAMPAIGN, PublishResults.name),
        "fresh": reach is Reach.ALL and editions.is_news(house.desk.database, campaign, batch.day),
        "done": (PublishResults.zh, PublishResults.en)
        if request.query_params.get("done") == PublishResults.name
        else None,
        "ready": sum(publishable(each) for each in batch.cases),
        "all": reach is Reach.ALL,
        "said": (trouble.zh, trouble.en) if trouble else "",
        "key": str(uuid.uuid4()),
        "now": batch.now,
        "left": left,
    }
    return page(request, "batch.html", given, who=who, status=trouble.status if trouble else 200)


def _figure(name: str) -> Of:
    try:
        return Of.of(name or Of.RECEIVED.value)
    except KeyError:
        raise HTTPException(404) from None


def _late(each: Published) -> int:
    return sum(row.batch != each.batch for row in each.rows)


@routes.post("/campaigns/{name}/days/{day}/publish")
def publish(request: Request, house: At, who: Who, form: Form, name: str, day: str) -> Response:
    """Publish a batch's table as it stands now, as the version after the last one.

    Raises:
        NotForYou: they publish none.
    """
    check_form(form, who.csrf)
    sees_all(house, who)
    gives(who, PublishResults)
    try:
        published(house, who, name, day_of(day), key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _page(request, house, who, name, day, trouble_of(fault))
    return RedirectResponse(f"/campaigns/{quote(name)}/days/{day}?done={PublishResults.name}", 303)


def published(house: House, who: Visitor, name: str, day: date, *, key: str | None, door: str) -> editions.Table:
    """Publish a batch's table in somebody's name, and return it; with the same key once more, what it published.

    Raises:
        Refused: why not.
    """
    gives(who, PublishResults)
    campaign = campaign_of(house.desk.database, name)
    if done := editions.done_before(house.desk.database, campaign, key and f"{door}/{who.actor.id}/{key}"):
        return done
    table = editions.draft(house.desk.database, campaign, day)
    told = editions.told_of(house.desk.database, campaign, table)
    act(house, who, campaign.id, PublishResults.name, told, key=key, door=door, composed=True)
    return table


@routes.post("/campaigns/{name}/import")
def bring(house: At, who: Who, form: Form, name: str) -> Response:
    """Begin to bring a batch's table in, or (without ``deed=import``) to tell what would become of each row.

    What comes of it is shown where ledgers are brought, under the campaign's name.

    Raises:
        Malformed: there is no file, or it is too large.
    """
    check_form(form, who.csrf)
    admit(house, who)
    campaign = campaign_of(house.desk.database, name)
    with laid(form.get("file")) as path:
        begun = house.bringing.begin(
            house.desk,
            path.read_bytes(),
            who.actor.id,
            dry_run=text(form, "deed") != "import",
            via={"door": "console"},
            profile=campaign.profile or "auto",
            campaign=name,
        )
    return RedirectResponse(f"/lists/import?campaign={quote(name, safe='')}&begun={int(begun)}", 303)


@routes.get("/campaigns/{name}/tables/{day}.{ending}")
def table(request: Request, house: At, who: Who, name: str, day: str, ending: str) -> Response:
    """Give a batch's table as XLSX or DOCX: a published version, or without one the draft of the next.

    Raises:
        HTTPException: there is no such sort of file.
    """
    require(house, who, Sight.CASES)
    if ending not in SORTS:
        raise HTTPException(404)
    version = request.query_params.get("version", "")
    if version.isdecimal():
        made, _ = editions.as_published(house.desk.database, name, day_of(day), int(version[:6]))
    else:
        sees = sees_all(house, who)
        made = editions.draft(house.desk.database, campaign_of(house.desk.database, name), day_of(day), sees)
    kind, write = SORTS[ending]
    called = editions.name_of_file(campaign_of(house.desk.database, name), made)
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=f"campaign:{name}", why=f"{called}.{ending}")
    return kept(f"{called}.{ending}", write(made), kind)


def kept(name: str, content: bytes, kind: str) -> Response:
    """Return a file to be kept under a name, whatever letters it is written in."""
    return Response(content, 200, {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}, kind)


@routes.get("/campaigns/{name}/report.{ending}")
def report_file(house: At, who: Who, name: str, ending: str) -> Response:
    """Give a campaign's closing report as a document, or its figures with all their cases as a workbook.

    Raises:
        HTTPException: there is no such sort of file.
    """
    sees = sees_all(house, who)
    if ending not in SORTS:
        raise HTTPException(404)
    campaign, now, organisation = (
        campaign_of(house.desk.database, name),
        house.desk.moments.now(),
        who.world.organisation,
    )
    report = closing_of(house.desk.database, campaign, who.world, now, sees)
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=campaign.id, why=f"report.{ending}")
    if ending == "xlsx":
        return kept(f"{name}.xlsx", figures_xlsx(report), SORTS[ending][0])
    return kept(f"{name}.docx", as_docx(report, organisation.name if organisation else "", now), SORTS[ending][0])


@routes.get("/campaigns/{name}/digests/{day}.docx")
def digest_file(house: At, who: Who, name: str, day: str) -> Response:
    """Give a day's digest as a document."""
    sees = sees_all(house, who)
    campaign, now = campaign_of(house.desk.database, name), house.desk.moments.now()
    report = as_report(digest_of(house.desk.database, campaign, day_of(day), now, sees), campaign, who.world, now)
    organisation = who.world.organisation
    made = as_docx(report, organisation.name if organisation else "", now)
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=campaign.id, why=f"digest {day}")
    return kept(f"{name}-{day}.docx", made, SORTS["docx"][0])


@routes.get("/campaigns/{name}/digests/{day}")
def digest_page(request: Request, house: At, who: Who, name: str, day: str) -> Response:
    """Show a day's digest: what came in and was done, what is due, and who must act."""
    sees = sees_all(house, who)
    campaign, now = campaign_of(house.desk.database, name), house.desk.moments.now()
    given = {
        "campaign": campaign,
        "name": name_of(campaign),
        "found": digest_of(house.desk.database, campaign, day_of(day), now, sees),
        "Of": Of,
        "most": MOST_DUE,
    }
    return page(request, "digest.html", given, who=who)


@routes.post("/campaigns/{name}/look-backs")
def look_back(house: At, who: Who, form: Form, name: str) -> Response:
    """Begin a round of looking back over the campaign's closed and struck-off petitions.

    Raises:
        Refused: the round before is not through, or there is nothing to look at.
    """
    check_form(form, who.csrf)
    sees_all(house, who)
    begun(house, who, name, key=text(form, "key")[:60] or None, door="console")
    return RedirectResponse(f"/campaigns/{quote(name)}?done={BeginLookBack.name}", 303)


def begun(house: House, who: Visitor, name: str, *, key: str | None, door: str) -> None:
    """Begin a round of looking back in somebody's name.

    Raises:
        Refused: why not.
    """
    gives(who, BeginLookBack)
    campaign = campaign_of(house.desk.database, name)
    found: list[JsonValue] = list(next_round(house.desk.database, campaign))
    act(house, who, campaign.id, BeginLookBack.name, {"to_check": found}, key=key, door=door)
