"""Whether this process can serve: three words, no details, for probes and for strangers.

The desk goes on without Temporal, so facts that do not get through make it ``degraded``, and it is ready all the same.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from adapters import SetupError, tables
from adapters.database import AWAY, LEDGER, Database, Schema
from adapters.keys.store import SCHEMA as KEYS

if TYPE_CHECKING:
    from adapters.desk import Desk

BEHIND: Final = timedelta(seconds=60)
"""What lies in the outbox longer does not get through: Temporal or every worker is away."""
FRESH: Final = 1.0
"""Seconds for which an answer is kept, so that nobody can make the database work by asking."""


class Word(StrEnum):
    """How a process is."""

    OK = "ok"
    DEGRADED = "degraded"
    BAD = "bad"


def is_current(database: Database, schema: Schema) -> bool:
    """Tell whether a database answers and holds this version's schema.

    Raises:
        DatabaseAwayError: it does not answer.
    """
    version = sa.table(schema.table, sa.column("version_num"))
    with database.reading() as connection:
        return connection.execute(sa.select(version.c.version_num)).scalar_one_or_none() == schema.newest


def waiting_since(desk: "Desk") -> datetime | None:
    """Return since when the fact that waits longest waits in the outbox, in real time; None where none does."""
    query = sa.select(sa.func.min(tables.outbox.c.queued_at, type_=tables.Instant))
    with desk.database.reading() as connection:
        found: datetime | None = connection.execute(query).scalar_one()
    return None if found is None else desk.moments.real(found)


def is_behind(desk: "Desk") -> bool:
    """Tell whether facts do not get through to the process managers."""
    since = waiting_since(desk)
    return since is not None and desk.moments.real(desk.moments.now()) - since > BEHIND


def readiness(desk: "Desk") -> Word:
    """Tell how an installation is, as this process sees it."""
    try:
        if desk.pulse.still or not is_current(desk.database, LEDGER):
            return Word.BAD
        desk.sealer.keys.ready()
        if not is_current(desk.sealer.keys.database, KEYS):
            return Word.BAD
        return Word.DEGRADED if is_behind(desk) else Word.OK
    except (SetupError, *AWAY, sa.exc.DBAPIError):
        return Word.BAD


class Ready:
    """Answers whether an installation can serve, at most once a second anew; safe to use from many threads."""

    def __init__(self, desk: "Desk", tick: Callable[[], float] = time.monotonic) -> None:
        """Keep the installation."""
        self._desk, self._tick = desk, tick
        self._turn = threading.Lock()
        self._known: tuple[float, Word] | None = None

    def word(self) -> Word:
        """Return how it is."""
        with self._turn:
            if self._known is None or self._tick() - self._known[0] > FRESH:
                found = readiness(self._desk)
                self._known = (self._tick(), found)
            return self._known[1]
