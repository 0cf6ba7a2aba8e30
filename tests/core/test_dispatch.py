"""When the leaders meet, and what lies before them: pure, from cases as they stood."""

from datetime import date, timedelta

import pytest

from adapters.dispatch_words import event_named
from models.case import Case
from models.commands import COMMANDS
from models.companions import answer_of, companion
from models.dispatch import MOST, MOVES, TOLD, Given, Read, pack_of, who_explains
from models.dispatch_commands import RecordDecision
from models.meeting_values import Decision, DecisionState, MatterKind, Measured, Series
from models.meetings import coming, due, following, named, number_of, preceding, put_off
from models.policy import Dispatching
from models.refusals import AlreadyOpen, Malformed, NothingOpen
from models.standing_refusals import WrongName
from models.vocabulary import Flag, Kind, Role, Status
from models.world import World
from tests.core.builders import a_case, a_story, refused, step
from tests.core.worlds import NUMBER, START, a_world, calendars, shanghai

CALENDAR = calendars()["statutory"]
RULE = Dispatching()
WEEK = timedelta(days=7)


def a_read(*cases: Case, **more: object) -> Read:
    given = {"since": START, "until": START + WEEK, "ahead": START + 2 * WEEK, "open": cases, **more}
    return Read(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("series", "now", "for_day", "at"),
    [
        (Series.WEEKLY, "2026-03-09 08:29", "2026-03-02", "2026-03-02 08:30"),
        (Series.WEEKLY, "2026-03-09 08:30", "2026-03-09", "2026-03-09 08:30"),
        (Series.WEEKLY, "2026-03-15 23:00", "2026-03-09", "2026-03-09 08:30"),
        (Series.WEEKLY, "2026-04-07 08:00", "2026-03-30", "2026-03-30 08:30"),
        (Series.WEEKLY, "2026-04-07 08:30", "2026-04-06", "2026-04-07 08:30"),
        (Series.MONTHLY, "2026-03-09 08:30", "2026-03-01", "2026-03-02 08:30"),
        (Series.MONTHLY, "2026-05-05 12:00", "2026-04-01", "2026-04-01 08:30"),
        (Series.MONTHLY, "2026-05-06 08:30", "2026-05-01", "2026-05-06 08:30"),
    ],
)
def test_a_meeting_is_on_its_day_or_the_next_working_day_and_due_at_its_hour(
    series: Series, now: str, for_day: str, at: str
) -> None:
    found = due(RULE, series, CALENDAR, shanghai(now))
    assert (found.for_day.isoformat(), found.at) == (for_day, shanghai(at))
    assert named(RULE, series, found.for_day)
    assert found.number == number_of(series, found.for_day)


def test_one_meeting_follows_another_and_of_two_that_a_holiday_moves_to_one_day_the_later_stands() -> None:
    first = due(RULE, Series.WEEKLY, CALENDAR, shanghai("2026-02-10 09:00"))
    after = following(RULE, Series.WEEKLY, CALENDAR, first)
    assert after.meets_on == date(2026, 2, 24), "16 February is off until the 24th (春节)"
    both = due(RULE, Series.WEEKLY, CALENDAR, after.at)
    assert (both.for_day, both.at) == (date(2026, 2, 23), after.at)
    assert following(RULE, Series.WEEKLY, CALENDAR, both).for_day == date(2026, 3, 2)
    assert preceding(RULE, Series.WEEKLY, CALENDAR, both) == first
    assert coming(RULE, Series.WEEKLY, CALENDAR, first.at) == after


def test_a_meeting_that_a_day_off_moves_is_known_from_its_named_day_on() -> None:
    moved = put_off(RULE, Series.WEEKLY, CALENDAR, shanghai("2026-04-06 08:30"))
    assert moved
    assert moved.at == shanghai("2026-04-07 08:30")
    assert put_off(RULE, Series.WEEKLY, CALENDAR, shanghai("2026-04-05 08:30")) is None


def test_a_pack_counts_what_is_open_overdue_and_due_next_by_the_times_that_run() -> None:
    cases = [a_case(Status.ASSIGNED), a_case(Status.REGISTERED).model_copy(update={"id": "XF2026000002"})]
    resting = a_case(Status.INTERIM).model_copy(update={"id": "XF2026000003", "clocks": ()})
    pack = pack_of(a_read(*cases, resting, until=START + timedelta(days=14, hours=16), ahead=START + 3 * WEEK))
    assert [(row.case, row.clock, row.explains) for row in pack.overdue] == [(NUMBER, "verify", "handler")]
    assert [(row.case, row.clock, row.days) for row in pack.upcoming] == [("XF2026000002", "accept", 0)]
    assert pack.cases == (NUMBER, "XF2026000002")
    assert (pack.count(Measured.OPEN), pack.count(Measured.OVERDUE), pack.count(Measured.UPCOMING)) == (3, 1, 1)
    assert [(each.status, each.open, each.overdue) for each in pack.stands] == [
        (Status.REGISTERED, 1, 0),
        (Status.ASSIGNED, 1, 1),
        (Status.INTERIM, 1, 0),
    ]
    assert pack_of(a_read(resting.model_copy(update={"registered_at": None}))).upcoming == ()
    unknown = a_case(Status.ASSIGNED).model_copy(update={"registered_at": None})
    assert pack_of(a_read(unknown, ahead=START + 8 * WEEK)).upcoming[0].since == date(2026, 3, 9)


