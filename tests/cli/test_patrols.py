"""Patrols and the weather at the command line: told by hand and from a table, and a patrol that goes by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.counting import SHANGHAI
from tests.cli.conftest import Terminal
from tests.store.test_weather import a_sheet

PATROL = (
    "--title",
    "青溪锑业",
    "--place",
    "青石镇",
    "--unit",
    "enforcement",
    "--handler",
    "handler",
    "--leader",
    "head",
)


def test_a_patrol_goes_by_the_weather_that_is_told(terminal: Terminal, tmp_path: Path) -> None:
    assert "没有气象站点" in terminal.ok("weather", "list").out
    assert "没有企业巡查" in terminal.ok("patrol", "list").out
    station = terminal.json("weather", "station", "--title", "青石镇", "--spot", "26.4,112.85")["station"]
    assert "大雨" in terminal.ok("weather", "tell", station, "暴雨", "--mm", "12.5", "--source", "县气象局").out
    patrol = terminal.json("patrol", "open", *PATROL, "--station", station)["patrol"]
    (told,) = terminal.json("patrol", "list")["patrols"]
    assert (told["case"], told["sky"], told["slot"]["wet"]) == (patrol, "heavy_rain", True)
    assert "青溪锑业" in terminal.ok("patrol", "list", "--words", "锑业").out
    terminal.ok("act", patrol, "record_patrol", "--as", "handler", "--set", "text=雨水口正常", "--set", "sound=否")
    (told,) = terminal.json("patrol", "list")["patrols"]
    assert (told["slots_done"], told["slots"][-1]["sound"]) == (1, False)
    path = a_sheet(tmp_path, ("青石镇", "2026-03-01 08:00", "晴"))
    assert terminal.json("weather", "import", path, "--dry-run")["recorded"] == 1
    assert "登记 recorded 1" in terminal.ok("weather", "import", path).out
    (told,) = terminal.json("weather", "list")["stations"]
    assert (told["observed"]["sky"], len(told["observations"]), told["listeners"]) == ("heavy_rain", 2, 1)
    assert "大雨" in terminal.ok("weather", "list").out


def test_what_cannot_be_is_refused_with_a_sentence(terminal: Terminal) -> None:
    station = terminal.json("weather", "station", "--title", "青石镇")["station"]
    assert terminal("weather", "tell", station, "妖风").code == 2
    assert terminal("weather", "tell", "W2020000001", "晴").code == 1
    assert terminal("weather", "tell", terminal.petition(), "晴").code == 1
    assert terminal("weather", "import", "nowhere.xlsx").code == 2
    assert terminal("patrol", "open", *PATROL, "--station", "W2020000001").code == 1
    assert terminal("patrol", "open", *PATROL, "--as", "clerk").code == 1


def test_a_station_is_meant_by_its_name_and_a_moment_without_a_zone_is_the_desks(terminal: Terminal) -> None:
    station = terminal.json("weather", "station", "--title", "河口站")["station"]
    # Not long ago, for what was seen days ago is no longer the weather.
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
    told = terminal.json("weather", "tell", "河口站", "雨", "--seen-at", f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    assert (told["station"], told["observed"]["at"]) == (station, f"{at:%Y-%m-%dT%H:%M:%SZ}")
    patrol = terminal.json("patrol", "open", *PATROL, "--station", "河口站")["patrol"]
    shown = terminal.ok("show", patrol).out
    for way in ("show", "history"):
        assert patrol not in terminal.ok(way, station).out + str(terminal.json(way, station)), "a count, and no number"
    for words in ("青溪锑业", "现场责任人 goes there", "天气 weather", "漏巡 missed"):
        assert words in shown, words
