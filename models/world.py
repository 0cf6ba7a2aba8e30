"""What a decision needs besides the case: policies, calendars, and who there is. Handed in, never fetched."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.base import Frozen, Line, Word
from models.calendars import Calendar
from models.organisation import Organisation, Person
from models.policy import Policy
from models.vocabulary import Role


@dataclass(frozen=True)
class World:
    """The policies by name with the one new cases run under, the calendars by name, and the organisation."""

    policies: Mapping[str, Policy]
    current: str
    calendars: Mapping[str, Calendar]
    organisation: Organisation | None = None


class Actor(Frozen):
    """Who acts: the person's id with roles, unit, posts and interests as known at this moment."""

    id: Word
    roles: tuple[Role, ...]
    unit: Word | None = None
    posts: tuple[Word, ...] = ()
    interests: tuple[Line, ...] = ()


CLOCK = Actor(id="clock", roles=(Role.CLOCK,))
ENGINE = Actor(id="engine", roles=(Role.ENGINE,))
RESERVED = {actor.id: actor for actor in (CLOCK, ENGINE)}
"""Roles of the engine, in whose name no person may act."""


def actor_of(person: Person) -> Actor:
    """Return a person as somebody who acts."""
    return Actor(
        id=person.id,
        roles=person.roles,
        unit=person.unit,
        posts=person.posts,
        interests=person.interests,
    )
