"""A desk's daily sums (``models.statistics``): added to with every change, counted anew for a rebuild, and read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.prepared import Prepared, names, one_of, upsert
from adapters.searching import text_field
from models.areas import area_or_unit, township_of
from models.counting import SHANGHAI
from models.statistics import AREA, DONE, By, Key, Period, Row, Sums, shares
from models.vocabulary import ENDS, Kind, Status

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    from models.organisation import Organisation

FIELDS: Final = Sums._fields
NAMES: Final = Key._fields + FIELDS
SIDES: Final = {By.UNIT: "unit", By.CHANNEL: "channel", By.TYPE: "type", By.TOWNSHIP: AREA}
"""Which sums are put side by side; those of a township are those of its areas."""


def _added(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    statement = upsert(dialect, tables.figures)
    statement = statement.values({column.name: sa.bindparam(column.name) for column in tables.figures.c})
    sums = {name: tables.figures.c[name] + getattr(statement.excluded, name) for name in FIELDS}
    return statement.on_conflict_do_update(index_elements=["day", "side", "name"], set_=sums)


_ADD = Prepared(_added)


def add(connection: sa.Connection, changes: Mapping[Key, Sums]) -> None:
    """Add to the daily sums.

    They come in order, after the cases' own rows: whoever else adds waits, and nobody waits for one another.
    """
    if changes:
        _ADD.write(connection, [_written(key, sums) for key, sums in changes.items()])


def _written(key: Key, sums: Sums) -> dict[str, object]:
    return dict(zip(NAMES, (*key, *sums), strict=True))


# ── counted anew ──


def rows(connection: sa.Connection) -> Iterator[Row]:
    """Yield what is counted of each petition, as the read model has it, streaming."""
    columns, sqlite = tables.cases.c, connection.dialect.name == "sqlite"
    filed = (
        sa.select(tables.filings.c.case_id).group_by(tables.filings.c.case_id).having(sa.func.count() > 1).subquery()
    )
    query = (
        sa.select(
            columns.status,
            columns.channel,
            columns.unit,
            columns.registered_at,
            columns.closed_at,
            *(text_field(name, sqlite=sqlite).label(name) for name in ("types", "place", "on_time", "leading")),
            filed.c.case_id.label("filed"),
        )
        .join(filed, filed.c.case_id == columns.id, isouter=True)
        .where(columns.kind == Kind.PETITION.value)
    )
    done, ends = {each.value for each in DONE}, {each.value for each in ENDS}
    for row in connection.execute(query.execution_options(yield_per=2000)):
        is_done = row.status in done
        yield Row(
            row.channel,
            row.unit,
            area_or_unit(row.place or "", row.unit),
            tuple(json.loads(row.types)) if row.types else (),
            row.registered_at,
            is_done,
            row.status in ends,
            row.closed_at if is_done else None,
            # JSON's truth is 1 in one database and "true" in the other.
            str(row.on_time) in {"1", "true"} if is_done and row.on_time is not None else None,
            bool(row.leading or row.filed),
        )


def counted(connection: sa.Connection) -> dict[Key, Sums]:
    """Return the daily sums as the read model's cases make them."""
    found: dict[Key, list[int]] = {}
    for row in rows(connection):
        for key, share in shares(row):
            sums = found.setdefault(key, [0] * len(FIELDS))
            for place, each in enumerate(share):
                sums[place] += each
    return {key: Sums(*sums) for key, sums in found.items() if any(sums)}


def kept(connection: sa.Connection) -> dict[Key, Sums]:
    """Return the daily sums as they are kept, without those of nothing."""
    columns = tables.figures.c
    query = sa.select(columns.day, columns.side, columns.name, *(columns[name] for name in FIELDS))
    found = {Key(*row[:3]): Sums(*row[3:]) for row in connection.execute(query)}
    return {key: sums for key, sums in found.items() if any(sums)}


def keep(connection: sa.Connection) -> None:
    """Count everything anew and keep that, in a transaction that writes."""
    if connection.dialect.name != "sqlite":
        # Whoever has added is waited for, and whoever comes adds to what is counted here.
        connection.execute(sa.text("LOCK TABLE figures IN EXCLUSIVE MODE"))
    found = counted(connection)
    connection.execute(sa.delete(tables.figures))
    if found:
        connection.execute(sa.insert(tables.figures), [_written(key, sums) for key, sums in sorted(found.items())])


# ── read ──


