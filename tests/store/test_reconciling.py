"""The read model held against the ledger, on both databases: who is looked at, and what is told of what differs."""

import asyncio

import pytest

from adapters import queries
from adapters.marks import read_mark
from adapters.reconciling import RECONCILED, Reconciling, Report, tell, to_look_at
from models.vocabulary import Kind, Role, Status
from tests.store.desks import Office, attack

UNIT = '\'"unit":"qingshi"\', \'"unit":"baima"\''
INJECTED = {
    "a column": ("UPDATE cases SET unit = 'baima' WHERE id = ?", "unit"),
    "the state": (f"UPDATE cases SET state = replace(state, {UNIT}) WHERE id = ?", "state.unit"),
    "a row that is gone": ("DELETE FROM cases WHERE id = ?", "row"),
    "an event": (f"UPDATE events SET body = replace(body, {UNIT}) WHERE case_id = ?", "unit"),
    "an event nobody can read": ("UPDATE events SET body = 'x' WHERE seq = 2 AND case_id = ?", "events"),
}


def reconciled(office: Office, names: list[str] | None = None, sample: int | None = 0) -> Report:
    comparing = Reconciling(office.door, None, "none", pause=0)
    return asyncio.run(comparing.run(names, sample=sample))


@pytest.mark.parametrize("what", INJECTED)
def test_what_the_read_model_has_otherwise_is_found_and_told_with_both_versions(office: Office, what: str) -> None:
    case, other = office.a_case(Status.ASSIGNED), office.a_case(Status.ASSIGNED)
    assert reconciled(office).found == {}
    statement, field = INJECTED[what]
    assert attack(office, statement, case) > 0
    report = reconciled(office)
    assert set(report.found) == {case}
    assert field in {each.field for each in report.found[case]}
    assert tell(office.door, report) == [f"F-{case}"]
    assert office.case(f"F-{case}").title == case
    assert [each.id for each in queries.listed(office.database, queries.Filter(kind=Kind.FAULT))] == [f"F-{case}"]
    assert other in {each.id for each in queries.listed(office.database, queries.Filter())}
    assert f"F-{case}" not in {each.id for each in queries.listed(office.database, queries.Filter())}


def test_every_open_case_is_looked_at_and_of_the_others_as_many_as_wanted(office: Office) -> None:
    still = {office.a_case(Status.ASSIGNED), office.a_case(Status.REGISTERED)}
    over = {office.a_case(Status.WITHDRAWN) for _ in range(4)}
    for case in over:
        while office.case(case).pending:
            office.act(case, Role.ENGINE, "record_outcome")
    everything = set(to_look_at(office.database, (), None))
    assert still | over <= everything
    assert still <= set(to_look_at(office.database, (), 0))
    assert not over & set(to_look_at(office.database, (), 0))
    assert len(set(to_look_at(office.database, (), 2)) - set(to_look_at(office.database, (), 0))) == 2
    # Whatever runs in Temporal is looked at, known or not.
    assert {"XF1999", *over} <= set(to_look_at(office.database, {"XF1999", *over}, 0))


def test_the_same_difference_is_told_once_a_day_and_opens_its_case_again(small_office: Office) -> None:
    office = small_office
    case = office.a_case(Status.ASSIGNED)
    attack(office, "UPDATE cases SET unit = 'baima' WHERE id = ?", case)
    for _ in range(2):
        tell(office.door, reconciled(office))
    assert office.names(f"F-{case}") == ["fault_found"]
    office.moments.wait(days=1)
    tell(office.door, reconciled(office))
    assert office.names(f"F-{case}") == ["fault_found", "fault_persists"]
    office.act(f"F-{case}", Role.ADMINISTRATOR, "clear_fault", reason="数据库被手工修改")
    office.moments.wait(days=1)
    tell(office.door, reconciled(office))
    assert office.names(f"F-{case}")[-2:] == ["fault_cleared", "fault_found_again"]
    assert office.case(f"F-{case}").status is Status.FAULTY
    assert '"found": 1' in str(read_mark(office.database, RECONCILED))


def test_a_workflow_of_a_case_that_the_ledger_does_not_have_is_no_workflow_of_ours(small_office: Office) -> None:
    report = reconciled(small_office, ["XF1999"])
    assert [each.field for each in report.found["XF1999"]] == ["case"]
