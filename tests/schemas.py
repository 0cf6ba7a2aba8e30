"""Ledgers that have their schema: the real migrations run once in a process, then their result is copied.

Running them takes ten times as long as all the rest of opening a desk. Whoever tests them asks for an empty database
(`database_url`) and lets `Database.migrate` bring it up, as `open_desk` does everywhere.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from adapters.database import Database
from tests.servers import Postgres

TEMPLATE: Final = "migrated"


@cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="schema-") as folder:
        file = Path(folder) / "ledger.db"
        _brought_up(f"sqlite:///{file}")
        # Closed by its last connection the file holds everything.
        assert [each.name for each in Path(folder).iterdir()] == [file.name]
        return file.read_bytes()


@cache
def _postgresql(server: Postgres) -> str:
    server.fresh(TEMPLATE)
    _brought_up(server.url(TEMPLATE))
    return TEMPLATE


def _brought_up(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def lay(url: str) -> None:
    """Lay a ledger with its schema and nothing in it at an address of SQLite, where there is no file yet."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    file = Path(address.database)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(_sqlite())


def fresh(server: Postgres) -> str:
    """Make a ledger with its schema and nothing in it on PostgreSQL; returns the database's name."""
    return server.fresh(like=_postgresql(server))
