"""What happened lately in the whole ledger, for whoever listens: case, event and number, never what was written.

The ledger has no number over all cases (every command would wait for every other), so the order is by time. Two
processes may commit a little out of order: whoever reads on looks back ``OVERLAP`` and forgets what was seen already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from models.case import Case

OVERLAP: Final = timedelta(seconds=10)
"""Longer than a transaction takes from its moment to its commit."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in what happened: written ``2026-11-26T01:02:03.000004Z~XF2026000001~7``."""

    at: datetime
    case: str
    seq: int

    def __str__(self) -> str:
        """Write it."""
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z~{self.case}~{self.seq}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read it back; None for what is none."""
        at, _, rest = text.partition("~")
        case, _, seq = rest.rpartition("~")
        try:
            found = datetime.fromisoformat(at)
            return cls(found, case, int(seq)) if found.tzinfo and len(text) < 200 else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Happening:
    """One event as the world may hear of it."""

    place: Place
    event: str


def since(database: Database, at: datetime, limit: int) -> list[Happening]:
    """Return what happened from a moment on, the oldest first: about ``limit`` events, every moment of them whole.

    A transaction has one moment, however many events it writes. Whoever reads on from the last moment would never get
    past one with more events than are taken at a time, were moments not taken whole, the first beside the limit.
    """
    columns = tables.envelopes.c
    query = sa.select(columns.case_id, columns.seq, columns.event, columns.recorded_at)
    order = (columns.recorded_at, columns.case_id, columns.seq)
    with database.reading() as connection:
        first = connection.execute(query.where(columns.recorded_at == at).order_by(*order)).all()
        after = connection.execute(query.where(columns.recorded_at > at).order_by(*order).limit(limit)).all()
        if len(after) == limit:
            last = after[-1].recorded_at
            whole = connection.execute(query.where(columns.recorded_at == last).order_by(*order)).all()
            after = [*(row for row in after if row.recorded_at != last), *whole]
    return [Happening(Place(row.recorded_at, row.case_id, row.seq), row.event) for row in (*first, *after)]


def latest(database: Database) -> datetime | None:
    """Return when the newest event was recorded, by one step in an index; None while there is none."""
    with database.reading() as connection:
        found: datetime | None = connection.execute(sa.select(sa.func.max(tables.envelopes.c.recorded_at))).scalar_one()
    return found


def cases_of(database: Database, names: Sequence[str]) -> dict[str, Case]:
    """Return cases by their number, as they stand now."""
    columns = tables.cases.c
    query = sa.select(columns.id, columns.state).where(columns.id.in_(sorted(set(names))))
    with database.reading() as connection:
        return {row.id: Case.model_validate_json(row.state) for row in connection.execute(query)}
