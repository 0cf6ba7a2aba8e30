"""The sealed store: who complained and in which words, encrypted; nothing of it enters an event, a signal or a log.

AES-256-GCM with a data key for each envelope, itself wrapped by a key in a file that is made at the first start and
readable to its owner alone. Destroying a data key destroys what it sealed; the chain still verifies.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters import SetupError
from adapters.database import Database
from adapters.tables import sealed

KEY_BYTES = 32
NONCE_BYTES = 12
# Read aloud over the telephone: without 0/O, 1/I/L, and without U so that no word comes out.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


class SealError(SetupError):
    """The key file or a sealed entry cannot be used."""


def wrapping_key(data: Path) -> bytes:
    """Return the wrapping key of a data folder, making it (mode 600) the first time.

    Raises:
        SealError: the file is not a key, or others may read it.
    """
    path = data / "keys" / "wrapping.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Make a key; it appears whole or not at all, and where two make it at once the first one's stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SealError(f"密钥文件已损坏：{path}", f"The key file is damaged: {path}")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SealError(
            f"密钥文件他人可读，请执行 chmod 600 {path}", f"Others may read the key file; run: chmod 600 {path}"
        )
    return key


class DataKey:
    """The key of one thing under seal; what is shut is bound to a name, so that no two can be exchanged."""

    def __init__(self, key: bytes) -> None:
        """Keep the key."""
        self._key = key

    def __repr__(self) -> str:
        """Never show the key."""
        return "DataKey(…)"

    def shut(self, plain: bytes, name: str) -> bytes:
        """Return bytes encrypted under a name."""
        return _encrypt(self._key, plain, name)

    def open(self, stored: bytes, name: str) -> bytes:
        """Return them again.

        Raises:
            InvalidTag: it was another name or key, or they were altered.
        """
        return _decrypt(self._key, stored, name)


class Sealer:
    """Seals and opens, with one wrapping key."""

    def __init__(self, key: bytes) -> None:
        """Keep the wrapping key."""
        self._key = key

    def __repr__(self) -> str:
        """Never show the key."""
        return "Sealer(…)"

    def ref(self, envelope: str) -> str:
        """Return the name under which an envelope's secret is kept: the same for the same envelope, telling nothing."""
        return "s" + hmac.new(self._key, f"ref:{envelope}".encode(), hashlib.sha256).hexdigest()[:30]

    def query_code(self, case: str) -> str:
        """Return the code with which a petitioner asks after a case: made from the key, so it is stored nowhere."""
        number = int.from_bytes(hmac.new(self._key, f"query:{case}".encode(), hashlib.sha256).digest(), "big")
        letters = []
        for _ in range(CODE_LENGTH):
            number, place = divmod(number, len(CODE_LETTERS))
            letters.append(CODE_LETTERS[place])
        return "".join(letters)

    def new_key(self, ref: str) -> tuple[DataKey, bytes]:
        """Make a data key; return it, and wrapped as it may be kept."""
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return DataKey(key), _encrypt(self._key, key, ref)

    def open_key(self, wrapped: bytes, ref: str) -> DataKey:
        """Return a data key that was kept wrapped.

        Raises:
            SealError: it was wrapped with another key or under another name, or altered.
        """
        try:
            return DataKey(_decrypt(self._key, wrapped, ref))
        except (InvalidTag, ValueError):
            zh, en = "密封内容无法打开：密钥不符或内容被改动", "The seal does not open: wrong key or altered"
            raise SealError(zh, en) from None

    def seal(self, ref: str, secret: dict[str, str]) -> dict[str, bytes | str]:
        """Return the row that holds a secret."""
        key, wrapped = self.new_key(ref)
        plain = json.dumps(secret, ensure_ascii=False, sort_keys=True).encode()
        return {"ref": ref, "wrapped_key": wrapped, "ciphertext": key.shut(plain, ref)}

    def open(self, database: Database, ref: str) -> dict[str, str] | None:
        """Return a secret, or None if there is none of that name.

        Raises:
            SealError: it was sealed with another key, or altered.
        """
        with database.reading() as connection:
            row = connection.execute(sa.select(sealed).where(sealed.c.ref == ref)).one_or_none()
        if row is None:
            return None
        try:
            opened: dict[str, str] = json.loads(self.open_key(row.wrapped_key, ref).open(row.ciphertext, ref))
        except (InvalidTag, ValueError):
            zh, en = "密封内容无法打开：密钥不符或内容被改动", "The seal does not open: wrong key or altered"
            raise SealError(zh, en) from None
        return opened


def _encrypt(key: bytes, plain: bytes, ref: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, ref.encode())


def _decrypt(key: bytes, stored: bytes, ref: str) -> bytes:
    return AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], ref.encode())
