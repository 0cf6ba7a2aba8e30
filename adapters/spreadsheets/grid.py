"""The cells of a worksheet, streamed row by row.

A sheet is walked twice: `scan` proves the whole part readable, takes the first rows (to find the header),
the merged ranges (they stand behind the rows) and the number of rows; `stream` then yields the rows.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple
from xml.parsers import expat

from adapters.spreadsheets.doubts import damaged
from adapters.spreadsheets.package import Package
from adapters.spreadsheets.parts import (
    MAX_CELL_CHARACTERS,
    SharedStrings,
    feed,
    local,
    new_parser,
    unescape,
)

HEAD_ROWS: Final = 50
"""How deep in a sheet the header may stand."""
_HEAD_COLUMNS: Final = frozenset(range(256))
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_MAX_MERGES: Final = 500_000
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LARGEST_SERIAL: Final = 2_958_466.0
_EPOCH_1900: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - likewise
# 1900 was no leap year; the format counts its 29 February all the same.
_FALSE_LEAP_DAY: Final = 60


class Kind(Enum):
    """What a cell holds, as far as a reader of petitions cares."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ERROR = "error"
    NO_VALUE = "formula without a saved result"


class Cell(NamedTuple):
    """One cell: its kind and its characters (a number without exponent, a date as ISO 8601)."""

    kind: Kind
    text: str


Row = tuple[int, dict[int, Cell]]
"""A row number (from 1) and its cells by column (from 0); empty cells are left out."""


