"""What Open311 tells of cases: what the public page tells, in its words; nothing that anybody wrote.

Only what came in over Open311 is told of at all. Whoever sent it, by a key of the same person, is told the moments;
where the list is open to everybody (a row of the policy) it tells days.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import sqlalchemy as sa

from adapters import tables
from adapters.database import Database
from adapters.open311.writing import Row
from adapters.queries import folded_until
from models.areas import area_of, township_of
from models.case import Case
from models.counting import legal_day
from models.lifecycle import LIFECYCLES
from models.open311 import STILL_OPEN, Open311, is_still_open
from models.organisation import Organisation
from models.vocabulary import Flag, Kind, Status

DOOR: Final = "open311"
"""How the ids of envelopes begin that came this way."""
KEY: Final = 31
"""Characters of such an id after the person's: a hash (``Sealer.ref``), never what was sent."""
MOVES: Final = frozenset(row.event for row in LIFECYCLES[Kind.PETITION] if row.to is not None) - {"registered"}
"""The events that residents are told of as updates: those that lead to another status."""

Words = Mapping[Status, str]


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for.

    ``person`` is whose keys sent them, anybody's if None; instants are UTC, both ends within; ``open`` is None for all.
    """

    person: str | None
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    services: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


def found(database: Database, wanted: Wanted, rules: Open311, *, limit: int, offset: int = 0) -> list[Case]:
    """Return the cases of requests, the newest first; ``rules`` say which types a service stands for."""
    envelopes, cases = tables.envelopes.c, tables.cases.c
    query = (
        sa.select(cases.state)
        .join_from(tables.envelopes, tables.cases, cases.id == envelopes.case_id)
        .where(*_ours(database, wanted), *_when(wanted))
        .order_by(envelopes.recorded_at.desc(), cases.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if wanted.open is not None:
        still = cases.status.in_(sorted(each.value for each in STILL_OPEN))
        query = query.where(still if wanted.open else ~still)
    if wanted.services:
        query = query.where(sa.or_(sa.false(), *_of_services(rules, wanted.services)))
    with database.reading() as connection:
        return [Case.model_validate_json(row.state) for row in connection.execute(query)]


def _of_services(rules: Open311, codes: Collection[str]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield a condition for each service: its type and none of those before it, as ``Open311.service_of`` has it."""
    told = sa.func.coalesce(tables.cases.c.types, "")
    earlier: list[sa.ColumnElement[bool]] = []
    for each in rules.services:
        mine = told.contains(json.dumps(each.type, ensure_ascii=False), autoescape=True)
        if each.code in codes:
            last = each is rules.services[-1]
            yield sa.and_(*([] if last else [mine]), *(~one for one in earlier), sa.true())
        earlier.append(mine)


def _sent_by(
    database: Database, envelope: sa.ColumnElement[str], person: str | None
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions on an envelope's id: it came this way, by somebody's key. LIKE is not to the letter."""
    begins = f"{DOOR}/{person}/" if person else f"{DOOR}/"
    yield sa.func.substr(envelope, 1, len(begins)) == begins
    if person:
        yield sa.func.length(envelope) == len(begins) + KEY
    if database.is_sqlite:
        # By the index. PostgreSQL may sort letters otherwise, and would leave some out.
        yield sa.and_(envelope >= begins, envelope < f"{begins[:-1]}0")


def _ours(database: Database, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    columns = tables.envelopes.c
    told = [columns.event == "registered", *_sent_by(database, columns.id, wanted.person)]
    return [*told, columns.case_id.in_(wanted.cases)] if wanted.cases else told


def _when(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    at = tables.envelopes.c.recorded_at
    since = [at >= wanted.since] if wanted.since else []
    return [*since, at <= wanted.until] if wanted.until else since


@dataclass(frozen=True)
class Telling:
    """How a case is told: by which rules and names, in which words for each status, and whether to anybody."""

    rules: Open311
    organisation: Organisation | None
    words: Words
    lang: int
    to_all: bool

    def when(self, at: datetime | None) -> str:
        """Write an instant: as it was to whoever sent the request, its day to everybody."""
        if at is None:
            return ""
        if self.to_all:
            day: date = legal_day(at)
            return f"{day.isoformat()}T00:00:00+08:00"
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def request(self, case: Case, updated: datetime | None) -> Row:
        """Return a case as a service request."""
        service = self.rules.service_of(case.types)
        close = next((clock.due for clock in case.clocks if clock.name == "close" and not clock.paused_by), None)
        return {
            "service_request_id": case.id,
            "status": "open" if is_still_open(case.status) else "closed",
            "status_notes": self.words[case.status],
            "service_name": (service.zh, service.en)[self.lang],
            "service_code": service.code,
            "description": "",
            "agency_responsible": self._unit(case.unit or ""),
            "service_notice": "",
            "requested_datetime": self.when(case.registered_at),
            "updated_datetime": self.when(updated or case.registered_at),
            "expected_datetime": self.when(close if case.is_open else None),
            "address": self._unit(township_of(self.organisation, area_of(case.place))),
            "address_id": "",
            "zipcode": "",
            "lat": None,
            "long": None,
            "media_url": "",
        }

    def _unit(self, name: str) -> str:
        unit = self.organisation.unit(name) if self.organisation and name else None
        return "" if unit is None else (unit.zh, unit.en or unit.zh)[self.lang]

    def update(self, moved: "Moved") -> Row:
        """Return a change of status as an update."""
        return {
            "update_id": f"{moved.case}~{moved.seq}",
            "service_request_id": moved.case,
            "status": "open" if is_still_open(moved.status) else "closed",
            "updated_datetime": self.when(moved.at),
            "description": self.words[moved.status],
            "media_url": "",
        }


def is_tellable(case: Case) -> bool:
    """Tell whether anything is told of a case: of one whose petitioner was erased nothing is."""
    return case.kind is Kind.PETITION and Flag.ERASED not in case.flags


def last_moves(database: Database, cases: Sequence[str]) -> dict[str, datetime]:
    """Return when the status of each case changed last."""
    columns = tables.envelopes.c
    query = (
        sa.select(columns.case_id, sa.func.max(columns.recorded_at).label("at"))
        .where(columns.case_id.in_(cases), columns.event.in_(sorted(MOVES)))
        .group_by(columns.case_id)
    )
    with database.reading() as connection:
        return {row.case_id: row.at for row in connection.execute(query)}


@dataclass(frozen=True)
class Moved:
    """A change of status: of which case, by which event, when (UTC), and what it led to."""

    case: str
    seq: int
    at: datetime
    status: Status


def moved(database: Database, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Moved]:
    """Return the changes of status within a time, the oldest first."""
    first, columns = tables.envelopes.alias(), tables.envelopes.c
    ours = _sent_by(database, first.c.id, wanted.person)
    sent = sa.select(first.c.case_id).where(first.c.event == "registered", *ours)
    query = (
        sa.select(columns.case_id, columns.seq, columns.recorded_at)
        .where(columns.event.in_(sorted(MOVES)), columns.case_id.in_(sent), *_when(wanted))
        .order_by(columns.recorded_at, columns.case_id, columns.seq)
        .limit(limit)
        .offset(offset)
    )
    with database.reading() as connection:
        rows = list(connection.execute(query))
    # An event may lead to several statuses; its case as it stood then knows to which.
    return [
        Moved(row.case_id, row.seq, row.recorded_at, folded_until(database, row.case_id, row.seq).status)
        for row in rows
    ]
