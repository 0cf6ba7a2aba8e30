"""The log of heads: leaves, every fourth level of the tree, roots, origins, public keys; what is to be delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INSTANT = sa.String(27)
GUARDED = ("root_leaves", "root_nodes", "roots", "root_origins", "root_keys")


def upgrade() -> None:
    """Make the tables, and guard all but the one of deliveries as the events are guarded."""
    op.create_table(
        "root_leaves",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("chain", sa.String(100), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("root_leaves_by_chain", "root_leaves", ["kind", "chain", "seq"], unique=True)
    op.create_table(
        "root_nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "roots",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "root_origins",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("origin", sa.String(100), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("agreed_by", sa.String(64), nullable=False),
        sa.Column("abandoned", sa.Text, nullable=False),
    )
    op.create_table(
        "root_keys",
        sa.Column("public", sa.String(64), primary_key=True),
        sa.Column("deed", sa.String(8), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "root_deliveries",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("witness", sa.String(8), primary_key=True),
        sa.Column("fate", sa.String(8), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in GUARDED:
        for deed in ("UPDATE", "DELETE") if sqlite else ():
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: append only'); END"
            )
        if not sqlite:
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
