"""How often somebody may try: a window that moves with time, kept in memory."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

SPAN: Final = 300.0
"""Seconds that are looked back."""
MOST_KEYS: Final = 10_000
"""So many addresses and names are kept apart; beyond that those unused for longest are forgotten."""


class Window:
    """Counts tries by key; safe to use from many threads."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        """Keep the clock."""
        self._tick = tick
        self._tries: dict[str, deque[float]] = {}
        self._turn = threading.Lock()

    def wait(self, key: str, limit: int) -> int:
        """Count a try; return 0 where it may be made, else the seconds to wait."""
        now = self._tick()
        with self._turn:
            tries = self._tries.pop(key, deque())
            self._tries[key] = tries
            while len(self._tries) > MOST_KEYS:
                self._tries.pop(next(iter(self._tries)))
            while tries and tries[0] <= now - SPAN:
                tries.popleft()
            if len(tries) >= limit:
                return max(1, int(tries[0] + SPAN - now))
            tries.append(now)
            return 0
