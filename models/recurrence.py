"""Whether a petition is what an earlier one at the same site was closed for (反弹): pure, by the policy's row."""

from collections.abc import Iterable
from datetime import timedelta

from models.case import Case
from models.harms import harms_of
from models.storm import Recurrence
from models.vocabulary import Status


def recurs(rule: Recurrence, case: Case, earlier: Iterable[Case]) -> Case | None:
    """Return the earlier petition that has come back, the one closed last; None where none has.

    Only what came in after the earlier one was closed, and within the days of the rule after that or after its
    sign-off. A petition that was brought in closed already (an old table) brings nothing back, nor does one that is
    known as a repeat or joined.
    """
    if case.registered_at is None or not case.is_open or case.recurrence_of or case.repeat_of or case.leading:
        return None
    found = [each for each in earlier if _came_back(rule, case, each)]
    return max(found, key=lambda each: (each.signed_off_at or each.closed_at, each.id), default=None)


def _came_back(rule: Recurrence, case: Case, earlier: Case) -> bool:
    ended = earlier.signed_off_at or earlier.closed_at
    if earlier.status not in {Status.CLOSED, Status.SIGNED_OFF} or ended is None or case.registered_at is None:
        return False
    if not earlier.closed_at or case.registered_at < earlier.closed_at:
        return False
    if case.registered_at - ended > timedelta(days=rule.days):
        return False
    return not rule.same_type or bool(set(case.types) & set(earlier.types)) or bool(_harms(case) & _harms(earlier))


def _harms(case: Case) -> frozenset[object]:
    return frozenset(harms_of("。".join((case.summary, *case.types))))
