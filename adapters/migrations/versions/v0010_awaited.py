"""A case says which step it waits for from somebody of whatever unit, so that a list of them needs no other rows."""

import sqlalchemy as sa
from alembic import op

from models.actions import awaited
from models.case import Case
from models.vocabulary import Stage

revision = "0010"
down_revision = "0009"

SOME = sa.text("awaits IS NOT NULL")


def upgrade() -> None:
    """Make column and index, and fill them for the cases that are there: only in a sign-off somebody is waited for."""
    op.add_column("cases", sa.Column("awaits", sa.String(64)))
    cases = sa.table("cases", *(sa.column(name) for name in ("id", "stage", "state", "awaits")))
    connection = op.get_bind()
    query = sa.select(cases.c.id, cases.c.state).where(cases.c.stage == Stage.SIGN_OFF.value)
    for name, state in connection.execute(query).all():
        waits = " ".join(awaited(Case.model_validate_json(state))) or None
        connection.execute(sa.update(cases).where(cases.c.id == name).values(awaits=waits))
    op.create_index("cases_by_awaits", "cases", ["awaits", "due"], sqlite_where=SOME, postgresql_where=SOME)


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
