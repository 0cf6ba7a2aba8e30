"""Checkpoints are written and read as C2SP says: the specification's own examples, and nothing that is none."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from models.checkpoint import (
    LONGEST,
    MOST,
    Checkpoint,
    CheckpointError,
    Note,
    VerifyingKey,
    checkpoint_of,
    key_of,
    note_of,
    signers,
)

EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE"
    "+xeMcTOAYQ8=\n"
)
"""From c2sp.org/tlog-checkpoint."""
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""Key and note of the tests of Go's own note package."""
ROOT = bytes(range(32))
lines = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF), min_size=1, max_size=20)


def test_the_specifications_example_is_read_and_written_alike() -> None:
    note = note_of(EXAMPLE)
    checkpoint = checkpoint_of(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.more == ()
    assert note.signatures[0].key_id.hex() == "033de0ae"
    assert checkpoint.text == note.text
    assert note.whole == EXAMPLE


def test_gos_note_is_verified_with_its_key() -> None:
    key = key_of(PETER)
    assert key.text == PETER
    note = note_of(PETERS)
    ((found, signature),) = signers(note, [key])
    assert found == key
    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.text.encode())


def test_what_is_signed_here_is_read_back_as_it_was() -> None:
    private = Ed25519PrivateKey.from_private_bytes(ROOT)
    key = VerifyingKey("banjie/1", private.public_key().public_bytes_raw())
    text = Checkpoint("banjie/1", 7, ROOT, ("at 2026-11-27T16:30:00Z",)).text
    note = Note(text, (key.signed(private.sign(text.encode())),))
    read = note_of(note.whole)
    assert read == note
    assert checkpoint_of(read.text) == Checkpoint("banjie/1", 7, ROOT, ("at 2026-11-27T16:30:00Z",))


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    mine = VerifyingKey("mine", ROOT)
    note = Note("text\n", (VerifyingKey("other", ROOT).signed(b"1"), mine.signed(b"2"), mine.signed(b"3")))
    assert signers(note, [mine, VerifyingKey("mine", bytes(32))]) == [(mine, b"2"), (mine, b"3")]


@given(lines, st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.lists(lines, max_size=3))
def test_every_checkpoint_is_read_back_as_it_was(origin: str, size: int, root: bytes, more: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(more))
    assert checkpoint_of(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n7\n",
        "origin\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "origin\n07\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n-7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n٧\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
        "origin\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\n",
        "origin\n7\n根\n",
        "origin\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoint_of(text)


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name AAAAAAA=",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAA\n",
        "te\rxt\n\n— name AAAAAAA=\n",
        f"{LONGEST * 'x'}\n\n— name AAAAAAA=\n",
        f"text\n\n{(MOST + 1) * '— name AAAAAAA=' + chr(10)}",
        "text\n\n" + (MOST + 1) * "— name AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(whole: str) -> None:
    with pytest.raises(CheckpointError):
        note_of(whole)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("Peter", "Petra"),
        PETER.replace("+ARpc", "+ZRpc"),
        PETER[:-4],
        f"{PETER}AAAA",
        PETER.replace("PeterNeumann", ""),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        key_of(text)
