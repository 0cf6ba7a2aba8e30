"""An engine for measuring: the embedded Temporal, our workers as processes of their own, the floor's beside them."""

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import worker
from adapters.desk import Desk, open_desk
from adapters.embedded import EmbeddedTemporal
from adapters.guarded import GuardedProcess
from adapters.settings import Settings
from bench import machine, noop

ROOT: Final = Path(worker.__file__).parent
PATIENCE: Final = 60.0
"""Seconds the desk waits for its database, and everybody for a process to be ready."""


@dataclass(frozen=True)
class Use:
    """Processor seconds used so far, by process."""

    server: float
    worker: float
    client: float

    def since(self, before: "Use") -> "Use":
        """Return what was used since."""
        return Use(self.server - before.server, self.worker - before.worker, self.client - before.client)


class Engine:
    """Everything on one data folder, until the ``with`` block ends.

    Args:
        folder: the data folder.
        floor: whether the floor's worker runs beside ours.
        workers: how many workers of ours there are.
        database_url: where the ledger is; a file in the folder if None.
        epoch: what the desk's clock shows at the start; real time if None.
    """

    def __init__(
        self,
        folder: Path,
        *,
        floor: bool = False,
        epoch: datetime | None = None,
        workers: int = 1,
        database_url: str | None = None,
    ) -> None:
        self.folder, self.floor, self.epoch, self.workers = folder, floor, epoch, workers
        self.server = EmbeddedTemporal(folder, ui=False, restart=False)
        self.settings = Settings.load(data=folder, database_url=database_url)
        self._processes: list[GuardedProcess] = []

    def __enter__(self) -> Self:
        self.server.start()
        try:
            self.desk: Desk = open_desk(self.settings, epoch=self.epoch, patience=PATIENCE)
            names = self._names()
            code = [str(ROOT / "worker.py"), "--data", str(self.folder)]
            self.ours, *self.others = [self._begun(name, code) for name in names]
            for name, process in zip(names, (self.ours, *self.others), strict=True):
                self._until_ready(name, process, "worker_ready")
            if self.floor:
                self.theirs = self._begun("noop", ["-m", "bench.noop", self.server.address])
                self._until_ready("noop", self.theirs, noop.READY)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self.desk.close()

    def must_live(self) -> None:
        """Raise with what a worker wrote at last, where one of ours has ended by itself."""
        for name, process in zip(self._names(), (self.ours, *self.others), strict=True):
            if not process.alive():
                raise RuntimeError(self._told(name, "not there any more"))

    def use(self, *, floor: bool = False) -> Use:
        """Return the processor seconds used so far by the server, our workers (or the floor's) and this process."""
        hosting = [self.theirs] if floor else [self.ours, *self.others]
        hosted = sum(machine.cpu_seconds(each.pid) for each in hosting)
        return Use(machine.cpu_seconds(self.server.server_pid), hosted, time.process_time())

    def memory(self) -> tuple[int, int]:
        """Return the bytes that the server and our worker hold."""
        return machine.resident(self.server.server_pid), machine.resident(self.ours.pid)

    def stored(self) -> int:
        """Return the bytes of the server's own store on disk."""
        return sum(path.stat().st_size for path in self.folder.glob("temporal.db*"))

    def _names(self) -> list[str]:
        return ["worker", *(f"worker-{place}" for place in range(2, self.workers + 1))]

    def _told(self, name: str, how: str) -> str:
        written = (self.folder / f"{name}.log").read_text("utf-8", "replace")
        return f"the {name} process is {how}:\n{written[-6000:]}"

    def _begun(self, name: str, arguments: Sequence[str]) -> GuardedProcess:
        process = GuardedProcess(
            [sys.executable, *arguments],
            log=self.folder / f"{name}.log",
            lock=self.folder / f"{name}.lock",
            env={**os.environ, "PYTHONPATH": str(ROOT), "BANJIE_DATABASE_URL": self.settings.database_url},
        )
        self._processes.append(process)
        return process

    def _until_ready(self, name: str, process: GuardedProcess, ready: str) -> None:
        log = self.folder / f"{name}.log"
        deadline = time.monotonic() + PATIENCE
        while ready not in log.read_text("utf-8", "replace"):
            if not process.alive() or time.monotonic() > deadline:
                raise RuntimeError(self._told(name, "not ready"))
            time.sleep(0.05)

    def _stop(self) -> None:
        # All at once: each takes a second or two to drain.
        with ThreadPoolExecutor() as pool:
            list(pool.map(GuardedProcess.end, self._processes))
        self.server.stop()
