"""Reading campaigns: which there are, the petitions of one, and how each of its batches stands."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.queries import Filter, case, listed
from models.batches import Batch, Of, batches, whole
from models.campaign_refusals import NothingToCheck
from models.case import Case
from models.look_backs import to_check
from models.refusals import Unknown
from models.standing import name_of, stream_of
from models.vocabulary import Flag, Kind


def campaign_of(database: Database, name: str) -> Case:
    """Return a campaign by its name.

    Raises:
        Unknown: there is none of that name.
    """
    try:
        found = case(database, stream_of(Kind.CAMPAIGN, name))
    except Unknown:
        raise Unknown(case=name[:64]) from None
    if found.kind is not Kind.CAMPAIGN:
        raise Unknown(case=name[:64])
    return found


def campaigns(database: Database) -> list[Case]:
    """Return every campaign, the newest first."""
    columns = tables.cases.c
    every = sa.select(columns.state).where(columns.kind == Kind.CAMPAIGN.value).order_by(columns.registered_at.desc())
    with database.reading() as connection:
        return [Case.model_validate_json(state) for state in connection.execute(every).scalars()]


Sees = Callable[[Case], bool]
"""Whether a reader may see a petition: nothing of those that are about them is told (信访工作条例, art. 30)."""


def every(_: Case) -> bool:
    """See every petition: the desk's own programs."""
    return True


def petitions(database: Database, campaign: Case, sees: Sees = every) -> list[Case]:
    """Return the petitions of a campaign that a reader sees, the oldest first."""
    return list(filter(sees, listed(database, Filter(kind=Kind.PETITION, campaign=name_of(campaign)))))


def standing(database: Database, campaign: Case, now: datetime) -> list[Batch]:
    """Return how each batch of a campaign stands, the oldest first."""
    return batches(petitions(database, campaign), campaign, now)


def next_round(database: Database, campaign: Case) -> list[str]:
    """Return the petitions that the next round of looking back goes through.

    Raises:
        NothingToCheck: nothing is closed yet.
    """
    found = [each.id for each in to_check(petitions(database, campaign), campaign)]
    if not found:
        raise NothingToCheck
    return found


def batch_view(batch: Batch) -> dict[str, object]:
    """Return a batch as programs read it: every figure, the share put right at once, the figures of enforcement."""
    return {
        "day": batch.day.isoformat() if batch.day else None,
        **{what.value: batch.count(what) for what in Of},
        "at_once_rate": batch.at_once,
        "enforcement": batch.tally,
    }


def campaign_view(campaign: Case, some: list[Batch], now: datetime) -> dict[str, object]:
    """Return a campaign as programs read it: its record, its groups, what it counts in all, its rounds."""
    days = {name: day.isoformat() if (day := getattr(campaign, name)) else None for name in ("first_day", "last_day")}
    return {
        "campaign": name_of(campaign),
        "title": campaign.title,
        "level": campaign.level.value if campaign.level else None,
        "round": campaign.round,
        **days,
        "number_form": campaign.number_form,
        "profile": campaign.profile,
        "deadlines": campaign.deadlines.model_dump(),
        "in_force": Flag.ALL_DAYS in campaign.flags,
        "orders": [each.model_dump(mode="json") for each in campaign.orders],
        "groups": [each.model_dump(mode="json") for each in campaign.groups],
        "editions": [
            {"batch": each.batch.isoformat(), "version": each.version, "sha256": each.sha256}
            for each in campaign.editions
        ],
        "look_backs": [each.model_dump(mode="json") for each in campaign.look_backs],
        "all": batch_view(whole(some, now)),
    }
