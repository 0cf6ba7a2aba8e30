"""Desks for tests of the process managers: one made in a line, a worker beside it, and waiting that says for what."""

import asyncio
import contextlib
import inspect
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from google.protobuf.duration_pb2 import Duration
from pydantic import JsonValue
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    RegisterNamespaceRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from adapters import queries, tables
from adapters.codec import codec_of
from adapters.database import Database
from adapters.desk import Desk
from adapters.door import Door
from adapters.embedded import EmbeddedTemporal
from adapters.moments import Moments, RealMoments
from adapters.relay import workflow_id
from adapters.sealed import sealer_of
from adapters.settings import Settings
from adapters.temporal import connect, ensure_search_attributes
from adapters.world_book import ORGANISATION, WorldBook
from models.case import Case
from models.envelope import Envelope, Receipt
from models.event import Recorded
from models.facts import Facts
from models.world import World
from tests import schemas
from tests.workflow.moments import MONDAY, SkippedMoments
from worker import work

COUNTY: Final[dict[str, JsonValue]] = {
    "name": "青溪县生态环境局",
    "units": [
        {"id": "desk", "zh": "信访办"},
        {"id": "enforcement", "zh": "执法大队"},
        {"id": "baima", "zh": "白马乡", "township": True},
    ],
    "people": [
        {"id": "clerk", "name": "周敏", "unit": "desk", "roles": ["clerk"]},
        {"id": "dispatcher", "name": "何平", "unit": "desk", "roles": ["dispatcher"], "posts": ["dispatcher"]},
        {"id": "li", "name": "李强", "unit": "enforcement", "roles": ["handler", "inspector"]},
        {"id": "zhao", "name": "赵静", "unit": "enforcement", "roles": ["inspector"]},
        {"id": "qian", "name": "钱进", "unit": "baima", "roles": ["handler", "inspector"], "posts": ["handler"]},
        {"id": "sun", "name": "孙立", "unit": "enforcement", "roles": ["leader"], "posts": ["unit_head"]},
        {"id": "xiang", "name": "向东", "unit": "baima", "roles": ["leader"], "posts": ["unit_head"]},
        {"id": "reviewer", "name": "吴清", "unit": "desk", "roles": ["reviewer"]},
        {"id": "other_reviewer", "name": "郑明", "unit": "desk", "roles": ["reviewer"]},
        # On leave, with somebody standing in.
        {
            "id": "deputy",
            "name": "冯涛",
            "unit": "county",
            "roles": ["leader"],
            "posts": ["deputy_leader", "case_leader"],
            "away": True,
            "delegate": "stand_in",
        },
        {"id": "stand_in", "name": "陈晨", "unit": "county", "roles": ["leader"]},
        {
            "id": "county_deputy",
            "name": "褚卫",
            "unit": "county",
            "roles": ["leader"],
            "posts": ["deputy_county_head"],
        },
        {"id": "magistrate", "name": "蒋县", "unit": "county", "roles": ["leader"], "posts": ["county_magistrate"]},
        # On leave, and nobody stands in: what is meant for the post falls upwards.
        {
            "id": "secretary",
            "name": "沈书",
            "unit": "county",
            "roles": ["leader"],
            "posts": ["party_secretary"],
            "away": True,
        },
        {"id": "duty", "name": "韩班", "unit": "county", "roles": ["leader"], "posts": ["duty_leader"]},
        {
            "id": "admin",
            "name": "杨管",
            "unit": "desk",
            "roles": ["administrator"],
            "posts": ["administrator"],
        },
    ],
}
"""An invented county. The enforcement team has no section head; two of the county's leaders are away."""


def a_desk(
    tmp: Path,
    database_url: str | None = None,
    moments: Moments | None = None,
    world: World | None = None,
    **settings: object,
) -> Desk:
    """Make a desk in a folder: its ledger migrated, its clock as given, the invented county in office."""
    found = Settings.load(data=tmp, database_url=database_url, **settings)
    tmp.mkdir(parents=True, exist_ok=True, mode=0o700)
    schemas.lay(found.database_url)
    database = Database(found.database_url)
    database.migrate()
    moments = moments or RealMoments()
    desk = Desk(found, database, Door(database, moments, WorldBook(world)), sealer_of(found, database), moments)
    organisation = Envelope(
        id="engine/organisation/first",
        case=ORGANISATION,
        actor="engine",
        command="define_organisation",
        data={"organisation": COUNTY},
    )
    desk.door.perform([organisation], trusted=True)
    return desk


