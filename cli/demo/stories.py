"""The thirty petitions of the demo as data: who does what, when, and what somebody lets slip.

Days are counted from the petition's arrival. Somebody who is late waits to be called: a step with ``when`` comes only
after that rung of the ladder has reached its leader, so that what is late is late however busy the machine is.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from pydantic import JsonValue

Data = dict[str, JsonValue]


@dataclass(frozen=True)
class Step:
    """One thing somebody does.

    Attributes:
        day: days after the arrival; after what is waited for, where ``when`` says so.
        by: an official's id; ``handler`` and ``head`` are those of the petition's unit.
        command: the command.
        data: its fields.
        when: what is waited for first: a rung of a clock (``close.county``), or ``done``, when every task is.
        task: the number of the rectification task it is done to; 0 for the petition itself.
        refused: the desk is expected to say no.
    """

    day: float
    by: str
    command: str
    data: Data = field(default_factory=dict)
    when: str | None = None
    task: int = 0
    refused: bool = False


@dataclass(frozen=True)
class Arrival:
    """What a story knows of its petition when it is told: the unit it will go to, and the day it came."""

    unit: str
    day: date

    def target(self, days: int) -> str:
        """Return a date so many days after the arrival."""
        return (self.day + timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Story:
    """How one petition is handled: its channel, its unit (None for any), and its steps."""

    name: str
    channel: str
    steps: Callable[[Arrival], list[Step]]
    unit: str | None = None


def _findings(verdict: str) -> Data:
    photo = hashlib.sha256(verdict.encode()).hexdigest()
    one: Data = {"point": "举报问题", "verdict": verdict, "text": "现场核查情况见笔录和照片"}
    return {"findings": [{**one, "evidence": [{"sha256": photo, "name": "现场照片.jpg"}]}]}


def opened(a: Arrival) -> list[Step]:
    """Accepted and given to the unit."""
    return [
        Step(0.05, "clerk", "accept"),
        Step(0.1, "dispatcher", "assign", {"unit": a.unit, "handler": f"{a.unit}_handler", "leader": "acting_deputy"}),
    ]


def looked(day: float = 1.0, verdict: str = "substantiated", when: str | None = None) -> Step:
    """The unit went and looked."""
    return Step(day, "handler", "record_findings", _findings(verdict), when=when)


def righted(day: float = 1.2) -> Step:
    """Put right at once (立行立改)."""
    return Step(day, "handler", "plan_rectification", {"measures": "立行立改：停产整改，清理现场，加装设施"})


def handed_in(day: float, when: str | None = None) -> Step:
    """Handed in for review."""
    return Step(day, "handler", "submit_for_review", {"text": "已完成整改，请审核"}, when=when)


def approved(day: float, by: str = "reviewer") -> Step:
    """Approved by somebody without a hand in it."""
    return Step(day, by, "approve")


def replied(day: float, opinion: str = "support") -> Step:
    """The petitioner gets the written opinion."""
    return Step(day, "clerk", "reply", {"opinion": opinion, "text": "处理意见见附件"})


def closing(day: float) -> list[Step]:
    """Handed in, approved, answered."""
    return [handed_in(day), approved(day + 0.5), replied(day + 0.8)]


def prompt(a: Arrival) -> list[Step]:
    """As it should be."""
    return [*opened(a), looked(0.4), righted(0.8), *closing(1.2)]


def four_eyes(a: Arrival) -> list[Step]:
    """The inspector who looked is a reviewer too, and may not approve it."""
    return [
        *opened(a),
        Step(1.0, "enforcement_inspector", "record_findings", _findings("substantiated")),
        righted(),
        handed_in(1.5),
        Step(1.8, "enforcement_inspector", "approve", refused=True),
        approved(2.0),
        replied(2.4),
    ]


def unfounded(a: Arrival) -> list[Step]:
    """Nothing of it is so."""
    return [*opened(a), looked(1.0, "unsubstantiated"), handed_in(1.4), approved(2.0), replied(2.3, "explain")]


def by_tasks(a: Arrival) -> list[Step]:
    """Two dated tasks, each a case of its own."""
    return _tasks(a, late=False)


def _tasks(a: Arrival, *, late: bool) -> list[Step]:
    plans: list[JsonValue] = [
        {"measure": "建成封闭式粪污池", "target": a.target(12), "standard": "无渗漏、无异味"},
        {"measure": "补栽隔离林带", "target": a.target(14)},
    ]
    second = "rectify.red" if late else None
    return [
        *opened(a),
        looked(1.0, "partly_substantiated"),
        Step(2.0, "handler", "plan_rectification", {"measures": "分步整改", "task_plans": plans}),
        Step(5.0, "handler", "report_progress", {"text": "设备已进场"}, task=1),
        Step(7.0, "handler", "submit_for_review", {"text": "已完工"}, task=1),
        Step(8.0, "second_reviewer", "approve", task=1),
        Step(1.0 if late else 8.5, "handler", "submit_for_review", {"text": "已栽植"}, when=second, task=2),
        Step(1.5 if late else 9.0, "second_reviewer", "approve", when=second, task=2),
        handed_in(0.5, when="done"),
        Step(1.0, "reviewer", "approve", when="done"),
        Step(1.5, "clerk", "reply", {"opinion": "support", "text": "处理意见见附件"}, when="done"),
    ]


def late_task(a: Arrival) -> list[Step]:
    """One task is done only after its unit's head was told."""
    return _tasks(a, late=True)


