"""Finding cases by what is written in them, Chinese above all: an index of short pieces of text.

Chinese is written without spaces and most of its words have two characters, so every pair of neighbours is a piece.
Numbers are looked for by a part of them, so letters and digits give longer pieces too. What is indexed is the number,
the place, the redacted summary (a task's measure) and the respondents, as named and as found; nothing of what is
sealed. A text that is not plain (``adapters.plain``: traditional characters, full width) gives the pieces of its plain
form too.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from adapters import tables
from adapters.plain import plain
from models.areas import area_or_unit
from models.case import Case
from models.spots import spot_of
from models.vocabulary import Kind, Tie

LENGTHS: Final = (8, 4, 2)
"""Characters of a piece of letters and digits; the longest that a word holds is what it is looked up by."""
RARE: Final = 2000
"""A piece that so many cases have or fewer is where a search begins; with commoner ones the list is gone through."""
FEW: Final = 200
"""Cases that have all the pieces asked for are looked at one by one up to so many."""
LONGEST: Final = 64
TYPES_LENGTH: Final = 200
_UNFIT: Final = re.compile(r"[\s\"'\\\x00-\x1f\ud800-\udfff]")
"""What would part a piece, or end the text that the database's triggers read it from."""
_RUNS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


TITLED: Final = frozenset({Kind.SITE, Kind.PLAN, Kind.INDICATOR, Kind.DISPATCH, Kind.PATROL, Kind.STATION, Kind.FAULT})
"""Kinds of case that have a title, by which they are found."""


def pieces_of(case: Case) -> str:
    """Return the pieces of a case in order, between blanks: what its row of the read model holds."""
    # By the name of a seal its case is found (``adapters.recognising``); it tells nothing.
    tags = (
        *map(type_tag, case.types),
        area_tag(area_or_unit(case.place, case.unit)),
        *case.sealed,
        *((site_tag(case.site),) if case.site else ()),
        *(map(cell_tag, _cell(case))),
        *((trade_tag(case.trade),) if case.trade else ()),
        *(watch_tag(each.case) for each in case.sightings),
        *map(tie_tag, case.ties),
    )
    respondents = "\n".join(dict.fromkeys((case.respondent, *(each.respondent_found for each in case.findings))))
    names = "\n".join((case.title, *case.aliases)) if case.kind in TITLED else ""
    return _written(f"{case.id}\n{case.place}\n{case.summary}\n{case.measure}\n{respondents}\n{names}", tags)


@lru_cache(maxsize=4096)
def types_text(types: tuple[str, ...]) -> str | None:
    """Return a case's types as its row of the read model has them: JSON, None where that is too long for an index."""
    found = json.dumps(types, ensure_ascii=False)
    return found if len(found) <= TYPES_LENGTH else None


def type_tag(name: str) -> str:
    """Return the piece that every case of a type has; no word that is looked for begins so."""
    return _UNFIT.sub("_", f"#{name}")[:LONGEST]


def tells(tag: str, name: str) -> bool:
    """Return whether a type's tag is no other type's as well: nothing of the name was cut or left out."""
    return tag == f"#{name}" and "_" not in name and len(tag) < LONGEST


def area_tag(name: str) -> str:
    """Return the piece that every case of an area (``models.areas``) has."""
    return _UNFIT.sub("_", f"!{name}")[:LONGEST]


def site_tag(number: str) -> str:
    """Return the piece that every petition and task at a site has."""
    return _UNFIT.sub("_", f"^{number}")[:LONGEST]


def cell_tag(cell: str) -> str:
    """Return the piece that every petition of a cell (``models.spots``) has."""
    return f"*{cell}"


def _cell(case: Case) -> tuple[str, ...]:
    spot = spot_of(case.spot) if case.spot else None
    return (spot.cell(),) if spot else ()


def tie_tag(tie: Tie) -> str:
    """Return the piece that every petition of a tie has."""
    return f"&{tie.value}"


def trade_tag(name: str) -> str:
    """Return the piece that every site of a trade has."""
    return _UNFIT.sub("_", f"~{name}")[:LONGEST]


def watch_tag(number: str) -> str:
    """Return the piece by which the watch of a petition is found."""
    return _UNFIT.sub("_", f"@{number}")[:LONGEST]


@lru_cache(maxsize=4096)
def _written(text: str, tags: tuple[str, ...]) -> str:
    found: set[str] = set(tags)
    for written in {text.casefold(), plain(text)}:
        for run in _RUNS.findall(written):
            if run.isascii():
                found.update([run[at : at + each] for each in LENGTHS for at in range(len(run) - each + 1)])
            else:
                found.update(run, map(str.__add__, run, run[1:]))
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


def whole(word: str) -> bool:
    """Return whether a word is a piece: who has it has the word, where one may have all pieces of a word and not it."""
    return pieces_asked(word) == [word.casefold()]


@dataclass(frozen=True)
class Looked:
    """What the index told of some words: their pieces, the rarest first, and what a search of them begins with."""

    pieces: Sequence[str]
    israre: bool
    """Whether few cases have the first piece."""
    both: Sequence[str]
    """Where none is rare: cases that have all pieces, one farther than ``FEW``."""


