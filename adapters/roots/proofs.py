"""Proofs out of the log: that a root covers a chain, and that one root begins as another did.

Whoever has a proof, the signed root and the public key needs neither the ledger nor this program to check it
(``models.merkle``, RFC 9162 §2.1).
"""

from typing import NamedTuple

import sqlalchemy as sa

from adapters import tables
from adapters.roots import keys, origins, tree
from adapters.roots.making import Root, latest
from models.checkpoint import VerifyingKey
from models.heads import Leaf, Sort
from models.merkle import consistency, inclusion


class Covered(NamedTuple):
    """What shows that a chain, up to an entry, stands under a signed root.

    Attributes:
        note: the signed checkpoint, as text (C2SP tlog-checkpoint).
        origin: the log's name, which signs.
        size: leaves that the root covers.
        root: the root, 32 bytes.
        leaf: the newest leaf of the chain among them.
        position: its place, from 0.
        proof: the hashes of the inclusion proof, 32 bytes each, the lowest first.
        keys: the public keys of that origin on one line each, the oldest first (Go's note package).
    """

    note: str
    origin: str
    size: int
    root: bytes
    leaf: Leaf
    position: int
    proof: tuple[bytes, ...]
    keys: tuple[str, ...]


def covering(connection: sa.Connection, chain: str, sort: Sort = Sort.CASE, root: Root | None = None) -> Covered | None:
    """Return what shows that a root covers a chain, None where none does yet.

    Args:
        connection: a reading one; whoever asks for many asks by one connection.
        chain: the case, or the writer of the access log.
        sort: which of the two.
        root: under which root; the newest if None.
    """
    given = root or latest(connection)
    if given is None:
        return None
    leaves = tables.root_leaves.c
    query = sa.select(leaves.position, leaves.kind, leaves.chain, leaves.seq, leaves.hash)
    query = query.where(leaves.kind == sort.value, leaves.chain == chain, leaves.position < given.size)
    row = connection.execute(query.order_by(leaves.seq.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    name = origin_of(connection, given)
    return Covered(
        given.note,
        name,
        given.size,
        given.root,
        Leaf(row.kind, row.chain, row.seq, row.hash),
        row.position,
        inclusion(tree.nodes_at(connection), row.position, given.size),
        verifying(connection, name),
    )


def consistent(connection: sa.Connection, old: Root, new: Root) -> tuple[bytes, ...]:
    """Return the proof that what an older root covers stands unchanged under a newer one.

    Raises:
        ValueError: the old one is the larger one.
    """
    return consistency(tree.nodes_at(connection), old.size, new.size)


def origin_of(connection: sa.Connection, root: Root) -> str:
    """Return the name of the log a root was signed as."""
    return next(each.name for each in origins.every(connection) if each.generation == root.generation)


def verifying(connection: sa.Connection, origin: str) -> tuple[str, ...]:
    """Return the public keys of a log's origin on one line each, the oldest first."""
    return tuple(VerifyingKey(origin, each.public).text for each in keys.known(connection))
