"""Reading a table of things with units and people in it: every cell that cannot be used is named, or nothing is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from adapters.organisation_columns import Names
from adapters.spreadsheets.cells import printable
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.headed import HeadedRow, Sheet, headed
from adapters.spreadsheets.plain import read_plain
from models.world import World

SHOWN: Final = 20
UNITS: Final = frozenset({"unit"})
"""The fields that name units; the others that name somebody name people."""


class CellReading:
    """What is held against the cells of a workbook, while it is read."""

    def __init__(self, world: World) -> None:
        """Begin with nothing against it."""
        self.names = Names.of(world.organisation) if world.organisation else Names((), ())
        self.problems: list[tuple[str, str]] = []

    def problem(self, row: HeadedRow, zh: str, en: str, name: str | None = None) -> None:
        """Hold something against a cell."""
        self.problems.append((f"{row.place(name)}：{zh}。", f"{row.place_en(name)}: {en}."))

    def rows(self, path: Path, sheet: Sheet) -> list[HeadedRow]:
        """Return the rows of every sheet with the columns that are needed.

        Raises:
            SheetError: the file cannot be used at all, or no sheet of it has these columns.
        """
        found = [headed(sheet, each, self.problem) for each in read_plain(path)]
        if not any(found):
            wanted = "、".join(column.header for column in sheet.columns if column.required)
            raise SheetError(
                "no_sheet_known", f"没有可识别的工作表，表头须有：{wanted}。", f"No sheet has a header with {wanted}."
            )
        return [row for table in found if table for row in table.rows]

    def needed(self, row: HeadedRow, *names: str) -> bool:
        """Tell whether something stands in each of some fields; hold it against those where nothing does."""
        empty = [name for name in names if not row.text(name)]
        for name in empty:
            self.problem(row, "不能为空", "is needed", name)
        return not empty

    def named(self, row: HeadedRow, *names: str) -> Iterator[tuple[str, JsonValue]]:
        """Yield the ids of the units and people that some fields name."""
        for name in names:
            text = row.text(name)
            called = self.names.units_called if name in UNITS else self.names.people_called
            ids = called(text) if text else []
            shown = printable(text, 40)
            if len(ids) == 1:
                yield name, ids[0]
            elif ids:
                listed = "、".join(ids)
                en = f'more than one "{shown}"; write the id: {listed}'
                self.problem(row, f"“{shown}”不止一个，请写编号：{listed}", en, name)
            elif text:
                self.problem(row, f"没有“{shown}”", f'there is no "{shown}"', name)

    def unit(self, name: str | None) -> str:
        """Write a unit, so that it is read as the same."""
        return self.names.unit(name) if name in self.names.units else name or ""

    def person(self, name: str | None) -> str:
        """Write a person, so that they are read as the same."""
        return self.names.person(name) if name in self.names.people else name or ""

    def settle(self) -> None:
        """Let the workbook pass if nothing is held against it.

        Raises:
            SheetError: some cells cannot be used: the first ones are named, in both languages.
        """
        if self.problems:
            zh, en = ("\n".join(each[lang] for each in self.problems[:SHOWN]) for lang in (0, 1))
            count = len(self.problems)
            raise SheetError(
                "cells",
                f"有 {count} 处不能使用，没有导入：\n{zh}",
                f"{count} cells cannot be used, nothing imported:\n{en}",
            )
