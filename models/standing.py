"""What the standing streams of the ledger (organisation, policies, calendars, campaigns) make of the world."""

import re
from dataclasses import replace

from models.calendars import AllDays
from models.case import Case
from models.standing_refusals import BadName
from models.vocabulary import Kind
from models.world import World

_NAME = re.compile(r"[^\W_][\w.-]{0,47}")
"""A name stands in addresses, so none is a step of a path."""


def check_name(name: str) -> None:
    """Refuse what a standing stream cannot be called.

    Raises:
        BadName: it is empty, too long, or holds what an address could not.
    """
    if not _NAME.fullmatch(name):
        raise BadName(name=name[:60])


def stream_of(kind: Kind, name: str) -> str:
    """Return the id of a standing stream: ``policy:2026-11``, ``calendar:statutory``, ``campaign:dc2026``."""
    return f"{kind.value}:{name}"


def name_of(case: Case) -> str:
    """Return the name a standing stream is about."""
    return case.id.partition(":")[2]


def spans_of(campaign: Case) -> tuple[AllDays, ...]:
    """Return the stretches in which a campaign's orders have every day worked."""
    return tuple(AllDays(first=each.first, last=each.last, order=each.number) for each in campaign.orders)


def with_stream(world: World, stream: Case) -> World:
    """Return the world after a standing stream's latest event; nothing else of it changes."""
    if stream.organisation:
        return replace(world, organisation=stream.organisation)
    name = name_of(stream)
    if stream.document:
        return replace(world, policies={**world.policies, name: stream.document})
    if stream.calendar:
        return replace(world, calendars={**world.calendars, name: stream.calendar})
    return replace(world, campaigns={**world.campaigns, name: spans_of(stream)})
