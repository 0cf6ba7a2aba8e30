"""A SQLite database copied while others write: one moment of it, in one file."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.backup import Progress
from adapters.backup.manifest import BackupError

PAGES: Final = 1024
"""Pages between two looks at how far it is."""
PATIENCE: Final = 10.0


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite address, None where it is another database."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database).absolute()


def copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database; who writes meanwhile is neither held up nor in the copy.

    A read transaction is held over all steps, so that the copy is never begun anew for what others write.

    Raises:
        BackupError: it cannot be read, or the disk is full.
    """
    try:
        with (
            closing(sqlite3.connect(source, isolation_level=None, timeout=PATIENCE)) as here,
            closing(sqlite3.connect(target, isolation_level=None)) as there,
        ):
            here.execute("BEGIN")
            here.execute("SELECT count(*) FROM sqlite_master").fetchall()
            here.backup(there, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
            here.execute("COMMIT")
            # One file, without a log beside it.
            there.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as fault:
        raise BackupError(f"无法复制 {source}：{fault}。", f"{source} cannot be copied: {fault}.") from fault


def sound(file: Path) -> bool:
    """Tell whether SQLite finds a file whole, page by page."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.Error:
        return False
