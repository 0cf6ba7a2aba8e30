"""Monitors' readings in the console: a CSV file, rehearsed first; every row's fate, and what cannot be used."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from adapters.access.log import Deed
from adapters.monitoring import DAYS, LONGEST_FILE, MonitoringReport, ReadingFate, csv_readings, take_readings
from adapters.spreadsheets.doubts import SheetError
from models.refusals import Malformed, NotForYou, Refused
from models.site_commands import ReportAnomaly
from models.vocabulary import Kind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import may

routes = APIRouter(include_in_schema=False)
SHOWN: Final = 30
"""Rows of each sort on the page."""
LONGEST: Final = 365
"""Days to put something right at most."""
PART: Final = 2**20

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def admit(house: House, who: Visitor) -> None:
    """Let in whoever reports anomalies and notes what follows; a denial is kept.

    Raises:
        NotForYou: they do not.
    """
    if not (may(who, Kind.SITE, ReportAnomaly.name) and may(who, Kind.SITE, "note")):
        house.log.tell(who.actor.id, Deed.ACT, granted=False, about="monitoring", why="职责 role")
        raise NotForYou(person=who.actor.id, what=ReportAnomaly.zh, what_en=ReportAnomaly.en)


def days_of(said: str) -> int:
    """Return in how many days a problem is to be put right.

    Raises:
        Malformed: it is no number of days from 1 to a year.
    """
    if not said:
        return DAYS
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:6]) <= LONGEST):
        raise Malformed(field="days", why=f"应为 1 至 {LONGEST} 天 / 1 to {LONGEST} days")
    return int(said)


@routes.get("/monitoring")
def monitoring_page(request: Request, house: At, who: Who) -> Response:
    """Ask for readings."""
    admit(house, who)
    return _shown(request, who)


@routes.post("/monitoring")
def bring(request: Request, house: At, who: Who, form: Form) -> Response:
    """Tell what would become of each reading, or (``deed=import``) open problems through the door."""
    check_form(form, who.csrf)
    admit(house, who)
    dry_run, via = text(form, "deed") != "import", {"door": "console"}
    try:
        days = days_of(text(form, "days").strip())
        with TemporaryDirectory(prefix="banjie-") as folder:
            path = _laid(form.get("file"), Path(folder) / "readings.csv")
            with csv_readings(path) as (cells, readings):
                told = take_readings(
                    house.desk, readings, actor=who.actor.id, days=days, dry_run=dry_run, via=via, cells=cells
                )
    except SheetError as fault:
        return _shown(request, who, Trouble(422, fault.code, fault.zh, fault.en))
    except Refused as fault:
        return _shown(request, who, trouble_of(fault))
    return _shown(request, who, told=told)


def _laid(upload: object, path: Path) -> Path:
    """Write what was sent to a file, a part at a time."""
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Malformed(field="file", why="请选择文件 / choose a file")
    taken = 0
    with path.open("wb") as file:
        while part := upload.file.read(PART):
            taken += len(part)
            if taken > LONGEST_FILE:
                raise Malformed(
                    field="file", why=f"超过 {LONGEST_FILE // PART} MB / more than {LONGEST_FILE // PART} MB"
                )
            file.write(part)
    return path


def _shown(
    request: Request, who: Visitor, trouble: Trouble | None = None, told: MonitoringReport | None = None
) -> Response:
    telling = {ReadingFate.OPENED, ReadingFate.ADDED}
    given = {
        "told": told,
        "counts": told.counts if told else {},
        "bad": told.bad[:SHOWN] if told else [],
        "abnormal": [each for each in told.fates if each.fate in telling][:SHOWN] if told else [],
        "days": DAYS,
        "said": (trouble.zh, trouble.en) if trouble else "",
    }
    return page(request, "monitoring.html", given, who=who, status=trouble.status if trouble else 200)
