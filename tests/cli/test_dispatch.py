"""Dispatch meetings at the command line: a pack made ahead, shown, written, decided upon; the map, the flow chart."""

import zipfile
from pathlib import Path

from tests.cli.conftest import Terminal


def test_a_pack_is_made_shown_written_and_decided_upon(terminal: Terminal, tmp_path: Path) -> None:
    assert "还没有会议" in terminal.ok("dispatch", "list").out
    assert "没有到期的会议" in terminal.ok("dispatch", "make", "weekly").out
    case = terminal.petition()
    made = terminal.json("dispatch", "make", "weekly", "--next")
    assert made["made"] is True
    assert terminal.json("dispatch", "make", "weekly", "--next") == {**made, "made": False}
    meeting = made["meeting"]
    assert f"此前已生成 made before: {meeting}" in terminal.ok("dispatch", "make", "weekly", "--next").out
    terminal.ok("act", case, "accept", "--as", "clerk")
    terminal.ok("act", case, "assign", "--as", "dispatcher", "--set", "unit=enforcement", "--set", "handler=handler")
    terminal.ok("dispatch", "decide", meeting, "--about", case, "--text", "三日内到现场")
    assert terminal.json("history", case)["events"][-1]["event"]["name"] == "instructed"
    told = terminal.json("dispatch", "show", meeting)
    assert (told["figures"]["open"], told["decisions"][0]["case"]) == (1, case)
    assert [each["case"] for each in told["pack"]["changed"]] == [case]
    shown = terminal.ok("dispatch", "show", meeting).out
    assert "三日内到现场" in shown
    assert "超期案件及须说明情况的人员" in shown
    assert "已登记召开" in terminal.ok("dispatch", "held", meeting, "--text", "会议纪要").out
    assert terminal.json("dispatch", "list")["meetings"][0]["status"] == "held"
    out = tmp_path / "pack.zip"
    assert str(out) in terminal.ok("dispatch", "show", meeting, "--out", out).out
    assert "map.svg" in zipfile.ZipFile(out).namelist()
    for wrong in (("show", meeting, "--out", tmp_path / "pack.pdf"), ("make", "yearly")):
        assert terminal("dispatch", *wrong).code == 2
    for refused in (("show", case), ("decide", meeting, "--about", case, "--text", "某事", "--as", "clerk")):
        assert terminal("dispatch", *refused).code == 1


def test_the_map_and_the_flow_chart_are_drawn_with_what_is_open(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition()
    out = tmp_path / "map.svg"
    for by in ("unit", "场所"):
        assert terminal.json("map", out, "--by", by)["cases"] == 1
        assert case in out.read_text("utf-8")
    assert terminal("map", out, "--by", "colour").code == 2
    drawn = terminal.ok("flow", "petition", "--format", "svg").out
    assert "已登记 1" in drawn
    assert terminal("flow", "organisation", "--format", "svg").code == 2
