"""People and units by the names that everybody calls them: the id is looked up where a name is unambiguous."""

from typing import Final

from pydantic import JsonValue

from models.organisation import COUNTY, COUNTY_ZH, Organisation
from models.policy import Policy
from models.refusals import Ambiguous
from models.world import World

PEOPLE: Final = frozenset({"person", "handler", "leader", "delegate", "named", "signatory", "head", "members"})
"""Fields of a form that name people."""
UNITS: Final = frozenset({"unit", "above", "charge"})
"""Fields of a form that name units."""
POSTS: Final = frozenset({"post", "posts"})
"""Fields of a form that name posts."""
WHOLE: Final = frozenset({"organisation"})
"""Fields whose value tells its own ids."""


def person_id(world: World, text: str) -> str:
    """Return the id of whom a text names; one that names nobody is returned as it is, to be refused at the door.

    Raises:
        Ambiguous: several people are called that.
    """
    found = world.organisation.people_called(text.strip()) if world.organisation else ()
    return _only(text, [person.id for person in found])


def unit_id(world: World, text: str) -> str:
    """Return the id of the unit that a text names, likewise.

    Raises:
        Ambiguous: several units are called that.
    """
    if text.strip() == COUNTY_ZH:
        return COUNTY
    found = world.organisation.units_called(text.strip()) if world.organisation else ()
    return _only(text, [unit.id for unit in found])


def post_id(policy: Policy, text: str) -> str:
    """Return the id of the post that a text names, likewise."""
    if text in policy.posts:
        return text
    return _only(text, [post for post, names in policy.posts.items() if text.strip() in names])


def _only(text: str, ids: list[str]) -> str:
    if len(ids) > 1:
        raise Ambiguous(name=text, ids="、".join(ids))
    return ids[0] if ids else text


def by_id(world: World, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a form's data with people, units and posts by their ids, also inside lists and objects."""
    return {name: value if name in WHOLE else _resolved(world, name, value) for name, value in data.items()}


def _resolved(world: World, name: str, value: JsonValue) -> JsonValue:
    match value:
        case str() if name in PEOPLE:
            return person_id(world, value)
        case str() if name in UNITS:
            return unit_id(world, value)
        case str() if name in POSTS:
            return post_id(world.newest, value)
        case list():
            return [_resolved(world, name, each) for each in value]
        case dict():
            return {inner: _resolved(world, inner, each) for inner, each in value.items()}
        case _:
            return value


def people_word(organisation: Organisation | None, name: str) -> str:
    """Return a person's name beside the id."""
    person = organisation.person(name) if organisation else None
    return f"{person.name} {person.id}" if person and person.name != person.id else name


def unit_word(organisation: Organisation | None, name: str) -> str:
    """Return a unit's name beside the id."""
    if name == COUNTY:
        return COUNTY_ZH
    unit = organisation.unit(name) if organisation else None
    return f"{unit.zh} {unit.id}" if unit and unit.zh != unit.id else name
