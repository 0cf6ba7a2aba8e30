"""What patrols and what is told of the weather demand."""

from models import refusals
from models.instants import shown
from models.matter_refusals import NoPatrols
from models.personal import looks_personal
from models.situation import Guard, Situation
from models.vocabulary import Kind


def slot_clock(s: Situation) -> None:
    """The policy of the day counts patrols: without its clock nobody would hear of one that is missed."""
    if not any(rule.name == "slot" for rule in s.policy.clocks(Kind.PATROL, "")):
        raise NoPatrols(policy=s.policy.name)


def problem_redacted(s: Situation) -> None:
    """No text of a problem holds a telephone or identity number."""
    for name in ("text", "what_to_do"):
        if looks_personal(s.given(name)):
            raise refusals.LooksPersonal(field=name)


def by_now(field: str) -> Guard:
    """Return the condition that a moment, where one is told, has come."""

    def guard(s: Situation) -> None:
        at = s.given(field)
        if at is not None and at > s.at:
            raise refusals.InFuture(at=shown(at))

    guard.__doc__ = f"``{field}`` has come."
    return guard


PATROL_CHECKS: dict[str, Guard] = {
    "problem_redacted": problem_redacted,
    "seen_by_now": by_now("seen_at"),
    "been_by_now": by_now("been_at"),
}
