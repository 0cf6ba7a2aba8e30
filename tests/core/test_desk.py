"""What people say and ask for while the clocks run: comments, extensions, objections, joining, withdrawing."""

from datetime import timedelta

import pytest

from models.clocks import MoveKind
from models.event import ReactionKind
from models.lifecycle import PETITIONER
from models.matter_refusals import AlreadyJoined, Joined, NotJoined
from models.refusals import (
    AlreadyOpen,
    NotHead,
    NotRunning,
    OnceOnly,
    OtherUnit,
    TooLate,
    TooLong,
)
from models.vocabulary import Flag, Role, Status
from tests.core.builders import (
    PLANS,
    a_command,
    a_story,
    an_actor,
    imported,
    people_of,
    refused,
    the_clock,
)

R, S = Role, Status


TALK = {
    "note": "handler", "report_progress": "handler", "acknowledge": "handler", "instruct": "leader", "urge": "leader",
    "supplement": "clerk", "correct": "clerk", "list_for_supervision": "leader", "join": "clerk",
}  # fmt: skip


@pytest.mark.parametrize("command", TALK)
def test_no_comment_progress_or_instruction_moves_a_clock(command: str) -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=8)
    before = story.case.clocks
    story.do(TALK[command], command)
    # An instruction has a clock of its own; it touches no other's.
    assert [clock for clock in story.case.clocks if clock.name != "instruction"] == list(before)
    assert [clock.name for clock in story.events[-1].event.clocks] == ["instruction"] * (command == "instruct")
    assert not story.events[-1].event.stops


def test_a_clock_that_runs_is_not_started_anew_by_what_starts_it() -> None:
    story = a_story(S.INTERIM)
    before = the_clock(story.case, "interim")
    story.do("handler", "submit_for_review", interim=True).do("reviewer", "approve_interim")
    assert the_clock(story.case, "interim") == before
    again = imported("closed").do("leader", "reopen")
    before = the_clock(again.case, "verify")
    assert the_clock(again.do("dispatcher", "assign").case, "verify") == before


def test_a_clock_that_is_paused_does_not_ring_even_when_asked() -> None:
    story = a_story(S.VERIFIED)
    blue = the_clock(story.case, "close").upcoming[0]
    story.do("leader", "begin_hearing")
    story.at = blue.at
    ring = a_command("ring", story.case, clock="close", rung=blue.rung, due_at=blue.at)
    assert story.tell(an_actor(Role.CLOCK), ring) is None


def test_an_unassigned_case_escalates_to_the_county() -> None:
    story = a_story(S.ACCEPTED)
    heard = [recorded.event for _, recorded in story.wait(days=40) if recorded.event.said["clock"] == "assign"]
    assert heard[0].name == "reminded"
    recipients = {person for event in heard for person in people_of(event)}
    assert {"county-deputy", "secretary", "magistrate"} <= recipients


def test_an_extension_is_asked_for_before_the_time_is_up() -> None:
    story = a_story(S.VERIFIED)
    close = story.case.clock("close")
    assert close
    story.at = close.due - timedelta(seconds=1)
    assert Flag.EXTENSION in story.copy().do("handler", "request_extension").case.flags
    story.at = close.due
    refused(story, TooLate, "handler", "request_extension")


def test_an_extension_is_at_most_thirty_days_and_given_once_by_the_head() -> None:
    story = a_story(S.VERIFIED)
    refused(story, TooLong, "handler", "request_extension", extension_days=31)
    story.do("handler", "request_extension", extension_days=30)
    refused(story, AlreadyOpen, "handler", "request_extension")
    refused(story, NotHead, "stand-in", "grant_extension")
    due = the_clock(story.case, "close").due
    story.do("head", "grant_extension")
    close = story.case.clock("close")
    assert close
    assert close.due - due == timedelta(days=30)
    assert [move.kind for move in close.moves] == [MoveKind.EXTENDED]
    assert PETITIONER in story.events[-1].event.reactions[0].to, "the petitioner is told"
    assert story.case.clock("extension") is None
    refused(story, OnceOnly, "handler", "request_extension")


def test_the_head_of_another_unit_grants_nothing_but_somebody_above_may() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension")
    refused(story, NotHead, "other-head", "grant_extension")
    assert story.do("county-deputy", "grant_extension").case.extended


def test_a_refused_extension_moves_nothing_and_may_be_asked_for_again() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension")
    before = story.case.clock("close")
    story.do("head", "refuse_extension")
    assert (story.case.clock("close"), story.case.clock("extension"), story.case.flags) == (before, None, ())
    assert Flag.EXTENSION in story.do("handler", "request_extension").case.flags


