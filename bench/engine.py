"""An engine for measuring: the embedded Temporal, our worker as a process of its own, the floor's worker beside it."""

import os
import sys
import time
from collections.abc import Sequence
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
        epoch: what the desk's clock shows at the start; real time if None.
    """

    def __init__(self, folder: Path, *, floor: bool = False, epoch: datetime | None = None) -> None:
        self.folder, self.floor, self.epoch = folder, floor, epoch
        self.server = EmbeddedTemporal(folder, ui=False, restart=False)
        self.settings = Settings.load(data=folder)
        self._processes: list[GuardedProcess] = []

    def __enter__(self) -> Self:
        self.server.start()
        try:
            self.desk: Desk = open_desk(self.settings, epoch=self.epoch, patience=PATIENCE)
            self.ours = self._process("worker", [str(ROOT / "worker.py"), "--data", str(self.folder)], "worker_ready")
            if self.floor:
                self.theirs = self._process("noop", ["-m", "bench.noop", self.server.address], noop.READY)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self.desk.close()

    def use(self, *, floor: bool = False) -> Use:
        """Return the processor seconds used so far by the server, our worker (or the floor's) and this process."""
        hosted = self.theirs if floor else self.ours
        return Use(machine.cpu_seconds(self.server.server_pid), machine.cpu_seconds(hosted.pid), time.process_time())

    def memory(self) -> tuple[int, int]:
        """Return the bytes that the server and our worker hold."""
        return machine.resident(self.server.server_pid), machine.resident(self.ours.pid)

    def stored(self) -> int:
        """Return the bytes of the server's own store on disk."""
        return sum(path.stat().st_size for path in self.folder.glob("temporal.db*"))

    def _process(self, name: str, arguments: Sequence[str], ready: str) -> GuardedProcess:
        log = self.folder / f"{name}.log"
        process = GuardedProcess(
            [sys.executable, *arguments],
            log=log,
            lock=self.folder / f"{name}.lock",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._processes.append(process)
        deadline = time.monotonic() + PATIENCE
        while ready not in log.read_text("utf-8", "replace"):
            if not process.alive() or time.monotonic() > deadline:
                message = f"the {name} process is not ready:\n{log.read_text('utf-8', 'replace')[-2000:]}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return process

    def _stop(self) -> None:
        for process in self._processes:
            process.end()
        self.server.stop()
