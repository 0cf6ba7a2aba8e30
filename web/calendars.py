"""Calendars, for administrators: the days of a year as they count, and a year's table checked, tried and taken in."""

import calendar as civil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData, UploadFile

from adapters.calendar_files import CalendarFileError, Change, Tables, changes, read_tables
from adapters.recounting import Foreseen, Recounting, foresee
from models.calendars import Calendar, Year
from models.counting import legal_day
from models.permissions import Sight
from models.policy_words import Words
from models.refusals import Malformed, Refused, Unknown
from models.standing import stream_of
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

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Preview:
    """What a file says and what taking it in would mean."""

    found: Tables
    differing: Sequence[tuple[Year, Sequence[Change]]]
    meaning: Foreseen | None = None


@routes.get("/admin/calendars")
def calendars(request: Request, house: At, who: Who) -> Response:
    """Show the calendars in force, one year of one of them day by day, and the form for a year's table."""
    require(house, who, Sight.ACCOUNTS)
    return _page(request, house, who)


@routes.post("/admin/calendars")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Check a file and tell what it would mean (``deed=try``), or take it in through the door (``deed=import``)."""
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    name = text(form, "calendar")
    known = _named(who, name)
    try:
        found = _read(form)
    except (CalendarFileError, Malformed) as fault:
        return _page(request, house, who, 422, said=(fault.zh, fault.en))
    tables = [table for table in found.years if known.years.get(table.year) != table]
    preview = Preview(found, [(table, changes(known, table)) for table in found.years])
    if not found.sound:
        said = "有存疑之处，请改正后再导入。", "Something is doubtful; put it right first."
        return _page(request, house, who, 422, said=said, preview=preview)
    if not tables:
        return _page(request, house, who, said=("与现行安排一致，未作改动。", "It is so already; nothing was done."))
    if text(form, "deed") != "import":
        return _page(request, house, who, preview=_meaning(house, who, known, tables, preview))
    told: dict[str, JsonValue] = {"tables": [table.model_dump(mode="json") for table in tables]}
    try:
        act(house, who, stream_of(Kind.CALENDAR, name), "publish_table", told, key=None, door="console")
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        return _page(request, house, who, trouble.status, said=(trouble.zh, trouble.en), preview=preview)
    return RedirectResponse(f"/admin/calendars?name={name}&year={tables[-1].year}&done=1", 303)


def _named(who: Visitor, name: str) -> Calendar:
    found = who.world.calendars.get(name)
    if found is None:
        raise Unknown(case=name[:64])
    return found


def _read(form: FormData) -> Tables:
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Malformed(field="file", why="请选择文件 / choose a file")
    content = upload.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Malformed(field="file", why="超过 1 MB / more than 1 MB")
    with TemporaryDirectory() as folder:
        # What it is, it says itself; the name only tells a calendar of appointments from a table.
        path = Path(folder) / f"table{'.ics' if upload.filename.lower().endswith('.ics') else '.toml'}"
        path.write_bytes(content)
        return read_tables(path, source=Path(upload.filename).name[:100])


def _meaning(house: House, who: Visitor, known: Calendar, tables: Sequence[Year], preview: Preview) -> Preview:
    """Return the preview with the open cases whose due dates would move."""
    after = known
    for table in tables:
        after = after.with_year(table)
    world = replace(who.world, calendars={**who.world.calendars, known.name: after})
    at = house.desk.moments.now()
    meaning = foresee(house.desk.database, world, Recounting("recount", {"why": "试算"}), at)
    return replace(preview, meaning=meaning)


def _page(
    request: Request,
    house: House,
    who: Visitor,
    status: int = 200,
    *,
    said: Words | str = "",
    preview: Preview | None = None,
) -> Response:
    today = legal_day(house.desk.moments.now())
    shown = _named(who, request.query_params.get("name") or STATUTORY)
    asked = request.query_params.get("year", "")
    year = int(asked) if asked.isdigit() and 1949 <= int(asked) <= 9000 else today.year
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
        "preview": preview,
        "done": request.query_params.get("done", ""),
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
