"""A case run again: under its own policy nothing differs, whatever happened; under another, what a desk can reckon."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from models.run_again import Kept, run_again
from models.trial import Shift, Summary, try_case
from models.vocabulary import Kind, Role, RungKind, Status
from tests.core.builders import (
    a_plan,
    a_policy,
    a_story,
    a_world,
    an_organisation,
    imported,
    shanghai,
    the_clock,
)
from tests.core.test_machine import EXAMPLES, LONGER, STEPS, Desk
from tests.core.trials import a_policy_with, always, kept_of, rung, tried, with_clock


def _harsher(document: dict[str, Any]) -> None:
    """Everything a desk may think of at once: less time, no time for objections, more rungs, shorter extensions."""
    for row in document["clock"]:
        if row["length"]["count"] > 3:
            row["length"]["count"] //= 2
    document["channels"]["letter"]["off"] = ["verify"]
    document["channels"]["phone"]["clocks"]["close"] = {"length": "3 working_day", "ladder": "lapse"}
    document["extension_limit"] = 5
    document["ladder"]["standard"]["again"] = 3
    document["ladder"]["standard"]["rungs"].insert(
        0, {"name": "early", "zh": "过三成", "en": "early", "at": "30%", "kind": "reminded", "to": ["handler"]}
    )


HARSHER = a_policy_with(_harsher)


class Again(Desk):
    """The desk played by chance, and every case of it run again."""

    def teardown(self) -> None:
        super().teardown()
        summary = Summary()
        for story in self.stories.values():
            kept = kept_of(story)
            if not kept:
                continue
            trial = try_case(kept, self.world_at, self.now)
            assert trial.same, trial
            assert (trial.events, trial.differing, trial.dues, trial.rungs, trial.denied) == (len(kept), (), (), (), ())
            assert try_case(kept, self.world_at, self.now, a_policy()).same
            self.harsher(kept, summary)
        assert summary.tried == sum(bool(story.events) for story in self.stories.values())
        assert summary.drifted == 0

    def harsher(self, kept: list[Kept], summary: Summary) -> None:
        """Nothing that can be asked for makes a trial stumble, and what it says of itself holds together."""
        trial = try_case(kept, self.world_at, self.now, HARSHER)
        summary.add(trial)
        run = run_again(kept, self.world_at, self.now, HARSHER)
        assert trial.same == run.same
        times = [each.recorded_at for each in run.events]
        assert times == sorted(times)
        assert all(at <= self.now for at in times)
        assert [each.seq for each in run.events] == list(range(1, len(run.events) + 1))
        for each in trial.rungs:
            assert each.before != each.after
            assert each.kind is (each.after or each.before).kind  # type: ignore[union-attr]


TestAgain = Again.TestCase
TestAgain.settings = settings(
    derandomize=not LONGER,
    phases=list(Phase) if LONGER else [Phase.generate],
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.timeout(240 + EXAMPLES)


# ── a shorter clock ──


def test_half_the_time_for_closure_moves_its_date_and_rings_its_whole_ladder() -> None:
    """Registered Monday 2 March 09:00, accepted at 10:00, assigned at 11:00; then forty days of silence."""
    story = a_story(Status.ASSIGNED)
    story.wait(days=40)
    trial = tried(story, with_clock("close", "30 day"))

    (due,) = trial.dues
    assert (due.clock, due.shift) == ("close", Shift.EARLIER)
    assert (due.started, due.before, due.after) == (
        shanghai("2026-03-02 10:00"),
        shanghai("2026-05-02 00:00"),
        shanghai("2026-04-02 00:00"),
    )
    assert [(each.rung, each.shift, each.after and (each.after.at, each.after.to)) for each in trial.rungs] == [
        # Seven tenths of 30 days and 14 hours, from 10:00 on.
        ("blue", Shift.NEW, (shanghai("2026-03-23 19:48"), ("handler", "section-head"))),
        ("yellow", Shift.NEW, (shanghai("2026-04-01 00:00"), ("stand-in", "leader"))),
        ("red", Shift.NEW, (shanghai("2026-04-02 00:00"), ("head",))),
        ("deputy_county", Shift.NEW, (shanghai("2026-04-05 00:00"), ("county-deputy",))),
        ("county", Shift.NEW, (shanghai("2026-04-09 00:00"), ("secretary", "magistrate"))),
    ]
    assert {each.clock for each in trial.rungs} == {"close"}
    assert (trial.denied, trial.statuses, trial.drifted) == ((), None, False)
    # The acceptance alone is another event: the rest of the ladder of the site visit is as it was.
    assert trial.differing == (2,)


def test_an_escalation_that_came_anyway_comes_earlier_and_the_letters_outcomes_follow_it() -> None:
    story = a_story(Status.REGISTERED)
    for _, recorded in story.wait(days=16):
        (name,) = recorded.reaction_ids()
        story.do(Role.ENGINE, "record_outcome", reaction=name)
    trial = tried(story, with_clock("accept", "10 day"))

    assert [(each.rung, each.shift) for each in trial.rungs] == [
        ("blue", Shift.EARLIER),
        ("yellow", Shift.EARLIER),
        ("red", Shift.EARLIER),
        ("deputy_county", Shift.NEW),
    ]
    red = rung(trial, "accept", "red")
    assert red.before
    assert red.after
    # 15 days from 2 March, and ten.
    assert (red.before.at, red.after.at) == (shanghai("2026-03-18 00:00"), shanghai("2026-03-13 00:00"))
    assert red.kind is RungKind.ESCALATE
    assert trial.denied == (), "what the engine recorded of letters that are other ones now is nobody's refusal"


def test_a_longer_clock_does_not_ring_what_rang() -> None:
    story = a_story(Status.REGISTERED)
    story.wait(days=16)
    trial = tried(story, with_clock("accept", "90 day"))
    assert [(each.rung, each.shift) for each in trial.rungs] == [
        (name, Shift.GONE) for name in ("blue", "yellow", "red")
    ]
    assert [each.after for each in trial.rungs] == [None] * 3
    assert rung(trial, "accept", "red").kind is RungKind.ESCALATE


# ── a new rung, other recipients ──


def _with_rung(document: dict[str, Any]) -> None:
    document["ladder"]["standard"]["rungs"].insert(
        0,
        {"name": "half", "zh": "时限过半", "en": "half", "at": "50%", "kind": "reminded", "to": ["section_head"]},
    )


def test_a_new_rung_comes_between_what_happened_and_moves_nothing_else() -> None:
    story = a_story(Status.REGISTERED)
    story.wait(days=12)
    for name in story.case.pending:
        story.do(Role.ENGINE, "record_outcome", reaction=name)
    story.do(Role.CLERK, "accept")
    assert [each.event.name for each in story.events] == ["registered", "reminded", "carried_out", "accepted"]
    policy = a_policy_with(_with_rung)
    trial = tried(story, policy)

    (half,) = trial.rungs
    # Half of 15 days and 15 hours, from 9:00 on.
    assert (half.clock, half.rung, half.shift) == ("accept", "half", Shift.NEW)
    assert half.after
    # Nobody has the case yet: it falls upwards to the first post of the county.
    assert (half.after.at, half.after.to) == (shanghai("2026-03-10 04:30"), ("county-deputy",))
    assert trial.dues == ()
    run = run_again(kept_of(story), always(story), story.at, policy)
    assert [each.event.name for each in run.events] == ["registered", "reminded", "reminded", "carried_out", "accepted"]
    assert run.events[3].event.said["reaction"] == "XF2026000001#3.1.letter", "named as it is numbered here"
    # The outcome is the same one, only numbered otherwise; the clocks hold one rung more.
    assert trial.differing == (1, 4)


def test_a_rung_that_reaches_others_is_told_as_such() -> None:
    story = a_story(Status.REGISTERED)
    story.wait(days=12)

    def change(document: dict[str, Any]) -> None:
        document["ladder"]["standard"]["rungs"][0]["to"] = ["duty_leader"]

    (blue,) = tried(story, a_policy_with(change)).rungs
    assert blue.before
    assert blue.after
    assert (blue.shift, blue.before.to, blue.after.to) == (Shift.ELSEWHERE, ("county-deputy",), ("duty",))
    assert blue.before.at == blue.after.at


# ── an extension limit of ten days ──


def test_twenty_more_days_would_have_been_refused_and_what_hangs_on_them_too() -> None:
    story = a_story(Status.ASSIGNED)
    story.do(Role.HANDLER, "request_extension", extension_days=20)
    story.do("head", "grant_extension")
    assert the_clock(story.case, "close").due == shanghai("2026-05-22 00:00")
    trial = tried(story, a_policy_with(lambda document: document.update(extension_limit=10)))

    assert [(each.seq, each.command, each.actor, each.code) for each in trial.denied] == [
        (4, "request_extension", "handler", "too_long"),
        (5, "grant_extension", "head", "nothing_open"),
    ]
    assert trial.denied[0].zh == "延期不得超过 10 日。"
    assert {each.clock: (each.before, each.after) for each in trial.dues} == {
        "close": (shanghai("2026-05-22 00:00"), shanghai("2026-05-02 00:00")),
        "extension": (shanghai("2026-03-05 00:00"), None),
    }
    assert {each.clock: each.shift for each in trial.dues} == {"close": Shift.EARLIER, "extension": Shift.GONE}
    assert trial.differing == (4, 5)
    # Ten days were granted elsewhere and stay so.
    other = a_story(Status.ASSIGNED)
    other.do(Role.HANDLER, "request_extension", extension_days=10).do("head", "grant_extension")
    assert tried(other, a_policy_with(lambda document: document.update(extension_limit=10))).same


def test_a_channel_that_is_no_more_leaves_nothing_of_the_case() -> None:
    story = a_story(Status.ACCEPTED, channel="visit")
    trial = tried(story, a_policy_with(lambda document: document["channels"].pop("visit")))
    (denied,) = trial.denied
    assert (denied.seq, denied.code) == (1, "unknown_channel")
    assert trial.statuses == (Status.ACCEPTED, None)
    assert trial.differing == (1, 2)
    assert {each.shift for each in trial.dues} == {Shift.GONE}


def test_what_the_engine_brought_is_left_out_where_it_does_not_apply_any_more() -> None:
    """The handler is complained about here from the start: no plan, so no task is finished, and nobody refused it."""
    story = a_story(Status.VERIFIED)
    story.do(Role.HANDLER, "plan_rectification", task_plans=(a_plan(),))
    story.do(Role.ENGINE, "record_outcome")
    story.do(Role.ENGINE, "finish_task")
    kept = kept_of(story)
    first = kept[0].envelope
    named = first.model_copy(update={"data": {**first.data, "named": ["handler"]}})
    trial = try_case([Kept(named, kept[0].body), *kept[1:]], always(story), story.at)
    assert [each.command for each in trial.denied] == ["assign", "record_findings", "plan_rectification"]


# ── history, outages, the organisation as it was ──


def test_history_told_afterwards_is_run_at_the_moment_it_was_told() -> None:
    story = imported("interim")
    story.wait(days=30)
    assert tried(story).same
    trial = tried(story, with_clock("interim", "60 day"))
    assert [each.clock for each in trial.dues] == ["interim"]


def test_while_the_engine_was_away_nothing_rings_and_then_everything_once_in_order() -> None:
    story = a_story(Status.REGISTERED)
    story.at += timedelta(days=14)
    while story.case.alarm and story.case.alarm.at <= story.at:
        assert story.ring()
    rang = [each.event.said["rung"] for each in story.events[1:]]
    assert rang == ["blue"], "seven tenths were gone on the 13th; the engine came back on the 16th"
    assert tried(story).same
    trial = tried(story, with_clock("accept", "12 day"))
    # Due on the 11th, 14th and 15th; in truth something was overdue from the 13th at 07:30 until the 16th.
    times = {each.rung: each.after and each.after.at for each in trial.rungs}
    assert times["blue"] == shanghai("2026-03-11 05:06")
    assert times["yellow"] == story.at
    assert times["red"] == story.at


def test_a_ring_that_never_came_because_somebody_was_faster_does_not_come_here_either() -> None:
    story = a_story(Status.REGISTERED)
    story.at += timedelta(days=14)
    story.do(Role.CLERK, "accept")
    assert [each.event.name for each in story.events] == ["registered", "accepted"]
    assert tried(story).same


def test_whoever_held_the_post_then_hears_and_whoever_had_the_role_then_acts() -> None:
    before, after = an_organisation(), an_organisation()
    people = tuple(
        person.model_copy(update={"roles": (Role.AUDITOR,)}) if person.id == "clerk" else person
        for person in after.people
        if person.id != "section-head"
    )
    after = after.model_copy(update={"people": people})
    story = a_story(Status.ASSIGNED)
    change = story.at + timedelta(days=1)
    story.world = a_world(after)
    story.at = change
    story.wait(days=20)

    def as_it_was(at: Any) -> Any:
        return a_world(before if at < change else after)

    assert tried(story, worlds=as_it_was).same
    # In the world of today the clerk could not have registered it.
    today = tried(story, worlds=lambda _: a_world(after))
    assert [each.code for each in today.denied] == ["not_yours"]
    gone = tuple(person for person in people if person.id != "clerk")
    nobody = tried(story, worlds=lambda _: a_world(after.model_copy(update={"people": gone})))
    assert [each.code for each in nobody.denied] == ["unknown_person"]


def test_what_differs_under_the_own_policy_too_is_not_the_proposed_ones_doing() -> None:
    story = a_story(Status.ASSIGNED)
    story.wait(days=20)
    others = an_organisation()
    people = tuple(each for each in others.people if each.id != "section-head")
    world = a_world(others.model_copy(update={"people": people}))
    kept = kept_of(story)
    own = try_case(kept, lambda _: world, story.at)
    assert not own.same
    assert not own.drifted
    assert {each.shift for each in own.rungs} == {Shift.ELSEWHERE}
    same = try_case(kept, lambda _: world, story.at, a_policy())
    assert (same.same, same.drifted) == (True, True)
    changed = try_case(kept, lambda _: world, story.at, with_clock("close", "90 day"))
    assert (changed.same, changed.drifted, changed.rungs) == (False, True, ())
    assert [each.clock for each in changed.dues] == ["close"]


def test_a_summary_counts_cases_dates_rungs_and_refusals() -> None:
    story = a_story(Status.ASSIGNED)
    story.do(Role.HANDLER, "request_extension", extension_days=20).do("head", "grant_extension")
    shorter = a_policy_with(lambda document: document.update(extension_limit=10))
    waiting = a_story(Status.REGISTERED)
    waiting.wait(days=16)
    summary = Summary()
    for trial in (
        tried(story),
        tried(story, shorter),
        tried(waiting, with_clock("accept", "10 day")),
    ):
        summary.add(trial)
    assert (summary.tried, summary.same, summary.different, summary.refused) == (3, 1, 2, 1)
    assert summary.moved == {Shift.EARLIER: 2, Shift.GONE: 1}
    assert summary.escalated == {Shift.EARLIER: 1, Shift.NEW: 1}
    assert summary.dues == {("close", Shift.EARLIER): 1, ("extension", Shift.GONE): 1, ("accept", Shift.EARLIER): 1}
    assert summary.denied == {("request_extension", "too_long"): 1, ("grant_extension", "nothing_open"): 1}
    assert summary.sentences["request_extension", "too_long"][1] == "An extension may not be longer than 10 days."
    summary.add(tried(story).__class__(case="X", kind=Kind.PETITION, channel="", events=0, same=False, unread=True))
    assert (summary.tried, summary.unread) == (3, 1)