def test_a_pack_counts_all_and_holds_the_most_urgent() -> None:
    many = [a_case(Status.ASSIGNED).model_copy(update={"id": f"XF2026{n:06d}"}) for n in range(MOST + 5)]
    pack = pack_of(a_read(*many, until=START + 5 * WEEK, ahead=START + 6 * WEEK))
    assert (pack.count(Measured.OVERDUE), len(pack.overdue)) == (MOST + 5, MOST)
    assert pack.overdue[0].case == "XF2026000000"


def test_what_changed_is_what_moved_and_old_tables_are_no_news() -> None:
    case = a_case(Status.CLOSED)
    old = case.model_copy(update={"id": "OLD", "imported": True, "registered_at": START - WEEK, "closed_at": None})
    fresh = old.model_copy(update={"id": "FRESH", "closed_at": START + timedelta(days=1)})
    moved = [
        (case, ("registered", "noted", "closed", "closed")),
        (old, ("registered", "closed")),
        (fresh, ("registered", "closed")),
        (case, ("noted",)),
    ]
    pack = pack_of(a_read(moved=moved, since=START - timedelta(hours=1)))
    assert [(each.case, each.events) for each in pack.changed] == [
        (NUMBER, ("registered", "closed")),
        ("FRESH", ("closed",)),
    ]
    assert pack.count(Measured.RECEIVED) == 2, "the same petition twice is this test's own doing; the old one is not"
    assert pack.count(Measured.SIGNED_OFF) == 0


def test_what_a_table_tells_of_other_years_is_no_news_and_what_is_done_with_it_now_is() -> None:
    old = a_case(Status.SIGNED_OFF).model_copy(
        update={"imported": True, "registered_at": START - WEEK, "signed_off_at": START - WEEK}
    )
    struck = old.model_copy(update={"id": "STRUCK", "signed_off_at": START + timedelta(days=1)})
    fresh = old.model_copy(update={"id": "FRESH", "registered_at": START + timedelta(days=1)})
    told = ("rectification_told", "struck_off")
    pack = pack_of(a_read(moved=[(old, told), (struck, told), (fresh, told)]))
    assert [(each.case, each.events) for each in pack.changed] == [
        ("STRUCK", ("struck_off",)),
        ("FRESH", ("rectification_told",)),
    ]


def test_every_change_of_a_pack_has_words() -> None:
    for name in MOVES:
        zh, en = next((words for kind in TOLD if (words := event_named(kind, name))[0] != name), (name, name))
        assert (zh == name, en == name) == (False, False), name
    assert event_named(Kind.PETITION, "struck_off") == (COMMANDS["strike_off"].zh, COMMANDS["strike_off"].en)
    assert event_named(Kind.PETITION, "nothing") == ("nothing", "nothing")


def test_what_waits_for_a_decision_is_named() -> None:
    overdue = a_story(Status.REGISTERED)
    overdue.wait(days=17)
    asked = a_case(Status.ASSIGNED).model_copy(update={"flags": (Flag.EXTENSION, Flag.OBJECTION)})
    decided = a_story(Status.REGISTERED)
    decided.wait(days=17)
    decided.do("leader", "dismiss_proposal")
    pack = pack_of(a_read(overdue.case, asked))
    assert [(each.what, bool(each.name)) for each in pack.matters] == [
        (MatterKind.EXTENSION, False),
        (MatterKind.OBJECTION, False),
        *((MatterKind.PROPOSAL, True) for _ in overdue.case.proposals),
    ]
    assert pack_of(a_read(decided.case)).count(Measured.MATTERS) == len(overdue.case.proposals) - 1


