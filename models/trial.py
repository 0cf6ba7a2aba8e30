"""A policy tried on a case before it is law: what would have differed, had the case been handled under it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from models.case import Case
from models.event import Recorded
from models.evolve import evolve
from models.policy import Policy
from models.run_again import Denied, Kept, Run, Worlds, as_kept, run_again
from models.vocabulary import Kind, Role, RungKind, Status, Term

A_MOMENT: Final = timedelta(minutes=1)
"""Rungs that fire nearer to one another than this fired together: an engine under load takes its seconds."""


KINDS: Final = {kind.value: kind for kind in RungKind}
"""What a rung does, by its event's name."""


class Shift(Term):
    """How something comes under the tried policy, compared with how it came."""

    EARLIER = "earlier", "提前", "earlier"
    LATER = "later", "推后", "later"
    NEW = "new", "新增", "new"
    GONE = "gone", "不再", "no more"
    ELSEWHERE = "elsewhere", "改报他人", "to others"


@dataclass(frozen=True)
class DueShift:
    """A due date that moves: of which clock, started when, due when before and after (None: no such clock)."""

    clock: str
    started: datetime
    before: datetime | None
    after: datetime | None

    @property
    def shift(self) -> Shift:
        """Which way it moves."""
        return shift_of(self.before, self.after)


@dataclass(frozen=True)
class Fired:
    """A rung that fired: what it did, when it was due, when it fired, and whom it reached."""

    kind: RungKind
    at: datetime
    to: tuple[str, ...]


@dataclass(frozen=True)
class RungShift:
    """A rung that fires otherwise: on which clock, and how before and after (None: not at all)."""

    clock: str
    rung: str
    shift: Shift
    before: Fired | None
    after: Fired | None

    @property
    def kind(self) -> RungKind:
        """What the rung does: as it would have, else as it did."""
        fired = self.after or self.before
        return fired.kind if fired else RungKind.REMIND


@dataclass(frozen=True)
class Trial:
    """What came of trying a case.

    Attributes:
        case: its number.
        events: how many it has in the ledger.
        same: nothing at all would have differed.
        drifted: this version of the program does not make the kept events even under the case's own policy; the
            comparison is then with what it makes.
        unread: its envelopes are not whole, so that it could not be tried.
        differing: numbers of the events that would have been others, or none.
        statuses: where it stands in truth and where it would stand, if that differs.
    """

    case: str
    kind: Kind
    channel: str
    events: int
    same: bool = True
    drifted: bool = False
    unread: bool = False
    differing: tuple[int, ...] = ()
    dues: tuple[DueShift, ...] = ()
    rungs: tuple[RungShift, ...] = ()
    denied: tuple[Denied, ...] = ()
    statuses: tuple[Status | None, Status | None] | None = None


def try_case(kept: Sequence[Kept], worlds: Worlds, now: datetime, policy: Policy | None = None) -> Trial:
    """Try one case under a policy, or again under its own.

    Args:
        kept: all its envelopes, in order.
        worlds: the world as it was.
        now: the end of the trial (UTC).
        policy: the proposed one; None asks whether the case's own still makes the same events.
    """
    run = run_again(kept, worlds, now, policy)
    if run.same:
        return _trial(kept)
    truth = as_kept(kept)
    if policy is None:
        return _compared(kept, truth, run)
    own = run_again(kept, worlds, now)
    # What this version of the program decides otherwise anyway is not the proposed policy's doing.
    return _compared(kept, truth if own.same else own, run, drifted=not own.same)


def shift_of(before: datetime | None, after: datetime | None) -> Shift:
    """Return which way something moves."""
    if before is None:
        return Shift.NEW
    if after is None:
        return Shift.GONE
    return Shift.EARLIER if after < before else Shift.LATER


def _trial(kept: Sequence[Kept]) -> Trial:
    first = kept[0].recorded
    return Trial(first.case, first.kind, evolve(None, first).channel, len(kept))


