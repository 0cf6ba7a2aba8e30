"""Ledgers at the command line: an old one in and out, closed and signed off by years, comparisons, readings."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.store.test_monitoring import a_file
from tests.store.test_old_ledgers import STILL, a_row, ledger
from tests.store.test_site_sheet import WORKS, a_sheet

HERE = {"unit": "白马乡", "area": "白马乡河口村"}


def test_an_old_ledger_comes_in_is_counted_compared_and_goes_out(terminal: Terminal, tmp_path: Path) -> None:
    path = ledger(tmp_path, a_row(1, **HERE), a_row(2, **STILL | HERE), a_row(3, **HERE | {"received": ""}))
    tried = terminal.json("lists", "import", path, "--dry-run")
    assert [(each["fate"], each["case"]) for each in tried["fates"]] == [
        ("registered", None), ("registered", None), ("doubtful", None),
    ]  # fmt: skip
    assert "新登记 registered 2" in terminal.ok("lists", "import", path).out
    assert [each["fate"] for each in terminal.json("lists", "import", path)["fates"]] == ["known", "known", "doubtful"]
    out = tmp_path / "out.xlsx"
    assert terminal.json("lists", "export", out)["rows"] == 2
    assert terminal.json("lists", "import", out)["known"] == 2
    whole = terminal.json("lists", "years", "--out", tmp_path / "years.xlsx")["whole"]
    assert (whole["received"], whole["signed_off"], whole["open"]) == (2, 1, 1)
    assert "2017" in terminal.ok("lists", "years").out
    assert terminal("lists", "import", "nowhere.xlsx").code == 2
    assert terminal("lists", "years", "--out", tmp_path / "nowhere" / "x.xlsx").code == 2
    told = terminal.json("compare", "2023", "2017", "--out", tmp_path / "compare.xlsx")
    assert (told["this"]["received"], told["then"]["received"]) == (1, 1)
    terminal.ok("indicator", "count", "城区", "2023", "244", "--source", "市局通报")
    shown = terminal.ok("compare", "2023", "2017").out
    assert "244" in shown
    assert "市局通报" in shown
    assert terminal("compare", "去年", "2017").code == 2
    assert terminal("indicator", "count", "城区", "去年", "1", "--source", "通报").code != 0


def test_readings_from_a_file_open_problems_once(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("list")
    works = {name: text for name, text in WORKS.items() if name != "状态"}
    terminal.ok("site", "import", a_sheet(tmp_path, {**works, "责任单位": "白马乡"}))
    (site,) = terminal.json("site", "list")["sites"]
    path = a_file(tmp_path, *(f"{site['title']},2026-01-0{day},总磷,0.8,mg/L,0.5," for day in (1, 2)), "?,,,,,,")
    assert terminal.json("site", "monitor", path, "--dry-run")["opened"] == 1
    told = terminal.ok("site", "monitor", path).out
    assert "新开问题 opened 1，并入在办 added 1" in told
    assert "B4" in told
    assert terminal.json("site", "monitor", path)["known"] == 2
    assert terminal("site", "monitor", "nowhere.csv").code == 2
