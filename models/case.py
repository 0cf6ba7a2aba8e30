"""A case as the fold of its events: a petition, a rectification task, or the organisation itself.

Field names are the words of the commands and events: what an event says of a field *is* that field from
then on.
"""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from pydantic import field_serializer

from models.base import Frozen
from models.calendars import AllDays, Calendar
from models.campaign_values import Deadlines, Edition, Group, Level, LookBack, Tally
from models.clocks import Alarm, Clock, next_alarm
from models.delivery import Unsettled
from models.meeting_values import Count, Decision, Series
from models.organisation import Organisation
from models.patrol import Observation, Sky, Slot
from models.policy import ClockRule, Policy
from models.storm import Alert, Sighting
from models.values import (
    Anomaly,
    DistrictCount,
    Enforcement,
    Filing,
    Finding,
    Heard,
    Order,
    Proposal,
    Reading,
    Task,
    TaskOutcome,
    Visit,
)
from models.vocabulary import ENDS, ErasureGrounds, Flag, Kind, Light, Opinion, Stage, Status, Tie, Verdict


class Case(Frozen):
    """What is known of a case after its latest event (``seq``), without anything about the petitioner."""

    id: str
    kind: Kind
    policy: str
    seq: int = 0
    status: Status = Status.REGISTERED
    flags: tuple[Flag, ...] = ()
    clocks: tuple[Clock, ...] = ()
    shelved: tuple[str, ...] = ()
    """The clocks that ended with its being a repeat, as JSON: should that be taken back, they run on."""
    pending: tuple[str, ...] = ()
    """Reactions without a recorded outcome."""
    unsettled: tuple[Unsettled, ...] = ()
    """Letters that did not arrive, or of which nobody knows, until somebody sees to them."""

    channel: str = ""
    place: str = ""
    summary: str = ""
    types: tuple[str, ...] = ()
    respondent: str = ""
    spot: str = ""
    """Where it is, as ``models.spots`` writes it."""
    filings: tuple[Filing, ...] = ()
    campaign: str | None = None
    batch: date | None = None
    """The day on which an inspection handed it over, where its numbers do not tell (``models.batches``)."""
    star: bool = False
    sealed: tuple[str, ...] = ()
    imported: bool = False
    rectify_by: date | None = None
    """The day by which an imported ledger has it put right; it is the due date while the petition goes on so."""
    remarks: str = ""
    """What an imported ledger says of it besides."""

    unit: str | None = None
    handler: str | None = None
    leader: str | None = None
    named: tuple[str, ...] = ()
    """Officials who are themselves complained about."""
    hands: tuple[str, ...] = ()
    """Everybody who had a hand in the handling; none of them may review it."""
    signers: tuple[str, ...] = ()
    """Who took which step of the sign-off, in order."""

    findings: tuple[Finding, ...] = ()
    verdict: Verdict | None = None
    planned: bool = False
    measures: str = ""
    accountability: str = ""
    tally: Tally | None = None
    goal: str = ""
    tasks: tuple[Task, ...] = ()
    opinion: Opinion | None = None
    extended: bool = False
    extension_days: int | None = None
    leading: str | None = None
    """The case it is joined to, and ``heard`` what it knows of that one."""
    heard: Heard | None = None
    followers: tuple[str, ...] = ()
    """The petitions that are joined to it."""
    split_from: str | None = None
    parts: tuple[str, ...] = ()
    """The petitions it was split into."""
    repeat_of: str | None = None
    ended_as_repeat: bool = False
    """Whether that is why it ended."""
    repeats: tuple[str, ...] = ()
    """Later petitions that were marked as repeats of it."""
    sightings: tuple[Sighting, ...] = ()
    """The filings that a watch has seen together, in the order they came in."""
    respondents: tuple[str, ...] = ()
    """Whom the filings of a watch, or the petitions of a shared task, are about beside its own respondent."""
    alerts: tuple[Alert, ...] = ()
    """The thresholds that were told."""
    raised: Light = Light.GREEN
    """The light of a storm while it lasts: that of the worst threshold it crossed."""
    plan: str = ""
    merged_into: str | None = None
    site: str | None = None
    """The site it is about."""
    recurrence_of: str | None = None
    recurrences: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    trade: str = ""
    petitions: tuple[str, ...] = ()
    """The petitions that were placed at a site, in the order in which they were."""
    enforced: tuple[Enforcement, ...] = ()
    visits: int = 0
    visited: tuple[Visit, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    """The latest visits."""
    counted_in: str = ""
    readings: tuple[Reading, ...] = ()
    """What an indicator was in each period, in order."""
    station: str | None = None
    """The weather station whose weather a patrol, or a look-back, goes by."""
    sky: Sky | None = None
    """The weather there as it knows it, since ``sky_at``, by the station's event ``sky_seq``."""
    sky_at: datetime | None = None
    sky_seq: int = 0
    look_back_on: Sky | None = None
    """The weather that a look-back waits for."""
    slot: Slot | None = None
    """The slot that a patrol owes; ``slots`` are the latest that ended."""
    slots: tuple[Slot, ...] = ()
    slots_done: int = 0
    slots_missed: int = 0
    patrolled_at: datetime | None = None
    observations: tuple[Observation, ...] = ()
    """The latest of a weather station, in the order in which they were told; ``observed`` is the weather there now."""
    observed: Observation | None = None
    listeners: tuple[str, ...] = ()
    """The cases that a weather station tells of its weather."""
    district_counts: tuple[DistrictCount, ...] = ()
    """What other districts are said to have had."""
    series: Series | None = None
    """Which row of meetings a meeting is of, and what it is about: from when, until when, which day it meets on."""
    covers_from: datetime | None = None
    covers_until: datetime | None = None
    meets_on: date | None = None
    counts: tuple[Count, ...] = ()
    """The figures of a meeting's pack, once that lies before it."""
    decisions: tuple[Decision, ...] = ()
    not_same: tuple[str, ...] = ()
    """Petitions that somebody said are about another matter."""
    approver: str | None = None
    """Who approved the closure; somebody else reconsiders it."""
    reconsiderations: int = 0
    """How often its opinion was reconsidered: the first time is 复查, the second 复核, and there is no third."""
    rating: int | None = None
    proposer: str | None = None
    """Who proposed to erase who complained, and why; somebody else decides it."""
    proposed_grounds: ErasureGrounds | None = None

    all_days: tuple[AllDays, ...] = ()
    """Stretches in which every day works for this case, by order."""
    instruction_by: date | None = None
    """The day by which a leader's instruction is to be answered, where one was named."""
    yellows: int = 0
    reds: int = 0
    """How many of its clocks have come to yellow, and to red."""
    proposals: tuple[Proposal, ...] = ()

    registered_at: datetime | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    signed_off_at: datetime | None = None
    on_time: bool | None = None

    parent: str | None = None
    serves: tuple[str, ...] = ()
    """The petitions a task is for, once they are others than the one it was planned for."""
    category: str = ""
    """Which part of an action plan a task is of; none outside of plans."""
    measure: str = ""
    standard: str = ""
    target: date | None = None

    organisation: Organisation | None = None
    document: Policy | None = None
    calendar: Calendar | None = None
    title: str = ""
    level: Level | None = None
    round: str = ""
    first_day: date | None = None
    last_day: date | None = None
    number_form: str = ""
    profile: str = ""
    deadlines: Deadlines = Deadlines()
    groups: tuple[Group, ...] = ()
    editions: tuple[Edition, ...] = ()
    """The newest edition of each batch's public table."""
    look_backs: tuple[LookBack, ...] = ()
    orders: tuple[Order, ...] = ()
    order_last: date | None = None
    """The last day of the order in force."""

    @field_serializer("clocks")
    def _clocks_told(self, clocks: tuple[Clock, ...]) -> list[dict[str, Any]]:
        return [clock.told for clock in clocks]

    @cached_property
    def alarm(self) -> Alarm | None:
        """The nearest rung of any running clock."""
        return next_alarm(self.clocks)

    @property
    def light(self) -> Light:
        """The worst light of the clocks that run, and of the storm that lasts."""
        return max((self.raised, *(clock.light for clock in self.clocks)), key=lambda light: light.rank)

    @property
    def due(self) -> datetime | None:
        """The nearest due date of the clocks that count and are somebody's deadline; shown in lists."""
        nearest = self.nearest
        return nearest.due if nearest else None

    @property
    def owed(self) -> datetime | None:
        """What is due where the case is not done: of what is closed or ended it is only a look-back, or a review."""
        return None if self.status in ENDS | {Status.CLOSED, Status.SIGNED_OFF} else self.due

    @property
    def provisional(self) -> bool:
        """Whether that nearest due date rests on a year whose table is not published yet (待国办通知)."""
        nearest = self.nearest
        return nearest is not None and nearest.provisional

    @property
    def nearest(self) -> Clock | None:
        """The clock that is due first, of those that count and are somebody's deadline."""
        running = (clock for clock in self.clocks if not clock.paused_by and not clock.lapses)
        return min(running, key=lambda clock: clock.due, default=None)

    @property
    def is_open(self) -> bool:
        """Whether work on the case itself is still owed (not yet closed, signed off or ended)."""
        return self.status not in _DONE

    @property
    def resting(self) -> bool:
        """Whether nothing is to come, no alarm and no reaction: it needs no running process manager."""
        return self.alarm is None and not self.pending

    @property
    def stage(self) -> Stage:
        """The stage of its life, as its process manager names it."""
        if self.kind is Kind.RECTIFICATION and self.status in {Status.CLOSED, Status.SIGNED_OFF}:
            return Stage.OVER
        if self.status is Status.CLOSED and Flag.APPLIED in self.flags:
            return Stage.SIGN_OFF
        return STAGES.get(self.status, Stage.OVER)

    def clock(self, name: str) -> Clock | None:
        """Return the running or paused clock of that name, or None."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    def rule(self, policy: Policy, clock: Clock) -> ClockRule:
        """Return a clock's row of the policy, as the channel of the case, or of the filing, has it."""
        return policy.clock_rule(self.kind, clock.channel or self.channel, clock.rule)

    def proposal(self, name: str) -> Proposal | None:
        """Return the proposal of that id, or None."""
        return next((proposal for proposal in self.proposals if proposal.id == name), None)

    def unsettled_letter(self, name: str) -> Unsettled | None:
        """Return the letter that did not arrive, by its id or by its number within the case (``2``, ``2-3``)."""
        return next((each for each in self.unsettled if name in {each.letter, each.number}), None)

    def task(self, name: str) -> Task | None:
        """Return the task of that id, or None."""
        return next((task for task in self.tasks if task.id == name), None)

    @property
    def parties(self) -> frozenset[str]:
        """Whom the case is about: the respondent as named, those the findings name, those of what it goes with."""
        found = (finding.respondent_found for finding in self.findings)
        return frozenset({self.respondent, *found, *self.respondents} - {""})

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What ties it to other petitions."""
        has = {
            Tie.LEADS: self.followers,
            Tie.JOINED: self.leading,
            Tie.SPLIT: self.parts,
            Tie.PART: self.split_from,
            Tie.REPEATED: self.repeats,
            Tie.REPEAT: self.repeat_of,
            Tie.RECURRED: self.recurrences or self.recurrence_of,
            Tie.SHARES: self.serves or any(task.id.rpartition("-R")[0] != self.id for task in self.tasks),
        }
        return tuple(tie for tie, there in has.items() if there)

    @property
    def slot_end(self) -> datetime | None:
        """When the slot that a patrol owes ends."""
        return self.slot.end if self.slot else None

    @property
    def slot_begin(self) -> datetime | None:
        """When it begins."""
        return self.slot.begin if self.slot else None

    @property
    def serving(self) -> tuple[str, ...]:
        """The petitions a task is for: the one it was planned for, unless it was shared."""
        return self.serves or ((self.parent,) if self.parent else ())

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks that are neither done nor cancelled."""
        return tuple(task for task in self.tasks if task.outcome in {None, TaskOutcome.REOPENED})


_DONE = ENDS | {
    Status.CLOSED,
    Status.SIGNED_OFF,
    Status.IN_FORCE,
    Status.WATCHING,
    Status.MERGED,
    Status.OPERATING,
    Status.SHUT,
    Status.UNDERWAY,
    Status.CONCLUDED,
    Status.PATROLLING,
    Status.STOOD_DOWN,
    Status.CALLED,
    Status.HELD,
    Status.FAULTY,
    Status.CLEARED,
}

STAGES = {
    Status.REGISTERED: Stage.INTAKE,
    Status.ACCEPTED: Stage.ASSIGNMENT,
    Status.ASSIGNED: Stage.VERIFICATION,
    Status.VERIFIED: Stage.RECTIFICATION,
    Status.RECTIFYING: Stage.RECTIFICATION,
    Status.REVIEWING: Stage.REVIEW,
    Status.INTERIM: Stage.CLOSURE,
    Status.CLOSED: Stage.CLOSURE,
    Status.RECONSIDERING: Stage.RECONSIDERATION,
    Status.SIGNED_OFF: Stage.LOOK_BACK,
    Status.IN_FORCE: Stage.STANDING,
    Status.OPERATING: Stage.STANDING,
    Status.SHUT: Stage.STANDING,
    Status.UNDERWAY: Stage.STANDING,
    Status.CONCLUDED: Stage.STANDING,
    Status.CALLED: Stage.STANDING,
    Status.HELD: Stage.STANDING,
    Status.FAULTY: Stage.STANDING,
    Status.CLEARED: Stage.STANDING,
    Status.WATCHING: Stage.WATCH,
    Status.STORM: Stage.WATCH,
    Status.PATROLLING: Stage.PATROL,
    Status.STOOD_DOWN: Stage.PATROL,
}
"""Which stage a status belongs to; what is not here is over."""
