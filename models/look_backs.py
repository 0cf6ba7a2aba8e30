"""Which petitions of a campaign a round of looking back goes through. Pure."""

from collections.abc import Iterable
from typing import Final

from models.batches import DONE, petitions_of
from models.case import Case

MOST: Final = 500
"""Petitions of one round."""


def to_check(cases: Iterable[Case], campaign: Case) -> list[Case]:
    """Return the closed and struck-off petitions for the next round, those no round has looked at first; at most MOST.

    What is joined to another goes with that one: the place is the same.
    """
    seen = {name for each in campaign.look_backs for name in (*each.held, *each.back)}
    found = [each for each in petitions_of(cases) if each.status in DONE and not each.leading]
    return sorted(found, key=lambda case: (case.id in seen, case.id))[:MOST]
