"""A case's page: where it stands, what may be done by whoever reads it, and everything that happened."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from adapters import queries
from adapters.access.log import Deed
from adapters.attachments.store import Origin
from adapters.case_file import CaseFile, Source, as_docx, as_xlsx, case_file, who_words
from adapters.drawings.flowchart import chart, visits
from adapters.letters.forms import title_of
from adapters.letters.told import LOST, MARKS, why_words
from adapters.sites import suggested
from adapters.telling import figures_told, told
from adapters.words import clock_words, event_words, left, rung_words
from models.actions import hindrances
from models.areas import area_of
from models.case import Case
from models.commands import COMMANDS, Command
from models.counting import SHANGHAI, legal_day
from models.delivery import letters_of
from models.event import ReactionKind, Recorded
from models.evolve import evolve, fold
from models.plan_commands import AddItems
from models.refusals import Refused, UnknownCommand
from models.vocabulary import Flag, Kind, Status
from models.world import World
from web.dispatch import meeting_around
from web.files import keeper, may_bring
from web.filling import Around, boxes, check_kept, kept_files, read, uploads_of, values_of
from web.house import House, house_of
from web.matters import related
from web.pages import page
from web.patrols import station_choices
from web.people import Visitor, check_form, sent, text, visitor
from web.plans import standing_of
from web.problems import Trouble, trouble_of
from web.reading import act, case_of, derived, may, offered, seen
from web.sites import like_of, there
from web.storms import filings_of, watch_over

routes = APIRouter(include_in_schema=False)

NOT_HERE: Final = frozenset({"define_organisation", "check_alike_sites", "begin_look_back"})
"""Commands without a form: one that began empty would put an empty organisation in place of the whole one."""
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
FILES: Final[dict[str, tuple[str, Callable[[CaseFile], bytes]]]] = {
    "docx": (f"{OFFICE}.wordprocessingml.document", as_docx),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", as_xlsx),
}
"""What a case can be had as: the sort of file, and who writes it."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Line:
    """One line of a case's story: the event, its words, what it tells; ``clock`` is the one it is about, if any."""

    event: Recorded
    words: tuple[str, str]
    told: list[str]
    clock: str


def moment_of(text: str) -> datetime | None:
    """Return the moment that an address names (``2026-11-26T14:05``, legal time), None where it names none."""
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    # A minute is named whole: what happened within it had happened.
    return found if found.tzinfo else found.replace(second=59, microsecond=999_999, tzinfo=SHANGHAI)


def story(world: World, case: Case, events: Sequence[Recorded], lang: int) -> list[Line]:
    """Return a case's story from its first event on, each value that took another's place with both."""
    found: list[Line] = []
    before: Case | None = None
    for each in events:
        clock = str(each.event.said.get("clock", ""))
        found.append(Line(each, event_words(each.kind, each.event), told(world, case, each, lang, before), clock))
        before = evolve(before or Case(id=case.id, kind=case.kind, policy=each.policy), each)
    return found


@dataclass(frozen=True)
class Tried:
    """A form that was sent and not accepted: which one, what was filled in, and why not."""

    command: str
    values: Mapping[str, str]
    trouble: Trouble


def forms_of(house: House, who: Visitor, case: Case, tried: Tried | None) -> list[dict[str, object]]:
    """Return what somebody may do with a case now, as forms; the one that was tried is filled in as it was."""
    policy, which = who.world.policies[case.policy], tried.command if tried else ""
    rows = [row for row in offered(house, who, case) if row.command not in NOT_HERE]
    named = any("station" in COMMANDS[row.command].model_fields for row in rows)
    there = station_choices(house) if named else ()
    return [
        {
            "command": COMMANDS[row.command],
            "row": row,
            "boxes": boxes(
                COMMANDS[row.command],
                Around(
                    who.world.organisation,
                    policy,
                    case,
                    tried.values if tried and row.command == which else {},
                    stations=there,
                ),
            ),
            "seals": "sealed" in COMMANDS[row.command].model_fields,
            "key": str(uuid.uuid4()),
            "tried": row.command == which,
        }
        for row in rows
    ]


