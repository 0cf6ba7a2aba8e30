"""Lists by status, unit and day of closure take their rows from an index whatever their number."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OPEN = sa.text("is_open")


def upgrade() -> None:
    """Make the indexes anew; those of closing and of what is open hold all that a list or a count asks for."""
    op.drop_index("cases_by_status", "cases")
    op.drop_index("cases_by_unit", "cases")
    op.create_index("cases_by_status", "cases", ["status", "registered_at", "id"])
    op.create_index("cases_by_unit", "cases", ["unit", "is_open", "due"])
    op.create_index("cases_by_closing", "cases", ["closed_at", "registered_at", "id", "status", "kind"])
    op.drop_index("cases_open", "cases")
    op.create_index("cases_open", "cases", ["kind", "due", "light"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
