"""The pack of a dispatch meeting, from cases as they stood at its moment.

What changed, what is overdue and who must explain it, what falls due next, what waits for a decision, and how the
decisions of the meetings before stand.
Pure, and no figure is written here. docs/dispatch.md says what each of them counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from models.case import Case
from models.counting import legal_day
from models.lifecycle import LIFECYCLES
from models.meeting_values import (
    Change,
    Count,
    Decision,
    DecisionState,
    Followed,
    Matter,
    MatterKind,
    Measured,
    Pack,
    PackRow,
    Stand,
)
from models.react import barred, reach
from models.values import ProposalState
from models.vocabulary import ENDS, Flag, Kind, Role, RungKind, Status
from models.world import World

MOST: Final = 200
"""Rows that each list of a pack holds; its counts are of all."""
TOLD: Final = (Kind.PETITION, Kind.RECTIFICATION)
"""Kinds of case that a pack tells of."""
MOVES: Final = frozenset(row.event for kind in TOLD for row in LIFECYCLES[kind] if row.to is not None) | {
    RungKind.ESCALATE.value,
    *("extension_granted", "listed", "instructed"),
}
"""The events that a meeting is told of: those that lead to another status, and a few that weigh as much."""
ANSWERED: Final = "instruction_answered"
SETTLES: Final = frozenset(
    {ANSWERED, "task_done", *(row.event for kind in TOLD for row in LIFECYCLES[kind] if row.to in ENDS)}
)
"""The events after which a decision is no longer waited for: its answer, or the end of its case."""
BROUGHT: Final = {
    **dict.fromkeys(("registered", "rectification_told"), "registered_at"),
    **dict.fromkeys(("closed", "interim_closed"), "closed_at"),
    "struck_off": "signed_off_at",
}
"""Events that also bring old tables in: where they tell of a moment before the period, they are no news."""
REVIEWS: Final = frozenset({"review", "task_review"})
WHOSE: Final = {
    **dict.fromkeys((*REVIEWS, "accept", "assign", "consent", "reply"), "dispatcher"),
    "extension": "unit_head",
}
"""Who has a time in hand by its clock's name, where it is not the handler."""
_MATTERS: Final = {Flag.EXTENSION: MatterKind.EXTENSION, Flag.OBJECTION: MatterKind.OBJECTION}


@dataclass(frozen=True)
class Given:
    """What is known of a decision at the pack's moment: where it was made, its case then; the event that settled it.

    ``over`` is the first of ``SETTLES`` since, with its instant; None while there was none.
    """

    meeting: str
    number: int
    decision: Decision
    case: Case
    over: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class Read:
    """What a pack is made of, as it stood at ``until``.

    Attributes:
        since: where the last period ended.
        until: the pack's moment.
        ahead: where the next period ends.
        open: every open case of those kinds.
        moved: the cases in which something happened in the period, with the names of those events in order.
        given: the decisions of earlier meetings.
        explains: who must explain a case's delay.
    """

    since: datetime
    until: datetime
    ahead: datetime
    open: Sequence[Case] = ()
    moved: Sequence[tuple[Case, Sequence[str]]] = ()
    given: Sequence[Given] = ()
    explains: Callable[[Case], str | None] = field(default=lambda case: case.handler)


def pack_of(read: Read) -> Pack:
    """Return the pack."""
    overdue = [row for each in read.open if (row := _row(read, each, late=True))]
    upcoming = [row for each in read.open if (row := _row(read, each, late=False))]
    changed = [change for case, names in read.moved if (change := _change(read, case, names))]
    matters = [matter for each in read.open for matter in _matters(each)]
    followed = [_followed(each, read.until) for each in read.given]
    fresh = [each for each in followed if not (each.state in _OVER and each.at and each.at <= read.since)]
    petitions = [case for case, _ in read.moved if case.kind is Kind.PETITION]
    counts: Mapping[Measured, int] = {
        Measured.RECEIVED: sum(_within(read, each.registered_at) for each in petitions),
        Measured.CLOSED: sum(_within(read, each.closed_at) for each in petitions),
        Measured.SIGNED_OFF: sum(_within(read, each.signed_off_at) for each in petitions),
        Measured.OPEN: len(read.open),
        Measured.OVERDUE: len(overdue),
        Measured.UPCOMING: len(upcoming),
        Measured.CHANGED: len(changed),
        Measured.MATTERS: len(matters),
        Measured.DONE: sum(each.state in _OVER for each in fresh),
        Measured.RUNNING: sum(each.state is DecisionState.RUNNING for each in fresh),
        Measured.LATE: sum(each.state is DecisionState.LATE for each in fresh),
    }
    return Pack(
        since=read.since,
        until=read.until,
        ahead=read.ahead,
        counts=tuple(Count(name=name, value=value) for name, value in counts.items()),
        stands=tuple(_stands(read.open, {row.case for row in overdue})),
        changed=tuple(changed[:MOST]),
        overdue=tuple(sorted(overdue, key=lambda row: (row.due, row.case))[:MOST]),
        upcoming=tuple(sorted(upcoming, key=lambda row: (row.due, row.case))[:MOST]),
        matters=tuple(sorted(matters, key=lambda each: (each.what, each.case))[:MOST]),
        followed=tuple(fresh[:MOST]),
    )


