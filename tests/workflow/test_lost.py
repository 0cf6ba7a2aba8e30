"""What Temporal may lose: its whole database, one workflow, the run before a continue-as-new. The ledger has it all."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from temporalio.client import Client, WorkflowExecutionStatus

from adapters import relay, tables
from adapters.desk import Desk
from adapters.embedded import STORE, EmbeddedTemporal
from adapters.relay import Relay
from models.vocabulary import Role, Status
from tests.workflow.desks import Office, a_desk, client_of, running
from tests.workflow.lives import EVENTS, the_life, without_outcomes
from tests.workflow.moments import RunningMoments, SteppedMoments
from tests.workflow.rungs import Named, coming, each_once_in_order, late, rings, rung

WEEK: Final = timedelta(days=7)
TUESDAY: Final = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
CASE: Final = "XF2026000001"


@contextlib.asynccontextmanager
async def a_server(folder: Path, **dynamic: str) -> AsyncIterator[EmbeddedTemporal]:
    """A server of this test's own, which may be stopped."""
    names = {name.replace("__", "."): value for name, value in dynamic.items()}
    server = EmbeddedTemporal(folder, ui=False, restart=False, dynamic=names)
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


async def forget(server: EmbeddedTemporal) -> None:
    """Delete everything Temporal knows."""
    await asyncio.to_thread(server.stop)
    for path in server.data.glob(f"{STORE}*"):
        path.unlink()


def delivered(logs: Sequence[Mapping[str, object]]) -> Counter[str]:
    """How often each letter was laid into the tray, by its reaction."""
    return Counter(str(each["reaction"]) for each in logs if each["event"] == "letter" and each["new"])


VILLAGES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦"


@pytest.mark.parametrize(("meanwhile", "count"), [("busy", 50), ("quiet", 10)])
async def test_temporals_database_deleted_under_open_cases(
    tmp_path: Path, meanwhile: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "WATCH", 0.5)
    async with a_server(tmp_path / "temporal") as server:
        moments = SteppedMoments(TUESDAY - datetime.now(UTC))
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", moments=moments, temporal_address=server.address)
        with contextlib.closing(desk), capture_logs() as logs:
            async with running(desk, await client_of(desk)) as office:
                await open_cases(office, count)
                await office.settled()
                await forget(server)
                if meanwhile == "busy":
                    for case in office.cases()[:5]:
                        await office.perform("accept", "clerk", case.id)
                ahead = {case.id: coming(office, case.id) for case in office.cases()}
                # Two days later; every timer is lost anyway, so it does not matter that they were set before the step.
                moments.step(timedelta(days=2))
                back = moments.now()
                assert len(late(office, back)) >= count // 2
                await asyncio.to_thread(server.start)
                await office.settled()
                await office.until(lambda: not late(office, back), "nothing is overdue")
                await office.settled()
                await check_all_is_there(office, ahead, back)
            assert office.letters_owed() == office.letters()
            assert len(office.cases()) == count
        assert {each["cases"] for each in logs if each["event"] == "revived"} >= {count}
        assert set(delivered(logs).values()) == {1}
        assert {name.replace("#", "_") for name in delivered(logs)} == office.letters()


async def open_cases(office: Office, count: int) -> None:
    # Each of a village of its own: alike ones would come under a watch, a further stream at a moment of its own.
    for number, village in zip(range(count), VILLAGES, strict=False):
        channel = ("letter", "hotline", "inspection")[number % 3]
        case = await office.petition(channel=channel, place=f"青石镇{village}家村")
        if number >= count // 2:
            await office.perform("accept", "clerk", case)
            await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")


async def check_all_is_there(office: Office, ahead: dict[str, list[Named]], back: datetime) -> None:
    """Every case has its manager again, knowing all; every alarm of before rang, once."""
    found = {each.id async for each in office.client.list_workflows("ExecutionStatus = 'Running'")}
    assert found == {f"case-{case.id}" for case in office.cases()} | {relay.ANCHOR_ID}
    for case in office.cases():
        each_once_in_order(office, case.id)
        told = rung(office, case.id)
        assert {each for each in ahead[case.id] if each[0] <= back} <= set(told)
        assert (await office.known(case.id)) == office.desk.door.facts(case)


async def test_a_workflow_started_with_the_case_number_alone_does_only_what_is_left(desk: Desk) -> None:
    client = await client_of(desk)
    with capture_logs() as logs:
        async with running(desk, client) as office:
            case = await office.petition()
            await office.perform("accept", "clerk", case)
            await office.settled()
        # Nobody works; a letter is owed, and its signal is lost with the workflow.
        await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
        await office.handle(case).terminate("lost")
        with desk.database.writing() as connection:
            connection.execute(sa.delete(tables.outbox))
        await client.start_workflow("Petition", {"case": case}, id=f"case-{case}", task_queue=desk.settings.task_queue)
        async with running(desk, client) as office:
            await office.settled()
            known = await office.known(case)
            assert known == desk.door.facts(office.case(case))
            history = await office.handle(case).fetch_history()
    assert delivered(logs) == {f"{case}#2.1.letter": 1, f"{case}#4.1.letter": 1}
    assert office.events(case) == ["registered", "accepted", "carried_out", "assigned", "carried_out"]
    scheduled = [
        each.activity_task_scheduled_event_attributes.activity_type.name
        for each in history.events
        if each.HasField("activity_task_scheduled_event_attributes")
    ]
    assert scheduled == ["fetch_events", "deliver"]


