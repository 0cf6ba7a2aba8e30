"""A worker's pulse: whether its loop still turns, told to whoever asks, and to systemd, which ends one that hangs.

systemd's own words (``sd_notify(3)``) are a datagram; no library is needed for two of them.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

BEAT: Final = 1.0
"""Seconds between two beats."""
STILL: Final = 30.0
"""Seconds without one after which a loop counts as hanging: more than any single step of it takes."""
SYSTEMD: Final = 5.0
"""Seconds between two words to systemd; its ``WatchdogSec`` in ``deploy/systemd`` is many times that."""


class Pulse:
    """The pulse of one process; without a worker in it there is none to miss."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        """Keep the clock."""
        self._tick = tick
        self._last: float | None = None
        self._lock = threading.Lock()

    def beat(self) -> None:
        """The loop turned."""
        with self._lock:
            self._last = self._tick()

    def rest(self) -> None:
        """There is no worker any more."""
        with self._lock:
            self._last = None

    @property
    def working(self) -> bool:
        """Whether a worker is at work here."""
        return self._last is not None

    @property
    def still(self) -> bool:
        """Whether there is a worker whose loop hangs."""
        last = self._last
        return last is not None and self._tick() - last > STILL

    async def run(self) -> None:
        """Beat until cancelled."""
        said = float("-inf")
        try:
            while True:
                self.beat()
                if self._tick() - said >= SYSTEMD:
                    tell_systemd("READY=1\nWATCHDOG=1" if said < 0 else "WATCHDOG=1")
                    said = self._tick()
                await asyncio.sleep(BEAT)
        finally:
            # Nothing of that to systemd: a worker that ended may be started again in the same process.
            self.rest()


def tell_systemd(words: str) -> None:
    """Tell systemd something, where it started this process and wants to know."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        # An address in the abstract namespace is written with an @ for its first byte, which is 0.
        line.sendto(words.encode(), f"\0{where[1:]}" if where.startswith("@") else where)
