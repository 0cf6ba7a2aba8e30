"""What goes through the door and what comes back: an envelope with one command, and its receipt."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints, ValidationError

from models.base import Frozen, Line, Said
from models.commands import COMMANDS, Command
from models.facts import Facts
from models.instants import Instant
from models.refusals import Malformed, UnknownCommand

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A name inside an event: plain ASCII, so that canonical JSON sorts it the same everywhere."""


class Envelope(Frozen):
    """One command on its way: its own id, the case, who asks, what, and by which way it came.

    The id makes the way repeatable: an envelope sent twice finds its own receipt. A case of None asks for a
    new case under the next free number. ``occurred_at`` tells when it happened, where that was earlier.
    """

    id: Said
    case: Said | None = None
    actor: Said
    command: Said
    data: dict[str, JsonValue] = Field(default_factory=dict)
    occurred_at: Instant | None = None
    via: dict[Key, Line] = Field(default_factory=dict)


class Receipt(Frozen):
    """The door's answer: which case, its latest event, and what its process manager has to know.

    ``event`` names what happened; None where a ring came too late or too early to change anything.
    """

    envelope: str
    case: str
    seq: int
    event: str | None
    at: datetime
    facts: Facts
    repeated: bool = Field(default=False, description="the envelope had been accepted before")


def command_of(envelope: Envelope) -> Command:
    """Return the envelope's command with its fields read and checked.

    Raises:
        UnknownCommand: nothing is called that.
        Malformed: a field is missing, unknown, or of the wrong form; the first one is named.
    """
    kind = COMMANDS.get(envelope.command)
    if kind is None:
        raise UnknownCommand(command=envelope.command)
    try:
        return kind.model_validate(envelope.data)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or envelope.command
        raise Malformed(field=where, why=first["msg"]) from None
