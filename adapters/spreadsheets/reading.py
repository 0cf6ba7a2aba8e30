"""Open a public table and read its rows.

``open_sheet`` proves the file readable as a whole and finds the sheets and columns to read; iterating
yields the rows in order, with a memory that does not grow with their number.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from adapters.spreadsheets.cells import clean_text, printable
from adapters.spreadsheets.doubts import SheetError, damaged
from adapters.spreadsheets.grid import HEAD_ROWS, Cell, Context, Kind, Row, Scan, scan, stream
from adapters.spreadsheets.package import Package
from adapters.spreadsheets.parts import SharedStrings, SheetPart, read_date_styles, read_workbook
from adapters.spreadsheets.profiles import Match, Profile, load_profiles, match
from adapters.spreadsheets.rows import RowReader, SheetRow

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet to read: where its header stands, what its columns hold, what spans rows, how many follow."""

    sheet: SheetPart
    header_row: int
    columns: Match
    merges: Mapping[int, list[tuple[int, int]]]
    total: int


class OpenSheet:
    """An opened table: iterate it for its rows, as often as wanted; close it, or use it in a ``with``.

    ``profile`` is that of the first sheet read; ``total`` the number of rows with content below the
    headers, an upper bound of the rows yielded; ``absent`` the optional columns that are not there,
    ``ignored`` the headers of columns not read, ``skipped`` the names of sheets without a header that was
    recognised, ``layouts`` the sheets read.
    """

    def __init__(
        self, package: Package, context: Context, layouts: tuple[Layout, ...], skipped: tuple[str, ...]
    ) -> None:
        """Take over the open package."""
        self._package = package
        self._context = context
        self.layouts = layouts
        self.skipped = skipped
        self.profile: Profile = layouts[0].columns.profile
        self.total: int = sum(layout.total for layout in layouts)
        self.absent: tuple[str, ...] = _distinct(name for layout in layouts for name in layout.columns.absent)
        self.ignored: tuple[str, ...] = _distinct(
            printable(clean_text(name), 60) for layout in layouts for name in layout.columns.ignored
        )
        self._finalizer = weakref.finalize(self, _close, package, context.strings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; rows can no longer be read."""
        self._finalizer()

    def __iter__(self) -> Iterator[SheetRow]:
        """Yield every row; raises `SheetError` only when the file is taken away or changed meanwhile."""
        if not self._finalizer.alive:
            raise SheetError("closed", "文件已经关闭。", "The file has been closed.")
        for layout in self.layouts:
            reader = RowReader(layout.sheet.name, layout.columns, hidden=layout.sheet.hidden)
            wanted = frozenset({*layout.columns.columns, *layout.columns.twice})
            rows = stream(self._package, layout.sheet.part, self._context, wanted)
            for number, cells in spread(rows, layout.merges):
                if number > layout.header_row and (row := reader.read(number, cells)) is not None:
                    yield row


def open_sheet(path: Path, profile: str | Profile = AUTO) -> OpenSheet:
    """Open a table.

    Args:
        path: An .xlsx (or .xlsm) file.
        profile: The name of a profile, a profile, or "auto" for the best match of each sheet.

    Raises:
        SheetError: Whenever the file cannot be used at all, whatever its bytes; the code says why.
    """
    profiles = _profiles(profile)
    package = Package(path)
    strings: SharedStrings | None = None
    try:
        workbook = read_workbook(package)
        styles = read_date_styles(package, workbook.styles)
        strings = SharedStrings(package, workbook.strings)
        context = Context(strings, styles, workbook.since_1904)
        layouts: list[Layout] = []
        skipped: list[str] = []
        nearest: list[Match] = []
        for sheet in workbook.sheets:
            found = scan(package, sheet.part, context)
            layout, best = _layout(sheet, found, profiles)
            if layout is not None:
                layouts.append(layout)
            elif found.head or found.later:
                skipped.append(printable(sheet.name, 40))
                nearest.append(best)
        if layouts:
            return OpenSheet(package, context, tuple(layouts), tuple(skipped))
    except BaseException as error:
        _close(package, strings)
        if isinstance(error, RecursionError | MemoryError):
            raise damaged("xml") from error
        raise
    _close(package, strings)
    raise _no_header(nearest, profiles)


def _profiles(profile: str | Profile) -> list[Profile]:
    if isinstance(profile, Profile):
        return [profile]
    known = load_profiles()
    if profile == AUTO:
        return list(known.values())
    if profile not in known:
        names = ", ".join([AUTO, *known])
        shown = printable(profile, 40)
        raise SheetError(
            "unknown_profile",
            f"没有名为“{shown}”的表格格式。可用：{names}。",
            f'There is no profile called "{shown}". There are: {names}.',
        )
    return [known[profile]]


def _layout(sheet: SheetPart, found: Scan, profiles: list[Profile]) -> tuple[Layout | None, Match]:
    """Find the header among the first rows; without one, return the nearest miss."""
    best: tuple[int, Match] | None = None
    nearest = match(profiles[0], {})
    rows = list(spread(found.head, found.merges))
    for number, cells in rows:
        texts = {column: cell.text for column, cell in cells.items() if cell.kind is Kind.TEXT}
        for profile in profiles:
            candidate = match(profile, texts)
            if candidate.complete and (best is None or candidate.score > best[1].score):
                best = (number, candidate)
            if candidate.score > nearest.score:
                nearest = candidate
    if best is None:
        return None, nearest
    header_row, columns = best
    below = sum(1 for number, _ in found.head if number > header_row)
    return Layout(sheet, header_row, columns, found.merges, below + found.later), nearest


def spread(rows: Iterator[Row] | list[Row], merges: Mapping[int, list[tuple[int, int]]]) -> Iterator[Row]:
    """Let the value of a range that spans rows count for each of its rows, in the range's first column.

    A row without anything of its own stays out: a record drawn over three merged rows is one record.
    """
    starts = sorted(merges)
    next_start = 0
    live: dict[int, tuple[int, Cell | None]] = {}
    for number, own in rows:
        live = {column: held for column, held in live.items() if held[0] >= number}
        while next_start < len(starts) and starts[next_start] <= number:
            start = starts[next_start]
            for last, column in merges[start]:
                if last >= number:
                    live[column] = (last, own.get(column) if start == number else None)
            next_start += 1
        if not live:
            yield number, own
            continue
        cells = dict(own)
        for column, (_, cell) in live.items():
            if cell is not None:
                cells.setdefault(column, cell)
        yield number, cells


def _no_header(nearest: list[Match], profiles: list[Profile]) -> SheetError:
    closest = max(nearest, key=lambda candidate: candidate.score, default=None)
    if closest is None:
        return SheetError("empty_sheet", "表格是空的。", "The workbook has nothing in it.")
    names = "、".join(closest.missing or closest.absent)
    titles = ", ".join(profile.name for profile in profiles)
    return SheetError(
        "no_header",
        f"前{HEAD_ROWS}行中没有找到表头（格式{closest.profile.name}），缺少：{names}。",
        f"No header in the first {HEAD_ROWS} rows fits ({titles}); "
        f"nearest to {closest.profile.name}, missing: {names}.",
    )


def _distinct(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _close(package: Package, strings: SharedStrings | None) -> None:
    package.close()
    if strings is not None:
        strings.close()
