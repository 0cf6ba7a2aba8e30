"""Trying a policy on the ledger: every case's kept envelopes run again, case by case, in the world as it was.

Nothing is written. Cases are read a batch at a time, so memory does not grow with the ledger; a long trial is shared
among processes, and its answers still come in the order of the cases.
"""

import json
import os
import signal
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from multiprocessing import get_context
from operator import attrgetter
from typing import Final

import sqlalchemy as sa
from pydantic import ValidationError

from adapters import tables
from adapters.database import Database
from adapters.world_book import published
from models.case import Case
from models.envelope import Envelope
from models.event import Recorded
from models.evolve import evolve
from models.policy import Policy
from models.refusals import Unknown
from models.run_again import Kept
from models.standing import with_stream
from models.trial import Trial, try_case
from models.vocabulary import Kind
from models.world import World

Progress = Callable[[int, int], None]
TRIED: Final = (Kind.PETITION.value, Kind.RECTIFICATION.value)
"""Kinds of case that are tried; every other stream of the ledger makes the world they live in."""
BATCH: Final = 100
AT_ONCE: Final = 500
"""Envelopes asked for at once."""
MANY: Final = 1000
"""From so many cases on, more than one process is worth its start."""


class PastWorlds:
    """The world as it was at any moment, from the streams of the ledger that make it."""

    def __init__(self, database: Database, base: World | None = None) -> None:
        """Read the streams.

        Args:
            database: the ledger.
            base: the world before any of them; the published one if None.
        """
        world = replace(base or published(), organisation=None)
        self._since: list[datetime] = []
        self._worlds: list[World] = [world]
        streams: dict[str, Case] = {}
        for recorded in self._told(database):
            streams[recorded.case] = evolve(streams.get(recorded.case), recorded)
            world = with_stream(world, streams[recorded.case])
            self._since.append(recorded.recorded_at)
            self._worlds.append(world)
        # A proposed policy may name a calendar that was not there yet.
        latest = world.calendars
        self._worlds = [replace(each, calendars={**latest, **each.calendars}) for each in self._worlds]

    @staticmethod
    def _told(database: Database) -> list[Recorded]:
        query = sa.select(tables.events.c.body).join(tables.cases, tables.cases.c.id == tables.events.c.case_id)
        query = query.where(tables.cases.c.kind.not_in(TRIED))
        with database.reading() as connection:
            events = [Recorded.model_validate_json(body) for body in connection.execute(query).scalars()]
        return sorted(events, key=lambda each: (each.recorded_at, each.case, each.seq))

    def __call__(self, at: datetime) -> World:
        """Return the world at a moment; what was changed in that very moment holds."""
        return self._worlds[bisect_right(self._since, at)]


@dataclass(frozen=True)
class Plan:
    """What a trial needs to know, also in another process."""

    url: str
    policy: Policy | None
    now: datetime
    base: World | None = None


def chosen(
    database: Database, *, cases: Sequence[str] = (), newest: int | None = None, is_open: bool = False
) -> list[str]:
    """Return the numbers of the cases to try, in order: all, those named, the newest so many, or only the open ones.

    Raises:
        Unknown: a named case is not there, or is none that can be tried.
    """
    columns = tables.cases.c
    query = sa.select(columns.id).where(columns.kind.in_(TRIED))
    if cases:
        query = query.where(columns.id.in_(cases))
    if is_open:
        query = query.where(columns.is_open)
    if newest is not None:
        query = query.order_by(columns.registered_at.desc(), columns.id.desc()).limit(newest)
    with database.reading() as connection:
        found = sorted(connection.execute(query).scalars())
    if not is_open and (missing := sorted(set(cases) - set(found))):
        raise Unknown(case=missing[0])
    return found


