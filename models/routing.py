"""Where a petition goes: the place found in the organisation, the routing table's rows tried one by one, and why."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import TypeVar

from models.base import Frozen
from models.counting import legal_day
from models.organisation import Organisation, Person
from models.policy import ANY_GRID, ANY_TOWNSHIP, THE_PLACE, Policy, RouteRow
from models.world import World

T = TypeVar("T")


class Located(Frozen):
    """A place found: the township or the grid's unit, the grid if one fits, and the word that told."""

    unit: str
    grid: str | None
    word: str


class Condition(Frozen):
    """One condition of a row, and whether it is met."""

    zh: str
    en: str
    met: bool


class Tried(Frozen):
    """A row of the table as it was tried: its number from 1, and its conditions, all met in the row that fits."""

    row: int
    note: str
    conditions: tuple[Condition, ...]

    @property
    def fits(self) -> bool:
        """Whether every condition is met."""
        return all(condition.met for condition in self.conditions)


class Route(Frozen):
    """Where it goes, and how that came about.

    ``row`` is the row that fits, None where the policy has no table. ``unit`` is None where the organisation lacks the
    one the row names; ``problems`` say so, in Chinese and English.
    """

    policy: str
    row: int | None = None
    note: str = ""
    unit: str | None = None
    leader: str | None = None
    handler: str | None = None
    located: Located | None = None
    tried: tuple[Tried, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


def locate(organisation: Organisation, place: str) -> Located | None:
    """Find a place's township and grid: the longest of their names that stands in the text.

    Villages of one name lie in several townships: where the text names a township, only its grids count; where it names
    none and equally long names lie in different units, the place is not found.
    """
    townships = [(unit.id, name) for unit in organisation.units if unit.township for name in unit.names]
    closed = {unit.id for unit in organisation.units if unit.closed}
    named = _longest((unit, name) for unit, name in townships if unit not in closed and name and name in place)
    grids = [(grid, name) for grid in organisation.grids for name in grid.names if name and name in place]
    if named:
        grids = [(grid, name) for grid, name in grids if grid.unit in {unit for unit, _ in named}]
    found = _longest(grids)
    if found and len({grid.unit for grid, _ in found}) == 1:
        grid, word = found[0]
        return Located(unit=grid.unit, grid=grid.id, word=word)
    if named and len({unit for unit, _ in named}) == 1:
        return Located(unit=named[0][0], grid=None, word=named[0][1])
    return None


def route(
    world: World,
    policy: Policy,
    place: str,
    types: Collection[str] = (),
    channel: str = "",
    *,
    star: bool = False,
    at: datetime,
    barred: Collection[str] = (),
) -> Route:
    """Return where a petition goes by a policy's routing table, with every row that was tried on the way.

    Args:
        world: the organisation the place and the people are looked up in.
        policy: whose table.
        place: where it happens, as written.
        types: the petition's types.
        channel: the way it came in.
        star: whether it is under special attention.
        at: the moment, which decides whose leave counts.
        barred: people who may have no part in it.
    """
    organisation = world.organisation
    located = locate(organisation, place) if organisation else None
    tried: list[Tried] = []
    for number, row in enumerate(policy.route, 1):
        conditions = tuple(_conditions(organisation, row, place, located, types, channel, star=star))
        tried.append(Tried(row=number, note=row.note, conditions=conditions))
        if tried[-1].fits:
            break
    else:
        problem = ("本政策没有派件规则", "the policy has no routing table")
        return Route(policy=policy.name, located=located, problems=(problem,))
    found = Route(policy=policy.name, row=number, note=row.note, located=located, tried=tuple(tried))
    unit = located.unit if located and row.unit == THE_PLACE else row.unit
    known = organisation.unit(unit) if organisation else None
    if organisation is None or known is None or known.closed:
        problem = (f"派件规则第 {number} 行的单位 {unit} 不存在或已撤销", f"row {number} names no unit in use: {unit}")
        return found.model_copy(update={"problems": (problem,)})
    people = _People(organisation, policy, located, unit, legal_day(at), frozenset(barred))
    return found.model_copy(update={"unit": unit, "leader": people.leader(row), "handler": people.handler(row)})


def _conditions(
    organisation: Organisation | None,
    row: RouteRow,
    place: str,
    located: Located | None,
    types: Collection[str],
    channel: str,
    *,
    star: bool,
) -> Iterator[Condition]:
    if row.place:
        words = _words_of(organisation, located)
        yield _condition("地点", "place", row.place, any(word in words or word in place for word in row.place), place)
    if row.unit == THE_PLACE and not row.place:
        yield Condition(zh="地点在已知乡镇或网格内", en="the place is known", met=located is not None)
    if row.types:
        met = any(word in each for word in row.types for each in types)
        yield _condition("类型", "type", row.types, met, "、".join(types))
    if row.channels:
        yield _condition("渠道", "channel", row.channels, channel in row.channels, channel)
    if row.star is not None:
        yield Condition(
            zh="重点关注件" if row.star else "非重点关注件",
            en="under special attention" if row.star else "not under special attention",
            met=row.star is star,
        )


def _condition(zh: str, en: str, wanted: tuple[str, ...], met: bool, given: str) -> Condition:  # noqa: FBT001
    one, given = "、".join(wanted), given or "—"
    return Condition(zh=f"{zh}“{given}”属于 {one}", en=f'{en} "{given}" is of {one}', met=met)


def _words_of(organisation: Organisation | None, located: Located | None) -> set[str]:
    """Return what a row may call a place that was found: ids and names of its township and grid."""
    if organisation is None or located is None:
        return set()
    words = {located.unit, ANY_TOWNSHIP}
    unit = organisation.unit(located.unit)
    words |= set(unit.names) if unit else set()
    grid = organisation.grid(located.grid) if located.grid else None
    return words | {grid.id, *grid.names, ANY_GRID} if grid else words


class _People:
    """Who gets it in the unit of a row."""

    def __init__(
        self,
        organisation: Organisation,
        policy: Policy,
        located: Located | None,
        unit: str,
        day: date,
        barred: frozenset[str],
    ) -> None:
        self.organisation, self.policy, self.unit, self.day, self.barred = organisation, policy, unit, day, barred
        grid = organisation.grid(located.grid) if located and located.grid else None
        self.walks = organisation.person(grid.person) if grid and grid.person else None

    def leader(self, row: RouteRow) -> str | None:
        """Return who answers for it: for its whole time, so that a leave of some days does not matter."""
        free = (each.id for each in self._named(row.leader) if not each.retired and each.id not in self.barred)
        return next(free, None)

    def handler(self, row: RouteRow) -> str | None:
        """Return who goes and looks: now, so that on leave it is the stand-in."""
        present = filter(None, (self.organisation.present(each, self.day) for each in self._named(row.handler)))
        return next((who.id for who, _ in present if who.id not in self.barred), None)

    def _named(self, what: str | None) -> tuple[Person, ...]:
        if what is None:
            return ()
        if what == ANY_GRID:
            return (*filter(None, (self.walks,)), *self.organisation.holders("handler", self.unit))
        if what in self.policy.posts:
            return self.organisation.holders(what, self.unit)
        person = self.organisation.person(what)
        return (person,) if person else ()


def _longest(found: Iterable[tuple[T, str]]) -> list[tuple[T, str]]:
    pairs = list(found)
    length = max((len(name) for _, name in pairs), default=0)
    return [(thing, name) for thing, name in pairs if len(name) == length]
