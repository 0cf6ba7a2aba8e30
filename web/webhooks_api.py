"""Webhooks for programs: made, looked at, tried, changed and taken away with a token of the scope ``webhooks``."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.access.log import Deed
from adapters.access.tokens import Scope
from adapters.hooks.store import Delivery, Fate, Hook, State
from models.permissions import Sight
from web.answers import At as Instant
from web.answers import Out
from web.api import as_json
from web.house import House, house_of
from web.people import Visitor, caller, require, require_scope
from web.webhooks import dropped, made, tried, turned_on

routes: Final = APIRouter(prefix="/api/v1")

Who = Annotated[Visitor, Depends(caller)]
At = Annotated[House, Depends(house_of)]
Name = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]


class NewHook(BaseModel):
    """A webhook to be made: it is told what happens to the cases that ``person`` may see; no events means all."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    url: str = Field(min_length=1, max_length=500)
    person: str = Field(min_length=1, max_length=64)
    events: list[Name] = Field(default_factory=list, max_length=100)


class Turned(BaseModel):
    """Whether it is to be told anything."""

    model_config = ConfigDict(extra="forbid")

    on: bool


class HookOut(Out):
    """A webhook, without its secret."""

    id: str
    title: str
    url: str
    person: str
    events: list[str]
    state: State
    made_at: Instant
    made_by: str
    failing_since: Instant | None
    sent_at: Instant | None


class HooksOut(Out):
    """Every webhook, the newest first."""

    webhooks: list[HookOut]


class MadeOut(Out):
    """A webhook and its secret, which is shown this once."""

    webhook: HookOut
    secret: str


class DeliveryOut(Out):
    """A message and what became of it; ``answer`` is why it was not taken, as ``http_500`` or ``timeout``."""

    id: str
    type: str
    body: str
    made_at: Instant
    attempts: int
    fate: Fate
    answer: str
    tried_at: Instant | None


class DeliveriesOut(Out):
    """The latest messages, the newest first."""

    deliveries: list[DeliveryOut]


class TriedOut(Out):
    """The id of the message that is on its way."""

    message: str


def _may(house: House, who: Visitor) -> None:
    require_scope(house, who, Scope.WEBHOOKS)
    require(house, who, Sight.WEBHOOKS)


@routes.get("/webhooks", response_model=HooksOut)
def webhooks(house: At, who: Who) -> Response:
    """List every webhook, the newest first."""
    _may(house, who)
    return as_json({"webhooks": [_hook(each) for each in house.hooks.every()]})


@routes.post("/webhooks", response_model=MadeOut, status_code=201)
def make(house: At, who: Who, new: NewHook) -> Response:
    """Make a webhook; its secret is in this answer and nowhere else."""
    _may(house, who)
    name, secret = made(house, who, new.title, new.url, new.person, new.events)
    return as_json({"webhook": _hook(house.hooks.find(name)), "secret": secret}, 201)


@routes.get("/webhooks/{name}", response_model=HookOut)
def webhook(house: At, who: Who, name: str) -> Response:
    """Return one webhook."""
    _may(house, who)
    return as_json(_hook(house.hooks.find(name)))


@routes.patch("/webhooks/{name}", response_model=HookOut)
def turn(house: At, who: Who, name: str, turned: Turned) -> Response:
    """Turn a webhook on or off; turned on, it hears of what happens from now on."""
    _may(house, who)
    hook = house.hooks.find(name)
    if turned.on:
        turned_on(house, hook)
    else:
        house.hooks.turn(name, State.OFF)
    house.log.tell(who.actor.id, Deed.WEBHOOK, granted=True, about=name, why="on" if turned.on else "off")
    return as_json(_hook(house.hooks.find(name)))


@routes.delete("/webhooks/{name}", status_code=204)
def drop(house: At, who: Who, name: str) -> Response:
    """Take a webhook that is off away, with all that was on its way."""
    _may(house, who)
    dropped(house, house.hooks.find(name))
    house.log.tell(who.actor.id, Deed.WEBHOOK, granted=True, about=name, why="drop")
    return Response(status_code=204)


@routes.post("/webhooks/{name}/secret", response_model=MadeOut)
def renew(house: At, who: Who, name: str) -> Response:
    """Give a webhook a new secret; the old one signs beside it for a day."""
    _may(house, who)
    secret = house.hooks.renew(name)
    house.log.tell(who.actor.id, Deed.WEBHOOK, granted=True, about=name, why="secret")
    return as_json({"webhook": _hook(house.hooks.find(name)), "secret": secret})


@routes.post("/webhooks/{name}/test", response_model=TriedOut, status_code=202)
def try_out(house: At, who: Who, name: str) -> Response:
    """Put a message of the type ``banjie.test`` on its way."""
    _may(house, who)
    return as_json({"message": tried(house, house.hooks.find(name))}, 202)


@routes.get("/webhooks/{name}/deliveries", response_model=DeliveriesOut)
def deliveries(house: At, who: Who, name: str) -> Response:
    """Return the latest messages of a webhook, and what became of them."""
    _may(house, who)
    house.hooks.find(name)
    return as_json({"deliveries": [_delivery(each) for each in house.hooks.deliveries(name)]})


def _hook(each: Hook) -> dict[str, object]:
    return {
        "id": each.id,
        "title": each.title,
        "url": each.url,
        "person": each.person,
        "events": sorted(each.events),
        "state": each.state.value,
        "made_at": each.made_at.isoformat(),
        "made_by": each.made_by,
        "failing_since": each.failing_since and each.failing_since.isoformat(),
        "sent_at": each.sent_at and each.sent_at.isoformat(),
    }


def _delivery(each: Delivery) -> dict[str, object]:
    return {
        "id": each.id,
        "type": each.type,
        "body": each.body,
        "made_at": each.made_at.isoformat(),
        "attempts": each.attempts,
        "fate": each.fate.value,
        "answer": each.answer,
        "tried_at": each.tried_at and each.tried_at.isoformat(),
    }
