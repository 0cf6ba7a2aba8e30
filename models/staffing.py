"""What each command makes of the organisation: the new whole value, or the refusal that tells why not."""

from collections.abc import Callable
from datetime import timedelta

from pydantic import ValidationError

from models import refusals
from models.counting import legal_day
from models.organisation import Duty, Grid, Leave, Organisation, Person, Unit
from models.situation import Situation

Change = Callable[[Organisation, Situation], Organisation]
OF_UNIT = ("called", "english", "township", "above", "aliases")
OF_PERSON = ("called", "unit", "roles", "charge", "delegate", "interests")
MAY_BE_MISSING = frozenset({"above", "delegate"})


def staffed(s: Situation) -> Organisation:
    """Return the organisation as the command leaves it.

    Raises:
        Refused: with the sentence that says what is wrong; NotWhole where the whole would not hold together.
    """
    before: Organisation = s.case.organisation or s.given("organisation")
    try:
        return CHANGES[s.row.command](before, s)
    except ValidationError as wrong:
        zh, _, en = wrong.errors(include_url=False)[0]["msg"].removeprefix("Value error, ").partition(" / ")
        raise refusals.NotWhole(why=zh, why_en=en or zh) from None


def carried_over(before: Organisation, new: Organisation) -> Organisation:
    """Return a new document with whom and what it leaves out: units as closed, people as retired.

    Their cases and their history name them, and nobody else may have their ids.

    Raises:
        Taken: it gives the id of somebody who has left to somebody else.
    """
    for person in new.people:
        old = before.person(person.id)
        if old and old.retired and not person.retired and old.name != person.name:
            raise refusals.Taken(name=person.id, whose=old.name)
    units, people = carried(before, new.units, new.people)
    return _made(new, units=units, people=people)


def carried(
    before: Organisation, units: tuple[Unit, ...], people: tuple[Person, ...]
) -> tuple[tuple[Unit, ...], tuple[Person, ...]]:
    """Return units and people with those of before behind them that are not among them, closed and retired."""
    kept, staying = {unit.id for unit in units}, {person.id for person in people}
    closed = (unit.model_copy(update={"closed": True}) for unit in before.units if unit.id not in kept)
    gone = (person.gone() for person in before.people if person.id not in staying)
    return (*units, *closed), (*people, *gone)


def _define(before: Organisation, s: Situation) -> Organisation:
    return carried_over(before, s.given("organisation"))


def _add_unit(o: Organisation, s: Situation) -> Organisation:
    if taken := o.unit(s.given("id")):
        raise refusals.Taken(name=taken.id, whose=taken.zh)
    return _made(o, units=(*o.units, Unit.model_validate(_given(s, ("id", *OF_UNIT), called="zh", english="en"))))


def _change_unit(o: Organisation, s: Situation) -> Organisation:
    return _with_unit(o, _unit(o, s), _given(s, OF_UNIT, called="zh", english="en"))


def _close_unit(o: Organisation, s: Situation) -> Organisation:
    unit = _unit(o, s)
    left = (
        *(f"{p.name} {p.id}" for p in o.people if not p.retired and unit.id in {p.unit, *p.charge}),
        *(f"{grid.name} {grid.id}" for grid in o.grids if grid.unit == unit.id),
        *(f"{below.zh} {below.id}" for below in o.units if below.above == unit.id and not below.closed),
    )
    if left:
        raise refusals.StillUsed(unit=unit.zh, what="、".join(left))
    return _with_unit(o, unit, {"closed": True})


def _add_person(o: Organisation, s: Situation) -> Organisation:
    if taken := o.person(s.given("id")):
        raise refusals.Taken(name=taken.id, whose=taken.name)
    for post in s.given("posts"):
        _post(s, post)
    return _made(o, people=(*o.people, Person.model_validate(_given(s, ("id", "posts", *OF_PERSON), called="name"))))


def _change_person(o: Organisation, s: Situation) -> Organisation:
    return _with_person(o, _person(o, s.given("person")), _given(s, OF_PERSON, called="name"))


def _retire_person(o: Organisation, s: Situation) -> Organisation:
    person = _person(o, s.given("person"))
    return _made(o, people=tuple(each.gone() if each.id == person.id else each for each in o.people))


def _appoint(o: Organisation, s: Situation) -> Organisation:
    person, post = _person(o, s.given("person")), _post(s, s.given("post"))
    if post in person.posts:
        raise refusals.HoldsAlready(person=person.name, post=post)
    return _with_person(o, person, {"posts": (*person.posts, post)})


