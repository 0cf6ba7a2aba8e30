"""One row of a public table, understood: what it says of a petition, and every reason not to trust it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.spreadsheets.cells import (
    BLANKS,
    CHANNEL_OF_LETTER,
    FIRST_DAY,
    LAST_DAY,
    clean_text,
    code_text,
    has_invisible,
    parse_channel,
    parse_date,
    parse_deadline,
    parse_kinds,
    parse_state,
    parse_verdict,
)
from adapters.spreadsheets.doubts import Doubt, doubt
from adapters.spreadsheets.grid import Cell, Kind, address
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from adapters.spreadsheets.profiles import FieldName, Match, header_keys
from adapters.spreadsheets.told import NO, YES, Told
from models.receipt import Receipt, parse

_CODES: Final = frozenset({"receipt", "verdict", "state", "channel", "received"})
_DAYS: Final = frozenset({"received", "due", "closed", "signed_off"})
_LONGEST_KEY: Final = 64
_EXACT_DIGITS: Final = 15
_BETWEEN_RECEIPTS: Final = re.compile(r"[、,，;；/\n]+|\s+(?=[DXdxＤＸ])")
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_EMPTY: Final = Cell(Kind.TEXT, "")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as read.

    ``row`` counts from 1. ``receipt`` is None when the cell is empty or says so (无, —); ``receipts``
    holds all when one cell names several. ``verdict`` is substantiated, mostly_substantiated,
    partly_substantiated or unsubstantiated, rolled up over ``points`` (empty when the cell holds one
    verdict); ``state`` is open, interim or closed; both are None when empty, not understood, or not a
    column of the profile. ``signed_off`` is true for 已销号 (state closed). ``channel`` is 来电, 来信,
    来访, 网络 or the word as written; ``received_on`` comes from the receipt number, else from a column
    of dates. ``told`` is what an existing ledger says of the item's history, None for other tables.
    ``digest`` is the SHA-256 (hex) over what the row says, whatever its blanks, widths and place, so that
    the same content is recognised again. ``cells`` holds the clean text of every column of the profile, by
    field, to write the row out again.
    """

    sheet: str
    row: int
    receipt: Receipt | None
    problem: str
    area: str
    kinds: tuple[str, ...]
    findings: str
    verdict: str | None
    goal: str
    measures: str
    state: str | None
    accountability: str
    channel: str | None
    received_on: dt.date | None
    remarks: str
    star: bool
    doubts: tuple[Doubt, ...]
    points: tuple[str, ...] = ()
    signed_off: bool = False
    receipts: tuple[Receipt, ...] = ()
    digest: str = ""
    profile: str = ""
    told: Told | None = None
    cells: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


class RowReader:
    """Reads the rows of one sheet whose columns are known."""

    def __init__(self, sheet: str, layout: Match, *, hidden: bool) -> None:
        """Keep which column holds which field."""
        self._sheet = sheet
        self._hidden = hidden
        self._profile = layout.profile
        self._headers = layout.headers
        self._column: dict[str, int] = {name: number for number, name in layout.columns.items()}
        self._twice = layout.twice
        self.is_history = layout.profile.history
        self._names: Mapping[str, frozenset[str]] = {column.field: column.names for column in layout.profile.columns}

    def read(self, row: int, cells: Mapping[int, Cell]) -> SheetRow | None:
        """Return what the row says; None for one that is empty, only numbered, or the header again."""
        reading = _Reading(self, row, cells)
        texts = {name: reading.text(name) for name in self._column}
        if self._is_nothing(texts) and not reading.doubts:
            return None
        if self._is_header(texts):
            return None
        return reading.finish(texts)

    def _is_nothing(self, texts: Mapping[str, str]) -> bool:
        return not any(text for name, text in texts.items() if name != "no") and (
            not texts.get("no") or code_text(texts["no"]).strip("*.、").isdecimal()
        )

    def _is_header(self, texts: Mapping[str, str]) -> bool:
        """Tell whether this is the header again, as at the top of every printed page."""
        problem = texts.get("problem", "")
        if not 0 < len(problem) <= _LONGEST_KEY or self._names["problem"].isdisjoint(header_keys(problem)):
            return False
        return sum(not self._names[name].isdisjoint(header_keys(text)) for name, text in texts.items()) >= 3

    # What `_Reading` asks of the sheet it reads.
    @property
    def sheet(self) -> str:
        """The name of the sheet."""
        return self._sheet

    @property
    def hidden(self) -> bool:
        """True when the sheet is hidden."""
        return self._hidden

    @property
    def profile_name(self) -> str:
        """The name of the profile its columns follow."""
        return self._profile.name

    @property
    def twice(self) -> Mapping[int, FieldName]:
        """Columns whose header stands there for the second time."""
        return self._twice

    def column(self, name: str) -> int | None:
        """Return the column of a field."""
        return self._column.get(name)

    def header(self, column: int) -> str:
        """Return the header above a column, as written."""
        return self._headers.get(column, "")


