"""Webhooks, for administrators: which addresses are told what happens, and what became of each message."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.access.log import Deed
from adapters.hooks.store import Hook, State, checked
from adapters.hooks.telling import trial
from models.lifecycle import EVENTS
from models.permissions import Sight
from models.refusals import Malformed, Refused, UnknownPerson
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of

routes = APIRouter(include_in_schema=False)
LATEST: Final = 50
"""Messages shown of one address."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/admin/webhooks")
def webhooks(request: Request, house: At, who: Who) -> Response:
    """Show every address, and the form for a new one."""
    require(house, who, Sight.WEBHOOKS)
    return _every(request, house, who)


@routes.post("/admin/webhooks")
def make(request: Request, house: At, who: Who, form: Form) -> Response:
    """Make a new one; its secret is shown this once. What cannot be used comes back with what was typed."""
    check_form(form, who.csrf)
    require(house, who, Sight.WEBHOOKS)
    typed = {name: text(form, name) for name in ("title", "url", "person", "events")}
    try:
        name, secret = made(house, who, typed["title"], typed["url"], typed["person"], typed["events"].split())
    except Refused as fault:
        trouble = trouble_of(fault)
        return _every(request, house, who, trouble.status, said=(trouble.zh, trouble.en), typed=typed)
    return _one(request, house, who, house.hooks.find(name), secret=secret)


@routes.get("/admin/webhooks/{name}")
def webhook(request: Request, house: At, who: Who, name: str) -> Response:
    """Show one address and its latest messages."""
    require(house, who, Sight.WEBHOOKS)
    return _one(request, house, who, house.hooks.find(name))


@routes.post("/admin/webhooks/{name}/{deed}")
def manage(request: Request, house: At, who: Who, form: Form, name: str, deed: str) -> Response:
    """Turn one on or off, change its secret, try it, send again what was given up, or take it away.

    Raises:
        Malformed: the deed is none of these.
    """
    check_form(form, who.csrf)
    require(house, who, Sight.WEBHOOKS)
    hook, secret = house.hooks.find(name), ""
    match deed:
        case "on":
            turned_on(house, hook)
        case "off":
            house.hooks.turn(name, State.OFF)
        case "secret":
            secret = house.hooks.renew(name)
        case "test":
            tried(house, hook)
        case "again":
            house.hooks.again(name)
        case "drop":
            dropped(house, hook)
        case _:
            raise Malformed(field="deed", why="on | off | secret | test | again | drop")
    house.log.tell(who.actor.id, Deed.WEBHOOK, granted=True, about=name, why=deed)
    if secret:
        return _one(request, house, who, house.hooks.find(name), secret=secret)
    return RedirectResponse("/admin/webhooks" if deed == "drop" else f"/admin/webhooks/{name}", 303)


def made(house: House, who: Visitor, title: str, url: str, person: str, events: list[str]) -> tuple[str, str]:
    """Make a webhook and return its id and its secret.

    Raises:
        Malformed: it has no name, or names an event that does not exist.
        NotAllowed: nothing is told to that address.
        UnknownPerson: there is nobody of that name in the organisation.
    """
    found = who.world.organisation.person(person) if who.world.organisation else None
    if found is None or found.retired:
        raise UnknownPerson(person=person)
    if not title.strip():
        raise Malformed(field="title", why="必填 / needed")
    if unknown := sorted(set(events) - EVENTS):
        named = " ".join(unknown)[:100]
        raise Malformed(field="events", why=f"没有事件 {named} / no such event: {named}")
    url = checked(url, house.desk.settings.hosts)
    begun = house.desk.moments.now()
    name, secret = house.hooks.make(title.strip()[:200], url, person, events, by=who.actor.id, begun=begun)
    house.log.tell(who.actor.id, Deed.WEBHOOK, granted=True, about=name, why="make")
    return name, secret


def turned_on(house: House, hook: Hook) -> None:
    """Turn a webhook on: it hears of what happens from now on.

    Raises:
        NotAllowed: nothing is told to its address any more.
    """
    checked(hook.url, house.desk.settings.hosts)
    house.hooks.turn(hook.id, State.ON, now=house.desk.moments.now())


def dropped(house: House, hook: Hook) -> None:
    """Take a webhook away, with all that was on its way; only one that is off, so that no slip does it.

    Raises:
        Malformed: it is on.
    """
    if hook.state is State.ON:
        raise Malformed(field="state", why="请先停用 / turn it off first")
    house.hooks.drop(hook.id)


def tried(house: House, hook: Hook) -> str:
    """Put a message on its way that only tries whether the address hears; return its id."""
    now = house.hooks.now()
    name, kind, body = trial(f"test~{now:%Y%m%d%H%M%S%f}", now)
    house.hooks.queue(hook.id, [(name, kind, body)])
    return name


def _every(
    request: Request,
    house: House,
    who: Visitor,
    status: int = 200,
    *,
    said: tuple[str, str] | str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    people = who.world.organisation.people if who.world.organisation else ()
    given = {
        "hooks": house.hooks.every(),
        "waiting": house.hooks.waiting(),
        "people": [each for each in people if not each.retired],
        "hosts": sorted(house.desk.settings.hosts),
        "said": said,
        "typed": typed or {},
    }
    return page(request, "webhooks.html", given, who=who, status=status)


def _one(request: Request, house: House, who: Visitor, hook: Hook, *, secret: str = "") -> Response:
    given = {
        "hook": hook,
        "deliveries": house.hooks.deliveries(hook.id, LATEST),
        "waiting": house.hooks.waiting().get(hook.id, 0),
        "secret": secret,
    }
    return page(request, "webhook.html", given, who=who)
