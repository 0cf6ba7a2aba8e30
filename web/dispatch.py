"""Dispatch meetings (周调度、月会商): which there are; a pack made; a meeting's pack, on its page and as files."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from adapters.access.log import Deed
from adapters.dispatch import SHOWN, Convened, cases_by_number, cases_in, convene, meetings, pack_before
from adapters.dispatch_papers import PAPERS, the_flow, the_map
from adapters.dispatch_words import Laying, Papers
from adapters.words import term_of
from models.case import Case
from models.dispatch import MOST, TOLD
from models.dispatch_commands import CallMeeting
from models.meeting_values import Measured, Pack, Series
from models.permissions import Sight
from models.refusals import Malformed, NotForYou
from models.vocabulary import Kind
from web.flow import SVG
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.reading import case_of, may, seen

routes = APIRouter(include_in_schema=False)
Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]
ROWS: Final = 6
"""Rows of each part on the page, so that it opens at once anywhere; ``?all=1`` and the files have them all."""
FIGURES: Final = (Measured.RECEIVED, Measured.CLOSED, Measured.OPEN, Measured.OVERDUE, Measured.MATTERS, Measured.LATE)
"""What the list of meetings tells of each."""
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
SORTS: Final = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Laid:
    """A meeting's pack as a reader sees it: whole, in words, and which of its cases they see."""

    pack: Pack
    papers: Papers
    sees: frozenset[str]


def laid_before(house: House, who: Visitor, meeting: Case, lang: int = 0) -> Laid | None:
    """Return a meeting's pack with the rows of those cases that somebody may see; None while there is none."""
    pack = pack_before(house.desk.database, meeting)
    if pack is None:
        return None
    there = seen(house, who, cases_in(house.desk.database, pack).values())
    every = {each.id: each for each in meetings(house.desk.database)}
    cases = {each.id: each for each in there}
    return Laid(pack, Laying(who.world, cases, every, lang).papers(meeting, pack), frozenset(cases))


def meeting_around(request: Request, house: House, who: Visitor, case: Case) -> dict[str, object]:
    """Return what a meeting's page tells of its pack and of its decisions; of another case nothing."""
    rows = MOST if request.query_params.get("all") else ROWS
    if case.kind is not Kind.DISPATCH:
        return {"laid": None, "decided_seen": frozenset(), "pack_rows": rows}
    laid = laid_before(house, who, case, who.lang)
    return {"laid": laid, "decided_seen": decided(house, who, case), "pack_rows": rows}


def decided(house: House, who: Visitor, meeting: Case) -> frozenset[str]:
    """Return the cases of a meeting's decisions that somebody may see."""
    numbers = {each.case for each in meeting.decisions}
    return frozenset(each.id for each in seen(house, who, cases_by_number(house.desk.database, numbers).values()))


def meetings_of(house: House, who: Visitor) -> list[Case]:
    """Return the meetings that somebody may see, the newest first.

    Raises:
        NotForYou: they see no cases at all.
    """
    require(house, who, Sight.CASES)
    return seen(house, who, meetings(house.desk.database, limit=SHOWN))


def called(house: House, who: Visitor, series: str, *, ahead: bool, door: str) -> Convened:
    """Call a series' meeting in somebody's name, and have its pack made.

    Raises:
        Malformed: there is no such series.
        NotForYou: they call no meetings.
    """
    found = term_of(Series, series)
    if found is None:
        raise Malformed(field="series", why="weekly, monthly")
    if not may(who, Kind.DISPATCH, CallMeeting.name):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, about="dispatch", why=f"{CallMeeting.name}: not_for_you")
        raise NotForYou(person=who.actor.id, what=CallMeeting.zh, what_en=CallMeeting.en)
    return convene(house.desk.door, found, actor=who.actor.id, ahead=ahead, via={"door": door})


@routes.get("/dispatch")
def dispatch_page(request: Request, house: At, who: Who) -> Response:
    """Show the meetings with their figures; and have a pack made."""
    return _list(request, house, who)


@routes.post("/dispatch")
def make(request: Request, house: At, who: Who, form: Form) -> Response:
    """Have the pack made that is due, or the next one ahead of its day; and go to it."""
    check_form(form, who.csrf)
    made = called(house, who, text(form, "series"), ahead=text(form, "when") == "next", door="console")
    if made.number is None:
        return _list(request, house, who, owed=False)
    return RedirectResponse(f"/cases/{quote(made.number)}", 303)


def _list(request: Request, house: House, who: Visitor, *, owed: bool = True) -> Response:
    found = meetings_of(house, who)
    given = {
        "meetings": [(each, {count.name: count.value for count in each.counts}) for each in found],
        "told": FIGURES,
        "series": list(Series),
        "makes": may(who, Kind.DISPATCH, CallMeeting.name),
        "owed": owed,
    }
    return page(request, "dispatch.html", given, who=who)


def _laid(house: House, who: Visitor, number: str, lang: int = 0) -> Laid:
    found = laid_before(house, who, case_of(house, who, number, Kind.DISPATCH), lang)
    if found is None:
        raise HTTPException(404)
    return found


@routes.get("/dispatch/{number}.{ending}")
def file(house: At, who: Who, number: str, ending: str) -> Response:
    """Give a meeting's pack as DOCX, XLSX, or all of it as ZIP; that it left the house is kept.

    Raises:
        HTTPException: there is no such sort of file, or no pack yet.
    """
    if ending not in PAPERS:
        raise HTTPException(404)
    found = _laid(house, who, number)
    organisation = who.world.organisation
    held = PAPERS[ending](found.papers, organisation.name if organisation else "")
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=number, why=ending)
    return Response(held, 200, {"Content-Disposition": f'attachment; filename="{number}.{ending}"'}, SORTS[ending])


@routes.get("/dispatch/{number}/{drawing}.svg")
def drawing(house: At, who: Who, number: str, drawing: str) -> Response:
    """Give a drawing of a meeting's pack: ``map``, or ``flow-petition`` and ``flow-rectification``.

    Raises:
        HTTPException: there is no such drawing, or no pack yet.
    """
    flows = {f"flow-{kind.value}": kind for kind in TOLD}
    if drawing != "map" and drawing not in flows:
        raise HTTPException(404)
    made = _laid(house, who, number, who.lang).papers
    svg = the_map(made) if drawing == "map" else the_flow(made, flows[drawing])
    return Response(svg, 200, {"Cache-Control": "no-store"}, SVG)
