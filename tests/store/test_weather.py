"""The weather from a provider (recorded answers over real HTTP), and from a table; patrols hear of it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import JsonValue
from requests import Response

from adapters import checking
from adapters.patrols import patrols, stations
from adapters.queries import Filter
from adapters.settings import Settings, SettingsError
from adapters.spreadsheets.doubts import SheetError
from adapters.spreadsheets.plain import NewSheet, write_plain
from adapters.weather.provider import NoAnswerError, OpenMeteo, WeatherAwayError
from adapters.weather.sheet import WEATHER, import_weather, moment_of, sky_of
from adapters.weather.watching import Watching
from models.case import Case
from models.patrol import Observation, Patrols, Sky
from models.patrol_effects import OBSERVATIONS_KEPT
from models.refusals import NotYours, Refused, Unknown
from models.spots import Spot
from models.vocabulary import Kind
from tests.core.builders import START, shanghai
from tests.store.desks import Office, an_envelope

HOUR = timedelta(hours=1)
# As api.open-meteo.com answered, but for the figures.
RECORDED = {
    "latitude": 26.4, "longitude": 112.85, "generationtime_ms": 0.05, "utc_offset_seconds": 0, "timezone": "GMT",
    "elevation": 84.0,
    "current_units": {"time": "unixtime", "interval": "seconds", "precipitation": "mm", "temperature_2m": "°C"},
    "current": {"time": 0, "interval": 900, "precipitation": 0.0, "temperature_2m": 18.3},
}  # fmt: skip


@dataclass
class Answers:
    """What the provider answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def say(self, at: int, mm: float, celsius: float = 18.3) -> None:
        current = {"time": at, "interval": 900, "precipitation": mm, "temperature_2m": celsius}
        self.body, self.status = json.dumps({**RECORDED, "current": current}).encode(), 200


@contextmanager
def a_provider(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(parse_qs(urlsplit(self.path).query))
            self.send_response(answers.status)
            answers.sent += self.headers.keys()
            for name, value in {"Content-Type": "application/json", **answers.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answers.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/forecast"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_station(office: Office, title: str = "青石镇", spot: str = "26.40,112.85") -> str:
    given = an_envelope("register_station", id=f"station-{title}", title=title, spot=spot)
    return office.door.perform([given])[0].case


def a_patrol(office: Office, station: str) -> str:
    told: dict[str, JsonValue] = {
        "title": "青石锑业",
        "place": "青石镇河口村",
        "unit": "qingshi",
        "handler": "handler",
        "leader": "stand-in",
    }
    given = an_envelope("open_patrol", "dispatcher", id=f"patrol-{station}").model_copy(
        update={"data": {**told, "station": station}}
    )
    return office.door.perform([given])[0].case


def the_station(office: Office) -> Case:
    return stations(office.database)[0]


def test_the_provider_is_asked_for_a_station_and_what_it_says_is_told_where_it_changed(office: Office) -> None:
    answers, now = Answers(), int(START.timestamp())
    station = a_station(office)
    a_station(office, "无坐标", spot="")
    with a_provider(answers) as url:
        watching = Watching(office.desk, OpenMeteo(url))
        answers.say(now - 900, 0.0)
        assert watching.once() == 1
        assert answers.asked == [
            {
                "latitude": ["26.4000"],
                "longitude": ["112.8500"],
                "current": ["precipitation,temperature_2m"],
                "timeformat": ["unixtime"],
                "timezone": ["GMT"],
            }
        ], "nothing but where the station is"
        answers.say(now - 300, 0.0)
        assert watching.once() == 0, "the same weather is not told again"
        office.moments.wait(hours=1)
        answers.say(now + 1800, 2.5)
        assert watching.once() == 1
        seen = office.case(station).observed
        assert seen is not None
        assert (seen.sky, seen.mm, seen.source) == (Sky.HEAVY_RAIN, 10.0, "127.0.0.1"), "2.5 mm in a quarter of an hour"
        assert Watching(office.desk, OpenMeteo(url)).once() == 0, "another worker that asks tells nothing twice"
        answers.say(now + 86_400, 0.0)
        assert watching.once() == 0, "a clock that runs ahead is not believed"
        office.moments.wait(hours=20)
        answers.say(now + 14 * 3600, 3.0)
        assert watching.once() == 1, "after half a day it is told again that it rains"


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (500, b"", "http_500"),
        (302, b"", "http_302"),
        (200, b"<html>", "not_the_weather"),
        (200, b'{"current":{"time":1,"precipitation":-1}}', "not_the_weather"),
        (200, b'{"current":{"time":1e30,"precipitation":0}}', "not_the_weather"),
        (200, b"[" * 200_000, "not_the_weather"),
    ],
    ids=["broken", "elsewhere", "no JSON", "less than none", "no moment", "endless"],
)
def test_what_is_not_the_weather_is_said_to_be_so_and_changes_nothing(
    office: Office, status: int, body: bytes, why: str
) -> None:
    answers = Answers(body, status)
    station = a_station(office)
    with a_provider(answers) as url:
        with pytest.raises(WeatherAwayError, match=why):
            OpenMeteo(url).now(Spot(26.4, 112.85), Patrols())
        assert Watching(office.desk, OpenMeteo(url)).once() == 0
    assert Watching(office.desk, OpenMeteo(url)).once() == 0, "nobody answers there any more"
    assert office.case(station).observed is None


