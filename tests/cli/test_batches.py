"""Campaigns at the command line: opened with their record, groups set up, every day's figures with their cases."""

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
