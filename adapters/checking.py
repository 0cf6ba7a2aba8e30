"""Checking the ledger against itself: every chain, every head, and the read model against the fold of the events."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from adapters import ledger, statistics, tables
from adapters.access import log
from adapters.database import Database
from adapters.roots.tree import rooted_at, rooted_ends
from models.case import Case
from models.chain import Entry, faults
from models.event import Recorded
from models.evolve import fold
from models.heads import Sort
from models.statistics import NOTHING

Progress = Callable[[int, int], None]
STEP = 500


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: the case, the number of the event, what is wrong, in both languages."""

    case: str
    seq: int
    code: str
    zh: str
    en: str


SENTENCES = {
    "altered": ("事件内容与其哈希不符", "the event does not match its hash"),
    "gap": ("事件序号不连续，应为 {wanted}", "an event is missing before it; number {wanted} was expected"),
    "misplaced": ("事件不属于此处", "the event does not belong here"),
    "unreadable": ("事件内容无法解析", "the event cannot be read"),
    "rewritten": ("事件与每日根所载不符，哈希链被重新编造", "the event is not the one that a daily root covers"),
    "cut": ("每日根所载的末尾事件已缺失", "the chain ends before the event that a daily root covers"),
    "tail": ("末尾事件与案件记录的链头不符，末尾可能被删改", "the last event is not the one the case was left at"),
    "unpaired": ("有办理记录而无对应事件，事件被删除", "an envelope was accepted here, but its event is gone"),
    "vanished": ("案件的事件全部缺失", "all events of the case are missing"),
    "unknown": ("事件所属案件不在案件表中", "the events belong to a case that is not in the list"),
}


def fault(case: str, seq: int, code: str, **details: object) -> Fault:
    """Return a fault with its sentences filled in."""
    zh, en = SENTENCES[code]
    return Fault(case, seq, code, zh.format(**details), en.format(**details))


@dataclass
class VerifyReport:
    """What was checked and what was found; at most the first fault of each case is named."""

    events: int = 0
    cases: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every chain holds."""
        return not self.faults


def verify(database: Database, case: str | None = None, *, progress: Progress | None = None) -> VerifyReport:
    """Check the chain of one case or of all: no event altered, missing, moved, cut off, or other than a root covers.

    What this cannot see alone: a ledger that was rewritten together with its heads and its log of heads; that takes a
    root that was witnessed elsewhere (``adapters.roots.checking``).
    """
    report = VerifyReport()
    columns = [*as_bytes(database), tables.root_leaves.c.hash.label("rooted")]
    query = sa.select(*columns).outerjoin_from(tables.events, tables.root_leaves, rooted_at(Sort.CASE))
    query = query.order_by(tables.events.c.case_id, tables.events.c.seq)
    heads = sa.select(tables.cases.c.id, tables.cases.c.head, tables.cases.c.seq)
    ends = rooted_ends(Sort.CASE)
    if case is not None:
        query = query.where(tables.events.c.case_id == case)
        heads = heads.where(tables.cases.c.id == case)
        ends = ends.where(tables.root_leaves.c.chain == case)
    with database.reading() as connection:
        # One snapshot for all, so that a case that grows meanwhile is not taken for an altered one.
        left = {row.id: (row.head, row.seq) for row in connection.execute(heads)}
        rooted = {row.chain: row.seq for row in connection.execute(ends)}
        total = _count(connection, case) if progress else 0
        rows = connection.execution_options(yield_per=STEP).execute(query)
        found = list(faults(_entries(rows, report, progress, total), left, rooted, named=True))
        unpaired = _unpaired(connection, case)
    report.faults += [fault(each.chain, each.seq, each.code, wanted=each.due) for each in found]
    named = {each.chain for each in found}
    report.faults += [fault(name, seq, "unpaired") for name, seq in unpaired if name not in named]
    if progress:
        progress(report.events, total)
    if case is None:
        zh, en = "访问日志被改动", "a line of the access log was altered"
        report.faults += [
            Fault(f"access_log {each.writer}", each.seq, "access_log", zh, en) for each in log.verify(database)
        ]
    return report


def _entries(
    rows: Iterable[sa.Row[Any]], report: VerifyReport, progress: Progress | None, total: int
) -> Iterator[Entry]:
    chain = None
    for row in rows:
        report.events += 1
        if row.case_id != chain:
            chain = row.case_id
            report.cases += 1
        if progress and report.events % 1000 == 0:
            progress(report.events, total)
        name = _text(row.case_id) or repr(row.case_id)
        yield Entry(name, row.seq, _text(row.body), _text(row.hash) or "", row.rooted)


def as_bytes(database: Database) -> "list[sa.ColumnElement[Any]]":
    """Return the events' columns as they lie on the disk: what is no text any more must be named, not stumbled over."""
    if not database.is_sqlite:
        return list(tables.events.c)  # PostgreSQL itself lets nothing into a text that is none
    return [
        sa.cast(column, sa.Integer if column is tables.events.c.seq else sa.LargeBinary).label(column.name)
        for column in tables.events.c
    ]