class _Reading:
    """The reading of one row: collects doubts while the fields are taken one by one."""

    def __init__(self, sheet: RowReader, row: int, cells: Mapping[int, Cell]) -> None:
        self._sheet = sheet
        self._row = row
        self._cells = cells
        self.doubts: list[Doubt] = []

    def _doubt(self, code: str, name: str, value: str) -> None:
        column = self._sheet.column(name)
        self._doubt_at(code, 0 if column is None else column, value)

    def _doubt_at(self, code: str, column: int, value: str) -> None:
        self.doubts.append(doubt(code, address(column, self._row), self._sheet.header(column), value))

    def _cell(self, name: str) -> Cell:
        column = self._sheet.column(name)
        return _EMPTY if column is None else self._cells.get(column, _EMPTY)

    def text(self, name: str) -> str:
        """Return the clean text of a field, noting what is wrong with the cell itself."""
        cell = self._cell(name)
        for column, twice in self._sheet.twice.items():
            other = self._cells.get(column)
            if twice == name and other is not None and other.text:
                if not cell.text:
                    cell = other
                elif clean_text(other.text) != clean_text(cell.text):
                    self._doubt_at("duplicate_column", column, other.text)
        # A running number that cannot be read (=ROW()-3 in a file no program has calculated) harms nobody.
        if name == "no" and cell.kind in {Kind.ERROR, Kind.NO_VALUE}:
            return ""
        if cell.kind is Kind.ERROR:
            self._doubt("cell_error", name, cell.text)
            return ""
        if cell.kind is Kind.NO_VALUE:
            self._doubt("formula_without_value", name, "")
            return ""
        if cell.kind is Kind.DATE and name not in _DAYS:
            self._check_day(parse_date(cell.text), name, cell.text)
        raw = cell.text
        if len(raw) > MAX_CELL_CHARACTERS:
            self._doubt("text_too_long", name, raw)
            raw = raw[:MAX_CELL_CHARACTERS]
        if name in _CODES and has_invisible(raw):
            self._doubt("invisible_characters", name, raw)
        return clean_text(raw)

    def finish(self, texts: dict[str, str]) -> SheetRow:
        """Understand the texts of all fields."""
        receipts = self._receipts(texts.get("receipt", ""))
        receipt = receipts[0] if receipts else None
        problem = texts.get("problem", "")
        if receipt is None and not problem:
            self._nothing_to_register(texts)
        elif not problem and not self._in_doubt("problem"):
            self._doubt("problem_missing", "problem", "")
        verdict = parse_verdict(texts.get("verdict", ""))
        if not verdict.understood:
            self._doubt("verdict_not_understood", "verdict", texts["verdict"])
        if verdict.conflict:
            self._doubt("verdict_conflict", "verdict", texts["verdict"])
        state, signed_off, understood = parse_state(texts.get("state", ""))
        if not understood:
            self._doubt("state_not_understood", "state", texts["state"])
        received_on = self._received_on(receipt, texts.get("received", ""))
        channel = self._channel(receipt, texts.get("channel", ""))
        told = self._told(texts, received_on, state, signed_off=signed_off) if self._sheet.is_history else None
        if self._sheet.hidden:
            self._doubt("hidden_sheet", "receipt", self._sheet.sheet)
        kinds = parse_kinds(texts.get("kinds", ""))
        says: dict[str, object] = {
            "receipts": sorted(one.key for one in receipts),
            "star": any(one.star for one in receipts),
            "kinds": list(kinds),
            "verdict": verdict.verdict,
            "points": list(verdict.points),
            "state": state,
            "signed_off": signed_off,
            "channel": channel,
            "received_on": received_on.isoformat() if received_on else None,
            **{name: _flat(texts.get(name, "")) for name in _SAID},
        }
        if told:
            says |= told.says
        if receipt is None and not problem:
            says["no"] = _flat(texts.get("no", ""))
        return SheetRow(
            sheet=self._sheet.sheet,
            row=self._row,
            receipt=receipt,
            problem=problem,
            area=" ".join(texts.get("area", "").split()),
            kinds=kinds,
            findings=texts.get("findings", ""),
            verdict=verdict.verdict,
            goal=texts.get("goal", ""),
            measures=texts.get("measures", ""),
            state=state,
            accountability=texts.get("accountability", ""),
            channel=channel,
            received_on=received_on,
            remarks=texts.get("remarks", ""),
            star=any(one.star for one in receipts),
            doubts=tuple(self.doubts),
            points=verdict.points,
            signed_off=signed_off,
            receipts=receipts,
            digest=hashlib.sha256(_CANONICAL.encode(says).encode()).hexdigest(),
            profile=self._sheet.profile_name,
            told=told,
            cells=texts,
        )

    def _in_doubt(self, name: str) -> bool:
        column = self._sheet.column(name)
        return column is not None and any(one.cell == address(column, self._row) for one in self.doubts)

    def _nothing_to_register(self, texts: Mapping[str, str]) -> None:
        name, text = next(((name, text) for name, text in texts.items() if text), ("no", ""))
        if text or not self.doubts:
            self._doubt("nothing_to_register", name, text)

    def _receipts(self, text: str) -> tuple[Receipt, ...]:
        if code_text(text).upper() in BLANKS:
            return ()
        whole = parse(text)
        if not whole.key:
            return ()
        cell = self._cell("receipt")
        if cell.kind is Kind.NUMBER and len(whole.key) > _EXACT_DIGITS:
            self._doubt("receipt_precision", "receipt", text)
        pieces = _BETWEEN_RECEIPTS.split(text)
        parts = [part for part in map(parse, pieces) if part.key] if len(pieces) > 1 else []
        if len(parts) > 1 and all(_looks_whole(part) for part in parts):
            self._doubt("several_receipts", "receipt", text)
            receipts = tuple({part.key: part for part in parts}.values())
        else:
            receipts = (whole,)
        for one in receipts:
            if len(one.key) > _LONGEST_KEY:
                self._doubt("receipt_too_long", "receipt", text)
            if one.misdated or (one.date is not None and not FIRST_DAY <= one.date <= LAST_DAY):
                self._doubt("receipt_date", "receipt", one.raw)
        return receipts

    def _received_on(self, receipt: Receipt | None, text: str) -> dt.date | None:
        written = self._day("received", text)
        if receipt is None or receipt.date is None or not FIRST_DAY <= receipt.date <= LAST_DAY:
            return written
        if not self._sheet.is_history:
            return receipt.date
        # A ledger says the day itself: what its number says besides is neither put in its place nor passed over.
        if written and written != receipt.date:
            self._doubt("received_conflict", "received", text)
        return written

    def _day(self, name: str, text: str) -> dt.date | None:
        """Return the day that a cell names; what is no day is held against it."""
        if code_text(text) in BLANKS:
            return None
        cell = self._cell(name)
        # A date typed into a cell without a date format is the number of a day.
        read = _day_of_serial if cell.kind is Kind.NUMBER else parse_deadline if name == "due" else parse_date
        written = read(cell.text if cell.kind is Kind.NUMBER else text)
        if written is None:
            self._doubt("date_not_understood", name, text)
        return written if written and self._check_day(written, name, text) else None

    def _told(self, texts: Mapping[str, str], received: dt.date | None, state: str | None, *, signed_off: bool) -> Told:
        """Return the history that a ledger's row tells; what does not fit together is held against it."""
        off = code_text(texts.get("signed_off", ""))
        said = off in YES
        signed = None if said or off in NO else self._day("signed_off", texts.get("signed_off", ""))
        closed = self._day("closed", texts.get("closed", ""))
        tells = "signed_off" if signed_off or said or (signed and state is None) else state
        tells = tells or ("closed" if closed else "open")
        done = tells in {"signed_off", "closed"}
        due_text = texts.get("due", "")
        # "In the long run" is no day, and harms nobody where the item is done.
        harmless = done and self._cell("due").kind is not Kind.NUMBER
        due = parse_deadline(due_text) if harmless else self._day("due", due_text)
        told = Told(
            state="rectifying" if tells == "open" else tells,
            campaign=" ".join(texts.get("campaign", "").split()),
            unit=texts.get("unit", ""),
            leader=texts.get("leader", ""),
            due=due,
            # What was signed off was closed by then, where no other day is told.
            closed=(closed or (signed if tells == "signed_off" else None)) if tells != "rectifying" else None,
            signed_off=signed if tells == "signed_off" else None,
        )
        for code, name in told.faults(received, closed_told=closed is not None, signed_told=signed is not None):
            if not self._in_doubt(name):
                self._doubt(code, name, texts.get(name, ""))
        return told

    def _check_day(self, day: dt.date | None, name: str, text: str) -> bool:
        inside = day is not None and FIRST_DAY <= day <= LAST_DAY
        if not inside:
            self._doubt("date_out_of_range", name, text)
        return inside

    def _channel(self, receipt: Receipt | None, text: str) -> str | None:
        by_letter = CHANNEL_OF_LETTER.get(receipt.channel) if receipt is not None and receipt.channel else None
        written = parse_channel(text)
        if by_letter is not None and written in CHANNEL_OF_LETTER.values() and written != by_letter:
            self._doubt("channel_conflict", "channel", text)
        return written or by_letter


_SAID: Final = ("problem", "area", "findings", "goal", "measures", "accountability", "remarks")


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _looks_whole(receipt: Receipt) -> bool:
    """Tell whether a part of a cell is a number of its own: the common form, or at least eight digits."""
    return receipt.channel is not None or re.fullmatch(r"[A-Z]{0,4}[0-9]{8,20}", receipt.key) is not None


def _day_of_serial(text: str) -> dt.date | None:
    try:
        serial = float(text)
    except ValueError:
        return None
    if 36_526 <= serial < 73_416:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))
    return parse_date(text)
