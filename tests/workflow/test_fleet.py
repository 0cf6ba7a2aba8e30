"""Versions of the worker side by side: who has which case, a part moved along, and what an older one leaves alone."""

import asyncio
import contextlib
import copy
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, Worker
from typer.testing import CliRunner

from activities.through_the_door import all_activities
from adapters import fleet, tables
from adapters.codec import codec_of
from adapters.desk import Desk
from adapters.fleet import NONE, Going, Part, Standing
from adapters.letters.tray import Tray
from adapters.relay import Relay
from adapters.temporal import banjie_plugin, worker_options
from cli.app import program
from models.facts import Facts
from models.refusals import Malformed
from tests.workflow.desks import Office, client_of
from worker import make_worker
from workflows import process
from workflows.petition import Petition
from workflows.process import NEWEST_WAY, Start
from workflows.registry import WORKFLOWS

POLICY = "2026-11"


@pytest.fixture
async def apart(desk: Desk) -> Office:
    return Office(desk, await client_of(desk))


@contextlib.asynccontextmanager
async def a_worker(office: Office, version: str | None) -> AsyncIterator[None]:
    """A worker of a version, without a relay: `told` carries what there is."""
    named = office.desk.settings.model_copy(update={"worker_version": version})
    desk = Desk(named, office.desk.database, office.desk.door, office.desk.sealer, office.desk.moments)
    with ThreadPoolExecutor(4) as executor:
        async with make_worker(office.client, desk, executor):
            yield


async def told(office: Office) -> None:
    await Relay(office.desk.door, office.client, office.desk.settings.task_queue).once()
    await office.settled()


async def taken_into_use(office: Office, version: str, share: float | None = None) -> None:
    async def used() -> bool:
        try:
            await fleet.use(office.client, version, share, "test")
        except fleet.NoVersion:
            return False  # its worker is not known yet
        return True

    await office.until(used, f"version {version} is in use")


async def has(office: Office, part: Part, count: int) -> None:
    """Wait until Temporal, whose lists lag, tells that so many run so."""

    async def counted() -> bool:
        return len(await fleet.members(office.client, part)) == count

    await office.until(counted, f"{count} of {part}")


