"""The access log: who asked for what of which case, when, why, and whether it was granted; chained, append-only.

One chain for each writer (a process at work), or everybody would queue for one head. It holds ids of officials and
cases, never a petitioner and never a word of a petition.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.roots.tree import rooted_at, rooted_ends
from models.base import is_unclean
from models.canonical import GENESIS, canonical, link
from models.chain import Entry, faults
from models.heads import Sort
from models.vocabulary import Term


class Deed(Term):
    """What was asked for."""

    SETUP = "setup", "首次设置", "first setup"
    LOGIN = "login", "登录", "log in"
    LOGOUT = "logout", "退出", "log out"
    CHANGE = "change_password", "修改密码", "change the password"
    ACCOUNT = "account", "管理账号", "manage an account"
    TOKEN = "token", "管理令牌", "manage a token"
    WEBHOOK = "webhook", "管理事件推送", "manage a webhook"
    FLEET = "fleet", "更新运行版本", "move a part of the fleet"
    READ = "read", "查看", "read"
    ACT = "act", "办理", "act"
    EXPORT = "export", "导出", "export"
    ATTACH = "attach", "上传附件", "attach a file"
    VERIFY = "verify", "核对账本", "check the chains"
    OPEN = "open_seal", "查看密封内容", "open what is sealed"
    RESTORE = "restore", "从备份恢复", "restore from a backup"


@dataclass(frozen=True)
class Access:
    """One line: at which instant (UTC) who asked for what, of which case or account, and what came of it."""

    at: datetime
    who: str
    deed: Deed
    granted: bool
    about: str = ""
    why: str = ""

    def body(self) -> str:
        """Return the line as the one text that is chained."""
        return canonical(
            {
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "who": self.who,
                "deed": self.deed.value,
                "granted": self.granted,
                "about": self.about,
                "why": self.why,
            }
        )


@dataclass(frozen=True)
class Broken:
    """The first line of a writer's chain that was altered, moved or removed."""

    writer: str
    seq: int


class AccessLog:
    """One writer's chain; safe to use from many threads."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Begin a chain; nothing is written yet."""
        self.database, self.now = database, now
        self.writer = secrets.token_hex(8)
        self._seq, self._head = 0, GENESIS
        self._turn = threading.Lock()

    def tell(self, who: str, deed: Deed, *, granted: bool, about: str = "", why: str = "") -> None:
        """Append a line.

        Raises:
            DatabaseAwayError: the database stayed away; nothing was written.
        """
        line = Access(self.now(), _line(who, 64), deed, granted, _line(about, 64), _line(why, 200))
        body = line.body()
        with self._turn:
            seq, head = self._seq + 1, link(self._head, body)
            row = {"writer": self.writer, "seq": seq, "at": line.at, "body": body, "hash": head}

            def append() -> None:
                with self.database.writing() as connection:
                    written = sa.select(tables.access_log.c.hash).where(
                        tables.access_log.c.writer == self.writer, tables.access_log.c.seq == seq
                    )
                    # A transaction whose answer was lost on the way had been written all the same.
                    if connection.execute(written).scalar_one_or_none() is None:
                        connection.execute(sa.insert(tables.access_log), [row])

            self.database.patiently(append)
            self._seq, self._head = seq, head


def _line(text: str, limit: int) -> str:
    return "".join(" " if is_unclean(mark) or mark in "\n\t" else mark for mark in text)[:limit]


def latest(
    database: Database,
    limit: int,
    *,
    who: str = "",
    about: str = "",
    deed: Deed | None = None,
    granted: bool | None = None,
) -> list[Access]:
    """Return the latest lines of all writers, the newest first; all, or only those of a person, a case, a deed."""
    columns = tables.access_log.c
    query = sa.select(columns.body).order_by(columns.at.desc(), columns.writer, columns.seq.desc())
    found: list[Access] = []
    # What a line says stands in its chained text alone, so a filter reads through them, the newest first.
    with database.reading() as connection, connection.execution_options(yield_per=500).execute(query) as rows:
        for body in rows.scalars():
            line = _read(body)
            fits = who in {"", line.who} and about in {"", line.about} and deed in {None, line.deed}
            if fits and granted in {None, line.granted}:
                found.append(line)
                if len(found) == limit:
                    break
    return found


def _read(body: str) -> Access:
    found = json.loads(body)
    return Access(
        datetime.fromisoformat(found["at"]),
        found["who"],
        Deed.of(found["deed"]),
        found["granted"],
        found["about"],
        found["why"],
    )


def verify(database: Database) -> Iterator[Broken]:
    """Yield the first broken line of every chain that is not whole, or not as a daily root covers it."""
    columns = tables.access_log.c
    query = sa.select(columns.writer, columns.seq, columns.body, columns.hash, tables.root_leaves.c.hash)
    query = query.outerjoin_from(tables.access_log, tables.root_leaves, rooted_at(Sort.ACCESS))
    query = query.order_by(columns.writer, columns.seq)
    with database.reading() as connection:
        rooted = {row.chain: row.seq for row in connection.execute(rooted_ends(Sort.ACCESS))}
        rows = connection.execution_options(yield_per=1000).execute(query)
        for found in faults((Entry(*row) for row in rows), None, rooted, named=False):
            yield Broken(found.chain, found.seq)
