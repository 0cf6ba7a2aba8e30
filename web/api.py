"""The API for machines and scripts, under /api/v1: the same door, the same permissions, the same sentences."""

import json
import re
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from adapters import queries
from adapters.access.tokens import Scope
from adapters.attachments.sorts import MEDIA
from adapters.dispatch_views import without_pack
from adapters.forms import form
from adapters.letters.told import letter_view
from adapters.paging import MOST, Order, page
from adapters.similar.finding import SHOWN, of_case, typed
from adapters.views import (
    alike_view,
    attachment_view,
    case_view,
    clock_view,
    figures_view,
    instant,
    receipt_view,
    row_view,
    site_view,
    storm_view,
    tally_view,
    without_listeners,
)
from models.commands import COMMANDS
from models.counting import legal_day
from models.permissions import OpeningReason, Sight
from models.refusals import UnknownCommand
from models.spots import Coordinates
from models.statistics import Against, By
from models.vocabulary import Flag, Kind, Status, Tie
from web import answers, matter_answers
from web.alike import MORE, alike_to
from web.dashboard import counted, period_of
from web.files import file_of, keeper, may_bring, sent_file
from web.house import House, house_of
from web.identity import may_open, opened
from web.listing import span_of_days
from web.people import Visitor, caller, require, require_scope
from web.reading import LONGEST_KEY, act, case_of, derived, lying_in, offered, seen, within
from web.sites import sites_of
from web.storms import watches_of
from web.tags import expected, tag_of, unchanged

routes = APIRouter(prefix="/api/v1")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_as_written(text: object) -> object:
    """Return a day's text as it is.

    Raises:
        ValueError: it is not written as ``2026-11-26``; pydantic would take a number for seconds since 1970.
    """
    if isinstance(text, str) and not _DAY.fullmatch(text):
        message = "日期应写作 2026-11-26 / a day is written as 2026-11-26"
        raise ValueError(message)
    return text


Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=LONGEST_KEY, description="a repeated key is done once"),
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="an ETag: 304 where nothing changed")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="an ETag: 412 where the case has changed since")]
Day = Annotated[date, BeforeValidator(day_as_written)]
TAGGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"description": "the number of the latest event", "schema": {"type": "string"}}}},
    304: {"description": "unchanged"},
}
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the file",
        "content": {each: {"schema": {"type": "string", "format": "binary"}} for each in sorted(set(MEDIA.values()))},
    }
}


class In(BaseModel):
    """What is sent: a field nobody knows is an error rather than silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Secret(In):
    """What belongs under seal and comes out by none of these routes."""

    text: str = Field(default="", description="the petitioner's own words")
    petitioner: str = ""
    contact: str = ""


class NewCase(In):
    """A petition as it comes in: the fields of ``register``, and apart from them what is sealed."""

    data: dict[str, JsonValue] = Field(description="channel, place, summary (redacted), types, respondent, …")
    sealed: Secret = Secret()


class NewSite(In):
    """A site as it is put into the ledger: the fields of ``register_site``."""

    data: dict[str, JsonValue] = Field(description="title, place, aliases, trade, summary, unit, leader, handler")


class Ask(In):
    """A command with its fields."""

    command: str = Field(description="as /actions names it")
    data: dict[str, JsonValue] = Field(default_factory=dict)
    text: str = Field(default="", description="the petitioner's own words, sealed, where the command brings any")


class Alike(In):
    """What is known of a petition that is not registered yet; nothing of who brings it."""

    place: str = Field(default="", max_length=2000)
    summary: str = Field(default="", max_length=20_000)
    respondent: str = Field(default="", max_length=2000)
    types: list[str] = Field(default_factory=list, max_length=50)
    spot: Coordinates = ""


class Opening(In):
    """Why a seal is opened."""

    reason: OpeningReason
    ref: str = Field(default="", max_length=60, description="number of the paper it rests on; nobody's name")


def as_json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return an answer made of plain objects."""
    # The views hold plain objects; encoding them again by a model would only cost time.
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, headers, "application/json")


