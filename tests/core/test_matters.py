"""Several petitions on one matter, and several matters in one receipt: each keeps its own legal life."""

from datetime import timedelta

import pytest
from pydantic import JsonValue

from models.actions import actions
from models.companions import Companion, companion, other_of
from models.event import ReactionKind
from models.matter_refusals import (
    AlreadyJoined,
    Joined,
    LeadOpen,
    Leads,
    NoRepeat,
    NotJoined,
    NotSaid,
    NotServed,
    RepeatAlready,
    RepeatEarlier,
    SaidAlready,
    ServedAlone,
    ServedAlready,
)
from models.refusals import FourEyes, LooksPersonal, Malformed, NotNow, NotYours, Refused, TasksOpen
from models.values import Filing, Heard
from models.vocabulary import Kind, Role, Status, Verdict
from models.world import Actor
from tests.core.builders import START, Story, a_command, a_finding, a_plan, a_story, an_actor, refused, the_clock

S = Status
LEAD = "XF2026000777"


def joined(status: Status = S.ACCEPTED) -> Story:
    return a_story(status).do("clerk", "join", leading=LEAD)


def heard(seq: int = 9, status: str = "closed", case: str = LEAD, **more: object) -> Heard:
    given = {"verdict": Verdict.SUBSTANTIATED, "findings": (a_finding(),), "measures": "已清理粪污", **more}
    return Heard.model_validate({"case": case, "seq": seq, "status": status, **given})


def kinds(story: Story) -> list[ReactionKind]:
    return [each.kind for each in story.events[-1].event.reactions]


def told(story: Story) -> list[str | None]:
    return [each.case for each in story.events[-1].event.reactions if each.kind is ReactionKind.TELL_FOLLOWER]


# ── join and part ──
def test_a_joined_petition_keeps_its_clocks_its_letters_and_its_reply() -> None:
    story = a_story(S.ACCEPTED)
    before = story.case
    story.do("clerk", "join", leading=LEAD)
    assert (story.case.clocks, story.case.due, story.case.status) == (before.clocks, before.due, S.ACCEPTED)
    story.do(Role.ENGINE, "hear_of_lead", heard=heard()).do("reviewer", "close_with_lead")
    assert story.case.status is S.CLOSED
    assert story.case.clock("reply"), "it is answered on its own"
    assert "reply" in {row.command for row in actions(story.world, story.case, an_actor("clerk"), story.at)}


def test_nobody_follows_who_leads_and_nobody_leads_who_follows() -> None:
    leads = a_story(S.ACCEPTED).do(Role.ENGINE, "take_lead", follower="XF2026000778")
    refused(leads, Leads, "clerk", "join", leading=LEAD)
    refused(joined(), AlreadyJoined, Role.ENGINE, "take_lead", follower="XF2026000778")
    refused(a_story(S.ACCEPTED), Joined, "clerk", "join", leading="XF2026000001")


def test_parting_restores_and_what_was_heard_counts_no_more() -> None:
    story = joined().do(Role.ENGINE, "hear_of_lead", heard=heard()).do("clerk", "part")
    plain = a_story(S.ACCEPTED).case
    assert (story.case.leading, story.case.heard) == (None, None)
    assert (story.case.clocks, story.case.findings, story.case.status) == (plain.clocks, (), plain.status)
    refused(story, NotJoined, Role.ENGINE, "hear_of_lead", heard=heard(10))
    refused(story, NotJoined, "reviewer", "close_with_lead")


def test_the_leading_case_knows_who_follows_and_lets_go_of_them() -> None:
    story = a_story(S.ASSIGNED)
    for name in ("XF2026000778", "XF2026000779"):
        story.do(Role.ENGINE, "take_lead", follower=name)
        assert told(story) == [name], "a new one hears at once how it stands"
    story.do(Role.ENGINE, "let_go", follower="XF2026000778")
    assert story.case.followers == ("XF2026000779",)
    refused(story, NotJoined, Role.ENGINE, "let_go", follower="XF2026000778")


