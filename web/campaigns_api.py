"""Campaigns for programs: which there are, one with its batches, the cases behind a figure; opened by a call."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from adapters import queries
from adapters.access.tokens import Scope
from adapters.campaigns import batch_view, campaign_of, campaign_view, campaigns, standing
from adapters.digests import closing_of, digest_of, digest_view
from adapters.editions import edition_view, editions_of
from adapters.importing import import_sheet
from adapters.spreadsheets.doubts import SheetError
from adapters.views import import_view, instant, receipt_view
from models.batches import Of
from models.campaign_commands import OpenCampaign
from models.campaign_values import Deadlines, Group, Level, LookBack
from models.digest import Deed, Step
from models.permissions import Sight
from models.refusals import Malformed
from models.standing import check_name, stream_of
from models.values import Order
from models.vocabulary import Kind, Role
from web.answers import At as At_
from web.answers import Out, ReceiptOut
from web.api import Key, as_json
from web.batches import batch_at, begun, day_of, published, sees_all
from web.house import House, house_of
from web.ledgers_api import BroughtOut
from web.old_ledgers import admit
from web.people import Visitor, caller, require, require_scope
from web.reading import act, seen
from web.workbooks import laid

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class NewCampaign(BaseModel):
    """A campaign as it is opened: its short name, and the fields of ``open_campaign``."""

    model_config = ConfigDict(extra="forbid")

    campaign: str = Field(max_length=48)
    data: dict[str, JsonValue] = Field(description="title, level, round, first_day, last_day, number_form, profile")


class BatchOut(Out):
    """A batch's figures; ``day`` is null for the whole campaign."""

    day: str | None
    received: int
    star: int
    merged: int
    parts: int
    verified: int
    interim: int
    closed: int
    signed_off: int
    measures: int
    at_once: int
    overdue: int
    elsewhere: int
    substantiated: int
    mostly_substantiated: int
    partly_substantiated: int
    unsubstantiated: int
    at_once_rate: float | None
    enforcement: dict[str, float]


class EditionOut(Out):
    """The newest edition of a batch's public table."""

    batch: str
    version: int
    sha256: str


class CampaignOut(Out):
    """A campaign: its record, groups, editions, rounds of looking back, and what it counts in all."""

    campaign: str
    title: str
    level: Level | None
    round: str
    first_day: str | None
    last_day: str | None
    number_form: str
    profile: str
    deadlines: Deadlines
    in_force: bool
    orders: list[Order]
    groups: list[Group]
    editions: list[EditionOut]
    look_backs: list[LookBack]
    all: BatchOut


class WholeCampaignOut(CampaignOut):
    """A campaign with its batches, the oldest first."""

    batches: list[BatchOut]


class CampaignsOut(Out):
    """The campaigns, the newest first."""

    campaigns: list[CampaignOut]


class RowOut(Out):
    """A row of a published table: the petition, as of which of its events, the batch it belongs to."""

    case: str
    seq: int
    batch: str


class PublishedOut(EditionOut):
    """A version of a batch's table as it was published; ``changes`` tells what it says otherwise than the last one."""

    at: At_
    by: str
    changes: str
    rows: list[RowOut]


class EditionsOut(Out):
    """Every version of a batch's table, the oldest first."""

    editions: list[PublishedOut]


class DueOut(Out):
    """A step that is owed of a petition, by which day, and which role must act."""

    case: str
    step: Step
    day: str
    role: Role
    unit: str | None
    handler: str | None


class DoneOut(Out):
    """What was done with a petition."""

    case: str
    deed: Deed


class DigestOut(Out):
    """A campaign's day: what came in and was done, what is overdue, due that day and the next."""

    day: str
    came: BatchOut
    done: list[DoneOut]
    late: list[DueOut]
    today: list[DueOut]
    tomorrow: list[DueOut]
    total: BatchOut


class FigureOut(Out):
    """A figure of a report: its number in the appendix, its value, how it is counted, the cases behind it."""

    number: int
    name: str
    value: str
    how: str
    cases: list[str]


class ReportOut(Out):
    """A report's figures."""

    heading: str
    until: At_
    figures: list[FigureOut]


class BehindOut(BatchOut):
    """A batch with the cases behind one of its figures that the asker sees."""

    of: Of
    cases: list[str]


@routes.get("/campaigns", response_model=CampaignsOut)
def every(house: At, who: Who) -> Response:
    """Return the campaigns, each with what it counts in all."""
    _admit(house, who)
    database, now = house.desk.database, house.desk.moments.now()
    found = campaigns(database)
    return as_json({"campaigns": [campaign_view(each, standing(database, each, now), now) for each in found]})


@routes.get("/campaigns/{name}", response_model=WholeCampaignOut)
def one(house: At, who: Who, name: str) -> Response:
    """Return a campaign with each of its batches."""
    _admit(house, who)
    database, now = house.desk.database, house.desk.moments.now()
    campaign = campaign_of(database, name)
    days = standing(database, campaign, now)
    return as_json({**campaign_view(campaign, days, now), "batches": [batch_view(each) for each in days]})


