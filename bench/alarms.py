"""Ten thousand open cases, and two thousand alarms due at the same instant.

The desk's clock shows an invented day at the real pace. Cases registered as having come in at one earlier instant all
have their first reminder at one later instant, a minute away. Rings are counted in the ledger, which is where a lost
or a doubled one would show.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import sqlalchemy as sa

from adapters import queries, tables
from adapters.desk import open_desk
from adapters.door import Order
from adapters.settings import Settings
from bench import machine
from bench.engine import Engine
from bench.plan import Plan
from bench.report import Figure, number, percentile
from bench.story import LIFE
from models.envelope import Envelope, Receipt
from models.vocabulary import Kind

T = TypeVar("T")
Forward = Callable[[float], None]

OPEN: Final = (10_000, 500)
DUE: Final = (2_000, 100)
"""Open cases and alarms due at once, in a full run and in a short one."""
AT_ONCE: Final = 250
MORNING: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock at the desk."""
LEAD: Final = (60.0, 15.0)
"""Seconds between the registration of the first of the alarms' cases and their instant."""
PATIENCE: Final = 1200.0
"""Seconds after which waiting is given up."""


@dataclass(frozen=True)
class Line:
    """When the first alarm of a case rings that came in at ``came``, and what a second later makes of that."""

    came: datetime
    rings: datetime
    slope: float

    def coming_in(self, rings: datetime) -> datetime:
        """Return when a case must have come in for its first alarm to ring then."""
        return self.came + (rings - self.rings) / self.slope


def run(plan: Plan) -> list[Figure]:
    """Register, start, wait, count."""
    line = _line(plan)
    with Engine(plan.place("alarms"), epoch=line.rings) as engine:
        return _Alarms(plan, engine, line).measured(plan.size(*OPEN), plan.size(*DUE))


def _line(plan: Plan) -> Line:
    """Ask a scratch ledger: a reminder comes at a share of the time, so an hour later moves it by that share of one."""
    desk = open_desk(Settings.load(data=plan.place("line")), epoch=MORNING + timedelta(hours=2))
    try:
        moments = [MORNING, MORNING + timedelta(hours=1)]
        receipts = desk.door.perform([_registration(f"line-{at}", at) for at in moments])
        first, second = (_alarm(receipt) for receipt in receipts)
    finally:
        desk.close()
    return Line(moments[0], first, (second - first) / (moments[1] - moments[0]))


def _registration(name: str, occurred: datetime | None) -> Envelope:
    act = LIFE[0]
    return Envelope(id=name, actor=act.actor, command=act.command, data=dict(act.data), occurred_at=occurred)


def _alarm(receipt: Receipt) -> datetime:
    if receipt.facts.alarm is None:
        message = f"case {receipt.case} has no alarm"
        raise RuntimeError(message)
    return receipt.facts.alarm.due_at


@dataclass
class _Rung:
    """What the ledger says of the alarms."""

    lags: list[float]
    """Seconds between an alarm's instant and its event."""
    kinds: Counter[tuple[str, str]]
    """How often each case's alarm of one instant rang."""
    letters: float
    """Seconds until the last letter was out, after the last ring."""