# ── progress ──
def test_progress_of_the_leading_case_is_told_to_each_that_follows() -> None:
    story = a_story(S.ASSIGNED)
    for name in ("XF2026000778", "XF2026000779"):
        story.do(Role.ENGINE, "take_lead", follower=name)
    for who, command in (
        ("handler", "record_findings"),
        ("handler", "plan_rectification"),
        ("handler", "submit_for_review"),
        ("reviewer", "send_back"),
        ("handler", "submit_for_review"),
        ("reviewer", "approve"),
    ):
        story.do(who, command)
        assert told(story) == ["XF2026000778", "XF2026000779"], command
    story.do("leader", "reopen")
    assert len(told(story)) == 2
    story.do("clerk", "note")
    assert told(story) == []


def test_only_newer_news_of_the_own_leading_case_is_taken() -> None:
    story = joined().do(Role.ENGINE, "hear_of_lead", heard=heard(9))
    for stale in (heard(9), heard(8), heard(10, case="XF2026000700")):
        refused(story, NotJoined, Role.ENGINE, "hear_of_lead", heard=stale)
    assert story.do(Role.ENGINE, "hear_of_lead", heard=heard(12, "assigned")).case.heard == heard(12, "assigned")


@pytest.mark.parametrize("news", [None, heard(status="reviewing"), heard(findings=())])
def test_none_is_closed_with_a_leading_case_that_is_open_or_found_nothing(news: Heard | None) -> None:
    story = joined()
    if news:
        story.do(Role.ENGINE, "hear_of_lead", heard=news)
    refused(story, LeadOpen, "reviewer", "close_with_lead")


def test_what_was_found_in_the_leading_case_is_found_in_those_closed_with_it() -> None:
    story = joined(S.ASSIGNED).do(Role.ENGINE, "hear_of_lead", heard=heard()).do("reviewer", "close_with_lead")
    assert story.case.findings == (a_finding(),)
    assert (story.case.verdict, story.case.measures) == (Verdict.SUBSTANTIATED, "已清理粪污")
    assert story.case.on_time


def test_whoever_had_a_hand_in_a_petition_does_not_close_it_with_its_leading_case() -> None:
    story = joined(S.ASSIGNED).do(Role.ENGINE, "hear_of_lead", heard=heard())
    both = an_actor("handler").__class__(id="handler", roles=(Role.REVIEWER,), unit="qingshi")
    refused(story, FourEyes, both, "close_with_lead")


# ── split ──
def test_a_receipt_is_split_into_petitions_and_keeps_its_own_life() -> None:
    story = a_story(S.ACCEPTED)
    due = story.case.due
    story.do("clerk", "split")
    assert story.case.parts == ("XF2026000001-F1", "XF2026000001-F2")
    assert kinds(story) == [ReactionKind.OPEN_PART, ReactionKind.OPEN_PART]
    assert (story.case.status, story.case.due) == (S.ACCEPTED, due)
    story.do("clerk", "split", split_parts=({"summary": "另一处扬尘"},))
    assert len(story.case.parts) == 3


@pytest.mark.parametrize("part", [{"summary": "请打13800138000"}, {"summary": "臭", "place": "13800138000旁"}])
def test_no_part_holds_a_number_of_somebodys(part: dict[str, str]) -> None:
    refused(a_story(S.ACCEPTED), LooksPersonal, "clerk", "split", split_parts=(part,))


# ── repeats ──
def test_a_repeat_ends_and_the_petitioner_is_told() -> None:
    story = a_story(S.REGISTERED).do("clerk", "mark_repeat")
    assert (story.case.status, story.case.repeat_of) == (S.DECLINED, LEAD)
    assert [each.letter for each in story.events[-1].event.reactions] == ["repeat_notice"]
    refused(a_story(S.REGISTERED), Joined, "clerk", "mark_repeat", repeat_of="XF2026000001")