@routes.get("/campaigns/{name}/batches/{day}", response_model=BehindOut)
def batch(
    house: At, who: Who, name: str, day: str, *, of: Annotated[Of, Query(description="which figure")] = Of.RECEIVED
) -> Response:
    """Return a batch (``2026-09-06``, or ``all``) and the cases behind one of its figures."""
    _admit(house, who)
    found = batch_at(house, campaign_of(house.desk.database, name), day)
    cases = [each.id for each in seen(house, who, found.of(of))]
    return as_json({**batch_view(found), "of": of.value, "cases": cases})


@routes.get("/campaigns/{name}/digests/{day}", response_model=DigestOut)
def digest(house: At, who: Who, name: str, day: str) -> Response:
    """Return a day's digest; for those who see all cases."""
    require_scope(house, who, Scope.READ)
    sees = sees_all(house, who)
    database, now = house.desk.database, house.desk.moments.now()
    return as_json(digest_view(digest_of(database, campaign_of(database, name), day_of(day), now, sees)))


@routes.post("/campaigns/{name}/batches", status_code=201, response_model=BroughtOut)
def bring(house: At, who: Who, name: str, file: UploadFile, *, dry_run: bool = False) -> Response:
    """Bring a batch's table (.xlsx) in, or only tell what would become of each row."""
    require_scope(house, who, Scope.INTAKE)
    admit(house, who)
    campaign = campaign_of(house.desk.database, name)
    try:
        with laid(file) as path:
            found = import_sheet(
                house.desk,
                path,
                actor=who.actor.id,
                profile=campaign.profile or "auto",
                campaign=name,
                dry_run=dry_run,
                compare=False,
                via={"door": "api"},
            )
    except SheetError as fault:
        raise Malformed(field="file", why=f"{fault.zh} / {fault.en}") from None
    return as_json(import_view(found), 200 if dry_run else 201)


@routes.get("/campaigns/{name}/report", response_model=ReportOut)
def report(house: At, who: Who, name: str) -> Response:
    """Return the figures of a campaign's closing report, each with how it is counted and the cases behind it."""
    require_scope(house, who, Scope.READ)
    sees = sees_all(house, who)
    database, now = house.desk.database, house.desk.moments.now()
    found = closing_of(database, campaign_of(database, name), who.world, now, sees)
    told = [
        {"number": each.number, "name": each.name, "value": each.value, "how": each.how, "cases": list(each.cases)}
        for each in found.figures
    ]
    return as_json({"heading": found.heading, "until": instant(now), "figures": told})


@routes.get("/campaigns/{name}/editions/{day}", response_model=EditionsOut)
def editions(house: At, who: Who, name: str, day: str) -> Response:
    """Return every published version of a batch's table."""
    _admit(house, who)
    database, wanted = house.desk.database, day_of(day)
    found = editions_of(database, campaign_of(database, name))
    return as_json({"editions": [edition_view(each) for each in found if each.batch == wanted]})


@routes.post("/campaigns/{name}/editions/{day}", status_code=201, response_model=EditionOut)
def publish(house: At, who: Who, name: str, day: str, key: Key = None) -> Response:
    """Publish a batch's table as it stands now, as the version after the last one."""
    require_scope(house, who, Scope.ACT)
    sees_all(house, who)
    made = published(house, who, name, day_of(day), key=key, door="api")
    return as_json({"batch": made.batch.isoformat(), "version": made.version, "sha256": made.sha256}, 201)


@routes.post("/campaigns/{name}/look-backs", status_code=201, response_model=CampaignOut)
def look_back(house: At, who: Who, name: str, key: Key = None) -> Response:
    """Begin a round of looking back over the campaign's closed and struck-off petitions."""
    require_scope(house, who, Scope.ACT)
    sees_all(house, who)
    begun(house, who, name, key=key, door="api")
    database, now = house.desk.database, house.desk.moments.now()
    campaign = campaign_of(database, name)
    return as_json(campaign_view(campaign, standing(database, campaign, now), now), 201)


@routes.post("/campaigns", status_code=201, response_model=ReceiptOut)
def open_campaign(house: At, who: Who, new: NewCampaign, key: Key = None) -> Response:
    """Open a campaign. What it can do after that is done by commands to the case ``campaign:NAME``."""
    require_scope(house, who, Scope.ACT)
    check_name(new.campaign)
    stream = stream_of(Kind.CAMPAIGN, new.campaign)
    receipt = act(house, who, stream, OpenCampaign.name, new.data, key=key, door="api")
    case = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, case), 201, {"Location": f"/api/v1/campaigns/{new.campaign}"})


def _admit(house: House, who: Visitor) -> None:
    require_scope(house, who, Scope.READ)
    require(house, who, Sight.CASES)
