"""Bringing an inspection team's table in: each row becomes the events that bring its case to the state the row tells.

A row is known again by its receipt number (by its content where it has none), so that importing twice adds nothing and
a later table advances what an earlier one began. No row is lost: what cannot be trusted is reported with its cell and
written to a file beside the table, to be mended and imported again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from adapters import ledger, tables
from adapters.desk import Desk
from adapters.door import SAME, Order
from adapters.spreadsheets import Doubt, SheetRow, open_sheet, write_doubtful
from models.base import is_unclean
from models.commands import looks_personal, masked
from models.counting import SHANGHAI
from models.envelope import Envelope
from models.receipt import Receipt
from models.refusals import NotNow, Refused
from models.vocabulary import Term

AT_ONCE = 250
"""Rows that share one transaction."""
CHANNEL = "inspection"
SUMMARY_LIMIT = 4000
TEXT_LIMIT = 8000
KINDS_LIMIT = 12

Progress = Callable[[int, int], None]


class Fate(Term):
    """What became of a row."""

    REGISTERED = "registered", "新登记", "registered"
    ADVANCED = "advanced", "已更新", "advanced"
    KNOWN = "known", "已有", "already known"
    DOUBTFUL = "doubtful", "存疑", "doubtful"


@dataclass(frozen=True)
class RowFate:
    """What became of one row: where it stands in the file, its receipt number, its case."""

    sheet: str
    row: int
    receipt: str
    fate: Fate
    case: str | None


@dataclass(frozen=True)
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


def import_sheet(  # noqa: PLR0913 - what a person may say of an import
    desk: Desk,
    path: Path,
    *,
    actor: str,
    profile: str = "auto",
    campaign: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
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
        via: the way it came, kept beside every envelope.

    Raises:
        SheetError: the file cannot be read at all.
        Refused: the actor may not register petitions.
    """
    report = ImportReport(dry_run=dry_run)
    work = _Import(desk, actor, campaign, dict(via or {}), report)
    doubtful: list[SheetRow] = []
    with open_sheet(path, profile) as sheet:
        report.profile = sheet.profile.name
        rows = iter(sheet)
        while batch := list(islice(rows, AT_ONCE)):
            doubtful += work.take(batch)
            if progress:
                progress(report.total, max(sheet.total, report.total))
        if doubtful and not dry_run:
            report.doubtful_file = path.with_suffix(".doubtful.xlsx")
            write_doubtful(report.doubtful_file, doubtful)
    return report


@dataclass
class _Row:
    """A row on its way."""

    row: SheetRow
    key: str
    content: str
    doubts: list[Doubt]
    case: str | None = None
    fate: Fate = Fate.KNOWN


