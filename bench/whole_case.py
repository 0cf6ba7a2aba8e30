"""The whole case: registration, six commands and two letters, until its workflow has seen every event.

The floors are a no-op workflow taking as many signals, and one taking as many updates, on the same server in the same
run, each with a worker process of its own. So many drivers live one case after the other, each waiting for its case to
be seen before it begins the next; blocks of ours and of the floors take turns.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from temporalio.client import Client

from adapters import tables
from adapters.codec import codec_of
from adapters.database import Database
from adapters.relay import workflow_id
from adapters.temporal import connect
from bench import machine, noop
from bench.engine import Engine, Use
from bench.plan import Plan
from bench.report import Figure, median, number, percentile
from bench.story import LIFE, lived
from models.facts import Facts

TARGET: Final = 1.0
DRIVERS: Final = 32
LETTERS: Final = 2
"""Letters the story sends out; the outcome of each is an event too."""
EVENTS: Final = len(LIFE) + LETTERS
SAMPLE: Final = 10
"""Histories that are looked at in each block."""
ASKED: Final = 5
"""One of so many cases is asked what it knows while the clock runs. A question costs the server as much as a signal,
so for the others it is enough that the letters its workflow sent are in the ledger and the last signal was taken; each
block ends with a question to every one of them that is not timed."""

OneCase = Callable[[str], Awaitable[str]]
"""Lives one case of that name until it is seen; returns its workflow's id."""
Check = Callable[[str], Awaitable[None]]
"""Returns when the workflow of that id has seen everything."""


@dataclass
class Side:
    """What one side did over all blocks of one kind."""

    rates: list[float] = field(default_factory=list)
    cases: list[float] = field(default_factory=list)
    used: list[Use] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def each(self, name: str) -> float:
        """Median processor milliseconds of one process for each case."""
        return median([getattr(use, name) * 1e3 for use in self.used])


def run(plan: Plan) -> list[Figure]:
    """Measure under load and quiet."""
    with Engine(plan.place("engine"), floor=True) as engine:
        return asyncio.run(_measured(plan, engine))


async def _measured(plan: Plan, engine: Engine) -> list[Figure]:
    client = await connect(engine.settings, codec_of(engine.desk.sealer.keys))
    plain = await Client.connect(engine.server.address)
    watch = Watch(engine.desk.database)
    with ThreadPoolExecutor(DRIVERS) as pool:
        loop = asyncio.get_running_loop()

        async def ours(name: str) -> str:
            receipts = await loop.run_in_executor(pool, lived, engine.desk.door, name)
            await watch.settled(receipts[0].case)
            found = workflow_id(receipts[0].case)
            if int(name.rpartition("-")[2]) % ASKED == 0:
                await seen(found)
            return found

        async def seen(name: str) -> None:
            """Ask a workflow until it knows everything."""
            handle = client.get_workflow_handle(name)
            known: Facts | None = None
            while known is None or known.seq < EVENTS:
                known = await handle.query("known", result_type=Facts)

        async def signals(name: str) -> str:
            await noop.told(plain, name, len(LIFE))
            return name

        async def updates(name: str) -> str:
            await noop.asked(plain, name, len(LIFE))
            return name

        async def nothing(name: str) -> None:
            """The floor's workflows have ended."""

        sides: dict[str, tuple[OneCase, Check]] = {
            "ours": (ours, seen),
            "signals": (signals, nothing),
            "updates": (updates, nothing),
        }
        watching = asyncio.create_task(watch.run())
        try:
            return [
                *await _kind(plan, engine, plain, sides, DRIVERS, plan.size(200, 40)),
                *await _kind(plan, engine, plain, sides, 1, plan.size(25, 6)),
            ]
        finally:
            watching.cancel()


async def _kind(
    plan: Plan, engine: Engine, client: Client, sides: dict[str, tuple[OneCase, Check]], drivers: int, cases: int
) -> list[Figure]:
    name = f"{drivers} drivers" if drivers > 1 else "quiet, one driver"
    done = {side: Side() for side in sides}
    for warm, ways in sides.items():
        await _block(engine, client, ways, f"warm-{drivers}-{warm}", drivers, drivers, Side(), floor=warm != "ours")
    with plan.bar(f"whole case, {name}", plan.rounds * len(sides)) as forward:
        for turn in range(plan.rounds):
            order = list(sides) if turn % 2 == 0 else list(reversed(sides))
            for side in order:
                await _block(
                    engine, client, sides[side], f"{side}-{drivers}-{turn}", drivers, cases, done[side],
                    floor=side != "ours",
                )  # fmt: skip
                forward(1)
    return _figures(name, done, engine, drivers)


