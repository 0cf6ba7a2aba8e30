"""How a policy's values are said to people: lengths, moments, posts, events and lights, in Chinese and in English."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import BaseModel

from models.canonical import canonical
from models.commands import COMMANDS
from models.lifecycle import LIFECYCLES
from models.policy import Ladder, Length, Moment, Policy, Rung
from models.vocabulary import RungKind, Term

Words = tuple[str, str]
"""The same thing said in Chinese and in English."""

UNITS: Final[dict[str, Words]] = {
    "hour": ("小时", "hour"),
    "day": ("日", "day"),
    "working_day": ("个工作日", "working day"),
}
"""A unit that is not here is said as it is written."""
NOTHING: Final[Words] = ("无", "none")
EVENT_FIELDS: Final = frozenset({"starts_on", "stops_on", "extended_on", "begins_on", "ends_on"})
POST_FIELDS: Final = frozenset({"to", "upwards", "authority", "signed_by"})
PAUSE_FIELDS: Final = frozenset({"paused_by"})


def length_words(length: Length) -> Words:
    """Say how long: ``60 日``, ``5 个工作日``; no days at all is the same day."""
    zh, en = UNITS.get(length.unit, (f" {length.unit}", length.unit))
    return ("当日", "the same day") if not length.count and length.unit == "day" else _counted(length.count, zh, en)


def moment_words(moment: Moment) -> Words:
    """Say when a rung comes: a share of the time, or so long before or after the due date."""
    if moment.percent is not None:
        return f"时限过 {moment.percent}%", f"at {moment.percent}% of the time"
    if not moment.days:
        return "到期时", "when it is due"
    zh, en = _counted(abs(moment.days), *UNITS.get(moment.unit, (f" {moment.unit}", moment.unit)))
    return (f"到期前 {zh}", f"{en} before") if moment.days < 0 else (f"逾期 {zh}", f"{en} overdue")


def _counted(count: int, zh: str, en: str) -> Words:
    return f"{count} {zh}".replace("  ", " "), f"{count} {en}{'' if count == 1 else 's'}"


def event_words(name: str) -> Words:
    """Say which event is meant, as the command or the clock's act that makes it; ``lapsed.asked`` says whose lapse."""
    event, _, clock = name.partition(".")
    found = _EVENTS.get(event, (event, event))
    return (f"{found[0]}（{clock}）", f"{found[1]} ({clock})") if clock else found


def _events() -> dict[str, Words]:
    words: dict[str, Words] = {}
    every = [row for rows in LIFECYCLES.values() for row in rows]
    # An imported table's event that the desk's own work makes too is called as the desk does it.
    for row in sorted(every, key=lambda row: "is_imported" in row.guards):
        command = COMMANDS[row.command]
        words.setdefault(row.event, (command.zh, command.en))
    return words | {kind.value: (kind.zh, kind.en) for kind in RungKind}


_EVENTS: Final = _events()


def post_words(name: str, policy: Policy) -> Words:
    """Say a post as the policy does."""
    return policy.posts.get(name, (name, name))


def pause_words(name: str, policy: Policy) -> Words:
    """Say a pause as the policy does."""
    return next(((pause.zh, pause.en) for pause in policy.pause if pause.name == name), (name, name))


def clock_words(name: str, *policies: Policy) -> Words:
    """Say a clock as the first policy that has it does."""
    rows = (row for policy in policies for row in policy.clock if row.name == name)
    return next(((row.zh, row.en) for row in rows), (name, name))


def rung_words(clock: str, name: str, *policies: Policy) -> Words:
    """Say a rung of a clock as the first policy that has it does, whichever ladder a channel has the clock climb."""
    for policy in policies:
        rules = [row.ladder for row in policy.clock if row.name == clock]
        rules += [way.clocks[clock].ladder or "" for way in policy.channels.values() if clock in way.clocks]
        for rung in (rung for ladder in rules if ladder for rung in policy.ladder[ladder].rungs):
            if rung.name == name:
                return rung.zh, rung.en
    return name, name


def said(value: object, policy: Policy, field: str = "") -> Words:
    """Say any value of a policy, as the field it stands in asks for; what nobody named is said as it is written."""
    match value:
        case None | "" | ():
            found = NOTHING
        case Length():
            found = length_words(value)
        case Moment():
            found = moment_words(value)
        case Term():
            found = (value.zh, value.en)
        case bool():
            found = ("是", "yes") if value else ("否", "no")
        case tuple():
            parts = [_named(one, policy, field) if isinstance(one, str) else said(one, policy) for one in value]
            found = "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)
        case str() | int() | date():
            found = (str(value), str(value))
        case Rung():
            when = moment_words(value.at)
            found = (f"{value.zh}（{when[0]}）", f"{value.en} ({when[1]})")
        case Ladder():
            found = said(value.rungs, policy)
        case BaseModel():
            found = _object(value.model_dump(mode="json", exclude_defaults=True))
        case _:
            found = _object(value)
    return found


def _named(name: str, policy: Policy, field: str) -> Words:
    if field in EVENT_FIELDS:
        return event_words(name)
    if field in POST_FIELDS:
        return post_words(name, policy)
    return pause_words(name, policy) if field in PAUSE_FIELDS else (name, name)


def _object(value: object) -> Words:
    if isinstance(value, Mapping) and "zh" in value and "en" in value:
        return str(value["zh"]), str(value["en"])
    text = canonical(value)
    return text, text
