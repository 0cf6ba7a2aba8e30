"""The keystore: every data key, wrapped, in a database of its own; and the naming key, which no rotation changes.

A data key is kept before the row that it shuts is committed, under an id that is never used twice: what breaks off
between the two leaves a key that shuts nothing, never a row without its key. Wrapping looks up which key is the
current one in the very transaction that keeps what was wrapped, so nothing is wrapped by a key that is being retired.
"""

import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql, sqlite

from adapters import SetupError, tables
from adapters.database import CONFLICT, PATIENCE, Database, Schema
from adapters.keys.migrations import NEWEST
from adapters.keys.people import Known, without_key
from adapters.keys.ring import FIRST, KEY_BYTES, NoSuchKeyError, Ring, SealError, read
from adapters.keys.tables import data_keys, people, wrapping_keys
from adapters.marks import read_mark

SCHEMA: Final = Schema(Path(__file__).parent / "migrations", NEWEST, "keys_version")
NAMING: Final = "naming"
"""The id of the naming key among the data keys."""
MARK: Final = "keystore"
"""The mark of the ledger that says which keystore is its own."""
NONCE_BYTES: Final = 12
AT_ONCE: Final = 500


class KeystoreMissingError(SetupError):
    """The keystore at hand is not that of the ledger."""

    def __init__(self, where: str) -> None:
        """Say where it was looked for, and what to do."""
        super().__init__(
            f"密钥库（{where}）不是本台账的密钥库。请恢复 keys.db 或设置 BANJIE_KEYS_URL；"
            "若原密钥库确已丢失，执行 banjie keys adopt 启用新库，原密封内容将永久无法打开。",
            f"The keystore ({where}) is not that of this ledger. Restore keys.db or set BANJIE_KEYS_URL; if it is lost "
            "for good, banjie keys adopt takes a new one, and what was sealed before stays shut for ever.",
        )


