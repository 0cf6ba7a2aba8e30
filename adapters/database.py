"""The database: SQLite by default, PostgreSQL by URL, the same code; every fault a person may meet has its sentence."""

import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc

from adapters import SetupError
from adapters.migrations import NEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Schema:
    """What a database is to hold: Alembic's scripts, the newest of them, and the table that says which one is there."""

    scripts: Path
    newest: str
    table: str = "alembic_version"


LEDGER = Schema(MIGRATIONS, NEWEST)
AWAY = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.PendingRollbackError)
"""What a database says that is away, busy or shutting down."""
CONFLICT = (exc.IntegrityError,)
"""What it says when somebody else wrote the same row first."""
UNFIT = (exc.DataError,)
"""What it says of a value that none of its columns can hold."""
PATIENCE = 5.0
"""Seconds a command waits for a database that is away or busy before it says so."""


def _words(fault: BaseException) -> str:
    # SQLAlchemy's own text would repeat the statement with its values; the driver's does not.
    lines = str(getattr(fault, "orig", None) or fault).strip().splitlines()
    return lines[0][:200] if lines else type(fault).__name__


class DatabaseAwayError(SetupError):
    """The database does not answer. Nothing was half-written; the same envelope may be sent again in any case."""

    def __init__(self, fault: BaseException) -> None:
        """Say why, in the driver's own words: a full disk wants another remedy than a server that is down."""
        why = _words(fault)
        super().__init__(
            f"数据库暂时无法访问（{why}），请稍后重试。",
            f"The database does not answer ({why}). Please try again later.",
        )


class SchemaError(SetupError):
    """The database holds a schema this version does not know."""