def _compared(kept: Sequence[Kept], truth: Run, run: Run, *, drifted: bool = False) -> Trial:
    before, after = _Told(truth.events), _Told(run.events)
    dues = [
        DueShift(clock, started, before.dues.get((clock, started)), after.dues.get((clock, started)))
        for clock, started in sorted({*before.dues, *after.dues}, key=lambda key: (key[1], key[0]))
    ]
    rungs = [_rung_shift(key, before.rungs.get(key), after.rungs.get(key)) for key in {**before.rungs, **after.rungs}]
    statuses = (before.status, after.status)
    return replace(
        _trial(kept),
        same=not run.denied and [each.body() for each in truth.events] == [each.body() for each in run.events],
        drifted=drifted,
        differing=tuple(seq for seq, event in truth.at.items() if not _alike(event, run.at.get(seq), run)),
        dues=tuple(due for due in dues if due.before != due.after),
        rungs=tuple(rung for rung in rungs if rung),
        denied=tuple(run.denied),
        statuses=statuses if statuses[0] is not statuses[1] else None,
    )


def _alike(truth: Recorded, here: Recorded | None, run: Run) -> bool:
    if here is None:
        return False
    said = {
        name: run.names.get(value, value) if isinstance(value, str) else value
        for name, value in truth.event.said.items()
    }
    return truth.event.model_copy(update={"said": said}) == here.event


Key = tuple[str, datetime, str, int]
"""A rung that fired: the clock, when that started, the rung, and for which time on this clock."""


class _Told:
    """What a row of events tells of due dates and rungs."""

    def __init__(self, events: Sequence[Recorded]) -> None:
        self.dues: dict[tuple[str, datetime], datetime] = {}
        self.rungs: dict[Key, Fired] = {}
        case: Case | None = None
        for each in events:
            if case and each.event.role is Role.CLOCK:
                self._fired(case, each)
            for clock in each.event.clocks:
                self.dues[clock.name, clock.started_at] = clock.due
            case = evolve(case, each)
        self.status = case.status if case else None

    def _fired(self, before: Case, each: Recorded) -> None:
        said = each.event.said
        name, rung, recipients = str(said["clock"]), str(said["rung"]), said.get("recipients")
        clock = before.clock(name)
        started = clock.started_at if clock else each.recorded_at
        times = sum(key[:3] == (name, started, rung) for key in self.rungs)
        people = (
            [str(one["person"]) for one in recipients if isinstance(one, dict)] if isinstance(recipients, list) else []
        )
        self.rungs[name, started, rung, times] = Fired(
            KINDS[each.event.name], each.recorded_at, tuple(dict.fromkeys(people))
        )


def _rung_shift(key: Key, before: Fired | None, after: Fired | None) -> RungShift | None:
    shift = shift_of(before.at if before else None, after.at if after else None)
    if before and after and abs(after.at - before.at) < A_MOMENT:
        if before.to == after.to:
            return None
        shift = Shift.ELSEWHERE
    return RungShift(key[0], key[2], shift, before, after)


@dataclass
class Summary:
    """What came of trying many cases.

    ``escalated``, ``moved`` and ``refused`` count cases: those in which a rung that escalates or a due date shifts, and
    those in which a command is refused. ``dues`` counts due dates by clock and shift, ``rungs`` rungs by what they do
    and shift, ``denied`` refused commands by command and code; ``sentences`` holds the first sentence of each.
    """

    tried: int = 0
    same: int = 0
    drifted: int = 0
    unread: int = 0
    events: int = 0
    escalated: Counter[Shift] = field(default_factory=Counter)
    moved: Counter[Shift] = field(default_factory=Counter)
    refused: int = 0
    dues: Counter[tuple[str, Shift]] = field(default_factory=Counter)
    rungs: Counter[tuple[RungKind, Shift]] = field(default_factory=Counter)
    denied: Counter[tuple[str, str]] = field(default_factory=Counter)
    sentences: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    @property
    def different(self) -> int:
        """How many cases would have gone otherwise."""
        return self.tried - self.same

    def add(self, trial: Trial) -> None:
        """Count a case; one that could not be tried is counted apart."""
        if trial.unread:
            self.unread += 1
            return
        self.tried += 1
        self.same += trial.same
        self.drifted += trial.drifted
        self.events += trial.events
        self.refused += bool(trial.denied)
        self.moved.update({due.shift for due in trial.dues})
        self.escalated.update({rung.shift for rung in trial.rungs if rung.kind is RungKind.ESCALATE})
        self.dues.update((due.clock, due.shift) for due in trial.dues)
        self.rungs.update((rung.kind, rung.shift) for rung in trial.rungs)
        self.denied.update((each.command, each.code) for each in trial.denied)
        for each in trial.denied:
            self.sentences.setdefault((each.command, each.code), (each.zh, each.en))
