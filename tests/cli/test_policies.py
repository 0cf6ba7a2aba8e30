"""``banjie policy``: list, show, check, diff, try; every mistake with its place."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.broken_policies import BROKEN, TEXT, Broken
from tests.cli.conftest import Terminal

SHORTER = (
    TEXT.replace('name = "2026-11"', 'name = "2027-01"', 1)
    .replace('length = "15 day"', 'length = "8 day"', 1)
    .replace("extension_limit = 30", "extension_limit = 10", 1)
)


def a_file(folder: Path, text: str = SHORTER, name: str = "proposed.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


# ── looking ──


def test_the_policies_are_listed_with_the_current_one_marked(terminal: Terminal) -> None:
    told = terminal.json("policy", "list")
    assert told["current"] == "2026-11"
    assert [(each["name"], each["effective"]) for each in told["policies"]] == [("2026-11", "2026-11-01")]
    assert "2026-11" in terminal.ok("policy", "list").out


def test_a_policy_is_shown_as_tables_as_a_channel_has_it(terminal: Terminal, tmp_path: Path) -> None:
    out = terminal.ok("policy", "show").out
    for words in ("办结 close", "60 日", "到期未办 red", "逾期 7 日，此后每 7 日", "受理告知 1 个工作日", "无异议期"):
        assert words in out
    row = next(
        line for line in terminal.ok("policy", "show", "--channel", "hotline").out.splitlines() if "办结 close" in line
    )
    assert "7 日" in row
    told = terminal.json("policy", "show", "2026-11", "--channel", "12345 热线")
    (close,) = (each for each in told["clocks"]["hotline"] if each["name"] == "close")
    assert close["length"] == {"count": 7, "unit": "day"}
    assert terminal.json("policy", "show", a_file(tmp_path))["policy"]["name"] == "2027-01"
    refused = terminal("policy", "show", "--channel", "telex")
    assert (refused.code, "telex" in refused.err) == (2, True)


# ── checking ──


def test_there_are_twenty_of_them() -> None:
    assert len({each.name for each in BROKEN}) >= 20


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.name)
def test_a_broken_policy_names_the_place(terminal: Terminal, tmp_path: Path, broken: Broken) -> None:
    file = a_file(tmp_path, broken.text)
    answer = terminal("policy", "check", file, "--json")
    assert answer.code == 1
    assert answer.data["ok"] is False
    mistakes = [each for each in answer.data["mistakes"] if broken.place in each["place"]]
    assert [each["line"] for each in mistakes] == [broken.line], answer.data
    (mistake,) = mistakes
    assert broken.why in mistake["zh"] + mistake["en"]
    assert mistake["zh"]
    assert mistake["en"]

    table = terminal("policy", "check", file)
    assert table.code == 1
    assert str(broken.line) in table.out
    assert broken.place in table.out
    for command in (("diff", "2026-11", file), ("try", file), ("show", file)):
        refused = terminal("policy", *command, "--json")
        assert (refused.code, refused.data["refused"]) == (1, "unfit_policy")


def test_every_mistake_of_a_file_is_named_in_its_order(terminal: Terminal, tmp_path: Path) -> None:
    text = TEXT.replace('ladder = "look_back"', 'ladder = "lookback"', 1).replace('"unit_head"]', '"emperor"]', 1)
    text = text.replace('to = ["unit_head"]', 'to = ["king"]', 1).replace('off = ["object"]', 'off = ["x"]', 1)
    told = terminal("policy", "check", a_file(tmp_path, text), "--json").data
    lines = [each["line"] for each in told["mistakes"]]
    assert len(lines) >= 3
    assert lines == sorted(lines)


def test_a_sound_policy_passes_and_a_name_that_is_taken_is_said(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.json("policy", "check", a_file(tmp_path)) == {
        "ok": True,
        "file": str(tmp_path / "proposed.toml"),
        "policy": "2027-01",
        "mistakes": [],
    }
    taken = terminal.ok("policy", "check", a_file(tmp_path, SHORTER.replace('"2027-01"', '"2026-11"', 1)))
    assert "另" in taken.err or "同名" in taken.err
    assert terminal("policy", "check", tmp_path / "none.toml").code == 2
    assert terminal("policy", "check", "-", stdin=SHORTER).code == 0
    assert terminal("policy", "check", a_file(tmp_path, "x" * 300_000)).code == 2
    assert terminal("policy", "check", "-", stdin=b"\xff\x00").code == 2


# ── comparing ──


def test_two_policies_are_compared_sentence_by_sentence(terminal: Terminal, tmp_path: Path) -> None:
    file = a_file(tmp_path)
    told = terminal.json("policy", "diff", "2026-11", file)
    assert (told["a"], told["b"], told["same"]) == ("2026-11", "2027-01", False)
    by_path = {"/".join(each["path"]): each for each in told["changes"]}
    assert by_path["extension_limit"]["zh"] == "延期上限（日） 30 → 10"
    assert by_path["clock/petition/accept/length"]["en"].endswith("acceptance notice 15 days → 8 days")
    assert "hotline" not in by_path["clock/petition/accept/length"]["channels"]
    out = terminal.ok("policy", "diff", "2026-11", file).out
    assert "延期上限（日） 30 → 10" in out
    assert terminal.json("policy", "diff", file, file)["same"] is True
    assert "没有差别" in terminal.ok("policy", "diff", "2026-11", "2026-11").out
    assert terminal("policy", "diff", "2026-11", "2031-11").code == 2


# ── trying ──


@pytest.fixture
def busy(terminal: Terminal) -> dict[str, str]:
    """A closed petition, one that was given twenty days more, one that waits to be accepted."""
    closed = terminal.closed()
    extended = terminal.petition()
    for command, actor, *fields in (
        ("accept", "clerk"),
        ("assign", "dispatcher", "--set", "unit=enforcement", "--set", "handler=handler"),
        ("request_extension", "handler", "--set", "extension_days=20", "--set", "reason=设备采购"),
        ("grant_extension", "head"),
    ):
        terminal.ok("act", extended, command, "--as", actor, *fields)
    return {"closed": closed, "extended": extended, "waiting": terminal.petition()}


def test_under_its_own_policy_nothing_differs(terminal: Terminal, busy: dict[str, str]) -> None:
    for arguments in ((), ("2026-11",)):
        told = terminal.json("policy", "try", *arguments)
        assert (told["tried"], told["same"], told["different"], told["drifted"]) == (len(busy), len(busy), 0, 0)
        assert told["cases"] == []
    assert "无任何变化" in terminal.ok("policy", "try").out


def test_a_proposed_policy_is_tried_and_what_differs_is_told(
    terminal: Terminal, busy: dict[str, str], tmp_path: Path
) -> None:
    file, out = a_file(tmp_path), tmp_path / "trial.xlsx"
    told = terminal.json("policy", "try", file, "--out", out)
    assert (told["policy"], told["tried"], told["different"], told["refused"]) == ("2027-01", 3, 3, 1)
    cases: dict[str, dict[str, Any]] = {each["case"]: each for each in told["cases"]}
    assert [each["code"] for each in cases[busy["extended"]]["denied"]] == ["too_long", "nothing_open"]
    assert [(each["clock"], each["shift"]) for each in cases[busy["waiting"]]["dues"]] == [("accept", "earlier")]
    assert {(each["command"], each["count"]) for each in told["denied"]} == {
        ("request_extension", 1),
        ("grant_extension", 1),
    }
    book = openpyxl.load_workbook(out)
    assert [row[0].value for row in book["案件 cases"].iter_rows(min_row=2)] == sorted(busy.values())
    book.close()

    page = terminal.ok("policy", "try", file)
    for words in ("有变化 different", "延期不得超过 10 日。", "申请延期", busy["extended"], "受理告知"):
        assert words in page.out
    listed = terminal.ok("policy", "try", file, "--list").out
    assert f"{busy['extended']} 信访件" in listed
    *lines, last = map(json.loads, terminal.ok("policy", "try", file, "--list", "--json").out.splitlines())
    assert [each["case"] for each in lines] == sorted(busy.values())
    assert last["different"] == 3


def test_a_trial_is_of_the_cases_that_are_asked_for(terminal: Terminal, busy: dict[str, str], tmp_path: Path) -> None:
    file = a_file(tmp_path)
    one = terminal.json("policy", "try", file, "--cases", busy["waiting"])
    assert [each["case"] for each in one["cases"]] == [busy["waiting"]]
    two = terminal.json("policy", "try", file, "--cases", busy["waiting"], "--cases", busy["closed"])
    assert two["tried"] == 2
    assert [each["case"] for each in terminal.json("policy", "try", file, "--cases", 1)["cases"]] == [busy["waiting"]]
    assert terminal.json("policy", "try", file, "--open")["tried"] == 2
    for wrong, code in (
        (("--cases", "XF2031000001"), 1),
        (("--cases", "1", "--cases", busy["closed"]), 2),
        (("--out", tmp_path / "nowhere" / "x.xlsx"), 2),
    ):
        assert terminal("policy", "try", file, *wrong).code == code
    assert terminal("policy", "try", "nowhere.toml").code == 2


def test_the_installed_program_tries_too(terminal: Terminal, busy: dict[str, str]) -> None:
    answer = terminal.ran("policy", "try", "--json")
    assert (answer.code, answer.data["same"]) == (0, len(busy))
    help_text = terminal.ran("policy", "try", "--help")
    assert (help_text.code, "--cases" in help_text.out) == (0, True)
