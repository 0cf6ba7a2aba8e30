"""Bringing an inspection team's table in: each row becomes the events that bring its case to the state the row tells.

A row is known again by its receipt number (by its content where it has none), so that importing twice adds nothing and
a later table advances what an earlier one began. No row is lost: what cannot be trusted is reported with its cell and
written to a file beside the table, to be mended and imported again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from adapters import ledger, tables
from adapters.desk import Desk
from adapters.import_history import Meaning, days_ahead, stands_so
from adapters.import_rows import CHANNEL, Fate, ImportRow, Scribe, flat
from adapters.rehearsal import Rehearsal, rehearsing
from adapters.similar.imported import NewRow, RowRepeat, probable_repeats
from adapters.spreadsheets import Doubt, OpenSheet, SheetError, SheetRow, open_sheet, write_doubtful
from adapters.spreadsheets.cells import printable
from adapters.spreadsheets.doubts import DOUBTS
from adapters.spreadsheets.grid import address
from models.case import Case
from models.personal import masked
from models.refusals import NotNow, Refused
from models.vocabulary import Kind

AT_ONCE = 250
"""Rows that share one transaction."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RowFate:
    """What became of one row: where it stands in the file, its receipt number, its case."""

    sheet: str
    row: int
    receipt: str
    fate: Fate
    case: str | None


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """Why a row is doubtful, and the cell to look at. ``case`` is set where it was registered all the same."""

    sheet: str
    row: int
    receipt: str
    cell: str
    column: str
    code: str
    zh: str
    en: str
    value: str
    case: str | None = None


@dataclass
class ImportReport:
    """Every row's fate, the counts, and the doubts."""

    profile: str = ""
    total: int = 0
    registered: int = 0
    advanced: int = 0
    known: int = 0
    doubtful: int = 0
    dry_run: bool = False
    fates: list[RowFate] = field(default_factory=list)
    doubts: list[DoubtfulRow] = field(default_factory=list)
    doubtful_file: Path | None = None
    repeats: list[RowRepeat] = field(default_factory=list)
    """The new rows that are probably about the same as what was there."""

    def note(self, row: SheetRow, fate: Fate, case: str | None) -> None:
        """Count a row."""
        self.total += 1
        setattr(self, fate.value, getattr(self, fate.value) + 1)
        self.fates.append(RowFate(row.sheet, row.row, _number(row), fate, case))

    def doubt(self, row: SheetRow, doubts: Sequence[Doubt], case: str | None) -> None:
        """Keep the reasons why a row is doubtful."""
        self.doubts += [
            DoubtfulRow(
                row.sheet, row.row, _number(row), each.cell, each.column, each.code, each.zh, each.en, each.value, case
            )
            for each in doubts
        ]


def import_sheet(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    profile: str = "auto",
    campaign: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    compare: bool = True,
    comparing: Progress | None = None,
    via: Mapping[str, str] | None = None,
) -> ImportReport:
    """Import a table.

    Args:
        desk: the installation.
        path: the .xlsx file.
        actor: in whose name; must be a clerk.
        profile: which columns to expect, or ``auto``.
        campaign: the inspection campaign the rows belong to.
        dry_run: only say what would become of each row.
        progress: called with rows done and rows in all.
        compare: whether the new petitions are compared with what is there. A worker compares them as well.
        comparing: called with petitions compared and petitions in all.
        via: the way it came, kept beside every envelope.

    Raises:
        SheetError: the file cannot be read at all.
        Refused: the actor may not register petitions.
        DatabaseAwayError: the database stayed away; what was imported until then is known when it is done again.
    """
    report = ImportReport(dry_run=dry_run)
    scribe = Scribe(actor, campaign, dict(via or {}), desk.sealer)
    doubtful: list[SheetRow] = []
    with ExitStack() as opened:
        sheet = opened.enter_context(open_sheet(path, profile))
        rehearsal = opened.enter_context(rehearsing(desk)) if dry_run else None
        work = _Import(rehearsal.desk if rehearsal else desk, scribe, report, _Places(sheet), rehearsal)
        report.profile = sheet.profile.name
        rows = iter(sheet)
        while batch := list(islice(rows, AT_ONCE)):
            doubtful += work.take(batch)
            if progress:
                progress(report.total, max(sheet.total, report.total))
        if compare:
            report.repeats = probable_repeats(work.desk.database, work.new, desk.database, comparing)
    if doubtful and not dry_run:
        report.doubtful_file = _write_doubtful(desk, path, doubtful)
    return report


