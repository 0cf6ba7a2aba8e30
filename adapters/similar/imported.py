"""Which rows of an imported table are probably about what is known already, or what an earlier row tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters import queries
from adapters.database import Database
from adapters.similar.finding import Found, Wanted, find, of_case, said_of

LOOKED_AT = 20
"""Petitions that are asked for of each row; those that are probably about the same are told, the most alike."""
TOLD = 3


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that became a petition: where it stands, and its number; in a rehearsal the one it would have."""

    sheet: str
    row: int
    receipt: str
    case: str


@dataclass(frozen=True, slots=True)
class RowRepeat:
    """A row, and the petitions it is probably a repeat of, the most alike first."""

    row: NewRow
    found: tuple[Found, ...]


def probable_repeats(
    database: Database, rows: Sequence[NewRow], known: Database, progress: Callable[[int, int], None] | None = None
) -> list[RowRepeat]:
    """Compare the new petitions of a table; of two rows that are alike the later one is told.

    Args:
        database: the ledger that holds the new petitions.
        rows: these, in the order of the table.
        known: the ledger they are compared with; another one in a rehearsal, where rows do not know each other.
        progress: called with rows done and rows in all.
    """
    later = {each.case for each in rows}
    found: list[RowRepeat] = []
    for done, row in enumerate(rows, 1):
        case = queries.case(database, row.case)
        # To a ledger that it is not in, it is no case but a text.
        wanted = of_case(case) if known is database else Wanted(said_of(case))
        alike = find(known, wanted, limit=LOOKED_AT, left_out=lambda case: case.id in later)
        sure = tuple(each for each in alike if each.sure)[:TOLD]
        if sure:
            found.append(RowRepeat(row, sure))
        later.discard(row.case)
        if progress:
            progress(done, len(rows))
    return found
