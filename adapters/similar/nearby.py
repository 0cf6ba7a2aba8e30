"""Which petitions are worth being judged: those that share rare pieces, found through the index in bounded time.

However many petitions there are, of each piece at most ``COUNTED`` entries are counted and at most ``NEWEST`` read, the
newest first, for a storm's filings follow one another; what is old is found by what is rare. The index is the one that
searches use (``adapters.searching``): kept by triggers in the transaction of each command, made anew by ``rebuild``.
"""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, conditions
from adapters.searching import cell_tag, pieces_asked
from models.likeness import PAIR, RUNS, Said, Weights
from models.vocabulary import Kind

COUNTED: Final = 1000
"""Entries of a piece that are counted; a piece of more weighs as one of so many."""
NEWEST: Final = 200
"""Entries of a piece that are read."""
LOOKED_UP: Final = 80
"""Pieces that petitions are looked up by, the rarest."""
NAMED: Final = 40
"""Of these, the rarest of names (of sites, roads, villages, respondents), whose votes count twice."""
ASKED: Final = 240
"""Pieces whose frequency is asked for: of a longer text, every so many."""
JUDGED: Final = 100
"""Petitions that are judged."""
VOTED: Final = 2 * JUDGED
"""Cases that are looked at for such as may be seen."""
COUNTS_ON_SQLITE: Final = """
    SELECT value, (SELECT count(*) FROM (SELECT 1 FROM case_pieces WHERE piece = value LIMIT ?2)) FROM json_each(?1)
"""
COUNTS_ON_POSTGRESQL: Final = """
    SELECT piece, (
        SELECT count(*) FROM (SELECT 1 FROM case_pieces AS index WHERE index.piece = asked.piece LIMIT %s) AS few
    ) FROM unnest(%s::text[]) AS asked (piece)
"""
VOTES_ON_POSTGRESQL: Final = """
    SELECT case_id FROM unnest(%s::text[], %s::float8[]) AS asked (piece, weight), LATERAL (
        SELECT case_id FROM case_pieces AS index WHERE index.piece = asked.piece ORDER BY case_id DESC LIMIT %s
    ) AS newest GROUP BY case_id ORDER BY sum(weight) DESC, case_id DESC LIMIT %s
"""


class Nearby(NamedTuple):
    """What the index told: how much each piece weighs, and the numbers and states of the petitions worth judging."""

    weigh: Weights
    states: Sequence[tuple[str, str]]


def nearby(database: Database, said: Said, within: Filter | None, *, without: str | None = None) -> Nearby:
    """Return the petitions that share the rarest pieces of what is said, by number and state.

    Args:
        database: the ledger.
        said: what is compared, as plain text.
        within: which petitions may be seen; None for all.
        without: the number of the petition itself.
    """
    with database.reading() as connection:
        frequencies = _frequencies(connection, said)
        petitions = _petitions(connection)
        weigh = Weights(frequencies, petitions)
        # What the petition alone has finds nobody else.
        own = 0 if without is None else 1
        rare = sorted(
            (each for each, count in frequencies.items() if count > own), key=lambda each: (-weigh(each), each)
        )
        if not rare:
            return Nearby(weigh, ())
        # Names come first: in a storm they are rare no more, and of a long text the rarest pieces are there by chance.
        named = [each for each in rare if each in said.named][:NAMED]
        chosen = [*named, *(each for each in rare if each not in said.named)][:LOOKED_UP]
        voted = _voted(connection, [(piece, weigh(piece) * (1 + (piece in said.named))) for piece in chosen])
        columns = tables.cases.c
        some = conditions(database, connection, within) if within else []
        query = sa.select(columns.id, columns.kind, columns.state).where(columns.id.in_(voted), *some)
        # The kind is looked at here: asked for it, SQLite goes through the index of all petitions.
        petitions_only = (row for row in connection.execute(query) if row.kind == Kind.PETITION.value)
        states = {row.id: row.state for row in petitions_only if row.id != without}
        return Nearby(weigh, [(each, states[each]) for each in voted if each in states][:JUDGED])


def _frequencies(connection: sa.Connection, said: Said) -> dict[str, int]:
    """Return how many cases have each piece, counting up to ``COUNTED``."""
    pieces = _indexed(said)
    # As text: put together by SQLAlchemy, hundreds of terms take longer than what they ask for.
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(COUNTS_ON_SQLITE, (json.dumps(pieces), COUNTED))
    else:
        rows = connection.exec_driver_sql(COUNTS_ON_POSTGRESQL, (COUNTED, pieces))
    return {piece: count for piece, count in rows}  # noqa: C416 - rows are no tuples to a type checker


def _indexed(said: Said) -> list[str]:
    """Return the pieces of a text as the index has them, a long number by its longest parts; and the cells around."""
    found: set[str] = set()
    for run in RUNS.findall(said.text):
        found.update(each for each in pieces_asked(run) if len(each) >= PAIR)
    pieces = sorted(found)
    some = pieces if len(pieces) <= ASKED else pieces[:: -(-len(pieces) // ASKED)]
    return [*some, *map(cell_tag, said.spot.cells())] if said.spot else some


def _petitions(connection: sa.Connection) -> int:
    """Return about how many petitions there are: as many as numbers were given."""
    query = sa.select(sa.func.coalesce(sa.func.sum(tables.numbers.c.last), 0))
    return int(connection.execute(query).scalar_one())


def _voted(connection: sa.Connection, weighed: Sequence[tuple[str, float]]) -> list[str]:
    """Return the numbers of the cases whose shared pieces weigh most, these first."""
    if connection.dialect.name == "sqlite":
        some = "SELECT case_id FROM case_pieces WHERE piece = ? ORDER BY case_id DESC LIMIT ?"
        each = f"SELECT case_id, ? AS weight FROM ({some})"  # noqa: S608 - our own text
        every = " UNION ALL ".join([each] * len(weighed))
        text = f"SELECT case_id FROM ({every}) GROUP BY case_id ORDER BY sum(weight) DESC, case_id DESC LIMIT ?"  # noqa: S608 - our own text
        given = [value for piece, weight in weighed for value in (weight, piece, NEWEST)]
        rows = connection.exec_driver_sql(text, (*given, VOTED))
    else:
        pieces, weights = zip(*weighed, strict=True)
        rows = connection.exec_driver_sql(VOTES_ON_POSTGRESQL, (list(pieces), list(weights), NEWEST, VOTED))
    return list(rows.scalars())
