"""The OpenAPI document: what FastAPI reads off the routes, and the one form that every refusal has."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBearer
from pydantic.json_schema import models_json_schema

from models.commands import COMMANDS
from models.lifecycle import LIFECYCLES
from models.vocabulary import PEOPLE
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
        400: "what was sent cannot be read",
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

_REF: Final = "#/components/schemas/{model}"
GIVEN: Final = sorted(
    {
        row.command
        for rows in LIFECYCLES.values()
        for row in rows
        if row.at and set(row.by) & set(PEOPLE) and row.command != "register"
    }
)
"""The commands that people give to a case that is there."""


def documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes an application's document, once."""

    @cache
    def document() -> dict[str, Any]:
        made = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
        # A model named beside a response would tell a second media type, application/json, which is never sent.
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        schemas |= _commands()
        schemas["Ask"] = {
            "title": "Ask",
            "description": "One of the commands with its fields. People, units and posts by id, or by a name that is "
            "the only one.",
            "oneOf": [{"$ref": _REF.format(model=_asking(name))} for name in GIVEN],
            "discriminator": {
                "propertyName": "command",
                "mapping": {name: _REF.format(model=_asking(name)) for name in GIVEN},
            },
        }
        schemas["NewCase"]["properties"]["data"] = {"$ref": _REF.format(model=_data("register"))}
        return made

    return document


def _asking(command: str) -> str:
    return f"Ask.{command}"


def _data(command: str) -> str:
    return f"Data.{COMMANDS[command].__name__}"


def _commands() -> dict[str, Any]:
    """Return the schema of every command that a person may give, made from its model."""
    given = [(COMMANDS[name], "validation") for name in (*GIVEN, "register")]
    _, made = models_json_schema(given, ref_template=_REF.format(model="Data.{model}"))  # type: ignore[arg-type]
    schemas = {f"Data.{name}": schema for name, schema in made["$defs"].items()}
    for name in (*GIVEN, "register"):
        # What is sealed is named by the engine alone; the petitioner's own words are sent beside the fields.
        schemas[_data(name)].get("properties", {}).pop("sealed", None)
    for name in GIVEN:
        command = COMMANDS[name]
        needed = any(each.is_required() for each in command.model_fields.values())
        schemas[_asking(name)] = {
            "title": f"{command.zh} {command.en}",
            "type": "object",
            "additionalProperties": False,
            "required": ["command", "data"] if needed else ["command"],
            "properties": {
                "command": {"type": "string", "const": name},
                "data": {"$ref": _REF.format(model=_data(name))},
                **({"text": {"type": "string", "default": ""}} if "sealed" in command.model_fields else {}),
            },
        }
    return schemas
