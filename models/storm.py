"""Storms (集中来件): when filings on one matter come thick and fast. Pure counting over a set of filings.

What is counted depends on the filings alone, never on the order in which they became known: a filing that is imported
late, or told twice, changes nothing but what it really adds.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from pydantic import Field

from models.base import Frozen, Line, Word
from models.instants import Instant
from models.vocabulary import Light


class Sighting(Frozen):
    """One filing on the matter: its petition, when it came in, by which channel.

    ``platforms`` is by how many channels whoever filed it has brought this matter by then: a count, so that nothing
    in the ledger tells which petitions are one person's.
    """

    case: Word
    at: Instant
    channel: Word
    platforms: int = Field(default=1, ge=1)


class Alert(Frozen):
    """A threshold that was crossed, and the filing's moment at which it was; told once."""

    threshold: Word
    at: Instant


class Threshold(Frozen):
    """A row of the policy: so many filings, or so many channels of one petitioner, within so many hours."""

    name: Word
    zh: Line
    en: Line
    count: int = Field(ge=2, le=999)
    hours: int = Field(ge=1, le=24 * 366)
    of: Literal["filings", "platforms"] = "filings"
    light: Light = Light.YELLOW


class Storms(Frozen):
    """What counts as a storm, and when it has calmed down: so many days without another filing.

    The defaults are those of a desk that has not said otherwise in its policy (``[storms]``); no source fixes them.
    """

    threshold: tuple[Threshold, ...] = (
        Threshold(name="day", zh="24 小时内 3 件", en="3 within 24 hours", count=3, hours=24),
        Threshold(name="week", zh="7 日内 5 件", en="5 within 7 days", count=5, hours=168, light=Light.RED),
        Threshold(
            name="platforms",
            zh="同一信访人经 3 个渠道反映",
            en="one petitioner by 3 channels",
            count=3,
            hours=168,
            of="platforms",
            light=Light.RED,
        ),
    )
    calm: int = Field(default=7, ge=1, le=366)
    """Days."""

    @property
    def gap(self) -> timedelta:
        """The time without a filing after which a further one begins another storm."""
        return timedelta(days=self.calm)


class Recurrence(Frozen):
    """When what was closed counts as come back (反弹): so many days after closure or sign-off, at the same site.

    ``same_type``: only where both are of one type, or of one sort of harm; ``reopens``: whether the earlier petition is
    opened again by itself, or only told. The defaults are a desk's that has not said otherwise (``[recurrence]``).
    """

    days: int = Field(default=180, ge=1, le=3660)
    same_type: bool = True
    reopens: bool = True


class Crossing(NamedTuple):
    """A threshold crossed: when, and from when to when its storm lasts as far as is known."""

    threshold: Threshold
    at: datetime
    first: datetime
    last: datetime


MOST: Final = 200
"""Filings that are kept of one matter, the latest: however they became known, these are the same."""
STALE: Final = timedelta(days=7)
"""So long after its moment a crossing is history, and nobody is alarmed about it (an import of an old table)."""


def together(known: Iterable[Sighting], more: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return filings in the order in which they came in, each petition once; of two counts of channels the larger."""
    found: dict[str, Sighting] = {}
    for each in (*known, *more):
        before = found.get(each.case)
        if before is None or each.platforms > before.platforms:
            found[each.case] = each
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.case))[-MOST:])


def crossings(storms: Storms, sightings: Iterable[Sighting]) -> list[Crossing]:
    """Return every threshold that is crossed, once in each storm, by its moment.

    A window ends with a filing and is open at its beginning: filings exactly ``hours`` apart are not within it.
    """
    found: list[Crossing] = []
    for storm in _storms(storms, together(sightings, ())):
        for each in storms.threshold:
            at = _crossed(each, storm)
            if at is not None:
                found.append(Crossing(each, at, storm[0].at, storm[-1].at))
    return sorted(found, key=lambda each: (each.at, each.threshold.name))


def alerts_due(
    storms: Storms, sightings: Iterable[Sighting], told: Iterable[Alert], now: datetime
) -> tuple[Alert, ...]:
    """Return the crossings that nobody was alarmed about yet, and that are not history."""
    before = tuple(told)
    return tuple(
        Alert(threshold=each.threshold.name, at=each.at)
        for each in crossings(storms, sightings)
        if now - each.at <= STALE and not any(_is_of(alert, each) for alert in before)
    )


def _is_of(alert: Alert, crossing: Crossing) -> bool:
    return alert.threshold == crossing.threshold.name and crossing.first <= alert.at <= crossing.last


def _storms(storms: Storms, sightings: tuple[Sighting, ...]) -> list[list[Sighting]]:
    """Part filings where none came for as long as it takes to calm down."""
    found: list[list[Sighting]] = []
    for each in sightings:
        if found and each.at - found[-1][-1].at <= storms.gap:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _crossed(threshold: Threshold, storm: list[Sighting]) -> datetime | None:
    window = timedelta(hours=threshold.hours)
    for place, each in enumerate(storm):
        within = [other for other in storm[: place + 1] if each.at - other.at < window]
        count = len(within) if threshold.of == "filings" else each.platforms
        if count >= threshold.count:
            return each.at
    return None
