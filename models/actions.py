"""What may be done now, by whom: derived from the same rows, flags and guards that ``decide`` applies."""

from datetime import datetime

from models.case import Case
from models.decide import admit, rows_now
from models.effects import choice
from models.lifecycle import LIFECYCLES, Row
from models.refusals import Refused
from models.situation import Situation
from models.world import Actor, World


def actions(world: World, case: Case, actor: Actor, at: datetime) -> tuple[Row, ...]:
    """Return the rows this actor could follow now, one for each command, before anything is filled in."""
    allowed: dict[str, Row] = {}
    for command in dict.fromkeys(row.command for row in LIFECYCLES[case.kind]):
        try:
            rows = rows_now(case, command)
            situations = [Situation(world, case, actor, row, None, at, at) for row in rows]
            s = next(s for s in situations if choice(s) == s.row.when)
            admit(s)
        except Refused:
            continue
        allowed[command] = s.row
    return tuple(allowed.values())
