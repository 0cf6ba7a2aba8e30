"""Storms: the count is of the set of filings, whatever the order; told once; heard by a leader; calm by itself."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.event import ReactionKind
from models.matter_refusals import SaidAlready
from models.refusals import NotYours
from models.storm import STALE, Alert, Sighting, Storms, Threshold, alerts_due, crossings, together
from models.vocabulary import Kind, Light, Role, Status
from tests.core.builders import START, Story, a_policy, a_story, a_world, refused

STORMS = Storms()
HOUR = timedelta(hours=1)


def seen(number: int, hours: float, channel: str = "system", platforms: int = 1) -> Sighting:
    return Sighting(case=f"XF2026{number:06d}", at=START + hours * HOUR, channel=channel, platforms=platforms)


def names(*filings: Sighting) -> list[tuple[str, float]]:
    return [(each.threshold.name, (each.at - START) / HOUR) for each in crossings(STORMS, filings)]


# ── counting ──
def test_three_within_a_day_and_five_within_a_week_are_a_storm_from_that_filing_on() -> None:
    assert names(seen(1, 0), seen(2, 1)) == []
    assert names(seen(1, 0), seen(2, 1), seen(3, 23)) == [("day", 23)]
    assert names(*(seen(n, n * 30) for n in range(5))) == [("week", 120)]


def test_a_window_is_open_at_its_beginning() -> None:
    assert names(seen(1, 0), seen(2, 1), seen(3, 24)) == []
    assert names(seen(1, 0), seen(2, 1), seen(3, 23.99)) == [("day", 23.99)]


def test_one_petitioner_by_three_channels_is_a_storm() -> None:
    filings = (seen(1, 0, "phone"), seen(2, 48, "letter", 2), seen(3, 96, "hotline", 3))
    assert names(*filings) == [("platforms", 96)]


def test_what_comes_after_a_week_of_quiet_is_another_storm() -> None:
    first = [seen(n, n) for n in range(3)]
    later = [seen(n + 10, 24 * 9 + n) for n in range(3)]
    assert names(*first, *later) == [("day", 2), ("day", 24 * 9 + 2)]


def test_thresholds_are_rows_of_the_policy() -> None:
    own = Storms(threshold=(Threshold(name="two", zh="两件", en="two", count=2, hours=1),), calm=1)
    assert [each.threshold.name for each in crossings(own, (seen(1, 0), seen(2, 0.5)))] == ["two"]
    assert {each.light for each in STORMS.threshold} == {Light.YELLOW, Light.RED}


filings = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 24 * 20), st.sampled_from(["phone", "letter"]), st.integers(1, 4)),
    max_size=14,
).map(lambda rows: [seen(n, hours, channel, platforms) for n, hours, channel, platforms in rows])


@given(filings, st.integers(0, 10**6))
@settings(max_examples=200)
def test_the_order_in_which_filings_become_known_changes_nothing(rows: list[Sighting], seed: int) -> None:
    # A petition has one moment and one channel, however often it is told of.
    rows = [
        next(other for other in rows if other.case == each.case).model_copy(update={"platforms": each.platforms})
        for each in rows
    ]
    shuffled = Random(seed).sample(rows, len(rows))
    one: tuple[Sighting, ...] = ()
    other: tuple[Sighting, ...] = ()
    for each in rows:
        one = together(one, (each,))
    for each in shuffled:
        other = together(other, (each, each))
    assert one == other
    assert crossings(STORMS, one) == crossings(STORMS, other)


@given(filings, st.integers(0, 10**6))
@settings(max_examples=200)
def test_no_alert_goes_out_twice_and_none_that_is_due_is_missed(rows: list[Sighting], seed: int) -> None:
    now = START + timedelta(days=20)
    known: tuple[Sighting, ...] = ()
    told: tuple[Alert, ...] = ()
    for each in Random(seed).sample(rows, len(rows)):
        known = together(known, (each,))
        due = alerts_due(STORMS, known, told, now)
        assert not {(a.threshold, a.at) for a in due} & {(a.threshold, a.at) for a in told}
        told += due
        assert alerts_due(STORMS, known, told, now) == ()
    for crossing in crossings(STORMS, known):
        if now - crossing.at <= STALE:
            mine = [
                a for a in told if a.threshold == crossing.threshold.name and crossing.first <= a.at <= crossing.last
            ]
            assert mine, crossing


@given(filings)
def test_in_the_order_they_came_in_each_storm_is_told_once_for_each_threshold(rows: list[Sighting]) -> None:
    known: tuple[Sighting, ...] = ()
    told: tuple[Alert, ...] = ()
    for each in together(rows, ()):
        known = together(known, (each,))
        told += alerts_due(STORMS, known, told, each.at)
    assert [(a.threshold, a.at) for a in sorted(told, key=lambda a: (a.at, a.threshold))] == [
        (each.threshold.name, each.at) for each in crossings(STORMS, known)
    ]


def test_nobody_is_alarmed_about_history() -> None:
    old = [seen(n, n) for n in range(4)]
    assert alerts_due(STORMS, old, (), START + STALE + timedelta(days=1)) == ()
    assert [each.threshold for each in alerts_due(STORMS, old, (), START + timedelta(days=1))] == ["day"]


# ── the watch ──
def a_watch(count: int = 1) -> Story:
    story = a_story(Status.WATCHING, kind=Kind.WATCH)
    for _ in range(count):
        story.do(Role.ENGINE, "observe")
    return story


def test_crossing_a_threshold_reaches_the_responsible_leader_once_with_the_list() -> None:
    story, lights = a_watch(), []
    assert (story.case.status, story.events[-1].event.name) == (Status.STORM, "storm_raised")
    letters = [(each.kind, each.letter) for each in story.events[-1].event.reactions]
    assert letters == [(ReactionKind.LETTER, "storm_notice")]
    lights.append(story.case.light)
    assert story.case.alarm
    story.do(Role.ENGINE, "observe")
    assert (story.events[-1].event.name, story.events[-1].event.reactions) == ("storm_grew", ())
    story.do(Role.ENGINE, "observe")
    assert story.events[-1].event.name == "storm_raised", "five within a week are worse, and told once more"
    assert [each.threshold for each in story.case.alerts] == ["day", "week"]
    lights += [story.case.light, story.do(Role.ENGINE, "end_watch").case.light]
    assert lights == [Light.YELLOW, Light.RED, Light.GREEN], "the thresholds' own, and none once it is another watch's"


def test_a_filing_seen_before_changes_nothing() -> None:
    story = a_watch()
    refused(story, SaidAlready, Role.ENGINE, "observe", sightings=story.case.sightings)


def test_a_storm_that_no_leader_takes_note_of_climbs_and_one_that_is_answered_does_not() -> None:
    silent = a_watch()
    heard = [each.event.name for _, each in silent.wait(days=5)]
    assert "escalated" in heard
    answered = a_watch().do("leader", "answer_storm")
    assert [each.event.name for _, each in answered.wait(days=5)] == []
    refused(a_watch(), NotYours, "handler", "answer_storm")


def test_it_calms_down_by_itself_after_a_week_without_a_filing_and_may_begin_again() -> None:
    story = a_watch().do("leader", "answer_storm")
    assert story.wait(days=6) == []
    (rang,) = story.wait(days=2)
    assert rang[1].event.name == "lapsed"
    assert (story.case.status, story.case.clocks, story.case.light) == (Status.WATCHING, (), Light.GREEN)
    at = story.at
    again = [Sighting(case=f"XF2026{n:06d}", at=at + n * HOUR / 100, channel="system") for n in range(50, 53)]
    story.at += HOUR
    story.do(Role.ENGINE, "observe", sightings=tuple(again))
    assert (story.case.status, len(story.case.alerts), story.case.light) == (Status.STORM, 2, Light.YELLOW)


def test_the_plan_is_proposed_and_a_leader_lays_it_down() -> None:
    story = a_watch().do("leader", "adopt_plan")
    assert story.case.sightings[0].case in story.case.plan
    assert "2 件" in story.case.plan
    assert a_watch().do("leader", "adopt_plan", plan="先停产后整改").case.plan == "先停产后整改"


def test_a_watch_whose_filings_are_anothers_ends() -> None:
    story = a_story(Status.MERGED, kind=Kind.WATCH)
    assert (story.case.merged_into, story.case.is_open, story.case.alarm) == ("W-XF2026000700", False, None)


@pytest.mark.parametrize("calm", [1, 30])
def test_how_long_it_takes_to_calm_down_is_the_policys(calm: int) -> None:
    policy = a_policy().model_copy(update={"storms": Storms(calm=calm)})
    story = a_story(Status.STORM, kind=Kind.WATCH, world=a_world(policy=policy)).do("leader", "answer_storm")
    assert story.wait(days=calm - 1) == []
    story.wait(days=2)
    assert story.case.status is Status.WATCHING
