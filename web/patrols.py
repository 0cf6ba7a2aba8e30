"""Patrols and the weather they go by: who owes a visit until when; what is observed where, by hand and from a table."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.patrols import by_number, patrols, stations
from adapters.spreadsheets.doubts import SheetError
from adapters.weather.sheet import WeatherReport, import_weather
from adapters.words import left
from models.case import Case
from models.commands import COMMANDS
from models.patrol_commands import ObserveWeather, OpenPatrol, RegisterStation
from models.permissions import Sight
from models.refusals import NotForYou, Refused
from models.vocabulary import Kind
from web.filling import Around, Choice, boxes, read, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, case_of, may, seen, within
from web.workbooks import laid

routes = APIRouter(include_in_schema=False)

SHOWN: Final = 60
"""Patrols on the page, what is owed first: the words find the others, the API and the command line have them all."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def patrols_of(house: House, who: Visitor, words: str = "") -> list[Case]:
    """Return the patrols that somebody may see, the slot that ends first before the others."""
    wanted = within(house, who, queries.Filter(kind=Kind.PATROL, words=words.replace("\0", "") or None))
    return seen(house, who, patrols(house.desk.database, wanted))


def owed_by(house: House, who: Visitor, now: datetime) -> list[Case]:
    """Return the patrols whose slot runs, that somebody makes or answers for."""
    mine = queries.Filter(kind=Kind.PATROL, hand=who.actor.id)
    found = seen(house, who, patrols(house.desk.database, mine))
    return [each for each in found if each.slot and each.slot.begin <= now]


@routes.get("/patrols")
def patrols_page(request: Request, house: At, who: Who) -> Response:
    """Show the patrols, what is owed first; open one."""
    return _patrols(request, house, who)


@routes.post("/patrols")
def open_patrol(request: Request, house: At, who: Who, form: Form) -> Response:
    """Open a patrol; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    _admit(who, Kind.PATROL, OpenPatrol.name)
    values = values_of(form)
    data = read(OpenPatrol, values)
    try:
        OpenPatrol.model_validate(data)
        receipt = act(house, who, None, OpenPatrol.name, data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _patrols(request, house, who, trouble_of(fault), values)
    return RedirectResponse(f"/cases/{quote(receipt.case)}", 303)


@routes.get("/weather")
def weather_page(request: Request, house: At, who: Who) -> Response:
    """Show the weather at every station, and since when; register one, tell the weather, take it from a table."""
    return _weather(request, house, who)


@routes.post("/weather")
def register_station(request: Request, house: At, who: Who, form: Form) -> Response:
    """Put a weather station into the register; what is not right is told, and nothing that was typed is lost."""
    check_form(form, who.csrf)
    _admit(who, Kind.STATION, RegisterStation.name)
    values = values_of(form)
    data = read(RegisterStation, values)
    try:
        RegisterStation.model_validate(data)
        act(house, who, None, RegisterStation.name, data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _weather(request, house, who, trouble_of(fault), values)
    return RedirectResponse("/weather", 303)


@routes.post("/weather/import")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Record a table's weather: tell what would be, or (``deed=import``) record it through the door."""
    check_form(form, who.csrf)
    _admit(who, Kind.STATION, ObserveWeather.name)
    try:
        with laid(form.get("file")) as path:
            dry_run = text(form, "deed") != "import"
            told = import_weather(
                house.desk, path, actor=who.actor.id, dry_run=dry_run, via={"door": "console"}
            )  # fmt: skip
    except SheetError as fault:
        return _weather(request, house, who, Trouble(422, fault.code, fault.zh, fault.en))
    except Refused as fault:
        return _weather(request, house, who, trouble_of(fault))
    return _weather(request, house, who, told=told)


@routes.get("/weather/{number}")
def station_page(house: At, who: Who, number: str) -> Response:
    """Lead to a station's page: it is a stream like a case, with its facts, forms and story."""
    return RedirectResponse(f"/cases/{quote(case_of(house, who, number, Kind.STATION).id)}", 303)


@routes.post("/weather/{number}")
def observe(request: Request, house: At, who: Who, form: Form, number: str) -> Response:
    """Tell the weather at a station, as it is now."""
    check_form(form, who.csrf)
    station = case_of(house, who, number, Kind.STATION)
    data = read(ObserveWeather, values_of(form))
    try:
        ObserveWeather.model_validate(data)
        act(house, who, station.id, ObserveWeather.name, data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        return _weather(request, house, who, trouble_of(fault))
    return RedirectResponse(f"/weather?done={ObserveWeather.name}", 303)


def station_choices(house: House) -> list[Choice]:
    """Return the weather stations as a form offers them."""
    return [(each.id, (each.title, each.title)) for each in stations(house.desk.database)]


def _admit(who: Visitor, kind: Kind, command: str) -> None:
    if not may(who, kind, command):
        raise NotForYou(person=who.actor.id, what=COMMANDS[command].zh, what_en=COMMANDS[command].en)


def _around(house: House, who: Visitor, values: dict[str, str]) -> Around:
    now = house.desk.moments.now()
    policy = who.world.policies[who.world.policy_at(now)]
    return Around(who.world.organisation, policy, None, values, stations=station_choices(house))


def _patrols(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    require(house, who, Sight.CASES)
    words = request.query_params.get("q", "")[:100]
    found = patrols_of(house, who, words)
    given = {
        "patrols": found[:SHOWN],
        "total": len(found),
        "stations": by_number(stations(house.desk.database)),
        "q": words,
        "boxes": boxes(OpenPatrol, _around(house, who, values or {})) if may(who, Kind.PATROL, OpenPatrol.name) else (),
        "values": values or {},
        "now": house.desk.moments.now(),
        "left": left,
        "key": str(uuid.uuid4()),
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "patrols.html", given, who=who, status=trouble.status if trouble else 200)


def _weather(
    request: Request,
    house: House,
    who: Visitor,
    trouble: Trouble | None = None,
    values: dict[str, str] | None = None,
    told: WeatherReport | None = None,
) -> Response:
    require(house, who, Sight.CASES)
    now = house.desk.moments.now()
    rule = who.world.policies[who.world.policy_at(now)].patrols
    around = _around(house, who, values or {})
    given = {
        "stations": stations(house.desk.database),
        "stale": now - timedelta(hours=rule.stale_hours),
        "boxes": boxes(RegisterStation, around) if may(who, Kind.STATION, RegisterStation.name) else (),
        "tells": boxes(ObserveWeather, around) if may(who, Kind.STATION, ObserveWeather.name) else (),
        "values": values or {},
        "told": told,
        "done": request.query_params.get("done", "") == ObserveWeather.name,
        "fetched": house.desk.settings.weather_url is not None,
        "key": str(uuid.uuid4()),
        "said": (trouble.zh, trouble.en) if trouble else "",
        "field": (trouble.field or "") if trouble else "",
    }
    return page(request, "weather.html", given, who=who, status=trouble.status if trouble else 200)
