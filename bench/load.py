"""The relay's lag and what is got through, under a steady and under a full load.

One worker process and two, on SQLite (two share its file, on one machine) and on PostgreSQL. Each block has an engine
and a ledger of its own; the four take turns.

Lag begins where the ledger says that a command's event was recorded, so the rest of its transaction is counted too. It
ends with the workflow's first task that knew the event, by the history that Temporal keeps; on the way the relay hands
it over, which is the signal's own moment. Both clocks are this machine's. The outbox cannot tell: what is sent is gone
from it. Histories are read after the clock has stopped. Letters' outcomes are left out: a workflow knows them itself.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from adapters import queries
from adapters.codec import codec_of
from adapters.relay import workflow_id
from adapters.temporal import connect
from bench.engine import Engine, Use
from bench.plan import Plan
from bench.report import Figure, median, number, percentile
from bench.story import LIFE, envelope, lived
from bench.whole_case import EVENTS, Watch
from models.envelope import Receipt
from models.facts import Facts
from tests.servers import Postgres

TURNS: Final = (3, 1)
"""Turns of a full run and of a short one, unless fewer rounds are asked for."""
STEADY: Final = 20
"""Commands a second of the steady load, whatever the desk makes of them."""
ABREAST: Final = 10
"""Cases that live side by side then, so that each hears a command every half second and every event has its own way."""
GROUPS: Final = (4, 1)
DRIVERS: Final = 32
"""Cases under way at once in the full load: each driver begins the next when its case is settled."""
CASES: Final = (200, 40)
WARM: Final = (32, 8)
PATIENCE: Final = 300.0
"""Seconds after which waiting for a block is given up."""

Kind = tuple[str, int]
"""Which database, and how many workers."""


@dataclass
class Lags:
    """Milliseconds from the record of an event."""

    handed: list[float] = field(default_factory=list)
    """Until its workflow's history had the signal."""
    taken: list[float] = field(default_factory=list)
    """Until a task of the workflow that knew it had ended."""
    signals: int = 0

    def p(self, share: float) -> float:
        """Return a percentile of the whole way."""
        return percentile(self.taken, share)


@dataclass
class Trials:
    """What one database with so many workers did over all turns."""

    steady: Lags = field(default_factory=Lags)
    full: Lags = field(default_factory=Lags)
    rates: list[float] = field(default_factory=list)
    used: list[Use] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    """The machine's load average over the minute that each full load ended."""
    late: float = 0.0
    """Milliseconds by which the steady load's latest command came too late: more than a few, and it was not steady."""


def run(plan: Plan) -> list[Figure]:
    """Measure on both databases, with one worker and with two."""
    with Postgres(plan.place("postgres")) as server:
        fresh: dict[str, Callable[[], str | None]] = {
            "SQLite": lambda: None,
            "PostgreSQL": lambda: server.url(server.fresh()),
        }
        kinds: list[Kind] = [(name, workers) for name in fresh for workers in (1, 2)]
        done = {kind: Trials() for kind in kinds}
        turns = min(plan.rounds, plan.size(*TURNS))
        with plan.bar("load", turns * len(kinds)) as forward:
            for turn in range(turns):
                for name, workers in kinds if turn % 2 == 0 else reversed(kinds):
                    with Engine(plan.place("load"), workers=workers, database_url=fresh[name]()) as engine:
                        asyncio.run(_block(plan, engine, done[name, workers]))
                    forward(1)
    return _figures(done)


async def _block(plan: Plan, engine: Engine, trials: Trials) -> None:
    """Let an engine warm up, then give it the steady load and the full one, and read what became of them."""
    client = await connect(engine.settings, codec_of(engine.desk.sealer.keys))
    watch = Watch(engine.desk.database)
    watching = asyncio.create_task(watch.run())
    try:
        async with asyncio.timeout(PATIENCE):
            await _full(engine, watch, "warm", plan.size(*WARM))
            steady, late = await asyncio.to_thread(_steady, engine, plan.size(*GROUPS))
            await asyncio.gather(*(watch.settled(case) for case in steady))
            trials.late = max(trials.late, late * 1e3)
            engine.must_live()
            cases, before, began = plan.size(*CASES), engine.use(), time.perf_counter()
            full = await _full(engine, watch, "full", cases)
            trials.rates.append(cases / (time.perf_counter() - began))
            engine.must_live()
            used = engine.use().since(before)
            trials.loads.append(os.getloadavg()[0])
            trials.used.append(Use(used.server / cases, used.worker / cases, used.client / cases))
    finally:
        watching.cancel()
    await _read(engine, client, steady, trials.steady)
    await _read(engine, client, full, trials.full)


async def _full(engine: Engine, watch: Watch, prefix: str, cases: int) -> dict[str, list[int]]:
    """Live so many cases, as many at once as there are drivers; return the numbers of their commands' events."""
    names = iter([f"{prefix}-{place}" for place in range(cases)])
    given: dict[str, list[int]] = {}
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(DRIVERS) as pool:

        async def drive() -> None:
            for name in names:
                receipts = await loop.run_in_executor(pool, lived, engine.desk.door, name)
                await watch.settled(receipts[0].case)
                given[receipts[0].case] = [receipt.seq for receipt in receipts]

        await asyncio.gather(*(drive() for _ in range(DRIVERS)))
    return given


