"""Who there is: units, grids, people, their posts and roles, who stands in for whom, and whom a rung reaches."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from models.base import Frozen, Line, Said, Word
from models.counting import legal_day
from models.instants import Day
from models.vocabulary import PEOPLE, Role

COUNTY = "county"
"""The unit of posts that answer for the whole county."""
COUNTY_ZH = "县级"
"""How people write that unit."""
NOT_PEOPLE = frozenset({"petitioner", "clock", "engine"})
"""Words that stand for the petitioner and for the engine's own roles; a person of that id would get their letters."""
ON_DUTY = "duty_leader"
"""The post that a roster usually fills."""

Fault = tuple[str, str]
"""Why an organisation is not whole, in Chinese and in English."""


class Unit(Frozen):
    """A unit that handles petitions: an office of the bureau or a township.

    ``above`` is the unit it belongs to; a post vacant here is looked for there. ``aliases`` are other names people use
    for it. A closed unit stays, for its cases' sake, and gets no new ones.
    """

    id: Word
    zh: Said
    en: Line = ""
    township: bool = False
    above: Word | None = None
    aliases: tuple[Said, ...] = ()
    closed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called in a text."""
        return (self.zh, *self.aliases)


class Days(Frozen):
    """From one legal day to another, both included."""

    since: Day
    until: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.since:
            message = f"止日 {self.until} 早于起日 {self.since} / {self.until} is before {self.since}"
            raise ValueError(message)
        return self

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.since <= day <= self.until


class Leave(Days):
    """Time away, with a stand-in of its own or the usual one."""

    delegate: Word | None = None


class Duty(Days):
    """A row of the roster (值班表): who fills a post on those days, before anybody who holds it."""

    person: Word
    post: Word = ON_DUTY


class Person(Frozen):
    """An official: their unit, the roles they may act in, the posts they hold, and who stands in for them.

    ``charge`` names the units whose affairs a deputy leader (分管领导) answers for. ``delegate`` is the usual stand-in;
    ``away`` is leave without an end, ``leave`` are dated ones. Whoever has ``retired`` acts in nothing and holds
    nothing; the id stays theirs. ``interests`` names enterprises and sites the person has a direct interest in
    (信访工作条例, art. 28).
    """

    id: Word
    name: Said
    unit: Word
    roles: tuple[Role, ...] = ()
    posts: tuple[Word, ...] = ()
    charge: tuple[Word, ...] = ()
    away: bool = False
    delegate: Word | None = None
    leave: tuple[Leave, ...] = ()
    interests: tuple[Said, ...] = ()
    retired: bool = False

    def leave_on(self, day: date) -> Leave | None:
        """Return the leave a day lies in."""
        return next((leave for leave in self.leave if leave.covers(day)), None)

    def absent(self, day: date) -> bool:
        """Tell whether somebody else has to hear on that day."""
        return self.retired or self.away or self.leave_on(day) is not None

    def stand_in(self, day: date) -> str | None:
        """Return who stands in on a day of absence, if anybody does."""
        leave = self.leave_on(day)
        return (leave.delegate if leave else None) or self.delegate

    def gone(self) -> "Person":
        """Return the person as retired: the name and the id stay, everything else is laid down."""
        return Person(id=self.id, name=self.name, unit=self.unit, interests=self.interests, retired=True)


class Grid(Frozen):
    """A grid (网格): the villages and places it is made of, the unit it lies in, and who walks it."""

    id: Word
    name: Said
    unit: Word
    words: tuple[Said, ...] = ()
    person: Word | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called in a text."""
        return (self.name, *self.words)


class Recipient(Frozen):
    """Who hears of something: the person, the post it was meant for, and the way it came to them."""

    person: Word
    post: Word
    why: Line = ""


