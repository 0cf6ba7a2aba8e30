"""Files with a year's working days: what is read of them, what is doubted, and what is refused."""

import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.calendar_files import CalendarFileError, Change, Tables, changes, read_tables
from adapters.calendar_ical import MAX_EVENTS, Mark, marked
from models.calendars import Calendar, Year
from tests.core.test_calendars import CALENDARS, a_year, statutory

EVENT_ENDS = "END:VEVENT\r\n"


@pytest.fixture
def file(tmp_path: Path) -> "Written":
    return Written(tmp_path)


class Written:
    """A file that somebody sent, written and read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: str | bytes, name: str = "2026.ics", *, source: str = "") -> Tables:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tables(path, source=source)

    def refused(self, content: str | bytes, name: str = "2026.ics") -> CalendarFileError:
        with pytest.raises(CalendarFileError) as caught:
            self(content, name)
        assert caught.value.zh
        assert caught.value.en
        return caught.value


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, ""]) + EVENT_ENDS


def day_event(start: str, summary: str, *more: str) -> str:
    return event(f"UID:{start}", f"DTSTART;VALUE=DATE:{start}", f"SUMMARY:{summary}", *more)


def ical(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//CN\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def codes(found: Tables, *, doubtful: bool) -> list[str]:
    return [note.code for note in found.notes if note.doubtful is doubtful]


# ── the statutory tables in the dialects that calendars to subscribe to are written in ──


def holidays(table: Year) -> Iterator[tuple[date, date, str]]:
    """A notice's holidays: each with the weekends in it."""
    alone = Calendar(name="file", years={table.year: table})
    for rest in alone.off_between(date(table.year - 1, 12, 1), date(table.year, 12, 31)):
        days = [rest.first + timedelta(days=number) for number in range((rest.last - rest.first).days + 1)]
        if any(day in table.off for day in days):
            yield rest.first, rest.last, rest.why


def spans_with_apple_s_marks(table: Year) -> Iterator[str]:
    for first, last, name in holidays(table):
        end = (last + timedelta(days=1)).strftime("%Y%m%d")
        yield event(
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{end}",
            f"SUMMARY;LANGUAGE=zh_CN:{name}（休）",
            "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
        )
    for day, name in table.work.items():
        yield event(
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"SUMMARY:{name}（班）", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"
        )
    yield day_event(f"{table.year}0204", "立春")


def days_numbered_with_an_end_that_is_the_start(table: Year) -> Iterator[str]:
    for first, last, name in holidays(table):
        count = (last - first).days + 1
        for number in range(count):
            written = (first + timedelta(days=number)).strftime("%Y%m%d")
            yield day_event(written, f"{name} 假期 第{number + 1}天/共{count}天", f"DTEND;VALUE=DATE:{written}")
    for day, name in table.work.items():
        yield event(
            f"DTSTART:{day:%Y%m%d}T090000",
            f"DTEND:{day:%Y%m%d}T180000",
            f"SUMMARY:{name} 补班 第1天/共1天",
            "BEGIN:VALARM\r\nTRIGGER:-PT60M\r\nACTION:DISPLAY\r\nEND:VALARM",
        )


def instants_in_utc(table: Year) -> Iterator[str]:
    for first, last, name in holidays(table):
        yield event(
            f"DTSTART:{first - timedelta(days=1):%Y%m%d}T160000Z", f"DTEND:{last:%Y%m%d}T160000Z", f"SUMMARY:{name}放假"
        )
    for day, name in table.work.items():
        yield event(f"DTSTART;TZID=Asia/Shanghai:{day:%Y%m%d}T000000", "DURATION:P1D", f"SUMMARY:{name}调休上班")


DIALECTS = [spans_with_apple_s_marks, days_numbered_with_an_end_that_is_the_start, instants_in_utc]


