"""Making a root: the heads that are new since the last one go into the log, and its size and root are signed.

Heads go in by some thousands a transaction, so that commands never wait long for one; which heads a root covers is
settled by the leaves that are there when it is signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.roots import keys, origins, tree
from adapters.roots.witness import ForkedError, must_fit
from models.checkpoint import Checkpoint
from models.heads import Leaf, Sort
from models.merkle import root_at
from models.witnessed import Standing

AT_ONCE: Final = 5000
"""Heads that are taken in by one transaction."""
TICK: Final = timedelta(microseconds=1)
MADE: Final = "made "
"""How the line of a checkpoint begins that says when it was made."""


@dataclass(frozen=True)
class Root:
    """A signed root: how many leaves it covers, of which generation, when it was made (UTC), the signed note."""

    size: int
    generation: int
    root: bytes
    made_at: datetime
    note: str


def ready(database: Database, data: Path, at: datetime) -> None:
    """Begin the log where there is none yet: an origin, and a key as a file of the data folder (mode 600).

    Raises:
        DatabaseAwayError: the database stayed away.
    """

    def begin() -> None:
        with database.writing() as connection:
            tree.hold(connection)
            if not origins.every(connection):
                origins.begin(connection, at)
            if not keys.known(connection):
                keys.begin(connection, data, at)

    with database.reading() as connection:
        there = bool(origins.every(connection) and keys.known(connection))
    if not there:
        database.patiently(begin)


def make(database: Database, data: Path, at: datetime, folder: Path | None = None) -> Root:
    """Take in what is new and sign a root over it; where nothing is new, return the one that covers everything.

    Args:
        database: the ledger.
        data: the data folder, with the key.
        at: now (UTC).
        folder: the witness's, where there is one: what does not go on from what it has kept is not signed.

    Raises:
        ForkedError: the log is not what was signed before, or what the witness has kept.
        WitnessError: the witness's folder cannot be read.
        SigningKeyMissingError: the key is not on this machine.
        SealError: its file cannot be used.
        DatabaseAwayError: the database stayed away; what was taken in stays.
    """
    ready(database, data, at)
    take_in(database)
    with database.reading() as connection:
        must_fit(connection, folder)

    def signed() -> Root:
        with database.writing() as connection:
            tree.hold(connection)
            old = latest(connection)
            if old is not None and old.size == tree.size_of(connection):
                return old
            _must_go_on(connection, old)
            now = moment(connection, at)
            keys.end(connection, keys.run_out(keys.known(connection), now), now)
            return _signed(connection, data, moment(connection, now))

    root = database.patiently(signed)
    with database.reading() as connection:
        keys.sweep(data, keys.known(connection))
    return root


def take_in(database: Database) -> int:
    """Take the heads that no leaf has yet into the log; return how many there were."""
    count = 0
    for sort in (Sort.CASE, Sort.ACCESS):
        last: str | None = ""
        while last is not None:
            found, last = database.patiently(lambda sort=sort, last=last: _taken(database, sort, last))  # type: ignore[misc]
            count += found
    return count


def latest(connection: sa.Connection) -> Root | None:
    """Return the newest root, None where there is none yet."""
    query = sa.select(tables.roots).order_by(tables.roots.c.size.desc()).limit(1)
    return next(_roots(connection, query), None)


def listed(connection: sa.Connection, limit: int | None = None) -> list[Root]:
    """Return the roots, the newest first."""
    return list(_roots(connection, sa.select(tables.roots).order_by(tables.roots.c.size.desc()).limit(limit)))


def root_of(connection: sa.Connection, size: int) -> Root | None:
    """Return the root over so many leaves, None where there is none."""
    return next(_roots(connection, sa.select(tables.roots).where(tables.roots.c.size == size)), None)


def before(connection: sa.Connection, root: Root) -> Root | None:
    """Return the root that was made before another, None before the first one."""
    sizes = tables.roots.c.size
    query = sa.select(tables.roots).where(sizes < root.size).order_by(sizes.desc()).limit(1)
    return next(_roots(connection, query), None)


def moment(connection: sa.Connection, at: datetime) -> datetime:
    """Return now as the log tells it: a clock that was set back does not bring what comes later before what was."""
    last = connection.execute(sa.select(sa.func.max(tables.roots.c.made_at))).scalar_one()
    begun = connection.execute(sa.select(sa.func.max(tables.root_keys.c.at))).scalar_one()
    return max(each for each in (at, last, begun and begun + TICK) if each is not None)


def made_line(at: datetime) -> str:
    """Return the line of a checkpoint that says when it was made."""
    return f"{MADE}{at.astimezone(UTC).isoformat(timespec='seconds').replace('+00:00', 'Z')}"


def _roots(connection: sa.Connection, query: "sa.Select[tuple[object, ...]]") -> Iterator[Root]:
    for row in connection.execute(query):
        yield Root(row.size, row.generation, bytes.fromhex(row.root), row.made_at, row.note)


def _must_go_on(connection: sa.Connection, old: Root | None) -> None:
    """Make sure that what is signed begins as the last root of the same generation did."""
    if old is None or old.generation != origins.every(connection)[-1].generation:
        return
    if root_at(tree.nodes_at(connection), old.size) != old.root:
        raise ForkedError(old.size, Standing.REWRITTEN)


def _signed(connection: sa.Connection, data: Path, at: datetime) -> Root:
    origin = origins.every(connection)[-1]
    size = tree.size_of(connection)
    root = root_at(tree.nodes_at(connection), size)
    text = Checkpoint(origin.name, size, root, (made_line(at),)).text
    note = keys.sign(data, keys.known(connection), origin.name, text).whole
    row = {"size": size, "generation": origin.generation, "root": root.hex(), "made_at": at, "note": note}
    connection.execute(sa.insert(tables.roots), [row])
    return Root(size, origin.generation, root, at, note)


def _taken(database: Database, sort: Sort, after: str) -> tuple[int, str | None]:
    """Take some in; return how many, and the chain to go on after, None where there are no more."""
    with database.writing() as connection:
        tree.hold(connection)
        rows = connection.execute(_new(sort, after)).all()
        tree.append(connection, [Leaf(sort.value, row.chain, row.seq, row.hash) for row in rows])
    return len(rows), rows[-1].chain if len(rows) == AT_ONCE else None


def _new(sort: Sort, after: str) -> "sa.Select[tuple[str, int, str]]":
    """Select the heads without a leaf, in the order of their chains.

    The hash is the one of the entry itself, not the one that the case was left at.
    """
    if sort is Sort.CASE:
        events, cases = tables.events.c, tables.cases.c
        heads = sa.select(events.case_id.label("chain"), events.seq, events.hash).join_from(
            tables.cases, tables.events, sa.and_(events.case_id == cases.id, events.seq == cases.seq)
        )
    else:
        lines = tables.access_log.c
        ends = sa.select(lines.writer, sa.func.max(lines.seq).label("seq")).group_by(lines.writer).subquery()
        heads = sa.select(lines.writer.label("chain"), lines.seq, lines.hash).join_from(
            ends, tables.access_log, sa.and_(lines.writer == ends.c.writer, lines.seq == ends.c.seq)
        )
    head, leaves = heads.subquery(), tables.root_leaves.c
    taken = sa.and_(leaves.kind == sort.value, leaves.chain == head.c.chain, leaves.seq == head.c.seq)
    query = sa.select(head.c.chain, head.c.seq, head.c.hash).outerjoin_from(head, tables.root_leaves, taken)
    query = query.where(leaves.position.is_(None), head.c.chain > after)
    return query.order_by(head.c.chain).limit(AT_ONCE)
