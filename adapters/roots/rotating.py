"""A new signing key: it signs beside the old one for a while, or, where that was lost or seen, at once alone."""

from datetime import datetime
from pathlib import Path

from adapters.database import Database
from adapters.roots import keys, making, tree
from adapters.roots.making import Root


def rotate(database: Database, data: Path, at: datetime, *, at_once: bool = False, folder: Path | None = None) -> Root:
    """Begin a new key and sign a root with it, and with the old one unless that ends at once.

    Args:
        database: the ledger.
        data: the data folder, where the keys' files are.
        at: now (UTC).
        at_once: the old key is lost, or somebody else may have it: it signs no more.
        folder: the witness's, where there is one.

    Raises:
        SigningKeyMissingError: the old key is not on this machine and was not to end at once.
        ForkedError: the log is not what the witness has kept.
        DatabaseAwayError: the database stayed away.
    """
    making.ready(database, data, at)

    def begin() -> None:
        with database.writing() as connection:
            tree.hold(connection)
            now = making.moment(connection, at)
            old = [each for each in keys.known(connection) if each.ended_at is None]
            if at_once:
                keys.end(connection, old, now)
            else:
                # Whoever knows only the old key must see a root that it signs together with the new one.
                keys.must_have(data, old[-1])
            keys.begin(connection, data, making.moment(connection, now))

    database.patiently(begin)
    return making.make(database, data, at, folder)
