"""Campaigns (专项行动): which there are; the order that every day works, rehearsed first, given and lifted."""

import uuid
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import paging, queries
from adapters.campaigns import campaign_of, standing
from adapters.campaigns import campaigns as every_campaign
from adapters.naming import by_id
from adapters.public_tables import title_of_profile
from adapters.recounting import Foreseen, foresee, under_order
from adapters.words import field_words
from models.batches import VERDICTS, Of, odd_numbers, whole
from models.campaign_values import Tally
from models.case import Case
from models.commands import COMMANDS
from models.counting import legal_day
from models.decide import decide
from models.event import SWEEPS
from models.lifecycle import LIFECYCLES
from models.look_backs import to_check
from models.permissions import Reach, Sight, may_see, reach
from models.refusals import Refused
from models.standing import check_name, name_of, stream_of
from models.standing_commands import OrderAllDays
from models.vocabulary import Flag, Kind
from web.case import Tried, carried_out, forms_of
from web.files import keeper, may_bring
from web.filling import check_kept, kept_files, read, uploads_of, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, may, offered

routes = APIRouter(include_in_schema=False)
OPENS = {role for row in LIFECYCLES[Kind.CAMPAIGN] if row.command == "open_campaign" for role in row.by}
ORDER = "order_all_days"

COUNTED: Final = (
    *(Of.RECEIVED, Of.STAR, Of.MERGED, Of.PARTS, Of.VERIFIED, Of.INTERIM, Of.CLOSED, Of.SIGNED_OFF, Of.AT_ONCE),
    *(Of.OVERDUE, *VERDICTS),
)
"""What the table of days shows."""

NEWEST: Final = 10
"""So many of the newest batches stand on the page; all of them are one step away."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/campaigns")
def campaigns(request: Request, house: At, who: Who) -> Response:
    """Show the campaigns, the newest first, each with its order in force and its cases; and open one."""
    _admit(house, who)
    return _list(request, house, who)


@routes.post("/campaigns")
def open_one(request: Request, house: At, who: Who, form: Form) -> Response:
    """Open a campaign."""
    check_form(form, who.csrf)
    _admit(house, who)
    name, told = text(form, "name").strip(), {"title": text(form, "title").strip()}
    stream, key = stream_of(Kind.CAMPAIGN, name), text(form, "key")[:60]
    try:
        check_name(name)
        COMMANDS["open_campaign"].model_validate(told)
        act(house, who, stream, "open_campaign", told, key=key, door="console")
    except (Refused, ValidationError) as fault:
        return _list(request, house, who, trouble_of(fault), {"name": name, **told})
    return RedirectResponse(f"/campaigns/{quote(name)}?done=open_campaign", 303)


@routes.get("/campaigns/{name}")
def campaign(request: Request, house: At, who: Who, name: str) -> Response:
    """Show a campaign: its orders, its cases, and what may be done."""
    _admit(house, who)
    return _one(request, house, who, _stream(house, name))


@routes.post("/campaigns/{name}/do/{command}")
def do(request: Request, house: At, who: Who, form: Form, name: str, command: str) -> Response:
    """Give an order, lift it, or whatever else a campaign's rows offer."""
    check_form(form, who.csrf)
    _admit(house, who)
    stream = _stream(house, name)
    tried = carried_out(house, who, stream, command, form)
    if tried:
        return _one(request, house, who, _stream(house, name), tried)
    return RedirectResponse(f"/campaigns/{quote(name)}?done={command}", 303)


@routes.post("/campaigns/{name}/try")
def rehearse(request: Request, house: At, who: Who, form: Form, name: str) -> Response:
    """Tell what an order would mean for the campaign's open cases; what would be refused is refused now."""
    check_form(form, who.csrf)
    _admit(house, who)
    stream, values = _stream(house, name), values_of(form)
    now = house.desk.moments.now()
    try:
        may_bring(house, who, stream.id)
        if uploads_of(form):
            # Kept, so that it need not be chosen again where the order is given.
            values = kept_files(form, values, keeper(house, who, stream.id))
        data = read(OrderAllDays, values)
        check_kept(data, lambda sha256: _has(house, stream, sha256))
        command = OrderAllDays.model_validate(by_id(who.world, data))
        decide(who.world, stream, who.actor, command, now)
    except (Refused, ValidationError) as fault:
        return _one(request, house, who, stream, Tried(ORDER, values, trouble_of(fault)))
    world, what = under_order(who.world, stream, command.order)
    found = foresee(house.desk.database, world, what, now)
    return _one(request, house, who, stream, Tried(ORDER, values, Trouble(200, "", "", "")), found)


