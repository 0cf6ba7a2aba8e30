"""What a process manager, the read model or the ledger has otherwise than the others is found, and nothing else is."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from temporalio.client import WorkflowExecutionStatus

from adapters import checking, queries, tables
from adapters.desk import Desk
from adapters.reconciling import RECONCILED, Reconciling, Report, tell
from adapters.relay import STUCK
from adapters.reviving import revive
from adapters.schedules import RECONCILIATION, Schedules
from models.case import Case
from models.vocabulary import Kind, Status
from tests.store.desks import Office as StoreOffice
from tests.store.desks import attack
from tests.workflow.desks import Office, client_of, running
from worker import make_worker
from worker import running as working


async def reconciled(office: Office, sample: int | None = 0) -> Report:
    comparing = Reconciling(office.desk.door, office.client, office.desk.settings.task_queue, pause=0.1)
    return await comparing.run(sample=sample)


def faults(desk: Desk) -> list[Case]:
    return list(queries.listed(desk.database, queries.Filter(kind=Kind.FAULT)))


async def some_cases(office: Office) -> list[str]:
    cases = [await office.petition() for _ in range(3)]
    for case in cases[1:]:
        await office.perform("accept", "clerk", case)
    await office.perform("assign", "dispatcher", cases[2], unit="enforcement", handler="li")
    await office.settled()
    return cases


async def test_at_a_desk_at_work_nothing_differs(office: Office) -> None:
    await some_cases(office)
    stop = asyncio.Event()

    async def work() -> None:
        while not stop.is_set():
            case = await office.petition()
            await office.perform("accept", "clerk", case)

    working_on = asyncio.create_task(work())
    try:
        report = await reconciled(office, sample=None)
    finally:
        stop.set()
        await working_on
    assert (report.found, report.unasked) == ({}, 0)
    assert report.asked >= 3
    await asyncio.to_thread(tell, office.desk.door, report)
    assert faults(office.desk) == []


async def ended(office: Office, case: str) -> None:
    await office.handle(case).terminate("by hand")


async def told_wrong(office: Office, case: str) -> None:
    known = await office.known(case)
    assert known is not None
    await office.handle(case).signal("told", known.model_copy(update={"seq": known.seq + 1, "unit": "baima"}))


async def row_altered(office: Office, case: str) -> None:
    attack(StoreOffice(office.desk), "UPDATE cases SET status = 'closed' WHERE id = ?", case)


async def row_hidden(office: Office, case: str) -> None:
    """By its flags the row says that nothing is to come: its manager, which runs, gives it away."""
    attack(StoreOffice(office.desk), "UPDATE cases SET waiting = false, is_open = false WHERE id = ?", case)


async def row_gone(office: Office, case: str) -> None:
    attack(StoreOffice(office.desk), "DELETE FROM cases WHERE id = ?", case)


async def event_altered(office: Office, case: str) -> None:
    told = 'UPDATE events SET body = replace(body, \'"unit":"enforcement"\', \'"unit":"baima"\') WHERE case_id = ?'
    assert attack(StoreOffice(office.desk), told, case)


INJECTED: Final[dict[str, tuple[Callable[[Office, str], Awaitable[None]], set[tuple[str, str]]]]] = {
    "a workflow ended by hand": (ended, {("workflow", "run")}),
    "a workflow told what never was": (told_wrong, {("workflow", "seq"), ("workflow", "unit")}),
    "a row altered": (row_altered, {("read_model", "status")}),
    "a row that hides its case": (row_hidden, {("read_model", "waiting"), ("read_model", "is_open")}),
    "a row deleted": (row_gone, {("read_model", "row")}),
    "an event altered": (event_altered, {("read_model", "unit"), ("read_model", "state.unit"), ("workflow", "unit")}),
}


@pytest.mark.parametrize("what", INJECTED)
async def test_an_injected_difference_opens_a_case_with_both_versions(office: Office, what: str) -> None:
    *_, case = await some_cases(office)
    inject, expected = INJECTED[what]
    await inject(office, case)
    report = await reconciled(office)
    assert set(report.found) == {case}
    assert {(each.copy_of.value, each.field) for each in report.found[case]} >= expected
    assert all(each.ledger != each.found for each in report.found[case])
    with capture_logs() as logs:
        assert await asyncio.to_thread(tell, office.desk.door, report) == [f"F-{case}"]
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["copies_differ"]
    (fault,) = faults(office.desk)
    assert (fault.id, fault.title, fault.status) == (f"F-{case}", case, Status.FAULTY)
    (event,) = office.history(fault.id)
    assert event.event.said["mismatches"] == [each.model_dump(mode="json") for each in report.found[case]]
    # Told again the same day it is nothing new.
    await asyncio.to_thread(tell, office.desk.door, report)
    assert len(office.history(fault.id)) == 1


async def test_what_is_put_right_differs_no_more_and_a_person_says_what_it_was(office: Office) -> None:
    first, second, third = await some_cases(office)
    await ended(office, first)
    await told_wrong(office, second)
    await row_altered(office, third)
    report = await reconciled(office)
    assert set(report.found) == {first, second, third}
    await asyncio.to_thread(tell, office.desk.door, report)
    checking.rebuild(office.desk.database)
    await asyncio.to_thread(revive, office.desk.door, afresh=True)
    await office.settled()
    assert (await reconciled(office)).found == {}
    await office.perform("clear_fault", "admin", f"F-{first}", reason="流程被误终止，已由台账重启")
    assert office.case(f"F-{first}").status is Status.CLEARED
    # It comes back: the same case says so.
    await ended(office, first)
    again = await reconciled(office)
    moments = [each.recorded_at for each in office.history(f"F-{first}")]
    await asyncio.to_thread(tell, office.desk.door, again)
    assert len(office.history(f"F-{first}")) == len(moments), "the same on the same day is told once"


async def test_facts_on_their_way_are_no_difference_and_facts_that_cannot_be_sent_are(desk: Desk) -> None:
    client = await client_of(desk)
    async with running(desk, client) as office:
        case, *_ = await some_cases(office)
    # A worker without its relay: it answers, and hears nothing new.
    with ThreadPoolExecutor(4) as executor:
        async with working(make_worker(client, desk, executor)):
            await office.perform("accept", "clerk", case)
            assert (await reconciled(office)).found == {}
            with desk.database.writing() as connection:
                connection.execute(sa.update(tables.outbox).values(attempts=STUCK))
            assert "seq" in {each.field for each in (await reconciled(office)).found[case]}


async def test_where_nobody_answers_nothing_is_made_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await client_of(desk)
    async with running(desk, client) as office:
        await some_cases(office)
    monkeypatch.setattr("adapters.reconciling.PATIENCE", timedelta(seconds=1))
    report = await reconciled(office)
    assert (report.found, report.asked) == ({}, 0)
    assert report.unasked >= 3


async def test_each_night_a_schedule_has_it_done(office: Office) -> None:
    case, *_ = await some_cases(office)
    await ended(office, case)
    await Schedules(office.desk, office.client).keep()
    handle = office.client.get_schedule_handle(RECONCILIATION)
    told = (await handle.describe()).schedule
    assert told.spec.time_zone_name == "Asia/Shanghai"
    assert not (await handle.describe()).info.recent_actions, "a new desk is not looked through at once"
    await handle.trigger()
    await office.until(lambda: faults(office.desk), "the night's reconciliation has found it")
    assert [each.title for each in faults(office.desk)] == [case]

    async def done() -> bool:
        runs = [each async for each in office.client.list_workflows("WorkflowType = 'Reconciling'")]
        return [each.status for each in runs] == [WorkflowExecutionStatus.COMPLETED]

    await office.until(done, "and says so")
    assert RECONCILED in {str(row[0]) for row in _marks(office.desk)}


def _marks(desk: Desk) -> list[tuple[object, ...]]:
    with desk.database.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(tables.marks.c.name))]
