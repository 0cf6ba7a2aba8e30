"""What a backup says of itself: which part it is, of which moment, how far the ledger was, each file's hash."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Final, Literal, Self

import sqlalchemy as sa
from pydantic import Field, ValidationError, model_validator

from adapters import SetupError, tables
from models.base import Frozen
from models.canonical import text_of

MANIFEST: Final = "manifest.json"
LEDGER: Final = {"sqlite": "ledger.db", "postgresql": "ledger.dump"}
"""What the ledger's file is called in a backup, by its database."""
KEYS: Final = {"sqlite": "keys.db", "postgresql": "keys.dump"}
TEMPORAL: Final = "temporal.db"
LIMIT: Final = 16 * 2**20
"""Bytes of a manifest at most."""

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Backend = Literal["sqlite", "postgresql"]


class BackupError(SetupError):
    """A backup cannot be taken, is not what it says, or cannot be restored here; says why and what to do."""


class FileEntry(Frozen):
    """A file of the backup: its name with ``/`` between folders, its bytes, their SHA-256."""

    name: str = Field(min_length=1, max_length=400)
    size: int = Field(ge=0)
    sha256: Hash


class Head(Frozen):
    """How far a ledger is: how many cases, events and lines of the access log, and one hash over the heads of all."""

    cases: int
    events: int
    accesses: int
    digest: Hash


class Manifest(Frozen):
    """The first file of a backup.

    Attributes:
        format: of this description.
        part: the ledger, or what opens what is sealed in it.
        id: of this backup; both parts of one bear the same.
        made_at: when (UTC).
        moment: what the desk's clock showed; another than ``made_at`` in a demonstration alone.
        program: the version that made it.
        backend: the database it comes from.
        revision: of that database's schema.
        keystore: which keystore the ledger's own is, by a name that tells nothing of the keys.
        head: how far the ledger was; None for the keys.
        lacks: what is not in it and is needed, in both languages.
        files: the others.
        digest: the SHA-256 of all this without itself.
    """

    format: Literal[1] = 1
    part: Literal["ledger", "keys"]
    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    made_at: datetime
    moment: datetime
    program: str
    backend: Backend
    revision: str
    keystore: str | None = None
    head: Head | None = None
    lacks: tuple[str, ...] = ()
    files: tuple[FileEntry, ...]
    digest: str = ""

    @model_validator(mode="after")
    def _names_are_plain(self) -> Self:
        for each in self.files:
            path = PurePosixPath(each.name)
            if path.is_absolute() or ".." in path.parts or "\\" in each.name or str(path) != each.name:
                raise ValueError("a file's name leads out of the backup")
        return self

    def signed(self) -> "Manifest":
        """Return the manifest with its own hash."""
        return self.model_copy(update={"digest": self._hash()})

    def text(self) -> str:
        """Return it as it is written."""
        return text_of(self.model_dump(mode="json"), ordered=True)

    def _hash(self) -> str:
        plain = text_of(self.model_dump(mode="json", exclude={"digest"}), ordered=True)
        return hashlib.sha256(plain.encode()).hexdigest()

    @classmethod
    def read(cls, raw: bytes, where: str) -> "Manifest":
        """Read one.

        Raises:
            BackupError: it is none, or was altered.
        """
        try:
            found = cls.model_validate_json(raw)
        except ValidationError:
            found = None
        if found is None or found.digest != found._hash():  # noqa: SLF001 - its own
            raise BackupError(
                f"{where} 不是可用的备份：清单无法读取或被改动。",
                f"{where} is no backup that can be used: its manifest cannot be read, or was altered.",
            )
        return found


def head_of(connection: sa.Connection) -> Head:
    """Return how far a ledger is, as a connection sees it."""

    def count(table: sa.Table) -> int:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    cases = tables.cases.c
    rows = connection.execution_options(yield_per=2000).execute(sa.select(cases.id, cases.seq, cases.head))
    # Sorted here: databases sort names each in their own way.
    number, digest = _digest(f"{row.id}\t{row.seq}\t{row.head}\n".encode() for row in rows)
    return Head(cases=number, events=count(tables.events), accesses=count(tables.access_log), digest=digest)


def _digest(lines: Iterable[bytes]) -> tuple[int, str]:
    ordered = sorted(lines)
    made = hashlib.sha256()
    for line in ordered:
        made.update(line)
    return len(ordered), made.hexdigest()
