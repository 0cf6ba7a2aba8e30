"""Workbooks of several small sheets, read as rows of texts and written from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.spreadsheets.cells import printable
from adapters.spreadsheets.doubts import SheetError, damaged
from adapters.spreadsheets.grid import Cell, Context, Row, scan, stream
from adapters.spreadsheets.package import Package
from adapters.spreadsheets.parts import SharedStrings, read_date_styles, read_workbook
from adapters.spreadsheets.reading import spread
from adapters.spreadsheets.writing import fit, new_workbook

MOST_ROWS: Final = 20_000
"""Rows of one sheet; who there is fits into far fewer."""
_COLUMNS: Final = frozenset(range(64))
_WIDTH: Final = 18


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet: its name and its rows with content, each with its number from 1."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to write: a title above the headers, if any, and the rows."""

    name: str
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def read_plain(path: Path) -> tuple[PlainSheet, ...]:
    """Read every sheet that is not hidden; what spans several rows counts for each of them.

    Raises:
        SheetError: the file cannot be used at all, or a sheet is far too long.
    """
    with Package(path) as package:
        strings: SharedStrings | None = None
        try:
            workbook = read_workbook(package)
            styles = read_date_styles(package, workbook.styles)
            strings = SharedStrings(package, workbook.strings)
            context = Context(strings, styles, workbook.since_1904)
            return tuple(
                PlainSheet(sheet.name, _rows(package, sheet.name, sheet.part, context))
                for sheet in workbook.sheets
                if not sheet.hidden
            )
        except (RecursionError, MemoryError) as error:
            raise damaged("xml") from error
        finally:
            if strings is not None:
                strings.close()


def _rows(package: Package, name: str, part: str, context: Context) -> tuple[Row, ...]:
    found = scan(package, part, context)
    if len(found.head) + found.later > MOST_ROWS:
        shown = printable(name, 40)
        raise SheetError(
            "too_long",
            f"工作表“{shown}”超过 {MOST_ROWS} 行。",
            f'The sheet "{shown}" has more than {MOST_ROWS} rows.',
        )
    rows: list[tuple[int, dict[int, Cell]]] = list(spread(stream(package, part, context, _COLUMNS), found.merges))
    return tuple(rows)


def write_plain(path: Path, sheets: Sequence[NewSheet]) -> None:
    """Write sheets of texts; the file appears as a whole or not at all, also over an older one.

    Raises:
        SheetError: ``cannot_write``.
    """
    with new_workbook(path) as workbook:
        head = workbook.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED", "text_wrap": True})
        text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        big = workbook.add_format({"bold": True, "font_size": 14})
        for new in sheets:
            sheet = workbook.add_worksheet(new.name)
            sheet.set_column(0, max(len(new.headers) - 1, 0), _WIDTH)
            first = 0
            if new.title:
                sheet.write_string(0, 0, fit(new.title), big)
                first = 1
            for column, header in enumerate(new.headers):
                sheet.write_string(first, column, header, head)
            sheet.freeze_panes(first + 1, 0)
            for number, row in enumerate(new.rows, first + 1):
                for column, value in enumerate(row):
                    sheet.write_string(number, column, fit(value), text)
