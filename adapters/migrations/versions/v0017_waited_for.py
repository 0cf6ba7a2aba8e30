"""A case says every step it waits for from somebody beside the unit at work, the whole sign-off among them."""

import sqlalchemy as sa
from alembic import op

from models.actions import awaited
from models.case import Case
from models.vocabulary import AT_WORK, Status

revision = "0017"
down_revision = "0016"

AT_ONCE = 500
MAY_WAIT = (Status.REGISTERED, *AT_WORK, Status.INTERIM, Status.CLOSED, Status.RECONSIDERING)


def upgrade() -> None:
    """Fill the column anew for the cases that may wait for somebody."""
    connection = op.get_bind()
    cases = sa.table("cases", *(sa.column(name) for name in ("id", "status", "state", "awaits")))
    query = sa.select(cases.c.id, cases.c.state, cases.c.awaits).order_by(cases.c.id).limit(AT_ONCE)
    query = query.where(cases.c.status.in_([each.value for each in MAY_WAIT]))
    last = ""
    while found := connection.execute(query.where(cases.c.id > last)).all():
        for name, state, before in found:
            waits = " ".join(awaited(Case.model_validate_json(state))) or None
            if waits != before:
                connection.execute(sa.update(cases).where(cases.c.id == name).values(awaits=waits))
        last = found[-1].id


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