@routes.post("/cases", status_code=201, response_model=answers.NewOut)
def register(house: At, who: Who, new: NewCase, key: Key = None) -> Response:
    """Take a petition in. The answer holds the query code, which is kept nowhere."""
    require_scope(house, who, Scope.INTAKE)
    secret = {name: value for name, value in new.sealed.model_dump().items() if value}
    receipt = act(house, who, None, "register", new.data, key=key, door="api", secret=secret)
    case = queries.case(house.desk.database, receipt.case)
    view = {**receipt_view(receipt, case), "query_code": house.desk.sealer.query_code(case.id)}
    return as_json(view, 201, {"Location": f"/api/v1/cases/{case.id}"})


@routes.get("/cases", response_model=answers.PageOut)
def cases(
    house: At,
    who: Who,
    *,
    status: Status | None = None,
    kind: Kind | None = None,
    unit: Annotated[str | None, Query(max_length=64)] = None,
    campaign: Annotated[str | None, Query(max_length=64)] = None,
    overdue: bool = False,
    since: Annotated[Day | None, Query(alias="from", description="registered on this legal day or later")] = None,
    until: Annotated[Day | None, Query(alias="to", description="registered on this legal day or earlier")] = None,
    done: Annotated[bool | None, Query(description="closed or signed off, or not")] = None,
    still: Annotated[bool | None, Query(alias="open", description="open, or not")] = None,
    ended: Annotated[bool, Query(description="only what was declined, referred or withdrawn")] = False,
    township: Annotated[str | None, Query(max_length=64, description="id or name of a township: where it is")] = None,
    awaits: Annotated[str | None, Query(max_length=64, description="a step that is for other units too")] = None,
    tie: Annotated[Tie | None, Query(description="what ties it to other petitions")] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="words that stand in number, place, summary or respondent")
    ] = None,
    order: Order = Order.NEWEST,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """List the cases that the asker sees, in pages; ``next`` is the cursor of the page that follows."""
    require_scope(house, who, Scope.READ)
    now = house.desk.moments.now()
    wanted = queries.Filter(
        kind=kind,
        status=status,
        unit=unit,
        campaign=campaign,
        overdue_at=now if overdue else None,
        is_open=still,
        registered=span_of_days(str(since or ""), str(until or "")),
        done=done,
        ended=ended,
        awaits=awaits,
        tie=tie,
        areas=lying_in(house, who, township),
        words=(q or "").replace("\0", "") or None,
    )
    found = page(house.desk.database, within(house, who, wanted), order=order, after=cursor, limit=limit)
    rows = [{**row_view(each), "summary": each.summary or each.measure} for each in seen(house, who, found.cases)]
    return as_json({"cases": rows, "next": found.following, "now": instant(now)})


@routes.post("/alike", response_model=matter_answers.AlikeOut)
def alike_typed(house: At, who: Who, asked: Alike) -> Response:
    """Return the petitions that may be about the same as what is told, each with why; nothing is registered."""
    require_scope(house, who, Scope.READ)
    day = legal_day(house.desk.moments.now())
    wanted = typed(
        asked.place, asked.summary, respondents=[asked.respondent], types=asked.types, day=day, spot=asked.spot
    )
    return as_json({"alike": [alike_view(each) for each in alike_to(house, who, wanted, limit=SHOWN)]})


@routes.get("/cases/{number}/alike", response_model=matter_answers.AlikeOut)
def alike(house: At, who: Who, number: str) -> Response:
    """Return the petitions that may be about the same as one, each with why."""
    require_scope(house, who, Scope.READ)
    found = alike_to(house, who, of_case(case_of(house, who, number, Kind.PETITION)), limit=MORE)
    return as_json({"alike": [alike_view(each) for each in found]})


