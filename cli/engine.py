"""The whole engine in one process tree: the embedded Temporal server, a worker, and an orderly end for both."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO, Final, Self

import structlog
from temporalio.client import Client

from adapters import SetupError
from adapters.codec import codec_of
from adapters.desk import Desk
from adapters.embedded import EmbeddedError, EmbeddedTemporal
from adapters.engine_record import ENGINE_LOCK, Lock
from adapters.settings import Settings
from adapters.temporal import connect, interceptors, runtime_of
from cli.exits import INTERRUPTED
from cli.opening import LOGS
from models.refusals import Refused
from worker import work

LOG_FILE: Final = "banjie.log"
LOG_LIMIT: Final = 32 * 2**20
"""Bytes after which the log is put aside at the next start."""
QUICK: Final = 30.0
"""A worker that ends sooner than this many seconds after it began counts as not having come up."""
TRIES: Final = 5
PAUSE: Final = 2.0

log = structlog.get_logger("banjie.engine")


class EngineRuns(Refused):
    """{zh}
    {en}
    """  # noqa: D205, D415 - the first line is the Chinese sentence, the second the English one


def codec_address(settings: Settings) -> str | None:
    """Return where the Web UI asks the console to open payloads; None where the port is not known before it listens."""
    if not settings.web_port:
        return None
    scheme = "https" if settings.web_tls else "http"
    return f"{scheme}://{settings.web_host}:{settings.web_port}/api/v1/codec"


@contextmanager
def embedded(settings: Settings) -> Iterator[EmbeddedTemporal | None]:
    """Start the embedded Temporal and stop it at the end; None where the settings name another one.

    Raises:
        EngineRuns: another engine runs on this folder.
        EmbeddedError: the server cannot be used.
    """
    if not settings.embedded:
        yield None
        return
    server = EmbeddedTemporal(
        settings.data, ui=settings.ui, namespace=settings.temporal_namespace, codec=codec_address(settings)
    )
    try:
        server.start()
    except EmbeddedError as fault:
        if _is_held(settings.data):
            raise EngineRuns(zh=fault.zh, en=fault.en) from None
        raise
    try:
        yield server
    finally:
        server.stop()


def _is_held(data: Path) -> bool:
    lock = Lock.attempt(data / ENGINE_LOCK, shared=True)
    if lock is None:
        return True
    lock.release()
    return False


class Ending:
    """Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends at once.

    A context manager. Before there is a loop to tell, the first one is a KeyboardInterrupt like any other.
    """

    def __init__(self, told: Callable[[], None] = lambda: None) -> None:
        """Keep what is called when the first one comes."""
        self.told = told
        self.asked = False
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        """Take the signals over."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # exactly what signal.signal returned

    def event(self) -> asyncio.Event:
        """Return the event that is set when the end is asked for; call it inside the loop."""
        stop = asyncio.Event()
        self._stop = (asyncio.get_running_loop(), stop)
        if self.asked:
            stop.set()
        return stop

    def _came(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            # The server's guardian notices that we are gone and ends it.
            with suppress(OSError):
                os.write(sys.stderr.fileno(), "\n强制结束。 Ended by force.\n".encode())
            os._exit(INTERRUPTED)
        self.asked = True
        if self._stop is None:
            raise KeyboardInterrupt
        self.told()
        loop, stop = self._stop
        loop.call_soon_threadsafe(stop.set)


async def keep_working(desk: Desk, client: Client, stop: asyncio.Event) -> None:
    """Work until told to stop; a worker that ends by itself (its Temporal was restarted, say) is started again.

    Raises:
        SetupError: Temporal cannot be used as it is.
        Exception: the worker ended again and again right after it began.
    """
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            await work(desk, client, stop)
        except SetupError:
            raise
        except Exception as fault:
            failures = failures + 1 if time.monotonic() - began < QUICK else 1
            log.warning("worker_ended", fault=type(fault).__name__, detail=str(fault)[:200], failures=failures)
            if failures >= TRIES:
                raise
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)


def run_until_ended(desk: Desk, ending: Ending, ready: Callable[[], Awaitable[None]]) -> None:
    """Connect and work until the end is asked for, then drain.

    Args:
        desk: the installation.
        ending: who tells when.
        ready: awaited once connected.

    Raises:
        SetupError: Temporal does not answer.
    """

    async def live() -> None:
        stop = ending.event()
        codec, runtime = codec_of(desk.sealer.keys), runtime_of(desk.settings)
        client = await connect(desk.settings, codec, interceptors=interceptors(), runtime=runtime)
        await ready()
        await keep_working(desk, client, stop)

    asyncio.run(live())


class Twofold:
    """A log that goes to the terminal and into a file alike."""

    def __init__(self, terminal: IO[str] | None, path: Path) -> None:
        """Open the file, readable by its owner alone; one grown too long is put aside."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        self.terminal = terminal
        self.file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")

    def write(self, text: str) -> int:
        """Write to both; a terminal that is gone does not stop the engine."""
        if self.terminal is not None:
            with suppress(OSError, ValueError):
                self.terminal.write(text)
        return self.file.write(text)

    def flush(self) -> None:
        """Flush both."""
        if self.terminal is not None:
            with suppress(OSError, ValueError):
                self.terminal.flush()
        self.file.flush()

    def isatty(self) -> bool:
        """Return False: colours do not belong into the file."""
        return False

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def log_file(data: Path) -> Path:
    """Return where an engine on a data folder writes its log."""
    return data / LOGS / LOG_FILE
