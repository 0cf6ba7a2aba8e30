"""The ledger in figures, read when somebody asks: from sums and indexes that are there, at most every ten seconds.

Every process of an installation tells the same of its one ledger, so a chart takes the largest of them, not their sum.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from adapters import SetupError, tables
from adapters.database import AWAY

if TYPE_CHECKING:
    from adapters.desk import Desk

FRESH: Final = 10.0
"""Seconds for which what was counted is told again."""
LATE: Final = timedelta(seconds=60)
"""As late an alarm has lost its timer (``adapters.relay.LATE``)."""
SETTLED: Final = timedelta(minutes=10)
"""What was recorded longer ago, by the desk's clock, is counted once and for all: no transaction takes so long."""


class LedgerFigures(Collector):
    """Gauges of one ledger; safe to use from many threads."""

    def __init__(self, desk: "Desk", tick: Callable[[], float] = time.monotonic) -> None:
        """Keep the installation."""
        self._desk, self._tick = desk, tick
        self._turn = threading.Lock()
        self._known: tuple[float, list[Metric]] | None = None
        self._height = 0
        self._until: datetime | None = None

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand, or registering would ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the figures; one says whether the ledger could be read, and without it the others are left out."""
        with self._turn:
            if self._known is None or self._tick() - self._known[0] >= FRESH:
                try:
                    found = [
                        _one("banjie_ledger_readable", "台账可读 whether the ledger could be read", 1),
                        *self._read(),
                    ]
                except (SetupError, *AWAY, sa.exc.DBAPIError):
                    found = [_one("banjie_ledger_readable", "台账可读 whether the ledger could be read", 0)]
                self._known = (self._tick(), found)
            return self._known[1]

    def _read(self) -> Iterable[Metric]:
        desk, cases = self._desk, tables.cases.c
        now = desk.moments.now()
        with desk.database.reading() as connection:
            yield self._open(connection)
            # Late by the real clock: an accelerated desk's minutes are short.
            before = now - LATE * speed_of(desk, now)
            late = sa.select(sa.func.count()).where(cases.next_alarm < before)
            yield _one(
                "banjie_alarms_late", "迟响的时限提醒 alarms over a minute late", connection.execute(late).scalar_one()
            )
            yield from self._outbox(connection)
            lost = sa.select(sa.func.count()).where(tables.has_lost_letters(desk.database.engine.dialect.name))
            yield _one(
                "banjie_letters_unsettled",
                "文书未送达且未处理的案件 cases with a letter that did not arrive and is not settled",
                connection.execute(lost.select_from(tables.cases)).scalar_one(),
            )
            yield _one(
                "banjie_chain_events", "台账事件总数 events in the ledger's chains", self._events(connection, now)
            )
            hooks = sa.select(sa.func.count()).where(tables.hooks.c.failing_since.is_not(None))
            yield _one(
                "banjie_webhooks_failing", "推送失败的订阅 webhooks that fail", connection.execute(hooks).scalar_one()
            )

    def _open(self, connection: sa.Connection) -> Metric:
        cases = tables.cases.c
        query = (
            sa.select(cases.kind, cases.status, cases.light, sa.func.count())
            # Written out, so that the index of open cases serves, which holds all that is asked.
            .where(sa.literal_column("cases.is_open"))
            .group_by(cases.kind, cases.status, cases.light)
        )
        told = "未结案件（类别、状态、亮灯） open cases by kind, status and light"
        found = GaugeMetricFamily("banjie_cases_open", told, labels=("kind", "status", "light"))
        for kind, status, light, count in connection.execute(query):
            found.add_metric((kind, status, light), count)
        return found

    def _outbox(self, connection: sa.Connection) -> Iterable[Metric]:
        columns = tables.outbox.c
        oldest = sa.func.min(columns.queued_at, type_=tables.Instant)
        query = sa.select(sa.func.count(), sa.func.count(sa.case((columns.attempts > 0, 1))), oldest)
        waiting, failing, since = connection.execute(query.select_from(tables.outbox)).one()
        yield _one("banjie_outbox_waiting", "待送达的案件 cases whose manager has not heard everything", waiting)
        yield _one("banjie_outbox_failing", "送达失败的案件 of these, those that were tried in vain", failing)
        moments = self._desk.moments
        lag = moments.real(moments.now()) - moments.real(since) if since else timedelta(0)
        yield _one(
            "banjie_outbox_oldest_seconds", "最久的等待（秒） seconds the oldest waits", max(0.0, lag.total_seconds())
        )

    def _events(self, connection: sa.Connection, now: datetime) -> int:
        """Return how many events there are: counted whole once, then only what came since."""
        at = tables.envelopes.c.recorded_at
        until = now - SETTLED
        count = sa.select(sa.func.count()).select_from(tables.envelopes)
        since = count.where(at < until) if self._until is None else count.where(at >= self._until, at < until)
        if self._until is None or until > self._until:
            self._height += connection.execute(since).scalar_one()
            self._until = until
        newest: int = connection.execute(count.where(at >= self._until)).scalar_one()
        return self._height + newest


def speed_of(desk: "Desk", now: datetime) -> float:
    """Return how many seconds of the desk's clock pass in one."""
    a_day = timedelta(days=1)
    return a_day / (desk.moments.real(now + a_day) - desk.moments.real(now))


def _one(name: str, told: str, value: Any) -> Metric:  # noqa: ANN401 - a number, as databases have several
    return GaugeMetricFamily(name, told, value=float(value))
