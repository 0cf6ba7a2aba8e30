"""Instructions with a clock of their own, the top rung that rests meanwhile, proposals, filings with their own time."""

from datetime import date, timedelta

import pytest

from models.organisation import Organisation
from models.refusals import (
    AskedOften,
    DueInPast,
    FourEyes,
    InstructionFar,
    InstructionStands,
    NotAbove,
    NothingOpen,
    NotYours,
    OthersUnit,
    ReviewedForGood,
    UnknownFiling,
    UnknownProposal,
)
from models.values import Filing, ProposalState
from models.vocabulary import Kind, Light, Status
from tests.core.builders import (
    START,
    Story,
    a_policy,
    a_story,
    a_story_of_2024,
    a_world,
    an_actor,
    an_organisation,
    refused,
    shanghai,
    the_clock,
)

S = Status


def with_person(name: str, **update: object) -> Organisation:
    """The organisation, with somebody changed."""
    organisation = an_organisation()
    people = tuple(each.model_copy(update=update) if each.id == name else each for each in organisation.people)
    return organisation.model_copy(update={"people": people})


def overdue(status: Status = S.ASSIGNED, **fields: object) -> Story:
    """A petition that has climbed to the top of the ladder of its closure."""
    story = a_story(status, **fields)  # type: ignore[arg-type]
    story.until(the_clock(story.case, "close").due + timedelta(days=8))
    return story


# ── instructions ──


def test_an_instruction_is_answered_within_five_working_days_or_by_the_day_it_names() -> None:
    story = a_story(S.ASSIGNED).do("leader", "instruct")
    first = the_clock(story.case, "instruction")
    assert first.due == shanghai("2026-03-10 00:00")
    refused(story, DueInPast, "leader", "instruct", instruction_by=date(2026, 3, 1))
    story.do("handler", "answer_instruction")
    assert story.case.clock("instruction") is None
    refused(story, NothingOpen, "handler", "answer_instruction")


def test_a_further_instruction_keeps_the_first_ones_day_or_brings_it_forward_but_never_puts_it_off() -> None:
    story = a_story(S.ASSIGNED).do("leader", "instruct", instruction_by=date(2026, 3, 20))
    first = the_clock(story.case, "instruction")
    story.do("county-deputy", "instruct")
    assert the_clock(story.case, "instruction") == first, "no day named: the first one's stays"
    assert story.case.instruction_by == date(2026, 3, 20)
    for day in (20, 25):
        refusal = refused(story, InstructionStands, "leader", "instruct", instruction_by=date(2026, 3, day))
        assert "2026-03-21 00:00" in refusal.zh
    story.do("leader", "instruct", instruction_by=date(2026, 3, 10))
    assert story.events[-1].event.name == "instruction_hastened"
    assert the_clock(story.case, "instruction").due == shanghai("2026-03-11 00:00")
    assert story.case.instruction_by == date(2026, 3, 10)


def test_an_instruction_names_no_day_beyond_the_policys_longest_time() -> None:
    story = a_story(S.ASSIGNED)
    for day in (date(2999, 1, 1), date(2026, 4, 3)):
        refusal = refused(story, InstructionFar, "leader", "instruct", instruction_by=day)
        assert "2026-04-01" in refusal.zh
    story.do("leader", "instruct", instruction_by=date(2026, 4, 1))


def test_a_leader_instructs_only_cases_of_units_they_answer_for() -> None:
    story = a_story(S.ASSIGNED)
    refused(story, OthersUnit, "other-head", "instruct")
    for who in ("head", "leader", "secretary"):
        story.do(who, "instruct")
    a_story(S.ACCEPTED).do("other-head", "instruct")  # no unit's case yet: every leader may speak to it
    world = a_world(with_person("other-head", charge=("qingshi",)))
    a_story(S.ASSIGNED, world=world).do("other-head", "instruct")  # in their charge


def test_an_instruction_nobody_answers_climbs_a_ladder_of_its_own() -> None:
    story = a_story(S.ASSIGNED).do("leader", "instruct")
    rang = [
        str(each.event.said["rung"]) for _, each in story.wait(days=30) if each.event.said["clock"] == "instruction"
    ]
    assert rang[:5] == ["blue", "yellow", "red", "deputy_county", "county"]


