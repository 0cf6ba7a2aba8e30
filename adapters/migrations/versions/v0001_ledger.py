"""The ledger as first released: events, envelopes, projections, outbox, sealed store; and triggers that guard it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.String(27)
GUARDED = ("events", "envelopes")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("case_id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "envelopes",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64)),
        sa.Column("campaign", sa.String(64)),
        sa.Column("parent", sa.String(64)),
        sa.Column("light", sa.String(8), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("due", INSTANT),
        sa.Column("next_alarm", INSTANT),
        sa.Column("registered_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("cases_by_kind", "cases", ["kind", "registered_at", "id"])
    op.create_index("cases_by_status", "cases", ["kind", "status", "registered_at"])
    op.create_index("cases_by_unit", "cases", ["unit", "status"])
    op.create_index("cases_by_alarm", "cases", ["next_alarm"])
    op.create_index("cases_by_parent", "cases", ["parent"])
    op.create_table(
        "filings",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(200), primary_key=True),
        sa.Column("case_id", sa.String(64), primary_key=True),
    )
    op.create_index("filings_by_case", "filings", ["case_id"])
    op.create_table(
        "outbox",
        sa.Column("case_id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("error", sa.String(400)),
    )
    op.create_index("outbox_by_turn", "outbox", ["not_before"])
    op.create_table(
        "numbers",
        sa.Column("series", sa.String(16), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "sealed",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.String(400), nullable=False),
    )
    (_guard_on_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_on_postgresql)()


def _guard_on_sqlite() -> None:
    for table in GUARDED:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: append only'); END"
            )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION banjie_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: append only', TG_TABLE_NAME; END $$"
    )
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION banjie_append_only()"
        )


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
