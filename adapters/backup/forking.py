"""A restored ledger is a fork of the one that was: from the backup's head on it goes another way, and says so.

Who holds a later root of the old way would otherwise find a ledger that contradicts it, and no word why. This is the
one place where that is written down.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.access.log import AccessLog, Deed
from adapters.backup.manifest import Manifest
from adapters.desk import Desk
from adapters.marks import write_mark
from adapters.reviving import RESTORED
from adapters.roots import forks, origins
from adapters.roots.keys import SigningKeyMissingError


@dataclass(frozen=True)
class Fork:
    """A restoration: its id, which backup of when was restored, and when (UTC)."""

    id: str
    backup: str
    taken_at: datetime
    at: datetime


def record_fork(desk: Desk, manifest: Manifest, by: str) -> Fork:
    """Record that a ledger was restored: in the access log, the log of heads, and for the relay, which starts anew."""
    at = datetime.now(UTC)
    fork = Fork(f"{manifest.id}-{at:%Y%m%dT%H%M%S}", manifest.id, manifest.made_at, at)
    head = manifest.head
    events = head.events if head else 0
    digest = head.digest[:16] if head else ""
    why = f"{manifest.made_at:%Y-%m-%dT%H:%M:%SZ}, {events} events, head {digest}"
    log = AccessLog(desk.database, lambda: at)
    log.tell(by, Deed.RESTORE, granted=True, about=f"backup {manifest.id}", why=why)
    with desk.database.reading() as connection:
        signed = bool(origins.every(connection))
    if signed:
        # Without the keys it is written down all the same; the next root is signed when they are back.
        with suppress(SigningKeyMissingError):
            told = f"backup {manifest.id}, {why}"[: forks.LONGEST]
            forks.record(desk.database, desk.settings.data, at, reason=told, by=by, folder=desk.settings.witness_folder)
    write_mark(desk.database, RESTORED, fork.id)
    return fork
