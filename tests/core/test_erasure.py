"""Who complained is erased by two people: the desk proposes it, a leader without a hand in the case decides it."""

from datetime import UTC, date, datetime

import pytest

from models.erasure_refusals import KeptForEver, NotReplied, OtherGrounds, ProposedByYou, StillKept
from models.event import ReactionKind
from models.refusals import FourEyes, OfTheUnit, Refused, UnderWay
from models.retention import RetentionRow, Since, kept_until, row_of, usual
from models.vocabulary import ErasureGrounds, Flag, Role, Status
from tests.core.builders import WAYS, Story, a_case, a_story, refused

R, S = Role, Status
OVER = [S.DECLINED, S.REFERRED, S.WITHDRAWN, S.SIGNED_OFF]


def at_rest(status: Status) -> Story:
    """A case whose letters have all gone out."""
    story = a_story(status)
    while story.case.pending:
        story.do(R.ENGINE, "record_outcome")
    return story


def proposed(status: Status = S.SIGNED_OFF) -> Story:
    return at_rest(status).do("clerk", "propose_erasure")


@pytest.mark.parametrize("status", OVER)
def test_two_people_erase_where_nothing_more_is_owed_and_the_engine_is_told(status: Status) -> None:
    story = at_rest(status)
    refused(story, Refused, "magistrate", "erase")
    story.do("clerk", "propose_erasure")
    event = story.events[-1].event
    assert (event.name, event.said["grounds"], story.case.proposer) == ("erasure_proposed", "request", "clerk")
    assert not event.reactions
    assert Flag.ERASURE in story.case.flags
    refused(story, Refused, "dispatcher", "propose_erasure")
    story.do("magistrate", "erase")
    event = story.events[-1].event
    assert (event.name, event.said) == ("erased", {"grounds": "request"})
    assert [(each.kind, each.case) for each in event.reactions] == [(ReactionKind.ERASE, story.case.id)]
    assert Flag.ERASED in story.case.flags
    assert Flag.ERASURE not in story.case.flags
    for command in ("propose_erasure", "erase", "refuse_erasure"):
        refused(story, Refused, "magistrate", command)
        refused(story, Refused, "clerk", command)


@pytest.mark.parametrize("status", sorted(set(WAYS) - set(OVER)))
def test_before_that_nobody_proposes_or_erases(status: Status) -> None:
    refused(at_rest(status), Refused, "clerk", "propose_erasure")
    refused(at_rest(status), Refused, "magistrate", "erase")


def test_a_closed_case_waits_for_its_reply() -> None:
    story = at_rest(S.CLOSED)
    refused(story, NotReplied, "clerk", "propose_erasure")
    story.do("clerk", "reply")
    refused(story, UnderWay, "clerk", "propose_erasure")
    story.do(R.ENGINE, "record_outcome").do("clerk", "propose_erasure").do("magistrate", "erase")
    assert Flag.ERASED in story.case.flags


def test_whoever_proposed_it_does_not_decide_it_whatever_else_they_are() -> None:
    story = proposed()
    story.case = story.case.model_copy(update={"proposer": "magistrate"})
    refused(story, ProposedByYou, "magistrate", "erase")


def test_nobody_else_erases_and_no_leader_with_a_hand_in_it() -> None:
    for who in (R.CLERK, R.DISPATCHER, R.HANDLER, R.REVIEWER, R.AUDITOR, R.ADMINISTRATOR, R.INSPECTOR):
        refused(proposed(), Refused, who, "erase")
    for who in (R.HANDLER, R.REVIEWER, R.AUDITOR, R.ADMINISTRATOR, R.INSPECTOR, R.LEADER):
        refused(at_rest(S.SIGNED_OFF), Refused, who, "propose_erasure")
    story = proposed()
    story.case = story.case.model_copy(update={"hands": (*story.case.hands, "magistrate")})
    refused(story, FourEyes, "magistrate", "erase")
    refused(proposed(), OfTheUnit, "deputy", "erase")


def test_both_name_the_same_grounds() -> None:
    refused(proposed(), OtherGrounds, "magistrate", "erase", grounds=ErasureGrounds.LAW)


def test_refused_it_stays_and_may_be_proposed_again() -> None:
    story = proposed().do("magistrate", "refuse_erasure", reason="诉讼未结")
    assert not {Flag.ERASURE, Flag.ERASED} & set(story.case.flags)
    refused(story, Refused, "magistrate", "erase")
    story.do("dispatcher", "propose_erasure").do("magistrate", "erase")
    assert story.case.proposer == "dispatcher"


def test_opened_again_nothing_is_proposed_and_there_may_be_somebody_to_erase_again() -> None:
    story = proposed().do("leader", "reopen")
    assert Flag.ERASURE not in story.case.flags
    story = proposed().do("magistrate", "erase").do("leader", "reopen")
    assert Flag.ERASED not in story.case.flags


# ── retention ──


def test_that_the_time_is_over_is_no_grounds_before_it_is() -> None:
    story = at_rest(S.SIGNED_OFF)
    refused(story, StillKept, "clerk", "propose_erasure", grounds=ErasureGrounds.RETENTION)
    long_ago = {"signed_off_at": datetime(2016, 3, 1, 2, tzinfo=UTC)}
    story.case = story.case.model_copy(update=long_ago)
    story.do("clerk", "propose_erasure", grounds=ErasureGrounds.RETENTION)
    assert story.case.proposed_grounds is ErasureGrounds.RETENTION
    story = at_rest(S.SIGNED_OFF)
    story.case = story.case.model_copy(update={"signed_off_at": None})
    refused(story, KeptForEver, "clerk", "propose_erasure", grounds=ErasureGrounds.RETENTION)


@pytest.mark.parametrize(
    ("since", "last"),
    [
        (datetime(2016, 3, 1, 2, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2016, 2, 29, 2, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2016, 2, 28, 20, tzinfo=UTC), date(2026, 2, 28)),  # past midnight in Shanghai
    ],
)
def test_a_term_of_years_ends_on_the_day_of_its_date(since: datetime, last: date) -> None:
    case = a_case(S.SIGNED_OFF).model_copy(update={"signed_off_at": since})
    row = row_of(usual(), case)
    assert row is not None
    assert (row.name, kept_until(row, case)) == ("signed_off", last)


def test_what_no_row_is_for_is_kept() -> None:
    assert row_of(usual(), a_case(S.REVIEWING)) is None
    row = RetentionRow(name="x", zh="x", en="x", at=(S.DECLINED,), since=Since.REGISTERED, years=1, source="x")
    assert row_of((row,), a_case(S.SIGNED_OFF)) is None
    assert kept_until(row, a_case(S.DECLINED)) == date(2027, 3, 2)
