"""The year's report from a ledger: the cases it counts, and how it calls things."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.campaigns import campaigns
from adapters.database import Database
from models.annual import Words
from models.areas import township_of
from models.case import Case
from models.standing import name_of
from models.vocabulary import Kind
from models.world import World

COUNTED: Final = (Kind.PETITION, Kind.RECTIFICATION, Kind.PLAN, Kind.SITE, Kind.WATCH, Kind.INDICATOR, Kind.PATROL)

Progress = Callable[[int, int], None]


def counted(database: Database, progress: Progress | None = None) -> Iterator[Case]:
    """Yield every case that a report counts, streaming."""
    columns = tables.cases.c
    some = columns.kind.in_([kind.value for kind in COUNTED])
    with database.reading() as connection:
        total = int(connection.execute(sa.select(sa.func.count()).where(some)).scalar_one())
        query = sa.select(columns.state).where(some).order_by(columns.registered_at, columns.id)
        for number, state in enumerate(connection.execution_options(yield_per=500).execute(query).scalars(), 1):
            yield Case.model_validate_json(state)
            if progress and (number % 500 == 0 or number == total):
                progress(number, total)


def words_of(world: World, database: Database | None = None) -> Words:
    """Return how a report calls channels, units and townships, and by the ledger's titles the campaigns."""
    organisation = world.organisation
    titles = {name_of(each): each.title for each in campaigns(database)} if database else {}

    def unit(name: str) -> str:
        found = organisation.unit(name) if organisation else None
        return found.zh if found else name

    def channel(name: str) -> str:
        found = world.newest.channels.get(name)
        return found.zh if found else name

    def township(area: str) -> str:
        return unit(partial(township_of, organisation)(area))

    return Words(channel, unit, township, lambda name: titles.get(name) or name)
