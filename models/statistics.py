"""A desk's figures over a period. docs/statistics.md defines each of them.

A petition has a share in a few daily sums (``shares``): of the day it came and of the day it was closed, for the whole
desk, for its unit, channel, area and each of its types. Whatever is shown is added up from these sums. Days are legal
days in Asia/Shanghai: what came in or was closed at 23:59 of a period's last day belongs to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from models.areas import area_or_unit
from models.case import Case
from models.counting import legal_day
from models.receipt import parse
from models.vocabulary import ENDS, Kind, Status, Term

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
    TOWNSHIP = "township", "乡镇", "township"


class Against(Term):
    """What a period is compared with."""

    BEFORE = "before", "上期", "the period before"
    YEAR = "year", "去年同期", "the same days of last year"


class Row(NamedTuple):
    """What of a petition is counted; ``closed_at`` and ``on_time`` are None while it is not done."""

    channel: str
    unit: str | None
    area: str
    types: tuple[str, ...]
    registered_at: datetime | None
    done: bool
    ended: bool
    closed_at: datetime | None
    on_time: bool | None
    repeated: bool


def row_of(case: Case | None) -> Row | None:
    """Return what of a case is counted, None where it is no petition."""
    if case is None or case.kind is not Kind.PETITION:
        return None
    done = case.status in DONE
    numbers = {(each.channel, parse(each.number).key) for each in case.filings} if len(case.filings) > 1 else ()
    return Row(
        case.channel,
        case.unit,
        area_or_unit(case.place, case.unit),
        case.types,
        case.registered_at,
        done,
        case.status in ENDS,
        case.closed_at if done else None,
        case.on_time if done else None,
        case.leading is not None or len(numbers) > 1,
    )


@dataclass(frozen=True)
class Period:
    """From one legal day to another, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period as long that ends the day before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def year_before(self) -> "Period":
        """The same days of last year; 29 February falls on the 28th."""
        return Period(*(_year_before(each) for each in (self.first, self.last)))

    def against(self, what: Against) -> "Period":
        """Return the period that this one is compared with."""
        return self.before if what is Against.BEFORE else self.year_before


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


class Sums(NamedTuple):
    """The daily sums: of what came that day, how many are done by now, ended, repeated, open; and what was closed."""

    received: int = 0
    received_closed: int = 0
    ended: int = 0
    repeated: int = 0
    open: int = 0
    closed: int = 0
    closed_on_time: int = 0
    closed_late: int = 0

    def __add__(self, other: "tuple[int, ...]") -> "Sums":  # type: ignore[override] # sums are added, not joined
        """Add other sums."""
        return Sums(*map(int.__add__, self, other))


class Key(NamedTuple):
    """Of what a sum is: whose (``side`` "" is the whole desk, else a ``By`` or "area"), and of which day ("" all)."""

    day: str
    side: str
    name: str


AREA: Final = "area"


def shares(row: Row) -> Iterator[tuple[Key, Sums]]:
    """Yield a petition's share in each of the daily sums, and in those of all days together."""
    here = not row.done and not row.ended
    came = Sums(1, int(row.done), int(row.ended), int(row.repeated), int(here))
    came_on = legal_day(row.registered_at).isoformat() if row.registered_at else None
    closed_on = legal_day(row.closed_at).isoformat() if row.closed_at else None
    closed = NOTHING
    if closed_on:
        closed = Sums(
            closed=int(row.done), closed_on_time=int(row.on_time is True), closed_late=int(row.on_time is False)
        )
    whole = came + closed
    # A petition about odour and noise counts for both.
    names = [("", ""), (By.UNIT.value, row.unit or ""), (By.CHANNEL.value, row.channel), (AREA, row.area)]
    names += [(By.TYPE.value, each) for each in dict.fromkeys(row.types)] or [(By.TYPE.value, "")]
    for side, name in names:
        yield Key("", side, name), whole
        if came_on and came_on == closed_on:
            yield Key(came_on, side, name), whole
            continue
        if came_on:
            yield Key(came_on, side, name), came
        if closed_on:
            yield Key(closed_on, side, name), closed


