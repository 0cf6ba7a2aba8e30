"""What a command says to another case: an event of that one too, in the same transaction: both are told, or none.

Pure: the door gives the engine's command to the other case right after the one that people gave.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from models.case import Case
from models.command import Command
from models.dispatch_commands import RecordDecision
from models.guards import TASK_NUMBER
from models.react import barred
from models.refusals import Interest, NamedParty
from models.vocabulary import Kind
from models.world import Actor, World


class Companion(NamedTuple):
    """A command to another case, which is of that kind: the engine's, or in the name of whoever gave the first one."""

    case: str
    command: str
    data: dict[str, JsonValue]
    kind: Kind
    own: bool = False


NAMES_OTHER: Final = {
    "join": "leading",
    "mark_repeat": "repeat_of",
    "not_same": "other",
    "maybe_same": "other",
    "place_at_site": "site",
    "share_task": "petition",
    "open_patrol": "station",
    "correct_patrol": "station",
    "order_look_back": "station",
    "record_decision": "about",
}
"""The commands that name another case, and the field that does."""
HELD: Final[dict[str, Callable[[Case], str | None]]] = {
    "part": lambda case: case.leading,
    "take_off_site": lambda case: case.site,
    "take_back_repeat": lambda case: case.repeat_of,
}
"""The commands that concern the other case that their own is bound to."""
_TOLD: Final = {
    "join": ("take_lead", "follower", Kind.PETITION),
    "part": ("let_go", "follower", Kind.PETITION),
    "mark_repeat": ("hear_of_repeat", "repeat", Kind.PETITION),
    "take_back_repeat": ("forget_repeat", "repeat", Kind.PETITION),
    "share_task": ("take_task", "task", Kind.PETITION),
    "not_same": ("hear_not_same", "other", Kind.PETITION),
    "maybe_same": ("hear_maybe_same", "other", Kind.PETITION),
    "place_at_site": ("hear_of_petition", "petition", Kind.SITE),
    "open_patrol": ("hear_of_listener", "listener", Kind.STATION),
    "correct_patrol": ("hear_of_listener", "listener", Kind.STATION),
    "order_look_back": ("hear_of_listener", "listener", Kind.STATION),
    "take_off_site": ("let_petition_go", "petition", Kind.SITE),
}


def answer_of(case: Case, other: Case, told: Companion) -> Companion | None:
    """Return what the other case tells back: whom that one is about, so that none of them goes on; or its weather.

    Args:
        case: the case that the first command was given to.
        other: the other one.
        told: what that was told.
    """
    if told.command == "hear_of_listener" and other.observed:
        return Companion(case.id, "hear_weather", weather_of(other), case.kind)
    named: list[JsonValue] = [each for each in other.named if each not in case.named]
    if told.own:
        # Whoever is complained about in a case sees nothing of what a meeting said of it.
        return Companion(case.id, "heed", {"named": named}, case.kind) if named else None
    parties: list[JsonValue] = [*sorted(other.parties - case.parties)]
    if told.command != "take_task" or not (named or parties):
        return None
    return Companion(case.id, "heed", {"named": named, "respondents": parties}, case.kind)


def weather_of(station: Case) -> dict[str, JsonValue]:
    """Return what a station says of its weather, once it was observed; nothing before."""
    seen = station.observed
    if seen is None:
        return {}
    return {"station": station.id, "sky": seen.sky.value, "sky_at": seen.at.isoformat(), "sky_seq": station.seq}


def check_apart(world: World, case: Case, other: Case, command: Command, actor: Actor) -> None:
    """Nobody whom the other case is about, or who has an interest in it, brings it into something; nor goes on with it.

    Raises:
        NamedParty: the actor, or whoever handles or leads a task that is shared, is complained about there (art. 30).
        Interest: they have an interest in it (art. 28).
    """
    people = [actor.id, *((case.handler, case.leader) if command.name == "share_task" else ())]
    kept_out = barred(world.organisation, other) if world.organisation else frozenset(other.named)
    for person in people:
        if person in other.named:
            raise NamedParty(person=person)
        if person in kept_out:
            raise Interest(person=person, party=min(other.parties))


def other_of(case: Case | None, command: Command) -> str | None:
    """Return the number of the other case that a command concerns, None where it concerns none.

    Args:
        case: the case it is given to, as it stands; None where that is not known yet.
        command: the command.
    """
    if command.name in HELD:
        return HELD[command.name](case) if case else None
    field = NAMES_OTHER.get(command.name)
    found: Any = getattr(command, field) if field else None
    return str(found) if found else None


def companion(case: Case, command: Command) -> Companion | None:
    """Return what is told to the other case of a command, given to ``case`` as it was before it."""
    other = other_of(case, command)
    if other is None:
        return None
    if isinstance(command, RecordDecision):
        return _instruction(case, command)
    name, field, kind = _TOLD[command.name]
    data: dict[str, JsonValue] = {field: case.id}
    if name == "hear_of_repeat" and case.registered_at:
        data["came"] = case.registered_at.isoformat()
    if name == "take_task" and case.target:
        data |= {"measure": case.measure, "target": case.target.isoformat()}
    return Companion(other, name, data, kind)


def _instruction(meeting: Case, command: RecordDecision) -> Companion:
    """Return what a meeting decided as the leader's own instruction, with all that one needs and does."""
    data: dict[str, JsonValue] = {"text": f"{meeting.title}：{command.text}"}
    if command.by_when:
        data["instruction_by"] = command.by_when.isoformat()
    kind = Kind.RECTIFICATION if TASK_NUMBER.search(command.about) else Kind.PETITION
    return Companion(command.about, "instruct", data, kind, own=True)
