"""What may be done now, by whom: derived from the same rows, flags and guards that ``decide`` applies."""

from datetime import datetime
from typing import Final

from models.case import Case
from models.decide import admit, is_now, role_of
from models.effects import choice
from models.lifecycle import BY_COMMAND, LIFECYCLES, Row
from models.refusals import NothingOpen, Refused
from models.situation import Situation
from models.values import ProposalState
from models.vocabulary import Kind, Role
from models.world import Actor, World

WAITED_FOR: Final = (
    *("reply", "agree_return", "grant_extension", "decide_reconsideration"),
    *("accept_on_site", "countersign", "publish_notice", "strike_off", "adopt_proposal", "erase"),
)
"""The steps that somebody beside the unit at work is waited for to take, the most urgent first: an answer to what was
asked for, the reply, the sign-off's from the second on, what is proposed, an erasure too."""
ELSEWHERE: Final[dict[Kind, tuple[Row, ...]]] = {
    kind: tuple(row for command in WAITED_FOR for row in rows if row.command == command)
    for kind, rows in LIFECYCLES.items()
}
"""Their rows, by kind of case."""


def awaited(case: Case) -> tuple[str, ...]:
    """Return the commands that a case waits for from somebody of whatever unit (``accept_on_site``)."""
    if case.imported and case.accepted_at is None:
        # What was closed before it came to this desk was answered elsewhere.
        return ()
    flags, proposed = set(case.flags), any(each.state is ProposalState.OPEN for each in case.proposals)
    found = (
        row.command
        for row in ELSEWHERE[case.kind]
        if is_now(row, case) and set(row.needs) <= flags and not set(row.bars) & flags
        if proposed or row.command != "adopt_proposal"
    )
    return tuple(dict.fromkeys(found))


def waits_for(row: Row) -> frozenset[Role]:
    """Return the roles that a step waits for: a leader may take it, but is waited for only where nobody else is."""
    return frozenset(row.by) - {Role.LEADER} or frozenset(row.by)


def actions(world: World, case: Case, actor: Actor, at: datetime) -> tuple[Row, ...]:
    """Return the rows this actor could follow now, one for each command, before anything is filled in."""
    allowed: dict[str, Row] = {}
    for row in LIFECYCLES[case.kind]:
        if is_now(row, case) and row.command not in allowed and _admitted(world, case, actor, row, at):
            allowed[row.command] = row
    return tuple(allowed.values())


def possible(world: World, case: Case, actor: Actor, command: str, at: datetime) -> bool:
    """Tell whether this actor could give a command now, before anything is filled in."""
    rows = BY_COMMAND.get((case.kind, command), ())
    return any(is_now(row, case) and _admitted(world, case, actor, row, at) for row in rows)


def hindrances(world: World, case: Case, actor: Actor, at: datetime) -> tuple[tuple[Row, Refused], ...]:
    """Return the steps this actor would take the case on by, were it not for one thing, each with what it is.

    A step is a row that leads to another status, is one of the actor's roles and of their unit, and is kept back by a
    guard or by something under way; what only waits for somebody else to ask for it is none.
    """
    kept: dict[str, tuple[Row, Refused]] = {}
    allowed = {row.command for row in actions(world, case, actor, at)}
    for row in LIFECYCLES[case.kind]:
        if row.to is None or not row.at or row.command in allowed | kept.keys() or not is_now(row, case):
            continue
        s = Situation(world, case, actor, row, None, at, at)
        if choice(s) != row.when:
            continue
        try:
            role_of(s)
        except Refused:
            continue
        try:
            admit(s)
        except NothingOpen:
            continue
        except Refused as why:
            kept[row.command] = (row, why)
    return tuple(kept.values())


def _admitted(world: World, case: Case, actor: Actor, row: Row, at: datetime) -> bool:
    s = Situation(world, case, actor, row, None, at, at)
    try:
        admit(s)
    except Refused:
        return False
    return choice(s) == row.when
