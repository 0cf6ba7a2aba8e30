"""What workflows may ask to have done, and what they get back. Promises only: the modules beside this keep them.

Nothing here carries free text or a person, except ``perform``, which hands on what a client of Temporal sent.
"""

from datetime import datetime

from temporalio import activity

from models.base import Frozen
from models.envelope import Envelope, Receipt
from models.facts import Facts
from models.meeting_values import Series


class RingCall(Frozen):
    """Which rung of which clock is due, and its legal instant."""

    case: str
    clock: str
    rung: str
    due_at: datetime


class ReactionCall(Frozen):
    """Which reaction of which case is to be carried out."""

    case: str
    reaction: str


class PerformCall(Frozen):
    """An envelope, and which case's process manager hands it in: that one needs no signal about what comes of it."""

    case: str
    envelope: Envelope


class RefusalAnswer(Frozen):
    """Why not: the refusal's code and its sentence in both languages."""

    code: str
    zh: str
    en: str


class PerformAnswer(Frozen):
    """The door's answer to an envelope: a receipt, or a refusal."""

    receipt: Receipt | None = None
    refusal: RefusalAnswer | None = None


class ConveneCall(Frozen):
    """Which series of meetings is looked at."""

    series: Series


class ConveneAnswer(Frozen):
    """Which meeting was due, None where none was owed; whether its pack was made now.

    ``again_at`` is the real instant at which a meeting is due that a day off has moved to a later day.
    """

    meeting: str | None = None
    made: bool = False
    again_at: datetime | None = None


class RootAnswer(Frozen):
    """How many leaves of the log of heads a root covers, and the witnesses that are to have it."""

    size: int
    witnesses: tuple[str, ...] = ()


class WitnessCall(Frozen):
    """Which root is brought to which witness."""

    size: int
    witness: str


class ReconcileCall(Frozen):
    """How many cases that are not open are looked at beside the open ones."""

    sample: int


class ReconcileAnswer(Frozen):
    """How many cases were looked at, how many managers answered, how many could not be asked, how many cases differ."""

    looked: int
    asked: int
    unasked: int
    found: int


@activity.defn
def ring(call: RingCall) -> Facts:
    """Go through the door as the clock and return the case's facts; a stale or early ring changes nothing."""
    raise NotImplementedError(call)


@activity.defn
def deliver(call: ReactionCall) -> Facts:
    """Deliver a letter, record what became of it, and return the case's facts; fails where it may be tried again."""
    raise NotImplementedError(call)


@activity.defn
def link(call: ReactionCall) -> Facts:
    """Open, tell or cancel the other case of a reaction, record the outcome, and return this case's facts."""
    raise NotImplementedError(call)


@activity.defn
def sweep(call: ReactionCall) -> Facts:
    """Give every open case its recount, record the outcome, and return the stream's facts."""
    raise NotImplementedError(call)


@activity.defn
def erase(call: ReactionCall) -> Facts:
    """Destroy the keys of what a case has under seal, record that it is done, and return the case's facts."""
    raise NotImplementedError(call)


@activity.defn
def fetch_events(case: str) -> Facts:
    """Fold a case's events from the ledger and return its facts."""
    raise NotImplementedError(case)


@activity.defn
def perform(call: PerformCall) -> PerformAnswer:
    """Hand an envelope to the door and return its answer."""
    raise NotImplementedError(call)


@activity.defn
def convene(call: ConveneCall) -> ConveneAnswer:
    """Have the pack of the series' meeting that is due made, where there is none yet."""
    raise NotImplementedError(call)


@activity.defn
def make_root() -> RootAnswer:
    """Take the heads of all chains into the log of heads and sign a root over it."""
    raise NotImplementedError


@activity.defn
def witness_root(call: WitnessCall) -> bool:
    """Bring a root to a witness; fails where it may be tried again."""
    raise NotImplementedError(call)


@activity.defn
async def reconcile(call: ReconcileCall) -> ReconcileAnswer:
    """Hold the process managers and the read model against the ledger; open a case for each case that differs."""
    raise NotImplementedError(call)
