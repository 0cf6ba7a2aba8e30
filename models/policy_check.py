"""Whether a policy can be worked by: what the world and the lifecycle ask for, which the document alone cannot know.

What the document itself can be wrong about, its model refuses (``models.policy``).
"""

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.case import Case
from models.policy import Place, Policy
from models.vocabulary import Kind

ASKED_FOR: Final = {
    "close": Kind.PETITION,
    "object": Kind.PETITION,
    "reconsider_window": Kind.PETITION,
    "rectify": Kind.RECTIFICATION,
    "instruction": Kind.PETITION,
}
"""Clocks that the lifecycle's guards name: whether they run decides what is allowed."""
DAYS: Final = tuple(name for name, field in Case.model_fields.items() if field.annotation == date | None)
"""Fields of a case that hold a day, from which a due date may be taken."""
ENDS_AT: Final = (*DAYS, "slot_end")
BEGINS_AT: Final = ("slot_begin",)
"""What a clock's end and its beginning may be taken from."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a policy: the place in the document, and the sentence in both languages."""

    place: Place
    zh: str
    en: str


def faults(policy: Policy, calendars: Container[str], letters: Collection[str]) -> tuple[Fault, ...]:
    """Return everything that keeps a policy from being worked by.

    Args:
        policy: a whole document.
        calendars: the names of the calendars there are.
        letters: the names of the letters that can be written.
    """
    return (*_clocks(policy), *_calendars(policy, calendars), *_letters(policy, letters), *_ends(policy))


def _clocks(policy: Policy) -> Iterator[Fault]:
    there = {(rule.kind, rule.name) for rule in policy.clock}
    for name, kind in ASKED_FOR.items():
        if (kind, name) not in there:
            zh, en = (
                f"缺少{kind.zh}的时限 {name}，办理流程须用到它",
                f"the lifecycle needs a clock {name} for a {kind.en}",
            )
            yield Fault(("clock",), zh, en)
    for at, rule in enumerate(policy.clock):
        if rule.due not in {None, *ENDS_AT}:
            zh, en = (
                f"到期日只能取自 {'、'.join(ENDS_AT)}，不能取自 {rule.due}",
                f"a due date is taken from {', '.join(ENDS_AT)}, not from {rule.due}",
            )
            yield Fault(("clock", at, "due"), zh, en)
        if rule.since not in {None, *BEGINS_AT}:
            zh, en = (
                f"起算只能取自 {'、'.join(BEGINS_AT)}，不能取自 {rule.since}",
                f"a beginning is taken from {', '.join(BEGINS_AT)}, not from {rule.since}",
            )
            yield Fault(("clock", at, "since"), zh, en)


def _calendars(policy: Policy, calendars: Container[str]) -> Iterator[Fault]:
    named: list[tuple[Place, str | None]] = [
        (("clock", at, "calendar"), rule.calendar) for at, rule in enumerate(policy.clock)
    ]
    named += [
        (("channels", way, "clocks", clock, "calendar"), change.calendar)
        for way, channel in policy.channels.items()
        for clock, change in channel.clocks.items()
    ]
    named.append((("dispatch", "calendar"), policy.dispatch.calendar))
    for place, name in named:
        if name and name not in calendars:
            yield Fault(place, f"没有名为“{name}”的日历", f"there is no calendar {name}")


def _letters(policy: Policy, letters: Collection[str]) -> Iterator[Fault]:
    for name, ladder in policy.ladder.items():
        for at, rung in enumerate(ladder.rungs):
            if rung.letter and rung.letter not in letters:
                known = "、".join(letters)
                place = ("ladder", name, "rungs", at, "letter")
                yield Fault(place, f"没有文书“{rung.letter}”，可用：{known}", f"there is no letter {rung.letter}")

    for at, each in enumerate(policy.consequence):
        if each.letter not in letters:
            known = "、".join(letters)
            zh, en = f"没有文书“{each.letter}”，可用：{known}", f"there is no letter {each.letter}"
            yield Fault(("consequence", at, "letter"), zh, en)


def _ends(policy: Policy) -> Iterator[Fault]:
    """Silence must never end a ladder that reaches somebody and only warns: its last rung comes again."""
    for name, ladder in policy.ladder.items():
        last = ladder.rungs[-1]
        if not ladder.again and last.to and last.kind in {"reminded", "warned", "escalated"}:
            place = ("ladder", name, "rungs", len(ladder.rungs) - 1, "kind")
            yield Fault(
                place,
                "最后一级之后不再提醒，须写 again（每隔几日重复）",
                "after its last rung nothing comes: write again",
            )
