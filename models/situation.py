"""Everything a rule may look at while a command is being decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from models.case import Case
from models.commands import COMMANDS, Command
from models.lifecycle import Row
from models.policy import Policy
from models.world import Actor, World


@dataclass(frozen=True)
class Situation:
    """A command on its way through the rules.

    ``command`` is None while only asking what would be allowed. ``at`` is now, ``occurred`` when it happened.
    ``told`` is what the event tells beyond what the form says.
    """

    world: World
    case: Case
    actor: Actor
    row: Row
    command: Command | None
    at: datetime
    occurred: datetime
    told: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The policy the case runs under."""
        return self.world.policies[self.case.policy]

    @property
    def words(self) -> dict[str, str]:
        """What most refusals fill in: the command's two names and who asks."""
        kind = COMMANDS[self.row.command]
        return {"command": kind.zh, "command_en": kind.en, "person": self.actor.id}

    def given(self, name: str) -> Any:  # noqa: ANN401 - a command's field, of the type its form says
        """Return a field of the command; None if it has none of that name or nothing was filled in."""
        return getattr(self.command, name, None)


Guard = Callable[[Situation], None]
"""A condition: it raises the refusal that tells why, or returns."""
