"""The ledger's SQL: what the door reads and writes inside its transaction, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters import tables
from adapters.prepared import Prepared, stamp
from models.case import Case
from models.receipt import parse
from models.values import Filing

AT_ONCE = 500
"""So many names are asked for in one statement; SQLite knows a limit."""
KEY_LENGTH = 200
"""A key may be longer than its number: some characters stand for many."""


class Held(NamedTuple):
    """A case in the hands of a transaction: its state, the hash of its last event, and whether it is new."""

    case: Case
    head: str
    isnew: bool


class Kept(NamedTuple):
    """What is known of an envelope that was accepted before."""

    case: str
    seq: int
    event: str
    at: datetime
    digest: str


def _chunks(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]


def _upsert(dialect: str, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


_KEPT = sa.select(
    tables.envelopes.c.id,
    tables.envelopes.c.case_id,
    tables.envelopes.c.seq,
    tables.envelopes.c.event,
    tables.envelopes.c.recorded_at,
    tables.envelopes.c.digest,
)
_HELD = sa.select(tables.cases.c.id, tables.cases.c.head, tables.cases.c.state)


_KEPT_ONE = Prepared(lambda _: _KEPT.where(tables.envelopes.c.id == sa.bindparam("id")))
_HELD_ONE = Prepared(lambda dialect: _locked(dialect, _HELD.where(tables.cases.c.id == sa.bindparam("id"))))


def _locked(dialect: str, query: "sa.Select[Any]") -> "sa.Select[Any]":
    # SQLite's write transaction holds everything already.
    return query if dialect == "sqlite" else query.with_for_update()


def kept(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Kept]:
    """Return which of these envelopes were accepted before, by id."""
    if len(ids) == 1:
        return {
            name: Kept(case, seq, event, datetime.fromisoformat(at), digest)
            for name, case, seq, event, at, digest in _KEPT_ONE.rows(connection, {"id": ids[0]})
        }
    found: dict[str, Kept] = {}
    for chunk in _chunks(ids):
        for row in connection.execute(_KEPT.where(tables.envelopes.c.id.in_(chunk))):
            found[row.id] = Kept(row.case_id, row.seq, row.event, row.recorded_at, row.digest)
    return found


def hold(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Held]:
    """Return these cases as they stand, held until the transaction ends, locked in the order of their names."""
    found: dict[str, Held] = {}
    if len(ids) == 1:
        return {
            name: Held(Case.model_validate_json(state), head, isnew=False)
            for name, head, state in _HELD_ONE.rows(connection, {"id": ids[0]})
        }
    for chunk in _chunks(ids):
        query = _HELD.where(tables.cases.c.id.in_(chunk)).order_by(tables.cases.c.id)
        for row in connection.execute(_locked(connection.dialect.name, query)):
            found[row.id] = Held(Case.model_validate_json(row.state), row.head, isnew=False)
    return found


def look(connection: sa.Connection, name: str) -> Held | None:
    """Return a case as it stands, held by nobody."""
    row = connection.execute(_HELD.where(tables.cases.c.id == name)).one_or_none()
    return None if row is None else Held(Case.model_validate_json(row.state), row.head, isnew=False)


_SEQ = Prepared(lambda _: sa.select(tables.cases.c.seq).where(tables.cases.c.id == sa.bindparam("name")))


def seq_of(connection: sa.Connection, name: str) -> int:
    """Return the number of a case's latest event, 0 if there is none."""
    return next((int(seq) for (seq,) in _SEQ.rows(connection, {"name": name})), 0)


def last_number(connection: sa.Connection, series: str) -> int:
    """Return the last number used of a series and hold the series until the transaction ends."""
    return int(_LAST_NUMBER.rows(connection, {"series": series, "last": 0})[0][0])


_LAST_NUMBER = Prepared(
    lambda dialect: (
        _upsert(dialect, tables.numbers)
        .values(series=sa.bindparam("series"), last=sa.bindparam("last"))
        .on_conflict_do_update(index_elements=["series"], set_={"last": tables.numbers.c.last})
        .returning(tables.numbers.c.last)
    )
)


