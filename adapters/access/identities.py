"""Whom a provider's identity means here: bound by its person, who was logged in by password."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from adapters import tables
from adapters.access.oidc import Identity
from adapters.database import CONFLICT, Database
from models.refusals import Refused


class BoundElsewhere(Refused):
    """该统一身份已绑定其他账号，请联系系统管理员。
    That identity is bound to another account already; ask the administrator.
    """  # noqa: D205 - as with every refusal, the sentence in both languages


class Identities:
    """The bindings of one installation."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Keep the database and the real time."""
        self.database, self.now = database, now

    def person_of(self, identity: Identity) -> str | None:
        """Return whom an identity means, None for nobody."""
        columns = tables.identities.c
        mine = (columns.issuer == identity.issuer) & (columns.subject == identity.subject)
        with self.database.reading() as connection:
            found: str | None = connection.execute(sa.select(columns.person).where(mine)).scalar_one_or_none()
        return found

    def bound(self, person: str) -> bool:
        """Tell whether somebody has bound one."""
        query = sa.select(sa.func.count()).where(tables.identities.c.person == person)
        with self.database.reading() as connection:
            return bool(connection.execute(query).scalar_one())

    def every(self) -> frozenset[str]:
        """Return who has bound one."""
        with self.database.reading() as connection:
            return frozenset(connection.execute(sa.select(tables.identities.c.person)).scalars())

    def bind(self, identity: Identity, person: str) -> None:
        """Let an identity mean somebody.

        Raises:
            BoundElsewhere: it means somebody else.
        """
        if (known := self.person_of(identity)) is not None:
            if known != person:
                raise BoundElsewhere
            return
        row = {"issuer": identity.issuer, "subject": identity.subject, "person": person, "made_at": self.now()}

        def bind() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.insert(tables.identities), [row])

        try:
            self.database.patiently(bind)
        except CONFLICT:
            # Somebody was faster: whoever it means now decides.
            if self.person_of(identity) != person:
                raise BoundElsewhere from None

    def end(self, person: str) -> None:
        """Take somebody's bindings away."""

        def end() -> None:
            with self.database.writing() as connection:
                connection.execute(sa.delete(tables.identities).where(tables.identities.c.person == person))

        self.database.patiently(end)