async def typed(office: Office, *arguments: str) -> str:
    """Type ``banjie fleet …`` and return what it says."""
    settings = office.desk.settings
    place = {"TEMPORAL_ADDRESS": str(settings.temporal_address), "TEMPORAL_NAMESPACE": settings.temporal_namespace}
    command = ["fleet", *arguments, "--data", str(settings.data)]
    runner = CliRunner(env={**place, "COLUMNS": "240"})
    answer = await asyncio.to_thread(runner.invoke, program(["fleet", "up"]), command, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


async def test_a_part_of_the_fleet_moves_to_another_version_and_nothing_rings_or_posts_twice(apart: Office) -> None:
    async with a_worker(apart, None):
        cases = [await apart.petition() for _ in range(3)]
        for case in cases:
            await apart.perform("accept", "clerk", case)
        await told(apart)
        await has(apart, Part(POLICY, NONE), 3)
    async with a_worker(apart, "1.0"), a_worker(apart, "2.0"):
        await taken_into_use(apart, "1.0")
        moved = await fleet.move(apart.client, Part(POLICY, NONE), "test")
        assert moved is not None

        async def over() -> bool:
            return (await fleet.progress(apart.client, moved)).over

        await apart.until(over, "the move is over")
        (found,) = await fleet.moves(apart.client)
        assert (found.part, found.going, found.total, found.told, found.failed, found.left) == (
            *(Part(POLICY, NONE), Going.COMPLETED),
            *(3, 3, 0, 0),
        )
        await has(apart, Part(POLICY, "1.0"), 3)
        seen = await fleet.look(apart.client, [POLICY])
        assert {each.name: each.standing for each in seen.versions} == {
            "1.0": Standing.CURRENT,
            "2.0": Standing.INACTIVE,
            NONE: Standing.INACTIVE,
        }
        assert (seen.total, seen.of(POLICY, "1.0"), seen.of(version="2.0"), seen.of(NONE)) == (3, 3, 0, 0)
        # The next version: whoever has something to do goes along by itself, the rest when it is moved.
        await taken_into_use(apart, "2.0", 100)
        await taken_into_use(apart, "2.0")
        await apart.perform("withdraw", "clerk", cases[0], reason="已解决")
        await told(apart)
        told_of = json.loads((await typed(apart, "move", "--version", "1.0", "--json")).splitlines()[0])["move"]
        assert (told_of["part"], told_of["failed"], told_of["left"]) == ("version=1.0", 0, 0)
        await has(apart, Part(POLICY, "2.0"), 2)
        await has(apart, Part(version="1.0"), 0)
        assert "没有这样的在办流程" in await typed(apart, "move", "--version", "1.0")
        table = await typed(apart, "show", "--policy", POLICY)
        assert all(word in table for word in ("2.0", "当前 current", "腾退中 draining", *cases[1:]))
        alarms = [apart.case(case).alarm for case in cases[1:]]
        await told(apart)
        assert [apart.case(case).alarm for case in cases[1:]] == alarms
        assert all(alarms)
    for case in cases:
        assert apart.events(case)[:3] == ["registered", "accepted", "carried_out"]
        assert apart.events(case)[3:] in ([], ["withdrawn"])
    assert apart.letters() == apart.letters_owed()


async def test_what_is_under_way_is_finished_before_a_case_is_continued(apart: Office) -> None:
    case = await apart.petition()
    await apart.perform("accept", "clerk", case)
    with apart.desk.database.writing() as connection:
        connection.execute(sa.delete(tables.outbox))
    start = {"case": case, "facts": apart.desk.door.facts(apart.case(case)), "way": 1}
    async with a_worker(apart, None):
        with apart.desk.database.writing():  # the letter's record waits for the database
            queue = apart.desk.settings.task_queue
            handle = await apart.client.start_workflow("Petition", start, id=f"case-{case}", task_queue=queue)

            async def carrying() -> bool:
                return len((await handle.describe()).raw_description.pending_activities) == 1

            await apart.until(carrying, "the letter is on its way")
            await apart.handle(case).signal("renew")

            async def heard() -> bool:
                events = [each async for each in handle.fetch_history_events()]
                after = [each.HasField("workflow_execution_signaled_event_attributes") for each in events]
                done = [each.HasField("workflow_task_completed_event_attributes") for each in events]
                return True in after and True in done[after.index(True) :]

            await apart.until(heard, "it has heard that it is to continue as new")
            assert await carrying()

        async def continued() -> bool:
            return (await apart.handle(case).describe()).run_id != handle.result_run_id

        await apart.until(continued, "it has continued")
        await apart.settled()
    assert apart.events(case) == ["registered", "accepted", "carried_out"]
    assert apart.letters() == apart.letters_owed()


@workflow.defn(name="Petition", sandboxed=False)
class Before(Petition):
    """A petition's process manager as it was before anybody could ask it to continue as new."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: Start) -> Facts:
        return await super().run(start)


_defined = workflow._Definition.must_from_class(Before)
object.__setattr__(_defined, "signals", {name: each for name, each in _defined.signals.items() if name != "renew"})


async def test_a_signal_that_an_older_worker_passed_by_breaks_nothing_when_a_newer_one_reads_on(apart: Office) -> None:
    older = [Before, *(each for each in WORKFLOWS if each is not Petition)]
    with ThreadPoolExecutor(4) as executor:
        async with Worker(
            apart.client,
            task_queue=apart.desk.settings.task_queue,
            workflows=older,
            activities=all_activities(apart.desk.door, apart.desk.sealer, Tray(apart.desk.tray)),
            activity_executor=executor,
            **worker_options(),
        ):
            case = await apart.petition()
            await told(apart)
            await apart.handle(case).signal("renew")
            await apart.perform("accept", "clerk", case)
            await told(apart)
    history: WorkflowHistory = await apart.handle(case).fetch_history()
    plugin = banjie_plugin(codec_of(apart.desk.sealer.keys))
    await Replayer(workflows=list(WORKFLOWS), plugins=[plugin]).replay_workflow(copy.deepcopy(history))
    async with a_worker(apart, None):
        await apart.perform("withdraw", "clerk", case, reason="已解决")
        await told(apart)
    assert apart.events(case) == ["registered", "accepted", "carried_out", "withdrawn"]


async def test_what_a_newer_version_began_an_older_one_leaves_to_it(
    apart: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await apart.petition()
    async with a_worker(apart, None):
        start = {"case": case, "way": NEWEST_WAY + 1, "later": "a field that nobody here knows"}
        queue = apart.desk.settings.task_queue
        handle = await apart.client.start_workflow(
            "Petition",
            start,
            id=f"case-{case}",
            task_queue=queue,
            task_timeout=timedelta(seconds=1),  # a task that failed is tried again after this long
        )

        async def left() -> bool:
            found = [each async for each in handle.fetch_history_events()]
            return any("NewerWay" in str(each.workflow_task_failed_event_attributes.failure) for each in found)

        await apart.until(left, "the older worker has left it")
        assert (await apart.handle(case).describe()).status is not None
        # Now that version comes up.
        monkeypatch.setattr(process, "NEWEST_WAY", NEWEST_WAY + 1)

        async def taken() -> bool:
            known = await apart.known(case)
            return known is not None and known.seq == 1

        await apart.until(taken, "the newer worker has taken it")


def test_what_a_newer_version_tells_beside_is_passed_over() -> None:
    told = {"case": "X", "kind": "petition", "seq": 1, "status": "registered", "stage": "intake", "later": 1}
    assert Facts.model_validate(told).seq == 1


@pytest.mark.parametrize("part", [Part(), Part("2026-11"), Part(version=NONE), Part("2026-11", "1.0")])
def test_a_part_is_written_as_it_is_read(part: Part) -> None:
    assert Part.of(str(part)) == part


@pytest.mark.parametrize("part", [Part("x' OR CaseKind = 'y"), Part(version="1 0")])
def test_a_name_that_is_none_finds_nothing(part: Part) -> None:
    with pytest.raises(Malformed):
        part.query()
