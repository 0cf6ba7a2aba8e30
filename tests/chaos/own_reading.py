"""A second reading of the ledger, written apart from the engine: nothing of it is imported here, not even its tables.

What the tables hold is read with plain SQL and the standard library: the chain by SHA-256, each case by its events
alone (what an event sets, which clocks it starts and stops, what it owes), and that is held against the read model.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

BEGINNING: Final = "0" * 64
RUNGS: Final = frozenset({"reminded", "warned", "escalated", "lapsed", "look_back_due"})
Event = dict[str, Any]


class Connection(Protocol):
    """A connection of sqlite3 or psycopg, as far as it is used here."""

    def execute(self, query: str) -> Iterable[tuple[Any, ...]]: ...


@dataclass
class Told:
    """A case as its events tell it."""

    seq: int = 0
    head: str = BEGINNING
    sets: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    def hear(self, body: str) -> None:
        """Take one more event in."""
        told: Event = json.loads(body)
        what = told["event"]
        self.seq += 1
        self.head = hashlib.sha256(f"{self.head}\n{body}".encode()).hexdigest()
        self.sets.update(what["sets"])
        for name in what["stops"]:
            self.clocks.pop(name, None)
        self.clocks.update({each["name"]: each for each in what["clocks"]})
        self.pending = [each for each in self.pending if each != what["said"].get("reaction")]
        for place, each in enumerate(what["reactions"], 1):
            self.pending.append(f"{told['case']}#{told['seq']}.{place}.{each['kind']}")


def history(connection: Connection, receipts: Iterable[Path], settled: datetime) -> list[str]:
    """Return what is wrong; nothing where all is well.

    Args:
        connection: to the ledger.
        receipts: what clients wrote down as acknowledged, a line of JSON each.
        settled: before this instant of the desk's, every alarm must have rung.
    """
    found: list[str] = []
    cases: dict[str, Told] = defaultdict(Told)
    events: list[Event] = []
    for case, seq, body, digest in connection.execute(
        "SELECT case_id, seq, body, hash FROM events ORDER BY case_id, seq"
    ):
        told: Event = json.loads(body)
        events.append(told)
        one = cases[case]
        one.hear(body)
        if (told["case"], told["seq"], seq) != (case, one.seq, one.seq):
            found.append(f"order: {case}/{seq} stands where {one.seq} should")
        if digest != one.head:
            found.append(f"chain: {case}/{seq}")
    found += _read_model(connection, cases)
    found += acknowledged(events, receipts)
    found += twice(events)
    found += [
        f"alarm lost: {case} {clock['name']} {first['rung']} {first['at']}"
        for case, one in cases.items()
        for clock in one.clocks.values()
        for first in clock["upcoming"][:1]
        if datetime.fromisoformat(first["at"]) < settled
    ]
    return found


def _read_model(connection: Connection, cases: Mapping[str, Told]) -> list[str]:
    found = []
    rows = {row[0]: row[1:] for row in connection.execute("SELECT id, seq, head, status, unit, state FROM cases")}
    found += [f"read model: {name} is in one alone" for name in sorted(rows.keys() ^ cases.keys())]
    for name in sorted(rows.keys() & cases.keys()):
        seq, head, status, unit, state = rows[name]
        one, kept = cases[name], json.loads(state)
        pairs: dict[str, tuple[object, object]] = {
            "seq": (one.seq, seq),
            "head": (one.head, head),
            "status": (one.sets.get("status"), status),
            "unit": (one.sets.get("unit"), unit),
            "clocks": (
                {clock["name"]: clock["due"] for clock in one.clocks.values()},
                {clock["name"]: clock["due"] for clock in kept.get("clocks", [])},
            ),
            "pending": (one.pending, list(kept.get("pending", []))),
            **{field: (one.sets.get(field), kept.get(field)) for field in ("place", "summary", "handler", "leader")},
        }
        found += [f"read model: {name}.{field} {a!r} {b!r}" for field, (a, b) in pairs.items() if a != b]
    return found


def acknowledged(events: Iterable[Event], receipts: Iterable[Path]) -> list[str]:
    """Return what was acknowledged and is not there once, under the number that was told, in the order it was told."""
    there = Counter((e["envelope"], e["case"], e["seq"], e["event"]["name"]) for e in events)
    found = []
    for book in receipts:
        last: dict[str, int] = {}
        for line in book.read_text(encoding="utf-8").splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                continue  # the clerk was killed while writing this line
            if there[told["envelope"], told["case"], told["seq"], told["event"]] != 1:
                found.append(f"acknowledged but not there once: {line}")
            if not told.get("repeated") and told["seq"] <= last.get(told["case"], 0):
                found.append(f"acknowledged out of order: {line}")
            last[told["case"]] = max(told["seq"], last.get(told["case"], 0))
    return found


def twice(events: Iterable[Event]) -> list[str]:
    """Return envelopes, alarms and outcomes that stand in the ledger twice."""
    envelopes: Counter[str] = Counter()
    alarms: Counter[tuple[str, ...]] = Counter()
    outcomes: Counter[str] = Counter()
    for told in events:
        what, said = told["event"], told["event"]["said"]
        envelopes[told["envelope"]] += 1
        if what["name"] in RUNGS:
            alarms[told["case"], said["clock"], said["rung"], said["due_at"]] += 1
        if what["name"] == "carried_out":
            outcomes[said["reaction"]] += 1
    return [
        *(f"envelope twice: {name}" for name, n in envelopes.items() if n > 1),
        *(f"alarm twice: {alarm}" for alarm, n in alarms.items() if n > 1),
        *(f"outcome twice: {name}" for name, n in outcomes.items() if n > 1),
    ]