@pytest.mark.parametrize("year", range(2004, 2027))
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statutory_table_comes_back_from_every_dialect(
    year: int, dialect: Callable[[Year], Iterator[str]], file: Written
) -> None:
    table = statutory().years[year]
    found = file(ical(*dialect(table)), source=table.source)
    assert found.sound, found.notes
    (read,) = found.years
    assert changes(statutory(), read) == ()
    assert (read.year, read.source, read.version) == (year, table.source, "1")
    # A stretch of two holidays is one event there: its days go by both names.
    assert all(set(table.off[day].split("、")) <= set(name.split("、")) for day, name in read.off.items())
    assert read.work == table.work


def test_a_file_of_many_years_gives_a_table_for_each(file: Written) -> None:
    years = [statutory().years[year] for year in range(2018, 2027)]
    found = file(ical(*(each for table in reversed(years) for each in spans_with_apple_s_marks(table))))
    assert [table.year for table in found.years] == list(range(2018, 2027))
    assert all(changes(statutory(), table) == () for table in found.years)
    assert date(2018, 12, 31) in found.years[1].off  # settled by the notice for 2019
    assert found.years[0].source == "2026"  # the file's name, where nobody tells the notice


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encode: str, line_end: str, file: Written) -> None:
    text = ical(*spans_with_apple_s_marks(statutory().years[2026])).replace("\r\n", line_end)
    found = file(text.encode(encode))
    assert found.years[0].off.keys() == statutory().years[2026].off.keys()
    assert ("gb18030" in codes(found, doubtful=False)) is (encode == "gb18030")


def test_a_line_folded_in_the_middle_of_a_character_is_whole_again(file: Written) -> None:
    text = ical(day_event("20261001", "国庆节 休", "DTEND;VALUE=DATE:20261008")).encode()
    folded = b"\r\n".join(
        b"\r\n ".join(line[at : at + 20] for at in range(0, len(line), 20)) for line in text.split(b"\r\n")
    )
    assert folded.decode("utf-8", "replace").count("\ufffd")
    assert file(folded).years[0].off[date(2026, 10, 7)] == "国庆节"


# ── marks ──


@pytest.mark.parametrize(
    ("summary", "mark", "name"),
    [
        ("国庆节 休", "off", "国庆节"),
        ("国庆节（休）", "off", "国庆节"),
        ("国庆节休假", "off", "国庆节"),
        ("元旦假期", "off", "元旦"),
        ("劳动节放假调休", "off", "劳动节"),
        ("春节 假期 第1天/共8天", "off", "春节"),
        ("国庆节、中秋节 休", "off", "国庆节、中秋节"),
        ("[休] 清明", "off", "清明节"),
        ("国庆节 班", "work", "国庆节"),
        ("国庆节(调休上班)", "work", "国庆节"),
        ("补班 · 端午节", "work", "端午节"),
        ("春节 补班 第2天/共2天", "work", "春节"),
        ("补班", "work", "节假日"),
        ("国庆节 调休", "swap", "国庆节"),
        ("国庆节", None, "国庆节"),
        ("休/班", None, "节假日"),
        ("", None, "节假日"),
    ],
)
def test_a_title_tells_mark_and_name(summary: str, mark: Mark | None, name: str) -> None:
    assert marked(summary) == (mark, name)


@pytest.mark.parametrize("text", ["休", "班", "补班", "假期", "调休"])
@given(name=st.text(st.characters(codec="utf-8"), max_size=300))
def test_whatever_a_title_says_its_name_can_be_kept(text: str, name: str) -> None:
    _, kept = marked(f"{name} {text}")
    Year.model_validate(a_year(off={"2030-10-01": kept}))


def test_apple_s_mark_goes_before_the_title(file: Written) -> None:
    found = file(ical(day_event("20261010", "国庆节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY")))
    assert found.years[0].work == {date(2026, 10, 10): "国庆节"}


def test_a_bare_swap_is_worked_on_a_weekend_and_off_on_a_weekday_and_said(file: Written) -> None:
    found = file(ical(day_event("20261010", "国庆节调休"), day_event("20261008", "国庆节调休")))
    assert found.years[0].work == {date(2026, 10, 10): "国庆节"}
    assert found.years[0].off == {date(2026, 10, 8): "国庆节"}
    assert codes(found, doubtful=False).count("swap") == 2