def test_a_repeat_opens_the_earlier_one_again_where_whoever_says_so_may() -> None:
    story = a_story(S.REGISTERED)
    refused(story, NotYours, "clerk", "mark_repeat", reopens=True)
    story.do("dispatcher", "mark_repeat", reopens=True)
    assert (story.case.status, kinds(story)) == (S.REGISTERED, [ReactionKind.REOPEN])
    earlier = a_story(S.CLOSED).do(Role.ENGINE, "hear_of_repeat", repeat="XF2026000778")
    assert earlier.case.repeats == ("XF2026000778",)


# ── not the same ──
def test_what_is_not_the_same_is_said_once_and_can_be_taken_back() -> None:
    story = a_story(S.CLOSED).do("clerk", "not_same", other=LEAD)
    refused(story, SaidAlready, "clerk", "not_same", other=LEAD)
    refused(story, NotSaid, "clerk", "maybe_same", other="XF2026000700")
    assert story.do("clerk", "maybe_same", other=LEAD).case.not_same == ()
    refused(story, NotSaid, "clerk", "maybe_same", other=LEAD)
    refused(story, Joined, "clerk", "not_same", other="XF2026000001")
    there = a_story(S.REGISTERED).do(Role.ENGINE, "hear_not_same", other="XF2026000700")
    assert there.case.not_same == ("XF2026000700",)
    assert there.do(Role.ENGINE, "hear_maybe_same", other="XF2026000700").case.not_same == ()


# ── the other case ──
def test_a_command_that_concerns_two_cases_tells_the_other_one() -> None:
    case = a_story(S.ACCEPTED).case
    told: list[tuple[str, str, dict[str, JsonValue]]] = [
        ("join", "take_lead", {"follower": case.id}),
        ("mark_repeat", "hear_of_repeat", {"repeat": case.id, "came": START.isoformat()}),
        ("not_same", "hear_not_same", {"other": case.id}),
    ]
    for name, there, data in told:
        command = a_command(name, case)
        assert other_of(None, command) == LEAD
        assert companion(case, command) == Companion(LEAD, there, data, Kind.PETITION)
    part = a_command("part", case)
    assert other_of(None, part) is None
    assert companion(case, part) is None
    assert companion(joined().case, part) == Companion(LEAD, "let_go", {"follower": case.id}, Kind.PETITION)
    assert companion(case, a_command("note", case)) is None


# ── a repeat that was none ──
def repeat(status: Status, *, reopens: bool = False) -> Story:
    return a_story(status).do("dispatcher", "mark_repeat", reopens=reopens)


@pytest.mark.parametrize(("status", "clock"), [(S.REGISTERED, "accept"), (S.ACCEPTED, "close")])
def test_a_repeat_taken_back_goes_on_where_it_was_and_its_time_runs_from_the_first_day(
    status: Status, clock: str
) -> None:
    due = the_clock(a_story(status).case, clock).due
    story = repeat(status)
    story.wait(days=4)
    assert story.case.clock(clock) is None
    refused(story, NotYours, "clerk", "take_back_repeat")
    story.do("dispatcher", "take_back_repeat")
    assert (story.case.status, story.case.repeat_of) == (status, None)
    assert the_clock(story.case, clock).due == due, "the resident loses no day by our mistake"
    assert "repeat_correction" in [each.letter for each in story.events[-1].event.reactions]
    refused(story, NoRepeat, "dispatcher", "take_back_repeat")


def test_a_repeat_that_went_on_only_loses_the_link() -> None:
    story = repeat(S.ACCEPTED, reopens=True)
    before = story.case
    story.do("leader", "take_back_repeat")
    assert (story.case.status, story.case.clocks, story.case.repeat_of) == (before.status, before.clocks, None)
    earlier = a_story(S.CLOSED).do(Role.ENGINE, "hear_of_repeat", repeat="XF2026000778")
    assert earlier.do(Role.ENGINE, "forget_repeat", repeat="XF2026000778").case.repeats == ()


