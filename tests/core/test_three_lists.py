"""The three lists: what is wrong, what is done by when, who owes it; pure views over cases."""

from datetime import timedelta

from models.counting import due_day
from models.three_lists import put_right_by, three_lists
from models.vocabulary import Kind, Status, Verdict
from tests.core.builders import START, a_case, a_finding, a_plan, a_story

S = Status


def test_each_point_that_was_found_is_a_problem_and_what_is_not_found_yet_is_what_the_petition_says() -> None:
    findings = (a_finding(point="夜间臭味"), a_finding(Verdict.UNSUBSTANTIATED, point="废水"), a_finding(point="噪声"))
    found = a_story(S.ASSIGNED).do("handler", "record_findings", findings=findings).case
    new = a_case(S.REGISTERED)
    lists = three_lists([found, new], START)
    assert [(each.case.id, each.what) for each in lists.problems] == [
        (found.id, "夜间臭味"), (found.id, "噪声"), (new.id, new.summary),
    ]  # fmt: skip
    assert [each.verdict for each in lists.problems] == [Verdict.SUBSTANTIATED, Verdict.SUBSTANTIATED, None]


def test_a_petition_found_untrue_on_every_point_is_no_problem() -> None:
    found = a_story(S.ASSIGNED).do("handler", "record_findings", findings=(a_finding(Verdict.UNSUBSTANTIATED),)).case
    assert three_lists([found], START).problems == []


def test_tasks_are_those_of_the_cases_or_the_petitions_own_measures() -> None:
    alone = a_story(S.VERIFIED).do("handler", "plan_rectification", measures="当日清理").case
    with_tasks = a_story(S.VERIFIED).do("handler", "plan_rectification", task_plans=(a_plan(),)).case
    task, gone = (a_case(status, kind=Kind.RECTIFICATION) for status in (S.RECTIFYING, S.WITHDRAWN))
    lists = three_lists([alone, with_tasks, task, gone], START)
    assert [(each.case.id, each.measure) for each in lists.tasks] == [(alone.id, "当日清理"), (task.id, task.measure)]
    assert not any(each.late for each in lists.tasks)
    due = task.due
    assert due is not None
    assert [each.late for each in three_lists([task], due).tasks] == [True]


def test_what_is_closed_for_now_is_put_right_by_its_last_open_tasks_day_and_not_by_when_to_look_again() -> None:
    interim = a_case(S.INTERIM)
    assert interim.due is not None
    last = due_day(interim.due) + timedelta(days=200)
    later = tuple(task.model_copy(update={"target": last}) for task in interim.open_tasks[:1])
    tasks = (*later, *interim.open_tasks[1:])
    assert put_right_by(interim.model_copy(update={"tasks": tasks})) == last
    assert put_right_by(interim.model_copy(update={"tasks": ()})) == due_day(interim.due)


def test_what_is_done_owes_nothing_though_a_clock_of_it_runs_and_a_patrol_to_walk_does() -> None:
    closed, patrol, still = a_case(S.CLOSED), a_case(S.PATROLLING, kind=Kind.PATROL), a_case(S.ASSIGNED)
    assert closed.due is not None
    assert patrol.due is not None
    assert still.due is not None
    assert (closed.owed, patrol.owed, still.owed) == (None, patrol.due, still.due)


def test_an_item_of_a_plan_is_a_problem_and_a_task_and_one_of_a_petition_a_task_alone() -> None:
    item = a_case(S.RECTIFYING, kind=Kind.RECTIFICATION, category="工业污染")
    assert [each.what for each in three_lists([item], START).problems] == [item.measure]
    assert three_lists([a_case(S.RECTIFYING, kind=Kind.RECTIFICATION)], START).problems == []


def test_duties_are_what_each_owes_together_those_with_most_overdue_first() -> None:
    one = a_case(S.ASSIGNED)
    two = a_case(S.CLOSED).model_copy(update={"id": "XF2"})
    other = one.model_copy(update={"id": "XF3", "unit": "liuxi", "handler": "other-handler", "leader": None})
    assert one.due is not None
    later = one.due + timedelta(days=1)
    late_elsewhere = other.model_copy(update={"clocks": tuple(
        clock.model_copy(update={"due": later + timedelta(days=90)}) for clock in other.clocks
    )})  # fmt: skip
    duties = three_lists([late_elsewhere, one, two], later).duties
    assert [(each.unit, each.cases, each.open, each.late) for each in duties] == [
        ("qingshi", (one.id, "XF2"), 1, 1), ("liuxi", ("XF3",), 1, 0),
    ]  # fmt: skip
    assert duties[0].due == one.due


def test_nothing_makes_three_empty_lists() -> None:
    lists = three_lists([], START)
    assert (lists.problems, lists.tasks, lists.duties) == ([], [], [])