def _steady(engine: Engine, groups: int) -> tuple[dict[str, list[int]], float]:
    """Give commands at an even pace; return the numbers of their events, and by how many seconds the worst was late."""
    given: dict[str, list[int]] = {}
    known: dict[str, str] = {}
    began, late = time.perf_counter(), 0.0
    for place, (name, step) in enumerate(_paces(groups)):
        due = began + place / STEADY
        time.sleep(max(0.0, due - time.perf_counter()))
        late = max(late, time.perf_counter() - due)
        receipts: list[Receipt] = engine.desk.door.perform([envelope(name, step, known.get(name))])
        known[name] = receipts[0].case
        given.setdefault(receipts[0].case, []).append(receipts[0].seq)
    return given, late


def _paces(groups: int) -> Iterator[tuple[str, int]]:
    """Yield whose turn it is: each case of a group takes its first step, then each its second."""
    for group in range(groups):
        for step in range(len(LIFE)):
            for place in range(ABREAST):
                yield f"steady-{group}-{place}", step


async def _read(engine: Engine, client: Client, given: dict[str, list[int]], lags: Lags) -> None:
    """Hold the workflows' histories against the ledger, event by event.

    Raises:
        RuntimeError: a workflow was never told of an event.
    """
    for case, seqs in given.items():
        recorded = {each.seq: each.recorded_at for each in queries.history(engine.desk.database, case)}
        signals = await _signals(client, case)
        lags.signals += len(signals)
        for seq in seqs:
            # The newest facts say everything, so one signal may tell of several events.
            told = [(handed, taken) for known, handed, taken in signals if known >= seq]
            if not told:
                message = f"the workflow of {case} was never told of event {seq}"
                raise RuntimeError(message)
            lags.handed.append((min(handed for handed, _ in told) - recorded[seq]).total_seconds() * 1e3)
            lags.taken.append((min(taken for _, taken in told) - recorded[seq]).total_seconds() * 1e3)


async def _signals(client: Client, case: str) -> list[tuple[int, datetime, datetime]]:
    """Return of each signal up to which event it told, when it came, and when a task that knew it had ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        events = (await client.get_workflow_handle(workflow_id(case)).fetch_history()).events
        # A task knows what came before it began.
        ended = [
            (event.workflow_task_completed_event_attributes.started_event_id, _moment(event.event_time.ToNanoseconds()))
            for event in events
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        ]
        told = [event for event in events if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]
        if told and ended and told[-1].event_id < ended[-1][0]:
            break
        if time.monotonic() > deadline:
            message = f"the workflow of {case} does not take its signals"
            raise RuntimeError(message)
        await asyncio.sleep(0.05)
    found = []
    for event in told:
        payloads = event.workflow_execution_signaled_event_attributes.input.payloads
        (facts,) = await client.data_converter.decode(payloads, [Facts])
        taken = next(at for begun, at in ended if begun > event.event_id)
        found.append((facts.seq, _moment(event.event_time.ToNanoseconds()), taken))
    return found


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)


def _figures(done: dict[Kind, Trials]) -> list[Figure]:
    """Compare two workers with one, then PostgreSQL with SQLite."""
    names = list(dict.fromkeys(name for name, _ in done))
    figures: list[Figure] = []
    for name in names:
        figures += _compared(f"{name}, two workers against one", done[name, 2], done[name, 1])
    for floor, ours in pairwise(names):
        for workers, told in ((1, "one worker"), (2, "two workers")):
            figures += _compared(f"{told}, {ours} against {floor}", done[ours, workers], done[floor, workers])
    return figures


def _compared(what: str, ours: Trials, floor: Trials) -> list[Figure]:
    loads = ((f"steady, {STEADY} commands/s", ours.steady, floor.steady), ("full load", ours.full, floor.full))
    lags = [
        Figure(
            section="load",
            what=f"{what}: lag p50, {load}",
            ours=mine.p(0.5),
            floor=theirs.p(0.5),
            unit="ms",
            smaller=True,
            note=f"p99 {number(mine.p(0.99))}, floor {number(theirs.p(0.99))} ms; handed over after"
            f" {_words(mine)}, floor {_words(theirs)} ms",
            details={
                f"{side}_{key}": value
                for side, each in (("ours", mine), ("floor", theirs))
                for key, value in {
                    "p50_ms": each.p(0.5),
                    "p99_ms": each.p(0.99),
                    "handed_p50_ms": percentile(each.handed, 0.5),
                    "handed_p99_ms": percentile(each.handed, 0.99),
                    "events": len(each.taken),
                    "signals": each.signals,
                }.items()
            }
            | {"ours_latest_command_ms": ours.late, "floor_latest_command_ms": floor.late},
        )
        for load, mine, theirs in loads
    ]
    rate = Figure(
        section="load",
        what=f"{what}: full load, {DRIVERS} drivers",
        ours=median(ours.rates),
        floor=median(floor.rates),
        unit="cases/s",
        note=f"{number(median(ours.rates) * EVENTS)}, floor {number(median(floor.rates) * EVENTS)} events a second;"
        f" processor of all workers {number(_each(ours))}, floor {number(_each(floor))} ms a case;"
        f" the machine's load {number(median(ours.loads))}, floor {number(median(floor.loads))}",
        details={
            f"{side}_{name}_cpu_ms": median([getattr(use, name) * 1e3 for use in each.used])
            for side, each in (("ours", ours), ("floor", floor))
            for name in ("server", "worker", "client")
        }
        | {"ours_load": median(ours.loads), "floor_load": median(floor.loads)},
    )
    return [*lags, rate]


def _words(lags: Lags) -> str:
    return f"{number(percentile(lags.handed, 0.5))} / {number(percentile(lags.handed, 0.99))}"


def _each(trials: Trials) -> float:
    return median([use.worker * 1e3 for use in trials.used])
