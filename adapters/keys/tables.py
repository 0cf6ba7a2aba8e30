"""The keystore's tables. Nothing in them tells whose a key is; nothing in them is a secret without a wrapping key."""

import sqlalchemy as sa

from adapters.tables import Instant

metadata = sa.MetaData()

wrapping_keys = sa.Table(
    "wrapping_keys",
    metadata,
    # Made from the key by a one-way function: it finds the key again, and tells nothing of it.
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("retired_at", Instant),
)
people = sa.Table(
    "people",
    metadata,
    sa.Column("key_id", sa.String(32), primary_key=True),
    sa.Column("token", sa.String(32), primary_key=True),
    sa.Column("ref", sa.String(64), nullable=False),
    sa.Index("people_by_token", "token", "ref"),
    sa.Index("people_by_ref", "ref"),
)
data_keys = sa.Table(
    "data_keys",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("sort", sa.String(8), nullable=False),
    sa.Column("wrapping", sa.String(16), nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Index("data_keys_by_wrapping", "wrapping", "id"),
)
