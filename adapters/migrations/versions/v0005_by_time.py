"""What happened lately is found by its time: for those who listen."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("envelopes_by_time", "envelopes", ["recorded_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("envelopes_by_time", "envelopes")
