"""A process of ours that kills itself at a named point: nothing in the product knows of it, it is wrapped from outside.

``BANJIE_KILL_AT=after_commit:3`` ends this process with SIGKILL the third time it passes that point.
"""

import functools
import inspect
import os
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

from activities.through_the_door import ThroughTheDoor
from adapters.door import Door
from adapters.letters.tray import Tray
from adapters.recounting import Recounting
from adapters.relay import Relay

POINTS = (
    "before_commit",
    "after_commit",
    "before_signal",
    "after_signal",
    "after_acknowledgement",
    "before_letter",
    "after_letter",
    "before_ring",
    "after_ring",
)
_passed: Counter[str] = Counter()


def _pass(point: str, wanted: tuple[str, int]) -> None:
    _passed[point] += 1
    if (point, _passed[point]) == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


def wrap(kill_at: str) -> None:
    """Wrap the named points so that the wanted one kills this process."""
    if not kill_at:
        return
    name, _, number = kill_at.partition(":")
    wanted = (name, int(number or 1))
    _around(Door, "_commit", "before_commit", "after_commit", wanted)
    _around(Relay, "_signal", "before_signal", "after_signal", wanted)
    _around(Relay, "_settle", None, "after_acknowledgement", wanted)
    _around(Tray, "lay", "before_letter", "after_letter", wanted)
    _around(ThroughTheDoor, "ring", "before_ring", "after_ring", wanted)
    # Not among POINTS: only what goes through all open cases passes it, once for each.
    _around(Recounting, "envelope", None, "in_sweep", wanted)


def _around(owner: type, name: str, before: str | None, after: str, wanted: tuple[str, int]) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def enter() -> None:
        if before:
            _pass(before, wanted)

    if inspect.iscoroutinefunction(inner):

        @functools.wraps(inner)
        async def later(*args: Any, **kwargs: Any) -> Any:
            enter()
            result = await inner(*args, **kwargs)
            _pass(after, wanted)
            return result

        setattr(owner, name, later)
        return

    @functools.wraps(inner)
    def now(*args: Any, **kwargs: Any) -> Any:
        enter()
        result = inner(*args, **kwargs)
        _pass(after, wanted)
        return result

    setattr(owner, name, now)
