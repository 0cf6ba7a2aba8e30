"""Finding cases by what is written in them, Chinese above all: an index of short pieces of text.

Chinese is written without spaces and most of its words have two characters, so every pair of neighbours is a piece.
Numbers are looked for by a part of them, so letters and digits give longer pieces too. What is indexed is the number,
the place, the redacted summary (a task's measure) and the respondent; nothing of what is sealed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from adapters import tables
from models.areas import area_or_unit
from models.case import Case

LENGTHS: Final = (8, 4, 2)
"""Characters of a piece of letters and digits; the longest that a word holds is what it is looked up by."""
RARE: Final = 2000
"""A piece that so many cases have or fewer is where a search begins; with commoner ones the list is gone through."""
LONGEST: Final = 64
_UNFIT: Final = re.compile(r"[\s\"'\\\x00-\x1f\ud800-\udfff]")
"""What would part a piece, or end the text that the database's triggers read it from."""
_RUNS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


def pieces_of(case: Case) -> str:
    """Return the pieces of a case in order, between blanks: what its row of the read model holds."""
    tags = (*map(type_tag, case.types), area_tag(area_or_unit(case.place, case.unit)))
    return _written(f"{case.id}\n{case.place}\n{case.summary}\n{case.measure}\n{case.respondent}", tags)


def type_tag(name: str) -> str:
    """Return the piece that every case of a type has; no word that is looked for begins so."""
    return _UNFIT.sub("_", f"#{name}")[:LONGEST]


def area_tag(name: str) -> str:
    """Return the piece that every case of an area (``models.areas``) has."""
    return _UNFIT.sub("_", f"!{name}")[:LONGEST]


@lru_cache(maxsize=4096)
def _written(text: str, tags: tuple[str, ...]) -> str:
    found: set[str] = set(tags)
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


def tagged(connection: sa.Connection, tags: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return what a row of the read model must fulfil to have one of some tags."""
    index, case = tables.case_pieces.c, tables.cases.c.id
    some = index.piece.in_(tags)
    if sum(_count(connection, each) for each in tags) <= RARE:
        return case.in_(sa.select(index.case_id).where(some))
    return sa.select(1).where(some, index.case_id == case).exists()


def _count(connection: sa.Connection, piece: str) -> int:
    index = tables.case_pieces.c
    few = sa.select(index.case_id).where(index.piece == piece).limit(RARE + 1).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one())


def text_field(name: str, *, sqlite: bool) -> sa.ColumnElement[str]:
    """Return a text field of the read model's state; it leaves out what is empty, so what is not there is null."""
    state = tables.cases.c.state
    if sqlite:
        return sa.func.json_extract(state, f"$.{name}", type_=sa.Text)
    from sqlalchemy.dialects.postgresql import JSONB

    return sa.func.jsonb_extract_path_text(sa.cast(state, JSONB), name, type_=sa.Text)
