"""The desk's words: every status, stage, role, light and verdict, each spelled once, with its two names."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the desk: the stored value with its Chinese and its English name."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        """Keep the value and both names together."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """Return the term of that value.

        Raises:
            KeyError: there is none.
        """
        return {each.value: each for each in cls}[value]


class Kind(Term):
    """What sort of case a stream of events tells."""

    PETITION = "petition", "信访件", "petition"
    RECTIFICATION = "rectification", "整改任务", "rectification task"
    ORGANISATION = "organisation", "组织机构", "organisation"
    POLICY = "policy", "办理规则", "policy"
    CALENDAR = "calendar", "工作日历", "calendar"
    CAMPAIGN = "campaign", "专项行动", "campaign"
    WATCH = "watch", "集中来件监测", "watch"
    SITE = "site", "场所", "site"
    PLAN = "plan", "行动方案", "action plan"
    INDICATOR = "indicator", "指标", "indicator"
    PATROL = "patrol", "巡查", "patrol"
    STATION = "station", "气象站点", "weather station"
    DISPATCH = "dispatch", "调度会", "dispatch meeting"
    FAULT = "fault", "核对差异", "discrepancy"


STANDING = frozenset({Kind.ORGANISATION, Kind.POLICY, Kind.CALENDAR, Kind.CAMPAIGN})
"""Kinds that are nobody's matter but what every decision rests on: the world, as streams of the same ledger."""
UNLISTED = STANDING | {Kind.SITE, Kind.PLAN, Kind.INDICATOR, Kind.DISPATCH, Kind.PATROL, Kind.STATION, Kind.FAULT}
"""Kinds that stand in no list of cases."""


class Status(Term):
    """Where a case stands."""

    REGISTERED = "registered", "已登记", "registered"
    ACCEPTED = "accepted", "已受理", "accepted"
    ASSIGNED = "assigned", "已交办", "assigned"
    VERIFIED = "verified", "已核查", "verified"
    RECTIFYING = "rectifying", "整改中", "rectifying"
    REVIEWING = "reviewing", "审核中", "under review"
    INTERIM = "interim", "阶段性办结", "closed for now"
    CLOSED = "closed", "已办结", "closed"
    SIGNED_OFF = "signed_off", "已销号", "signed off"
    RECONSIDERING = "reconsidering", "复查中", "under reconsideration"
    DECLINED = "declined", "不予受理", "declined"
    REFERRED = "referred", "已转送", "referred"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    IN_FORCE = "in_force", "生效", "in force"
    WATCHING = "watching", "关注中", "being watched"
    STORM = "storm", "集中来件", "storm"
    MERGED = "merged", "已并入", "merged"
    OPERATING = "operating", "在营", "in operation"
    SHUT = "shut", "已关停", "closed down"
    UNDERWAY = "underway", "推进中", "under way"
    CONCLUDED = "concluded", "已收官", "concluded"
    PATROLLING = "patrolling", "巡查中", "being patrolled"
    STOOD_DOWN = "stood_down", "已停巡", "patrolled no more"
    CALLED = "called", "待召开", "called"
    HELD = "held", "已召开", "held"
    FAULTY = "faulty", "待查明", "not cleared up yet"
    CLEARED = "cleared", "已查明", "cleared up"


ENDS = frozenset({Status.DECLINED, Status.REFERRED, Status.WITHDRAWN})
"""Statuses after which nothing more is owed to anybody."""

NO_CASES = frozenset(
    {
        *(Status.IN_FORCE, Status.WATCHING, Status.STORM, Status.MERGED, Status.OPERATING, Status.SHUT),
        *(Status.UNDERWAY, Status.CONCLUDED, Status.CALLED, Status.HELD, Status.PATROLLING, Status.STOOD_DOWN),
        *(Status.FAULTY, Status.CLEARED),
    }
)
"""Statuses that no petition and no task is ever in."""

AT_WORK = (
    Status.ACCEPTED,
    Status.ASSIGNED,
    Status.VERIFIED,
    Status.RECTIFYING,
    Status.REVIEWING,
)
"""Statuses in which the statutory time for closure runs."""


class Stage(Term):
    """The part of its life a case is in, as the process manager names it."""

    INTAKE = "intake", "受理", "intake"
    ASSIGNMENT = "assignment", "交办", "assignment"
    VERIFICATION = "verification", "现场核查", "on-site verification"
    RECTIFICATION = "rectification", "整改", "rectification"
    REVIEW = "review", "审核", "review"
    CLOSURE = "closure", "办结答复", "closure"
    RECONSIDERATION = "reconsideration", "复查", "reconsideration"
    SIGN_OFF = "sign_off", "销号", "sign-off"
    LOOK_BACK = "look_back", "回头看", "look-back"
    STANDING = "standing", "施行", "standing"
    WATCH = "watch", "关注", "watch"
    PATROL = "patrol", "巡查", "patrol"
    OVER = "over", "终结", "over"


class Role(Term):
    """Who acts. The clock and the engine are roles like any other and obey the same rows."""

    CLERK = "clerk", "信访专员", "clerk"
    DISPATCHER = "dispatcher", "交办人", "dispatcher"
    HANDLER = "handler", "承办人", "handler"
    INSPECTOR = "inspector", "核查人", "inspector"
    REVIEWER = "reviewer", "审核人", "reviewer"
    LEADER = "leader", "领导", "leader"
    AUDITOR = "auditor", "审计员", "auditor"
    ADMINISTRATOR = "administrator", "管理员", "administrator"
    CLOCK = "clock", "时钟", "clock"
    ENGINE = "engine", "引擎", "engine"


