"""Reading action plans: which there are, and the items of one."""

from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, conditions
from models.case import Case
from models.vocabulary import Kind

SHOWN: Final = 50
"""Plans that are shown at a time: the items of each are counted."""


def plans(database: Database, within: Filter, limit: int | None = SHOWN) -> list[Case]:
    """Return action plans, the newest first; ``within.words`` are looked for in name, summary and number."""
    columns = tables.cases.c
    with database.reading() as connection:
        some = conditions(database, connection, within)
        query = sa.select(columns.state).where(columns.kind == Kind.PLAN.value, *some)
        query = query.order_by(columns.registered_at.desc(), columns.id.desc()).limit(limit)
        return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def items_of(database: Database, plan: Case) -> list[Case]:
    """Return the items of a plan that are there already, in the order in which they were added."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.parent == plan.id, columns.kind == Kind.RECTIFICATION.value)
    with database.reading() as connection:
        found = {case.id: case for case in map(Case.model_validate_json, connection.execute(query).scalars())}
    return [found[task.id] for task in plan.tasks if task.id in found]
