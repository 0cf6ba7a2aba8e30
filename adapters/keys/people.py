"""Petitioners known again: keyed hashes of what they are reached by, in the keystore, beside the key of their seal.

A hash is made with a key that no rotation changes and that lies in the keystore alone: whoever has the ledger, or a
backup of it, cannot try all telephone numbers. It is kept in the transaction that keeps the seal's key and goes in the
one that destroys it, so that nobody is recognised whose identity was erased.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import sqlalchemy as sa

from adapters.database import Database
from adapters.keys.tables import data_keys, people
from models.reaching import reached_by

PURPOSE: Final = b"people"
LENGTH: Final = 32


class Known(NamedTuple):
    """What somebody is known by: the key of their seal, a keyed hash, and the seal's name."""

    key_id: str
    token: str
    ref: str


def tokens_of(naming: bytes, secret: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keyed hashes of what somebody is reached by.

    Args:
        naming: the keystore's naming key; the hashes' own key is derived from it.
        secret: what is sealed of them.
    """
    key = hmac.new(naming, PURPOSE, hashlib.sha256).digest()
    found = (hmac.new(key, each.encode(), hashlib.sha256).hexdigest()[:LENGTH] for each in reached_by(secret))
    return tuple(sorted(found))


def same_refs(database: Database, refs: Iterable[str]) -> frozenset[str]:
    """Return the names of the seals of whoever is behind some, these among them where anybody is known behind them."""
    known = sa.select(people.c.token).where(people.c.ref.in_(list(refs)))
    query = sa.select(people.c.ref).where(people.c.token.in_(known)).distinct()
    with database.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def tokens_by_ref(database: Database, refs: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the hashes of some seals, by the seal's name; who has none is left out."""
    query = sa.select(people.c.ref, people.c.token).where(people.c.ref.in_(list(refs)))
    found: dict[str, set[str]] = {}
    with database.reading() as connection:
        for ref, token in connection.execute(query):
            found.setdefault(ref, set()).add(token)
    return {ref: frozenset(tokens) for ref, tokens in found.items()}


def without_key(connection: sa.Connection) -> int:
    """Drop the hashes whose seal's key is gone; return how many."""
    gone = ~sa.exists().where(data_keys.c.id == people.c.key_id)
    return connection.execute(sa.delete(people).where(gone)).rowcount
