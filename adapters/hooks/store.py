"""Webhooks as they are kept: addresses that asked to hear of what happens, and what is on its way to them."""

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters import tables
from adapters.database import Database
from adapters.hooks.signing import new_secret
from adapters.sealed import Sealer
from models.refusals import Refused, Unknown
from models.vocabulary import Term

OVERLAP: Final = timedelta(days=1)
"""How long an old secret signs beside the new one."""
KEPT: Final = timedelta(days=30)
"""How long it can be looked up what was told."""
TEST: Final = "test"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

Row = Mapping[str, object]


class NotAllowed(Refused):
    """不能向 {address} 推送：须为 https（本机可用 http），且主机列入 BANJIE_WEBHOOK_HOSTS（现为 {allowed}）。
    Nothing is told to {address}: https only (http on this machine), hosts in BANJIE_WEBHOOK_HOSTS (now {allowed}).
    """  # noqa: D205 - as with every refusal, the sentence in both languages


class State(Term):
    """Whether an address is told anything."""

    ON = "on", "推送中", "on"
    OFF = "off", "已停用", "off"
    GONE = "gone", "对方已注销（410）", "gone (410)"
    FAILING = "failing", "连续失败，已停用", "failed too long, off"


class Fate(Term):
    """What became of one delivery."""

    WAITING = "waiting", "待送", "waiting"
    SENT = "sent", "已送达", "delivered"
    FAILED = "failed", "未送达", "not delivered"


@dataclass(frozen=True)
class Hook:
    """An address that is told what happens to the cases that ``person`` may see; without its secret.

    ``events`` are names of the lifecycle; none means all. ``begun`` and ``read_to`` are the desk's time, all else is
    real time (UTC).
    """

    id: str
    title: str
    url: str
    person: str
    events: frozenset[str]
    state: State
    made_at: datetime
    made_by: str
    begun: datetime
    read_to: datetime
    failing_since: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Delivery:
    """One message to one address: its id, what it says, and what became of it."""

    hook: str
    id: str
    type: str
    body: str
    made_at: datetime
    attempts: int
    fate: Fate
    answer: str
    tried_at: datetime | None
    not_before: float


def checked(url: str, allowed: Collection[str]) -> str:
    """Return an address that may be told something.

    Raises:
        NotAllowed: it is no such address, or whoever runs the desk did not name its host.
    """
    try:
        where = urlsplit(url)
        host, port = where.hostname or "", where.port
    except ValueError:
        host, port, where = "", None, urlsplit("")
    known = host in allowed or f"{host}:{port}" in allowed
    scheme = where.scheme == "https" or (where.scheme == "http" and host in LOOPBACK)
    if not (known and scheme) or where.username is not None or where.fragment or len(url) > 500:
        raise NotAllowed(address=url[:200], allowed=" ".join(sorted(allowed)) or "—")
    return url


