"""The OpenAPI document: what FastAPI reads off the routes, and the one form that every refusal has."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBearer

from web.problems import Problem

ABOUT: Final = (
    "信访件办理接口。凡未办成的，以 RFC 9457 problem+json 说明理由（语言随 Accept-Language）。\n\n"
    "The desk for programs. Whatever was not done is told as RFC 9457 problem+json, in the language of "
    "Accept-Language. A command with an Idempotency-Key may be sent again in any case: what was done is found, not "
    "done twice. A case that was changed is read back changed at once."
)

_AFTER: Final = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
WHY_NOT: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": said,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        **({"headers": _AFTER} if status in {429, 503} else {}),
    }
    for status, said in {
        401: "nobody is logged in and no token is in force",
        403: "forbidden to whoever asks",
        404: "there is no such case",
        409: "refused as the case stands now",
        412: "the case has changed since the If-Match that was sent",
        413: "too much was sent at once",
        422: "something is not filled in right",
        429: "asked too often",
        503: "the database is away; nothing was done, and the same key may be sent again in any case",
    }.items()
}
"""Every refusal is RFC 9457 problem+json, its sentence in the asker's language (Accept-Language)."""
BEARER: Final = HTTPBearer(auto_error=False, description="a token that acts in a person's name, within its scopes")


def documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes an application's document, once."""

    @cache
    def document() -> dict[str, Any]:
        made = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
        # A model named beside a response would tell a second media type, application/json, which is never sent.
        made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        return made

    return document
