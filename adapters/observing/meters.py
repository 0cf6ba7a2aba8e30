"""What a process counts and times for Prometheus.

Labels are words of ours, each from a short list: never a case, a unit or a person.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from adapters.observing.ledger_figures import LedgerFigures
from models.vocabulary import Fate

if TYPE_CHECKING:
    from adapters.desk import Desk

DOOR: Final = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
"""Seconds; a command takes a few thousandths, one that waits for the database up to its patience."""
LAG: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600)
"""Seconds; the aim is one, an outage is hours."""
PAGES: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Meters:
    """The figures of one process: its own, and those of the ledger it works on."""

    def __init__(self, desk: "Desk | None" = None) -> None:
        """Make them; without an installation there are none of a ledger."""
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        build = Gauge("banjie_build", "版本 which version this is", ("version",), registry=self.registry)
        build.labels(version("banjie")).set(1)
        self.door = Histogram(
            "banjie_door_seconds",
            "经办一次耗时（秒） seconds one caller spends at the door",
            registry=self.registry,
            buckets=DOOR,
        )
        orders = self._counter("banjie_door_orders", "办理结果 how what was brought to the door ended", "outcome")
        self.orders = {each: orders.labels(each) for each in ("accepted", "refused", "failed")}
        self.lag = Histogram(
            "banjie_relay_lag_seconds",
            "事项送达流程所需时间（秒） seconds until a case's process manager hears what happened",
            registry=self.registry,
            buckets=LAG,
        )
        signals = self._counter("banjie_relay_signals", "送达次数 signals sent, and kept to be tried again", "outcome")
        self.signals = {each: signals.labels(each) for each in ("sent", "kept")}
        letters = self._counter("banjie_letters", "文书去向 what became of letters; again: tried once more", "fate")
        self.letters = {each: letters.labels(each) for each in (*map(str, Fate), "again")}
        self._pages = Histogram(
            "banjie_http_seconds",
            "网页与接口响应时间（秒） seconds until an answer of the console or the API begins",
            ("method", "status"),
            registry=self.registry,
            buckets=PAGES,
        )
        if desk is not None:
            self.registry.register(LedgerFigures(desk))

    def _counter(self, name: str, told: str, label: str) -> Counter:
        return Counter(name, told, (label,), registry=self.registry)

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count an answer of the console or the API."""
        self._pages.labels(method if method in METHODS else "other", f"{status // 100}xx").observe(seconds)