class _Import:
    def __init__(self, desk: Desk, actor: str, campaign: str | None, via: dict[str, str], report: ImportReport) -> None:
        self.desk, self.actor, self.campaign, self.via, self.report = desk, actor, campaign, via, report
        self.problems: dict[str, str] = {}

    def take(self, batch: Sequence[SheetRow]) -> list[SheetRow]:
        """Import a batch; return its doubtful rows."""
        rows = [_Row(row, _key(row), _content(row), list(row.doubts)) for row in batch]
        usable = [each for each in rows if self._usable(each)]
        self._register(usable)
        self._advance(usable)
        found = []
        for each in rows:
            fate = Fate.DOUBTFUL if each.doubts else each.fate
            self.report.note(each.row, fate, each.case)
            if each.doubts:
                self.report.doubt(each.row, each.doubts, each.case)
                found.append(each.row)
        return found

    def _usable(self, each: _Row) -> bool:
        """Tell whether a row can be registered: it says something, and its number was not used for another problem."""
        row = each.row
        if not row.problem:
            if not row.doubts:
                each.doubts.append(_doubt(row, "no-problem", "没有问题内容", "the row says no problem"))
            return False
        before = self.problems.setdefault(each.key, row.problem)
        if before != row.problem:
            each.doubts.append(
                _doubt(
                    row,
                    "same-number",
                    "同一受理编号在本表中对应不同的问题，请人工确认是否拆分",
                    "the same number stands for another problem in this table; is it a receipt that was split?",
                )
            )
            return False
        return True

    def _register(self, rows: Sequence[_Row]) -> None:
        """Find the rows' cases; register those that have none."""
        self._find(rows)
        new: dict[str, _Row] = {}
        for each in rows:
            if each.case is None:
                new.setdefault(each.key, each)
        for each in new.values():
            each.fate = Fate.REGISTERED
        if self.report.dry_run:
            return
        self._settle(list(new.values()))
        for each in rows:
            if each.case is None and each.key in new:
                each.case = new[each.key].case

    def _settle(self, new: Sequence[_Row]) -> None:
        """Register rows; a new row's whole history is one transaction, so what is closed wakes no process manager."""
        orders = [self._registration(each, whole=not each.doubts and _tells(each.row)) for each in new]
        again: list[_Row] = []
        for each, order in zip(new, self.desk.door.take(orders) if orders else [], strict=True):
            if not isinstance(order.refusal, Refused):
                each.case = order.answer()[0].case
                continue
            if _concerns_actor(order.refusal):
                raise order.refusal
            each.doubts.append(_refused(each.row, order.refusal))
            if len(order.envelopes) > 1:
                # What is refused is the history, it seems: the petition itself must not be lost for that.
                again.append(each)
        if again:
            self._settle(again)

    def _find(self, rows: Sequence[_Row]) -> None:
        numbers = {receipt.key: each for each in rows for receipt in _receipts(each.row)}
        ids = {_registration_id(each.key): each for each in rows}
        with self.desk.database.reading() as connection:
            query = sa.select(tables.filings.c.number, tables.filings.c.case_id).where(
                tables.filings.c.channel == CHANNEL, tables.filings.c.number.in_(sorted(numbers))
            )
            known = {row.number: row.case_id for row in connection.execute(query)} if numbers else {}
            kept = ledger.kept(connection, sorted(ids))
        for each in rows:
            found = [known[receipt.key] for receipt in _receipts(each.row) if receipt.key in known]
            registered = kept.get(_registration_id(each.key))
            each.case = found[0] if found else registered.case if registered else None

    def _registration(self, each: _Row, *, whole: bool) -> Order:
        row = each.row
        summary = masked(row.problem)[:SUMMARY_LIMIT]
        data: dict[str, object] = {
            "channel": CHANNEL,
            "place": _clean(row.area)[:200] or "（未填）",
            "summary": _clean(summary),
            "types": [_clean(kind)[:64] for kind in row.kinds[:KINDS_LIMIT]],
            "filings": [{"channel": CHANNEL, "number": receipt.raw[:200]} for receipt in _receipts(row)],
            "star": row.star,
            "imported": True,
        }
        if self.campaign:
            data["campaign"] = self.campaign
        name = _registration_id(each.key)
        secrets = []
        if looks_personal(row.problem) or len(row.problem) > SUMMARY_LIMIT:
            ref = self.desk.sealer.ref(name)
            data["sealed"] = [ref]
            secrets = [self.desk.sealer.seal(ref, {"text": row.problem})]
        envelope = Envelope.model_validate(
            {
                "id": name,
                "actor": self.actor,
                "command": "register",
                "data": data,
                "occurred_at": self._occurred(row.received_on),
                "via": self.via,
            }
        )
        return Order([envelope, self._history(each, SAME)] if whole else [envelope], secrets=secrets)

    def _occurred(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        at = datetime.combine(day, time(9), SHANGHAI)
        return at if at < self.desk.moments.now() else None

    def _advance(self, rows: Sequence[_Row]) -> None:
        """Bring the rows' cases to the state the rows tell, where they tell more than the registration."""
        telling = [each for each in rows if each.case and not each.doubts and _tells(each.row)]
        if self.report.dry_run:
            telling = [each for each in rows if not each.doubts and _tells(each.row)]
        ids = [_history_id(each) for each in telling]
        with self.desk.database.reading() as connection:
            kept = ledger.kept(connection, ids)
        fresh = [each for each in telling if _history_id(each) not in kept]
        for each in fresh:
            if each.fate is Fate.KNOWN:
                each.fate = Fate.ADVANCED
        if self.report.dry_run or not fresh:
            return
        orders = self.desk.door.take([Order([self._history(each, each.case)]) for each in fresh])
        for each, order in zip(fresh, orders, strict=True):
            if isinstance(order.refusal, Refused):
                self._not_advanced(each, order.refusal)
            elif order.answer()[0].repeated and each.fate is Fate.ADVANCED:
                each.fate = Fate.KNOWN

    def _not_advanced(self, each: _Row, refusal: Refused) -> None:
        if isinstance(refusal, NotNow):
            refusal_zh = f"案件 {each.case} 的现状与本行不同：{refusal.zh}"
            refusal_en = f"case {each.case} stands elsewhere than this row: {refusal.en}"
            each.doubts.append(_doubt(each.row, refusal.code, refusal_zh, refusal_en))
        else:
            each.doubts.append(_refused(each.row, refusal))

    def _history(self, each: _Row, case: str | None) -> Envelope:
        row = each.row
        verdicts: Sequence[str] = row.points or ((row.verdict,) if row.verdict else ())
        text = _clean(masked(row.findings))[:TEXT_LIMIT] or "（表中未填写）"
        findings = [
            {
                "point": "举报问题" if len(verdicts) == 1 else f"第{place}点",
                "verdict": verdict,
                "text": text if place == 1 else "（见第1点）",
                "place": _clean(row.area)[:200],
            }
            for place, verdict in enumerate(verdicts, 1)
        ]
        data: dict[str, object] = {
            "state": row.state or "open",
            "measures": _clean(masked(row.measures))[:TEXT_LIMIT],
            "accountability": _clean(row.accountability)[:TEXT_LIMIT],
            "goal": _clean(row.goal)[:TEXT_LIMIT],
        }
        if findings:
            data["findings"] = findings
        return Envelope.model_validate(
            {
                "id": _history_id(each),
                "case": case,
                "actor": self.actor,
                "command": "record_history",
                "data": {name: value for name, value in data.items() if value},
                "via": self.via,
            }
        )


def _receipts(row: SheetRow) -> tuple[Receipt, ...]:
    return row.receipts or ((row.receipt,) if row.receipt else ())


def _number(row: SheetRow) -> str:
    return row.receipt.raw[:80] if row.receipt else ""


def _key(row: SheetRow) -> str:
    """Return what a row is known again by: its receipt number, else what it says."""
    if row.receipt:
        return row.receipt.key
    return "none/" + hashlib.sha256(f"{row.area}\n{row.problem}".encode()).hexdigest()[:32]


def _content(row: SheetRow) -> str:
    return row.digest[:32]


def _registration_id(key: str) -> str:
    return f"import/{key}"[:200]


def _history_id(each: _Row) -> str:
    return f"import/{each.key[:100]}/{each.content}"


def _tells(row: SheetRow) -> bool:
    """Tell whether a row says more than that the petition came in."""
    return bool(row.verdict or row.findings or row.measures or row.state in {"interim", "closed"})


def _clean(text: str) -> str:
    return "".join(mark for mark in text if not is_unclean(mark)).strip()


def _doubt(row: SheetRow, code: str, zh: str, en: str) -> Doubt:
    return Doubt(cell=f"A{row.row}", column="", code=code, zh=zh, en=en, value=_number(row))


def _refused(row: SheetRow, refusal: Refused) -> Doubt:
    return _doubt(row, refusal.code, refusal.zh, refusal.en)


def _concerns_actor(refusal: Refused) -> bool:
    """Tell whether a refusal is about who imports, not about the row."""
    return refusal.code in {"unknown_person", "not_yours", "reserved"}
