"""Action plans at the command line: opened, filled from a workbook, listed and shown, out to a workbook."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.store.test_indicators import AIR
from tests.store.test_indicators import a_sheet as readings
from tests.store.test_plans import BOILER, a_sheet

HERE = {**BOILER, "责任单位": "enforcement"}


def test_a_plan_is_opened_filled_shown_and_exported(terminal: Terminal, tmp_path: Path) -> None:
    assert "没有行动方案" in terminal.ok("plan", "list").out
    plan = terminal.json("plan", "open", "--title", "夏季攻势", "--unit", "enforcement")["plan"]
    path = a_sheet(tmp_path, HERE, {**HERE, "整改任务": "清运废渣", "类别": "固废", "整改时限": "2099-06-30"})
    assert "整改时限已过" in terminal("plan", "import", plan, a_sheet(tmp_path, {**HERE, "整改时限": "2020-01-01"})).err
    path = a_sheet(tmp_path, *({**HERE, "整改任务": each, "整改时限": "2099-06-30"} for each in ("拆锅炉", "清废渣")))
    assert terminal.json("plan", "import", plan, path, "--dry-run")["added"] == 2
    assert "新下达 added 2" in terminal.ok("plan", "import", plan, path).out
    assert terminal.json("plan", "import", plan, path)["known"] == 2
    assert terminal.json("plan", "list")["plans"][0]["title"] == "夏季攻势"
    assert "夏季攻势" in terminal.ok("plan", "show", plan).out
    assert terminal.json("plan", "show", plan)["progress"]["total"] == 0, "its items are opened by the engine"
    out = tmp_path / "out.xlsx"
    assert terminal.json("plan", "export", plan, out)["items"] == 0
    case = terminal.petition()
    assert terminal("plan", "show", case).code == 1
    assert terminal("plan", "import", plan, "nowhere.xlsx").code == 2
    assert terminal("plan", "open", "--title", "某方案", "--as", "clerk").code == 1


def test_the_three_lists_are_told_of_one_scope_and_written(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.petition("--campaign", "dc2026")
    assert terminal("lists", "--campaign", "nothing").code != 0
    told = terminal.json("lists", "--campaign", "dc2026")
    assert [each["case"] for each in told["problems"]] == [case]
    assert (told["tasks"], len(told["duties"])) == ([], 1)
    out = tmp_path / "lists.xlsx"
    assert "问题清单" in terminal.ok("lists", "--campaign", "dc2026", "--out", out).out
    assert out.is_file()
    assert terminal("lists").code == 2
    assert terminal("lists", "--campaign", "dc2026", "--site", "S1").code == 2
    assert terminal("lists", "--plan", case).code == 1
    assert terminal("lists", "--campaign", "dc2026", "--out", tmp_path / "nowhere" / "out.xlsx").code == 2


def test_the_years_report_is_told_and_written_with_its_figures(terminal: Terminal, tmp_path: Path) -> None:
    case = terminal.closed()
    year = terminal.json("show", case)["registered_at"][:4]
    out, figures = tmp_path / "report.docx", tmp_path / "figures.xlsx"
    told = terminal.json("report", "annual", year, "--out", out, "--figures", figures)
    assert next(each for each in told["figures"] if each["name"] == "办结")["cases"] == [case]
    assert out.is_file()
    assert figures.is_file()
    assert "一、总体情况" in terminal.ok("report", "annual", year).out
    assert terminal("report", "annual", "1900").code == 2
    assert terminal("report", "annual", year, "--out", tmp_path / "nowhere" / "r.docx").code == 2


def test_indicators_come_from_a_table_and_are_listed(terminal: Terminal, tmp_path: Path) -> None:
    assert "没有考核指标" in terminal.ok("indicator", "list").out
    path = readings(tmp_path, AIR)
    assert terminal.json("indicator", "import", path, "--dry-run")["recorded"] == 1
    assert "新指标 registered 1" in terminal.ok("indicator", "import", path).out
    (told,) = terminal.json("indicator", "list")["indicators"]
    assert round(told["readings"][0]["rate"], 3) == 0.956
    assert "95.6%" in terminal.ok("indicator", "list").out
    assert terminal("indicator", "import", "nowhere.xlsx").code == 2
