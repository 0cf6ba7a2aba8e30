"""Accounts of the organisation's people: an argon2 hash, a lock that grows with every failure, no default password."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from pwdlib import PasswordHash

from adapters import tables
from adapters.access.passwords import LONGEST as LONGEST_PASSWORD
from adapters.access.passwords import SHORTEST as SHORTEST_PASSWORD
from adapters.access.passwords import is_guessable
from adapters.database import CONFLICT, Database
from adapters.sealed import CODE_LETTERS
from models.base import is_unclean
from models.refusals import Refused

FAILURES: Final = 5
"""So many wrong passwords lock an account."""
LONGEST: Final = timedelta(hours=1)
"""A lock never lasts longer; the first one lasts a minute, and each further failure doubles it."""
ONCE_LENGTH: Final = 16


class WrongPassword(Refused):
    """用户名或密码不正确。
    The user name or the password is not right.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


class Locked(Refused):
    """尝试次数过多，请 {minutes} 分钟后再试。
    Too many attempts. Try again in {minutes} minutes.
    """  # noqa: D205 - likewise


class WeakPassword(Refused):
    """密码至少 {least} 个字符，至多 {most} 个，不能只由用户名、单位名、常见词、键盘顺序或一两个重复的字符组成。
    A password has {least} to {most} characters and is more than names of people and units, common words, rows of keys.
    """  # noqa: D205 - likewise


class SamePassword(Refused):
    """新密码不能与旧密码相同。
    The new password may not be the old one.
    """  # noqa: D205 - likewise


class HasAccount(Refused):
    """{person} 已有账号。
    {person} has an account already.
    """  # noqa: D205 - likewise


class AlreadySetUp(Refused):
    """系统已经设置过，请登录。
    The system has been set up already; please log in.
    """  # noqa: D205 - likewise


class SetupElsewhere(Refused):
    """首次设置只能在本机浏览器上进行。
    The first setup is possible only in a browser on the machine itself.
    """  # noqa: D205 - the first line is the Chinese sentence, the second the English one


@dataclass(frozen=True)
class Account:
    """An account as it stands, without its hash."""

    person: str
    must_change: bool
    failed: int
    locked_until: datetime | None
    closed: bool
    changed_at: datetime


