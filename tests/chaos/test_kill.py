"""What can go wrong, one on top of the other, with 200 cases in flight: killed, stopped, cut off, full, misled.

Five rounds here; ``make chaos`` plays twenty, or as many as are asked for. In every round one thing happens while the
others go on (`tests/chaos/troubles.py`); at the end everything comes to rest and two checkers decide: one that looks
from outside, with the engine's own verification (`checker`), and one that imports nothing of it (`own_reading`).
"""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from adapters import tables
from adapters.codec import codec_of
from adapters.database import Database, DatabaseAwayError
from adapters.desk import open_desk
from adapters.embedded import EmbeddedTemporal
from adapters.settings import Settings
from adapters.temporal import connect
from tests import schemas
from tests.chaos import checker, own_reading
from tests.chaos.house import CLIENTS, ROOT, WORKERS, House, Run, ended
from tests.chaos.troubles import bag, table
from tests.chaos.wire import Wire
from tests.servers import Postgres

LONG_FORM: Final = "BANJIE_CHAOS_ROUNDS" in os.environ
ROUNDS = int(os.environ.get("BANJIE_CHAOS_ROUNDS", "5"))
DATABASES = ["sqlite", "postgresql"] if LONG_FORM else ["sqlite"]
"""The short form plays on the embedded default, the long one on both."""
CASES = 200
SPEED = 5_400.0
"""An hour and a half a second: a hotline's clocks run out meanwhile, and two hundred ladders are no flood yet."""
PACE = ROUNDS * 3.0 / (CASES / CLIENTS * 6)
"""Seconds between two commands of a clerk, so that the cases are in flight through all rounds."""
REST = 120.0
"""Seconds everything may take to come to rest at the end."""
TABLES: Final = ROOT / "build" / "chaos"
"""Where the long form leaves its tables."""


@contextmanager
def _disk(folder: Path) -> Iterator[Path | None]:
    """A small disk of the ledger's own; None where none may be mounted."""
    folder.mkdir(mode=0o700)
    options = f"size=96m,mode=700,uid={os.getuid()}"
    command = ["mount", "-t", "tmpfs", "-o", options, "banjie-chaos", str(folder)]
    if os.getuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder / "ballast"
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _house(folder: Path, run: Run, postgres: Postgres | None) -> Iterator[House]:
    # The desk began long before the run, so that no command is told for a moment that has not come.
    with ExitStack() as stack:
        ballast = stack.enter_context(_disk(folder / "data"))
        url = postgres.url(schemas.fresh(postgres)) if postgres else None
        settings = Settings.load(data=folder / "data", speed=SPEED, database_url=url)
        desk = open_desk(settings, epoch=datetime(2026, 3, 2, 12, tzinfo=UTC))
        stack.callback(desk.close)
        server = stack.enter_context(EmbeddedTemporal(folder / "temporal", ui=False))
        wire = stack.enter_context(Wire(server.address))
        house = House(folder, desk, server, wire, run)
        house.postgres, house.ballast = postgres, None if postgres else ballast
        stack.callback(house.end)
        yield house


async def _until_rest(house: House) -> tuple[list[str], dict[str, int]]:
    """Wait until every letter is out, every due alarm has rung and every workflow knows its case.

    Return what is left, and how far each case had come just before the last look.
    """
    end = time.monotonic() + REST
    left, at_rest = ["not looked yet"], dict[str, int]()
    client = await connect(
        house.desk.settings.model_copy(update={"temporal_address": house.server.address}),
        codec_of(house.desk.sealer.keys),
    )
    while left and time.monotonic() < end:
        await asyncio.sleep(0.5)
        try:
            at_rest = checker.standing(house.desk.database)
        except DatabaseAwayError:
            continue  # our own connections were cut as well where PostgreSQL was killed
        left = _unsettled(house.desk.database, house.desk.moments.now())
        if not left:
            left = await checker.lagging(house.desk.database, client)
    return left, at_rest


def _unsettled(database: Database, now: datetime) -> list[str]:
    columns = tables.cases.c
    # Alarms go on for ever; what is due right now may still be on its way, what was due five seconds ago may not.
    late = sa.select(columns.id).where(columns.next_alarm < now - timedelta(seconds=5 * SPEED))
    with database.reading() as connection:
        waiting = list(connection.execute(sa.select(tables.outbox.c.case_id)).scalars())
        overdue = list(connection.execute(late).scalars())
        pending = [
            row.id
            for row in connection.execute(sa.select(columns.id, columns.state).where(columns.waiting))
            if '"pending":' in row.state
        ]
    return [
        *(f"queued {name}" for name in waiting),
        *(f"late {name}" for name in overdue),
        *(f"pending {n}" for n in pending),
    ]


def _read_apart(house: House, settled: datetime) -> list[str]:
    """Have the second reader, which knows nothing of the engine, judge the ledger."""
    url = make_url(house.desk.settings.database_url)
    if house.postgres is None:
        with closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as connection:
            return own_reading.history(connection, house.books, settled)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as server:
        return own_reading.history(server, house.books, settled)


@pytest.mark.chaos
@pytest.mark.timeout(120 + 60 * ROUNDS + int(REST))
@pytest.mark.xdist_group("chaos")
@pytest.mark.parametrize("database", DATABASES)
async def test_no_event_is_lost_doubled_or_out_of_order_whatever_happens(
    tmp_path: Path, seed: int, database: str
) -> None:
    rng = random.Random(seed)
    began = time.monotonic()
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres(tmp_path / "pg")) if database == "postgresql" else None
        house = stack.enter_context(_house(tmp_path, Run(seed, CASES, PACE), postgres))
        struck = []
        for trouble in bag(house, rng, ROUNDS):
            house.refill(rng)
            await asyncio.sleep(1.5 + rng.random() * 2.0)
            struck.append(trouble.name)
            # What was to be struck may have killed itself a moment ago.
            await trouble.do(house, rng)
        # The last of the killed come back without a point to die at, and everybody finishes.
        for process in house.workers:
            ended(process)
        house.workers = []
        for _ in range(WORKERS):
            house.start_worker()
        for number in range(CLIENTS):
            ended(house.clients[number])
            house.start_client(number)
        for process in house.clients.values():
            assert await asyncio.to_thread(process.wait, REST) == 0, (tmp_path / "processes.log").read_text()[-2000:]
        left, at_rest = await _until_rest(house)
        assert not left, (struck, left[:10], (tmp_path / "processes.log").read_text()[-2000:])
        settled = house.desk.moments.now() - timedelta(seconds=10 * SPEED)
        # The fast clock rings on while the workers end: what it rings now, nobody is left to carry out.
        for worker in house.workers:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=30)
        wrong = checker.faults(house.desk.database, house.books, house.desk.tray, at_rest)
        wrong += _read_apart(house, settled)
        assert not wrong, (struck, wrong[:10])
        with house.desk.database.reading() as connection:
            petitions = sa.select(sa.func.count()).where(tables.cases.c.kind == "petition")
            assert connection.execute(petitions).scalar_one() == CASES
        events = checker.events_of(house.desk.database)
        alarms = sum(str(each["event"]["name"]) in checker.ALARMS for each in events)  # type: ignore[index]
        sizes = {
            "cases": CASES,
            "events": len(events),
            "alarms": alarms,
            "letters": len(list(house.desk.tray.glob("*.txt"))),
        }
        told = f"{database}, seed {seed}: {table(house, struck, time.monotonic() - began, sizes)}"
    if LONG_FORM:
        TABLES.mkdir(parents=True, exist_ok=True)
        (TABLES / f"{database}.txt").write_text(told, encoding="utf-8")
