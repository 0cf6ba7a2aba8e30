"""The list: filtered by its address, kept as views, exported, and worked on many cases at once."""

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.access.log import Deed
from adapters.case_list import as_xlsx
from adapters.naming import unit_id
from adapters.paging import Order, farthest
from adapters.paging import page as a_page
from adapters.statistics import span
from adapters.words import left, term_of
from models.commands import COMMANDS
from models.permissions import Reach, Sight
from models.refusals import Malformed, Refused, UnknownCommand
from models.statistics import Period
from models.vocabulary import NO_CASES, Kind, Role, Status, Tie
from web.dashboard import as_day
from web.house import House, house_of
from web.pages import page, with_query
from web.people import Visitor, check_form, sent, text, visitor
from web.problems import trouble_of
from web.reading import act, case_of, errands, lying_in, seen, within

routes = APIRouter(include_in_schema=False)
LINES: Final = 25
"""Cases on a page of the list."""
EXPORTED: Final = 20_000
"""Cases in a table that is exported, the oldest first."""
BULK: Final = {"assign": (Role.DISPATCHER,), "reassign": (Role.DISPATCHER,), "urge": (Role.DISPATCHER, Role.LEADER)}
"""What may be done with many cases at once, and by whom it is offered; the lifecycle decides for each case."""
FIELDS: Final = {"assign": ("unit", "handler"), "reassign": ("unit", "handler"), "urge": ("text",)}
ASKED: Final = (
    *("q", "status", "kind", "unit", "order", "overdue", "open", "campaign", "hand", "cursor"),
    *("channel", "type", "from", "to", "closed_from", "closed_to", "done", "ended", "awaits", "township", "tie"),
)
"""What the list's address may say."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/cases")
def cases(request: Request, house: At, who: Who) -> Response:
    """Show the list; what it is filtered by stands in its address."""
    query = asked_of(request)
    now, database = house.desk.moments.now(), house.desk.database
    order = term_of(Order, query["order"]) or Order.NEWEST
    narrowed = within(house, who, wanted_of(house, who, query))
    found = a_page(database, narrowed, order=order, after=query["cursor"] or None, limit=LINES, counting=True)
    given = {
        "cases": seen(house, who, found.cases),
        "following": found.following,
        "total": found.total,
        "counted": farthest(narrowed),
        "query": query,
        "order": order,
        "orders": list(Order),
        "kinds": [Kind.PETITION, Kind.RECTIFICATION],
        "statuses": [each for each in Status if each not in NO_CASES],
        "ties": list(Tie),
        "channels": sorted(who.world.newest.channels.items()),
        "everywhere": who.sees(Sight.CASES) is Reach.ALL,
        "views": house.views.of(who.actor.id),
        "view": with_query(query, cursor=None),
        "may_share": Role.LEADER in who.actor.roles or Role.DISPATCHER in who.actor.roles,
        "bulk": [each for each in BULK if set(BULK[each]) & set(who.actor.roles)],
        "bulk_words": {each: (COMMANDS[each].zh, COMMANDS[each].en) for each in BULK},
        "people": who.world.organisation.people if who.world.organisation else (),
        "units": who.world.organisation.units if who.world.organisation else (),
        "key": str(uuid.uuid4()),
        "most": EXPORTED,
        "errands": {each: (COMMANDS[each].zh, COMMANDS[each].en) for each in errands(who)},
        "now": now,
        "left": left,
    }
    return page(request, "list.html", given, who=who)


def asked_of(request: Request) -> dict[str, str]:
    """Return what a list's address asks for, every part there."""
    return {name: request.query_params.get(name, "").strip()[:400].replace("\0", "") for name in ASKED}


