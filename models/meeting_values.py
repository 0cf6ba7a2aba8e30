"""The values of a dispatch meeting: its series, its pack, what it decides, and how each decision stands."""

from models.base import Frozen, Text, Word
from models.instants import Day, Instant
from models.vocabulary import Kind, Status, Term


class Series(Term):
    """Which row of meetings one belongs to."""

    WEEKLY = "weekly", "周调度", "weekly dispatch"
    MONTHLY = "monthly", "月会商", "monthly consultation"


class Measured(Term):
    """What a pack counts."""

    RECEIVED = "received", "新收", "received"
    CLOSED = "closed", "办结", "closed"
    SIGNED_OFF = "signed_off", "销号", "signed off"
    OPEN = "open", "在办", "open"
    OVERDUE = "overdue", "超期", "overdue"
    UPCOMING = "upcoming", "下期到期", "due in the next period"
    CHANGED = "changed", "有变化", "changed"
    MATTERS = "matters", "待议事项", "matters to decide"
    DONE = "done", "议定事项已办", "decisions done"
    RUNNING = "running", "议定事项在办", "decisions running"
    LATE = "late", "议定事项超期", "decisions overdue"


class MatterKind(Term):
    """What waits for a decision."""

    PROPOSAL = "proposal", "处理建议", "proposal"
    EXTENSION = "extension", "延期申请", "extension asked for"
    OBJECTION = "objection", "异议退回", "objection"


class DecisionState(Term):
    """What became of a decision."""

    RUNNING = "running", "办理中", "running"
    LATE = "late", "超期未反馈", "overdue"
    DONE = "done", "已反馈", "answered"
    ENDED = "ended", "随案件终结", "ended with its case"


class Count(Frozen):
    """One figure of a pack."""

    name: Measured
    value: int


class PackRow(Frozen):
    """A case with a time that is up, or will be in the next period.

    ``due`` is the instant, ``clock`` the name of the time that it is of; ``explains`` is who must explain why.
    """

    case: Word
    kind: Kind
    status: Status
    unit: Word | None = None
    leader: Word | None = None
    explains: Word | None = None
    since: Day
    due: Instant
    clock: Word
    days: int = 0
    """How many whole days it is late; 0 where it is not, or by less than one."""


class Change(Frozen):
    """A case that moved in the period, with the events by which it did, in their order, and where it stands."""

    case: Word
    kind: Kind
    status: Status
    unit: Word | None = None
    events: tuple[Word, ...]


class Matter(Frozen):
    """Something that waits for a decision of the leaders: what, and of which case; ``name`` is a proposal's."""

    case: Word
    what: MatterKind
    unit: Word | None = None
    name: Word | None = None


class Decision(Frozen):
    """What a meeting decided about a case: it is an instruction there, to be answered by a day, given at an instant."""

    case: Word
    text: Text
    by: Word
    at: Instant
    by_when: Day | None = None


class Followed(Frozen):
    """How a decision stands: of which meeting, its place there, about which case.

    ``at`` is when it was answered, or else when it is due.
    """

    meeting: Word
    number: int
    case: Word
    state: DecisionState
    at: Instant | None = None


class Stand(Frozen):
    """How many open cases of a kind are at a status, and how many of them are overdue."""

    kind: Kind
    status: Status
    open: int
    overdue: int = 0


class Pack(Frozen):
    """What lies before a meeting: counted at ``until``, over what happened after ``since``; ahead to ``ahead``.

    Of each list it holds the first ``models.dispatch.MOST``; the counts are of all.
    """

    since: Instant
    until: Instant
    ahead: Instant
    counts: tuple[Count, ...]
    stands: tuple[Stand, ...] = ()
    changed: tuple[Change, ...] = ()
    overdue: tuple[PackRow, ...] = ()
    upcoming: tuple[PackRow, ...] = ()
    matters: tuple[Matter, ...] = ()
    followed: tuple[Followed, ...] = ()

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that its rows are about, row by row."""
        rows = (self.changed, self.overdue, self.upcoming, self.matters, self.followed)
        return tuple(row.case for some in rows for row in some)

    def count(self, name: Measured) -> int:
        """Return one of its figures; 0 where it was not counted."""
        return next((each.value for each in self.counts if each.name is name), 0)