def _write_doubtful(desk: Desk, path: Path, rows: Sequence[SheetRow]) -> Path:
    """Write the doubtful rows beside the table, or into the data folder where that cannot be written to."""
    beside = path.with_suffix(".doubtful.xlsx")
    try:
        write_doubtful(beside, rows)
    except SheetError:
        beside = desk.settings.data / "doubtful" / beside.name
        beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_doubtful(beside, rows)
    return beside


class _Places:
    """Where the fields of a table stand."""

    def __init__(self, sheet: OpenSheet) -> None:
        self._columns: dict[tuple[str, str], tuple[int, str]] = {
            (layout.sheet.name, name): (column, layout.columns.headers.get(column, ""))
            for layout in sheet.layouts
            for column, name in layout.columns.columns.items()
        }

    def of(self, row: SheetRow, name: str) -> tuple[str, str]:
        """Return the address of a row's field and the header above it; the problem's, which every table has, else."""
        column, header = self._columns.get((row.sheet, name)) or self._columns[row.sheet, "problem"]
        return address(column, row.row), header


class _Import:
    def __init__(
        self, desk: Desk, scribe: Scribe, report: ImportReport, places: _Places, rehearsal: Rehearsal | None
    ) -> None:
        self.desk, self.scribe, self.report, self.places, self.rehearsal = desk, scribe, report, places, rehearsal
        self.problems: dict[str, bytes] = {}
        self.meaning = Meaning(desk.database, desk.world())
        self.new: list[NewRow] = []

    def take(self, batch: Sequence[SheetRow]) -> list[SheetRow]:
        """Import a batch; return its doubtful rows with all that is held against them."""
        rows = [ImportRow(row) for row in batch]
        usable = [each for each in rows if self._says_one_problem(each)]
        numbers = sorted({ledger.key_of(number) for each in usable for number in each.numbers})
        if self.rehearsal:
            self.rehearsal.know([name for each in usable for name in (each.registration, each.told)], numbers)
        self._find(usable, numbers)
        usable = [each for each in usable if not self._stands_for_another(each)]
        usable = [each for each in usable if not each.row.told or self._fits(each)]
        self._register(usable)
        self._advance(usable)
        doubtful = []
        for each in rows:
            case = each.case if not self.rehearsal or each.case in self.rehearsal.real else None
            self.report.note(each.row, Fate.DOUBTFUL if each.doubts else each.fate, case)
            if each.fate is Fate.REGISTERED and each.case:
                self.new.append(NewRow(each.row.sheet, each.row.row, _number(each.row), each.case))
            if each.doubts:
                self.report.doubt(each.row, each.doubts, case)
                doubtful.append(replace(each.row, doubts=tuple(each.doubts)))
        return doubtful

    def _fits(self, each: ImportRow) -> bool:
        """Tell whether a ledger's row can be told: whom it names is there, its days have come, nothing is in doubt."""
        told, now = each.row.told, self.desk.moments.now()
        if told is None:
            return True
        each.meant = self.meaning.of(told)
        for code, name in (
            *(("name_unknown", name) for name in each.meant.unknown),
            *(("day_ahead", name) for name in days_ahead(each.row.received_on, told, now)),
        ):
            self._doubt(each, code, *DOUBTS[code], name)
        return not each.doubts

    def _says_one_problem(self, each: ImportRow) -> bool:
        """Tell whether a row says a problem, and not another one than this table's earlier rows of its number."""
        if not each.row.problem:
            if not each.doubts:
                self._doubt(each, "no_problem", "没有问题内容", "the row says no problem", "problem")
            return False
        problem = hashlib.sha256(flat(each.row.problem).encode()).digest()
        if self.problems.setdefault(each.key, problem) == problem:
            return True
        zh, en = "同一受理编号在本表中对应不同的问题", "the same number stands for another problem in this table"
        self._doubt(each, "same_number", f"{zh}，请人工确认是否拆分", f"{en}; is it a receipt that was split?")
        return False

    def _find(self, rows: Sequence[ImportRow], numbers: Sequence[str]) -> None:
        """Find the rows' cases: by their numbers, by their registration, or by a number that is a case's own."""
        filings, cases, envelopes = tables.filings.c, tables.cases.c, tables.envelopes.c
        ids = sorted({each.registration for each in rows})
        with self.desk.database.reading() as connection:
            query = sa.select(cases.id).where(cases.id.in_(numbers), cases.kind == Kind.PETITION.value)
            known = {name: name for name in connection.execute(query).scalars()}
            query = sa.select(filings.number, filings.case_id).where(filings.number.in_(numbers))
            query = query.where(filings.channel == CHANNEL).order_by(filings.case_id.desc())
            known |= {row.number: row.case_id for row in connection.execute(query)}
            query = sa.select(envelopes.id, envelopes.case_id, envelopes.body).where(envelopes.id.in_(ids))
            registered = {row.id: row for row in connection.execute(query)}
        for each in rows:
            each.case = next((known[key] for key in map(ledger.key_of, each.numbers) if key in known), None)
            if before := registered.get(each.registration):
                each.case = each.case or before.case_id
                each.before = json.loads(before.body)["data"]["summary"]

    def _stands_for_another(self, each: ImportRow) -> bool:
        """Tell whether the row's number was imported before with another problem."""
        if each.before is None or flat(each.before) == flat(each.summary):
            return False
        zh = f"案件 {each.case} 以同一受理编号登记了不同的问题"
        en = f"case {each.case} has this number with another problem"
        self._doubt(each, "same_number", f"{zh}，请人工确认是否拆分", f"{en}; is it a receipt that was split?")
        return True

    def _register(self, rows: Sequence[ImportRow]) -> None:
        """Register the rows that have no case yet, each number once."""
        new: dict[str, ImportRow] = {}
        for each in rows:
            if each.case is None:
                new.setdefault(each.key, each).fate = Fate.REGISTERED
        self._settle(list(new.values()))
        for each in rows:
            if each.case is None and (first := new[each.key]) is not each:
                each.case = first.case
                # Refused is refused for both; what only the other row's history was refused for is not.
                if not first.case:
                    each.doubts += [doubt for doubt in first.doubts if doubt not in first.row.doubts]

    def _settle(self, new: Sequence[ImportRow]) -> None:
        """Register rows; a new row's whole history is one transaction, so what is closed wakes no process manager."""
        now = self.desk.moments.now()
        orders = [self.scribe.registering(each, now, whole=not each.doubts) for each in new]
        again: list[ImportRow] = []
        for each, order in zip(new, self.desk.door.take(orders), strict=True):
            if not isinstance(order.refusal, Refused):
                each.case = order.answer()[0].case
                continue
            self._refused(each, order.refusal)
            if len(order.envelopes) > 1 and not each.row.told:
                # What is refused is the history, it seems: the petition itself must not be lost for that.
                again.append(each)
        if again:
            self._settle(again)

    def _advance(self, rows: Sequence[ImportRow]) -> None:
        """Bring the rows' cases to the state the rows tell, where they tell more than the registration."""
        telling = [each for each in rows if each.case and each.tells and not each.doubts]
        with self.desk.database.reading() as connection:
            kept = ledger.kept(connection, [each.told for each in telling])
            fresh = [each for each in telling if each.told not in kept and not self._known(connection, each)]
        now = self.desk.moments.now()
        orders = self.desk.door.take([self.scribe.telling(each, now) for each in fresh])
        for each, order in zip(fresh, orders, strict=True):
            if isinstance(order.refusal, Refused):
                self._refused(each, order.refusal)
            elif not order.answer()[0].repeated and each.fate is Fate.KNOWN:
                each.fate = Fate.ADVANCED

    def _known(self, connection: sa.Connection, each: ImportRow) -> bool:
        """Tell whether a ledger's row says of its case what that says itself."""
        told, meant, columns = each.row.told, each.meant, tables.cases.c
        if told is None or meant is None:
            return False
        state = connection.execute(sa.select(columns.state).where(columns.id == each.case)).scalar_one()
        each.now = Case.model_validate_json(state)
        return stands_so(each.now, told, meant, partial(_says_the_same, each.now, each.row))

    def _refused(self, each: ImportRow, refusal: Refused) -> None:
        if refusal.code in {"unknown_person", "not_yours", "reserved"}:
            raise refusal  # that is about who imports, not about the row
        zh, en = refusal.zh, refusal.en
        if isinstance(refusal, NotNow):
            zh = f"案件 {each.case} 的现状与本行不同：{zh}"
            en = f"case {each.case} stands elsewhere than this row: {en}"
        self._doubt(each, refusal.code, zh, en)

    def _doubt(self, each: ImportRow, code: str, zh: str, en: str, name: str = "receipt") -> None:
        cell, column = self.places.of(each.row, name)
        value = each.row.cells.get(name) or _number(each.row)
        each.doubts.append(Doubt(cell=cell, column=column, code=code, zh=zh, en=en, value=printable(value, 40)))


def _says_the_same(case: Case, row: SheetRow, name: str) -> bool:
    told, known = flat(masked(getattr(row, name))), flat(getattr(case, name))
    # An export writes ties to other cases behind the remarks.
    return told == known or (name == "remarks" and told.startswith(known))


def _number(row: SheetRow) -> str:
    return row.receipt.raw[:80] if row.receipt else ""