@routes.get("/cases/{number}", response_model=answers.CaseOut, responses=TAGGED)
def case(house: At, who: Who, number: str, if_none_match: IfNoneMatch = None) -> Response:
    """Return a case as it stands. Its version, and ETag, is the number of its latest event."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number)
    if known := unchanged(found, if_none_match):
        return known
    view = case_view(found, house.desk.moments.now())
    view["letters"] = [letter_view(found.id, each) for each in queries.letters(house.desk.database, found.id)]
    return as_json(view, headers=tag_of(found))


@routes.get("/cases/{number}/history", response_model=answers.HistoryOut, responses=TAGGED)
def history(house: At, who: Who, number: str, if_none_match: IfNoneMatch = None) -> Response:
    """Return everything that happened to a case, in order."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number)
    if known := unchanged(found, if_none_match):
        return known
    # No farther than the version that its tag names.
    events = [
        without_listeners(without_pack(json.loads(each.body())))
        for each in queries.history(house.desk.database, found.id, found.seq)
    ]
    return as_json({"case": found.id, "events": events}, headers=tag_of(found))


@routes.get("/cases/{number}/actions", response_model=answers.ActionsOut)
def list_actions(house: At, who: Who, number: str) -> Response:
    """Return what the asker may do with a case now, with each command's form."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number)
    rows = [
        {
            "command": row.command,
            "zh": COMMANDS[row.command].zh,
            "en": COMMANDS[row.command].en,
            "event": row.event,
            "to": row.to.value if row.to else None,
            "fields": [slot.view() for slot in form(COMMANDS[row.command])],
        }
        for row in offered(house, who, found)
    ]
    return as_json({"case": found.id, "status": found.status.value, "seq": found.seq, "actions": rows})


@routes.post("/cases/{number}/commands", response_model=answers.ReceiptOut)
def perform(house: At, who: Who, number: str, ask: Ask, key: Key = None, if_match: IfMatch = None) -> Response:
    """Do something with a case. A repeated Idempotency-Key finds the receipt it had, also where the case went on."""
    require_scope(house, who, Scope.ACT)
    case_of(house, who, number)
    kind = COMMANDS.get(ask.command)
    if kind is None:
        raise UnknownCommand(command=ask.command)
    secret = {"text": ask.text} if ask.text and "sealed" in kind.model_fields else None
    version = expected(if_match)
    receipt = act(house, who, number, ask.command, ask.data, key=key, door="api", secret=secret, expected=version)
    found = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, found), headers=tag_of(found))


@routes.get("/cases/{number}/why", response_model=answers.WhyOut)
def why(house: At, who: Who, number: str) -> Response:
    """Return how every running due date of a case came about, line by line."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number)
    now = house.desk.moments.now()
    clocks = [
        {**clock_view(clock, now), "derivation": [step._asdict() for step in steps]}
        for clock, steps in derived(house, who, found)
    ]
    return as_json({"case": found.id, "policy": found.policy, "clocks": clocks})


@routes.post("/cases/{number}/identity", response_model=answers.OpenedOut)
def identity(house: At, who: Who, number: str, ask: Opening) -> Response:
    """Open what is under seal: few may, each time with a reason, and each opening is kept in the access log."""
    require_scope(house, who, Scope.IDENTITY)
    case = may_open(house, who, number)
    erased = Flag.ERASED in case.flags
    return as_json({"case": case.id, "erased": erased, "sealed": opened(house, who, case, ask.reason.value, ask.ref)})


@routes.post("/cases/{number}/attachments", status_code=201, response_model=answers.AttachmentOut)
def attach(house: At, who: Who, number: str, file: UploadFile) -> Response:
    """Bring a file to a case. The answer's ``sha256`` is what a command's ``evidence`` names it by."""
    require_scope(house, who, Scope.ACT)
    case = may_bring(house, who, number)
    taken = keeper(house, who, case)(file, "file")
    found = house.files.find(case, taken.sha256)
    assert found is not None  # noqa: S101 - it was kept just now
    return as_json(attachment_view(found), 201, {"Location": f"/api/v1/cases/{case}/attachments/{taken.sha256}"})


