"""Who there is: units, people, their posts and roles, who stands in for whom, and whom a rung reaches."""

from collections.abc import Collection
from typing import Self

from pydantic import Field, model_validator

from models.base import Frozen, Line, Word
from models.vocabulary import PEOPLE, Role

COUNTY = "county"
"""The unit of posts that answer for the whole county."""
NOT_PEOPLE = frozenset({"petitioner", "clock", "engine"})
"""Words that stand for the petitioner and for the engine's own roles; a person of that id would get their letters."""


class Unit(Frozen):
    """A unit that handles petitions: an office of the bureau or a township."""

    id: Word
    zh: Line
    en: Line = ""
    township: bool = False


class Person(Frozen):
    """An official: their unit, the roles they may act in, the posts they hold, and who stands in for them.

    ``interests`` names enterprises and sites the person has a direct interest in (信访工作条例, art. 28).
    """

    id: Word
    name: Line
    unit: Word
    roles: tuple[Role, ...] = ()
    posts: tuple[Word, ...] = ()
    away: bool = False
    delegate: Word | None = None
    interests: tuple[Line, ...] = ()


class Recipient(Frozen):
    """Who hears of something: the person, the post it was meant for, and the way it came to them."""

    person: Word
    post: Word
    why: Line = ""


class Organisation(Frozen):
    """Everybody. At least one person is an administrator, so that no escalation can end with nobody."""

    name: Line
    units: tuple[Unit, ...] = Field(min_length=1)
    people: tuple[Person, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        units = {unit.id for unit in self.units} | {COUNTY}
        people = {person.id for person in self.people}
        if len(people) != len(self.people):
            message = "工号重复 / a person's id occurs twice"
            raise ValueError(message)
        if len({unit.id for unit in self.units} | {COUNTY}) != len(self.units) + 1:
            message = f"单位编号重复，或用了保留的 {COUNTY} / a unit's id occurs twice, or is the reserved {COUNTY}"
            raise ValueError(message)
        if taken := people & NOT_PEOPLE:
            message = f"工号为系统保留 / reserved, not for a person: {', '.join(sorted(taken))}"
            raise ValueError(message)
        for person in self.people:
            if person.unit not in units:
                message = f"{person.id}: 没有这个单位 / no such unit: {person.unit}"
                raise ValueError(message)
            if person.delegate is not None and person.delegate not in people:
                message = f"{person.id}: 没有这个代理人 / no such delegate: {person.delegate}"
                raise ValueError(message)
            if set(person.roles) - set(PEOPLE):
                message = f"{person.id}: 人员不能担任时钟或引擎 / a person cannot be the clock or the engine"
                raise ValueError(message)
        if not any(Role.ADMINISTRATOR in person.roles for person in self.people):
            message = "至少要有一名系统管理员 / there must be at least one administrator"
            raise ValueError(message)
        return self

    def person(self, name: str) -> Person | None:
        """Return the person with that id, or None."""
        return next((person for person in self.people if person.id == name), None)

    def unit(self, name: str) -> Unit | None:
        """Return the unit with that id, or None."""
        return next((unit for unit in self.units if unit.id == name), None)

    def holder(self, post: str, unit: str | None) -> Person | None:
        """Return who holds a post: in the case's own unit first, for the whole county otherwise."""
        own = [p for p in self.people if post in p.posts and p.unit == unit]
        county = [p for p in self.people if post in p.posts and p.unit == COUNTY]
        return next(iter(own or county), None)

    def present(self, person: Person) -> tuple[Person, str] | None:
        """Return the person, or whoever stands in along the line of delegates, with the reason, or None."""
        seen: set[str] = set()
        first = person
        while person.away:
            seen.add(person.id)
            following = self.person(person.delegate) if person.delegate else None
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
    ) -> Recipient:
        """Return who hears for a post: the holder, their delegate, or whoever is next upwards; never nobody.

        Args:
            post: the post the rung names.
            unit: the case's unit, None while it is unassigned.
            upwards: the policy's order in which a vacant post falls upwards.
            named: people the case itself names for a post (its handler, its 包案领导), by post.
            barred: people whom the case is about: they are passed over as if away.
        """
        line = (post, *upwards[upwards.index(post) + 1 if post in upwards else 0 :])
        for step in line:
            own = named.get(step)
            person = self.person(own) if own else self.holder(step, unit)
            found = self.present(person) if person else None
            if found and found[0].id not in barred:
                who, instead = found
                vacant = "" if step == post else f"{post} 空缺，上移至 {step}"
                return Recipient(person=who.id, post=post, why="；".join(filter(None, (vacant, instead))))
        last = min((p for p in self.people if Role.ADMINISTRATOR in p.roles), key=lambda p: p.id in barred)
        return Recipient(person=last.id, post=post, why=f"{post} 及以上均空缺，告知系统管理员")
