"""Which engine runs on a data folder: two locks that say it, and a small record of where it is.

`engine.lock` is held by the process that runs the engine, `temporal.lock` by the embedded Temporal server
itself (it inherits the open file). A lock ends with the last process that holds it, so neither can be stale;
the record `engine.json` can, and is therefore believed only while `engine.lock` is held.
"""

import fcntl
import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import run
from typing import Final, Self

from adapters import SetupError

ENGINE_LOCK: Final = "engine.lock"
SERVER_LOCK: Final = "temporal.lock"
RECORD: Final = "engine.json"

_POLL: Final = 0.02  # seconds between two looks at a lock; the kernel offers no wait with a deadline


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Where a running engine is.

    Attributes:
        address: `host:port` of Temporal's gRPC service.
        ui_url: address of Temporal's Web UI, None when it was left out.
        pid: the process that runs the engine and holds its lock.
        server_pid: the Temporal server.
        server_born: when that process started, in the platform's own words; tells it from a later process
            with the same number.
    """

    address: str
    ui_url: str | None
    pid: int
    server_pid: int
    server_born: str

    def write(self, data: Path) -> None:
        """Put the record into `data`, readable by its owner alone, whole or not at all."""
        draft = data / f"{RECORD}.{os.getpid()}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(asdict(self), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(data / RECORD)
        finally:
            draft.unlink(missing_ok=True)

    @classmethod
    def last(cls, data: Path) -> Self | None:
        """What the last engine on this folder wrote, running or not; None when there is nothing readable."""
        try:
            return cls(**json.loads((data / RECORD).read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None


def read_engine(data: Path) -> EngineInfo | None:
    """The engine that runs on this data folder, or None. Reads the lock, so a crashed engine is not running.

    Raises:
        SetupError: the folder belongs to someone else.
    """
    try:
        lock = Lock.attempt(data / ENGINE_LOCK, shared=True)
        if lock is not None:
            lock.release()
            return None
        return EngineInfo.last(data)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise SetupError(
            f"无权读取数据目录 {data}，它属于其他用户。",
            f"The data folder {data} belongs to another user and cannot be read.",
        ) from None


class Lock:
    """An exclusive `flock` on a file, held until released and until those who inherited it have ended."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @classmethod
    def attempt(cls, path: Path, *, shared: bool = False) -> Self | None:
        """Take the lock now or answer None.

        Args:
            path: the file; made if absent, unless `shared`.
            shared: only look whether somebody holds it (release at once).
        """
        fd = os.open(path, os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except BaseException:
            os.close(fd)
            raise
        return cls(fd)

    @classmethod
    def within(cls, path: Path, seconds: float) -> Self | None:
        """Take the lock as soon as it is free, at the latest after `seconds`; None when it never was."""
        deadline = time.monotonic() + seconds
        while (lock := cls.attempt(path)) is None and time.monotonic() < deadline:
            time.sleep(_POLL)
        return lock

    def sign(self, pid: int) -> None:
        """Write into the file who holds it, for the sentence that a second engine is refused with."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, f"{pid}\n".encode(), 0)

    def release(self) -> None:
        """Let go of it. Other processes that inherited it keep it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def holder(path: Path) -> str:
    """The process id written into a lock file, `?` when nobody signed."""
    try:
        return path.read_text("ascii").strip() or "?"
    except (OSError, ValueError):
        return "?"


def born(pid: int) -> str:
    """When this process started, in the platform's own words; empty when there is no such process."""
    if platform.system() == "Linux":
        try:
            # The program's name, in brackets, may hold anything; the start time is the 20th field after it.
            return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
        except (OSError, IndexError):
            return ""
    return run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
