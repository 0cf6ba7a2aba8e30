"""The figures of each day are kept as sums, and cases are found by type and area through the index of pieces."""

import sqlalchemy as sa
from alembic import op

from adapters import statistics
from adapters.searching import pieces_of
from models.case import Case

revision = "0012"
down_revision = "0011"

OPEN, STILL = sa.text("is_open"), sa.text("side = '' AND open > 0")
SUMS = ("received", "received_closed", "ended", "repeated", "open", "closed", "closed_on_time", "closed_late")
AT_ONCE = 500


def upgrade() -> None:
    """Make table and indexes, and fill them for the cases that are there."""
    op.create_table(
        "figures",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("side", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in SUMS),
        sqlite_with_rowid=False,
    )
    op.create_index("figures_open", "figures", ["day"], sqlite_where=STILL, postgresql_where=STILL)
    op.create_index("cases_open", "cases", ["kind", "light"], sqlite_where=OPEN, postgresql_where=OPEN)
    _tag(op.get_bind())
    statistics.keep(op.get_bind())


def _tag(connection: sa.Connection) -> None:
    cases = sa.table("cases", *(sa.column(name) for name in ("id", "state", "pieces")))
    last = ""
    while True:
        query = sa.select(cases.c.id, cases.c.state).where(cases.c.id > last).order_by(cases.c.id).limit(AT_ONCE)
        found = connection.execute(query).all()
        if not found:
            return
        for name, state in found:
            pieces = pieces_of(Case.model_validate_json(state))
            connection.execute(sa.update(cases).where(cases.c.id == name).values(pieces=pieces))
        last = found[-1].id


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
