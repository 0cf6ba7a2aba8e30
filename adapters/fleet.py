"""The fleet: which case runs under which policy and which version of the worker, and moving a part of it along.

Everything here is read from Temporal, which alone knows it; the ledger is not touched. A part is moved by a batch
operation of the server's own: it goes on whoever watches, and its progress can be asked for by anybody.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self, TypeVar

from temporalio.api.batch.v1 import BatchOperationSignal
from temporalio.api.enums.v1 import BatchOperationState, WorkerDeploymentVersionStatus
from temporalio.api.workflowservice.v1 import (
    DescribeBatchOperationRequest,
    DescribeWorkerDeploymentRequest,
    ListBatchOperationsRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
    StartBatchOperationRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from adapters.engine_record import read_engine
from adapters.settings import Settings
from adapters.temporal import DEPLOYMENT, TemporalUnavailableError, connect
from models.refusals import Malformed, Refused
from models.vocabulary import Term

Found = TypeVar("Found")
RUNNING: Final = "CaseKind IS NOT NULL AND ExecutionStatus = 'Running'"
"""What finds every workflow of a case; the anchor, the meetings' makers and the server's own have no kind."""
NONE: Final = "-"
"""Stands for no version, or for no policy told: a worker without versions, a run begun by an older relay."""
VERSION: Final = "TemporalWorkerDeploymentVersion"
POLICY: Final = "CasePolicy"
RENEW: Final = "renew"
"""The signal upon which a process manager continues as new (``workflows.process``)."""
PATIENCE: Final = timedelta(seconds=3)
SHOWN: Final = 50
MOVES: Final = 5


class NoVersion(Refused):
    """没有版本“{version}”的工作进程，或尚未接入。请先启动它（BANJIE_WORKER_VERSION={version}）。
    No worker of version "{version}" has come up yet: start one first (BANJIE_WORKER_VERSION={version}).
    """  # noqa: D205 - as with every refusal, the sentence in both languages


class Standing(Term):
    """What a version is to the fleet."""

    CURRENT = "current", "当前", "current"
    RAMPING = "ramping", "试行", "ramping"
    DRAINING = "draining", "腾退中", "draining"
    DRAINED = "drained", "已腾空", "drained"
    INACTIVE = "inactive", "未启用", "not in use"


class Going(Term):
    """How far a move has come, as the server tells it."""

    RUNNING = "running", "进行中", "under way"
    COMPLETED = "completed", "已通知完毕", "all told"
    FAILED = "failed", "失败", "failed"


@dataclass(frozen=True)
class Part:
    """A part of the fleet: by policy, by version; None is any, ``NONE`` those that have none."""

    policy: str | None = None
    version: str | None = None

    @classmethod
    def of(cls, told: str) -> Self:
        """Read what ``str`` writes."""
        pairs = dict(each.split("=", 1) for each in told.split() if "=" in each)
        return cls(pairs.get("policy"), pairs.get("version"))

    def __str__(self) -> str:
        """Write it as an operator types it."""
        pairs = {"policy": self.policy, "version": self.version}
        return " ".join(f"{name}={value}" for name, value in pairs.items() if value) or "*"

    def query(self) -> str:
        """Return what finds it.

        Raises:
            Malformed: a name is none.
        """
        version = self.version if self.version in {None, NONE} else f"{DEPLOYMENT}:{self.version}"
        pairs = ((POLICY, "policy", self.policy), (VERSION, "version", version))
        return " AND ".join([RUNNING, *(_is(key, field, value) for key, field, value in pairs if value)])


def _is(key: str, field: str, value: str) -> str:
    if value == NONE:
        return f"{key} IS NULL"
    if not all(mark.isalnum() or mark in ":._-" for mark in value):
        raise Malformed(field=field, why="字母、数字、点、横线 / letters, digits, dots, dashes")
    return f"{key} = '{value}'"


@dataclass(frozen=True)
class Version:
    """A version of the worker; ``share`` is the percentage of it that is tried, of one that is ramping."""

    name: str
    standing: Standing
    share: float = 0.0


@dataclass(frozen=True)
class Fleet:
    """How many cases run under which policy and version; ``counts`` are of parts with both named."""

    total: int
    versions: tuple[Version, ...]
    policies: tuple[str, ...]
    counts: dict[Part, int]

    def of(self, policy: str | None = None, version: str | None = None) -> int:
        """Return how many run under a policy, a version, or both."""
        return sum(
            n
            for part, n in self.counts.items()
            if (policy is None or part.policy == policy) and (version is None or part.version == version)
        )


@dataclass(frozen=True)
class Member:
    """A case that runs: since when this run does; ``version`` of the worker that had it last."""

    case: str
    policy: str
    version: str
    since: datetime


@dataclass(frozen=True)
class Move:
    """A part being moved: how many were to be told, how many were, and how many still run as they did."""

    name: str
    part: Part
    going: Going
    total: int
    told: int
    failed: int
    left: int
    began: datetime

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.going is not Going.RUNNING and (self.left == 0 or self.going is Going.FAILED)


async def look(client: Client, policies: Sequence[str]) -> Fleet:
    """Return how many cases run under which of these policies, and which version.

    Raises:
        RPCError: Temporal does not answer.
    """
    versions = await _versions(client)
    named = (*sorted(policies), NONE)
    parts = [Part(policy, each.name) for policy in named for each in versions]
    total, *counts = await asyncio.gather(*(_count(client, part.query()) for part in (Part(), *parts)))
    return Fleet(total, versions, named, dict(zip(parts, counts, strict=True)))


async def _count(client: Client, query: str) -> int:
    return (await client.count_workflows(query)).count


async def _versions(client: Client) -> tuple[Version, ...]:
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        info = (await client.workflow_service.describe_worker_deployment(request)).worker_deployment_info
    except RPCError as fault:
        # The skipping server of the tests knows no deployments at all.
        if fault.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.UNIMPLEMENTED}:
            raise
        return (Version(NONE, Standing.CURRENT),)
    current = info.routing_config.current_deployment_version.build_id
    found = [
        Version(
            each.deployment_version.build_id,
            _standing(each.status),
            info.routing_config.ramping_version_percentage
            if each.deployment_version.build_id == info.routing_config.ramping_deployment_version.build_id
            else 0.0,
        )
        for each in info.version_summaries
    ]
    return (*found, Version(NONE, Standing.INACTIVE if current else Standing.CURRENT))


def _standing(status: "WorkerDeploymentVersionStatus.ValueType") -> Standing:
    name = WorkerDeploymentVersionStatus.Name(status).removeprefix("WORKER_DEPLOYMENT_VERSION_STATUS_").lower()
    return next((each for each in Standing if each.value == name), Standing.INACTIVE)


async def members(client: Client, part: Part, limit: int = SHOWN) -> list[Member]:
    """Return the cases of a part, those first whose run began last."""
    found = []
    async for each in client.list_workflows(part.query(), limit=limit):
        given = each.search_attributes
        told = [str(value) for value in given.get(VERSION, [])]
        builds = [str(value) for value in given.get("BuildIds", []) if ":" in str(value)]
        version = told[0].partition(":")[2] if told else f"{NONE} {' '.join(builds).replace('unversioned:', '')}"
        policy = str(next(iter(given.get(POLICY, [])), NONE))
        found.append(Member(each.id.removeprefix("case-"), policy, version.strip(), each.start_time))
    return found


async def told(client: Client, policies: Sequence[str], part: Part) -> tuple[Fleet, list[Member], list[Move]]:
    """Return the fleet, the cases of a part where one is named, and the newest moves."""
    found = await members(client, part) if part != Part() else []
    return await look(client, policies), found, await moves(client)


async def use(client: Client, version: str, share: float | None, by: str) -> None:
    """Have a version take what comes and what runs, or a percentage of it; ``NONE`` is workers without versions.

    Raises:
        NoVersion: no worker of that version has been seen.
        Malformed: not a percentage.
    """
    if share is not None and not 0 <= share <= 100:
        raise Malformed(field="share", why="0–100")
    service, build = client.workflow_service, "" if version == NONE else version
    current = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build, identity=by
    )
    ramping = SetWorkerDeploymentRampingVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build, identity=by, percentage=share or 0.0
    )
    try:
        if share is None:
            await service.set_worker_deployment_current_version(current)
        else:
            await service.set_worker_deployment_ramping_version(ramping)
    except RPCError as fault:
        if fault.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}:
            raise
        raise NoVersion(version=version) from None


async def move(client: Client, part: Part, by: str) -> str | None:
    """Wake every case of a part and have it continue as new; return the move's name, None where there is no case."""
    query = part.query()
    if not await _count(client, query):
        return None
    name = f"move-{uuid.uuid4().hex[:12]}"
    await client.workflow_service.start_batch_operation(
        StartBatchOperationRequest(
            namespace=client.namespace,
            job_id=name,
            visibility_query=query,
            reason=str(part),
            signal_operation=BatchOperationSignal(signal=RENEW, identity=by),
        )
    )
    return name


