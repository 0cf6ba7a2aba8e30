"""Cases are found by what is written in them, and by whose they are, through indexes."""

import sqlalchemy as sa
from alembic import op

from adapters.searching import pieces_of
from models.case import Case

revision = "0008"
down_revision = "0007"

# A row's pieces one by one; they hold neither blanks nor quotation marks.
OLD = """SELECT value, old.id FROM json_each('["' || replace(old.pieces, ' ', '","') || '"]') WHERE value <> ''"""
NEW = """SELECT value, new.id FROM json_each('["' || replace(new.pieces, ' ', '","') || '"]') WHERE value <> ''"""
TAKE = f"DELETE FROM case_pieces WHERE (piece, case_id) IN ({OLD});"  # noqa: S608 - our own text
LAY = f"INSERT OR IGNORE INTO case_pieces {NEW};"
CHANGED = "WHEN old.pieces IS NOT new.pieces OR old.id IS NOT new.id"
ON_SQLITE = (
    f"CREATE TRIGGER cases_pieces_insert AFTER INSERT ON cases BEGIN {LAY} END",
    f"CREATE TRIGGER cases_pieces_update AFTER UPDATE OF pieces, id ON cases {CHANGED} BEGIN {TAKE} {LAY} END",
    f"CREATE TRIGGER cases_pieces_delete AFTER DELETE ON cases BEGIN {TAKE} END",
)
ON_POSTGRESQL = (
    """CREATE FUNCTION banjie_pieces() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM case_pieces WHERE case_id = old.id AND piece = ANY (string_to_array(old.pieces, ' '));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO case_pieces SELECT each, new.id FROM unnest(string_to_array(new.pieces, ' ')) AS each
        WHERE each <> '' ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL; END $$""",
    "CREATE TRIGGER cases_pieces_new AFTER INSERT OR DELETE ON cases FOR EACH ROW EXECUTE FUNCTION banjie_pieces()",
    """CREATE TRIGGER cases_pieces_changed AFTER UPDATE ON cases FOR EACH ROW
    WHEN (old.pieces IS DISTINCT FROM new.pieces OR old.id <> new.id) EXECUTE FUNCTION banjie_pieces()""",
)
AT_ONCE = 500


def upgrade() -> None:
    """Make columns, table, indexes and triggers, and fill them for the cases that are there."""
    op.add_column("cases", sa.Column("handler", sa.String(64)))
    op.add_column("cases", sa.Column("leader", sa.String(64)))
    op.add_column("cases", sa.Column("pieces", sa.Text))
    op.create_table(
        "case_pieces",
        sa.Column("piece", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), primary_key=True),
        sqlite_with_rowid=False,
    )
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)
    _fill(op.get_bind())
    op.create_index("cases_by_arrival", "cases", ["registered_at", "id"])
    op.create_index("cases_by_due", "cases", ["is_open", "due"])
    op.create_index("cases_by_handler", "cases", ["handler", "is_open"])
    op.create_index("cases_by_leader", "cases", ["leader", "is_open"])


def _fill(connection: sa.Connection) -> None:
    cases = sa.table("cases", *(sa.column(name) for name in ("id", "state", "handler", "leader", "pieces")))
    last = ""
    while True:
        query = sa.select(cases.c.id, cases.c.state).where(cases.c.id > last).order_by(cases.c.id).limit(AT_ONCE)
        found = connection.execute(query).all()
        if not found:
            return
        for name, state in found:
            case = Case.model_validate_json(state)
            row = {"handler": case.handler, "leader": case.leader, "pieces": pieces_of(case)}
            connection.execute(sa.update(cases).where(cases.c.id == name).values(row))
        last = found[-1].id


def downgrade() -> None:
    """A ledger is never taken apart.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError
