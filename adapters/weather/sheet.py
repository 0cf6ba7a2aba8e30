"""A table of the weather: station, moment, weather, rain; each row an observation, told through the door once."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

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
_TIME: Final = re.compile(r"[ T　]*([0-2]?\d)\s*[:：时]\s*(\d\d)?(?:[:：]\d\d(?:\.\d+)?)?分?$")

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
    """Record a table's observations in the order in which they were seen; a row that was told before adds nothing.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
        Refused: the actor may not.
    """
    reading = CellReading(world_now(desk.door))
    found = sorted(_rows(reading, path, stations(desk.database), desk.moments.now()), key=lambda row: row[1])
    reading.settle()
    report = WeatherReport(total=len(found), dry_run=dry_run)
    known = {
        (each.id, seen.at, seen.sky, seen.mm) for each in stations(desk.database) for seen in each.observations
    }  # fmt: skip
    for done, (station, at, data) in enumerate(found, 1):
        if (station, at, data["sky"], data.get("mm")) not in known:
            report.recorded += dry_run or _told(desk, station, data, actor, via or {})
        if progress:
            progress(done, len(found))
    report.known = report.total - report.recorded
    return report


def _told(desk: Desk, station: str, data: dict[str, JsonValue], actor: str, via: Mapping[str, str]) -> bool:
    name = hashlib.sha256(f"{station}{sorted(data.items())!r}".encode()).hexdigest()[:40]
    envelope = Envelope(
        id=f"weather/{name}", case=station, actor=actor, command="observe_weather", data=data, via=dict(via)
    )
    (order,) = desk.door.take([Order([envelope])])
    if isinstance(order.refusal, Refused):
        raise order.refusal
    (receipt,) = order.answer()
    return not receipt.repeated


def _rows(
    reading: CellReading, path: Path, there: list[Case], now: dt.datetime
) -> Iterator[tuple[str, dt.datetime, dict[str, JsonValue]]]:
    called = {plain(name): each.id for each in there for name in (each.id, each.title)}
    for row in reading.rows(path, WEATHER):
        if not reading.needed(row, "station", "at", "sky"):
            continue
        station, at, sky = called.get(plain(row.text("station"))), moment_of(row.text("at")), sky_of(row.text("sky"))
        for value, name, zh, en in (
            (station, "station", "没有这个气象站点", "no such weather station"),
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
    """Return the instant (UTC) that a cell means in Shanghai's time: a day and an hour; None where it means none."""
    found = _TIME.search(text)
    day = parse_date(text[: found.start()] if found else text)
    hour = int(found[1]) if found else 0
    minute = int(found[2] or 0) if found else 0
    if day is None or not 1901 <= day.year <= 2999 or hour > 23 or minute > 59:
        return None
    return dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI).astimezone(dt.UTC)


def sky_of(text: str) -> Sky | None:
    """Return the weather that a word means, a station's or the desk's; None where it means none."""
    return WORDS.get(text.strip()) or term_of(Sky, text)
