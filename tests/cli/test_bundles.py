"""``banjie bundle`` at the keyboard."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.store.bundles import checked, unpacked


def test_a_case_a_campaign_or_the_whole_ledger_is_bundled(terminal: Terminal, tmp_path: Path) -> None:
    case, other = terminal.petition(), terminal.petition()
    out = tmp_path / "b.zip"
    told = terminal.ok("bundle", case, out)
    assert "verify.py" in told.out
    assert "没有签名的每日根" in told.err
    assert checked(out)[0] == 0
    found = terminal.json("bundle", case, other, out)
    assert {f"cases/{each}/events.jsonl" for each in (case, other)} <= set(unpacked(out))
    whole = terminal.json("bundle", "--all", out)
    assert whole["cases"] > found["cases"]
    assert checked(out)[1]["events"] == whole["events"]
    assert whole["sha256"] == terminal.json("bundle", "--all", tmp_path / "c.zip")["sha256"]


def test_what_cannot_be_understood_is_told_and_nothing_is_written(terminal: Terminal, tmp_path: Path) -> None:
    case, out = terminal.petition(), tmp_path / "b.zip"
    for arguments in (
        (out,),
        ("--all", case, out),
        ("--all", "--campaign", "dc2026", out),
        ("--all", tmp_path / "b.txt"),
        ("--all", tmp_path / "nowhere" / "b.zip"),
    ):
        assert terminal("bundle", *arguments).code == 2, arguments
    for arguments in (("XF9", out), ("--campaign", "none", out)):
        assert terminal("bundle", *arguments).code == 1, arguments
    assert not list(tmp_path.glob("*.zip"))
