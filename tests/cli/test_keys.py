"""``banjie keys`` tells which wrapping keys there are, changes them, and never shows one."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from adapters import queries
from adapters.sealed import DestroyedError
from models.envelope import Envelope
from tests.cli.conftest import Terminal


def who(folder: Path) -> Path:
    path = folder / "who.json"
    path.write_text('{"petitioner": "欧阳金丝雀"}', encoding="utf-8")
    path.chmod(0o600)
    return path


def test_keys_are_shown_rotated_and_never_told(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition("--who", who(tmp_path))
    code = terminal.desk().sealer.query_code(case)
    (old,) = terminal.json("keys", "show")["keys"]
    assert old["wraps"] == {"naming": 1, "seal": 1}
    key = (terminal.folder / "keys" / "wrapping.key").read_bytes()
    told = terminal.ok("keys", "rotate")
    assert "重新封装 wrapped anew: 2" in told.out
    assert f"retired: {old['name']}" in told.out
    shown = terminal.ok("keys", "show")
    assert "现用 current" in shown.out
    assert "已停用 retired" in shown.out
    for answer in (told, shown):
        assert key.hex() not in answer.out + answer.err
    # Receipts that residents hold stay good.
    assert terminal.desk().sealer.query_code(case) == code
    before, after = terminal.json("keys", "show")["keys"]
    assert (before["wraps"], after["wraps"], after["current"]) == ({}, {"naming": 1, "seal": 1}, True)


def test_a_key_is_made_beforehand_to_be_copied(terminal: Terminal) -> None:
    made = terminal.json("keys", "make")
    assert (terminal.folder / "keys" / made["where"]).exists()
    assert "banjie keys rotate" in terminal.ok("keys", "make").out
    assert terminal.json("keys", "rotate")["key"] == made["key"]


def test_a_lost_keystore_is_replaced_only_by_who_says_so(terminal: Terminal, tmp_path: Path) -> None:
    terminal.petition("--who", who(tmp_path))
    for path in terminal.folder.glob("keys.db*"):
        path.rename(tmp_path / path.name)
    assert terminal.ok("list").out
    assert terminal.ok("verify", "--all").out
    assert "banjie keys adopt" in terminal("keys", "show").err
    assert "--yes" in terminal("keys", "adopt").err
    assert "Query codes" in terminal.ok("keys", "adopt", "--yes").out
    assert terminal.json("keys", "show")["keys"][0]["wraps"] == {"naming": 1}
    terminal.petition("--who", who(tmp_path))


def test_a_case_is_erased_at_once_and_its_history_says_so(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition("--who", who(tmp_path))
    terminal.ok("act", case, "decline", "--as", "clerk", "--set", "reason=线索不详")
    # The letter is still to be written to somebody.
    assert terminal("erase", case, "--as", "deputy", "--reason", "request").code != 0
    desk = terminal.desk()
    (letter,) = queries.case(desk.database, case).pending
    done: dict[str, JsonValue] = {"reaction": letter, "outcome": "done"}
    sent = Envelope(id="engine/sent", case=case, actor="engine", command="record_outcome", data=done)
    desk.door.perform([sent], trusted=True)
    # Nobody erases what somebody else has not proposed.
    assert terminal("erase", case, "--as", "deputy", "--reason", "request").code != 0
    terminal.ok("retention", "propose", case, "--as", "clerk", "--reason", "request")
    refused = terminal("erase", case, "--as", "clerk", "--reason", "request")
    assert refused.code != 0
    assert "领导" in refused.err
    assert "retention" in terminal("erase", case, "--as", "deputy", "--reason", "因为").err
    told = terminal.ok("erase", case, "--as", "deputy", "--reason", "信访人依法申请", "--key", "k")
    assert "密钥已销毁" in told.out
    assert terminal.ok("erase", case, "--as", "deputy", "--reason", "request", "--key", "k").out == told.out
    (ref,) = queries.case(desk.database, case).sealed
    with pytest.raises(DestroyedError):
        desk.sealer.open(desk.database, ref)
    assert "信访人依法申请" in terminal.ok("history", case).out
    assert terminal.ok("verify", "--all").out
