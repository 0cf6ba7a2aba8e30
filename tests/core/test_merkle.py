"""The log's Merkle tree: published vectors, a naive tree built from the RFC's own words, and proofs that do not lie."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.merkle import (
    EMPTY,
    Growing,
    Nodes,
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    nodes_of,
    over,
    root_at,
    root_of,
)

PUBLISHED = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""The leaves that the Certificate Transparency project's tests are made with, and what they must come to."""
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SECOND = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
THIRD_FOURTH = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
FIFTH = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
FIFTH_SIXTH = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
SEVENTH = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
SEVENTH_EIGHTH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
LATER_HALF = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in PUBLISHED]
SIZES = range(18)


def _tree(size: int) -> tuple[list[bytes], Nodes]:
    leaves = [leaf_hash(str(place).encode()) for place in range(size)]
    return leaves, nodes_of(leaves)


def _naive(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return node_hash(_naive(leaves[:half]), _naive(leaves[half:]))


def _naive_path(place: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return ()
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    if place < half:
        return (*_naive_path(place, leaves[:half]), _naive(leaves[half:]))
    return (*_naive_path(place - half, leaves[half:]), _naive(leaves[:half]))


def _naive_proof(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> tuple[bytes, ...]:
    """SUBPROOF of RFC 6962 §2.1.2."""
    if old == len(leaves):
        return () if whole else (_naive(leaves),)
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    if old <= half:
        return (*_naive_proof(old, leaves[:half], whole=whole), _naive(leaves[half:]))
    return (*_naive_proof(old - half, leaves[half:], whole=False), _naive(leaves[:half]))


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert root_at(nodes_of(LEAVES), size).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("position", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [SECOND, THIRD_FOURTH, LATER_HALF]),
        (5, 8, [FIFTH, SEVENTH_EIGHTH, ROOTS[4]]),
        (2, 3, [ROOTS[2]]),
        (1, 5, [ROOTS[1], THIRD_FOURTH, FIFTH]),
    ],
)
def test_the_published_proofs_of_inclusion_come_out(position: int, size: int, proof: list[str]) -> None:
    found = inclusion(nodes_of(LEAVES), position, size)
    assert [each.hex() for each in found] == proof
    assert is_included(LEAVES[position], position, size, found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (1, 8, [SECOND, THIRD_FOURTH, LATER_HALF]),
        (6, 8, [FIFTH_SIXTH, SEVENTH_EIGHTH, ROOTS[4]]),
        (2, 5, [THIRD_FOURTH, FIFTH]),
        (6, 7, [FIFTH_SIXTH, SEVENTH, ROOTS[4]]),
    ],
)
def test_the_published_proofs_of_consistency_come_out(old: int, new: int, proof: list[str]) -> None:
    found = consistency(nodes_of(LEAVES), old, new)
    assert [each.hex() for each in found] == proof
    assert is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), found)


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_proofs_are_those_of_a_naive_tree(size: int) -> None:
    leaves, nodes = _tree(size)
    assert root_of(leaves) == root_at(nodes, size) == _naive(leaves)
    for position in range(size):
        assert inclusion(nodes, position, size) == _naive_path(position, leaves)
    for old in range(1, size + 1):
        assert consistency(nodes, old, size) == _naive_proof(old, leaves)


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_holds_and_no_altered_one(size: int) -> None:
    leaves, nodes = _tree(size)
    root, other = root_at(nodes, size), leaf_hash(b"other")
    for position, leaf in enumerate(leaves):
        proof = inclusion(nodes, position, size)
        assert is_included(leaf, position, size, proof, root)
        assert not is_included(other, position, size, proof, root)
        assert not is_included(leaf, position, size, proof, other)
        assert not is_included(leaf, position, size, (*proof, other), root)
        assert not any(
            is_included(leaf, wrong, size, proof, root) for wrong in range(-1, size + 2) if wrong != position
        )
        for place in range(len(proof)):
            assert not is_included(leaf, position, size, (*proof[:place], other, *proof[place + 1 :]), root)
            assert not is_included(leaf, position, size, (*proof[:place], *proof[place + 1 :]), root)


@pytest.mark.parametrize("new", SIZES)
def test_every_proof_between_two_roots_holds_and_no_altered_one(new: int) -> None:
    _, nodes = _tree(new)
    roots, other = [root_at(nodes, size) for size in range(new + 1)], leaf_hash(b"other")
    for old in range(new + 1):
        proof = consistency(nodes, old, new)
        assert is_consistent(old, roots[old], new, roots[new], proof)
        assert not is_consistent(old, other, new, roots[new], proof)
        assert not is_consistent(old, roots[old], new, roots[new], (*proof, other))
        assert old == 0 or not is_consistent(old, roots[old], new, other, proof)
        for place in range(len(proof)):
            assert not is_consistent(old, roots[old], new, roots[new], (*proof[:place], other, *proof[place + 1 :]))
            assert not is_consistent(old, roots[old], new, roots[new], (*proof[:place], *proof[place + 1 :]))
        wrong = [size for size in range(1, new) if size != old]
        assert not any(is_consistent(size, roots[old], new, roots[new], proof) for size in wrong if old)


def test_no_larger_tree_is_the_beginning_of_a_smaller_one() -> None:
    leaves, nodes = _tree(5)
    assert not is_consistent(5, root_of(leaves), 4, root_of(leaves[:4]), ())
    assert not is_consistent(-1, EMPTY, 4, root_of(leaves[:4]), ())
    assert not is_consistent(3, root_of(leaves[:3]), 5, root_of(leaves), ())
    with pytest.raises(ValueError, match="no tree of 4 begins as one of 5"):
        consistency(nodes, 5, 4)
    with pytest.raises(ValueError, match="no leaf 5 in a tree of 5"):
        inclusion(nodes, 5, 5)


@given(st.integers(1, 300), st.integers(0, 300))
def test_a_tree_goes_on_from_any_size_as_if_it_had_never_stopped(size: int, begun: int) -> None:
    leaves, nodes = _tree(size)
    begun = min(begun, size)
    tree = Growing(begun, nodes)
    assert tree.root == root_at(nodes, begun)
    for leaf in leaves[begun:]:
        for node in tree.add(leaf):
            assert nodes(node.level, node.place) == node.hash
    assert (tree.size, tree.root) == (size, root_of(leaves))


def test_what_a_node_covers_is_the_root_over_its_leaves() -> None:
    leaves, nodes = _tree(16)
    for level in range(5):
        for place in range(16 >> level):
            start, end = place << level, (place + 1) << level
            assert nodes(level, place) == over(nodes, start, end) == _naive(leaves[start:end])
