"""What is counted of open cases, and whose area a case is, stand in columns and indexes instead of the state alone."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from adapters import tables
from adapters.searching import text_field, types_text
from models.areas import area_or_unit

revision = "0015"
down_revision = "0014"

OPEN = sa.text("is_open")
AT_ONCE = 2_000


def upgrade() -> None:
    """Make the columns, fill them for the cases that are there, and make the indexes anew."""
    op.add_column("cases", sa.Column("area", sa.String(100)))
    op.add_column("cases", sa.Column("types", sa.String(200)))
    # Before there are indexes to keep.
    for name in ("cases_by_kind", "cases_by_arrival", "cases_open"):
        op.drop_index(name, "cases")
    _fill(op.get_bind())
    op.create_index("cases_by_kind", "cases", ["kind", "registered_at", "id", "area"])
    op.create_index("cases_by_arrival", "cases", ["registered_at", "id", "kind", "area"])
    columns = ["kind", "status", "due", "id", "registered_at", "light", "unit", "channel", "area", "types"]
    op.create_index("cases_open", "cases", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def _fill(connection: sa.Connection) -> None:
    columns, sqlite = tables.cases.c, connection.dialect.name == "sqlite"
    told = [text_field(name, sqlite=sqlite).label(name) for name in ("place", "types")]
    found: sa.Select[Any] = sa.select(columns.id, columns.unit, *told).order_by(columns.id).limit(AT_ONCE)
    change = sa.update(tables.cases).where(columns.id == sa.bindparam("name"))
    change = change.values(area=sa.bindparam("area"), types=sa.bindparam("types"))
    last = ""
    while rows := connection.execute(found.where(columns.id > last)).all():
        filled = [
            {
                "name": row.id,
                "area": area_or_unit(row.place or "", row.unit),
                "types": types_text(tuple(json.loads(row.types)) if row.types else ()),
            }
            for row in rows
        ]
        connection.execute(change, filled)
        last = rows[-1].id


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
