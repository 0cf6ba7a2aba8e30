"""The second factor in the console: setting it up, the code after the password, and one's own sessions."""

import secrets
import time
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from starlette.datastructures import FormData

from adapters.access.accounts import Locked
from adapters.access.log import Deed
from adapters.access.second import WrongCode
from models.refusals import Refused
from web.entrance import BY_NAME, HALF, before_page, check_before, come_in, local, said_of
from web.house import House, house_of
from web.pages import page
from web.people import NotInError, Visitor, check_form, kept_as, sent, take_back, text, visitor
from web.problems import status_of

routes = APIRouter(include_in_schema=False)
Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def _half(request: Request, house: House) -> tuple[str, str]:
    """Return who gave the right password, and where they were going.

    Raises:
        NotInError: nobody did, or too long ago.
    """
    mark, _, told = request.cookies.get(kept_as(house, HALF), "").partition("~")
    person, _, rest = told.partition("~")
    until, _, going = rest.partition("~")
    right = house.desk.sealer.ref(f"half/{told}")
    if not secrets.compare_digest(mark.encode("utf-8", "replace"), right.encode()) or int(until) < time.time():
        raise NotInError
    return person, local(going)


@routes.get("/login/code")
def code_page(request: Request, house: At) -> Response:
    """Ask for the code."""
    _half(request, house)
    return before_page(request, "code.html", {"said": ""})


@routes.post("/login/code")
def take_code(request: Request, house: At, form: Form) -> Response:
    """Let somebody in by their code; wrong ones count like wrong passwords."""
    check_before(request, form)
    person, going = _half(request, house)
    try:
        if wait := house.window.wait(f"code {person}", BY_NAME):
            raise Locked(minutes=-(-wait // 60))
        house.accounts.open(person)
        try:
            house.second.check(person, text(form, "code"))
        except WrongCode:
            house.accounts.failed(person)
            raise
    except Refused as refusal:
        house.log.tell(person, Deed.LOGIN, granted=False, why=refusal.code)
        status = 401 if isinstance(refusal, WrongCode) else status_of(refusal)
        return before_page(request, "code.html", {"said": said_of(refusal, request)}, status)
    house.log.tell(person, Deed.LOGIN, granted=True, why="两步验证 second factor")
    answer = come_in(request, house, person, going)
    take_back(answer, house, HALF)
    return answer


# ── setting it up ──


def _page(request: Request, house: House, who: Visitor, status: int = 200, **given: object) -> Response:
    told = {
        "factor": house.second.of(who.actor.id),
        "sessions": house.sessions.of(who.actor.id, who.token),
        "bound": house.identities.bound(who.actor.id),
        "secret": "",
        "qr": "",
        "codes": [],
        "said": "",
        **given,
    }
    return page(request, "second.html", told, who=who, status=status)


@routes.get("/me")
def me(request: Request, house: At, who: Who) -> Response:
    """Show how one's account is guarded: the second factor, and where one is logged in."""
    return _page(request, house, who)


@routes.post("/me/second")
def begin(request: Request, house: At, who: Who, form: Form) -> Response:
    """Begin a second factor, by one's password: a secret to scan, shown this once."""
    check_form(form, who.csrf)
    if (factor := house.second.of(who.actor.id)) and factor.confirmed:
        return RedirectResponse("/me", 303)
    try:
        house.accounts.check(who.actor.id, str(form.get("password", "")))
    except Refused as refusal:
        # Whoever finds an open browser would shut its owner out.
        house.log.tell(who.actor.id, Deed.ACCOUNT, granted=False, about=who.actor.id, why="second factor")
        return _page(request, house, who, 422, said=said_of(refusal, request))
    secret = house.second.begin(who.actor.id)
    office = who.world.organisation.name if who.world.organisation else ""
    drawn = segno.make(house.second.address(who.actor.id, secret, office), error="m")
    image = Markup(drawn.svg_inline(scale=4, border=2, title="TOTP"))  # noqa: S704 - drawn here
    return _page(request, house, who, secret=secret, qr=image)


@routes.post("/me/second/confirm")
def confirm(request: Request, house: At, who: Who, form: Form) -> Response:
    """Put it in force by a first code; the recovery codes are shown this once."""
    check_form(form, who.csrf)
    try:
        if wait := house.window.wait(f"code {who.actor.id}", BY_NAME):
            raise Locked(minutes=-(-wait // 60))
        codes = house.second.confirm(who.actor.id, text(form, "code"))
    except Refused as refusal:
        return _page(request, house, who, status_of(refusal), said=said_of(refusal, request))
    house.sessions.end_all(who.actor.id, but=who.token)
    house.log.tell(who.actor.id, Deed.ACCOUNT, granted=True, about=who.actor.id, why="second factor")
    return _page(request, house, who, codes=codes)


@routes.post("/me/second/end")
def end(request: Request, house: At, who: Who, form: Form) -> Response:
    """Take one's second factor away, by one's password."""
    check_form(form, who.csrf)
    try:
        house.accounts.check(who.actor.id, str(form.get("password", "")))
    except Refused as refusal:
        house.log.tell(who.actor.id, Deed.ACCOUNT, granted=False, about=who.actor.id, why="second factor: off")
        return _page(request, house, who, 422, said=said_of(refusal, request))
    house.second.end(who.actor.id)
    house.log.tell(who.actor.id, Deed.ACCOUNT, granted=True, about=who.actor.id, why="second factor: off")
    return RedirectResponse("/me", 303)


@routes.post("/me/sessions/end")
def end_sessions(house: At, who: Who, form: Form) -> Response:
    """End every other session of one's own."""
    check_form(form, who.csrf)
    house.sessions.end_all(who.actor.id, but=who.token)
    house.log.tell(who.actor.id, Deed.LOGOUT, granted=True, why="everywhere else")
    return RedirectResponse("/me", 303)