def row_of(case: Case, head: str) -> dict[str, object]:
    """Return a case's row of the read model."""
    alarm = case.alarm
    return {
        "id": case.id,
        "kind": case.kind.value,
        "seq": case.seq,
        "head": head,
        "status": case.status.value,
        "stage": case.stage.value,
        "channel": case.channel,
        "unit": case.unit,
        "campaign": case.campaign,
        "parent": case.parent,
        "light": case.light.value,
        "is_open": case.is_open,
        "waiting": not case.resting,
        "due": stamp(case.due),
        "next_alarm": stamp(alarm.at) if alarm else None,
        "registered_at": stamp(case.registered_at),
        "closed_at": stamp(case.closed_at),
        "state": case.model_dump_json(exclude_defaults=True),
    }


_UPDATED = [column.name for column in tables.cases.columns if column.name != "id"]
_UPDATE = Prepared(
    lambda _: (
        sa.update(tables.cases)
        .where(tables.cases.c.id == sa.bindparam("b_id"))
        .values({name: sa.bindparam(f"b_{name}") for name in _UPDATED})
    )
)


def _inserted(table: sa.Table) -> Prepared:
    return Prepared(lambda _: sa.insert(table).values({column.name: sa.bindparam(column.name) for column in table.c}))


_INSERT_EVENT = _inserted(tables.events)
_INSERT_ENVELOPE = _inserted(tables.envelopes)
_INSERT_CASE = _inserted(tables.cases)


def write(
    connection: sa.Connection,
    *,
    events: Sequence[dict[str, object]],
    kept: Sequence[dict[str, object]],
    changed: Sequence[Held],
    before: Mapping[str, Case | None],
    signals: Sequence[tuple[Case, str]],
    secrets: Sequence[dict[str, object]],
    numbers: Mapping[str, int],
) -> None:
    """Append events and envelopes, project the changed cases, queue their signals."""
    _INSERT_EVENT.write(connection, events)
    _INSERT_ENVELOPE.write(connection, kept)
    project(connection, [row_of(held.case, held.head) for held in changed if held.isnew], new=True)
    project(connection, [row_of(held.case, held.head) for held in changed if not held.isnew], new=False)
    filed = [
        {"channel": filing.channel, "number": key_of(filing.number), "case_id": held.case.id}
        for held in changed
        for filing in _new_filings(held.case, before.get(held.case.id))
    ]
    if filed:
        connection.execute(_upsert(connection.dialect.name, tables.filings).on_conflict_do_nothing(), filed)
    if signals:
        queue(connection, signals)
    if secrets:
        # Sealed under the same name is the same secret: its envelope came by two ways at once.
        connection.execute(_upsert(connection.dialect.name, tables.sealed).on_conflict_do_nothing(), secrets)
    if numbers:
        connection.execute(
            sa.update(tables.numbers).where(tables.numbers.c.series == sa.bindparam("b_series")),
            [{"b_series": series, "last": last} for series, last in numbers.items()],
        )


def project(connection: sa.Connection, rows: Sequence[dict[str, object]], *, new: bool) -> None:
    """Write cases' rows of the read model; a row that is there is never taken away, for a command may wait for it."""
    if rows and new:
        _INSERT_CASE.write(connection, rows)
    elif rows:
        _UPDATE.write(connection, [{f"b_{name}": value for name, value in row.items()} for row in rows])


def key_of(number: str) -> str:
    """Return what a filing is looked up by: the key of its number, as much of it as the column holds."""
    return parse(number).key[:KEY_LENGTH]


def _new_filings(case: Case, before: Case | None) -> list[Filing]:
    old = set(before.filings) if before else set()
    return [filing for filing in case.filings if filing not in old]


def _queued(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    statement = _upsert(dialect, tables.outbox)
    statement = statement.values({column.name: sa.bindparam(column.name) for column in tables.outbox.c})
    return statement.on_conflict_do_update(
        index_elements=["case_id"],
        set_={name: getattr(statement.excluded, name) for name in ("seq", "facts", "attempts", "not_before", "error")},
    )


_QUEUE = Prepared(_queued)


def queue(connection: sa.Connection, signals: Sequence[tuple[Case, str]]) -> None:
    """Queue the newest facts of cases for their process managers: one row a case, so the newest says everything."""
    _QUEUE.write(
        connection,
        [
            {"case_id": case.id, "seq": case.seq, "facts": facts, "attempts": 0, "not_before": 0.0, "error": None}
            for case, facts in signals
        ],
    )
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text("NOTIFY banjie_outbox"))
