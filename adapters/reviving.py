"""Starting workflows from the ledger alone: the facts of cases are queued anew, and the relay starts whom it misses.

A manager that has the facts already ignores them, so this may be done as often as one likes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import sqlalchemy as sa

from adapters import ledger, tables
from adapters.database import Database
from adapters.door import Door

RESTORED: Final = "restored"
"""The mark that says which restoration a ledger has come from."""
AT_ONCE: Final = 200


def revive(door: Door, progress: Callable[[int, int], None] | None = None, *, afresh: bool = False) -> int:
    """Queue the facts of every case that has anything to come, from the ledger alone; return how many.

    Args:
        door: the ledger's.
        progress: told how many of how many are queued.
        afresh: whether a workflow that runs is ended and started anew: it may know what the ledger does not.
    """
    total = waiting(door.database) if progress else 0
    done = 0
    for names in batched(waiting_cases(door.database)):
        requeue(door, names, afresh=afresh)
        done += len(names)
        if progress:
            progress(done, max(done, total))
    if door.after and done:
        door.after()
    return done


def waiting(database: Database) -> int:
    """Return how many cases have anything to come."""
    query = sa.select(sa.func.count()).select_from(tables.cases).where(tables.cases.c.waiting)
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def queued(database: Database) -> int:
    """Return how many rows wait to be sent."""
    query = sa.select(sa.func.count()).select_from(tables.outbox)
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def waiting_cases(database: Database) -> Iterator[str]:
    """Yield the cases that have anything to come, by number; what comes meanwhile comes in its place."""
    column, last = tables.cases.c.id, ""
    while True:
        query = sa.select(column).where(tables.cases.c.waiting, column > last).order_by(column).limit(AT_ONCE)
        with database.reading() as connection:
            names = list(connection.execute(query).scalars())
        if not names:
            return
        yield from names
        last = names[-1]


def batched(names: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield names so many at a time."""
    rest = iter(names)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def requeue(door: Door, names: Sequence[str], *, afresh: bool = False) -> None:
    """Queue the facts of cases, as they stand; see ``revive``."""

    def work() -> None:
        with door.database.writing() as connection:
            cases = [held.case for held in ledger.hold(connection, names).values()]
            if cases:
                signals = [(case, door.facts(case).model_dump_json()) for case in cases]
                ledger.queue(connection, signals, at=door.moments.now(), afresh=afresh)

    door.database.patiently(work)
