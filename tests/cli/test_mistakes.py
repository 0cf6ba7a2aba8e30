"""Nobody's mistake ends in a traceback: every exit code, every sort of bad input."""

import errno
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from adapters import queries
from adapters.keys.ring import wrapping_key
from tests.cli.conftest import Answer, Terminal

REGISTER = '{"channel": "letter", "place": "x", "summary": "x"}'
RING = '{"clock": "accept", "rung": "red", "due_at": "2026-01-01T00:00:00Z"}'
INTAKE = ("intake", "--channel", "letter", "--place", "x", "--summary", "恶臭")


def assert_kind(answer: Answer) -> None:
    """Both languages, no traceback."""
    assert "Traceback" not in answer.err + answer.out
    assert any("一" <= mark <= "龥" for mark in answer.err)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        # refused by the desk: 1
        (("show", "XF1"), 1, "没有“XF1”"),
        (("history", "XF1"), 1, "XF1"),
        (("verify", "XF1"), 1, "XF1"),
        (("actions", "XF1", "--as", "clerk"), 1, "XF1"),
        (("act", "XF1", "accept", "--as", "clerk"), 1, "XF1"),
        (("act", "{case}", "accept", "--as", "nobody"), 1, "nobody"),
        (("act", "{case}", "accept", "--as", "reviewer"), 1, "职责"),
        (("act", "{case}", "approve", "--as", "reviewer"), 1, "目前“"),
        (
            ("act", "{case}", "register", "--as", "clerk", "--body", '{"channel":"a","place":"b","summary":"c"}'),
            1,
            "已经",
        ),
        (("act", "{case}", "accept", "--as", "clock"), 1, "系统角色"),
        (
            (
                "act",
                "{case}",
                "ring",
                "--as",
                "clerk",
                "--json",
                '{"clock":"a","rung":"b","due_at":"2026-01-01T00:00Z"}',
            ),
            1,
            "职责",
        ),
        (("actions", "{case}", "--as", "nobody"), 1, "nobody"),
        (("intake", "--channel", "pigeon", "--place", "x", "--summary", "x"), 1, "pigeon"),
        (("intake", "--channel", "letter", "--place", "x", "--summary", "电话13812345678"), 1, "脱敏"),
        ((*INTAKE, "--as", "nobody"), 1, "nobody"),
        ((*INTAKE, "--received", "2999-01-01"), 1, "晚于现在"),
        (("export", "{tmp}/out.xlsx", "--profile", "nope"), 1, "nope"),
        (("import", "{tmp}/text.txt"), 1, ""),
        (("export", "{tmp}"), 1, "无法写入"),
        # not understood: 2
        ((), 2, "命令"),
        (("nosuch",), 2, "nosuch"),
        (("list", "--nope"), 2, "--nope"),
        (("list", "--limit", "many"), 2, "--limit"),
        (("list", "--limit", "-1"), 2, "--limit"),
        (("list", "--status", "done"), 2, "--status"),
        (("list", "--kind", "parade"), 2, "--kind"),
        (("intake", "--place", "x", "--summary", "x"), 2, "--channel"),
        (("intake", "--channel", "letter", "--place", "", "--summary", "x"), 2, "place"),
        (("intake", "--channel", "letter", "--place", "x" * 201, "--summary", "x"), 2, "place"),
        (("intake", "--channel", "letter", "--place", "x", "--summary", "x" * 8001), 2, "summary"),
        (("intake", "--channel", "letter", "--place", "a\u202eb", "--summary", "x"), 2, "place"),
        (("intake", "--channel", "letter", "--place", "a\x1b[31mb", "--summary", "x"), 2, "place"),
        (("intake", "--channel", "letter", "--place", "\udcff", "--summary", "x"), 2, "place"),
        ((*INTAKE, "--key", ""), 2, "id"),
        ((*INTAKE, "--key", "k" * 201), 2, "id"),
        ((*INTAKE, "--as", "a\u202eb"), 2, "actor"),
        ((*INTAKE, "--received", "yesterday"), 2, "--received"),
        ((*INTAKE, "--received", "1650-01-01"), 2, "occurred_at"),
        ((*INTAKE, "--text", "/no/such/file"), 2, "--text"),
        ((*INTAKE, "--text", "{tmp}"), 2, "--text"),
        ((*INTAKE, "--text", "{tmp}/binary"), 2, "--text"),
        ((*INTAKE, "--text", "{tmp}/nul.txt"), 2, "--text"),
        ((*INTAKE, "--text", "{tmp}/huge.txt"), 2, "200000"),
        ((*INTAKE, "--who", "{tmp}/text.txt"), 2, "--who"),
        ((*INTAKE, "--who", "{tmp}/list.json"), 2, "--who"),
        ((*INTAKE, "--who", "{tmp}/strange.json"), 2, "--who"),
        ((*INTAKE, "--who", "{tmp}/turned.json"), 2, "petitioner"),
        ((*INTAKE, "--who", "{tmp}/long.json"), 2, "contact"),
        ((*INTAKE, "--text", "-", "--ask-who"), 2, "--ask-who"),
        (("act", "{case}"), 2, "COMMAND"),
        (("act", "{case}", "accept"), 2, "--as"),
        (("act", "{case}", "nosuch", "--as", "clerk"), 2, "nosuch"),
        (("act", "{case}", "decline", "--as", "clerk"), 2, "reason"),
        (("act", "{case}", "decline", "--as", "clerk", "--set", "reason="), 2, "reason"),
        (("act", "{case}", "note", "--as", "clerk", "--set", "text=" + "x" * 8001), 2, "text"),
        (("act", "{case}", "note", "--as", "clerk", "--json", "{"), 2, "--body"),
        (("act", "{case}", "note", "--as", "clerk", "--json", "[1]"), 2, "--body"),
        (("act", "{case}", "note", "--as", "clerk", "--json", '{"text": 1}'), 2, "text"),
        (("act", "{case}", "note", "--as", "clerk", "--json", '{"text": "\\ud800"}'), 2, "text"),
        (("act", "{case}", "note", "--as", "clerk", "--json", '{"text": "a\\u0000"}'), 2, "text"),
        (("act", "{case}", "note", "--as", "clerk", "--json", '{"text": "x", "seq": 9}'), 2, "seq"),
        (("act", "{case}", "note", "--as", "clerk", "--json", "@/no/such.json"), 2, "--body"),
        (("act", "a\u202eb", "note", "--as", "clerk", "--set", "text=x"), 2, "case"),
        (("act", "x" * 201, "note", "--as", "clerk", "--set", "text=x"), 2, "case"),
        (("verify", "XF1", "--all"), 2, "--all"),
        (("flow", "parade"), 2, "parade"),
        (("flow", "--format", "png"), 2, "--format"),
        (("import", "/no/such.xlsx"), 2, "/no/such.xlsx"),
        (("export", "/no/such/folder/out.xlsx"), 2, "folder"),
        (("demo", "--speed", "0"), 2, "--speed"),
        (("up", "--speed", "-1"), 2, "speed"),
    ],
)
def test_a_mistake_gets_its_code_and_a_sentence(
    terminal: Terminal, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "text.txt").write_text("不是表格", "utf-8")
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "nul.txt").write_bytes(b"a\x00b")
    (tmp_path / "huge.txt").write_text("长" * 200_001, "utf-8")
    (tmp_path / "list.json").write_text("[]", "utf-8")
    (tmp_path / "strange.json").write_text('{"name": "x"}', "utf-8")
    (tmp_path / "turned.json").write_text('{"petitioner": "a\\u202eb"}', "utf-8")
    (tmp_path / "long.json").write_text('{"contact": "%s"}' % ("1" * 201), "utf-8")
    case = terminal.petition() if "{case}" in arguments else ""
    before = len(queries.history(terminal.desk().database, case)) if case else 0
    typed = [each.replace("{case}", case).replace("{tmp}", str(tmp_path)) for each in arguments]
    answer = terminal(*typed) if typed else Terminal.ran(terminal)
    assert answer.code == code, answer
    assert says in answer.err
    assert_kind(answer)
    if case:
        assert len(queries.history(terminal.desk().database, case)) == before


