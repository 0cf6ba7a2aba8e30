"""Who may not: four eyes, parties complained about, officials with an interest, heads of other units."""

import pytest

from models.refusals import (
    FourEyes,
    Interest,
    NamedParty,
)
from models.vocabulary import Role, Status
from tests.core.builders import (
    FACTORY,
    PLANS,
    a_finding,
    a_plan,
    a_story,
    an_actor,
    refused,
)

R, S = Role, Status


def test_who_handled_a_case_does_not_approve_it() -> None:
    story = a_story(S.REVIEWING)
    both = an_actor("handler", roles=(Role.HANDLER, Role.REVIEWER))
    for command in ("approve", "send_back"):
        refused(story, FourEyes, both, command)
    assert story.do(R.REVIEWER, "approve").case.status == S.CLOSED


def test_whoever_was_assigned_has_a_hand_in_it_even_if_idle() -> None:
    story = a_story(S.ACCEPTED).do(R.DISPATCHER, "assign", handler="section-head")
    story.do("handler", "record_findings").do("handler", "plan_rectification").do("handler", "submit_for_review")
    refused(story, FourEyes, an_actor("section-head", roles=(Role.REVIEWER,)), "approve")


def test_a_hand_is_counted_once_however_often_it_helps() -> None:
    story = a_story(S.VERIFIED).do("handler", "record_findings").do("inspector", "record_findings")
    assert story.case.hands == ("handler", "inspector")


def test_a_dispatcher_who_passes_on_a_wish_for_time_has_no_hand_in_it() -> None:
    assert "dispatcher" not in a_story(S.VERIFIED).do("dispatcher", "request_extension").case.hands
    assert "section-head" in a_story(S.VERIFIED).do("section-head", "request_extension").case.hands


@pytest.mark.parametrize("command", ["record_findings", "report_progress", "note", "request_extension", "acknowledge"])
def test_nobody_complained_about_takes_part_in_the_case(command: str) -> None:
    story = a_story(S.ASSIGNED).do("dispatcher", "correct", named=("handler",))
    refusal = refused(story, NamedParty, "handler", command)
    assert "第三十条" in refusal.zh


def test_a_named_reviewer_cannot_approve_and_a_named_head_cannot_grant() -> None:
    refused(a_story(S.REVIEWING, named=("reviewer",)), NamedParty, "reviewer", "approve")
    story = a_story(S.VERIFIED, named=("head",)).do("handler", "request_extension")
    refused(story, NamedParty, "head", "grant_extension")


def test_an_official_with_an_interest_withdraws_and_cannot_be_assigned() -> None:
    story = a_story(S.ACCEPTED)
    refused(story, Interest, "dispatcher", "assign", handler="kin")
    refused(story, Interest, "dispatcher", "assign", leader="kin")
    story.do("dispatcher", "assign")
    refused(story, Interest, "dispatcher", "reassign", handler="kin")
    refusal = refused(story, Interest, "kin", "record_findings")
    assert FACTORY in refusal.zh


def test_an_interest_in_whom_the_visit_found_counts_too() -> None:
    story = a_story(S.ASSIGNED, respondent="不明企业")
    story.do("handler", "record_findings", findings=(a_finding(respondent_found=FACTORY),))
    refused(story, Interest, "kin", "report_progress")


def test_the_engine_is_barred_from_nothing_by_what_a_clerk_writes() -> None:
    story = a_story(S.REGISTERED, named=("engine", "clock"))
    story.do(R.CLERK, "accept").do(R.ENGINE, "record_outcome")
    assert story.events[-1].event.name == "carried_out"


def test_a_named_handler_of_a_task_or_one_with_an_interest_is_not_planned() -> None:
    story = a_story(S.VERIFIED)
    refused(story, Interest, "handler", "plan_rectification", task_plans=(a_plan(handler="kin"),))
    story.do("dispatcher", "correct", named=("other-handler",))
    refused(story, NamedParty, "handler", "plan_rectification", task_plans=PLANS)


def test_the_steps_of_the_sign_off_are_taken_by_five_people() -> None:
    story = a_story(S.CLOSED).do("handler", "apply_sign_off")
    refused(story, FourEyes, an_actor("handler", roles=(Role.INSPECTOR,)), "accept_on_site")
    story.do("inspector", "accept_on_site")
    refused(story, FourEyes, an_actor("inspector", roles=(Role.REVIEWER,)), "countersign")
    story.do("reviewer", "countersign")
    refused(story, FourEyes, an_actor("reviewer", roles=(Role.CLERK,)), "publish_notice")
    story.do("clerk", "publish_notice")
    refused(story, FourEyes, an_actor("clerk", roles=(Role.DISPATCHER,)), "strike_off")
    story.do("dispatcher", "strike_off")
    assert story.case.status == S.SIGNED_OFF
    assert story.case.signers == ("handler", "inspector", "reviewer", "clerk")
    assert story.case.flags == ()


def test_a_refused_sign_off_begins_anew_and_the_same_people_may_take_its_steps() -> None:
    story = a_story(S.CLOSED).do("handler", "apply_sign_off").do("inspector", "accept_on_site")
    story.do("reviewer", "refuse_sign_off")
    assert story.case.flags == ()
    story.do("handler", "apply_sign_off").do("inspector", "accept_on_site").do("reviewer", "countersign")
    assert story.case.signers == ("handler", "inspector", "reviewer")


def test_a_sign_off_begins_anew_after_a_reconsideration_too() -> None:
    story = a_story(S.CLOSED).do("clerk", "reply").do("handler", "apply_sign_off").do("inspector", "accept_on_site")
    story.do("clerk", "ask_reconsideration").do("leader", "decide_reconsideration")
    story.do("handler", "apply_sign_off").do("inspector", "accept_on_site")
    assert story.case.signers == ("handler", "inspector")


def test_whoever_had_a_hand_in_a_task_does_not_review_its_petition() -> None:
    story = a_story(Status.VERIFIED).do("handler", "plan_rectification", task_plans=[a_plan()])
    (task,) = story.case.tasks
    story.do(Role.ENGINE, "finish_task", task=task.id, outcome="done", task_hands=["reviewer"])
    assert "reviewer" in story.case.hands
    story.do("handler", "submit_for_review")
    refused(story, FourEyes, "reviewer", "approve")
