"""A case run again: its kept envelopes are decided once more, from nothing, in the world as it was, under any policy.

People's commands come at the moments they were recorded. Alarms ring as they come due in *this* run; one that rang in
truth rings when it did, and while the engine demonstrably was away (an alarm that was due in truth had not rung), none
rings here either. So the same policy makes the same events, byte by byte.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from pydantic import JsonValue

from models.case import Case
from models.clocks import Alarm
from models.commands import Command, Ring
from models.decide import decide
from models.envelope import Envelope, command_of
from models.event import Recorded
from models.evolve import evolve
from models.policy import Policy
from models.refusals import Refused, UnknownPerson
from models.world import CLOCK, RESERVED, Actor, World, actor_of

Worlds = Callable[[datetime], World]
"""The world as it was at a moment: the organisation, calendars and policies that were in force then."""

NEW_RING: Final = "engine/{case}/ring/{clock}/{rung}/{due_at}"
"""The envelope of a ring that never rang in truth; named as the engine would have named it."""


@dataclass(frozen=True)
class Kept:
    """An envelope that was accepted, and the canonical text of the event that came of it."""

    envelope: Envelope
    body: str

    @cached_property
    def recorded(self) -> Recorded:
        """The event, read."""
        return Recorded.model_validate_json(self.body)


@dataclass(frozen=True)
class Denied:
    """A command that was accepted in truth and is refused in this run: its number in the ledger, and the sentence."""

    seq: int
    command: str
    actor: str
    at: datetime
    code: str
    zh: str
    en: str


@dataclass
class Run:
    """What came of it: the events in order, and those that a kept envelope became, by its number in the ledger.

    ``same`` tells that every event is the kept one, byte by byte, and that there is none more. ``names`` are the kept
    reactions' ids as this run numbers them.
    """

    events: list[Recorded] = field(default_factory=list)
    at: dict[int, Recorded] = field(default_factory=dict)
    denied: list[Denied] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    same: bool = True


def as_kept(kept: Iterable[Kept]) -> Run:
    """Return what came of it in truth."""
    events = [each.recorded for each in kept]
    return Run(events=events, at={each.seq: each for each in events})


def run_again(kept: Sequence[Kept], worlds: Worlds, now: datetime, policy: Policy | None = None) -> Run:
    """Run one case again, up to now.

    Args:
        kept: all its envelopes, in order; the first one makes the case.
        worlds: the world as it was.
        now: up to when alarms ring (UTC).
        policy: the one to decide by; each case's own if None.
    """
    running = _Running(kept[0].recorded, worlds, policy)
    was: Case | None = None
    for each in kept:
        running.ring_until(each.recorded.recorded_at, was)
        running.take(each)
        if running.case is None:
            break
        # As long as nothing differs, what the case was in truth is what it is here.
        was = running.case if running.run.same else evolve(was, each.recorded)
    running.ring_until(now, was)
    return running.run


class _Running:
    """One run on its way."""

    def __init__(self, first: Recorded, worlds: Worlds, policy: Policy | None) -> None:
        self.blank = Case(id=first.case, kind=first.kind, policy=first.policy)
        self.case: Case | None = None
        self.worlds, self.policy = worlds, policy
        self.at = first.recorded_at
        self.run = Run()
        self.lost: set[str] = set()

    def world(self, at: datetime) -> World:
        world = self.worlds(at)
        return replace(world, policies={self.blank.policy: self.policy}) if self.policy else world

    def ring_until(self, until: datetime, was: Case | None) -> None:
        """Ring what comes due up to a moment and has not rung in truth; ``was`` is the case as it truly stood."""
        awaited = was.alarm if was else None
        while self._rings(until, awaited):
            pass

    def _rings(self, until: datetime, awaited: Alarm | None) -> bool:
        """Ring the next alarm, if it comes now."""
        alarm = self.case.alarm if self.case else None
        if self.case is None or alarm is None or max(alarm.at, self.at) > until:
            return False
        if awaited and awaited.at <= alarm.at:
            # In truth the engine had not come so far: its own ring follows, or it was away.
            return False
        at = max(alarm.at, self.at)
        name = NEW_RING.format(case=self.case.id, clock=alarm.clock, rung=alarm.rung, due_at=alarm.at.isoformat())
        command = Ring(clock=alarm.clock, rung=alarm.rung, due_at=alarm.at)
        envelope = Envelope(id=name, case=self.case.id, actor=CLOCK.id, command=Ring.name)
        self.run.same = False
        return self._tell(self.world(at), self.case, CLOCK, command, envelope, at) is not None

    def take(self, kept: Kept) -> None:
        """Decide a kept envelope at its moment; what is refused is noted and passed over."""
        truth, envelope = kept.recorded, kept.envelope
        self.at = truth.recorded_at
        told: Recorded | None = None
        if (data := self._renamed(envelope.data)) is not None:
            world = self.world(truth.recorded_at)
            try:
                told = self._tell(
                    world,
                    self.case or self.blank,
                    _actor(world, envelope.actor),
                    command_of(envelope.model_copy(update={"data": data})),
                    envelope,
                    truth.recorded_at,
                )
            except Refused as refusal:
                # What the engine brings from elsewhere either still applies or does not; people are told why.
                if envelope.actor not in RESERVED or self.case is None:
                    why = (refusal.code, refusal.zh, refusal.en)
                    self.run.denied.append(Denied(truth.seq, envelope.command, envelope.actor, truth.recorded_at, *why))
        self._follow(truth, told)
        if told:
            self.run.at[truth.seq] = told
        self.run.same = self.run.same and told is not None and told.body() == kept.body

    def _tell(
        self, world: World, case: Case, actor: Actor, command: Command, envelope: Envelope, at: datetime
    ) -> Recorded | None:
        event = decide(world, case, actor, command, at, envelope.occurred_at)
        if event is None:
            return None
        recorded = Recorded(
            case=case.id,
            kind=case.kind,
            seq=case.seq + 1,
            actor=actor.id,
            occurred_at=min(envelope.occurred_at or at, at),
            recorded_at=at,
            envelope=envelope.id,
            policy=case.policy,
            via=envelope.via,
            event=event,
        )
        self.case, self.at = evolve(self.case, recorded), at
        self.run.events.append(recorded)
        return recorded

    def _renamed(self, data: Mapping[str, JsonValue]) -> dict[str, JsonValue] | None:
        """Return the data with reactions named as they are here; None where it is about one that never came to be."""
        found = dict(data)
        for name, value in data.items():
            if isinstance(value, str):
                if value in self.lost:
                    return None
                found[name] = self.run.names.get(value, value)
        return found

    def _follow(self, truth: Recorded, told: Recorded | None) -> None:
        """Pair the reactions of an event in truth with those of the same event here, by their place and kind."""
        here = {_tail(name): name for name in told.reaction_ids()} if told else {}
        for name in truth.reaction_ids():
            if found := here.get(_tail(name)):
                self.run.names[name] = found
            else:
                self.lost.add(name)


def _tail(reaction: str) -> str:
    """Return a reaction's place and kind: ``CASE#4.1.letter`` is ``1.letter``."""
    return reaction.rpartition("#")[2].partition(".")[2]


def _actor(world: World, name: str) -> Actor:
    if name in RESERVED:
        return RESERVED[name]
    person = world.organisation.person(name) if world.organisation else None
    if person is None:
        raise UnknownPerson(person=name)
    return actor_of(person)