def test_a_refusal_in_json_is_one_object_on_standard_output(terminal: Terminal) -> None:
    case = terminal.petition()
    answer = terminal("act", case, "approve", "--as", "reviewer", "--json")
    assert answer.code == 1
    assert set(answer.data) == {"refused", "zh", "en"}
    assert answer.data["refused"] == "not_now"
    assert answer.err == ""


def test_a_bad_field_in_json_names_it_and_brings_the_form(terminal: Terminal) -> None:
    case = terminal.petition()
    answer = terminal("act", case, "decline", "--as", "clerk", "--json")
    assert answer.code == 2
    assert (answer.data["refused"], answer.data["field"], answer.data["command"]) == ("malformed", "reason", "decline")
    assert [slot["field"] for slot in answer.data["form"]] == ["reason"]


def test_a_bad_field_shows_the_form_to_a_person(terminal: Terminal) -> None:
    case = terminal.petition()
    answer = terminal("act", case, "request_extension", "--as", "handler", "--set", "reason=x")
    assert answer.code == 2
    assert "“extension_days”填写有误：必填" in answer.err
    assert "申请延期 request_extension" in answer.err
    assert "整数" in answer.err


def test_a_usage_mistake_in_json_is_json_too(terminal: Terminal) -> None:
    answer = terminal("list", "--nope", "--json")
    assert (answer.code, answer.data["error"]) == (2, "usage")


