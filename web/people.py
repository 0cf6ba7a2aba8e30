"""Who asks: somebody who is logged in, or a machine with a token; in which language they read."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response
from starlette.datastructures import FormData

from adapters import SetupError
from adapters.access.log import Deed
from adapters.access.tokens import Scope
from models.organisation import Person
from models.permissions import Reach, Sight, reach
from models.refusals import NotForYou
from models.world import Actor, World, actor_of
from web.house import House, house_of
from web.speech import EN, ZH

SESSION: Final = "banjie"
"""The cookie of a session."""
FIELDS: Final = 3000
FILES: Final = 60
BY_TOKEN: Final = 6000
"""Calls of one token within the window's five minutes: twenty a second, more than a large import makes."""
BY_STRANGER: Final = 60
"""Calls from one address, likewise, with a token that is none."""


class NotInError(Exception):
    """Nobody is logged in; ``where`` is the page that helps."""

    def __init__(self, where: str = "/login") -> None:
        super().__init__(where)
        self.where = where


class NotAdmittedError(Exception):
    """A program came without a session or a token that is in force."""


class TooOftenError(Exception):
    """A program asks more often than any needs to; ``wait`` says for how many seconds it has to rest."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class ForgedError(Exception):
    """A form did not bring back what its page gave it: it is not ours, or it is from before the last log-in."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who came in, and the world as it is at this moment; ``scopes`` is None but for a machine's token."""

    world: World
    person: Person
    actor: Actor
    lang: int
    csrf: str = ""
    token: str = ""
    scopes: frozenset[Scope] | None = None
    must_change: bool = False
    must_second: bool = False

    def sees(self, sight: Sight) -> Reach | None:
        """Return how much of something they see."""
        return reach(self.actor, sight)


LANGUAGES: Final = ("zh", "zh-hant", "en")
"""What may be chosen: simplified and traditional characters, English."""


def lang_of(request: Request) -> int:
    """Return the language: as chosen, else as the browser prefers, else Chinese."""
    chosen = request.cookies.get(kept_as(house_of(request), "lang"))
    if chosen in LANGUAGES:
        return EN if chosen == "en" else ZH
    best, rank = ZH, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            each = float(weight) if weight else 1.0
        except ValueError:
            continue
        if name[:2].lower() in {"zh", "en"} and each > rank:
            best, rank = (EN if name[:2].lower() == "en" else ZH), each
    return best


def reads_traditional(request: Request) -> bool:
    """Tell whether Chinese is read in traditional characters: as chosen, else as the browser's first Chinese says."""
    if chosen := request.cookies.get(kept_as(house_of(request), "lang")):
        return chosen == "zh-hant"
    told = request.headers.get("accept-language", "").lower()
    first = next((part.strip() for part in told.split(",") if part.strip().startswith("zh")), "")
    return first.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo"))


def kept_as(house: House, name: str) -> str:
    """Return what a cookie is called; with TLS so that no other host and no page without TLS can set it."""
    return f"__Host-{name}" if house.secure else name


def cookie_name(house: House) -> str:
    """Return the name of the session's cookie."""
    return kept_as(house, SESSION)


def give(answer: Response, house: House, name: str, value: str, seconds: int | None = None) -> None:
    """Give a browser a cookie of ours: for no script, no other site, and with TLS for no line without."""
    answer.set_cookie(
        kept_as(house, name), value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=house.secure
    )


def take_back(answer: Response, house: House, name: str) -> None:
    """Take a cookie of ours away again."""
    answer.delete_cookie(kept_as(house, name), path="/", httponly=True, samesite="lax", secure=house.secure)


def agent_of(request: Request) -> str:
    """Return the browser as it calls itself."""
    return request.headers.get("user-agent", "")[:400]


def _visitor(request: Request) -> Visitor | None:
    house = house_of(request)
    token = request.cookies.get(cookie_name(house), "")
    session = house.sessions.find(token, agent_of(request)) if token else None
    account = house.accounts.of(session.person) if session else None
    if session is None or account is None or account.closed:
        return None
    world = house.desk.world()
    person = world.organisation.person(session.person) if world.organisation else None
    if person is None or person.retired:
        return None
    return Visitor(
        world,
        person,
        actor_of(person),
        lang_of(request),
        csrf=session.csrf,
        token=token,
        must_change=account.must_change,
        must_second=_must_second(house_of(request), person),
    )


def _must_second(house: House, person: Person) -> bool:
    """Tell whether somebody's role demands a second factor that they have not set up yet."""
    demanded = house.desk.settings.second_factor.split()
    if not any(role.value in demanded for role in person.roles):
        return False
    factor = house.second.of(person.id)
    return factor is None or not factor.confirmed


