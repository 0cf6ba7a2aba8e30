"""A period's figures, each by the example that docs/statistics.md tells; and that they add up whatever comes."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from models import statistics
from models.statistics import (
    NOTHING,
    Against,
    Compared,
    Key,
    Period,
    Point,
    Row,
    Sums,
    Tally,
    ages,
    moved,
    row_of,
    side_by_side,
)
from models.vocabulary import ENDS, Kind, Status
from tests.core.builders import a_case, a_story, shanghai

S = Status
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOW = shanghai("2026-04-10 09:00")


def a_row(status: Status = S.ASSIGNED, came: str = "2026-03-10 09:00", **more: object) -> Row:
    given = {
        "channel": "letter", "unit": "qingshi", "area": "青石镇", "types": (), "registered_at": shanghai(came),
        "done": status in {S.CLOSED, S.SIGNED_OFF}, "ended": status in ENDS, "closed_at": None, "on_time": None,
        "repeated": False, **more,
    }  # fmt: skip
    return Row(**given)  # type: ignore[arg-type]


def closed(at: str, *, on_time: bool | None = True, came: str = "2026-03-02 09:00") -> Row:
    return a_row(S.CLOSED, came, closed_at=shanghai(at), on_time=on_time)


def sums_of(rows: list[Row], period: Period | None, side: str = "") -> dict[str, Sums]:
    """The sums of a period's days by name, or of all days, added up from each row's shares."""
    found: dict[str, Sums] = {}
    for key, share in moved([(None, row) for row in rows]).items():
        inside = key.day == "" if period is None else str(period.first) <= key.day <= str(period.last)
        if key.side == side and inside:
            found[key.name] = found.get(key.name, NOTHING) + share
    return found


def tally(rows: list[Row], period: Period) -> Tally:
    whole = sums_of(rows, None).get("", NOTHING)
    return statistics.tally(sums_of(rows, period).get("", NOTHING), whole.open, 0)


def sides(rows: list[Row], side: str, period: Period) -> list[Compared]:
    return side_by_side(sums_of(rows, period, side), sums_of(rows, period.before, side), sums_of(rows, None, side), {})


def trend(rows: list[Row], period: Period) -> list[Point]:
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    return statistics.trend({day: sums_of(rows, Period(day, day)).get("", NOTHING) for day in days}, period)


def test_received_counts_by_legal_days_to_the_end_of_the_last() -> None:
    rows = [
        a_row(came=came) for came in ("2026-02-28 23:59", "2026-03-01 00:00", "2026-03-31 23:59", "2026-04-01 00:00")
    ]
    assert tally(rows, MARCH).received == 2


def test_the_closure_rate_leaves_out_what_was_declined_referred_or_withdrawn() -> None:
    rows = [closed("2026-03-20 10:00"), a_row(), a_row(), *(a_row(each) for each in ENDS)]
    found = tally(rows, MARCH)
    assert (found.received, found.ended, found.received_closed) == (3 + len(ENDS), len(ENDS), 1)
    assert found.rate == 1 / 3


def test_closed_counts_when_it_was_closed_and_in_time_only_where_that_is_known() -> None:
    rows = [
        closed("2026-03-05 10:00", came="2026-01-05 09:00"),
        closed("2026-03-06 10:00", on_time=False),
        closed("2026-03-07 10:00", on_time=None),
        closed("2026-04-01 00:00"),
    ]
    found = tally(rows, MARCH)
    assert (found.closed, found.closed_on_time, found.closed_late) == (3, 1, 1)
    assert found.on_time_rate == 0.5


def test_what_was_opened_again_is_not_closed_though_it_once_was() -> None:
    story = a_story(S.CLOSED)
    assert story.case.closed_at
    row = row_of(story.do("dispatcher", "reopen").case)
    assert row
    assert (row.done, row.closed_at, row.on_time) == (False, None, None)


def test_open_is_so_now_whenever_the_petition_came() -> None:
    rows = [a_row(came="2025-01-01 09:00"), a_row(), closed("2026-03-20 10:00")]
    assert tally(rows, MARCH).open == 2


def test_shares_of_nothing_are_none() -> None:
    assert (Tally().rate, Tally().on_time_rate) == (None, None)


def test_side_by_side_has_the_most_received_first_and_a_petition_of_two_types_in_both() -> None:
    rows = [
        a_row(types=("恶臭", "噪声")),
        a_row(types=("恶臭",), unit=None),
        a_row(came="2020-01-01 09:00", status=S.CLOSED),
    ]
    assert [(each.name, each.this.received) for each in sides(rows, "type", MARCH)] == [("恶臭", 2), ("噪声", 1)]
    assert [each.name for each in sides(rows, "unit", MARCH)] == ["", "qingshi"]
    assert [each.name for each in sides(rows, "channel", MARCH)] == ["letter"]


def test_side_by_side_stands_beside_what_was_and_keeps_who_had_something_only_then() -> None:
    rows = [a_row(), a_row(came="2026-02-10 09:00"), a_row(S.CLOSED, "2026-02-11 09:00", area="柳溪乡")]
    found = {each.name: (each.this.received, each.was.received, each.this.open) for each in sides(rows, "area", MARCH)}
    assert found == {"青石镇": (1, 1, 2), "柳溪乡": (0, 1, 0)}


def test_areas_of_one_township_are_added_up() -> None:
    rows = [a_row(), a_row(area="溪口县青石镇"), a_row(area="河口村")]
    this, whole = sums_of(rows, MARCH, "area"), sums_of(rows, None, "area")
    found = side_by_side(
        this, {}, whole, {"青石镇": 1, "河口村": 1}, lambda area: "" if area == "河口村" else "qingshi"
    )
    assert [(each.name, each.this.received, each.this.overdue) for each in found] == [("qingshi", 2, 1), ("", 1, 1)]


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
    days = {today - timedelta(days=each): 1 for each in (0, 15, 16, 30, 60, 61, 90, 91, 400)}
    assert ages(days, today) == [(0, 15, 2), (16, 30, 2), (31, 60, 1), (61, 90, 2), (91, None, 2)]


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    assert MARCH.before == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert MARCH.before.days == MARCH.days


def test_the_same_days_of_last_year_are_those_and_29_february_falls_on_the_28th() -> None:
    assert MARCH.against(Against.YEAR) == Period(date(2025, 3, 1), date(2025, 3, 31))
    assert Period(date(2028, 2, 29), date(2028, 3, 1)).year_before == Period(date(2027, 2, 28), date(2027, 3, 1))


def test_a_petition_that_changes_leaves_no_trace_where_it_was() -> None:
    way = [
        None,
        a_row(unit=None),
        a_row(unit="qingshi"),
        a_row(unit="liuxi", types=("恶臭",)),
        closed("2026-03-20 10:00"),
        closed("2026-03-21 10:00", on_time=False),
        a_row(),
    ]
    found: dict[Key, Sums] = {}
    for pair in pairwise(way):
        for key, sums in moved([pair]).items():
            found[key] = found.get(key, NOTHING) + sums
    assert {key: sums for key, sums in found.items() if any(sums)} == moved([(None, way[-1])])
    assert moved([(way[-1], way[-1])]) == {}, "what does not count writes nothing"


def test_only_petitions_are_counted_and_most_commands_change_nothing() -> None:
    assert row_of(a_case(S.REVIEWING, kind=Kind.RECTIFICATION)) is None
    assert row_of(None) is None
    assert row_of(a_case(S.ASSIGNED)) == row_of(a_case(S.REVIEWING)), "from assignment to review no figure moves"
    done = row_of(a_case(S.CLOSED))
    assert done
    assert (done.done, done.on_time, done.area) == (True, True, "青石镇")


INSTANTS = st.datetimes(
    min_value=NOW.replace(tzinfo=None) - timedelta(days=90), max_value=NOW.replace(tzinfo=None)
).map(lambda at: at.replace(tzinfo=NOW.tzinfo))
STATUSES = st.sampled_from([S.ASSIGNED, S.CLOSED, S.SIGNED_OFF, S.DECLINED])
ROWS = st.lists(
    st.builds(
        a_row, STATUSES, unit=st.sampled_from(["a", "b", None]),
        registered_at=INSTANTS, closed_at=st.none() | INSTANTS,
    ).map(lambda row: row if row.done else row._replace(closed_at=None)),
    max_size=30,
)  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ROWS)
def test_units_and_stretches_add_up_to_the_whole(rows: list[Row]) -> None:
    whole = tally(rows, MARCH)
    units = [each.this for each in sides(rows, "unit", MARCH)]
    for name in ("received", "closed", "open"):
        assert sum(getattr(each, name) for each in units) == getattr(whole, name), name
    points = trend(rows, MARCH)
    assert (sum(each.received for each in points), sum(each.closed for each in points)) == (
        whole.received,
        whole.closed,
    )
