"""Reading patrols and weather stations."""

from collections.abc import Iterable

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, conditions
from models.case import Case
from models.vocabulary import Kind


def patrols(database: Database, within: Filter) -> list[Case]:
    """Return all patrols asked for, those whose slot ends first before the others, those that are ended last."""
    columns = tables.cases.c
    with database.reading() as connection:
        some = conditions(database, connection, within)
        query = sa.select(columns.state).where(columns.kind == Kind.PATROL.value, *some)
        found = [Case.model_validate_json(state) for state in connection.execute(query).scalars()]
    return sorted(found, key=lambda each: (each.slot is None, each.slot_end or each.registered_at, each.id))


def stations(database: Database) -> list[Case]:
    """Return the weather stations, in the order in which they were registered."""
    columns = tables.cases.c
    query = sa.select(columns.state).where(columns.kind == Kind.STATION.value).order_by(columns.id)
    with database.reading() as connection:
        return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def station_id(database: Database, called: str) -> str:
    """Return the number of the weather station that is meant: by its number, or its name if one alone has it."""
    found = [each.id for each in stations(database) if called.strip() in {each.id, each.title}]
    return found[0] if len(found) == 1 else called


def by_number(cases: Iterable[Case]) -> dict[str, Case]:
    """Return cases by their numbers."""
    return {each.id: each for each in cases}