def _text(value: str | bytes) -> str | None:
    """Return a value as text, None if it is none."""
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _unpaired(connection: sa.Connection, case: str | None) -> list[tuple[str, int]]:
    """Return where an accepted envelope has no event: a tail that was cut off stays visible, also after a rebuild."""
    envelopes, events = tables.envelopes.c, tables.events.c
    paired = sa.select(events.seq).where(events.case_id == envelopes.case_id, events.seq == envelopes.seq).exists()
    query = sa.select(envelopes.case_id, sa.func.min(envelopes.seq)).where(~paired)
    query = query.group_by(envelopes.case_id).order_by(envelopes.case_id)
    if case is not None:
        query = query.where(envelopes.case_id == case)
    return [(name, int(seq)) for name, seq in connection.execute(query.limit(STEP))]


def _count(connection: sa.Connection, case: str | None) -> int:
    query = sa.select(sa.func.count()).select_from(tables.events)
    if case is not None:
        query = query.where(tables.events.c.case_id == case)
    return int(connection.execute(query).scalar_one())


@dataclass(frozen=True)
class Difference:
    """A field of the read model that is not what the events say."""

    case: str
    field: str
    was: str
    should: str


@dataclass
class RebuildReport:
    """How many cases were folded, and where the read model differed."""

    cases: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the read model equalled the fold everywhere."""
        return not self.differences


def rebuild(database: Database, *, check: bool = False, progress: Progress | None = None) -> RebuildReport:
    """Fold every case from its events and compare it with the read model; write what differs, unless only checking.

    The daily sums are compared with the cases of the read model, where these are as they should be.
    """
    report = RebuildReport()
    with database.reading() as connection:
        names = list(connection.execute(sa.select(tables.events.c.case_id).distinct().order_by("case_id")).scalars())
    for start in range(0, len(names), STEP):
        part = database.patiently(partial(_compared, database, names[start : start + STEP], check=check))
        report.cases += part.cases
        report.differences += part.differences
        if progress:
            progress(min(start + STEP, len(names)), len(names))
    _strays(database, report, check=check)
    if report.ok or not check:
        # Sums of cases that are wrong themselves would only say so a second time.
        _figures(database, report, check=check)
    return report


def _figures(database: Database, report: RebuildReport, *, check: bool) -> None:
    """Compare the daily sums with those that the cases make, both of one moment."""
    with database.reading() as connection:
        should, was = statistics.counted(connection), statistics.kept(connection)
    for key in sorted(should.keys() | was.keys()):
        old, new = was.get(key, NOTHING), should.get(key, NOTHING)
        if old != new:
            report.differences.append(Difference("figures", " ".join(key), str(tuple(old)), str(tuple(new))))
    if should != was and not check:
        database.patiently(partial(_keep_figures, database))


def _keep_figures(database: Database) -> None:
    with database.writing() as connection:
        statistics.keep(connection)


def _compared(database: Database, names: Sequence[str], *, check: bool) -> RebuildReport:
    report = RebuildReport()
    with database.reading() if check else database.writing() as connection:
        _compare(connection, names, report, mend=not check)
    return report


def compared(database: Database, names: Sequence[str]) -> tuple[dict[str, Case], RebuildReport]:
    """Fold some cases from their events, compare them with the read model at the same moment, and return both.

    A case whose events cannot be read has no fold.
    """
    folds: dict[str, Case] = {}
    report = RebuildReport()
    with database.reading() as connection:
        _compare(connection, names, report, folds=folds)
    return folds, report


def _compare(
    connection: sa.Connection,
    names: Sequence[str],
    report: RebuildReport,
    *,
    mend: bool = False,
    folds: dict[str, Case] | None = None,
) -> None:
    # Read without types: what is compared is what is written, text for text.
    columns = [
        sa.type_coerce(column, sa.String() if isinstance(column.type, tables.Instant) else column.type)
        for column in tables.cases.c
    ]
    query = sa.select(*(each.label(column.name) for each, column in zip(columns, tables.cases.c, strict=True)))
    query = query.where(tables.cases.c.id.in_(names)).order_by(tables.cases.c.id)
    if mend and connection.dialect.name != "sqlite":
        # What is written anew must not go over the back of a command that is just being carried out.
        query = query.with_for_update()
    there = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    filed: dict[str, set[tuple[str, str]]] = {}
    for row in connection.execute(sa.select(tables.filings).where(tables.filings.c.case_id.in_(names))):
        filed.setdefault(row.case_id, set()).add((row.channel, row.number))
    pieces = _pieces(connection, [str(row["pieces"] or "") for row in there.values()], names)
    query = sa.select(tables.events).where(tables.events.c.case_id.in_(names))
    query = query.order_by(tables.events.c.case_id, tables.events.c.seq)
    for name, rows in groupby(connection.execute(query), key=attrgetter("case_id")):
        events = list(rows)
        report.cases += 1
        try:
            case = fold(Recorded.model_validate_json(row.body) for row in events)
        except ValueError:
            case = None
        if case is None:
            report.differences.append(Difference(name, "events", "…", SENTENCES["unreadable"][0]))
            continue
        if folds is not None:
            folds[name] = case
        should = ledger.row_of(case, events[-1].hash)
        numbers = {(filing.channel, ledger.key_of(filing.number)) for filing in case.filings}
        was = there.get(name)
        found = _differences(name, was, should)
        if numbers != filed.get(name, set()):
            found.append(Difference(name, "filings", str(sorted(filed.get(name, set()))), str(sorted(numbers))))
        if was is not None and was["pieces"] == should["pieces"] and pieces.get(name, "") != should["pieces"]:
            found.append(Difference(name, "case_pieces", pieces.get(name, "")[:200], str(should["pieces"])[:200]))
            if mend:
                # Its row is as it should be, so no trigger would write them.
                _lay_pieces(connection, name, str(should["pieces"]))
        report.differences += found
        if found and mend:
            ledger.project(connection, should, new=was is None)
            connection.execute(sa.delete(tables.filings).where(tables.filings.c.case_id == name))
            if numbers:
                connection.execute(
                    sa.insert(tables.filings),
                    [{"channel": channel, "number": number, "case_id": name} for channel, number in sorted(numbers)],
                )


def _pieces(connection: sa.Connection, rows: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Return what the index of pieces holds of cases, as a row would write it; looked up by the rows' own pieces.

    A piece that the index has beside those is found by ``_strays``.
    """
    index = tables.case_pieces.c
    held: dict[str, list[str]] = {}
    every = sorted({piece for row in rows for piece in row.split()})
    for start in range(0, len(every), STEP):
        some = every[start : start + STEP]
        query = sa.select(index.case_id, index.piece).where(index.piece.in_(some), index.case_id.in_(names))
        for row in connection.execute(query):
            held.setdefault(row.case_id, []).append(row.piece)
    return {name: " ".join(sorted(found)) for name, found in held.items()}


