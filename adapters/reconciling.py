"""Reconciliation: what others keep of a case is held against the fold of its events.

Others are the case's process manager (asked what it knows) and the read model. A difference counts where it stands
through several looks, unaltered: a copy that only runs ahead changes meanwhile, and one whose facts wait in the outbox
is not asked.
Each case with a difference gets a case of its own, with both versions, that an administrator clears up. Nothing is
mended here: ``banjie rebuild`` and ``banjie revive`` do that.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import QueryRejectCondition
from temporalio.service import RPCError, RPCStatusCode

from adapters import tables
from adapters.checking import Difference, compared
from adapters.database import Database
from adapters.door import OWN_IDS, Door
from adapters.marks import write_mark
from adapters.relay import STUCK, workflow_id
from adapters.reviving import batched
from models.canonical import text_of
from models.case import Case
from models.counting import legal_day
from models.envelope import Envelope
from models.facts import Facts
from models.fault_commands import Copy, Mismatch, ReportFault
from models.vocabulary import Kind
from models.world import ENGINE

log = structlog.get_logger()

SAMPLE: Final = 200
"""Cases that are not open, by chance, of those that are looked at beside the open ones."""
RUNNING: Final = WorkflowExecutionStatus.RUNNING
LOOKS: Final = 3
PAUSE: Final = 2.0
"""Seconds between two looks at what differs."""
ASKERS: Final = 16
PATIENCE: Final = timedelta(seconds=10)
"""So long a process manager may take to answer."""
RECONCILED: Final = "reconciled"
"""The mark that tells of the last one."""
MOST: Final = 40
"""Differences of one case that are kept."""
Found = dict[str, tuple[Mismatch, ...]]
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """How many cases were looked at, how many managers answered and how many could not be asked, and what differs."""

    looked: int = 0
    asked: int = 0
    unasked: int = 0
    found: Found = field(default_factory=dict)


class Reconciling:
    """One reconciliation of a desk; without a client the process managers are left out."""

    def __init__(self, door: Door, client: Client | None, task_queue: str, *, pause: float = PAUSE) -> None:
        """Keep the ways to the ledger and to Temporal."""
        self.door, self.client, self.task_queue, self.pause = door, client, task_queue, pause
        self.report = Report()
        self._running: set[str] = set()
        self._gate = asyncio.Semaphore(ASKERS)

    async def run(
        self, names: Sequence[str] | None = None, *, sample: int | None = SAMPLE, progress: Progress | None = None
    ) -> Report:
        """Compare every open case, and others by chance.

        Args:
            names: only these cases.
            sample: how many of those that are not open; all if None.
            progress: told how many cases of how many were looked at.

        Raises:
            DatabaseAwayError: the database stayed away.
            RPCError: Temporal does not list what runs.
        """
        if self.client is not None:
            self._running = await running(self.client, self.task_queue)
        if names is None:
            names = await asyncio.to_thread(to_look_at, self.door.database, self._running, sample)
        found: Found = {}
        for some in batched(names):
            found |= await self._look(some)
            self.report.looked += len(some)
            if progress:
                progress(self.report.looked, len(names))
        for _ in range(LOOKS - 1):
            if not found:
                break
            await asyncio.sleep(self.pause)
            found = await self._still(found)
        self.report.found = found
        return self.report

    async def _still(self, before: Found) -> Found:
        """Look once more at what differed, and return what differs just as before."""
        asked = self.report.asked, self.report.unasked
        now: Found = {}
        for some in batched(before):
            now |= await self._look(some)
        self.report.asked, self.report.unasked = asked
        left = {case: tuple(each for each in some if each in now.get(case, ())) for case, some in before.items()}
        return {case: some for case, some in left.items() if some}

    async def _look(self, names: Sequence[str]) -> Found:
        folds, rows = await asyncio.to_thread(compared, self.door.database, names)
        found: dict[str, list[Mismatch]] = {name: [] for name in names}
        for each in rows.differences:
            found[each.case].append(_of_row(each))
        for name in names:
            if name not in folds and not found[name]:
                copy = Copy.WORKFLOW if name in self._running else Copy.READ_MODEL
                found[name].append(_mismatch(copy, "case", "—", "…"))
        client = self.client
        if client is not None:
            # Read after the folds and before the managers are asked: what is not there any more they have been told.
            on_its_way = await asyncio.to_thread(_queued, self.door.database, names)
            asked = [fold for fold in folds.values() if fold.id not in on_its_way]
            for fold, told in zip(
                asked, await asyncio.gather(*(self._ask(client, fold) for fold in asked)), strict=True
            ):
                found[fold.id] += told
        return {name: tuple(each) for name, each in found.items() if each}

    async def _ask(self, client: Client, fold: Case) -> list[Mismatch]:
        """Compare a case's process manager with its fold."""
        async with self._gate:
            try:
                return await self._asked(client, fold)
            except WorkflowQueryRejectedError as fault:
                return [
                    _mismatch(Copy.WORKFLOW, "run", "running", fault.status.name.lower() if fault.status else "none")
                ]
            except WorkflowQueryFailedError as fault:
                return [_mismatch(Copy.WORKFLOW, "answer", "…", type(fault).__name__)]
            except RPCError as fault:
                if fault.status is RPCStatusCode.NOT_FOUND:
                    return [_mismatch(Copy.WORKFLOW, "run", "running", "none")]
                # It is away or busy; what it would have said is not known.
                self.report.unasked += 1
                return []

    async def _asked(self, client: Client, fold: Case) -> list[Mismatch]:
        handle = client.get_workflow_handle(workflow_id(fold.id))
        if fold.resting:
            # It may have ended since it was listed.
            listed = fold.id in self._running
            now = (await handle.describe(rpc_timeout=PATIENCE)).status if listed else None
            return [_mismatch(Copy.WORKFLOW, "run", "over", "running")] if now is RUNNING else []
        known: Facts | None = await handle.query(
            "known", result_type=Facts, reject_condition=QueryRejectCondition.NOT_OPEN, rpc_timeout=PATIENCE
        )
        self.report.asked += 1
        should, there = _told(self.door.facts(fold)), _told(known)
        return [
            _mismatch(Copy.WORKFLOW, name, should[name], there[name]) for name in should if should[name] != there[name]
        ]