# ── what is doubted ──

NATIONAL = day_event("20261001", "国庆节 休", "DTEND;VALUE=DATE:20261008")


@pytest.mark.parametrize(
    ("code", "line", "entry", "strange"),
    [
        ("recurring", 10, "20260101", day_event("20260101", "元旦 休", "RRULE:FREQ=YEARLY")),
        ("recurring", 10, "20260101", day_event("20260101", "元旦 休", "RDATE;VALUE=DATE:20270101")),
        ("weekday_worked", 10, "20261008", day_event("20261008", "国庆节 班")),
        ("both", 10, "20261009", day_event("20261009", "国庆节 休 班")),
        ("when", 10, "20261331", day_event("20261331", "国庆节 休")),
        ("when", 10, "国庆节 休", event("SUMMARY:国庆节 休")),
        ("when", 10, "国庆节 休", event("DTSTART:20261008", "DTSTART:20261009", "SUMMARY:国庆节 休")),
        ("when", 10, "国庆节 休", event("DTSTART;VALUE=TIME:100000", "SUMMARY:国庆节 休")),
        ("when", 10, "20261008", day_event("20261008", "国庆节 休", "DTEND;VALUE=DATE:2026")),
        ("when", 10, "20261008", day_event("20261008", "国庆节 休", "DURATION:P1Q")),
        ("span", 10, "20261009", day_event("20261009", "国庆节 休", "DTEND;VALUE=DATE:20261008")),
        ("span", 10, "20261009", day_event("20261009", "国庆节 休", "DTEND;VALUE=DATE:20271009")),
        ("span", 10, "19001009", day_event("19001009", "国庆节 休")),
        ("span", 10, "99991231", day_event("99991231", "国庆节 休", "DURATION:P30D")),
        ("span", 10, "国庆节 休", event("DTSTART:20261009T090000", "DTEND:20261008T090000", "SUMMARY:国庆节 休")),
        ("line", 10, "DTSTAMP 2026", day_event("20261008", "国庆节 休", "DTSTAMP 2026")),
        ("unmarked", 10, "中秋节", day_event("20260925", "中秋节")),
    ],
)
def test_an_odd_event_is_told_with_its_line_and_does_not_spoil_the_others(
    code: str, line: int, entry: str, strange: str, file: Written
) -> None:
    found = file(ical(NATIONAL, strange))
    (note,) = (note for note in found.notes if note.doubtful)
    assert (note.code, note.line, note.entry) == (code, line, entry)
    assert f"第 {line} 行" in note.zh
    assert f"Line {line}, {entry}" in note.en
    assert not found.sound
    assert found.years[0].off.keys() >= {date(2026, 10, day) for day in (1, 2, 5, 6, 7)}


def test_a_day_marked_both_ways_is_in_neither_list(file: Written) -> None:
    found = file(ical(NATIONAL, day_event("20261010", "国庆节 班"), day_event("20261010", "国庆节 休")))
    assert codes(found, doubtful=True) == ["contradiction"]
    assert found.years[0].work == {}
    (note,) = (note for note in found.notes if note.doubtful)
    assert "第 10 行" in note.zh
    assert "第 15 行" in note.zh


def test_a_december_alone_makes_no_table_of_the_next_year(file: Written) -> None:
    found = file(ical(NATIONAL, day_event("20261231", "元旦 休")))
    assert [table.year for table in found.years] == [2026]
    assert codes(found, doubtful=True) == ["only_december"]


@pytest.mark.parametrize(
    ("code", "harmless"),
    [
        ("cancelled", day_event("20261008", "国庆节 休", "STATUS:CANCELLED")),
        ("zone", event("DTSTART;TZID=Asia/Beijing:20261008T000000", "SUMMARY:国庆节 休")),
        ("plain", day_event("20261023", "霜降")),
        ("weekend", NATIONAL),
        ("festival", NATIONAL),
    ],
)
def test_what_is_only_left_out_is_told_and_not_doubted(code: str, harmless: str, file: Written) -> None:
    found = file(ical(NATIONAL, harmless))
    assert code in codes(found, doubtful=False)
    assert found.sound


