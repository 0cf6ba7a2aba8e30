"""A table of the weather: station, moment, weather, rain; each row an observation, told through the door once."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from adapters import ledger
from adapters.cell_reading import CellReading
from adapters.desk import Desk, world_now
from adapters.door import Order
from adapters.patrols import stations
from adapters.plain import plain
from adapters.spreadsheets.cells import parse_date, printable
from adapters.spreadsheets.headed import Column, HeadedRow, Sheet
from adapters.words import term_of
from models.case import Case
from models.counting import SHANGHAI
from models.envelope import Envelope
from models.instants import shown
from models.patrol import Sky
from models.refusals import Refused

WEATHER: Final = Sheet(
    "天气",
    ("天气", "气象"),
    (
        Column("station", "站点", ("气象站点", "站名"), required=True, help="名称或编号"),
        Column("at", "时间", ("观测时间", "日期时间"), required=True, help="如 2026-06-01 08:00"),
        Column("sky", "天气", ("天气现象", "天气状况"), required=True, help="晴、雨、大雨、高温"),
        Column("mm", "小时雨量", ("雨量", "降水量", "小时雨量（毫米）")),
        Column("source", "来源", ("数据来源",)),
    ),
)
WORDS: Final = {
    "晴": Sky.DRY, "阴": Sky.DRY, "多云": Sky.DRY, "无雨": Sky.DRY,
    "小雨": Sky.RAIN, "中雨": Sky.RAIN, "阵雨": Sky.RAIN, "有雨": Sky.RAIN, "雷阵雨": Sky.RAIN,
    "大雨": Sky.HEAVY_RAIN, "暴雨": Sky.HEAVY_RAIN, "大暴雨": Sky.HEAVY_RAIN, "特大暴雨": Sky.HEAVY_RAIN,
}  # fmt: skip
"""What tables call the weather, beside the words of the desk."""
_TIME: Final = re.compile(
    r"[ T]*(凌晨|上午|下午)?\s*(?<!\d)([0-2]?\d)\s*[:时点]\s*(?:(\d\d)(?::\d\d(?:\.\d+)?)?分?)?\s*(?:整)?$"
)
_OF_DAY: Final = re.compile(r"[:T时点午晨晚夜早]")
"""Where this stands, an hour is meant; what cannot be read must not pass for midnight."""
_BEFORE_NOON: Final = {"凌晨"}
_AFTER_NOON: Final = {"下午"}
_YEARS: Final = (1901, 2999)

Progress = Callable[[int, int], None]


@dataclass
class WeatherReport:
    """What a table tells: rows, those recorded, and those that were told before."""

    total: int = 0
    recorded: int = 0
    known: int = 0
    dry_run: bool = False


def import_weather(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    via: Mapping[str, str] | None = None,
) -> WeatherReport:
    """Record a table's observations; a row that was told before, whoever told it, adds nothing.

    Of each station the newest goes first: it is the weather, and what was before it is told late and turns no patrol.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
        Refused: the actor may not.
    """
    reading = CellReading(world_now(desk.door))
    there = stations(desk.database)
    found = sorted(_rows(reading, path, there, desk.moments.now()), key=lambda row: row[1])
    newest = {station: at for station, at, _ in found}
    found.sort(key=lambda row: row[1] != newest[row[0]])
    reading.settle()
    report = WeatherReport(total=len(found), dry_run=dry_run)
    known = {(each.id, seen.at, seen.sky, seen.mm) for each in there for seen in each.observations}
    with desk.database.reading() as connection:
        told = set(ledger.kept(connection, [_name(station, data) for station, _, data in found]))
    for done, (station, at, data) in enumerate(found, 1):
        name = _name(station, data)
        if name not in told and (station, at, data["sky"], data.get("mm")) not in known:
            told.add(name)
            report.recorded += dry_run or _told(desk, name, station, data, actor, via or {})
        if progress:
            progress(done, len(found))
    report.known = report.total - report.recorded
    return report


def _name(station: str, data: dict[str, JsonValue]) -> str:
    """Return the id that a row's envelope bears: what it says of which station, whatever file it came in."""
    return f"weather/{hashlib.sha256(f'{station}{sorted(data.items())!r}'.encode()).hexdigest()[:40]}"


