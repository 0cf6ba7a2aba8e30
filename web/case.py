"""A case's page: where it stands, what may be done by whoever reads it, and everything that happened."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters import queries
from adapters.letters.forms import title_of
from adapters.letters.told import LOST, MARKS, why_words
from adapters.telling import told
from adapters.words import clock_words, event_words, left, rung_words
from models.case import Case
from models.commands import COMMANDS, Command
from models.refusals import Refused, UnknownCommand
from models.vocabulary import Kind
from web.filling import Around, boxes, read, values_of
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, sent, text, visitor
from web.problems import Trouble, trouble_of
from web.reading import act, case_of, derived, offered

routes = APIRouter(include_in_schema=False)

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@dataclass(frozen=True)
class Tried:
    """A form that was sent and not accepted: which one, what was filled in, and why not."""

    command: str
    values: Mapping[str, str]
    trouble: Trouble


def _page(
    request: Request,
    house: House,
    who: Visitor,
    case: Case,
    *,
    tried: Tried | None = None,
    done: type[Command] | None = None,
) -> Response:
    world, now = who.world, house.desk.moments.now()
    events = queries.history(house.desk.database, case.id)
    policy = world.policies[case.policy]
    known = tried.values if tried else {}
    which = tried.command if tried else ""
    rows = offered(house, who, case)
    forms = [
        {
            "command": COMMANDS[row.command],
            "row": row,
            "boxes": boxes(
                COMMANDS[row.command],
                Around(world.organisation, policy, case, known if row.command == which else {}),
            ),
            "seals": "sealed" in COMMANDS[row.command].model_fields,
            "key": str(uuid.uuid4()),
            "tried": row.command == which,
        }
        for row in rows
    ]
    channel = policy.channels.get(case.channel)
    given = {
        "case": case,
        "channel": (channel.zh, channel.en) if channel else (case.channel, case.channel),
        "clocks": [(clock, clock_words(world, case, clock.name), steps) for clock, steps in derived(house, who, case)],
        "rung": lambda clock, name: rung_words(world, case, clock, name),
        "forms": forms,
        "values": known,
        "letters": queries.letters(house.desk.database, case.id),
        "title_of": title_of,
        "why_words": why_words,
        "marks": MARKS,
        "lost": LOST,
        "events": [(each, event_words(each.kind, each.event), told(world, case, each, who.lang)) for each in events][
            ::-1
        ],
        "petition": Kind.PETITION,
        "now": now,
        "left": left,
        "said": (tried.trouble.zh, tried.trouble.en) if tried else "",
        "done": done,
    }
    return page(request, "case.html", given, who=who, status=tried.trouble.status if tried else 200)


@routes.get("/cases/{number}")
def case_page(request: Request, house: At, who: Who, number: str) -> Response:
    """Show a case."""
    case = case_of(house, who, number)
    done = COMMANDS.get(request.query_params.get("done", ""))
    return _page(request, house, who, case, done=done)


@routes.post("/cases/{number}/do/{command}")
def do(request: Request, house: At, who: Who, form: Form, number: str, command: str) -> Response:
    """Do something with a case; what is not right is told in the form, and nothing that was typed is lost.

    Raises:
        UnknownCommand: there is no such command.
    """
    check_form(form, who.csrf)
    case = case_of(house, who, number)
    kind = COMMANDS.get(command)
    if kind is None:
        raise UnknownCommand(command=command)
    values = values_of(form)
    words = values.get("secret.text", "")
    secret = {"text": words} if words and "sealed" in kind.model_fields else None
    data = read(kind, values)
    try:
        kind.model_validate(data)
        act(house, who, case.id, command, data, key=text(form, "key")[:60], door="console", secret=secret)
    except (Refused, ValidationError) as fault:
        # The case may have moved on meanwhile, so that the form is not offered any more: the sentence stands on top.
        now = case_of(house, who, number)
        return _page(request, house, who, now, tried=Tried(command, values, trouble_of(fault)))
    return RedirectResponse(f"/cases/{case.id}?done={command}", 303)
