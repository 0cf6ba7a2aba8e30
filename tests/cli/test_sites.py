"""Sites and storms at the command line: listed, shown, out to a workbook and in from one."""

from pathlib import Path

from adapters.similar.storms import Comparing
from tests.cli.conftest import Terminal
from tests.store.test_site_sheet import FARM, WORKS, a_sheet

FARM_HERE = {name: text for name, text in FARM.items() if name != "责任单位"}


def test_sites_come_from_a_workbook_and_go_out_to_one(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("list")
    path = a_sheet(tmp_path, FARM_HERE, WORKS)
    assert terminal.json("site", "import", path, "--dry-run")["registered"] == 2
    assert terminal.json("site", "list")["sites"] == []
    told = terminal.ok("site", "import", path)
    assert "新登记 registered 2" in told.out
    assert terminal.json("site", "import", path)["same"] == 2
    farm = next(each for each in terminal.json("site", "list")["sites"] if each["title"] == "王某养猪场")
    case = terminal.json("intake", "--channel", "phone", "--place", "青石镇河口村", "--summary", "臭味扰民")["case"]
    terminal.ok("act", case, "place_at_site", "--as", "clerk", "--set", f"site={farm['case']}")
    shown = terminal.ok("site", "show", farm["case"]).out
    assert case in shown
    assert [each["case"] for each in terminal.json("site", "show", farm["case"])["cases"]] == [case]
    out = tmp_path / "out.xlsx"
    assert terminal.json("site", "export", out, "--words", "养猪")["sites"] == 1
    assert "已导出 2" in terminal.ok("site", "export", out).out
    assert terminal("site", "show", case).code == 1
    assert terminal("site", "import", "nowhere.xlsx").code == 2
    assert terminal("site", "export", tmp_path / "nowhere" / "out.xlsx").code == 2
    broken = terminal("site", "import", a_sheet(tmp_path, {**FARM_HERE, "坐标": "不知道"}))
    assert (broken.code, "场所!E2" in broken.out + broken.err) == (1, True)


def test_storms_are_listed_and_shown_with_their_filings(terminal: Terminal) -> None:
    assert "没有集中来件" in terminal.ok("storm", "list").out
    told = ("夜间排放臭气，熏得村民睡不着", "臭气熏天，晚上睡不着", "半夜排放臭气，不敢开窗")
    options = ("intake", "--channel", "phone", "--place", "青石镇河口村", "--summary")
    cases = [terminal.json(*options, f"王某养猪场{each}")["case"] for each in told]
    comparing = Comparing(terminal.desk())
    while comparing.once():
        pass
    (watch,) = terminal.json("storm", "list")["storms"]
    assert [each["case"] for each in watch["filings"]] == cases
    assert "▲" in terminal.ok("storm", "list").out
    shown = terminal.ok("storm", "show", watch["case"]).out
    assert all(case in shown for case in cases)
    assert terminal("storm", "show", cases[0]).code == 1
