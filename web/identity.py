"""Opening the seal: who complained, in which words; for the few who need it, each time with a reason that is kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.sealed import SealError
from adapters.words import term_of
from models.case import Case
from models.permissions import OpeningReason, Sight
from models.refusals import Malformed
from models.vocabulary import Flag
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.reading import case_of

routes = APIRouter(include_in_schema=False)
REF = 60
"""Characters of the number of the paper that an opening rests on."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def may_open(house: House, who: Visitor, number: str) -> Case:
    """Return a case whose seal somebody may open.

    Raises:
        Unknown: there is no such case.
        NotForYou: they may not see it, or not who complained; that is kept.
    """
    case = case_of(house, who, number)
    require(house, who, Sight.IDENTITY)
    return case


def opened(house: House, who: Visitor, case: Case, reason: str, ref: str) -> list[dict[str, str]]:
    """Open what a case has under seal, having kept by whom and why; a seal whose key is gone gives nothing.

    Args:
        house: the console.
        who: who opens it.
        case: the case, which they may open.
        reason: an ``OpeningReason``'s value.
        ref: the number of the paper it rests on, if there is one; never a word about the petitioner.

    Raises:
        Malformed: without a reason nothing is opened.
    """
    why = term_of(OpeningReason, reason)
    if why is None:
        raise Malformed(field="reason", why="请选择理由 / choose a reason")
    told = f"{why.zh}{f'（{ref[:REF]}）' if ref else ''}"
    # Kept first: whoever cannot be written down sees nothing.
    house.log.tell(who.actor.id, Deed.OPEN, granted=True, about=case.id, why=told)
    if Flag.ERASED in case.flags:
        # Decided, though the engine may not have come to it yet: from then on nobody reads it.
        return []
    found = []
    for name in case.sealed:
        try:
            secret = house.desk.sealer.open(house.desk.database, name)
        except SealError:
            secret = None
        if secret:
            found.append(secret)
    return found


def _page(request: Request, who: Visitor, case: Case, **given: object) -> Response:
    told = {
        "case": case,
        "reasons": list(OpeningReason),
        "secrets": None,
        "said": "",
        "erased": Flag.ERASED in case.flags,
        **given,
    }
    return page(request, "identity.html", told, who=who, status=422 if given.get("said") else 200)


@routes.get("/cases/{number}/identity")
def ask_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Ask for the reason."""
    return _page(request, who, may_open(house, who, number))


@routes.post("/cases/{number}/identity")
def open_page(request: Request, house: At, who: Who, form: Form, number: str) -> Response:
    """Show what is under seal, this once."""
    check_form(form, who.csrf)
    case = may_open(house, who, number)
    try:
        secrets = opened(house, who, case, text(form, "reason"), text(form, "ref"))
    except Malformed as refusal:
        return _page(request, who, case, said=(refusal.zh, refusal.en))
    return _page(request, who, case, secrets=secrets)
