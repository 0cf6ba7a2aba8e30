"""Monitors' readings for programs: each opens a problem, is added to one, or is within bounds; every fate is told."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from adapters.access.tokens import Scope
from adapters.monitoring import DAYS, Reading, monitoring_view, take_readings
from web.answers import Out
from web.api import as_json
from web.house import House, house_of
from web.monitoring import LONGEST, admit
from web.people import Visitor, caller, require_scope

routes: Final = APIRouter(prefix="/api/v1")
MOST: Final = 2000

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class ReadingIn(BaseModel):
    """One reading, as texts."""

    model_config = ConfigDict(extra="forbid")

    site: str = Field(max_length=200, description="number, name or other name of a site in operation")
    time: str = Field(max_length=40, description="2026-03-01 08:00")
    parameter: str = Field(max_length=100)
    value: str = Field(max_length=40)
    unit: str = Field(default="", max_length=20)
    limit: str = Field(default="", max_length=60, description="0.5, ≤0.5, ≥5 or 6~9")
    flag: str = Field(default="", max_length=20, description="异常 / 正常, abnormal / normal; goes before the limit")


class ReadingsIn(BaseModel):
    """Readings, in their order."""

    model_config = ConfigDict(extra="forbid")

    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST)
    days: StrictInt = Field(default=DAYS, ge=1, le=LONGEST, description="days in which a problem is to be put right")
    dry_run: StrictBool = False


class ReadingOut(Out):
    """What became of a reading (from 1): opened, added, sound, known or bad; the site; why it cannot be used."""

    row: int
    fate: str
    site: str | None
    cell: str
    zh: str
    en: str


class ReadingsOut(Out):
    """The counts and each reading's fate."""

    total: int
    opened: int
    added: int
    sound: int
    known: int
    bad: int
    dry_run: bool
    fates: list[ReadingOut]


@routes.post("/monitoring", response_model=ReadingsOut)
def monitoring(house: At, who: Who, sent: ReadingsIn) -> Response:
    """Take readings in: what is out of bounds opens a problem at its site, once while that is open."""
    require_scope(house, who, Scope.ACT)
    admit(house, who)
    readings = [Reading(row, **each.model_dump()) for row, each in enumerate(sent.readings, 1)]
    told = take_readings(
        house.desk, readings, actor=who.actor.id, days=sent.days, dry_run=sent.dry_run, via={"door": "api"}, cells={}
    )
    return as_json(monitoring_view(told))
