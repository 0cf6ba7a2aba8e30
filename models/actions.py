"""What may be done now, by whom: derived from the same rows, flags and guards that ``decide`` applies."""

from datetime import datetime
from typing import Final

from models.case import Case
from models.decide import admit, is_now, role_of
from models.effects import choice
from models.lifecycle import LIFECYCLES, Row
from models.refusals import NothingOpen, Refused
from models.situation import Situation
from models.vocabulary import Kind
from models.world import Actor, World

ELSEWHERE: Final[dict[Kind, tuple[Row, ...]]] = {
    kind: tuple(row for row in rows if not row.own_unit and row.raises) for kind, rows in LIFECYCLES.items()
}
"""The steps that take a case on and are for people of other units too, by kind of case."""


def awaited(case: Case) -> str | None:
    """Return the command that a case waits for from somebody of whatever unit (``accept_on_site``), None for none."""
    for row in ELSEWHERE[case.kind]:
        if is_now(row, case) and set(row.needs) <= set(case.flags) and not set(row.bars) & set(case.flags):
            return row.command
    return None


def actions(world: World, case: Case, actor: Actor, at: datetime) -> tuple[Row, ...]:
    """Return the rows this actor could follow now, one for each command, before anything is filled in."""
    allowed: dict[str, Row] = {}
    for row in LIFECYCLES[case.kind]:
        if is_now(row, case) and row.command not in allowed and _admitted(world, case, actor, row, at):
            allowed[row.command] = row
    return tuple(allowed.values())


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