@routes.get("/cases/{number}/attachments", response_model=answers.AttachmentsOut)
def attachments(house: At, who: Who, number: str) -> Response:
    """List the files of a case."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number)
    return as_json({"case": found.id, "attachments": [attachment_view(each) for each in house.files.every(found.id)]})


@routes.get("/cases/{number}/attachments/{sha256}", response_class=Response, responses=FILE)
def attachment(house: At, who: Who, number: str, sha256: str) -> Response:
    """Return a file. What the petitioner brought is opened by few, and each opening is kept."""
    require_scope(house, who, Scope.READ)
    return sent_file(house, file_of(house, who, number, sha256))


@routes.get("/storms", response_model=matter_answers.StormsOut)
def storms(house: At, who: Who) -> Response:
    """Return the matters whose filings are watched, storms first, each with its filings and the thresholds crossed."""
    require_scope(house, who, Scope.READ)
    return as_json({"storms": [storm_view(each) for each in watches_of(house, who)]})


@routes.get("/sites", response_model=matter_answers.SitesOut)
def sites(
    house: At,
    who: Who,
    *,
    q: Annotated[str, Query(max_length=100, description="words of the name, other names, place or number")] = "",
    trade: Annotated[str, Query(max_length=100, description="only those of a trade")] = "",
) -> Response:
    """Return the newest 200 sites, each with the numbers of the petitions there and its enforcement.

    What is there, and every other site, is changed by commands and read like a case.
    """
    require_scope(house, who, Scope.READ)
    return as_json({"sites": [site_view(each) for each in sites_of(house, who, q, trade)]})


@routes.post("/sites", status_code=201, response_model=answers.ReceiptOut)
def register_site(house: At, who: Who, new: NewSite, key: Key = None) -> Response:
    """Put a site into the ledger."""
    require_scope(house, who, Scope.ACT)
    receipt = act(house, who, None, "register_site", new.data, key=key, door="api")
    case = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, case), 201, {"Location": f"/api/v1/cases/{case.id}"})


@routes.get("/figures", response_model=answers.FiguresOut)
def figures(house: At, who: Who) -> Response:
    """Return the counts a leader asks for first."""
    require_scope(house, who, Scope.READ)
    require(house, who, Sight.FIGURES)
    now = house.desk.moments.now()
    return as_json({**figures_view(queries.figures(house.desk.database, now)), "now": instant(now)})


@routes.get("/statistics", response_model=answers.StatisticsOut)
def statistics(
    house: At,
    who: Who,
    *,
    since: Annotated[
        Day | None, Query(alias="from", description="first legal day; ninety days before the last")
    ] = None,
    until: Annotated[Day | None, Query(alias="to", description="last legal day; today")] = None,
    by: By = By.UNIT,
    against: Annotated[Against, Query(description="what the period is compared with")] = Against.BEFORE,
) -> Response:
    """Return a period's figures, those it is compared with, and side by side. docs/statistics.md defines them."""
    require_scope(house, who, Scope.READ)
    now = house.desk.moments.now()
    period = period_of(str(since or ""), str(until or ""), legal_day(now))
    shown = counted(house, who, period, against)
    points: list[JsonValue] = [
        {"from": str(each.first), "to": str(each.last), "received": each.received, "closed": each.closed}
        for each in shown.points
    ]
    days = {"from": shown.against.first.isoformat(), "to": shown.against.last.isoformat()}
    return as_json(
        {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "now": instant(now),
            "figures": tally_view(shown.this),
            "against": against.value,
            "before": {**days, **tally_view(shown.was)},
            "by": by.value,
            "groups": [
                {by.value: each.name, **tally_view(each.this), "before": tally_view(each.was)}
                for each in shown.sides[by]
            ],
            "trend": points,
            "ages": [{"from": low, "to": high, "open": count} for low, high, count in shown.ages],
        }
    )


@routes.get("/me", response_model=answers.MeOut)
def me(who: Who) -> Response:
    """Return who asks; ``csrf`` is what a browser's call sends back as X-CSRF-Token."""
    return as_json(
        {
            "person": who.person.id,
            "name": who.person.name,
            "unit": who.person.unit,
            "roles": [role.value for role in who.person.roles],
            "scopes": None if who.scopes is None else sorted(who.scopes),
            "csrf": who.csrf or None,
        }
    )
