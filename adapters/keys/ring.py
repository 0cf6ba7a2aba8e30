"""The wrapping keys this machine has: from the environment, or files of the data folder readable to their owner alone.

A wrapping key is 32 bytes and bears a name made from it by a one-way function, so that whoever has the key finds out
which one it is, and nobody finds the key from its name. It is never written into a database.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters import SetupError

KEY_BYTES: Final = 32
NAME_LETTERS: Final = 12
FIRST: Final = "wrapping.key"
"""The file of the key that is made at the first start."""
VARIABLE: Final = "BANJIE_WRAPPING_KEY"


class SealError(SetupError):
    """A key or a sealed entry cannot be used."""


class NoSuchKeyError(SealError):
    """A wrapping key is not on this machine."""

    def __init__(self, name: str) -> None:
        """Say which one."""
        super().__init__(
            f"本机没有封装密钥 {name}：请把它的文件放入 keys 目录，或写入 {VARIABLE}。",
            f"The wrapping key {name} is not on this machine: put its file into the folder keys, or into {VARIABLE}.",
        )


def name_of(key: bytes) -> str:
    """Return a wrapping key's name."""
    return hmac.new(key, b"name of a wrapping key", hashlib.sha256).hexdigest()[:NAME_LETTERS]


def wrapping_key(data: Path) -> bytes:
    """Return the first wrapping key of a data folder, making it (mode 600) the first time.

    Raises:
        SealError: the file is not a key, or others may read it.
    """
    path = _folder(data) / FIRST
    if not path.exists():
        make(path, secrets.token_bytes(KEY_BYTES))
    return read(path)


def make(path: Path, key: bytes) -> None:
    """Write a key; it appears whole or not at all, and where two make it at once the first one's stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> bytes:
    """Return a key from its file.

    Raises:
        SealError: the file is not a key, or others may read it.
    """
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SealError(f"密钥文件已损坏：{path}", f"The key file is damaged: {path}")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SealError(
            f"密钥文件他人可读，请执行 chmod 600 {path}", f"Others may read the key file; run: chmod 600 {path}"
        )
    return key


def written(text: str) -> list[bytes]:
    """Return the keys of the environment variable: each 32 bytes as 64 hexadecimal digits or in base64.

    Raises:
        SealError: one of them is none; it is not repeated.
    """
    found = []
    for place, each in enumerate(re.split(r"[\s,]+", text.strip()), 1):
        try:
            plain = each.replace("-", "+").replace("_", "/")
            key = bytes.fromhex(each) if len(each) == 2 * KEY_BYTES else base64.b64decode(plain + "=", validate=False)
        except (ValueError, binascii.Error):
            key = b""
        if len(key) != KEY_BYTES:
            raise SealError(
                f"{VARIABLE} 中第 {place} 个密钥不是 32 字节（64 位十六进制或 base64）。",
                f"Key {place} in {VARIABLE} is not 32 bytes (as 64 hexadecimal digits or in base64).",
            )
        found.append(key)
    return found


class Ring:
    """The wrapping keys of one machine, read again where one is asked for that was not there before."""

    def __init__(self, data: Path, given: str | None = None) -> None:
        """Take the data folder, and what the environment holds; those keys go before files."""
        self.data = data
        self.given = {name_of(key): key for key in written(given)} if given else {}
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        """Never show a key."""
        return "Ring(…)"

    def key(self, name: str) -> bytes:
        """Return a wrapping key by its name.

        Raises:
            NoSuchKeyError: this machine does not have it.
            SealError: its file cannot be used.
        """
        if name not in self._keys:
            self._keys = dict(self.given)
            for found, path in self.files():
                self._keys.setdefault(found, read(path))
        if name not in self._keys:
            raise NoSuchKeyError(name)
        return self._keys[name]

    def names(self) -> dict[str, str]:
        """Return where each wrapping key of this machine is: the variable, or its file's name."""
        return {name: path.name for name, path in self.files()} | dict.fromkeys(self.given, VARIABLE)

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the keys that lie in files, by name.

        Raises:
            SealError: one cannot be used.
        """
        for path in sorted((self.data / "keys").glob("wrapping*.key")):
            with suppress(FileNotFoundError):  # it was retired just now
                yield name_of(read(path)), path

    def first(self) -> str:
        """Return the name of the key that a new keystore begins with, making one where there is none."""
        if self.given:
            return next(iter(self.given))
        first = self.data / "keys" / FIRST
        others = [] if first.exists() else [name for name, _ in self.files()]
        return others[0] if others else name_of(wrapping_key(self.data))

    def make(self) -> str:
        """Make a new wrapping key as a file and return its name."""
        key = secrets.token_bytes(KEY_BYTES)
        name = name_of(key)
        make(_folder(self.data) / f"wrapping-{name}.key", key)
        return name

    def destroy(self, name: str) -> bool:
        """Destroy the file of a key; return whether it lay in one."""
        found = [path for each, path in self.files() if each == name]
        for path in found:
            with path.open("r+b") as file:
                # Overwritten before it goes: cheap, and on plain disks it is gone then.
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self._keys.pop(name, None)
        return bool(found)


def _folder(data: Path) -> Path:
    folder = data / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
