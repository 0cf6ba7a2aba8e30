"""Checking a backup: every file against its hash, the database page by page, every chain of the ledger, its heads."""

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from adapters.backup import Steps, postgresql, sqlite
from adapters.backup.manifest import KEYS, LEDGER, BackupError, Manifest, head_of
from adapters.backup.packing import unpack
from adapters.checking import Fault, VerifyReport, verify
from adapters.database import Database
from adapters.desk import Desk


@dataclass(frozen=True)
class Checked:
    """What a backup says of itself, and what going through every chain of its ledger found; None where it could not."""

    manifest: Manifest
    chains: VerifyReport | None = None

    @property
    def first(self) -> Fault | None:
        """The first event that is not as it was written: the backup is true to a ledger that was damaged before."""
        return self.chains.faults[0] if self.chains and self.chains.faults else None


def check(place: Path, desk: Desk | None, steps: Steps) -> Checked:
    """Check a backup; nothing of it is changed, and what is unpacked for that is gone afterwards.

    Args:
        place: the backup.
        desk: an installation whose PostgreSQL can tell where its programs are; needed for nothing else.
        steps: progress bars.

    Raises:
        BackupError: it is not sound, with what was found.
    """
    with tempfile.TemporaryDirectory(prefix=".banjie-check-", dir=place.absolute().parent) as folder:
        into = Path(folder)
        with steps("校验 hashes") as progress:
            manifest = unpack(place, into, progress)
        if manifest.part == "keys":
            _sound(manifest, into / KEYS[manifest.backend], desk)
            return Checked(manifest)
        _sound(manifest, into / LEDGER[manifest.backend], desk)
        if manifest.backend == "sqlite":
            with closing(Database(f"sqlite:///{into / LEDGER['sqlite']}", pool=2)) as database:
                # A copy only for looking at; one of an older version is read as this one reads.
                database.migrate()
                return Checked(manifest, holds(database, manifest, steps))
        return Checked(manifest)


def _sound(manifest: Manifest, file: Path, desk: Desk | None) -> None:
    if manifest.backend == "sqlite":
        if not sqlite.sound(file):
            raise BackupError(f"备份中的 {file.name} 已损坏。", f"{file.name} in the backup is damaged.")
    elif desk is not None and not desk.database.is_sqlite:
        with desk.database.reading() as connection:
            postgresql.read_through(file, connection)


def holds(database: Database, manifest: Manifest, steps: Steps) -> VerifyReport:
    """Hold a ledger against its manifest, and return what going through every chain found.

    Raises:
        BackupError: it is not the ledger that was backed up.
    """
    with database.reading() as connection:
        found = head_of(connection)
    if found != manifest.head:
        raise BackupError("备份中的台账与清单不符。", "The ledger in the backup is not the one its manifest tells of.")
    with steps("核对哈希链 chains") as progress:
        return verify(database, progress=progress)
