"""Take who there is over from a workbook: what would differ, and then one event that sets it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.desk import Desk
from adapters.organisation_columns import Posts
from adapters.organisation_reading import read_organisation
from adapters.spreadsheets import SheetError
from adapters.world_book import ORGANISATION
from models.differences import Differences, differences
from models.envelope import Envelope, Receipt
from models.organisation import Organisation
from models.staffing import carried_over


@dataclass(frozen=True)
class Imported:
    """What a workbook changes; the receipt is None where nothing was written."""

    differences: Differences
    receipt: Receipt | None


def posts_of(desk: Desk) -> Posts:
    """Return the posts of the current policy."""
    world = desk.world()
    return dict(world.policies[world.policy_at(desk.moments.now())].posts)


def organisation_of(desk: Desk) -> Organisation:
    """Return who there is; every installation begins with somebody."""
    organisation = desk.world().organisation
    if organisation is None:
        raise SheetError("no_organisation", "尚未设定组织机构。", "There is no organisation yet.")
    return organisation


def import_organisation(
    desk: Desk, path: Path, *, actor: str, dry_run: bool, via: Mapping[str, str], reason: str = ""
) -> Imported:
    """Read a workbook and set what it says, unless nothing would differ or only a rehearsal is asked for.

    Raises:
        SheetError: the workbook cannot be used; cells are named.
        Refused: the actor may not, or somebody who left would come back under another name.
    """
    before = organisation_of(desk)
    read = read_organisation(path, before, posts_of(desk))
    found = differences(before, carried_over(before, read))
    if dry_run or not found:
        return Imported(found, None)
    envelope = Envelope(
        id=str(uuid.uuid4()),
        case=ORGANISATION,
        actor=actor,
        command="define_organisation",
        data={"organisation": read.model_dump(mode="json"), "reason": reason or path.name},
        via=dict(via),
    )
    (receipt,) = desk.door.perform([envelope])
    return Imported(found, receipt)
