"""``banjie backup``, ``restore`` and ``revive`` as an operator meets them: what is told, and what never."""

from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from cli.exits import REFUSED
from tests.cli.conftest import Terminal
from tests.cli.test_keys import who


def test_a_desk_is_backed_up_checked_and_brought_back_elsewhere(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition("--who", who(tmp_path))
    out, keys = tmp_path / "ledger.zip", tmp_path / "keys.zip"
    told = terminal.ok("backup", out, "--keys", keys)
    assert "backed up and checked" in told.out
    assert "缺 lacks" in told.out
    for part in (out, keys):
        assert "the backup is sound" in terminal.ok("backup", part, "--check").out
    again = terminal("backup", out)
    assert again.code != 0
    assert "is there already" in again.err
    new = Terminal(tmp_path / "new")
    restored = new.ok("restore", out, "--keys", keys)
    assert "restored into" in restored.out
    assert "cases go on from the ledger" in restored.out
    assert new.json("show", case)["case"] == case
    assert new.ok("verify", "--all").out
    assert "欧阳" not in told.out + told.err + restored.out + restored.err
    refused = new("restore", out)
    assert refused.code != 0
    assert "is not empty" in refused.err


def test_programs_are_told_the_same(terminal: Terminal, tmp_path: Path) -> None:
    terminal.petition()
    out = tmp_path / "out"
    taken = terminal.json("backup", out)["ledger"]
    assert terminal.json("backup", out, "--check")["id"] == taken["id"]
    new = Terminal(tmp_path / "new")
    done = new.json("restore", out)
    assert done["id"] == taken["id"]
    assert done["restoration"].startswith(taken["id"])
    assert done["erased_again"] is None
    assert done["waiting"] == new.json("revive", "--dry-run")["waiting"] > 0


def test_without_the_keys_it_says_what_is_missing(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition("--who", who(tmp_path))
    terminal.ok("backup", tmp_path / "out")
    new = Terminal(tmp_path / "new")
    assert "Without the keys" in new.ok("restore", tmp_path / "out").err
    assert case in new.ok("list").out


def test_revive_without_an_engine_queues_and_says_when_they_start(terminal: Terminal) -> None:
    terminal.petition()
    counted = terminal.ok("revive", "--dry-run")
    assert "nothing was written" in counted.out
    told = terminal.ok("revive")
    assert "start as soon as the engine runs" in told.out


def test_what_is_no_backup_is_named(terminal: Terminal, tmp_path: Path) -> None:
    new = Terminal(tmp_path / "new")
    missing = new("restore", tmp_path / "nowhere")
    assert missing.code not in {0, REFUSED}
    assert "There is no backup" in missing.err
    (tmp_path / "odd.zip").write_bytes(b"odd")
    odd = new("restore", tmp_path / "odd.zip")
    assert odd.code not in {0, REFUSED}
    assert "cannot be read" in odd.err
    assert "no folder" in terminal("backup", tmp_path / "no" / "out").err.lower()


def test_reconcile_shows_both_versions_opens_a_case_and_ends_with_one(terminal: Terminal) -> None:
    case = terminal.petition()
    fine = terminal.ok("reconcile")
    assert "agree with the ledger" in fine.out
    assert "workflows were not asked" in fine.err
    desk = terminal.desk()
    with desk.database.writing() as connection:
        connection.execute(sa.update(tables.cases).where(tables.cases.c.id == case).values(status="closed"))
    assert terminal("reconcile", "--dry-run").code == REFUSED
    assert terminal("show", f"F-{case}").code != 0
    told = terminal("reconcile")
    assert told.code == REFUSED
    assert "closed" in told.out
    assert "registered" in told.out
    assert f"F-{case}" in told.err
    shown = terminal.ok("history", f"F-{case}").out
    assert "读模型" in shown
    assert terminal.json("list", "--kind", "fault")["cases"][0]["case"] == f"F-{case}"
    told_again = terminal("reconcile", case, "--json")
    assert [each["field"] for each in told_again.data["differences"]] == ["status"]
    terminal.ok("rebuild")
    assert terminal.ok("reconcile", "--all").out
    copies = {each["check"]: each["state"] for each in terminal("doctor", "--json").data["checks"]}["copies"]
    assert copies == "warn", "until somebody has said what it was"
    terminal.ok("act", f"F-{case}", "clear_fault", "--as", "admin", "--set", "reason=数据库被手工修改，已重建")
    assert terminal("reconcile", case, "--all").code not in {0, REFUSED}