@dataclass(frozen=True)
class Figures:
    """What a dashboard is made of, all of one moment: sums by side and name, days, and what is overdue."""

    this: Mapping[str, Mapping[str, Sums]]
    was: Mapping[str, Mapping[str, Sums]]
    whole: Mapping[str, Mapping[str, Sums]]
    days: Mapping[date, Sums]
    open_by_day: Mapping[date, int]
    overdue: Mapping[str, Mapping[str, int]]
    """How many are overdue, by side and name; "" and "" are all."""


def figures(database: Database, period: Period, against: Period, now: datetime) -> Figures:
    """Return the sums of a period and of the one it is compared with."""
    columns = tables.figures.c
    one_side = (columns.side == "", columns.name == "")
    daily = sa.select(columns.day, *(columns[name] for name in FIELDS)).where(*one_side)
    # Written out, or no index of these days alone would be thought of.
    still = sa.select(columns.day, columns.open).where(sa.text("side = '' AND open > 0"), columns.day != "")
    # Each day by its name is a step into the table; between two days lie the sums of all sides.
    days = [(period.first + timedelta(days=each)).isoformat() for each in range(period.days)]
    with database.reading() as connection:
        daily = daily.where(one_of(connection.dialect.name, columns.day, "days"))
        return Figures(
            this=_by_side(connection, _within(period)),
            was=_by_side(connection, _within(against)),
            whole=_by_side(connection, columns.day == ""),
            days={
                date.fromisoformat(row[0]): Sums(*row[1:])
                for row in connection.execute(daily, {"days": names(connection, days)})
            },
            open_by_day={date.fromisoformat(row.day): row.open for row in connection.execute(still)},
            overdue=_overdue(connection, now),
        )


def _within(period: Period) -> sa.ColumnElement[bool]:
    return tables.figures.c.day.between(period.first.isoformat(), period.last.isoformat())


def _by_side(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> dict[str, dict[str, Sums]]:
    columns = tables.figures.c
    sums: list[sa.ColumnElement[Any]] = [sa.func.sum(columns[name]) for name in FIELDS]
    query = sa.select(columns.side, columns.name, *sums).where(condition).group_by(columns.side, columns.name)
    found: dict[str, dict[str, Sums]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], {})[row[1]] = Sums(*map(int, row[2:]))
    return found


def _overdue(connection: sa.Connection, now: datetime) -> dict[str, dict[str, int]]:
    columns = tables.cases.c
    found: dict[str, dict[str, int]] = {"": {"": 0}, **{side: {} for side in SIDES.values()}}

    def grouped(types: sa.ColumnElement[Any], *some: sa.ColumnElement[bool]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        sides = (columns.unit, columns.channel, columns.area, types)
        query = sa.select(*sides, sa.func.count()).where(*still_open(), columns.due <= now, *some).group_by(*sides)
        return connection.execute(query).all()

    rows = [*grouped(columns.types)]
    if any(row[3] is None for row in rows):
        # More types than the index holds: those of these few are read in their states.
        told = text_field("types", sqlite=connection.dialect.name == "sqlite")
        rows = [row for row in rows if row[3] is not None] + [*grouped(told, columns.types.is_(None))]
    for unit, channel, area, types, count in rows:
        at = [("", ""), ("unit", unit or ""), ("channel", channel), (AREA, area)]
        at += [("type", each) for each in dict.fromkeys(json.loads(types)) or ("",)]
        for side, name in at:
            found[side][name] = found[side].get(name, 0) + int(count)
    return found


def still_open() -> list[sa.ColumnElement[bool]]:
    """Return what a row of the read model must fulfil to be an open petition, so that the index of these is entered."""
    columns = tables.cases.c
    # Written out, or that index would not be thought of; each status is a step into it.
    statuses = columns.status.in_([each.value for each in Status])
    return [sa.literal_column("cases.is_open"), columns.kind == Kind.PETITION.value, statuses]


def areas_of(database: Database, organisation: "Organisation | None", township: str) -> tuple[str, ...]:
    """Return the areas of petitions that lie in a township."""
    columns = tables.figures.c
    query: sa.Select[Any] = sa.select(columns.name).where(columns.day == "", columns.side == AREA)
    with database.reading() as connection:
        names: Sequence[str] = connection.execute(query).scalars().all()
    return tuple(each for each in names if township_of(organisation, each) == township)


def span(period: Period) -> tuple[datetime, datetime]:
    """Return the first and the last instant of a period."""
    first = datetime.combine(period.first, datetime.min.time(), SHANGHAI)
    last = datetime.combine(period.last, datetime.max.time(), SHANGHAI)
    return first, last
