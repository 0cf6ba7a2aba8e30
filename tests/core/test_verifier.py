"""The verifier's own arithmetic, held against the standards' examples, the core, and a library."""

import ast
import hashlib
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.bundle import verify
from models import merkle
from models.checkpoint import Checkpoint, Note, VerifyingKey
from models.heads import Leaf

RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
"""Section 7.1, TEST 1 to 3: public key, message, signature."""


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_a_signature_of_the_standard_holds_and_no_other(key: str, message: str, signature: str) -> None:
    public, said, signed = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.signed(public, said, signed)
    assert not verify.signed(public, said + b"x", signed)
    for place in (0, 31, 32, 63):
        wrong = bytes(each ^ (at == place) for at, each in enumerate(signed))
        assert not verify.signed(public, said, wrong), place
    # The same scalar plus the order of the group: the standard has it refused, or a signature could be made another.
    more = (int.from_bytes(signed[32:], "little") + verify.L).to_bytes(32, "little")
    assert not verify.signed(public, said, signed[:32] + more)
    for bad in (b"", public[:31], b"\xff" * 32, b"\x02" + b"\x00" * 31):
        assert not verify.signed(bad, said, signed)


def test_what_a_library_signs_holds() -> None:
    rng = random.Random(8032)
    for size in (0, 1, 200):
        private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        message = rng.randbytes(size)
        assert verify.signed(private.public_key().public_bytes_raw(), message, private.sign(message))


def test_inclusion_and_growth_are_what_the_core_says_for_every_small_tree() -> None:
    leaves = [f"leaf {each}".encode() for each in range(17)]
    nodes = merkle.nodes_of([merkle.leaf_hash(each) for each in leaves])
    for size in range(1, len(leaves) + 1):
        root = merkle.root_at(nodes, size)
        for place in range(size):
            path = list(merkle.inclusion(nodes, place, size))
            assert verify.included(leaves[place], place, size, path) == root
            assert verify.included(leaves[place] + b"x", place, size, path) != root
            assert verify.included(leaves[place], place, size, [*path, root]) != root
        assert verify.included(leaves[0], size, size, []) is None
        for old in range(1, size + 1):
            path = list(merkle.consistency(nodes, old, size))
            before = merkle.root_at(nodes, old)
            assert verify.grew(old, size, before, root, path)
            other = hashlib.sha256(before).digest()
            assert not verify.grew(old, size, other, root, path)
            assert not verify.grew(old, size, before, other, path)
            assert not verify.grew(old, size, before, root, [*path, root])
        assert not verify.grew(size + 1, size, root, root, [])


def test_a_checkpoint_is_read_as_the_core_writes_it_and_a_leaf_likewise() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = VerifyingKey("banjie.log/1", private.public_key().public_bytes_raw())
    text = Checkpoint("banjie.log/1", 7, b"\x01" * 32, ("made 2026-03-02T01:00:00Z",)).text
    note = Note(text, (key.signed(private.sign(text.encode())),)).whole
    found = verify.Checkpoint(note.encode())
    assert (found.origin, found.size, found.root) == ("banjie.log/1", 7, b"\x01" * 32)
    assert found.day_before() == "2026-03-01T01:00:00"
    assert found.signed_by([verify.key_of(key.text)])
    assert found.signed_by([verify.key_of(key.public.hex())])
    assert not found.signed_by([("banjie.log/2", key.public)])
    assert verify.key_of(key.text.replace("+", "+0", 1)) == ("", b"")
    assert verify.read(Leaf("case", "XF2026000001", 3, "a" * 64).data)["seq"] == 3
    for wrong in (b"", b"a\nb\n\n", text.encode(), note.replace("7", "x").encode(), b"\xff"):
        with pytest.raises(verify.Problem):
            verify.Checkpoint(wrong)


@pytest.mark.parametrize(
    "raw",
    [b'{"seq":1,"seq":2}', b"[1]", b"{", b'{"a":NaN}', b'{"a":' + b"9" * 999 + b"}", b"[" * 99_999, b"\xff", b""],
)
def test_json_that_two_readers_could_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(verify.Problem):
        verify.read(raw)


def test_the_verifier_is_written_for_python_3_9_and_asks_for_nothing_but_the_standard_library() -> None:
    text = Path(verify.__file__).read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    asked = {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
    asked |= {str(each.module) for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    assert asked <= {
        *("__future__", "argparse", "base64", "datetime", "hashlib", "json", "os", "re", "stat", "sys", "typing"),
        *("urllib.parse", "zipfile", "zlib"),
    }
    assert "strict=" not in text, "zip knows it since 3.10"
