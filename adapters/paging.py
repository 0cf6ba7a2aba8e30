"""Lists in pages that stay as they are while cases come and go: a page begins behind a row, not at a number."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, conditions
from models.case import Case
from models.refusals import Malformed
from models.vocabulary import Term

COUNTED: Final = 10_000
"""Cases that are counted one by one; how many more there are is not worth the reading of a million."""
MOST: Final = 200
"""A page never holds more cases."""


class Order(Term):
    """Which case comes first."""

    NEWEST = "newest", "最新登记", "newest first"
    DUE = "due", "最先到期", "due first"


@dataclass(frozen=True)
class Page:
    """Some cases of a list, and the cursor of those that follow, None at the end."""

    cases: Sequence[Case]
    following: str | None


def page(
    database: Database, wanted: Filter, *, order: Order = Order.NEWEST, after: str | None = None, limit: int = 50
) -> Page:
    """Return a page of the cases asked for.

    Args:
        database: the ledger.
        wanted: which cases.
        order: which comes first.
        after: the cursor that the page before gave.
        limit: how many, from 1 to ``MOST``.

    Raises:
        Malformed: the cursor is not one of this order's.
    """
    columns = tables.cases.c
    key = columns.registered_at if order is Order.NEWEST else columns.due
    query = sa.select(columns.state, columns.id, key.label("key"))
    if after is not None:
        query = query.where(_behind(order, *_read(after, order)))
    if order is Order.NEWEST:
        query = query.order_by(key.desc(), columns.id.desc())
    else:
        query = query.order_by(key.is_(None), key, columns.id)
    limit = max(1, min(limit, MOST))
    with database.reading() as connection:
        query = query.where(*conditions(database, connection, wanted))
        rows = connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    kept = rows[:limit]
    return Page(
        [Case.model_validate_json(row.state) for row in kept],
        _written(order, kept[-1].key, kept[-1].id) if more else None,
    )


def count(database: Database, wanted: Filter) -> int:
    """Return how many cases are asked for, counting no farther than ``COUNTED`` and one more."""
    with database.reading() as connection:
        found = sa.select(tables.cases.c.id).where(*conditions(database, connection, wanted)).limit(COUNTED + 1)
        return int(connection.execute(sa.select(sa.func.count()).select_from(found.subquery())).scalar_one())


def _behind(order: Order, key: datetime | None, name: str) -> sa.ColumnElement[bool]:
    columns = tables.cases.c
    if order is Order.NEWEST:
        at = columns.registered_at
        return sa.or_(at < key, sa.and_(at == key, columns.id < name))
    if key is None:
        return sa.and_(columns.due.is_(None), columns.id > name)
    return sa.or_(columns.due > key, sa.and_(columns.due == key, columns.id > name), columns.due.is_(None))


def _written(order: Order, key: datetime | None, name: str) -> str:
    told = [order.value, key.isoformat() if key else None, name]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> tuple[datetime | None, str]:
    wrong = Malformed(field="cursor", why="不是本列表的游标 / it is no cursor of this list")
    try:
        kind, key, name = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        at = None if key is None else datetime.fromisoformat(key)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise wrong from None
    if kind != order.value or not isinstance(name, str) or "\0" in name:
        raise wrong
    if (at is None and order is Order.NEWEST) or (at is not None and at.tzinfo is None):
        raise wrong
    return at, name