PEOPLE = tuple(role for role in Role if role not in {Role.CLOCK, Role.ENGINE})
"""The roles a person can hold."""


class Verdict(Term):
    """What the visit found of one point, or of the whole petition."""

    SUBSTANTIATED = "substantiated", "属实", "substantiated"
    MOSTLY = "mostly_substantiated", "基本属实", "mostly substantiated"
    PARTLY = "partly_substantiated", "部分属实", "partly substantiated"
    UNSUBSTANTIATED = "unsubstantiated", "不属实", "unsubstantiated"


class Opinion(Term):
    """The opinion a written reply gives (信访工作条例, art. 32)."""

    SUPPORT = "support", "支持", "supported"
    EXPLAIN = "explain", "解释", "explained"
    REJECT = "reject", "不予支持", "not supported"


class Tie(Term):
    """What ties a petition to others: one matter of several, several of one receipt, what came back."""

    LEADS = "leads", "主案", "leads others"
    JOINED = "joined", "已并案", "joined to another"
    SPLIT = "split", "已拆分", "split"
    PART = "part", "拆分件", "part of a split one"
    REPEATED = "repeated", "有重复来件", "has repeats"
    REPEAT = "repeat", "重复来件", "a repeat"
    RECURRED = "recurred", "反弹", "came back"
    SHARES = "shares", "共用整改任务", "shares a task"


class Light(Term):
    """How near the date a case has come."""

    GREEN = "green", "正常", "on time"
    BLUE = "blue", "蓝色预警", "blue"
    YELLOW = "yellow", "黄色预警", "yellow"
    RED = "red", "红色超期", "red, overdue"

    @property
    def rank(self) -> int:
        """0 for green up to 3 for red."""
        return _RANK[self]


_RANK = {Light.GREEN: 0, Light.BLUE: 1, Light.YELLOW: 2, Light.RED: 3}


class Flag(Term):
    """Something that is open beside the status."""

    OBJECTION = "objection", "异议待定", "objection open"
    EXTENSION = "extension", "延期待批", "extension asked for"
    HEARING = "hearing", "听证中", "hearing"
    ASKED = "asked", "待信访人补充", "waiting for the petitioner"
    SUPERVISED = "supervised", "挂牌督办", "listed for supervision"
    REPLIED = "replied", "已答复", "replied"
    APPLIED = "applied", "已申请销号", "sign-off applied for"
    INSPECTED = "inspected", "销号现场已验收", "accepted on site"
    COUNTERSIGNED = "countersigned", "销号已会签", "countersigned"
    NOTICED = "noticed", "销号已公示", "notice published"
    ALL_DAYS = "all_days", "执行“5+2、白+黑”", "every day works"
    ERASURE = "erasure", "删除信访人信息待定", "an erasure waits to be decided"
    ERASED = "erased", "信访人信息已删除", "who complained is erased"


class RungKind(Term):
    """What a rung of a ladder does when its moment comes; the value is the event's name."""

    REMIND = "reminded", "提醒", "reminder"
    WARN = "warned", "预警", "warning"
    ESCALATE = "escalated", "升级报告", "escalation"
    LAPSE = "lapsed", "期满", "lapse"
    LOOK_BACK = "look_back_due", "回头看", "look-back"
    MISS = "slot_missed", "漏巡", "missed patrol"


class Fate(Term):
    """What became of a letter. Nothing is called sent that the other side has not taken."""

    WAITING = "waiting", "待投递", "waiting"
    TRAY = "tray", "待打印", "in the tray"
    SENT = "sent", "已发出", "sent"
    UNKNOWN = "unknown", "去向不明", "unknown"
    FAILED = "failed", "未送达", "failed"
    AGAIN = "again", "重发中", "being sent again"
    SETTLED = "settled", "已办妥", "settled"


class Settling(Term):
    """How a letter whose delivery failed, or is not known, was settled by people."""

    BY_HAND = "by_hand", "已当面送达或邮寄", "delivered by hand or by post"
    CONFIRMED = "confirmed", "对方确认收到", "the receiver has it"
    NOT_NEEDED = "not_needed", "无需再送", "not needed any more"


class ErasureGrounds(Term):
    """Why it is erased who complained (个人信息保护法, art. 47); a list, for free text might name them."""

    RETENTION = "retention", "保存期限届满", "the time it is kept for is over"
    REQUEST = "request", "信访人依法申请", "the petitioner asked for it by law"
    PURPOSE = "purpose", "处理目的已实现", "it is not needed any more"
    LAW = "law", "依法应当删除", "the law asks for it"


def verdict_of(points: "tuple[Verdict, ...]") -> Verdict:
    """Roll the verdicts of the points up into one (domain practice of the published tables).

    All alike: that verdict. Nothing unsubstantiated and nothing partly: mostly. Anything else is partly.
    """
    if len(set(points)) == 1:
        return points[0]
    if set(points) == {Verdict.SUBSTANTIATED, Verdict.MOSTLY}:
        return Verdict.MOSTLY
    return Verdict.PARTLY