VILLAGES = "梅兰竹菊松柏桃杏枫桂云泉溪岩坪湾桥塘湖岭"
"""What the villages of the petitions are made of, two characters each."""


async def until(
    what: Callable[[], object], tells: str, *, within: float = 60.0, show: Callable[[], object] = str
) -> None:
    """Ask (a function, or a coroutine's) until the answer is truthy.

    Raises:
        AssertionError: it never was within so many seconds; says what was waited for and how things stand.
    """
    deadline = time.monotonic() + within
    while True:
        answer = what()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > deadline:
            shown = show()
            raise AssertionError(
                f"after {within:g} s still not: {tells}\n{await shown if inspect.isawaitable(shown) else shown}"
            )
        await asyncio.sleep(0.02)


@dataclass
class Office:
    """A desk with a client of its Temporal; where it is `running`, with a worker and its relay beside it."""

    desk: Desk
    client: Client
    worker: "asyncio.Task[None] | None" = None
    envelopes: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    villages: Iterator[int] = field(default_factory=itertools.count)

    async def perform(self, command: str, actor: str, case: str | None = None, **data: object) -> Receipt:
        """Hand one command in at the door, as the desk does."""
        envelope = self.envelope(command, actor, case, **data)
        return (await asyncio.to_thread(self.desk.door.perform, [envelope]))[0]

    def envelope(self, command: str, actor: str, case: str | None = None, **data: object) -> Envelope:
        number = next(self.envelopes)
        return Envelope.model_validate(
            {"id": f"test-{number}", "case": case, "actor": actor, "command": command, "data": data}
        )

    async def petition(self, case: str | None = None, *, channel: str = "letter", **data: object) -> str:
        """Register a petition of a village of its own, so that several are no storm, and return its number."""
        first, second = divmod(next(self.villages), len(VILLAGES))
        place = f"白马乡{VILLAGES[second]}{VILLAGES[first]}村"
        told = {"channel": channel, "place": place, "summary": "夜间恶臭", **data}
        return (await self.perform("register", "clerk", case, **told)).case

    def case(self, name: str) -> Case:
        return queries.case(self.desk.database, name)

    def history(self, name: str) -> list[Recorded]:
        return queries.history(self.desk.database, name)

    def events(self, name: str) -> list[str]:
        return [recorded.event.name for recorded in self.history(name)]

    def when(self, case: str, event: str) -> datetime:
        """When the first event of that name was recorded."""
        return next(each.recorded_at for each in self.history(case) if each.event.name == event)

    def handle(self, case: str) -> WorkflowHandle[object, object]:
        return self.client.get_workflow_handle(workflow_id(case))

    async def status(self, case: str) -> WorkflowExecutionStatus:
        """The status of a case's workflow.

        Asked without the SDK's reading of the rest: the skipping server keeps a date taken back as a null, which the
        SDK cannot read.
        """
        return WorkflowExecutionStatus((await self._described(case)).workflow_execution_info.status)

    async def _described(self, case: str) -> DescribeWorkflowExecutionResponse:
        return await self.client.workflow_service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(
                namespace=self.client.namespace, execution=WorkflowExecution(workflow_id=workflow_id(case))
            )
        )

    async def known(self, case: str) -> Facts | None:
        """What the case's process manager knows; None while there is none."""
        try:
            known: Facts | None = await self.handle(case).query("known", result_type=Facts)
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return known

    async def settled(self, *names: str, within: float = 60.0) -> None:
        """Wait until nothing is under way: no signal, no overdue alarm, no reaction, and every manager knows its case.

        Args:
            names: only these cases; all if none is named.
            within: seconds.
        """
        confirmed: dict[str, int] = {}
        await self.until(lambda: self._settled(names, confirmed), "everything settled", within=within)

    async def until(self, what: Callable[[], object], tells: str, *, within: float = 60.0) -> None:
        """Wait for something; a worker that ended meanwhile is told at once."""

        async def asked() -> object:
            if self.worker and self.worker.done():
                self.worker.result()
                raise AssertionError(f"the worker ended while waiting for: {tells}")
            answer = what()
            return await answer if inspect.isawaitable(answer) else answer

        await until(asked, tells, within=within, show=self.told)

    async def told(self) -> str:
        """Where everything stands, for a failure's message: in the ledger, and with the managers."""
        lines = []
        for case in self.cases():
            pending = f" pending {case.pending}" if case.pending else ""
            lines.append(f"{case.id} {case.seq} {case.status} {case.alarm}{pending}")
            lines.append("   " + " ".join(self.events(case.id)))
            lines.append(f"   manager: {await self._manager(case.id)}")
        with self.desk.database.reading() as connection:
            lines += [f"outbox {tuple(row)}" for row in connection.execute(sa.select(tables.outbox))]
        return "\n".join(lines)

    async def _manager(self, case: str) -> str:
        try:
            answer = await self._described(case)
            known = await asyncio.wait_for(self.known(case), 5)
        except (RPCError, TimeoutError) as fault:
            return f"{type(fault).__name__} {fault}"
        status = WorkflowExecutionStatus(answer.workflow_execution_info.status)
        under_way = (answer.pending_activities, answer.pending_workflow_task)
        return f"{status.name}, knows event {known and known.seq}; {' '.join(str(under_way).split())}"

    def cases(self) -> list[Case]:
        return list(queries.listed(self.desk.database, queries.Filter()))

    def streams(self) -> list[Case]:
        """Every stream of the ledger: petitions, tasks, calendars, campaigns, policies, the organisation."""
        with self.desk.database.reading() as connection:
            states = connection.execute(sa.select(tables.cases.c.state)).scalars().all()
        return [Case.model_validate_json(state) for state in states]

    def outbox(self) -> int:
        """How many cases' facts wait to be sent."""
        with self.desk.database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar_one()

    def letters(self) -> set[str]:
        """The names of the letters in the tray."""
        return {each.name.removesuffix(".txt") for each in self.desk.tray.glob("*.txt")}

    def letters_owed(self, *names: str) -> set[str]:
        """The names under which the letters of these cases (of all) must lie in the tray, from their events."""
        return {
            reaction.replace("#", "_")
            for name in (names or [case.id for case in self.cases()])
            for recorded in self.history(name)
            for reaction in recorded.reaction_ids()
            if reaction.endswith(".letter")
        }

    async def _settled(self, names: tuple[str, ...], confirmed: dict[str, int]) -> bool:
        now = await asyncio.to_thread(self.desk.moments.now)
        if self.outbox() or queries.late(self.desk.database, now):
            return False
        # A calendar or a campaign sweeps through the cases; the lists leave these streams out.
        if any(case.pending for case in await asyncio.to_thread(self.streams) if not names or case.id in names):
            return False
        cases = [case for case in self.cases() if not names or case.id in names]
        waiting = [case for case in cases if confirmed.get(case.id, 0) < case.seq]
        for case, seq in zip(waiting, await asyncio.gather(*map(self._confirmed, waiting)), strict=True):
            confirmed[case.id] = seq
        return all(confirmed[case.id] >= case.seq for case in waiting)

    async def _confirmed(self, case: Case) -> int:
        """The last event that the case's manager knows; a manager that has ended had nothing more to know."""
        try:
            if case.resting:
                return case.seq if await self.status(case.id) is not WorkflowExecutionStatus.RUNNING else 0
            known = await self.known(case.id)
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                return case.seq
            raise
        return known.seq if known else 0


