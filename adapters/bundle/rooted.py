"""The signed root a bundle goes by: the newest one, what proves that cases stand under it, and that it only grew."""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import tables
from adapters.roots import proofs, tree
from adapters.roots.making import Root, latest, listed
from adapters.views import instant
from models.canonical import text_of
from models.heads import Leaf, Sort
from models.merkle import Nodes, consistency, inclusion

EARLIER: Final = 400
"""Earlier roots from which a consistency proof is laid in: more than a year of days, for whoever holds one of them."""
BLOCKS: Final = 500
"""Cases after which the tree's blocks that were read are let go, so that memory stays flat."""


class Rooted:
    """The newest root of one moment, and proofs under it."""

    def __init__(self, connection: sa.Connection) -> None:
        """Look the newest root up; ``connection`` reads the snapshot that the bundle is made from."""
        self.connection = connection
        self.root: Root | None = latest(connection)
        self._asked = 0
        self._nodes: Nodes = tree.nodes_at(connection)

    @property
    def size(self) -> int | None:
        """How many leaves are under it, None where there is no root yet."""
        return self.root.size if self.root else None

    def told(self) -> dict[str, JsonValue] | None:
        """Return what the bundle says of it."""
        if self.root is None:
            return None
        origin = proofs.origin_of(self.connection, self.root)
        return {"made_at": instant(self.root.made_at), "origin": origin, "size": self.root.size}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the signed checkpoint, the public keys, and the proofs that earlier roots stand unchanged under it."""
        if self.root is None:
            return
        keys = proofs.verifying(self.connection, proofs.origin_of(self.connection, self.root))
        yield "root/checkpoint.txt", self.root.note.encode()
        yield "root/keys.txt", "".join(f"{key}\n" for key in keys).encode()
        earlier = [each for each in listed(self.connection, EARLIER + 1) if each.generation == self.root.generation]
        found = {
            str(each.size): {"hashes": [one.hex() for one in consistency(self._nodes, each.size, self.root.size)]}
            for each in earlier
            if each.size < self.root.size
        }
        yield "root/consistency.json", f"{text_of({'proofs': found}, ordered=True)}\n".encode()

    def proof(self, case: str) -> JsonValue:
        """Return what shows that a case, up to an event, stands under the root; None where it does not yet."""
        if self.root is None:
            return None
        self._asked += 1
        if self._asked % BLOCKS == 0:
            self._nodes = tree.nodes_at(self.connection)
        leaves = tables.root_leaves.c
        query = sa.select(leaves.position, leaves.seq, leaves.hash)
        query = query.where(leaves.kind == Sort.CASE.value, leaves.chain == case, leaves.position < self.root.size)
        row = self.connection.execute(query.order_by(leaves.seq.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        leaf = Leaf(Sort.CASE.value, case, row.seq, row.hash)
        return {
            "hashes": [each.hex() for each in inclusion(self._nodes, row.position, self.root.size)],
            "index": row.position,
            "leaf": leaf.data.decode(),
            "size": self.root.size,
        }
