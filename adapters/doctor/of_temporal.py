"""Temporal as a worker needs it: it answers, knows what operators search by, and somebody works off the queue."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from adapters.doctor.finding import Check, Finding
from adapters.settings import Settings
from adapters.temporal import (
    DEFAULT_ADDRESS,
    SEARCH_ATTRIBUTES,
    TemporalUnavailableError,
    connect,
    connect_config,
    search_attributes,
)

TEMPORAL: Final = Check("temporal", ("Temporal 服务", "Temporal"))
ATTRIBUTES: Final = Check("search_attributes", ("搜索属性", "search attributes"))
WORKERS: Final = Check("workers", ("工作进程", "workers"))
PATIENCE: Final = timedelta(seconds=3)
START: Final = (
    "启动：单机 banjie up，集群见 TEMPORAL_ADDRESS；登记和办理不受影响，时限提醒和文书待恢复后补发。",
    "Start it: banjie up on one machine, else see TEMPORAL_ADDRESS. The desk goes on; alarms and letters follow.",
)


def of_temporal(settings: Settings) -> Iterator[Finding]:
    """Look at it, for a few seconds at most."""
    yield from asyncio.run(_looked(settings))


async def _looked(settings: Settings) -> list[Finding]:
    try:
        address = connect_config(settings).get("target_host", DEFAULT_ADDRESS)
    except TemporalUnavailableError as fault:
        return [TEMPORAL.fault(fault)]
    try:
        # Nothing is read that is encrypted.
        client = await connect(settings, None, patience=PATIENCE)
        found = [TEMPORAL.well(f"{address}，命名空间 {client.namespace}", f"{address}, namespace {client.namespace}")]
        return [*found, await _attributes(client), await _workers(client, settings.task_queue)]
    except TemporalUnavailableError:
        return [TEMPORAL.bad((f"{address} 无应答", f"nothing answers at {address}"), START)]
    except RPCError as fault:
        return [TEMPORAL.bad((f"应答有误：{fault.status.name}", f"it answers: {fault.status.name}"), START)]


async def _attributes(client: Client) -> Finding:
    known = await search_attributes(client)
    missing = [each.name for each in SEARCH_ATTRIBUTES if known and each.name not in known]
    if not missing:
        return ATTRIBUTES.well("已登记", "registered")
    return ATTRIBUTES.warn(
        (f"缺 {'、'.join(missing)}", f"missing: {', '.join(missing)}"),
        (
            "启动一个工作进程即自动登记；无权限时它会给出命令。",
            "A worker registers them as it starts, or says the command.",
        ),
    )


async def _workers(client: Client, task_queue: str) -> Finding:
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        timeout=PATIENCE,
    )
    # The server keeps a poller for five minutes after it was last heard of.
    known = {each.identity for each in answer.pollers}
    if known:
        return WORKERS.well(f"近五分钟内 {len(known)} 个", f"{len(known)} heard of within five minutes")
    return WORKERS.bad(
        (f"任务队列 {task_queue} 无人处理：时限不响，文书不发。", f"Nobody works off {task_queue}: no alarm rings."),
        (
            "启动 banjie up 或 python worker.py，并核对 BANJIE_TASK_QUEUE。",
            "Start banjie up or python worker.py; see BANJIE_TASK_QUEUE.",
        ),
    )
