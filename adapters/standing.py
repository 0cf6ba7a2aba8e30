"""Where open cases stand now: how many at each status of a kind, and how many of them are overdue."""

from datetime import datetime

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from models.dispatch import TOLD
from models.meeting_values import Stand
from models.vocabulary import Kind, Status


def standing(database: Database, now: datetime) -> list[Stand]:
    """Return the counts of open petitions and tasks, in the order of the lifecycle."""
    columns = tables.cases.c
    late = sa.func.count(sa.case((columns.due <= now, 1)))
    query = sa.select(columns.kind, columns.status, sa.func.count(), late)
    # Written out, or the index of open cases alone would not be thought of.
    query = query.where(sa.literal_column("cases.is_open"), columns.kind.in_([kind.value for kind in TOLD]))
    with database.reading() as connection:
        rows = connection.execute(query.group_by(columns.kind, columns.status)).all()
    found = {(kind, status): (number, overdue) for kind, status, number, overdue in rows}
    return [
        Stand(kind=kind, status=status, open=found[kind, status][0], overdue=found[kind, status][1])
        for kind in TOLD
        for status in Status
        if (kind, status) in found
    ]


def by_status(stands: list[Stand], kind: Kind) -> dict[Status, tuple[int, int]]:
    """Return the counts of one kind by status: open, and overdue."""
    return {each.status: (each.open, each.overdue) for each in stands if each.kind is kind}
