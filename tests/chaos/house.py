"""All processes of one run: a server, a wire to it, workers, clerks."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from tests.chaos.points import POINTS
from tests.chaos.wire import Wire
from tests.servers import Postgres

CLIENTS: Final = 2
WORKERS: Final = 2
ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """What a run is made of: its seed, how many cases, and the seconds between two commands of a clerk."""

    seed: int
    cases: int
    pace: float


class House:
    """All processes of one run, each known by its id and ended by it."""

    def __init__(self, folder: Path, desk: Desk, server: EmbeddedTemporal, wire: Wire, run: Run) -> None:
        self.folder, self.desk, self.server, self.wire, self.run = folder, desk, server, wire, run
        self.postgres: Postgres | None = None
        self.ballast: Path | None = None
        """Where a file that fills the ledger's disk may be laid; None where the disk is everybody's."""
        self.workers: list[subprocess.Popen[bytes]] = []
        self.clients: dict[int, subprocess.Popen[bytes]] = {}
        self.books = [folder / f"receipts-{number}.jsonl" for number in range(CLIENTS)]
        self.log = (folder / "processes.log").open("ab")

    def _start(self, module: str, *arguments: str, kill_at: str = "", way: str = "") -> subprocess.Popen[bytes]:
        told = {"BANJIE_KILL_AT": kill_at, "BANJIE_CHAOS_WAY": way, "BANJIE_CHAOS_FOLDER": str(self.folder)}
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **told}
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def start_worker(self, kill_at: str = "", way: str = "") -> None:
        """Start a worker; ``way`` makes it one of an older version."""
        url = self.desk.settings.database_url
        arguments = (str(self.desk.settings.data), self.wire.address, url)
        self.workers.append(self._start("tests.chaos.worker_process", *arguments, kill_at=kill_at, way=way))

    def start_client(self, number: int, kill_at: str = "") -> None:
        share = self.run.cases // CLIENTS
        self.clients[number] = self._start(
            "tests.chaos.client_process",
            str(self.desk.settings.data),
            self.desk.settings.database_url,
            str(self.books[number]),
            str(self.run.seed),
            str(number * share),
            str(share),
            str(self.run.pace),
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

    def end(self) -> None:
        for process in (*self.workers, *self.clients.values()):
            ended(process)
        self.log.close()


def ended(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
