"""``banjie roots``: made, shown, checked against what others have kept, keys changed, a fork recorded."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.checkpoint import checkpoint_of, key_of, note_of
from models.merkle import is_consistent
from tests.cli.conftest import Terminal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A witness's folder."""
    monkeypatch.setenv("BANJIE_WITNESS_FOLDER", str(tmp_path / "witness"))
    return tmp_path / "witness"


def test_a_root_is_made_shown_and_goes_on_from_the_one_before(terminal: Terminal, folder: Path) -> None:
    assert "banjie roots make" in terminal.ok("roots", "list").out
    terminal.petition()
    old = terminal.json("roots", "make")
    assert (old["witnesses"], old["witnessed"]) == ([{"witness": "folder", "fate": "sent", "why": ""}], True)
    terminal.petition()
    new = terminal.json("roots", "make")
    told = terminal.json("roots", "show")
    found = checkpoint_of(note_of(told["note"]).text)
    assert (found.size, found.root.hex(), told["before"]) == (new["size"], new["root"], old["size"])
    proof = [bytes.fromhex(each) for each in told["consistency"]]
    assert is_consistent(old["size"], bytes.fromhex(old["root"]), found.size, found.root, proof)
    assert key_of(told["keys"][0]).name == found.origin
    assert [each["size"] for each in terminal.json("roots", "list")["roots"]] == [new["size"], old["size"]]
    plain = terminal.ok("roots", "show").out
    assert note_of(told["note"]).text.rstrip("\n") in plain
    assert "见证目录 已发出 witness folder sent" in " ".join(terminal.ok("roots", "list").out.split())
    for size in ("99999", "0", "9" * 30):
        assert terminal("roots", "show", size).code == 2
    assert len(list(folder.glob("*.root.txt"))) == 2


def test_without_a_witness_one_is_told_that_there_is_none(terminal: Terminal) -> None:
    terminal.petition()
    assert "BANJIE_WITNESS_FOLDER" in terminal.ok("roots", "make").err
    assert "No witness" in terminal.ok("roots", "check").err


def test_a_saved_root_is_held_against_the_ledger(terminal: Terminal, tmp_path: Path, folder: Path) -> None:
    terminal.petition()
    note = (terminal.ok("roots", "make"), terminal.json("roots", "show")["note"])[1]
    saved = tmp_path / "letter.txt"
    saved.write_text(f"转发：\n{note}\n-- \n县局\n", encoding="utf-8")
    report = terminal.json("roots", "check", "--against", saved)
    assert (report["ok"], report["roots"], len(report["witnessed"])) == (True, 1, 2)
    assert "都对得上" in terminal.ok("roots", "check").out
    saved.write_text(note.replace("made 20", "made 21"), encoding="utf-8")
    wrong = terminal("roots", "check", "--against", saved)
    assert wrong.code == 1
    assert "not signed by a key" in wrong.out
    saved.write_text("你好", encoding="utf-8")
    assert terminal("roots", "check", "--against", saved).code == 2
    (folder / "x.root.txt").write_text("?", encoding="utf-8")
    assert "no signed root" in terminal("roots", "check").out


def test_a_ledger_that_was_set_back_is_found_and_goes_on_after_the_fork_is_recorded(
    terminal: Terminal, folder: Path
) -> None:
    terminal.petition()
    terminal.ok("roots", "make")
    with contextlib.closing(sqlite3.connect(terminal.folder / "banjie.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(terminal.folder / "copy.db"),))
    terminal.petition()
    lost = terminal.json("roots", "make")
    for desk in terminal.desks:
        desk.close()
    for path in terminal.folder.glob("banjie.db*"):
        path.unlink()
    (terminal.folder / "copy.db").rename(terminal.folder / "banjie.db")
    report = terminal("roots", "check", "--json")
    assert (report.code, report.data["faults"]) == (1, [])
    assert [each["standing"] for each in report.data["witnessed"]] == ["holds", "shortened"]
    assert "banjie roots fork" in terminal("roots", "make").err
    fork = ("roots", "fork", "--reason", "硬盘损坏", "--as", "admin")
    assert "another person" in terminal(*fork, "--agreed-by", "admin").err
    told = terminal.json(*fork, "--agreed-by", "auditor")
    assert (told["generation"], told["witnessed"]) == (2, True)
    after = terminal.json("roots", "check")
    assert [each["standing"] for each in after["witnessed"]] == ["holds", "abandoned", "holds"]
    terminal.petition()
    assert terminal.json("roots", "make")["size"] > lost["size"] - 1
    assert terminal.json("roots", "check")["ok"]


def test_a_changed_event_is_named_by_the_check(terminal: Terminal) -> None:
    case = terminal.petition()
    terminal.ok("roots", "make")
    with terminal.desk().database.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER events_no_update"))
        connection.execute(sa.text("UPDATE events SET body = '{}' WHERE case_id = :case"), {"case": case})
    wrong = terminal("roots", "check", "--json")
    assert wrong.code == 1
    assert [(each["where"], each["code"]) for each in wrong.data["faults"]] == [(case, "altered")]
    assert case in terminal("roots", "check").out


def test_signing_keys_are_listed_changed_and_never_told(terminal: Terminal) -> None:
    terminal.petition()
    terminal.ok("roots", "make")
    (file,) = (terminal.folder / "keys").glob("roots-*.key")
    secret = file.read_bytes()
    both = terminal.ok("roots", "rotate")
    old, new = terminal.json("roots", "keys")["keys"]
    assert (old["here"], old["ended_at"], new["here"]) == (True, None, True)
    terminal.ok("roots", "rotate", "--at-once")
    shown = terminal.ok("roots", "keys")
    assert [each["here"] for each in terminal.json("roots", "keys")["keys"]] == [False, False, True]
    for answer in (both, shown):
        assert secret.hex() not in answer.out + answer.err
    assert terminal.json("roots", "check")["ok"]