async def moves(client: Client, limit: int = MOVES) -> list[Move]:
    """Return the newest moves."""
    request = ListBatchOperationsRequest(namespace=client.namespace, page_size=limit)
    answer = await client.workflow_service.list_batch_operations(request)
    names = [each.job_id for each in answer.operation_info if each.job_id.startswith("move-")]
    return list(await asyncio.gather(*(progress(client, name) for name in names[:limit])))


async def progress(client: Client, name: str) -> Move:
    """Return how far a move has come."""
    told = await client.workflow_service.describe_batch_operation(
        DescribeBatchOperationRequest(namespace=client.namespace, job_id=name)
    )
    began = told.start_time.ToDatetime(UTC)
    part = Part.of(told.reason)
    state = BatchOperationState.Name(told.state).removeprefix("BATCH_OPERATION_STATE_").lower()
    left = await _count(client, f"{part.query()} AND StartTime < '{began.isoformat()}'")
    return Move(
        name,
        part,
        next((each for each in Going if each.value == state), Going.RUNNING),
        told.total_operation_count,
        told.complete_operation_count,
        told.failure_operation_count,
        left,
        began,
    )


def asked(settings: Settings, what: Callable[[Client], Awaitable[Found]]) -> Found:
    """Connect, ask, and let go again; from a thread of its own.

    Raises:
        TemporalUnavailableError: Temporal does not answer.
    """

    async def ask() -> Found:
        try:
            # Nothing that is encrypted is read or sent here.
            return await what(await connect(settings, None, patience=PATIENCE))
        except RPCError as fault:
            raise TemporalUnavailableError(
                f"Temporal 未能回答：{fault}。", f"Temporal did not answer: {fault}."
            ) from fault

    if settings.embedded and read_engine(settings.data) is None:
        raise TemporalUnavailableError("Temporal 未运行（banjie up）。", "Temporal does not run (banjie up).")
    return asyncio.run(ask())
