"""What holds of an erasure: two different people, nothing more owed to the petitioner, and the time that it is kept."""

from models import erasure_refusals as refusals
from models.counting import legal_day
from models.retention import kept_until, row_of
from models.situation import Guard, Situation
from models.vocabulary import ErasureGrounds, Flag, Status


def reply_given(s: Situation) -> None:
    """Of what is closed the petitioner has the reply."""
    if s.case.status is Status.CLOSED and Flag.REPLIED not in s.case.flags:
        raise refusals.NotReplied(**s.words)


def not_the_proposer(s: Situation) -> None:
    """Whoever proposed it does not decide it."""
    if s.actor.id == s.case.proposer:
        raise refusals.ProposedByYou(**s.words)


def grounds_as_proposed(s: Situation) -> None:
    """Both name the same grounds, each for themselves."""
    proposed = s.case.proposed_grounds
    if proposed is not None and s.given("grounds") is not proposed:
        raise refusals.OtherGrounds(grounds=proposed.zh, grounds_en=proposed.en)


def time_is_over(s: Situation) -> None:
    """That the time is over is no grounds before it is, by the policy in force now."""
    if s.given("grounds") is not ErasureGrounds.RETENTION:
        return
    name = s.world.policy_at(s.at)
    row = row_of(s.world.policies[name].retention, s.case)
    last = None if row is None else kept_until(row, s.case)
    if row is None or last is None:
        status = s.case.status
        raise refusals.KeptForEver(policy=name, status=status.zh, status_en=status.en)
    if legal_day(s.at) <= last:
        raise refusals.StillKept(policy=name, row=row.name, day=last.isoformat())


def erasure_proposed(s: Situation) -> dict[str, object]:
    """Who proposed it, and why."""
    return {"proposer": s.actor.id, "proposed_grounds": s.given("grounds")}


ERASURE_GUARDS: dict[str, Guard] = {"reply_given": reply_given, "not_the_proposer": not_the_proposer}
ERASURE_CHECKS: dict[str, Guard] = {"grounds_as_proposed": grounds_as_proposed, "time_is_over": time_is_over}
ERASURE_EFFECTS = {"erasure_proposed": erasure_proposed}
