"""A desk's figures over a period, counted from the petitions' rows alone. docs/statistics.md defines each of them.

Days are legal days in Asia/Shanghai: what came in or was closed at 23:59 of a period's last day belongs to it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from models.counting import legal_day
from models.vocabulary import ENDS, Status, Term

DONE: Final = frozenset({Status.CLOSED, Status.SIGNED_OFF})
AGES: Final = (15, 30, 60, 90)
"""Days that part the ages of open petitions: 0–15, 16–30, 31–60, 61–90, above."""
WEEKLY: Final = 120
"""Up to so many days a trend goes by weeks, above by months."""


class By(Term):
    """What figures are put side by side by."""

    UNIT = "unit", "承办单位", "unit"
    CHANNEL = "channel", "受理渠道", "channel"
    TYPE = "type", "问题类型", "type"


class Row(NamedTuple):
    """What of a petition is counted."""

    status: Status
    channel: str
    unit: str | None
    types: tuple[str, ...]
    registered_at: datetime
    closed_at: datetime | None
    due: datetime | None
    on_time: bool | None
    is_open: bool
    repeated: bool


@dataclass(frozen=True)
class Period:
    """From one legal day to another, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, at: datetime | None) -> bool:
        """Tell whether an instant lies on one of its days."""
        return at is not None and self.first <= legal_day(at) <= self.last

    @property
    def before(self) -> "Period":
        """The period as long that ends the day before: what figures are compared with."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True)
class Tally:
    """The figures of a period. Shares are None where there is nothing to divide by.

    ``ended`` are those of the received that were declined, referred or withdrawn: neither open nor closed.
    ``received_closed`` are those of the received that are closed by now, whenever that was.
    """

    received: int = 0
    received_closed: int = 0
    ended: int = 0
    closed: int = 0
    closed_on_time: int = 0
    closed_late: int = 0
    open: int = 0
    overdue: int = 0
    repeated: int = 0

    @property
    def rate(self) -> float | None:
        """办结率: of the received that were handled here, the share closed by now."""
        handled = self.received - self.ended
        return self.received_closed / handled if handled else None

    @property
    def on_time_rate(self) -> float | None:
        """按期办结率: of those closed in the period whose time is known, the share closed in time."""
        known = self.closed_on_time + self.closed_late
        return self.closed_on_time / known if known else None


def tally(rows: Iterable[Row], period: Period, now: datetime) -> Tally:
    """Count a period's petitions; what is open and overdue is so now, whenever it came in."""
    found = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for row in rows:
        if period.holds(row.registered_at):
            found["received"] += 1
            found["received_closed"] += row.status in DONE
            found["ended"] += row.status in ENDS
            found["repeated"] += row.repeated
        if row.status in DONE and period.holds(row.closed_at):
            found["closed"] += 1
            found["closed_on_time"] += row.on_time is True
            found["closed_late"] += row.on_time is False
        found["open"] += row.is_open
        found["overdue"] += row.is_open and row.due is not None and row.due <= now
    return Tally(**found)


KEYS: Final[dict[By, Callable[[Row], Sequence[str]]]] = {
    By.UNIT: lambda row: (row.unit or "",),
    By.CHANNEL: lambda row: (row.channel,),
    # A petition about odour and noise counts for both.
    By.TYPE: lambda row: row.types or ("",),
}


def side_by_side(rows: Sequence[Row], by: By, period: Period, now: datetime) -> list[tuple[str, Tally]]:
    """Return the figures of each unit, channel or type, most received first; what has none is called ""."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for name in KEYS[by](row):
            groups.setdefault(name, []).append(row)
    counted = [(name, tally(group, period, now)) for name, group in groups.items()]
    kept = [each for each in counted if each[1].received or each[1].closed or each[1].open]
    return sorted(kept, key=lambda each: (-each[1].received, -each[1].open, each[0]))


class Point(NamedTuple):
    """A stretch of a trend: its days, what came in, what was closed."""

    first: date
    last: date
    received: int
    closed: int


def trend(rows: Iterable[Row], period: Period) -> list[Point]:
    """Return what came in and was closed by weeks (Monday to Sunday) or, in a long period, by months."""
    stretches = list(_stretches(period))
    received, closed = [0] * len(stretches), [0] * len(stretches)
    place = {
        first + timedelta(days=day): at
        for at, (first, last) in enumerate(stretches)
        for day in range((last - first).days + 1)
    }
    for row in rows:
        for at, counts in ((row.registered_at, received), (row.closed_at if row.status in DONE else None, closed)):
            if at is not None and (found := place.get(legal_day(at))) is not None:
                counts[found] += 1
    return [Point(*each, received[at], closed[at]) for at, each in enumerate(stretches)]


def _stretches(period: Period) -> Iterator[tuple[date, date]]:
    first = period.first
    while first <= period.last:
        if period.days <= WEEKLY:
            last = first + timedelta(days=6 - first.weekday())
        else:
            last = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        yield first, min(last, period.last)
        first = last + timedelta(days=1)


def ages(rows: Iterable[Row], now: datetime) -> list[tuple[int, int | None, int]]:
    """Return how many petitions are open since how many days: from, to (None at the end), how many."""
    bounds = [(0, AGES[0]), *((low + 1, high) for low, high in pairwise(AGES)), (AGES[-1] + 1, None)]
    counts = [0] * len(bounds)
    today = legal_day(now)
    for row in rows:
        if row.is_open:
            days = (today - legal_day(row.registered_at)).days
            counts[sum(days > each for each in AGES)] += 1
    return [(low, high, counts[at]) for at, (low, high) in enumerate(bounds)]
