"""The small values a case is made of: filings, evidence, findings, tasks."""

from pydantic import Field

from models.base import Amount, Frozen, Line, Said, Text, Word, Written
from models.instants import Day, Instant
from models.vocabulary import Light, Term, Verdict


class Filing(Frozen):
    """One filing: the channel it came by and the number it bears there, raw, as the key it is known by."""

    channel: Word
    number: Line


class Evidence(Frozen):
    """A piece of evidence by its hash; the bytes are kept elsewhere."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: Line = ""


class Finding(Frozen):
    """What was found of one point: where, who was named and who was found, the verdict and the proof."""

    point: Said
    verdict: Verdict
    text: Written
    place: Line = ""
    respondent_named: Line = ""
    respondent_found: Line = ""
    evidence: tuple[Evidence, ...] = ()


class Heard(Frozen):
    """What a joined petition knows of its leading case: which, as of which event, how it stands, what was found."""

    case: Word
    seq: int
    status: Word
    verdict: Verdict | None = None
    findings: tuple[Finding, ...] = ()
    measures: Text = ""
    hands: tuple[Word, ...] = ()
    """Whoever had a hand in it there; none of them closes this one with it."""


class TaskOutcome(Term):
    """How a rectification task ended."""

    DONE = "done", "已完成", "done"
    CANCELLED = "cancelled", "已取消", "cancelled"
    SIGNED_OFF = "signed_off", "已销号", "signed off"
    REOPENED = "reopened", "重新整改", "opened again"


class TaskPlan(Frozen):
    """A rectification task as planned: the measure, the standard it must meet, who does it and by when."""

    measure: Said
    target: Day
    standard: Text = ""
    unit: Word | None = None
    handler: Word | None = None
    site: Word | None = None


class ItemPlan(TaskPlan):
    """An item of an action plan as planned: a task, of a category, with where it is and the leader who answers for it.

    Its unit is needed: a plan has many.
    """

    category: Said = Field(max_length=60, description="类别，如 工业污染 / category")
    unit: Word
    place: Line = Field(default="", description="地点 / where")
    leader: Word | None = Field(default=None, description="责任领导 / leader who answers for it")


class Enforcement(Frozen):
    """One measure of enforcement at a site: what, the fine in ten thousand yuan, when."""

    measure: Line
    fine: Amount = 0
    day: Day


class Reading(Frozen):
    """What was assessed in a period (a year or a month), and how much of it complied."""

    period: Word
    assessed: int
    compliant: int


class DistrictCount(Frozen):
    """How many petitions another district is said to have had in a period, and who said so."""

    district: Line
    period: Word
    count: int
    source: Line


class Anomaly(Frozen):
    """Something monitored at a site that was out of bounds, and the task it opened."""

    day: Day
    monitored: Line
    value: Line
    bound: Line = ""
    task: Word


class Visit(Frozen):
    """Somebody was at a site: when, and whether all was sound."""

    day: Day
    sound: bool = True


class Task(Frozen):
    """A rectification task of a petition: a case of its own; here is what the petition knows of it."""

    id: Word
    measure: Line
    target: Day
    outcome: TaskOutcome | None = None
    category: Line = ""
    unit: Word | None = None
    place: Line = ""
    """Of an action plan's item, as it was planned."""


class ProposalState(Term):
    """What became of a proposal."""

    OPEN = "open", "待定", "to be decided"
    ADOPTED = "adopted", "已采纳", "adopted"
    DISMISSED = "dismissed", "不采纳", "dismissed"


class Proposal(Frozen):
    """What the policy proposes because of lights a case has come to; ``id`` is its name and a number, ``talk-1``."""

    id: Word
    name: Word
    light: Light
    at: Instant
    state: ProposalState = ProposalState.OPEN


class Order(Frozen):
    """An approved order that every day works (5+2、白+黑) from the first to the last day, both included.

    ``scan`` is the paper, by its hash, where somebody else than the signatory records it.
    """

    number: Said
    signatory: Word
    first: Day
    last: Day
    scan: Evidence | None = None
