"""Desks for tests of the store: made in one line, with a clock that stands, the builders' organisation, and a dump."""

import itertools
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from pydantic import JsonValue

from adapters import queries, tables
from adapters.database import Database
from adapters.desk import Desk
from adapters.door import Door
from adapters.moments import Moments
from adapters.sealed import sealer_of
from adapters.settings import Settings
from adapters.world_book import ORGANISATION
from models.case import Case
from models.envelope import Envelope, Receipt
from models.vocabulary import Role, Status
from tests import schemas
from tests.core.builders import START, WAYS, a_command, an_actor, an_organisation

Rows = dict[str, list[tuple[object, ...]]]


@dataclass
class StandingMoments:
    """A clock that stands until it is told to go on, so that two runs write the same."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def real(self, at: datetime) -> datetime:
        return at

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)


def an_envelope(
    command: str,
    actor: str = "clerk",
    *,
    id: str,  # noqa: A002 - the envelope's own word
    case: str | None = None,
    occurred_at: datetime | None = None,
    **data: JsonValue,
) -> Envelope:
    return Envelope(id=id, case=case, actor=actor, command=command, data=data, occurred_at=occurred_at)


def registering(name: str = "r1", **data: JsonValue) -> Envelope:
    """The envelope of an ordinary registration."""
    given = {"channel": "system", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民", **data}
    return Envelope(id=name, actor="clerk", command="register", data=given)


def organisation(**changes: JsonValue) -> dict[str, JsonValue]:
    """The builders' organisation as it is written into a command."""
    found: dict[str, JsonValue] = an_organisation().model_dump(mode="json", exclude_unset=True)
    return {**found, **changes}


@dataclass
class Office:
    """A desk at work: people who act on cases, envelopes with ids of their own, and looks at what came of it."""

    desk: Desk
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def door(self) -> Door:
        return self.desk.door

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def moments(self) -> StandingMoments:
        assert isinstance(self.desk.moments, StandingMoments)
        return self.desk.moments

    def register(self, **data: JsonValue) -> str:
        return self.door.perform([registering(f"e{next(self._ids)}", **data)])[0].case

    def asking(self, case: str, who: Role | str, name: str, **fields: JsonValue) -> Envelope:
        """An envelope with everything filled in that its command needs."""
        command = a_command(name, queries.case(self.database, case), **fields)
        data = command.model_dump(mode="json", exclude_unset=True)
        return Envelope(id=f"e{next(self._ids)}", case=case, actor=an_actor(who).id, command=name, data=data)

    def act(self, case: str, who: Role | str, name: str, **fields: JsonValue) -> Receipt:
        """Give a command of any role; the clock and the engine come in by their own way."""
        envelope = self.asking(case, who, name, **fields)
        return self.door.perform([envelope], trusted=who in {Role.CLOCK, Role.ENGINE})[0]

    def a_case(self, status: Status = Status.REVIEWING, **fields: JsonValue) -> str:
        """A petition brought to a status by real commands; ``fields`` are filled in at its registration."""
        before, steps = WAYS[status]
        if before is None:
            return self.register(**fields)
        case = self.a_case(before, **fields)
        for who, name, filled in steps:
            command = a_command(name, queries.case(self.database, case), **filled)
            self.act(case, who, name, **command.model_dump(mode="json", exclude_unset=True))
        return case

    def case(self, name: str) -> Case:
        return queries.case(self.database, name)

    def names(self, name: str) -> list[str]:
        """The names of a case's events, in order."""
        return [recorded.event.name for recorded in queries.history(self.database, name)]

    def outbox(self) -> dict[str, int]:
        """What waits to be sent: the number of the event, by case."""
        return {str(row[0]): int(str(row[1])) for row in dump(self.database)["outbox"]}


def dump(database: Database, *, without: tuple[str, ...] = ()) -> Rows:
    """Everything the database holds, table by table."""
    with database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables.metadata.sorted_tables
            if table.name not in without
        }


@contextmanager
def an_office(
    folder: Path, url: str | None = None, moments: Moments | None = None, *, patience: float = 5.0
) -> Iterator[Office]:
    """A desk of its own in a folder, with the builders' people in office."""
    settings = Settings.load(data=folder, database_url=url)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    schemas.lay(settings.database_url)
    database = Database(settings.database_url, patience=patience)
    try:
        database.migrate()
        clock = moments or StandingMoments()
        desk = Desk(settings, database, Door(database, clock), sealer_of(settings, database), clock)
        first = an_envelope(
            "define_organisation",
            "engine",
            id="engine/organisation/first",
            case=ORGANISATION,
            organisation=organisation(),
        )
        desk.door.perform([first], trusted=True)
        yield Office(desk)
        desk.close()
    finally:
        database.close()


@contextmanager
def another_door(office: Office, *, patience: float = 5.0) -> Iterator[Office]:
    """The same ledger as another process would open it: connections, door and world of its own."""
    database = Database(office.desk.settings.database_url, patience=patience)
    try:
        yield Office(replace(office.desk, database=database, door=Door(database, office.desk.moments)), office._ids)
    finally:
        database.close()


def a_busy_life(office: Office, rng: random.Random, cases: int = 8) -> list[str]:
    """Bring cases to random statuses, then let alarms ring, notes be written and refusals happen; return the cases."""
    made = []
    for number in range(cases):
        filings: list[JsonValue] = [
            {"channel": "system", "number": f"X{number}-{each} *"} for each in range(rng.randrange(3))
        ]
        status = rng.choice([status for status in WAYS if status is not Status.RECONSIDERING])
        types: list[JsonValue] = ["大气", "噪声"]
        made.append(office.a_case(status, filings=filings, star=rng.random() < 0.3, types=types[: number % 3]))
    for _ in range(cases * 4):
        case = office.case(rng.choice(made))
        match rng.randrange(4):
            case 0 if case.alarm:
                office.moments.at = max(office.moments.at, case.alarm.at)
                office.act(case.id, Role.CLOCK, "ring")
            case 1 if case.pending:
                office.act(case.id, Role.ENGINE, "record_outcome")
            case 2:
                office.door.attempt([office.asking(case.id, Role.REVIEWER, "approve", note="看过“现场”\n😀")])
            case _:
                office.act(case.id, Role.CLERK, "note", text=f"第{rng.randrange(99)}条：台账齐全\t✓")
    return made


def attack(office: Office, statement: str, *values: bytes | str | int) -> int:
    """Write around the ledger's guards, as somebody with the database in hands could; return how many rows changed."""
    database = office.database
    with database.writing() as connection:
        for table in ("events", "envelopes"):
            for name in (
                (f"{table}_no_update", f"{table}_no_delete") if database.is_sqlite else (f"{table}_append_only",)
            ):
                on = "" if database.is_sqlite else f" ON {table}"
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
        names = {f"v{place}": value for place, value in enumerate(values)}
        order = iter(names)
        return connection.execute(sa.text(re.sub(r"\?", lambda _: f":{next(order)}", statement)), names).rowcount
