"""Coming in and going out: the first setup, log-in, log-out, a new password, the language."""

import secrets
import time
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.access.accounts import AlreadySetUp, Locked, SetupElsewhere, WrongPassword
from adapters.access.log import Deed
from adapters.access.sessions import LONGEST, csrf_of
from adapters.naming import person_id
from models.organisation import Person
from models.refusals import Refused
from models.vocabulary import Role
from web.house import House, house_of
from web.pages import page
from web.people import (
    LANGUAGES,
    SESSION,
    Visitor,
    agent_of,
    check_form,
    give,
    kept_as,
    lang_of,
    sent,
    take_back,
    text,
    visitor,
)
from web.problems import status_of
from web.serving import is_loopback
from web.speech import EN

routes = APIRouter(include_in_schema=False)
BEFORE = "bj_before"
"""The cookie that ties a form to the browser it was shown in, before anybody is logged in."""
BY_ADDRESS = 60
BY_NAME = 12
"""Log-ins that may be tried within five minutes."""

HALF: Final = "bj_half"
"""The cookie of somebody who gave the right password and still owes the code."""
WAITS: Final = 300
"""Seconds they have for it."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


class WrongCode(Refused):
    """设置码不正确，请看 banjie up 所在的终端。
    The setup code is not right; look at the terminal in which banjie up runs.
    """  # noqa: D205 - likewise


class NotTwice(Refused):
    """两次填写的新密码不一致。
    The new password was not written the same way twice.
    """  # noqa: D205 - likewise


def local(path: str) -> str:
    """Return a path of ours to go on to; anything that leads elsewhere is the front page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and "\\" not in path else "/"


@routes.get("/lang/{name}")
def choose_language(house: At, name: str, next: str = "/") -> Response:  # noqa: A002 - as it stands in the address
    """Remember the language."""
    answer = RedirectResponse(local(next), 303)
    give(answer, house, "lang", name if name in LANGUAGES else "zh", 365 * 86400)
    return answer


def before_page(request: Request, form: str, given: Mapping[str, object], status: int = 200) -> Response:
    """Return a page for somebody who is not logged in, with a form tied to their browser."""
    house = house_of(request)
    mark = request.cookies.get(kept_as(house, BEFORE)) or secrets.token_urlsafe(24)
    answer = page(request, form, {**given, "csrf": csrf_of(mark)}, status=status)
    give(answer, house, BEFORE, mark)
    return answer


def check_before(request: Request, form: FormData) -> None:
    """Make sure that a form of somebody who is not logged in comes from a page of ours, in this very browser.

    Raises:
        ForgedError: it does not.
    """
    mark = request.cookies.get(kept_as(house_of(request), BEFORE), "")
    check_form(form, csrf_of(mark) if mark else "")


def address_of(request: Request) -> str:
    """Return where a request came from."""
    return request.client.host if request.client else ""


def said_of(refusal: Refused, request: Request) -> str:
    """Return a refusal's sentence in the asker's language."""
    return refusal.en if lang_of(request) == EN else refusal.zh


def come_in(request: Request, house: House, person: str, to: str) -> Response:
    """Begin somebody's session and lead them on."""
    if before := request.cookies.get(kept_as(house, SESSION)):
        house.sessions.end(before)
    token = house.sessions.begin(person, agent_of(request))
    answer = RedirectResponse(to, 303)
    give(answer, house, SESSION, token, int(LONGEST.total_seconds()))
    take_back(answer, house, BEFORE)
    return answer


# ── setup ──


def _administrators(house: House) -> list[Person]:
    organisation = house.desk.world().organisation
    return [each for each in organisation.people if Role.ADMINISTRATOR in each.roles] if organisation else []


def _setup_open(request: Request, house: House) -> None:
    if house.accounts.exist():
        raise AlreadySetUp
    if not is_loopback(address_of(request)):
        raise SetupElsewhere


@routes.get("/setup")
def setup_page(request: Request, house: At) -> Response:
    """Show the setup, while there is no account yet."""
    _setup_open(request, house)
    return before_page(request, "setup.html", {"people": _administrators(house), "said": "", "chosen": ""})


