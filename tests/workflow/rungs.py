"""What the clock did in a case, and what it still has to do, as the ledger tells it."""

from datetime import datetime
from typing import cast

from adapters import queries
from models.event import Recorded
from models.vocabulary import Role
from tests.workflow.desks import Office

Named = tuple[datetime, str, str]
"""A rung by its legal instant, its clock and its name."""


def rings(office: Office, case: str) -> list[Recorded]:
    """The clock's events, in the ledger's order."""
    return [each for each in office.history(case) if each.event.role is Role.CLOCK]


def due(ring: Recorded) -> datetime:
    """The legal instant of a rung that was rung."""
    return datetime.fromisoformat(str(ring.event.said["due_at"]))


def named(ring: Recorded) -> Named:
    return due(ring), str(ring.event.said["clock"]), str(ring.event.said["rung"])


def rung(office: Office, case: str) -> list[Named]:
    """What was rung, in the ledger's order."""
    return [named(each) for each in rings(office, case)]


def coming(office: Office, case: str) -> list[Named]:
    """The rungs still to come, as the case's events have them, paused ones too."""
    return sorted((each.at, clock.name, each.rung) for clock in office.case(case).clocks for each in clock.upcoming)


def recipients(office: Office, case: str, clock: str) -> dict[str, list[str]]:
    """Who heard, by rung of a clock; of a rung that came again, the last time."""
    return {
        str(each.event.said["rung"]): [who["person"] for who in heard(each)]
        for each in rings(office, case)
        if each.event.said["clock"] == clock
    }


def heard(ring: Recorded) -> list[dict[str, str]]:
    """Whom a rung reached."""
    return cast("list[dict[str, str]]", ring.event.said["recipients"])


def late(office: Office, moment: datetime) -> set[str]:
    """The cases whose next alarm should have rung by then."""
    return {each.case for each in queries.late(office.desk.database, moment)}


def each_once_in_order(office: Office, case: str) -> None:
    """No rung twice, none before an earlier one, none before its time, no reaction with two outcomes."""
    told = rung(office, case)
    assert len(told) == len(set(told)), told
    assert [at for at, _, _ in told] == sorted(at for at, _, _ in told), told
    assert all(each.recorded_at >= due(each) for each in rings(office, case))
    outcomes = [each.event.said["reaction"] for each in office.history(case) if "reaction" in each.event.said]
    assert len(outcomes) == len(set(outcomes)), outcomes