def visitor(request: Request) -> Visitor:
    """Return who is logged in.

    Raises:
        NotInError: nobody, or their password has to be changed first.
    """
    found = _visitor(request)
    if found is None:
        raise NotInError("/login" if house_of(request).accounts.exist() else "/setup")
    if found.must_change and request.url.path not in {"/password", "/logout"}:
        raise NotInError("/password")
    if found.must_second and not request.url.path.startswith(("/me", "/password", "/logout")):
        raise NotInError("/me")
    return found


def perhaps(request: Request) -> Visitor | None:
    """Return who is logged in, None where nobody is or where that cannot be asked now."""
    try:
        return _visitor(request)
    except SetupError:
        return None


def caller(request: Request) -> Visitor:
    """Return who calls the API: a token's person, or who is logged in.

    Raises:
        NotAdmittedError: neither.
        TooOftenError: too many calls in a short time.
        ForgedError: a browser's call that changes something came without the session's own mark.
    """
    return still(request, counted=True)


def still(request: Request, *, counted: bool = False) -> Visitor:
    """Return who calls the API, as ``caller`` does; a look at whether they still may is not counted as a call."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return by_token(request, token.strip(), counted=counted)
    who = logged_in(request)
    if request.method not in {"GET", "HEAD"}:
        _check(request.headers.get("x-csrf-token", ""), who.csrf)
    return who


def logged_in(request: Request) -> Visitor:
    """Return who is logged in, for a program in their browser; whether it is a page of ours the caller has to ask.

    Raises:
        NotAdmittedError: nobody, or they have their password to change or a second factor to set up first.
    """
    who = _visitor(request)
    if who is None or who.must_change or who.must_second:
        raise NotAdmittedError
    return who


def by_token(request: Request, token: str, *, counted: bool = True) -> Visitor:
    """Return the person in whose name a token speaks.

    Raises:
        NotAdmittedError: it is none, or not in force any more.
        TooOftenError: too many calls in a short time.
    """
    house = house_of(request)
    found = house.tokens.find(token)
    world = house.desk.world()
    person = world.organisation.person(found.person) if found and world.organisation else None
    if found is None or person is None or person.retired:
        slowly(house, f"stranger {request.client.host if request.client else ''}", BY_STRANGER)
        raise NotAdmittedError
    if counted:
        slowly(house, f"token {found.id}", BY_TOKEN)
    return Visitor(world, person, actor_of(person), lang_of(request), token=found.id, scopes=found.scopes)


def slowly(house: House, key: str, limit: int) -> None:
    """Count a call of somebody.

    Raises:
        TooOftenError: there were too many in a short time.
    """
    if wait := house.window.wait(key, limit):
        raise TooOftenError(wait)


async def sent(request: Request) -> AsyncIterator[FormData]:
    """Give the form that was sent; its uploads are gone once the answer is on its way."""
    async with request.form(max_fields=FIELDS, max_files=FILES, max_part_size=2**20) as form:
        yield form


def text(form: FormData, name: str) -> str:
    """Return one field of a form as text, without surrounding blanks."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def check_form(form: FormData, mark: str) -> None:
    """Make sure that a form comes from a page of ours.

    Raises:
        ForgedError: it does not.
    """
    _check(text(form, "csrf"), mark)


def _check(given: str, mark: str) -> None:
    if not mark or not secrets.compare_digest(given.encode("utf-8", "replace"), mark.encode()):
        raise ForgedError


def require(house: House, who: Visitor, sight: Sight) -> Reach:
    """Return how much of something somebody sees; whoever sees nothing is turned away, and that is kept.

    Raises:
        NotForYou: nothing.
    """
    found = who.sees(sight)
    if found is None:
        house.log.tell(who.actor.id, Deed.READ, granted=False, about=sight.value, why="职责 role")
        raise NotForYou(person=who.actor.id, what=sight.zh, what_en=sight.en)
    return found


def require_scope(house: House, who: Visitor, scope: Scope) -> None:
    """Turn away a machine whose token does not reach so far.

    Raises:
        NotForYou: it does not.
    """
    if who.scopes is not None and scope not in who.scopes:
        house.log.tell(who.actor.id, Deed.READ, granted=False, about=scope.value, why=f"token {who.token}")
        raise NotForYou(
            person=who.actor.id, what=f"“{scope.zh}”（令牌范围）", what_en=f'"{scope.en}" (scope of the token)'
        )
