"""Letters that did not arrive, or of which nobody knows, over all cases; sent again one by one or many at once."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from adapters import queries
from adapters.letters.forms import title_of
from adapters.letters.told import LOST, MARKS, why_words
from adapters.words import term_of
from models.delivery import LetterSeen
from models.lifecycle import PETITIONER
from models.permissions import Sight, may_see
from models.refusals import Refused
from models.vocabulary import Fate
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.reading import act, case_of

routes = APIRouter(include_in_schema=False)
LINES: Final = 100
"""Letters on the page, and at most so many sent again at once."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Again:
    """What came of sending a letter again: on its way, or why not."""

    case: str
    number: str
    why: tuple[str, str] | None = None


def _lost(house: House, who: Visitor) -> Iterator[tuple[str, LetterSeen]]:
    """Yield the letters that have to be seen to, of cases that the reader sees."""
    database, now = house.desk.database, house.desk.moments.now()
    for name in queries.with_letters(database, lost=True):
        if may_see(who.world, queries.case(database, name), who.actor, now):
            yield from ((name, each) for each in queries.letters(database, name) if each.fate in LOST)


def _page(request: Request, house: House, who: Visitor, came: list[Again] | None = None) -> Response:
    wanted = term_of(Fate, request.query_params.get("fate", "")[:20])
    found = list(islice((row for row in _lost(house, who) if wanted in {None, row[1].fate}), LINES + 1))
    given = {
        "letters": found[:LINES],
        "more": len(found) > LINES,
        "fates": [each for each in Fate if each in LOST],
        "wanted": wanted,
        "AGAIN": Fate.AGAIN,
        "PETITIONER": PETITIONER,
        "marks": MARKS,
        "title_of": lambda name: title_of(name, "en" if who.lang else "zh"),
        "why_words": why_words,
        "key": str(uuid.uuid4()),
        "came": came,
        "most": LINES,
    }
    return page(request, "letters.html", given, who=who)


@routes.get("/letters")
def letters(request: Request, house: At, who: Who) -> Response:
    """Show which letters did not arrive."""
    require(house, who, Sight.LETTERS)
    return _page(request, house, who)


@routes.post("/letters/resend")
def resend(request: Request, house: At, who: Who, form: Form) -> Response:
    """Send the chosen letters again, each through the door: what is refused for one keeps no other back."""
    check_form(form, who.csrf)
    require(house, who, Sight.LETTERS)
    key = text(form, "key")[:40] or str(uuid.uuid4())
    chosen = [value for value in dict.fromkeys(form.getlist("letter")) if isinstance(value, str)][:LINES]
    return _page(request, house, who, [_again(house, who, each, key) for each in chosen])


def _again(house: House, who: Visitor, chosen: str, key: str) -> Again:
    name, _, letter = chosen[:200].partition("|")
    try:
        case = case_of(house, who, name)
        number = next((each.number for each in case.unsettled if each.letter == letter), letter)
        # By the letter and not by its place in the list: the form sent twice, or cut off and sent whole, sends it once.
        act(house, who, case.id, "resend_letter", {"letter": letter}, key=f"{key}.{letter}"[:100], door="console")
    except Refused as fault:
        trouble = trouble_of(fault)
        return Again(name[:64], "", (trouble.zh, trouble.en))
    return Again(name, number)