def test_the_top_rung_rests_while_a_head_has_the_matter_in_hand_and_comes_again_after_the_answer() -> None:
    story = overdue()
    assert the_clock(story.case, "close").rung == "county"
    story.do("county-deputy", "instruct")
    instructed = story.at - timedelta(hours=1)
    close = the_clock(story.case, "close")
    assert (close.hushed, close.light) == (True, Light.RED)
    assert [(each.rung, each.at) for each in close.upcoming] == [("county", instructed + timedelta(days=14))]
    assert story.case.alarm
    assert story.case.alarm.clock == "instruction", "an open case always has a next alarm"
    rang = {str(each.event.said["clock"]) for _, each in story.wait(days=5)}
    assert "close" not in rang
    story.do("handler", "answer_instruction")
    answered = story.at - timedelta(hours=1)
    close = the_clock(story.case, "close")
    assert not close.hushed
    assert [(each.rung, each.at) for each in close.upcoming] == [("county", answered + timedelta(days=7))]


def test_only_a_post_with_authority_over_the_unit_lets_the_top_rung_rest_not_the_units_own_head() -> None:
    for who in ("leader", "head"):
        story = overdue().do(who, "instruct")
        assert not the_clock(story.case, "close").hushed, who


def test_who_stands_in_for_a_leader_on_leave_lets_the_top_rung_rest_too() -> None:
    world = a_world(with_person("county-deputy", away=True, delegate="duty"))
    story = a_story(S.ASSIGNED, world=world)
    story.until(the_clock(story.case, "close").due + timedelta(days=8))
    assert the_clock(story.do("duty", "instruct").case, "close").hushed


def test_no_row_of_instructions_keeps_the_top_rung_silent_longer_than_the_policys_rest() -> None:
    story = overdue()
    ladder = a_policy().ladder["standard"]
    assert ladder.again
    # The first word comes at the latest when the rung would have come again; from then on it rests at most so long.
    longest = timedelta(days=ladder.again + ladder.rest)
    last = story.at
    for _ in range(40):
        story.do("county-deputy", "instruct").do("handler", "answer_instruction")
        for at, recorded in story.wait(days=3):
            if recorded.event.said["clock"] == "close":
                assert at - last <= longest
                last = at
    assert last > START + timedelta(days=150), "it rang to the end"


def test_an_instruction_left_unanswered_lets_the_top_rung_rest_only_once_for_the_policys_rest() -> None:
    story = overdue().do("county-deputy", "instruct")
    rang = [at for at, each in story.wait(days=40) if each.event.said["clock"] == "close"]
    assert [(one - rang[0]).days for one in rang] == [0, 7, 14, 21], rang
    assert not the_clock(story.case, "close").hushed


def test_below_the_top_no_instruction_stops_the_climb() -> None:
    story = a_story(S.ASSIGNED)
    story.until(the_clock(story.case, "close").due + timedelta(days=1))
    story.do("head", "instruct")
    assert [each.rung for each in the_clock(story.case, "close").upcoming] == ["deputy_county", "county"]


def test_an_extension_wakes_a_resting_clock() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension", extension_days=30)
    story.until(the_clock(story.case, "close").due + timedelta(days=8))
    story.do("county-deputy", "instruct").do("head", "grant_extension")
    close = the_clock(story.case, "close")
    assert (close.hushed, bool(close.upcoming)) == (False, True)


def test_the_dispatcher_answers_for_a_case_that_nobody_handles() -> None:
    story = a_story(S.ACCEPTED)
    story.until(the_clock(story.case, "close").due + timedelta(days=8))
    story.do("county-deputy", "instruct")
    story.do("dispatcher", "answer_instruction")
    assert story.case.clock("instruction") is None
    assert "dispatcher" not in story.case.hands


# ── proposals ──


def test_two_yellows_draft_a_letter_of_supervision_and_a_red_proposes_a_talk() -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=62)
    assert (story.case.yellows, story.case.reds) == (2, 2)
    assert [(each.id, each.state) for each in story.case.proposals] == [
        ("talk-1", ProposalState.OPEN),
        ("supervision-1", ProposalState.OPEN),
    ]


