"""A period's figures, each by the example that docs/statistics.md tells; and that they add up whatever comes."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.statistics import By, Period, Row, Tally, ages, side_by_side, tally, trend
from models.vocabulary import ENDS, Status
from tests.core.builders import shanghai

S = Status
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOW = shanghai("2026-04-10 09:00")


def a_row(status: Status = S.ASSIGNED, came: str = "2026-03-10 09:00", **more: object) -> Row:
    given = {
        "status": status, "channel": "letter", "unit": "qingshi", "types": (), "registered_at": shanghai(came),
        "closed_at": None, "due": None, "on_time": None, "is_open": status not in {*ENDS, S.CLOSED, S.SIGNED_OFF},
        "repeated": False, **more,
    }  # fmt: skip
    return Row(**given)  # type: ignore[arg-type]


def closed(at: str, *, on_time: bool | None = True, came: str = "2026-03-02 09:00") -> Row:
    return a_row(S.CLOSED, came, closed_at=shanghai(at), on_time=on_time)


def test_received_counts_by_legal_days_to_the_end_of_the_last() -> None:
    rows = [
        a_row(came=came) for came in ("2026-02-28 23:59", "2026-03-01 00:00", "2026-03-31 23:59", "2026-04-01 00:00")
    ]
    assert tally(rows, MARCH, NOW).received == 2


def test_the_closure_rate_leaves_out_what_was_declined_referred_or_withdrawn() -> None:
    rows = [closed("2026-03-20 10:00"), a_row(), a_row(), *(a_row(each) for each in ENDS)]
    found = tally(rows, MARCH, NOW)
    assert (found.received, found.ended, found.received_closed) == (3 + len(ENDS), len(ENDS), 1)
    assert found.rate == 1 / 3


def test_closed_counts_when_it_was_closed_and_in_time_only_where_that_is_known() -> None:
    rows = [
        closed("2026-03-05 10:00", came="2026-01-05 09:00"),
        closed("2026-03-06 10:00", on_time=False),
        closed("2026-03-07 10:00", on_time=None),
        closed("2026-04-01 00:00"),
    ]
    found = tally(rows, MARCH, NOW)
    assert (found.closed, found.closed_on_time, found.closed_late) == (3, 1, 1)
    assert found.on_time_rate == 0.5


def test_what_was_opened_again_is_not_closed_though_it_once_was() -> None:
    assert tally([a_row(S.ASSIGNED, closed_at=shanghai("2026-03-05 10:00"))], MARCH, NOW).closed == 0


def test_open_and_overdue_are_so_now_whenever_the_petition_came() -> None:
    rows = [a_row(came="2025-01-01 09:00", due=NOW), a_row(due=NOW + timedelta(hours=1)), a_row()]
    found = tally(rows, MARCH, NOW)
    assert (found.open, found.overdue) == (3, 1)


def test_shares_of_nothing_are_none() -> None:
    assert (Tally().rate, Tally().on_time_rate) == (None, None)


def test_side_by_side_has_the_most_received_first_and_a_petition_of_two_types_in_both() -> None:
    rows = [
        a_row(types=("恶臭", "噪声")),
        a_row(types=("恶臭",), unit=None),
        a_row(came="2020-01-01 09:00", status=S.CLOSED),
    ]
    by_type = side_by_side(rows, By.TYPE, MARCH, NOW)
    assert [(name, each.received) for name, each in by_type] == [("恶臭", 2), ("噪声", 1)]
    assert [name for name, _ in side_by_side(rows, By.UNIT, MARCH, NOW)] == ["", "qingshi"]
    assert [name for name, _ in side_by_side(rows, By.CHANNEL, MARCH, NOW)] == ["letter"]


def test_a_trend_goes_by_weeks_from_monday_and_by_months_over_a_long_time() -> None:
    weeks = trend([a_row(came="2026-03-02 00:00"), closed("2026-03-08 23:59")], MARCH)
    assert [(each.first.day, each.last.day) for each in weeks] == [
        (1, 1),
        (2, 8),
        (9, 15),
        (16, 22),
        (23, 29),
        (30, 31),
    ]
    assert (weeks[1].received, weeks[1].closed) == (2, 1)
    months = trend([a_row()], Period(date(2025, 12, 15), date(2026, 4, 20)))
    assert [(str(each.first), str(each.last)) for each in months][:2] == [
        ("2025-12-15", "2025-12-31"),
        ("2026-01-01", "2026-01-31"),
    ]
    assert months[-1].last == date(2026, 4, 20)


def test_ages_part_open_petitions_by_the_days_since_they_came() -> None:
    today = date(2026, 4, 10)
    rows = [a_row(came=f"{today - timedelta(days=days)} 23:00") for days in (0, 15, 16, 30, 60, 61, 90, 91, 400)]
    assert ages([*rows, a_row(S.CLOSED)], NOW) == [(0, 15, 2), (16, 30, 2), (31, 60, 1), (61, 90, 2), (91, None, 2)]


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    assert MARCH.before == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert MARCH.before.days == MARCH.days


INSTANTS = st.datetimes(
    min_value=NOW.replace(tzinfo=None) - timedelta(days=90), max_value=NOW.replace(tzinfo=None)
).map(lambda at: at.replace(tzinfo=NOW.tzinfo))
STATUSES = st.sampled_from([S.ASSIGNED, S.CLOSED, S.SIGNED_OFF, S.DECLINED])
ROWS = st.lists(
    st.builds(
        a_row, STATUSES, unit=st.sampled_from(["a", "b", None]),
        registered_at=INSTANTS, closed_at=st.none() | INSTANTS,
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ROWS)
def test_units_and_stretches_add_up_to_the_whole(rows: list[Row]) -> None:
    whole = tally(rows, MARCH, NOW)
    sides = [each for _, each in side_by_side(rows, By.UNIT, MARCH, NOW)]
    for name in ("received", "closed", "open", "overdue"):
        assert sum(getattr(each, name) for each in sides) == getattr(whole, name), name
    points = trend(rows, MARCH)
    assert (sum(each.received for each in points), sum(each.closed for each in points)) == (
        whole.received,
        whole.closed,
    )
    assert sum(count for _, _, count in ages(rows, NOW)) == whole.open
