"""Verifying a ledger of a million events, against reading, parsing and hashing the same bytes; and rebuilding it.

The ledger is made by living one petition through at the door, with its letters, and writing it again and again under
other numbers, with the chains that belong to them.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters import checking, tables
from adapters.database import Database
from adapters.desk import Desk, open_desk
from adapters.settings import Settings
from bench import machine
from bench.plan import Plan, apart
from bench.report import Figure, median, number
from bench.story import lived
from models.canonical import GENESIS, link
from models.envelope import Envelope

EVENTS: Final = (1_000_000, 50_000)
BATCH: Final = 1_000
"""Cases written in one transaction."""


@dataclass(frozen=True)
class Took:
    """One pass over the ledger."""

    seconds: float
    grown: int
    events: int
    cases: int
    sound: bool


def run(plan: Plan) -> list[Figure]:
    """Write the ledger, then pass over it in turns."""
    place = plan.place("verify")
    desk = open_desk(Settings.load(data=place))
    wanted = plan.size(*EVENTS)
    path = Path(str(desk.database.engine.url.database))
    try:
        with plan.bar("verify, writing the ledger", wanted) as forward:
            for step in multiply(desk, path, wanted):
                forward(step)
    finally:
        desk.close()
    url = f"sqlite:///{path}"
    rounds = max(1, plan.rounds // 2)
    ours: list[Took] = []
    floor: list[Took] = []
    rebuilt: list[Took] = []
    with plan.bar("verify", 2 * rounds + 1) as forward:
        for _ in range(rounds):
            ours.append(apart(_verified, url))
            forward(1)
            floor.append(apart(_floor, str(path)))
            forward(1)
        rebuilt.append(apart(_rebuilt, url))
        forward(1)
    for each in (*ours, *floor, *rebuilt):
        if not each.sound:
            message = "the bench's own ledger does not verify"
            raise RuntimeError(message)
    size = path.stat().st_size
    events, cases = ours[0].events, ours[0].cases
    return [
        Figure(
            section="verify",
            what=f"{events:,} events, against reading, parsing and hashing them",
            ours=events / median([each.seconds for each in ours]),
            floor=events / median([each.seconds for each in floor]),
            unit="events/s",
            note=f"{cases:,} cases, {number(size / machine.MIB)} MiB; "
            f"{number(median([each.grown for each in ours]) / machine.MIB)} MiB of memory above the start",
            details={"seconds": median([each.seconds for each in ours])},
        ),
        Figure(
            section="verify",
            what="rebuild --check, the same ledger",
            ours=rebuilt[0].cases / rebuilt[0].seconds,
            unit="cases/s",
            note=f"{number(events / rebuilt[0].seconds)} events/s; "
            f"{number(rebuilt[0].grown / machine.MIB)} MiB of memory above the start",
        ),
    ]


def multiply(desk: Desk, path: Path, wanted: int) -> Iterator[int]:
    """Write the petition's rows under ever new numbers until there are as many events as wanted; yields steps."""
    number_, bodies, row = _template(desk)
    columns = [column.name for column in tables.cases.c]
    insert_case = f"INSERT INTO cases ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    names = (f"XF2025{place:06d}" for place in range(1, 1 + -(-wanted // len(bodies))))
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH:
            yield _write(connection, insert_case, batch, number_, bodies, row)
            batch = []
    if batch:
        yield _write(connection, insert_case, batch, number_, bodies, row)
    connection.close()


def _write(
    connection: sqlite3.Connection,
    insert_case: str,
    names: list[str],
    number_: str,
    bodies: list[str],
    row: dict[str, object],
) -> int:
    events: list[tuple[str, int, str, str]] = []
    cases: list[tuple[object, ...]] = []
    for name in names:
        head = GENESIS
        for seq, body in enumerate(bodies, 1):
            text = body.replace(number_, name)
            head = link(head, text)
            events.append((name, seq, text, head))
        new = row | {"id": name, "head": head, "state": str(row["state"]).replace(number_, name)}
        cases.append(tuple(new.values()))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO events (case_id, seq, body, hash) VALUES (?, ?, ?, ?)", events)
    connection.executemany(insert_case, cases)
    connection.execute("COMMIT")
    return len(events)


def _template(desk: Desk) -> tuple[str, list[str], dict[str, object]]:
    """Live one petition through, its letters answered for; return its number, its events' bodies and its row."""
    receipts = lived(desk.door, "template")
    case = receipts[-1].case
    for reaction in receipts[-1].facts.reactions:
        done = Envelope(
            id=f"{reaction}/done",
            case=case,
            actor="engine",
            command="record_outcome",
            data={"reaction": reaction, "outcome": "done", "detail": ""},
        )
        desk.door.perform([done], trusted=True)
    events = sa.select(tables.events.c.body).where(tables.events.c.case_id == case).order_by(tables.events.c.seq)
    # Without types: what is written again is the text itself.
    query = sa.text("SELECT * FROM cases WHERE id = :id").bindparams(id=case)
    with desk.database.reading() as connection:
        bodies = list(connection.execute(events).scalars())
        row = dict(connection.execute(query).mappings().one())
    columns = [column.name for column in tables.cases.c]
    return case, bodies, {name: row[name] for name in columns}


def _verified(url: str) -> Took:
    database = Database(url)
    held, began = machine.peak(), time.perf_counter()
    report = checking.verify(database)
    seconds = time.perf_counter() - began
    database.close()
    return Took(seconds, machine.peak() - held, report.events, report.cases, report.ok)


def _floor(path: str) -> Took:
    """Read every event in order with the raw driver, parse it, hash it with the one before it, compare."""
    held, began = machine.peak(), time.perf_counter()
    connection = sqlite3.connect(path)
    events, cases, sound, last, head = 0, 0, True, "", ""
    for case, body, kept in connection.execute("SELECT case_id, body, hash FROM events ORDER BY case_id, seq"):
        if case != last:
            cases, last, head = cases + 1, case, GENESIS
        json.loads(body)
        head = hashlib.sha256(f"{head}\n{body}".encode()).hexdigest()
        sound = sound and head == kept
        events += 1
    connection.close()
    return Took(time.perf_counter() - began, machine.peak() - held, events, cases, sound)


def _rebuilt(url: str) -> Took:
    database = Database(url)
    held, began = machine.peak(), time.perf_counter()
    report = checking.rebuild(database, check=True)
    seconds = time.perf_counter() - began
    database.close()
    return Took(seconds, machine.peak() - held, 0, report.cases, report.ok)
