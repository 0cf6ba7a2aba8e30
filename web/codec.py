"""What Temporal holds, opened for its Web UI and its command line: the remote codec that both ask, behind the log-in.

Only the configured page may ask in the name of whoever is logged in, and the browser lets only that page read the
answer (CORS); a program comes with a token. Nothing is changed here: what protects is the origin, not a form's mark.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.access.tokens import Scope
from adapters.engine_record import read_engine
from adapters.settings import Settings
from models.permissions import Sight
from models.refusals import Malformed
from web.answers import Out
from web.api import as_json
from web.house import House, house_of
from web.people import ForgedError, Visitor, by_token, logged_in, require, require_scope

routes: Final = APIRouter(prefix="/api/v1")
ASKED: Final = "content-type, x-namespace, authorization"
"""The headers that the Web UI sends."""
KEPT: Final = "600"
"""Seconds for which a browser need not ask again whether it may ask."""
MOST: Final = 2000

At = Annotated[House, Depends(house_of)]


class PayloadIn(BaseModel):
    """One payload as Temporal writes it in JSON: bytes in base64."""

    model_config = ConfigDict(extra="ignore")

    metadata: dict[str, str] = Field(default_factory=dict)
    data: str = ""


class Payloads(BaseModel):
    """Payloads to be opened."""

    model_config = ConfigDict(extra="ignore")

    payloads: list[PayloadIn] = Field(default_factory=list, max_length=MOST)


class PayloadsOut(Out):
    """The payloads in the same order; one that does not open comes back as it was."""

    payloads: list[dict[str, Any]]


def origin_of(settings: Settings) -> str | None:
    """Return the origin of the one Web UI that may ask: as configured, else that of the embedded server that runs."""
    if settings.temporal_ui is not None:
        return settings.temporal_ui
    engine = read_engine(settings.data) if settings.embedded else None
    return engine.ui_url if engine else None


def _allowed(request: Request) -> str | None:
    """Return the origin that a browser names, if it is the one that may ask."""
    given = request.headers.get("origin")
    return given if given and given == origin_of(house_of(request).desk.settings) else None


Allowed = Annotated[str | None, Depends(_allowed)]


def _asking(request: Request, origin: Allowed) -> Visitor:
    """Return who asks.

    Raises:
        NotAdmittedError: nobody is logged in, or the token is not in force.
        ForgedError: a browser asks for another page than the Web UI.
        TooOftenError: a token asks too often.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return by_token(request, token.strip())
    who = logged_in(request)
    if origin is None:
        raise ForgedError
    return who


Asking = Annotated[Visitor, Depends(_asking)]


def _open_to(origin: str | None) -> dict[str, str]:
    """Return the headers by which a browser lets the Web UI read an answer."""
    if origin is None:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
    }


@routes.options("/codec/{way}", include_in_schema=False)
def may_ask(origin: Allowed) -> Response:
    """Tell a browser whether a page of that origin may ask."""
    headers = _open_to(origin)
    if origin is not None:
        headers |= {
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": ASKED,
            "Access-Control-Max-Age": KEPT,
        }
    return Response(status_code=204, headers=headers)


@routes.post("/codec/decode", response_model=PayloadsOut)
def decode(house: At, who: Asking, origin: Allowed, sent: Payloads) -> Response:
    """Open payloads as Temporal's remote codec does; one that does not open comes back as it was."""
    return _answer(house, who, origin, sent, opens=True)


@routes.post("/codec/encode", response_model=PayloadsOut)
def encode(house: At, who: Asking, origin: Allowed, sent: Payloads) -> Response:
    """Encrypt payloads likewise: what a query or an update is asked with."""
    return _answer(house, who, origin, sent, opens=False)


def _answer(house: House, who: Visitor, origin: str | None, sent: Payloads, *, opens: bool) -> Response:
    require_scope(house, who, Scope.PAYLOADS)
    require(house, who, Sight.PAYLOADS)
    # Temporal's libraries are heavy, and no other page needs them.
    from adapters.codec import NotPayloadsError, opened_json, shut_json

    way = opened_json if opens else shut_json
    try:
        found = way(house.desk.sealer.keys, [each.model_dump() for each in sent.payloads])
    except NotPayloadsError:
        raise Malformed(field="payloads", why="不是 Temporal 的载荷 / no payloads of Temporal") from None
    answer = as_json({"payloads": found})
    answer.headers.update(_open_to(origin))
    return answer
