"""The desk's pages: my work, the list, taking a petition in, the receipt, help."""

import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated, Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.access.log import Deed
from adapters.attachments.store import Origin
from adapters.paging import Order
from adapters.paging import page as a_page
from adapters.words import left
from models.commands import Register
from models.lifecycle import BY_COMMAND
from models.permissions import Sight
from models.refusals import NotForYou, Refused
from models.vocabulary import Kind, Role, Status
from web.files import taken_in
from web.filling import Around, boxes, read, uploads_of, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, case_of, seen

routes = APIRouter(include_in_schema=False)
WORK: Final = 25
"""Cases in each part of one's work."""
INTAKE: Final = ("channel", "place", "summary", "respondent", "types")
"""The fields of the intake form, in the order a clerk hears them."""
MORE: Final = ("star", "filings", "campaign", "named")
"""What most petitions do not need; folded away."""
SECRET: Final = ("petitioner", "contact", "text")

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/")
def work(request: Request, house: At, who: Who) -> Response:
    """Show somebody's work: what is theirs, what is their unit's, due first."""
    if who.sees(Sight.CASES) is None:
        return RedirectResponse("/accounts" if who.sees(Sight.ACCOUNTS) else "/help", 303)
    now, database = house.desk.moments.now(), house.desk.database
    own = queries.Filter(is_open=True, hand=who.actor.id)
    units = queries.Filter(is_open=True, unit=who.actor.unit)
    parts = [
        ("own", seen(who, a_page(database, own, order=Order.DUE, limit=WORK).cases), {"hand": who.actor.id}),
        ("unit", seen(who, a_page(database, units, order=Order.DUE, limit=WORK).cases), {"unit": who.actor.unit}),
    ]
    for status in _waiting(who):
        some = queries.Filter(status=status, kind=Kind.PETITION)
        found = seen(who, a_page(database, some, order=Order.DUE, limit=WORK).cases)
        parts.append((status.value, found, {"status": status.value}))
    given = {
        # What is empty gives way to what waits.
        "parts": sorted(parts, key=lambda part: not part[1]),
        "status": Status,
        "figures": queries.figures(database, now),
        "now": now,
        "left": left,
        "done": request.query_params.get("done", ""),
    }
    return page(request, "work.html", given, who=who)


def _waiting(who: Visitor) -> list[Status]:
    """Return the statuses in which cases of all units wait for somebody of these roles."""
    roles = set(who.actor.roles)
    found = []
    if roles & {Role.CLERK, Role.DISPATCHER}:
        found.append(Status.REGISTERED)
    if Role.DISPATCHER in roles:
        found.append(Status.ACCEPTED)
    if Role.REVIEWER in roles:
        found.append(Status.REVIEWING)
    return found


def _intake(
    request: Request, house: House, who: Visitor, values: Mapping[str, str], key: str, trouble: Trouble | None = None
) -> Response:
    world = who.world
    policy = world.policies[world.policy_at(house.desk.moments.now())]
    found = {box.path: box for box in boxes(Register, Around(world.organisation, policy, values=values))}
    given = {
        "boxes": [found[name] for name in INTAKE],
        "more": [found[name] for name in MORE],
        "values": values,
        "key": key,
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "intake.html", given, who=who, status=trouble.status if trouble else 200)


@routes.get("/intake")
def intake_page(request: Request, house: At, who: Who) -> Response:
    """Show the intake form to whoever may send it.

    Raises:
        NotForYou: they take no petitions in; that is kept.
    """
    if not {role for row in BY_COMMAND[Kind.PETITION, "register"] for role in row.by} & set(who.actor.roles):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, why="register")
        raise NotForYou(person=who.actor.id, what=Register.zh, what_en=Register.en)
    return _intake(request, house, who, {}, str(uuid.uuid4()))


@routes.post("/intake")
def intake(request: Request, house: At, who: Who, form: Form) -> Response:
    """Take a petition in; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    values = values_of(form)
    key = text(form, "key")[:60] or str(uuid.uuid4())
    secret = {name: values[f"secret.{name}"] for name in SECRET if values.get(f"secret.{name}")}
    data = read(Register, values)
    with ExitStack() as files:
        try:
            # Whatever is not taken is said before anything is registered.
            brought = [files.enter_context(taken_in(house, each, name)) for name, each in uploads_of(form)]
            # Each filing came by the channel of the petition itself where nothing else was said.
            Register.model_validate(data)
            receipt = act(house, who, None, "register", data, key=key, door="console", secret=secret)
        except (Refused, ValidationError) as fault:
            return _intake(request, house, who, values, key, trouble_of(fault))
        for each in brought:
            house.files.keep(receipt.case, each, by=who.actor.id, at=house.desk.moments.now(), origin=Origin.PETITIONER)
    return RedirectResponse(f"/cases/{receipt.case}/receipt", 303)


@routes.get("/cases/{number}/receipt")
def receipt(request: Request, house: At, who: Who, number: str) -> Response:
    """Show the petitioner's receipt: the number, and the code to ask after it with. For whoever takes petitions in."""
    case = case_of(house, who, number)
    require(house, who, Sight.RECEIPTS)
    code = house.desk.sealer.query_code(case.id)
    settings = house.desk.settings
    where = (settings.public_url or f"{request.base_url}public").rstrip("/") if settings.public else ""
    # Behind the "#" nothing is sent to any server, so number and code stand in no log.
    drawn = segno.make(f"{where}#{urlencode({'number': case.id, 'code': code})}", error="m") if where else None
    image = Markup(drawn.svg_inline(scale=3, border=2, title=case.id)) if drawn else ""  # noqa: S704 - drawn here
    return page(request, "receipt.html", {"case": case, "query_code": code, "where": where, "qr": image}, who=who)


@routes.get("/help")
def help_page(request: Request, who: Who) -> Response:
    """Show what is where."""
    return page(request, "help.html", {}, who=who)
