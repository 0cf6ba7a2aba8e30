"""``banjie retention``: all petitions of a person by two people, the certificate, and what is not done is told."""

from pathlib import Path

from pydantic import JsonValue

from adapters import queries
from models.envelope import Envelope
from models.vocabulary import Flag
from tests.cli.conftest import Terminal


def declined(terminal: Terminal, who: Path) -> str:
    """A declined petition whose letter has gone out."""
    case = terminal.petition("--who", who)
    terminal.ok("act", case, "decline", "--as", "clerk", "--set", "reason=线索不详")
    desk = terminal.desk()
    (letter,) = queries.case(desk.database, case).pending
    done: dict[str, JsonValue] = {"reaction": letter, "outcome": "done"}
    sent = Envelope(id=f"sent-{case}", case=case, actor="engine", command="record_outcome", data=done)
    desk.door.perform([sent], trusted=True)
    return case


def test_a_person_is_erased_by_two_people_and_the_certificate_is_checked(terminal: Terminal, tmp_path: Path) -> None:
    who = tmp_path / "who.json"
    who.write_text('{"petitioner": "欧阳金丝雀", "contact": "13900001234"}', encoding="utf-8")
    who.chmod(0o600)
    one, two = declined(terminal, who), declined(terminal, who)
    still_open = terminal.petition("--who", who)
    asked = ("--as", "clerk", "--reason", "request")
    told = terminal("retention", "propose", "--person", one, *asked)
    assert told.code != 0  # what is still open is told, and keeps no other back
    assert (f"✓ {one}" in told.out, f"✓ {two}" in told.out, still_open in told.err) == (True, True, True)
    assert terminal.json("retention", "due") == {"due": [], "proposed": [one, two]}
    wrong = terminal("retention", "confirm", "--all", *asked)
    assert (wrong.code != 0, "领导" in wrong.err) == (True, True)
    decided = ("--as", "deputy", "--reason")
    assert terminal.ok("retention", "confirm", "--all", *decided, "law").out.startswith("没有")
    assert "以" in terminal("retention", "confirm", one, *decided, "law").err
    assert terminal("retention", "certificate", one).code != 0
    terminal.ok("retention", "confirm", "--all", *decided, "信访人依法申请")
    for case in (one, two):
        assert Flag.ERASED in queries.case(terminal.desk().database, case).flags
    file = tmp_path / "certificate.txt"
    file.write_text(terminal.ok("retention", "certificate", one).out, encoding="utf-8")
    assert "金丝雀" not in file.read_text("utf-8")
    assert "证明有效" in terminal.ok("retention", "check", file).out
    assert terminal.json("retention", "again", file) == {"keys": 0, "unheeded": []}
    file.write_text(file.read_text("utf-8").replace('"seals":1', '"seals":2'), encoding="utf-8")
    answer = terminal("retention", "check", file)
    assert (answer.code, "签名不符" in answer.err) == (1, True)
    answer = terminal("retention", "again", file)
    assert (answer.code, "未执行" in answer.err, "✓" in answer.out) == (1, True, False)
    assert terminal("retention", "again", file, "--key", "none").code == 2
    assert terminal("retention", "check", tmp_path / "none").code != 0


def test_what_is_refused_stays_and_the_rules_are_told(terminal: Terminal, tmp_path: Path) -> None:
    who = tmp_path / "who.json"
    who.write_text('{"petitioner": "欧阳金丝雀"}', encoding="utf-8")
    who.chmod(0o600)
    case = declined(terminal, who)
    early = terminal("retention", "propose", case, "--as", "clerk", "--reason", "retention")
    assert (early.code != 0, "保存期限尚未届满" in early.err) == (True, True)
    terminal.ok("retention", "propose", case, "--as", "clerk", "--reason", "request")
    terminal.ok("retention", "refuse", case, "--as", "deputy", "--reason", "诉讼未结")
    assert terminal.json("retention", "due") == {"due": [], "proposed": []}
    assert (
        "没有这样的信访件" in terminal.ok("retention", "propose", "--due", "--as", "clerk", "--reason", "retention").out
    )
    assert [each["years"] for each in terminal.json("retention", "rules")["rules"]] == [10, 10, 3]
    assert "销号" in terminal.ok("retention", "rules").out


def test_where_nobodys_time_is_over_that_is_said(terminal: Terminal) -> None:
    terminal.petition()
    told = terminal.ok("retention", "due").out
    assert "没有保存期限届满的信访件。 No petition's time is over." in told
    assert "kept until" not in told


def test_each_row_is_told_in_both_languages(terminal: Terminal) -> None:
    told = terminal.ok("retention", "rules").out
    for words in ("已销号的信访件", "petitions that are signed off", "销号 sign-off", "登记 registration"):
        assert words in told, words
