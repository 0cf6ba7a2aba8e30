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


def seen_by_now(s: Situation) -> None:
    """What is told of the weather was seen by now."""
    seen = s.given("seen_at")
    if seen is not None and seen > s.at:
        raise refusals.InFuture(at=shown(seen))


PATROL_CHECKS: dict[str, Guard] = {"problem_redacted": problem_redacted, "seen_by_now": seen_by_now}
