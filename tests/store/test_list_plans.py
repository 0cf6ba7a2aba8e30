"""Lists and figures are found by the indexes made for them, so that a million cases take no longer than a thousand.

Without figures about its tables (there are none, see docs/performance.md) SQLite goes about a statement in the same way
at any size, so a small ledger shows it.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from adapters import queries, searching, statistics
from adapters.paging import Order, count, page
from adapters.queries import Filter
from adapters.statistics import span
from models.statistics import Period
from models.vocabulary import Kind, Status
from tests.store.desks import Office

DAYS = Period(date(2026, 1, 1), date(2026, 3, 31))


def plans(office: Office, work: Callable[[], object]) -> str:
    """How the database goes about each statement of some work."""
    asked: list[tuple[str, object]] = []

    def keep(*given: object) -> None:
        asked.append((str(given[2]), given[3]))

    sa.event.listen(office.database.engine, "before_cursor_execute", keep)
    work()
    sa.event.remove(office.database.engine, "before_cursor_execute", keep)
    with office.database.reading() as connection:
        found = [
            "; ".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))  # type: ignore[arg-type] # as they were
            for sql, values in asked
            if sql.startswith("SELECT")
        ]
    return "\n".join(found)


def test_what_waits_for_a_role_comes_from_its_index_in_the_order_of_due_dates(small_office: Office) -> None:
    wanted = Filter(status=Status.REGISTERED, kind=Kind.PETITION, is_open=True)
    told = plans(small_office, lambda: page(small_office.database, wanted, order=Order.DUE, limit=25))
    assert "cases_open (kind=? AND status=? AND due>?)" in told
    assert "TEMP B-TREE" not in told


def test_somebody_with_few_cases_has_them_found_by_their_name(small_office: Office) -> None:
    wanted = Filter(hand="handler", is_open=True)
    told = plans(small_office, lambda: page(small_office.database, wanted, order=Order.DUE, limit=25))
    assert "cases_by_handler (handler=? AND is_open=?)" in told
    assert "cases_by_due" not in told


@pytest.mark.parametrize("kind", [None, Kind.PETITION])
def test_a_townships_days_are_looked_for_in_an_index_that_knows_the_area(
    small_office: Office, kind: Kind | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RARE", 0)
    small_office.register()
    wanted = Filter(areas=("青石镇", "/qingshi"), registered=span(DAYS), kind=kind)
    told = plans(
        small_office, lambda: (page(small_office.database, wanted, limit=50), count(small_office.database, wanted))
    )
    index = "cases_by_kind (kind=? AND " if kind else "cases_by_arrival ("
    assert told.count(f"COVERING INDEX {index}registered_at>? AND registered_at<?)") == 2
    assert "TEMP B-TREE" not in told


def test_what_a_dashboard_counts_as_overdue_is_listed_from_the_same_index(small_office: Office) -> None:
    case = small_office.a_case(Status.ASSIGNED, types=["恶臭"])
    now = small_office.moments.now() + timedelta(days=400)
    wanted = Filter(kind=Kind.PETITION, overdue_at=now, type="恶臭")

    def work() -> None:
        assert [each.id for each in page(small_office.database, wanted, order=Order.DUE).cases] == [case]
        assert count(small_office.database, wanted) == 1

    told = plans(small_office, work)
    assert "cases_by_due" not in told
    assert "SCAN cases" not in told


def test_figures_of_open_cases_come_from_their_index_and_days_by_their_names(small_office: Office) -> None:
    now = small_office.moments.now()

    def work() -> None:
        queries.figures(small_office.database, now)
        statistics.figures(small_office.database, DAYS, DAYS.before, now)

    told = plans(small_office, work)
    assert "cases_open (kind=? AND status=?)" in told
    assert "cases_open (kind=? AND status=? AND due<?)" in told
    assert "figures USING PRIMARY KEY (day=? AND side=? AND name=?)" in told
    assert "SCAN cases" not in told