def _told(desk: Desk, name: str, station: str, data: dict[str, JsonValue], actor: str, via: Mapping[str, str]) -> bool:
    envelope = Envelope(id=name, case=station, actor=actor, command="observe_weather", data=data, via=dict(via))
    (order,) = desk.door.take([Order([envelope])])
    if isinstance(order.refusal, Refused):
        raise order.refusal
    (receipt,) = order.answer()
    return not receipt.repeated


def _rows(
    reading: CellReading, path: Path, there: list[Case], now: dt.datetime
) -> Iterator[tuple[str, dt.datetime, dict[str, JsonValue]]]:
    called: dict[str, list[str]] = {}
    for each in there:
        called.setdefault(plain(each.title), []).append(each.id)
    called |= {plain(each.id): [each.id] for each in there}  # a number means its bearer, whatever others are called
    for row in reading.rows(path, WEATHER):
        if not reading.needed(row, "station", "at", "sky"):
            continue
        meant, at, sky = called.get(plain(row.text("station")), []), moment_of(row.text("at")), sky_of(row.text("sky"))
        station = meant[0] if len(meant) == 1 else None
        nowhere = ("不止一个气象站点，请写编号", "more than one weather station; write its number")
        for value, name, zh, en in (
            (station, "station", *(nowhere if meant else ("没有这个气象站点", "no such weather station"))),
            (at, "at", "不是时间", "no moment"),
            (sky, "sky", "不是天气", "no weather"),
        ):
            if value is None:
                text = printable(row.text(name), 40)
                reading.problem(row, f"“{text}”{zh}", f'"{text}": {en}', name)
        if at is not None and at > now:
            reading.problem(row, f"{shown(at)} 尚未到", f"{shown(at)} is still to come", "at")
        mm = _millimetres(reading, row)
        if station and at and sky:
            data: dict[str, JsonValue] = {
                "sky": sky.value,
                "seen_at": at.isoformat(),
                "by_whom": row.text("source")[:60],
            }
            yield station, at, data if mm is None else {**data, "mm": mm}


def _millimetres(reading: CellReading, row: HeadedRow) -> float | None:
    """Return the rain of the hour; None where nothing stands there, or it is no amount of rain, which is told."""
    text = row.text("mm").removesuffix("毫米").removesuffix("mm").strip()
    if not text:
        return None
    try:
        mm = float(text)
    except ValueError:
        mm = -1.0
    if not 0 <= mm <= 500:
        reading.problem(row, f"“{printable(text, 40)}”不是雨量", f'"{printable(text, 40)}" is no rain', "mm")
        return None
    return mm


def moment_of(text: str) -> dt.datetime | None:
    """Return the instant (UTC) that a cell means; None where it means none.

    Shanghai's time, unless a zone stands there (ISO 8601). A day alone is its midnight; 24:00 is the next one's.
    """
    text = unicodedata.normalize("NFKC", text).strip().upper()
    if zoned := _with_zone(text):
        return zoned
    found = _TIME.search(text)
    if found is None and _OF_DAY.search(text):
        return None
    day = parse_date(text[: found.start()] if found else text)
    hour, minute = (_hour(found[1], int(found[2])), int(found[3] or 0)) if found else (0, 0)
    if day is None or not _YEARS[0] <= day.year <= _YEARS[1] or hour * 60 + minute > 24 * 60 or minute > 59:
        return None
    midnight = dt.datetime.combine(day, dt.time(), SHANGHAI)
    return (midnight + dt.timedelta(hours=hour, minutes=minute)).astimezone(dt.UTC)


def _with_zone(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not _YEARS[0] <= at.year <= _YEARS[1]:
        return None
    return at.astimezone(dt.UTC).replace(second=0, microsecond=0)


def _hour(half: str | None, hour: int) -> int:
    if half in _BEFORE_NOON:
        return 0 if hour == 12 else hour
    return hour + 12 if half in _AFTER_NOON and hour < 12 else hour


def sky_of(text: str) -> Sky | None:
    """Return the weather that a word means, a station's or the desk's; None where it means none."""
    return WORDS.get(text.strip()) or term_of(Sky, text)
