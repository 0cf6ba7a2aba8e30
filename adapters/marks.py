"""Small things an installation remembers, by name: a value each, the newest."""

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database


def read_mark(database: Database, name: str) -> str | None:
    """Return what is remembered under a name."""
    query = sa.select(tables.marks.c.value).where(tables.marks.c.name == name)
    with database.reading() as connection:
        return connection.execute(query).scalar_one_or_none()


def write_mark(database: Database, name: str, value: str) -> None:
    """Remember a value (at most 400 characters) under a name, in place of the one before."""

    def write() -> None:
        with database.writing() as connection:
            connection.execute(sa.delete(tables.marks).where(tables.marks.c.name == name))
            connection.execute(sa.insert(tables.marks), [{"name": name, "value": value}])

    database.patiently(write)
