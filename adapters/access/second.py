"""The second factor: a code of six digits from a telephone (RFC 6238), or one of ten recovery codes, each good once.

The secret lies under seal like an identity. A code that was used is refused the second time, however short the while.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import sqlalchemy as sa

from adapters import tables
from adapters.access.accounts import one_time_password
from adapters.access.sessions import hashed
from adapters.database import Database
from adapters.sealed import Sealer
from models.refusals import Refused

STEP: Final = 30
"""Seconds that a code lasts."""
AROUND: Final = (0, -1, 1)
"""Steps beside the present one that are taken: telephones' clocks go a little wrong."""
RECOVERIES: Final = 10


class WrongCode(Refused):
    """验证码不正确或已用过，请用最新的一个。
    The code is not right or was used already; take the newest one.
    """  # noqa: D205 - as with every refusal, the sentence in both languages


@dataclass(frozen=True)
class Factor:
    """Somebody's second factor: whether it is in force, and how many recovery codes are left."""

    person: str
    confirmed: bool
    left: int


class SecondFactors:
    """The second factors of one installation; safe to use from many threads."""

    def __init__(self, database: Database, sealer: Sealer, now: Callable[[], datetime]) -> None:
        """Keep the database, the seal and the real time."""
        self.database, self.sealer, self.now = database, sealer, now

    def of(self, person: str) -> Factor | None:
        """Return somebody's factor, None where they have none."""
        row = self._row(person)
        return None if row is None else Factor(person, row.confirmed, len(json.loads(row.recovery)))

    def every(self) -> frozenset[str]:
        """Return who has one in force."""
        query = sa.select(tables.second_factors.c.person).where(tables.second_factors.c.confirmed)
        with self.database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def begin(self, person: str) -> str:
        """Make a new secret and return it (base32); it is in force only when a code of it was shown to work."""
        secret = pyotp.random_base32()
        new = self.sealer.new_key("factor")
        row = {
            "person": person,
            "confirmed": False,
            "key_id": new.id,
            "secret": new.key.shut(secret.encode(), _ref(person)),
            "last_step": 0,
            "recovery": "[]",
            "made_at": self.now(),
        }

        def begin() -> list[str]:
            with self.database.writing() as connection:
                columns = tables.second_factors.c
                mine = columns.person == person
                # One that is in force is not replaced by whoever finds an open browser.
                old = sa.delete(tables.second_factors).where(mine, ~columns.confirmed).returning(columns.key_id)
                gone = list(connection.execute(old).scalars())
                connection.execute(sa.insert(tables.second_factors), [row])
                return gone

        self.sealer.destroy(*self.database.patiently(begin))
        return secret

    def address(self, person: str, secret: str, office: str) -> str:
        """Return what a telephone scans (``otpauth://``)."""
        return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=f"办结 {office}".strip())

    def confirm(self, person: str, code: str) -> list[str]:
        """Put a secret in force by a code of it; return the recovery codes, which are kept nowhere here.

        Raises:
            WrongCode: it is none of it.
        """
        codes = [one_time_password() for _ in range(RECOVERIES)]
        self._use(person, code, confirmed=False, set_=json.dumps([hashed(each) for each in codes]))
        return codes

    def check(self, person: str, code: str) -> None:
        """Take a code, or a recovery code, which is used up by that.

        Raises:
            WrongCode: it is neither, or was used already.
        """
        plain = "".join(code.split()).replace("-", "").upper()
        if len(plain) > 6:
            self._recover(person, plain)
        else:
            self._use(person, plain, confirmed=True)

    def end(self, person: str) -> None:
        """Take somebody's factor away."""

        def end() -> list[str]:
            with self.database.writing() as connection:
                columns = tables.second_factors.c
                mine = sa.delete(tables.second_factors).where(columns.person == person).returning(columns.key_id)
                return list(connection.execute(mine).scalars())

        self.sealer.destroy(*self.database.patiently(end))

    def _use(self, person: str, code: str, *, confirmed: bool, set_: str | None = None) -> None:
        row = self._row(person)
        if row is None or row.confirmed is not confirmed:
            raise WrongCode
        key = self.sealer.open_key(row.key_id)
        made = pyotp.TOTP(key.open(row.secret, _ref(person)).decode())
        present = int(self.now().timestamp()) // STEP
        given = "".join(code.split()).encode("utf-8", "replace")
        steps = [present + each for each in AROUND]
        step = next((each for each in steps if secrets.compare_digest(made.at(each * STEP).encode(), given)), None)
        if step is None:
            raise WrongCode
        values = {"last_step": step, "confirmed": True, **({"recovery": set_} if set_ else {})}
        columns = tables.second_factors.c

        def use() -> int:
            with self.database.writing() as connection:
                # Of two who bring the same code at once only one comes in.
                fresh = sa.and_(columns.person == person, columns.last_step < step, columns.confirmed == confirmed)
                return connection.execute(sa.update(tables.second_factors).where(fresh).values(**values)).rowcount

        if not self.database.patiently(use):
            raise WrongCode

    def _recover(self, person: str, code: str) -> None:
        columns = tables.second_factors.c

        def use() -> bool:
            with self.database.writing() as connection:
                mine = sa.and_(columns.person == person, columns.confirmed)
                query = sa.select(columns.recovery).where(mine)
                if not self.database.is_sqlite:
                    query = query.with_for_update()
                kept = connection.execute(query).scalar_one_or_none()
                left = json.loads(kept) if kept else []
                if hashed(code) not in left:
                    return False
                left.remove(hashed(code))
                connection.execute(sa.update(tables.second_factors).where(mine).values(recovery=json.dumps(left)))
                return True

        if not self.database.patiently(use):
            raise WrongCode

    def _row(self, person: str) -> "sa.Row[tuple[object, ...]] | None":
        query = sa.select(tables.second_factors).where(tables.second_factors.c.person == person)
        with self.database.reading() as connection:
            return connection.execute(query).one_or_none()


def _ref(person: str) -> str:
    return f"second:{person}"
