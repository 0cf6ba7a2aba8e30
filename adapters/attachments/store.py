"""Where files are kept: in the database, each under a data key of its own, in parts, so that none is held whole.

They are named by the hash of what is kept, which is what a finding in the ledger names; the same file twice in one
case is one. Destroying a file's key destroys the file; the ledger still says that it was there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from adapters import tables
from adapters.attachments.sorts import Sort
from adapters.attachments.taking import CHUNK, NotTaken, Taken
from adapters.database import CONFLICT, Database
from adapters.sealed import DataKey, DestroyedError, Sealer, SealError
from models.vocabulary import Term

PER_CASE: Final = 500 * 2**20
"""Bytes of files that one case may hold."""
OWN: Final = "信访人材料"
"""What files are called that the petitioner brought."""
ERASED_NAME: Final = "已删除 erased"
"""What a file is called whose key was destroyed."""
FILE: Final = "file"
"""What the keystore calls the keys of files."""


class Origin(Term):
    """Whose a file is."""

    DESK = "desk", "办理材料", "the desk's"
    PETITIONER = "petitioner", "信访人提供", "the petitioner's own"


@dataclass(frozen=True)
class Attachment:
    """A file of a case, without its content; ``taken_at`` is a photo's own word."""

    case: str
    sha256: str
    name: str
    sort: Sort
    size: int
    origin: Origin
    added_by: str
    added_at: datetime
    taken_at: str
    pictured: bool


class Attachments:
    """The files of one installation; safe to use from many threads."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        """Keep the database and the seal."""
        self.database, self.sealer = database, sealer

    def keep(self, case: str, file: Taken, *, by: str, at: datetime, origin: Origin = Origin.DESK) -> None:
        """Keep a file; one that the case has already stays as it is.

        Raises:
            NotTaken: the case would hold too much.
            DatabaseAwayError: the database stayed away (or is full); nothing of it is kept.
        """
        try:
            self.database.patiently(lambda: self._keep(case, file, by, at, origin))
        except CONFLICT:
            return  # the same file of the same case, by two at once

    def _keep(self, case: str, file: Taken, by: str, at: datetime, origin: Origin) -> None:
        ref = _ref(case, file.sha256)
        new = self.sealer.new_key(FILE)
        key = new.key
        columns = tables.attachments.c
        with self.database.writing() as connection:
            sizes = sa.select(columns.sha256, columns.size).where(columns.case_id == case)
            held: dict[str, int] = {row.sha256: row.size for row in connection.execute(sizes)}
            if file.sha256 in held:
                return
            if sum(held.values()) + file.size > PER_CASE:
                most = PER_CASE // 2**20
                zh, en = f"本件附件合计超过 {most} MB", f"the case would hold more than {most} MB"
                raise NotTaken(field="evidence", why=zh, why_en=en)
            row = {
                "case_id": case,
                "sha256": file.sha256,
                # What a petitioner calls their file may tell who they are, and a name lies open.
                "name": file.name if origin is Origin.DESK else f"{OWN}-{file.sha256[:8]}.{_suffix(file.name)}",
                "sort": file.sort.value,
                "size": file.size,
                "origin": origin.value,
                "added_by": by,
                "added_at": at,
                "taken_at": file.taken_at,
                "key_id": new.id,
                "small": key.shut(file.small, f"{ref}:small") if file.small else None,
            }
            connection.execute(sa.insert(tables.attachments), [row])
            file.content.seek(0)
            for part, content in enumerate(iter(lambda: file.content.read(CHUNK), b"")):
                shut = key.shut(content, f"{ref}:{part}")
                connection.execute(
                    sa.insert(tables.attachment_parts),
                    [{"case_id": case, "sha256": file.sha256, "part": part, "content": shut}],
                )

    def every(self, case: str) -> tuple[Attachment, ...]:
        """Return a case's files, the first one first."""
        columns = tables.attachments.c
        query = sa.select(tables.attachments).where(columns.case_id == case).order_by(columns.added_at, columns.sha256)
        with self.database.reading() as connection:
            return tuple(_seen(row) for row in connection.execute(query))

    def find(self, case: str, sha256: str) -> Attachment | None:
        """Return one file of a case."""
        return next((each for each in self.every(case) if each.sha256 == sha256), None)

    def small(self, case: str, sha256: str) -> bytes | None:
        """Return a picture small, as JPEG; None where there is none."""
        key, shut = self._key(case, sha256)
        return self._opened(key, shut, f"{_ref(case, sha256)}:small") if shut else None

    def parts(self, case: str, sha256: str) -> Iterator[bytes]:
        """Yield a file's content, a part at a time.

        Raises:
            SealError: its key was destroyed, or it was altered.
        """
        key, _ = self._key(case, sha256)
        ref, columns = _ref(case, sha256), tables.attachment_parts.c
        part = 0
        while True:
            query = sa.select(columns.content).where(
                columns.case_id == case, columns.sha256 == sha256, columns.part == part
            )
            # A connection for each part: a slow reader must not hold one all the while.
            with self.database.reading() as connection:
                shut = connection.execute(query).scalar_one_or_none()
            if shut is None:
                return
            yield self._opened(key, shut, f"{ref}:{part}")
            part += 1

    def _key(self, case: str, sha256: str) -> tuple[DataKey, bytes | None]:
        columns = tables.attachments.c
        query = sa.select(columns.key_id, columns.small).where(columns.case_id == case, columns.sha256 == sha256)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise DestroyedError
        return self.sealer.open_key(row.key_id), row.small

    @staticmethod
    def _opened(key: DataKey, shut: bytes, what: str) -> bytes:
        try:
            return key.open(shut, what)
        except (InvalidTag, ValueError):  # the latter where too little is left
            raise SealError("文件内容被改动，无法打开", "The file was altered; it does not open") from None


def _suffix(name: str) -> str:
    """Return a file's suffix where it is one: letters and digits, few of them."""
    end = name.rpartition(".")[2]
    return end.lower() if end.isascii() and end.isalnum() and len(end) <= 5 else "bin"


def _ref(case: str, sha256: str) -> str:
    return f"file:{case}:{sha256}"


def _seen(row: "sa.Row[tuple[object, ...]]") -> Attachment:
    return Attachment(
        row.case_id,
        row.sha256,
        row.name,
        Sort.of(row.sort),
        row.size,
        Origin.of(row.origin),
        row.added_by,
        row.added_at,
        row.taken_at,
        row.small is not None,
    )
