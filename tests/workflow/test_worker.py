"""`worker.py` as a process of its own: many at once, drained when asked to go."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

import worker
from adapters import tables
from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from adapters.relay import ANCHOR_ID, STUCK, Relay
from tests.workflow.desks import Office, a_desk, a_namespace, client_of

WORKER: Final = Path(worker.__file__)


class Process:
    """A worker process with what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[dict[str, object]] = []
        self.other: list[str] = []
        self.listening = asyncio.create_task(self.listen())

    async def listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            try:
                self.said.append(json.loads(line))
            except ValueError:
                self.other.append(line.decode())

    def has_said(self, event: str) -> bool:
        return any(each.get("event") == event for each in self.said)

    async def stop(self) -> int:
        """Ask it to go, wait until it has; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        await asyncio.wait_for(self.process.wait(), 30)
        await self.listening
        return self.process.returncode if self.process.returncode is not None else -1


@contextlib.asynccontextmanager
async def a_process(data: Path, **environment: str) -> AsyncIterator[Process]:
    """`python worker.py` on a data folder; whatever happens, it is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(WORKER),
        "--data",
        str(data),
        env={**os.environ, "BANJIE_LOG_FORMAT": "json", "PYTHONPATH": str(WORKER.parent), **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    one = Process(process)
    try:
        yield one
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await one.listening


@pytest.fixture
async def apart(desk: Desk, dev_server: EmbeddedTemporal) -> Office:
    """A desk without a worker; `environment` tells a worker process where its Temporal is."""
    return Office(desk, await client_of(desk))


def environment(office: Office) -> dict[str, str]:
    settings = office.desk.settings
    return {
        "TEMPORAL_ADDRESS": str(settings.temporal_address),
        "TEMPORAL_NAMESPACE": settings.temporal_namespace,
    }


async def workers_of(office: Office, cases: list[str]) -> set[str]:
    """The identities of the workers that did something for these cases."""
    found: set[str] = set()
    for case in cases:
        history = await office.handle(case).fetch_history()
        found |= {
            each.workflow_task_completed_event_attributes.identity
            for each in history.events
            if each.HasField("workflow_task_completed_event_attributes")
        }
    return found


async def test_two_workers_share_the_work_and_one_can_go(apart: Office) -> None:
    data = apart.desk.settings.data
    async with a_process(data, **environment(apart)) as one, a_process(data, **environment(apart)) as two:
        await apart.until(lambda: one.has_said("worker_ready") and two.has_said("worker_ready"), "both are ready")
        cases: list[str] = []

        async def both_worked() -> bool:
            for _ in range(5):
                cases.append(await apart.petition())
                await apart.perform("accept", "clerk", cases[-1])
            await apart.settled()
            pids = {each.partition("@")[0] for each in await workers_of(apart, cases)}
            return pids >= {str(one.process.pid), str(two.process.pid)}

        await apart.until(both_worked, "each of the two has done something")
        assert await one.stop() == 0
        assert one.has_said("worker_drained")
        more = await apart.petition()
        await apart.perform("accept", "clerk", more)
        await apart.settled()
        assert apart.letters() == apart.letters_owed()
        assert await two.stop() == 0
    letters = [
        each["reaction"] for said in (one.said, two.said) for each in said if each["event"] == "letter" and each["new"]
    ]
    assert len(letters) == len(set(letters)) == len(cases) + 1
    assert not [line for line in one.other + two.other if "Traceback" in line]


@pytest.mark.parametrize("way", [1, 2])
async def test_a_worker_asked_to_go_finishes_what_it_has_begun(apart: Office, way: int) -> None:
    case = await apart.petition()
    await apart.perform("accept", "clerk", case)
    with apart.desk.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    # Nobody but the workflow shall want to write: the relay has nothing to send and nothing to revive.
    queue = apart.desk.settings.task_queue
    await apart.client.start_workflow("Anchor", id=ANCHOR_ID, task_queue=queue)
    async with a_process(apart.desk.settings.data, **environment(apart)) as process:
        await apart.until(lambda: process.has_said("worker_ready"), "the worker is ready")
        with apart.desk.database.writing():  # the activity has to wait for its turn at the database
            start = {"case": case, "way": way}
            await apart.client.start_workflow("Petition", start, id=f"case-{case}", task_queue=queue)
            await apart.until(lambda: process.has_said("letter"), "the letter lies in the tray, its record waits")
            process.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.process.wait(), 0.5)
            assert process.process.returncode is None, "it left work behind"
        assert await process.ended() == 0
        assert process.has_said("worker_drained")
    assert apart.events(case) == ["registered", "accepted", "carried_out"]
    history = await apart.handle(case).fetch_history()
    if way > 1:
        assert len([each for each in history.events if each.HasField("marker_recorded_event_attributes")]) == 2
        return
    completed = [each for each in history.events if each.HasField("activity_task_completed_event_attributes")]
    started = [each for each in history.events if each.HasField("activity_task_started_event_attributes")]
    assert len(completed) == len(started) == 2
    assert {each.activity_task_started_event_attributes.attempt for each in started} == {1}


