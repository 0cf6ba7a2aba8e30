"""What a forecast takes from the ledger, from a real one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.forecasting import history
from adapters.forecasting.setup import Kindred
from models.vocabulary import Role, Status
from tests.forecast.setups import DESK_HOURS
from tests.store.desks import Office, an_office


@pytest.fixture
def office(ledger_url: str, tmp_path: Path) -> Iterator[Office]:
    """A desk with people in office, once on SQLite and once on PostgreSQL."""
    with an_office(tmp_path / "desk", ledger_url) as found:
        yield found


def test_an_empty_ledger_has_no_past(office: Office) -> None:
    assert history.past(office.database, office.moments.now(), 90) is None
    assert history.backlog(office.database) == ()


def test_rate_and_mix_are_those_of_the_last_days(office: Office) -> None:
    office.a_case(Status.ASSIGNED, channel="letter")
    office.moments.wait(days=100)
    for _ in range(3):
        office.a_case(Status.ASSIGNED, channel="hotline", types=["大气"])
        office.moments.wait(days=2)
    office.a_case(Status.CLOSED, channel="platform")
    office.register(channel="phone")  # not assigned: counts, but tells no unit
    office.moments.wait(days=4)
    past = history.past(office.database, office.moments.now(), 20)
    assert past is not None
    assert (past.petitions, past.days, past.per_day) == (5, 20.0, 0.25)
    assert past.mix == (Kindred(3, "hotline", "qingshi", ("大气",)), Kindred(1, "platform", "qingshi"))


def test_a_young_ledger_is_measured_over_its_own_age(office: Office) -> None:
    for _ in range(10):
        office.register()
    office.moments.wait(days=5)
    past = history.past(office.database, office.moments.now(), 90)
    assert past is not None
    assert (past.days, past.per_day) == (5.0, 2.0)


def test_the_backlog_is_what_is_open_and_bare(office: Office) -> None:
    names = {office.a_case(status) for status in (Status.REGISTERED, Status.REVIEWING, Status.INTERIM)}
    office.a_case(Status.CLOSED)
    office.a_case(Status.DECLINED)
    found = history.backlog(office.database)
    assert {case.id for case in found} == names
    assert not any(case.summary or case.pending or case.filings for case in found)
    assert {case.id: case.clocks for case in found} == {name: office.case(name).clocks for name in names}


def test_times_are_worked_hours_since_case_and_person_were_ready(office: Office) -> None:
    calendar = office.door.book.world.calendars["statutory"]
    begun = office.moments.now()  # a Monday, 09:00
    cases = [office.register() for _ in range(11)]
    for case in cases:  # one clerk, a quarter of an hour each
        office.moments.wait(minutes=15)
        office.act(case, Role.CLERK, "accept")
    for case in cases[:9]:
        office.moments.wait(minutes=6)
        office.act(case, Role.DISPATCHER, "assign")
    office.moments.at = begun + timedelta(days=1)
    found = history.times(office.database, office.moments.now(), 30, calendar, DESK_HOURS)
    hours, count = found["accept"]
    assert hours == pytest.approx(0.25)
    assert count == 11
    assert "assign" not in found  # nine are too few to go by


def test_a_gap_longer_than_a_working_day_is_no_work(office: Office) -> None:
    calendar = office.door.book.world.calendars["statutory"]
    cases = [office.register() for _ in range(12)]
    for number, case in enumerate(cases):
        office.moments.wait(minutes=15) if number else office.moments.wait(days=8)
        office.act(case, Role.CLERK, "accept")
    found = history.times(office.database, office.moments.now(), 30, calendar, DESK_HOURS)
    hours, count = found["accept"]
    assert hours == pytest.approx(0.25)
    assert count == 11


def test_putting_right_is_measured_in_elapsed_hours(office: Office) -> None:
    calendar = office.door.book.world.calendars["statutory"]
    for _ in range(10):
        case = office.a_case(Status.RECTIFYING)
        office.moments.wait(hours=48)
        office.act(case, Role.HANDLER, "submit_for_review")
    found = history.times(office.database, office.moments.now(), 90, calendar, DESK_HOURS)
    hours, count = found["remedy"]
    assert hours == pytest.approx(48.0)
    assert count == 10
    assert "submit" not in found  # nobody wrote down since when it could be handed in