async def running(client: Client, task_queue: str) -> set[str]:
    """Return the cases whose process managers Temporal lists as running."""
    query = f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Running'"
    start = workflow_id("")
    found = [each.id async for each in client.list_workflows(query)]
    return {each.removeprefix(start) for each in found if each.startswith(start)}


def to_look_at(database: Database, running: Iterable[str], sample: int | None = SAMPLE) -> list[str]:
    """Return the cases to compare: whatever any of the three holds for open, events without a row, others by chance."""
    cases, events = tables.cases.c, tables.events.c
    live = cases.waiting | cases.is_open
    rowless = sa.select(events.case_id).where(events.seq == 1, ~sa.exists().where(cases.id == events.case_id))
    rest = sa.select(cases.id).where(~live, cases.kind != Kind.FAULT.value).order_by(sa.func.random()).limit(sample)
    with database.reading() as connection:
        found = set(connection.execute(sa.select(cases.id).where(live)).scalars())
        found |= set(connection.execute(rowless).scalars())
        found |= set(connection.execute(rest).scalars())
    return sorted(found | set(running))


def tell(door: Door, report: Report, *, sample: int | None = SAMPLE) -> list[str]:
    """Open a case for each that differs, or say that it still does, at most once a day for the same; return them.

    Also remember that there was a reconciliation, for whoever asks how long ago.
    """
    now = door.moments.now()
    told = []
    for case, mismatches in report.found.items():
        command = ReportFault(title=case, about=case, mismatches=mismatches[:MOST])
        data = command.model_dump(mode="json")
        digest = hashlib.sha256(text_of(data, ordered=True).encode()).hexdigest()[:16]
        envelope = Envelope(
            id=f"{OWN_IDS}fault/{case}/{legal_day(now)}/{digest}",
            case=f"F-{case}",
            actor=ENGINE.id,
            command=command.name,
            data=data,
        )
        told.append(door.perform([envelope], trusted=True)[0].case)
    if told:
        log.error("copies_differ", cases=len(told), first=told[0])
    seen = {"at": now.isoformat(), "looked": report.looked, "asked": report.asked, "unasked": report.unasked}
    write_mark(door.database, RECONCILED, json.dumps({**seen, "found": len(told), "sample": sample}))
    return told


def _queued(database: Database, names: Sequence[str]) -> set[str]:
    """Return the cases whose newest facts are on their way; what cannot be sent is on no way."""
    columns = tables.outbox.c
    query = sa.select(columns.case_id).where(columns.case_id.in_(names), columns.attempts < STUCK)
    with database.reading() as connection:
        return set(connection.execute(query).scalars())


def _told(facts: Facts | None) -> Mapping[str, str]:
    """Return what is compared, as text. When to ring in real time follows from the alarm and the clock of a machine."""
    if facts is None:
        return dict.fromkeys(("kind", "seq", "status", "stage", "unit", "alarm", "reactions"), "—")
    alarm = facts.alarm
    return {
        "kind": facts.kind.value,
        "seq": str(facts.seq),
        "status": facts.status.value,
        "stage": facts.stage.value,
        "unit": facts.unit or "—",
        "alarm": f"{alarm.clock}/{alarm.rung}/{alarm.due_at.isoformat()}" if alarm else "—",
        "reactions": " ".join(facts.reactions) or "—",
    }


def _of_row(each: Difference) -> Mismatch:
    return _mismatch(Copy.READ_MODEL, each.field, each.should, each.was)


def _mismatch(copy: Copy, name: str, ledger: str, found: str) -> Mismatch:
    return Mismatch(copy_of=copy, field="row" if name == "*" else name[:64], ledger=_line(ledger), found=_line(found))


def _line(text: str) -> str:
    return "".join(mark if mark.isprintable() else " " for mark in text)[:200].strip()
