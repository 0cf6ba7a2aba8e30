"""What a case's bundle says of its files: each by its hash, which event names it, and whether it lies beside.

What the petitioner brought is told by its hash alone and never laid beside, whoever asks.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import tables
from adapters.attachments.sorts import Sort
from adapters.attachments.store import ERASED_NAME, Origin
from adapters.sealed import SealError
from adapters.views import instant
from models.event import Recorded

HASH: Final = 64
"""Letters of a SHA-256."""
HELD: Final = 2**20
ENDINGS: Final = {Sort.JPEG: "jpg"}

Parts = Callable[[str, str], Iterable[bytes]]
"""Yields the content of a case's file by its hash (``Attachments.parts``)."""


def named_by(events: Iterable[Recorded]) -> dict[str, tuple[str, int]]:
    """Return the files that events name, by hash: what each is called there, and by which event first."""
    found: dict[str, tuple[str, int]] = {}
    for each in events:
        body = each.event.model_dump(mode="json", exclude_unset=True)
        for sha, name in _named(list(body.get("sets", {}).values()) + list(body.get("said", {}).values())):
            found.setdefault(sha, (name, each.seq))
    return found


def _named(value: JsonValue) -> Iterator[tuple[str, str]]:
    match value:
        case {"sha256": str(sha), **rest} if len(sha) == HASH and rest.keys() <= {"name"}:
            yield sha, str(rest.get("name", ""))
        case dict():
            for each in value.values():
                yield from _named(each)
        case list():
            for each in value:
                yield from _named(each)


def listed(connection: sa.Connection, case: str, events: Iterable[Recorded]) -> list[dict[str, JsonValue]]:
    """Return every file of a case, those first that the store has, in the order in which they came."""
    named = named_by(events)
    columns = tables.attachments.c
    query = sa.select(tables.attachments).where(columns.case_id == case).order_by(columns.added_at, columns.sha256)
    found: list[dict[str, JsonValue]] = []
    for row in connection.execute(query):
        _, seq = named.pop(row.sha256, ("", 0))
        found.append(
            {
                "sha256": row.sha256,
                "name": row.name,
                "sort": row.sort,
                "size": row.size,
                "origin": row.origin,
                "added_by": row.added_by,
                "added_at": instant(row.added_at),
                "taken_at": row.taken_at or None,
                "event": seq or None,
                "erased": row.name == ERASED_NAME,
                "file": None,
            }
        )
    # Named by hash alone, in another system's words or before files were kept here.
    found += [{"sha256": sha, "name": name, "event": seq, "file": None} for sha, (name, seq) in named.items()]
    return found


def wanted(told: dict[str, JsonValue]) -> bool:
    """Tell whether a file of the list may be laid beside it: the desk's own, kept here and not erased."""
    return told.get("origin") == Origin.DESK.value and not told["erased"]


def called(told: dict[str, JsonValue]) -> str:
    """Return what a file is called in a bundle: by its hash, for its own name may hold anything."""
    sort = Sort.of(str(told["sort"]))
    return f"files/{told['sha256']}.{ENDINGS.get(sort, sort.value)}"


@contextmanager
def opened(parts: Parts, case: str, sha256: str) -> Iterator[IO[bytes] | None]:
    """Yield a file's content, whole and as its hash says; None where it does not open or is another."""
    with SpooledTemporaryFile(max_size=HELD) as held:
        digest = hashlib.sha256()
        try:
            for part in parts(case, sha256):
                held.write(part)
                digest.update(part)
        except SealError:
            yield None
            return
        held.seek(0)
        yield held if digest.hexdigest() == sha256 else None
