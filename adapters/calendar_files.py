"""Reads the table of a year's working days from a file: TOML as in `policies/calendars`, or an iCal ``.ics``.

Files come from anywhere, so nothing in one is believed before it is checked: a file that cannot be used is a
`CalendarFileError`, an oddity in one that can is a `Note`, and neither touches the ledger.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.mistakes import words
from models.base import is_unclean
from models.calendars import Calendar, Week, Year, parse_year

MAX_BYTES: Final = 2 * 1024 * 1024
"""A year's table has a few kilobytes, a calendar of twenty years with all its notices a few hundred."""
SHOWN: Final = 40
"""Characters of a foreign text in a sentence."""


class CalendarFileError(Exception):
    """A file that cannot be used at all: a stable ``code`` and a clerk's sentence, ``zh`` and ``en``."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keep the code and both sentences."""
        super().__init__(f"{zh} {en}")
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know about what was read.

    ``line`` is the file's line, ``entry`` what stands there (an event's UID, a table's day). Where it is
    ``doubtful`` a day may be wrong or missing; else it was only left out or read in the one way it can be meant.
    """

    code: str
    zh: str
    en: str
    line: int | None = None
    entry: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file holds: tables in the order of their years, perhaps the week's shifts, and what to know of them."""

    years: tuple[Year, ...]
    week: Week | None
    notes: tuple[Note, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing in it is doubtful."""
        return not any(note.doubtful for note in self.notes)


@dataclass(frozen=True, slots=True)
class Change:
    """A day that a table settles otherwise than the calendar in force: ``off``, ``work``, or neither (None)."""

    day: date
    was: str | None
    now: str | None


def read_tables(path: Path, *, source: str = "") -> Tables:
    """Read the tables a file holds.

    Args:
        path: a ``.toml`` or an iCal file, at most 2 MB.
        source: the notice that an iCal file follows, which such a file does not tell.

    Raises:
        CalendarFileError: the file cannot be used; nothing of it is returned.
        OSError: it may not be read.
    """
    # The library is only needed where such a file is, and takes a moment to load.
    from adapters.calendar_ical import read_ical

    data = _bytes(path)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return read_ical(data, source or path.stem)
    if path.suffix.lower() == ".toml":
        return _read_toml(data)
    raise CalendarFileError(
        "no_calendar",
        f"{printable(path.name)} 既不是 TOML 表，也不是 iCal 日历（应以 BEGIN:VCALENDAR 开头）。",
        f"{printable(path.name)} is neither a TOML table nor an iCal calendar (which begins with BEGIN:VCALENDAR).",
    )


def changes(calendar: Calendar, table: Year) -> tuple[Change, ...]:
    """Return the days a table settles otherwise than the calendar's table of that year, in order."""
    before = calendar.years.get(table.year)
    was, now = (_states(before) if before else {}), _states(table)
    return tuple(Change(day, was.get(day), now.get(day)) for day in sorted(was | now) if was.get(day) != now.get(day))


FESTIVALS: Final = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")


def unseen(year: int, names: Iterable[str]) -> tuple[Note, ...]:
    """Note the festivals that none of a year's days is named after; one may fall on a weekend, or be forgotten."""
    named = "".join(names)
    missing = [festival for festival in FESTIVALS if festival not in named]
    if not missing:
        return ()
    zh = f"{year} 年未见：{'、'.join(missing)}，请对照通知。"
    en = f"{year} names no day of {', '.join(missing)}; compare with the notice."
    return (Note("festival", zh, en, entry=str(year)),)


def _states(table: Year) -> dict[date, str]:
    return dict.fromkeys(table.off, "off") | dict.fromkeys(table.work, "work")


def printable(text: str, limit: int = SHOWN) -> str:
    """Return what of a foreign text can be shown in a sentence."""
    kept = " ".join("".join(" " if mark.isspace() or is_unclean(mark) else mark for mark in text[: 4 * limit]).split())
    return kept if len(kept) <= limit else f"{kept[: limit - 1]}…"


def _bytes(path: Path) -> bytes:
    name = printable(path.name)
    if not path.is_file():
        raise CalendarFileError("no_file", f"没有文件 {name}。", f"There is no file {name}.")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CalendarFileError(
            "too_large", f"{name} 超过 2 MB，不会是一年的安排。", f"{name} is above 2 MB; no year's table is so large."
        )
    if not data.strip():
        raise CalendarFileError("empty", f"{name} 是空文件。", f"{name} is empty.")
    if b"\0" in data:
        raise CalendarFileError(
            "binary",
            f"{name} 含有 NUL 字节，不是文本文件；若为 UTF-16 请另存为 UTF-8。",
            f"{name} holds NUL bytes and is no text; if it is UTF-16, save it as UTF-8.",
        )
    return data


def decoded(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return a file's text and, where it is not UTF-8 but GB18030, a note that says so.

    Raises:
        CalendarFileError: it is neither.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise CalendarFileError(
            "encoding",
            f"第 {line} 行既不是 UTF-8 也不是 GB18030 编码。",
            f"Line {line} is neither UTF-8 nor GB18030.",
        ) from fault
    return text, (Note("gb18030", "文件按 GB18030 编码读取。", "The file was read as GB18030."),)


def _read_toml(data: bytes) -> Tables:
    text, notes = decoded(data)
    try:
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as fault:
        raise CalendarFileError("toml", f"TOML 格式有误：{fault}。", f"This is not TOML: {fault}.") from fault
    except RecursionError as fault:
        raise CalendarFileError("toml", "TOML 嵌套过深。", "The TOML is nested too deeply.") from fault
    except ValueError as fault:
        raise CalendarFileError("toml", "TOML 中有过长的数字。", "The TOML holds a number that is too long.") from fault
    try:
        if "year" in document:
            table = parse_year(document)
            return Tables((table,), None, (*notes, *unseen(table.year, (*table.off.values(), *table.work.values()))))
        return Tables((), Week.model_validate(document), notes)
    except ValidationError as fault:
        wrong = (_note(text, error) for error in fault.errors(include_url=False, include_input=False))
        return Tables((), None, (*notes, *wrong))


def _note(text: str, error: ErrorDetails) -> Note:
    """Make a note of what pydantic says, with the line of the day or field it is about."""
    path = [str(each) for each in error["loc"] if each != "[key]"]
    zh, en = (said.rstrip(".。") for said in words(error))
    named = re.match(r"\d{4}-\d{2}-\d{2}", zh)
    entry = printable(named[0] if named else ".".join(path))
    # A key stands at the beginning of its line, a day perhaps in quotes.
    keys = [entry, *reversed(path)]
    places = (re.search(rf"(?:^|[{{,])\s*[\"']?{re.escape(key)}\b", text, re.MULTILINE) for key in keys if key)
    found = next(filter(None, places), None)
    line = text.count("\n", 0, found.end()) + 1 if found else None
    # A sentence about a day names it itself.
    about = "" if named else f" {entry}" if entry else ""
    colon = bool(line or about)
    where = (f"第 {line} 行" if line else "") + about, (f"Line {line}" if line else "") + about
    return Note(
        "table",
        f"{where[0].strip()}{'：' if colon else ''}{zh}。",
        f"{where[1].strip()}{': ' if colon else ''}{f'{named[0]} ' if named else ''}{en}.",
        line,
        entry,
        doubtful=True,
    )