def test_only_what_was_declined_as_a_repeat_is_taken_back() -> None:
    refused(a_story(S.DECLINED), NoRepeat, "dispatcher", "take_back_repeat")


@pytest.mark.parametrize("paused", [False, True])
def test_a_repeat_taken_back_keeps_the_time_that_was_granted_and_what_stood_still(*, paused: bool) -> None:
    story = a_story(S.ACCEPTED)
    if paused:
        story.do("clerk", "ask_petitioner")
        story.wait(days=10)
        story.do("clerk", "petitioner_answered")
    else:
        whole = Actor(
            id="secretary", roles=(Role.LEADER,), unit="county", posts=("county_party_secretary", "unit_head")
        )
        story.do("dispatcher", "request_extension", extension_days=20).do(whole, "grant_extension")
    due, extended = the_clock(story.case, "close").due, story.case.extended
    story.do("dispatcher", "mark_repeat")
    story.wait(days=3)
    story.do("dispatcher", "take_back_repeat")
    assert (the_clock(story.case, "close").due, story.case.extended) == (due, extended)


def test_a_clock_that_stood_still_when_it_was_marked_stands_still_no_longer() -> None:
    story = a_story(S.ACCEPTED).do("clerk", "ask_petitioner")
    story.wait(days=5)
    story.do("dispatcher", "mark_repeat").do("dispatcher", "take_back_repeat")
    close = the_clock(story.case, "close")
    assert (close.paused_by, len(close.pauses)) == ((), 1)


def test_what_was_answered_on_its_own_channel_is_not_owed_again() -> None:
    story = a_story(S.REGISTERED).do("clerk", "supplement", filings=(Filing(channel="hotline", number="12345-1"),))
    story.do("clerk", "accept").do("clerk", "answer_source")
    before = {clock.name for clock in story.case.clocks}
    story.do("dispatcher", "mark_repeat").do("dispatcher", "take_back_repeat")
    assert {clock.name for clock in story.case.clocks} == before


def test_what_was_declined_for_another_reason_stays_declined() -> None:
    story = repeat(S.REGISTERED, reopens=True).do("clerk", "decline", reason="不属于职权范围")
    story.do("dispatcher", "take_back_repeat")
    assert (story.case.status, story.case.repeat_of) == (S.DECLINED, None)
    assert story.events[-1].event.reactions == (), "nobody was told that it was a repeat"


def test_no_two_are_repeats_of_each_other_and_none_of_what_came_later_or_is_one_itself() -> None:
    one = repeat(S.REGISTERED, reopens=True)
    refused(one, RepeatAlready, "dispatcher", "mark_repeat", repeat_of="XF2026000700")
    refused(one, RepeatAlready, Role.ENGINE, "hear_of_repeat", repeat="XF2026000778")
    refused(a_story(S.CLOSED), RepeatEarlier, Role.ENGINE, "hear_of_repeat", came=START - timedelta(days=1))
    refused(a_story(S.WITHDRAWN), NotNow, Role.ENGINE, "hear_of_repeat")


def test_whoever_had_a_hand_in_the_leading_case_closes_none_with_it() -> None:
    story = joined().do(Role.ENGINE, "hear_of_lead", heard=heard(hands=("reviewer", "handler")))
    refused(story, FourEyes, "reviewer", "close_with_lead")
    other = Actor(id="other-reviewer", roles=(Role.REVIEWER,), unit="bureau")
    assert story.do(other, "close_with_lead").case.hands == ("reviewer", "handler")


@pytest.mark.parametrize("command", ["withdraw", "refer"])
def test_those_that_follow_hear_that_the_leading_case_is_over(command: str) -> None:
    story = a_story(S.ACCEPTED).do(Role.ENGINE, "take_lead", follower="XF2026000778")
    assert told(story.do("clerk", command)) == ["XF2026000778"]


