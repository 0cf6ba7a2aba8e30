"""What each command does and answers, to a person and to a program."""

import hashlib
import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import queries, tables
from models.vocabulary import Kind
from tests.cli.conftest import ROOT, Terminal, finding

ROW = {
    *("case", "kind", "status", "stage", "flags", "light", "is_open", "channel", "place", "unit", "handler"),
    *("due", "due_provisional", "registered_at", "closed_at", "seq"),
}
RECEIPT = {"case", "seq", "event", "at", "envelope", "repeated", "status", "stage", "due", "next_alarm"}


# ── intake ──


def test_intake_prints_number_code_dates_and_what_to_type_next(terminal: Terminal) -> None:
    told = terminal.ok("intake", "--channel", "来电", "--place", "白马乡", "--summary", "夜间恶臭")
    case = f"XF{datetime.now().astimezone().year}000001"
    assert case in told.out
    assert terminal.desk().sealer.query_code(case) in told.out
    assert "受理告知" in told.out
    assert f"banjie act {case} accept --as clerk" in told.out
    assert "Temporal" in told.err


def test_intake_keeps_everything_that_was_said(terminal: Terminal) -> None:
    told = terminal.json(
        *(
            "intake",
            "--channel",
            "inspection",
            "--place",
            "白马乡",
            "--summary",
            "恶臭",
            "--type",
            "大气",
            "--type",
            "水",
        ),
        *("--respondent", "某养殖场", "--filing", "D3HN202405020169", "--campaign", "2024", "--star"),
        *("--received", "2026-01-05T09:30"),
    )
    assert set(told) == RECEIPT | {"query_code"}
    case = terminal.json("show", told["case"])
    assert case["types"] == ["大气", "水"]
    assert case["respondent"] == "某养殖场"
    assert case["filings"] == [{"channel": "inspection", "number": "D3HN202405020169"}]
    assert case["campaign"] == "2024"
    assert case["star"] is True
    assert case["registered_at"] == "2026-01-05T01:30:00Z"


def test_who_complains_and_in_which_words_is_sealed(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "who.json").write_text('{"petitioner": "张三丰", "contact": "13812345678"}', "utf-8")
    (tmp_path / "text.txt").write_text("我是张三丰，夜里臭得睡不着", "utf-8")
    case = terminal.petition("--who", tmp_path / "who.json", "--text", tmp_path / "text.txt")
    desk = terminal.desk()
    (ref,) = queries.case(desk.database, case).sealed
    assert desk.sealer.open(desk.database, ref) == {
        "petitioner": "张三丰",
        "contact": "13812345678",
        "text": "我是张三丰，夜里臭得睡不着",
    }
    stored = b"".join(path.read_bytes() for path in terminal.folder.rglob("*") if path.is_file())
    for secret in ("张三丰", "13812345678", "睡不着"):
        assert secret.encode() not in stored
        assert json.dumps(secret)[1:-1].encode() not in stored


def test_who_complains_may_be_asked_for(terminal: Terminal) -> None:
    case = terminal.json("show", terminal_asked(terminal, "张三丰\n\n"))
    desk = terminal.desk()
    assert desk.sealer.open(desk.database, case["sealed"][0]) == {"petitioner": "张三丰"}


def terminal_asked(terminal: Terminal, typed: str) -> str:
    options = ("--channel", "letter", "--place", "x", "--summary", "恶臭", "--ask-who")
    told = terminal.ok("intake", *options, stdin=typed)
    return next(word for word in told.out.split() if word.startswith("XF"))


