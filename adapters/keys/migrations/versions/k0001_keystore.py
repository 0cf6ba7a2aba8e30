"""The keystore as first released: which wrapping keys there are, and the data keys they wrap."""

import sqlalchemy as sa
from alembic import op

revision = "k0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "wrapping_keys",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("retired_at", sa.String(27)),
    )
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sort", sa.String(8), nullable=False),
        sa.Column("wrapping", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_index("data_keys_by_wrapping", "data_keys", ["wrapping", "id"])


def downgrade() -> None:
    """Keys are never thrown away by a version of the program.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
