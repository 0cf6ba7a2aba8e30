"""What stands in a batch's public table: its own petitions, and late ones of older batches beside them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.batches import batch_of, petitions_of
from models.campaign_values import PublishedRow
from models.case import Case
from models.vocabulary import ENDS


@dataclass(frozen=True)
class Published:
    """One published table: whose batch, which version, when, by whom, its rows, and the hash of what it says.

    ``seq`` is the number of the campaign's event that tells of it, ``envelope`` the one it came by.
    """

    batch: date
    version: int
    at: datetime
    by: str
    rows: tuple[PublishedRow, ...]
    sha256: str
    seq: int
    text: str = ""
    envelope: str = ""


@dataclass(frozen=True)
class Changes:
    """What a version says otherwise than the one before: cases that are new, that say something else, that are gone."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether it differs at all."""
        return bool(self.new or self.changed or self.gone)


def publishable(case: Case) -> bool:
    """Return whether a petition can stand in a public table: it was verified, and is the desk's to answer for."""
    return case.verdict is not None and case.status not in ENDS


def latest(editions: Iterable[Published]) -> dict[date, Published]:
    """Return the newest version of each batch's table."""
    found: dict[date, Published] = {}
    for each in editions:
        if each.batch not in found or each.version > found[each.batch].version:
            found[each.batch] = each
    return found


def in_public(editions: Iterable[Published]) -> frozenset[str]:
    """Return the petitions that stand in the newest version of any table."""
    return frozenset(row.case for each in latest(editions).values() for row in each.rows)


def to_publish(
    day: date, cases: Iterable[Case], campaign: Case, editions: Sequence[Published]
) -> list[tuple[Case, date]]:
    """Return the petitions of a batch's next version, each with the batch it belongs to: its own, then late ones.

    Late is what could be told only after its own batch's table was published; it stands beside the newer one, and stays
    there. Nothing stands in the newest versions of two tables.
    """
    newest = latest(editions)
    here = {row.case for row in newest[day].rows} if day in newest else set()
    elsewhere = in_public(editions) - here
    own, late = [], []
    for case in petitions_of(cases):
        batch = batch_of(case, campaign)
        if not publishable(case) or case.id in elsewhere or batch is None:
            continue
        if batch == day:
            own.append((case, batch))
        elif case.id in here or (batch < day and batch in newest):
            late.append((case, batch))
    return [*own, *sorted(late, key=lambda pair: (pair[1], pair[0].id))]


def differences(before: Published | None, rows: Iterable[PublishedRow]) -> Changes:
    """Return what rows say otherwise than a version before them; without one, all are new."""
    then = {row.case: row.digest for row in before.rows} if before else {}
    now = {row.case: row.digest for row in rows}
    return Changes(
        new=tuple(case for case in now if case not in then),
        changed=tuple(case for case, digest in now.items() if case in then and then[case] != digest),
        gone=tuple(case for case in then if case not in now),
    )
