"""The keys that roots are signed with: files of the data folder, readable to their owner alone, never in a database.

The public halves stand in the ledger and as leaves of the log itself, so that nobody puts another in unseen. A new key
signs beside the old one for a while: who knows only the old one sees both under one root, and goes on with the new one.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from adapters import SetupError, tables
from adapters.keys import ring
from adapters.roots import tree
from models.checkpoint import Note, Signed, VerifyingKey, signers
from models.heads import BEGAN, ENDED, leaf_of_key

OVERLAP: Final = timedelta(days=30)
"""So long an old key signs beside the new one."""
NAME_LETTERS: Final = 12


class SigningKeyMissingError(SetupError):
    """The key that roots are signed with is not on this machine."""

    def __init__(self, name: str) -> None:
        """Say which one, and what to do."""
        super().__init__(
            f"本机没有每日根的签名密钥：请把 keys/{name} 复制到本机；确已丢失则执行 banjie roots rotate --at-once。",
            f"The key that roots are signed with is not on this machine: copy keys/{name} here; "
            "if it is lost for good, banjie roots rotate --at-once.",
        )


@dataclass(frozen=True)
class SigningKey:
    """A key as the ledger knows it: its public half, since when it signs (UTC), and since when no more."""

    public: bytes
    began_at: datetime
    ended_at: datetime | None

    @property
    def file(self) -> str:
        """The name of its file in the folder ``keys``."""
        return f"roots-{self.public.hex()[:NAME_LETTERS]}.key"

    def in_force(self, at: datetime) -> bool:
        """Tell whether it signed at a moment."""
        return self.began_at <= at and (self.ended_at is None or at <= self.ended_at)


def known(connection: sa.Connection) -> list[SigningKey]:
    """Return the keys there are and were, the oldest first."""
    columns = tables.root_keys.c
    rows = connection.execute(sa.select(columns.public, columns.deed, columns.at).order_by(columns.at)).all()
    ended = {row.public: row.at for row in rows if row.deed == "ended"}
    return [SigningKey(bytes.fromhex(row.public), row.at, ended.get(row.public)) for row in rows if row.deed == "began"]


def begin(connection: sa.Connection, data: Path, at: datetime) -> SigningKey:
    """Make a key as a file, and let it sign from now on; within a transaction that holds the log."""
    private = Ed25519PrivateKey.generate()
    key = SigningKey(private.public_key().public_bytes_raw(), at, None)
    ring.make(_folder(data) / key.file, private.private_bytes_raw())
    _tell(connection, key.public, "began", at)
    tree.append(connection, [leaf_of_key(key.public, BEGAN)])
    return key


def end(connection: sa.Connection, keys: Iterable[SigningKey], at: datetime) -> None:
    """Let keys sign no more, within a transaction that holds the log; their files go by ``sweep`` after it."""
    for key in keys:
        _tell(connection, key.public, "ended", at)
        tree.append(connection, [leaf_of_key(key.public, ENDED)])


def run_out(keys: list[SigningKey], at: datetime) -> list[SigningKey]:
    """Return the keys that still sign although the one after them has signed for the whole overlap."""
    return [old for old, new in pairwise(keys) if old.ended_at is None and new.began_at + OVERLAP <= at]


def sweep(data: Path, keys: Iterable[SigningKey]) -> None:
    """Destroy the files of keys that sign no more."""
    for key in keys:
        path = _folder(data) / key.file
        if key.ended_at is not None and path.exists():
            with path.open("r+b") as file:
                file.write(bytes(ring.KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()


def must_have(data: Path, key: SigningKey) -> None:
    """Make sure that this machine has a key's private half.

    Raises:
        SigningKeyMissingError: it has not.
    """
    if not (_folder(data) / key.file).exists():
        raise SigningKeyMissingError(key.file)


def sign(data: Path, keys: Iterable[SigningKey], name: str, text: str) -> Note:
    """Return a text signed by every key that is in force, the newest first.

    Args:
        data: the data folder.
        keys: the keys there are and were, the oldest first.
        name: who signs: the log's origin.
        text: what is signed, with its last newline.

    Raises:
        SigningKeyMissingError: the newest one is not on this machine; an older one that is not is passed over.
        SealError: its file cannot be used.
    """
    found: list[Signed] = []
    for key in reversed([each for each in keys if each.ended_at is None]):
        path = _folder(data) / key.file
        if not path.exists():
            if not found:
                must_have(data, key)
            continue
        private = Ed25519PrivateKey.from_private_bytes(ring.read(path))
        found.append(VerifyingKey(name, key.public).signed(private.sign(text.encode())))
    return Note(text, tuple(found))


def signed_by(note: Note, keys: Iterable[VerifyingKey]) -> list[VerifyingKey]:
    """Return which of some keys a note is signed by; none where a signature in one of their names is wrong."""
    found = []
    for key, signature in signers(note, keys):
        with suppress(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.text.encode())
            found.append(key)
            continue
        return []
    return found


def _tell(connection: sa.Connection, public: bytes, deed: str, at: datetime) -> None:
    connection.execute(sa.insert(tables.root_keys), [{"public": public.hex(), "deed": deed, "at": at}])


def _folder(data: Path) -> Path:
    folder = data / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
