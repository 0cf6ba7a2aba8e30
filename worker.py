"""Door 1: a worker. It hosts the workflows and the activities and carries the outbox; run as many as you like.

``python worker.py`` connects to the Temporal and the database that the settings name and drains on SIGTERM or Ctrl-C.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import alembic.command
import apprise
import cryptography.hazmat.primitives.ciphers.aead
import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.through_the_door import all_activities
from adapters import SetupError
from adapters.codec import codec_of
from adapters.desk import Desk, open_desk
from adapters.hooks.telling import Telling
from adapters.letters.tray import Tray
from adapters.logs import configure_logs
from adapters.observing.port import observed
from adapters.observing.tracing import traced
from adapters.relay import Relay
from adapters.schedules import Schedules
from adapters.settings import Settings
from adapters.similar.storms import Comparing
from adapters.temporal import (
    DEPLOYMENT,
    connect,
    ensure_search_attributes,
    interceptors,
    runtime_of,
    worker_options,
)
from adapters.weather.watching import Watching
from workflows.registry import WORKFLOWS

log = structlog.get_logger()

EARLY = (alembic.command, apprise, cryptography.hazmat.primitives.ciphers.aead)
"""What commands load late is loaded here at once: while workflows run, their sandbox has a hand in every import, in
other threads too."""
THREADS = 32
"""Activities that may be under way at once; they mostly wait for the database."""
LONGEST_DRAIN = 20.0
"""Seconds until a worker that does not end is left: twice what its activities have to finish."""
GIVE_UP = 5
"""Cancels, a second apart, after which nothing more is tried."""
PATIENCE = 2.0
"""Seconds an activity waits for the database before Temporal takes over the waiting."""


def make_worker(client: Client, desk: Desk, executor: ThreadPoolExecutor) -> Worker:
    """Return a worker with everything it hosts; tests use the same one."""
    return Worker(
        client,
        task_queue=desk.settings.task_queue,
        workflows=list(WORKFLOWS),
        activities=all_activities(
            desk.door, desk.sealer, Tray(desk.tray), desk.settings.data, desk.settings.witness_folder
        ),
        activity_executor=executor,
        deployment_config=deployed(desk.settings),
        **worker_options(),
    )


def deployed(settings: Settings) -> WorkerDeploymentConfig:
    """Return which version a worker is, and whether Temporal gives work out by versions (docs/upgrades.md).

    A worker that is named no version is called by the package's, so that it is not worked out from the text of every
    module loaded, which takes a second. What runs may go on with any version, so it moves along by itself; that is said
    here and never on a workflow, for a worker without versions would then fail every task.
    """
    named = settings.worker_version
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(DEPLOYMENT, named or version("banjie")),
        use_worker_versioning=named is not None,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE if named else VersioningBehavior.UNSPECIFIED,
    )


async def work(desk: Desk, client: Client, stop: asyncio.Event) -> None:
    """Work until told to stop, then drain: activities under way finish, nothing new is begun."""
    await ensure_search_attributes(client)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="activity") as executor:
        async with running(make_worker(client, desk, executor)) as worker:
            pulse = asyncio.create_task(desk.pulse.run())
            relay = asyncio.create_task(Relay(desk.door, client, desk.settings.task_queue).run())
            hooks = asyncio.create_task(Telling(desk).run())
            comparing = asyncio.create_task(Comparing(desk).run())
            weather = asyncio.create_task(Watching(desk).run())
            schedules = asyncio.create_task(Schedules(desk, client).run())
            stopped: asyncio.Task[object] = asyncio.create_task(stop.wait())
            log.info("worker_ready", task_queue=desk.settings.task_queue, version=desk.settings.worker_version)
            beside = (relay, hooks, comparing, weather, schedules, pulse)
            try:
                await asyncio.wait({*beside, stopped, worker}, return_when=asyncio.FIRST_COMPLETED)
                for ended in (*beside, worker):
                    if ended.done():
                        ended.result()
            finally:
                for each in (*beside, stopped):
                    each.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await each
    log.info("worker_drained")


@contextlib.asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    """Run a worker, and have it drained at the end, but not wait for ever.

    The library's own ``async with`` waits for polls that the server has to end, and seldom one is not ended
    (github.com/temporalio/sdk-rust, issue 1297): Ctrl-C would then stop nothing. By that time all activities have had
    their time, and whatever else was under way is done again elsewhere.
    """
    task = asyncio.create_task(worker.run())
    try:
        yield task
    finally:
        stopping = asyncio.create_task(worker.shutdown())
        await asyncio.wait({task}, timeout=LONGEST_DRAIN)
        tries = 0
        while not task.done() and tries < GIVE_UP:
            # It notices a cancel at each of its own waits, so one is not enough.
            log.warning("worker_not_drained", waited=LONGEST_DRAIN)
            tries += 1
            task.cancel()
            await asyncio.wait({task}, timeout=1)
        stopping.cancel()


async def serve(settings: Settings) -> None:
    """Open the installation, connect, and work until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    desk = open_desk(settings, patience=PATIENCE)
    try:
        with traced("banjie-worker"), observed(desk):
            codec, runtime = codec_of(desk.sealer.keys), runtime_of(settings)
            await work(desk, await connect(settings, codec, interceptors=interceptors(), runtime=runtime), stop)
    finally:
        desk.close()


def main() -> int:
    """Run one worker; exit 0 after draining, 3 where the database or Temporal cannot be reached."""
    # What this process writes is nobody else's to read.
    os.umask(0o077)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="数据目录 / data folder")
    arguments = parser.parse_args()
    try:
        settings = Settings.load(arguments.data)
        configure_logs(settings.log_format, settings.log_level)
        asyncio.run(serve(settings))
    except SetupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
