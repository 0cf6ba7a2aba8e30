"""Finding cases by what is written in them, Chinese above all: an index of short pieces of text.

Chinese is written without spaces and most of its words have two characters, so every pair of neighbours is a piece.
Numbers are looked for by a part of them, so letters and digits give longer pieces too. What is indexed is the number,
the place, the redacted summary (a task's measure) and the respondent; nothing of what is sealed.
"""

import re
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from adapters import tables
from models.case import Case

LENGTHS: Final = (8, 4, 2)
"""Characters of a piece of letters and digits; the longest that a word holds is what it is looked up by."""
RARE: Final = 2000
"""A piece that so many cases have or fewer is where a search begins; with commoner ones the list is gone through."""
_RUNS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


def pieces_of(case: Case) -> str:
    """Return the pieces of a case in order, between blanks: what its row of the read model holds."""
    return _written(f"{case.id}\n{case.place}\n{case.summary}\n{case.measure}\n{case.respondent}")


@lru_cache(maxsize=4096)
def _written(text: str) -> str:
    found: set[str] = set()
    for run in _RUNS.findall(text.casefold()):
        for length in LENGTHS if run.isascii() else (2, 1):
            found.update(run[at : at + length] for at in range(len(run) - length + 1))
    return " ".join(sorted(found))


def pieces_asked(word: str) -> list[str]:
    """Return the pieces that a case with a word must have; none where it can only be found by reading all."""
    found: set[str] = set()
    for run in _RUNS.findall(word.casefold()):
        lengths = LENGTHS if run.isascii() else (2, 1)
        length = next((each for each in lengths if each <= len(run)), 0)
        if length:
            found.update(run[at : at + length] for at in range(len(run) - length + 1))
    return sorted(found)


def having(connection: sa.Connection, words: str) -> list[sa.ColumnElement[bool]]:
    """Return what a row of the read model must fulfil to have the pieces of every word that is asked for."""
    asked = sorted({piece for word in words.split() for piece in pieces_asked(word)})
    if not asked:
        return []
    index, case = tables.case_pieces.c, tables.cases.c.id
    counts = {piece: _count(connection, piece) for piece in asked}
    rarest = min(asked, key=lambda piece: counts[piece])
    found: list[sa.ColumnElement[bool]] = []
    if counts[rarest] <= RARE:
        found.append(case.in_(sa.select(index.case_id).where(index.piece == rarest)))
        asked.remove(rarest)
    return [*found, *(sa.select(1).where(index.piece == each, index.case_id == case).exists() for each in asked)]


def _count(connection: sa.Connection, piece: str) -> int:
    index = tables.case_pieces.c
    few = sa.select(index.case_id).where(index.piece == piece).limit(RARE + 1).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one())