def moved(pairs: Iterable[tuple[Row | None, Row | None]]) -> dict[Key, Sums]:
    """Return what is to be added to the sums where petitions changed from one row to the other."""
    found: dict[Key, Sums] = {}
    for old, new in pairs:
        if old == new:
            continue
        was, now = (_shares(row) if row else {} for row in (old, new))
        for key in was.keys() | now.keys():
            less, more = was.get(key, NOTHING), now.get(key, NOTHING)
            if less != more:
                found[key] = Sums(*map(int.__add__, found.get(key, NOTHING), map(int.__sub__, more, less)))
    return {key: sums for key, sums in sorted(found.items()) if any(sums)}


@lru_cache(maxsize=1024)
def _shares(row: Row) -> Mapping[Key, Sums]:
    # What a petition had before a change is what it had after the last one.
    return dict(shares(row))


NOTHING: Final = Sums()


@dataclass(frozen=True)
class Tally:
    """The figures of a period. Shares are None where there is nothing to divide by.

    ``ended`` are those of the received that were declined, referred or withdrawn: neither open nor closed.
    ``received_closed`` are those of the received that are closed by now, whenever that was. ``open`` and ``overdue``
    are so now, whenever they came.
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


def tally(sums: Sums, open_now: int, overdue_now: int) -> Tally:
    """Return the figures of a period from the sums of its days."""
    return Tally(**{**sums._asdict(), "open": open_now, "overdue": overdue_now})


Named = Mapping[str, Sums]
"""Sums of a period, or of all days, by name."""


class Compared(NamedTuple):
    """The figures of one unit, channel, type or township, and what they were in the period compared with."""

    name: str
    this: Tally
    was: Tally


def side_by_side(
    this: Named, was: Named, whole: Named, overdue: Mapping[str, int], called: Callable[[str], str] = str
) -> list[Compared]:
    """Return figures side by side, most received first; what has none is called "".

    Args:
        this: the sums of the period.
        was: those of the period compared with.
        whole: those of all days, for what is open now.
        overdue: how many are overdue now.
        called: several names may stand for one (areas for a township).
    """
    merged: list[dict[str, Sums]] = [{}, {}, {}]
    for into, given in zip(merged, (this, was, whole), strict=True):
        for name, sums in given.items():
            into[called(name)] = into.get(called(name), NOTHING) + sums
    late: dict[str, int] = {}
    for name, count in overdue.items():
        late[called(name)] = late.get(called(name), 0) + count
    found = []
    for name in merged[0].keys() | merged[1].keys() | merged[2].keys():
        here, before, all_days = (each.get(name, NOTHING) for each in merged)
        now, then = tally(here, all_days.open, late.get(name, 0)), tally(before, 0, 0)
        if now.received or now.closed or now.open or then.received or then.closed:
            found.append(Compared(name, now, then))
    return sorted(found, key=lambda each: (-each.this.received, -each.this.open, -each.was.received, each.name))


class Point(NamedTuple):
    """A stretch of a trend: its days, what came in, what was closed."""

    first: date
    last: date
    received: int
    closed: int


def trend(days: Mapping[date, Sums], period: Period) -> list[Point]:
    """Return what came in and was closed by weeks (Monday to Sunday) or, in a long period, by months."""
    stretches = list(_stretches(period))
    received, closed = [0] * len(stretches), [0] * len(stretches)
    place = {
        first + timedelta(days=day): at
        for at, (first, last) in enumerate(stretches)
        for day in range((last - first).days + 1)
    }
    for day, sums in days.items():
        if (found := place.get(day)) is not None:
            received[found] += sums.received
            closed[found] += sums.closed
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


def ages(open_by_day: Mapping[date, int], today: date) -> list[tuple[int, int | None, int]]:
    """Return how many petitions are open since how many days: from, to (None at the end), how many."""
    bounds: Sequence[tuple[int, int | None]]
    bounds = [(0, AGES[0]), *((low + 1, high) for low, high in pairwise(AGES)), (AGES[-1] + 1, None)]
    counts = [0] * len(bounds)
    for day, count in open_by_day.items():
        counts[sum((today - day).days > each for each in AGES)] += count
    return [(low, high, counts[at]) for at, (low, high) in enumerate(bounds)]
