"""Whom the identities of a provider mean here."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("identities")
