"""What the installation's ledger says: how many petitions of which sort come in, how long steps take, what waits."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.forecasting.hours import DAY, HOUR, Hours, Spans
from adapters.forecasting.setup import Kindred
from adapters.queries import Filter, listed
from models.calendars import Calendar
from models.case import Case
from models.vocabulary import Kind

ENOUGH: Final = 10
"""With fewer examples a step's default time stays."""
LONGEST: Final = 1.0
"""Working days after which a gap is no longer taken for work on one thing."""

STEP_OF: Final = {
    "accepted": "accept",
    "assigned": "assign",
    "findings_recorded": "visit",
    "rectification_planned": "plan",
    "submitted": "submit",
    "task_submitted": "submit",
    "closed": "review",
    "sent_back": "review",
    "task_done": "review",
    "replied": "reply",
}
"""Which step an event of the ledger ends."""


@dataclass(frozen=True)
class Past:
    """The petitions of a stretch of days: how many, over how many days, and of which sorts."""

    petitions: int
    days: float
    mix: tuple[Kindred, ...]

    @property
    def per_day(self) -> float:
        """How many came in a calendar day."""
        return self.petitions / self.days


def backlog(database: Database) -> tuple[Case, ...]:
    """Return the open petitions and rectification tasks, without what no simulation reads."""
    bare: dict[str, object] = {"summary": "", "measures": "", "filings": (), "sealed": (), "pending": ()}
    return tuple(case.model_copy(update=bare) for case in listed(database, Filter(is_open=True)))


def past(database: Database, now: datetime, days: int) -> Past | None:
    """Return the petitions registered in the last so many days; None if there were none.

    A ledger younger than that is measured over its own age, a day at least. A petition that was not assigned yet tells
    no unit; the others' units stand for it.
    """
    since = now - timedelta(days=days)
    columns = tables.cases.c
    petitions = sa.and_(columns.kind == Kind.PETITION.value, columns.registered_at <= now)
    query = sa.select(columns.channel, columns.unit, columns.state).where(petitions, columns.registered_at > since)
    sorts: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    count = 0
    with database.reading() as connection:
        first = connection.execute(sa.select(sa.func.min(columns.registered_at)).where(petitions)).scalar_one()
        for row in connection.execution_options(yield_per=500).execute(query):
            count += 1
            if row.unit is not None:
                sorts[row.channel, row.unit, tuple(json.loads(row.state).get("types", ()))] += 1
    if not count or first is None:
        return None
    span = max(1.0, (now - max(since, first)).total_seconds() / DAY)
    return Past(
        count, span, tuple(Kindred(n, channel, unit, types) for (channel, unit, types), n in sorted(sorts.items()))
    )


def times(
    database: Database, now: datetime, days: int, calendar: Calendar, spans: Spans
) -> dict[str, tuple[float, int]]:
    """Return the mean hours of each step as the ledger shows them, with the number of examples.

    Work on a step is taken to begin when the case was ready for it and the person was done with what they did before,
    whichever came later, and to end with its event. Idle moments count as work that way, so this is an upper bound;
    gaps longer than a working day are left out. Putting right is measured in elapsed hours.
    """
    since = now - timedelta(days=days)
    hours = Hours(calendar, spans, since, days + 1)
    most = LONGEST * sum(last - first for first, last in spans) * 60
    columns = tables.envelopes.c
    query = (
        sa.select(columns.case_id, columns.event, columns.recorded_at, columns.body)
        .where(columns.recorded_at > since, columns.recorded_at <= now)
        .order_by(columns.recorded_at, columns.case_id, columns.seq)
    )
    ready: dict[str, float] = {}
    free: dict[str, float] = {}
    planned: dict[str, float] = {}
    found: dict[str, list[float]] = {}
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=500).execute(query):
            at = (row.recorded_at - since).total_seconds()
            step = STEP_OF.get(row.event)
            if row.event in {"registered", "task_opened"}:
                ready[row.case_id] = at
            if step is None:
                continue
            person = str(json.loads(row.body)["actor"])
            if row.event == "rectification_planned":
                planned[row.case_id] = at
            elif step == "submit" and row.case_id in planned:
                found.setdefault("remedy", []).append((at - planned.pop(row.case_id)) / HOUR)
                ready.pop(row.case_id, None)  # since when it could be handed in, nobody wrote down
            if row.case_id in ready:
                spent = hours.worked(at) - hours.worked(max(ready[row.case_id], free.get(person, 0.0)))
                if spent <= most:
                    found.setdefault(step, []).append(spent / HOUR)
            ready[row.case_id] = free[person] = at
    return {name: (fmean(values), len(values)) for name, values in sorted(found.items()) if len(values) >= ENOUGH}
