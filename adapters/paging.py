"""Lists in pages that stay as they are while cases come and go: a page begins behind a row, not at a number."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, conditions
from adapters.searching import Looked, look
from models.case import Case
from models.refusals import Malformed
from models.vocabulary import Term

COUNTED: Final = 1_000
"""Cases that are counted one by one; how many more there are is not worth the reading of a million."""
COUNTED_BY_WORDS: Final = 100
"""Likewise where each has to be looked into for words."""
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
    total: int = 0
    """How many there are, on this page and on others, counting one farther than ``farthest``; where it is asked for."""


def page(
    database: Database,
    wanted: Filter,
    *,
    order: Order = Order.NEWEST,
    after: str | None = None,
    limit: int = 50,
    counting: bool = False,
) -> Page:
    """Return a page of the cases asked for.

    Args:
        database: the ledger.
        wanted: which cases.
        order: which comes first.
        after: the cursor that the page before gave.
        limit: how many, from 1 to ``MOST``.
        counting: whether all of them are counted too.

    Raises:
        Malformed: the cursor is not one of this order's.
    """
    limit = max(1, min(limit, MOST))
    place = None if after is None else _read(after, order)
    with database.reading() as connection:
        looked = look(connection, wanted.words) if wanted.words else None
        some = conditions(database, connection, wanted, looked)
        rows: list[sa.Row[Any]] = []
        for query in _newest(place) if order is Order.NEWEST else _due_first(place):
            # Without a date come last, and are asked for only where there is room: so an index gives the order.
            if len(rows) <= limit:
                rows += connection.execute(query.where(*some).limit(limit + 1 - len(rows))).all()
        # What is sorted is narrow; the states of those on the page are read after it.
        states = sa.select(tables.cases.c.id, tables.cases.c.state).where(
            tables.cases.c.id.in_([row.id for row in rows])
        )
        told = {row.id: row.state for row in connection.execute(states)}
        more = len(rows) > limit
        total = len(rows)
        if counting and (more or place):
            # What stands whole on one page is counted there.
            total = _counted(database, connection, wanted, looked)
    kept = rows[:limit]
    return Page(
        [Case.model_validate_json(told[row.id]) for row in kept],
        _written(order, kept[-1].key, kept[-1].id) if more else None,
        total if counting else 0,
    )


def farthest(wanted: Filter) -> int:
    """Return how far the cases asked for are counted."""
    return COUNTED_BY_WORDS if wanted.words else COUNTED


def count(database: Database, wanted: Filter) -> int:
    """Return how many cases are asked for, counting one farther than ``farthest``."""
    with database.reading() as connection:
        return _counted(database, connection, wanted, look(connection, wanted.words) if wanted.words else None)


def _counted(database: Database, connection: sa.Connection, wanted: Filter, looked: Looked | None) -> int:
    found, most = 0, farthest(wanted)
    # Where some are more than are counted, the others need not be found.
    for partly in (True, False) if looked else (False,):
        if found <= most:
            some = conditions(database, connection, wanted, looked, partly=partly)
            counted = sa.select(tables.cases.c.id).where(*some).limit(most + 1).subquery()
            found = int(connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one())
    return found


Spot = tuple[datetime | None, str] | None
"""Behind which case a page begins: its key and number; None for the beginning."""


def _newest(spot: Spot) -> Iterator["sa.Select[Any]"]:
    columns = tables.cases.c
    at = columns.registered_at
    query = sa.select(columns.id, at.label("key")).order_by(at.desc(), columns.id.desc())
    if spot is not None:
        key, name = spot
        query = query.where(sa.or_(at < key, sa.and_(at == key, columns.id < name)))
    yield query


def _due_first(spot: Spot) -> Iterator["sa.Select[Any]"]:
    columns = tables.cases.c
    due = columns.due
    dated = sa.select(columns.id, due.label("key")).where(due.is_not(None)).order_by(due, columns.id)
    undated = sa.select(columns.id, due.label("key")).where(due.is_(None)).order_by(columns.id)
    if spot is None or spot[0] is not None:
        if spot is not None:
            # Said twice: where the range begins is what an index is entered by.
            dated = dated.where(due >= spot[0], sa.or_(due > spot[0], sa.and_(due == spot[0], columns.id > spot[1])))
        yield dated
        yield undated
    else:
        yield undated.where(columns.id > spot[1])


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
