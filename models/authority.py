"""Who may speak to a unit's case from above: instructions, and what is proposed about the unit."""

from datetime import timedelta

from models import refusals
from models.counting import end_of, legal_day
from models.instants import shown
from models.policy import Ladder
from models.situation import Situation
from models.values import ProposalState


def _answers(s: Situation) -> bool:
    # A case that is no unit's yet is every leader's concern.
    found = s.world.organisation.person(s.actor.id) if s.world.organisation else None
    unit = s.case.unit
    return unit is None or (
        found is not None and s.world.organisation is not None and s.world.organisation.answers(found, unit)
    )


def has_authority(s: Situation, ladder: Ladder) -> bool:
    """Tell whether who acts holds a post of the ladder's authority over the case's unit, or stands in for who does."""
    organisation = s.world.organisation
    if organisation is None:
        return False
    return any(s.actor.id in organisation.filling(post, s.case.unit, at=s.at) for post in ladder.authority)


def answers_for_unit(s: Situation) -> None:
    """A leader speaks to a case of their own unit, of one under it or in their charge; the county's leaders to any."""
    if not _answers(s):
        raise refusals.OthersUnit(**s.words, unit=s.case.unit or "—")


def above_unit(s: Situation) -> None:
    """What is proposed about a unit is decided above it, never by the unit itself."""
    if not _answers(s) or (s.case.unit is not None and s.actor.unit == s.case.unit):
        raise refusals.NotAbove(**s.words)


def instruction_running(s: Situation) -> None:
    """There is an instruction to answer."""
    if s.case.clock("instruction") is None:
        raise refusals.NothingOpen(**s.words, flag="领导批示", flag_en="an instruction")


def instruction_ahead(s: Situation) -> None:
    """The day an instruction names is still to come."""
    day = s.given("instruction_by")
    if day and end_of(day, s.policy.counting) <= s.at:
        raise refusals.DueInPast(due=day.isoformat())


def instruction_near(s: Situation) -> None:
    """The day an instruction names is not further off than the policy allows: it rests what waits for it."""
    day, limit = s.given("instruction_by"), s.policy.instruction_limit
    last = legal_day(s.at) + timedelta(days=limit)
    if day and day > last:
        raise refusals.InstructionFar(limit=limit, last=last)


def instruction_sooner(s: Situation) -> None:
    """While an instruction waits for its answer, a further one may bring its day forward, never put it off."""
    clock = s.case.clock("instruction")
    if clock and end_of(s.given("instruction_by"), s.policy.counting) >= clock.due:
        raise refusals.InstructionStands(due=shown(clock.due))


def proposals_left(s: Situation) -> None:
    """Some proposal is to be decided."""
    if not any(each.state is ProposalState.OPEN for each in s.case.proposals):
        raise refusals.NothingOpen(**s.words, flag="待定的建议", flag_en="a proposal to be decided")


def proposal_open(s: Situation) -> None:
    """That proposal is to be decided."""
    found = s.case.proposal(s.given("proposal"))
    if found is None or found.state is not ProposalState.OPEN:
        raise refusals.UnknownProposal(proposal=s.given("proposal"))
