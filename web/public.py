"""The public page: a resident asks after a petition with the receipt's number and code, and rates how it ended.

Nobody logs in here. It tells where the matter stands and by when, never who complained, who handles it or what anybody
wrote; a wrong number and a wrong code are answered alike, after the same work.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from adapters import queries
from adapters.access.accounts import Locked
from models.case import Case
from models.envelope import Envelope
from models.refusals import Refused, Unknown
from models.vocabulary import Flag, Kind, Status
from web.entrance import address_of, before_page, check_before, said_of
from web.house import House, house_of
from web.people import sent, text
from web.problems import status_of

routes = APIRouter(include_in_schema=False)
BY_ADDRESS: Final = 30
BY_NUMBER: Final = 10
"""Questions that may be asked within five minutes from one address, and after one number."""
RATINGS: Final = {"5": ("满意", "satisfied"), "3": ("基本满意", "mostly satisfied"), "1": ("不满意", "not satisfied")}
MEANS: Final = {
    Status.REGISTERED: ("已登记，正在审查是否受理。", "Registered; whether it is accepted is being looked at."),
    Status.ACCEPTED: ("已受理，正在确定承办单位。", "Accepted; the unit that handles it is being chosen."),
    Status.ASSIGNED: ("已交承办单位，等待现场核查。", "With the unit that handles it, which will go and look."),
    Status.VERIFIED: ("已现场核查，正在研究处理。", "Looked into on site; what follows is being decided."),
    Status.RECTIFYING: ("正在整改。", "It is being put right."),
    Status.REVIEWING: ("处理结果正在审核。", "The outcome is under review."),
    Status.INTERIM: ("已阶段性办结，后续整改仍在进行。", "Closed for now; work on it goes on."),
    Status.CLOSED: ("已办结。", "Closed."),
    Status.SIGNED_OFF: ("已办结并销号。", "Closed and signed off."),
    Status.RECONSIDERING: ("正在复查。", "Under reconsideration."),
    Status.DECLINED: ("不予受理，理由见告知书。", "Not accepted; the notice tells why."),
    Status.REFERRED: ("已转送有权处理的机关。", "Passed on to the authority in charge."),
    Status.WITHDRAWN: ("已撤回。", "Withdrawn."),
}
"""What a status means to a resident."""


class NotFound(Refused):
    """没有找到：请核对编号和查询码。
    Not found: please check the number and the code.
    """  # noqa: D205 - as with every refusal, the sentence in both languages


@dataclass(frozen=True)
class Shown:
    """What a resident is told of a case: instants are UTC, None where it did not come to that."""

    number: str
    status: Status
    means: tuple[str, str]
    unit: str | None
    registered: datetime | None
    accepted: datetime | None
    promised: datetime | None
    closed: datetime | None
    replied: bool
    rating: int | None
    may_rate: bool
    erased: bool


Form = Annotated[FormData, Depends(sent)]
At = Annotated[House, Depends(house_of)]


def shown_of(case: Case) -> Shown:
    """Return what a resident is told of a case."""
    close = next((clock.due for clock in case.clocks if clock.name == "close" and not clock.paused_by), None)
    replied = Flag.REPLIED in case.flags
    return Shown(
        case.id,
        case.status,
        MEANS[case.status],
        case.unit,
        case.registered_at,
        case.accepted_at,
        close if case.is_open else None,
        case.closed_at,
        replied,
        case.rating,
        replied and case.rating is None and case.status in {Status.CLOSED, Status.SIGNED_OFF},
        Flag.ERASED in case.flags,
    )


def _found(request: Request, house: House, number: str, code: str) -> Case:
    """Return the case of a number and its code.

    Raises:
        Locked: it was tried too often from here, or with this number.
        NotFound: there is none of both.
    """
    number, code = number.strip().upper()[:64], "".join(code.split()).upper()[:64]
    tries = (f"ask at {address_of(request)}", BY_ADDRESS), (f"ask after {number}", BY_NUMBER)
    if wait := max(house.window.wait(*each) for each in tries):
        raise Locked(minutes=-(-wait // 60))
    right = house.desk.sealer.query_code(number)
    try:
        case = queries.case(house.desk.database, number) if number else None
    except Unknown:
        case = None
    fits = secrets.compare_digest(right.encode(), code.encode("utf-8", "replace"))
    if case is None or case.kind is not Kind.PETITION or not fits:
        raise NotFound
    return case


def _page(request: Request, house: House, given: Mapping[str, object], status: int = 200) -> Response:
    world = house.desk.world()
    office = world.organisation.name if world.organisation else ""
    units = {
        each.id: (each.zh, each.en or each.zh) for each in (world.organisation.units if world.organisation else ())
    }
    told = {"said": "", "case": None, "number": "", "query_code": "", "thanks": False, "ratings": RATINGS}
    return before_page(request, "public.html", {**told, "office": office, "units": units, **given}, status)


def _open(house: House) -> None:
    if not house.desk.settings.public:
        raise HTTPException(404)


@routes.get("/public")
def ask_page(request: Request, house: At) -> Response:
    """Show the form to ask after a petition."""
    _open(house)
    return _page(request, house, {})


@routes.post("/public")
def ask(request: Request, house: At, form: Form) -> Response:
    """Tell where a petition stands; the number and the code come in a form, so they stand in no address and no log."""
    _open(house)
    check_before(request, form)
    number, code = text(form, "number"), text(form, "code")
    try:
        case = _found(request, house, number, code)
    except Refused as refusal:
        given = {"said": said_of(refusal, request), "number": number[:64]}
        return _page(request, house, given, 404 if isinstance(refusal, NotFound) else status_of(refusal))
    return _page(request, house, {"case": shown_of(case), "number": case.id, "query_code": code})


@routes.post("/public/rate")
def rate(request: Request, house: At, form: Form) -> Response:
    """Take a resident's rating, once, after the written reply."""
    _open(house)
    check_before(request, form)
    number, code, rating = text(form, "number"), text(form, "code"), text(form, "rating")
    try:
        case = _found(request, house, number, code)
        if not shown_of(case).may_rate or rating not in RATINGS:
            return RedirectResponse("/public", 303)
        envelope = Envelope(
            id=f"public/{case.id}/rate",
            case=case.id,
            actor="engine",
            command="rate",
            data={"rating": int(rating)},
            via={"door": "public"},
        )
        house.desk.door.perform([envelope], trusted=True)
    except Refused as refusal:
        return _page(request, house, {"said": said_of(refusal, request), "number": number[:64]}, status_of(refusal))
    rated = queries.case(house.desk.database, case.id)
    return _page(request, house, {"case": shown_of(rated), "number": case.id, "query_code": code, "thanks": True})
