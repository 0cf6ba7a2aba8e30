"""Write public tables: whole ones, and the doubtful rows of an import for a clerk to mend.

What is written is text and stays text: nothing becomes a formula, a link or a number, whatever it begins
with.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from adapters.spreadsheets.cells import clean_text, printable
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from adapters.spreadsheets.profiles import CELL_HEADER, REASON_HEADER, Profile, load_profiles
from adapters.spreadsheets.rows import SheetRow

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CUT: Final = "…〔后略 cut〕"
_A4: Final = 9
_REASON_WIDTH: Final = 40


def write_table(path: Path, profile: Profile, rows: Iterable[Mapping[str, str]], *, title: str) -> int:
    """Write rows of texts by field in the profile's columns; return their number.

    Memory does not grow with the rows. The file appears as a whole or not at all, also over an older one.
    Fields that are not columns of the profile are passed over; text beyond a cell's 32,767 characters is
    cut and says so.

    Raises:
        SheetError: ``cannot_write`` when the folder or file cannot be written.
    """
    with new_workbook(path) as workbook:
        sheet = _Sheet(workbook, profile, title=title, name="")
        for row in rows:
            sheet.write([row.get(column.field, "") for column in profile.columns])
        sheet.finish()
    return sheet.count


def write_doubtful(path: Path, rows: Iterable[SheetRow], *, profiles: Mapping[str, Profile] | None = None) -> int:
    """Write a copy of the doubtful rows among ``rows``; return their number.

    Each has its reasons (原因) and their cells (单元格) beside it. Once mended, the file can be imported
    as it is. Rows of different profiles get a sheet each. Without a doubtful row no file is written.

    Raises:
        SheetError: ``cannot_write``; ``unknown_profile`` for a row of a profile not among ``profiles``.
    """
    known = load_profiles() if profiles is None else profiles
    doubtful = (row for row in rows if row.doubts)
    first = next(doubtful, None)
    if first is None:
        return 0
    sheets: dict[str, _Sheet] = {}
    with new_workbook(path) as workbook:
        row: SheetRow | None = first
        while row is not None:
            sheet = sheets.get(row.profile)
            if sheet is None:
                profile = known.get(row.profile)
                if profile is None:
                    raise SheetError(
                        "unknown_profile",
                        f"没有名为“{printable(row.profile, 40)}”的表格格式。",
                        f'There is no profile called "{printable(row.profile, 40)}".',
                    )
                sheet = _Sheet(
                    workbook,
                    profile,
                    title="待核对的行，改正后可再次导入",
                    name=profile.name,
                    extra=(REASON_HEADER, CELL_HEADER),
                )
                sheets[row.profile] = sheet
            reasons = "\n".join(f"{doubt.column}：{doubt.zh}" if doubt.column else doubt.zh for doubt in row.doubts)
            places = "\n".join(f"{row.sheet}!{doubt.cell}" for doubt in row.doubts)
            sheet.write([*(row.cells.get(column.field, "") for column in sheet.profile.columns), reasons, places])
            row = next(doubtful, None)
        for sheet in sheets.values():
            sheet.finish()
    return sum(sheet.count for sheet in sheets.values())


class _Sheet:
    """One sheet under a title and a frozen header; rows are appended."""

    def __init__(
        self, workbook: Workbook, profile: Profile, *, title: str, name: str, extra: tuple[str, ...] = ()
    ) -> None:
        self.profile = profile
        self.count = 0
        self._sheet: Worksheet = workbook.add_worksheet(name[:31] or None)
        self._text: Format = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
        head = workbook.add_format(
            {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        )
        big = workbook.add_format({"bold": True, "align": "center", "valign": "vcenter", "font_size": 14})
        headers = [*(column.header for column in profile.columns), *extra]
        widths = [*(column.width for column in profile.columns), *(_REASON_WIDTH for _ in extra)]
        for number, width in enumerate(widths):
            self._sheet.set_column(number, number, width)
        self._sheet.freeze_panes(2, 0)
        self._sheet.repeat_rows(1)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        if len(headers) > 1:
            self._sheet.merge_range(0, 0, 0, len(headers) - 1, "", big)
        self._sheet.write_string(0, 0, fit(title or profile.title), big)
        for number, header in enumerate(headers):
            self._sheet.write_string(1, number, header, head)
        self._last_column = len(headers) - 1

    def write(self, texts: Iterable[str]) -> None:
        """Append one row."""
        self.count += 1
        for number, text in enumerate(texts):
            if text:
                self._sheet.write_string(self.count + 1, number, fit(text), self._text)
            else:
                self._sheet.write_blank(self.count + 1, number, None, self._text)

    def finish(self) -> None:
        """Set the filter over everything written."""
        self._sheet.autofilter(1, 0, self.count + 1, self._last_column)


def fit(text: str) -> str:
    """Return clean text that fits into a cell, which counts in UTF-16 units."""
    text = clean_text(text)
    if len(text) * 2 <= MAX_CELL_CHARACTERS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_CHARACTERS:
        return text
    return units[: 2 * (MAX_CELL_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


@contextlib.contextmanager
def new_workbook(path: Path) -> Iterator[Workbook]:
    """Yield a workbook that becomes ``path`` when the block ends well, and leaves no trace otherwise."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        draft = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.tmp")
        file = draft.open("xb")
    except (OSError, ValueError) as error:
        raise _cannot_write(path) from error
    try:
        with file:
            workbook = Workbook(file, options)
            try:
                yield workbook
            finally:
                workbook.close()
        draft.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise _cannot_write(path) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _cannot_write(path: Path) -> SheetError:
    shown = printable(str(path), 200)
    return SheetError(
        "cannot_write",
        f"无法写入文件“{shown}”，请检查文件夹和权限，或先在表格软件中关闭它。",
        f'The file "{shown}" cannot be written; check folder and permissions, or close it elsewhere.',
    )