def for_now(a: Arrival) -> list[Step]:
    """Closed for now: the long task runs on."""
    plans: list[JsonValue] = [{"measure": "管网雨污分流改造", "target": a.target(150)}]
    return [
        *opened(a),
        looked(),
        Step(2.0, "handler", "plan_rectification", {"measures": "列入年度工程", "task_plans": plans}),
        Step(4.0, "handler", "submit_for_review", {"interim": True, "text": "工程已开工"}),
        Step(5.0, "reviewer", "approve_interim"),
    ]


def returned(a: Arrival) -> list[Step]:
    """Not ours, says the unit, and the sender agrees."""
    elsewhere = "enforcement"
    return [
        *opened(a),
        Step(1.0, "handler", "object", {"reason": "问题在开发区，不属本乡镇"}),
        Step(2.0, "dispatcher", "agree_return"),
        Step(2.2, "dispatcher", "assign", {"unit": elsewhere, "handler": f"{elsewhere}_handler"}),
        Step(3.0, f"{elsewhere}_handler", "record_findings", _findings("substantiated")),
        Step(3.2, f"{elsewhere}_handler", "plan_rectification", {"measures": "责令停止违法排放"}),
        Step(3.6, f"{elsewhere}_handler", "submit_for_review"),
        approved(4.2),
        replied(4.6),
    ]


def kept(a: Arrival) -> list[Step]:
    """Not ours, says the unit; the sender does not agree."""
    return [
        *opened(a),
        Step(1.0, "handler", "object", {"reason": "点位在两乡镇交界处"}),
        Step(2.0, "dispatcher", "refuse_return", {"reason": "经核图，点位在你镇范围"}),
        looked(4.0),
        righted(4.3),
        *closing(5.0),
    ]


def sent_back(a: Arrival) -> list[Step]:
    """The reviewer is not satisfied at first."""
    return [
        *opened(a),
        looked(),
        righted(),
        handed_in(1.5),
        Step(2.0, "reviewer", "send_back", {"reason": "缺整改后照片"}),
        Step(3.0, "handler", "report_progress", {"text": "已补拍照片"}),
        *closing(3.3),
    ]


def reopened(a: Arrival) -> list[Step]:
    """Closed, and the smell came back."""
    return [
        *prompt(a),
        Step(15.0, "magistrate", "reopen", {"reason": "回访群众，异味反复"}),
        looked(16.0),
        righted(16.3),
        *closing(17.0),
    ]


def reconsidered(a: Arrival) -> list[Step]:
    """The petitioner asks for the opinion to be reconsidered; it is upheld."""
    return [
        *prompt(a),
        Step(8.0, "clerk", "ask_reconsideration", {"reason": "不服处理意见"}),
        Step(20.0, "county_deputy", "decide_reconsideration", {"outcome": "upheld", "text": "维持原处理意见"}),
        replied(21.0),
    ]


def extended(a: Arrival) -> list[Step]:
    """More time is asked for before it is up, and granted by the unit's head."""
    return [
        *opened(a),
        looked(),
        righted(),
        Step(2.0, "handler", "request_extension", {"extension_days": 15, "reason": "需等待检测报告"}),
        Step(3.0, "head", "grant_extension"),
        *closing(9.0),
    ]


def heard(a: Arrival) -> list[Step]:
    """A hearing, whose time is not counted."""
    return [
        *opened(a),
        looked(),
        Step(2.0, "dispatcher", "begin_hearing", {"reason": "双方要求听证"}),
        Step(14.0, "dispatcher", "end_hearing", {"text": "听证已结束"}),
        righted(14.3),
        *closing(15.0),
    ]


def unanswered(a: Arrival) -> list[Step]:
    """The petitioner is asked for the place and never answers; the question lapses."""
    return [
        *opened(a),
        Step(1.0, "clerk", "ask_petitioner", {"text": "请补充具体点位"}),
        looked(0.5, "unsubstantiated", when="asked.lapse"),
        Step(1.0, "handler", "submit_for_review", when="asked.lapse"),
        Step(1.5, "reviewer", "approve", when="asked.lapse"),
        Step(2.0, "clerk", "reply", {"opinion": "explain", "text": "未发现所述问题"}, when="asked.lapse"),
    ]


def declined(_: Arrival) -> list[Step]:
    """Too vague to be looked into."""
    return [Step(1.0, "clerk", "decline", {"reason": "线索不详，无法核查"})]


def referred(_: Arrival) -> list[Step]:
    """It belongs to another authority."""
    return [Step(1.0, "clerk", "refer", {"to_authority": "县住房和城乡建设局", "reason": "不属于职责范围"})]


def withdrawn(a: Arrival) -> list[Step]:
    """The petitioner withdraws."""
    return [*opened(a), Step(3.0, "clerk", "withdraw", {"reason": "信访人来电撤回"})]


