"""Calendars, for administrators: the days of a year as they count, and a year's table checked, tried and taken in."""

import calendar as civil
import secrets
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from adapters.calendar_files import CalendarFileError, Change, Note, Tables, changes, read_tables
from adapters.calendar_publishing import Publishing, publishing
from adapters.recounting import Foreseen, Recounting, foresee
from models.calendars import Calendar, Year
from models.counting import legal_day
from models.permissions import Sight
from models.policy_words import Words
from models.refusals import Malformed, Refused, Unknown
from models.standing import check_name, stream_of
from models.standing_refusals import EveryDay
from models.vocabulary import Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.reading import act

routes = APIRouter(include_in_schema=False)
LARGEST: Final = 2**20
"""Bytes of a file with a year's table."""
STATUTORY: Final = "statutory"
WEEKEND: Final = 5
YEAR: Final = 4

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Brought:
    """A file with tables as it was sent: chosen, or carried along by the page that told what it means."""

    name: str
    content: bytes
    found: Tables

    @property
    def carried(self) -> str:
        """The content as a page carries it."""
        return b64encode(self.content).decode()


@dataclass(frozen=True)
class Preview:
    """What a file says and what taking it in would mean; ``mark`` proves that its sender was told."""

    calendar: str
    brought: Brought
    differing: Sequence[tuple[Year, Sequence[Change]]]
    isnew: bool
    mark: str
    meaning: Foreseen


@routes.get("/admin/calendars")
def calendars(request: Request, house: At, who: Who) -> Response:
    """Show the calendars in force, one year of one of them day by day, and the form for a year's table."""
    require(house, who, Sight.ACCOUNTS)
    return _page(request, house, who)


@routes.post("/admin/calendars")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Tell what a file would mean, and take it in through the door once its sender was told just that."""
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    name = text(form, "calendar").strip()
    known = who.world.calendars.get(name)
    try:
        brought = _read(form)
        meant = publishing(name, known, brought.found)
        check_name(name)
        if known and known.every_day and brought.found.years:
            raise EveryDay(name=name)
    except (CalendarFileError, Refused, ValidationError) as fault:
        why = fault if isinstance(fault, CalendarFileError) else trouble_of(fault)
        return _page(request, house, who, 422, said=(why.zh, why.en))
    if not brought.found.years and not brought.found.week:
        said = "文件中没有可用的安排。", "There is nothing in the file that can be used."
        return _page(request, house, who, 422, said=said, notes=brought.found.notes)
    if meant is None:
        return _page(request, house, who, said=("与现行安排一致，未作改动。", "It is so already; nothing was done."))
    preview = _preview(house, who, name, known, brought, meant)
    if not _told(form, preview):
        return _page(request, house, who, preview=preview)
    stream = stream_of(Kind.CALENDAR, name)
    try:
        act(house, who, stream, meant.command, meant.data, key=text(form, "key")[:60] or None, door="console")
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        return _page(request, house, who, trouble.status, said=(trouble.zh, trouble.en), preview=preview)
    year = meant.tables[-1].year if meant.tables else ""
    return RedirectResponse(f"/admin/calendars?name={quote(name)}&year={year}&done=1", 303)


def _told(form: FormData, preview: Preview) -> bool:
    """Tell whether a form comes from the page that told what it means, and says yes to what is doubtful."""
    if not secrets.compare_digest(text(form, "mark").encode("utf-8", "replace"), preview.mark.encode()):
        return False
    return preview.brought.found.sound or bool(text(form, "doubtful"))


def _named(who: Visitor, name: str) -> Calendar:
    found = who.world.calendars.get(name)
    if found is None:
        raise Unknown(case=name[:64])
    return found


def _read(form: FormData) -> Brought:
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        name, content = upload.filename, upload.file.read(LARGEST + 1)
    elif carried := text(form, "carried"):
        try:
            name, content = text(form, "named"), b64decode(carried, validate=True)
        except ValueError:
            raise Malformed(field="file", why="请重新选择文件 / choose the file again") from None
    else:
        raise Malformed(field="file", why="请选择文件 / choose a file")
    if len(content) > LARGEST:
        raise Malformed(field="file", why="超过 1 MB / more than 1 MB")
    with TemporaryDirectory() as folder:
        # What it is, it says itself; the name only tells a calendar of appointments from a table.
        path = Path(folder) / f"table{'.ics' if name.lower().endswith('.ics') else '.toml'}"
        path.write_bytes(content)
        return Brought(name, content, read_tables(path, source=Path(name).name[:100]))


def _preview(
    house: House, who: Visitor, name: str, known: Calendar | None, brought: Brought, meant: Publishing
) -> Preview:
    """Return what a file would mean; where the calendar changes meanwhile, so does its mark, and it is told anew."""
    world = replace(who.world, calendars={**who.world.calendars, name: meant.after})
    at, what = house.desk.moments.now(), Recounting("recount", {"why": "试算"})
    before = known or Calendar(name=name, years={})
    of = "/".join([name, before.model_dump_json(), sha256(brought.content).hexdigest(), who.csrf])
    return Preview(
        calendar=name,
        brought=brought,
        differing=[(table, changes(before, table)) for table in brought.found.years],
        isnew=known is None,
        mark=sha256(of.encode("utf-8", "replace")).hexdigest(),
        meaning=foresee(house.desk.database, world, what, at),
    )


def _page(
    request: Request,
    house: House,
    who: Visitor,
    status: int = 200,
    *,
    said: Words | str = "",
    notes: Sequence[Note] = (),
    preview: Preview | None = None,
) -> Response:
    today = legal_day(house.desk.moments.now())
    shown = _named(who, request.query_params.get("name") or STATUTORY)
    asked = request.query_params.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == YEAR and 1949 <= int(asked) <= 9000 else today.year
    given = {
        "calendars": [each for _, each in sorted(who.world.calendars.items())],
        "shown": shown,
        "year": year,
        "years": range(min(shown.years, default=today.year), max([*shown.years, today.year + 1]) + 1),
        "published": year in shown.years or shown.every_day,
        "months": [_month(shown, year, month) for month in range(1, 13)],
        "today": today,
        "now": house.desk.moments.now(),
        "said": said,
        "notes": notes,
        "preview": preview,
        "done": request.query_params.get("done", ""),
        "key": str(uuid.uuid4()),
    }
    return page(request, "calendars.html", given, who=who, status=status)


def _month(shown: Calendar, year: int, month: int) -> list[list[tuple[int, str, str]]]:
    """Return a month's weeks: for each day its number, ``off``, ``made`` or nothing, and why nobody works."""
    weeks = civil.Calendar(civil.MONDAY).monthdayscalendar(year, month)
    return [[_day(shown, date(year, month, day)) if day else (0, "", "") for day in week] for week in weeks]


def _day(shown: Calendar, day: date) -> tuple[int, str, str]:
    works, weekend = shown.works(day), day.weekday() >= WEEKEND
    kind = "made" if works and weekend else "off" if not works and not weekend else "rest" if not works else ""
    return day.day, kind, (shown.why_off(day) or "") if kind == "off" else ""
