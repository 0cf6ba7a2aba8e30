"""The year's working report in the console and over the API: every figure leads to the cases behind it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from adapters.access.log import Deed
from adapters.access.tokens import Scope
from adapters.annual import counted, words_of
from adapters.report_docx import as_docx, figures_xlsx
from models.annual import Annual, annual
from models.case import Case
from models.counting import legal_day
from models.permissions import Sight, may_see
from web.answers import Out
from web.api import as_json
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, caller, require, require_scope, visitor
from web.workbooks import XLSX

routes = APIRouter(include_in_schema=False)
api_routes = APIRouter(prefix="/api/v1")

OLDEST: Final = 1950
SHOWN: Final = 300
"""Cases of a figure on its page; the workbook has all."""
MOST: Final = 20
"""Rows of a table of the report on its page, so that a first visit stays within 30 KiB; DOCX and figures have all."""
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MARK: Final = re.compile(r"〔(\d+)〕")

Who = Annotated[Visitor, Depends(visitor)]
Caller = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class FigureOut(Out):
    """A figure: its number in the report, its name and value, how it is counted, the cases behind it."""

    number: int
    name: str
    value: str
    how: str
    cases: list[str]


class ReportOut(Out):
    """A year's report: its figures, in the order in which they stand in it."""

    year: int
    heading: str
    figures: list[FigureOut]


def report_of(house: House, who: Visitor, year: int) -> Annual:
    """Return a year's report as it stands now, to whoever sees figures; cases they may not see are counted alone.

    Raises:
        NotForYou: figures are not for them.
        HTTPException: it is no year of which there could be a report.
    """
    require(house, who, Sight.FIGURES)
    now = house.desk.moments.now()
    if not OLDEST <= year <= legal_day(now).year:
        raise HTTPException(404)
    return house.reports.found(house.desk.database, who.actor.id, year, now, lambda: _counted(house, who, year, now))


def _counted(house: House, who: Visitor, year: int, now: datetime) -> Annual:
    unseen: set[str] = set()

    def watched() -> Iterator[Case]:
        for case in counted(house.desk.database):
            if not may_see(who.world, case, who.actor, now):
                unseen.add(case.id)
            yield case

    report = annual(watched(), year, now, words_of(who.world, house.desk.database))
    report.leave_out(unseen)
    return report


def parted(text: str) -> list[tuple[str, int]]:
    """Return a text in pieces, each with the number of the figure that it ends with, 0 where it ends with none."""
    pieces = _MARK.split(text)
    marked = [(said, int(number)) for said, number in zip(pieces[::2], pieces[1::2], strict=False)]
    return [*marked, (pieces[-1], 0)] if pieces[-1] else marked


@routes.get("/reports")
def reports(request: Request, house: At, who: Who) -> Response:
    """Show a year's report, this year's where none is asked for."""
    now = house.desk.moments.now()
    asked = request.query_params.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else legal_day(now).year
    newest = legal_day(now).year
    known = OLDEST <= year <= newest
    report = report_of(house, who, year if known else newest)
    given = {
        "report": report,
        "parted": parted,
        "most": MOST,
        "now": report.until,
        "newest": newest,
        "oldest": OLDEST,
        "known": known,
    }
    return page(request, "reports.html", given, who=who, status=200 if known else 422)


@routes.get("/reports/{year}")
def of_year(house: At, who: Who, year: int) -> Response:
    """Lead to a year's report."""
    require(house, who, Sight.FIGURES)
    return RedirectResponse(f"/reports?year={year}", 303)


@routes.get("/reports/{year}/figures/{mark}")
def figure(request: Request, house: At, who: Who, year: int, mark: int) -> Response:
    """Show a figure of a report: how it is counted, and the cases behind it.

    Raises:
        HTTPException: the report has no such figure.
    """
    report = report_of(house, who, year)
    if not 1 <= mark <= len(report.figures):
        raise HTTPException(404)
    found = report.figures[mark - 1]
    given = {"report": report, "figure": found, "parted": parted, "shown_rows": SHOWN}
    return page(request, "report_figure.html", given, who=who)


@routes.get("/reports/{year}/report.docx")
def as_document(house: At, who: Who, year: int) -> Response:
    """Give the report as it is handed in; that it left the house is kept."""
    report = report_of(house, who, year)
    organisation = who.world.organisation
    made = as_docx(report, organisation.name if organisation else "", report.until)
    return _kept(house, who, f"report-{year}.docx", made, DOCX)


@routes.get("/reports/{year}/figures.xlsx")
def as_workbook(house: At, who: Who, year: int) -> Response:
    """Give every figure with its cases as a workbook; that it left the house is kept."""
    return _kept(house, who, f"figures-{year}.xlsx", figures_xlsx(report_of(house, who, year)), XLSX)


def _kept(house: House, who: Visitor, name: str, content: bytes, kind: str) -> Response:
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about="report", why=name)
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, kind)


@api_routes.get("/reports/{year}", response_model=ReportOut)
def report(house: At, who: Caller, year: int) -> Response:
    """Return a year's report: every figure with how it is counted and the cases behind it."""
    require_scope(house, who, Scope.READ)
    found = report_of(house, who, year)
    figures = [
        {"number": each.number, "name": each.name, "value": each.value, "how": each.how, "cases": list(each.cases)}
        for each in found.figures
    ]
    return as_json({"year": year, "heading": found.heading, "figures": figures})
