"""Townships, units, channels or types in two periods side by side, and this county beside other districts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import tables
from adapters.brought import SAME
from adapters.database import Database
from adapters.indicators import indicators
from adapters.spreadsheets.plain import NewSheet, write_plain
from adapters.statistics import SIDES, figures
from adapters.views import tally_view
from models.areas import township_of
from models.case import Case
from models.comparison import District, districts
from models.envelope import Envelope
from models.indicator_commands import RecordCount, RegisterIndicator
from models.statistics import NOTHING, By, Compared, Period, Tally, side_by_side, tally
from models.vocabulary import Kind
from models.world import World

TITLE: Final = "各县区信访件数"
"""The indicator under which other districts' counts are entered, where there is none yet."""


ENTERED: Final = "其他县区的件数，登记而来，不由本台账统计"


@dataclass(frozen=True)
class Comparison:
    """Two periods side by side: all, by a side, and between districts."""

    now: Period
    was: Period
    by: By
    this: Tally
    then: Tally
    rows: Sequence[Compared]
    districts: Sequence[District]


def compare(database: Database, world: World, now: Period, was: Period, by: By, at: datetime) -> Comparison:
    """Count two periods, which may be of any length and overlap."""
    found = figures(database, now, was, at)
    side = SIDES[by]
    called = partial(township_of, world.organisation) if by is By.TOWNSHIP else str
    rows = side_by_side(found.this.get(side, {}), found.was.get(side, {}), {}, {}, called)
    this, then = (tally(each.get("", {}).get("", NOTHING), 0, 0) for each in (found.this, found.was))
    name = world.organisation.name if world.organisation else "本县"
    own = District(name, this.received, then.received, "", counted=True)
    entered = [count for each in indicators(database) for count in each.district_counts]
    return Comparison(now, was, by, this, then, rows, districts(own, entered, now, was))


def counts_kept_by(database: Database) -> Case | None:
    """Return the indicator under which other districts' counts are entered, None where there is none yet."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind == Kind.INDICATOR.value).order_by(columns.id)
    with database.reading() as connection:
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return next((each for each in found if each.district_counts or each.title == TITLE), None)


def counting(
    database: Database, data: Mapping[str, JsonValue], *, actor: str, key: str, via: Mapping[str, str]
) -> list[Envelope]:
    """Return the envelopes that enter a district's count; with the first one the register of them is opened."""
    kept, told = counts_kept_by(database), dict(via)
    envelopes = []
    if kept is None:
        opened: dict[str, JsonValue] = {"title": TITLE, "counted_in": "件", "summary": ENTERED}
        envelopes.append(
            Envelope(id=f"{key}/register", actor=actor, command=RegisterIndicator.name, data=opened, via=told)
        )
    case = kept.id if kept else SAME
    envelopes.append(Envelope(id=key, case=case, actor=actor, command=RecordCount.name, data=dict(data), via=told))
    return envelopes


def called_as(world: World, by: By, name: str) -> str:
    """Return what a row of a comparison is called."""
    unit = world.organisation.unit(name) if by in {By.UNIT, By.TOWNSHIP} and world.organisation else None
    channel = world.newest.channels.get(name) if by is By.CHANNEL else None
    found = unit or channel
    return found.zh if found else name or "未确定"


def comparison_view(world: World, found: Comparison) -> dict[str, object]:
    """Return a comparison as plain objects."""
    return {
        "now": _days(found.now),
        "was": _days(found.was),
        "by": found.by.value,
        "this": tally_view(found.this),
        "then": tally_view(found.then),
        "rows": [
            {
                "name": each.name,
                "title": called_as(world, found.by, each.name),
                "now": tally_view(each.this),
                "was": tally_view(each.was),
            }
            for each in found.rows
        ],
        "districts": [each._asdict() for each in found.districts],
    }


def _days(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def write_comparison(path: Path, world: World, found: Comparison) -> None:
    """Write a comparison as a workbook.

    Raises:
        SheetError: ``cannot_write``.
    """
    now, was = (f"{each.first}—{each.last}" for each in (found.now, found.was))

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.1%}"

    def row(name: str, this: Tally, then: Tally) -> tuple[str, ...]:
        by = this.received - then.received
        return (
            *(name, str(this.received), str(then.received), f"{by:+d}"),
            *(str(this.closed), str(then.closed), share(this.rate), share(then.rate)),
        )

    rows = [row(called_as(world, found.by, each.name), each.this, each.was) for each in found.rows]
    heads = (
        found.by.zh,
        f"收件 {now}",
        f"收件 {was}",
        "增减",
        f"办结 {now}",
        f"办结 {was}",
        f"办结率 {now}",
        f"办结率 {was}",
    )
    said = [
        (
            each.name,
            "" if each.now is None else str(each.now),
            "" if each.was is None else str(each.was),
            "台账统计" if each.counted else "登记",
            each.source,
        )
        for each in found.districts
    ]
    write_plain(
        path,
        [
            NewSheet("两期对比", "", heads, [*rows, row("合计", found.this, found.then)]),
            NewSheet("县区对比", "", ("县区", now, was, "怎样得来", "来源"), said),
        ],
    )
