"""Second factors: each person's secret under seal, and the recovery codes' hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "second_factors",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("recovery", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("second_factors")
