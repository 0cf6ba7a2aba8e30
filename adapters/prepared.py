"""Statements of the hot path, compiled once for each database and then handed to the driver as they are.

SQLAlchemy builds and keys an expression anew each time; on the door's seven statements that is half the cost of a
command. Written with the same expressions, so that both databases are still spelled in one place.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


def stamp(at: datetime | None) -> str | None:
    """Write an instant as the ``Instant`` columns keep it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Prepared:
    """One statement, made from an expression the first time each database asks for it."""

    def __init__(self, make: Callable[[str], sa.sql.ClauseElement]) -> None:
        """Keep how to make the expression, given the dialect's name."""
        self._make = make
        self._sql: dict[str, str] = {}

    def rows(self, connection: sa.Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Run it with named values and return its rows, in the order of its columns."""
        rows: list[tuple[Any, ...]] = self._driver(connection).execute(self._text(connection), values).fetchall()
        return rows

    def write(self, connection: sa.Connection, values: Sequence[Mapping[str, object]]) -> None:
        """Run it once for each set of named values."""
        driver = self._driver(connection)
        if len(values) == 1:
            driver.execute(self._text(connection), values[0])
        else:
            driver.cursor().executemany(self._text(connection), values)

    def _text(self, connection: sa.Connection) -> str:
        name = connection.dialect.name
        if name not in self._sql:
            self._sql[name] = str(self._make(name).compile(dialect=connection.dialect))
        return self._sql[name]

    @staticmethod
    def _driver(connection: sa.Connection) -> Any:  # noqa: ANN401 - sqlite3's and psycopg's connections, alike here
        return connection.connection.driver_connection
