"""Patrols and weather stations for programs: what is owed until when, the weather there; opened by a call.

A patrol is recorded, and the weather told, by the commands ``record_patrol`` and ``observe_weather`` of the case.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from adapters import queries
from adapters.access.tokens import Scope
from adapters.patrols import stations as all_stations
from adapters.views import patrol_view, receipt_view, station_view
from models.patrol_commands import OpenPatrol, RegisterStation
from models.permissions import Sight
from web.answers import ListedOut, Out, ReceiptOut
from web.api import Key, as_json
from web.house import House, house_of
from web.patrols import patrols_of
from web.people import Visitor, caller, require, require_scope
from web.reading import act

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class NewPatrol(BaseModel):
    """A patrol as it is opened: the fields of ``open_patrol``."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, JsonValue] = Field(description="title, place, unit, handler, leader, station, site, summary")


class NewStation(BaseModel):
    """A weather station as it is registered: the fields of ``register_station``."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, JsonValue] = Field(description="title, place, spot, summary")


class SlotOut(Out):
    """A slot: from when to when, by which rules, what became of it, when and by whom somebody was there."""

    begin: AwareDatetime
    end: AwareDatetime
    wet: bool
    ended: str | None
    at: AwareDatetime | None
    by: str | None
    sound: bool


class PatrolOut(ListedOut):
    """A patrol: the slot that is owed, those that ended last, how many were patrolled and missed in all."""

    title: str
    site: str | None
    station: str | None
    leader: str | None
    sky: str | None
    slot: SlotOut | None
    slots: list[SlotOut]
    slots_done: int
    slots_missed: int
    patrolled_at: AwareDatetime | None


class PatrolsOut(Out):
    """The patrols, the slot that ends first before the others."""

    patrols: list[PatrolOut]


class ObservationOut(Out):
    """What was seen, when, by whom or what; ``mm`` of rain in the hour."""

    at: AwareDatetime
    sky: str
    source: str
    mm: float | None


class StationOut(Out):
    """A weather station: the weather there now, what was told last, how many cases go by it."""

    station: str
    title: str
    place: str
    spot: str
    observed: ObservationOut | None
    observations: list[ObservationOut]
    listeners: int


class StationsOut(Out):
    """The weather stations, in the order in which they were registered."""

    stations: list[StationOut]


@routes.get("/patrols", response_model=PatrolsOut)
def patrols(
    house: At, who: Who, *, q: Annotated[str, Query(max_length=100, description="words of the name or place")] = ""
) -> Response:
    """Return the patrols."""
    require_scope(house, who, Scope.READ)
    require(house, who, Sight.CASES)
    return as_json({"patrols": [patrol_view(each) for each in patrols_of(house, who, q)]})


@routes.post("/patrols", status_code=201, response_model=ReceiptOut)
def open_patrol(house: At, who: Who, new: NewPatrol, key: Key = None) -> Response:
    """Open a patrol."""
    require_scope(house, who, Scope.ACT)
    receipt = act(house, who, None, OpenPatrol.name, new.data, key=key, door="api")
    case = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, case), 201, {"Location": f"/api/v1/cases/{case.id}"})


@routes.get("/stations", response_model=StationsOut)
def stations(house: At, who: Who) -> Response:
    """Return the weather stations with the weather there."""
    require_scope(house, who, Scope.READ)
    require(house, who, Sight.CASES)
    return as_json({"stations": [station_view(each) for each in all_stations(house.desk.database)]})


@routes.post("/stations", status_code=201, response_model=ReceiptOut)
def register_station(house: At, who: Who, new: NewStation, key: Key = None) -> Response:
    """Register a weather station."""
    require_scope(house, who, Scope.ACT)
    receipt = act(house, who, None, RegisterStation.name, new.data, key=key, door="api")
    case = queries.case(house.desk.database, receipt.case)
    return as_json(receipt_view(receipt, case), 201, {"Location": f"/api/v1/cases/{case.id}"})
