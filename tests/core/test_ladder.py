"""Silence: nobody does anything, and the ladder is climbed, rung by rung, to somebody who can act."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from models.decide import blank
from models.event import Event
from models.organisation import Organisation, Person
from models.policy import Ladder
from models.vocabulary import Kind, Light, RungKind, Status
from models.world import ENGINE
from tests.core.builders import (
    NUMBER,
    Story,
    a_case,
    a_command,
    a_policy,
    a_story,
    a_world,
    an_actor,
    an_organisation,
    people_of,
    shanghai,
    the_clock,
)

S = Status
CHANNELS = sorted(a_policy().channels)
STANDARD = a_policy().ladder["standard"]
RUNGS = [rung.name for rung in STANDARD.rungs]


def heard(story: Story, days: float, clock: str) -> list[tuple[datetime, Event]]:
    """What one clock rang in so many days of silence, and when."""
    return [(at, recorded.event) for at, recorded in story.wait(days=days) if recorded.event.said["clock"] == clock]


def an_organisation_with(*changed: Person) -> Organisation:
    people = {person.id: person for person in an_organisation().people}
    people.update({person.id: person for person in changed})
    return an_organisation().model_copy(update={"people": tuple(people.values())})


def a_change(name: str, **changes: object) -> Person:
    person = an_organisation().person(name)
    assert person
    return person.model_copy(update=changes)


# ── the right instants ──


def test_an_accepted_petition_nobody_touches_climbs_the_whole_ladder_on_the_right_days() -> None:
    story = a_story(S.ASSIGNED)
    assert the_clock(story.case, "close").due == shanghai("2026-05-02 00:00"), (
        "60 days from 2 March, to the end of 1 May"
    )
    rang = [(at, event.said["rung"], event.name) for at, event in heard(story, 90, "close")]
    accepted = shanghai("2026-03-02 10:00")
    seven_tenths = accepted + (shanghai("2026-05-02 00:00") - accepted) * 0.7
    assert rang == [
        (seven_tenths, "blue", "reminded"),
        (shanghai("2026-05-01 00:00"), "yellow", "warned"),
        (shanghai("2026-05-02 00:00"), "red", "escalated"),
        (shanghai("2026-05-05 00:00"), "deputy_county", "escalated"),
        (shanghai("2026-05-09 00:00"), "county", "escalated"),
        (shanghai("2026-05-16 00:00"), "county", "escalated"),
        (shanghai("2026-05-23 00:00"), "county", "escalated"),
        (shanghai("2026-05-30 00:00"), "county", "escalated"),
    ]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("status", [S.REGISTERED, S.ACCEPTED, S.ASSIGNED, S.VERIFIED, S.REVIEWING, S.INTERIM])
def test_in_every_channel_and_status_every_rung_comes_in_order_and_the_last_one_every_seven_days(
    channel: str, status: Status
) -> None:
    story = a_story(status, channel=channel)
    clocks = {clock.name: clock for clock in story.case.clocks}
    rang = story.wait(days=200)
    for name, clock in clocks.items():
        events = [(at, recorded.event) for at, recorded in rang if recorded.event.said["clock"] == name]
        rule = a_policy().clock_rule(Kind.PETITION, channel, name)
        if rule.ladder == "lapse":
            assert [(at, event.name) for at, event in events] == [(clock.due, "lapsed")]
            assert story.case.clock(name) is None
            continue
        names = [str(event.said["rung"]) for _, event in events]
        assert names[:5] == RUNGS
        assert set(names[5:]) == {"county"}
        instants = [at for at, _ in events]
        assert instants == sorted(instants)
        assert instants[2:5] == [clock.due, clock.due + timedelta(days=3), clock.due + timedelta(days=7)]
        for before, after in pairwise(instants[4:]):
            assert after - before == timedelta(days=7)
        assert [the_light(name) for name in names] == sorted(map(the_light, names), key=lambda light: light.rank)
        assert the_clock(story.case, name).light is Light.RED
    assert story.case.light is Light.RED


def the_light(rung: str) -> Light:
    return STANDARD.rung(rung).light or Light.GREEN


def test_the_light_of_a_case_is_the_worst_of_its_clocks() -> None:
    story = a_story(S.ASSIGNED)
    lights = [story.case.light]
    for upcoming in the_clock(story.case, "verify").upcoming[:3]:
        story.until(upcoming.at)
        lights.append(story.case.light)
        assert the_clock(story.case, "close").light is Light.GREEN
    assert lights == [Light.GREEN, Light.BLUE, Light.YELLOW, Light.RED]


def test_a_task_climbs_its_own_ladder_from_the_date_it_was_given() -> None:
    story = a_story(S.RECTIFYING, kind=Kind.RECTIFICATION)
    assert the_clock(story.case, "rectify").due == shanghai("2026-05-01 00:00")
    rang = [(at, event.said["rung"]) for at, event in heard(story, 68, "rectify")]
    assert rang[2:] == [
        (shanghai("2026-05-01 00:00"), "red"),
        (shanghai("2026-05-04 00:00"), "deputy_county"),
        (shanghai("2026-05-08 00:00"), "county"),
    ]


def test_after_the_sign_off_somebody_is_sent_back_to_look_three_times_and_then_nothing_more_comes() -> None:
    story = a_story(S.SIGNED_OFF)
    rang = [(at, event.name, people_of(event)) for at, event in heard(story, 400, "look_back")]
    assert [at for at, _, _ in rang] == [
        shanghai("2026-04-02 00:00"), shanghai("2026-06-01 00:00"), shanghai("2026-08-30 00:00"),
    ]  # fmt: skip
    assert {name for _, name, _ in rang} == {"look_back_due"}
    assert rang[0][2] == ["section-head", "leader"]
    assert (story.case.alarm, story.case.light) == (None, Light.GREEN)


def test_a_question_to_the_petitioner_lapses_and_the_time_goes_on() -> None:
    story = a_story(S.VERIFIED).do("clerk", "ask_petitioner")
    asked = the_clock(story.case, "asked")
    assert asked.lapses
    assert story.case.due is None, "nothing that counts is anybody's deadline now"
    (at, event), *rest = heard(story, 16, "asked")
    assert (at, event.name, event.reactions, rest) == (asked.due, "lapsed", (), [])
    assert story.case.flags == ()
    assert story.case.clock("asked") is None
    assert story.case.due == the_clock(story.case, "close").due


# ── the right people, found at the moment it rings ──


def by_rung(story: Story, clock: str, days: float = 90) -> dict[str, list[str]]:
    return {str(event.said["rung"]): people_of(event) for _, event in heard(story, days, clock)}


def test_the_ladder_reaches_delegates_and_passes_over_vacant_posts() -> None:
    assert by_rung(a_story(S.ASSIGNED), "close") == {
        "blue": ["handler", "section-head"],
        "yellow": ["stand-in", "leader"],
        "red": ["head"],
        "deputy_county": ["county-deputy"],
        "county": ["secretary", "magistrate"],
    }


def test_where_a_post_is_vacant_somebody_above_hears_and_is_told_why() -> None:
    story = a_story(S.ACCEPTED).do("dispatcher", "assign", unit="liuxi", handler="other-handler", leader=None)
    assert by_rung(story.copy(), "close") == {
        "blue": ["other-handler", "county-deputy"],
        "yellow": ["county-deputy", "county-deputy"],
        "red": ["county-deputy"],
        "deputy_county": ["county-deputy"],
        "county": ["secretary", "magistrate"],
    }
    _, blue = heard(story, 50, "close")[0]
    assert blue.said["recipients"] == [
        {"person": "other-handler", "post": "handler"},
        {"person": "county-deputy", "post": "section_head", "why": "section_head 空缺，上移至 deputy_county_head"},
    ]
    assert [each.to for each in blue.reactions] == [("other-handler",), ("county-deputy",)], "a letter for each"


def test_a_rung_reaches_each_person_with_one_letter_and_the_red_one_with_a_letter_of_supervision() -> None:
    story = a_story(S.ACCEPTED).do("dispatcher", "assign", unit="liuxi", handler=None, leader=None)
    letters = {str(event.said["rung"]): event.reactions for _, event in heard(story, 90, "close")}
    assert {name: [r.letter for r in reactions] for name, reactions in letters.items()} == {
        "blue": ["alarm_notice"], "yellow": ["alarm_notice"], "red": ["supervision_letter"],
        "deputy_county": ["alarm_notice"], "county": ["alarm_notice"] * 2,
    }  # fmt: skip
    assert [each.to for each in letters["county"]] == [("secretary",), ("magistrate",)]
    assert letters["yellow"][0].to == ("county-deputy",)


def test_recipients_are_those_of_the_moment_it_rings_not_of_the_moment_it_began() -> None:
    story = a_story(S.ASSIGNED)
    story.world = a_world(an_organisation_with(a_change("head", away=True, delegate="stand-in")))
    assert by_rung(story, "close")["red"] == ["stand-in"]


def test_with_everybody_away_the_administrator_hears() -> None:
    away = [person.model_copy(update={"away": True, "delegate": None}) for person in an_organisation().people]
    story = a_story(S.ASSIGNED)
    story.world = a_world(an_organisation_with(*away))
    assert set(map(tuple, by_rung(story, "close").values())) == {("administrator",), ("administrator", "administrator")}


def test_delegates_who_stand_in_for_each_other_are_nobody() -> None:
    circle = [a_change("head", away=True, delegate="stand-in"), a_change("stand-in", away=True, delegate="head")]
    story = a_story(S.ASSIGNED)
    story.world = a_world(an_organisation_with(*circle))
    assert by_rung(story, "close")["red"] == ["county-deputy"]


def test_nothing_reaches_those_the_petition_is_about_or_who_have_an_interest() -> None:
    story = a_story(S.ASSIGNED).do("clerk", "correct", named=("head", "handler", "county-deputy"))
    story.world = a_world(an_organisation_with(a_change("section-head", interests=("青石养殖场",))))
    reached = by_rung(story, "close")
    assert reached["blue"] == ["leader", "leader"]
    assert reached["red"] == ["magistrate"]
    assert not {"head", "handler", "county-deputy", "section-head"} & {
        name for names in reached.values() for name in names
    }
    story.do("leader", "instruct")
    assert story.events[-1].event.reactions[0].to == ("leader",)


# ── what does not stop it ──


def test_comments_do_not_reset_the_ladder() -> None:
    silent, talking = a_story(S.ASSIGNED), a_story(S.ASSIGNED)
    wanted = [(at, event.said) for at, event in heard(silent, 90, "close")]
    got: list[tuple[datetime, object]] = []
    start = talking.at
    for _ in range(90):
        got += [(at, event.said) for at, event in heard(talking, 1, "close")]
        here = talking.at
        talking.do("handler", "note").do("handler", "report_progress").do("leader", "urge")
        talking.at = here
    assert talking.at == start + timedelta(days=90)
    assert got == wanted


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_unassigned_petition_climbs_too_and_reaches_the_county(channel: str) -> None:
    story = a_story(S.ACCEPTED, channel=channel)
    reached = by_rung(story, "assign", 60)
    assert list(reached) == RUNGS
    assert all(reached.values())
    assert reached["county"] == ["secretary", "magistrate"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_registered_petition_nobody_accepts_climbs_too(channel: str) -> None:
    assert list(by_rung(a_story(S.REGISTERED, channel=channel), "accept", 60)) == RUNGS


# ── after an outage ──


def test_after_an_outage_every_rung_comes_once_in_order_with_both_its_instants() -> None:
    story = a_story(S.ASSIGNED)
    due = {rung.rung: rung.at for rung in the_clock(story.case, "close").upcoming}
    story.at = back = shanghai("2026-06-20 08:00")
    rang = story.wait(minutes=1)
    own = [recorded for _, recorded in rang if recorded.event.said["clock"] == "close"]
    assert [recorded.event.said["rung"] for recorded in own] == RUNGS
    for recorded in own:
        assert recorded.recorded_at == back
        assert datetime.fromisoformat(str(recorded.event.said["due_at"])) == due[str(recorded.event.said["rung"])]


def test_repetitions_missed_in_an_outage_come_once_and_keep_their_days() -> None:
    story = a_story(S.ASSIGNED)
    due = the_clock(story.case, "close").due
    story.until(due + timedelta(days=8))
    story.at = due + timedelta(days=40, hours=5)
    rang = [recorded for _, recorded in story.wait(minutes=1) if recorded.event.said["clock"] == "close"]
    assert len(rang) == 1
    assert datetime.fromisoformat(str(rang[0].event.said["due_at"])) == due + timedelta(days=14)
    assert the_clock(story.case, "close").upcoming[0].at == due + timedelta(days=42)


def test_a_stale_early_or_unknown_ring_changes_nothing() -> None:
    story = a_story(S.ASSIGNED)
    alarm = story.case.alarm
    assert alarm
    clock = an_actor("clock")
    assert story.ring() is None, "it is early"
    story.at = alarm.at
    for wrong in ({"clock": "review"}, {"rung": "red"}, {"due_at": alarm.at - timedelta(days=1)}):
        assert story.tell(clock, a_command("ring", story.case, **wrong)) is None
    again = a_command("ring", story.case)
    assert story.tell(clock, again)
    assert story.tell(clock, again) is None, "it has rung already"


def test_a_ring_on_its_way_to_a_case_withdrawn_meanwhile_changes_nothing() -> None:
    story = a_story(S.ASSIGNED)
    ring = a_command("ring", story.case)
    story.at = shanghai("2026-06-01 09:00")
    story.do("clerk", "withdraw")
    assert story.tell(an_actor("clock"), ring) is None


# ── odd ladders ──


def test_on_a_clock_of_one_day_no_rung_overtakes_another() -> None:
    world = a_world()
    story = Story(world, blank(world, NUMBER, "register", shanghai("2026-03-02 23:59")), shanghai("2026-03-02 23:59"))
    story.tell(ENGINE, a_command("register", story.case, channel="hotline"))
    upcoming = the_clock(story.case, "accept").upcoming
    assert [each.rung for each in upcoming] == RUNGS
    assert [each.at for each in upcoming] == sorted(each.at for each in upcoming)
    assert upcoming[2].at == shanghai("2026-03-04 00:00")


def test_a_ladder_knows_its_rungs_by_name() -> None:
    ladder = Ladder.model_validate(
        {"rungs": [{"name": "end", "zh": "到期", "en": "end", "at": "0 day", "kind": RungKind.LAPSE}]}
    )
    assert ladder.rung("end").kind is RungKind.LAPSE
    with pytest.raises(KeyError):
        ladder.rung("beginning")


def test_silence_is_what_the_whole_engine_waits_through_and_no_status_is_left_without_an_alarm() -> None:
    for status in (S.REGISTERED, S.ACCEPTED, S.ASSIGNED, S.VERIFIED, S.RECTIFYING, S.REVIEWING, S.INTERIM):
        story = a_story(status)
        story.wait(days=400)
        assert story.case.is_open
        assert story.case.alarm
    assert a_case(S.WITHDRAWN).resting is False, "its letters are still to be carried out"
