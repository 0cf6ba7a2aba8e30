# ruff: noqa: PLC0414 - tests find the world they live in here too
"""One line makes one thing: a world, somebody who acts, a command, a case at any status, a whole story.

Everything is fixed, times too: a story begins on Monday 2026-03-02 at 09:00 in Shanghai, every step takes an
hour.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.calendars import AllDays, Year
from models.canonical import GENESIS, link
from models.case import Case
from models.clocks import Clock
from models.commands import COMMANDS, Command, Ring
from models.decide import blank, decide
from models.envelope import Envelope
from models.event import Event, Recorded
from models.evolve import evolve
from models.matter_commands import SplitPart
from models.organisation import Recipient
from models.refusals import Refused
from models.storm import Sighting
from models.values import Evidence, Finding, Heard, Order, ProposalState, TaskPlan
from models.vocabulary import Kind, Role, Status, Verdict
from models.world import CLOCK, Actor, World
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

SITE = "S2026000001"

# ── commands ──


def a_finding(verdict: Verdict = Verdict.SUBSTANTIATED, **more: Any) -> Finding:
    proof = (Evidence(sha256="a" * 64, name="照片.jpg"),)
    given = {"point": "夜间臭味", "verdict": verdict, "text": "现场可闻到明显臭味", "evidence": proof, **more}
    return Finding.model_validate(given)


def a_plan(measure: str = "清理粪污", target: date = TARGET, **more: Any) -> TaskPlan:
    return TaskPlan.model_validate({"measure": measure, "target": target, **more})


def _ring(case: Case) -> dict[str, Any]:
    alarm = case.alarm
    if alarm is None:
        return {"clock": "close", "rung": "blue", "due_at": START}
    return {"clock": alarm.clock, "rung": alarm.rung, "due_at": alarm.at}


def _heard(case: Case) -> Heard:
    leading = case.leading or "XF2026000777"
    seq = case.heard.seq + 1 if case.heard else 9
    return Heard(case=leading, seq=seq, status="closed", verdict=Verdict.SUBSTANTIATED, findings=(a_finding(),))


def _sightings(after: int = 0, count: int = 1) -> tuple[Sighting, ...]:
    """Filings of one matter, two hours apart, the first so many left out."""
    return tuple(
        Sighting(case=f"XF2026{number:06d}", at=START + timedelta(hours=2 * number), channel="system")
        for number in range(after, after + count)
    )


def _proposal(case: Case) -> str:
    return next((each.id for each in case.proposals if each.state is ProposalState.OPEN), "talk-9")


def an_order(**more: Any) -> Order:
    given = {
        "number": "督办令 1 号", "signatory": "county-deputy", "first": date(2026, 3, 5), "last": date(2026, 3, 31),
        "scan": Evidence(sha256="c" * 64, name="督办令1号.pdf"), **more,
    }  # fmt: skip
    return Order.model_validate(given)


SPANS = (AllDays(first=date(2026, 3, 5), last=date(2026, 3, 31), order="督办令 1 号"),)


def a_table(year: int = 2027, **more: Any) -> Year:
    """The table of a year that is not published yet, as it might come: New Year's Day off, and a Saturday worked."""
    given = {
        "year": year, "source": f"国务院办公厅关于{year}年部分节假日安排的通知", "version": "1",
        "off": {date(year, 1, 1): "元旦"}, "work": {}, **more,
    }  # fmt: skip
    return Year.model_validate(given)


