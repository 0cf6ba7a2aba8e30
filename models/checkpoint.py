"""Checkpoints: a log's size and root as text that anybody's tools read, in the formats of C2SP.

A *note* (c2sp.org/signed-note) is a text, an empty line, and a line for each signature: an em dash, who signed, and the
base64 of four bytes that name the key and the signature. A *checkpoint* (c2sp.org/tlog-checkpoint) is a note whose text
is the log's origin, its size, the base64 of its root, and perhaps extension lines. Whether a signature is right is
found out in ``adapters.roots``: the core knows no key.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

ED25519: Final = b"\x01"
"""The sort of signature that is plain Ed25519 over the note's text."""
KEY_BYTES: Final = 32
ID_BYTES: Final = 4
HASH_BYTES: Final = 32
LONGEST: Final = 65_536
"""Characters of a note that are read at most."""
MOST: Final = 64
"""Signatures of a note that are read at most."""
DASH: Final = "\u2014 "
"""How a signature's line begins."""
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME: Final = re.compile(r"[^\s+]+")


class CheckpointError(ValueError):
    """A text is no checkpoint, no note or no key; the reason stands in its words."""


class Signed(NamedTuple):
    """A signature of a note: who signed, the four bytes that name the key, the signature itself."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The signature's line of the note."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


class Note(NamedTuple):
    """A text and who signed it. The text ends in a newline, which is signed with it."""

    text: str
    signatures: tuple[Signed, ...]

    @property
    def whole(self) -> str:
        """The note as it is handed on."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"


class Checkpoint(NamedTuple):
    """What a log signs: which log, how many leaves, their root, and lines that say more."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.more)
        return "".join(f"{line}\n" for line in lines)


class VerifyingKey(NamedTuple):
    """A public Ed25519 key of 32 bytes and who signs with it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name it in a signature's line."""
        return hashlib.sha256(f"{self.name}\n".encode() + ED25519 + self.public).digest()[:ID_BYTES]

    @property
    def text(self) -> str:
        """The key on one line, as Go's note package writes it: name+id+base64."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def signed(self, signature: bytes) -> Signed:
        """Return a signature made with the key's private half."""
        return Signed(self.name, self.key_id, signature)


def checkpoint_of(text: str) -> Checkpoint:
    """Return the checkpoint a note's text is.

    Raises:
        CheckpointError: it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise CheckpointError("a checkpoint has at least three lines, none of them empty")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise CheckpointError("the second line is no size")
    found = _bytes_of(root)
    if len(found) != HASH_BYTES:
        raise CheckpointError("the third line is no root hash")
    return Checkpoint(origin, int(size), found, tuple(lines[3:-1]))


def note_of(whole: str) -> Note:
    """Return the note that was handed on as text.

    Raises:
        CheckpointError: it is none.
    """
    if len(whole) > LONGEST or any(mark < " " and mark != "\n" for mark in whole):
        raise CheckpointError("too long, or with characters no note has")
    text, parted, below = whole.rpartition("\n\n")
    if not parted or not below.endswith("\n"):
        raise CheckpointError("no empty line before the signatures, or the last one is cut off")
    lines = below.split("\n")[:-1]
    if len(lines) > MOST:
        raise CheckpointError("too many signatures")
    return Note(f"{text}\n", tuple(map(_signed, lines)))


def key_of(text: str) -> VerifyingKey:
    """Return the public key written on one line.

    Raises:
        CheckpointError: it is no Ed25519 key, or its id is another's.
    """
    name, _, rest = text.strip().partition("+")
    named, _, encoded = rest.partition("+")
    found = _bytes_of(encoded)
    key = VerifyingKey(name, found[1:])
    if not _NAME.fullmatch(name) or found[:1] != ED25519 or len(key.public) != KEY_BYTES:
        raise CheckpointError("no Ed25519 key of a note")
    if key.key_id.hex() != named:
        raise CheckpointError("the key's id is another key's")
    return key


def signers(note: Note, keys: Iterable[VerifyingKey]) -> list[tuple[VerifyingKey, bytes]]:
    """Return the known keys that a note says it is signed with, each with the signature that is to be verified.

    Signatures of keys that nobody knows are passed over, as the format demands; every one of the others must hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found = ((known.get((each.name, each.key_id)), each.signature) for each in note.signatures)
    return [(key, signature) for key, signature in found if key is not None]


def _signed(line: str) -> Signed:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not _NAME.fullmatch(name):
        raise CheckpointError("a signature's line does not begin as one")
    found = _bytes_of(encoded)
    if len(found) <= ID_BYTES:
        raise CheckpointError("a signature is too short")
    return Signed(name, found[:ID_BYTES], found[ID_BYTES:])


def _bytes_of(text: str) -> bytes:
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise CheckpointError("not base64") from None
    if base64.b64encode(found).decode() != text:
        raise CheckpointError("not the one base64 of its bytes")
    return found
