"""Drafts of the intake form, under seal."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "drafts",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.String(27), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("drafts")