def test_a_case_opened_again_may_be_extended_again() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension").do("head", "grant_extension")
    story.do("handler", "plan_rectification").do("handler", "submit_for_review").do("reviewer", "approve")
    story.do("leader", "reopen").do("handler", "request_extension")
    assert Flag.EXTENSION in story.case.flags


def test_a_petition_still_under_an_open_extension_is_not_closed() -> None:
    story = a_story(S.REVIEWING).do("dispatcher", "request_extension")
    refused(story, AlreadyOpen, "reviewer", "approve")


def test_an_objection_has_its_window_and_the_sender_decides() -> None:
    story = a_story(S.ASSIGNED)
    late = story.copy()
    late.wait(days=9)
    refused(late, NotRunning, "handler", "object")
    story.do("handler", "object")
    refused(story, AlreadyOpen, "handler", "record_findings")
    refused(story, AlreadyOpen, "dispatcher", "reassign")
    kept = story.copy().do("dispatcher", "refuse_return").case
    assert (kept.status, kept.unit, kept.clock("consent"), kept.clock("object")) == (S.ASSIGNED, "qingshi", None, None)
    back = story.do("dispatcher", "agree_return").case
    assert (back.status, back.unit, back.handler, back.flags) == (S.ACCEPTED, None, None, ())
    assert back.clock("assign")


def test_an_objection_whose_window_is_up_this_second_is_too_late() -> None:
    story = a_story(S.ASSIGNED)
    window = story.case.clock("object")
    assert window
    story.at = window.due
    refused(story, TooLate, "handler", "object")


def test_in_a_channel_without_an_objection_window_nobody_objects() -> None:
    refused(a_story(S.ASSIGNED, channel="inspection"), NotRunning, "handler", "object")


def test_a_reassigned_petition_gives_its_new_unit_a_window_of_its_own_and_no_more_time() -> None:
    story = a_story(S.ASSIGNED)
    story.wait(days=2)
    before = story.case
    story.do("dispatcher", "reassign", unit="liuxi", handler="other-handler")
    assert story.case.clock("close") == before.clock("close")
    assert story.case.clock("verify") == before.clock("verify")
    assert the_clock(story.case, "object").started_at > the_clock(before, "object").started_at
    assert (story.case.unit, story.case.handler, story.case.leader) == ("liuxi", "other-handler", "leader")
    refused(story, OtherUnit, "handler", "record_findings")


def test_a_handler_not_named_anew_is_not_carried_over_to_another_unit() -> None:
    assert a_story(S.ASSIGNED).do("dispatcher", "reassign", unit="liuxi", handler=None).case.handler is None


def test_a_joined_petition_keeps_its_own_clocks_and_can_be_parted() -> None:
    story = a_story(S.ACCEPTED)
    before = story.case.clocks
    refused(story, NotJoined, "clerk", "part")
    refused(story, Joined, "clerk", "join", leading=story.case.id)
    story.do("clerk", "join")
    refused(story, AlreadyJoined, "clerk", "join", leading="XF2026000778")
    assert (story.case.clocks, story.case.leading) == (before, "XF2026000777")
    assert story.do("clerk", "part").case.leading is None


def test_a_withdrawn_petition_stops_every_clock_lowers_its_flags_and_cancels_its_tasks() -> None:
    story = a_story(S.VERIFIED).do("handler", "plan_rectification", task_plans=PLANS)
    story.do("handler", "request_extension").do("leader", "begin_hearing").do("clerk", "ask_petitioner")
    first, second = story.case.tasks
    story.do(R.ENGINE, "finish_task", task=first.id).do("clerk", "withdraw")
    assert (story.case.status, story.case.clocks, story.case.flags) == (S.WITHDRAWN, (), ())
    cancelled = [r.case for r in story.events[-1].event.reactions if r.kind is ReactionKind.CANCEL_TASK]
    assert cancelled == [second.id], "what is done is not cancelled"
    story.do(R.ENGINE, "finish_task", task=second.id, outcome="cancelled")
    assert story.case.open_tasks == (), "the end of a cancelled task still reaches its petition"


def test_a_petition_referred_after_it_was_opened_again_leaves_no_task_and_no_flag_behind() -> None:
    story = a_story(S.INTERIM).do("leader", "reopen").do("dispatcher", "reassign")
    story.do("handler", "object").do("dispatcher", "agree_return")
    story.do("clerk", "ask_petitioner").do("clerk", "refer")
    assert (story.case.status, story.case.flags, story.case.clocks) == (S.REFERRED, (), ())
    assert {r.kind for r in story.events[-1].event.reactions} == {ReactionKind.LETTER, ReactionKind.CANCEL_TASK}
