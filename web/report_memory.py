"""Reports counted a moment ago: from a report to its figures, and from one to the next, nothing is counted again.

A report is found by who reads it, its year, *and* how many events the whole ledger holds: what happens makes a new one.
What only time brings, a due date that passes or a leave that ends, comes after ``FRESH``; a report says its moment.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from models.annual import Annual

FRESH: Final = timedelta(minutes=2)
ROOM: Final = 8
"""Reports that are remembered: each names the cases behind its figures, a few megabytes where there are many."""

Key = tuple[str, int, int, int]


def events_of(database: Database) -> tuple[int, int]:
    """Return how many cases the ledger holds, and how many events they have in all."""
    columns = tables.cases.c
    with database.reading() as connection:
        cases, events = connection.execute(sa.select(sa.func.count(), sa.func.sum(columns.seq))).one()
    return int(cases), int(events or 0)


@dataclass
class ReportMemory:
    """Reports of one console, the least recently read forgotten first; safe to use from many threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: "OrderedDict[Key, Annual]" = field(default_factory=OrderedDict)

    def found(self, database: Database, person: str, year: int, now: datetime, count: Callable[[], Annual]) -> Annual:
        """Return somebody's report of a year, counted now where it is not known as the ledger stands."""
        key = (person, year, *events_of(database))
        with self._lock:
            known = self._known.get(key)
        if known is None or not known.until <= now < known.until + FRESH:
            known = count()
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > ROOM:
                self._known.popitem(last=False)
        return known