def test_what_a_terminal_would_act_upon_is_not_repeated_to_it(terminal: Terminal) -> None:
    answer = terminal("show", "\x1b[2J\u202e")
    assert answer.code == 1
    assert "\x1b" not in answer.err
    assert "\u202e" not in answer.err


def test_our_own_mistake_is_a_sentence_and_a_log_file(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "a bug"
        raise RuntimeError(message)

    monkeypatch.setattr(queries, "figures", broken)
    answer = terminal("list")
    assert answer.code == 4
    assert_kind(answer)
    (log,) = (terminal.folder / "logs").glob("bug-*.log")
    assert str(log) in answer.err
    assert "RuntimeError: a bug" in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0
    assert terminal("list", "--json").data["error"] == "bug"


def test_a_ledger_that_is_none_is_told(terminal: Terminal) -> None:
    for leftover in terminal.folder.glob("banjie.db*"):
        leftover.unlink()
    (terminal.folder / "banjie.db").write_bytes(b"this is no database, however long it may be" * 100)
    answer = terminal("list")
    assert answer.code == 3
    assert_kind(answer)


def test_a_key_that_others_may_read_is_told(terminal: Terminal) -> None:
    wrapping_key(terminal.folder)
    (terminal.folder / "keys" / "wrapping.key").chmod(0o644)
    answer = terminal("keys", "show")
    assert answer.code == 3
    assert "chmod 600" in answer.err


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    answer = Terminal(tmp_path / "file" / "data")("list")
    assert answer.code == 3
    assert os.strerror(errno.ENOTDIR) in answer.err


def test_a_setting_that_cannot_be_used_is_named(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root:geheim@localhost/x")
    answer = terminal("list")
    assert answer.code == 2
    assert "DATABASE_URL" in answer.err
    assert "geheim" not in answer.err


def test_a_database_that_is_away_is_exit_code_three_within_seconds(terminal: Terminal) -> None:
    began = time.monotonic()
    terminal.ran("flow")
    start = time.monotonic() - began
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"postgresql://nobody:geheim@127.0.0.1:{reserved.getsockname()[1]}/banjie"
        began = time.monotonic()
        answer = terminal.ran("list", env={"DATABASE_URL": url})
        took = time.monotonic() - began
    assert answer.code == 3
    assert_kind(answer)
    assert "geheim" not in answer.err
    assert took < 6 + 3 * start  # our patience is 4 s; what a start takes depends on who else is busy here


def test_temporal_away_is_a_warning_and_the_desk_goes_on(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    answer = terminal.ok(*INTAKE)
    assert "Temporal 未运行（127.0.0.1:1）" in answer.err
    assert terminal.ok("list").err == ""


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_that_knows_no_chinese_breaks_nothing(terminal: Terminal, encoding: str) -> None:
    case = terminal.petition()
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    shown = terminal.ran("show", case, env=env)
    assert shown.code == 0
    assert case in shown.out
    refused = terminal.ran("act", case, "approve", "--as", "reviewer", "--json", env=env)
    assert refused.code == 1
    assert "目前“" in refused.data["zh"]


def test_a_narrow_terminal_breaks_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    case = terminal.petition()
    monkeypatch.setenv("COLUMNS", "12")
    for command in (("show", case), ("list",), ("history", case), ("actions", case, "--as", "clerk"), ("flow",)):
        terminal.ok(*command)


def test_a_reader_who_has_seen_enough_is_no_mistake(terminal: Terminal) -> None:
    process = terminal.program("flow")
    assert process.stdout is not None
    process.stdout.close()
    with process:
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_ctrl_c_while_typing_is_clean(terminal: Terminal) -> None:
    with terminal.program(*INTAKE, "--ask-who") as process:
        assert process.stderr is not None
        asked = ""
        while "petitioner" not in asked:
            asked += process.stderr.read(1)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "已中断" in err
    assert "Traceback" not in err
    assert not list(queries.listed(terminal.desk().database, queries.Filter()))
