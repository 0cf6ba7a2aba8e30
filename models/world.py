"""What a decision needs besides the case: policies, calendars, and who there is. Handed in, never fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from models.base import Frozen, Line, Word
from models.calendars import AllDays, Calendar
from models.counting import legal_day
from models.organisation import Organisation, Person
from models.policy import Policy
from models.vocabulary import Role


@dataclass(frozen=True)
class World:
    """The policies and the calendars by name, the organisation, and the campaigns' orders that every day works."""

    policies: Mapping[str, Policy]
    calendars: Mapping[str, Calendar]
    organisation: Organisation | None = None
    campaigns: Mapping[str, tuple[AllDays, ...]] = field(default_factory=dict)

    @property
    def newest(self) -> Policy:
        """The policy that takes effect last, whether it has yet or not: it knows every name there is."""
        return max(self.policies.values(), key=lambda policy: (policy.effective, policy.name))

    def policy_at(self, at: datetime) -> str:
        """Return the name of the policy that a new case runs under: of those in force on that day, the latest.

        Before the first one took effect it is the first: there must be one.
        """
        day = legal_day(at)
        in_force = [policy for policy in self.policies.values() if policy.effective <= day]
        latest = max(in_force, key=lambda policy: (policy.effective, policy.name), default=None)
        return (latest or min(self.policies.values(), key=lambda policy: policy.effective)).name


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


@lru_cache(maxsize=1024)
def actor_of(person: Person) -> Actor:
    """Return a person as somebody who acts."""
    return Actor(
        id=person.id,
        roles=person.roles,
        unit=person.unit,
        posts=person.posts,
        interests=person.interests,
    )
