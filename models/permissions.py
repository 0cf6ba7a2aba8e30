"""Who may see what, as rows beside the lifecycle's. Who may *do* what is the lifecycle's own table.

Who may open the seal over a petitioner's identity is a row too; each opening needs a reason and is kept.
"""

from dataclasses import dataclass
from datetime import datetime

from models.actions import actions
from models.case import Case
from models.lifecycle import POST_ROOM
from models.vocabulary import PEOPLE, STANDING, Role, Term
from models.world import Actor, World


class Sight(Term):
    """What may be seen."""

    CASES = "cases", "案件", "cases"
    RECEIPTS = "receipts", "回执查询码", "the receipt's query code"
    FIGURES = "figures", "统计数字", "figures"
    IDENTITY = "identity", "信访人身份", "the petitioner's identity"
    RETENTION = "retention", "保存期限与删除", "retention and erasures"
    LETTERS = "letters", "未送达文书", "letters that did not arrive"
    ACCESS_LOG = "access_log", "访问日志", "the access log"
    ACCOUNTS = "accounts", "账号与令牌", "accounts and tokens"
    WEBHOOKS = "webhooks", "事件推送", "webhooks"
    FLEET = "fleet", "运行版本", "the fleet"
    PAYLOADS = "payloads", "Temporal 载荷", "what Temporal holds"
    ROOTS = "roots", "每日根", "daily roots"
    BUNDLES = "bundles", "证据包", "bundles of evidence"


class Reach(Term):
    """How much of it."""

    OWN_UNIT = "own_unit", "本单位", "their own unit's"
    ALL = "all", "全部", "all"


class OpeningReason(Term):
    """Why a seal is opened."""

    CONTACT = "contact", "联系信访人核实情况", "to ask the petitioner"
    DELIVER = "deliver", "送达文书", "to deliver a letter"
    CORRECT = "correct", "核对或补正登记", "to check or correct the registration"
    LAWFUL = "lawful", "依法调取", "asked for by law"


@dataclass(frozen=True, slots=True)
class Grant:
    """One row: these roles see this, so far."""

    sight: Sight
    by: tuple[Role, ...]
    reach: Reach


R = Role
GRANTS = (
    Grant(Sight.CASES, (R.CLERK, R.DISPATCHER, R.REVIEWER, R.LEADER, R.AUDITOR), Reach.ALL),
    Grant(Sight.CASES, (R.HANDLER, R.INSPECTOR), Reach.OWN_UNIT),
    Grant(Sight.RECEIPTS, (R.CLERK, R.DISPATCHER), Reach.ALL),
    Grant(Sight.IDENTITY, (R.CLERK, R.DISPATCHER), Reach.ALL),
    Grant(Sight.RETENTION, (R.CLERK, R.DISPATCHER, R.LEADER, R.AUDITOR), Reach.ALL),
    Grant(Sight.LETTERS, POST_ROOM, Reach.ALL),
    Grant(Sight.FIGURES, PEOPLE, Reach.ALL),
    Grant(Sight.ACCESS_LOG, (R.AUDITOR,), Reach.ALL),
    Grant(Sight.ACCOUNTS, (R.ADMINISTRATOR,), Reach.ALL),
    Grant(Sight.WEBHOOKS, (R.ADMINISTRATOR,), Reach.ALL),
    Grant(Sight.FLEET, (R.ADMINISTRATOR,), Reach.ALL),
    Grant(Sight.PAYLOADS, (R.ADMINISTRATOR,), Reach.ALL),
    Grant(Sight.ROOTS, (R.AUDITOR, R.ADMINISTRATOR), Reach.ALL),
    Grant(Sight.BUNDLES, (R.LEADER, R.AUDITOR), Reach.ALL),
)


def reach(actor: Actor, sight: Sight) -> Reach | None:
    """Return how much of something somebody sees by their roles, None for nothing."""
    found = {grant.reach for grant in GRANTS if grant.sight is sight and set(grant.by) & set(actor.roles)}
    return next((each for each in (Reach.ALL, Reach.OWN_UNIT) if each in found), None)


def may_see(world: World, case: Case, actor: Actor, at: datetime) -> bool:
    """Tell whether somebody sees a case: by role and unit, or because there is something for them to do with it.

    Whom the petition is about (信访工作条例, art. 30) does not see it, whatever their role. Organisation, policies,
    calendars and campaigns are seen here by those alone who may change them.
    """
    if actor.id in case.named:
        return False
    by_role = reach(actor, Sight.CASES) if case.kind not in STANDING else None
    if by_role is Reach.ALL or (by_role is Reach.OWN_UNIT and actor.unit == case.unit):
        return True
    return bool(actions(world, case, actor, at))
