"""Reads the documents shipped with this version, and keeps the world that decisions are made in."""

import tomllib
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from models.calendars import Calendar, make_calendar
from models.case import Case
from models.policy import Policy
from models.standing import with_stream
from models.world import World

ORGANISATION = "organisation"
"""The id of the one stream that tells who there is."""


class Shipped(NamedTuple):
    """The documents of this version: policies with the hash of their file, and calendars."""

    policies: tuple[tuple[Policy, str], ...]
    calendars: tuple[Calendar, ...]


def _files() -> list[tuple[str, Traversable]]:
    """Return every shipped document by its place, in order."""
    root = resources.files("policies")
    folders = (("", root), ("calendars/", root / "calendars"), ("statutory/", root / "calendars" / "statutory"))
    return [
        (f"{place}{each.name}", each)
        for place, folder in folders
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(".toml")
    ]


def digest() -> str:
    """Return one hash over everything shipped, so that an installation knows when there is something new."""
    whole = sha256()
    for place, file in _files():
        whole.update(f"{place}\0".encode() + file.read_bytes() + b"\0")
    return whole.hexdigest()


@cache
def shipped() -> Shipped:
    """Read the documents of this version."""
    texts = {place: file.read_bytes() for place, file in _files()}
    read = {place: tomllib.loads(text.decode()) for place, text in texts.items()}
    yearly = [document for place, document in read.items() if place.startswith("statutory/")]
    return Shipped(
        policies=tuple(
            (Policy.model_validate(document), sha256(texts[place]).hexdigest())
            for place, document in read.items()
            if "/" not in place
        ),
        calendars=(
            make_calendar("statutory", yearly),
            *(
                make_calendar(place.removeprefix("calendars/").removesuffix(".toml"), [document])
                for place, document in read.items()
                if place.startswith("calendars/")
            ),
        ),
    )


@cache
def published() -> World:
    """Return the world as shipped with this version, without an organisation."""
    policies, calendars = shipped()
    return World(
        policies={policy.name: policy for policy, _ in policies}, calendars={each.name: each for each in calendars}
    )


class WorldBook:
    """The world at this moment: the standing streams of the ledger, over what it began with.

    ``seen`` adds up the numbers of those streams' latest events; where the ledger has another sum, they have grown.
    """

    def __init__(self, world: World | None = None) -> None:
        """Begin with a world handed in, or with what the ledger has; what is shipped where that has none yet."""
        self._begin = world
        self._world: World | None = None
        self.seen = 0

    @property
    def world(self) -> World:
        """The world."""
        if self._world is None:
            self._world = self._begin or published()
        return self._world

    def renew(self, streams: Iterable[Case]) -> None:
        """Take the standing streams over as they are now."""
        found = list(streams)
        has_policy = any(each.document for each in found)
        world = self._begin or (World(policies={}, calendars={}) if has_policy else published())
        for each in found:
            world = with_stream(world, each)
        self.take(world, sum(each.seq for each in found))

    def take(self, world: World, seen: int) -> None:
        """Take over a world that is known to be that of the ledger at this sum."""
        self._world, self.seen = world, seen