FORMS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "register": lambda _: {
        "channel": "system", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民", "respondent": FACTORY,
    },
    "record_history": lambda _: {"state": "open", "findings": (a_finding(),), "measures": "已清理"},
    "decline": lambda _: {"reason": "线索不详"},
    "erase": lambda _: {"grounds": "request"},
    "refer": lambda _: {"to_authority": "住建局", "reason": "不属于职责范围"},
    "assign": lambda _: {"unit": "qingshi", "handler": "handler", "leader": "leader"},
    "reassign": lambda _: {"unit": "qingshi", "handler": "handler", "reason": "属地管理"},
    "record_findings": lambda _: {"findings": (a_finding(),)},
    "plan_rectification": lambda _: {"measures": "立行立改，当日清理"},
    "finish_task": lambda case: {"task": next((t.id for t in case.tasks), "XF-R1"), "outcome": "done"},
    "request_extension": lambda _: {"extension_days": 20, "reason": "设备采购周期长"},
    "submit_for_review": lambda case: {"interim": bool(case.open_tasks)},
    "reply": lambda _: {"opinion": "support", "text": "反映情况属实，已整改"},
    "publish_notice": lambda _: {"where": "县政府网站"},
    "decide_reconsideration": lambda _: {"outcome": "upheld", "text": "维持原处理意见"},
    "join": lambda _: {"leading": "XF2026000777"},
    "take_lead": lambda _: {"follower": "XF2026000778"},
    "let_go": lambda case: {"follower": next(iter(case.followers), "XF2026000778")},
    "hear_of_lead": lambda case: {"heard": _heard(case)},
    "observe": lambda case: {"sightings": _sightings(len(case.sightings)), "place": "青石镇", "channel": "system"},
    "end_watch": lambda _: {"merged_into": "W-XF2026000700"},
    "place_at_site": lambda _: {"site": SITE},
    "hear_of_petition": lambda _: {"petition": NUMBER},
    "let_petition_go": lambda case: {"petition": next(iter(case.petitions), NUMBER)},
    "know_recurrence": lambda _: {"recurrence_of": "XF2026000700"},
    "hear_of_recurrence": lambda _: {"recurrence": "XF2026000701"},
    "check_alike_sites": lambda _: {"task_plans": (a_plan("举一反三：核查同类养殖场", site=SITE),)},
    "register_site": lambda _: {"title": "王某养猪场", "place": "青石镇河口村", "trade": "生猪养殖", "unit": "qingshi"},
    "correct_site": lambda _: {"trade": "畜禽养殖"},
    "record_enforcement": lambda _: {"measure": "责令整改", "text": "责令停止直排"},
    "split": lambda _: {"split_parts": (SplitPart(summary="养猪场粪污直排水塘"), SplitPart(summary="砖厂夜间噪声"))},
    "mark_repeat": lambda _: {"repeat_of": "XF2026000777", "reason": "同一养殖场同一问题"},
    "hear_of_repeat": lambda _: {"repeat": "XF2026000778"},
    "take_back_repeat": lambda _: {"reason": "经核对不是同一件事"},
    "forget_repeat": lambda case: {"repeat": next(iter(case.repeats), "XF2026000778")},
    "share_task": lambda case: {"petition": f"XF{2026000777 + len(case.serving)}"},
    "unshare_task": lambda case: {"petition": next(iter(case.serving), NUMBER)},
    "release_task": lambda case: {"petition": next(iter(case.serving), NUMBER)},
    "take_task": lambda case: {"task": f"XF2026000777-R{len(case.tasks) + 1}", "measure": "清理粪污", "target": TARGET},
    "let_filing_go": lambda case: {"petition": next((each.case for each in case.sightings), NUMBER)},
    "not_same": lambda _: {"other": "XF2026000777"},
    "hear_not_same": lambda _: {"other": "XF2026000777"},
    "maybe_same": lambda case: {"other": next(iter(case.not_same), "XF2026000777")},
    "hear_maybe_same": lambda case: {"other": next(iter(case.not_same), "XF2026000777")},
    "correct": lambda _: {"reason": "地点有误", "place": "青石镇河口村二组"},
    "rate": lambda _: {"rating": 4},
    "open_task": lambda _: {
        "parent": PARENT, "channel": "system", "measure": "清理粪污", "target": TARGET, "place": "青石镇河口村",
        "unit": "qingshi", "handler": "handler", "leader": "leader", "respondent": FACTORY,
    },
    "resend_letter": lambda case: {"letter": next((each.letter for each in case.unsettled), "XF#1.1.letter")},
    "settle_letter": lambda case: {
        "letter": next((each.letter for each in case.unsettled), "XF#1.1.letter"), "how": "by_hand",
    },
    "ring": _ring,
    "record_outcome": lambda case: {"reaction": next(iter(case.pending), "XF#1"), "outcome": "done"},
    "define_organisation": lambda _: {"organisation": an_organisation()},
    "answer_source": lambda case: {
        "filing": next((int(c.name.partition("#")[2]) for c in case.clocks if "#" in c.name), 9), "text": "已答复",
    },
    "adopt_proposal": lambda case: {"proposal": _proposal(case)},
    "dismiss_proposal": lambda case: {"proposal": _proposal(case), "reason": "已由主要领导当面督促"},
    "recount": lambda _: {"why": "2027 年放假安排"},
    "move_to_all_days": lambda _: {"all_days": SPANS, "why": "督办令 1 号"},
    "move_back": lambda _: {"all_days": SPANS, "why": "督办令 1 号"},
    "publish_policy": lambda _: {"document": a_policy(), "sha256": "b" * 64},
    "publish_calendar": lambda _: {"calendar": calendars()["statutory"]},
    "publish_table": lambda _: {"tables": (a_table(),)},
    "open_campaign": lambda _: {"title": "夏季攻势"},
    "order_all_days": lambda _: {"order": an_order()},
    "lift_order": lambda _: {"last": date(2026, 3, 12), "reason": "任务提前完成"},
    "add_unit": lambda _: {"id": "squad", "called": "执法一中队", "above": "bureau"},
    "change_unit": lambda _: {"unit": "liuxi", "called": "柳溪镇"},
    "close_unit": lambda _: {"unit": "spare", "reason": "机构改革"},
    "add_person": lambda _: {"id": "newcomer", "called": "新人", "unit": "qingshi", "posts": ("handler",)},
    "change_person": lambda _: {"person": "inspector", "unit": "liuxi"},
    "retire_person": lambda _: {"person": "inspector", "reason": "调离"},
    "appoint": lambda _: {"person": "handler", "post": "section_head"},
    "relieve": lambda _: {"person": "section-head", "post": "section_head", "reason": "轮岗"},
    "take_leave": lambda _: {"person": "head", "since": "2026-03-02", "until": "2026-03-06", "delegate": "stand-in"},
    "end_leave": lambda _: {"person": "other-head"},
    "define_grid": lambda _: {"id": "hekou", "called": "河口网格", "unit": "qingshi", "words": ("河口村",)},
    "drop_grid": lambda _: {"grid": "shangcun", "reason": "调整网格"},
    "set_duty": lambda _: {"person": "leader", "since": "2026-03-02", "until": "2026-03-08"},
}  # fmt: skip
"""What has to be filled in, where a line of text for every required field is not enough."""


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
    S.WATCHING: (None, (step(R.ENGINE, "observe", sightings=_sightings(0, 2)),)),
    S.STORM: (S.WATCHING, (step(R.ENGINE, "observe"),)),
    S.MERGED: (S.WATCHING, (step(R.ENGINE, "end_watch"),)),
}
SITE_WAYS: dict[Status, tuple[Status | None, tuple[Step, ...]]] = {
    S.OPERATING: (None, (step(R.CLERK, "register_site"),)),
    S.SHUT: (S.OPERATING, (step(R.CLERK, "close_site"),)),
}
NUMBERS = {
    Kind.SITE: SITE,
    Kind.PETITION: NUMBER,
    Kind.RECTIFICATION: f"{PARENT}-R1",
    Kind.ORGANISATION: "organisation",
    Kind.POLICY: f"policy:{a_policy().name}",
    Kind.CALENDAR: "calendar:statutory",
    Kind.CAMPAIGN: "campaign:summer",
    Kind.WATCH: f"W-{NUMBER}",
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
