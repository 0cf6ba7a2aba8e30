"""A policy: the dated document that says how long everything may take and who hears when it takes longer.

Published policies never change; a case names the one it runs under. Lengths and offsets are written as a
desk would write them: ``"60 day"``, ``"5 working_day"``, ``"36 hour"``, ``"4 working_hour"``, ``"1 half_day"``;
rungs as a share of the clock (``"70%"``) or as an offset to the due date (``"-1 day"``, ``"0 day"``, ``"+3 day"``).
"""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from models.base import ByName, Frozen, Line, Word
from models.counting import Rule, Unit
from models.lifecycle import EVENTS
from models.open311 import Open311
from models.patrol import Patrols
from models.policy_rows import ANY_GRID as ANY_GRID  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import ANY_TOWNSHIP as ANY_TOWNSHIP  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import THE_PLACE as THE_PLACE  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import Consequence as Consequence  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import Dispatching as Dispatching  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import OrderRule as OrderRule  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.policy_rows import RouteRow as RouteRow  # noqa: PLC0414 - whoever looks for a policy's rows finds them here
from models.retention import RetentionRow, usual
from models.storm import Recurrence, Storms
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
            form = "'60 day', '5 working_day', '36 hour', '4 working_hour', '1 half_day'"
            message = f"不是时长：{value!r}，应写作 {form} / not a length: {value!r} (write {form})"
            raise ValueError(message)
        return {"count": int(found["count"]), "unit": found["unit"]}
    return value


def _moment(value: object) -> object:
    if isinstance(value, str):
        if share := _SHARE.fullmatch(value):
            return {"percent": int(share["percent"])}
        if offset := _OFFSET.fullmatch(value):
            return {"days": int(offset["count"]), "unit": offset["unit"]}
        form = "'70%', '-1 day', '+3 day'"
        message = f"不是时刻：{value!r}，应写作 {form} / not a moment: {value!r} (write {form})"
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


