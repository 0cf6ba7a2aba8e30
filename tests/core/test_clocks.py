"""Pauses give back exactly the time they took, extensions add exactly the days granted, and history keeps silent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clocks as timing
from models.clocks import Alarm, Clock, MoveKind, next_alarm
from models.counting import end_of, legal_day
from models.policy import ClockRule, Ladder
from models.vocabulary import Kind, Light, Status
from tests.core.builders import (
    START,
    TARGET,
    Story,
    a_case,
    a_policy,
    a_story,
    calendars,
    shanghai,
    the_clock,
)

S = Status
POLICY = a_policy()
LADDER = POLICY.ladder["standard"]
CALENDAR = calendars()["statutory"]
CLOSE = POLICY.clock_rule(Kind.PETITION, "system", "close")
ALL_DAYS = calendars()["all-days"]
GROUND = timing.Ground(CALENDAR, POLICY.counting, LADDER)

minutes = st.integers(0, 200 * 24 * 60).map(lambda number: timedelta(minutes=number))


def a_clock(rule: ClockRule = CLOSE, started: datetime = START, **more: object) -> Clock:
    return timing.start(rule, POLICY, CALENDAR, started, started, **more)  # type: ignore[arg-type]


def offsets(clock: Clock) -> list[timedelta]:
    return [each.at - clock.due for each in clock.upcoming]


# ── pauses ──


@given(minutes, minutes)
def test_a_pause_moves_the_due_date_and_what_is_to_come_by_exactly_its_length(
    before: timedelta, away: timedelta
) -> None:
    clock = a_clock()
    begin = START + before
    coming = [each for each in clock.upcoming if each.at > begin]
    again = timing.resume(timing.pause(clock, "hearing", begin), "hearing", begin + away, GROUND)
    assert again.due - clock.due == away
    assert [each.at + away for each in coming] == [each.at for each in again.upcoming if each.at > begin + away]
    assert again.upcoming[: -len(coming) or None] == clock.upcoming[: -len(coming) or None], "what was due stays due"
    assert (again.paused_at, again.paused_by, again.light, again.rung) == (None, (), clock.light, clock.rung)
    (move,) = again.moves
    assert (move.kind, move.since, move.until, move.before, move.after, move.why) == (
        MoveKind.RESUMED, begin, begin + away, clock.due, again.due, "hearing",
    )  # fmt: skip


@given(st.lists(st.tuples(minutes, minutes), min_size=1, max_size=5))
def test_any_number_of_pauses_add_up(pauses: list[tuple[timedelta, timedelta]]) -> None:
    clock, at = a_clock(), START
    for before, away in pauses:
        at += before
        clock = timing.pause(clock, "asked", at)
        at += away
        clock = timing.resume(clock, "asked", at, GROUND)
    assert clock.due - a_clock().due == sum((away for _, away in pauses), timedelta())


@given(st.permutations(["hearing", "asked"]), minutes, minutes, minutes)
def test_of_two_pauses_at_once_the_time_stands_from_the_first_to_the_last(
    order: list[str], first: timedelta, second: timedelta, third: timedelta
) -> None:
    clock = timing.pause(a_clock(), "hearing", START)
    clock = timing.pause(clock, "asked", START + first)
    assert clock.paused_by == ("hearing", "asked")
    clock = timing.resume(clock, order[0], START + first + second, GROUND)
    assert clock.paused_by == (order[1],)
    assert clock.due == a_clock().due, "one of them still stands"
    clock = timing.resume(clock, order[1], START + first + second + third, GROUND)
    assert clock.due - a_clock().due == first + second + third


def test_a_paused_clock_rings_nothing_and_the_next_alarm_is_the_hearings_own() -> None:
    story = a_story(S.VERIFIED).do("leader", "begin_hearing")
    assert the_clock(story.case, "close").paused_by == ("hearing",)
    assert story.case.alarm
    assert story.case.alarm.clock == "hearing"
    rang = story.wait(days=200)
    assert {recorded.event.said["clock"] for _, recorded in rang} == {"hearing"}
    assert len(rang) > 5, "a hearing nobody ends climbs a ladder of its own"


def test_a_clock_due_within_a_hearing_is_due_after_it_with_the_time_that_was_left() -> None:
    story = a_story(S.VERIFIED)
    due = the_clock(story.case, "close").due
    story.until(due - timedelta(days=2))
    begun = story.at
    story.do("leader", "begin_hearing").wait(days=30)
    ended = story.at
    story.do("leader", "end_hearing")
    close = the_clock(story.case, "close")
    assert close.due - ended == timedelta(days=2)
    assert close.light is Light.BLUE, "what had been shown stays shown"
    assert [each.rung for each in close.upcoming] == ["yellow", "red", "deputy_county", "county"]
    assert offsets(close) == [timedelta(days=-1), timedelta(), timedelta(days=3), timedelta(days=7)]
    assert (close.moves[0].since, close.moves[0].until) == (begun, ended)


def test_hearing_and_question_at_once_give_back_the_time_of_both_and_no_more() -> None:
    story = a_story(S.REVIEWING)
    before = {name: the_clock(story.case, name) for name in ("close", "review")}
    begun = story.at
    story.do("leader", "begin_hearing").do("clerk", "ask_petitioner")
    story.wait(days=20)
    assert story.case.flags == ("hearing",), "the question has lapsed, the hearing goes on"
    assert the_clock(story.case, "close").paused_by == ("hearing",)
    ended = story.at
    story.do("leader", "end_hearing")
    close = the_clock(story.case, "close")
    assert close.due - before["close"].due == ended - begun
    assert offsets(close) == offsets(before["close"])
    # The review is counted in working days: nine hours of Monday and Tuesday to Thursday were left, and are left again
    # on the Monday after the Sunday on which the hearing ended. Moved by elapsed time it would have gained a weekend.
    assert before["review"].due == shanghai("2026-03-06 00:00")
    assert begun == shanghai("2026-03-02 15:00")
    assert ended == shanghai("2026-03-22 17:00")
    assert the_clock(story.case, "review").due == shanghai("2026-03-26 09:00")


def test_a_clock_that_starts_while_the_petitioner_is_asked_waits_as_well() -> None:
    story = a_story(S.ACCEPTED).do("clerk", "ask_petitioner")
    asked_at = story.at
    story.do("dispatcher", "assign")
    verify = the_clock(story.case, "verify")
    assert (verify.paused_by, verify.paused_at) == (("asked",), asked_at)
    story.do("clerk", "petitioner_answered")
    assert the_clock(story.case, "verify").due - verify.due == timedelta(hours=1)


def test_an_objection_pauses_the_closure_until_the_sender_has_decided() -> None:
    story = a_story(S.ASSIGNED)
    before = story.case
    story.do("handler", "object")
    assert {name: the_clock(story.case, name).paused_by for name in ("close", "verify", "consent")} == {
        "close": ("objection",), "verify": ("objection",), "consent": (),
    }  # fmt: skip
    story.wait(days=3)
    story.do("dispatcher", "refuse_return")
    for name in ("close", "verify"):
        assert the_clock(story.case, name).due - the_clock(before, name).due == timedelta(days=3, hours=1)


def test_a_rung_that_was_due_before_the_pause_is_rung_after_it_with_its_own_date() -> None:
    story = a_story(S.VERIFIED)
    blue = the_clock(story.case, "close").upcoming[0]
    story.at = blue.at + timedelta(hours=1)
    story.do("leader", "begin_hearing")
    story.at += timedelta(days=10)
    story.do("leader", "end_hearing")
    assert the_clock(story.case, "close").upcoming[0] == blue
    (_, recorded), *_ = [each for each in story.wait(minutes=1) if each[1].event.said["clock"] == "close"]
    assert recorded.event.said["rung"] == "blue"
    assert datetime.fromisoformat(str(recorded.event.said["due_at"])) == blue.at


def test_a_due_date_on_hold_is_not_shown_as_the_next_one() -> None:
    story = a_story(S.VERIFIED).do("leader", "begin_hearing")
    assert story.case.due == the_clock(story.case, "hearing").due
    assert a_case(S.ASSIGNED).due == the_clock(a_case(S.ASSIGNED), "verify").due, "not the end of the objection window"


# ── extensions ──


@given(st.integers(1, 30), minutes)
def test_an_extension_adds_whole_legal_days_and_climbs_the_ladder_anew(days: int, when: timedelta) -> None:
    clock, at = a_clock(), START + when
    longer = timing.extend(clock, GROUND, days=days, at=at)
    assert longer.due == clock.due + timedelta(days=days)
    assert legal_day(longer.due - timedelta(seconds=1)) - legal_day(clock.due - timedelta(seconds=1)) == timedelta(
        days=days
    )
    assert all(each.at > at for each in longer.upcoming), "nothing of the new stretch is rung retrospectively"
    assert longer.upcoming, "and something is always to come"
    (move,) = longer.moves
    assert (move.kind, move.before, move.after, move.since) == (MoveKind.EXTENDED, clock.due, longer.due, at)


def test_an_extension_after_the_first_warnings_lowers_the_light_and_warns_again() -> None:
    story = a_story(S.VERIFIED)
    story.until(the_clock(story.case, "close").due - timedelta(days=1))
    assert the_clock(story.case, "close").light is Light.YELLOW
    story.do("handler", "request_extension", extension_days=30).do("head", "grant_extension")
    close = the_clock(story.case, "close")
    assert (close.light, close.rung) == (Light.GREEN, None)
    assert [each.rung for each in close.upcoming][:2] == ["blue", "yellow"]
    story.until(close.due)
    assert the_clock(story.case, "close").light is Light.RED


def test_an_extension_granted_long_after_the_date_leaves_the_case_overdue_and_still_ringing() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension", extension_days=5)
    due = the_clock(story.case, "close").due
    story.until(due + timedelta(days=30))
    story.do("head", "grant_extension")
    close = the_clock(story.case, "close")
    assert (close.due, close.light, close.rung) == (due + timedelta(days=5), Light.RED, "county")
    assert [each.rung for each in close.upcoming] == ["county"]
    assert story.case.alarm


def test_an_extension_granted_while_a_hearing_pauses_the_clock_loses_no_rung() -> None:
    story = a_story(S.VERIFIED).do("handler", "request_extension", extension_days=30)
    due = the_clock(story.case, "close").due
    begun = story.at
    story.do("leader", "begin_hearing").wait(days=80)
    story.do("head", "grant_extension")
    close = the_clock(story.case, "close")
    assert (close.paused_by, close.due) == (("hearing",), due + timedelta(days=30))
    assert [each.rung for each in close.upcoming] == ["blue", "yellow", "red", "deputy_county", "county"]
    ended = story.at
    story.do("leader", "end_hearing")
    close = the_clock(story.case, "close")
    assert close.due == due + timedelta(days=30) + (ended - begun)
    assert story.case.alarm
    assert story.case.alarm.at > story.at
    assert [each.rung for each in close.upcoming] == ["blue", "yellow", "red", "deputy_county", "county"]
    assert [move.kind for move in close.moves] == [MoveKind.EXTENDED, MoveKind.RESUMED]


def test_after_a_long_pause_an_extension_still_warns_at_seven_tenths_of_the_time_that_counts() -> None:
    clock = timing.pause(a_clock(), "hearing", START)
    clock = timing.resume(clock, "hearing", START + timedelta(days=100), GROUND)
    longer = timing.extend(clock, GROUND, days=30, at=START + timedelta(days=101))
    whole = longer.due - (START + timedelta(days=100))
    blue = longer.upcoming[0]
    assert blue.rung == "blue"
    assert abs(blue.at - (START + timedelta(days=100) + whole * 0.7)) < timedelta(seconds=2)


def test_a_task_is_extended_from_the_date_it_was_given() -> None:
    story = a_story(S.RECTIFYING, kind=Kind.RECTIFICATION)
    given_day = the_clock(story.case, "rectify")
    assert (given_day.due, given_day.counted, given_day.started_at) == (end_of(TARGET), None, START)
    assert given_day.provisional is False
    story.do("handler", "request_extension").do("head", "grant_extension")
    assert the_clock(story.case, "rectify").due == end_of(TARGET) + timedelta(days=20)


# ── where a due date comes from ──


def test_a_due_date_tells_where_it_comes_from() -> None:
    counted = the_clock(a_case(S.ACCEPTED), "close").counted
    assert counted
    assert (counted.length, counted.unit, counted.calendar, counted.provisional) == (60, "day", "statutory", False)
    assert counted.start == shanghai("2026-03-02 10:00")


def test_a_due_date_in_a_year_without_a_published_table_is_provisional() -> None:
    story = a_story(S.ASSIGNED, at=shanghai("2026-12-25 09:00"))
    assert the_clock(story.case, "verify").provisional
    assert the_clock(story.case, "verify").counted.calendar_version  # type: ignore[union-attr]


def test_working_days_pass_over_holidays_and_count_made_up_weekends() -> None:
    # The National Day of 2026: off 1 to 7 October, working on Sunday 20 September and Saturday 10 October.
    story = a_story(S.ASSIGNED, at=shanghai("2026-09-28 09:00"))
    verify = the_clock(story.case, "verify")
    assert verify.due == shanghai("2026-10-17 00:00")
    assert verify.counted
    assert "国庆节" in verify.counted.skipped[0].why


def test_a_case_that_has_no_clock_has_no_alarm_and_no_due_date() -> None:
    case = a_case(S.DECLINED)
    assert (case.alarm, case.due, case.light) == (None, None, Light.GREEN)
    assert next_alarm(()) is None


def test_the_nearest_alarm_wins_and_a_tie_is_settled_by_name() -> None:
    clocks = (a_clock(), a_clock().model_copy(update={"name": "assign"}))
    assert next_alarm(clocks) == Alarm(clocks[0].upcoming[0].at, "assign", "blue")


# ── silence about history ──


@pytest.mark.parametrize("age", [0, 10, 30, 61, 64, 70, 400])
def test_imported_history_shows_its_light_but_rings_nothing_of_the_past(age: int) -> None:
    started = START - timedelta(days=age)
    clock = timing.start(CLOSE, POLICY, CALENDAR, started, START, silent=True)
    assert clock.due == a_clock(started=started).due
    assert all(each.at > START for each in clock.upcoming)
    assert clock.upcoming
    overdue = clock.due <= START
    assert (clock.light is Light.RED) == overdue
    assert (clock.rung is None) == (not any(each.at <= START for each in a_clock(started=started).upcoming))


def test_a_silent_clock_that_only_lapses_has_nothing_more_to_say_once_it_is_over() -> None:
    rule = POLICY.clock_rule(Kind.PETITION, "system", "object")
    clock = timing.start(rule, POLICY, CALENDAR, START - timedelta(days=90), START, silent=True)
    assert (clock.upcoming, clock.lapses, clock.light) == ((), True, Light.GREEN)
    assert next_alarm((clock,)) is None


def test_a_ladder_in_working_days_and_hours_is_climbed_in_working_days() -> None:
    ladder = Ladder.model_validate(
        {
            "rungs": [
                {"name": "soon", "zh": "近", "en": "soon", "at": "-1 working_day", "kind": "reminded"},
                {"name": "end", "zh": "到", "en": "end", "at": "0 day", "kind": "escalated", "to": ["handler"]},
            ]
        }
    )
    end_of_monday = shanghai("2026-03-10 00:00")
    upcoming = timing.rungs_of(ladder, START, end_of_monday, CALENDAR)
    assert [each.at for each in upcoming] == [shanghai("2026-03-07 00:00"), end_of_monday]
    assert timing.rungs_of(ladder, START, end_of_monday, ALL_DAYS)[0].at == shanghai("2026-03-09 00:00")


def test_a_last_rung_without_repetition_ends_the_ladder() -> None:
    story: Story = a_story(S.ASSIGNED)
    clock = the_clock(story.case, "object")
    ladder = POLICY.ladder["lapse"]
    assert timing.rung(clock, ladder, clock.due).upcoming == ()


def test_a_clock_started_by_nothing_but_its_due_date_began_there() -> None:
    assert Clock(name="x", due=START).started_at == START
    assert START.tzinfo is UTC