def look(connection: sa.Connection, words: str) -> Looked:
    """Look words up in the index, as far as is needed to go about a search."""
    asked = sorted({piece for word in words.split() for piece in pieces_asked(word)})
    farthest = {piece: _farthest(connection, piece) for piece in asked}
    few = {piece: _count(connection, piece) for piece in asked if not farthest[piece]}
    asked.sort(key=lambda piece: (-few.get(piece, RARE + 1), farthest[piece]), reverse=True)
    return Looked(asked, bool(few), [] if few or not asked else _together(connection, asked))


def having(
    looked: Looked, written: list[sa.ColumnElement[bool]], *, partly: bool = False
) -> list[sa.ColumnElement[bool]]:
    """Return what a row of the read model must fulfil to have every word that is asked for.

    Args:
        looked: what the index told of them.
        written: that those words stand there that are not ``whole``, to be read in the state.
        partly: whether the first ``FEW`` with all the pieces will do, in the order of their numbers.
    """
    if not looked.pieces:
        return written
    index, case = tables.case_pieces.c, tables.cases.c.id
    if not looked.israre and (partly or len(looked.both) <= FEW):
        # Each may be common, and all of them seldom.
        return [case.in_(looked.both), *written]
    asked = list(looked.pieces)
    begin: list[sa.ColumnElement[bool]] = []
    if looked.israre:
        begin.append(case.in_(sa.select(index.case_id).where(index.piece == asked.pop(0))))
    # The offset keeps PostgreSQL from reading all cases with a piece to look a few up among them.
    pieces = [sa.select(1).where(index.piece == each, index.case_id == case).offset(0).exists() for each in asked]
    if not written:
        return [*begin, *pieces]
    # In this order: a database that may choose looks into the state first, and of every row.
    return [*begin, sa.case((sa.and_(sa.true(), *pieces), sa.and_(*written)), else_=sa.false())]


def _together(connection: sa.Connection, pieces: Sequence[str]) -> Sequence[str]:
    """Return cases that have all of some pieces, one farther than ``FEW``, going through those with the first."""
    first, other = tables.case_pieces.alias().c, tables.case_pieces.alias().c
    others = (sa.select(1).where(other.piece == each, other.case_id == first.case_id).exists() for each in pieces[1:])
    query = sa.select(first.case_id).where(first.piece == pieces[0], *others).limit(FEW + 1)
    return connection.execute(query).scalars().all()


def tagged(connection: sa.Connection, tags: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return what a row of the read model must fulfil to have one of some tags."""
    index = tables.case_pieces.c
    rare = rarely(connection, tags)
    return (
        sa.select(1).where(index.piece.in_(tags), index.case_id == tables.cases.c.id).exists() if rare is None else rare
    )


def in_hand(connection: sa.Connection, person: str, *, is_open: bool | None) -> sa.ColumnElement[bool] | None:
    """Return that a case is one of somebody's, as handler or leader, where they have few, else None.

    A list in an order would go through all cases for these few.

    Args:
        connection: what to look at the indexes by.
        person: who.
        is_open: which of their cases: those that are open, or not; all where it is None.
    """
    columns = tables.cases.alias().c
    some = [] if is_open is None else [columns.is_open == is_open]
    hands = [[column == person, *some] for column in (columns.handler, columns.leader)]
    ones: sa.CompoundSelect[Any] = sa.union_all(
        *(sa.select(sa.literal_column("1").label("one")).where(*hand) for hand in hands)
    )
    if connection.execute(sa.select(sa.func.count()).select_from(ones.limit(RARE + 1).subquery())).scalar_one() > RARE:
        return None
    return tables.cases.c.id.in_(sa.union_all(*(sa.select(columns.id).where(*hand) for hand in hands)))


def rarely(connection: sa.Connection, tags: Sequence[str]) -> sa.ColumnElement[bool] | None:
    """Return that a case is one of those with some tags where they are so few that a search begins there, else None."""
    if sum(_count(connection, each) for each in tags) > RARE:
        return None
    index = tables.case_pieces.c
    return tables.cases.c.id.in_(sa.select(index.case_id).where(index.piece.in_(tags)))


def _farthest(connection: sa.Connection, piece: str) -> str:
    """Return the number of the case with a piece that comes after ``RARE`` others, "" where there is none.

    The farther one has to go for so many, the rarer is the piece: what is common needs not be counted to compare.
    """
    index = tables.case_pieces.c
    query = sa.select(index.case_id).where(index.piece == piece).order_by(index.case_id).offset(RARE).limit(1)
    return connection.execute(query).scalar_one_or_none() or ""


def _count(connection: sa.Connection, piece: str) -> int:
    index = tables.case_pieces.c
    few = sa.select(index.case_id).where(index.piece == piece).limit(RARE + 1).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one())


def text_field(
    name: str, *, sqlite: bool, state: sa.ColumnElement[str] = tables.cases.c.state
) -> sa.ColumnElement[str]:
    """Return a text field of the read model's state; it leaves out what is empty, so what is not there is null."""
    if sqlite:
        return sa.func.json_extract(state, f"$.{name}", type_=sa.Text)
    from sqlalchemy.dialects.postgresql import JSONB

    return sa.func.jsonb_extract_path_text(sa.cast(state, JSONB), name, type_=sa.Text)