class Ladder(Frozen):
    """The steps of one ladder; with ``again``, the last one comes again every so many days.

    It rests (is hushed) when somebody who holds a post of ``authority`` over the case's unit does one of ``hushed_by``,
    until one of ``woken_by`` happens, and at most for ``rest`` days from the first time since it last rang.
    """

    rungs: tuple[Rung, ...] = Field(min_length=1)
    again: int | None = Field(default=None, ge=1)
    authority: tuple[Word, ...] = ()
    hushed_by: tuple[Word, ...] = ()
    woken_by: tuple[Word, ...] = ()
    rest: int = Field(default=14, ge=1, le=90)

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
    the due date is not counted but taken from the case's field of that name, where that holds a day or an instant, and
    with ``since`` its beginning likewise, not from the event. A row with
    ``like`` is for each filing of another channel than the case's own: every one has its clock, as long as the row of
    that name is on the filing's channel. A clock that ``outlives`` its case also runs after an end (declined,
    referred, withdrawn), where all others stop.
    """

    name: Word
    kind: Kind = Kind.PETITION
    zh: Line
    en: Line
    article: Line = ""
    starts_on: tuple[Word, ...]
    stops_on: tuple[Word, ...]
    length: LengthText = Length(count=0, unit=Unit.DAY)
    like: Word | None = None
    due: Word | None = None
    since: Word | None = None
    calendar: Word = "statutory"
    ladder: Word = "standard"
    paused_by: tuple[Word, ...] = ()
    extended_on: tuple[Word, ...] = ()
    imported: bool = True
    outlives: bool = False


class Pause(Frozen):
    """A stretch that is not counted: which event begins it and which end it.

    ``times`` is how often it may be begun while the time for closure runs; after that somebody has to decide.
    """

    name: Word
    zh: Line
    en: Line
    begins_on: tuple[Word, ...]
    ends_on: tuple[Word, ...]
    times: int | None = Field(default=None, ge=1)


class ClockChange(Frozen):
    """How a channel's clock differs from the common row; what is None stays as it is there."""

    length: LengthText | None = None
    starts_on: tuple[Word, ...] | None = None
    calendar: Word | None = None
    ladder: Word | None = None
    article: Line | None = None

    def on(self, row: ClockRule) -> ClockRule:
        """Return the common row with this channel's differences."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return row.model_copy(update={name: value for name, value in own.items() if value is not None})


class Channel(Frozen):
    """A way petitions come in, and how its clocks differ."""

    zh: Line
    en: Line
    prefix: str = Field(default="", max_length=4)
    clocks: Annotated[dict[Word, ClockChange], ByName] = Field(default_factory=dict)
    off: tuple[Word, ...] = ()


Place = tuple[str | int, ...]
"""A place in the document: the names and numbers that lead there."""
Named = tuple[Place, str]
"""A place, and the name that stands there."""


def _each(place: Place, names: Iterable[str]) -> list[Named]:
    return [((*place, at), name) for at, name in enumerate(names)]


def _unknown(what: str, name: str) -> PydanticCustomError:
    return PydanticCustomError(
        "unknown_name",
        "没有这个 {what}: {name} / the policy names a {what} that does not exist: {name}",
        {"what": what, "name": name},
    )


def _twice(name: str) -> PydanticCustomError:
    return PydanticCustomError("twice", "名称重复: {name} / the name occurs twice: {name}", {"name": name})


class Policy(Frozen):
    """The whole document."""

    name: Word
    zh: Line
    en: Line
    effective: date
    counting: Rule = Rule()
    extension_limit: int = Field(default=30, ge=1, le=365)
    instruction_limit: int = Field(default=30, ge=1, le=365)
    letter_code: Line = ""
    upwards: tuple[Word, ...] = Field(min_length=1)
    posts: Annotated[dict[Word, tuple[Line, Line]], ByName]
    channels: Annotated[dict[Word, Channel], ByName]
    clock: tuple[ClockRule, ...]
    pause: tuple[Pause, ...] = ()
    ladder: Annotated[dict[Word, Ladder], ByName]
    consequence: tuple[Consequence, ...] = ()
    all_days: OrderRule | None = None
    route: tuple[RouteRow, ...] = ()
    storms: Storms = Storms()
    recurrence: Recurrence = Recurrence()
    patrols: Patrols = Patrols()
    dispatch: Dispatching = Dispatching()
    open311: Open311 = Open311()
    retention: tuple[RetentionRow, ...] = Field(default_factory=usual)

    @model_validator(mode="after")
    def _routes_everything(self) -> Self:
        open_to_all = [number for number, row in enumerate(self.route, 1) if row.for_all]
        if self.route and open_to_all[:1] != [len(self.route)]:
            message = (
                f"派件规则须以且仅以最后一行兜底：{open_to_all or '无'} / "
                f"the last row of the routing table, and no other, is for all: {open_to_all or 'none'}"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        wrong = [
            InitErrorDetails(type=_unknown(what, name), loc=place, input=name)
            for what, known, named in self._named()
            for place, name in named
            if name not in known
        ]
        wrong += [
            InitErrorDetails(type=_twice(name), loc=place, input=name)
            for names in self._called()
            for at, (place, name) in enumerate(names)
            if name in {earlier for _, earlier in names[:at]}
        ]
        if wrong:
            raise ValidationError.from_exception_data(type(self).__name__, wrong)
        return self

    def _named(self) -> Iterator[tuple[str, Container[str], list[Named]]]:
        """Yield what the document names: what it is, which there are, and every place that names one."""
        changes: list[tuple[Place, ClockChange]] = [
            (("channels", name, "clocks", clock), change)
            for name, way in self.channels.items()
            for clock, change in way.clocks.items()
        ]
        rules: list[tuple[Place, ClockRule | ClockChange]] = [
            *((("clock", at), rule) for at, rule in enumerate(self.clock)),
            *changes,
        ]
        rungs = [
            (("ladder", name, "rungs", at), rung)
            for name, ladder in self.ladder.items()
            for at, rung in enumerate(ladder.rungs)
        ]
        lists: list[tuple[Place, Iterable[str]]] = [
            ((*place, "starts_on"), rule.starts_on or ()) for place, rule in rules
        ]
        for at, rule in enumerate(self.clock):
            lists += [(("clock", at, "stops_on"), rule.stops_on), (("clock", at, "extended_on"), rule.extended_on)]
        for at, pause in enumerate(self.pause):
            lists += [(("pause", at, "begins_on"), pause.begins_on), (("pause", at, "ends_on"), pause.ends_on)]
        for name, ladder in self.ladder.items():
            lists += [
                (("ladder", name, "hushed_by"), ladder.hushed_by),
                (("ladder", name, "woken_by"), ladder.woken_by),
            ]
        events = [each for place, names in lists for each in _each(place, names)]
        clocks = {rule.name for rule in self.clock}
        yield "ladder", self.ladder, [((*place, "ladder"), rule.ladder) for place, rule in rules if rule.ladder]
        yield (
            "pause",
            {each.name for each in self.pause},
            [each for at, rule in enumerate(self.clock) for each in _each(("clock", at, "paused_by"), rule.paused_by)],
        )
        yield "flag", tuple(Flag), [(("pause", at, "name"), pause.name) for at, pause in enumerate(self.pause)]
        yield "post", self.posts, [each for place, rung in rungs for each in _each((*place, "to"), rung.to)]
        yield "post", self.posts, _each(("upwards",), self.upwards)
        yield "post", self.posts, _each(("all_days", "signed_by"), self.all_days.signed_by if self.all_days else ())
        for name, ladder in self.ladder.items():
            yield "post", self.posts, _each(("ladder", name, "authority"), ladder.authority)
        yield "post", self.posts, [(("consequence", at, "to"), each.to) for at, each in enumerate(self.consequence)]
        for at, row in enumerate(self.route):
            yield "channel", self.channels, _each(("route", at, "channels"), row.channels)
        if self.open311.channel:
            yield "channel", self.channels, [(("open311", "channel"), self.open311.channel)]
        yield "clock", clocks, [(("clock", at, "like"), rule.like) for at, rule in enumerate(self.clock) if rule.like]
        yield "clock", clocks, [(place, str(place[-1])) for place, _ in changes]
        yield (
            "clock",
            clocks,
            [each for name, way in self.channels.items() for each in _each(("channels", name, "off"), way.off)],
        )
        # “lapsed.asked”: the event, and the clock whose lapse is meant.
        yield "event", EVENTS, [(place, name.partition(".")[0]) for place, name in events]
        yield "clock", clocks, [(place, name.partition(".")[2]) for place, name in events if "." in name]

    def _called(self) -> Iterator[list[Named]]:
        """Yield the names that may occur only once beside one another, with their places."""
        for kind in Kind:
            rules = ((("clock", at, "name"), rule) for at, rule in enumerate(self.clock))
            yield [(place, rule.name) for place, rule in rules if rule.kind is kind]
        yield [(("pause", at, "name"), pause.name) for at, pause in enumerate(self.pause)]
        for name, ladder in self.ladder.items():
            yield [(("ladder", name, "rungs", at, "name"), rung.name) for at, rung in enumerate(ladder.rungs)]
        yield [(("consequence", at, "name"), each.name) for at, each in enumerate(self.consequence)]
        yield [(("retention", at, "name"), each.name) for at, each in enumerate(self.retention)]
        yield [(("open311", "services", at, "code"), each.code) for at, each in enumerate(self.open311.services)]

    def clocks(self, kind: Kind, channel: str) -> tuple[ClockRule, ...]:
        """Return the clock rows of a kind of case as its channel has them."""
        return self._rows(kind, channel, filings=False)

    def filing_clocks(self, kind: Kind, channel: str) -> tuple[ClockRule, ...]:
        """Return the rows that every filing of that channel has for itself, beside the case's own."""
        return self._rows(kind, channel, filings=True)

    def clock_rule(self, kind: Kind, channel: str, name: str) -> ClockRule:
        """Return one clock's row.

        Raises:
            KeyError: no clock of that name for that kind and channel.
        """
        for row in (*self.clocks(kind, channel), *self.filing_clocks(kind, channel)):
            if row.name == name:
                return row
        raise KeyError(name)

    def concerned(
        self, kind: Kind, channel: str, running: Collection[str], events: frozenset[str]
    ) -> Iterable[ClockRule]:
        """Return the rows of those clocks that run, by their names, and of those that one of the events starts."""
        rows = self._by_name.get((kind, channel))
        if rows is None:
            rows = self._by_name[kind, channel] = {row.name: row for row in self.clocks(kind, channel)}
        started = self._started.get((kind, channel, events))
        if started is None:
            found = {name: row for name, row in rows.items() if not events.isdisjoint(row.starts_on)}
            started = self._started[kind, channel, events] = found
        return {**started, **{name: rows[name] for name in running if name in rows}}.values()

    @cached_property
    def _by_name(self) -> dict[tuple[Kind, str], dict[str, ClockRule]]:
        return {}

    @cached_property
    def _started(self) -> dict[tuple[Kind, str, frozenset[str]], dict[str, ClockRule]]:
        return {}

    @cached_property
    def _clocks(self) -> dict[tuple[Kind, str, bool], tuple[ClockRule, ...]]:
        return {}

    def _rows(self, kind: Kind, channel: str, *, filings: bool) -> tuple[ClockRule, ...]:
        rows = self._clocks.get((kind, channel, filings))
        if rows is None:
            found = self._filed(kind, channel) if filings else self._channelled(kind, channel)
            rows = self._clocks[kind, channel, filings] = tuple(found)
        return rows

    def _channelled(self, kind: Kind, channel: str) -> list[ClockRule]:
        rows = [row for row in self.clock if row.kind is kind and not row.like]
        if kind is Kind.WATCH and not rows:
            rows = self._watch_clocks()
        own = self.channels.get(channel)
        if own is None:
            return rows
        same = ClockChange()
        return [own.clocks.get(row.name, same).on(row) for row in rows if row.name not in own.off]

    def _watch_clocks(self) -> list[ClockRule]:
        """Return the clocks of a watch where the document names none: it calms down, and a leader must take note."""
        raised = ("storm_raised", "storm_grew")
        calm = ClockRule(
            name="calm",
            kind=Kind.WATCH,
            zh="平息",
            en="calming down",
            article="本级规定 [local]",
            starts_on=raised,
            stops_on=raised,
            length=Length(count=self.storms.calm, unit=Unit.DAY),
            ladder="lapse",
        )
        answer = ClockRule(
            name="storm",
            kind=Kind.WATCH,
            zh="集中来件阅示",
            en="a leader's note on the storm",
            article="本级规定 [local]",
            starts_on=("storm_raised",),
            stops_on=("storm_answered", "plan_adopted", "lapsed.calm"),
            length=Length(count=1, unit=Unit.DAY),
        )
        return [calm, answer]

    def _filed(self, kind: Kind, channel: str) -> list[ClockRule]:
        own = self.channels.get(channel)
        if own is None:
            return []
        models = {row.name: row for row in self._channelled(kind, channel)}
        alike = ("length", "calendar", "ladder", "article")
        return [
            row.model_copy(
                update={
                    "zh": f"{own.zh}·{row.zh}",
                    "en": f"{own.en}: {row.en}",
                    **{name: getattr(models[row.like], name) for name in alike},
                }
            )
            for row in self.clock
            if row.kind is kind and row.like in models
        ]
