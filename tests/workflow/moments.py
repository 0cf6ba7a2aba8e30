"""Clocks for tests: over the server that skips time, ahead of the real time, and fast with a hand on it."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.testing import WorkflowEnvironment

from adapters.moments import FastMoments

MONDAY: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday without holidays near it, nine in the morning at the desk."""


class SkippedMoments:
    """The desk's clock over a server that skips time: door and timers share that server's clock.

    At the desk it is `epoch` when the test begins, whatever day the test is run on, so that a calendar can be
    counted by hand. The door asks from other threads than the event loop's; asking on the loop itself would wait for
    ever and is refused. The server is asked every time: an answer kept would be stale after its next jump.
    """

    def __init__(self, environment: WorkflowEnvironment, began: datetime, epoch: datetime = MONDAY) -> None:
        self.environment, self.began, self.epoch = environment, began, epoch
        self.loop = asyncio.get_running_loop()

    @classmethod
    async def of(cls, environment: WorkflowEnvironment, epoch: datetime = MONDAY) -> "SkippedMoments":
        return cls(environment, await environment.get_current_time(), epoch)

    def now(self) -> datetime:
        with contextlib.suppress(RuntimeError):
            if asyncio.get_running_loop() is self.loop:
                raise AssertionError("the door is asked on the event loop; use office.perform or to_thread")
        asked = asyncio.run_coroutine_threadsafe(self.environment.get_current_time(), self.loop)
        return self.epoch + (asked.result(30) - self.began)

    def real(self, at: datetime) -> datetime:
        return self.began + (at - self.epoch)


class SteppedMoments:
    """The desk's clock over a real server, `ahead` of the real time; a step takes effect for what is told after it."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def step(self, further: timedelta) -> None:
        self.ahead += further

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def real(self, at: datetime) -> datetime:
        return at - self.ahead


class RunningMoments(FastMoments):
    """A fast clock that can be held: then nothing new falls due, what rings is too early, and things come to rest.

    It shows `epoch` until it is let go, and then what it would show had it never been held.
    """

    def __init__(self, epoch: datetime, speed: float) -> None:
        super().__init__(datetime.now(UTC), epoch, speed)
        self.held: datetime | None = epoch

    def let_go(self) -> None:
        self.held = None

    def hold(self) -> datetime:
        """Hold the clock and return what it shows from now on."""
        self.held = super().now()
        return self.held

    def now(self) -> datetime:
        return self.held or super().now()
