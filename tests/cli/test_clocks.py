"""The clocks at the keyboard: why a date is what it is, a year's table, a campaign's order, a policy published."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.counting import SHANGHAI
from tests.cli.conftest import Terminal

POLICIES = Path(__file__).resolve().parents[2] / "policies"
TABLE = """\
year = 2099
source = "国务院办公厅关于2099年部分节假日安排的通知"
version = "1"
[off]
2099-01-01 = "元旦"
[work]
2099-01-10 = "元旦"
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "2099.toml"
    path.write_text(TABLE, encoding="utf-8")
    return path


def a_case(terminal: Terminal, *more: str) -> str:
    told = terminal.json("intake", "--channel", "first_asked", "--place", "白马乡", "--summary", "夜间恶臭", *more)
    case = str(told["case"])
    terminal.ok("act", case, "accept", "--as", "clerk")
    return case


# ── why ──


def test_why_tells_a_due_date_line_by_line_and_every_clock_where_none_is_named(terminal: Terminal) -> None:
    case = a_case(terminal)
    told = terminal.ok("why", case, "办结").out
    for words in ("20 个工作日", "当日不计", "statutory", "到期"):
        assert words in told
    clocks = terminal.json("why", case)["clocks"]
    assert {each["clock"] for each in clocks} == {"assign", "close"}
    for each in clocks:
        steps = [step["what"] for step in each["derivation"]]
        assert steps[:2] == ["rule", "start"]
        assert steps[-1] == "due"


def test_a_clock_that_does_not_run_is_refused_with_those_that_do(terminal: Terminal) -> None:
    case = a_case(terminal)
    told = terminal("why", case, "sign_off")
    assert told.code == 1
    assert "assign" in told.err
    assert terminal("why", "XF2026999999").code == 1


# ── a year's table ──


def test_a_years_table_is_tried_published_and_nothing_the_second_time(terminal: Terminal, table: Path) -> None:
    case = a_case(terminal)
    tried = terminal.json("calendar", "import", str(table), "--dry-run")
    assert tried["dry_run"] is True
    assert 2099 not in years(terminal)
    done = terminal.json("calendar", "import", str(table))
    assert done["event"] == "table_published"
    assert done["cases_recounted"] == len(tried["cases"])
    assert 2099 in years(terminal)
    assert terminal.json("calendar", "import", str(table))["event"] is None
    assert terminal.json("verify", "--all")["ok"] is True
    assert case


def years(terminal: Terminal) -> list[int]:
    (statutory,) = [each for each in terminal.json("calendar", "check")["calendars"] if each["name"] == "statutory"]
    return [each["year"] for each in statutory["years"]]


def test_a_doubtful_file_is_not_imported_unless_somebody_says_so(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "2099.ics"
    path.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20990105\r\nSUMMARY:元旦 班\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20990101\r\nSUMMARY:元旦 休\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n",
        encoding="utf-8",
    )
    assert terminal("calendar", "import", str(path)).code == 1
    assert 2099 not in years(terminal)
    assert terminal("calendar", "import", str(path), "--doubtful").code == 0
    assert 2099 in years(terminal)