async def test_a_workflow_for_a_case_that_nobody_registered_ends_and_says_so(office: Office) -> None:
    await office.client.start_workflow(
        "Petition", {"case": "XF1999"}, id="case-XF1999", task_queue=office.desk.settings.task_queue
    )

    async def ended() -> bool:
        return await office.status("XF1999") is not WorkflowExecutionStatus.RUNNING

    await office.until(ended, "the workflow ended")
    assert await office.status("XF1999") is WorkflowExecutionStatus.FAILED


async def test_the_dead_mans_switch_brings_back_a_case_whose_alarm_is_late(
    tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str
) -> None:
    moments = SteppedMoments()
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        moments=moments,
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk), capture_logs() as logs:
        async with running(desk, await client_of(desk)) as office:
            lost, kept = await office.petition(), await office.petition()
            await office.settled()
            await office.handle(lost).terminate("lost")
            watch = Relay(desk.door, office.client, desk.settings.task_queue)
            assert await asyncio.to_thread(watch.nudge) == 0, "nothing is late yet"
            alarm = office.case(lost).alarm
            assert alarm is not None
            await office.perform("withdraw", "clerk", kept, reason="已协商解决")
            moments.step(alarm.at - moments.now() + timedelta(seconds=30))
            assert await asyncio.to_thread(watch.nudge) == 0, "a little late is not lost"
            moments.step(timedelta(seconds=60))
            assert await asyncio.to_thread(watch.nudge) == 1
            await office.until(lambda: rings(office, lost), "the late alarm has rung")
            await office.settled()
            assert rung(office, lost) == [(alarm.at, "accept", "blue")]
            assert await asyncio.to_thread(watch.nudge) == 0
    assert [each for each in logs if each["event"] == "alarms_late"] == [
        {"event": "alarms_late", "cases": 1, "first": lost, "log_level": "warning"}
    ]


async def runs(client: Client, case: str) -> list[WorkflowExecutionStatus | None]:
    """The statuses of a case's runs, the first one first."""
    found = [each async for each in client.list_workflows(f"WorkflowId = 'case-{case}'")]
    return [each.status for each in sorted(found, key=lambda each: each.start_time)]


async def test_a_life_over_many_runs_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with a_server(tmp_path / "temporal", limit__historyCount__suggestContinueAsNew="25") as server:
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", temporal_address=server.address)
        with contextlib.closing(desk), capture_logs() as logs:
            client = await client_of(desk)
            async with running(desk, client) as office:
                # Settled after every step: under load several events would share a task, and make fewer runs.
                async for _ in the_life(office, CASE):
                    await office.settled()
                assert without_outcomes(office.history(CASE)) == EVENTS
                assert office.case(CASE).status is Status.SIGNED_OFF

                async def caught_up() -> bool:
                    # A run that continues as new may do a reaction again whose outcome came too late for it.
                    return await office.known(CASE) == desk.door.facts(office.case(CASE))

                await office.until(caught_up, "the last run knows everything")

                async def seen() -> bool:
                    return len(await runs(client, CASE)) >= 3

                await office.until(seen, "the runs are listed")
                *before, last = await runs(client, CASE)
                assert set(before) == {WorkflowExecutionStatus.CONTINUED_AS_NEW}
                assert last is WorkflowExecutionStatus.RUNNING
        assert set(delivered(logs).values()) == {1}
        assert {name.replace("#", "_") for name in delivered(logs)} == office.letters() == office.letters_owed()


async def test_silence_over_many_runs_rings_every_rung_once(tmp_path: Path) -> None:
    async with a_server(tmp_path / "temporal", limit__historyCount__suggestContinueAsNew="15") as server:
        moments = RunningMoments(TUESDAY, 20 * 86_400.0)
        desk = await asyncio.to_thread(a_desk, tmp_path / "desk", moments=moments, temporal_address=server.address)
        with contextlib.closing(desk):
            client = await client_of(desk)
            async with running(desk, client) as office:
                case = await office.petition(channel="hotline")
                moments.let_go()
                ahead = coming(office, case)
                await office.until(lambda: len(rings(office, case)) >= 8, "eight rungs have rung")
                moments.hold()
                await office.settled()
                told = rung(office, case)
                each_once_in_order(office, case)
                assert sorted(told[: len(ahead)]) == ahead
                weeks = [each[0] for each in told if each[2] == "county"]
                assert all((after - before) % WEEK == timedelta(0) for before, after in itertools.pairwise(weeks))
                assert {each.event.role for each in office.history(case)} == {Role.CLERK, Role.CLOCK, Role.ENGINE}
                assert len(await runs(client, case)) >= 3
