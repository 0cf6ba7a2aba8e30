"""Making a bundle: every case's events as they lie in the ledger, with all that is needed to check and to read them.

It is written as it comes, one case at hand at a time. What it holds follows from the ledger alone: no moment, no person
who asked, no machine; the same ledger gives the same bytes. It tells what is there, also where that was tampered with:
to find it is the verifier's work (``verify.py``, which goes with it; docs/bundle.md tells the format).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import checking, tables
from adapters.bundle import evidence, telling
from adapters.bundle.archive import PART, Archive
from adapters.bundle.evidence import Parts
from adapters.bundle.rooted import Rooted
from adapters.database import Database
from models.canonical import GENESIS
from models.case import Case
from models.event import Recorded
from models.evolve import fold
from models.refusals import Unknown
from models.standing import stream_of
from models.vocabulary import Kind
from models.world import World

FORMAT: Final = "banjie-bundle/1"
TAMPERED: Final = (ValueError, TypeError, LookupError, AttributeError)
"""What events that were written around the door may make of whoever reads them: then only their bytes go in."""
AT_ONCE: Final = 500
"""Names of cases that are looked up at once."""
LONGEST: Final = 120
"""Letters of a folder's name; a longer one is shortened, and its hash says which it is."""
NAMES_FILE: Final = b'"sha256"'
EVENTS, CHAIN, MANIFEST = "events.jsonl", "chain.txt", "manifest.json"
README: Final = """\
办结证据包 · Evidence bundle of Banjie 办结

核对 To check:   python3 -I verify.py
须 Python 3.9 或更高版本，不需其他软件，不联网。Python 3.9 or newer, nothing else, no network.
把本包解开后在其目录中运行，或 python3 -I verify.py 本包.zip。
Run it in the unpacked folder, or as python3 -I verify.py THIS.zip.

随包的 verify.py 可能已被换掉：要紧时请用另行取得的 verify.py，并用 --key 给出从纸面或见证处得到的公钥。
The verify.py in here could have been exchanged: where it matters, use one that you got elsewhere,
and name the public key that you have from paper or from a witness with --key.

cases/*/timeline.html   经过、流程图、时限、文书 · what happened, the flow chart, dates, letters
cases/*/timeline.txt    同上，纯文本 · the same as text
cases/*/events.jsonl    事件，每行一个 · the events, one a line
cases/*/chain.txt       各事件的哈希 · the hash of each event
cases/*/manifest.json   文件、附件清单和包含证明 · files, evidence, the proof of inclusion
cases/*/document.json   办理所依的政策或日历 · the policy or calendar that cases ran under
root/                   签名的根、公钥、一致性证明 · the signed root, the public keys, consistency proofs

本包不含信访人身份和密封内容。 It holds neither the petitioner's identity nor what is under seal.
"""


@dataclass(frozen=True)
class Source:
    """What a bundle is made from: the ledger, the words, and how files are opened (None: none is laid beside)."""

    database: Database
    world: World
    parts: Parts | None = None


@dataclass
class Made:
    """What a bundle holds, counted.

    Attributes:
        cases: with the policies and calendars.
        events: of all of them.
        files: laid beside.
        unopened: files that were asked for and do not open.
        untold: cases whose events cannot be read; they go in as they lie.
        root: leaves under the signed root it goes by, None where there is no root yet.
    """

    cases: int = 0
    events: int = 0
    files: int = 0
    unopened: int = 0
    untold: list[str] = field(default_factory=list)
    root: int | None = None


def bundle(
    source: Source, out: Path, cases: Sequence[str] | None = None, progress: checking.Progress | None = None
) -> Made:
    """Write a bundle; what breaks off leaves no file behind.

    Args:
        source: the ledger and what goes with it.
        out: the ZIP; one that is there is replaced once the new one is whole.
        cases: which, with the policies they ran under and the calendars; the whole ledger if None.
        progress: is told how many cases are done, and of how many.

    Raises:
        Unknown: there is no such case.
        DatabaseAwayError: the database stayed away.
    """
    with source.database.reading() as connection:
        names = None if cases is None else _found(connection, cases)
        with Archive(out) as archive, TemporaryFile(prefix="banjie-") as index:
            return _Making(source, connection, archive, index).run(names, progress)


