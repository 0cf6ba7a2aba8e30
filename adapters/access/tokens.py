"""Tokens for machines: each acts in the name of a person of the organisation, within scopes; shown once."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.access.sessions import hashed
from adapters.database import Database
from models.vocabulary import Term

MARK: Final = "bj_"
"""How a token begins, so that one found in a text is known for what it is."""


class Scope(Term):
    """What a token may do, within what its person may."""

    READ = "read", "查看", "read"
    INTAKE = "intake", "登记", "take petitions in"
    ACT = "act", "办理", "act on cases"
    IDENTITY = "identity", "查看信访人身份", "open identities"
    WEBHOOKS = "webhooks", "管理事件推送", "manage webhooks"
    PAYLOADS = "payloads", "查看 Temporal 载荷", "read what Temporal holds"
    OPEN311 = "open311", "Open311 接口", "speak Open311"


@dataclass(frozen=True)
class Token:
    """A token as it stands, without itself."""

    id: str
    person: str
    title: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    revoked_at: datetime | None


class Tokens:
    """The tokens of one installation."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Keep the database and the real time."""
        self.database, self.now = database, now

    def make(self, person: str, title: str, scopes: Iterable[Scope], by: str) -> str:
        """Make a token and return it; it is kept nowhere here."""
        token = MARK + secrets.token_urlsafe(32)
        row = {
            "id": secrets.token_hex(4),
            "token_hash": hashed(token),
            "person": person,
            "title": title,
            "scopes": " ".join(sorted(scopes)),
            "created_at": self.now(),
            "created_by": by,
            "revoked_at": None,
        }

        def make() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.insert(tables.tokens), [row])

        self.database.patiently(make)
        return token

    def find(self, token: str) -> Token | None:
        """Return a token that is in force."""
        if not token.startswith(MARK):
            return None
        columns = tables.tokens.c
        query = sa.select(tables.tokens).where(columns.token_hash == hashed(token), columns.revoked_at.is_(None))
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _token(row)

    def every(self) -> Sequence[Token]:
        """Return all tokens, the newest first."""
        query = sa.select(tables.tokens).order_by(tables.tokens.c.created_at.desc(), tables.tokens.c.id)
        with self.database.reading() as connection:
            return [_token(row) for row in connection.execute(query)]

    def revoke(self, name: str) -> None:
        """Revoke a token by its id."""
        query = sa.update(tables.tokens).where(tables.tokens.c.id == name, tables.tokens.c.revoked_at.is_(None))

        def revoke() -> None:
            with self.database.writing() as connection:
                connection.execute(query.values(revoked_at=self.now()))

        self.database.patiently(revoke)


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    scopes = frozenset(map(Scope.of, row.scopes.split()))
    return Token(row.id, row.person, row.title, scopes, row.created_at, row.created_by, row.revoked_at)
