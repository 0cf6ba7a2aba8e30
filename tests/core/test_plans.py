"""Action plans: items are tasks of a category, counted as they end, signed off in two tiers by different people."""

from datetime import timedelta

import pytest

from models.case import Case
from models.decide import blank
from models.event import ReactionKind
from models.matter_refusals import ServedAlone
from models.progress import by_category, progress
from models.refusals import (
    DueInPast,
    FourEyes,
    ItemsOpen,
    LooksPersonal,
    NoItem,
    NothingOpen,
    NothingPlanned,
    NotYours,
    UnknownPerson,
    UnknownUnit,
)
from models.values import TaskOutcome
from models.vocabulary import Kind, Status
from tests.core.builders import NUMBERS, START, Story, a_case, a_story, a_world, an_actor, an_item, refused

S = Status
PLAN = NUMBERS[Kind.PLAN]


def an_item_story() -> Story:
    return a_story(S.RECTIFYING, kind=Kind.RECTIFICATION, parent=PLAN, category="工业污染")


def test_items_are_added_with_numbers_of_their_own_and_opened_each() -> None:
    story = a_story(S.UNDERWAY, kind=Kind.PLAN)
    story.do(
        "dispatcher",
        "add_items",
        task_plans=(an_item("清运废渣", category="固废"), an_item("围挡喷淋", category="扬尘")),
    )
    assert [(each.id, each.category) for each in story.case.tasks] == [
        (f"{PLAN}-R1", "工业污染"), (f"{PLAN}-R2", "固废"), (f"{PLAN}-R3", "扬尘"),
    ]  # fmt: skip
    opened = [(each.kind, each.case) for each in story.events[-1].event.reactions]
    assert opened == [(ReactionKind.OPEN_TASK, f"{PLAN}-R2"), (ReactionKind.OPEN_TASK, f"{PLAN}-R3")]


def test_only_whoever_plans_adds_items_and_no_item_is_due_in_the_past_or_of_no_unit() -> None:
    story = a_story(S.UNDERWAY, kind=Kind.PLAN)
    for person in ("clerk", "handler", "reviewer"):
        refused(story, NotYours, person, "add_items")
    refused(story, DueInPast, "leader", "add_items", task_plans=(an_item(target=START.date().replace(year=2025)),))
    refused(story, UnknownUnit, "leader", "add_items", task_plans=(an_item(unit="nowhere", handler=None),))


def test_a_plan_is_concluded_when_every_item_is_done_or_cancelled_and_goes_on_when_told() -> None:
    world = a_world()
    empty = Story(world, blank(world, PLAN, "open_plan", START))
    refused(empty.do("dispatcher", "open_plan"), NothingPlanned, "dispatcher", "conclude_plan")
    story = a_story(S.UNDERWAY, kind=Kind.PLAN)
    refused(story, ItemsOpen, "dispatcher", "conclude_plan")
    story.do("engine", "finish_task", outcome="cancelled").do("dispatcher", "conclude_plan")
    assert story.case.status is S.CONCLUDED
    assert story.do("leader", "resume_plan").case.status is S.UNDERWAY


def test_an_item_is_signed_off_in_five_steps_by_different_people_and_its_plan_is_told_each_end() -> None:
    story = an_item_story().do("handler", "submit_for_review").do("reviewer", "approve")
    assert story.events[-1].event.reactions[0].case == PLAN
    story.do("handler", "apply_sign_off").do("inspector", "accept_on_site")
    refused(story, NothingOpen, "dispatcher", "strike_off")
    refused(
        story, FourEyes, an_actor("inspector").model_copy(update={"roles": an_actor("reviewer").roles}), "countersign"
    )
    story.do("reviewer", "countersign").do("clerk", "publish_notice").do("dispatcher", "strike_off")
    assert (story.case.status, story.case.signed_off_at is not None) == (S.SIGNED_OFF, True)
    assert [each.kind for each in story.events[-1].event.reactions] == [ReactionKind.TELL_PARENT]


def test_a_petitions_task_is_not_signed_off_by_itself() -> None:
    story = a_story(S.CLOSED, kind=Kind.RECTIFICATION)
    refused(story, NoItem, "handler", "apply_sign_off")
    refused(story, NoItem, "leader", "reopen")


