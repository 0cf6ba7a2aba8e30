"""The ledger's SQL: what the door reads and writes inside its transaction, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from adapters import tables
from adapters.database import driver_of
from adapters.prepared import Prepared, names, one_of, stamp, together, upsert
from adapters.remembered import Remembered, Row
from adapters.searching import pieces_of, types_text
from adapters.statistics import add
from models.actions import awaited
from models.areas import area_or_unit
from models.case import Case
from models.receipt import parse
from models.statistics import moved
from models.statistics import row_of as row_of_figures
from models.telling import what_is_changed
from models.values import Filing
from models.vocabulary import STANDING

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

KEY_LENGTH = 200
"""A key may be longer than its number: some characters stand for many."""

_REMEMBERED = Remembered()

Rows = Iterable[tuple[Any, ...]]


class Held(NamedTuple):
    """A case in the hands of a transaction: its state, the hash of its last event, whether it is new, its old row.

    The row is the one of the read model, as this process wrote it with the state; None where it did not.
    """

    case: Case
    head: str
    isnew: bool
    row: Row | None = None


class Kept(NamedTuple):
    """What is known of an envelope that was accepted before."""

    case: str
    seq: int
    event: str
    at: datetime
    digest: str


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
_KEPT_MANY = Prepared(lambda dialect: _KEPT.where(one_of(dialect, tables.envelopes.c.id, "ids")))
_HELD_ONE = Prepared(lambda dialect: _locked(dialect, _HELD.where(tables.cases.c.id == sa.bindparam("id"))))
_HELD_MANY = Prepared(
    lambda dialect: _locked(dialect, _HELD.where(one_of(dialect, tables.cases.c.id, "ids")).order_by(tables.cases.c.id))
)


def _locked(dialect: str, query: "sa.Select[Any]") -> "sa.Select[Any]":
    # SQLite's write transaction holds everything already.
    return query if dialect == "sqlite" else query.with_for_update()


def kept(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Kept]:
    """Return which of these envelopes were accepted before, by id."""
    return _kept(_asked(connection, ids, _KEPT_ONE, _KEPT_MANY))


def hold(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Held]:
    """Return these cases as they stand, held until the transaction ends, locked in the order of their names."""
    return _held(_asked(connection, ids, _HELD_ONE, _HELD_MANY))


def begin(
    connection: sa.Connection, cases: Sequence[str], envelopes: Sequence[str]
) -> tuple[dict[str, Held], dict[str, Kept], int]:
    """Hold cases, and only then look for envelopes and how far the standing streams are, asking once for all.

    Whoever had one of the cases before us may have brought the same envelope.
    """
    with together(connection):
        held = _asked(connection, cases, _HELD_ONE, _HELD_MANY)
        kept = _asked(connection, envelopes, _KEPT_ONE, _KEPT_MANY)
        seq = _GROWN.ask(connection, {})
    return _held(held), _kept(kept), _seq(seq)


def _asked(connection: sa.Connection, ids: Sequence[str], one: Prepared, many: Prepared) -> Rows:
    found: Rows = ()
    if len(ids) == 1:
        found = one.ask(connection, {"id": ids[0]})
    elif ids:
        found = many.ask(connection, {"ids": names(connection, ids)})
    return found


def _kept(rows: Rows) -> dict[str, Kept]:
    return {
        name: Kept(case, seq, event, datetime.fromisoformat(at), digest) for name, case, seq, event, at, digest in rows
    }


def _held(rows: Rows) -> dict[str, Held]:
    return {name: _as_it_stands(name, head, state) for name, head, state in rows}


def _as_it_stands(name: str, head: str, state: str) -> Held:
    case, row = _REMEMBERED.case(name, state)
    return Held(case, head, isnew=False, row=row)


def look(connection: sa.Connection, name: str) -> Held | None:
    """Return a case as it stands, held by nobody."""
    row = connection.execute(_HELD.where(tables.cases.c.id == name)).one_or_none()
    return None if row is None else _as_it_stands(row.id, row.head, row.state)


_SEQ = Prepared(lambda _: sa.select(tables.cases.c.seq).where(tables.cases.c.id == sa.bindparam("name")))


def seq_of(connection: sa.Connection, name: str) -> int:
    """Return the number of a case's latest event, 0 if there is none."""
    return _seq(_SEQ.ask(connection, {"name": name}))


def _seq(rows: Rows) -> int:
    return next((int(seq) for (seq,) in rows), 0)


_STANDING = tables.cases.c.kind.in_([sa.literal_column(f"'{kind.value}'") for kind in sorted(STANDING)])
_GROWN = Prepared(
    lambda _: sa.select(sa.func.coalesce(sa.func.sum(tables.cases.c.seq), sa.literal_column("0"))).where(_STANDING)
)


def grown(connection: sa.Connection) -> int:
    """Return how far the standing streams are: the sum of the numbers of their latest events."""
    return _seq(_GROWN.ask(connection, {}))


def standing(connection: sa.Connection) -> list[Case]:
    """Return the standing streams (organisation, policies, calendars, campaigns) as they are."""
    query = sa.select(tables.cases.c.state).where(_STANDING).order_by(tables.cases.c.id)
    return [Case.model_validate_json(state) for state in connection.execute(query).scalars()]


def last_number(connection: sa.Connection, series: str) -> int:
    """Return the last number used of a series and hold the series until the transaction ends."""
    return int(_LAST_NUMBER.rows(connection, {"series": series, "last": 0})[0][0])


