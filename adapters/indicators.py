"""The register of indicators: which there are, and readings that come in a table."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from pydantic import JsonValue, ValidationError

from adapters import tables
from adapters.brought import SAME
from adapters.cell_reading import CellReading
from adapters.database import Database
from adapters.desk import Desk, world_now
from adapters.door import Order
from adapters.mistakes import first_wrong
from adapters.plain import plain
from adapters.spreadsheets.cells import printable
from adapters.spreadsheets.headed import Column, HeadedRow, Sheet
from models.case import Case
from models.envelope import Envelope
from models.indicator_commands import RecordReading, RegisterIndicator
from models.refusals import Refused
from models.values import Reading
from models.vocabulary import Kind

READINGS: Final = Sheet(
    "指标",
    ("指标", "考核"),
    (
        Column("title", "指标", ("指标名称", "名称"), required=True),
        Column("period", "期间", ("年份", "年度", "月份", "时间"), required=True, help="年或月，如 2026、2026-06"),
        Column("assessed", "考核数", ("考核天数", "应达标数", "总数", "监测数"), required=True),
        Column("compliant", "达标数", ("优良天数", "达标天数"), required=True),
        Column("counted_in", "计量单位", help="天、个；只用于新指标"),
        Column("unit", "责任单位", ("单位",), help="编号或名称；只用于新指标"),
    ),
)

Progress = Callable[[int, int], None]


@dataclass
class ReadingsReport:
    """What a table tells: rows, indicators registered, readings recorded, and those known as they are."""

    total: int = 0
    registered: int = 0
    recorded: int = 0
    known: int = 0
    dry_run: bool = False


def indicators(database: Database) -> list[Case]:
    """Return the indicators, in the order in which they were registered."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind == Kind.INDICATOR.value).order_by(columns.id)
    with database.reading() as connection:
        return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def import_readings(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    via: Mapping[str, str] | None = None,
) -> ReadingsReport:
    """Record the readings of a table, registering the indicators that are not there yet; each indicator as a whole.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
        Refused: the actor may not.
    """
    there = {plain(each.title): each for each in indicators(desk.database)}
    reading = CellReading(world_now(desk.door))
    rows = list(_rows(reading, path))
    reading.settle()
    report = ReadingsReport(total=len(rows), dry_run=dry_run)
    groups: dict[str, list[Mapping[str, JsonValue]]] = {}
    for row in rows:
        groups.setdefault(plain(str(row["title"])), []).append(row)
    for done, (name, found) in enumerate(groups.items(), 1):
        known = there.get(name)
        before = {each.period: each for each in known.readings} if known else {}
        new = [each for each in found if not _same(before.get(str(each["period"])), each)]
        report.registered += known is None
        report.recorded += len(new)
        report.known += len(found) - len(new)
        if (new or known is None) and not dry_run:
            (order,) = desk.door.take([_order(known, found[0], new, actor, via or {})])
            if isinstance(order.refusal, Refused):
                raise order.refusal
            order.answer()
        if progress:
            progress(done, len(groups))
    return report


def _same(before: Reading | None, row: Mapping[str, JsonValue]) -> bool:
    return before is not None and (before.assessed, before.compliant) == (row["assessed"], row["compliant"])


def _order(
    known: Case | None, first: Mapping[str, JsonValue], new: list[Mapping[str, JsonValue]], actor: str,
    via: Mapping[str, str],
) -> Order:  # fmt: skip
    commands: list[tuple[str, dict[str, JsonValue]]] = []
    if known is None:
        given = {name: first[name] for name in ("title", "counted_in", "unit") if first.get(name)}
        commands.append((RegisterIndicator.name, given))
    commands += [(RecordReading.name, {name: row[name] for name in ("period", "assessed", "compliant")}) for row in new]
    stands = f"{known.id}/{known.seq}" if known else first["title"]
    told = hashlib.sha256(f"{stands}{commands!r}".encode()).hexdigest()[:40]
    return Order(
        [
            Envelope(
                id=f"readings/{told}/{place}",
                case=known.id if known else (SAME if place else None),
                actor=actor,
                command=name,
                data=data,
                via=dict(via),
            )
            for place, (name, data) in enumerate(commands)
        ]
    )


def _rows(reading: CellReading, path: Path) -> Iterator[dict[str, JsonValue]]:
    met: dict[tuple[str, str], HeadedRow] = {}
    for row in reading.rows(path, READINGS):
        if not reading.needed(row, "title", "period", "assessed", "compliant"):
            continue
        data: dict[str, JsonValue] = {"title": row.text("title"), "period": row.text("period").removesuffix("年")}
        for name in ("assessed", "compliant"):
            text = row.text(name).removesuffix(".0").removesuffix(".00")
            if text.isascii() and text.isdigit():
                data[name] = int(text)
            else:
                shown = printable(row.text(name), 40)
                reading.problem(row, f"“{shown}”不是整数", f'"{shown}" is no whole number', name)
        if name := row.text("counted_in"):
            data["counted_in"] = name
        data |= reading.named(row, "unit")
        key = (plain(row.text("title")), str(data["period"]))
        if first := met.get(key):
            where, where_en = first.place("period"), first.place_en("period")
            reading.problem(row, f"与 {where} 重复", f"is the same as {where_en}", "period")
        met[key] = row
        if {"assessed", "compliant"} <= data.keys() and _fits(reading, row, data):
            yield data


def _fits(reading: CellReading, row: HeadedRow, data: Mapping[str, JsonValue]) -> bool:
    try:
        RecordReading.model_validate({name: data[name] for name in ("period", "assessed", "compliant")})
        RegisterIndicator.model_validate({name: data[name] for name in ("title", "counted_in", "unit") if name in data})
    except ValidationError as wrong:
        name, zh, en = first_wrong(wrong)
        reading.problem(row, zh, en, name if name in row.columns else "compliant")
        return False
    return True
