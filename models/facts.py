"""The facts a process manager works on: never free text, never a person."""

from datetime import datetime

from pydantic import ConfigDict

from models.base import Frozen, made
from models.case import Case
from models.vocabulary import Kind, Stage, Status


class Told(Frozen):
    """What workers of several versions tell one another: a field that only the newer one knows is passed over."""

    model_config = ConfigDict(extra="ignore")


class AlarmFact(Told):
    """The next alarm: which clock and rung, its legal instant, and the real instant at which to ring (UTC).

    The two differ only under an accelerated clock.
    """

    clock: str
    rung: str
    due_at: datetime
    ring_at: datetime


class Facts(Told):
    """A case as its process manager knows it: a snapshot after event ``seq``; the newest says everything.

    ``reactions`` are the ids of all reactions without a recorded outcome; ``policy`` is the one it runs under.
    """

    case: str
    kind: Kind
    seq: int
    status: Status
    stage: Stage
    unit: str | None = None
    alarm: AlarmFact | None = None
    reactions: tuple[str, ...] = ()
    policy: str | None = None

    @property
    def resting(self) -> bool:
        """Whether nothing is to come."""
        return self.alarm is None and not self.reactions


def facts_of(case: Case, ring_at: datetime | None) -> Facts:
    """Return the facts of a case; ``ring_at`` is the real instant of its next alarm."""
    alarm = case.alarm
    return made(
        Facts,
        case=case.id,
        kind=case.kind,
        seq=case.seq,
        status=case.status,
        stage=case.stage,
        unit=case.unit,
        alarm=made(AlarmFact, clock=alarm.clock, rung=alarm.rung, due_at=alarm.at, ring_at=ring_at or alarm.at)
        if alarm
        else None,
        reactions=case.pending,
        policy=case.policy,
    )
