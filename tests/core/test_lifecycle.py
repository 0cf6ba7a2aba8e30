"""How a petition is found true or not, put right, closed, reconsidered and struck off."""

import pytest

from models.event import ReactionKind
from models.refusals import (
    AlreadyOpen,
    FourEyes,
    NoEvidence,
    NoFindings,
    NothingLeft,
    NothingToRectify,
    NotPlanned,
    NotRunning,
    TasksOpen,
)
from models.vocabulary import Kind, Role, Stage, Status, Verdict
from tests.core.builders import (
    PLANS,
    STEP,
    WAYS,
    a_case,
    a_finding,
    a_story,
    an_actor,
    refused,
)

R, S = Role, Status
NOTHING_IN_IT = (a_finding(Verdict.UNSUBSTANTIATED), a_finding(Verdict.UNSUBSTANTIATED, point="噪声"))


# ── findings, evidence, closure ──
def test_no_closure_without_findings() -> None:
    story = a_story(S.REGISTERED, imported=True).do("clerk", "record_history", state="interim", findings=())
    story.do("dispatcher", "reassign").do("handler", "submit_for_review")
    refused(story, NoFindings, "reviewer", "approve")
    story.do("reviewer", "send_back")
    assert story.case.status == S.VERIFIED
    story.do("handler", "record_findings").do("handler", "plan_rectification").do("handler", "submit_for_review")
    assert story.do("reviewer", "approve").case.status == S.CLOSED


def test_no_closure_without_evidence_and_it_can_still_be_brought() -> None:
    story = a_story(S.ASSIGNED).do("handler", "record_findings", findings=(a_finding(), a_finding(evidence=())))
    story.do("handler", "plan_rectification").do("handler", "submit_for_review")
    refused(story, NoEvidence, "reviewer", "approve")
    better = story.do("reviewer", "send_back").do("handler", "record_findings").case
    assert better.status == S.RECTIFYING, "what was planned is not undone by better findings"
    closed = story.do("handler", "submit_for_review").do("reviewer", "approve").case
    assert closed.status == S.CLOSED


def test_findings_recorded_again_replace_the_old_ones_and_their_verdict() -> None:
    story = a_story(S.VERIFIED)
    story.do("handler", "record_findings", findings=(a_finding(), a_finding(Verdict.UNSUBSTANTIATED)))
    assert (len(story.case.findings), story.case.verdict) == (2, Verdict.PARTLY)


@pytest.mark.parametrize(
    ("points", "whole"),
    [
        ((Verdict.SUBSTANTIATED,), Verdict.SUBSTANTIATED),
        ((Verdict.UNSUBSTANTIATED,) * 3, Verdict.UNSUBSTANTIATED),
        ((Verdict.SUBSTANTIATED, Verdict.MOSTLY), Verdict.MOSTLY),
        ((Verdict.SUBSTANTIATED, Verdict.UNSUBSTANTIATED), Verdict.PARTLY),
        ((Verdict.MOSTLY, Verdict.PARTLY), Verdict.PARTLY),
        ((Verdict.SUBSTANTIATED, Verdict.MOSTLY, Verdict.UNSUBSTANTIATED), Verdict.PARTLY),
    ],
)
def test_the_verdict_of_the_points_is_rolled_up(points: tuple[Verdict, ...], whole: Verdict) -> None:
    story = a_story(S.ASSIGNED).do("handler", "record_findings", findings=tuple(map(a_finding, points)))
    assert story.case.verdict is whole


def test_unsubstantiated_on_every_point_goes_straight_to_review_and_nothing_else_does() -> None:
    story = a_story(S.ASSIGNED).do("handler", "record_findings", findings=NOTHING_IN_IT)
    refused(story, NothingToRectify, "handler", "plan_rectification")
    refused(story, NothingLeft, "handler", "submit_for_review", interim=True)
    assert story.do("handler", "submit_for_review").case.status == S.REVIEWING
    assert story.do("reviewer", "send_back").case.status == S.VERIFIED
    refused(a_story(S.VERIFIED), NotPlanned, "handler", "submit_for_review")


def test_a_petition_closes_when_its_tasks_are_done_or_for_now_with_them_open() -> None:
    story = a_story(S.VERIFIED).do("handler", "plan_rectification", task_plans=PLANS)
    first, second = story.case.tasks
    refusal = refused(story, TasksOpen, "handler", "submit_for_review", interim=False)
    assert first.id in refusal.zh
    story.do("handler", "submit_for_review", interim=True)
    refused(story, TasksOpen, "reviewer", "approve")
    story.do("reviewer", "approve_interim")
    assert (story.case.status, story.case.is_open, story.case.on_time) == (S.INTERIM, True, True)
    story.do(R.ENGINE, "finish_task", task=first.id).do(R.ENGINE, "finish_task", task=second.id, outcome="cancelled")
    assert story.case.open_tasks == ()
    refused(story, NothingLeft, "handler", "submit_for_review", interim=True)
    story.do("handler", "submit_for_review")
    refused(story, NothingLeft, "reviewer", "approve_interim")
    story.do("reviewer", "approve")
    assert (story.case.status, story.case.on_time) == (S.CLOSED, True)


