# ruff: noqa: PLC0414 - tests find the world they live in here too
"""One line makes one thing: a world, somebody who acts, a command, a case at any status, a whole story.

Everything is fixed, times too: a story begins on Monday 2026-03-02 at 09:00 in Shanghai, every step takes an
hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.canonical import GENESIS, link
from models.case import Case
from models.clocks import Clock
from models.commands import COMMANDS, Command, Ring
from models.decide import blank, decide
from models.envelope import Envelope
from models.event import Event, Recorded
from models.evolve import evolve
from models.organisation import Recipient
from models.refusals import Refused
from models.vocabulary import Kind, Role, Status
from models.world import CLOCK, Actor, World
from tests.core.forms import FORMS as FORMS
from tests.core.forms import PLAN as PLAN
from tests.core.forms import SITE as SITE
from tests.core.forms import SPANS as SPANS
from tests.core.forms import STATION as STATION
from tests.core.forms import a_finding as a_finding
from tests.core.forms import a_plan as a_plan
from tests.core.forms import a_row as a_row
from tests.core.forms import a_table as a_table
from tests.core.forms import an_item as an_item
from tests.core.forms import an_order as an_order
from tests.core.forms import sightings as sightings
from tests.core.worlds import FACTORY as FACTORY
from tests.core.worlds import NUMBER as NUMBER
from tests.core.worlds import PARENT as PARENT
from tests.core.worlds import POLICIES as POLICIES
from tests.core.worlds import START as START
from tests.core.worlds import STEP as STEP
from tests.core.worlds import TARGET as TARGET
from tests.core.worlds import a_person as a_person
from tests.core.worlds import a_policy as a_policy
from tests.core.worlds import a_world as a_world
from tests.core.worlds import an_actor as an_actor
from tests.core.worlds import an_organisation as an_organisation
from tests.core.worlds import calendars as calendars
from tests.core.worlds import shanghai as shanghai

# ── commands ──


def a_command(name: str, case: Case, **fields: Any) -> Command:
    """A command with everything filled in that it needs."""
    kind = COMMANDS[name]
    required = {field: "因工作需要" for field, info in kind.model_fields.items() if info.is_required()}
    given = FORMS[name](case) if name in FORMS else required
    return kind.model_validate({**given, **fields})


def a_loss(case: Case, outcome: str = "failed", **more: Any) -> dict[str, Any]:
    """What is filled in where a letter of a case did not arrive, or nobody knows: the first that is on its way."""
    reaction = next((each for each in case.pending if each.endswith(".letter")), "XF#1.1.letter")
    ref = {"letter": reaction, "template": "acceptance_notice", "to": "petitioner", **more}
    return {"reaction": reaction, "outcome": outcome, "letter": ref, "why": "smtp_550"}


# ── looking ──


def the_clock(case: Case, name: str) -> Clock:
    """The clock of that name, which must be there."""
    clock = case.clock(name)
    assert clock, f"{name} does not run; {[each.name for each in case.clocks]} do"
    return clock


def people_of(event: Event) -> list[str]:
    """Whom a ring reached."""
    recipients = event.said["recipients"]
    assert isinstance(recipients, list)
    return [Recipient.model_validate(recipient).person for recipient in recipients]


# ── stories ──


@dataclass
class Story:
    """A case on its way, with its events, its chain and its clock on the wall."""

    world: World
    case: Case
    at: datetime = START
    events: list[Recorded] = field(default_factory=list)
    head: str = GENESIS
    kept: list[Envelope] = field(default_factory=list)

    def do(self, who: Role | str | Actor, name: str, *, occurred: datetime | None = None, **fields: Any) -> "Story":
        """Give a command now and go on an hour later."""
        actor = who if isinstance(who, Actor) else an_actor(who)
        self.tell(actor, a_command(name, self.case, **fields), occurred)
        self.at += STEP
        return self

    def tell(self, actor: Actor, command: Command, occurred: datetime | None = None) -> Event | None:
        """Decide a command now and take its event over."""
        event = decide(self.world, self.case, actor, command, self.at, occurred)
        if event:
            envelope = Envelope(
                id=f"e{self.case.seq + 1}",
                case=self.case.id,
                actor=actor.id,
                command=command.name,
                data=command.model_dump(mode="json", exclude_unset=True),
                occurred_at=occurred,
            )
            recorded = Recorded(
                case=self.case.id,
                kind=self.case.kind,
                seq=self.case.seq + 1,
                actor=actor.id,
                occurred_at=min(occurred or self.at, self.at),
                recorded_at=self.at,
                envelope=envelope.id,
                policy=self.case.policy,
                via=envelope.via,
                event=event,
            )
            self.kept.append(envelope)
            self.case = evolve(self.case, recorded)
            self.events.append(recorded)
            self.head = link(self.head, recorded.body())
        return event

    def ring(self) -> Event | None:
        """Ring the nearest alarm, now."""
        command = a_command("ring", self.case)
        assert isinstance(command, Ring)
        return self.tell(CLOCK, command)

    def until(self, at: datetime) -> list[tuple[datetime, Recorded]]:
        """Let time pass in silence: every alarm rings when it is due. Return what rang, and when."""
        rang = []
        while (alarm := self.case.alarm) and alarm.at <= at:
            self.at = max(self.at, alarm.at)
            assert self.ring() is not None, f"{alarm} rang and nothing came of it"
            rang.append((self.at, self.events[-1]))
        self.at = max(self.at, at)
        return rang

    def wait(self, **time: float) -> list[tuple[datetime, Recorded]]:
        """Let so much time pass in silence."""
        return self.until(self.at + timedelta(**time))

    def copy(self) -> "Story":
        return replace(self, events=list(self.events), kept=list(self.kept))


Step = tuple[Role | str, str, dict[str, Any]]
"""Who, which command, and what is filled in differently."""


def step(who: Role | str, name: str, **fields: Any) -> Step:
    return who, name, fields


R, S = Role, Status
PLANS = (a_plan(), a_plan("加盖除臭", date(2026, 5, 31), unit="liuxi", handler="other-handler"))
WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.REGISTERED: (None, (step(R.CLERK, "register"),)),
    S.ACCEPTED: (S.REGISTERED, (step(R.CLERK, "accept"),)),
    S.ASSIGNED: (S.ACCEPTED, (step(R.DISPATCHER, "assign"),)),
    S.VERIFIED: (S.ASSIGNED, (step(R.HANDLER, "record_findings"),)),
    S.RECTIFYING: (S.VERIFIED, (step(R.HANDLER, "plan_rectification"),)),
    S.REVIEWING: (S.RECTIFYING, (step(R.HANDLER, "submit_for_review"),)),
    S.CLOSED: (S.REVIEWING, (step(R.REVIEWER, "approve"),)),
    S.INTERIM: (
        S.VERIFIED,
        (
            step(R.HANDLER, "plan_rectification", task_plans=PLANS),
            step(R.HANDLER, "submit_for_review"),
            step(R.REVIEWER, "approve_interim"),
        ),
    ),
    S.SIGNED_OFF: (
        S.CLOSED,
        (
            step(R.HANDLER, "apply_sign_off"),
            step(R.INSPECTOR, "accept_on_site"),
            step(R.REVIEWER, "countersign"),
            step(R.CLERK, "publish_notice"),
            step(R.DISPATCHER, "strike_off"),
        ),
    ),
    S.RECONSIDERING: (S.CLOSED, (step(R.CLERK, "reply"), step(R.CLERK, "ask_reconsideration"))),
    S.DECLINED: (S.REGISTERED, (step(R.CLERK, "decline"),)),
    S.REFERRED: (S.ACCEPTED, (step(R.CLERK, "refer"),)),
    S.WITHDRAWN: (S.ASSIGNED, (step(R.CLERK, "withdraw"),)),
}
"""The shortest way of a petition to each status: from where, by which steps."""
TASK_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.RECTIFYING: (None, (step(R.ENGINE, "open_task"),)),
    S.REVIEWING: (S.RECTIFYING, (step(R.HANDLER, "submit_for_review"),)),
    S.CLOSED: (S.REVIEWING, (step(R.REVIEWER, "approve"),)),
    S.WITHDRAWN: (S.RECTIFYING, (step(R.DISPATCHER, "cancel_task"),)),
    # Of an action plan's item alone.
    S.SIGNED_OFF: (
        None,
        (
            step(R.ENGINE, "open_task", parent=PLAN, category="工业污染"),
            step(R.HANDLER, "submit_for_review"),
            step(R.REVIEWER, "approve"),
            *WAYS[S.SIGNED_OFF][1],
        ),
    ),
}
ORGANISATION_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.ENGINE, "define_organisation"),))
}
POLICY_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.ENGINE, "publish_policy"),))
}
CALENDAR_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.ENGINE, "publish_calendar"),))
}
CAMPAIGN_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.DISPATCHER, "open_campaign"),))
}
WATCH_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.WATCHING: (None, (step(R.ENGINE, "observe", sightings=sightings(0, 2)),)),
    S.STORM: (S.WATCHING, (step(R.ENGINE, "observe"),)),
    S.MERGED: (S.WATCHING, (step(R.ENGINE, "end_watch"),)),
}
SITE_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.OPERATING: (None, (step(R.CLERK, "register_site"),)),
    S.SHUT: (S.OPERATING, (step(R.CLERK, "close_site"),)),
}
PLAN_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.UNDERWAY: (None, (step(R.DISPATCHER, "open_plan"), step(R.DISPATCHER, "add_items"))),
    S.CONCLUDED: (
        S.UNDERWAY,
        (step(R.ENGINE, "finish_task", outcome="done"), step(R.DISPATCHER, "conclude_plan")),
    ),
}
INDICATOR_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.CLERK, "register_indicator"),))
}
PATROL_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.PATROLLING: (None, (step(R.DISPATCHER, "open_patrol"),)),
    S.STOOD_DOWN: (S.PATROLLING, (step(R.DISPATCHER, "end_patrol"),)),
}
STATION_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.IN_FORCE: (None, (step(R.CLERK, "register_station"),))
}
DISPATCH_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.CALLED: (None, (step(R.ENGINE, "call_meeting"), step(R.ENGINE, "lay_pack"))),
    S.HELD: (S.CALLED, (step(R.LEADER, "hold_meeting"),)),
}
FAULT_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.FAULTY: (None, (step(R.ENGINE, "report_fault"),)),
    S.CLEARED: (S.FAULTY, (step(R.ADMINISTRATOR, "clear_fault"),)),
}
NUMBERS = {
    Kind.DISPATCH: "DW20260302",
    Kind.PATROL: "T2026000001",
    Kind.STATION: STATION,
    Kind.INDICATOR: "I2026000001",
    Kind.PLAN: PLAN,
    Kind.SITE: SITE,
    Kind.PETITION: NUMBER,
    Kind.RECTIFICATION: f"{PARENT}-R1",
    Kind.ORGANISATION: "organisation",
    Kind.POLICY: f"policy:{a_policy().name}",
    Kind.CALENDAR: "calendar:statutory",
    Kind.CAMPAIGN: "campaign:summer",
    Kind.WATCH: f"W-{NUMBER}",
    Kind.FAULT: f"F-{NUMBER}",
}
ALL_WAYS = {
    Kind.PETITION: WAYS,
    Kind.RECTIFICATION: TASK_WAYS,
    Kind.ORGANISATION: ORGANISATION_WAYS,
    Kind.POLICY: POLICY_WAYS,
    Kind.CALENDAR: CALENDAR_WAYS,
    Kind.CAMPAIGN: CAMPAIGN_WAYS,
    Kind.WATCH: WATCH_WAYS,
    Kind.SITE: SITE_WAYS,
    Kind.PLAN: PLAN_WAYS,
    Kind.INDICATOR: INDICATOR_WAYS,
    Kind.PATROL: PATROL_WAYS,
    Kind.STATION: STATION_WAYS,
    Kind.DISPATCH: DISPATCH_WAYS,
    Kind.FAULT: FAULT_WAYS,
}


def a_story(
    status: Status = S.REVIEWING,
    *,
    kind: Kind = Kind.PETITION,
    world: World | None = None,
    at: datetime = START,
    **fields: Any,
) -> Story:
    """A case brought to a status by real commands; ``fields`` are filled in at its registration."""
    before, steps = ALL_WAYS[kind][status]
    if before:
        story = a_story(before, kind=kind, world=world, at=at, **fields)
    else:
        world = world or a_world()
        story = Story(world, blank(world, NUMBERS[kind], steps[0][1], at), at)
        steps = tuple((who, name, {**filled, **fields}) for who, name, filled in steps)
    for who, name, filled in steps:
        story.do(who, name, **filled)
    return story


def a_case(status: Status = S.REVIEWING, *, kind: Kind = Kind.PETITION, **fields: Any) -> Case:
    """A case at a status, brought there by real commands."""
    return a_story(status, kind=kind, **fields).case


def play(world: World, case: Case, steps: Iterable[Step], at: datetime = START + timedelta(days=1)) -> Case:
    """Give one command after the other and return the case as it then stands."""
    story = Story(world, case, at)
    for who, name, fields in steps:
        story.do(who, name, **fields)
    return story.case


def refused(story: Story, why: type[Refused], who: Role | str | Actor, name: str, **fields: Any) -> Refused:
    """The command is refused for this reason, and nothing has changed."""
    before, events = story.case, len(story.events)
    with pytest.raises(why) as refusal:
        story.do(who, name, **fields)
    assert (story.case, len(story.events)) == (before, events)
    return refusal.value


def imported(state: str, **fields: Any) -> Story:
    """A petition of a table: it came in on 6 June 2024, and its row tells how far it had come a fortnight later."""
    story = a_story_of_2024()
    return story.do("clerk", "record_history", occurred=shanghai("2024-06-20 00:00"), state=state, **fields)


def a_story_of_2024(**fields: Any) -> Story:
    world = a_world()
    story = Story(world, blank(world, "XF2024000001", "register", START), START)
    return story.do(
        R.ENGINE, "register", occurred=shanghai("2024-06-06 00:00"), imported=True, channel="inspection", **fields
    )