def unread(_: Arrival) -> list[Step]:
    """Nobody ever opens it: the ladder climbs by itself, and every week again."""
    return []


def unassigned(_: Arrival) -> list[Step]:
    """Accepted, and then given to nobody."""
    return [Step(0.1, "clerk", "accept")]


def untouched(a: Arrival) -> list[Step]:
    """Given to a unit whose head's post is vacant, and not touched; remarks change nothing."""
    return [
        *opened(a),
        Step(6.0, "handler", "note", {"text": "近期人手不足"}),
        Step(12.0, "handler", "note", {"text": "下周安排"}),
    ]


def late(a: Arrival) -> list[Step]:
    """Handled only after the county's heads were told."""
    return [
        *opened(a),
        looked(0.5, when="close.county"),
        Step(0.7, "handler", "plan_rectification", {"measures": "立行立改"}, when="close.county"),
        Step(1.0, "handler", "submit_for_review", when="close.county"),
        Step(1.5, "reviewer", "approve", when="close.county"),
        Step(1.8, "clerk", "reply", {"opinion": "support", "text": "处理意见见附件"}, when="close.county"),
    ]


def supervised(a: Arrival) -> list[Step]:
    """Overdue, put on the list of supervised cases by the county, then handled."""
    return [
        *opened(a),
        Step(0.5, "county_deputy", "list_for_supervision", {"reason": "逾期未核查"}, when="verify.deputy_county"),
        Step(0.8, "secretary", "instruct", {"text": "限三日内办结并书面报告"}, when="verify.deputy_county"),
        looked(1.2, when="verify.deputy_county"),
        Step(1.4, "handler", "plan_rectification", {"measures": "立行立改"}, when="verify.deputy_county"),
        Step(1.8, "handler", "submit_for_review", when="verify.deputy_county"),
        Step(2.2, "reviewer", "approve", when="verify.deputy_county"),
        Step(2.5, "clerk", "reply", {"opinion": "support", "text": "处理意见见附件"}, when="verify.deputy_county"),
    ]


def struck_off(a: Arrival) -> list[Step]:
    """The whole way: closed, signed off in five steps by different people, looked back at."""
    return [
        *prompt(a),
        Step(5.0, "handler", "apply_sign_off", {"text": "整改到位，申请销号"}),
        Step(7.0, "enforcement_inspector", "accept_on_site", {"text": "污染消除，群众满意"}),
        Step(8.0, "second_reviewer", "countersign"),
        Step(9.0, "clerk", "publish_notice", {"where": "县政府网站"}),
        Step(11.0, "dispatcher", "strike_off"),
    ]


STORIES: Final = (
    Story("prompt", "hotline", prompt),
    Story("prompt", "letter", prompt),
    Story("prompt", "national", prompt),
    Story("prompt", "visit", prompt),
    Story("four eyes", "platform", four_eyes, "enforcement"),
    Story("inspection", "inspection", prompt),
    Story("inspection", "inspection", prompt),
    Story("inspection, late", "inspection", late, "shiqiao"),
    Story("unfounded", "hotline", unfounded),
    Story("unfounded", "phone", unfounded),
    Story("by tasks", "letter", by_tasks),
    Story("a late task", "system", late_task, "jinsha"),
    Story("closed for now", "platform", for_now),
    Story("returned", "letter", returned, "wangjiang"),
    Story("kept", "visit", kept),
    Story("sent back", "phone", sent_back),
    Story("reopened", "hotline", reopened),
    Story("reconsidered", "national", reconsidered),
    Story("extended", "hotline", extended, "yunxi"),
    Story("heard", "visit", heard),
    Story("unanswered", "letter", unanswered),
    Story("declined", "phone", declined),
    Story("referred", "hotline", referred),
    Story("withdrawn", "phone", withdrawn),
    Story("unread", "letter", unread),
    Story("unassigned", "system", unassigned),
    Story("untouched", "hotline", untouched, "fenglin"),
    Story("late", "hotline", late, "liuhe"),
    Story("supervised", "first_asked", supervised, "qingshan"),
    Story("struck off", "letter", struck_off),
)
"""Thirty petitions: most are handled as they should be, some late, a few by nobody."""

TOWNSHIPS: Final = ("yunxi", "shiqiao", "qingshan", "shuangtang", "jinsha", "wangjiang")
"""Where a story goes that may go anywhere; the other two townships have no head at their desk."""

MATTERS: Final = (
    ("恶臭/异味", "养猪场夜间恶臭扰民", "兴旺养殖场"),
    ("水", "洗砂废水直排河道", "宏发砂石厂"),
    ("噪声", "石材加工噪声扰民", "永固石材厂"),
    ("烟粉尘", "砖厂烟囱冒黑烟", "华兴砖厂"),
    ("固废", "垃圾露天焚烧", "某废品收购点"),
    ("油烟", "餐饮油烟直排", "好再来饭店"),
    ("工业废气", "喷漆作业气味刺鼻", "恒达家具厂"),
    ("土壤", "废机油倾倒农田", "顺通汽修厂"),
)
"""What they are about: type, redacted summary, respondent. Every name is invented."""