def _admit(house: House, who: Visitor) -> None:
    """Let in whoever sees cases, and whoever may open a campaign."""
    if not OPENS & set(who.actor.roles):
        require(house, who, Sight.CASES)


def _stream(house: House, name: str) -> Case:
    return campaign_of(house.desk.database, name)


def _list(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    found = every_campaign(house.desk.database)
    given = {
        "campaigns": [(name_of(each), each, _open_cases(house, each)) for each in found],
        "opens": bool(OPENS & set(who.actor.roles)),
        "trouble": trouble,
        "typed": typed or {},
        "ordered": Flag.ALL_DAYS,
        "lists": who.sees(Sight.CASES),
        "key": str(uuid.uuid4()),
    }
    return page(request, "campaigns.html", given, who=who, status=trouble.status if trouble else 200)


def _one(
    request: Request,
    house: House,
    who: Visitor,
    stream: Case,
    tried: Tried | None = None,
    found: Foreseen | None = None,
) -> Response:
    now = house.desk.moments.now()
    done = COMMANDS.get(request.query_params.get("done", ""))
    offers = {row.command for row in offered(house, who, stream)}
    days = standing(house.desk.database, stream, now)
    total = whole(days, now)
    closed = len(to_check(total.cases, stream))
    given = {
        "case": stream,
        "name": name_of(stream),
        "open": _open_cases(house, stream),
        "open_by_kind": [(each, _open_cases(house, stream, each)) for each in (Kind.PETITION, Kind.RECTIFICATION)],
        "profile": (stream.profile, title_of_profile(stream.profile)) if stream.profile else None,
        "forms": [{**each, "rehearsed": _named(each) == ORDER} for each in forms_of(house, who, stream, tried)],
        "values": tried.values if tried else {},
        "trouble": tried.trouble if tried and not found else None,
        "found": found,
        "days": days,
        "total": total,
        "of": Of,
        "counted": COUNTED,
        "tally": [(name, field_words(name), total.tally[name]) for name in Tally.model_fields],
        "odd": sum(bool(odd_numbers(each, stream)) for each in total.cases),
        "steps": [(field_words(name), days_after) for name, days_after in stream.deadlines.model_dump().items()],
        "done": (done.zh, done.en) if done else None,
        "all": reach(who.actor, Sight.CASES) is Reach.ALL,
        "today": legal_day(now),
        "brings": may(who, Kind.PETITION, "record_history"),
        "newest": days[::-1] if request.query_params.get("all") else days[::-1][:NEWEST],
        "begins": "begin_look_back" in offers and bool(closed),
        "to_check": closed,
        "key": str(uuid.uuid4()),
        "counting": any(each.rpartition(".")[2] in SWEEPS for each in stream.pending),
        "lists": who.sees(Sight.CASES),
        "ordered": Flag.ALL_DAYS in stream.flags,
        "kept": {each.scan.sha256 for each in stream.orders if each.scan and _has(house, stream, each.scan.sha256)},
        "may_read": bool(offers) and may_see(who.world, stream, who.actor, now),
        "now": now,
    }
    status = tried.trouble.status if tried else 200
    return page(request, "campaign.html", given, who=who, status=status)


def _has(house: House, stream: Case, sha256: str) -> bool:
    return house.files.find(stream.id, sha256) is not None


def _named(form: dict[str, object]) -> str:
    return str(getattr(form["command"], "name", ""))


def _open_cases(house: House, stream: Case, kind: Kind | None = None) -> str:
    found = queries.Filter(kind=kind, campaign=name_of(stream), is_open=True)
    count, most = paging.count(house.desk.database, found), paging.farthest(found)
    return str(count) if count <= most else f"{most}+"
