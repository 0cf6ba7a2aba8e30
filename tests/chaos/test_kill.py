"""kill -9 of client, worker, server or all, at named points and at random ones, with 200 cases in flight.

Three rounds here; ``make chaos`` plays twenty. Every round ends some of the processes with SIGKILL while the others go
on; at the end everything comes to rest and a checker that knows nothing of the engine's own records decides.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import tables
from adapters.codec import codec_of
from adapters.database import Database
from adapters.desk import Desk, open_desk
from adapters.embedded import EmbeddedTemporal
from adapters.settings import Settings
from adapters.temporal import connect
from tests.chaos import checker
from tests.chaos.points import POINTS

ROUNDS = int(os.environ.get("BANJIE_CHAOS_ROUNDS", "3"))
DATABASES = ["sqlite"] if ROUNDS <= 3 else ["sqlite", "postgresql"]
"""The short form plays on the embedded default, the long one on both."""
CASES = 200
CLIENTS = 2
WORKERS = 2
SPEED = 5_400.0
"""An hour and a half a second: a hotline's clocks run out meanwhile, and two hundred ladders are no flood yet."""
PACE = ROUNDS * 2.0 / (CASES / CLIENTS * 6)
"""Seconds between two commands of a clerk, so that the cases are in flight through all rounds."""
REST = 120.0
"""Seconds everything may take to come to rest at the end."""
ROOT = Path(__file__).resolve().parents[2]


class House:
    """All processes of one run, each known by its id and ended by it."""

    def __init__(self, folder: Path, desk: Desk, server: EmbeddedTemporal, seed: int) -> None:
        self.folder, self.desk, self.server, self.seed = folder, desk, server, seed
        self.workers: list[subprocess.Popen[bytes]] = []
        self.clients: dict[int, subprocess.Popen[bytes]] = {}
        self.books = [folder / f"receipts-{number}.jsonl" for number in range(CLIENTS)]
        self.log = (folder / "processes.log").open("ab")

    def _start(self, module: str, *arguments: str, kill_at: str = "") -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "BANJIE_KILL_AT": kill_at}
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def start_worker(self, kill_at: str = "") -> None:
        url = self.desk.settings.database_url
        arguments = (str(self.desk.settings.data), self.server.address, url)
        self.workers.append(self._start("tests.chaos.worker_process", *arguments, kill_at=kill_at))

    def start_client(self, number: int, kill_at: str = "") -> None:
        share = CASES // CLIENTS
        self.clients[number] = self._start(
            "tests.chaos.client_process",
            str(self.desk.settings.data),
            self.desk.settings.database_url,
            str(self.books[number]),
            str(self.seed),
            str(number * share),
            str(share),
            str(PACE),
            kill_at=kill_at,
        )

    def refill(self, rng: random.Random) -> None:
        """Start again whatever was killed, some of it with a point at which it will kill itself in turn."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            self.start_worker(f"{rng.choice(POINTS)}:{rng.randint(1, 40)}")
        for number in range(CLIENTS):
            process = self.clients.get(number)
            if process is None or process.poll() not in {None, 0}:
                self.start_client(number, f"{rng.choice(POINTS[:2])}:{rng.randint(1, 200)}")

    def strike(self, rng: random.Random) -> str:
        """Kill somebody, or everybody, at a random moment; return who."""
        who = rng.choice(["client", "worker", "server", "all"])
        if who in {"client", "all"}:
            _kill(self.clients[rng.randrange(CLIENTS)])
        if who in {"worker", "all"}:
            for worker in self.workers if who == "all" else [rng.choice(self.workers)]:
                _kill(worker)
        if who in {"server", "all"}:
            os.kill(self.server.server_pid, signal.SIGKILL)
        return who

    def end(self) -> None:
        for process in (*self.workers, *self.clients.values()):
            _kill(process)
        self.log.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


@contextmanager
def _house(folder: Path, url: str | None, seed: int) -> Iterator[House]:
    # The desk began long before the run, so that no command is told for a moment that has not come.
    settings = Settings.load(data=folder / "data", speed=SPEED, database_url=url)
    desk = open_desk(settings, epoch=datetime(2026, 3, 2, 12, tzinfo=UTC))
    with EmbeddedTemporal(folder / "temporal", ui=False) as server:
        house = House(folder, desk, server, seed)
        try:
            yield house
        finally:
            house.end()
            desk.close()


async def _until_rest(house: House) -> tuple[list[str], dict[str, int]]:
    """Wait until every letter is out, every due alarm has rung and every workflow knows its case.

    Return what is left, and how far each case had come just before the last look.
    """
    end = time.monotonic() + REST
    left, at_rest = ["not looked yet"], dict[str, int]()
    client = await connect(
        house.desk.settings.model_copy(update={"temporal_address": house.server.address}),
        codec_of(house.desk.sealer.keys),
    )
    while left and time.monotonic() < end:
        await asyncio.sleep(0.5)
        at_rest = checker.standing(house.desk.database)
        left = _unsettled(house.desk.database, house.desk.moments.now())
        if not left:
            left = await checker.lagging(house.desk.database, client)
    return left, at_rest


def _unsettled(database: Database, now: datetime) -> list[str]:
    columns = tables.cases.c
    # Alarms go on for ever; what is due right now may still be on its way, what was due five seconds ago may not.
    late = sa.select(columns.id).where(columns.next_alarm < now - timedelta(seconds=5 * SPEED))
    with database.reading() as connection:
        waiting = list(connection.execute(sa.select(tables.outbox.c.case_id)).scalars())
        overdue = list(connection.execute(late).scalars())
        pending = [
            row.id
            for row in connection.execute(sa.select(columns.id, columns.state).where(columns.waiting))
            if '"pending":' in row.state
        ]
    return [
        *(f"queued {name}" for name in waiting),
        *(f"late {name}" for name in overdue),
        *(f"pending {n}" for n in pending),
    ]


@pytest.mark.chaos
@pytest.mark.timeout(60 + 60 * ROUNDS + int(REST))
@pytest.mark.xdist_group("chaos")
@pytest.mark.parametrize("database", DATABASES)
async def test_no_event_is_lost_doubled_or_out_of_order_whoever_is_killed(
    tmp_path: Path, seed: int, database: str, request: pytest.FixtureRequest
) -> None:
    rng = random.Random(seed)
    url = None if database == "sqlite" else request.getfixturevalue("postgres_url")
    with _house(tmp_path, url, seed) as house:
        struck = []
        for _ in range(ROUNDS):
            house.refill(rng)
            await asyncio.sleep(1.5 + rng.random() * 2.0)
            struck.append(house.strike(rng))
        # The last of the killed come back without a point to die at, and everybody finishes.
        for process in house.workers:
            _kill(process)
        house.workers = []
        for _ in range(WORKERS):
            house.start_worker()
        for number in range(CLIENTS):
            _kill(house.clients[number])
            house.start_client(number)
        for process in house.clients.values():
            assert await asyncio.to_thread(process.wait, REST) == 0, (tmp_path / "processes.log").read_text()[-2000:]
        left, at_rest = await _until_rest(house)
        assert not left, (struck, left[:10], (tmp_path / "processes.log").read_text()[-2000:])
        # The fast clock rings on while the workers end: what it rings now, nobody is left to carry out.
        for worker in house.workers:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=30)
        wrong = checker.faults(house.desk.database, house.books, house.desk.tray, at_rest)
        assert not wrong, (struck, wrong[:10])
        with house.desk.database.reading() as connection:
            petitions = sa.select(sa.func.count()).where(tables.cases.c.kind == "petition")
            assert connection.execute(petitions).scalar_one() == CASES
