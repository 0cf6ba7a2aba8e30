"""Decides, from outside the engine, whether a run lost, doubled or misplaced anything."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from adapters import tables
from adapters.checking import rebuild, verify
from adapters.database import Database
from adapters.relay import workflow_id

ALARMS = {"reminded", "warned", "escalated", "lapsed", "look_back_due"}

NO_ANSWER: Final = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED)
"""What Temporal says where a workflow has not answered yet."""


def events_of(database: Database) -> list[dict[str, object]]:
    """Return every event's body, case by case, in order."""
    query = sa.select(tables.events.c.body).order_by(tables.events.c.case_id, tables.events.c.seq)
    with database.reading() as connection:
        return [json.loads(body) for body in connection.execute(query).scalars()]


def faults(
    database: Database, receipts: Iterable[Path], tray: Path, at_rest: dict[str, int] | None = None
) -> list[str]:
    """Return everything that is wrong with the ledger and the tray; empty when nothing is.

    ``at_rest`` is how far each case had come when everything was last seen at rest. What is recorded after that, an
    alarm that rang while the workers were being ended, is held to every rule but one: its letters may still be owed.
    """
    found: list[str] = []
    chain = verify(database)
    found += [f"chain: {fault.case}/{fault.seq} {fault.en}" for fault in chain.faults]
    found += [f"read model: {each.case}.{each.field}" for each in rebuild(database, check=True).differences]
    events = events_of(database)
    found += _lost(events, receipts)
    found += doubled(events)
    found += _letters(events, tray, at_rest)
    return found


def _lost(events: list[dict[str, object]], receipts: Iterable[Path]) -> list[str]:
    there = {(e["envelope"], e["case"], e["seq"], e["event"]["name"]) for e in events}  # type: ignore[index]
    found = []
    for book in receipts:
        for line in book.read_text(encoding="utf-8").splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                continue  # the clerk was killed while writing this line
            if (told["envelope"], told["case"], told["seq"], told["event"]) not in there:
                found.append(f"acknowledged but not there: {line}")
    return found


def doubled(events: list[dict[str, object]]) -> list[str]:
    """Return envelopes and alarms that stand in the ledger twice."""
    found = [f"envelope twice: {name}" for name, n in Counter(e["envelope"] for e in events).items() if n > 1]
    rung: Counter[tuple[object, ...]] = Counter()
    for event in events:
        what: dict[str, dict[str, object]] = event["event"]  # type: ignore[assignment]
        if str(what["name"]) in ALARMS:
            said = what["said"]
            rung[event["case"], said["clock"], said["rung"], said["due_at"]] += 1
    return found + [f"alarm twice: {alarm}" for alarm, n in rung.items() if n > 1]


def standing(database: Database) -> dict[str, int]:
    """Return how far each case has come."""
    with database.reading() as connection:
        return {row.id: row.seq for row in connection.execute(sa.select(tables.cases.c.id, tables.cases.c.seq))}


def _letters(events: list[dict[str, object]], tray: Path, at_rest: dict[str, int] | None) -> list[str]:
    wanted, owed, outcomes = set(), set(), Counter()  # type: ignore[var-annotated]
    for event in events:
        what: dict[str, list[dict[str, object]]] = event["event"]  # type: ignore[assignment]
        for place, reaction in enumerate(what["reactions"], 1):
            if reaction["kind"] == "letter":
                name = f"{event['case']}#{event['seq']}.{place}.letter"
                wanted.add(name)
                if at_rest is None or int(event["seq"]) <= at_rest.get(str(event["case"]), 0):  # type: ignore[call-overload]
                    owed.add(name)
        if str(what["name"]) == "carried_out":
            outcomes[what["said"]["reaction"]] += 1  # type: ignore[call-overload]
    laid = {path.stem.replace("_", "#", 1) for path in tray.glob("*.txt")}
    found = [f"letter not laid: {name}" for name in sorted(owed - laid)]
    found += [f"letter nobody asked for: {name}" for name in sorted(laid - wanted)]
    found += [f"outcome missing: {name}" for name in sorted(owed) if not outcomes[name]]
    return found + [f"outcome twice: {name}" for name, n in outcomes.items() if n > 1]


async def lagging(database: Database, client: Client) -> list[str]:
    """Return the cases with something to come whose workflow does not know their latest event."""
    query = sa.select(tables.cases.c.id, tables.cases.c.seq).where(tables.cases.c.waiting)
    with database.reading() as connection:
        rows = list(connection.execute(query))
    behind = []
    for row in rows:
        try:
            known = await client.get_workflow_handle(workflow_id(row.id)).query("known")
        except RPCError as error:
            # A workflow whose worker has just changed lets go of waiting questions, and says so; a busy machine answers
            # too late: ask again. Whoever asks has a limit of their own.
            if error.status not in NO_ANSWER:
                raise
            behind.append(f"{row.id}: no answer yet")
            continue
        if known is None or known["seq"] < row.seq:
            behind.append(f"{row.id}: ledger {row.seq}, workflow {known and known['seq']}")
    return behind