def wanted_of(house: House, who: Visitor, query: Mapping[str, str]) -> queries.Filter:
    """Return the filter that a list's address says."""
    now = house.desk.moments.now()
    return queries.Filter(
        kind=term_of(Kind, query["kind"]),
        status=term_of(Status, query["status"]),
        unit=unit_id(who.world, query["unit"]) if query["unit"] else None,
        campaign=query["campaign"] or None,
        overdue_at=now if query["overdue"] else None,
        is_open=True if query["open"] else None,
        words=query["q"] or None,
        hand=query["hand"] or None,
        channel=query["channel"] or None,
        type=query["type"] or None,
        registered=span_of_days(query["from"], query["to"]),
        closed=span_of_days(query["closed_from"], query["closed_to"]),
        done=True if query["done"] else None,
        ended=bool(query["ended"]),
        awaits=query["awaits"] or None,
        areas=lying_in(house, who, query["township"]),
        tie=term_of(Tie, query["tie"]),
    )


def span_of_days(first: str, last: str) -> queries.Span | None:
    """Return the instants from one legal day to another; where only one is named, to the end or from the beginning."""
    days = [as_day(first), as_day(last)]
    if not any(days):
        return None
    return span(Period(days[0] or date(1901, 1, 1), days[1] or date(2999, 12, 31)))


# ── a table to keep ──


@routes.get("/cases/export.xlsx")
def export(request: Request, house: At, who: Who) -> Response:
    """Give what the list shows as a table; that it left the house is kept."""
    query = asked_of(request)
    narrowed = within(house, who, wanted_of(house, who, query))
    held = io.BytesIO()
    cases = seen(house, who, queries.listed(house.desk.database, narrowed, EXPORTED))
    rows = as_xlsx(held, who.world, cases, house.desk.moments.now(), who.lang)
    # How the list was searched may be a name: it is not kept.
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="list", why=f"xlsx {rows}")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(held.getvalue(), 200, {"Content-Disposition": 'attachment; filename="cases.xlsx"'}, kind)


# ── views ──


@routes.post("/views/keep")
def keep_view(house: At, who: Who, form: Form) -> Response:
    """Keep a list under a name: for oneself, or by leaders and dispatchers for everybody.

    Raises:
        Malformed: it has no name.
    """
    check_form(form, who.csrf)
    name, query = text(form, "name")[:60], text(form, "query")[:1000]
    if not name:
        raise Malformed(field="name", why="必填 / needed")
    shared = bool(form.get("shared")) and bool({Role.LEADER, Role.DISPATCHER} & set(who.actor.roles))
    house.views.keep(who.actor.id, name, query, shared=shared)
    return RedirectResponse(f"/cases?{query}", 303)


@routes.post("/views/drop")
def drop_view(house: At, who: Who, form: Form) -> Response:
    """Forget a view of one's own."""
    check_form(form, who.csrf)
    house.views.drop(who.actor.id, text(form, "id"))
    return RedirectResponse("/cases", 303)


# ── many at once ──


@dataclass(frozen=True)
class Came:
    """What came of a command for one case: done, or why not."""

    case: str
    done: bool
    why: tuple[str, str] = ("", "")


@routes.post("/bulk/{command}")
def bulk(request: Request, house: At, who: Who, form: Form, command: str) -> Response:
    """Give one command to many cases, each for itself: what is refused for one keeps no other back.

    Raises:
        UnknownCommand: this is not done with many at once.
    """
    check_form(form, who.csrf)
    if command not in BULK:
        raise UnknownCommand(command=command)
    key = text(form, "key")[:40] or str(uuid.uuid4())
    chosen = [value for value in dict.fromkeys(form.getlist("case")) if isinstance(value, str)][:LINES]
    data: dict[str, JsonValue] = {name: text(form, name) for name in FIELDS[command] if text(form, name)}
    came = [_one(house, who, case, command, data, f"{key}.{place}") for place, case in enumerate(chosen)]
    given = {
        "came": came,
        "words": (COMMANDS[command].zh, COMMANDS[command].en),
        "back": text(form, "back")[:1000],
        "done": sum(each.done for each in came),
    }
    return page(request, "bulk.html", given, who=who)


def _one(house: House, who: Visitor, case: str, command: str, data: Mapping[str, JsonValue], key: str) -> Came:
    try:
        found = case_of(house, who, case)
        COMMANDS[command].model_validate(data)
        act(house, who, found.id, command, data, key=key, door="console")
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        return Came(case[:64], False, (trouble.zh, trouble.en))
    return Came(found.id, True)
