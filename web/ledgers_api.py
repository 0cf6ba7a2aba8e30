"""The ledgers for programs: an existing one brought in, and what came of all across years and rounds."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import Response

from adapters.access.tokens import Scope
from adapters.importing import import_sheet
from adapters.rounds import rounds_view
from adapters.spreadsheets.doubts import SheetError
from adapters.views import import_view
from models.refusals import Malformed
from web.answers import Out
from web.api import as_json
from web.bringing import PROFILE
from web.house import House, house_of
from web.old_ledgers import admit
from web.people import Visitor, caller, require_scope
from web.rounds import counted
from web.workbooks import laid

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]


class FateOut(Out):
    """What became of a row: registered, advanced, known or doubtful; its case."""

    sheet: str
    row: int
    receipt: str
    fate: str
    case: str | None


class DoubtOut(Out):
    """Why a row is in doubt, and the cell to look at."""

    sheet: str
    row: int
    cell: str
    column: str
    receipt: str
    value: str
    zh: str
    en: str


class BroughtOut(Out):
    """What came of a ledger, or would come of it."""

    total: int
    registered: int
    advanced: int
    known: int
    doubtful: int
    dry_run: bool
    fates: list[FateOut]
    doubts: list[DoubtOut]


class LineOut(Out):
    """How the petitions of a year, a round, or all stand; ``cases`` is what GET /cases is asked for, by figure."""

    name: str
    title: str
    received: int
    closed: int
    signed_off: int
    waiting: int
    open: int
    late: int
    ended: int
    due: str | None
    cases: dict[str, dict[str, str]]


class StillOut(Out):
    """A petition that goes on, and by when."""

    case: str
    campaign: str | None
    unit: str | None
    leader: str | None
    due: str | None


class RoundsOut(Out):
    """Years, rounds, all together, and what goes on, the soonest due first."""

    years: list[LineOut]
    campaigns: list[LineOut]
    whole: LineOut
    continuing: list[StillOut]


@routes.get("/rounds", response_model=RoundsOut)
def rounds(house: At, who: Who) -> Response:
    """Return what was closed and what was signed off, counted apart by the year it came in and by round."""
    require_scope(house, who, Scope.READ)
    return as_json(rounds_view(counted(house, who)))


@routes.post("/ledgers", status_code=201, response_model=BroughtOut)
def bring_ledger(house: At, who: Who, file: UploadFile, *, dry_run: bool = False) -> Response:
    """Bring an existing ledger (.xlsx) with its history, or only tell what would become of each row."""
    require_scope(house, who, Scope.INTAKE)
    admit(house, who)
    try:
        with laid(file) as path:
            report = import_sheet(
                house.desk,
                path,
                actor=who.actor.id,
                profile=PROFILE,
                dry_run=dry_run,
                compare=False,
                via={"door": "api"},
            )
    except SheetError as fault:
        raise Malformed(field="file", why=f"{fault.zh} / {fault.en}") from None
    return as_json(import_view(report), 200 if dry_run else 201)
