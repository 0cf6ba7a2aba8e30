"""The one clock of the engine: it serves the door and the timers, at the real pace or an accelerated one."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Moments(Protocol):
    """What tells the time. The desk's time may run faster than the real one, in demonstrations and tests."""

    def now(self) -> datetime:
        """Return the desk's time (UTC)."""

    def real(self, at: datetime) -> datetime:
        """Return the real instant at which the desk's clock will show ``at``."""


class RealMoments:
    """The real time."""

    def now(self) -> datetime:
        """Return the real time (UTC)."""
        return datetime.now(UTC)

    def real(self, at: datetime) -> datetime:
        """Return the instant itself."""
        return at


class FastMoments:
    """A clock that started at ``began`` (real) showing ``epoch`` and runs ``speed`` times as fast."""

    def __init__(self, began: datetime, epoch: datetime, speed: float) -> None:
        """Keep the two starting points and the speed."""
        self.began, self.epoch, self.speed = began, epoch, speed

    def now(self) -> datetime:
        """Return what the clock shows now."""
        return self.epoch + (datetime.now(UTC) - self.began) * self.speed

    def real(self, at: datetime) -> datetime:
        """Return the real instant at which it will show ``at``."""
        return self.began + timedelta(seconds=(at - self.epoch).total_seconds() / self.speed)
