"""What stands in a batch's table, what a day's digest tells, which petitions a round of looking back goes through."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.batches import Of, batches
from models.campaign_values import LookBack
from models.case import Case
from models.digest import Deed, Happening, Step, digest, owed
from models.editions import Changes, Published, differences, in_public, to_publish
from models.look_backs import to_check
from models.vocabulary import Kind, Role, Status
from tests.core.builders import START, a_case, a_row, a_story

S = Status
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
CAMPAIGN = a_case(S.IN_FORCE, kind=Kind.CAMPAIGN)


def a_petition(name: str, batch: date = FIRST, status: Status = S.VERIFIED, **more: Any) -> Case:
    return a_case(status, batch=batch, **more).model_copy(update={"id": name})


def an_edition(batch: date, *cases: str, version: int = 1, of: date | None = None) -> Published:
    rows = tuple(a_row(case, batch=of or batch) for case in cases)
    return Published(batch, version, START, "dispatcher", rows, "d" * 64, version)


def names(day: date, cases: list[Case], *editions: Published) -> list[tuple[str, date]]:
    return [(case.id, batch) for case, batch in to_publish(day, cases, CAMPAIGN, editions)]


# ── editions ──


def test_what_was_verified_and_is_the_desks_to_answer_for_can_be_told() -> None:
    gone = a_petition("C", status=S.DECLINED).model_copy(update={"verdict": a_petition("A").verdict})
    cases = [a_petition("A"), a_petition("B", status=S.ASSIGNED), gone, a_petition("D", SECOND)]
    assert names(FIRST, cases) == [("A", FIRST)]


def test_late_rows_wait_for_a_newer_batch_and_stay_beside_it() -> None:
    cases = [a_petition("A"), a_petition("B"), a_petition("C", SECOND)]
    assert names(SECOND, cases) == [("C", SECOND)], "its own batch was not published: nothing is late yet"
    told = an_edition(FIRST, "A")
    assert names(SECOND, cases, told) == [("C", SECOND), ("B", FIRST)]
    beside = an_edition(SECOND, "C", "B", of=FIRST)
    assert names(SECOND, cases, told, beside) == [("C", SECOND), ("B", FIRST)]
    assert names(FIRST, cases, told, beside) == [("A", FIRST)], "nothing stands in two tables"
    without = an_edition(SECOND, "C", version=2)
    assert names(FIRST, cases, told, beside, without) == [("A", FIRST), ("B", FIRST)], "the newest versions count"
    assert in_public([told, without, beside]) == {"A", "C"}


def test_a_version_is_told_from_the_one_before_by_its_rows() -> None:
    before = an_edition(FIRST, "A", "B")
    rows = (a_row("A"), a_row("C"), a_row("B", digest="f" * 16))
    assert differences(before, rows) == Changes(new=("C",), changed=("B",), gone=())
    assert differences(before, rows[:1]) == Changes(gone=("B",))
    assert differences(None, rows[:1]) == Changes(new=("A",))
    assert not differences(before, before.rows).any


# ── the digest ──


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        (S.REGISTERED, {Step.ON_SITE: Role.CLERK, Step.HANDED_IN: Role.CLERK, Step.LIMIT: Role.CLERK}),
        (S.ACCEPTED, {Step.ON_SITE: Role.DISPATCHER, Step.LIMIT: Role.DISPATCHER}),
        (S.ASSIGNED, {Step.ON_SITE: Role.HANDLER, Step.IN_PUBLIC: Role.HANDLER, Step.LIMIT: Role.HANDLER}),
        (S.VERIFIED, {Step.HANDED_IN: Role.HANDLER, Step.IN_PUBLIC: Role.DISPATCHER, Step.LIMIT: Role.HANDLER}),
        (S.REVIEWING, {Step.IN_PUBLIC: Role.DISPATCHER, Step.LIMIT: Role.REVIEWER}),
        (S.CLOSED, {Step.IN_PUBLIC: Role.DISPATCHER}),
        (S.DECLINED, {}),
    ],
)
def test_what_is_owed_of_a_petition_goes_to_whoever_can_do_it(status: Status, steps: dict[Step, Role]) -> None:
    found = {due.step: due.role for due in owed(a_petition("A", status=status), CAMPAIGN, ())}
    assert steps.items() <= found.items()
    assert bool(found) is bool(steps)
    assert Step.IN_PUBLIC not in {due.step for due in owed(a_petition("A", status=status), CAMPAIGN, {"A"})}


def test_a_step_is_due_by_the_clock_that_runs_for_it_else_by_the_campaigns_days() -> None:
    case = a_petition("A", status=S.ASSIGNED, channel="inspection")
    days = {due.step: due.day for due in owed(case, CAMPAIGN, ())}
    assert days[Step.HANDED_IN] == FIRST + timedelta(days=6)
    assert days[Step.IN_PUBLIC] == FIRST + timedelta(days=9)
    clock = case.clock("close")
    assert clock
    assert days[Step.LIMIT] == START.date() + timedelta(days=10), "it came in a day later than it was handed over"
    nothing = Case(id="XF1", kind=Kind.PETITION, policy=case.policy)
    assert owed(nothing, CAMPAIGN, ()) == []


def test_of_a_petition_that_a_table_brought_in_as_far_as_it_is_nothing_is_owed_here() -> None:
    for status in (S.RECTIFYING, S.INTERIM, S.CLOSED):
        told = a_petition("A", status=status).model_copy(update={"imported": True})
        assert owed(told, CAMPAIGN, ()), "it was accepted here"
        assert owed(told.model_copy(update={"accepted_at": None}), CAMPAIGN, ()) == []
    fresh = a_petition("A", status=S.REGISTERED).model_copy(update={"imported": True, "accepted_at": None})
    assert owed(fresh, CAMPAIGN, ()), "a batch that came in by a table waits for the desk"


def test_a_digest_parts_what_is_late_from_what_is_due_today_and_tomorrow() -> None:
    story = a_story(S.VERIFIED, batch=FIRST)
    case = story.case.model_copy(update={"clocks": ()})
    some = batches([case, a_petition("B", SECOND)], CAMPAIGN, START)

    def told(day: date) -> dict[str, list[Step]]:
        found = digest(day, START, some, [case], CAMPAIGN, (), [Happening(case.id, Deed.FOUND)])
        assert found.done == (Happening(case.id, Deed.FOUND),)
        return {name: [due.step for due in getattr(found, name)] for name in ("late", "today", "tomorrow")}

    day = FIRST + timedelta(days=9)
    assert told(day) == {"late": [Step.HANDED_IN], "today": [Step.IN_PUBLIC], "tomorrow": [Step.LIMIT]}
    assert told(FIRST) == {"late": [], "today": [], "tomorrow": []}
    found = digest(FIRST, START, some, [], CAMPAIGN, (), [])
    assert (found.came.count(Of.RECEIVED), found.total.count(Of.RECEIVED)) == (1, 1)
    assert digest(SECOND, START, some, [], CAMPAIGN, (), []).total.count(Of.RECEIVED) == 2
    assert digest(day, START, some, [], CAMPAIGN, (), []).came.cases == []


# ── looking back ──


def test_a_round_goes_through_what_is_closed_what_no_round_has_looked_at_first() -> None:
    joined = a_petition("C", status=S.CLOSED).model_copy(update={"leading": "A"})
    cases = [a_petition("B", status=S.SIGNED_OFF), a_petition("A", status=S.CLOSED), joined, a_petition("D")]
    assert [each.id for each in to_check(cases, CAMPAIGN)] == ["A", "B"]
    before = CAMPAIGN.model_copy(update={"look_backs": (LookBack(number=1, day=FIRST, held=("A",), left=("B",)),)})
    assert [each.id for each in to_check(cases, before)] == ["B", "A"]