def test_three_reds_are_for_the_county_and_accountability_is_only_ever_recommended() -> None:
    story = a_story(S.ASSIGNED).do("handler", "object")
    story.wait(days=90)
    assert story.case.reds == 1, "what an objection pauses does not come to red"
    story = a_story(S.ASSIGNED).do("leader", "instruct")
    story.wait(days=90)
    assert story.case.reds == 3
    assert {each.name for each in story.case.proposals} == {"supervision", "talk", "county_report", "accountability"}
    assert not [each for each in story.events if each.event.name == "proposal_adopted"], "nothing happens by itself"
    assert not [
        reaction for each in story.events for reaction in each.event.reactions
        if reaction.letter in {"talk_notice", "county_report", "accountability_recommendation"}
    ]  # fmt: skip


def test_a_leader_adopts_or_dismisses_a_proposal_and_only_then_a_letter_goes_out() -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=62)
    refused(story, NotYours, "clerk", "adopt_proposal", proposal="talk-1")
    refused(story, UnknownProposal, "duty", "adopt_proposal", proposal="talk-9")
    story.do("duty", "adopt_proposal", proposal="talk-1")
    (letter,) = story.events[-1].event.reactions
    assert (letter.letter, letter.to) == ("talk_notice", ("head",))
    refused(story, UnknownProposal, "duty", "dismiss_proposal", proposal="talk-1")
    story.do("duty", "dismiss_proposal", proposal="supervision-1")
    assert not story.events[-1].event.reactions
    assert [each.state.value for each in story.case.proposals] == ["adopted", "dismissed"]
    refused(story, NothingOpen, "duty", "adopt_proposal", proposal="talk-1")


def test_a_light_that_comes_again_after_an_extension_counts_again() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension", extension_days=30)
    story.until(the_clock(story.case, "close").due)
    reds = story.case.reds
    story.do("head", "grant_extension")
    story.until(the_clock(story.case, "close").due)
    assert story.case.reds == reds + 1


# ── filings with their own time ──


def filed(*channels: str) -> tuple[Filing, ...]:
    return tuple(Filing(channel=channel, number=f"{channel}-{place}") for place, channel in enumerate(channels, 1))


def test_each_filing_of_another_channel_has_its_own_time_and_the_nearest_bites_next() -> None:
    story = a_story(S.ASSIGNED, filings=filed("system"))
    story.do("clerk", "supplement", filings=filed("hotline", "platform"))
    supplemented = story.at - timedelta(hours=1)
    assert [clock.name for clock in story.case.clocks if "#" in clock.name] == ["source#2", "source#3"]
    hotline, platform = the_clock(story.case, "source#2"), the_clock(story.case, "source#3")
    assert (hotline.channel, platform.channel) == ("hotline", "platform")
    assert hotline.due == shanghai("2026-03-10 00:00"), "seven days"
    assert platform.started_at == supplemented
    assert platform.due == shanghai("2026-05-02 00:00"), "sixty"
    assert story.case.due == hotline.due
    before = story.case
    story.do("clerk", "answer_source", filing=2)
    assert story.case.clock("source#2") is None
    assert story.case.clock("source#3") == before.clock("source#3"), "the others' times run on"
    assert story.case.clock("close") == before.clock("close")
    refused(story, UnknownFiling, "clerk", "answer_source", filing=2)
    story.do("clerk", "answer_source", filing=3)
    refused(story, NothingOpen, "clerk", "answer_source", filing=3)


def test_filings_at_registration_have_their_time_too_and_closing_the_case_ends_it() -> None:
    story = a_story(S.REVIEWING, filings=filed("system", "hotline", "visit"))
    assert [clock.name for clock in story.case.clocks if "#" in clock.name] == ["source#2", "source#3"]
    story.do("reviewer", "approve")
    assert not [clock for clock in story.case.clocks if "#" in clock.name]


