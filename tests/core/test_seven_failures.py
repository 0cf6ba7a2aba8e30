"""The known failures of a well-known grievance system (docs/clocks.md), each of which must be impossible here.

The same promises are kept on the real server in tests/workflow/test_silence.py, test_outage.py and test_life.py.
"""

from datetime import timedelta

from models.organisation import Organisation
from models.vocabulary import NO_CASES, RungKind, Status
from tests.core.builders import Story, a_story, a_world, an_organisation, people_of, shanghai, the_clock

S = Status
TOP = ("red", "deputy_county", "county")


def rungs(story: Story, clock: str = "close", days: float = 75) -> list[str]:
    return [str(each.event.said["rung"]) for _, each in story.wait(days=days) if each.event.said["clock"] == clock]


def test_1_an_unassigned_case_is_not_skipped() -> None:
    for status, clock in ((S.REGISTERED, "accept"), (S.ACCEPTED, "assign"), (S.ACCEPTED, "close")):
        story = a_story(status)
        assert story.case.unit is None
        assert rungs(story, clock)[:5] == ["blue", "yellow", *TOP]


def test_2_a_missing_supervisor_never_means_that_nobody_is_told() -> None:
    people = [person for person in an_organisation().people if not person.posts or "administrator" in person.posts]
    bare = Organisation.model_validate({**an_organisation().model_dump(), "people": [p.model_dump() for p in people]})
    story = a_story(S.ACCEPTED, world=a_world(bare))
    for _, each in story.wait(days=75):
        if each.event.name != RungKind.LAPSE:
            assert people_of(each.event), each.event.said
            assert each.event.reactions, "and a letter goes to them"


def test_3_no_comment_resets_the_clock() -> None:
    story = a_story(S.ASSIGNED)
    before = the_clock(story.case, "close")
    for command, who in (
        ("note", "clerk"),
        ("report_progress", "handler"),
        ("acknowledge", "leader"),
        ("urge", "dispatcher"),
    ):
        story.do(who, command)
        close = the_clock(story.case, "close")
        assert (close.due, close.upcoming) == (before.due, before.upcoming)


def test_4_there_is_no_scan_every_case_has_an_alarm_of_its_own() -> None:
    # Nothing looks through the newest hundred cases: the next alarm is part of each open case, however many there are.
    for status in Status:
        if status in {*NO_CASES, S.DECLINED, S.REFERRED, S.WITHDRAWN, S.CLOSED, S.SIGNED_OFF}:
            continue
        assert a_story(status).case.alarm, status


def test_5_the_upper_levels_are_reached_and_again_every_week_until_somebody_with_authority_acts() -> None:
    story = a_story(S.ASSIGNED)
    heard = [each.event for _, each in story.wait(days=90) if each.event.said["clock"] == "close"]
    reached = {person for event in heard for person in people_of(event)}
    assert {"head", "county-deputy", "secretary", "magistrate"} <= reached
    assert [event.said["rung"] for event in heard].count("county") >= 3
    story.do("county-deputy", "instruct")
    assert the_clock(story.case, "close").hushed


def test_6_weekends_and_holidays_are_told_apart_from_working_days() -> None:
    # The eve of National Day: ten working days pass over the days off, and count the Saturday worked for them.
    story = a_story(S.ASSIGNED, at=shanghai("2026-09-30 09:00"))
    assert the_clock(story.case, "verify").due == shanghai("2026-10-21 00:00")


def test_7_when_a_rung_was_due_and_when_it_fired_are_both_on_record() -> None:
    story = a_story(S.ASSIGNED)
    red = next(each for each in the_clock(story.case, "close").upcoming if each.rung == "red")
    story.at = red.at + timedelta(days=3)
    while story.case.alarm and story.case.alarm.at <= story.at:
        story.ring()
    fired = next(
        each for each in story.events if each.event.said.get("rung") == "red" and each.event.said["clock"] == "close"
    )
    assert fired.event.said["due_at"] == red.at.isoformat().replace("+00:00", "Z")
    assert fired.recorded_at == red.at + timedelta(days=3)
