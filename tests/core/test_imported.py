"""Petitions taken over from a table: their history is told late, rings nothing, and goes on by hand."""

from datetime import date, timedelta
from typing import Any

from models.history import NotTold
from models.refusals import (
    AlreadyOpen,
    NoEvidence,
    NotImported,
    NotNow,
    UnknownUnit,
)
from models.vocabulary import Light, Role, Status, Verdict
from tests.core.builders import (
    WAYS,
    Story,
    a_finding,
    a_story,
    a_story_of_2024,
    imported,
    refused,
    shanghai,
    the_clock,
)
from tests.core.worlds import TARGET

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


DAY = date(2024, 12, 31)


def still(**fields: Any) -> Story:
    """A row of an old ledger that is still to be put right: unit, leader and day are told."""
    return imported("rectifying", **{"unit": "qingshi", "leader": "leader", "rectify_by": DAY, **fields})


def test_what_an_old_ledger_has_still_to_be_put_right_goes_on_under_its_own_day() -> None:
    story = still()
    case = story.case
    assert (case.status, case.unit, case.leader, case.planned) == (S.RECTIFYING, "qingshi", "leader", True)
    assert [clock.name for clock in case.clocks] == ["put_right"]
    assert case.due == shanghai("2025-01-01 00:00")
    assert all(recorded.event.reactions == () for recorded in story.events), "nothing is rung retrospectively"
    assert case.alarm, "an open case has a next alarm"
    story.do("handler", "record_findings").do("handler", "submit_for_review").do("reviewer", "approve")
    assert (story.case.status, story.case.on_time, story.case.rectify_by) == (S.CLOSED, False, DAY)


def test_the_day_of_an_old_ledger_is_extended_like_any_and_gone_when_it_is_opened_again() -> None:
    story = still(rectify_by=TARGET)
    story.do("handler", "request_extension", extension_days=10).do("head", "grant_extension")
    assert story.case.due == shanghai("2026-05-11 00:00")
    story.do("handler", "record_findings").do("handler", "submit_for_review").do("reviewer", "approve")
    story.do("leader", "reopen")
    assert (story.case.status, story.case.rectify_by) == (S.ASSIGNED, None)
    assert "put_right" not in {clock.name for clock in story.case.clocks}


def test_what_is_still_to_be_put_right_needs_its_unit_and_its_day() -> None:
    for missing in ("unit", "rectify_by"):
        told = {"state": "rectifying", "unit": "qingshi", "rectify_by": DAY, missing: None}
        refused(a_story_of_2024(), NotTold, "clerk", "record_history", **told)
    refused(a_story_of_2024(), UnknownUnit, "clerk", "record_history", state="rectifying", unit="?", rectify_by=DAY)


def test_a_later_row_advances_it_until_somebody_has_a_hand_in_it() -> None:
    told = {"state": "closed", "unit": "qingshi", "rectify_by": DAY}
    refused(still(), NotImported, "clerk", "record_history", **{**told, "unit": "liuxi"})
    story = still().do("clerk", "record_history", occurred=shanghai("2024-12-31 10:00"), **told)
    assert (story.case.status, story.case.on_time, story.case.clocks) == (S.CLOSED, True, ())
    refused(still().do("handler", "report_progress"), NotImported, "clerk", "record_history", **told)


def test_a_ledger_tells_whether_it_was_closed_by_its_day_and_when_it_was_signed_off() -> None:
    late = imported("closed", unit="qingshi", rectify_by=date(2024, 6, 18))
    assert late.case.on_time is False
    story = imported("closed", unit="qingshi", rectify_by=date(2024, 6, 20))
    assert story.case.on_time is True
    story.do("clerk", "record_sign_off", occurred=shanghai("2024-07-01 09:00"))
    assert (story.case.status, story.case.signed_off_at) == (S.SIGNED_OFF, shanghai("2024-07-01 09:00"))
    assert all(recorded.event.reactions == () for recorded in story.events)


def test_what_was_signed_off_long_ago_owes_no_look_back_and_what_was_lately_still_does() -> None:
    story = imported("closed", unit="qingshi").do("clerk", "record_sign_off", occurred=shanghai("2024-07-01 09:00"))
    assert (story.case.clocks, story.case.due, story.case.alarm) == ((), None, None)
    lately = imported("closed", unit="qingshi").do("clerk", "record_sign_off", occurred=shanghai("2026-02-20 09:00"))
    assert [clock.name for clock in lately.case.clocks] == ["look_back"]
    assert lately.case.alarm
    assert lately.case.alarm.at > lately.at


def test_the_sign_off_is_told_only_of_what_was_told_closed() -> None:
    refused(imported("interim"), NotNow, "clerk", "record_sign_off")
    refused(a_story(S.CLOSED), NotImported, "clerk", "record_sign_off")
    applied = imported("closed").do("dispatcher", "reassign").do("handler", "apply_sign_off")
    refused(applied, AlreadyOpen, "clerk", "record_sign_off")
    assert imported("closed", rectify_by=DAY).do("clerk", "record_sign_off").case.signed_off_at is not None
    undated = a_story(S.REGISTERED, imported=True).do("clerk", "record_history", state="closed", rectify_by=DAY)
    assert undated.case.on_time is None, "nobody told when it was closed"


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