class _Alarms:
    def __init__(self, plan: Plan, engine: Engine, line: Line) -> None:
        self.plan, self.engine, self.line = plan, engine, line
        self.door, self.moments = engine.desk.door, engine.desk.moments

    def measured(self, total: int, due: int) -> list[Figure]:
        before = self.engine.memory()
        began = time.perf_counter()
        with self.plan.bar("alarms, open cases", total) as forward:
            self._register("quiet", total - due, None)
            registered = time.perf_counter() - began
            self._until_sent(total - due, forward)
            started = time.perf_counter() - began
            wanted = self.moments.now() + timedelta(seconds=self.plan.size(*LEAD))
            instant = self._register("due", due, self.line.coming_in(wanted))
            self._until_sent(due, forward)
        ahead = (instant - self.moments.now()).total_seconds()
        after, stored = self.engine.memory(), self.engine.stored()
        rung = self._rung(due)
        lost, twice = due - len(rung.kinds), sum(1 for count in rung.kinds.values() if count > 1)
        if lost or twice:
            message = f"{lost} alarms lost, {twice} rung more than once"
            raise RuntimeError(message)
        said = f"none lost, none twice; the last timer was asked for {number(ahead)} s before the instant"
        return [
            Figure(
                section="alarms",
                what=f"lag of {due:,} due at once, median",
                ours=percentile(rung.lags, 0.5),
                unit="s",
                note=said,
                details={"lost": lost, "twice": twice},
            ),
            Figure(section="alarms", what="lag, 99th percentile", ours=percentile(rung.lags, 0.99), unit="s"),
            Figure(
                section="alarms",
                what="rung and recorded",
                ours=due / max(rung.lags),
                unit="alarms/s",
                note=f"the last of their {due:,} letters {number(rung.letters)} s after the last ring",
            ),
            Figure(
                section="alarms",
                what=f"workflows started, {total - due:,} cases",
                ours=(total - due) / started,
                unit="cases/s",
                note=f"registered in {number(registered)} s, {AT_ONCE} at a time",
            ),
            *(
                Figure(
                    section="alarms",
                    what=f"memory of the {name} for an open case",
                    ours=(now - then) / total / 1024,
                    unit="KiB",
                    note=f"{number(now / machine.MIB)} MiB in all, {number(then / machine.MIB)} before",
                )
                for name, then, now in zip(("server", "worker"), before, after, strict=True)
            ),
            Figure(section="alarms", what="Temporal's store for an open case", ours=stored / total / 1024, unit="KiB"),
        ]

    def _register(self, prefix: str, count: int, occurred: datetime | None) -> datetime:
        """Register cases; return the instant of the last one's first alarm."""
        instant = MORNING
        for start in range(0, count, AT_ONCE):
            names = [f"{prefix}-{place}" for place in range(start, min(start + AT_ONCE, count))]
            for order in self.door.take([Order([_registration(name, occurred)]) for name in names]):
                instant = _alarm(order.answer()[0])
        return instant

    def _until_sent(self, count: int, forward: Forward) -> None:
        """Wait until the outbox is empty: every case's workflow was started."""
        done = 0
        for left in _polled(self._unsent, "the signals to be sent"):
            forward(max(0, count - left - done))
            done = max(done, count - left)
            if not left:
                return

    def _unsent(self) -> int:
        with self.engine.desk.database.reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar_one())

    def _rung(self, due: int) -> _Rung:
        """Wait until all have rung and their letters are out, then read the ledger."""
        done, last = 0, 0.0
        with self.plan.bar("alarms, ringing", due) as forward:
            for rings, letters in _polled(self._past, "the alarms to ring"):
                forward(rings - done)
                done = rings
                if rings >= due and not last:
                    last = time.perf_counter()
                if letters >= due:
                    break
        found = _Rung([], Counter(), time.perf_counter() - last)
        for case in self._cases():
            for each in queries.history(self.engine.desk.database, case):
                if each.actor == "clock":
                    at = str(each.event.said["due_at"])
                    found.kinds[case, at] += 1
                    found.lags.append((each.recorded_at - datetime.fromisoformat(at)).total_seconds())
        return found

    def _past(self) -> tuple[int, int]:
        """Count the cases that have rung, and those whose letter's outcome is recorded too."""
        columns = tables.cases.c
        query = sa.select(columns.seq, sa.func.count()).where(columns.kind == Kind.PETITION.value, columns.seq > 1)
        with self.engine.desk.database.reading() as connection:
            counts = [(int(seq), int(count)) for seq, count in connection.execute(query.group_by(columns.seq))]
        return sum(count for _, count in counts), sum(count for seq, count in counts if seq > 2)

    def _cases(self) -> list[str]:
        columns = tables.cases.c
        query = sa.select(columns.id).where(columns.kind == Kind.PETITION.value, columns.seq > 1)
        with self.engine.desk.database.reading() as connection:
            return list(connection.execute(query).scalars())


def _polled(look: Callable[[], T], what: str) -> Iterator[T]:
    """Look again and again, seldom enough that looking costs nothing.

    Raises:
        TimeoutError: nobody was satisfied in time.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        yield look()
        time.sleep(0.25)
    message = f"waited {PATIENCE:.0f} s for {what}"
    raise TimeoutError(message)
