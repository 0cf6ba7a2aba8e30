"""Statements of the hot path, compiled once for each database and then handed to the driver as they are.

SQLAlchemy builds and keys an expression anew each time; on the door's seven statements that is half the cost of a
command. Written with the same expressions, so that both databases are still spelled in one place.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from adapters.database import driver_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Bind = Callable[[Mapping[str, object]], Any]
"""Brings named values into the form in which a driver takes them."""


def stamp(at: datetime | None) -> str | None:
    """Write an instant as the ``Instant`` columns keep it."""
    if at is None:
        return None
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def one_of(dialect: str, column: sa.Column[str], name: str) -> sa.ColumnElement[bool]:
    """Compare with the members of a list of any length that is bound under one name; see ``names``."""
    if dialect == "sqlite":
        return column.in_(sa.select(sa.func.json_each(sa.bindparam(name)).table_valued("value").c.value))
    return column == sa.any_(sa.bindparam(name, type_=sa.ARRAY(sa.Text)))


def names(connection: sa.Connection, members: Sequence[str]) -> object:
    """Return a list as ``one_of`` takes it."""
    return json.dumps(members) if connection.dialect.name == "sqlite" else list(members)


def together(connection: sa.Connection) -> AbstractContextManager[object]:
    """Send what a block asks and writes in one go: PostgreSQL is waited for once, SQLite never needs it."""
    return nullcontext() if connection.dialect.name == "sqlite" else driver_of(connection).pipeline()


def upsert(dialect: str, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an insertion that may say what to do where the row is there already."""
    # A command on SQLite need not wait for the whole of PostgreSQL's dialect to load.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class Prepared:
    """One statement, made from an expression the first time each database asks for it."""

    def __init__(self, make: Callable[[str], sa.sql.ClauseElement]) -> None:
        """Keep how to make the expression, given the dialect's name."""
        self._make = make
        self._spoken: dict[str, tuple[str, Bind]] = {}

    def rows(self, connection: sa.Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Run it with named values and return its rows, in the order of its columns."""
        rows: list[tuple[Any, ...]] = self.ask(connection, values).fetchall()
        return rows

    def ask(self, connection: sa.Connection, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - a driver's cursor
        """Run it with named values and return the cursor, to be read where a block ``together`` has ended."""
        sql, bound = self._for(connection.dialect)
        return driver_of(connection).execute(sql, bound(values))

    def write(self, connection: sa.Connection, values: Sequence[Mapping[str, object]]) -> None:
        """Run it once for each set of named values."""
        sql, bound = self._for(connection.dialect)
        driver = driver_of(connection)
        if len(values) == 1:
            driver.execute(sql, bound(values[0]))
        else:
            driver.cursor().executemany(sql, [bound(each) for each in values])

    def _for(self, dialect: sa.Dialect) -> tuple[str, Bind]:
        if dialect.name not in self._spoken:
            compiled = self._make(dialect.name).compile(dialect=dialect)
            self._spoken[dialect.name] = str(compiled), _bind(compiled.params, getattr(compiled, "positiontup", None))
        return self._spoken[dialect.name]


def _bind(own: Mapping[str, object], places: Sequence[str] | None) -> Bind:
    """Return what brings named values into the form a driver takes: by their place, or by their names.

    ``own`` are the statement's parameters; those that nobody hands in are constants of the expression.
    """
    constant = {name: value for name, value in own.items() if value is not None}
    if places is None:
        return (lambda values: {**constant, **values}) if constant else (lambda values: values)
    if constant:
        return lambda values: tuple(values[name] if name in values else constant[name] for name in places)
    return itemgetter(*places) if len(places) > 1 else lambda values: tuple(values[name] for name in places)
