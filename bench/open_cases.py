"""Many open cases (``--open 100000``): revived from the ledger alone, held, started again, reconciled, backed up.

The ledger is filled at the door before there is an engine; then an engine with an empty Temporal finds it and starts
every case's workflow, as it does after Temporal's database was lost or the ledger was restored.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from adapters.backup import Progress
from adapters.backup.restoring import restore
from adapters.backup.taking import take
from adapters.codec import codec_of
from adapters.desk import Desk, open_desk
from adapters.door import Order
from adapters.reconciling import Reconciling, running
from adapters.reviving import queued
from adapters.settings import Settings
from adapters.temporal import connect
from bench import machine
from bench.engine import Engine
from bench.plan import Plan
from bench.report import Figure, number
from models.envelope import Envelope

OPEN: Final = (2_000, 300)
AT_ONCE: Final = 250
HOURS: Final = 3600.0
"""Seconds after which waiting is given up."""


def run(plan: Plan) -> list[Figure]:
    """Fill a ledger, start an engine on it, start it again, and go through everything."""
    count = plan.open_cases or plan.size(*OPEN)
    folder = plan.place("open")
    _fill(plan, folder, count)
    with plan.bar("open, revived", count) as forward, Engine(folder) as engine:
        began = time.perf_counter()
        done = 0
        for left in _left(engine.desk):
            forward(count - left - done)
            done = count - left
        sent = time.perf_counter() - began
        settled = asyncio.run(_all_run(engine.desk, count))
        revived = time.perf_counter() - began
        server, worker = engine.memory()
        stored = engine.stored()
        reconciled, asked = asyncio.run(_reconciled(engine.desk))
        backed, size = _backed_up(engine.desk, folder)
    # The engine's bench tells by the log that the worker is ready.
    (folder / "worker.log").unlink()
    began = time.perf_counter()
    with Engine(folder) as engine:
        again = time.perf_counter() - began
        engine.desk.door.perform([_registration(count)])
        for _ in _left(engine.desk):
            pass
        first = time.perf_counter() - began
        ready_server, ready_worker = engine.memory()
    restored = _restored(folder, plan.place("open-restored"))
    mib = machine.MIB
    return [
        Figure(
            section="open",
            what=f"{count:,} open cases revived from the ledger into an empty Temporal",
            ours=count / revived,
            unit="cases/s",
            note=f"all sent after {number(sent)} s, {settled:,} run after {number(revived)} s; server"
            f" {number(server / mib)} MiB, worker {number(worker / mib)} MiB, server's file {number(stored / mib)} MiB",
            details={"server": server, "worker": worker, "stored": stored, "seconds": revived},
        ),
        Figure(
            section="open",
            what="the engine started again with them",
            ours=again,
            unit="s",
            smaller=True,
            note=f"server, ledger, worker ready; a new case's manager started after {number(first)} s; server"
            f" {number(ready_server / mib)} MiB, worker {number(ready_worker / mib)} MiB then",
        ),
        Figure(
            section="open",
            what="reconciled: ledger, process managers, read model",
            ours=asked / reconciled,
            unit="cases/s",
            note=f"{asked:,} managers asked in {number(reconciled)} s, nothing differs",
        ),
        Figure(
            section="open",
            what="backed up beside the engine, and checked",
            ours=count / backed,
            unit="cases/s",
            note=f"{number(size / mib)} MiB in {number(backed)} s; restored and verified in {number(restored)} s",
        ),
    ]


def _fill(plan: Plan, folder: Path, count: int) -> None:
    desk = open_desk(Settings.load(data=folder))
    try:
        with plan.bar("open, registering", count) as forward:
            for start in range(0, count, AT_ONCE):
                some = range(start, min(start + AT_ONCE, count))
                for order in desk.door.take([Order([_registration(place)]) for place in some]):
                    order.answer()
                forward(len(some))
    finally:
        desk.close()


def _registration(place: int) -> Envelope:
    # Each of a place of its own, else all of them would be one storm.
    data: dict[str, JsonValue] = {
        "channel": "letter",
        "place": f"白马乡{place}号院",
        "summary": f"第{place}号院反映夜间施工噪声扰民",
    }
    return Envelope(id=f"open/{place}", actor="clerk", command="register", data=data)


def _left(desk: Desk) -> Iterator[int]:
    """Yield how many workflows are still to be started, until none is."""
    deadline = time.monotonic() + HOURS
    while left := queued(desk.database):
        yield left
        if time.monotonic() > deadline:
            message = f"{left} signals were not sent"
            raise RuntimeError(message)
        time.sleep(0.2)
    yield 0


async def _all_run(desk: Desk, count: int) -> int:
    """Wait until Temporal lists them all; return how many."""
    client = await connect(desk.settings, codec_of(desk.sealer.keys))
    deadline = time.monotonic() + HOURS
    while len(found := await running(client, desk.settings.task_queue)) < count:
        if time.monotonic() > deadline:
            message = f"{len(found)} of {count} workflows run"
            raise RuntimeError(message)
        await asyncio.sleep(0.5)
    return len(found)


async def _reconciled(desk: Desk) -> tuple[float, int]:
    client = await connect(desk.settings, codec_of(desk.sealer.keys))
    began = time.perf_counter()
    report = await Reconciling(desk.door, client, desk.settings.task_queue).run(sample=0)
    seconds = time.perf_counter() - began
    if report.found or report.unasked:
        message = f"{len(report.found)} cases differ, {report.unasked} managers did not answer"
        raise RuntimeError(message)
    return seconds, report.asked


@contextlib.contextmanager
def _quietly(label: str) -> Iterator[Progress]:
    del label
    yield lambda *_: None


def _backed_up(desk: Desk, folder: Path) -> tuple[float, int]:
    began = time.perf_counter()
    take(desk, folder / "backup", folder / "backup-keys", _quietly)
    seconds = time.perf_counter() - began
    return seconds, sum(path.stat().st_size for path in (folder / "backup").iterdir())


def _restored(folder: Path, into: Path) -> float:
    began = time.perf_counter()
    restore(folder / "backup", folder / "backup-keys", Settings.load(data=into), _quietly, by="os:bench")
    return time.perf_counter() - began
