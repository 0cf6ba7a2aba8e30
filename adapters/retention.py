"""What is kept longer than it has to be, who brought what else, and what was erased: read from the ledger alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from adapters import queries
from adapters.database import Database
from adapters.recognising import same_people
from adapters.sealed import Sealer
from models.case import Case
from models.counting import end_of, legal_day
from models.retention import RetentionRow, in_years, kept_until, row_of
from models.vocabulary import Flag, Kind
from models.world import World

FIRST: Final = datetime(1900, 1, 2, tzinfo=UTC)
PROPOSED: Final = "erase"
"""What a case waits for whose erasure is proposed."""


@dataclass(frozen=True)
class Due:
    """A petition whose petitioner is kept longer than the policy asks for: by which row, and until when it had to."""

    case: Case
    row: RetentionRow
    until: date


def rows_now(world: World, at: datetime) -> tuple[RetentionRow, ...]:
    """Return the rows of the policy in force."""
    return world.policies[world.policy_at(at)].retention


def due(database: Database, world: World, at: datetime) -> Iterator[Due]:
    """Yield the petitions whose time is over and of which nothing is proposed or erased yet, by row, the oldest first.

    Args:
        database: the ledger.
        world: with the policies.
        at: now; by the rows of the policy in force then.
    """
    rows, today = rows_now(world, at), legal_day(at)
    for row in rows:
        # Whatever it is counted from, it was registered before that: most of a ledger is not looked at.
        before = end_of(in_years(today, -row.years))
        for status in row.at:
            wanted = queries.Filter(kind=Kind.PETITION, status=status, registered=(FIRST, before))
            for case in queries.listed(database, wanted):
                until = kept_until(row, case) if row_of(rows, case) is row else None
                if until is not None and until < today and is_kept(case):
                    yield Due(case, row, until)


def is_kept(case: Case) -> bool:
    """Tell whether there is somebody to erase, and nothing about it under way."""
    return bool(case.sealed) and not {Flag.ERASED, Flag.ERASURE} & set(case.flags)


def proposed(database: Database) -> Iterator[Case]:
    """Yield the petitions whose erasure waits to be decided, the oldest first."""
    return queries.listed(database, queries.Filter(kind=Kind.PETITION, awaits=PROPOSED))


def of_person(database: Database, sealer: Sealer, number: str) -> list[Case]:
    """Return all petitions of whoever brought one, that one first: nobody's identity is opened for it.

    Raises:
        Unknown: there is no such case.
        DatabaseAwayError: the keystore does not answer.
    """
    one = queries.case(database, number)
    others = sorted(same_people(database, sealer, one))
    return [one, *(queries.case(database, each) for each in others)]
