"""Drafts of the intake form: one for each person, under seal, until the petition is registered.

A draft holds the petitioner's name and words before there is a case to seal them with, so it lies in the database
encrypted, under a key of its own, and is read by nobody but who typed it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from adapters import tables
from adapters.database import Database
from adapters.sealed import Sealer, SealError

KEPT: Final = timedelta(days=7)
"""So long a draft is kept that nobody comes back to."""


@dataclass(frozen=True)
class Draft:
    """What was typed, by the names of the form's fields; ``key`` is the form's own, ``at`` when it was kept (UTC)."""

    key: str
    values: Mapping[str, str]
    at: datetime


class Drafts:
    """The drafts of one installation; safe to use from many threads."""

    def __init__(self, database: Database, sealer: Sealer, now: Callable[[], datetime]) -> None:
        """Keep the database, the seal and the real time."""
        self.database, self.sealer, self.now = database, sealer, now

    def of(self, person: str) -> Draft | None:
        """Return somebody's draft; None where there is none, or none that can still be opened."""
        columns = tables.drafts.c
        with self.database.reading() as connection:
            row = connection.execute(sa.select(tables.drafts).where(columns.person == person)).one_or_none()
        if row is None or row.kept_at < self.now() - KEPT:
            return None
        try:
            opened = json.loads(self.sealer.open_key(row.key_id).open(row.content, _ref(person)))
        except (SealError, InvalidTag, ValueError):
            # A draft under a key that is gone is no draft; what is registered is not touched by it.
            return None
        return Draft(opened["key"], opened["values"], row.kept_at)

    def keep(self, person: str, key: str, values: Mapping[str, str]) -> None:
        """Keep what somebody typed in place of their last draft, and forget whose time is over."""
        columns = tables.drafts.c
        new = self.sealer.new_key("draft")
        plain = json.dumps({"key": key, "values": dict(values)}, ensure_ascii=False).encode("utf-8", "replace")
        content = new.key.shut(plain, _ref(person))
        row = {"person": person, "key_id": new.id, "content": content, "kept_at": self.now()}

        def keep() -> list[str]:
            with self.database.writing() as connection:
                old = sa.or_(columns.person == person, columns.kept_at < self.now() - KEPT)
                gone = list(connection.execute(sa.delete(tables.drafts).where(old).returning(columns.key_id)).scalars())
                connection.execute(sa.insert(tables.drafts), [row])
                return gone

        self.sealer.destroy(*self.database.patiently(keep))

    def drop(self, person: str) -> None:
        """Forget somebody's draft."""

        def drop() -> list[str]:
            with self.database.writing() as connection:
                columns = tables.drafts.c
                mine = sa.delete(tables.drafts).where(columns.person == person).returning(columns.key_id)
                return list(connection.execute(mine).scalars())

        self.sealer.destroy(*self.database.patiently(drop))


def _ref(person: str) -> str:
    return f"draft/{person}"
