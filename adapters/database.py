"""The database: SQLite by default, PostgreSQL by URL, the same code; every fault a person may meet has its sentence."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exc

from adapters import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"
# The drivers' own faults come from prepared statements, SQLAlchemy's from everything else.
AWAY = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.InternalError,
    exc.PendingRollbackError,
    sqlite3.OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""What a database says that is away, busy or shutting down."""
CONFLICT = (exc.IntegrityError, sqlite3.IntegrityError, psycopg.IntegrityError)
"""What it says when somebody else wrote the same row first."""
PATIENCE = 5.0
"""Seconds a command waits for a database that is away or busy before it says so."""


class DatabaseAwayError(SetupError):
    """The database does not answer. Nothing was half-written; the same command may be given again."""


class SchemaError(SetupError):
    """The database holds a schema this version does not know."""


class Database:
    """One database: transactions to write in, connections to read from."""

    def __init__(self, url: str, *, patience: float = PATIENCE, pool: int = 16) -> None:
        """Prepare the engine; nothing is opened yet."""
        self.patience = patience
        address = sa.make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        options: dict[str, Any] = {"connect_args": {"timeout": patience}} if self.is_sqlite else {
            "connect_args": {"connect_timeout": max(2, int(patience))}
        }
        if self.is_sqlite:
            # Named values, as on PostgreSQL, so that prepared statements take the same ones.
            options["paramstyle"] = "named"
        self.engine = sa.create_engine(address, pool_size=pool, max_overflow=pool, **options)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _sqlite_connected)
            sa.event.listen(self.engine, "begin", _sqlite_begun)

    def __repr__(self) -> str:
        """Name the database without its password."""
        return f"Database({self.engine.url.render_as_string(hide_password=True)})"

    @contextmanager
    def writing(self) -> "Iterator[sa.Connection]":
        """Open a transaction that writes; on SQLite it takes the write lock at once, so that it never has to give up."""
        with self.engine.connect().execution_options(banjie_writes=True) as connection, connection.begin():
            yield connection

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Open a connection to read a consistent state from."""
        return self.engine.connect()

    def patiently(self, work: Callable[[], T]) -> T:
        """Do something repeatable, waiting out a database that is away or busy.

        Raises:
            DatabaseAwayError: it stayed away longer than our patience.
        """
        end = time.monotonic() + self.patience
        pause = 0.02
        while True:
            try:
                return work()
            except AWAY as fault:
                if time.monotonic() + pause > end:
                    raise DatabaseAwayError(
                        "数据库暂时无法访问，操作没有执行，请稍后重试。",
                        "The database does not answer; nothing was done. Please try again later.",
                    ) from fault
            time.sleep(pause)
            pause = min(pause * 2, 0.5)

    def migrate(self) -> None:
        """Bring the schema up to date.

        Raises:
            SchemaError: the database is newer than this version.
            DatabaseAwayError: it does not answer.
        """
        self.patiently(self._migrate)

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["database"] = self
        script = ScriptDirectory.from_config(config)
        with self.writing() as connection:
            if not self.is_sqlite:
                # Two workers that start together must not both migrate.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(20261123)"))
            current = MigrationContext.configure(connection).get_current_revision()
            if current == script.get_current_head():
                return
            if current is not None and current not in {each.revision for each in script.walk_revisions()}:
                raise SchemaError(
                    f"数据库的结构版本（{current}）比本程序新，请升级程序。",
                    f"The database's schema ({current}) is newer than this program; please upgrade it.",
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite_connected(connection: sqlite3.Connection, record: object) -> None:
    del record
    # Transactions are begun by us, not by the driver's guess at the first statement.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _sqlite_begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("banjie_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