def _page(
    request: Request,
    house: House,
    who: Visitor,
    case: Case,
    *,
    tried: Tried | None = None,
    done: type[Command] | None = None,
) -> Response:
    world, now = who.world, house.desk.moments.now()
    events = queries.history(house.desk.database, case.id)
    then = moment_of(request.query_params.get("as_of", ""))
    past = then is not None and then < now
    if then is not None and past:
        now, events = then, [each for each in events if each.recorded_at <= then]
        case = fold(events) or case
        if not events:
            raise HTTPException(404)
    policy = world.policies[case.policy]
    known = tried.values if tried else {}
    forms = () if past else forms_of(house, who, case, tried)
    channel = policy.channels.get(case.channel)
    lines = story(world, case, events, who.lang)
    asked = {name: request.query_params.get(name, "")[:200] for name in ("by", "clock", "sort")}
    shown = [each for each in lines if asked["by"] in {"", each.event.actor} and asked["clock"] in {"", each.clock}]
    way = visits(events)
    names = {status: (status.en if who.lang else status.zh) for status in Status}
    given = {
        "case": case,
        "tally": figures_told(case.tally.model_dump(), who.lang) if case.tally else "",
        "channel": (channel.zh, channel.en) if channel else (case.channel, case.channel),
        "clocks": [(clock, clock_words(world, case, clock.name), steps) for clock, steps in derived(house, who, case)],
        "rung": lambda clock, name: rung_words(world, case, clock, name),
        "forms": forms,
        "values": known,
        "files": {each.sha256: each for each in house.files.every(case.id) if each.added_at <= now},
        "then": then if past else None,
        "from_petitioner": Origin.PETITIONER,
        "erased": Flag.ERASED in case.flags,
        "erasing": any(each.endswith(f".{ReactionKind.ERASE}") for each in case.pending),
        "letters": letters_of(events),
        "title_of": lambda name: title_of(name, "en" if who.lang else "zh"),
        "why_words": why_words,
        "marks": MARKS,
        "lost": LOST,
        "lines": shown if asked["sort"] == "old" else shown[::-1],
        "asked": asked,
        "people": [(each, who_words(world, each, who.lang)) for each in dict.fromkeys(each.actor for each in events)],
        "timed": [
            (each, clock_words(world, case, each)) for each in dict.fromkeys(each.clock for each in lines) if each
        ],
        "all_lines": len(lines),
        "who_words": lambda actor: who_words(world, actor, who.lang),
        "way": way,
        "matter": related(house, who, case),
        **_around_site(house, who, case, past=past),
        **meeting_around(request, house, who, case),
        "storm": watch_over(house, who, case) if case.kind is Kind.PETITION else None,
        "filings": filings_of(house, who, case) if case.sightings else {},
        "joins": case.kind is Kind.WATCH and len(case.sightings) > 1 and not past and may(who, Kind.PETITION, "join"),
        "joined_now": _joined(request),
        "thresholds": {each.name: (each.zh, each.en) for each in policy.storms.threshold},
        "channels": {name: (each.zh, each.en) for name, each in policy.channels.items()},
        "chart": chart(case.kind, way, names, case.id, now),
        "kept_back": [
            (COMMANDS[row.command], (why.zh, why.en))
            for row, why in (() if past else hindrances(world, case, who.actor, now))
        ],
        "petition": Kind.PETITION,
        "statuses": {status.value: status for status in Status},
        "now": now,
        "left": left,
        "said": (tried.trouble.zh, tried.trouble.en) if tried else "",
        "done": done,
    }
    return page(request, "case.html", given, who=who, status=tried.trouble.status if tried else 200)


