"""Dispatch meetings for programs: which there are, one with its pack, a pack made; and where open cases stand."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from adapters.access.tokens import Scope
from adapters.dispatch_views import meeting_view, pack_view
from adapters.standing import standing
from models.meeting_values import Change, Count, Followed, Matter, PackRow, Series, Stand
from models.permissions import Sight
from models.vocabulary import Kind
from web.answers import Out
from web.api import Key, as_json
from web.dispatch import called, decided, laid_before, meetings_of
from web.house import House, house_of
from web.people import Visitor, caller, require, require_scope
from web.reading import case_of

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class NewMeeting(BaseModel):
    """Which meeting's pack is made: that of the series that is due, or (``ahead``) the next one's before its day."""

    model_config = ConfigDict(extra="forbid")

    series: Series
    ahead: StrictBool = False


class MadeOut(Out):
    """The meeting, null where none is owed, and whether its pack was made now."""

    meeting: str | None
    made: bool


class DecisionOut(Out):
    """What a meeting decided about a case."""

    number: int
    case: str
    text: str
    by: str
    at: datetime
    by_when: date | None


class MeetingOut(Out):
    """A meeting with its figures and what it decided about cases that the asker sees."""

    meeting: str
    series: Series
    title: str
    status: str
    meets_on: date
    covers_from: datetime
    covers_until: datetime
    figures: dict[str, int]
    decisions: list[DecisionOut]


class MeetingsOut(Out):
    """The meetings, the newest first."""

    meetings: list[MeetingOut]


class PackOut(Out):
    """A pack: its counts are of all, its rows those of cases that the asker sees."""

    since: datetime
    until: datetime
    ahead: datetime = Field(description="where the next period ends")
    counts: list[Count]
    stands: list[Stand]
    changed: list[Change]
    overdue: list[PackRow]
    upcoming: list[PackRow]
    matters: list[Matter]
    followed: list[Followed]


class WholeMeetingOut(MeetingOut):
    """A meeting with its pack; null while there is none."""

    pack: PackOut | None


class StandsOut(Out):
    """Where open cases stand now."""

    stands: list[Stand]


@routes.get("/dispatch", response_model=MeetingsOut)
def meetings(house: At, who: Who) -> Response:
    """Return the newest 60 meetings."""
    require_scope(house, who, Scope.READ)
    found = [meeting_view(each, decided(house, who, each)) for each in meetings_of(house, who)]
    return as_json({"meetings": found})


@routes.get("/dispatch/{number}", response_model=WholeMeetingOut)
def meeting(house: At, who: Who, number: str) -> Response:
    """Return a meeting with its pack; its decisions are made by ``record_decision`` on the case of its number."""
    require_scope(house, who, Scope.READ)
    found = case_of(house, who, number, Kind.DISPATCH)
    laid = laid_before(house, who, found)
    told = meeting_view(found, decided(house, who, found))
    return as_json({**told, "pack": pack_view(laid.pack, laid.sees) if laid else None})


@routes.post("/dispatch", response_model=MadeOut)
def make(house: At, who: Who, new: NewMeeting, key: Key = None) -> Response:
    """Have a pack made; it is made once, with or without a key."""
    del key
    require_scope(house, who, Scope.ACT)
    found = called(house, who, new.series.value, ahead=new.ahead, door="api")
    return as_json({"meeting": found.number, "made": found.made})


@routes.get("/flow", response_model=StandsOut)
def flow(house: At, who: Who) -> Response:
    """Return how many open cases stand at each step of the lifecycle, and how many of them are overdue."""
    require_scope(house, who, Scope.READ)
    require(house, who, Sight.FIGURES)
    found = standing(house.desk.database, house.desk.moments.now())
    return as_json({"stands": [each.model_dump(mode="json") for each in found]})