def test_an_item_that_came_back_is_put_right_again_within_a_time_of_its_own() -> None:
    story = a_story(S.SIGNED_OFF, kind=Kind.RECTIFICATION).do("leader", "reopen")
    assert (story.case.status, story.case.closed_at, story.case.signed_off_at) == (S.RECTIFYING, None, None)
    assert story.case.clock("rectify_again")
    plan = a_story(S.CONCLUDED, kind=Kind.PLAN).do("engine", "finish_task", outcome=TaskOutcome.REOPENED)
    assert [each.id for each in plan.case.open_tasks] == [f"{PLAN}-R1"]


def test_a_concluded_plan_goes_on_when_an_item_is_opened_again() -> None:
    story = a_story(S.CONCLUDED, kind=Kind.PLAN).do("engine", "finish_task", outcome=TaskOutcome.REOPENED)
    assert (story.case.status, story.events[-1].event.name) == (S.UNDERWAY, "plan_resumed")
    ended = a_story(S.CONCLUDED, kind=Kind.PLAN).do("engine", "finish_task", outcome=TaskOutcome.SIGNED_OFF)
    assert ended.case.status is S.CONCLUDED


def test_an_item_never_leaves_its_own_plan() -> None:
    story = an_item_story().do("dispatcher", "share_task", petition="XF2026000778")
    refused(story, ServedAlone, "dispatcher", "unshare_task", petition=PLAN)


@pytest.mark.parametrize("field", ["measure", "category", "place", "standard"])
def test_no_item_holds_somebodys_number(field: str) -> None:
    story = a_story(S.UNDERWAY, kind=Kind.PLAN)
    item = an_item().model_copy(update={field: "电话13800138000"})
    refused(story, LooksPersonal, "dispatcher", "add_items", task_plans=(item,))
    refused(story, LooksPersonal, "dispatcher", "correct_plan", title="找13800138000")
    refused(story, UnknownPerson, "dispatcher", "correct_plan", leader="nobody")


def test_an_item_is_late_by_its_day_whatever_runs_or_rests() -> None:
    story = an_item_story()
    target = story.case.target
    assert target is not None
    story.do("handler", "submit_for_review")
    after = START.replace(year=target.year, month=target.month, day=target.day) + timedelta(days=2)
    assert progress([story.case], after).late == 1, "in review it is open still"
    assert progress([story.case], after - timedelta(days=2)).late == 0, "on its day it is not late"


def test_progress_counts_what_is_done_signed_off_late_and_cancelled() -> None:
    def an(status: Status, category: str = "工业污染", *, on_time: bool | None = None) -> Case:
        case = a_case(status, kind=Kind.RECTIFICATION)
        return case.model_copy(update={"category": category, "on_time": on_time})

    items = [
        an(S.RECTIFYING),
        an(S.CLOSED, on_time=True),
        an(S.CLOSED, on_time=False, category="固废"),
        an(S.SIGNED_OFF, on_time=True, category="固废"),
        an(S.WITHDRAWN),
    ]
    target = items[0].target
    assert target is not None
    late = START.replace(year=target.year, month=target.month, day=target.day) + timedelta(days=1)
    whole = progress(items, late)
    assert (whole.total, whole.done, whole.signed_off, whole.late, whole.in_time, whole.cancelled) == (4, 3, 1, 1, 2, 1)
    assert (whole.rate, whole.left) == (0.75, 1)
    assert progress(items, START).late == 0, "nothing is overdue before its day"
    assert [(name, each.total) for name, each in by_category(items, late)] == [("工业污染", 2), ("固废", 2)]
    assert progress([], late).rate is None


@pytest.mark.parametrize("outcome", [TaskOutcome.DONE, TaskOutcome.SIGNED_OFF, TaskOutcome.CANCELLED])
def test_a_plan_keeps_how_each_item_ended(outcome: TaskOutcome) -> None:
    story = a_story(S.UNDERWAY, kind=Kind.PLAN).do("engine", "finish_task", outcome=outcome)
    assert [each.outcome for each in story.case.tasks] == [outcome]