class Database:
    """One database: transactions to write in, connections to read from."""

    def __init__(self, url: str, *, patience: float = PATIENCE, pool: int = 16, shreds: bool = False) -> None:
        """Prepare the engine; nothing is opened yet.

        Args:
            url: its address.
            patience: seconds to wait for it where it is away or busy.
            pool: connections that are kept.
            shreds: whether what is deleted is overwritten (SQLite; PostgreSQL's way is in ``shred``).
        """
        self.patience = patience
        address = sa.make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        options: dict[str, Any]
        if self.is_sqlite:
            if address.database and not address.database.startswith("file:"):
                Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            options = {"connect_args": {"timeout": patience}}
        else:
            # What the address itself says goes before.
            mine = {name: value for name, value in _noticing(patience).items() if name not in address.query}
            options = {"connect_args": mine}
        self._spare: deque[sa.Connection] = deque()
        self._lax: deque[sa.Connection] = deque()
        self.engine = sa.create_engine(address, pool_size=pool, max_overflow=pool, **options)
        self._fault: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _sqlite_connected)
            sa.event.listen(self.engine, "begin", _sqlite_begun)
            if shreds:
                sa.event.listen(self.engine, "connect", _sqlite_shredding)
        else:
            sa.event.listen(self.engine, "connect", _postgresql_connected(patience))

    def __repr__(self) -> str:
        """Name the database without its password."""
        return f"Database({self.engine.url.render_as_string(hide_password=True)})"

    @contextmanager
    def writing(self, *, lasting: bool = True) -> "Iterator[sa.Connection]":
        """Open a transaction that writes; on SQLite it takes the write lock at once, so that it never gives up.

        It is begun and ended at the driver itself, for SQLAlchemy's own way there and back costs as much as a
        command's statements; what is asked of SQLAlchemy in between joins the transaction that is there.

        Args:
            lasting: whether it is on the disk when it ends. Where it is not, a machine that loses its power may forget
                it (never a process that is killed), so that is for what is found and done again.
        """
        spare = self._spare if lasting else self._lax
        try:
            # Kept, because taking one from the pool and giving it back costs as much again.
            connection = spare.pop()
        except IndexError:
            connection = self.engine.connect() if lasting else self._not_waiting()
        try:
            try:
                if self.is_sqlite:
                    driver_of(connection).execute("BEGIN IMMEDIATE")
                yield connection
                if joined := connection.get_transaction():
                    joined.commit()
                else:
                    self.engine.dialect.do_commit(connection.connection)
            except self._fault as fault:
                raise self._told(fault) from fault
        except AWAY:
            # Whatever took this one away took the others that wait along.
            connection.invalidate()
            connection.close()
            self.close()
            raise
        except BaseException:
            with suppress(self._fault, *AWAY):
                undo(connection)
            if not lasting:
                connection.invalidate()
            connection.close()
            raise
        spare.append(connection)

    def _not_waiting(self) -> sa.Connection:
        """Return a connection that does not wait for the disk; it never goes back among the others."""
        connection = self.engine.connect()
        if self.is_sqlite:
            driver_of(connection).execute("PRAGMA synchronous=NORMAL").close()
        else:
            driver_of(connection).execute("SET synchronous_commit = off")
            self.engine.dialect.do_commit(connection.connection)
        return connection

    @contextmanager
    def reading(self) -> "Iterator[sa.Connection]":
        """Open a connection to read a consistent state from: all its statements see the same moment.

        Raises:
            DatabaseAwayError: it does not answer.
        """
        try:
            try:
                with self.engine.connect() as connection:
                    if not self.is_sqlite:
                        connection.execution_options(isolation_level="REPEATABLE READ")
                    yield connection
            except self._fault as fault:
                raise self._told(fault) from fault
        except AWAY as fault:
            raise DatabaseAwayError(fault) from fault

    def _told(self, fault: Exception) -> BaseException:
        """Return what the driver itself raised (prepared statements, the commit) as SQLAlchemy tells it."""
        return exc.DBAPIError.instance(None, None, fault, self._fault, dialect=self.engine.dialect)

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
                    raise DatabaseAwayError(fault) from fault
            time.sleep(pause)
            pause = min(pause * 2, 0.5)

    def migrate(self, schema: Schema = LEDGER) -> None:
        """Bring the schema up to date.

        Args:
            schema: which one: the ledger's, or the keystore's.

        Raises:
            SchemaError: the database is newer than this version, or it is none at all.
            DatabaseAwayError: it does not answer.
        """
        try:
            self.patiently(lambda: self._migrate(schema))
        except (exc.DatabaseError, sqlite3.DatabaseError) as fault:
            why = _words(fault)
            zh, en = f"这不是可用的数据库（{why}）。", f"This is no database that can be used ({why})."
            raise SchemaError(zh, en) from fault

    def _migrate(self, schema: Schema) -> None:
        # Alembic must see that the transaction is not its own to end.
        with self.writing() as connection, connection.begin():
            if not self.is_sqlite:
                # Two workers that start together must not both migrate.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(20261123)"))
            current = None
            if sa.inspect(connection).has_table(schema.table):
                version = sa.table(schema.table, sa.column("version_num"))
                current = connection.execute(sa.select(version.c.version_num)).scalar_one_or_none()
            if current != schema.newest:
                _upgrade(connection, schema, current)

    def shred(self, table: str) -> None:
        """Leave nothing of a table's deleted rows behind: neither in SQLite's log nor in PostgreSQL's pages.

        As far as can be: where others read just now, SQLite's log is cut the next time. Nothing here fails for it.
        """
        with suppress(*AWAY), self.engine.connect() as connection:
            if self.is_sqlite:
                driver_of(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            else:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.exec_driver_sql(f"VACUUM {table}")

    def close(self) -> None:
        """Close every connection that is not in use."""
        with suppress(IndexError):
            while True:
                self._spare.pop().close()
        with suppress(IndexError):
            while True:
                lax = self._lax.pop()
                lax.invalidate()
                lax.close()
        self.engine.dispose()


def _upgrade(connection: sa.Connection, schema: Schema, current: str | None) -> None:
    # Loaded only here: Alembic takes longer to load than a list of cases to be shown, and mostly has nothing to do.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(schema.scripts))
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaError(
            f"数据库的结构版本（{current}）比本程序新，请升级程序。",
            f"The database's schema ({current}) is newer than this program; please upgrade it.",
        )
    config.attributes["connection"], config.attributes["table"] = connection, schema.table
    command.upgrade(config, "head")


def driver_of(connection: sa.Connection) -> Any:  # noqa: ANN401 - sqlite3's and psycopg's connections, alike here
    """Return the driver's own connection."""
    return connection.connection.driver_connection


def undo(connection: sa.Connection) -> None:
    """Take back what was done so far in a transaction that writes, whoever began it."""
    if joined := connection.get_transaction():
        joined.rollback()
    else:
        driver_of(connection).rollback()


def _noticing(patience: float) -> dict[str, int]:
    """Return how PostgreSQL's client notices a server whose machine is gone without a word; without it, in hours."""
    wait = max(2, int(patience))
    return {
        "connect_timeout": wait,
        "keepalives_idle": 2 * wait,
        "keepalives_interval": wait,
        "keepalives_count": 2,
        "tcp_user_timeout": 3000 * wait,
    }


def _postgresql_connected(patience: float) -> "Callable[[psycopg.Connection, object], None]":
    def connected(connection: "psycopg.Connection", record: object) -> None:
        del record
        # As on SQLite: a row that somebody else does not let go is waited for so long, not for ever.
        connection.execute(f"SET lock_timeout = {int(patience * 1000)}")
        connection.commit()

    return connected


def _sqlite_connected(connection: sqlite3.Connection, record: object) -> None:
    del record
    # Transactions are begun by us, not by the driver's guess at the first statement.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Else INSERT OR REPLACE takes the row it replaces away behind the back of the triggers.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.close()


def _sqlite_shredding(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.execute("PRAGMA secure_delete=ON").close()


def _sqlite_begun(connection: sa.Connection) -> None:
    driver = driver_of(connection)
    if not driver.in_transaction:  # in one that writes it is already
        driver.execute("BEGIN")
