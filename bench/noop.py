"""The floors under a case: workflows that do nothing but count what they are told, by signal or by update.

``python -m bench.noop ADDRESS`` hosts them, with the same settings as our own worker but no sandbox, no converter of
ours, no activities: whatever a case costs beyond these is ours.
"""

import asyncio
import signal
import sys
from typing import Final

from temporalio import workflow
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from adapters.temporal import worker_options

QUEUE: Final = "bench-noop"
READY: Final = "noop_ready"


@workflow.defn
class Told:
    """Ends when it was told so often by signal."""

    @workflow.init
    def __init__(self, times: int) -> None:
        self.left = times

    @workflow.run
    async def run(self, times: int) -> int:
        await workflow.wait_condition(lambda: self.left == 0)
        return times

    @workflow.signal
    def tell(self) -> None:
        self.left -= 1


@workflow.defn
class Asked:
    """Ends when it was asked so often by update."""

    @workflow.init
    def __init__(self, times: int) -> None:
        self.left = times

    @workflow.run
    async def run(self, times: int) -> int:
        await workflow.wait_condition(lambda: self.left == 0 and workflow.all_handlers_finished())
        return times

    @workflow.update
    async def ask(self) -> int:
        self.left -= 1
        return self.left


async def told(client: Client, name: str, times: int) -> None:
    """Start a workflow and signal it, one signal after the other, until it ends."""
    handle = await client.start_workflow("Told", times, id=name, task_queue=QUEUE, start_signal="tell", result_type=int)
    for _ in range(times - 1):
        await handle.signal("tell")
    await handle.result()


async def asked(client: Client, name: str, times: int) -> None:
    """Start a workflow and update it, one update after the other, until it ends."""
    start: WithStartWorkflowOperation[object, int] = WithStartWorkflowOperation(
        "Asked",
        times,
        id=name,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        result_type=int,
    )
    await client.execute_update_with_start_workflow("ask", start_workflow_operation=start)
    handle = await start.workflow_handle()
    for _ in range(times - 1):
        await handle.execute_update("ask")
    await handle.result()


async def host(address: str) -> None:
    """Host both until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await Client.connect(address)
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[Told, Asked],
        workflow_runner=UnsandboxedWorkflowRunner(),
        **worker_options(),
    ):
        print(READY, flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(host(sys.argv[1]))
