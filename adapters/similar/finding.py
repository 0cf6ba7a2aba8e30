"""The petitions that may be about the same as one, or as what is being typed; the most alike first, each with why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import orjson

from adapters.database import Database
from adapters.plain import plain
from adapters.queries import Filter
from adapters.similar.nearby import nearby
from models.case import Case
from models.counting import legal_day
from models.likeness import ENOUGH, Reason, Said, judge
from models.spots import spot_of

SHOWN: Final = 5


@dataclass(frozen=True)
class Wanted:
    """What is asked about: a petition that is there (``case``), or what is typed so far."""

    said: Said
    case: Case | None = None


@dataclass(frozen=True)
class Found:
    """A petition that may be about the same.

    Attributes:
        case: the petition.
        likeness: how alike it is, from 0 to 1.
        sure: whether it is probably about the same (很可能是同一件事).
        reasons: what the two have in common.
    """

    case: Case
    likeness: float
    sure: bool
    reasons: tuple[Reason, ...]


def typed(
    place: str,
    summary: str,
    *,
    respondents: Iterable[str] = (),
    types: Iterable[str] = (),
    day: date | None = None,
    spot: str = "",
) -> Wanted:
    """Return what is asked about as it stands on a form."""
    return Wanted(
        Said(plain(place.strip()), plain(summary.strip()), _plain(respondents), _plain(types), day, spot_of(spot)),
    )


def of_case(case: Case) -> Wanted:
    """Return what is asked about: a petition that is there."""
    return Wanted(said_of(case), case)


def said_of(case: Case) -> Said:
    """Return what a petition says of its matter."""
    respondents = (case.respondent, *(finding.respondent_found for finding in case.findings))
    return _said(case.place, case.summary, respondents, case.types, case.registered_at, case.spot)


def find(
    database: Database,
    wanted: Wanted,
    *,
    within: Filter | None = None,
    limit: int = SHOWN,
    people: Callable[[], Iterable[str]] | None = None,
    left_out: Callable[[Case], bool] | None = None,
) -> list[Found]:
    """Return the petitions that may be about the same, the most alike first, the newer of two that are equally so.

    Args:
        database: the read model and its index.
        wanted: what is asked about.
        within: which petitions may be seen; None for all of them.
        limit: at most so many.
        people: asks for the numbers of petitions known to be the same petitioner's; asked once.
        left_out: whether a petition is not to be suggested, beside those of which people said already what they are.
    """
    if not wanted.said.pieces:
        return []
    around = nearby(database, wanted.said, within, without=wanted.case.id if wanted.case else None)
    same = frozenset(people()) if people and around.states else frozenset()
    judged = []
    for number, state in around.states:
        verdict = judge(wanted.said, _said_in(state), around.weigh, person=number in same)
        if verdict.likeness >= ENOUGH:
            judged.append((verdict, number, state))
    judged.sort(key=lambda each: (each[0].likeness, each[1]), reverse=True)
    found: list[Found] = []
    for verdict, _, state in judged:
        if len(found) == limit:
            break
        case = Case.model_validate_json(state)
        if not (wanted.case and decided(wanted.case, case)) and not (left_out and left_out(case)):
            found.append(Found(case, *verdict))
    return found


def decided(one: Case, other: Case) -> bool:
    """Return whether people have said already what two petitions are to each other: joined, split, repeat, or no."""
    related = {*one.followers, *one.parts, *one.repeats, *one.not_same, one.leading, one.split_from, one.repeat_of}
    return other.id in related or (one.leading is not None and one.leading == other.leading)


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(each.strip()) for each in texts if each.strip()))


@lru_cache(maxsize=2048)
def _said_in(state: str) -> Said:
    """Return what a petition says, read from its state: parsing the whole of it takes ten times as long."""
    told: dict[str, Any] = orjson.loads(state)
    registered = told.get("registered_at")
    return _said(
        told.get("place", ""),
        told.get("summary", ""),
        (told.get("respondent", ""), *(each.get("respondent_found", "") for each in told.get("findings", ()))),
        told.get("types", ()),
        datetime.fromisoformat(registered) if registered else None,
        told.get("spot", ""),
    )


def _said(
    place: str, summary: str, respondents: Iterable[str], types: Iterable[str], registered: datetime | None, spot: str
) -> Said:
    day = legal_day(registered) if registered else None
    return Said(plain(place), plain(summary), _plain(respondents), _plain(types), day, spot_of(spot))
