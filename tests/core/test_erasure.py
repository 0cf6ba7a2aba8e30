"""Who complained is erased by a leader without a hand in the case, when nothing more is owed to them."""

import pytest

from models.event import ReactionKind
from models.refusals import FourEyes, OfTheUnit, Refused, UnderWay
from models.vocabulary import ErasureGrounds, Flag, Role, Status
from tests.core.builders import WAYS, Story, a_story, refused

R, S = Role, Status


def at_rest(status: Status) -> Story:
    """A case whose letters have all gone out."""
    story = a_story(status)
    while story.case.pending:
        story.do(R.ENGINE, "record_outcome")
    return story


@pytest.mark.parametrize("status", [S.DECLINED, S.REFERRED, S.WITHDRAWN, S.SIGNED_OFF])
def test_a_leader_erases_where_nothing_more_is_owed_and_the_engine_is_told(status: Status) -> None:
    story = at_rest(status).do("magistrate", "erase", grounds=ErasureGrounds.RETENTION)
    event = story.events[-1].event
    assert (event.name, event.said) == ("erased", {"grounds": "retention"})
    assert [(each.kind, each.case) for each in event.reactions] == [(ReactionKind.ERASE, story.case.id)]
    assert Flag.ERASED in story.case.flags
    refused(story, Refused, "magistrate", "erase")


@pytest.mark.parametrize("status", sorted(set(WAYS) - {S.DECLINED, S.REFERRED, S.WITHDRAWN, S.SIGNED_OFF}))
def test_before_that_nobody_erases(status: Status) -> None:
    refused(at_rest(status), Refused, "magistrate", "erase")


def test_a_closed_case_waits_for_its_reply() -> None:
    story = at_rest(S.CLOSED)
    refused(story, Refused, "magistrate", "erase")
    story.do("clerk", "reply")
    refused(story, UnderWay, "magistrate", "erase")
    story.do(R.ENGINE, "record_outcome").do("magistrate", "erase")
    assert Flag.ERASED in story.case.flags


def test_nobody_else_erases_and_no_leader_with_a_hand_in_it() -> None:
    for who in (R.CLERK, R.DISPATCHER, R.HANDLER, R.REVIEWER, R.AUDITOR, R.ADMINISTRATOR, R.INSPECTOR):
        refused(at_rest(S.SIGNED_OFF), Refused, who, "erase")
    story = at_rest(S.SIGNED_OFF)
    story.case = story.case.model_copy(update={"hands": (*story.case.hands, "magistrate")})
    refused(story, FourEyes, "magistrate", "erase")
    refused(at_rest(S.SIGNED_OFF), OfTheUnit, "deputy", "erase")


def test_opened_again_there_may_be_somebody_to_erase_again() -> None:
    story = at_rest(S.SIGNED_OFF).do("magistrate", "erase").do("leader", "reopen")
    assert Flag.ERASED not in story.case.flags