def test_a_bureaus_own_shifts_are_a_calendar_of_their_own(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "shifts.toml"
    path.write_text('source = "本局作息规定"\nshifts = [["08:00", "12:00"], ["14:30", "18:00"]]\n', encoding="utf-8")
    terminal.ok("calendar", "import", str(path), "--calendar", "bureau")
    names = {each["name"]: each["shifts"] for each in terminal.json("calendar", "check")["calendars"]}
    assert names["bureau"] == [["08:00", "12:00"], ["14:30", "18:00"]]


def test_a_file_that_is_none_and_a_person_who_may_not_are_told(terminal: Terminal, table: Path) -> None:
    assert terminal("calendar", "import", "nowhere.toml").code == 2
    told = terminal("calendar", "import", str(table), "--as", "clerk")
    assert told.code == 1
    assert "管理员" in told.err
    assert terminal("calendar", "import", str(table), "--as", "clerk", "--dry-run").code == 1


# ── a campaign ──


def an_order(folder: Path, number: str = "1", signatory: str = "county_deputy", days: int = 2) -> tuple[str, ...]:
    """The options of an order that began so many days ago, with its scan."""
    scan = folder / "命令.pdf"
    scan.write_bytes(b"%PDF-1.7 an order")
    today = datetime.now(SHANGHAI).date()
    first, last = (today + timedelta(days=each) for each in (-days, 90))
    days_of = ("--from", first.isoformat(), "--to", last.isoformat())
    return ("--number", number, "--signatory", signatory, *days_of, "--scan", str(scan))


def test_an_order_is_tried_given_shown_and_lifted(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("campaign", "open", "summer", "--title", "夏季攻势")
    case = a_case(terminal, "--campaign", "summer")
    other = a_case(terminal)
    order = an_order(tmp_path, number="督办令1号")
    tried = terminal.json("campaign", "order", "summer", *order, "--dry-run")
    assert [each["case"] for each in tried["cases"]] == [case]
    assert terminal.json("campaign", "show", "summer")["in_force"] is False
    done = terminal.json("campaign", "order", "summer", *order)
    assert done["cases_recounted"] == 1
    shown = terminal.json("campaign", "show", "summer")
    assert (shown["in_force"], shown["cases"], shown["cases_on_all_days"]) == (True, 1, 1)
    assert "all_days" in terminal.json("show", case)["flags"]
    assert "all_days" not in terminal.json("show", other)["flags"]
    assert "督办令1号" in terminal.ok("history", case).out
    assert terminal.json("campaign", "lift", "summer", "--reason", "提前完成")["cases_recounted"] == 1
    assert "all_days" not in terminal.json("show", case)["flags"]


def test_an_order_that_reaches_back_says_so_and_one_without_its_scan_is_refused(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.ok("campaign", "open", "summer", "--title", "夏季攻势")
    told = terminal("campaign", "order", "summer", *an_order(tmp_path, days=3), "--dry-run")
    assert (told.code, "追溯 3 日" in told.err) == (0, True)
    assert terminal("campaign", "order", "summer", *an_order(tmp_path, days=40)).code == 1
    unseen = terminal("campaign", "order", "summer", *an_order(tmp_path)[:-2])
    assert (unseen.code, "扫描件" in unseen.err) == (1, True)


def test_an_order_nobody_with_authority_signed_is_refused_also_when_only_tried(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.ok("campaign", "open", "summer", "--title", "夏季攻势")
    order = an_order(tmp_path, signatory="head")
    for more in ((), ("--dry-run",)):
        told = terminal("campaign", "order", "summer", *order, *more)
        assert told.code == 1
        assert "分管副县长" in told.err
    assert terminal("campaign", "show", "nothing").code == 1
    assert terminal("campaign", "open", "summer", "--title", "又一个").code == 1


# ── a policy ──


def test_a_policy_is_published_once_and_new_cases_run_under_it_from_its_day(terminal: Terminal, tmp_path: Path) -> None:
    text = (POLICIES / "2026-11.toml").read_text("utf-8")
    text = text.replace('name = "2026-11"', 'name = "2026-11b"', 1).replace(
        "extension_limit = 30", "extension_limit = 10", 1
    )
    path = tmp_path / "b.toml"
    path.write_text(text, encoding="utf-8")
    before = a_case(terminal)
    told = terminal.ok("policy", "publish", str(path)).out
    assert "30 → 10" in told
    assert terminal("policy", "publish", str(path)).code == 1
    assert terminal("policy", "publish", str(path), "--as", "clerk").code == 1
    assert terminal.json("show", before)["policy"] == "2026-11"
    assert terminal.json("show", a_case(terminal))["policy"] == "2026-11b", "of two of one day the later name"
    assert terminal.json("verify", "--all")["ok"] is True
