"""Campaigns at the command line: opened with their record, groups set up, every day's figures with their cases."""

from pathlib import Path

from tests.cli.conftest import Terminal


def test_a_campaign_is_opened_with_its_record_and_told_day_by_day(terminal: Terminal) -> None:
    terminal.ok(
        *("campaign", "open", "dc2026", "--title", "中央督察", "--level", "central", "--round", "第三轮"),
        *("--number-form", "{channel}3HN{date}{seq}", "--from", "2026-09-06", "--to", "2026-09-26"),
    )
    assert "已设立" in terminal.ok("campaign", "group", "dc2026", "综合协调组", "--head", "dispatcher").out
    shown = terminal.json("campaign", "show", "dc2026")
    assert (shown["level"], shown["round"], shown["last_day"]) == ("central", "第三轮", "2026-09-26")
    assert [each["name"] for each in shown["groups"]] == ["综合协调组"]
    assert "综合协调组" in terminal.ok("campaign", "show", "dc2026").out
    case = terminal.petition("--campaign", "dc2026", "--batch", "2026-09-06")
    terminal.petition("--campaign", "dc2026", "--batch", "2026-09-07")
    told = terminal.json("campaign", "days", "dc2026", "2026-09-06", "--of", "received")
    assert [each["day"] for each in told["batches"]] == ["2026-09-06"]
    assert (told["all"]["received"], told["cases"]) == (1, [case])
    out = terminal.ok("campaign", "days", "dc2026", "--of", "received").out
    assert "2026-09-07" in out
    assert case in out
    assert terminal("campaign", "days", "dc2026", "--of", "nothing").code == 2
    assert terminal("campaign", "days", "none").code == 1
    assert terminal("campaign", "open", "x", "--title", "x", "--number-form", "{day}").code == 1


def test_a_batch_is_published_told_again_and_looked_back_on(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("campaign", "open", "dc2026", "--title", "中央督察")
    assert "没有待核查" in terminal("campaign", "look-back", "dc2026").err
    case = terminal.closed("--campaign", "dc2026", "--batch", "2026-09-06")
    day = ("dc2026", "2026-09-06")
    out = [tmp_path / f"table.{ending}" for ending in ("xlsx", "docx")]
    told = terminal.json("campaign", "publish", *day, "--key", "p1", "--out", out[0], "--out", out[1])
    assert terminal.json("campaign", "publish", *day, "--key", "p1") == told
    assert (told["version"], told["rows"]) == (1, 1)
    assert all(path.read_bytes()[:2] == b"PK" for path in out)
    assert "内容相同" in terminal("campaign", "publish", *day).err
    again = terminal.json("campaign", "table", *day, "--version", "1")
    assert (again["sha256"], again["as_published"]) == (told["sha256"], True)
    assert "与公开时内容一致" in terminal.ok("campaign", "table", *day, "--version", "1").out
    assert case in terminal.ok("campaign", "table", *day).out
    assert terminal("campaign", "table", *day, "--version", "2").code == 1
    assert terminal("campaign", "table", *day, "--out", tmp_path / "x.pdf").code == 2
    assert terminal("campaign", "publish", *day, "--as", "clerk").code == 1
    by_hand = ("--as", "dispatcher", "--set", "day=2026-09-06", "--set", "version=2", "--set", f"sha256={'d' * 64}")
    refused = terminal("act", "campaign:dc2026", "publish_results", *by_hand)
    assert (refused.code, "由系统按台账编制" in refused.err) == (1, True)
    assert "publish_results" not in terminal.ok("actions", "campaign:dc2026", "--as", "dispatcher").out
    assert terminal.json("campaign", "look-back", "dc2026")["to_check"] == [case]
    assert terminal.json("campaign", "checked", "dc2026", case, "--text", "未见反弹")["left"] == 0
    assert terminal.json("campaign", "show", "dc2026")["look_backs"][0]["held"] == [case]


def test_a_days_digest_is_told_and_written(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("campaign", "open", "dc2026", "--title", "中央督察")
    terminal.petition("--campaign", "dc2026")
    out = tmp_path / "digest.docx"
    said = terminal.ok("campaign", "digest", "dc2026", "--out", out).out
    assert "当日交办 1 件" in said
    assert out.read_bytes()[:2] == b"PK"
    told = terminal.json("campaign", "digest", "dc2026")
    assert (told["came"]["received"], told["late"]) == (1, [])
    assert terminal.json("campaign", "digest", "dc2026", "2020-01-01")["total"]["received"] == 0
    assert terminal("campaign", "digest", "dc2026", "soon").code == 2


def test_the_closing_report_is_told_and_written_with_its_figures(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("campaign", "open", "dc2026", "--title", "中央督察")
    case = terminal.petition("--campaign", "dc2026")
    out, figures = tmp_path / "report.docx", tmp_path / "figures.xlsx"
    assert "共交办信访件 1 件" in terminal.ok("campaign", "report", "dc2026", "--out", out, "--figures", figures).out
    assert [path.read_bytes()[:2] for path in (out, figures)] == [b"PK", b"PK"]
    told = terminal.json("campaign", "report", "dc2026")["figures"]
    assert {each["name"]: each["cases"] for each in told}["交办"] == [case]