_LAST_NUMBER = Prepared(
    lambda dialect: (
        upsert(dialect, tables.numbers)
        .values(series=sa.bindparam("series"), last=sa.bindparam("last"))
        .on_conflict_do_update(index_elements=["series"], set_={"last": tables.numbers.c.last})
        .returning(tables.numbers.c.last)
    )
)


_NUMBERED = Prepared(
    lambda _: (
        sa.update(tables.numbers)
        .where(tables.numbers.c.series == sa.bindparam("series"))
        .values(last=sa.bindparam("last"))
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
        "waiting": alarm is not None or bool(case.pending),
        "due": stamp(case.due),
        "next_alarm": stamp(alarm.at) if alarm else None,
        "registered_at": stamp(case.registered_at),
        "closed_at": stamp(case.closed_at),
        "state": what_is_changed(case),
        "handler": case.handler,
        "leader": case.leader,
        "pieces": pieces_of(case),
        "awaits": " ".join(awaited(case)) or None,
        "area": area_or_unit(case.place, case.unit),
        "types": types_text(case.types),
    }


_UPDATED = tuple(column.name for column in tables.cases.columns if column.name != "id")


@cache
def _update(columns: tuple[str, ...]) -> Prepared:
    statement = sa.update(tables.cases).where(tables.cases.c.id == sa.bindparam("id"))
    return Prepared(lambda _: statement.values({name: sa.bindparam(name) for name in columns}))


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
    at: datetime | None = None,
    traces: Mapping[str, str | None] = {},
) -> None:
    """Append events and envelopes, project the changed cases, queue their signals."""
    rows = [(row_of(held.case, held.head), held) for held in changed]
    for row, held in rows:
        _REMEMBERED.keep(held.case.id, str(row["state"]), held.case, row)
    with together(connection):
        _INSERT_EVENT.write(connection, events)
        _INSERT_ENVELOPE.write(connection, kept)
        if new := [row for row, held in rows if held.isnew]:
            _INSERT_CASE.write(connection, new)
        for row, held in rows:
            if not held.isnew:
                _project(connection, row, held.row)
        if signals:
            queue(connection, signals, at=at, traces=traces)
        if numbers:
            _NUMBERED.write(connection, [{"series": series, "last": last} for series, last in numbers.items()])
    add(connection, moved((row_of_figures(before.get(held.case.id)), row_of_figures(held.case)) for held in changed))
    filed = [
        {"channel": filing.channel, "number": key_of(filing.number), "case_id": held.case.id}
        for held in changed
        for filing in _new_filings(held.case, before.get(held.case.id))
    ]
    if filed:
        connection.execute(upsert(connection.dialect.name, tables.filings).on_conflict_do_nothing(), filed)
    if secrets:
        # Sealed under the same name is the same secret: its envelope came by two ways at once.
        connection.execute(upsert(connection.dialect.name, tables.sealed).on_conflict_do_nothing(), secrets)


def project(connection: sa.Connection, row: dict[str, object], *, new: bool) -> None:
    """Write a case's row of the read model; one that is there is never taken away, for a command may wait for it."""
    if new:
        _INSERT_CASE.write(connection, [row])
    else:
        _project(connection, row, None)


def _project(connection: sa.Connection, row: dict[str, object], old: Row | None) -> None:
    # What did not change is left alone: each column named is an index written anew, on SQLite even with the same value.
    columns = _UPDATED if old is None else tuple(name for name in _UPDATED if row[name] != old[name])
    _update(columns).write(connection, [row])


def key_of(number: str) -> str:
    """Return what a filing is looked up by: the key of its number, as much of it as the column holds."""
    return parse(number).key[:KEY_LENGTH]


def _new_filings(case: Case, before: Case | None) -> list[Filing]:
    old = before.filings if before else ()
    return [] if case.filings is old else [filing for filing in case.filings if filing not in old]


def _queued(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    statement = upsert(dialect, tables.outbox)
    statement = statement.values({column.name: sa.bindparam(column.name) for column in tables.outbox.c})
    newest = ("seq", "facts", "attempts", "not_before", "error", "trace")
    # Its manager has not heard everything since the older of the two.
    since = sa.func.coalesce(tables.outbox.c.queued_at, statement.excluded.queued_at)
    return statement.on_conflict_do_update(
        index_elements=["case_id"],
        set_={
            **{name: getattr(statement.excluded, name) for name in newest},
            # A workflow that is to be started anew still is, whatever happens to its case before it was.
            "afresh": sa.or_(tables.outbox.c.afresh, statement.excluded.afresh),
            "queued_at": since,
        },
    )


_QUEUE = Prepared(_queued)


def queue(
    connection: sa.Connection,
    signals: Sequence[tuple[Case, str]],
    *,
    at: datetime | None = None,
    traces: Mapping[str, str | None] = {},
    afresh: bool = False,
) -> None:
    """Queue the newest facts of cases for their process managers: one row a case, so the newest says everything.

    Args:
        connection: the transaction.
        signals: the cases, with their facts as JSON.
        at: the moment, by the desk's clock.
        traces: by which trace a case's facts came (``adapters.observing.tracing``); no part of events or facts.
        afresh: whether a workflow that runs is ended and started anew.
    """
    row = {"attempts": 0, "not_before": 0.0, "error": None, "queued_at": stamp(at), "afresh": afresh}
    _QUEUE.write(
        connection,
        [
            {**row, "case_id": case.id, "seq": case.seq, "facts": facts, "trace": traces.get(case.id)}
            for case, facts in signals
        ],
    )
    if connection.dialect.name != "sqlite":
        driver_of(connection).execute("NOTIFY banjie_outbox")