def _relieve(o: Organisation, s: Situation) -> Organisation:
    person, post = _person(o, s.given("person")), s.given("post")
    if post not in person.posts:
        raise refusals.HoldsNot(person=person.name, post=post)
    return _with_person(o, person, {"posts": tuple(each for each in person.posts if each != post)})


def _take_leave(o: Organisation, s: Situation) -> Organisation:
    person, delegate = _person(o, s.given("person")), s.given("delegate")
    if delegate:
        _person(o, delegate)
    leave = Leave(since=s.given("since"), until=s.given("until"), delegate=delegate)
    return _with_person(o, person, {"leave": (*person.leave, leave)})


def _end_leave(o: Organisation, s: Situation) -> Organisation:
    person, day = _person(o, s.given("person")), legal_day(s.at)
    ended = person.leave_on(day)
    if ended is None and not person.away:
        coming = sorted((leave for leave in person.leave if leave.since > day), key=lambda leave: leave.since)
        if not coming:
            raise refusals.NotAway(person=person.name)
        ended = coming[0]
    kept = tuple(leave for leave in person.leave if leave is not ended)
    if ended and ended.since < day:
        kept = (*kept, ended.model_copy(update={"until": day - timedelta(days=1)}))
    return _with_person(o, person, {"leave": kept, "away": False})


def _define_grid(o: Organisation, s: Situation) -> Organisation:
    _unit(o, s)
    if s.given("person"):
        _person(o, s.given("person"))
    new = Grid.model_validate(_given(s, ("id", "called", "unit", "words", "person"), called="name"))
    if o.grid(new.id):
        return _made(o, grids=tuple(new if grid.id == new.id else grid for grid in o.grids))
    return _made(o, grids=(*o.grids, new))


def _drop_grid(o: Organisation, s: Situation) -> Organisation:
    if o.grid(s.given("grid")) is None:
        raise refusals.UnknownGrid(grid=s.given("grid"))
    return _made(o, grids=tuple(grid for grid in o.grids if grid.id != s.given("grid")))


def _set_duty(o: Organisation, s: Situation) -> Organisation:
    _person(o, s.given("person"))
    _post(s, s.given("post"))
    new = Duty.model_validate(_given(s, ("since", "until", "person", "post")))
    # A later row stands for the days of an earlier one; one that it covers whole says nothing any more.
    kept = tuple(d for d in o.duties if d.post != new.post or not new.since <= d.since <= d.until <= new.until)
    return _made(o, duties=(*kept, new))


CHANGES: dict[str, Change] = {
    "define_organisation": _define,
    "add_unit": _add_unit,
    "change_unit": _change_unit,
    "close_unit": _close_unit,
    "add_person": _add_person,
    "change_person": _change_person,
    "retire_person": _retire_person,
    "appoint": _appoint,
    "relieve": _relieve,
    "take_leave": _take_leave,
    "end_leave": _end_leave,
    "define_grid": _define_grid,
    "drop_grid": _drop_grid,
    "set_duty": _set_duty,
}
"""What each command of the organisation does to it."""


def _made(o: Organisation, **parts: object) -> Organisation:
    """Return the organisation with some of its parts new; the whole is checked again."""
    return Organisation.model_validate({name: parts.get(name, getattr(o, name)) for name in Organisation.model_fields})


def _with_unit(o: Organisation, unit: Unit, new: dict[str, object]) -> Organisation:
    changed = unit.model_copy(update=new)
    return _made(o, units=tuple(changed if each.id == unit.id else each for each in o.units))


def _with_person(o: Organisation, person: Person, new: dict[str, object]) -> Organisation:
    changed = person.model_copy(update=new)
    return _made(o, people=tuple(changed if each.id == person.id else each for each in o.people))


def _given(s: Situation, names: tuple[str, ...], **fields: str) -> dict[str, object]:
    """Return what was filled in, by the fields it belongs to; an empty text takes away what may be missing."""
    found = {fields.get(name, name): s.given(name) for name in names if s.given(name) is not None}
    return {name: None if name in MAY_BE_MISSING and value == "" else value for name, value in found.items()}


def _unit(o: Organisation, s: Situation) -> Unit:
    unit = o.unit(s.given("unit"))
    if unit is None:
        raise refusals.UnknownUnit(unit=s.given("unit"))
    if unit.closed:
        raise refusals.UnitClosed(unit=unit.zh)
    return unit


def _person(o: Organisation, name: str) -> Person:
    person = o.person(name)
    if person is None:
        raise refusals.UnknownPerson(person=name)
    if person.retired:
        raise refusals.Gone(person=person.name)
    return person


def _post(s: Situation, post: str) -> str:
    posts = s.world.policies[s.world.policy_at(s.at)].posts
    if post not in posts:
        raise refusals.UnknownPost(post=post, known="、".join(posts))
    return post
