"""Which petitions are one petitioner's, without anybody's identity being opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.keys import people
from adapters.sealed import Sealer, SealError
from models.case import Case

AT_ONCE: Final = 200


def same_people(database: Database, sealer: Sealer, case: Case) -> frozenset[str]:
    """Return the numbers of other petitions that were brought by whoever brought one.

    Raises:
        DatabaseAwayError: the keystore does not answer.
    """
    if not case.sealed:
        return frozenset()
    sealer.keys.ready()
    refs = people.same_refs(sealer.keys.database, case.sealed)
    return frozenset(cases_sealed_by(database, sorted(refs))) - {case.id}


def cases_sealed_by(database: Database, refs: Sequence[str]) -> list[str]:
    """Return the numbers of the petitions that some seals are of; each seal's name is a piece of its case."""
    index = tables.case_pieces.c
    query = sa.select(index.case_id).where(index.piece.in_(refs)).distinct()
    with database.reading() as connection:
        return list(connection.execute(query).scalars()) if refs else []


@dataclass(frozen=True)
class Tidied:
    """What was put in order: seals looked at, those that people are known by now, hashes dropped with their key."""

    looked: int
    known: int
    dropped: int


def tidy(database: Database, sealer: Sealer, progress: Callable[[int, int], None] = lambda _, __: None) -> Tidied:
    """Hash what was sealed before there were hashes, and drop those whose key is gone; may be done again at any time.

    Args:
        database: the ledger.
        sealer: whose keystore.
        progress: told how many seals were looked at, of how many.

    Raises:
        SealError: a wrapping key is not on this machine.
        DatabaseAwayError: a database does not answer; what was done so far stays done.
    """
    keys = sealer.keys
    keys.ready()
    columns = tables.sealed.c
    with database.reading() as connection:
        total = connection.execute(sa.select(sa.func.count()).select_from(tables.sealed)).scalar_one()
    looked = known = 0
    last = ""
    while True:
        query = sa.select(columns.ref, columns.key_id).where(columns.ref > last).order_by(columns.ref).limit(AT_ONCE)
        with database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            break
        there = people.tokens_by_ref(keys.database, [row.ref for row in rows])
        for ref, key_id in rows:
            if ref not in there:
                known += _hash(database, sealer, ref, key_id)
        looked, last = looked + len(rows), rows[-1].ref
        progress(looked, total)
    return Tidied(looked, known, keys.forget_people())


def _hash(database: Database, sealer: Sealer, ref: str, key_id: str) -> bool:
    try:
        secret = sealer.open(database, ref)
    except SealError:
        # Erased, or it does not open: that keeps the others not back, and whoever opens it is told.
        return False
    tokens = people.tokens_of(sealer.keys.naming(), secret or {})
    return sealer.keys.know(ref, key_id, tokens)