def test_a_filings_clock_climbs_its_ladder_and_is_paused_by_nothing_of_the_cases_own() -> None:
    story = a_story(S.ACCEPTED, filings=filed("system", "hotline")).do("leader", "begin_hearing")
    rang = [str(each.event.said["rung"]) for _, each in story.wait(days=20) if each.event.said["clock"] == "source#2"]
    assert rang == ["blue", "yellow", "red", "deputy_county", "county"]


def test_a_filing_of_a_channel_nobody_knows_is_kept_without_a_time() -> None:
    story = a_story(S.ACCEPTED, filings=filed("system", "somewhere"))
    assert len(story.case.filings) == 2
    assert not [clock for clock in story.case.clocks if "#" in clock.name]


def test_imported_history_starts_no_filings_clock() -> None:
    story = a_story_of_2024(filings=filed("inspection", "hotline"))
    assert len(story.case.filings) == 2
    assert not [clock for clock in story.case.clocks if "#" in clock.name]


def test_what_is_proposed_about_a_unit_is_decided_above_it_never_by_its_own_head() -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=62)
    for command in ("adopt_proposal", "dismiss_proposal"):
        refused(story, NotAbove, "head", command, proposal="talk-1")
        refused(story, NotAbove, "other-head", command, proposal="talk-1")
    story.do("county-deputy", "dismiss_proposal", proposal="talk-1")


# ── no pause without end ──


def test_the_petitioner_is_asked_twice_and_a_third_question_does_not_make_the_time_stand_still() -> None:
    story = a_story(S.VERIFIED)
    for _ in range(2):
        story.do("handler", "ask_petitioner").do("clerk", "petitioner_answered")
    refusal = refused(story, AskedOften, "handler", "ask_petitioner")
    assert "2" in refusal.zh


def test_a_hearing_is_held_at_most_as_often_as_the_policy_says() -> None:
    story = a_story(S.ASSIGNED)
    for _ in range(2):
        story.do("dispatcher", "begin_hearing").do("leader", "end_hearing")
    refusal = refused(story, AskedOften, "leader", "begin_hearing")
    assert "听证" in refusal.zh


@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.RECTIFICATION])
def test_a_task_hears_a_leaders_instruction_as_a_petition_does(kind: Kind) -> None:
    story = a_story(S.RECTIFYING, kind=kind).do("leader", "instruct")
    assert the_clock(story.case, "instruction").due > START
    story.do("handler", "answer_instruction")
    assert story.case.clock("instruction") is None


# ── reconsideration ──


def test_an_opinion_is_reconsidered_twice_by_different_people_and_never_a_third_time() -> None:
    story = a_story(S.CLOSED)
    for who in ("leader", "county-deputy"):
        story.do("clerk", "reply").do("clerk", "ask_reconsideration").do(who, "decide_reconsideration")
    assert story.case.reconsiderations == 2
    story.do("clerk", "reply")
    refused(story, ReviewedForGood, "clerk", "ask_reconsideration")


def test_whoever_upheld_it_or_approved_the_closure_does_not_decide_the_next_round() -> None:
    story = a_story(S.CLOSED).do("clerk", "reply").do("clerk", "ask_reconsideration")
    approver = an_actor("leader", id="reviewer")
    refused(story, FourEyes, approver, "decide_reconsideration")
    story.do("leader", "decide_reconsideration").do("clerk", "reply").do("clerk", "ask_reconsideration")
    refused(story, FourEyes, "leader", "decide_reconsideration")


def test_an_opinion_given_anew_may_be_reconsidered_anew() -> None:
    story = a_story(S.CLOSED).do("clerk", "reply").do("clerk", "ask_reconsideration")
    story.do("leader", "decide_reconsideration", outcome="overturned")
    assert (story.case.reconsiderations, story.case.approver) == (0, None)


def test_a_task_is_given_to_another_unit_and_its_date_stays() -> None:
    story = a_story(S.RECTIFYING, kind=Kind.RECTIFICATION)
    before = the_clock(story.case, "rectify")
    story.do("dispatcher", "reassign", unit="liuxi", handler="other-handler")
    assert (story.case.unit, story.case.handler) == ("liuxi", "other-handler")
    assert the_clock(story.case, "rectify") == before
