"""What both the pages and the API read, always through the permissions, and every denial kept."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import structlog
from pydantic import JsonValue

from adapters import queries
from adapters.access.log import Deed
from adapters.intake import perform_sealed
from adapters.naming import by_id, unit_id
from adapters.statistics import areas_of
from models.actions import ELSEWHERE, actions, waits_for
from models.campaign_commands import COMPOSED
from models.campaign_refusals import MadeFromLedger
from models.case import Case
from models.clocks import Clock
from models.derivation import Step, derivation
from models.envelope import Envelope, Receipt
from models.lifecycle import BY_COMMAND, MAKES, Row
from models.permissions import Reach, Sight, may_see
from models.refusals import Malformed, NotForYou, Refused, Unknown
from models.vocabulary import Kind
from web.house import House
from web.people import Visitor, require
from web.problems import FORBIDDEN

LONGEST_KEY: Final = 100
"""Characters of an Idempotency-Key."""


def case_of(house: House, who: Visitor, name: str, kind: Kind | None = None) -> Case:
    """Return a case that somebody may see, of a kind where one is named.

    Raises:
        Unknown: there is none of that number, or of that kind.
        NotForYou: they may not see it; that is kept.
    """
    found = queries.case(house.desk.database, name)
    structlog.contextvars.bind_contextvars(case=found.id)
    if not may_see(who.world, found, who.actor, house.desk.moments.now()):
        house.log.tell(who.actor.id, Deed.READ, granted=False, about=name, why="单位或职责 unit or role")
        raise NotForYou(person=who.actor.id, what=f"案件 {name}", what_en=f"the case {name}")
    if kind is not None and found.kind is not kind:
        raise Unknown(case=name)
    return found


def within(house: House, who: Visitor, wanted: queries.Filter) -> queries.Filter:
    """Return a filter narrowed to what somebody sees in lists.

    What waits for their roles, of whatever unit, they see as well; ``seen`` leaves out what is not for them.

    Raises:
        NotForYou: they see no cases at all.
    """
    if require(house, who, Sight.CASES) is Reach.ALL or wanted.awaits in errands(who):
        return wanted
    own = who.actor.unit
    # Of another unit's cases they see none, so that asking for one finds nothing.
    return replace(wanted, unit=own if wanted.unit in {None, own} else "")


def lying_in(house: House, who: Visitor, township: str | None) -> tuple[str, ...] | None:
    """Return the areas of the petitions that lie in a township, named by id or name; None where none is asked for."""
    if not township:
        return None
    return areas_of(house.desk.database, who.world.organisation, unit_id(who.world, township))


def errands(who: Visitor) -> list[str]:
    """Return the commands of somebody's roles that cases of other units wait for too."""
    rows = [row for rows in ELSEWHERE.values() for row in rows if waits_for(row) & set(who.actor.roles)]
    return list(dict.fromkeys(row.command for row in rows))


def seen(house: House, who: Visitor, cases: Iterable[Case]) -> list[Case]:
    """Return the cases of a list but for those that are about the reader, or not for them to see."""
    now = house.desk.moments.now()
    return [each for each in cases if may_see(who.world, each, who.actor, now)]


def may(who: Visitor, kind: Kind, command: str) -> bool:
    """Return whether one of somebody's roles gives a command, wherever they may."""
    return bool({role for row in BY_COMMAND[kind, command] for role in row.by} & set(who.actor.roles))


def offered(house: House, who: Visitor, case: Case) -> tuple[Row, ...]:
    """Return what somebody may do with a case now."""
    rows = actions(who.world, case, who.actor, house.desk.moments.now())
    return tuple(row for row in rows if row.command not in COMPOSED and (row.command not in MAKES or row.at))


def act(
    house: House,
    who: Visitor,
    case: str | None,
    command: str,
    data: Mapping[str, JsonValue],
    *,
    key: str | None,
    door: str,
    secret: Mapping[str, str] | None = None,
    expected: int | None = None,
    composed: bool = False,
) -> Receipt:
    """Give a command in somebody's name.

    Args:
        house: the console.
        who: in whose name.
        case: the case, None for a new one.
        command: the command's name.
        data: its fields; people and units by id or by name.
        key: makes the way repeatable; a key is its person's own.
        door: by which way it came: ``console`` or ``api``.
        secret: what belongs under seal.
        expected: the number of the case's latest event as whoever asks knows it; None where it does not matter.
        composed: whether the data was made from the ledger.

    Raises:
        MadeFromLedger: it has to be, and was not.
        Malformed: the data names something sealed.
        Refused: why not; a refusal that is about who asks is kept in the access log.
        ValidationError: a field of the envelope is not right.
    """
    if command in COMPOSED and not composed:
        raise MadeFromLedger
    if "sealed" in data:
        # What is sealed is named by its envelope alone; a name handed in could be that of another petition's.
        raise Malformed(field="sealed", why="由系统填写 / filled in by the system")
    via = {"door": door} if who.scopes is None else {"door": door, "token": who.token}
    envelope = Envelope.model_validate(
        {
            "id": f"{door}/{who.actor.id}/{key or uuid.uuid4()}",
            "case": case,
            "actor": who.actor.id,
            "command": command,
            "data": by_id(who.world, dict(data)),
            "via": via,
        }
    )
    try:
        return perform_sealed(house.desk, envelope, secret, expected)
    except Refused as refusal:
        if isinstance(refusal, FORBIDDEN):
            house.log.tell(who.actor.id, Deed.ACT, granted=False, about=case or "", why=f"{command}: {refusal.code}")
        raise


def derived(house: House, who: Visitor, case: Case) -> list[tuple[Clock, tuple[Step, ...]]]:
    """Return a case's clocks, nearest first, each with how its due date came about."""
    policy = who.world.policies[case.policy]
    events = queries.history(house.desk.database, case.id) if case.clocks else []
    by_number = {each.seq: each for each in events}
    clocks = sorted(case.clocks, key=lambda clock: clock.due)
    return [(clock, derivation(policy, case, clock, by_number.get(clock.by))) for clock in clocks]
