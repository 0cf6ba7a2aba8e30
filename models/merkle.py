"""An append-only log's Merkle tree, as in RFC 6962 §2.1 and RFC 9162 §2.1: roots, and the proofs that need no log.

Hashes are 32 bytes of SHA-256. A node is named by its level (0 is a leaf) and its place among those of its level: it
covers the leaves from ``place << level`` to before ``(place + 1) << level``. Only nodes over a full number of leaves
have a name; what hangs over at the right is put together from them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

EMPTY: Final = hashlib.sha256(b"").digest()
"""The root of a tree without a leaf."""

Nodes = Callable[[int, int], bytes]
"""Gives the hash of the node of a level and place."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Node(NamedTuple):
    """A node of the tree with its hash."""

    level: int
    place: int
    hash: bytes


class Growing:
    """A tree that grows at its end: it holds no more than one hash for each binary digit of its size."""

    def __init__(self, size: int = 0, nodes: Nodes | None = None) -> None:
        """Begin with an empty tree, or go on with one of some leaves.

        Args:
            size: how many leaves there are.
            nodes: gives the hashes of the full nodes that those leaves are cut into; needed where there is a leaf.
        """
        self.size = size
        self._peaks = [] if nodes is None else [Node(*each, nodes(*each)) for each in _cut(0, size)]

    def add(self, leaf: bytes) -> Iterator[Node]:
        """Add a leaf by its hash; yield the nodes that became full by it, the leaf first."""
        node = Node(0, self.size, leaf)
        self.size += 1
        yield node
        while self._peaks and self._peaks[-1].level == node.level:
            left = self._peaks.pop()
            node = Node(node.level + 1, node.place >> 1, node_hash(left.hash, node.hash))
            yield node
        self._peaks.append(node)

    @property
    def root(self) -> bytes:
        """The tree's root."""
        return _joined([each.hash for each in self._peaks]) if self._peaks else EMPTY


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the hashes of leaves, in their order."""
    tree = Growing()
    for leaf in leaves:
        for _ in tree.add(leaf):
            pass
    return tree.root


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """Return what gives the nodes over hashes of leaves that are at hand, each counted once."""
    known: dict[tuple[int, int], bytes] = {}

    def node(level: int, place: int) -> bytes:
        if level == 0:
            return leaves[place]
        if (level, place) not in known:
            known[level, place] = node_hash(node(level - 1, 2 * place), node(level - 1, 2 * place + 1))
        return known[level, place]

    return node


def root_at(nodes: Nodes, size: int) -> bytes:
    """Return the root the tree had at a size."""
    return over(nodes, 0, size) if size else EMPTY


def over(nodes: Nodes, start: int, end: int) -> bytes:
    """Return the hash over the leaves from ``start`` to before ``end``: MTH(D[start:end]) of the RFC.

    ``start`` is where a node of the tree starts that is as large as the leaves are many, or larger; ``end`` is more.
    """
    return _joined([nodes(level, place) for level, place in _cut(start, end)])


def inclusion(nodes: Nodes, position: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that a leaf stands in the tree of a size: PATH(m, D[n]) of the RFC, the lowest hash first.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    found = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if position < middle:
            found.append(over(nodes, middle, end))
            end = middle
        else:
            found.append(over(nodes, start, middle))
            start = middle
    return tuple(reversed(found))


def consistency(nodes: Nodes, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of one size begins as that of another: PROOF(m, D[n]) of the RFC.

    It is empty between a tree and itself, and from the empty tree, which every tree begins as.

    Raises:
        ValueError: the old tree is the larger one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {new} begins as one of {old}")
    if old in {0, new}:
        return ()
    found = []
    start, end, whole = 0, new, True
    while end > old:
        middle = start + _half(end - start)
        if old <= middle:
            found.append(over(nodes, middle, end))
            end = middle
        else:
            found.append(over(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        found.append(over(nodes, start, end))
    return tuple(reversed(found))


def is_included(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows a leaf, by its hash, at its position of the tree with this size and root."""
    if not 0 <= position < size:
        return False
    place, last, made = position, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(each, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = node_hash(made, each)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that the tree of the new size and root begins as the one of the old size and root."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY)
    hashes = list(proof)
    if not old & (old - 1):
        hashes.insert(0, old_root)  # a full tree's root is the proof's first hash, which is left out
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _half(width: int) -> int:
    """Return the largest power of two below a number of leaves that is more than one."""
    return 1 << (width - 1).bit_length() - 1


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range of leaves into the full nodes it is made of, the largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _joined(hashes: Sequence[bytes]) -> bytes:
    made = hashes[-1]
    for each in reversed(hashes[:-1]):
        made = node_hash(each, made)
    return made
