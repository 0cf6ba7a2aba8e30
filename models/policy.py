"""A policy: the dated document that says how long everything may take and who hears when it takes longer.

Published policies never change; a case names the one it runs under. Lengths and offsets are written as a
desk would write them: ``"60 day"``, ``"5 working_day"``, ``"36 hour"``, ``"4 working_hour"``, ``"1 half_day"``;
rungs as a share of the clock (``"70%"``) or as an offset to the due date (``"-1 day"``, ``"0 day"``, ``"+3 day"``).
"""

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from models.base import Frozen, Line, Word
from models.counting import Rule, Unit
from models.lifecycle import EVENTS
from models.vocabulary import Flag, Kind, Light, RungKind

_LENGTH = re.compile(r"(?P<count>\d{1,4}) (?P<unit>hour|day|working_day|working_hour|half_day)")
_OFFSET = re.compile(r"(?P<count>[+-]?\d{1,4}) (?P<unit>day|working_day)")
_SHARE = re.compile(r"(?P<percent>\d{1,3})%")


class Length(Frozen):
    """How long: a number of hours or days, of working hours or working days, or of half days."""

    count: int = Field(ge=0, le=3660)
    unit: Unit


class Moment(Frozen):
    """When a rung comes: a share of the clock in per cent, or an offset to the due date in days."""

    percent: int | None = Field(default=None, ge=0, le=100)
    days: int = 0
    unit: Unit = Unit.DAY


def _length(value: object) -> object:
    if isinstance(value, str):
        if not (found := _LENGTH.fullmatch(value)):
            written = "'60 day', '5 working_day', '36 hour', '4 working_hour', '1 half_day'"
            message = f"not a length: {value!r} (write {written})"
            raise ValueError(message)
        return {"count": int(found["count"]), "unit": found["unit"]}
    return value


def _moment(value: object) -> object:
    if isinstance(value, str):
        if share := _SHARE.fullmatch(value):
            return {"percent": int(share["percent"])}
        if offset := _OFFSET.fullmatch(value):
            return {"days": int(offset["count"]), "unit": offset["unit"]}
        message = f"not a moment: {value!r} (write '70%', '-1 day', '+3 day')"
        raise ValueError(message)
    return value


LengthText = Annotated[Length, BeforeValidator(_length)]
MomentText = Annotated[Moment, BeforeValidator(_moment)]


class Rung(Frozen):
    """One step of a ladder: when it comes, what it is, whose posts hear, which letter, which light."""

    name: Word
    zh: Line
    en: Line
    at: MomentText
    kind: RungKind
    to: tuple[Word, ...] = ()
    light: Light | None = None
    letter: Word | None = None
    propose: Word | None = None


class Ladder(Frozen):
    """The steps of one ladder; with ``again``, the last one comes again every so many days."""

    rungs: tuple[Rung, ...] = Field(min_length=1)
    again: int | None = Field(default=None, ge=1)

    def rung(self, name: str) -> Rung:
        """Return the rung of that name.

        Raises:
            KeyError: the ladder has none.
        """
        for rung in self.rungs:
            if rung.name == name:
                return rung
        raise KeyError(name)


class ClockRule(Frozen):
    """One row of the clocks: what starts, stops, pauses and moves it, and which ladder it climbs.

    Events are named as in the lifecycle; a clock's own event is written ``lapsed.asked``. With ``due`` set,
    the due date is not counted but taken from the case's field of that name.
    """

    name: Word
    kind: Kind = Kind.PETITION
    zh: Line
    en: Line
    article: Line = ""
    starts_on: tuple[Word, ...]
    stops_on: tuple[Word, ...]
    length: LengthText
    due: Word | None = None
    calendar: Word = "statutory"
    ladder: Word = "standard"
    paused_by: tuple[Word, ...] = ()
    extended_on: tuple[Word, ...] = ()
    imported: bool = True


class Pause(Frozen):
    """A stretch that is not counted: which event begins it and which end it."""

    name: Word
    zh: Line
    en: Line
    begins_on: tuple[Word, ...]
    ends_on: tuple[Word, ...]


class ClockChange(Frozen):
    """How a channel's clock differs from the common row; what is None stays as it is there."""

    length: LengthText | None = None
    starts_on: tuple[Word, ...] | None = None
    calendar: Word | None = None
    ladder: Word | None = None
    article: Line | None = None

    def on(self, row: ClockRule) -> ClockRule:
        """Return the common row with this channel's differences."""
        return row.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Channel(Frozen):
    """A way petitions come in, and how its clocks differ."""

    zh: Line
    en: Line
    prefix: str = Field(default="", max_length=4)
    clocks: dict[Word, ClockChange] = Field(default_factory=dict)
    off: tuple[Word, ...] = ()


class Policy(Frozen):
    """The whole document."""

    name: Word
    zh: Line
    en: Line
    effective: date
    counting: Rule = Rule()
    extension_limit: int = Field(default=30, ge=1, le=365)
    upwards: tuple[Word, ...] = Field(min_length=1)
    posts: dict[Word, tuple[Line, Line]]
    channels: dict[Word, Channel]
    clock: tuple[ClockRule, ...]
    pause: tuple[Pause, ...] = ()
    ladder: dict[Word, Ladder]

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        changes = [change for way in self.channels.values() for change in way.clocks.values()]
        rules: list[ClockRule | ClockChange] = [*self.clock, *changes]
        events = {name for rule in rules for name in (rule.starts_on or ())}
        events |= {name for rule in self.clock for name in (*rule.stops_on, *rule.extended_on)}
        events |= {name for pause in self.pause for name in (*pause.begins_on, *pause.ends_on)}
        for what, named, known in (
            ("ladder", {rule.ladder for rule in rules if rule.ladder}, self.ladder),
            (
                "pause",
                {name for rule in self.clock for name in rule.paused_by},
                {each.name for each in self.pause},
            ),
            ("flag", {pause.name for pause in self.pause}, tuple(Flag)),
            (
                "post",
                {to for ladder in self.ladder.values() for rung in ladder.rungs for to in rung.to},
                self.posts,
            ),
            ("post", set(self.upwards), self.posts),
            (
                "clock",
                {name for way in self.channels.values() for name in (*way.clocks, *way.off)},
                {rule.name for rule in self.clock},
            ),
            ("event", {name.split(".")[0] for name in events}, EVENTS),
        ):
            if unknown := sorted(named - set(known)):
                message = f"没有这个 {what}: {unknown[0]} / the policy names a {what} that does not exist"
                raise ValueError(message)
        return self

    def clocks(self, kind: Kind, channel: str) -> tuple[ClockRule, ...]:
        """Return the clock rows of a kind of case as its channel has them."""
        rows = self._clocks.get((kind, channel))
        if rows is None:
            rows = self._clocks[kind, channel] = tuple(self._channelled(kind, channel))
        return rows

    def clock_rule(self, kind: Kind, channel: str, name: str) -> ClockRule:
        """Return one clock's row.

        Raises:
            KeyError: no clock of that name for that kind and channel.
        """
        for row in self.clocks(kind, channel):
            if row.name == name:
                return row
        raise KeyError(name)

    @cached_property
    def _clocks(self) -> dict[tuple[Kind, str], tuple[ClockRule, ...]]:
        return {}

    def _channelled(self, kind: Kind, channel: str) -> list[ClockRule]:
        rows = [row for row in self.clock if row.kind is kind]
        own = self.channels.get(channel)
        if own is None:
            return rows
        same = ClockChange()
        return [own.clocks.get(row.name, same).on(row) for row in rows if row.name not in own.off]
