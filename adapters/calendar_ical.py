"""Reads a year's working days from an iCal file, as calendars to subscribe to hold them.

A holiday is an all-day event marked 休, 假期 or 放假, a make-up day one marked 班, 补班 or 上班, or with Apple's
``X-APPLE-SPECIAL-DAY``. Of an event only the few properties that tell its days are handed to the library, so
that nothing else in the file (time zones, alarms, attachments) can do any harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

import icalendar

from adapters.calendar_files import FESTIVALS, CalendarFileError, Note, Tables, decoded, printable, unseen
from models.calendars import Year
from models.counting import SHANGHAI

MAX_EVENTS: Final = 5_000
"""Twenty years with an event for every day off are 600."""
MAX_DEPTH: Final = 4
MAX_DAYS: Final = 31
"""No holiday is longer than a month."""
YEARS: Final = range(1949, 2201)
SATURDAY: Final = 5
DECEMBER: Final = 12

Mark = Literal["off", "work", "swap"]

_PROPERTY: Final = re.compile(r"([A-Za-z0-9-]+)[;:]")
_KEPT: Final = frozenset(
    {"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "STATUS", "X-APPLE-SPECIAL-DAY"}
)
_APPLE: Final[dict[str, Mark]] = {"WORK-HOLIDAY": "off", "ALTERNATE-WORKDAY": "work"}
_COUNT: Final = re.compile(r"第?\s*\d+\s*天\s*[/／]\s*共?\s*\d+\s*天")
_MARKS: Final = re.compile(r"调休|补班|上班|放假|假期|休假|休|班|假")
_EDGES: Final = " ·•・:：-—–,，、/|()（）[]【】"
_FULL_NAMES: Final = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节"}


@dataclass
class _Event:
    """An event's line in the file, and its property lines as they stand there."""

    line: int
    lines: list[str] = field(default_factory=list)


@dataclass
class _Found:
    """What the events tell so far: days with the name they go by and the line they stand in, and what to know."""

    off: dict[date, tuple[str, int]] = field(default_factory=dict)
    work: dict[date, tuple[str, int]] = field(default_factory=dict)
    unmarked: list[tuple[_Event, str, date]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, code: str, event: _Event, entry: str, zh: str, en: str, *, doubtful: bool = True) -> None:
        where = f"第 {event.line} 行 {entry}：", f"Line {event.line}, {entry}: "
        self.notes.append(Note(code, where[0] + zh, where[1] + en, event.line, entry, doubtful))


def read_ical(data: bytes, source: str) -> Tables:
    """Read the tables of an iCal file; one of each year whose notice its days belong to.

    Raises:
        CalendarFileError: it is no calendar, or broken as a whole.
    """
    logical = _unfolded(data)
    text, notes = decoded(b"\n".join(line for _, line in logical))
    found = _Found(notes=list(notes))
    events = _events(list(zip((number for number, _ in logical), text.split("\n"), strict=True)), found)
    for event in events:
        _read(event, found)
    years = tuple(_tables(found, source))
    if not years:
        zh, en = "文件里没有可用的放假或补班日。", "The file holds no day off and no make-up day that can be used."
        found.notes.append(Note("nothing", zh, en, doubtful=True))
    return Tables(years, None, tuple(found.notes))


def _unfolded(data: bytes) -> list[tuple[int, bytes]]:
    """Return the lines with those that go on with a blank joined, each with its number.

    Joined as bytes: old programs fold in the middle of a character.
    """
    lines: list[tuple[int, list[bytes]]] = []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        if line[:1] in {b" ", b"\t"} and lines:
            lines[-1][1].append(line[1:])
        else:
            lines.append((number, [line]))
    return [(number, b"".join(parts)) for number, parts in lines]


def _events(lines: list[tuple[int, str]], found: _Found) -> list[_Event]:
    """Return the events of the calendars in a file.

    Raises:
        CalendarFileError: the parts of the file are not nested as they should be, or there are too many.
    """
    events: list[_Event] = []
    inside: list[str] = []
    for number, line in lines:
        match = _PROPERTY.match(line)
        name = match[1].upper() if match else ""
        if name == "BEGIN":
            inside.append(line[6:].strip().upper())
            if inside[0] != "VCALENDAR" or len(inside) > MAX_DEPTH:
                raise _broken(number, "嵌套有误", "is nested wrongly")
            if inside == ["VCALENDAR", "VEVENT"]:
                events.append(_Event(number))
                if len(events) > MAX_EVENTS:
                    raise CalendarFileError(
                        "too_many",
                        f"事件超过 {MAX_EVENTS} 个，不会是放假安排。",
                        f"There are more than {MAX_EVENTS} events; no table of holidays has so many.",
                    )
        elif name == "END":
            if not inside or inside.pop() != line[4:].strip().upper():
                raise _broken(number, "END 与 BEGIN 不配对", "ends what has not begun")
        elif inside == ["VCALENDAR", "VEVENT"]:
            if name in _KEPT:
                events[-1].lines.append(line)
            elif line.strip() and not match:
                found.note("line", events[-1], printable(line), "看不懂这一行。", "a line that cannot be understood.")
    if inside:
        raise _broken(lines[-1][0], "文件不完整", "is the last, and the file is cut off")
    return events


