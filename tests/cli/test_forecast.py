"""``banjie forecast`` as a user meets it: figures, chart, picture, JSON, and every refusal."""

import json
import os
import re
import signal
import subprocess
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.forecasting.outlook import Band
from cli.forecasting import options
from cli.forecasting.chart import BACKLOG, ROWS, ceiling, chart
from cli.forecasting.options import beginning, people, rate, shares, spans, works
from cli.forecasting.svg import MOST_ROWS, svg
from models.instants import shown
from tests.cli.conftest import ROOT, Terminal
from tests.core.builders import START

SMALL = ("forecast", "--arrivals", "10/day", "--days", "7", "--runs", "3", "--start", "2026-03-02")
PLENTY = ("--clerks", 4, "--dispatchers", 2, "--inspectors", 8, "--reviewers", 2)


# ── what it prints ──


def test_a_person_reads_figures_chart_and_what_it_means(terminal: Terminal) -> None:
    answer = terminal.ok(*SMALL, *PLENTY, "--days", 28, "--arrivals", "5/day", "--runs", 5)
    told = answer.out
    assert not answer.err
    assert "预测期不足" in terminal.ok(*SMALL, *PLENTY).err
    for words in ("执法大队", "白马乡", "合计 all", "核查人 inspector", "期末积案", "种子 seed 1", "2026-03-02 00:00"):
        assert words in told
    assert "核查人 8 人" in told
    assert "8 inspectors, 2 reviewers the backlog that waits for people holds" in told
    assert BACKLOG in told


def test_a_program_reads_one_object(terminal: Terminal) -> None:
    data = terminal.json(*SMALL, *PLENTY)
    assert (data["days"], data["runs"], data["seed"], data["per_day"]) == (7, 3, 1, 10.0)
    assert len(data["backlog"]) == len(data["overdue"]) == 8
    assert data["backlog"][-1]["p10"] <= data["backlog"][-1]["p50"] <= data["backlog"][-1]["p90"]
    assert {each["unit"] for each in data["units"]} >= {"enforcement", "baima"}
    assert sum(each["arrivals"]["mean"] for each in data["units"]) == pytest.approx(data["all"]["arrivals"]["mean"])
    assert [each["role"] for each in data["crews"]] == ["clerk", "dispatcher", "inspector", "reviewer"]
    assert data["refused"] == {}
    assert data["warnings"] == []


