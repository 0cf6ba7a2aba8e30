"""Petitions taken over from a table: their history is told late, rings nothing, and goes on by hand."""

from datetime import timedelta

from models.refusals import (
    NoEvidence,
    NotImported,
    NotNow,
)
from models.vocabulary import Light, Role, Status, Verdict
from tests.core.builders import (
    WAYS,
    a_finding,
    a_story,
    a_story_of_2024,
    imported,
    refused,
    shanghai,
    the_clock,
)

R, S = Role, Status


def test_only_an_imported_petition_has_its_history_recorded() -> None:
    refused(a_story(S.REGISTERED), NotImported, "clerk", "record_history")


def test_imported_history_has_its_own_dates_and_rings_nothing_retrospectively() -> None:
    story = imported("closed")
    case = story.case
    assert (case.status, case.verdict) == (S.CLOSED, Verdict.SUBSTANTIATED)
    assert case.closed_at == shanghai("2024-06-20 00:00")
    assert case.on_time is False, "a fortnight is more than the ten days an inspection gives"
    assert (case.clocks, case.alarm, case.pending) == ((), None, ())


def test_an_open_imported_petition_shows_how_late_it_is_and_rings_from_now_on() -> None:
    story = a_story_of_2024()
    assert story.case.light is Light.RED
    assert all(recorded.event.name == "registered" for recorded in story.events)
    alarm = story.case.alarm
    assert alarm
    assert story.at < alarm.at <= story.at + timedelta(days=7)


def test_an_imported_petition_goes_on_by_hand_under_all_its_clocks() -> None:
    story = a_story(S.ASSIGNED, imported=True)
    assert {clock.name for clock in story.case.clocks} == {"object", "verify", "close"}
    story.do("handler", "object").do("dispatcher", "refuse_return")
    refused(story, NoEvidence, "handler", "record_findings", findings=(a_finding(evidence=()),))
    story.do("handler", "record_findings").do("handler", "plan_rectification").do("handler", "submit_for_review")
    story.do("reviewer", "approve")
    assert {clock.name for clock in story.case.clocks} == {"reply", "sign_off"}


def test_an_imported_closed_petition_can_be_replied_to_signed_off_and_opened_again() -> None:
    story = imported("closed")
    again = story.copy().do("leader", "reopen")
    assert (again.case.status, {clock.name for clock in again.case.clocks}) == (S.ACCEPTED, {"close", "verify"})
    story.do("clerk", "reply").do("dispatcher", "reassign")
    assert "object" not in {clock.name for clock in story.case.clocks}
    for who, name, _ in WAYS[S.SIGNED_OFF][1]:
        story.do(who, name)
    assert story.case.status == S.SIGNED_OFF


def test_an_imported_petition_closed_for_now_is_finished_by_hand_on_the_tables_findings() -> None:
    story = imported("interim", findings=(a_finding(evidence=()),))
    assert the_clock(story.case, "interim").light is Light.RED
    assert story.case.alarm
    assert story.case.alarm.at > story.at
    story.do("dispatcher", "reassign").do("handler", "submit_for_review").do("reviewer", "approve")
    assert (story.case.status, story.case.on_time) == (S.CLOSED, False)


def test_history_is_not_told_over_what_the_desk_has_in_hand() -> None:
    story = a_story(S.VERIFIED, imported=True)
    for state in ("closed", "interim", "open"):
        refused(story, NotNow, "clerk", "record_history", state=state)


def test_an_imported_case_that_a_unit_took_over_is_closed_by_review_alone() -> None:
    story = imported("interim").do("dispatcher", "reassign")
    refused(story, NotImported, "clerk", "record_history", state="closed")


def test_history_without_a_date_of_its_own_is_called_neither_late_nor_in_time() -> None:
    story = a_story(S.REGISTERED, imported=True).do("clerk", "record_history", state="closed")
    assert (story.case.status, story.case.on_time) == (S.CLOSED, None)
