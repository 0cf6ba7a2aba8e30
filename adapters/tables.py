"""The ledger's tables. Instants are fixed-width UTC text, so that they sort alike on every database.

``events`` and ``envelopes`` are the truth; ``cases``, ``filings``, ``case_pieces`` (what cases are found by) and
``figures`` (the daily sums of ``models.statistics``) are projections that ``rebuild`` makes anew;
``outbox`` is work to be sent; ``sealed`` is the closed store, ``attachments`` are the files of cases, closed too.
``accounts``, ``sessions`` and ``tokens`` say who may
come in by the console; ``access_log`` says who did and who was turned away, append-only and chained.
``roots`` and what begins with ``root_`` are the log of the chains' heads, append-only but for what is on its way to
witnesses (``adapters.roots``).
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
LOST = '"unsettled":['
"""What stands in the state of a case that has a letter which did not arrive."""


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept as ``2026-11-23T01:02:03.000004Z``."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:  # noqa: ANN401
        """Write the instant as text."""
        del dialect
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:  # noqa: ANN401
        """Read it back."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


events = sa.Table(
    "events",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
envelopes = sa.Table(
    "envelopes",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("case_id", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("envelopes_by_time", "recorded_at"),
)
cases = sa.Table(
    "cases",
    metadata,
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
    sa.Column("due", Instant),
    sa.Column("next_alarm", Instant),
    sa.Column("registered_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("handler", sa.String(64)),
    sa.Column("leader", sa.String(64)),
    sa.Column("pieces", sa.Text),
    sa.Column("awaits", sa.String(64)),
    sa.Column("area", sa.String(100)),
    sa.Column("types", sa.String(200)),
    # With the area, so that those of a township are found without looking into each.
    sa.Index("cases_by_kind", "kind", "registered_at", "id", "area"),
    sa.Index("cases_by_status", "status", "registered_at", "id"),
    sa.Index("cases_by_unit", "unit", "is_open", "due"),
    sa.Index("cases_by_closing", "closed_at", "registered_at", "id", "status", "kind"),
    sa.Index("cases_by_alarm", "next_alarm"),
    sa.Index("cases_by_parent", "parent"),
    sa.Index("cases_by_arrival", "registered_at", "id", "kind", "area"),
    sa.Index("cases_by_due", "is_open", "due"),
    sa.Index("cases_by_handler", "handler", "is_open"),
    sa.Index("cases_by_leader", "leader", "is_open"),
    # What is closed, nine of ten, costs this index nothing; it holds all that is counted of what is open.
    sa.Index(
        "cases_open",
        *("kind", "status", "due", "id", "registered_at", "light", "unit", "channel", "area", "types"),
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    ),
    # Few cases wait for somebody from elsewhere: the others cost the index nothing.
    sa.Index(
        "cases_by_awaits",
        "awaits",
        "due",
        sqlite_where=sa.text("awaits IS NOT NULL"),
        postgresql_where=sa.text("awaits IS NOT NULL"),
    ),
    # The read model leaves out what is empty, so the name alone tells (``has_lost_letters``).
    sa.Index(
        "cases_with_lost_letters",
        "id",
        sqlite_where=sa.text(f"instr(state, '{LOST}') > 0"),
        postgresql_where=sa.text(f"strpos(state, '{LOST}') > 0"),
    ),
)
# Kept by triggers from ``cases.pieces``, so that whatever writes a row keeps what it is found by.
case_pieces = sa.Table(
    "case_pieces",
    metadata,
    sa.Column("piece", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.String(64), primary_key=True),
    sqlite_with_rowid=False,
)
figures = sa.Table(
    "figures",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("side", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    *(
        sa.Column(name, sa.Integer, nullable=False)
        for name in (
            "received",
            "received_closed",
            "ended",
            "repeated",
            "open",
            "closed",
            "closed_on_time",
            "closed_late",
        )
    ),
    sa.Index(
        "figures_open",
        "day",
        sqlite_where=sa.text("side = '' AND open > 0"),
        postgresql_where=sa.text("side = '' AND open > 0"),
    ),
    sqlite_with_rowid=False,
)
filings = sa.Table(
    "filings",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("number", sa.String(200), primary_key=True),
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Index("filings_by_case", "case_id"),
)
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", sa.Float, nullable=False, default=0.0),
    sa.Column("error", sa.String(400)),
    # Whether a workflow that runs is ended and started anew: after a restore it may know what never was.
    sa.Column("afresh", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    # Since when its manager has not heard everything, by the desk's clock; and the trace that the newest facts came by.
    sa.Column("queued_at", Instant),
    sa.Column("trace", sa.String(64)),
    sa.Index("outbox_by_turn", "not_before"),
)
numbers = sa.Table(
    "numbers",
    metadata,
    sa.Column("series", sa.String(16), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
sealed = sa.Table(
    "sealed",
    metadata,
    sa.Column("ref", sa.String(64), primary_key=True),
    sa.Column("key_id", sa.String(32), nullable=False, server_default=sa.text("''")),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", Instant, nullable=False),
)
# Data keys as they lay here before there was a keystore, until it has taken them over; empty since.
moving_keys = sa.Table(
    "moving_keys",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("sort", sa.String(8), nullable=False),
    sa.Column("bound", sa.String(200), nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.String(400), nullable=False),
)
accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("hash", sa.String(200), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("locked_until", Instant),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("agent_hash", sa.String(64), nullable=False),
    sa.Index("sessions_by_person", "person"),
)
second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("key_id", sa.String(32), nullable=False, server_default=sa.text("''")),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("last_step", sa.Integer, nullable=False),
    sa.Column("recovery", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
identities = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", sa.String(300), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("scopes", sa.String(200), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("revoked_at", Instant),
)
views = sa.Table(
    "views",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("query", sa.String(1000), nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("views_by_person", "person"),
)
hooks = sa.Table(
    "hooks",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("url", sa.String(500), nullable=False),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("events", sa.String(2000), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("key_id", sa.String(32), nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("begun", Instant, nullable=False),
    sa.Column("read_to", Instant, nullable=False),
    sa.Column("failing_since", Instant),
    sa.Column("sent_at", Instant),
)
hook_deliveries = sa.Table(
    "hook_deliveries",
    metadata,
    sa.Column("hook_id", sa.String(16), primary_key=True),
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("type", sa.String(100), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("fate", sa.String(8), nullable=False),
    sa.Column("answer", sa.String(40), nullable=False),
    sa.Column("tried_at", Instant),
    sa.Column("not_before", sa.Float, nullable=False),
    sa.Index("hook_deliveries_by_turn", "fate", "not_before"),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("key_id", sa.String(32), nullable=False, server_default=sa.text("''")),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
)
attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("sort", sa.String(16), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("added_by", sa.String(64), nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("taken_at", sa.String(16), nullable=False),
    sa.Column("key_id", sa.String(32), nullable=False, server_default=sa.text("''")),
    sa.Column("small", sa.LargeBinary),
)
attachment_parts = sa.Table(
    "attachment_parts",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("writer", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("access_log_by_time", "at"),
)
# The log of heads (``adapters.roots``): a leaf for each head of a chain, in the order in which they were taken in.
root_leaves = sa.Table(
    "root_leaves",
    metadata,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("chain", sa.String(100), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("root_leaves_by_chain", "kind", "chain", "seq", unique=True),
)
# Every fourth level of the tree over them, so that a proof reads some hundred rows and not all.
root_nodes = sa.Table(
    "root_nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
roots = sa.Table(
    "roots",
    metadata,
    sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("root", sa.String(64), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
root_origins = sa.Table(
    "root_origins",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("origin", sa.String(100), nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("agreed_by", sa.String(64), nullable=False),
    sa.Column("abandoned", sa.Text, nullable=False),
)
root_keys = sa.Table(
    "root_keys",
    metadata,
    sa.Column("public", sa.String(64), primary_key=True),
    sa.Column("deed", sa.String(8), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
root_deliveries = sa.Table(
    "root_deliveries",
    metadata,
    sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("witness", sa.String(8), primary_key=True),
    sa.Column("fate", sa.String(8), nullable=False),
    sa.Column("why", sa.String(40), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


def has_lost_letters(dialect: str) -> sa.ColumnElement[bool]:
    """Return that a case has a letter that did not arrive, written as the index of these cases is."""
    index = next(each for each in cases.indexes if each.name == "cases_with_lost_letters")
    where: sa.ColumnElement[bool] = index.dialect_options[dialect]["where"]
    return where
