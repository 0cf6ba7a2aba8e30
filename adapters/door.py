"""The one door for every change: a clerk, an import, a workflow and the clock all come through here.

One SQL transaction: load, ``decide``, append the events, project the read model with the same ``evolve``, queue the
signal. Callers that arrive together share a transaction; each still gets its own answer, and one that is refused or
fails leaves nothing behind.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from adapters import ledger
from adapters.brought import SAME, Brought, read, sound
from adapters.database import CONFLICT, UNFIT, Database, DatabaseAwayError, undo
from adapters.moments import Moments, RealMoments
from adapters.observing import tracing
from adapters.observing.at_the_door import watched
from adapters.orders import Order
from adapters.prepared import stamp
from adapters.sealed import Sealed, keep_keys
from adapters.world_book import WorldBook
from models import refusals
from models.base import made
from models.canonical import GENESIS, link
from models.case import Case
from models.commands import Command
from models.companions import Companion, answer_of, check_apart, companion, other_of
from models.counting import legal_day
from models.decide import blank, decide
from models.envelope import Envelope, Receipt
from models.event import Recorded
from models.evolve import evolve
from models.facts import Facts, facts_of
from models.lifecycle import MAKES
from models.standing import with_stream
from models.vocabulary import STANDING, Kind
from models.world import RESERVED, Actor, actor_of

if TYPE_CHECKING:
    from adapters.observing.meters import Meters

__all__ = ("OWN_IDS", "SERIES", "TOGETHER", "TRIES", "Door", "Order")
TOGETHER = 128
"""At most so many callers share one transaction."""
OWN_IDS = "engine/"
"""How the engine's own envelopes begin; nobody else's may."""
# fmt: off
SERIES = {
    Kind.SITE: "S", Kind.PLAN: "P", Kind.INDICATOR: "I", Kind.DISPATCH: "D", Kind.PATROL: "T", Kind.STATION: "W",
}
# fmt: on
"""The letters that the numbers of a kind begin with, where they are not a petition's."""
TRIES = 6
"""So often a transaction is tried again after another process wrote the same case first."""


class Door:
    """The door of one process to one ledger; safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        moments: Moments | None = None,
        book: WorldBook | None = None,
        after: Callable[[], None] | None = None,
    ) -> None:
        """Open the door.

        Args:
            database: the ledger, its schema up to date.
            moments: the injected clock; real time if none is given.
            book: the published world; that of this version if none is given.
            after: called after every transaction that queued a signal.
        """
        self.database = database
        self.moments = moments or RealMoments()
        self.book = book or WorldBook()
        self.after = after
        self.meters: Meters | None = None
        """What counts and times, where somebody reads it."""
        self._waiting: deque[Order] = deque()
        self._turn = threading.Lock()

    def perform(
        self,
        envelopes: Sequence[Envelope],
        *,
        trusted: bool = False,
        answering: str | None = None,
        secrets: Sequence[Sealed] = (),
        expected: int | None = None,
    ) -> list[Receipt]:
        """Carry out envelopes, all or none, in their order.

        Returns:
            One receipt for each; a repeated envelope finds the one it had.

        Raises:
            Refused: why not; nothing was changed.
            DatabaseAwayError: the database stayed away; nothing was changed, or it was and the repeat will tell.
        """
        return self.take([Order(envelopes, trusted, answering, secrets, expected)])[0].answer()

    def attempt(self, envelopes: Sequence[Envelope]) -> list[Receipt | refusals.Refused]:
        """Carry out envelopes in one transaction, each for itself: a refused one keeps nobody else out."""
        orders = self.take([Order([envelope]) for envelope in envelopes])
        answers: list[Receipt | refusals.Refused] = []
        for order in orders:
            if isinstance(order.refusal, refusals.Refused):
                answers.append(order.refusal)
            else:
                answers += order.answer()
        return answers

    def take(self, orders: list[Order]) -> list[Order]:
        """Carry orders out, sharing a transaction with whoever else is waiting."""
        if self.meters is None and not tracing.on():
            return self._taken(orders)
        with watched(self.meters, orders):
            return self._taken(orders)

    def _taken(self, orders: list[Order]) -> list[Order]:
        for order in orders:
            order.brought = [read(envelope) for envelope in order.envelopes]
        self._waiting.extend(orders)
        with self._turn:
            # Whoever gets the turn first takes everybody's orders along; the others find theirs done.
            while orders and not orders[-1].done:
                batch: list[Order] = []
                while self._waiting and len(batch) < max(TOGETHER, len(orders)):
                    batch.append(self._waiting.popleft())
                self._settle(batch)
        return orders

    def _settle(self, batch: list[Order]) -> None:
        try:
            self.database.patiently(lambda: self._commit(batch))
        except BaseException as fault:
            # A database that is away is so for everybody: had each to wait for it alone, the last would wait for hours.
            if len(batch) == 1 or isinstance(fault, DatabaseAwayError) or not isinstance(fault, Exception):
                for order in batch:
                    order.refusal, order.done = _unfit(fault), True
                if not isinstance(fault, Exception):
                    raise
                return
            # One of them spoils it for all: let each try alone, so that only that one fails.
            for order in batch:
                self._settle([order])

    def _commit(self, batch: list[Order]) -> None:
        work = self._carried_out(batch)
        for order in batch:
            order.done = True
        if work.grown:
            self.book.take(work.world, work.streams + work.grown)
        if work.queued and self.after:
            self.after()

    def _carried_out(self, batch: list[Order]) -> "_Work":
        left = TRIES
        while True:
            left -= 1
            for order in batch:
                order.receipts, order.refusal, order.done = [], None, False
            try:
                with self.database.writing() as connection:
                    work = _Work(self, connection, batch, again=left < TRIES - 1)
                    work.run()
            except CONFLICT:
                # Another process wrote the same case, number or envelope first: look again, decide again.
                if not left:
                    raise
            else:
                return work

    def facts(self, case: Case) -> Facts:
        """Return a case's facts, with the real instant of its next alarm."""
        alarm = case.alarm
        return facts_of(case, self.moments.real(alarm.at) if alarm else None)


