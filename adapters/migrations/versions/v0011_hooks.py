"""Webhooks, and what is on its way to them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
INSTANT = sa.String(27)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "hooks",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("events", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("begun", INSTANT, nullable=False),
        sa.Column("read_to", INSTANT, nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("sent_at", INSTANT),
    )
    op.create_table(
        "hook_deliveries",
        sa.Column("hook_id", sa.String(16), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fate", sa.String(8), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("tried_at", INSTANT),
        sa.Column("not_before", sa.Float, nullable=False),
    )
    op.create_index("hook_deliveries_by_turn", "hook_deliveries", ["fate", "not_before"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("hook_deliveries")
    op.drop_table("hooks")