@pytest.mark.parametrize(
    ("away", "says"),
    [
        ({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, "Temporal does not answer"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "The database does not answer"),
        ({"BANJIE_SPEED": "fast"}, "A setting cannot be used"),
    ],
)
async def test_a_worker_that_cannot_begin_says_why_in_two_languages(
    tmp_path: Path, away: dict[str, str], says: str
) -> None:
    async with a_process(tmp_path / "desk", **away) as process:
        assert await process.ended() == 3
    said = "".join(process.other)
    assert says in said
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)
    assert "Traceback" not in said


async def test_what_cannot_be_sent_stays_is_shown_and_alarmed_and_holds_nobody_up(apart: Office) -> None:
    relay = Relay(apart.desk.door, apart.client, apart.desk.settings.task_queue)
    poisoned, fine = await apart.petition(), await apart.petition()
    with apart.desk.database.writing() as connection:
        row = tables.outbox.c.case_id == poisoned
        connection.execute(sa.update(tables.outbox).where(row).values(facts='{"kind": "patrol"}'))
    before = time.time()
    assert await relay.once() == 2
    with apart.desk.database.reading() as connection:
        (left,) = connection.execute(sa.select(tables.outbox)).all()
    assert (left.case_id, left.attempts) == (poisoned, 1)
    assert left.not_before > before
    assert left.error.startswith("ValidationError")
    assert await relay.once() == 0, "not again before its time"
    assert {each.id async for each in apart.client.list_workflows()} <= {f"case-{fine}"}
    with apart.desk.database.writing() as connection:
        connection.execute(sa.update(tables.outbox).values(attempts=STUCK - 1, not_before=0.0))
    with capture_logs() as logs:
        assert await relay.once() == 1
    (alarm,) = [each for each in logs if each["event"] == "signal_stuck"]
    assert (alarm["case"], alarm["attempts"], alarm["log_level"]) == (poisoned, STUCK, "error")
    # News of the case takes the place of what could not be sent.
    await apart.perform("accept", "clerk", poisoned)
    assert await relay.once() == 1
    assert apart.outbox() == 0


async def test_a_cluster_without_our_search_attributes_holds_the_rows_back_until_it_has_them(
    tmp_path: Path, dev_server: EmbeddedTemporal
) -> None:
    """A real reason why Temporal refuses: the row waits with the reason, and goes out once an operator has helped."""
    name = f"bare-{time.time_ns()}"
    await a_namespace(dev_server, name, attributes=False)
    desk = await asyncio.to_thread(
        a_desk, tmp_path / "desk", temporal_address=dev_server.address, temporal_namespace=name
    )
    with contextlib.closing(desk):
        office = Office(desk, await client_of(desk))
        relay = Relay(desk.door, office.client, desk.settings.task_queue)
        await office.petition()
        assert await relay.once() == 1
        with desk.database.reading() as connection:
            error = connection.execute(sa.select(tables.outbox.c.error)).scalar_one()
        assert "search attribute" in error  # the server names any of them
        await a_namespace(dev_server, name)

        async def sent() -> bool:
            with desk.database.writing() as connection:
                connection.execute(sa.update(tables.outbox).values(not_before=0.0))
            await relay.once()
            return office.outbox() == 0

        await office.until(sent, "the row is sent")


class NeverEnding:
    """A worker whose polls the server does not end: it takes no notice of a shutdown, nor of the first cancel."""

    def __init__(self) -> None:
        self.cancelled = 0

    async def run(self) -> None:
        while self.cancelled < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled += 1

    async def shutdown(self) -> None:
        await asyncio.Event().wait()


async def test_a_worker_that_cannot_be_drained_is_left_and_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONGEST_DRAIN", 0.05)
    stuck = NeverEnding()
    async with worker.running(stuck) as task:  # type: ignore[arg-type] # only what is asked of it
        assert not task.done()
    assert task.done()
    assert stuck.cancelled == 2
