"""One simulated run: made-up petitions come in, made-up people take them on, every alarm rings at its moment.

Each case is a real one: every step goes through ``decide`` and ``evolve`` as in the ledger's door, and so does every
ring. What is left out is what nobody reads here: hashes, letters' outcomes, the read model.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import accumulate
from random import Random
from typing import Final

from adapters.forecasting.crew import Line, Tally
from adapters.forecasting.flow import (
    MADE_UP,
    SEND_BACK,
    Petition,
    actor_of,
    command,
    finished,
    next_step,
    registration,
)
from adapters.forecasting.hours import DAY, HOUR, Hours
from adapters.forecasting.setup import STEPS, Setup
from models.clocks import Alarm
from models.commands import Command, Ring
from models.decide import blank, decide
from models.event import Event, Recorded
from models.evolve import evolve
from models.refusals import Refused
from models.vocabulary import Kind, Light, Role, Status
from models.world import CLOCK, ENGINE, Actor

UNASSIGNED: Final = ""
"""The unit of what has not been assigned yet."""

Piece = tuple[Petition, str]


@dataclass
class Seen:
    """What one run saw. Lists over days begin with day 0, the start; units are keyed by id.

    ``waiting`` counts the part of the backlog that waits for people or is in their hands: not what is being put right.
    ``first_visits`` are hours from registration to the first visit; ``rungs`` counts what rang; ``refused`` counts what
    ``decide`` refused (nothing should); ``unvisited`` counts new petitions that nobody had gone to see by the end.
    """

    arrived: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    in_time: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    first_visits: dict[str, list[float]] = field(default_factory=dict)
    unvisited: Counter[str] = field(default_factory=Counter)
    backlog: list[Counter[str]] = field(default_factory=list)
    overdue: list[Counter[str]] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    lights: Counter[Light] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    standing: int = 0
    crews: dict[str, Tally] = field(default_factory=dict)
    cases: int = 0
    events: int = 0


@dataclass(frozen=True)
class Luck:
    """What chance decides of one case before anybody acts, so that other people or another policy meet the same."""

    work: dict[str, float]
    substantiated: bool
    returned: bool


def luck(setup: Setup, rng: Random) -> Luck:
    """Draw what chance decides of one case; seconds by step."""
    work = {name: setup.work[name].drawn(rng) * HOUR for name in STEPS}
    return Luck(work, rng.random() < setup.substantiated, rng.random() < setup.sent_back)


def run(setup: Setup, number: int) -> Seen:
    """Simulate one run; its number and the seed decide everything that is left to chance."""
    return _Run(setup, number).whole()


UNBEGUN: Final = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.ASSIGNED})
LONG_AGO: Final = 1e12
"""Seconds by which what has been begun comes before everything that has not."""


class _Run:
    """A run on its way. ``now`` is in seconds after the start."""

    def __init__(self, setup: Setup, number: int) -> None:
        self.setup, self.seen = setup, Seen()
        self.rng = Random(f"{setup.seed}/{number}")  # noqa: S311 - chance that can be repeated, nothing secret
        self.end = setup.days * DAY
        self.now = 0.0
        self.hours = Hours(setup.world.calendars[setup.calendar], setup.spans, setup.start, setup.days)
        self.lines: dict[tuple[Role, str | None], Line[Piece]] = {
            (crew.role, crew.unit): Line(crew.size, self.hours, self.end, self._begun) for crew in setup.crews
        }
        self.cases: dict[str, Petition] = {}
        self._weights = list(accumulate(kindred.weight for kindred in setup.mix))
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    # ── time ──

    def whole(self) -> Seen:
        """Run from the start to the end."""
        for case in self.setup.backlog:
            drawn = luck(self.setup, self.rng)
            unit = case.unit or self._kindred_unit()
            self._enter(Petition(case, drawn.work, drawn.substantiated, drawn.returned, unit))
        self._snapshot()
        for day in range(1, self.setup.days + 1):
            self._at(day * DAY, self._snapshot)
        arrivals = self._arrivals()
        self._next_arrival(arrivals)
        for petition in list(self.cases.values()):
            self._go_on(petition)
        while self._coming:
            self.now, _, act = heappop(self._coming)
            act()
        self._finish()
        return self.seen

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        if moment <= self.end:
            self._count += 1
            heappush(self._coming, (moment, self._count, act))

    def _moment(self) -> datetime:
        return self.setup.start + timedelta(seconds=self.now)

    # ── arrivals ──

    def _arrivals(self) -> Iterator[tuple[float, int, Luck]]:
        """Draw the Poisson arrivals one after another; nothing that happens meanwhile changes them."""
        rate, moment = self.setup.per_day / DAY, 0.0
        while rate:
            moment += self.rng.expovariate(rate)
            if moment >= self.end:
                return
            yield moment, self._kindred(), luck(self.setup, self.rng)

    def _kindred(self) -> int:
        return bisect(self._weights, self.rng.random() * self._weights[-1], hi=len(self._weights) - 1)

    def _kindred_unit(self) -> str | None:
        return self.setup.mix[self._kindred()].unit if self._weights else None

    def _next_arrival(self, arrivals: Iterator[tuple[float, int, Luck]]) -> None:
        coming = next(arrivals, None)
        if coming is None:
            return
        moment, kindred, drawn = coming

        def come() -> None:
            self._register(kindred, drawn)
            self._next_arrival(arrivals)

        self._at(moment, come)

    def _register(self, place: int, drawn: Luck) -> None:
        kindred = self.setup.mix[place]
        self.seen.cases += 1
        case = blank(self.setup.world, f"F{self.seen.cases}", "register", self._moment())
        petition = Petition(case, drawn.work, drawn.substantiated, drawn.returned, kindred.unit, self.now)
        self.seen.arrived[kindred.unit] += 1
        if self._tell(petition, actor_of(Role.CLERK, None), registration(kindred.channel, kindred.types)):
            self._enter(petition)
            self._go_on(petition)

    def _enter(self, petition: Petition) -> None:
        self.cases[petition.case.id] = petition
        self._look(petition)

    # ── work ──

    def _go_on(self, petition: Petition) -> None:
        """Let the next step begin or wait in line; steps that take no time are taken at once, one after another."""
        while not petition.busy and not petition.stuck and (step := next_step(petition)):
            role, work = STEPS[step].role, petition.work[step]
            if work and role is None:
                petition.busy = petition.remedying = True
                self._at(self.now + work, partial(self._done, petition, step))
                return
            if work and role is not None:
                line = self._line(role, petition)
                if line is None:
                    return
                petition.busy = True
                line.offer((petition, step), work, self._rank(petition), self.now)
                return
            if step == "visit":
                self._visit(petition, self.now)
            if not self._take(petition, step):
                return

    def _line(self, role: Role, petition: Petition) -> Line[Piece] | None:
        unit = petition.case.unit if role is Role.INSPECTOR else None
        return self.lines.get((role, unit), self.lines.get((role, None)))

    def _rank(self, petition: Petition) -> float:
        if self.setup.order == "oldest":
            return 0.0
        due = (petition.due - self.setup.start).total_seconds() if petition.due else 0.0
        # What has been begun is finished first: whoever only follows the due dates of a big backlog visits everything
        # before anything is closed, since every step that is taken puts a case's next date behind the others' first.
        begun = self.setup.order == "finish" and petition.case.status not in UNBEGUN
        return due - LONG_AGO if begun else due

    def _begun(self, piece: Piece, begins: float, done: float) -> None:
        petition, step = piece
        if step == "visit":
            self._visit(petition, begins)

        role = STEPS[step].role
        line = self._line(role, petition) if role else None

        def act() -> None:
            self._done(petition, step)
            if line is not None:
                line.done(self.now)

        self._at(done, act)

    def _visit(self, petition: Petition, begins: float) -> None:
        if petition.arrived is None or petition.visited or begins > self.end:
            return
        petition.visited = True
        waited = (begins - petition.arrived) / HOUR
        self.seen.first_visits.setdefault(petition.unit or UNASSIGNED, []).append(waited)

    def _done(self, petition: Petition, step: str) -> None:
        petition.busy = False
        if self._take(petition, step):
            self._go_on(petition)

    def _take(self, petition: Petition, step: str) -> bool:
        """Take a step; tell whether the case goes on."""
        role = STEPS[step].role
        if role is None:
            petition.remedied, petition.remedying = True, False
            return True
        said = command(petition, step, self.setup.world.organisation)
        if not self._tell(petition, actor_of(role, petition.case.unit), said):
            return False
        if said is SEND_BACK:
            petition.returned = False  # what was missing is put right; it is sent back once
        self._after(petition)
        return True

    def _after(self, petition: Petition) -> None:
        case = petition.case
        if case.kind is Kind.RECTIFICATION and case.status is Status.CLOSED:
            del self.cases[case.id]
            for name in case.serving:
                parent = self.cases.get(name)
                if parent and self._tell(parent, ENGINE, finished(case)):
                    self._look(parent)
                    self._go_on(parent)
        elif case.status is Status.CLOSED and next_step(petition) is None:
            del self.cases[case.id]  # what comes after the reply is not simulated
        else:
            self._look(petition)

    # ── the core ──

    def _tell(self, petition: Petition, actor: Actor, said: Command) -> Event | None:
        """Decide and take the event over; a refusal is counted, and the case stands still."""
        case, at = petition.case, self._moment()
        try:
            event = decide(self.setup.world, case, actor, said, at)
        except Refused as refusal:
            self.seen.refused[f"{said.name}:{refusal.code}"] += 1
            petition.stuck = True
            return None
        if event is None:
            self.seen.refused[f"{said.name}:nothing"] += 1
            return None
        recorded = Recorded(
            case=case.id,
            kind=case.kind,
            seq=case.seq + 1,
            actor=actor.id,
            occurred_at=at,
            recorded_at=at,
            envelope=MADE_UP,
            policy=case.policy,
            event=event,
        )
        petition.case = evolve(case, recorded)
        self.seen.events += 1
        if event.name == "closed":
            unit = petition.case.unit or UNASSIGNED
            self.seen.closed[unit] += 1
            if petition.case.on_time is not None:
                (self.seen.in_time if petition.case.on_time else self.seen.late)[unit] += 1
        return event

    def _look(self, petition: Petition) -> None:
        """After an event: keep when it is due, and arm its next alarm."""
        case = petition.case
        petition.due = case.due if case.is_open else None
        alarm = case.alarm
        if alarm != petition.alarm:
            petition.alarm = alarm
            if alarm:
                moment = max(self.now, (alarm.at - self.setup.start).total_seconds())
                self._at(moment, partial(self._ring, petition, alarm))

    def _ring(self, petition: Petition, alarm: Alarm) -> None:
        if petition.alarm != alarm or petition.case.id not in self.cases:
            return
        event = self._tell(petition, CLOCK, Ring(clock=alarm.clock, rung=alarm.rung, due_at=alarm.at))
        if event is None:
            return
        if event.said.get("recipients"):
            self.seen.rungs[alarm.rung] += 1
        self._look(petition)
        self._go_on(petition)

    # ── looking ──

    def _snapshot(self) -> None:
        now, backlog, overdue, waiting = self._moment(), Counter[str](), Counter[str](), 0
        for petition in self.cases.values():
            if petition.case.kind is Kind.PETITION and petition.case.is_open:
                unit = petition.case.unit or UNASSIGNED
                backlog[unit] += 1
                waiting += not petition.remedying and not petition.case.open_tasks
                if petition.due is not None and petition.due <= now:
                    overdue[unit] += 1
        self.seen.backlog.append(backlog)
        self.seen.overdue.append(overdue)
        self.seen.waiting.append(waiting)

    def _finish(self) -> None:
        self.now = self.end
        for petition in self.cases.values():
            case = petition.case
            if case.kind is Kind.PETITION and case.is_open:
                self.seen.lights[case.light] += 1
                self.seen.standing += not petition.busy and not case.open_tasks
            if petition.arrived is not None and not petition.visited:
                self.seen.unvisited[petition.unit or UNASSIGNED] += 1
        for crew in self.setup.crews:
            line = self.lines[crew.role, crew.unit]
            line.look(self.end)
            self.seen.crews[crew.name] = line.tally