def test_the_same_seed_prints_the_same_bytes(terminal: Terminal) -> None:
    first, again, other = (terminal.ok(*SMALL, "--json", "--seed", seed).out for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_more_work_than_people_can_do_is_warned_of_and_advised_on(terminal: Terminal) -> None:
    few = ("--clerks", 5, "--dispatchers", 3, "--inspectors", 1, "--reviewers", 4)
    hours = (
        "--hours",
        "00:00-24:00",
        "--calendar",
        "all-days",
        "--time",
        "remedy=0",
        "--days",
        14,
        "--arrivals",
        "20/day",
    )
    typed = ("forecast", "--runs", 3, "--arrivals", "20/day", "--start", "2026-03-02", *hours, *few)
    told = terminal.ok(*typed, "--advise")
    assert "没有稳态" in told.err
    assert "no steady state" in told.err
    assert "积案每天约增加" in told.out
    assert re.search(r"核查人 [34] 人可以稳住积案。", told.out)
    data = terminal.json(*typed, "--advise")
    assert data["grows"]
    assert data["advice"]["holds"]
    assert data["advice"]["crews"]["inspector"] in {3, 4}
    assert data["advice"]["least"]["inspector"] == 3
    assert len(data["warnings"]) == 1


def test_people_enough_are_told_so(terminal: Terminal) -> None:
    typed = (*SMALL, *PLENTY, "--time", "remedy=0", "--arrivals", "1/day", "--days", 14, "--advise")
    assert "够用" in terminal.ok(*typed).out


def test_the_picture_has_labels_and_a_table(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    terminal.ok(*SMALL, *PLENTY, "--svg", out)
    words = " ".join(ET.fromstring(out.read_text("utf-8")).itertext())  # noqa: S314 - our own file
    assert "积案 backlog" in words
    assert "超期 overdue" in words
    assert "种子 seed 1" in words
    assert "p10–p50–p90" in words


def test_a_proposed_policy_takes_the_place_of_the_published_one_for_new_cases(
    terminal: Terminal, tmp_path: Path
) -> None:
    text = (ROOT / "policies" / "2026-11.toml").read_text("utf-8")
    harder = re.sub(r'length = "[0-9]+ (?:working_)?day"', 'length = "0 day"', text)
    assert tomllib.loads(harder) != tomllib.loads(text)
    (tmp_path / "harder.toml").write_text(harder, "utf-8")
    published = terminal.json(*SMALL)
    proposed = terminal.json(*SMALL, "--policy", tmp_path / "harder.toml")
    assert proposed["policy"] == "2026-11 (拟议 proposed)"
    assert proposed["all"]["arrivals"] == published["all"]["arrivals"]
    assert proposed["all"]["overdue"]["mean"] > published["all"]["overdue"]["mean"] + 5


# ── the ledger's part ──


def test_it_begins_with_what_is_open_and_goes_by_the_past(terminal: Terminal) -> None:
    for _ in range(3):
        terminal.petition()
    closed = terminal.closed()
    assert closed
    data = terminal.json("forecast", "--days", 3, "--runs", 2)
    assert data["started_with"] == 3
    assert data["backlog"][0]["p50"] == 3
    assert data["per_day"] == 4.0  # four petitions, and the ledger is a day old at most
    assert [(each["channel"], each["unit"]) for each in data["mix"]] == [("letter", "enforcement")]
    empty = terminal.json("forecast", "--days", 3, "--runs", 2, "--empty")
    assert empty["backlog"][0]["p50"] == 0
    assert "账本 ledger" in terminal.ok("forecast", "--days", 1, "--runs", 1).out


def test_nothing_is_written(terminal: Terminal) -> None:
    terminal.petition()
    before = terminal.json("list")
    terminal.ok("forecast", "--days", 2, "--runs", 2)
    after = terminal.json("list")
    assert {**before, "now": ""} == {**after, "now": ""}


def test_measured_times_are_marked(terminal: Terminal) -> None:
    data = terminal.json(*SMALL, "--measured")
    assert data["measured"] == {}  # an empty ledger shows none, and the defaults stay


def test_people_are_those_of_the_organisation(terminal: Terminal) -> None:
    data = terminal.json(*SMALL)
    people = tomllib.loads((ROOT / "policies/organisations/starter.toml").read_text("utf-8"))["people"]
    there = sum(1 for person in people if {"handler", "inspector"} & set(person.get("roles", [])))
    assert {each["role"]: each["size"] for each in data["crews"]}["inspector"] == there


def test_an_unpublished_year_is_said(terminal: Terminal) -> None:
    told = terminal.ok("forecast", "--arrivals", "1/day", "--days", 10, "--runs", 1, "--start", "2031-05-05")
    assert "待国办通知" in told.err
    assert "2031" in told.err


def test_a_time_without_working_hours_is_said(terminal: Terminal) -> None:
    told = terminal.ok("forecast", "--arrivals", "5/day", "--days", 2, "--runs", 2, "--start", "2026-03-07", "--advise")
    assert "没有工作时间" in told.err


def test_inspectors_by_unit_get_that_units_petitions(terminal: Terminal) -> None:
    data = terminal.json(*SMALL, "--inspectors", "enforcement=3,baima=1")
    assert [(each["unit"], each["size"]) for each in data["crews"] if each["role"] == "inspector"] == [
        ("enforcement", 3),
        ("baima", 1),
    ]
    only = terminal.json(*SMALL, "--inspectors", "enforcement=3")
    assert {each["unit"] for each in only["mix"]} == {"enforcement"}
    named = terminal.ok(*SMALL, "--inspectors", "enforcement=3", "--units", "enforcement=1,baima=1")
    assert "停着" in named.err


# ── refusals ──


@pytest.mark.parametrize(
    "wrong",
    [
        ("--arrivals", "-3/day"),
        ("--arrivals", "60"),
        ("--arrivals", "60/fortnight"),
        ("--arrivals", "1000000000/day"),
        ("--arrivals", "nan/day"),
        ("--arrivals", "ledger"),  # this one is empty
        ("--days", "0"),
        ("--days", "100000"),
        ("--runs", "0"),
        ("--inspectors", "0"),
        ("--inspectors", "-2"),
        ("--inspectors", "1.5"),
        ("--inspectors", "six"),
        ("--inspectors", "99999999"),
        ("--inspectors", "baima=1,baima=2"),
        ("--inspectors", "baima=0"),
        ("--clerks", "desk=1"),
        ("--units", "baima=-1"),
        ("--units", "baima=0"),
        ("--units", "baima=inf"),
        ("--channels", "hotline"),
        ("--time", "visit"),
        ("--time", "sleep=3"),
        ("--time", "visit=-1"),
        ("--time", "visit=1e9"),
        ("--time", "visit=1:cauchy"),
        ("--law", "cauchy"),
        ("--hours", "09:00"),
        ("--hours", "17:00-09:00"),
        ("--hours", "08:00-12:00,11:00-17:00"),
        ("--hours", "08:00-12:75"),
        ("--calendar", "lunar"),
        ("--substantiated", "1.5"),
        ("--sent-back", "-0.1"),
        ("--order", "luck"),
        ("--start", "tomorrow"),
        ("--start", "9999-01-01"),
        ("--history", "0"),
        ("--policy", "README.md"),
        ("--svg", "/nowhere/at/all.svg"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(terminal: Terminal, wrong: tuple[str, str]) -> None:
    typed = {"--arrivals": "10/day", "--days": "2", "--runs": "1", wrong[0]: wrong[1]}
    answer = terminal("forecast", *(part for pair in typed.items() for part in pair), "--json")
    assert answer.code == 2, answer
    told = json.loads(answer.out)
    assert told["zh"]
    assert told["en"]
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("--units", "mars=1"), "unknown_unit"),
        (("--inspectors", "mars=1"), "unknown_unit"),
        (("--channels", "pigeon=1"), "unknown_channel"),
    ],
)
def test_what_the_desk_does_not_know_is_refused(terminal: Terminal, typed: tuple[str, str], why: str) -> None:
    answer = terminal(*SMALL, *typed, "--json")
    assert (answer.code, answer.data["refused"]) == (1, why)


def test_a_policy_that_is_none_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    text = (ROOT / "policies" / "2026-11.toml").read_text("utf-8")
    broken = {
        "no_toml": "name = ",
        "no_policy": 'name = "x"',
        "no_calendar": text.replace('calendar = "all-days"', 'calendar = "moon"'),
        "no_file": None,
    }
    for name, content in broken.items():
        file = tmp_path / f"{name}.toml"
        if content is not None:
            file.write_text(content, "utf-8")
        answer = terminal(*SMALL, "--policy", file, "--json")
        assert (answer.code, answer.data["field"]) == (2, "--policy"), name


def test_the_present_backlog_does_not_begin_in_the_past(terminal: Terminal) -> None:
    terminal.petition()
    answer = terminal(*SMALL, "--json")
    assert (answer.code, answer.data["field"]) == (2, "--start")
    terminal.ok(*SMALL, "--empty")


# ── when it is ended in the middle ──


def group_of(leader: int) -> int:
    """How many processes live in the group of a program."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return sum(1 for pgid, state in rows if int(pgid) == leader and not state.startswith("Z"))


def until(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s: {what}"
        time.sleep(0.1)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("signalled", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_ended_in_the_middle_it_leaves_no_process_behind(
    terminal: Terminal, signalled: signal.Signals, code: int
) -> None:
    long = ("--arrivals", "400/day", "--days", 90, "--runs", 10, "--start", "2026-03-02")
    with terminal.program("forecast", *long) as program:
        try:
            several = 1 if os.cpu_count() == 1 else 3
            until(lambda: group_of(program.pid) >= several, "the runs are shared out")
            os.kill(program.pid, signalled)  # the program alone: its processes must notice by themselves
            _, err = program.communicate(timeout=90)
            until(lambda: group_of(program.pid) == 0, "all its processes are gone")
        finally:
            if group_of(program.pid):
                os.killpg(program.pid, signal.SIGKILL)
    assert program.returncode == code
    # Killed outright while a process of its own is being started, nobody is left to keep that start from failing aloud.
    assert signalled is signal.SIGKILL or "Traceback" not in err


# ── how things are written ──


def test_rates_people_shares_and_spans_are_read() -> None:
    assert (rate("60/day"), rate("8/hour"), rate("70/week"), rate("1.5 / 天")) == (60.0, 192.0, 10.0, 1.5)
    assert (rate("ledger"), rate("账本")) == (None, None)
    assert (people("--inspectors", "6"), people("--inspectors", "a=1，b=2")) == (6, {"a": 1, "b": 2})
    assert (shares("--units", None), shares("--units", "a=0.5,b=1")) == ({}, {"a": 0.5, "b": 1.0})
    assert spans("08:30-12:00,14:30-17:30") == ((510, 720), (870, 1050))
    assert spans("0:00-24:00") == ((0, 1440),)


def test_times_as_typed_go_before_those_measured_and_those_before_the_defaults() -> None:
    found = works(["visit=3:fixed,review=0.25"], "lognormal", {"visit": 9.0, "accept": 0.1})
    assert (found["visit"].hours, found["visit"].law) == (3.0, "fixed")
    assert (found["review"].hours, found["review"].law) == (0.25, "lognormal")
    assert (found["accept"].hours, found["reply"].hours) == (0.1, 0.5)


def test_a_forecast_begins_with_the_next_full_hour_or_where_it_is_told_to() -> None:
    assert beginning(None, START + timedelta(minutes=1)) == START + timedelta(hours=1)
    assert beginning(None, START) == START
    assert shown(beginning("2026-03-02", START)) == "2026-03-02 00:00"
    assert shown(beginning("2026-03-02T09:30", START)) == "2026-03-02 09:30"
    assert beginning("2026-03-02T01:30+00:00", START).isoformat() == "2026-03-02T01:30:00+00:00"


def flat(value: float, days: int) -> list[Band]:
    return [Band(value * 0.9, value, value * 1.1, value)] * (days + 1)


@pytest.mark.parametrize("days", [1, 7, 30, 366])
@pytest.mark.parametrize("width", [40, 80, 240])
def test_a_chart_fits_and_shows_both_lines(days: int, width: int) -> None:
    lines = chart(flat(100, days), flat(40, days), width)
    assert len(lines) == ROWS + 4
    assert all(len(line) <= max(width, 24) for line in lines[: ROWS + 2])
    assert sum(BACKLOG in line for line in lines[: ROWS + 1]) == 1
    assert f"第 {days} 天" in lines[-2]


def test_a_chart_of_nothing_is_a_line_at_the_bottom() -> None:
    assert "◆" in chart(flat(0, 5), flat(0, 5), 80)[ROWS]


@pytest.mark.parametrize(
    ("most", "top"), [(1, 4), (4, 4), (5, 8), (41, 80), (81, 120), (1_999, 2_000), (2_001, 2_400), (1e6, 1.2e6)]
)
def test_a_scale_ends_with_a_round_number(most: float, top: float) -> None:
    assert ceiling(most) >= most
    assert ceiling(most) == top


def test_a_picture_escapes_what_it_says_and_keeps_its_table_short() -> None:
    text = svg(flat(100, 366), flat(99, 366), "<b>&", "x", "y")
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root[0].text == "<b>&"
    labels: Any = [element for element in root.iter() if element.text in {"积案 backlog", "超期 overdue"}]
    heights = sorted(float(label.get("y")) for label in labels if label.get("font-weight") == "bold")
    assert max(heights) - min(heights) >= 18  # side by side with near values, and still apart
    assert text.count("90–100–110") == MOST_ROWS


def test_every_law_is_offered() -> None:
    assert options.LAWS == ("exponential", "lognormal", "fixed")