class Hooks:
    """The webhooks of one installation; safe to use from many threads."""

    def __init__(self, database: Database, sealer: Sealer, now: Callable[[], datetime]) -> None:
        """Keep the database, the seal and the real time."""
        self.database, self.sealer, self.now = database, sealer, now

    # ── who is told ──

    def make(
        self, title: str, url: str, person: str, events: Iterable[str], *, by: str, begun: datetime
    ) -> tuple[str, str]:
        """Make one and return its id and its secret, which is shown this once; ``begun`` is the desk's present."""
        name, secret = secrets.token_hex(4), new_secret()
        key_id, shut = self._shut(name, {"now": secret})
        row = {
            "id": name,
            "title": title,
            "url": url,
            "person": person,
            "events": " ".join(sorted(events)),
            "state": State.ON.value,
            "key_id": key_id,
            "secret": shut,
            "made_at": self.now(),
            "made_by": by,
            "begun": begun,
            "read_to": begun,
            "failing_since": None,
            "sent_at": None,
        }
        self._write(lambda connection: connection.execute(sa.insert(tables.hooks), [row]))
        return name, secret

    def every(self) -> list[Hook]:
        """Return all, the newest first."""
        query = sa.select(tables.hooks).order_by(tables.hooks.c.made_at.desc(), tables.hooks.c.id)
        with self.database.reading() as connection:
            return [_hook(row) for row in connection.execute(query)]

    def find(self, name: str) -> Hook:
        """Return one.

        Raises:
            Unknown: there is none of that id.
        """
        return _hook(self._row(name))

    def keys(self, name: str) -> list[str]:
        """Return the secrets that sign now, the newest first.

        Raises:
            SealError: the seal does not open.
            Unknown: there is none of that id.
        """
        held = self._secret(self._row(name))
        until = held.get("until")
        old = until is not None and datetime.fromisoformat(until) > self.now()
        return [held["now"], *([held["before"]] if old else [])]

    def renew(self, name: str) -> str:
        """Give it a new secret and return it, shown this once; the old one signs beside it for a day."""
        row = self._row(name)
        secret = new_secret()
        until = (self.now() + OVERLAP).isoformat()
        key_id, shut = self._shut(name, {"now": secret, "before": self._secret(row)["now"], "until": until})
        self._change(name, key_id=key_id, secret=shut)
        self.sealer.destroy(str(row.key_id))
        return secret

    def turn(self, name: str, state: State, *, now: datetime | None = None) -> None:
        """Turn it on or off; turned on (``now`` is the desk's present) it hears of what happens from now on."""
        fresh = {"begun": now, "read_to": now, "failing_since": None} if now and state is State.ON else {}
        self._change(name, state=state.value, **fresh)

    def drop(self, name: str) -> None:
        """Take it away with all that was on its way."""
        row = self._row(name)

        def drop(connection: sa.Connection) -> None:
            connection.execute(sa.delete(tables.hook_deliveries).where(tables.hook_deliveries.c.hook_id == name))
            connection.execute(sa.delete(tables.hooks).where(tables.hooks.c.id == name))

        self._write(drop)
        self.sealer.destroy(str(row.key_id))

    # ── what is on its way ──

    def queue(self, hook: str, rows: Sequence[tuple[str, str, str]], *, read_to: datetime | None = None) -> None:
        """Put messages (id, type, body) on their way, each once; note up to which of the desk's moments was read."""
        now = self.now()
        given = [
            {
                "hook_id": hook,
                "id": name,
                "type": kind,
                "body": body,
                "made_at": now,
                "attempts": 0,
                "fate": Fate.WAITING.value,
                "answer": "",
                "tried_at": None,
                "not_before": 0.0,
            }
            for name, kind, body in rows
        ]

        def queue(connection: sa.Connection) -> None:
            if given:
                insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
                connection.execute(insert(tables.hook_deliveries).on_conflict_do_nothing(), given)
            if read_to is not None:
                mine = (tables.hooks.c.id == hook) & (tables.hooks.c.read_to < read_to)
                connection.execute(sa.update(tables.hooks).where(mine).values(read_to=read_to))

        if given or read_to is not None:
            self._write(queue)

    def claim(self, most: int, lease: float) -> list[Delivery]:
        """Return what is due to addresses that are on, left to whoever asked for ``lease`` seconds."""
        columns, on = tables.hook_deliveries.c, tables.hooks.c
        now = time.time()
        due = sa.select(columns.hook_id, columns.id).join(tables.hooks, on.id == columns.hook_id)
        due = due.where(columns.fate == Fate.WAITING.value, columns.not_before <= now, on.state == State.ON.value)
        due = due.order_by(columns.not_before, columns.made_at).limit(most)
        with self.database.reading() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return []
        if not self.database.is_sqlite:
            due = due.with_for_update(of=tables.hook_deliveries, skip_locked=True)
        taken: list[Delivery] = []

        def claim(connection: sa.Connection) -> None:
            for row in connection.execute(due).all():
                mine = (columns.hook_id == row.hook_id) & (columns.id == row.id)
                update = sa.update(tables.hook_deliveries).where(mine, columns.not_before <= now)
                found = connection.execute(update.values(not_before=now + lease).returning(*columns)).one_or_none()
                if found is not None:
                    taken.append(_delivery(found))

        self._write(claim)
        return taken

    def settle(self, each: Delivery, fate: Fate, answer: str, *, wait: float = 0.0) -> Hook | None:
        """Note what became of a try; return the hook as it stands then, None where it is gone meanwhile."""
        now = self.now()
        columns, on = tables.hook_deliveries.c, tables.hooks.c
        mine = (columns.hook_id == each.hook) & (columns.id == each.id)
        told = {"attempts": each.attempts + 1, "fate": fate.value, "answer": answer, "tried_at": now}
        since = (
            None if fate is Fate.SENT else sa.func.coalesce(on.failing_since, sa.bindparam("now", now, on.made_at.type))
        )
        state = {"failing_since": since, **({"sent_at": now} if fate is Fate.SENT else {})}
        found: list[Hook] = []

        def settle(connection: sa.Connection) -> None:
            later = {**told, "not_before": time.time() + wait}
            connection.execute(sa.update(tables.hook_deliveries).where(mine).values(later))
            update = sa.update(tables.hooks).where(on.id == each.hook).values(state)
            found.extend(_hook(row) for row in connection.execute(update.returning(*on)))

        self._write(settle)
        return found[-1] if found else None

    def again(self, hook: str) -> int:
        """Put everything that was given up on its way once more; return how much."""
        columns = tables.hook_deliveries.c
        mine = (columns.hook_id == hook) & (columns.fate == Fate.FAILED.value)
        told = {"fate": Fate.WAITING.value, "attempts": 0, "not_before": 0.0}
        done: list[int] = []
        self._write(
            lambda connection: done.append(
                connection.execute(sa.update(tables.hook_deliveries).where(mine).values(told)).rowcount
            )
        )
        return done[-1]

    def deliveries(self, hook: str, limit: int = 50) -> list[Delivery]:
        """Return the latest messages to an address, the newest first."""
        columns = tables.hook_deliveries.c
        query = sa.select(tables.hook_deliveries).where(columns.hook_id == hook)
        with self.database.reading() as connection:
            return [
                _delivery(row)
                for row in connection.execute(query.order_by(columns.made_at.desc(), columns.id.desc()).limit(limit))
            ]

    def waiting(self) -> dict[str, int]:
        """Return how many messages wait for each address."""
        columns = tables.hook_deliveries.c
        query = sa.select(columns.hook_id, sa.func.count()).where(columns.fate == Fate.WAITING.value)
        with self.database.reading() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query.group_by(columns.hook_id))}

    def prune(self) -> None:
        """Forget what was told long ago."""
        columns = tables.hook_deliveries.c
        old = sa.delete(tables.hook_deliveries).where(
            columns.fate != Fate.WAITING.value, columns.made_at < self.now() - KEPT
        )
        self._write(lambda connection: connection.execute(old))

    # ── by hand ──

    def _row(self, name: str) -> "sa.Row[tuple[object, ...]]":
        with self.database.reading() as connection:
            row = connection.execute(sa.select(tables.hooks).where(tables.hooks.c.id == name)).one_or_none()
        if row is None:
            raise Unknown(case=name[:64])
        return row

    def _secret(self, row: "sa.Row[tuple[object, ...]]") -> dict[str, str]:
        held: dict[str, str] = json.loads(self.sealer.open_key(row.key_id).open(row.secret, f"hook:{row.id}"))
        return held

    def _shut(self, name: str, held: dict[str, str]) -> tuple[str, bytes]:
        new = self.sealer.new_key("hook")
        return new.id, new.key.shut(json.dumps(held).encode(), f"hook:{name}")

    def _change(self, name: str, **values: object) -> None:
        self._write(
            lambda connection: connection.execute(
                sa.update(tables.hooks).where(tables.hooks.c.id == name).values(values)
            )
        )

    def _write(self, work: Callable[[sa.Connection], object]) -> None:
        def write() -> None:
            with self.database.writing() as connection:
                work(connection)

        self.database.patiently(write)


def _hook(row: "sa.Row[tuple[object, ...]]") -> Hook:
    return Hook(
        row.id, row.title, row.url, row.person, frozenset(row.events.split()), State.of(row.state), row.made_at,
        row.made_by, row.begun, row.read_to, row.failing_since, row.sent_at,
    )  # fmt: skip


def _delivery(row: "sa.Row[tuple[object, ...]]") -> Delivery:
    return Delivery(
        row.hook_id, row.id, row.type, row.body, row.made_at, row.attempts, Fate.of(row.fate), row.answer,
        row.tried_at, row.not_before,
    )  # fmt: skip