def test_more_tasks_may_be_planned_after_a_petition_was_sent_back() -> None:
    story = a_story(S.VERIFIED).do("handler", "plan_rectification", task_plans=PLANS[:1])
    story.do("handler", "submit_for_review", interim=True).do("reviewer", "send_back")
    story.do("handler", "plan_rectification", task_plans=PLANS)
    assert [task.id[-3:] for task in story.case.tasks] == ["-R1", "-R2", "-R3"]
    opened = [r.case for r in story.events[-1].event.reactions if r.kind is ReactionKind.OPEN_TASK]
    assert opened == [task.id for task in story.case.tasks[1:]]


def test_whether_a_closure_was_in_time_is_kept() -> None:
    assert a_case(S.CLOSED).on_time is True
    story = a_story(S.REVIEWING)
    story.wait(days=70)
    assert story.do("reviewer", "approve").case.on_time is False
    story.do("leader", "reopen")
    assert (story.case.on_time, story.case.closed_at) == (None, None)


def test_a_task_is_in_time_if_it_is_submitted_in_time_every_time() -> None:
    story = a_story(S.REVIEWING, kind=Kind.RECTIFICATION)
    assert story.case.on_time is True
    story.do("reviewer", "send_back")
    story.wait(days=20)
    story.do("handler", "submit_for_review").do("reviewer", "approve")
    assert (story.case.status, story.case.on_time, story.case.stage) == (S.CLOSED, False, Stage.OVER)


def test_a_task_that_was_late_once_stays_late_however_fast_it_is_done_again() -> None:
    story = a_story(S.RECTIFYING, kind=Kind.RECTIFICATION)
    story.wait(days=90)
    story.do("handler", "submit_for_review").do("reviewer", "send_back").do("handler", "submit_for_review")
    assert story.case.on_time is False


# ── closure, reconsideration, sign-off ──
def test_a_petitioner_may_ask_for_reconsideration_within_the_window_only() -> None:
    story = a_story(S.CLOSED)
    refused(story, NotRunning, "clerk", "ask_reconsideration")
    story.do("clerk", "reply")
    refused(story, AlreadyOpen, "clerk", "reply")
    late = story.copy()
    late.wait(days=31)
    refused(late, NotRunning, "clerk", "ask_reconsideration")
    story.do("clerk", "ask_reconsideration")
    refused(story, FourEyes, an_actor("handler", roles=(Role.LEADER,)), "decide_reconsideration")
    upheld = story.copy().do("leader", "decide_reconsideration")
    assert upheld.case.status == S.CLOSED
    assert upheld.case.clock("reply"), "the opinion on the reconsideration is a written reply again"
    story.do("leader", "decide_reconsideration", outcome="overturned")
    assert (story.case.status, story.case.closed_at, story.case.planned) == (S.ASSIGNED, None, False)
    assert {clock.name for clock in story.case.clocks} == {"close", "verify"}


def test_striking_a_petition_off_does_not_take_the_petitioners_right_away() -> None:
    story = a_story(S.CLOSED).do("clerk", "reply")
    for who, name, _ in WAYS[S.SIGNED_OFF][1]:
        story.do(who, name)
    asked = story.do("clerk", "ask_reconsideration").case
    assert asked.status == S.RECONSIDERING
    assert {clock.name for clock in asked.clocks} == {"reconsider"}
    assert story.do("leader", "decide_reconsideration").case.status == S.CLOSED


@pytest.mark.parametrize("status", [S.CLOSED, S.INTERIM, S.SIGNED_OFF])
def test_a_petition_opened_again_is_handled_by_its_unit_under_new_clocks(status: Status) -> None:
    story = a_story(status).do("leader", "reopen")
    assert (story.case.status, story.case.stage) == (S.ASSIGNED, Stage.VERIFICATION)
    assert {clock.name for clock in story.case.clocks} == {"close", "verify"}
    assert {clock.started_at for clock in story.case.clocks} == {story.at - STEP}


def test_the_stages_tell_how_a_petition_lives() -> None:
    stages = {status: a_case(status).stage for status in WAYS}
    assert stages == {
        S.REGISTERED: Stage.INTAKE,
        S.ACCEPTED: Stage.ASSIGNMENT,
        S.ASSIGNED: Stage.VERIFICATION,
        S.VERIFIED: Stage.RECTIFICATION,
        S.RECTIFYING: Stage.RECTIFICATION,
        S.REVIEWING: Stage.REVIEW,
        S.INTERIM: Stage.CLOSURE,
        S.CLOSED: Stage.CLOSURE,
        S.RECONSIDERING: Stage.RECONSIDERATION,
        S.SIGNED_OFF: Stage.LOOK_BACK,
        S.DECLINED: Stage.OVER,
        S.REFERRED: Stage.OVER,
        S.WITHDRAWN: Stage.OVER,
    }
    assert a_story(S.CLOSED).do("handler", "apply_sign_off").case.stage is Stage.SIGN_OFF
    assert a_case(S.IN_FORCE, kind=Kind.ORGANISATION).stage is Stage.STANDING