def _broken(line: int, zh: str, en: str) -> CalendarFileError:
    return CalendarFileError("broken", f"第 {line} 行：{zh}，文件没有读取。", f"Line {line} {en}; nothing was read.")


def _read(event: _Event, found: _Found) -> None:
    """Read one event's days, or note why it has none."""
    text = "\r\n".join(["BEGIN:VEVENT", *event.lines, "END:VEVENT", ""])
    # What is wrong with a property the library keeps in `errors`, see `_days`.
    parsed = icalendar.Event.from_ical(text)
    summary = _text(parsed, "SUMMARY")
    entry = printable(_text(parsed, "UID") or summary or "VEVENT")
    if _text(parsed, "STATUS").upper() == "CANCELLED":
        found.note("cancelled", event, entry, "已取消，未读。", "is cancelled and was left out.", doubtful=False)
        return
    if "RRULE" in parsed or "RDATE" in parsed:
        found.note(
            "recurring",
            event,
            entry,
            "重复事件不读：每年的安排以通知为准，请逐年列出。",
            "a recurring event is not read; each year is settled by its own notice.",
        )
        return
    days = _days(event, entry, parsed, found)
    if days:
        _mark(event, entry, summary, _text(parsed, "X-APPLE-SPECIAL-DAY").upper(), days, found)


def _text(parsed: icalendar.Component, name: str) -> str:
    value = parsed.get(name)
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


def _days(event: _Event, entry: str, parsed: icalendar.Component, found: _Found) -> list[date]:
    """Return the Shanghai days an event covers, none where they cannot be told."""
    start, end = _moment(parsed, "DTSTART"), _moment(parsed, "DTEND")
    broken = [name for name, _ in parsed.errors if name in {None, "DTSTART", "DTEND", "DURATION"}]
    if start is None or broken or (end is None and "DTEND" in parsed):
        found.note("when", event, entry, "日期看不懂，未读。", "its dates cannot be understood; it was left out.")
        return []
    zone = str(getattr(parsed["DTSTART"], "params", {}).get("TZID", ""))
    if zone and isinstance(start, datetime) and start.tzinfo is None:
        zh, en = (
            f"时区 {printable(zone)} 不认识，按北京时间读。",
            f"the zone {printable(zone)} is unknown, read as Beijing.",
        )
        found.note("zone", event, entry, zh, en, doubtful=False)
    try:
        first, last = _day(start), _last_day(start, end, parsed)
    except OverflowError:
        first, last = date.max, date.min
    if last < first or (last - first).days >= MAX_DAYS or first.year not in YEARS:
        found.note(
            "span",
            event,
            entry,
            f"起止日期不合理（{first} 至 {last}），未读。",
            f"its days ({first} to {last}) make no sense; it was left out.",
        )
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _value(parsed: icalendar.Component, name: str) -> object:
    """Return a property's value; None where there is none, two, or one that is broken."""
    try:
        return getattr(parsed.get(name), "dt", None)
    except ValueError:
        return None


def _moment(parsed: icalendar.Component, name: str) -> date | None:
    value = _value(parsed, name)
    return value if isinstance(value, date) else None


def _day(moment: date) -> date:
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo is None else moment.astimezone(SHANGHAI)).date()
    return moment


def _last_day(start: date, end: date | None, parsed: icalendar.Component) -> date:
    """Return the last day: an end is not part of an event, but some calendars write it as if it were."""
    if end is None:
        length = _value(parsed, "DURATION")
        if not isinstance(length, timedelta):
            return _day(start)
        end = start + length
    if isinstance(start, datetime) and isinstance(end, datetime):
        first, until = (each if each.tzinfo else each.replace(tzinfo=SHANGHAI) for each in (start, end))
        return _day(until - timedelta(microseconds=1)) if until.astimezone(UTC) > first.astimezone(UTC) else _day(until)
    return _day(end) - timedelta(days=1) if _day(end) != _day(start) else _day(end)