def test_one_that_is_over_is_parted_too_so_that_nobody_leads_for_ever() -> None:
    story = joined().do("clerk", "withdraw")
    assert story.do("clerk", "part").case.leading is None


def test_a_number_too_long_for_its_parts_is_not_split() -> None:
    story = a_story(S.ACCEPTED)
    story.case = story.case.model_copy(update={"id": "X" * 48})
    refused(story, Malformed, "clerk", "split")


# ── one task for several petitions ──
def a_task() -> Story:
    return a_story(S.RECTIFYING, kind=Kind.RECTIFICATION)


def test_a_task_serves_several_petitions_and_tells_each_how_it_ended() -> None:
    story = a_task()
    parent = story.case.parent
    story.do("dispatcher", "share_task", petition=LEAD)
    assert story.case.serving == (parent, LEAD)
    refused(story, ServedAlready, "dispatcher", "share_task", petition=LEAD)
    refused(story, NotYours, "handler", "share_task", petition="XF2026000700")
    story.do("handler", "submit_for_review").do("reviewer", "approve")
    told_both = [each.case for each in story.events[-1].event.reactions if each.kind is ReactionKind.TELL_PARENT]
    assert told_both == [parent, LEAD]


def test_a_petition_that_is_over_ends_a_task_only_when_nobody_else_needs_it() -> None:
    story = a_task().do("dispatcher", "share_task", petition=LEAD)
    parent = story.case.parent
    story.do(Role.ENGINE, "release_task", petition=parent)
    assert (story.case.status, story.case.serving) == (S.RECTIFYING, (LEAD,))
    assert [(each.kind, each.case) for each in story.events[-1].event.reactions] == [(ReactionKind.TELL_PARENT, parent)]
    story.do(Role.ENGINE, "release_task", petition=LEAD)
    assert story.case.status is S.WITHDRAWN


def test_a_task_is_let_go_by_hand_but_never_by_its_last_petition() -> None:
    story = a_task()
    refused(story, ServedAlone, "dispatcher", "unshare_task", petition=story.case.parent)
    story.do("dispatcher", "share_task", petition=LEAD)
    refused(story, NotServed, "dispatcher", "unshare_task", petition="XF2026000700")
    story.do("dispatcher", "unshare_task", petition=LEAD)
    assert story.case.serving == (story.case.parent,)


def test_a_petition_waits_for_the_task_it_shares_as_for_its_own() -> None:
    story = a_story(S.VERIFIED).do(Role.ENGINE, "take_task", task=f"{LEAD}-R1")
    assert (story.case.status, [each.id for each in story.case.open_tasks]) == (S.RECTIFYING, [f"{LEAD}-R1"])
    refused(story, TasksOpen, "handler", "submit_for_review", interim=False)
    story.do("handler", "plan_rectification", task_plans=(a_plan(),))
    assert [each.id for each in story.case.tasks] == [f"{LEAD}-R1", f"{story.case.id}-R2"], "numbers never repeat"
    for task in story.case.tasks:
        story.do(Role.ENGINE, "finish_task", task=task.id, outcome="done")
    assert story.do("handler", "submit_for_review").case.status is S.REVIEWING


def test_nothing_is_shared_with_a_petition_that_found_nothing() -> None:
    story = a_story(S.ASSIGNED).do("handler", "record_findings", findings=(a_finding(Verdict.UNSUBSTANTIATED),))
    with pytest.raises(Refused):
        story.copy().do(Role.ENGINE, "take_task")
    task = a_task().case
    told_it = companion(task, a_command("share_task", task, petition=LEAD))
    data: dict[str, JsonValue] = {"task": task.id, "measure": task.measure, "target": str(task.target)}
    assert told_it == Companion(LEAD, "take_task", data, Kind.PETITION)
