"""The floor under a command: one transaction by hand for the raw driver, on the same schema, in the same bytes.

It looks for the envelope, reads the case, writes the event, the envelope, the case, the outbox row and what moves in
the daily sums, and commits. It decides nothing, checks nothing and numbers nothing: our door made the rows before.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import psycopg
import sqlalchemy as sa

from adapters import tables
from adapters.desk import Desk
from bench.story import LIFE, envelope

Row = tuple[object, ...]
PATIENCE: Final = 60.0
"""Seconds a client of the SQLite floor waits for the write lock."""

FIGURES: Final = [column.name for column in tables.figures.c]
KEY: Final = 3
"""Of FIGURES so many name the sum."""
CASE_COLUMNS: Final = [column.name for column in tables.cases.c if column.name != "id"]


@dataclass(frozen=True)
class Step:
    """What one command of the story writes, without the names: those each client puts in itself."""

    seq: int
    event: tuple[str, str]
    """Body and hash."""
    envelope: Row
    """Name of the event, moment, digest, body."""
    case: Row
    """The case's row, in the order of CASE_COLUMNS."""
    facts: str
    figures: list[Row]
    """What is added to which of the daily sums, in the order of FIGURES."""


def captured(desk: Desk) -> list[Step]:
    """Live one petition through at the door and return what each command wrote."""
    steps: list[Step] = []
    number: str | None = None
    e, v, c, o = tables.events.c, tables.envelopes.c, tables.cases.c, tables.outbox.c
    sums: dict[Row, Row] = {}
    for place in range(len(LIFE)):
        (receipt,) = desk.door.perform([envelope("captured", place, number)])
        number = receipt.case
        with desk.database.reading() as connection:
            event = connection.execute(sa.select(e.body, e.hash).where(e.case_id == number, e.seq == receipt.seq)).one()
            kept = sa.select(v.event, sa.type_coerce(v.recorded_at, sa.String), v.digest, v.body)
            case = sa.select(
                *(
                    sa.type_coerce(c[name], sa.String) if isinstance(c[name].type, tables.Instant) else c[name]
                    for name in CASE_COLUMNS
                )
            )
            facts = sa.select(o.facts).where(o.case_id == number)
            before, sums = sums, _sums(connection)
            steps.append(
                Step(
                    seq=receipt.seq,
                    event=(event.body, event.hash),
                    envelope=tuple(connection.execute(kept.where(v.id == receipt.envelope)).one()),
                    case=tuple(connection.execute(case.where(c.id == number)).one()),
                    facts=connection.execute(facts).scalar_one(),
                    figures=_moved(before, sums),
                )
            )
    return steps


def _sums(connection: sa.Connection) -> dict[Row, Row]:
    return {tuple(row[:KEY]): tuple(row[KEY:]) for row in connection.execute(sa.select(tables.figures))}


def _moved(before: dict[Row, Row], after: dict[Row, Row]) -> list[Row]:
    none = (0,) * (len(FIGURES) - KEY)
    moved = {
        key: tuple(int(str(new)) - int(str(old)) for new, old in zip(sums, before.get(key, none), strict=True))
        for key, sums in after.items()
    }
    return [(*key, *sums) for key, sums in sorted(moved.items(), key=str) if any(sums)]


class Client(Protocol):
    """Somebody with a connection who gives one command after the other."""

    def perform(self, name: str, step: int) -> None:
        """Write what a step of the story writes, for the case of that name."""

    def close(self) -> None:
        """Let the connection go."""


def _statements(mark: str, lock: str) -> dict[str, str]:
    def marks(count: int) -> str:
        return ", ".join([mark] * count)

    sets = ", ".join(f"{name} = {mark}" for name in CASE_COLUMNS)
    return {
        "kept": f"SELECT case_id, seq, event, recorded_at, digest FROM envelopes WHERE id = {mark}",
        "case": f"SELECT seq, head, state FROM cases WHERE id = {mark}{lock}",
        "event": f"INSERT INTO events (case_id, seq, body, hash) VALUES ({marks(4)})",
        "envelope": f"INSERT INTO envelopes (id, case_id, seq, event, recorded_at, digest, body) VALUES ({marks(7)})",
        "insert": f"INSERT INTO cases (id, {', '.join(CASE_COLUMNS)}) VALUES ({marks(1 + len(CASE_COLUMNS))})",
        "update": f"UPDATE cases SET {sets} WHERE id = {mark}",
        "outbox": "INSERT INTO outbox (case_id, seq, facts, attempts, not_before, error) "
        f"VALUES ({marks(3)}, 0, 0.0, NULL) ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, "
        "facts = excluded.facts, attempts = excluded.attempts, not_before = excluded.not_before, "
        "error = excluded.error",
        "figures": f"INSERT INTO figures ({', '.join(FIGURES)}) VALUES ({marks(len(FIGURES))}) "
        f"ON CONFLICT ({', '.join(FIGURES[:KEY])}) DO UPDATE SET "
        + ", ".join(f"{name} = figures.{name} + excluded.{name}" for name in FIGURES[KEY:]),
    }


def _told(say: dict[str, str], step: Step, name: str) -> list[tuple[str, Row]]:
    """Return the writing statements of a step with their values."""
    row = (say["insert"], (name, *step.case)) if step.seq == 1 else (say["update"], (*step.case, name))
    return [
        (say["event"], (name, step.seq, *step.event)),
        (say["envelope"], (f"{name}/{step.seq}", name, step.seq, *step.envelope)),
        row,
        (say["outbox"], (name, step.seq, step.facts)),
    ]


class SqliteClient:
    """On SQLite: BEGIN IMMEDIATE with a busy timeout, WAL, synchronous=FULL, like ours."""

    def __init__(self, path: str, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.say = _statements("?", "")
        self.connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("PRAGMA foreign_keys=ON")

    def perform(self, name: str, step: int) -> None:
        execute, row = self.connection.execute, self.steps[step]
        execute("BEGIN IMMEDIATE")
        execute(self.say["kept"], (f"{name}/{row.seq}",)).fetchone()
        execute(self.say["case"], (name,)).fetchone()
        for statement, values in _told(self.say, row, name):
            execute(statement, values)
        if row.figures:
            self.connection.executemany(self.say["figures"], row.figures)
        execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


class PostgresClient:
    """On PostgreSQL: psycopg with its prepared statements, the case locked while it is read."""

    def __init__(self, conninfo: str, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.say = _statements("%s", " FOR UPDATE")
        self.connection = psycopg.connect(conninfo)

    def perform(self, name: str, step: int) -> None:
        execute, row = self.connection.execute, self.steps[step]
        execute(self.say["kept"], (f"{name}/{row.seq}",)).fetchone()
        execute(self.say["case"], (name,)).fetchone()
        for statement, values in _told(self.say, row, name):
            execute(statement, values)
        if row.figures:
            self.connection.cursor().executemany(self.say["figures"], row.figures)
        self.connection.commit()

    def close(self) -> None:
        self.connection.close()


def client(database: sa.URL, steps: Sequence[Step]) -> Client:
    """Return a client of the floor for a database whose schema is there."""
    if database.get_backend_name() == "sqlite":
        return SqliteClient(str(database.database), steps)
    plain = database.set(drivername="postgresql")
    return PostgresClient(plain.render_as_string(hide_password=False), steps)