async def _block(
    engine: Engine,
    client: Client,
    ways: tuple[OneCase, Check],
    prefix: str,
    drivers: int,
    cases: int,
    side: Side,
    *,
    floor: bool,
) -> None:
    names = iter([f"{prefix}-{place}" for place in range(cases)])
    ids: list[str] = []

    async def drive() -> None:
        for name in names:
            began = time.perf_counter()
            ids.append(await ways[0](name))
            side.cases.append(time.perf_counter() - began)

    before, began = engine.use(floor=floor), time.perf_counter()
    await asyncio.gather(*(drive() for _ in range(drivers)))
    seconds, used = time.perf_counter() - began, engine.use(floor=floor).since(before)
    side.rates.append(cases / seconds)
    side.used.append(Use(used.server / cases, used.worker / cases, used.client / cases))
    await asyncio.gather(*(ways[1](each) for each in ids))
    for each in ids[:SAMPLE]:
        info = (await client.get_workflow_handle(each).describe()).raw_description.workflow_execution_info
        side.events.append(info.history_length)
        side.sizes.append(info.history_size_bytes)


class Watch:
    """Tells when the ledger has all of a case's events and nothing about it waits to be sent; in one look."""

    def __init__(self, database: Database) -> None:
        """Look at a ledger."""
        self.database = database
        self.waiting: dict[str, asyncio.Event] = {}

    async def settled(self, case: str) -> None:
        """Wait until this is so of a case."""
        event = self.waiting[case] = asyncio.Event()
        await event.wait()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            # Seldom where many wait, so that looking does not cost what it measures.
            await asyncio.sleep(0.002 if len(self.waiting) < 2 else 0.025)
            if self.waiting:
                for case in self._settled(list(self.waiting)):
                    self.waiting.pop(case).set()

    def _settled(self, cases: list[str]) -> list[str]:
        columns, waits = tables.cases.c, tables.outbox.c.case_id
        query = (
            sa.select(columns.id)
            .outerjoin(tables.outbox, waits == columns.id)
            .where(columns.id.in_(cases), columns.seq == EVENTS, waits.is_(None))
        )
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())


def _figures(name: str, done: dict[str, Side], engine: Engine, drivers: int) -> list[Figure]:
    ours, signals, updates = done["ours"], done["signals"], done["updates"]
    server, hosting = engine.memory()
    details = {
        f"{side}_{what}": value
        for side, each in done.items()
        for what, value in {
            "case_ms_p50": percentile(each.cases, 0.5) * 1e3,
            "case_ms_p99": percentile(each.cases, 0.99) * 1e3,
            "server_cpu_ms": each.each("server"),
            "worker_cpu_ms": each.each("worker"),
            "client_cpu_ms": each.each("client"),
            "history_events": median(each.events),
            "history_bytes": median(each.sizes),
        }.items()
    }
    memory = {"server_mib": server / machine.MIB, "worker_mib": hosting / machine.MIB}
    took = f"p50/p99 {number(details['ours_case_ms_p50'])} / {number(details['ours_case_ms_p99'])} ms"
    rate = median(ours.rates)
    figures = [
        Figure(
            section="case",
            ours=rate,
            unit="cases/s",
            what=f"{name}, against signals",
            floor=median(signals.rates),
            target=TARGET,
            note=f"a case {took}; floor {number(details['signals_case_ms_p50'])} ms",
            details={**details, **memory},
        ),
        Figure(section="case", ours=rate, unit="cases/s", what=f"{name}, against updates", floor=median(updates.rates)),
    ]
    if drivers > 1:
        figures += [
            Figure(
                section="case",
                what=f"processor time of the {what} for a case",
                ours=ours.each(process),
                floor=signals.each(process),
                unit="ms",
                smaller=True,
            )
            for what, process in (("server", "server"), ("worker", "worker"), ("clients", "client"))
        ]
        figures += [
            Figure(
                section="case",
                what=f"{what} of a case's history",
                ours=median(mine),
                floor=median(theirs),
                unit=what,
                smaller=True,
            )
            for what, mine, theirs in (
                ("events", ours.events, signals.events),
                ("bytes", ours.sizes, signals.sizes),
            )
        ]
    return figures
