"""Data keys leave the ledger: rows name their key, and the wrapped keys wait for the keystore to take them over.

They wait in a table of their own, so that killing the program at any point loses nothing: what the keystore has taken
is deleted from it, the rest is taken at the next start.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

AT_ONCE = 500
BOUND = {
    "sealed": ("seal", "{0}", ("ref",)),
    "attachments": ("file", "file:{0}:{1}", ("case_id", "sha256")),
    "second_factors": ("factor", "second:{0}", ("person",)),
    "drafts": ("draft", "draft/{0}", ("person",)),
}
"""What the keys of each table are called in the keystore, what they were bound to, and the table's own key."""


def upgrade() -> None:
    """Name the keys, and lay the wrapped ones aside."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # Or the wrapped keys would stay readable in pages that are free.
        op.execute("PRAGMA secure_delete=ON")
    op.create_table(
        "moving_keys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sort", sa.String(8), nullable=False),
        sa.Column("bound", sa.String(200), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    for table, (sort, bound, key) in BOUND.items():
        op.add_column(table, sa.Column("key_id", sa.String(32), nullable=False, server_default=sa.text("''")))
        _lay_aside(connection, table, sort, bound, key)
        op.drop_column(table, "wrapped_key")


def _lay_aside(connection: sa.Connection, table: str, sort: str, bound: str, key: tuple[str, ...]) -> None:
    found = sa.table(table, *(sa.column(name) for name in (*key, "key_id", "wrapped_key")))
    moving = sa.table("moving_keys", *(sa.column(name) for name in ("id", "sort", "bound", "wrapped")))
    own = [found.c[name] for name in key]
    # One that was destroyed before is not named.
    left = sa.and_(found.c.key_id == "", sa.func.length(found.c.wrapped_key) > 0)
    while rows := connection.execute(sa.select(*own, found.c.wrapped_key).where(left).limit(AT_ONCE)).all():
        for *names, wrapped in rows:
            ref = bound.format(*names)
            key_id = hashlib.sha256(ref.encode()).hexdigest()[:32]
            row = {"id": key_id, "sort": sort, "bound": ref, "wrapped": wrapped}
            connection.execute(sa.insert(moving).values(row))
            mine = sa.and_(*(column == name for column, name in zip(own, names, strict=True)))
            connection.execute(sa.update(found).where(mine).values(key_id=key_id))


def downgrade() -> None:
    """Keys do not come back into the ledger.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