def who_explains(world: World, case: Case, at: datetime) -> str:
    """Return who must explain why a case is late: who has the time that is up in hand, or stands in for them.

    That is whoever handles the case; a reviewer without a hand in it while it is in review; the head of the unit for an
    extension that waits; and the desk for what is no unit's yet or waits for the desk.
    """
    name = case.nearest.name if case.nearest else ""
    if name in REVIEWS and (reviewer := _reviewer(world, case, at)):
        return reviewer
    post = WHOSE.get(name, "handler") if case.unit else "dispatcher"
    return reach(world, world.policies[case.policy], case, post, at=at).person


def _reviewer(world: World, case: Case, at: datetime) -> str | None:
    organisation = world.organisation
    if organisation is None:
        return None
    out = {*case.hands, *barred(organisation, case)}
    able = [each for each in organisation.people if Role.REVIEWER in each.roles and each.id not in out]
    there = [found[0].id for each in able if (found := organisation.present(each, legal_day(at)))]
    return next(iter(there), None)


_OVER: Final = {DecisionState.DONE, DecisionState.ENDED}


def _within(read: Read, at: datetime | None) -> bool:
    return at is not None and read.since < at <= read.until


def _row(read: Read, case: Case, *, late: bool) -> PackRow | None:
    clock = case.nearest
    if clock is None or (clock.due <= read.until) is not late or clock.due > read.ahead:
        return None
    today = legal_day(read.until)
    return PackRow(
        case=case.id,
        kind=case.kind,
        status=case.status,
        unit=case.unit,
        leader=case.leader,
        explains=read.explains(case) if late else case.handler,
        since=legal_day(case.registered_at) if case.registered_at else today,
        due=clock.due,
        clock=clock.name,
        days=(read.until - clock.due).days if late else 0,
    )


def _change(read: Read, case: Case, names: Iterable[str]) -> Change | None:
    told = [name for name in dict.fromkeys(names) if name in MOVES and not _old(read, case, name)]
    if not told:
        return None
    return Change(case=case.id, kind=case.kind, status=case.status, unit=case.unit, events=tuple(told))


def _old(read: Read, case: Case, name: str) -> bool:
    if not (case.imported and name in BROUGHT):
        return False
    at: datetime | None = getattr(case, BROUGHT[name])
    return at is None or at <= read.since


def _matters(case: Case) -> Iterable[Matter]:
    for flag, what in _MATTERS.items():
        if flag in case.flags:
            yield Matter(case=case.id, what=what, unit=case.unit)
    for each in case.proposals:
        if each.state is ProposalState.OPEN:
            yield Matter(case=case.id, what=MatterKind.PROPOSAL, unit=case.unit, name=each.id)


def _followed(given: Given, until: datetime) -> Followed:
    clock = given.case.clock("instruction")
    at: datetime | None
    if given.over:
        name, at = given.over
        state = DecisionState.DONE if name == ANSWERED else DecisionState.ENDED
    else:
        at = clock.due if clock else None
        state = DecisionState.LATE if at and at <= until else DecisionState.RUNNING
    return Followed(meeting=given.meeting, number=given.number, case=given.case.id, state=state, at=at)


def _stands(cases: Iterable[Case], overdue: set[str]) -> Iterable[Stand]:
    counted: dict[tuple[Kind, Status], list[int]] = {}
    for each in cases:
        found = counted.setdefault((each.kind, each.status), [0, 0])
        found[0] += 1
        found[1] += each.id in overdue
    for kind in TOLD:
        for status in Status:
            if (kind, status) in counted:
                number, late = counted[kind, status]
                yield Stand(kind=kind, status=status, open=number, overdue=late)
