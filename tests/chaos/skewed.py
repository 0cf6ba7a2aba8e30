"""A process of ours on a machine whose clock is wrong or whose disk is slow, or whose program is older.

Nothing in the product knows of it: it is wrapped from outside. The files that say so lie in the house's folder
(`tests/chaos/troubles.py`).
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

import adapters.relay
import workflows.process
from adapters.moments import FastMoments
from tests.chaos.troubles import CLOCK, SLOW


def skew() -> None:
    """Wrap what tells the time and what commits; make the program an older one where that was asked for."""
    folder = Path(os.environ["BANJIE_CHAOS_FOLDER"])
    now, real = FastMoments.now, FastMoments.real

    def wrong() -> timedelta:
        return timedelta(days=_read(folder / CLOCK))

    def skewed_now(self: FastMoments) -> datetime:
        return now(self) + wrong()

    def skewed_real(self: FastMoments, at: datetime) -> datetime:
        return real(self, at - wrong())

    def slow_commit(_connection: sa.Connection) -> None:
        time.sleep(_read(folder / SLOW))

    FastMoments.now = skewed_now  # type: ignore[method-assign]
    FastMoments.real = skewed_real  # type: ignore[method-assign]
    sa.event.listen(sa.Engine, "commit", slow_commit)
    if way := os.environ.get("BANJIE_CHAOS_WAY"):
        workflows.process.NEWEST_WAY = adapters.relay.WAY = int(way)


def _read(path: Path) -> float:
    try:
        return float(path.read_text())
    except (FileNotFoundError, ValueError):
        return 0.0