BROKEN = [{"Content-Length": "500"}, {"Content-Encoding": "gzip"}, {"Transfer-Encoding": "chunked"}]


@pytest.mark.parametrize("headers", BROKEN, ids=["cut off", "badly packed", "badly cut"])
def test_an_answer_that_breaks_off_or_cannot_be_unpacked_ends_the_round_and_nothing_else(
    office: Office, headers: dict[str, str]
) -> None:
    answers = Answers(b'{"current', headers=headers)
    a_station(office)
    a_station(office, "河口")
    with a_provider(answers) as url:
        with pytest.raises(NoAnswerError):
            OpenMeteo(url).now(Spot(26.4, 112.85), Patrols())
        assert Watching(office.desk, OpenMeteo(url)).once() == 0
    assert len(answers.asked) == 2, "whoever does not answer is not asked for the next station too"


@pytest.mark.parametrize("url", ["http://[::1", "http://a..b/", f"http://{'a' * 70}.x/", "http://."])
def test_an_address_that_is_none_is_no_answer(url: str) -> None:
    if "[" not in url:  # the settings refuse it
        with pytest.raises(NoAnswerError):
            OpenMeteo(url).now(Spot(26.4, 112.85), Patrols())
        return
    with pytest.raises(SettingsError, match="weather_url"):
        Settings.load(weather_url=url)


def test_no_password_of_the_desk_is_sent_to_the_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login desk password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answers = Answers()
    answers.say(int(START.timestamp()), 0.0)
    with a_provider(answers) as url:
        assert OpenMeteo(url).now(Spot(26.4, 112.85), Patrols()).sky is Sky.DRY
    assert "Host" in answers.sent
    assert "Authorization" not in answers.sent


@dataclass
class Odd:
    """A provider that hangs until it is let go, or fails in a way nobody thought of."""

    hangs: bool = False
    asked: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def now(self, _: Spot, __: Patrols) -> Observation:
        self.asked.set()
        if self.hangs:
            self.let_go.wait()
        raise ZeroDivisionError


def test_a_worker_ends_at_once_while_the_provider_hangs(office: Office) -> None:
    for name in ("青石镇", "河口", "白马镇"):
        a_station(office, name)
    odd = Odd(hangs=True)

    async def ended() -> None:
        task = asyncio.create_task(Watching(office.desk, odd).run())
        await asyncio.to_thread(odd.asked.wait)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    # That the loop is closed says that its threads have ended: the provider has not been let go yet.
    asyncio.run(ended())
    assert not odd.let_go.is_set()
    odd.let_go.set()


def test_the_weather_is_never_a_reason_for_a_worker_to_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a_station(office)
    odd, rounds = Odd(), []
    watching = Watching(office.desk, odd)

    async def next_round(_: float) -> None:
        rounds.append(odd.asked.is_set())
        if len(rounds) == 2:
            raise asyncio.CancelledError

    monkeypatch.setattr("adapters.weather.watching.asyncio.sleep", next_round)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watching.run())
    assert rounds == [True, True]