def _around_site(house: House, who: Visitor, case: Case, *, past: bool) -> dict[str, object]:
    """Return what a page tells of sites: what is at one; which one a petition is about, or may be; like ones."""
    asks = not past and case.kind in {Kind.PETITION, Kind.PLAN}
    commands = {row.command for row in offered(house, who, case)} if asks else set()
    suggests = seen(house, who, suggested(house.desk.database, case)) if "place_at_site" in commands else []
    alike = like_of(house, who, case, everywhere=True) if "check_alike_sites" in commands else []
    here = area_of(case_of(house, who, case.site, Kind.SITE).place) if alike and case.site else ""
    return {
        "at_site": there(house, who, case) if case.kind is Kind.SITE else None,
        "standing": standing_of(house, who, case) if case.kind is Kind.PLAN else None,
        "adds_items": AddItems.name in commands,
        "fines": sum(each.fine for each in case.enforced),
        "suggested_sites": suggests,
        "like_sites": [(each, area_of(each.place) == here) for each in alike],
        "like_target": legal_day(house.desk.moments.now()) + timedelta(days=30),
        "site_key": str(uuid.uuid4()),
    }


def _joined(request: Request) -> tuple[int, int] | None:
    """Return how many were joined in one go just now, and how many were not."""
    found = [request.query_params.get(name, "")[:4] for name in ("joined", "left")]
    return (int(found[0]), int(found[1])) if all(each.isdecimal() for each in found) else None


@routes.get("/cases/{number}")
def case_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Show a case."""
    case = case_of(house, who, number)
    done = COMMANDS.get(request.query_params.get("done", ""))
    return _page(request, house, who, case, done=done)


def _file(house: House, who: Visitor, number: str) -> CaseFile:
    case = case_of(house, who, number)
    database = house.desk.database
    return case_file(
        Source(
            who.world,
            case,
            queries.history(database, case.id),
            derived(house, who, case),
            queries.letters(database, case.id),
            house.desk.moments.now(),
            who.lang,
        )
    )


@routes.get("/cases/{number}/print")
def print_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Show a case whole, as it is printed: no forms, everything open, the oldest event first."""
    return page(request, "print.html", {"file": _file(house, who, number), "number": number}, who=who)


@routes.get("/cases/{number}/file.{ending}")
def file(house: At, who: Who, number: str, ending: str) -> Response:
    """Give a case as DOCX or XLSX; that it left the house is kept.

    Raises:
        HTTPException: there is no such sort of file.
    """
    if ending not in FILES:
        raise HTTPException(404)
    made = _file(house, who, number)
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=number, why=ending)
    kind, write = FILES[ending]
    return Response(write(made), 200, {"Content-Disposition": f'attachment; filename="{number}.{ending}"'}, kind)


@routes.post("/cases/{number}/do/{command}")
def do(request: Request, house: At, who: Who, form: Form, number: str, command: str) -> Response:
    """Do something with a case; what is not right is told in the form, and nothing that was typed is lost.

    Raises:
        UnknownCommand: there is no such command.
    """
    check_form(form, who.csrf)
    case = case_of(house, who, number)
    tried = carried_out(house, who, case, command, form)
    if tried:
        # The case may have moved on meanwhile, so that the form is not offered any more: the sentence stands on top.
        return _page(request, house, who, case_of(house, who, number), tried=tried)
    return RedirectResponse(f"/cases/{case.id}?done={command}", 303)


def carried_out(house: House, who: Visitor, case: Case, command: str, form: FormData) -> Tried | None:
    """Do what a form says; return it with the reason where it was not accepted, None where it was.

    Raises:
        UnknownCommand: there is no such command.
    """
    kind = COMMANDS.get(command)
    if kind is None:
        raise UnknownCommand(command=command)
    values = values_of(form)
    words = values.get("secret.text", "")
    secret = {"text": words} if words and "sealed" in kind.model_fields else None
    try:
        if uploads_of(form):
            values = kept_files(form, values, keeper(house, who, may_bring(house, who, case.id)))
        data = read(kind, values)
        check_kept(data, lambda sha256: house.files.find(case.id, sha256) is not None)
        kind.model_validate(data)
        act(house, who, case.id, command, data, key=text(form, "key")[:60], door="console", secret=secret)
    except (Refused, ValidationError) as fault:
        return Tried(command, values, trouble_of(fault))
    return None
