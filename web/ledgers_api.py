"""The ledgers for programs: an existing one brought in, and what came of all across years and rounds."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from adapters import queries
from adapters.access.tokens import Scope
from adapters.comparison import comparison_view
from adapters.importing import import_sheet
from adapters.rounds import rounds_view
from adapters.spreadsheets.doubts import SheetError
from adapters.views import import_view, receipt_view
from models.refusals import Malformed
from models.statistics import By
from web.answers import Out, ReceiptOut, TallyOut
from web.api import Key, as_json
from web.bringing import PROFILE
from web.comparison import asked_of, compared, recorded
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


class SideOut(Out):
    """A township, unit, channel or type in two periods."""

    name: str
    title: str
    now: TallyOut
    was: TallyOut


class DistrictOut(Out):
    """A district in two periods; ``counted`` in this ledger, or entered with its source."""

    name: str
    now: int | None
    was: int | None
    source: str
    counted: bool


class ComparisonOut(Out):
    """Two periods side by side."""

    now: dict[str, str]
    was: dict[str, str]
    by: str
    this: TallyOut
    then: TallyOut
    rows: list[SideOut]
    districts: list[DistrictOut]


@routes.get("/comparison", response_model=ComparisonOut)
def comparison(
    house: At,
    who: Who,
    *,
    now: Annotated[str, Query(max_length=24, description="2023, 2023-Q3, 2023-09, 2023-09-06..2023-09-26")] = "",
    was: Annotated[str, Query(max_length=24, description="the period it is compared with")] = "",
    by: By = By.TOWNSHIP,
) -> Response:
    """Return two periods side by side, and this county beside those whose counts were entered."""
    require_scope(house, who, Scope.READ)
    found = compared(house, who, asked_of(house, {"now": now, "was": was, "by": by.value}))
    return as_json(comparison_view(who.world, found))


class NewCount(BaseModel):
    """How many petitions another district had: the fields of ``record_count``."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, JsonValue] = Field(description="district, period, count, source")


@routes.post("/counts", status_code=201, response_model=ReceiptOut)
def enter_count(house: At, who: Who, new: NewCount, key: Key = None) -> Response:
    """Enter another district's count."""
    require_scope(house, who, Scope.ACT)
    receipt = recorded(house, who, new.data, key, "api")
    return as_json(receipt_view(receipt, queries.case(house.desk.database, receipt.case)), 201)


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
