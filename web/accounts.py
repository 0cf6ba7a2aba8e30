"""Accounts and tokens, for administrators: made, renewed, closed, revoked; what is shown once is shown once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.access.tokens import Scope
from models.permissions import Sight
from models.refusals import Malformed, UnknownPerson
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor

routes = APIRouter(include_in_schema=False)

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


def _page(request: Request, house: House, who: Visitor, **shown: str) -> Response:
    people = who.world.organisation.people if who.world.organisation else ()
    given = {
        "people": [each for each in people if not each.retired],
        "accounts": {each.person: each for each in house.accounts.every()},
        "tokens": house.tokens.every(),
        "scopes": list(Scope),
        "second": house.second.every(),
        "bound": house.identities.every(),
        "password": "",
        "token": "",
        "whose": "",
        **shown,
    }
    return page(request, "accounts.html", given, who=who)


@routes.get("/accounts")
def accounts(request: Request, house: At, who: Who) -> Response:
    """Show who may come in."""
    require(house, who, Sight.ACCOUNTS)
    return _page(request, house, who)


@routes.post("/accounts/{deed}")
def manage(request: Request, house: At, who: Who, form: Form, deed: str) -> Response:
    """Make, renew or close somebody's account, take away their second factor or their bound identity.

    Raises:
        UnknownPerson: there is nobody of that name in the organisation.
        Malformed: the deed is none of these.
    """
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    name = text(form, "person")
    person = who.world.organisation.person(name) if who.world.organisation else None
    if person is None or person.retired:
        raise UnknownPerson(person=name)
    password = ""
    match deed:
        case "make":
            password = house.accounts.make(name)
        case "renew":
            password = house.accounts.renew(name)
        case "close":
            house.accounts.close(name)
        case "second":
            house.second.end(name)
        case "oidc":
            # Binding for somebody else is not here on purpose: docs/security.md says why.
            house.identities.end(name)
        case _:
            raise Malformed(field="deed", why="make | renew | close | second | oidc")
    # Whoever was in by the old password, or by the identity that was taken away, is out.
    house.sessions.end_all(name)
    house.log.tell(who.actor.id, Deed.ACCOUNT, granted=True, about=name, why="oidc: end" if deed == "oidc" else deed)
    if not password:
        return RedirectResponse("/accounts", 303)
    return _page(request, house, who, password=password, whose=name)


@routes.post("/tokens/make")
def make_token(request: Request, house: At, who: Who, form: Form) -> Response:
    """Make a machine's token.

    Raises:
        UnknownPerson: there is nobody of that name in the organisation.
        Malformed: it has no name or no scope.
    """
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    name, title = text(form, "person"), text(form, "title")[:200]
    scopes = [each for each in Scope if each.value in form.getlist("scope")]
    if who.world.organisation is None or who.world.organisation.person(name) is None:
        raise UnknownPerson(person=name)
    if not title or not scopes:
        raise Malformed(field="title" if not title else "scope", why="必填 / needed")
    token = house.tokens.make(name, title, scopes, who.actor.id)
    house.log.tell(who.actor.id, Deed.TOKEN, granted=True, about=name, why="make")
    return _page(request, house, who, token=token, whose=name)


@routes.post("/tokens/revoke")
def revoke_token(house: At, who: Who, form: Form) -> Response:
    """Revoke a token."""
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    house.tokens.revoke(text(form, "token"))
    house.log.tell(who.actor.id, Deed.TOKEN, granted=True, about=text(form, "token"), why="revoke")
    return RedirectResponse("/accounts", 303)