class Organisation(Frozen):
    """Everybody. At least one person is an administrator, so that no escalation can end with nobody."""

    name: Said
    units: tuple[Unit, ...] = Field(min_length=1)
    people: tuple[Person, ...] = Field(min_length=1)
    grids: tuple[Grid, ...] = ()
    duties: tuple[Duty, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for zh, en in self._faults():
            message = f"{zh} / {en}"
            raise ValueError(message)
        return self

    def _faults(self) -> Iterator[Fault]:
        yield from _twice("单位编号", "the unit's id", [COUNTY, *(unit.id for unit in self.units)])
        yield from _twice("工号", "the person's id", [person.id for person in self.people])
        yield from _twice("网格编号", "the grid's id", [grid.id for grid in self.grids])
        units = {unit.id: unit for unit in self.units}
        closed = {unit.id for unit in self.units if unit.closed}
        people = {person.id for person in self.people}
        for unit in self.units:
            if unit.above is not None and unit.above not in units:
                yield _missing(unit.id, "上级单位", "unit above", unit.above)
            elif unit.id in self.line(unit.above):
                yield f"{unit.id}: 上级单位成环", f"{unit.id}: the units above it run in a circle"
        for person in self.people:
            yield from _person_faults(person, {*units, COUNTY}, closed, people)
        for grid in self.grids:
            if grid.unit not in units.keys() - closed:
                yield _missing(grid.id, "在用单位", "unit in use", grid.unit)
            if grid.person is not None and grid.person not in people:
                yield _missing(grid.id, "网格员", "such person", grid.person)
        for duty in self.duties:
            if duty.person not in people:
                yield _missing(str(duty.since), "值班人员", "such person", duty.person)
        if not any(Role.ADMINISTRATOR in person.roles for person in self.people):
            yield "至少要有一名系统管理员", "there must be at least one administrator"

    def person(self, name: str) -> Person | None:
        """Return the person with that id, or None."""
        return self._people.get(name)

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    def unit(self, name: str) -> Unit | None:
        """Return the unit with that id, or None."""
        return next((unit for unit in self.units if unit.id == name), None)

    def grid(self, name: str) -> Grid | None:
        """Return the grid with that id, or None."""
        return next((grid for grid in self.grids if grid.id == name), None)

    def people_called(self, text: str) -> tuple[Person, ...]:
        """Return the person of that id, or everybody of that name who has not left."""
        known = self.person(text)
        return (known,) if known else tuple(p for p in self.people if p.name == text and not p.retired)

    def units_called(self, text: str) -> tuple[Unit, ...]:
        """Return the unit of that id, or every open one of that name."""
        known = self.unit(text)
        return (known,) if known else tuple(u for u in self.units if text in u.names and not u.closed)

    def line(self, unit: str | None) -> tuple[str, ...]:
        """Return the ids of a unit and of those above it, nearest first."""
        found: list[str] = []
        following = self.unit(unit) if unit else None
        while following is not None and following.id not in found:
            found.append(following.id)
            following = self.unit(following.above) if following.above else None
        return tuple(found)

    def holders(self, post: str, unit: str | None) -> tuple[Person, ...]:
        """Return who holds a post for a unit, in the order in which they answer for it.

        First who has the unit in their charge, then its own people, then the same for the units above it; then the
        county's, those with other units in their charge last.
        """
        line = self.line(unit)
        ranked = [(_nearness(person, line), person) for person in self.people if post in person.posts]
        near = sorted(((rank, person) for rank, person in ranked if rank is not None), key=lambda each: each[0])
        return tuple(person for _, person in near)

    def filling(self, post: str, unit: str | None, *, at: datetime) -> frozenset[str]:
        """Return the ids of those who hold a post for a unit at a moment, and of those who stand in for them."""
        day = legal_day(at)
        holders = self.holders(post, unit)
        present = (self.present(holder, day) for holder in holders)
        return frozenset({*(each.id for each in holders), *(found[0].id for found in present if found)})

    def answers(self, person: Person, unit: str | None) -> bool:
        """Tell whether a unit is somebody's own, under it or in their charge; the county's people answer for all."""
        return _nearness(person, self.line(unit)) is not None

    def present(self, person: Person, day: date) -> tuple[Person, str] | None:
        """Return the person, or whoever stands in on that day along the line of delegates, with the reason, or None."""
        seen: set[str] = set()
        first = person
        while person.absent(day):
            seen.add(person.id)
            name = person.stand_in(day)
            following = self.person(name) if name else None
            if following is None or following.id in seen:
                return None
            person = following
        return person, "" if person is first else f"代 {first.id}"

    def reach(
        self,
        post: str,
        unit: str | None,
        upwards: tuple[str, ...],
        named: dict[str, str | None],
        barred: Collection[str] = (),
        *,
        at: datetime,
    ) -> Recipient:
        """Return who hears for a post: the holder, their delegate, or whoever is next upwards; never nobody.

        Args:
            post: the post the rung names.
            unit: the case's unit, None while it is unassigned.
            upwards: the policy's order in which a vacant post falls upwards.
            named: people the case itself names for a post (its handler, its 包案领导), by post.
            barred: people whom the case is about: they are passed over as if away.
            at: the moment, which decides whose leave counts and who is on duty.
        """
        day = legal_day(at)
        line = (post, *upwards[upwards.index(post) + 1 if post in upwards else 0 :])
        for step in line:
            if found := self._free(self._candidates(step, unit, named.get(step), day), barred, day):
                who, instead = found
                vacant = "" if step == post else f"{post} 空缺，上移至 {step}"
                return Recipient(person=who.id, post=post, why="；".join(filter(None, (vacant, instead))))
        administrators = [person for person in self.people if Role.ADMINISTRATOR in person.roles]
        # Even with all of them away and nobody standing in, somebody is told.
        last = min(administrators, key=lambda person: person.id in barred), ""
        who, instead = self._free(administrators, barred, day) or last
        why = f"{post} 及以上均空缺，告知系统管理员"
        return Recipient(person=who.id, post=post, why="；".join(filter(None, (why, instead))))

    def _candidates(self, post: str, unit: str | None, named: str | None, day: date) -> Iterable[Person]:
        if named:
            own = self.person(named)
            return (own,) if own else ()
        # A row written later stands for one written before.
        rostered = (
            self.person(duty.person) for duty in reversed(self.duties) if duty.post == post and duty.covers(day)
        )
        return (*filter(None, rostered), *self.holders(post, unit))

    def _free(self, people: Iterable[Person], barred: Collection[str], day: date) -> tuple[Person, str] | None:
        found = filter(None, (self.present(person, day) for person in people))
        return next((each for each in found if each[0].id not in barred), None)


def _nearness(person: Person, line: tuple[str, ...]) -> tuple[int, bool] | None:
    for place, unit in enumerate(line):
        if unit in person.charge:
            return place, False
        if unit == person.unit:
            return place, True
    return (len(line), bool(person.charge)) if person.unit == COUNTY else None


def _person_faults(person: Person, units: set[str], closed: set[str], people: set[str]) -> Iterator[Fault]:
    name = person.id
    if name in NOT_PEOPLE:
        yield f"{name}: 工号为系统保留", f"{name}: reserved, not for a person"
    for unit in (person.unit, *person.charge):
        if unit not in units:
            yield _missing(name, "单位", "such unit", unit)
        elif unit in closed and not person.retired:
            yield f"{name}: 单位 {unit} 已撤销", f"{name}: the unit {unit} is closed"
    for delegate in filter(None, (person.delegate, *(leave.delegate for leave in person.leave))):
        if delegate not in people:
            yield _missing(name, "代理人", "such delegate", delegate)
        if delegate == name:
            yield f"{name}: 不能由本人代理本人", f"{name}: nobody stands in for themselves"
    leaves = sorted(person.leave, key=lambda leave: leave.since)
    for one, after in pairwise(leaves):
        if after.since <= one.until:
            yield f"{name}: 两次休假重叠，{after.since}", f"{name}: two leaves overlap at {after.since}"
    if set(person.roles) - set(PEOPLE):
        yield f"{name}: 人员不能担任时钟或引擎", f"{name}: a person cannot be the clock or the engine"
    if person.retired and person != person.gone():
        yield f"{name}: 已离任，不能有职责、职务、分管或休假", f"{name}: has left and can hold nothing any more"


def _missing(where: str, zh: str, en: str, name: str) -> Fault:
    return f"{where}: 没有这个{zh} {name}", f"{where}: no {en}: {name}"


def _twice(zh: str, en: str, names: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{zh}重复，或为系统保留：{name}", f"{en} occurs twice, or is reserved: {name}"
        seen.add(name)