@contextlib.asynccontextmanager
async def running(desk: Desk, client: Client) -> AsyncIterator[Office]:
    """A worker with its relay, as production starts it; when this ends it has drained."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(desk, client, stop))
    try:
        yield Office(desk, client, task)
    finally:
        stop.set()
        await task


@contextlib.asynccontextmanager
async def at_the_skipping_desk(
    tmp: Path, environment: WorkflowEnvironment, epoch: datetime = MONDAY
) -> AsyncIterator[Office]:
    """A desk whose clock is the skipping server's, with a worker."""
    moments = await SkippedMoments.of(environment, epoch)
    desk = await asyncio.to_thread(a_desk, tmp / "desk", moments=moments)
    with contextlib.closing(desk):
        async with running(desk, environment.client) as office:
            yield office


async def client_of(desk: Desk) -> Client:
    """A client of the desk's Temporal, connected as the desk connects."""
    return await connect(desk.settings, codec_of(desk.sealer.keys))


async def a_namespace(server: EmbeddedTemporal, name: str, *, attributes: bool = True) -> None:
    """Make a namespace of the server, so that case numbers of one test mean nothing to another.

    Args:
        server: it runs.
        name: of the namespace; one that is there already is only completed.
        attributes: whether our search attributes are registered there.
    """
    client = await connect(Settings.load(data=server.data), None)
    request = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=Duration(seconds=86_400))
    try:
        await client.workflow_service.register_namespace(request)
    except RPCError as fault:
        if fault.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
    inside = await connect(Settings.load(data=server.data, temporal_namespace=name), None)

    async def there() -> bool:
        try:
            if attributes:
                await ensure_search_attributes(inside)
            else:
                await inside.count_workflows()
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    await until(there, f"namespace {name} known")
