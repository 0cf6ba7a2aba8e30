"""The activities that go through the door: ``ring`` as the clock, ``perform`` for others, ``fetch_events`` to look."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.convening import Convening
from activities.discreet import discreet
from activities.erasing import Erasing
from activities.letters import Letters
from activities.links import Links
from activities.reconciling import Reconciling
from activities.rooting import Rooting
from activities.signatures import PerformAnswer, PerformCall, RefusalAnswer, RingCall
from activities.sweeping import Sweeping
from adapters import queries
from adapters.door import OWN_IDS, Door
from adapters.letters.tray import Tray
from adapters.sealed import Sealer
from models.commands import Ring
from models.envelope import Envelope
from models.facts import Facts
from models.refusals import Refused

log = structlog.get_logger()


class ThroughTheDoor:
    """The promises of ``signatures`` that need nothing but the door."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    @discreet
    def ring(self, call: RingCall) -> Facts:
        """Ring: the envelope's id names the rung and its instant, so that a ring told twice is one event."""
        command = Ring(clock=call.clock, rung=call.rung, due_at=call.due_at)
        envelope = Envelope(
            id=f"{OWN_IDS}{call.case}/ring/{call.clock}/{call.rung}/{call.due_at.isoformat()}",
            case=call.case,
            actor="clock",
            command=command.name,
            data=command.model_dump(mode="json"),
        )
        (receipt,) = self.door.perform([envelope], trusted=True, answering=call.case)
        if receipt.event:
            log.info("alarm", case=call.case, clock=call.clock, rung=call.rung, event_name=receipt.event)
        return receipt.facts

    @activity.defn
    @discreet
    def perform(self, call: PerformCall) -> PerformAnswer:
        """Perform what a client of Temporal sent; it may not act as the clock or the engine."""
        try:
            (receipt,) = self.door.perform([call.envelope], answering=call.case)
        except Refused as refusal:
            return PerformAnswer(refusal=RefusalAnswer(code=refusal.code, zh=refusal.zh, en=refusal.en))
        return PerformAnswer(receipt=receipt)

    @activity.defn
    @discreet
    def fetch_events(self, case: str) -> Facts:
        """Fold the events themselves, not the read model: after a restore they are what can be trusted."""
        found = queries.folded(self.door.database, case)
        if found is None:
            message = f"no case {case} in the ledger"
            raise ApplicationError(message, non_retryable=True)
        return self.door.facts(found)


def all_activities(
    door: Door, sealer: Sealer, tray: Tray, data: Path | None = None, witness: Path | None = None
) -> list[Callable[..., Any]]:
    """Return every activity a worker hosts; without the folder of a post book all letters stay in the tray."""
    through, links = ThroughTheDoor(door), Links(door)
    letters = Letters(door, sealer, tray, data)
    sweeping, erasing = Sweeping(door), Erasing(door, sealer, tray)
    others: list[Callable[..., Any]] = [letters.deliver, links.link, sweeping.sweep, erasing.erase]
    rooting = Rooting(door, data, witness)
    others += [Convening(door).convene, rooting.make_root, rooting.witness_root, Reconciling(door).reconcile]
    return [through.ring, through.perform, through.fetch_events, *others]