@routes.post("/setup")
def set_up(request: Request, house: At, form: Form) -> Response:
    """Make the first administrator's account."""
    _setup_open(request, house)
    check_before(request, form)
    person, new = text(form, "person"), str(form.get("new", ""))
    people = _administrators(house)
    try:
        if wait := house.window.wait("setup", BY_NAME):
            raise Locked(minutes=-(-wait // 60))
        if not house.is_setup_code(text(form, "code")) or person not in {each.id for each in people}:
            house.log.tell("?", Deed.SETUP, granted=False, why="code")
            raise WrongCode
        if new != str(form.get("again", "")):
            raise NotTwice
        house.accounts.make_first(person, new)
    except AlreadySetUp:
        raise
    except Refused as refusal:
        given = {"people": people, "said": said_of(refusal, request), "chosen": person}
        return before_page(request, "setup.html", given, status_of(refusal))
    house.log.tell(person, Deed.SETUP, granted=True)
    return come_in(request, house, person, "/accounts")


# ── log-in ──


@routes.get("/login")
def login_page(request: Request, house: At, next: str = "/") -> Response:  # noqa: A002 - as above
    """Show the log-in."""
    if not house.accounts.exist():
        return RedirectResponse("/setup", 303)
    return before_page(request, "login.html", {"said": "", "name": "", "going": local(next)})


def half_in(house: House, person: str, going: str) -> Response:
    """Return the way to the code for somebody whose password was right."""
    answer = RedirectResponse("/login/code", 303)
    told = f"{person}~{int(time.time()) + WAITS}~{going}"
    give(answer, house, HALF, f"{house.desk.sealer.ref(f'half/{told}')}~{told}", WAITS)
    return answer


@routes.post("/login")
def log_in(request: Request, house: At, form: Form) -> Response:
    """Log somebody in."""
    check_before(request, form)
    name, going = text(form, "name"), local(text(form, "next") or "/")
    world = house.desk.world()
    wait = max(house.window.wait(f"at {address_of(request)}", BY_ADDRESS), house.window.wait(f"by {name}", BY_NAME))
    if wait:
        # Not logged: whoever hammers at the door must not fill the log.
        said = said_of(Locked(minutes=-(-wait // 60)), request)
        return before_page(request, "login.html", {"said": said, "name": name, "going": going}, 429)
    known = None
    try:
        person = world.organisation.person(person_id(world, name)) if world.organisation else None
        known = person.id if person and not person.retired else None
        # A name that is nobody's takes as long and is answered alike. What was typed is not kept: it may be a password.
        house.accounts.check(known or "", str(form.get("password", "")))
        if known is None:
            raise WrongPassword
    except Refused as refusal:
        house.log.tell(known or "?", Deed.LOGIN, granted=False, why=refusal.code)
        said, status = said_of(refusal, request), status_of(refusal)
        if status not in {401, 429}:
            said, status = said_of(WrongPassword(), request), 401
        return before_page(request, "login.html", {"said": said, "name": name, "going": going}, status)
    factor = house.second.of(known)
    if factor and factor.confirmed:
        # Half way: the code decides, and is what the log tells of.
        return half_in(house, known, going)
    house.log.tell(known, Deed.LOGIN, granted=True)
    return come_in(request, house, known, going)


@routes.post("/logout")
def log_out(house: At, who: Who, form: Form) -> Response:
    """End the session."""
    check_form(form, who.csrf)
    house.sessions.end(who.token)
    house.log.tell(who.actor.id, Deed.LOGOUT, granted=True)
    answer = RedirectResponse("/login", 303)
    # What the inspectors' page kept on the device goes as well (docs/field.md).
    answer.headers["Clear-Site-Data"] = '"storage"'
    take_back(answer, house, SESSION)
    return answer


@routes.get("/password")
def password_page(request: Request, who: Who) -> Response:
    """Show the change of one's password."""
    return page(request, "password.html", {"said": ""}, who=who)


@routes.post("/password")
def change_password(request: Request, house: At, who: Who, form: Form) -> Response:
    """Change one's password; every other session of theirs ends."""
    check_form(form, who.csrf)
    new = str(form.get("new", ""))
    try:
        if new != str(form.get("again", "")):
            raise NotTwice
        house.accounts.change(who.actor.id, str(form.get("old", "")), new)
    except Refused as refusal:
        house.log.tell(who.actor.id, Deed.CHANGE, granted=False, why=refusal.code)
        return page(request, "password.html", {"said": said_of(refusal, request)}, who=who, status=status_of(refusal))
    house.sessions.end_all(who.actor.id, but=who.token)
    house.log.tell(who.actor.id, Deed.CHANGE, granted=True)
    return RedirectResponse("/?done=password", 303)
