"""Patrols (巡查): which slots an enterprise's patrol owes by the weather, and what became of each. Pure counting.

In dry weather once within so many days of the last time, in rain in each part of the day (晴天三天一次，雨天一天三次).
Slots follow one another without a gap; each has one fate. A late or contradictory observation never reaches back into
a slot that is over: nobody could have known.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.base import Amount, Frozen, Line, Word
from models.counting import end_of, legal_day
from models.instants import Instant
from models.vocabulary import Term

KEPT: Final = 60
"""Slots that a patrol shows, the latest; its history has them all."""
_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


class Sky(Term):
    """What the weather is at a station."""

    DRY = "dry", "晴（无雨）", "dry"
    HEAT = "heat", "高温", "heat wave"
    RAIN = "rain", "雨", "rain"
    HEAVY_RAIN = "heavy_rain", "大雨及以上", "heavy rain"

    @property
    def wet(self) -> bool:
        """Whether the rules for rain hold."""
        return self in {Sky.RAIN, Sky.HEAVY_RAIN}


_WETTER: Final = {sky: rank for rank, sky in enumerate(Sky)}


class Observation(Frozen):
    """What was seen at a station, when (not when it was told), by whom or what; ``mm`` of rain in the hour."""

    at: Instant
    sky: Sky
    source: Line = ""
    mm: Amount | None = None


def newer(known: Observation | None, told: Observation) -> bool:
    """Return whether what is told is the weather from now on.

    What was seen before what is known is history; of two seen in the same moment the wetter holds, for a patrol too
    many harms nobody.
    """
    return known is None or (told.at, _WETTER[told.sky]) > (known.at, _WETTER[known.sky])


class Ended(Term):
    """What became of a slot."""

    DONE = "done", "已巡查", "patrolled"
    MISSED = "missed", "漏巡", "missed"
    TOLD_LATE = "told_late", "补报", "done, told late"
    SPARED = "spared", "因天气变化重排", "gave way to the weather"


class Slot(Frozen):
    """A stretch in which somebody must be there once; ``at`` is when they were.

    ``begin`` lies ahead where the part of the day that runs was patrolled already.
    """

    begin: Instant
    end: Instant
    wet: bool = False
    ended: Ended | None = None
    at: Instant | None = None
    by: Word | None = None
    sound: bool = True


class Patrols(Frozen):
    """How often is patrolled. The defaults are a desk's that has not said otherwise in its policy (``[patrols]``).

    ``rain_until``: the parts of a day in rain, each by its end. ``least_hours``: a part of which less is left when
    rain begins is not owed on its own, but goes with the next one. ``stale_hours``: after that long without an
    observation the weather is shown as not known. ``rain_mm`` and ``heavy_mm`` of an hour, and ``heat_celsius``, say
    what a provider's figures are called (高温日 is a day of 35 °C, 中国气象局; the others are the desk's own).
    """

    dry_days: int = Field(default=3, ge=1, le=31)
    rain_until: tuple[Annotated[str, Field(pattern=r"^(24:00|([01]\d|2[0-3]):[0-5]\d)$")], ...] = Field(
        default=("12:00", "18:00", "24:00"), min_length=1, max_length=12
    )
    least_hours: int = Field(default=2, ge=0, le=12)
    stale_hours: int = Field(default=24, ge=1, le=240)
    rain_mm: Amount = Field(default=0.1, gt=0, le=50)
    heavy_mm: Amount = Field(default=8, gt=0, le=200)
    heat_celsius: Amount = Field(default=35, ge=20, le=50)

    @model_validator(mode="after")
    def _parts_of_a_day(self) -> Self:
        least = timedelta(hours=self.least_hours)
        parts = self.parts
        if parts[-1] != _DAY or any(end - begin < max(least, _TICK) for begin, end in zip(parts, parts[1:])):  # noqa: B905, RUF007
            raise PydanticCustomError(
                "parts_of_a_day",
                "雨天时段应依次递增、以 24:00 结束，且每段不短于 {least} 小时 / "
                "the parts of a day in rain rise, end with 24:00, and none is shorter than {least} hours",
                {"least": self.least_hours},
            )
        if self.heavy_mm < self.rain_mm:
            raise PydanticCustomError(
                "heavier_rain",
                "大雨的雨量（heavy_mm）不应小于雨的雨量（rain_mm） / "
                "heavy rain (heavy_mm) is no less than rain (rain_mm)",
            )
        return self

    def sky(self, mm: float, celsius: float | None) -> Sky:
        """Return what the weather is called with so much rain in the hour, at that temperature if it is known."""
        if mm >= self.heavy_mm:
            return Sky.HEAVY_RAIN
        if mm >= self.rain_mm:
            return Sky.RAIN
        return Sky.HEAT if celsius is not None and celsius >= self.heat_celsius else Sky.DRY

    @cached_property
    def parts(self) -> tuple[timedelta, ...]:
        """Where the parts of a day begin and end, from its midnight."""
        times = (each.split(":") for each in self.rain_until)
        return (timedelta(0), *(timedelta(hours=int(hour), minutes=int(minute)) for hour, minute in times))

    def part(self, at: datetime) -> tuple[datetime, datetime]:
        """Return the part of the day that an instant lies in; its end belongs to it, its beginning does not."""
        midnight = end_of(legal_day(at - _TICK) - _DAY)
        ends = [midnight + each for each in self.parts]
        place = next(place for place, end in enumerate(ends) if at <= end) if at > midnight else 1
        return ends[place - 1], ends[place]


def slot_from(rule: Patrols, at: datetime, *, wet: bool, last: datetime | None) -> Slot:
    """Return the slot that is owed from a moment on.

    Args:
        rule: how often.
        at: from when: a patrol's beginning, the end of the slot before, or when the weather turned.
        wet: whether it rains.
        last: when somebody was there last, None where nobody was yet.
    """
    if not wet:
        return Slot(begin=at, end=end_of(legal_day((last or at) - _TICK) + rule.dry_days * _DAY))
    begin, end = rule.part(at + _TICK)
    if last is not None and begin < last <= end:
        # This part has had its patrol, whatever the weather was called when it was made.
        at, (_, end) = end, rule.part(end + _TICK)
    elif at > begin and end - at < timedelta(hours=rule.least_hours):
        _, end = rule.part(end + _TICK)
    return Slot(begin=at, end=end, wet=True)


def after_missed(rule: Patrols, slot: Slot, *, wet: bool) -> Slot:
    """Return the slot after one that nobody came in."""
    return slot_from(rule, slot.end, wet=wet, last=None)


def over(rule: Patrols, slot: Slot, at: datetime, *, wet: bool) -> tuple[tuple[Slot, ...], Slot]:
    """Return the slots that are over by a moment, each of them missed, and the one that is owed then.

    While the engine is away nothing rings; whatever happens first to a patrol afterwards finds these.
    """
    gone: list[Slot] = []
    while slot.end <= at:
        gone.append(slot.model_copy(update={"ended": Ended.MISSED}))
        slot = after_missed(rule, slot, wet=wet)
    return tuple(gone), slot


def turned(rule: Patrols, slot: Slot, at: datetime, *, wet: bool, last: datetime | None) -> Slot:
    """Return the slot that is owed after the weather turned.

    Rain replaces the slot that is owed at once. When it stops, the part of the day that is owed stays owed; one that
    has not begun gives way to the days that count from the last patrol.
    """
    if wet:
        return slot if slot.wet else slot_from(rule, at, wet=True, last=last)
    if not slot.wet or slot.begin <= at:
        return slot
    return slot_from(rule, at, wet=False, last=last)


class Patrolled(Frozen):
    """What a patrol comes to: the slots that ended (the last of them patrolled) and the one that is owed next."""

    ended: tuple[Slot, ...]
    owed: Slot

    @property
    def missed(self) -> int:
        """How many slots before it nobody came in."""
        return sum(each.ended is Ended.MISSED for each in self.ended)


def patrolled(
    rule: Patrols, slot: Slot, at: datetime, *, wet: bool, last: datetime | None, by: str, sound: bool
) -> Patrolled | None:
    """Return what follows when somebody was there; None where that was before the slot that is owed.

    Slots that were over by then are missed, although nobody has said so yet. ``last`` is when somebody was there last:
    the same moment told twice is one visit.
    """
    if at < slot.begin or at == last:
        return None
    # The end of a slot belongs to it.
    ended, slot = over(rule, slot, at - _TICK, wet=wet)
    done = slot.model_copy(update={"ended": Ended.DONE, "at": at, "by": by, "sound": sound})
    begin = done.end if done.wet and wet else at
    return Patrolled(ended=(*ended, done), owed=slot_from(rule, begin, wet=wet, last=at))


def told_late(slots: Iterable[Slot], at: datetime, *, by: str, sound: bool) -> tuple[Slot, ...]:
    """Return the slots with the missed one that somebody was there in after all, as is told only now."""
    return tuple(
        each.model_copy(update={"ended": Ended.TOLD_LATE, "at": at, "by": by, "sound": sound})
        if each.ended is Ended.MISSED and each.begin < at <= each.end
        else each
        for each in slots
    )
