"""Records the golden histories anew: `python -m tests.replay.record [STORY …]`, from the repository's folder.

Every story is played on the real server; the histories of its workflows (every run) are kept beside the events that the
ledger has of the same cases. Run it when a workflow's commands are meant to change, and look at what changed.
"""

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from pathlib import Path

from pydantic import JsonValue
from temporalio.client import WorkflowExecution

from adapters.codec import codec_of
from adapters.embedded import EmbeddedTemporal
from models.event import Recorded
from tests import sealing
from tests.replay.golden import Golden, Life, Told
from tests.replay.playing import Story
from tests.replay.stories import STORIES
from tests.workflow.desks import Office, a_desk, client_of, running


def told(recorded: Recorded) -> Told:
    """What is kept of an event: enough to pair it with the workflow's commands, nothing that anybody wrote."""
    said = recorded.event.said
    return Told(
        seq=recorded.seq,
        name=recorded.event.name,
        role=recorded.event.role,
        clock=str(said["clock"]) if "clock" in said else None,
        rung=str(said["rung"]) if "rung" in said else None,
        due_at=str(said["due_at"]) if "due_at" in said else None,
        reaction=str(said["reaction"]) if "reaction" in said else None,
    )


async def plain(office: Office, run: WorkflowExecution) -> dict[str, JsonValue]:
    """A run's history with its payloads opened: the key ends with the desk."""
    history = await office.client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
    return await sealing.told(history, codec_of(office.desk.sealer.keys))


async def life(office: Office, case: str) -> Life:
    """Every run of a case's workflow, the first one first, and the case's events."""
    found = [each async for each in office.client.list_workflows(f"WorkflowId = 'case-{case}'")]
    runs = [await plain(office, each) for each in sorted(found, key=lambda each: each.start_time)]
    return Life(case=case, runs=runs, events=[told(each) for each in office.history(case)])


async def beside_cases(office: Office, kind: str) -> tuple[str, dict[str, JsonValue]]:
    """A workflow of a kind that is no case's: the longest history of those that have ended, which did the most."""
    ended = f"WorkflowType = '{kind}' AND ExecutionStatus = 'Completed'"
    found = [each async for each in office.client.list_workflows(ended)]
    runs = [await plain(office, each) for each in found[:50]]
    return f"a-{kind.lower()}", max(runs, key=lambda run: len(str(run)))


async def seen(office: Office, cases: list[str]) -> None:
    """Wait until the server lists every run."""

    async def listed() -> bool:
        names = {each.id async for each in office.client.list_workflows()}
        return {f"case-{case}" for case in cases} <= names

    await office.until(listed, "the workflows are listed")


async def record(name: str, story: Story, folder: Path) -> Golden:
    """Play a story on a server of its own and return what is to be kept."""
    server = EmbeddedTemporal(folder / "temporal", ui=False, restart=False, dynamic=story.dynamic)
    await asyncio.to_thread(server.start)
    try:
        desk = await asyncio.to_thread(
            a_desk,
            folder / "desk",
            moments=story.clock(),
            temporal_address=server.address,
            witness_folder=folder / "witness" if story.witnessed else None,
        )
        with contextlib.closing(desk):
            async with running(desk, await client_of(desk)) as office:
                cases = await story.play(office)
                await office.settled()
                await seen(office, cases)
                lives = [await life(office, case) for case in cases]
                beside = dict([await beside_cases(office, kind) for kind in story.beside])
    finally:
        await asyncio.to_thread(server.stop)
    # Who recorded it, and where, is nobody's business.
    return Golden(story=name, lives=lives, beside=beside).without(
        f"{os.getpid()}@{socket.gethostname()}", socket.gethostname()
    )


async def main(names: list[str]) -> None:
    """Record the named stories, or all."""
    for name in names or STORIES:
        with tempfile.TemporaryDirectory() as folder:
            golden = await record(name, STORIES[name], Path(folder))
        size = golden.save()
        events = sum(len(each.events) for each in golden.lives)
        print(f"{name}: {len(golden.lives)} cases, {events} events, {size} bytes")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
