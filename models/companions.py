"""What a command says to another case: an event of that one too, in the same transaction: both are told, or none.

Pure: the door gives the engine's command to the other case right after the one that people gave.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from models.case import Case
from models.command import Command


class Companion(NamedTuple):
    """A command of the engine's to another case."""

    case: str
    command: str
    data: dict[str, JsonValue]


NAMES_OTHER: Final = {"join": "leading", "mark_repeat": "repeat_of", "not_same": "other", "maybe_same": "other"}
"""The commands that name another case, and the field that does."""
_TOLD: Final[dict[str, Callable[[Case], tuple[str, dict[str, JsonValue]]]]] = {
    "join": lambda case: ("take_lead", {"follower": case.id}),
    "part": lambda case: ("let_go", {"follower": case.id}),
    "mark_repeat": lambda case: ("hear_of_repeat", {"repeat": case.id}),
    "not_same": lambda case: ("hear_not_same", {"other": case.id}),
    "maybe_same": lambda case: ("hear_maybe_same", {"other": case.id}),
}


def other_of(case: Case | None, command: Command) -> str | None:
    """Return the number of the other case that a command concerns, None where it concerns none.

    Args:
        case: the case it is given to, as it stands; None where that is not known yet.
        command: the command.
    """
    if command.name == "part":
        return case.leading if case else None
    field = NAMES_OTHER.get(command.name)
    found: Any = getattr(command, field) if field else None
    return str(found) if found else None


def companion(case: Case, command: Command) -> Companion | None:
    """Return what is told to the other case of a command, given to ``case`` as it was before it."""
    other = other_of(case, command)
    if other is None:
        return None
    name, data = _TOLD[command.name](case)
    return Companion(other, name, data)