class DestroyedError(SealError):
    """A data key was destroyed: what it shut is gone."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("密钥已销毁，内容已删除，无法打开", "The key was destroyed; what it shut is erased")


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
        return encrypt(self._key, plain, name)

    def open(self, stored: bytes, name: str) -> bytes:
        """Return them again.

        Raises:
            InvalidTag: it was another name or key, or they were altered.
        """
        return decrypt(self._key, stored, name)

    def wrapped(self, wrapping: bytes, key_id: str) -> bytes:
        """Return the key itself, encrypted by a wrapping key."""
        return encrypt(wrapping, self._key, key_id)


@dataclass(frozen=True)
class NewKey:
    """A data key that is kept nowhere yet, with its id and what sort of thing it shuts."""

    id: str
    sort: str
    key: DataKey

    @classmethod
    def made(cls, sort: str) -> "NewKey":
        """Make one."""
        return cls(secrets.token_hex(16), sort, DataKey(AESGCM.generate_key(KEY_BYTES * 8)))


@dataclass(frozen=True)
class Held:
    """A wrapping key as the keystore knows it: how many data keys of which sort it wraps, and where its file is."""

    name: str
    current: bool
    made_at: datetime
    retired_at: datetime | None
    here: str | None
    wraps: dict[str, int] = field(default_factory=dict)


class Keystore:
    """The keystore of one installation; safe to use from many threads. It is opened when it is first needed."""

    def __init__(self, url: str, ring: Ring, ledger: Database, *, patience: float = PATIENCE) -> None:
        """Take its address, the wrapping keys, and the ledger that it belongs to."""
        self.ring, self.ledger = ring, ledger
        self._file = _file_of(url)
        self.database = Database(url, patience=patience, pool=4, shreds=True)
        self._lock = threading.Lock()
        self._naming: bytes | None = None

    def __repr__(self) -> str:
        """Never show a key."""
        return "Keystore(…)"

    # ── opening ──

    def ready(self, *, adopt: bool = False) -> bytes:
        """Open the keystore, making it the first time, and return the naming key.

        Args:
            adopt: take this keystore for the ledger's own, whatever the ledger says.

        Raises:
            SealError: a wrapping key is missing or cannot be used.
            KeystoreMissingError: it is another ledger's, or a new one where there was one before.
            DatabaseAwayError: it does not answer.
        """
        with self._lock:
            if self._naming is None or adopt:
                self._naming = self._opened(adopt=adopt)
            return self._naming

    def _opened(self, *, adopt: bool) -> bytes:
        if self._file and not self._file.exists():
            if self._mark() and not adopt:
                raise KeystoreMissingError(str(self._file))
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # SQLite gives its log the same mode.
            os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600))
        self.database.migrate(SCHEMA)
        naming = self._named()
        if naming is None:
            if self._mark() and not adopt:
                raise KeystoreMissingError(str(self._file or self.database))
            naming = self._begun()
        mark = hmac.new(naming, b"keystore", hashlib.sha256).hexdigest()[:16]
        if (self._mark(mark, replace=adopt) or mark) != mark:
            raise KeystoreMissingError(str(self._file or self.database))
        self._move()
        return naming

    def _named(self) -> bytes | None:
        query = sa.select(data_keys).where(data_keys.c.id == NAMING)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else self.opened(row.wrapping, row.wrapped, NAMING)

    def _begun(self) -> bytes:
        """Begin a keystore: its first wrapping key, and the naming key."""
        before = self._naming_before()
        name = self.ring.first()
        naming = before or secrets.token_bytes(KEY_BYTES)
        wrapped = encrypt(self.ring.key(name), naming, NAMING)

        def begin() -> None:
            with self.database.writing() as connection:
                # Of two that begin at once the second finds the rows of the first, and reads them.
                first = {"name": name, "is_current": True, "made_at": datetime.now(UTC), "retired_at": None}
                connection.execute(sa.insert(wrapping_keys), [first])
                row = {"id": NAMING, "sort": NAMING, "wrapping": name, "wrapped": wrapped}
                connection.execute(sa.insert(data_keys), [row])

        try:
            self.database.patiently(begin)
        except CONFLICT:
            return self._named() or naming
        return naming

    def _naming_before(self) -> bytes | None:
        """Return what names were made from before there was a keystore: the wrapping key itself.

        Receipts that residents hold must stay good. That it is the right one is tried on what it wraps.
        """
        first = sa.select(tables.moving_keys).limit(1)
        petitions = sa.select(tables.cases.c.id).where(tables.cases.c.kind == "petition").limit(1)
        with self.ledger.reading() as connection:
            row = connection.execute(first).one_or_none()
            old = row is not None or connection.execute(petitions).first() is not None
        path = self.ring.data / "keys" / FIRST
        if not old or not path.exists():
            if row is not None:
                raise NoSuchKeyError(FIRST)
            return None
        key = read(path)
        if row is not None and not self._opens_any(key):
            zh, en = "密钥与台账不符：一份密封内容也打不开", "The wrapping key opens nothing of this ledger"
            raise SealError(f"{zh}：{path}", f"{en}: {path}")
        return key

    def _opens_any(self, key: bytes) -> bool:
        query = sa.select(tables.moving_keys).limit(AT_ONCE)
        with self.ledger.reading() as connection:
            rows = connection.execute(query).all()
        return any(_opens(key, row.wrapped, row.bound) is not None for row in rows)

    def _mark(self, mine: str | None = None, *, replace: bool = False) -> str | None:
        """Return which keystore the ledger says is its own; ``mine`` is written there where it says nothing."""
        found = read_mark(self.ledger, MARK)
        if mine is None or found == mine or (found and not replace):
            return found

        def write() -> None:
            with self.ledger.writing() as connection:
                if found:
                    connection.execute(sa.delete(tables.marks).where(tables.marks.c.name == MARK))
                connection.execute(sa.insert(tables.marks), [{"name": MARK, "value": mine}])

        try:
            self.ledger.patiently(write)
        except CONFLICT:
            return self._mark()
        return mine

    def _move(self) -> None:
        """Take over the data keys that lay wrapped in the ledger, some at a time; killed between, go on from there.

        A key leaves the ledger in the transaction that began before it was kept here. One that does not open stays
        where it is.
        """
        last, moved = "", False
        columns = tables.moving_keys.c
        while True:
            with self.ledger.writing() as connection:
                if self.ledger.is_sqlite:
                    connection.exec_driver_sql("PRAGMA secure_delete=ON")
                query = sa.select(tables.moving_keys).where(columns.id > last).order_by(columns.id).limit(AT_ONCE)
                rows = connection.execute(query if self.ledger.is_sqlite else query.with_for_update()).all()
                if not rows:
                    break
                found = [(row, self._opened_before(row.wrapped, row.bound)) for row in rows]
                keys = [NewKey(row.id, row.sort, DataKey(key)) for row, key in found if key is not None]
                self._keep(keys)
                gone = columns.id.in_([each.id for each in keys])
                connection.execute(sa.delete(tables.moving_keys).where(gone))
                last, moved = rows[-1].id, moved or bool(keys)
        if moved:
            self.ledger.shred("moving_keys")

    def _opened_before(self, wrapped: bytes, bound: str) -> bytes | None:
        keys = (self.ring.key(name) for name in self.ring.names())
        return next((key for each in keys if (key := _opens(each, wrapped, bound)) is not None), None)

    # ── data keys ──

    def naming(self) -> bytes:
        """Return the key that names and query codes are made from."""
        return self._naming or self.ready()

    def keep(self, keys: Sequence[NewKey], known: Sequence[Known] = (), *, patient: bool = True) -> None:
        """Keep new data keys, all or none; one that is there already stays.

        Args:
            keys: the data keys.
            known: what the people are known by whose seals the keys shut.
            patient: whether to wait for a keystore that is away or busy.

        Raises:
            SealError: the current wrapping key is not on this machine.
        """
        self.ready()
        if keys and patient:
            self.database.patiently(lambda: self._keep(keys, known))
        else:
            self._keep(keys, known)

    def _keep(self, keys: Sequence[NewKey], known: Sequence[Known] = ()) -> None:
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        if not keys:
            return
        with self.database.writing() as connection:
            name = self._current(connection)
            wrapping = self.ring.key(name)
            rows = [
                {"id": each.id, "sort": each.sort, "wrapping": name, "wrapped": each.key.wrapped(wrapping, each.id)}
                for each in keys
            ]
            connection.execute(insert(data_keys).on_conflict_do_nothing(), rows)
            if known:
                connection.execute(insert(people).on_conflict_do_nothing(), [each._asdict() for each in known])

    def know(self, ref: str, key_id: str, tokens: Sequence[str]) -> bool:
        """Keep what somebody is known by whose seal was there before, unless its key is gone; return whether any."""
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        rows = [Known(key_id, token, ref)._asdict() for token in tokens]

        def work() -> bool:
            with self.database.writing() as connection:
                key = sa.select(data_keys.c.id).where(data_keys.c.id == key_id)
                there = connection.execute(key if self.database.is_sqlite else key.with_for_update(read=True)).first()
                if there and rows:
                    connection.execute(insert(people).on_conflict_do_nothing(), rows)
                return bool(there and rows)

        return self.database.patiently(work)

    def forget_people(self) -> int:
        """Drop what people were known by whose seal's key is gone; return how much that was."""

        def work() -> int:
            with self.database.writing() as connection:
                return without_key(connection)

        gone = self.database.patiently(work)
        if gone:
            self.database.shred("people")
        return gone

    def _current(self, connection: sa.Connection) -> str:
        query = sa.select(wrapping_keys.c.name).where(wrapping_keys.c.is_current)
        if not self.database.is_sqlite:
            # A rotation that changes it waits until what is wrapped here is to be seen.
            query = query.with_for_update(read=True)
        # Who waited for a rotation there finds the old one no longer current, and sees the new one at a second look.
        name: str = connection.execute(query).scalar_one_or_none() or connection.execute(query).scalar_one()
        return name

    def find(self, key_id: str) -> DataKey:
        """Return a data key.

        Raises:
            DestroyedError: there is none, any more.
            SealError: its wrapping key is not on this machine, or it was altered.
        """
        self.ready()
        query = sa.select(data_keys).where(data_keys.c.id == key_id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise DestroyedError
        return DataKey(self.opened(row.wrapping, row.wrapped, key_id))

    def opened(self, wrapping: str, wrapped: bytes, key_id: str) -> bytes:
        """Return what a wrapping key wraps.

        Raises:
            SealError: the key is not on this machine, or what it wraps was altered.
        """
        try:
            return decrypt(self.ring.key(wrapping), wrapped, key_id)
        except (InvalidTag, ValueError):
            zh, en = "密封内容无法打开：密钥不符或内容被改动", "The seal does not open: wrong key or altered"
            raise SealError(zh, en) from None

    def destroy(self, ids: Iterable[str]) -> int:
        """Destroy data keys for good; return how many were there. A second time changes nothing."""
        self.ready()
        wanted = [each for each in ids if each != NAMING]

        def destroy() -> int:
            with self.database.writing() as connection:
                # Whoever is erased is not recognised any more either.
                connection.execute(sa.delete(people).where(people.c.key_id.in_(wanted)))
                return sum(
                    connection.execute(sa.delete(data_keys).where(data_keys.c.id == each)).rowcount for each in wanted
                )

        if not wanted:
            return 0
        gone = self.database.patiently(destroy)
        self.database.shred("data_keys")
        self.database.shred("people")
        return gone

    # ── wrapping keys ──

    def held(self) -> list[Held]:
        """Return the wrapping keys that there are and were, the oldest first, and what each wraps."""
        self.ready()
        sorts = sa.select(data_keys.c.wrapping, data_keys.c.sort, sa.func.count()).group_by(
            data_keys.c.wrapping, data_keys.c.sort
        )
        here = self.ring.names()
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(wrapping_keys).order_by(wrapping_keys.c.made_at)).all()
            counts = connection.execute(sorts).all()
        return [
            Held(
                row.name,
                row.is_current,
                row.made_at,
                row.retired_at,
                here.get(row.name),
                {sort: count for name, sort, count in counts if name == row.name},
            )
            for row in rows
        ]

    def close(self) -> None:
        """Let its database go."""
        self.database.close()


def _file_of(url: str) -> Path | None:
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database.startswith("file:"):
        return None
    return Path(address.database)


def _opens(key: bytes, wrapped: bytes, bound: str) -> bytes | None:
    try:
        return decrypt(key, wrapped, bound)
    except (InvalidTag, ValueError):
        return None


def encrypt(key: bytes, plain: bytes, name: str) -> bytes:
    """Return bytes encrypted by AES-256-GCM, bound to a name; the nonce stands before them."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, name.encode())


def decrypt(key: bytes, stored: bytes, name: str) -> bytes:
    """Return them again.

    Raises:
        InvalidTag: it was another name or key, or they were altered.
        ValueError: there is too little of it.
    """
    return AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], name.encode())
