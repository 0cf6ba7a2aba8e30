"""A queued signal may ask for a workflow that is started anew, whatever runs under its name."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("afresh", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
