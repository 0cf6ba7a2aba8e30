"""Sessions, kept here and revocable: a cookie holds a random token, the table only its hash."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database

IDLE: Final = timedelta(hours=1)
"""A session nobody used so long is over."""
LONGEST: Final = timedelta(hours=12)
"""No session lasts longer, however busy."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a session was used last."""
TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in; ``csrf`` is what a form of theirs must bring back."""

    person: str
    csrf: str


@dataclass(frozen=True)
class Open:
    """A session as its owner sees it: since when, used last (both UTC), and whether it is the one that asks."""

    created_at: datetime
    seen_at: datetime
    mine: bool


class Sessions:
    """The sessions of one installation; safe to use from many threads."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Keep the database and the real time."""
        self.database, self.now = database, now

    def begin(self, person: str, agent: str) -> str:
        """Begin a session and return its token, which is kept nowhere here."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self.now()
        row = {
            "token_hash": hashed(token),
            "person": person,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + LONGEST,
            "revoked_at": None,
            "agent_hash": hashed(agent),
        }

        def begin() -> None:
            with self.database.writing() as connection:
                # Those long over are of no use to anybody.
                connection.execute(sa.delete(tables.sessions).where(tables.sessions.c.expires_at < now - LONGEST))
                connection.execute(sa.insert(tables.sessions), [row])

        self.database.patiently(begin)
        return token

    def find(self, token: str, agent: str) -> Session | None:
        """Return a token's session while it lasts; one that turns up in another browser is none."""
        query = sa.select(tables.sessions).where(tables.sessions.c.token_hash == hashed(token))
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        now = self.now()
        if row is None or row.revoked_at is not None or row.agent_hash != hashed(agent):
            return None
        if now >= row.expires_at or now >= row.seen_at + IDLE:
            return None
        if now >= row.seen_at + SEEN_EVERY:
            self._update(tables.sessions.c.token_hash == row.token_hash, seen_at=now)
        return Session(row.person, csrf_of(token))

    def of(self, person: str, token: str) -> list[Open]:
        """Return a person's sessions that last, the newest first; ``token`` is the one that asks."""
        columns, now = tables.sessions.c, self.now()
        query = sa.select(tables.sessions).where(
            columns.person == person,
            columns.revoked_at.is_(None),
            columns.expires_at > now,
            columns.seen_at > now - IDLE,
        )
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(columns.created_at.desc())).all()
        return [Open(row.created_at, row.seen_at, row.token_hash == hashed(token)) for row in rows]

    def end(self, token: str) -> None:
        """End a session."""
        self._update(tables.sessions.c.token_hash == hashed(token), revoked_at=self.now())

    def end_all(self, person: str, but: str = "") -> None:
        """End every session of a person, but for the one of a token."""
        columns = tables.sessions.c
        mine = sa.and_(columns.person == person, columns.revoked_at.is_(None), columns.token_hash != hashed(but))
        self._update(mine, revoked_at=self.now())

    def _update(self, which: sa.ColumnElement[bool], **values: object) -> None:
        def update() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.update(tables.sessions).where(which).values(**values))

        self.database.patiently(update)


def hashed(token: str) -> str:
    """Return what is kept of a token: it is random and long, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(token: str) -> str:
    """Return what a form must bring back: it follows from the cookie, which no other site can read."""
    return hashlib.sha256(f"csrf:{token}".encode("utf-8", "replace")).hexdigest()
