"""A server that is ours: started under a guardian, found by its process id, ended with us."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters import guardian
from adapters.engine_record import Lock


class GuardedProcess:
    """A running server and the guardian that ends it when this process is gone (see `guardian.py`).

    Args:
        command: program and arguments.
        log: file that receives what the server writes; appended, readable by its owner alone.
        lock: file whose lock the server holds for as long as it lives.
        env: the server's whole environment.

    Raises:
        BlockingIOError: a living server still holds the lock.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        lock: Path,
        env: Mapping[str, str],
    ) -> None:
        held = Lock.attempt(lock)
        if held is None:
            raise BlockingIOError(f"{lock} is held")
        try:
            with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
                self._guardian = subprocess.Popen(
                    # The pipe on its standard input is what it watches.
                    [sys.executable, "-I", "-S", guardian.__file__, str(held.fd), *command],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=output,
                    pass_fds=(held.fd,),
                    # A session of its own: Ctrl-C at the terminal reaches us first, and we stop in order.
                    start_new_session=True,
                    env=dict(env),
                )
        finally:
            held.release()  # guardian and server hold it now
        first = self._guardian.stdout.readline() if self._guardian.stdout else b""
        self.pid = int(first or 0)
        """Process id of the server itself; 0 when its program could not be started."""

    @property
    def guardian_pid(self) -> int:
        """Process id of the guardian."""
        return self._guardian.pid

    def alive(self) -> bool:
        """Whether the server runs (its guardian ends with it)."""
        return self._guardian.poll() is None

    def wait(self) -> int:
        """Block until the server has ended; returns its exit code, 128 + n after signal n."""
        return self._guardian.wait()

    def end(self) -> None:
        """Ask the server to stop, end it if it does not. May be called again."""
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()  # what the guardian waits for
        try:
            self._guardian.wait(guardian.GRACE + 5)
        except subprocess.TimeoutExpired:
            self._guardian.kill()  # on Linux its server dies with it
            self._guardian.wait()
        if self._guardian.stdout is not None:
            self._guardian.stdout.close()