@dataclass(slots=True)
class Scan:
    """What one walk over a sheet found.

    ``head`` holds the non-empty rows among the first `HEAD_ROWS`; ``later`` counts the rows with content
    below them; ``merges`` maps the first row of every range that spans rows to its (last row, first
    column) pairs.
    """

    head: list[Row] = field(default_factory=list)
    later: int = 0
    merges: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What the cells of a workbook refer to: its shared strings, its date styles, its calendar."""

    strings: SharedStrings
    date_styles: frozenset[str]
    since_1904: bool


def scan(package: Package, part: str, context: Context) -> Scan:
    """Walk a whole sheet once; raises `SheetError` when any of it cannot be read."""
    found = Scan()
    walker = _Walker(context, _HEAD_COLUMNS, found)
    for _ in feed(package, part, walker.parser):
        found.head.extend(walker.take())
    return found


def stream(package: Package, part: str, context: Context, columns: frozenset[int]) -> Iterator[Row]:
    """Yield the non-empty rows of a sheet in the order written, with the cells of ``columns`` only."""
    walker = _Walker(context, columns, None)
    for _ in feed(package, part, walker.parser):
        yield from walker.take()


class _Walker:
    """Turns the events of the XML parser into rows.

    With a ``found`` scan, the rows below the head are counted, not read.
    """

    def __init__(self, context: Context, columns: frozenset[int], found: Scan | None) -> None:
        self._context = context
        self._columns = columns
        self._found = found
        self._rows: list[Row] = []
        self._cells: dict[int, Cell] = {}
        self._names: dict[str, str] = {}
        self._letters: dict[str, int] = {}
        self._row = self._column = 0
        self._in_data = self._reading = self._collecting = self._formula = self._counted = False
        self._phonetic = self._merges = 0
        self._kind = "n"
        self._style = ""
        self._texts: list[str] = []
        self._length = 0
        self.parser: expat.XMLParserType = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def take(self) -> list[Row]:
        """Hand over the rows finished so far."""
        rows, self._rows = self._rows, []
        return rows

    def _name(self, name: str) -> str:
        tag = self._names.get(name)
        if tag is None:
            tag = local(name)
            if len(self._names) < 1000:
                self._names[name] = tag
        return tag

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._names.get(name) or self._name(name)
        if not self._in_data:
            if tag == "sheetData":
                self._in_data = True
            elif tag == "mergeCell" and self._found is not None:
                self._merge(attributes.get("ref", ""))
        elif tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self._collecting = self._reading
        elif tag == "t":
            self._collecting = self._reading and self._phonetic == 0
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._start_row(attributes.get("r"))
        elif tag == "rPh":
            self._phonetic += 1

    def _end(self, name: str) -> None:
        tag = self._names.get(name) or self._name(name)
        if not self._in_data:
            return
        if tag in {"v", "t"}:
            self._collecting = False
        elif tag == "c":
            if self._reading:
                self._end_cell()
        elif tag == "row":
            if self._cells:
                self._rows.append((self._row, self._cells))
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "sheetData":
            self._in_data = False

    def _characters(self, data: str) -> None:
        if self._collecting and self._length <= 8 * MAX_CELL_CHARACTERS:
            self._texts.append(data)
            self._length += len(data)

    def _start_row(self, number: str | None) -> None:
        row = self._row + 1 if number is None else int(number) if number.isdecimal() and len(number) < 8 else 0
        if not self._row < row <= _LAST_ROW:
            raise damaged(f"row {number or row}")
        self._row = row
        self._column = -1
        self._cells = {}
        if self._found is not None and row > HEAD_ROWS:
            self._counted = False
            self.parser.StartElementHandler = self._skim
            self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None

    def _skim(self, name: str, attributes: dict[str, str]) -> None:
        """Take the place of `_start` below the head: check addresses, count rows, collect merges."""
        tag = self._names.get(name) or self._name(name)
        if tag == "c":
            if "r" in attributes:
                self._column_of(attributes["r"])
        elif tag in {"v", "is", "f"}:
            if not self._counted and self._found is not None:
                self._counted = True
                self._found.later += 1
        elif tag == "row":
            self._start_row(attributes.get("r"))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column = self._column + 1 if reference is None else self._column_of(reference)
        self._reading = self._column in self._columns
        if self._reading:
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = False
            self._phonetic = 0
            self._texts.clear()
            self._length = 0

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._letters.get(letters)
        if column is None:
            column = column_number(letters)
            self._letters[letters] = column
        return column

    def _end_cell(self) -> None:
        self._reading = self._collecting = False
        if not self._texts:
            if self._formula:
                self._cells[self._column] = Cell(Kind.NO_VALUE, "")
            return
        raw = "".join(self._texts)
        cell = self._cell(self._kind, raw)
        if cell.text and not cell.text.isspace():
            self._cells[self._column] = cell

    def _cell(self, kind: str, raw: str) -> Cell:
        if kind == "s":
            try:
                return Cell(Kind.TEXT, self._context.strings.get(int(raw)))
            except (ValueError, IndexError):
                return Cell(Kind.ERROR, raw[:40])
        if kind in {"inlineStr", "str", "d"}:
            return Cell(Kind.DATE if kind == "d" else Kind.TEXT, unescape(raw)[: MAX_CELL_CHARACTERS + 1])
        if kind == "b":
            return Cell(Kind.TEXT, "TRUE" if raw.strip() == "1" else "FALSE")
        if kind != "n":
            return Cell(Kind.ERROR, raw[:40])
        return self._number(raw)

    def _number(self, raw: str) -> Cell:
        try:
            value = float(raw)
        except ValueError:
            return Cell(Kind.TEXT, raw[: MAX_CELL_CHARACTERS + 1])
        if not math.isfinite(value):
            return Cell(Kind.ERROR, raw[:40])
        if self._style in self._context.date_styles:
            return _date_cell(value, since_1904=self._context.since_1904)
        # Digits beyond what a float holds are kept when they were written out.
        text = raw.strip()
        if text.isdecimal() and text.isascii():
            return Cell(Kind.NUMBER, text[:400])
        return Cell(Kind.NUMBER, str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value))

    def _merge(self, reference: str) -> None:
        self._merges += 1
        first, _, last = reference.replace("$", "").partition(":")
        begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if self._found is None or begin is None or end is None or self._merges > _MAX_MERGES:
            raise damaged("mergeCells")
        column = column_number(begin[1])
        if int(end[2]) > int(begin[2]) and column in self._columns:
            self._found.merges.setdefault(int(begin[2]), []).append((int(end[2]), column))


def column_number(letters: str) -> int:
    """Return the column of "A" (0) to "XFD" (16,383); anything else is a damaged file."""
    number = 0
    if not 1 <= len(letters) <= 3:
        raise damaged(f"column {letters}")
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise damaged(f"column {letters}")
        number = number * 26 + ord(letter) - ord("A") + 1
    if number > _LAST_COLUMN:
        raise damaged(f"column {letters}")
    return number - 1


def address(column: int, row: int) -> str:
    """Return the address of a cell, "F12" for column 5, row 12."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _date_cell(serial: float, *, since_1904: bool) -> Cell:
    """Turn a serial day into ISO 8601: a date, a time (below one day), or both; else an error."""
    if not 0 <= serial < _LARGEST_SERIAL:
        return Cell(Kind.ERROR, repr(serial))
    if since_1904:
        moment = _EPOCH_1904
    else:
        moment = _EPOCH_1900 if serial >= _FALSE_LEAP_DAY else _EPOCH_1900 + dt.timedelta(days=1)
    try:
        moment += dt.timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return Cell(Kind.ERROR, repr(serial))
    if serial < 1 and serial:
        return Cell(Kind.TEXT, moment.strftime("%H:%M"))
    return Cell(Kind.DATE, moment.date().isoformat() + (moment.strftime(" %H:%M") if serial % 1 else ""))