def test_a_decision_is_running_overdue_answered_or_ended_with_its_case() -> None:
    story = a_story(Status.ASSIGNED).do("leader", "instruct")
    clock = story.case.clock("instruction")
    assert clock
    decision = Decision(case=NUMBER, text="限期清理", by="leader", at=story.at)
    answered, ended = ("instruction_answered", clock.due), ("withdrawn", clock.due)

    def states(case: Case, until: object, over: object = None) -> list[DecisionState]:
        given = Given("DW20260302", 1, decision, case, over)  # type: ignore[arg-type]
        return [each.state for each in pack_of(a_read(given=[given], until=until)).followed]

    assert states(story.case, clock.due - timedelta(hours=1)) == [DecisionState.RUNNING]
    assert states(story.case, clock.due) == [DecisionState.LATE]
    assert states(story.case, clock.due, answered) == [DecisionState.DONE]
    assert states(story.case, clock.due, ended) == [DecisionState.ENDED]
    assert states(story.case.model_copy(update={"clocks": ()}), clock.due) == [DecisionState.RUNNING]
    before = Given("DW20260302", 1, decision, story.case, ("instruction_answered", START))
    assert pack_of(a_read(given=[before])).followed == (), "it was reported on the last time"
    assert pack_of(a_read()).count(Measured.DONE) == 0


def test_a_pack_lies_before_a_meeting_once_and_nothing_is_decided_without_one() -> None:
    story = a_story(Status.CALLED, kind=Kind.DISPATCH)
    refused(story, AlreadyOpen, Role.ENGINE, "lay_pack")
    story.do("leader", "record_decision").do("leader", "hold_meeting").do("leader", "record_decision")
    assert (story.case.title, story.case.status, len(story.case.decisions)) == ("周调度 2026-03-02", Status.HELD, 2)
    assert story.case.resting is False, "its letters are on their way"
    empty = story.copy()
    empty.case = a_case(Status.CALLED, kind=Kind.DISPATCH).model_copy(update={"counts": ()})
    refused(empty, NothingOpen, "leader", "record_decision")
    assert pack_of(a_read()).count(Measured.OPEN) == 0


def test_a_meeting_bears_the_number_of_its_day_and_its_period_is_over() -> None:
    assert number_of(Series.MONTHLY, date(2026, 3, 1)) == "DM20260301"
    call = step(Role.ENGINE, "call_meeting")
    with pytest.raises(WrongName):
        a_story(Status.CALLED, kind=Kind.DISPATCH, series="monthly")
    with pytest.raises(Malformed):
        a_story(Status.CALLED, kind=Kind.DISPATCH, covers_until=START + WEEK)
    assert call[1] == "call_meeting"


def test_a_decision_about_a_task_is_told_to_the_task() -> None:
    meeting = a_case(Status.CALLED, kind=Kind.DISPATCH)
    told = companion(meeting, RecordDecision(about="XF2026000009-R1", text="本周完成"))
    assert told
    assert (told.case, told.command, told.kind, told.own) == ("XF2026000009-R1", "instruct", Kind.RECTIFICATION, True)
    assert told.data == {"text": "周调度 2026-03-02：本周完成"}


def test_who_has_the_time_in_hand_must_explain_it() -> None:
    world = a_world()
    extension = a_story(Status.ASSIGNED).do("handler", "request_extension").case
    waits = {
        "dispatcher": a_case(Status.REGISTERED),
        "handler": a_case(Status.ASSIGNED),
        "reviewer": a_case(Status.REVIEWING),
        "head": extension,
        "reviewer-2": a_case(Status.REVIEWING).model_copy(update={"hands": ("handler", "reviewer")}),
    }
    assert {name: who_explains(world, case, START) for name, case in waits.items()} == {name: name for name in waits}
    nobody = a_case(Status.REVIEWING).model_copy(update={"hands": ("reviewer", "reviewer-2")})
    assert who_explains(world, nobody, START) == "dispatcher"
    empty = World(world.policies, world.calendars)
    assert who_explains(empty, a_case(Status.REVIEWING), START) == "administrator"
    assert who_explains(world, a_case(Status.ASSIGNED).model_copy(update={"clocks": ()}), START) == "handler"


def test_a_notice_that_would_reach_one_person_twice_is_sent_once() -> None:
    story = a_story(Status.CALLED, kind=Kind.DISPATCH)
    told = [each.to for each in story.events[-1].event.reactions]
    assert len(told) == len(set(told)) == 2
    alone = story.world.organisation
    assert alone
    few = alone.model_copy(update={"people": tuple(p for p in alone.people if p.id in {"administrator", "clerk"})})
    one = a_story(Status.CALLED, kind=Kind.DISPATCH, world=a_world(few))
    assert [each.to for each in one.events[-1].event.reactions] == [("administrator",)]


def test_who_is_complained_about_in_a_case_hears_nothing_of_what_a_meeting_decides_of_it() -> None:
    meeting, case = a_case(Status.CALLED, kind=Kind.DISPATCH), a_case(Status.ASSIGNED)
    told = companion(meeting, RecordDecision(about=NUMBER, text="限期"))
    assert told
    assert answer_of(meeting, case, told) is None
    back = answer_of(meeting, case.model_copy(update={"named": ("magistrate",)}), told)
    assert back
    assert (back.case, back.command, back.data) == (meeting.id, "heed", {"named": ["magistrate"]})