def folder_of(case: str) -> str:
    """Return a case's folder inside a bundle: ASCII, safe on every system, another one for each case."""
    name = quote(case, safe="").replace("~", "%7E")
    if not name.strip("."):
        name = name.replace(".", "%2E")  # a step of a path
    if len(name) > LONGEST:
        name = f"{name[:LONGEST]}~{hashlib.sha256(case.encode()).hexdigest()[:16]}"
    return f"cases/{name}"


def pretty(value: object) -> bytes:
    """Return JSON that people can read, always the same for the same value."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _found(connection: sa.Connection, cases: Iterable[str]) -> list[str]:
    wanted = sorted(set(cases))
    there: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        there.update(connection.execute(sa.select(_NAMES.c.id).where(_NAMES.c.id.in_(some))).scalars())
    for name in wanted:
        if name not in there:
            raise Unknown(case=name[:64])
    return wanted


_NAMES = sa.union(sa.select(tables.cases.c.id), sa.select(tables.events.c.case_id).distinct()).subquery()
"""Cases that have a row or an event: of what was tampered with, one of the two may be missing."""


class _Making:
    """One bundle on its way."""

    def __init__(self, source: Source, connection: sa.Connection, archive: Archive, index: IO[bytes]) -> None:
        self.source, self.connection, self.archive, self.index = source, connection, archive, index
        self.events = checking.as_bytes(source.database)
        self.listed = hashlib.sha256()
        self.rooted = Rooted(connection)
        self.made = Made(root=self.rooted.size)
        self.policies: set[str] = set()

    def run(self, names: list[str] | None, progress: checking.Progress | None) -> Made:
        own = [("README.txt", README.encode()), ("verify.py", verifier()), *self.rooted.files()]
        files = {name: self._add(name, content) for name, content in own}
        total = self._count() if names is None else len(names)
        done: set[str] = set()
        for name in self._every() if names is None else names:
            self._case(name)
            if names is not None:
                done.add(name)
            if progress and self.made.cases % 20 == 0:
                progress(self.made.cases, total)
        for name in [] if names is None else self._basis(done):
            self._case(name)
        if progress:
            progress(total, total)
        self.index.seek(0)
        self.archive.add("cases.jsonl", iter(lambda: self.index.read(PART), b""))
        files["cases.jsonl"] = {"sha256": self.listed.hexdigest(), "size": self.index.tell()}
        told = {"cases": self.made.cases, "events": self.made.events, "files": files, "format": FORMAT}
        self.archive.add("bundle.json", pretty({**told, "root": self.rooted.told()}))
        return self.made

    def _count(self) -> int:
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(_NAMES)).scalar_one())

    def _every(self) -> Iterator[str]:
        last = ""
        while True:
            query = sa.select(_NAMES.c.id).where(_NAMES.c.id > last).order_by(_NAMES.c.id).limit(AT_ONCE)
            names = list(self.connection.execute(query).scalars())
            yield from names
            if len(names) < AT_ONCE:
                return
            last = names[-1]

    def _basis(self, done: set[str]) -> list[str]:
        """Return the streams that the cases rest on and that are not there yet: their policies, the calendars."""
        wanted = {stream_of(Kind.POLICY, name) for name in self.policies}
        columns = tables.cases.c
        query = sa.select(columns.id, columns.kind).where(columns.kind.in_([Kind.POLICY.value, Kind.CALENDAR.value]))
        found = self.connection.execute(query.order_by(columns.id)).all()
        return [row.id for row in found if (row.kind == Kind.CALENDAR or row.id in wanted) and row.id not in done]

    def _add(self, name: str, content: bytes) -> dict[str, JsonValue]:
        self.archive.add(name, content)
        return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    def _case(self, name: str) -> None:
        columns = tables.events.c
        query = sa.select(*self.events).where(columns.case_id == name).order_by(columns.seq)
        rows = [(_raw(row.body), _raw(row.hash)) for row in self.connection.execute(query)]
        left = self.connection.execute(
            sa.select(tables.cases.c.seq, tables.cases.c.head).where(tables.cases.c.id == name)
        ).one_or_none()
        folder = folder_of(name)
        files = {
            EVENTS: self._add(f"{folder}/{EVENTS}", b"".join(body + b"\n" for body, _ in rows)),
            CHAIN: self._add(f"{folder}/{CHAIN}", b"".join(hashed + b"\n" for _, hashed in rows)),
        }
        manifest: dict[str, Any] = {
            "case": name,
            # Where the case was left: a tail that was cut off is missed.
            "events": left.seq if left else len(rows),
            "head": left.head if left else _text(rows[-1][1]) if rows else GENESIS,
            "evidence": [],
            "files": files,
            "policies": [],
            "proof": self.rooted.proof(name),
        }
        try:
            self._tell(folder, [body for body, _ in rows], manifest)
        except TAMPERED:
            self.made.untold.append(name)
        told = pretty(manifest)
        self.archive.add(f"{folder}/{MANIFEST}", told)
        line = {"case": name, "folder": folder, "manifest": hashlib.sha256(told).hexdigest()}
        self._index(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
        self.made.cases += 1
        self.made.events += len(rows)

    def _tell(self, folder: str, bodies: list[bytes], manifest: dict[str, Any]) -> None:
        """Add what tells a case to people, and its files.

        Raises:
            ValueError: there is no event, or one that cannot be read; likewise all the others of ``TAMPERED``.
        """
        files, case, events = manifest["files"], *_folded(bodies)
        # Few events name a file; the others need not be gone through for one.
        naming = [each for each, body in zip(events, bodies, strict=True) if NAMES_FILE in body]
        listed = evidence.listed(self.connection, manifest["case"], naming)
        both = telling.told(self.source.world, case, events)
        for name, text in (("timeline.html", telling.page(both)), ("timeline.txt", telling.plain(both))):
            files[name] = self._add(f"{folder}/{name}", text.encode("utf-8", "replace"))
        document = case.document or case.calendar
        if document is not None:
            told = pretty(document.model_dump(mode="json", exclude_defaults=True))
            files["document.json"] = self._add(f"{folder}/document.json", told)
        manifest["evidence"] = listed
        manifest["kind"], manifest["status"] = case.kind.value, case.status.value
        manifest["policies"] = sorted({each.policy for each in events if each.policy})
        self.policies.update(manifest["policies"])
        if self.source.parts is not None:
            for each in filter(evidence.wanted, manifest["evidence"]):
                self._file(folder, manifest["case"], each, files)

    def _file(self, folder: str, case: str, told: dict[str, JsonValue], files: dict[str, Any]) -> None:
        assert self.source.parts is not None  # noqa: S101 - asked above
        sha256 = str(told["sha256"])
        with evidence.opened(self.source.parts, case, sha256) as content:
            if content is None:
                self.made.unopened += 1
                return
            name = evidence.called(told)
            # What is a picture, a film or a package already does not get smaller.
            self.archive.add(f"{folder}/{name}", iter(lambda: content.read(PART), b""), packed=False)
        told["file"] = name
        files[name] = {"sha256": sha256, "size": told["size"]}
        self.made.files += 1

    def _index(self, line: bytes) -> None:
        self.listed.update(line)
        self.index.write(line)


def verifier() -> bytes:
    """Return the verifier that goes with every bundle."""
    return resources.files("adapters.bundle").joinpath("verify.py").read_bytes()


def _raw(value: str | bytes) -> bytes:
    """Return a column as it lies on the disk."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _folded(bodies: list[bytes]) -> tuple[Case, list[Recorded]]:
    events = [Recorded.model_validate_json(body) for body in bodies]
    case = fold(events)
    if case is None:
        raise ValueError("no event")
    return case, events
