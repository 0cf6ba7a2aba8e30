"""Sheets known by their headers: which columns there are, and the rows below, each cell with where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.grid import Cell, Kind, address
from adapters.spreadsheets.plain import PlainSheet
from adapters.spreadsheets.profiles import header_keys

HEAD_ROWS: Final = 20
"""How deep in a sheet the header may stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it holds, its header, other headers it is known by, what to write into it."""

    field: str
    header: str
    also: tuple[str, ...] = ()
    required: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, words by which it is found under another name, its columns."""

    name: str
    words: tuple[str, ...]
    columns: tuple[Column, ...]


class HeadedRow:
    """One row of a table as it is read: its texts by field, and where each of them stands."""

    def __init__(self, sheet: str, number: int, columns: Mapping[str, int], cells: Mapping[int, Cell]) -> None:
        """Keep the cells of the columns that are known."""
        self.sheet, self.number, self.columns = sheet, number, columns
        self.cells = {field: cells[column] for field, column in columns.items() if column in cells}

    def text(self, field: str) -> str:
        """Return what stands in a field, empty where nothing does."""
        cell = self.cells.get(field)
        return clean_text(cell.text) if cell and cell.kind in {Kind.TEXT, Kind.NUMBER, Kind.DATE} else ""

    def place(self, field: str | None) -> str:
        """Return where a field stands, in Chinese."""
        if field is None or field not in self.columns:
            return f"{self.sheet} 第{self.number}行"
        return f"{self.sheet}!{address(self.columns[field], self.number)}"

    def place_en(self, field: str | None) -> str:
        """Return where a field stands, in English."""
        return self.place(field) if field in self.columns else f"{self.sheet} row {self.number}"


@dataclass(frozen=True)
class Headed:
    """A sheet whose header was found: what stands above it, its columns, the rows below that say something."""

    title: str
    columns: Mapping[str, int]
    rows: list[HeadedRow]


Problem = Callable[[HeadedRow, str, str, str], None]


def headed(sheet: Sheet, read: PlainSheet, problem: Problem) -> Headed | None:
    """Find the header and return the rows below it; None where there is none.

    Args:
        sheet: the columns that are looked for.
        read: what was read.
        problem: told of cells that hold an error: the row, why (Chinese, English), the field.
    """
    title = ""
    for number, cells in read.rows[:HEAD_ROWS]:
        columns = _columns(sheet, cells)
        if all(column.field in columns for column in sheet.columns if column.required):
            rows = [HeadedRow(read.name, each, columns, held) for each, held in read.rows if each > number]
            return Headed(title, columns, [row for row in rows if _says_something(row, problem)])
        title = title or (clean_text(cells[min(cells)].text) if cells else "")
    return None


def _says_something(row: HeadedRow, problem: Problem) -> bool:
    for field, cell in row.cells.items():
        if cell.kind in {Kind.ERROR, Kind.NO_VALUE}:
            problem(row, "单元格是错误值或没有结果的公式", "the cell holds an error or a formula without result", field)
    return any(row.text(field) for field in row.cells)


def _columns(sheet: Sheet, cells: Mapping[int, Cell]) -> dict[str, int]:
    known = {header_keys(name)[0]: column.field for column in sheet.columns for name in (column.header, *column.also)}
    found: dict[str, int] = {}
    for number, cell in sorted(cells.items()):
        whole, bare = header_keys(cell.text)
        field = known.get(whole) or known.get(bare)
        if field and field not in found:
            found[field] = number
    return found