def test_a_patient_reader_does_not_wait_for_an_answer_that_drips(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.weather.provider.PATIENCE", -1.0)
    monkeypatch.setattr("requests.Session.request", lambda *_, **__: Dripping())
    with pytest.raises(NoAnswerError, match="too_slow"):
        OpenMeteo("http://127.0.0.1/").now(Spot(26.4, 112.85), Patrols())
    monkeypatch.setattr("adapters.weather.watching.PATIENCE", 0.0)
    odd = Odd(hangs=True)
    a_station(office)
    assert Watching(office.desk, odd).once() == 0, "nor does who asks another provider"
    odd.let_go.set()


class Dripping(Response):
    """An answer without end."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code = 200

    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[bytes]:  # noqa: ARG002, FBT002
        while True:
            yield b" "

    def close(self) -> None:
        pass


def test_a_patrol_knows_its_stations_weather_from_the_beginning_and_names_a_station_that_is_there(
    office: Office,
) -> None:
    station = a_station(office)
    office.door.perform([an_envelope("observe_weather", id="o1", case=station, sky="rain")])
    patrol = a_patrol(office, station)
    case = office.case(patrol)
    assert (case.sky, case.sky_at) == (Sky.RAIN, START)
    assert case.slot is not None
    assert (case.slot.wet, case.slot.end) == (True, shanghai("2026-03-02 12:00"))
    assert office.case(station).listeners == (patrol,)
    assert [each.id for each in patrols(office.database, Filter(kind=Kind.PATROL))] == [patrol]
    with pytest.raises(Unknown):
        a_patrol(office, "W2026000099")
    with pytest.raises(Unknown):
        a_patrol(office, patrol)
    other = a_station(office, "河口")
    office.door.perform([an_envelope("observe_weather", id="o2", case=other, sky="dry")])
    office.door.perform([an_envelope("correct_patrol", "dispatcher", id="c1", case=patrol, station=other)])
    assert (office.case(patrol).station, office.case(patrol).sky) == (other, Sky.DRY)
    assert checking.verify(office.database).faults == []


# ── a table ──
HEADERS = [column.header for column in WEATHER.columns]


def a_sheet(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "weather.xlsx"
    held = [[*row, *[""] * (len(HEADERS) - len(row))] for row in rows]
    write_plain(path, [NewSheet("天气", "", HEADERS, held)])
    return path


def test_a_table_is_told_the_newest_first_and_only_once(office: Office, tmp_path: Path) -> None:
    station = a_station(office)
    path = a_sheet(
        tmp_path,
        ("青石镇", "2026年3月2日 8时", "暴雨", "12.5", "县气象局"),
        (station, "2026-03-01 20:30", "多云"),
        ("青石镇", "2026/3/2 06:00", "小雨", "1.2mm"),
    )
    dry = import_weather(office.desk, path, actor="clerk", dry_run=True)
    assert (dry.total, dry.recorded, dry.known, the_station(office).seq) == (3, 3, 0, 1)
    told = import_weather(office.desk, path, actor="clerk")
    assert (told.recorded, told.known) == (3, 0)
    # Else a patrol would hear of weather that was over when it was told.
    assert [(each.sky, each.mm) for each in the_station(office).observations] == [
        (Sky.HEAVY_RAIN, 12.5), (Sky.DRY, None), (Sky.RAIN, 1.2),
    ]  # fmt: skip
    assert office.names(station)[1:] == ["weather_observed", "weather_told_late", "weather_told_late"]
    again = import_weather(office.desk, path, actor="clerk")
    assert (again.recorded, again.known) == (0, 3)


def test_a_table_of_past_weather_turns_no_patrol(office: Office, tmp_path: Path) -> None:
    station = a_station(office)
    patrol = a_patrol(office, station)
    office.door.perform(
        [an_envelope("hear_of_listener", "engine", id="l", case=station, listener=patrol)], trusted=True
    )
    path = a_sheet(tmp_path, (station, "2026-02-24 08:00", "雨"), (station, "2026-02-24 20:00", "晴"))
    assert import_weather(office.desk, path, actor="clerk").recorded == 2
    case = office.case(station)
    assert (case.listeners, case.observed, len(case.observations)) == ((patrol,), None, 2)
    assert case.pending == ()


def test_a_row_told_before_is_known_whoever_tells_it_and_however_long_ago_it_was_told(
    office: Office, tmp_path: Path
) -> None:
    station = a_station(office)
    rows = [
        (station, f"2026-02-{1 + hour // 24:02d} {hour % 24:02d}:00", "雨") for hour in range(OBSERVATIONS_KEPT + 3)
    ]
    path = a_sheet(tmp_path, *rows, rows[0])
    assert import_weather(office.desk, path, actor="clerk").recorded == len(rows)
    for who, dry_run in (("clerk", True), ("dispatcher", True), ("dispatcher", False)):
        again = import_weather(office.desk, path, actor=who, dry_run=dry_run)
        assert (again.recorded, again.known) == (0, len(rows) + 1)


def test_a_name_that_two_stations_bear_is_a_doubt_and_a_number_means_its_bearer(office: Office, tmp_path: Path) -> None:
    first = a_station(office)
    for name, title in (("same", "青石镇"), ("numbered", first)):
        office.door.perform([an_envelope("register_station", id=name, title=title)])
    with pytest.raises(SheetError) as fault:
        import_weather(office.desk, a_sheet(tmp_path, ("青石镇", "2026-03-02 07:00", "晴")), actor="clerk")
    assert "天气!A2：“青石镇”不止一个气象站点" in fault.value.zh
    assert (
        import_weather(office.desk, a_sheet(tmp_path, (first, "2026-03-02 07:00", "晴")), actor="clerk").recorded == 1
    )
    assert office.case(first).observed is not None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("白马镇", "2026-03-02 08:00", "晴"), "天气!A3：“白马镇”没有这个气象站点"),
        (("青石镇", "昨天", "晴"), "天气!B3：“昨天”不是时间"),
        (("青石镇", "2026-03-02 25:00", "晴"), "不是时间"),
        (("青石镇", "2026-03-02 12:00", "晴"), "尚未到"),
        (("青石镇", "2026-03-02 08:00", "妖风"), "天气!C3：“妖风”不是天气"),
        (("青石镇", "2026-03-02 08:00", "雨", "很多"), "天气!D3：“很多”不是雨量"),
        (("青石镇", "2026-03-02 08:00", "雨", "nan"), "不是雨量"),
        (("青石镇", "", "雨"), "天气!B3：不能为空"),
    ],
    ids=["no station", "no moment", "no hour", "to come", "no weather", "no amount", "not a number", "empty"],
)
def test_a_cell_that_cannot_be_used_is_named_and_nothing_is_recorded(
    office: Office, tmp_path: Path, row: tuple[str, ...], why: str
) -> None:
    a_station(office)
    with pytest.raises(SheetError) as fault:
        import_weather(office.desk, a_sheet(tmp_path, ("青石镇", "2026-03-02 07:00", "晴"), row), actor="clerk")
    assert why in fault.value.zh
    assert the_station(office).seq == 1


def test_who_may_not_tell_the_weather_does_not_by_a_table_either(office: Office, tmp_path: Path) -> None:
    a_station(office)
    with pytest.raises((NotYours, Refused)):
        import_weather(office.desk, a_sheet(tmp_path, ("青石镇", "2026-03-02 07:00", "晴")), actor="auditor")


def test_moments_and_weather_are_read_as_tables_write_them() -> None:
    assert moment_of("2026-03-02 08:05:30") == shanghai("2026-03-02 08:05")
    assert moment_of("2026年3月2日8时") == shanghai("2026-03-02 08:00")
    assert moment_of("2026-03-02") == shanghai("2026-03-02 00:00")
    assert moment_of("2026年3月2日　8点") == moment_of("2026-03-02 8：00") == shanghai("2026-03-02 08:00")
    assert moment_of("2026-03-02 下午3:00") == moment_of("2026/3/2 下午15时") == shanghai("2026-03-02 15:00")
    assert moment_of("2026-03-02 凌晨12点") == shanghai("2026-03-02 00:00")
    assert moment_of("2026-03-02 24:00") == shanghai("2026-03-03 00:00")
    assert (sky_of("heavy rain"), sky_of("雨"), sky_of("高温")) == (Sky.HEAVY_RAIN, Sky.RAIN, Sky.HEAT)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:30:00Z",
        "2026-03-01 12:30:00.000Z",
        "2026-03-01T20:30:00+08:00",
        "2026-03-01T20:30",
        "2026-3-1 20:30",
    ],
)
def test_a_zone_that_stands_at_a_moment_holds(text: str) -> None:
    assert moment_of(text) == shanghai("2026-03-01 20:30")


@pytest.mark.parametrize(
    "text",
    [
        "08:00", "2026-03-01 24:01", "2026-03-01 25:00", "2026-03-01 8:30 PM", "2026-03-01 晚上8:00", "2026-03-01 三点",
        "2026-03-01 8:00 UTC", "2026-03-01T8", "2026-03-01 下午", "1700-03-01T08:00Z", "2026-03-01 8点半",
        "2026-03-01 12:5",
    ],
)  # fmt: skip
def test_an_hour_that_cannot_be_read_never_passes_for_midnight(text: str) -> None:
    assert moment_of(text) is None
