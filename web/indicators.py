"""The register of indicators (考核指标): what was assessed, how much complied, by period; readings from a table."""

import uuid
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters.indicators import ReadingsReport, import_readings, indicators
from adapters.spreadsheets.doubts import SheetError
from models.case import Case
from models.indicator_commands import RegisterIndicator
from models.permissions import Sight
from models.refusals import NotForYou, Refused
from models.vocabulary import Kind
from web.filling import Around, boxes, read, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, may
from web.workbooks import laid

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 6
"""Periods of each indicator on the page, the latest; its own page has them all."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def every(house: House, who: Visitor) -> list[Case]:
    """Return the indicators to whoever sees figures.

    Raises:
        NotForYou: figures are not for them.
    """
    require(house, who, Sight.FIGURES)
    return indicators(house.desk.database)


@routes.get("/indicators")
def indicators_page(request: Request, house: At, who: Who) -> Response:
    """Show the indicators with their latest readings; register one; take readings from a table."""
    return _list(request, house, who)


@routes.post("/indicators")
def register(request: Request, house: At, who: Who, form: Form) -> Response:
    """Register an indicator; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    _admit(who)
    values = values_of(form)
    data = read(RegisterIndicator, values)
    try:
        RegisterIndicator.model_validate(data)
        key = text(form, "key")[:60] or None
        receipt = act(house, who, None, RegisterIndicator.name, data, key=key, door="console")
    except (Refused, ValidationError) as fault:
        return _list(request, house, who, trouble_of(fault), values)
    return RedirectResponse(f"/cases/{quote(receipt.case)}", 303)


@routes.post("/indicators/import")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Record a table's readings: tell what would be, or (``deed=import``) record them through the door."""
    check_form(form, who.csrf)
    _admit(who)
    try:
        with laid(form.get("file")) as path:
            dry_run, via = text(form, "deed") != "import", {"door": "console"}
            told = import_readings(house.desk, path, actor=who.actor.id, dry_run=dry_run, via=via)
    except SheetError as fault:
        return _list(request, house, who, Trouble(422, fault.code, fault.zh, fault.en))
    except Refused as fault:
        return _list(request, house, who, trouble_of(fault))
    return _list(request, house, who, told=told)


def _admit(who: Visitor) -> None:
    if not may(who, Kind.INDICATOR, RegisterIndicator.name):
        raise NotForYou(person=who.actor.id, what=RegisterIndicator.zh, what_en=RegisterIndicator.en)


def _list(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    values: dict[str, str] | None = None,
    told: ReadingsReport | None = None,
) -> Response:
    now = house.desk.moments.now()
    around = Around(who.world.organisation, who.world.policies[who.world.policy_at(now)], None, values or {})
    given = {
        "indicators": every(house, who),
        "latest": SHOWN,
        "boxes": boxes(RegisterIndicator, around) if may(who, Kind.INDICATOR, RegisterIndicator.name) else (),
        "values": values or {},
        "told": told,
        "key": str(uuid.uuid4()),
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "indicators.html", given, who=who, status=trouble.status if trouble else 200)
