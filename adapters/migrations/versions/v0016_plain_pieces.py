"""Cases are found by plain characters and by the respondents that were found, too: similar petitions go by these."""

import sqlalchemy as sa
from alembic import op

from adapters.searching import pieces_of
from models.case import Case

revision = "0016"
down_revision = "0015"

AT_ONCE = 500


def upgrade() -> None:
    """Write the pieces of the cases that are there anew where they are others."""
    connection = op.get_bind()
    cases = sa.table("cases", *(sa.column(name) for name in ("id", "state", "pieces")))
    query = sa.select(cases.c.id, cases.c.state, cases.c.pieces).order_by(cases.c.id).limit(AT_ONCE)
    last = ""
    while found := connection.execute(query.where(cases.c.id > last)).all():
        for name, state, before in found:
            pieces = pieces_of(Case.model_validate_json(state))
            if pieces != before:
                connection.execute(sa.update(cases).where(cases.c.id == name).values(pieces=pieces))
        last = found[-1].id


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