class Accounts:
    """The accounts of one installation; safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        hasher: PasswordHash | None = None,
        words: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        """Keep the database and the real time, which people's locks go by even where the desk's clock runs fast.

        ``words`` are what people know of somebody and of the office: none is a password.
        """
        self.database, self.now, self._words = database, now, words
        self._hasher = hasher or PasswordHash.recommended()
        # What a name without an account is compared with, so that it takes as long as one with an account.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def exist(self) -> bool:
        """Tell whether there is any account yet."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(sa.exists(sa.select(tables.accounts.c.person)))).scalar_one()

    def every(self) -> Sequence[Account]:
        """Return all accounts, by person."""
        query = sa.select(tables.accounts).order_by(tables.accounts.c.person)
        with self.database.reading() as connection:
            return [_account(row) for row in connection.execute(query)]

    def of(self, person: str) -> Account | None:
        """Return a person's account, or None."""
        query = sa.select(tables.accounts).where(tables.accounts.c.person == person)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _account(row)

    def make_first(self, person: str, password: str) -> None:
        """Make the very first account.

        Raises:
            AlreadySetUp: there is one already, also where two people were setting up at once.
            WeakPassword: it would be guessed.
        """
        hashed = self._hashed(person, password)

        def make() -> None:
            with self.database.writing() as connection:
                if not self.database.is_sqlite:
                    connection.execute(sa.text("LOCK TABLE accounts IN EXCLUSIVE MODE"))
                if connection.execute(sa.select(sa.exists(sa.select(tables.accounts.c.person)))).scalar_one():
                    raise AlreadySetUp
                connection.execute(sa.insert(tables.accounts), [self._row(person, hashed, must_change=False)])

        self.database.patiently(make)

    def make(self, person: str) -> str:
        """Make an account and return its one-time password, which is shown once and must be changed.

        Raises:
            HasAccount: the person has one.
        """
        password = one_time_password()
        row = self._row(person, self._hasher.hash(password), must_change=True)

        def make() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.insert(tables.accounts), [row])

        try:
            self.database.patiently(make)
        except CONFLICT:
            raise HasAccount(person=person) from None
        return password

    def renew(self, person: str) -> str:
        """Give an account a new one-time password, open and unlocked, and return it."""
        password = one_time_password()
        hashed = self._hasher.hash(password)
        self._update(person, hash=hashed, must_change=True, failed=0, locked_until=None, closed=False)
        return password

    def close(self, person: str) -> None:
        """Close an account: nobody comes in by it until it is renewed."""
        self._update(person, closed=True)

    def change(self, person: str, old: str, new: str) -> None:
        """Change a password; wrong old ones count like those of a log-in.

        Raises:
            WrongPassword: the old one is not right.
            Locked: too many wrong ones.
            WeakPassword: the new one would be guessed.
            SamePassword: nothing would change.
        """
        self.check(person, old)
        if old == new:
            raise SamePassword
        self._update(person, hash=self._hashed(person, new), must_change=False, failed=0, locked_until=None)

    def check(self, person: str, password: str) -> Account:
        """Return the account of somebody who knows its password.

        Raises:
            WrongPassword: the name or the password is not right; which of them is not said.
            Locked: too many wrong ones; while it lasts the right one is refused as well.
        """
        query = sa.select(tables.accounts).where(tables.accounts.c.person == person)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        now = self.now()
        if row is not None and row.locked_until is not None and row.locked_until > now:
            raise Locked(minutes=_minutes(row.locked_until - now))
        right = self._hasher.verify(password[: LONGEST_PASSWORD + 1], row.hash if row is not None else self._nobody)
        if row is None or row.closed or not right:
            if row is not None:
                self.failed(person)
            raise WrongPassword
        if row.failed:
            self._update(person, failed=0, locked_until=None)
        return _account(row)

    def open(self, person: str) -> None:
        """Make sure that an account is open and not locked.

        Raises:
            WrongPassword: it is closed, or there is none.
            Locked: too many tries were wrong.
        """
        found = self.of(person)
        if found is None or found.closed:
            raise WrongPassword
        if found.locked_until is not None and found.locked_until > self.now():
            raise Locked(minutes=_minutes(found.locked_until - self.now()))

    def failed(self, person: str) -> None:
        """Count a wrong try; enough of them lock the account, ever longer."""
        columns = tables.accounts.c

        def count() -> None:
            with self.database.writing() as connection:
                mine = columns.person == person
                connection.execute(sa.update(tables.accounts).where(mine).values(failed=columns.failed + 1))
                failed = connection.execute(sa.select(columns.failed).where(mine)).scalar_one()
                if failed >= FAILURES:
                    until = self.now() + min(timedelta(minutes=2 ** min(failed - FAILURES, 10)), LONGEST)
                    connection.execute(sa.update(tables.accounts).where(mine).values(locked_until=until))

        self.database.patiently(count)

    def _update(self, person: str, **values: object) -> None:
        changed = {"changed_at": self.now(), **values} if "hash" in values else values

        def update() -> None:
            with self.database.writing() as connection:
                query = sa.update(tables.accounts).where(tables.accounts.c.person == person)
                connection.execute(query.values(**changed))

        self.database.patiently(update)

    def _hashed(self, person: str, password: str) -> str:
        fits = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
        if not fits or any(map(is_unclean, password)) or is_guessable(password, person, self._words(person)):
            raise WeakPassword(least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
        return self._hasher.hash(password)

    def _row(self, person: str, hashed: str, *, must_change: bool) -> dict[str, object]:
        return {
            "person": person,
            "hash": hashed,
            "must_change": must_change,
            "failed": 0,
            "locked_until": None,
            "closed": False,
            "changed_at": self.now(),
        }


def one_time_password() -> str:
    """Return a password that can be read aloud: 78 bits, without letters that look alike."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(ONCE_LENGTH))


def _minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    return Account(row.person, row.must_change, row.failed, row.locked_until, row.closed, row.changed_at)
