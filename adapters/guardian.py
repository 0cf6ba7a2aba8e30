"""Runs one server so that it never outlives the process that asked for it, not even after `kill -9`.

    python guardian.py FD PROGRAM [ARGUMENT …]

Started as a program of its own, with the standard library alone. It holds the reading end of a pipe as its
standard input; when the writing end closes, for whatever reason, it asks the server to stop (SIGTERM) and
ends it after `GRACE` seconds. On Linux the kernel ends the server as well if this guardian itself is killed.
The first line on standard output is the server's process id; the exit code is the server's (128 + n after
signal n).

FD is an open file whose lock the server inherits, so that the lock is held for as long as the server lives.

A death signal set by the starting process itself would be simpler and wrong: Linux sends it when the starting
*thread* ends, and servers are started from worker threads.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final

GRACE: Final = 10.0
"""Seconds a server has between the request to stop and its end."""

_PR_SET_PDEATHSIG: Final = 1


def main(arguments: list[str]) -> int:
    """Run the server until it ends or our starter is gone; returns the server's exit code."""
    lock, command = int(arguments[0]), arguments[1:]
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _only_wake)
    os.umask(0o077)  # what the server stores is nobody else's business

    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        pass_fds=(lock,),
        preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - there is one thread
    )
    os.close(lock)
    print(server.pid, flush=True)

    while server.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno(), woken], [], [])
        signals = os.read(woken, 64) if woken in ready else b""
        if sys.stdin.fileno() in ready or set(signals) - {signal.SIGCHLD}:
            _end(server)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """Python writes the signal's number into the wake-up pipe; the loop does the rest."""


def _die_with(guardian: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guardian:  # it died before the signal was armed
            os._exit(1)

    return arm


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
