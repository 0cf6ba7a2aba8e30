"""Patrols: which slots are owed by the weather, each with one fate; missed ones are told; the weather by rule."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.event import ReactionKind
from models.letters import missed_lately
from models.matter_refusals import NoPatrols
from models.patrol import Ended, Observation, Patrols, Sky, Slot, newer, patrolled, slot_from, told_late, turned
from models.refusals import DueInPast, InFuture, LooksPersonal, NotYours, OtherUnit
from models.vocabulary import Kind, Light, Status
from tests.core.builders import FACTORY, STEP, TARGET, Story, a_policy, a_story, a_world, refused, the_clock
from tests.core.worlds import shanghai

RULE = Patrols()
HOUR = timedelta(hours=1)


def slot(begin: str, end: str, *, wet: bool = True) -> Slot:
    return Slot(begin=shanghai(begin), end=shanghai(end), wet=wet)


def owed(at: str, *, wet: bool, last: str | None = None) -> Slot:
    return slot_from(RULE, shanghai(at), wet=wet, last=shanghai(last) if last else None)


# ── slots ──
def test_in_dry_weather_one_is_owed_within_three_days_of_the_last() -> None:
    assert owed("2026-03-02 09:00", wet=False) == slot("2026-03-02 09:00", "2026-03-06 00:00", wet=False)
    assert owed("2026-03-04 17:00", wet=False, last="2026-03-04 17:00").end == shanghai("2026-03-08 00:00")
    # After a missed slot the days are counted from its end.
    assert owed("2026-03-06 00:00", wet=False).end == shanghai("2026-03-09 00:00")


def test_in_rain_one_is_owed_in_each_part_of_the_day() -> None:
    assert owed("2026-03-02 00:00", wet=True) == slot("2026-03-02 00:00", "2026-03-02 12:00")
    assert owed("2026-03-02 12:00", wet=True) == slot("2026-03-02 12:00", "2026-03-02 18:00")
    assert owed("2026-03-02 18:00", wet=True) == slot("2026-03-02 18:00", "2026-03-03 00:00")


def test_rain_that_begins_late_in_a_part_owes_it_together_with_the_next() -> None:
    assert owed("2026-03-02 10:00", wet=True).end == shanghai("2026-03-02 12:00")
    assert owed("2026-03-02 10:01", wet=True) == slot("2026-03-02 10:01", "2026-03-02 18:00")


def test_a_part_that_somebody_was_there_in_is_not_owed_again_whatever_the_weather_was_then() -> None:
    assert owed("2026-03-02 11:00", wet=True, last="2026-03-02 08:00") == slot("2026-03-02 12:00", "2026-03-02 18:00")
    assert owed("2026-03-02 13:00", wet=True, last="2026-03-02 08:00") == slot("2026-03-02 13:00", "2026-03-02 18:00")


def test_rain_replaces_what_is_owed_at_once_and_its_end_leaves_the_part_that_runs_owed() -> None:
    dry = owed("2026-03-02 09:00", wet=False)
    at = shanghai("2026-03-03 14:00")
    wet = turned(RULE, dry, at, wet=True, last=None)
    assert wet == slot("2026-03-03 14:00", "2026-03-03 18:00")
    assert turned(RULE, wet, at + HOUR, wet=True, last=None) == wet
    assert turned(RULE, wet, at + HOUR, wet=False, last=None) == wet, "it rained in it, so it is owed"
    done = patrolled(RULE, wet, at + 2 * HOUR, wet=True, last=None, by="handler", sound=True)
    assert done is not None
    assert done.owed == slot("2026-03-03 18:00", "2026-03-04 00:00")
    again = turned(RULE, done.owed, at + 3 * HOUR, wet=False, last=at + 2 * HOUR)
    assert again == slot("2026-03-03 17:00", "2026-03-07 00:00", wet=False), "three days after the last one"
    assert turned(RULE, again, at + 3 * HOUR, wet=False, last=None) == again


def test_whoever_comes_in_dry_weather_after_a_wet_slot_has_three_days_from_then() -> None:
    done = patrolled(RULE, slot("2026-03-02 12:00", "2026-03-02 18:00"), shanghai("2026-03-02 15:00"), wet=False,
                     last=None, by="handler", sound=True)  # fmt: skip
    assert done is not None
    assert done.owed == slot("2026-03-02 15:00", "2026-03-06 00:00", wet=False)


def test_slots_that_are_over_when_somebody_comes_were_missed_each_of_them() -> None:
    first = slot("2026-03-02 00:00", "2026-03-02 12:00")
    found = patrolled(RULE, first, shanghai("2026-03-03 07:00"), wet=True, last=None, by="handler", sound=False)
    assert found is not None
    assert [each.ended for each in found.ended] == [Ended.MISSED] * 3 + [Ended.DONE]
    assert (found.missed, found.ended[-1].sound) == (3, False)
    assert found.owed == slot("2026-03-03 12:00", "2026-03-03 18:00")
    assert patrolled(RULE, first, first.begin - HOUR, wet=True, last=None, by="handler", sound=True) is None


def test_heavy_rain_is_no_less_than_rain() -> None:
    assert Patrols(rain_mm=8, heavy_mm=8).sky(8, None) is Sky.HEAVY_RAIN
    with pytest.raises(ValidationError, match="heavy_mm"):
        Patrols(rain_mm=9, heavy_mm=8)


def test_what_is_told_late_is_shown_as_told_late() -> None:
    gone = slot("2026-03-02 00:00", "2026-03-02 12:00").model_copy(update={"ended": Ended.MISSED})
    (told,) = told_late([gone], shanghai("2026-03-02 09:00"), by="handler", sound=True)
    assert (told.ended, told.by, told.at) == (Ended.TOLD_LATE, "handler", shanghai("2026-03-02 09:00"))
    assert told_late([gone], shanghai("2026-03-02 15:00"), by="handler", sound=True) == (gone,)


@pytest.mark.parametrize(
    "parts", [("12:00",), ("12:00", "11:00", "24:00"), ("01:00", "24:00"), ("25:00",), (), ("12:00", "12:00", "24:00")]
)
def test_parts_of_a_day_rise_end_at_midnight_and_are_long_enough(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        Patrols(rain_until=parts)
    assert len(Patrols(rain_until=("08:00", "16:00", "24:00")).parts) == 4


def test_of_what_is_told_of_the_weather_the_latest_seen_holds_and_of_two_at_once_the_wetter() -> None:
    at = shanghai("2026-03-02 09:00")
    rain, dry = Observation(at=at, sky=Sky.RAIN), Observation(at=at, sky=Sky.DRY)
    assert newer(None, dry)
    assert newer(dry, rain)
    assert not newer(rain, dry)
    assert not newer(rain, Observation(at=at - HOUR, sky=Sky.HEAVY_RAIN)), "seen before what is known"
    assert newer(rain, Observation(at=at + HOUR, sky=Sky.DRY))


def test_what_figures_are_called_is_the_policys() -> None:
    told = [RULE.sky(0, 20), RULE.sky(0.1, 20), RULE.sky(8, 38), RULE.sky(0, 35), RULE.sky(0.05, None)]
    assert told == [Sky.DRY, Sky.RAIN, Sky.HEAVY_RAIN, Sky.HEAT, Sky.DRY]


# ── a patrol's story ──
def a_patrol(sky: str | None = None) -> Story:
    story = a_story(Status.PATROLLING, kind=Kind.PATROL)
    return hears(story, sky) if sky else story


def hears(story: Story, sky: str) -> Story:
    return story.do("engine", "hear_weather", sky=sky, sky_at=story.at)


def rang(story: Story, until: str) -> list[tuple[str, str]]:
    return [
        (str(event.event.said["clock"]), str(event.event.said["rung"])) for _, event in story.until(shanghai(until))
    ]


def fates(story: Story) -> list[str]:
    return [each.ended.value for each in story.case.slots if each.ended]


def letters(story: Story) -> list[tuple[str | None, tuple[str, ...]]]:
    reactions = story.events[-1].event.reactions
    return [(each.letter, each.to) for each in reactions if each.kind is ReactionKind.LETTER]


def test_a_missed_slot_is_told_to_the_leader_at_once_and_climbs_until_somebody_comes() -> None:
    story = a_patrol()
    assert the_clock(story.case, "slot").due == shanghai("2026-03-06 00:00")
    assert rang(story, "2026-03-06 00:00") == [("slot", "soon"), ("slot", "missed")]
    assert letters(story) == [("patrol_missed", ("stand-in",)), ("patrol_missed", ("handler",))]
    assert (fates(story), story.case.slots_missed) == (["missed"], 1)
    assert the_clock(story.case, "slot").due == shanghai("2026-03-09 00:00"), "the next one is owed without a gap"
    assert rang(story, "2026-03-10 23:00") == [
        ("absence", "head"), ("slot", "soon"), ("slot", "missed"), ("absence", "deputy_county"),
    ]  # fmt: skip
    assert story.case.light.rank == Light.RED.rank
    story.do("handler", "record_patrol", text="正常")
    assert [clock.name for clock in story.case.clocks] == ["slot"]
    assert (story.case.slots_done, story.case.slots_missed, fates(story)) == (1, 2, ["missed", "missed", "done"])
    assert story.case.light is Light.GREEN


def test_in_rain_three_a_day_are_owed_and_a_second_visit_in_a_part_is_one_beside() -> None:
    story = a_patrol("rain")
    assert the_clock(story.case, "slot").due == shanghai("2026-03-02 12:00") == story.case.slot_end
    story.do("handler", "record_patrol", text="正常")
    assert story.events[-1].event.name == "patrolled"
    assert the_clock(story.case, "slot").due == shanghai("2026-03-02 18:00")
    story.at = shanghai("2026-03-02 11:45")
    story.do("handler", "record_patrol", text="又去一次")
    assert story.events[-1].event.name == "patrolled_beside"
    assert (story.case.slots_done, the_clock(story.case, "slot").due) == (1, shanghai("2026-03-02 18:00"))
    assert story.case.patrolled_at == story.events[-1].recorded_at


def test_rain_at_midday_replaces_the_dry_slot_and_what_it_replaced_is_kept() -> None:
    story = hears(a_patrol().copy(), "heavy_rain")
    assert story.events[-1].event.name == "weather_turned"
    assert fates(story) == ["spared"]
    assert story.case.slot is not None
    assert story.case.slot.wet
    hears(story, "rain")
    assert story.events[-1].event.name == "weather_heard", "it rains on: the slot stays what it is"
    before = len(story.events)
    story.do("engine", "hear_weather", sky="dry", sky_seq=1)
    story.do("engine", "hear_weather", sky="dry", station="W2026000009")
    assert len(story.events) == before, "older news, and another station's, change nothing"


def test_a_wet_slot_that_has_not_begun_gives_way_to_dry_weather_without_a_trace() -> None:
    story = a_patrol("rain").do("handler", "record_patrol", text="正常")
    story.at = shanghai("2026-03-02 11:45")
    hears(story, "dry")
    assert story.events[-1].event.name == "weather_turned"
    assert fates(story) == ["spared", "done"]
    assert story.case.slot_end == shanghai("2026-03-06 00:00")


def test_what_is_told_late_counts_by_when_it_was() -> None:
    story = a_patrol("rain")
    story.until(shanghai("2026-03-02 13:00"))
    story.do("handler", "record_patrol", been_at=shanghai("2026-03-02 11:30"), text="当时无信号")
    assert fates(story) == ["spared", "told_late"]
    assert the_clock(story.case, "absence").upcoming, "the leader was told; the next patrol ends it"
    assert story.case.slots_missed == 1
    # While the engine is away, nothing rings: what was missed meanwhile is said by whoever comes first.
    story.at = shanghai("2026-03-03 10:00")
    story.do("inspector", "record_patrol", text="正常")
    assert story.events[-1].event.name == "patrolled_after_miss"
    assert letters(story) == [("patrol_missed", ("stand-in",))]
    assert fates(story) == ["spared", "told_late", "missed", "missed", "done"]
    story.at = shanghai("2026-03-03 20:00")
    story.do("inspector", "record_patrol", been_at=shanghai("2026-03-03 15:00"), text="下午已到场")
    assert story.events[-1].event.name == "patrolled", "it was in time, only told later"
    refused(story, InFuture, "inspector", "record_patrol", been_at=story.at + HOUR)


def test_a_problem_opens_a_task_of_the_patrols_unit() -> None:
    story = a_patrol().do("handler", "report_problem")
    assert [(each.kind, each.case) for each in story.events[-1].event.reactions] == [
        (ReactionKind.OPEN_TASK, f"{story.case.id}-R1")
    ]
    assert [(each.measure, each.target) for each in story.case.tasks] == [("封堵雨水口", TARGET)]
    refused(story, DueInPast, "handler", "report_problem", by_when="2026-02-01")
    refused(story, LooksPersonal, "handler", "report_problem", text="联系 13907340000")
    refused(story, OtherUnit, "other-handler", "report_problem")


def test_the_letter_names_the_slots_that_were_missed_one_after_the_other() -> None:
    story = a_patrol("rain").do("handler", "record_patrol", text="正常")
    story.until(shanghai("2026-03-03 12:00"))
    assert missed_lately(story.case) == (
        ("2026-03-02 12:00", "2026-03-02 18:00"),
        ("2026-03-02 18:00", "2026-03-02 24:00"),
        ("2026-03-03 00:00", "2026-03-03 12:00"),
    )
    assert missed_lately(a_patrol().case) == ()


def test_a_patrol_is_ended_and_goes_on_again() -> None:
    story = a_patrol("rain").do("dispatcher", "end_patrol", reason="企业已关停")
    assert (story.case.slot, story.case.clocks, story.case.resting) == (None, (), True)
    hears(story, "dry")
    assert story.case.sky is Sky.DRY
    story.do("leader", "resume_patrol")
    assert story.case.slot_end == shanghai("2026-03-06 00:00")
    refused(story, NotYours, "clerk", "end_patrol")


def test_without_the_clock_in_the_policy_no_patrol_is_opened() -> None:
    policy = a_policy().model_copy(update={"clock": tuple(c for c in a_policy().clock if c.kind is not Kind.PATROL)})
    world = a_world()
    bare = world.__class__(**{**world.__dict__, "policies": {policy.name: policy.model_copy()}})
    with pytest.raises(NoPatrols):
        a_story(Status.PATROLLING, kind=Kind.PATROL, world=bare)


def test_another_stations_observations_are_counted_from_their_beginning() -> None:
    story = a_patrol("rain").do("dispatcher", "correct_patrol", station="W2026000009", reason="就近")
    assert (story.case.sky_seq, story.case.station) == (0, "W2026000009")
    story.do("dispatcher", "correct_patrol", summary="雨水口")
    assert (story.case.station, story.case.title) == ("W2026000009", "青石锑业")


# ── a station ──
def test_a_station_tells_its_listeners_when_the_weather_changes_and_only_then() -> None:
    story = a_story(Status.IN_FORCE, kind=Kind.STATION).do("engine", "hear_of_listener", listener="T2026000001")
    story.do("engine", "hear_of_listener", listener="T2026000001")
    assert story.case.listeners == ("T2026000001",)

    def told() -> list[str | None]:
        return [each.case for each in story.events[-1].event.reactions]

    story.do("clerk", "observe_weather", sky="dry", by_whom="县气象局")
    assert told() == ["T2026000001"]
    story.do("clerk", "observe_weather", sky="dry")
    assert told() == []
    story.do("handler", "observe_weather", sky="heavy_rain", mm=12.5)
    assert told() == ["T2026000001"]
    story.do("clerk", "observe_weather", sky="dry", seen_at=story.at - 5 * HOUR)
    assert (story.events[-1].event.name, story.case.observed and story.case.observed.sky) == (
        "weather_told_late", Sky.HEAVY_RAIN,
    )  # fmt: skip
    assert len(story.case.observations) == 4
    other = a_story(Status.IN_FORCE, kind=Kind.STATION)
    other.do("clerk", "observe_weather", sky="rain", seen_at=other.at - 25 * HOUR)
    assert (other.events[-1].event.name, other.case.observed) == ("weather_told_late", None), (
        "nobody knows what it is now"
    )
    other.do("clerk", "observe_weather", sky="rain", seen_at=other.at - 23 * HOUR)
    assert other.events[-1].event.name == "weather_observed"
    refused(story, InFuture, "clerk", "observe_weather", seen_at=story.at + HOUR)
    refused(story, NotYours, "auditor", "observe_weather")


# ── a month of any weather ──
hours = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["visit", "rain", "dry", "heavy_rain"])), min_size=1, max_size=60
)


def lived(rows: list[tuple[int, str]]) -> Iterator[tuple[Story, datetime]]:
    story = a_patrol()
    for wait, what in rows:
        story.until(story.at + wait * HOUR)
        at = story.at
        if what == "visit":
            story.do("handler", "record_patrol", text="正常")
        else:
            hears(story, what)
        yield story, at


@given(hours)
@settings(max_examples=60, deadline=None)
def test_in_any_weather_no_slot_is_doubled_and_none_is_missing(rows: list[tuple[int, str]]) -> None:
    for story, _ in lived(rows):
        ended, now = story.case.slots, story.case.slot
        assert now is not None
        assert all(each.ended for each in ended)
        for one, other in pairwise((*ended, now)):
            # Nothing is owed twice: a slot begins when the one before is over, or somebody was there in it.
            assert other.begin >= (one.at if one.ended is Ended.DONE and one.at else one.end), (one, other)
            # Nothing is left out: what lies between two slots had its patrol.
            assert other.begin == one.end or one.ended is Ended.DONE, (one, other)
        assert story.case.slots_missed == fates(story).count("missed") + fates(story).count("told_late")
        assert story.case.slots_done == fates(story).count("done")
        clock = the_clock(story.case, "slot")
        assert (clock.due, bool(clock.upcoming)) == (now.end, True), "an alarm keeps what is owed"
        if now.wet:
            assert now.end - now.begin <= timedelta(hours=14)


def test_a_rainy_month_has_three_slots_a_day_each_with_one_fate() -> None:
    story = a_patrol("rain")
    begun = shanghai("2026-03-03 00:00")
    story.until(begun)
    before = story.case.slots_done + story.case.slots_missed
    for day in range(30):
        for part, hour in enumerate((8, 14, 20)):
            story.until(begun + timedelta(days=day, hours=hour))
            if (day + part) % 5:
                story.do("handler", "record_patrol", text="正常")
    story.until(begun + timedelta(days=30))
    assert story.case.slots_done + story.case.slots_missed - before == 90
    assert story.case.slots_missed - before == 18
    visits = [event for event in story.events if event.event.name == "patrolled"]
    assert len(visits) == 72
    missed = [event for event in story.events if event.event.name == "slot_missed"]
    assert len({event.event.said["due_at"] for event in missed}) == len(missed)
    assert FACTORY not in str(story.case.slots)


# ── look-backs on the weather ──
@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.RECTIFICATION])
def test_what_was_signed_off_is_looked_at_again_when_the_weather_it_waits_for_comes_first(kind: Kind) -> None:
    story = a_story(Status.SIGNED_OFF, kind=kind).do("leader", "order_look_back", text="看雨后有无外溢")
    before = len(story.events)
    for sky in ("dry", "rain", "heat"):
        story.do("engine", "hear_weather", sky=sky, sky_seq=len(story.events), sky_at=story.at)
    assert len(story.events) == before, "other weather is nothing to it"
    story.do("engine", "hear_weather", sky="heavy_rain", sky_seq=5, sky_at=story.at)
    assert story.events[-1].event.name == "weather_struck"
    assert {letter for letter, _ in letters(story)} == {"look_back_notice"}
    assert the_clock(story.case, "look_back_weather").upcoming
    story.do("engine", "hear_weather", sky="heavy_rain", sky_seq=9, sky_at=story.at)
    assert story.events[-1].event.name == "weather_struck", "once"
    assert story.events[-1].recorded_at < story.at - STEP
    kept = story.copy().do("handler", "look_back")
    assert (kept.case.status, kept.case.clock("look_back_weather")) == (Status.SIGNED_OFF, None)
    story.do("handler", "look_back", kept=False)
    assert [(each.kind, each.case) for each in story.events[-1].event.reactions] == [
        (ReactionKind.REOPEN, story.case.id)
    ]
    refused(story, NotYours, "clerk", "order_look_back")


def test_only_fresh_weather_since_the_sign_off_strikes_and_rain_that_is_heavier_than_was_waited_for() -> None:
    story = a_story(Status.SIGNED_OFF).do("leader", "order_look_back", look_back_on="rain")
    signed = story.case.signed_off_at
    assert signed is not None
    before = len(story.events)
    story.do("engine", "hear_weather", sky="rain", sky_seq=3, sky_at=signed - HOUR)
    story.at += timedelta(days=30)
    story.do("engine", "hear_weather", sky="rain", sky_seq=4, sky_at=story.at - timedelta(hours=25))
    assert len(story.events) == before
    heavier = story.copy().do("engine", "hear_weather", sky="heavy_rain", sky_seq=5, sky_at=story.at)
    assert heavier.events[-1].event.name == "weather_struck"
    # Another station's events are counted from their beginning.
    story.do("engine", "hear_weather", sky="rain", sky_seq=6, sky_at=story.at)
    story.do("leader", "order_look_back", look_back_on="heat", station="W2026000009")
    story.do("engine", "hear_weather", sky="heat", sky_seq=2, sky_at=story.at, station="W2026000009")
    assert [each.event.name for each in story.events].count("weather_struck") == 2


# ── what is over although nobody has said so yet ──
def test_a_miss_stays_a_miss_when_the_weather_turns_before_the_clock_has_rung() -> None:
    story = a_patrol()
    story.at = shanghai("2026-03-06 00:00") + timedelta(seconds=1)
    hears(story, "rain")
    assert (story.events[-1].event.name, fates(story), story.case.slots_missed) == (
        "turned_after_miss", ["missed", "spared"], 1,
    )  # fmt: skip
    assert letters(story) == [("patrol_missed", ("stand-in",))]
    assert the_clock(story.case, "absence").upcoming
    assert story.case.slot_end == shanghai("2026-03-06 12:00")


def test_whoever_ends_a_patrol_does_not_make_its_misses_vanish() -> None:
    story = a_patrol()
    story.at = shanghai("2026-04-02 09:00")
    story.do("dispatcher", "end_patrol", reason="企业已关停")
    assert (story.events[-1].event.name, story.case.slots_missed, story.case.clocks) == ("ended_after_miss", 10, ())
    assert letters(story) == [("patrol_missed", ("stand-in",))]


def test_after_an_outage_one_ring_and_one_letter_tell_of_all_slots_that_nobody_came_in() -> None:
    story = a_patrol("rain")
    story.at = shanghai("2026-03-12 10:00")
    rang = story.until(story.at)
    assert [str(event.event.said["rung"]) for _, event in rang if event.event.said["clock"] == "slot"] == [
        "soon", "missed", "soon",
    ], "and of the one that is owed now"  # fmt: skip
    assert story.case.slots_missed == 30
    assert story.case.slot_end == shanghai("2026-03-12 12:00")
    assert len(missed_lately(story.case)) == 30


def test_one_visit_told_twice_is_one_and_at_the_end_of_a_slot_it_is_of_that_slot_alone() -> None:
    story = a_patrol()
    at = story.at
    for _ in range(2):
        story.do("handler", "record_patrol", been_at=at)
    assert [each.event.name for each in story.events[-2:]] == ["patrolled", "patrolled_beside"]
    assert story.case.slots_done == 1
    wet = a_patrol("rain")
    wet.until(shanghai("2026-03-02 19:00"))
    wet.do("handler", "record_patrol", been_at=shanghai("2026-03-02 12:00"))
    assert fates(wet) == ["spared", "told_late", "missed"]
    refused(
        a_story(Status.IN_FORCE, kind=Kind.STATION), LooksPersonal, "clerk", "observe_weather", by_whom="13907340000"
    )
