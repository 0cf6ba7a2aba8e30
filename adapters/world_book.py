"""Reads the published documents (policies, calendars) and keeps the world that decisions are made in."""

import tomllib
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from models.calendars import Calendar, make_calendar
from models.case import Case
from models.policy import Policy
from models.world import World

ORGANISATION = "organisation"
"""The id of the one stream that tells who there is."""


def _documents(folder: Traversable) -> list[dict[str, object]]:
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return [tomllib.loads(each.read_text(encoding="utf-8")) for each in files]


@cache
def published() -> World:
    """Return the world as published with this version, without an organisation yet.

    The policy new cases run under is the one that took effect last.
    """
    root = resources.files("policies")
    policies = {policy.name: policy for policy in map(Policy.model_validate, _documents(root))}
    calendars: dict[str, Calendar] = {
        "statutory": make_calendar("statutory", _documents(root / "calendars" / "statutory")),
        "all-days": make_calendar(
            "all-days", [tomllib.loads((root / "calendars" / "all-days.toml").read_text("utf-8"))]
        ),
    }
    current = max(policies.values(), key=lambda policy: policy.effective).name
    return World(policies=policies, current=current, calendars=calendars)


class WorldBook:
    """The world at this moment; the organisation is taken over from its stream whenever that has grown."""

    def __init__(self, world: World | None = None) -> None:
        """Begin with the published documents, or with a world handed in."""
        self.world = world or published()
        self.seen = 0

    def renew(self, organisation: Case) -> None:
        """Take the organisation over from its case."""
        self.world = replace(self.world, organisation=organisation.organisation)
        self.seen = organisation.seq