def test_a_calendar_without_a_day_is_doubtful(file: Written) -> None:
    assert codes(file(ical()), doubtful=True) == ["nothing"]
    assert codes(file(ical(day_event("20261003", "国庆节 休"))), doubtful=True) == ["nothing"]


# ── what is refused ──


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("empty", b" \r\n\t "),
        ("binary", b"BEGIN:VCALENDAR\r\nSUMMARY:\0\r\nEND:VCALENDAR\r\n"),
        ("binary", ical(NATIONAL).encode("utf-16")),
        ("no_calendar", b"hello"),
        ("no_calendar", b"PK\x03\x04 a workbook"),
        ("no_calendar", b"<html><body>404</body></html>"),
        ("encoding", b"BEGIN:VCALENDAR\r\n\xff\xff\r\nEND:VCALENDAR\r\n"),
        ("broken", ical(NATIONAL)[:-40].encode()),
        ("broken", b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n"),
        ("broken", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("broken", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"),
        ("broken", b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000 + b"END:VEVENT\r\n" * 50_000),
        ("too_many", ical(*["BEGIN:VEVENT\r\nEND:VEVENT\r\n"] * (MAX_EVENTS + 1)).encode()),
        ("too_large", b"BEGIN:VCALENDAR\r\n" + b"X" * (2 * 1024 * 1024)),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(code: str, content: bytes, file: Written) -> None:
    assert file.refused(content).code == code


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ics")
    for path in (tmp_path, tmp_path / "none.ics", tmp_path / "pipe.ics"):
        with pytest.raises(CalendarFileError) as caught:
            read_tables(path)
        assert caught.value.code == "no_file"


def test_a_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.ics"
    with path.open("wb") as sparse:
        sparse.write(b"BEGIN:VCALENDAR\r\n")
        sparse.truncate(100 * 1024 * 1024)
    with pytest.raises(CalendarFileError) as caught:
        read_tables(path)
    assert caught.value.code == "too_large"


def test_what_a_time_zone_or_an_alarm_holds_is_never_run(file: Written) -> None:
    standard = ("BEGIN:STANDARD", "DTSTART:19700101T000000", "RRULE:FREQ=SECONDLY", "END:STANDARD")
    zone = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:X", *standard, "END:VTIMEZONE", ""])
    strange = event("DTSTART;TZID=X:20261001T000000", "SUMMARY:国庆节 休", "ATTACH;ENCODING=BASE64:!!")
    assert file(ical(zone, strange)).years[0].off == {date(2026, 10, 1): "国庆节"}


PIECES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "SUMMARY:国庆节 休", "SUMMARY:班"),
        *("DTSTART;VALUE=DATE:20261001", "DTSTART:20261010T090000Z", "DTEND:20261008", "DURATION:-P1D", "DURATION:P1W"),
        *("RRULE:X", "DTSTART;TZID=:2026", "DTSTART;VALUE=PERIOD:20261001T000000Z/P1D", "DTEND;X", " 1", "UID", ""),
        *("X-APPLE-SPECIAL-DAY:WORK-HOLIDAY", "STATUS", "STATUS:\\", "DTEND:99991231T235959Z", "DTSTART:00010101"),
        *("DTSTART:99991231T235959Z", "DURATION:P99999999999D", "DTSTART;TZID=America/New_York:00010101T000000"),
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES | st.text(max_size=12), max_size=30), raw=st.binary(max_size=60))
def test_nothing_in_a_file_makes_the_reader_stumble(pieces: list[str], raw: bytes, file: Written) -> None:
    whole = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *pieces, "END:VEVENT", "END:VCALENDAR"])
    for content, name in (
        (whole.encode("utf-8", "replace"), "a.ics"),
        (whole.encode("utf-8", "replace").replace(b"1", raw or b"1"), "a.ics"),
        (raw, "a.toml"),
        (b"year = 2026\nsource = '" + raw, "a.toml"),
    ):
        found = None
        with suppress(CalendarFileError):
            found = file(content, name)
        assert found is None or found.years or found.week or not found.sound


