"""What a narrow terminal shows: no date, number or code is ever broken, and nothing is lost."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Terminal

DATE = re.compile(r"(?<!规则 )(?<!policy )20\d\d-")
WHOLE = re.compile(r"20\d\d-\d\d-\d\d( \d\d:\d\d)?")


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_no_date_or_case_number_is_broken_at_any_width(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    case = terminal.petition()
    terminal.ok("act", case, "accept", "--as", "clerk")
    monkeypatch.setenv("COLUMNS", columns)
    commands = (("show", case), ("list",), ("history", case), ("why", case), ("letters", case), ("calendar", "check"))
    for command in commands:
        out = terminal.ok(*command).out
        assert len(DATE.findall(out)) == len(WHOLE.findall(out)), f"a broken date in {command}:\n{out}"
    for command in (("list",), ("show", case)):
        assert case in terminal.ok(*command).out


@pytest.mark.parametrize("columns", ["60", "240"])
def test_a_narrow_table_holds_what_a_wide_one_does(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    case = terminal.petition()
    terminal.ok("act", case, "accept", "--as", "clerk")
    monkeypatch.setenv("COLUMNS", columns)
    out = "".join(terminal.ok("history", case).out.split())
    for words in ("registered", "accepted", "白马乡"):
        assert words in out, words


def test_no_table_is_wider_than_the_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    case = terminal.petition()
    monkeypatch.setenv("COLUMNS", "60")
    for command in (("list",), ("history", case)):
        table = [line for line in terminal.ok(*command).out.splitlines() if line.startswith(" ")]
        assert table
        assert max(cell_len(line.rstrip()) for line in table) <= 60, command


# ── words ──


def test_the_history_of_a_calendar_names_its_days_with_their_dates(terminal: Terminal, tmp_path: Path) -> None:
    table = tmp_path / "2099.toml"
    table.write_text(
        'year = 2099\nsource = "通知"\nversion = "1"\n[off]\n2099-01-01 = "元旦"\n[work]\n2099-01-10 = "元旦"\n'
    )
    imported = terminal("calendar", "import", str(table))
    assert imported.code == 0
    assert "未见：春节" in imported.out + imported.err, "a TOML table is asked for what it lacks, as an iCalendar is"
    told = terminal.ok("history", "calendar:statutory").out
    assert "2099 年第 1 版；休 2099-01-01 元旦；班 2099-01-10 元旦（通知）" in told


def test_a_fault_in_a_table_is_told_in_chinese_with_its_line_and_its_day_once(
    terminal: Terminal, tmp_path: Path
) -> None:
    table = tmp_path / "bad.toml"
    table.write_text('year = "soon"\nversion = "1"\n[off]\n2027-02-06 = "春节"\n[work]\n')
    told = terminal("calendar", "check", str(table))
    text = told.out + told.err
    assert told.code == 1
    assert "第 1 行 year：应为整数" in text
    assert "source：必填" in text
    assert "Field required" not in text.replace("source: Field required", "")
    table.write_text('year = 2027\nsource = "x"\nversion = "1"\n[off]\n2027-02-06 = "春节"\n[work]\n')
    text = terminal("calendar", "check", str(table)).out
    assert "第 5 行：2027-02-06 本是周末" in text
    assert text.count("2027-02-06") == 2, "once in each language"


def test_a_name_typed_where_a_file_is_asked_for_is_not_repeated(terminal: Terminal) -> None:
    told = terminal(
        *("intake", "--channel", "letter", "--place", "白马乡", "--summary", "恶臭"), "--who", "王某某 13800000000"
    )
    assert told.code == 2
    assert "王某某" not in told.out + told.err


def test_why_says_weekend_in_english_and_shows_no_mark_of_the_documents(terminal: Terminal) -> None:
    case = terminal.petition()
    told = terminal.ok("why", case).out
    assert "[local]" not in told
    assert not [line for line in told.splitlines() if "not counted" in line and "周末" in line]
