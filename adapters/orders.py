"""What one caller brings to the door, and what it takes home."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.brought import Brought
from adapters.sealed import Sealed
from models.envelope import Envelope, Receipt


@dataclass
class Order:
    """What one caller brings: envelopes that are accepted all or not at all, and how they are to be treated.

    ``trusted`` is the engine itself, which may act as the clock; ``answering`` names a case whose own process manager
    is asking: it gets the facts as the answer and needs no signal about them. ``secrets`` are for the sealed
    store and belong to the same moment. ``expected`` is the number of the case's latest event as the caller knows it:
    where the case went on since, a new envelope is refused.
    """

    envelopes: Sequence[Envelope]
    trusted: bool = False
    answering: str | None = None
    secrets: Sequence[Sealed] = ()
    expected: int | None = None
    receipts: list[Receipt] = field(default_factory=list)
    refusal: BaseException | None = None
    brought: Sequence[Brought] = ()
    done: bool = False
    trace: str | None = None
    """The trace it came by (``adapters.observing.tracing.carried``)."""

    def answer(self) -> list[Receipt]:
        """Return the receipts, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        return self.receipts
