"""What may be done now, by whom: derived from the same rows, flags and guards that ``decide`` applies."""

from datetime import datetime

from models.case import Case
from models.decide import admit, is_now
from models.effects import choice
from models.lifecycle import LIFECYCLES, Row
from models.refusals import Refused
from models.situation import Situation
from models.world import Actor, World


def actions(world: World, case: Case, actor: Actor, at: datetime) -> tuple[Row, ...]:
    """Return the rows this actor could follow now, one for each command, before anything is filled in."""
    allowed: dict[str, Row] = {}
    for row in LIFECYCLES[case.kind]:
        if is_now(row, case) and row.command not in allowed and _admitted(world, case, actor, row, at):
            allowed[row.command] = row
    return tuple(allowed.values())


def _admitted(world: World, case: Case, actor: Actor, row: Row, at: datetime) -> bool:
    s = Situation(world, case, actor, row, None, at, at)
    try:
        admit(s)
    except Refused:
        return False
    return choice(s) == row.when