class _Work:
    """One transaction on its way."""

    def __init__(self, door: Door, connection: sa.Connection, batch: list[Order], *, again: bool) -> None:
        self.door, self.connection, self.batch, self.again = door, connection, batch, again
        self.at = door.moments.now()
        self.world = door.book.world
        self.streams = 0
        self.grown = 0
        self.loaded: dict[str, ledger.Held] = {}
        self.before: dict[str, Case | None] = {}
        self.known: dict[str, ledger.Kept] = {}
        self.events: list[dict[str, object]] = []
        self.kept: list[dict[str, object]] = []
        self.quiet: dict[str, bool] = {}
        self.latest: dict[str, Facts] = {}
        self.traces: dict[str, str | None] = {}
        self.secrets: list[Sealed] = []
        self.numbers: dict[str, int] = {}
        self.queued = False

    def run(self) -> None:
        envelopes = [envelope for order in self.batch for envelope in order.envelopes]
        cases = sorted({e.case for e in envelopes if e.case and e.case != SAME} | self._others())
        ids = [envelope.id for envelope in envelopes]
        self.loaded, self.known, latest = ledger.begin(self.connection, cases, ids)
        if others := {kept.case for kept in self.known.values()} - self.loaded.keys():
            self.loaded |= ledger.hold(self.connection, sorted(others))
        self.before = {name: held.case for name, held in self.loaded.items()}
        # What had to be waited for lies behind this moment, so that a case's events follow one another in time.
        self.at = self.door.moments.now()
        self._renew_world(latest)
        for order in self.batch:
            self._try(order)
        self._write()

    def _others(self) -> set[str]:
        """Return the cases that commands name beside their own."""
        commands = [each.command for order in self.batch for each in order.brought]
        found = {other_of(None, each) for each in commands if not isinstance(each, Exception)}
        return {each for each in found if each}

    def _beside(self, order: Order, envelope: Envelope, case: Case, command: Command, actor: Actor) -> None:
        """Tell the other case that a command concerns, in the same transaction.

        Raises:
            Refused: the other case does not have it; then neither of the two is told.
        """
        told = companion(case, command)
        if told is None:
            return
        if told.case not in self.loaded:
            self.loaded |= ledger.hold(self.connection, [told.case])
            self.before |= {name: held.case for name, held in self.loaded.items() if name not in self.before}
        if told.case not in self.loaded or self.loaded[told.case].case.kind is not told.kind:
            raise refusals.Unknown(case=told.case)
        other = self.loaded[told.case].case
        check_apart(self.world, case, other, command, actor)
        self._told(order, envelope, told, case, actor)
        if back := answer_of(case, other, told):
            self._told(order, envelope, back, other, actor)

    def _told(self, order: Order, envelope: Envelope, told: Companion, by: Case, actor: Actor) -> None:
        name = hashlib.sha256(f"{envelope.id} {told.command}".encode()).hexdigest()[:32]
        there = Envelope(
            id=f"{OWN_IDS}beside/{name}",
            case=told.case,
            actor=actor.id if told.own else "engine",
            command=told.command,
            data=told.data,
            via={"case": by.id},
        )
        self._one(replace(order, trusted=True, answering=None, expected=None), read(there))

    def _renew_world(self, latest: int) -> None:
        book = self.door.book
        if latest != book.seen:
            book.renew(ledger.standing(self.connection))
        self.world, self.streams = book.world, latest

    def _try(self, order: Order) -> None:
        """Carry out one order; if any of it is refused, put everything back as it was before."""
        marks = (len(self.events), len(self.kept))
        before = (dict(self.loaded), dict(self.known), dict(self.numbers), dict(self.quiet))
        world, grown = self.world, self.grown
        try:
            order.receipts = []
            for brought in order.brought:
                order.receipts.append(self._one(order, self._placed(order, brought)))
        except Exception as fault:  # noqa: BLE001 - whatever it was, it is this caller's answer and nobody else's
            order.refusal = fault
            del self.events[marks[0] :], self.kept[marks[1] :]
            self.loaded, self.known, self.numbers, self.quiet = before
            self.world, self.grown = world, grown
        else:
            if any(not receipt.repeated for receipt in order.receipts):
                self.secrets += order.secrets

    def _one(self, order: Order, brought: Brought) -> Receipt:
        envelope, digest = brought.envelope, sound(brought.digest)
        if envelope.id.startswith(OWN_IDS) and not order.trusted:
            # Whoever could take the id of an alarm to come could keep it from ever ringing.
            raise refusals.Reserved(person=OWN_IDS)
        if known := self.known.get(envelope.id):
            return self._repeat(envelope, known, digest)
        command = sound(brought.command)
        actor = self._actor(envelope.actor, trusted=order.trusted)
        held = self._held(envelope, command)
        case = held.case
        if order.expected not in {None, case.seq}:
            raise refusals.Changed(case=case.id)
        event = decide(self.world, case, actor, command, self.at, envelope.occurred_at)
        if event is None:
            return made(
                Receipt,
                envelope=envelope.id,
                case=case.id,
                seq=case.seq,
                event=None,
                at=self.at,
                facts=self.door.facts(case),
            )
        recorded = made(
            Recorded,
            case=case.id,
            kind=case.kind,
            seq=case.seq + 1,
            actor=actor.id,
            occurred_at=min(envelope.occurred_at or self.at, self.at),
            recorded_at=self.at,
            envelope=envelope.id,
            policy=case.policy,
            via=envelope.via,
            event=event,
        )
        after = evolve(case, recorded)
        body = recorded.body()
        head = link(held.head, body)
        self.loaded[case.id] = ledger.Held(after, head, isnew=held.isnew, row=held.row)
        self.quiet[case.id] = self.quiet.get(case.id, True) and order.answering == case.id
        self.traces[case.id] = order.trace or self.traces.get(case.id)
        if case.kind in STANDING:
            # It holds for what follows in this transaction, and for everybody once that is done.
            self.world, self.grown = with_stream(self.world, after), self.grown + 1
        self.events.append({"case_id": case.id, "seq": recorded.seq, "body": body, "hash": head})
        self.known[envelope.id] = ledger.Kept(case.id, recorded.seq, event.name, self.at, digest)
        self.kept.append(
            {
                "id": envelope.id,
                "case_id": case.id,
                "seq": recorded.seq,
                "event": event.name,
                "recorded_at": stamp(self.at),
                "digest": digest,
                "body": sound(brought.text),
            }
        )
        self._beside(order, envelope, case, command, actor)
        # What the other case answered came after it.
        facts = self.latest[case.id] = self.door.facts(self.loaded[case.id].case)
        return made(
            Receipt, envelope=envelope.id, case=case.id, seq=recorded.seq, event=event.name, at=self.at, facts=facts
        )

    def _placed(self, order: Order, brought: Brought) -> Brought:
        """Return an envelope with its case named, where it means the case that the one before it made."""
        if brought.envelope.case != SAME:
            return brought
        if not order.receipts:
            raise refusals.Unknown(case=SAME)
        return read(brought.envelope.model_copy(update={"case": order.receipts[-1].case}))

    def _repeat(self, envelope: Envelope, known: ledger.Kept, digest: str) -> Receipt:
        if known.digest != digest:
            raise refusals.OtherContent(envelope=envelope.id)
        return made(
            Receipt,
            envelope=envelope.id,
            case=known.case,
            seq=known.seq,
            event=known.event,
            at=known.at,
            facts=self.door.facts(self.loaded[known.case].case),
            repeated=True,
        )

    def _actor(self, name: str, *, trusted: bool) -> Actor:
        if name in RESERVED:
            if not trusted:
                raise refusals.Reserved(person=name)
            return RESERVED[name]
        organisation = self.world.organisation
        person = organisation.person(name) if organisation else None
        if person is None:
            raise refusals.UnknownPerson(person=name)
        return actor_of(person)

    def _held(self, envelope: Envelope, command: Command) -> ledger.Held:
        if envelope.case and (held := self.loaded.get(envelope.case)):
            return held
        if command.name not in MAKES:
            raise refusals.Unknown(case=envelope.case or "—")
        number = envelope.case or self._number(SERIES.get(MAKES[command.name], "XF"))
        return ledger.Held(blank(self.world, number, command.name, self.at), GENESIS, isnew=True)

    def _number(self, letters: str) -> str:
        """Return the next free number: XF (a site's: S), the year, six digits. A refused command uses none up."""
        series = f"{letters}{legal_day(self.at).year}"
        if series not in self.numbers:
            self.numbers[series] = ledger.last_number(self.connection, series)
        while True:
            self.numbers[series] += 1
            number = f"{series}{self.numbers[series]:06d}"
            # A number that somebody chose by name is noticed by the conflict it makes, and passed over then.
            if number not in self.loaded and not (self.again and ledger.seq_of(self.connection, number)):
                return number

    def _write(self) -> None:
        if not self.events:
            undo(self.connection)  # a series that was begun for a refused registration is not begun
            return
        keep_keys(self.secrets)
        changed = [self.loaded[name] for name in sorted({str(event["case_id"]) for event in self.events})]
        signals = [held for held in changed if not self._silent(held.case)]
        ledger.write(
            self.connection,
            events=self.events,
            kept=self.kept,
            changed=changed,
            before=self.before,
            signals=[(held.case, self._facts(held.case).model_dump_json()) for held in signals],
            secrets=[{**each.row(), "sealed_at": self.at} for each in self.secrets],
            numbers=self.numbers,
            at=self.at,
            traces=self.traces,
        )
        self.queued = bool(signals)

    def _facts(self, case: Case) -> Facts:
        facts = self.latest.get(case.id)
        # A refused order may have left facts behind that never came about.
        return facts if facts and facts.seq == case.seq else self.door.facts(case)

    def _silent(self, case: Case) -> bool:
        """Tell whether nobody needs a signal: its own manager asks, or there never was anything to do."""
        before = self.before.get(case.id)
        was_resting = before is None or before.resting
        return self.quiet.get(case.id, False) or (was_resting and case.resting)


def _unfit(fault: BaseException) -> BaseException:
    """Return what a caller is told: a value that the database cannot hold is a refusal like any other."""
    if isinstance(fault, UNFIT):
        return refusals.Malformed(field="data", why="内容过长，无法保存 / too long to be kept")
    return fault
