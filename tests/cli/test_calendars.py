"""``banjie calendar check``: what is in force, and what is said of a file."""

from datetime import date
from pathlib import Path

import pytest

from cli.calendars import missing_years
from models.calendars import make_calendar
from tests.cli.conftest import ROOT, Terminal
from tests.core.test_calendars import a_year

STATUTORY = ROOT / "policies" / "calendars" / "statutory"
NEXT = """year = 2027
source = "国务院办公厅关于2027年部分节假日安排的通知"
version = "1"
[off]
2027-01-01 = "元旦"
[work]
2027-01-09 = "元旦"
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_it_tells_what_is_in_force_and_which_year_is_missing(terminal: Terminal) -> None:
    told = terminal.ok("calendar", "check")
    assert "2004–2026" in told.out
    assert "2027 待国办通知" in told.out
    assert "08:30–12:00、14:00–17:30" in told.out
    assert "国务院办公厅关于2026年部分节假日安排的通知" in told.out
    data = terminal.json("calendar", "check")
    statutory = next(each for each in data["calendars"] if each["name"] == "statutory")
    assert statutory["years"][-1] == {
        "year": 2026,
        "version": "1",
        "source": "国务院办公厅关于2026年部分节假日安排的通知",
        "off": 19,
        "work": 6,
    }
    assert statutory["missing"][0] == 2027
    assert {each["name"] for each in data["calendars"]} == {"all-days", "statutory"}


def test_years_are_missing_up_to_the_next_one() -> None:
    today = date(2026, 11, 23)
    assert missing_years(make_calendar("all-days", [{"every_day": True, "source": "安排"}]), today) == []
    assert missing_years(make_calendar("new", []), today) == [2026, 2027]
    gaps = [a_year(year=year, off={}, work={}) for year in (2023, 2025, 2027)]
    assert missing_years(make_calendar("gaps", gaps), today) == [2024, 2026]


def test_a_published_table_is_shown_as_the_notice_tells_it_and_is_what_is_in_force(terminal: Terminal) -> None:
    told = terminal.ok("calendar", "check", STATUTORY / "2026.toml")
    lines = [line.split() for line in told.out.splitlines()]
    assert ["2026-10", "休", "10月1日(周四)", "至", "10月7日(周三)", "7", "国庆节"] in lines
    assert ["2026-10", "班", "10月10日(周六)", "1", "国庆节"] in lines
    assert "与现行第 1 版一致" in told.out


def test_a_table_of_a_new_year_is_shown_as_new(terminal: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, "2027.toml", NEXT)
    assert "2027 年在 statutory 中尚无安排" in terminal.ok("calendar", "check", file).out
    data = terminal.json("calendar", "check", file)
    assert (data["ok"], data["new_years"], data["compared_with"]) == (True, [2027], "statutory")
    assert data["changes"] == [
        {"day": "2027-01-01", "was": None, "now": "off"},
        {"day": "2027-01-09", "was": None, "now": "work"},
    ]


def test_a_correction_is_shown_day_by_day(terminal: Terminal, tmp_path: Path) -> None:
    text = (STATUTORY / "2026.toml").read_text(encoding="utf-8")
    text = text.replace('version = "1"', 'version = "2"').replace('2026-10-07 = "国庆节"\n', "")
    told = terminal.ok("calendar", "check", written(tmp_path, "2026-2.toml", text))
    assert "与现行第 1 版不同" in told.out
    assert ["2026-10-07", "周三", "休", "off", "—", "plain"] in [line.split() for line in told.out.splitlines()]


def test_a_doubtful_file_ends_with_1_and_names_the_line(terminal: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, "2027.toml", NEXT.replace("2027-01-09", "2027-01-08"))
    told = terminal("calendar", "check", file)
    assert told.code == 1
    assert "第 7 行" in told.out
    assert "2027-01-08 本是工作日" in told.out
    assert "存疑" in told.err
    answer = terminal("calendar", "check", file, "--json")
    assert answer.code == 1
    assert answer.data["ok"] is False
    assert answer.data["notes"][0]["line"] == 7


def test_an_ical_file_is_checked_too(terminal: Terminal, tmp_path: Path) -> None:
    lines = [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "DTSTART;VALUE=DATE:20270101", "SUMMARY:元旦 休", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:b", "DTSTART;VALUE=DATE:20270102", "SUMMARY:元旦 休", "END:VEVENT", "END:VCALENDAR", ""),
    ]
    told = terminal.ok("calendar", "check", written(tmp_path, "2027.ics", "\r\n".join(lines)))
    assert "1月1日(周五) 至 1月3日(周日)" in told.out
    assert "1 个放假日本是周末" in told.out


def test_a_bureau_s_shifts_are_shown(terminal: Terminal, tmp_path: Path) -> None:
    text = (
        'source = "本局作息规定"\nshifts = [["08:00", "12:00"]]\nweekdays.6 = [["09:00", "11:00"]]\nweekdays.1 = []\n'
    )
    file = written(tmp_path, "shifts.toml", text)
    assert "08:00–12:00；周一 休；周六 09:00–11:00（本局作息规定）" in terminal.ok("calendar", "check", file).out
    assert terminal.json("calendar", "check", file)["week"]["weekdays"] == {"1": [], "6": [["09:00", "11:00"]]}


@pytest.mark.parametrize(
    ("code", "name", "content", "said"),
    [
        (1, "a.ics", b"\0", "NUL"),
        (1, "a.pdf", b"%PDF", "BEGIN:VCALENDAR"),
        (1, "a.toml", b"year = ", "TOML"),
    ],
)
def test_a_file_that_is_none_is_refused_without_a_traceback(
    code: int, name: str, content: bytes, said: str, terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    told = terminal("calendar", "check", file)
    assert told.code == code
    assert said in told.err
    assert "Traceback" not in told.err
    assert terminal("calendar", "check", file, "--json").code == code


def test_a_missing_file_and_an_unknown_calendar_are_mistakes_of_use(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("calendar", "check", tmp_path / "none.ics").code == 2
    told = terminal("calendar", "check", STATUTORY / "2026.toml", "--calendar", "lunar")
    assert told.code == 2
    assert "all-days、statutory" in told.err
