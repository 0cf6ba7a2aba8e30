"""The command: our ``Door.perform`` against one hand-written SQL transaction, at 1, 8 and 64 clients.

Clients are threads of one process. Ours share one door, as everything in a process does; each client of the floor has
a connection of its own. Every round begins with empty databases, ours and the floor's in turn.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from adapters.database import Database
from adapters.desk import Desk, open_desk
from adapters.door import Door
from adapters.settings import Settings
from bench import sql_floor
from bench.plan import Plan
from bench.report import Figure, median, number, percentile
from bench.sql_floor import Step
from bench.story import LIFE, envelope
from tests.servers import Postgres

TARGET = 0.5
CLIENTS = (1, 8, 64)
LIVES = {1: 100, 8: 25, 64: 6}
"""Petitions each client lives through in a round; a short run does a third."""

Perform = Callable[[str, int], None]
"""Gives one step of the petition of that name."""


@dataclass
class Trials:
    """What one side did over all rounds."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Median and tail in milliseconds."""
        return f"{number(self.p50)} / {number(self.p99)} ms"

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return percentile(self.latencies, 0.5) * 1e3

    @property
    def p99(self) -> float:
        """The 99th percentile in milliseconds."""
        return percentile(self.latencies, 0.99) * 1e3


def run(plan: Plan) -> list[Figure]:
    """Measure on SQLite and on PostgreSQL."""
    with Postgres(plan.place("postgres")) as server:
        return [
            *_on(plan, "SQLite", lambda: f"sqlite:///{plan.place('command') / 'ledger.db'}"),
            *_on(plan, "PostgreSQL", lambda: server.url(server.fresh())),
        ]


def _on(plan: Plan, name: str, fresh: Callable[[], str]) -> list[Figure]:
    trials = {(clients, ours): Trials() for clients in CLIENTS for ours in (True, False)}
    desk = _desk(plan, fresh())
    steps = sql_floor.captured(desk)
    desk.close()
    with plan.bar(f"command, {name}", plan.rounds * len(trials)) as forward:
        for turn in range(plan.rounds):
            for clients in CLIENTS:
                lives = max(2, plan.size(LIVES[clients], LIVES[clients] // 3))
                for ours in (True, False) if turn % 2 == 0 else (False, True):
                    trial = trials[clients, ours]
                    (_ours if ours else _floor)(plan, fresh(), steps, clients, lives, trial)
                    forward(1)
    return [_figure(name, clients, trials[clients, True], trials[clients, False]) for clients in CLIENTS]


def _figure(name: str, clients: int, ours: Trials, floor: Trials) -> Figure:
    return Figure(
        section="command",
        what=f"{name}, {clients} client{'s' if clients > 1 else ''}",
        ours=median(ours.rates),
        floor=median(floor.rates),
        unit="commands/s",
        target=TARGET,
        note=f"p50/p99 {ours.words}; floor {floor.words}",
        details={
            "p50_ms": ours.p50,
            "p99_ms": ours.p99,
            "floor_p50_ms": floor.p50,
            "floor_p99_ms": floor.p99,
            "commands": len(ours.latencies),
        },
    )


def _desk(plan: Plan, url: str) -> Desk:
    return open_desk(Settings.load(data=plan.place("data"), database_url=url), patience=sql_floor.PATIENCE)


def _ours(plan: Plan, url: str, steps: Sequence[Step], clients: int, lives: int, trial: Trials) -> None:
    del steps
    desk = _desk(plan, url)
    try:
        _drive([_through(desk.door) for _ in range(clients)], lives, trial)
    finally:
        desk.close()


def _through(door: Door) -> Perform:
    cases: dict[str, str] = {}

    def perform(name: str, step: int) -> None:
        cases[name] = door.perform([envelope(name, step, cases.get(name))])[0].case

    return perform


def _floor(plan: Plan, url: str, steps: Sequence[Step], clients: int, lives: int, trial: Trials) -> None:
    del plan
    database = Database(url)
    database.migrate()
    database.close()
    connected = [sql_floor.client(sa.make_url(url), steps) for _ in range(clients)]
    try:
        _drive([each.perform for each in connected], lives, trial)
    finally:
        for each in connected:
            each.close()


def _drive(performs: Sequence[Perform], lives: int, trial: Trials) -> None:
    """Let all clients live their petitions at once; the first life of each, before the clock runs, is to warm up."""
    ready = threading.Barrier(len(performs) + 1)
    latencies: list[list[float]] = [[] for _ in performs]
    faults: list[BaseException] = []

    def work(client: int, perform: Perform) -> None:
        try:
            for step in range(len(LIFE)):
                perform(f"c{client}.warm", step)
            ready.wait()
            for life in range(lives):
                for step in range(len(LIFE)):
                    began = time.perf_counter()
                    perform(f"c{client}.{life}", step)
                    latencies[client].append(time.perf_counter() - began)
        except BaseException as fault:  # noqa: BLE001 - told by the main thread
            faults.append(fault)
            ready.abort()

    threads = [threading.Thread(target=work, args=(client, perform)) for client, perform in enumerate(performs)]
    for thread in threads:
        thread.start()
    with suppress(threading.BrokenBarrierError):
        ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    done = [latency for each in latencies for latency in each]
    trial.rates.append(len(done) / seconds)
    trial.latencies += done
