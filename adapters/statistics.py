"""The rows that a desk's figures are counted from (``models.statistics``), read off the read model in one pass."""

import json
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import field_of
from models.counting import SHANGHAI
from models.statistics import Period, Row
from models.vocabulary import Kind, Status

STATUSES: Final = {each.value: each for each in Status}


def rows(database: Database, *periods: Period, unit: str | None = None) -> list[Row]:
    """Return the petitions that came in or were closed in one of the periods, and all that are open.

    Args:
        database: the ledger.
        periods: legal days.
        unit: only this unit's.
    """
    columns = tables.cases.c
    filed = (
        sa.select(tables.filings.c.case_id).group_by(tables.filings.c.case_id).having(sa.func.count() > 1).subquery()
    )
    wanted: list[sa.ColumnElement[bool]] = [columns.is_open]
    for each in periods:
        first, last = span(each)
        wanted += [columns.registered_at.between(first, last), columns.closed_at.between(first, last)]
    query = (
        sa.select(
            columns.status,
            columns.channel,
            columns.unit,
            columns.registered_at,
            columns.closed_at,
            columns.due,
            columns.is_open,
            field_of(database, "types").label("types"),
            field_of(database, "on_time").label("on_time"),
            field_of(database, "leading").label("leading"),
            filed.c.case_id.label("filed"),
        )
        .join(filed, filed.c.case_id == columns.id, isouter=True)
        .where(columns.kind == Kind.PETITION.value, sa.or_(*wanted))
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    with database.reading() as connection:
        found = connection.execution_options(yield_per=2000).execute(query)
        return [
            Row(
                STATUSES[row.status],
                row.channel,
                row.unit,
                tuple(json.loads(row.types)) if row.types else (),
                row.registered_at,
                row.closed_at,
                row.due,
                # JSON's truth is 1 in one database and "true" in the other.
                None if row.on_time is None else str(row.on_time) in {"1", "true"},
                bool(row.is_open),
                bool(row.leading or row.filed),
            )
            for row in found
        ]


def span(period: Period) -> tuple[datetime, datetime]:
    """Return the first and the last instant of a period."""
    first = datetime.combine(period.first, datetime.min.time(), SHANGHAI)
    last = datetime.combine(period.last, datetime.max.time(), SHANGHAI)
    return first, last
