"""The relay: carries queued facts to the process managers, at least once, in order for each case, and starts them.

It runs inside a worker; many may run. A row is claimed for a while, sent by signal-with-start, and deleted if nothing
newer took its place meanwhile. What cannot be sent stays, with the reason, and is tried again ever more slowly.

Its own transactions do not wait for the disk: what a lost power takes back is sent once more, and a manager ignores
what it has.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import sqlalchemy as sa
import structlog
from temporalio.client import Client, WorkflowHandle
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from adapters import queries, tables
from adapters.bell import hung
from adapters.database import AWAY, DatabaseAwayError, driver_of
from adapters.door import Door
from adapters.marks import read_mark
from adapters.observing import tracing
from adapters.reviving import RESTORED, requeue, revive, waiting_cases
from adapters.temporal import SEARCH_ATTRIBUTES
from models.facts import Facts

log = structlog.get_logger()

LEASE = 15.0
"""Seconds a claimed row is left to whoever claimed it."""
AT_ONCE = 200
SENDERS = 32
POLL = 0.2
"""Seconds between looks at the outbox where nobody wakes us."""
GLANCE = 0.02
"""Seconds between two glances at whether another process wrote to SQLite, which costs microseconds."""
SELDOM = 0.1
"""Seconds between two glances where the bell is heard: they are for those who cannot ring it."""
PAUSE = 0.004
"""Where we are woken at once: so many seconds of silence end a row of commands, whose events then share a signal."""
LONGEST_ROW = 0.025
"""Seconds after which it is sent, silence or not."""
LATE = timedelta(seconds=60)
"""An alarm this much too late has lost its timer: its process manager is told again."""
WATCH = 30.0
"""Seconds between looks for late alarms."""
OWING = 20
"""Looks between two at which cases that wait only for the outcome of a reaction are told again as well."""
WAY = 3
"""How a workflow that starts now has its work done (``workflows.process.NEWEST_WAY``, which lies above this layer)."""
ANCHOR_ID = "banjie-anchor"
STUCK = 8
"""After so many tries a row counts as stuck and is reported."""


@dataclass(frozen=True)
class Claimed:
    """One row of the outbox in our hands."""

    case: str
    seq: int
    facts: str
    attempts: int
    afresh: bool
    queued_at: datetime | None = None
    trace: str | None = None


CLAIMED = ("case_id", "seq", "facts", "attempts", "afresh", "queued_at", "trace")
"""The columns of what is claimed, in the order of ``Claimed``."""


def workflow_id(case: str) -> str:
    """Return the id of a case's workflow."""
    return f"case-{case}"


