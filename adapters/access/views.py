"""Lists that people keep under a name: the filters of an address, one's own or shared with everybody."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database

MOST: Final = 30
"""Views that one person keeps; the oldest gives way."""


@dataclass(frozen=True)
class View:
    """A list under a name; ``query`` is what stands behind the question mark of its address."""

    id: str
    person: str
    name: str
    query: str
    shared: bool


class Views:
    """The views of one installation."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Keep the database and the real time."""
        self.database, self.now = database, now

    def of(self, person: str) -> list[View]:
        """Return somebody's views and those that are shared, their own first, by name."""
        columns = tables.views.c
        query = sa.select(tables.views).where(sa.or_(columns.person == person, columns.shared))
        with self.database.reading() as connection:
            found = [View(row.id, row.person, row.name, row.query, row.shared) for row in connection.execute(query)]
        return sorted(found, key=lambda view: (view.person != person, view.name, view.id))

    def keep(self, person: str, name: str, query: str, *, shared: bool) -> None:
        """Keep a list; one of the same name is replaced."""
        columns = tables.views.c
        row = {
            "id": secrets.token_hex(8),
            "person": person,
            "name": name,
            "query": query,
            "shared": shared,
            "made_at": self.now(),
        }
        mine = columns.person == person

        def keep() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.delete(tables.views).where(mine, columns.name == name))
                kept = sa.select(columns.id).where(mine).order_by(columns.made_at.desc(), columns.id).offset(MOST - 1)
                old = list(connection.execute(kept).scalars())
                connection.execute(sa.delete(tables.views).where(columns.id.in_(old)))
                connection.execute(sa.insert(tables.views), [row])

        self.database.patiently(keep)

    def drop(self, person: str, name: str) -> None:
        """Forget a view by its id; somebody else's stays."""
        columns = tables.views.c

        def drop() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.delete(tables.views).where(columns.id == name, columns.person == person))

        self.database.patiently(drop)
