"""Which petitions may be about the same thing: near in place, alike in type and in words."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from adapters.database import Database
from adapters.paging import page
from adapters.queries import Filter
from models.case import Case
from models.organisation import Organisation
from models.routing import locate
from models.vocabulary import Kind

LOOKED_AT: Final = 150
"""Petitions of the place that are compared, the newest first."""
SHORTEST: Final = 2
"""Characters of a place below which nothing is looked for."""
ENOUGH: Final = 0.75
"""The least likeness, of at most 3: the place counts one, the types one, the words one."""


@dataclass(frozen=True)
class Alike:
    """A petition and how alike it is, from ``ENOUGH`` to 3."""

    case: Case
    likeness: float


def similar(
    database: Database,
    organisation: Organisation | None,
    place: str,
    types: Collection[str] = (),
    words: str = "",
    *,
    within: Filter,
    limit: int = 5,
) -> list[Alike]:
    """Return petitions that may be about the same, the most alike first, the newer of two that are equally so.

    Args:
        database: the read model.
        organisation: whose townships and grids a place is found in.
        place: where it happens, as far as it is written.
        types: its types of problem.
        words: what is complained of, as far as it is written.
        within: which cases may be seen.
        limit: at most so many.
    """
    place = place.strip()
    if len(place) < SHORTEST:
        return []
    located = locate(organisation, place) if organisation else None
    wanted = replace(within, kind=Kind.PETITION, words=located.word if located else place)
    found = [Alike(case, likeness(case, place, types, words)) for case in page(database, wanted, limit=LOOKED_AT).cases]
    return sorted((each for each in found if each.likeness >= ENOUGH), key=lambda each: -each.likeness)[:limit]


def likeness(case: Case, place: str, types: Collection[str], words: str) -> float:
    """Return how alike a case is, from 0 to 3."""
    shared = {each for each in types if any(each in other or other in each for other in case.types)}
    return _of(place, case.place) + (len(shared) / len(set(types)) if types else 0) + _of(words, case.summary)


def _of(wanted: str, there: str) -> float:
    """Return which share of a text's pairs of characters stands in another: works without knowing words."""
    pairs = _pairs(wanted)
    return len(pairs & _pairs(there)) / len(pairs) if pairs else 0


def _pairs(text: str) -> set[str]:
    plain = "".join(each for each in text.casefold() if each.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