def _mark(event: _Event, entry: str, summary: str, special: str, days: list[date], found: _Found) -> None:
    """Put an event's days where its mark says."""
    mark, name = marked(summary)
    mark = _APPLE.get(special, mark)
    if mark is None:
        if _MARKS.search(summary):
            zh, en = (
                f"“{printable(summary)}”休、班不明，未读。",
                f'"{printable(summary)}" is marked both off and worked.',
            )
            found.note("both", event, entry, zh, en)
        else:
            found.unmarked.append((event, summary, days[0]))
        return
    if mark == "swap":
        zh = f"“{printable(summary)}”只写调休：周末按上班、平日按放假读。"
        en = f'"{printable(summary)}" says 调休 only: a weekend was read as worked, a weekday as off.'
        found.note("swap", event, entry, zh, en, doubtful=False)
    for day in days:
        weekend = day.weekday() >= SATURDAY
        if mark == "work" and not weekend:
            zh, en = f"{day} 本是工作日，却标为上班，未列。", f"{day} is a weekday marked as worked; it was left out."
            found.note("weekday_worked", event, entry, zh, en)
        else:
            worked = mark == "work" or (mark == "swap" and weekend)
            (found.work if worked else found.off).setdefault(day, (name, event.line))


def marked(summary: str) -> tuple[Mark | None, str]:
    """Return what a title marks (None if nothing, or both) and the holiday's name without its marks."""
    plain = _COUNT.sub("", summary)
    marks = set(_MARKS.findall(plain.replace("休假", "假")))
    work, off = bool(marks & {"班", "补班", "上班"}), bool(marks & {"休", "假", "假期", "放假"})
    mark: Mark | None = None
    if work != off:
        mark = "work" if work else "off"
    elif not work and "调休" in marks:
        mark = "swap"
    name = printable(_MARKS.sub(" ", plain)).strip(_EDGES)
    name = re.sub(r"[(（\[【][\s·、，,/]*[)）\]】]", "", name).strip(_EDGES) or "节假日"
    return mark, _FULL_NAMES.get(name, name)


def _tables(found: _Found, source: str) -> Iterator[Year]:
    """Make the tables; a December is only ever moved by the notice for the next year."""
    _tell_what_was_left_out(found)
    weekdays = {day: name for day, (name, _) in sorted(found.off.items()) if day.weekday() < SATURDAY}
    worked = {day: name for day, (name, _) in sorted(found.work.items())}
    for year in sorted({_notice(day) for day in (*weekdays, *worked)}):
        off = {day: name for day, name in weekdays.items() if _notice(day) == year}
        work = {day: name for day, name in worked.items() if _notice(day) == year}
        if all(day.month == DECEMBER for day in (*off, *work)):
            listed = "、".join(map(str, (*off, *work)))
            zh = f"{listed} 属于 {year} 年的安排，但文件里没有 {year} 年的其他日子，未列。"
            en = f"{listed} belongs to the notice for {year}, of which the file has no other day; left out."
            found.notes.append(Note("only_december", zh, en, entry=str(year), doubtful=True))
            continue
        found.notes += unseen(
            year, [name for day, (name, _) in (found.off | found.work).items() if _notice(day) == year]
        )
        yield Year(year=year, source=printable(source, 200) or "iCal", version="1", off=off, work=work)


def _notice(day: date) -> int:
    return day.year + 1 if day.month == DECEMBER else day.year


def _tell_what_was_left_out(found: _Found) -> None:
    """Note days marked both ways, weekends listed as off (in one sentence), and events that carry no mark."""
    for day in sorted(found.off.keys() & found.work.keys()):
        (_, one), (_, two) = found.off.pop(day), found.work.pop(day)
        zh = f"第 {one} 行把 {day} 标为放假，第 {two} 行标为上班，两处都未列。"
        en = f"Line {one} marks {day} as off and line {two} as worked; both were left out."
        found.notes.append(Note("contradiction", zh, en, max(one, two), str(day), doubtful=True))
    if count := sum(day.weekday() >= SATURDAY for day in found.off):
        zh = f"{count} 个放假日本是周末，不另列。"
        en = f"{count} days off are weekends anyway and are not listed."
        found.notes.append(Note("weekend", zh, en))
    plain: list[str] = []
    for event, summary, day in found.unmarked:
        festival = any(each in summary for each in FESTIVALS)
        if festival and day.weekday() < SATURDAY and day not in found.off:
            zh, en = f"{day} 没有休、班标记，未读。", f"{day} is marked neither off nor worked; it was left out."
            found.note("unmarked", event, printable(summary), zh, en)
        else:
            plain.append(printable(summary) or "—")
    if plain:
        few = "、".join(dict.fromkeys(plain[:5]))
        zh = f"{len(plain)} 个事件没有休、班标记，未读（{few} …）。"
        en = f"{len(plain)} events are marked neither off nor worked and were left out ({few} …)."
        found.notes.append(Note("plain", zh, en))
