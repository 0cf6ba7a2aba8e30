"""The log as it lies in the database: leaves, and every fourth level of the tree over them.

It only grows at its end, within the caller's transaction. A proof reads some hundred hashes, however large the log is.
"""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from adapters import tables
from models.heads import EVERY, Leaf, Sort
from models.merkle import Growing, Nodes, root_of

WIDTH = 1 << EVERY
"""So many hashes of one kept level make one of the next."""
STEP = 2000
_LEAVES, _NODES = tables.root_leaves.c, tables.root_nodes.c


def size_of(connection: sa.Connection) -> int:
    """Return how many leaves there are."""
    last = connection.execute(sa.select(sa.func.max(_LEAVES.position))).scalar_one()
    return 0 if last is None else int(last) + 1


def hold(connection: sa.Connection) -> None:
    """Let nobody else append until the transaction ends; SQLite's write transaction holds everything already."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("LOCK TABLE root_leaves IN EXCLUSIVE MODE")


def append(connection: sa.Connection, leaves: Iterable[Leaf]) -> int:
    """Append leaves in a transaction that holds the log; return how many there are now."""
    size = size_of(connection)
    growing = Growing(size, nodes_at(connection) if size else None)
    rows, kept = [], []
    for leaf in leaves:
        rows.append({"position": growing.size, **leaf._asdict()})
        kept += [
            {"level": node.level, "place": node.place, "hash": node.hash.hex()}
            for node in growing.add(leaf.digest)
            if node.level and node.level % EVERY == 0
        ]
    if rows:
        connection.execute(sa.insert(tables.root_leaves), rows)
    if kept:
        connection.execute(sa.insert(tables.root_nodes), kept)
    return growing.size


def leaves(connection: sa.Connection, start: int = 0, end: int | None = None) -> Iterator[Leaf]:
    """Yield the leaves from one position to before another, in their order."""
    query = sa.select(_LEAVES.kind, _LEAVES.chain, _LEAVES.seq, _LEAVES.hash).order_by(_LEAVES.position)
    query = query.where(_LEAVES.position >= start)
    if end is not None:
        query = query.where(_LEAVES.position < end)
    for row in connection.execute(query.execution_options(yield_per=STEP)):
        yield Leaf(*row)


def nodes_at(connection: sa.Connection) -> Nodes:
    """Return what gives the tree's nodes for as long as the connection's snapshot lasts, each block read once."""
    known: dict[tuple[int, int], list[bytes]] = {}

    def node(level: int, place: int) -> bytes:
        kept = level - level % EVERY
        width = 1 << (level - kept)
        block, first = divmod(place * width, WIDTH)
        if (kept, block) not in known:
            known[kept, block] = _block(connection, kept, block)
        return root_of(known[kept, block][first : first + width])

    return node


def _block(connection: sa.Connection, level: int, block: int) -> list[bytes]:
    start, end = block * WIDTH, (block + 1) * WIDTH
    if level == 0:
        return [leaf.digest for leaf in leaves(connection, start, end)]
    query = sa.select(_NODES.hash).where(_NODES.level == level, _NODES.place >= start, _NODES.place < end)
    return list(map(bytes.fromhex, connection.execute(query.order_by(_NODES.place)).scalars()))


def rooted_at(sort: Sort) -> "sa.ColumnElement[bool]":
    """Join the leaf of each entry of that sort to it, where it has one.

    SQLite keeps a number or a name also as bytes, and those equal no leaf's: they are compared as what they say.
    """
    chain, seq = {
        Sort.CASE: (tables.events.c.case_id, tables.events.c.seq),
        Sort.ACCESS: (tables.access_log.c.writer, tables.access_log.c.seq),
    }[sort]
    said = _LEAVES.chain == sa.cast(chain, sa.String), _LEAVES.seq == sa.cast(seq, sa.Integer)
    return sa.and_(_LEAVES.kind == sort.value, *said)


def rooted_ends(sort: Sort) -> "sa.Select[tuple[str, int]]":
    """Select the last number of each chain of that sort that has a leaf."""
    return (
        sa.select(_LEAVES.chain, sa.func.max(_LEAVES.seq).label("seq"))
        .where(_LEAVES.kind == sort.value)
        .group_by(_LEAVES.chain)
    )