class Relay:
    """The relay of one worker."""

    def __init__(self, door: Door, client: Client, task_queue: str) -> None:
        """Keep the ways in and out."""
        self.door, self.client, self.task_queue = door, client, task_queue
        self.database = door.database
        self._woken = asyncio.Event()
        self._called = not self.database.is_sqlite
        """Whether whoever queues something wakes us at once."""
        self._loop = asyncio.get_running_loop()
        self._away = False
        self._anchored = False
        self._looks = 0
        door.after = self.wake

    def wake(self) -> None:
        """Look at the outbox now; may be called from any thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Relay until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._relaying())
            group.create_task(self._watching())
            if self.database.is_sqlite:
                group.create_task(self._hearing())
                group.create_task(self._glancing())
            else:
                group.create_task(self._listening())

    async def _relaying(self) -> None:
        while True:
            # Before looking: what is queued while the last round is on its way wakes us for the next.
            self._woken.clear()
            try:
                if not self._anchored:
                    await self._anchor()
                    self._anchored = True
                sent = await self.once()
            except (RPCError, DatabaseAwayError, *AWAY) as fault:
                self._anchored = False
                self._note_away(fault)
                await asyncio.sleep(1.0)
                continue
            if self._away:
                self._away = False
                log.info("relay_back")
            if sent < AT_ONCE and await self._wakes(POLL) and self._called:
                await self._silence()

    async def _wakes(self, within: float) -> bool:
        """Wait until we are woken; return whether we were within so many seconds."""
        # Not wait_for: in Python 3.11 it loses a cancel that comes as it is woken, and nothing ends the relay.
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._woken.wait()
        return self._woken.is_set()

    async def _silence(self) -> None:
        """Wait for the end of a row of commands."""
        end = self._loop.time() + LONGEST_ROW
        while self._woken.is_set() and self._loop.time() < end:
            self._woken.clear()
            await self._wakes(PAUSE)

    def _note_away(self, fault: Exception) -> None:
        if not self._away:
            self._away = True
            log.warning("relay_away", fault=type(fault).__name__, detail=str(fault)[:200])

    async def once(self) -> int:
        """Send what is due; return how many rows were claimed."""
        rows = await asyncio.to_thread(self._claim)
        if not rows:
            return 0
        gate = asyncio.Semaphore(SENDERS)
        faults = await asyncio.gather(*(self._send(row, gate) for row in rows))
        await asyncio.to_thread(self._settle, rows, faults)
        lost = next((fault for fault in faults if isinstance(fault, RPCError) and _is_away(fault)), None)
        if lost is not None:
            raise lost
        return len(rows)

    def _claim(self) -> list[Claimed]:
        columns = tables.outbox.c
        # Looking costs no lock: only where something is due is the write transaction opened.
        due = sa.select(columns.case_id).where(columns.not_before <= time.time()).order_by(columns.not_before)
        with self.database.reading() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return []
        due = due.limit(AT_ONCE)
        if not self.database.is_sqlite:
            due = due.with_for_update(skip_locked=True)
        claim = (
            sa.update(tables.outbox)
            .where(columns.case_id.in_(due))
            .values(not_before=time.time() + LEASE)
            .returning(*(columns[each] for each in CLAIMED))
        )

        def work() -> list[Claimed]:
            with self.database.writing(lasting=False) as connection:
                return [Claimed(*row) for row in connection.execute(claim)]

        return self.database.patiently(work)

    async def _send(self, row: Claimed, gate: asyncio.Semaphore) -> Exception | None:
        async with gate:
            try:
                with tracing.span("relay", parent=row.trace, case=row.case, seq=row.seq):
                    await self._signal(Facts.model_validate_json(row.facts), afresh=row.afresh)
            except Exception as fault:  # noqa: BLE001 - whatever it was, the row stays and tells it
                self._count(row, "kept")
                return fault
            self._count(row, "sent")
            return None

    def _count(self, row: Claimed, outcome: str) -> None:
        if (meters := self.door.meters) is None:
            return
        meters.signals[outcome].inc()
        if row.queued_at is not None and outcome == "sent":
            moments = self.door.moments
            waited = moments.real(moments.now()) - moments.real(row.queued_at)
            meters.lag.observe(max(0.0, waited.total_seconds()))

    async def _signal(self, facts: Facts, *, afresh: bool = False) -> "WorkflowHandle[object, object]":
        conflict = WorkflowIDConflictPolicy
        return await self.client.start_workflow(
            facts.kind.value.capitalize(),
            {"case": facts.case, "way": WAY},
            id=workflow_id(facts.case),
            task_queue=self.task_queue,
            start_signal="told",
            start_signal_args=[facts],
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=conflict.TERMINATE_EXISTING if afresh else conflict.UNSPECIFIED,
            search_attributes=attributes(facts),
            static_summary=f"{facts.kind.en} {facts.case}",
        )

    def _settle(self, rows: Sequence[Claimed], faults: Sequence[Exception | None]) -> None:
        sent = [row for row, fault in zip(rows, faults, strict=True) if fault is None]
        kept = [(row, fault) for row, fault in zip(rows, faults, strict=True) if fault is not None]
        columns = tables.outbox.c

        def work() -> None:
            with self.database.writing(lasting=False) as connection:
                if sent:
                    connection.execute(
                        sa.delete(tables.outbox).where(
                            columns.case_id == sa.bindparam("b_case"),
                            columns.seq == sa.bindparam("b_seq"),
                            # One that was queued meanwhile to be started anew is not sent yet.
                            columns.afresh <= sa.bindparam("b_afresh"),
                        ),
                        [{"b_case": row.case, "b_seq": row.seq, "b_afresh": row.afresh} for row in sent],
                    )
                for row, fault in kept:
                    connection.execute(
                        sa.update(tables.outbox)
                        .where(columns.case_id == row.case, columns.seq == row.seq)
                        .values(
                            attempts=row.attempts + 1,
                            not_before=time.time() + min(60.0, 0.5 * 2 ** min(row.attempts, 8)),
                            error=f"{type(fault).__name__}: {fault}"[:400],
                        )
                    )

        self.database.patiently(work)
        for row, fault in kept:
            if row.attempts + 1 >= STUCK and not (isinstance(fault, RPCError) and _is_away(fault)):
                log.error("signal_stuck", case=row.case, seq=row.seq, attempts=row.attempts + 1, fault=str(fault)[:200])

    # ── what notices that something was lost ──

    async def _anchor(self) -> None:
        """Start every open case's workflow again where Temporal does not know us.

        Its database is new or was lost, or the ledger was restored: what a workflow knows then may never have been.
        """
        restored = await asyncio.to_thread(read_mark, self.database, RESTORED)
        anchor = f"{ANCHOR_ID}-{restored}" if restored else ANCHOR_ID
        try:
            await self.client.get_workflow_handle(anchor).describe()
        except RPCError as fault:
            if fault.status is not RPCStatusCode.NOT_FOUND:
                raise
        else:
            return
        if restored:
            await self._end_strangers()
        count = await asyncio.to_thread(revive, self.door, afresh=restored is not None)
        log.info("revived", cases=count, afresh=restored is not None)
        with suppress(WorkflowAlreadyStartedError):
            await self.client.start_workflow("Anchor", id=anchor, task_queue=self.task_queue)

    async def _end_strangers(self) -> None:
        """End the workflows that a restored ledger waits for nothing from: what they know never was.

        Else a case registered now, under a number that was given before, would find somebody else's manager.
        """
        running = f"TaskQueue = '{self.task_queue}' AND ExecutionStatus = 'Running'"
        found = [each.id async for each in self.client.list_workflows(running) if each.id.startswith(workflow_id(""))]
        known = await asyncio.to_thread(lambda: {workflow_id(case) for case in waiting_cases(self.database)})
        strangers = [each for each in found if each not in known]
        for each in strangers:
            with suppress(RPCError):  # ended by itself meanwhile; an absent Temporal is noticed by what follows
                await self.client.get_workflow_handle(each).terminate("not in the restored ledger")
        if strangers:
            log.info("strangers_ended", workflows=len(strangers))

    async def _watching(self) -> None:
        """The dead man's switch: an alarm that should have rung has lost its timer, so its manager is told again.

        A quiet desk sends nothing, and would not hear of a Temporal that came back empty: so that is asked as well.
        """
        while True:
            await asyncio.sleep(WATCH)
            self._anchored = False
            try:
                await asyncio.to_thread(self.nudge)
            except (DatabaseAwayError, *AWAY) as fault:
                self._note_away(fault)
            except ValueError:
                # One case that cannot be read must not end the relay for all; verify names it.
                log.exception("nudge_failed")

    def nudge(self) -> int:
        """Queue again the facts of cases whose alarm is late; return how many."""
        # What is late is measured in real time: an accelerated desk's minutes are short.
        now = datetime.now(UTC)
        found = [
            each.case
            for each in queries.late(self.database, self.door.moments.now())
            if self.door.moments.real(each.next_alarm) < now - LATE
        ]
        if found:
            log.warning("alarms_late", cases=len(found), first=found[0])
        # A case without an alarm may still owe a letter; telling its manager again every so often costs nothing.
        self._looks += 1
        owing = queries.owing(self.database) if self._looks % OWING == 0 else []
        if found or owing:
            requeue(self.door, [*found, *owing])
        return len(found) + len(owing)

    async def _hearing(self) -> None:
        """Be woken by the bell of the other processes here; where another worker hears it, be ready to take over."""
        while True:
            with hung(self.database) as bell:
                self._called = bell is not None
                while bell is not None:
                    await self._loop.sock_recv(bell, 1)
                    self._woken.set()
            await asyncio.sleep(WATCH)

    async def _glancing(self) -> None:
        """Be woken soon after anybody wrote to SQLite, where nobody can call; the slower poll goes on beside it."""
        with self.database.engine.connect() as connection:
            driver, seen = driver_of(connection), 0
            while True:
                with suppress(sqlite3.Error):
                    ((version,),) = driver.execute("PRAGMA data_version").fetchall()
                    if version != seen:
                        seen = version
                        self._woken.set()
                await asyncio.sleep(SELDOM if self._called else GLANCE)

    async def _listening(self) -> None:
        """Be woken by PostgreSQL the moment a row is queued anywhere; the short poll goes on beside it."""
        url = self.database.engine.url.set(drivername="postgresql")
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    url.render_as_string(hide_password=False), autocommit=True
                )
                async with connection:
                    await connection.execute("LISTEN banjie_outbox")
                    async for _ in connection.notifies():
                        self._woken.set()
            except psycopg.Error as fault:
                self._note_away(fault)
            await asyncio.sleep(1.0)


def attributes(facts: Facts) -> TypedSearchAttributes:
    """Return what operators can find a case's workflow by at its start."""
    told: dict[str, str | datetime | None] = {
        "CaseKind": facts.kind.value,
        "CaseStatus": facts.status.value,
        "CaseStage": facts.stage.value,
        "CaseUnit": facts.unit,
        "CasePolicy": facts.policy,
        "NextAlarm": facts.alarm.due_at if facts.alarm else None,
        "AlarmClock": facts.alarm.clock if facts.alarm else None,
    }
    # Whatever is not told here the workflow writes itself in its first task: an event and a write more.
    pairs = [(key, told[key.name]) for key in SEARCH_ATTRIBUTES]
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in pairs if value is not None])


def _is_away(fault: RPCError) -> bool:
    return fault.status in {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
    }
