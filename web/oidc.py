"""Logging in by an identity provider, beside the password; for those who bound their identity while logged in."""

import json
import secrets
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from adapters.access.identities import BoundElsewhere
from adapters.access.log import Deed
from adapters.access.oidc import Begun, Identity, NotIdentified, ProviderAwayError
from models.refusals import Refused
from web.entrance import before_page, come_in, half_in, local, said_of
from web.house import House, house_of
from web.people import Visitor, check_form, give, kept_as, perhaps, sent, take_back, visitor
from web.problems import status_of

if TYPE_CHECKING:
    from adapters.access.provider import Provider

routes = APIRouter(include_in_schema=False)
WAY: Final = "way"
"""The cookie of a log-in on its way."""
WAITS: Final = 600
"""Seconds that it may take."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


class NotBound(Refused):
    """该统一身份尚未绑定本系统账号：请先用密码登录，在“我的账号”绑定一次。
    That identity is bound to no account here: log in with your password once, and bind it on "My account".
    """  # noqa: D205 - as with every refusal, the sentence in both languages


def _provider(house: House) -> "Provider":
    if house.provider is None:
        raise HTTPException(404)
    return house.provider


def _back(request: Request, house: House) -> str:
    base = house.desk.settings.oidc_back or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}/login/oidc/back"


@routes.get("/login/oidc")
def begin(request: Request, house: At, next: str = "/", bind: str = "") -> Response:  # noqa: A002 - as the log-in's
    """Lead to the provider; with ``bind`` whoever is logged in binds who they are there."""
    who = perhaps(request) if bind else None
    try:
        begun = _provider(house).begin(_back(request, house))
    except ProviderAwayError as away:
        given = {"said": away.en if _english(request) else away.zh, "name": "", "going": local(next)}
        return before_page(request, "login.html", given, 503)
    told = json.dumps([asdict(begun), local(next), who.actor.id if who else "", int(time.time()) + WAITS])
    answer = RedirectResponse(begun.url, 303)
    give(answer, house, WAY, f"{house.desk.sealer.ref(f'way/{told}')}~{told.encode().hex()}", WAITS)
    return answer


def _english(request: Request) -> bool:
    return request.cookies.get(kept_as(house_of(request), "lang")) == "en"


def _on_its_way(request: Request, house: House) -> tuple[Begun, str, str]:
    """Return the log-in that this browser began, where it was going, and who wanted to bind.

    Raises:
        NotIdentified: it began none, or too long ago, or somebody else's came back.
    """
    mark, _, shut = request.cookies.get(kept_as(house, WAY), "").partition("~")
    try:
        told = bytes.fromhex(shut).decode()
        right = house.desk.sealer.ref(f"way/{told}")
        if not secrets.compare_digest(mark.encode("utf-8", "replace"), right.encode()):
            raise NotIdentified(why="cookie")
        begun, going, binds, until = json.loads(told)
        found = Begun(**begun)
    except (ValueError, TypeError):
        raise NotIdentified(why="cookie") from None
    given = request.query_params.get("state", "")
    if until < time.time() or not secrets.compare_digest(given.encode("utf-8", "replace"), found.state.encode()):
        raise NotIdentified(why="state")
    return found, local(going), binds


@routes.get("/login/oidc/back")
def back(request: Request, house: At) -> Response:
    """Let somebody in whom the provider identified, or bind them; each try is kept in the access log."""
    provider, person = _provider(house), "?"
    try:
        begun, going, binds = _on_its_way(request, house)
        code = request.query_params.get("code", "")
        if not code:
            raise NotIdentified(why=request.query_params.get("error", "code")[:40])
        identity = provider.finish(_back(request, house), code, begun)
        if binds:
            return _bound(request, house, identity, binds)
        person = house.identities.person_of(identity) or "?"
        if person == "?":
            raise NotBound
        house.accounts.open(person)
    except (Refused, ProviderAwayError) as fault:
        why = fault.code if isinstance(fault, Refused) else "provider_away"
        house.log.tell(person, Deed.LOGIN, granted=False, why=f"oidc: {why}")
        said = said_of(fault, request) if isinstance(fault, Refused) else fault.en if _english(request) else fault.zh
        status = 401 if isinstance(fault, Refused) else 503
        answer = before_page(request, "login.html", {"said": said, "name": "", "going": "/"}, status)
    else:
        factor = house.second.of(person)
        if factor and factor.confirmed and not identity.strong:
            answer = half_in(house, person, going)
        else:
            house.log.tell(person, Deed.LOGIN, granted=True, why="oidc")
            answer = come_in(request, house, person, going)
    # A code and its way are good once.
    take_back(answer, house, WAY)
    return answer


def _bound(request: Request, house: House, identity: Identity, person: str) -> Response:
    """Bind an identity to whoever began it, if they still are who is logged in here."""
    who = perhaps(request)
    if who is None or who.actor.id != person:
        raise NotIdentified(why="session")
    try:
        house.identities.bind(identity, person)
    except BoundElsewhere as fault:
        house.log.tell(person, Deed.ACCOUNT, granted=False, about=person, why="oidc: bound elsewhere")
        return before_page(
            request, "login.html", {"said": said_of(fault, request), "name": "", "going": "/"}, status_of(fault)
        )
    house.log.tell(person, Deed.ACCOUNT, granted=True, about=person, why="oidc: bind")
    return RedirectResponse("/me", 303)


@routes.post("/me/oidc/end")
def end(house: At, who: Who, form: Form) -> Response:
    """Take one's own binding away."""
    check_form(form, who.csrf)
    house.identities.end(who.actor.id)
    house.log.tell(who.actor.id, Deed.ACCOUNT, granted=True, about=who.actor.id, why="oidc: end")
    return RedirectResponse("/me", 303)
