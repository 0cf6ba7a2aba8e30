"""A queued fact tells since when it waits and by which trace it came; lost letters are counted without a search."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"

LOST = '"unsettled":['


def upgrade() -> None:
    """Add the two columns and the index; what is queued already has waited since a moment nobody knows."""
    op.add_column("outbox", sa.Column("queued_at", sa.String(27)))
    op.add_column("outbox", sa.Column("trace", sa.String(64)))
    op.create_index(
        "cases_with_lost_letters",
        "cases",
        ["id"],
        sqlite_where=sa.text(f"instr(state, '{LOST}') > 0"),
        postgresql_where=sa.text(f"strpos(state, '{LOST}') > 0"),
    )


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
