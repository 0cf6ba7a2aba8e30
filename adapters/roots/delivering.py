"""Each root on its way to the witnesses: the folder, and the letter by the post book; what became of it is kept.

A root that is not delivered is no loss once a later one is: that one begins as it did.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.post.answer import Answer, Message, later, never, sent
from adapters.post.book import PostBook, PostBookError, open_book
from adapters.post.sending import send
from adapters.prepared import upsert
from adapters.roots import making, proofs, witness
from adapters.roots.making import Root
from adapters.roots.witness import Witness, WitnessError
from models.instants import shown
from models.vocabulary import Fate

TITLE = "办结台账每日根 Daily root"


class Delivery(NamedTuple):
    """What became of a root of a size at a witness: its fate, why, how often it was tried, when last (UTC)."""

    size: int
    witness: Witness
    fate: Fate
    why: str
    attempts: int
    at: datetime


def witnesses(data: Path, folder: Path | None) -> list[Witness]:
    """Return which witnesses this machine knows; a post book that is broken may name one."""
    found = [Witness.FOLDER] if folder is not None else []
    try:
        if open_book(data).route_to_witness().channel is not None:
            found.append(Witness.POST)
    except PostBookError:
        found.append(Witness.POST)
    return found


def deliver(database: Database, data: Path, size: int, which: Witness, folder: Path | None = None) -> Delivery:
    """Bring a root to a witness, once: one that has it already is left alone.

    Raises:
        DatabaseAwayError: the database stayed away; it may be brought again.
        LookupError: there is no such root.
    """
    with database.reading() as connection:
        root = making.root_of(connection, size)
        old = next((each for each in delivered(connection, size) if each.witness is which), None)
        if root is None:
            raise LookupError(size)
        verifying = proofs.verifying(connection, proofs.origin_of(connection, root))
    if old is not None and old.fate in {Fate.SENT, Fate.UNKNOWN}:
        return old
    answer = _laid(folder, root, verifying) if which is Witness.FOLDER else _posted(data, root, verifying)
    new = Delivery(size, which, answer.fate, answer.why, 1 + (old.attempts if old else 0), datetime.now(UTC))
    database.patiently(lambda: _keep(database, new))
    return new


def delivered(connection: sa.Connection, size: int | None = None) -> list[Delivery]:
    """Return what became of roots at the witnesses, the newest root first; of all, or of the one of a size."""
    columns = tables.root_deliveries.c
    query = sa.select(tables.root_deliveries).order_by(columns.size.desc(), columns.witness)
    if size is not None:
        query = query.where(columns.size == size)
    return [
        Delivery(row.size, Witness.of(row.witness), Fate.of(row.fate), row.why, row.attempts, row.at)
        for row in connection.execute(query)
    ]


def letter(root: Root, origin: str, verifying: tuple[str, ...]) -> Message:
    """Return the letter that brings a root to a witness; the same root is the same letter."""
    text = "\n".join(
        [
            "请保存本邮件，不要回复。日后核对：banjie roots check --against 文件（本邮件另存的文本即可）。",
            "Keep this letter; do not answer it. To check the ledger against it later, save it as text:",
            "banjie roots check --against FILE",
            "",
            f"时间 made: {shown(root.made_at)}",
            f"叶子数 leaves: {root.size}",
            "公钥 public keys:",
            *verifying,
            "",
            root.note,
        ]
    )
    name = f"<root.{root.size}.{origin.removeprefix('banjie.log/').replace('/', '.')}@banjie.local>"
    return Message(name, origin, str(root.size), TITLE, text, "witness", root.made_at)


def _laid(folder: Path | None, root: Root, verifying: tuple[str, ...]) -> Answer:
    if folder is None:
        return never("no_folder")
    try:
        witness.lay(folder, root.note, verifying)
    except WitnessError:
        return later("folder")
    return sent()


def _posted(data: Path, root: Root, verifying: tuple[str, ...]) -> Answer:
    try:
        book: PostBook = open_book(data)
    except PostBookError:
        return later("post_book")
    route = book.route_to_witness()
    if route.channel is None:
        return never("no_address")
    checkpoint = witness.kept("", root.note).checkpoint
    origin = checkpoint.origin if checkpoint else ""
    return send(route, letter(root, origin, verifying), book.patience)


def _keep(database: Database, new: Delivery) -> None:
    row = {**new._asdict(), "witness": new.witness.value, "fate": new.fate.value, "why": new.why[:40]}
    with database.writing() as connection:
        statement = upsert(connection.dialect.name, tables.root_deliveries)
        changed = {name: row[name] for name in ("fate", "why", "attempts", "at")}
        connection.execute(
            statement.values(row).on_conflict_do_update(index_elements=["size", "witness"], set_=changed)
        )