def try_policy(
    database: Database,
    cases: Sequence[str],
    plan: Plan,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Trial]:
    """Try cases one after the other, in their order.

    Args:
        database: the ledger.
        cases: their numbers.
        plan: the proposed policy (None: each case's own), the end of the trial.
        processes: how many share the work; as many as there are processors, for a long trial, if None.
        progress: told of how many of how many are done.
    """
    batches = [cases[start : start + BATCH] for start in range(0, len(cases), BATCH)]
    if processes is None:
        processes = min(len(batches), os.cpu_count() or 1) if len(cases) >= MANY else 1
    done = 0
    for trials in _here(database, batches, plan) if processes < 2 else _shared(batches, plan, processes):
        yield from trials
        done += len(trials)
        if progress:
            progress(done, len(cases))


def _here(database: Database, batches: Sequence[Sequence[str]], plan: Plan) -> Iterator[list[Trial]]:
    worlds = PastWorlds(database, plan.base)
    for batch in batches:
        yield _tried(database, batch, plan, worlds)


def _shared(batches: Sequence[Sequence[str]], plan: Plan, processes: int) -> Iterator[list[Trial]]:
    waiting: deque[Future[list[Trial]]] = deque()
    left = iter(batches)
    # Never forked: connections and threads of this process are not for another.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (plan,)) as pool:
        try:
            while True:
                while len(waiting) < 2 * processes and (batch := next(left, None)) is not None:
                    waiting.append(pool.submit(_work, batch))
                if not waiting:
                    break
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


class _Process:
    """What one of several processes keeps between batches."""

    database: Database
    plan: Plan
    worlds: PastWorlds


def _begin(plan: Plan) -> None:
    # Ctrl-C is for the process that was started at the keyboard; it ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Process.database, _Process.plan = Database(plan.url, pool=1), plan
    _Process.worlds = PastWorlds(_Process.database, plan.base)


def _work(batch: Sequence[str]) -> list[Trial]:
    return _tried(_Process.database, batch, _Process.plan, _Process.worlds)


def _tried(database: Database, batch: Sequence[str], plan: Plan, worlds: PastWorlds) -> list[Trial]:
    kept = read_kept(database, batch)
    return [
        try_case(found, worlds, plan.now, plan.policy) if (found := kept[name]) else _unread(name) for name in batch
    ]


def _unread(name: str) -> Trial:
    return Trial(case=name, kind=Kind.PETITION, channel="", events=0, same=False, unread=True)


def read_kept(database: Database, cases: Sequence[str]) -> dict[str, list[Kept]]:
    """Return the kept envelopes of cases with their events, in order; nothing for a case whose are not whole."""
    events, envelopes = tables.events.c, tables.envelopes.c
    found: dict[str, list[Kept]] = {name: [] for name in cases}
    with database.reading() as connection:
        query = sa.select(events.case_id, events.seq, events.body).where(events.case_id.in_(cases))
        rows = list(connection.execute(query.order_by(events.case_id, events.seq)))
        # Looked up by what each event says it came of: the envelopes have no order of their own.
        ids = [_envelope(row.body) for row in rows]
        bodies: dict[str, str] = {}
        for start in range(0, len(ids), AT_ONCE):
            query = sa.select(envelopes.id, envelopes.body).where(envelopes.id.in_(ids[start : start + AT_ONCE]))
            bodies.update({row.id: row.body for row in connection.execute(query)})
    named = dict(zip(((row.case_id, row.seq) for row in rows), ids, strict=True))
    for name, group in groupby(rows, key=attrgetter("case_id")):
        found[name] = _whole([(row.seq, row.body, bodies.get(named[name, row.seq])) for row in group])
    return found


def _envelope(body: str) -> str:
    try:
        return str(json.loads(body)["envelope"])
    except (ValueError, KeyError, TypeError):
        return ""


def _whole(rows: Sequence[tuple[int, str, str | None]]) -> list[Kept]:
    kept: list[Kept] = []
    for wanted, (seq, body, envelope) in enumerate(rows, 1):
        if seq != wanted or envelope is None:
            return []
        try:
            each = Kept(Envelope.model_validate_json(envelope), body)
            if each.recorded.seq != seq:
                return []
        except ValidationError:
            return []
        kept.append(each)
    return kept
