"""Petitioners are recognised again by keyed hashes, kept beside the key of what is sealed and gone with it."""

import sqlalchemy as sa
from alembic import op

revision = "k0002"
down_revision = "k0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "people",
        sa.Column("key_id", sa.String(32), primary_key=True),
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("ref", sa.String(64), nullable=False),
    )
    op.create_index("people_by_token", "people", ["token", "ref"])
    op.create_index("people_by_ref", "people", ["ref"])


def downgrade() -> None:
    """Keys are never thrown away by a version of the program.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