def _lay_pieces(connection: sa.Connection, name: str, pieces: str) -> None:
    index = tables.case_pieces
    connection.execute(sa.delete(index).where(index.c.case_id == name))
    connection.execute(sa.insert(index), [{"piece": piece, "case_id": name} for piece in pieces.split()])


def _differences(name: str, was: dict[str, object] | None, should: dict[str, object]) -> list[Difference]:
    if was is None:
        return [Difference(name, "*", "—", "…")]
    return [
        Difference(name, field, old[:200], new[:200])
        for column, value in should.items()
        if was[column] != value
        for field, old, new in _parts(column, str(was[column]), str(value))
    ]


def _parts(column: str, was: str, should: str) -> Iterator[tuple[str, str, str]]:
    """Tell of a case's state which of its fields differ, for the whole begins alike; of other columns the column."""
    try:
        old, new = (json.loads(text) if column == "state" else None for text in (was, should))
    except ValueError:
        old = new = None
    if not isinstance(old, dict) or not isinstance(new, dict) or old == new:
        yield column, was, should
        return
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield f"state.{key}", _shown(old, key), _shown(new, key)


def _shown(state: dict[str, object], key: str) -> str:
    return json.dumps(state[key], ensure_ascii=False) if key in state else "—"


def _strays(database: Database, report: RebuildReport, *, check: bool) -> None:
    """Find rows of cases that have no event at all."""
    for column, what in ((tables.cases.c.id, "*"), (tables.filings.c.case_id, "filings")):
        stray = ~sa.select(tables.events.c.case_id).where(tables.events.c.case_id == column).exists()
        with database.reading() as connection:
            names = list(connection.execute(sa.select(column).where(stray).distinct().order_by(column)).scalars())
        report.differences += [Difference(name, what, "…", "—") for name in names]
        if names and not check:
            database.patiently(partial(_delete, database, sa.delete(column.table).where(stray)))


def _delete(database: Database, statement: sa.Delete) -> None:
    with database.writing() as connection:
        connection.execute(statement)