def test_nobody_is_sealed_where_nobody_was_named(terminal: Terminal) -> None:
    assert terminal.json("show", terminal_asked(terminal, "\n\n"))["sealed"] == []


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        ("夜里臭得睡不着".encode(), ""),
        ("\ufeff夜里臭得睡不着".encode(), ""),
        ("夜里臭得睡不着".encode("gb18030"), "GB18030"),
        ("夜里臭得睡不着".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_text_is_read_in_the_encodings_that_desks_have(
    terminal: Terminal, tmp_path: Path, content: bytes, notice: str
) -> None:
    (tmp_path / "text.txt").write_bytes(content)
    options = ("--channel", "letter", "--place", "x", "--summary", "恶臭", "--text")
    told = terminal.ok("intake", *options, tmp_path / "text.txt", "--key", "k")
    desk = terminal.desk()
    assert desk.sealer.open(desk.database, desk.sealer.ref("k")) == {"text": "夜里臭得睡不着"}
    assert notice in told.err
    assert terminal.ok("intake", *options, "-", "--key", "j", stdin=content).code == 0


def test_a_repeated_key_finds_its_receipt(terminal: Terminal) -> None:
    first = terminal.json("intake", "--channel", "letter", "--place", "x", "--summary", "恶臭", "--key", "k")
    again = terminal.json("intake", "--channel", "letter", "--place", "x", "--summary", "恶臭", "--key", "k")
    assert again == {**first, "repeated": True}
    other = terminal("intake", "--channel", "letter", "--place", "y", "--summary", "恶臭", "--key", "k")
    assert other.code == 1


def test_a_repeated_key_with_another_text_is_refused(terminal: Terminal) -> None:
    options = ("intake", "--channel", "letter", "--place", "x", "--summary", "恶臭", "--key", "k", "--text", "-")
    first = terminal(*options, stdin="甲")
    assert terminal(*options, stdin="甲").code == first.code == 0
    refused = terminal(*options, "--json", stdin="乙")
    assert (refused.code, refused.data["refused"]) == (1, "other_content")
    assert len(list(queries.listed(terminal.desk().database, queries.Filter()))) == 1


# ── act and actions ──


def test_the_ten_lines_of_the_readme_close_a_case(terminal: Terminal) -> None:
    case = terminal.closed()
    assert terminal.json("show", case)["status"] == "closed"
    assert terminal.ok("verify", "--all").code == 0


def test_act_takes_its_body_as_the_issue_writes_it(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition()
    for behind, text in (
        (["--json", '{"text": "甲"}'], "甲"),
        (['--json={"text": "乙"}'], "乙"),
        (["--body", '{"text": "丙"}'], "丙"),
        (["--set", "text=丁"], "丁"),
    ):
        assert "✓ 备注" in terminal.ok("act", case, "note", "--as", "clerk", *behind).out
        assert terminal.json("history", case)["events"][-1]["event"]["said"] == {"text": text}
    (tmp_path / "note.json").write_text('{"text": "戊"}', "utf-8")
    told = terminal.ok("act", case, "note", "--as", "clerk", "--json", f"@{tmp_path / 'note.json'}", "--json")
    assert set(told.data) == RECEIPT
    assert told.data["event"] == "noted"
    assert terminal.ok("act", case, "note", "--as", "clerk", "--json", "-", stdin='{"text": "己"}').code == 0


def test_a_command_may_be_named_in_chinese(terminal: Terminal) -> None:
    case = terminal.petition()
    assert "已受理" in terminal.ok("act", case, "受理", "--as", "clerk").out


def test_evidence_is_taken_by_its_hash(terminal: Terminal) -> None:
    case = terminal.closed()
    (evidence,) = terminal.json("show", case)["findings"][0]["evidence"]
    assert evidence == {"sha256": hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest(), "name": "LICENSE"}
    assert "LICENSE" in terminal.ok("show", case).out


def test_an_act_repeated_under_its_key_is_done_once(terminal: Terminal) -> None:
    case = terminal.petition()
    first = terminal.json("act", case, "accept", "--as", "clerk", "--key", "k")
    again = terminal.json("act", case, "accept", "--as", "clerk", "--key", "k")
    assert (first["repeated"], again["repeated"], again["seq"]) == (False, True, first["seq"])


def test_the_operating_systems_user_is_kept_beside_the_official(terminal: Terminal) -> None:
    case = terminal.petition()
    (event,) = terminal.json("history", case)["events"]
    assert event["actor"] == "clerk"
    assert event["via"]["door"] == "cli"
    assert event["via"]["os_user"]


def test_what_came_later_is_sealed_too(terminal: Terminal) -> None:
    case = terminal.petition()
    act = ("act", case, "supplement", "--as", "clerk", "--set", "text=补充一页")
    assert terminal(*act, "--seal", "-", stdin="原话：还是臭").code == 0
    desk = terminal.desk()
    (ref,) = queries.case(desk.database, case).sealed
    assert desk.sealer.open(desk.database, ref) == {"text": "原话：还是臭"}
    assert terminal("act", case, "note", "--as", "clerk", "--set", "text=x", "--seal", "-", stdin="x").code == 2


def test_the_organisation_is_replaced_from_a_toml_file(terminal: Terminal) -> None:
    file = ROOT / "policies" / "organisations" / "demo.toml"
    terminal.ok("act", "organisation", "define_organisation", "--as", "admin", "--set", f"organisation=@{file}")
    assert "柳河镇" not in terminal.ok("list").out
    assert "liuhe_deputy" in terminal.ok("show", "organisation").out
    assert terminal.json("show", "organisation")["organisation"]["name"].startswith("溪口县")


def test_actions_are_what_the_lifecycle_allows_this_person_now(terminal: Terminal) -> None:
    case = terminal.petition()
    clerk = terminal.json("actions", case, "--as", "clerk")
    assert [each["command"] for each in clerk["actions"]][:3] == ["accept", "decline", "refer"]
    decline = clerk["actions"][1]
    assert decline["to"] == "declined"
    assert [(slot["field"], slot["required"]) for slot in decline["fields"]] == [("reason", True)]
    assert [each["command"] for each in terminal.json("actions", case, "--as", "handler")["actions"]] == []
    assert "没有可办事项" in terminal.ok("actions", case, "--as", "auditor").out
    assert "reason*" in terminal.ok("actions", case, "--as", "clerk").out


def test_everything_offered_can_be_done(terminal: Terminal) -> None:
    case = terminal.petition()
    terminal.ok("act", case, "accept", "--as", "clerk")
    offered = terminal.json("actions", case, "--as", "dispatcher")["actions"]
    assert "assign" in [each["command"] for each in offered]
    assert terminal.ok("act", case, "assign", "--as", "dispatcher", "--set", "unit=enforcement").code == 0


# ── show, history, list ──


def test_show_tells_clocks_tasks_findings_and_the_next_alarm(terminal: Terminal) -> None:
    case = terminal.petition("--filing", "信2026-17")
    terminal.ok("act", case, "accept", "--as", "clerk")
    terminal.ok("act", case, "assign", "--as", "dispatcher", "--set", "unit=enforcement")
    terminal.ok("act", case, "record_findings", "--as", "handler", *finding("属实"))
    target = (datetime.now().astimezone().date() + timedelta(days=20)).isoformat()
    plan = ("--set", "measures=整改", "--set", "task_plans.0.measure=建池", "--set", f"task_plans.0.target={target}")
    terminal.ok("act", case, "plan_rectification", "--as", "handler", *plan)
    told = terminal.ok("show", case).out
    for part in (
        "整改中",
        "办结 closure",
        "24:00",
        "剩 ",
        f"{case}-R1",
        "建池",
        "属实",
        "信2026-17",
        "下次提醒",
        "执法大队",
    ):
        assert part in told
    found = terminal.json("show", case)
    assert set(found) >= ROW
    (close,) = [clock for clock in found["clocks"] if clock["clock"] == "close"]
    assert close["remaining_seconds"] > 59 * 86_400
    assert found["next_alarm"]["clock"] == "close"


def test_history_is_the_ledgers_own_words(terminal: Terminal) -> None:
    case = terminal.closed()
    desk = terminal.desk()
    with desk.database.reading() as connection:
        bodies = connection.execute(sa.select(tables.events.c.body).where(tables.events.c.case_id == case))
        kept = [json.loads(body) for body in bodies.scalars()]
    told = terminal.json("history", case)
    assert told["case"] == case
    assert told["events"] == kept
    people = terminal.ok("history", case).out
    for part in ("审核通过", "审核人 reviewer", "findings_recorded", "现场未闻到异味"):
        assert part in people


def test_list_filters_counts_and_says_where_it_stops(terminal: Terminal) -> None:
    closed, opened = terminal.closed(), terminal.petition()
    assert [case["case"] for case in terminal.json("list")["cases"]] == [closed, opened]
    for options, wanted in (
        (("--status", "已办结"), [closed]),
        (("--status", "registered"), [opened]),
        (("--unit", "执法大队"), [closed]),
        (("--unit", "baima"), []),
        (("--kind", Kind.RECTIFICATION), []),
        (("--overdue",), []),
        (("--limit", "1"), [closed]),
        (("--limit", "0"), [closed, opened]),
    ):
        told = terminal.json("list", *options)
        assert [case["case"] for case in told["cases"]] == wanted, options
        assert all(set(case) == ROW for case in told["cases"])
    told = terminal.json("list", "--limit", "1")
    assert told["more"] is True
    assert told["figures"] == {
        "received": 2,
        "closed": 1,
        "open": 1,
        "overdue": 0,
        "blue": 0,
        "yellow": 0,
        "red": 0,
        "rate": 0.5,
    }
    assert "50.0%" in terminal.ok("list", "--limit", "1").out


def test_list_says_what_is_stuck(terminal: Terminal) -> None:
    case = terminal.petition()
    with sqlite3.connect(terminal.folder / "banjie.db") as database:
        database.execute("UPDATE outbox SET attempts = 3, error = 'RPCError: away'")
    database.close()
    told = terminal.ok("list")
    assert "1 件信号待送 Temporal，其中 1 件送过未成：RPCError: away" in told.err
    stuck = terminal.json("list")["stuck"]
    assert (stuck["signals_waiting"], stuck["signals_failing"], stuck["signal_error"]) == (1, 1, "RPCError: away")
    with sqlite3.connect(terminal.folder / "banjie.db") as database:
        database.execute("DELETE FROM outbox")
        database.execute("UPDATE cases SET next_alarm = '2026-01-01T00:00:00.000000Z' WHERE kind = 'petition'")
    database.close()
    assert f"1 件的提醒过时未响（首件 {case}）" in terminal.ok("list").err
    assert terminal.json("list")["stuck"]["alarms_late"] == 1


def test_overdue_is_marked_by_word_and_sign(terminal: Terminal) -> None:
    terminal.ok(
        *("intake", "--channel", "letter", "--place", "x", "--summary", "恶臭", "--received", "2026-01-05"),
    )
    told = terminal.ok("list", "--overdue").out
    assert "▲已登记" in told
    assert "超期" in told
    assert terminal.json("list")["figures"]["overdue"] == 1


# ── verify, rebuild, flow, import, export ──


def test_verify_names_the_first_bad_event_and_fails(terminal: Terminal) -> None:
    case = terminal.closed()
    assert terminal.json("verify") == {"ok": True, "events": 10, "cases": 5, "faults": []}
    assert terminal.json("verify", case)["events"] == 6
    with sqlite3.connect(terminal.folder / "banjie.db") as database:
        database.execute("DROP TRIGGER IF EXISTS events_no_update")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE events SET body = replace(body, '恶臭', '花香') WHERE case_id = ? AND seq = 4", [case])
    database.close()
    told = terminal("verify", "--all")
    assert told.code == 1
    assert case in told.out
    found = terminal("verify", case, "--json")
    assert found.code == 1
    assert [(fault["case"], fault["seq"], fault["code"]) for fault in found.data["faults"]] == [(case, 4, "altered")]


def test_rebuild_finds_and_mends_what_differs(terminal: Terminal) -> None:
    case = terminal.closed()
    assert terminal.json("rebuild", "--check")["ok"] is True
    with sqlite3.connect(terminal.folder / "banjie.db") as database:
        database.execute("UPDATE cases SET status = 'registered' WHERE id = ?", [case])
    database.close()
    told = terminal("rebuild", "--check", "--json")
    assert told.code == 1
    assert told.data["differences"] == [{"case": case, "field": "status", "was": "registered", "should": "closed"}]
    assert "已按事件修正" in terminal.ok("rebuild").err
    assert "一致" in terminal.ok("rebuild", "--check").out


def test_flow_is_derived_from_the_lifecycle(terminal: Terminal) -> None:
    assert terminal.ok("flow", "--format", "mermaid").out.startswith("flowchart LR")
    table = terminal.ok("flow", "整改任务").out
    assert "建立整改任务" in table
    assert "他人办理 four eyes" in table
    told = terminal.json("flow", "rectification")
    assert set(told) == {"kind", "mermaid", "rows"}
    assert {row["command"] for row in told["rows"]} >= {"open_task", "approve"}


def test_export_and_import_bring_the_same_cases_back(terminal: Terminal, tmp_path: Path) -> None:
    options = ("intake", "--channel", "inspection", "--place", "白马乡", "--filing")
    terminal.ok(*options, "D3HN202405020169", "--summary", "夜间恶臭")
    terminal.ok(*options, "X3HN202405020170", "--summary", "污水直排")
    sheet = tmp_path / "out.xlsx"
    assert terminal.json("export", sheet)["rows"] == 2
    assert terminal.json("import", sheet, "--dry-run", "--no-compare")["repeats"] == []
    assert "2" in terminal.ok("export", sheet, "--profile", "hunan-central-2024").out
    other = Terminal(tmp_path / "elsewhere")
    dry = other.json("import", sheet, "--dry-run")
    assert (dry["total"], dry["registered"], dry["dry_run"]) == (2, 2, True)
    assert other.json("list")["cases"] == []
    first = other.json("import", sheet, "--campaign", "2024")
    assert (first["registered"], first["doubtful"]) == (2, 0)
    assert other.json("import", sheet, "--campaign", "2024")["known"] == 2
    assert "新登记 registered 0" in other.ok("import", sheet).out


def test_a_command_on_a_new_folder_says_that_it_made_a_ledger(tmp_path: Path) -> None:
    told = Terminal(tmp_path / "new").ok("list")
    assert "新建账本" in told.err
    assert "没有符合条件的案件" in told.out


def test_an_import_tells_its_probable_repeats_in_a_table_and_as_json(terminal: Terminal, tmp_path: Path) -> None:
    options = ("intake", "--channel", "inspection", "--place", "青石镇河口村", "--summary")
    terminal.ok(*options, "河口村王某养猪场夜间排放臭气，熏得村民睡不着", "--filing", "D3HN202405020169")
    sheet = tmp_path / "out.xlsx"
    terminal.ok("export", sheet)
    other = Terminal(tmp_path / "elsewhere")
    there = other.json("intake", "--channel", "phone", *options[3:], "王某某的养猪场臭气熏天，晚上睡不着")["case"]
    (told,) = other.json("import", sheet, "--dry-run")["repeats"]
    assert (told["case"], [each["case"] for each in told["alike"]]) == (None, [there])
    done = other.ok("import", sheet)
    assert "可能重复" in done.out
    assert there in done.out
