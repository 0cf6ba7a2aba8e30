"""A PostgreSQL database dumped and restored by its own programs."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.backup.manifest import BackupError
from adapters.keys.store import SCHEMA
from adapters.keys.tables import metadata as keys_metadata

KEY_TABLES: Final = (*sorted(keys_metadata.tables), SCHEMA.table)
"""What is the keystore's: never in a ledger's dump, should both lie in one database."""


def program(name: str, connection: sa.Connection) -> Path:
    """Return ``pg_dump`` or ``pg_restore``, no older than the server: on the PATH, beside it, or in Debian's place.

    Raises:
        BackupError: there is none.
    """
    on_path = shutil.which(name)
    places = [*_beside(connection), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = [Path(on_path)] if on_path else []
    found += [place / name for place in places if (place / name).exists()]
    number = int(connection.execute(sa.text("SHOW server_version_num")).scalar_one())
    for each in found:
        if _major(each) >= number // 10_000:
            return each
    raise BackupError(
        f"找不到版本不低于服务器（{number // 10_000}）的 {name}。请安装 PostgreSQL 客户端程序并放入 PATH。",
        f"There is no {name} as new as the server ({number // 10_000}): put PostgreSQL's own on the PATH.",
    )


def _major(found: Path) -> int:
    # "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0)"
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\) (\d+)", told)
    return int(number[1]) if number else 0


def _beside(connection: sa.Connection) -> list[Path]:
    try:
        with connection.begin_nested():
            query = sa.text("SELECT setting FROM pg_config() WHERE name = 'BINDIR'")
            return [Path(each) for each in connection.execute(query).scalars()]
    except sa.exc.DBAPIError:
        return []  # only some may ask


def dump(url: str, connection: sa.Connection, target: Path, *, keys: bool) -> None:
    """Dump a ledger, or a keystore, as the connection sees it now.

    Raises:
        BackupError: ``pg_dump`` is missing, or failed.
    """
    snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
    only = "--table" if keys else "--exclude-table"
    parts = [f"{only}={name}" for name in KEY_TABLES]
    called = [str(program("pg_dump", connection)), "--format=custom", "--no-owner", "--no-acl", *parts]
    _run([*called, f"--snapshot={snapshot}", f"--file={target}"], url)


def read_through(file: Path, connection: sa.Connection) -> None:
    """Read a dump from end to end.

    Raises:
        BackupError: it is not whole.
    """
    _run([str(program("pg_restore", connection)), "--file=/dev/null", str(file)], None)


def load(url: str, connection: sa.Connection, file: Path) -> None:
    """Load a dump into an empty database, in one transaction.

    Raises:
        BackupError: it failed; the database is as it was.
    """
    called = [str(program("pg_restore", connection)), "--no-owner", "--no-acl", "--single-transaction"]
    _run([*called, "--exit-on-error", str(file)], url)


def tables_in(connection: sa.Connection) -> set[str]:
    """Return the names of the tables that are there."""
    return set(sa.inspect(connection).get_table_names())


def _run(arguments: Sequence[str], url: str | None) -> None:
    environment = dict(os.environ)
    called = list(arguments)
    if url is not None:
        address = sa.make_url(url).set(drivername="postgresql")
        # A command line is for everybody to read.
        if address.password is not None:
            environment["PGPASSWORD"] = str(address.password)
        called.append(f"--dbname={address.set(password=None).render_as_string(hide_password=False)}")
    done = subprocess.run(called, env=environment, capture_output=True, check=False)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = (lines[0] if lines else f"exit {done.returncode}")[:200]
        name = Path(called[0]).name
        raise BackupError(f"{name} 失败：{why}", f"{name} failed: {why}")