# ── TOML ──


def test_the_published_tables_are_read_as_they_are(file: Written) -> None:
    for path in sorted((CALENDARS / "statutory").glob("*.toml")):
        found = read_tables(path)
        assert found.sound
        assert found.years == (statutory().years[found.years[0].year],)
        assert file("\ufeff" + path.read_text(encoding="utf-8").replace("\n", "\r\n"), "a.toml") == found


def test_a_bureau_s_week_is_read(file: Written) -> None:
    found = file('source = "本局"\nshifts = [["08:00", "12:00"]]\nweekdays.6 = [["09:00", "11:00"]]\n', "a.toml")
    assert found.week is not None
    assert found.week.weekdays == {6: (("09:00", "11:00"),)}
    assert found.sound


TOML = 'year = 2026\nsource = "通知"\nversion = "1"\n[off]\n{off}\n[work]\n{work}\n'


@pytest.mark.parametrize(
    ("line", "entry", "content"),
    [
        (5, "2026-10-03", TOML.format(off='2026-10-03 = "国庆节"', work="")),
        (5, "2025-10-01", TOML.format(off='2025-10-01 = "国庆节"', work="")),
        (5, "off.2026-13-01", TOML.format(off='2026-13-01 = "国庆节"', work="")),
        (5, "off.2026-10-01", TOML.format(off="2026-10-01 = 3", work="")),
        (7, "2026-10-08", TOML.format(off="", work='"2026-10-08" = "国庆节"')),
        (3, "version", TOML.format(off="", work="").replace('"1"', '"0"')),
        (None, "work", TOML.format(off="", work="").replace("[work]", "")),
        (1, "holidays", 'holidays = ["2026-10-01"]'),
        (2, "shifts", 'source = "本局"\nshifts = [["12:00", "08:00"]]'),
    ],
)
def test_a_wrong_entry_of_a_table_is_told_with_its_line(
    line: int | None, entry: str, content: str, file: Written
) -> None:
    found = file(content, "a.toml")
    assert found.years == ()
    assert (line, entry) in [(note.line, note.entry) for note in found.notes if note.doubtful]
    assert all(note.zh and note.en for note in found.notes)


@pytest.mark.parametrize(
    "content", ["year = ", "year = 2026\nyear = 2027", "a = " + "[" * 100_000, "a = 1979-05-27T07:32:00+99:99"]
)
def test_what_is_no_toml_is_refused(content: str, file: Written) -> None:
    assert file.refused(content, "a.toml").code == "toml"


def test_gb18030_toml_is_read_and_said(file: Written) -> None:
    text = (CALENDARS / "statutory" / "2026.toml").read_text(encoding="utf-8")
    found = file(text.encode("gb18030"), "a.toml")
    assert found.years[0] == Year.model_validate(tomllib.loads(text))
    assert codes(found, doubtful=False) == ["gb18030"]


# ── differences ──


def test_changes_are_the_days_that_become_something_else() -> None:
    table = Year.model_validate(
        {
            "year": 2026,
            "source": "更正",
            "version": "2",
            "off": {day: name for day, name in statutory().years[2026].off.items() if day != date(2026, 1, 2)}
            | {date(2026, 10, 8): "国庆节"},
            "work": statutory().years[2026].work,
        }
    )
    assert changes(statutory(), table) == (
        Change(date(2026, 1, 2), "off", None),
        Change(date(2026, 10, 8), None, "off"),
    )
    new = Year.model_validate(a_year())
    assert changes(statutory(), new) == (
        Change(date(2030, 10, 1), None, "off"),
        Change(date(2030, 10, 12), None, "work"),
    )


def test_the_dialects_hold_what_they_say() -> None:
    kinds = [key for key, _ in groupby(holidays(statutory().years[2026]), key=lambda each: each[2])]
    assert kinds == ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
