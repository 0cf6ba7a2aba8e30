"""The names of fields and clocks as people read them: Chinese, then English."""

from datetime import timedelta
from typing import Final, TypeVar

from models.case import Case
from models.commands import COMMANDS
from models.event import Event
from models.lifecycle import LIFECYCLES
from models.policy import ClockRule, Policy
from models.vocabulary import Kind, RungKind, Term
from models.world import World

T = TypeVar("T", bound=Term)

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "about": ("案件", "case"),
    "above": ("上级单位", "unit above"),
    "accountability": ("责任追究", "accountability"),
    "added": ("新增", "added"),
    "ahead": ("下期截止", "ahead to"),
    "aliases": ("别名", "aliases"),
    "all_days": ("逐日工作时段", "every day works"),
    "anomalies": ("监测异常", "anomalies"),
    "article": ("依据", "article"),
    "assessed": ("考核数", "assessed"),
    "arrested": ("刑事拘留（人）", "criminal detention (people)"),
    "away": ("是否休假", "away"),
    "batch": ("交办批次", "batch"),
    "bound": ("限值", "limit"),
    "by_channel": ("投递渠道", "by channel"),
    "by_when": ("整改时限", "by when"),
    "calendar": ("工作日历", "calendar"),
    "called": ("名称", "name"),
    "came": ("来件时间", "came in"),
    "campaign": ("督察批次", "campaign"),
    "category": ("类别", "category"),
    "changed": ("变更", "changed"),
    "channel": ("受理渠道", "channel"),
    "charge": ("分管单位", "units in charge"),
    "clock": ("时限", "clock"),
    "closed": ("已撤销", "closed"),
    "compliant": ("达标数", "compliant"),
    "copy_of": ("副本", "copy"),
    "counts": ("数字", "figures"),
    "count": ("件数", "petitions"),
    "counted_in": ("计量单位", "counted in"),
    "criminal_cases": ("立案侦查（件）", "criminal cases"),
    "deadlines": ("办理节点（交办后第几日）", "deadlines (days after the batch)"),
    "covers_from": ("上期截止", "covers from"),
    "covers_until": ("本期截止", "covers until"),
    "days": ("天数", "days"),
    "decisions": ("议定事项", "decisions"),
    "delegate": ("代理人", "delegate"),
    "detained": ("行政拘留（人）", "administrative detention (people)"),
    "detail": ("说明", "detail"),
    "district": ("县区", "district"),
    "district_counts": ("县区件数", "districts' counts"),
    "document": ("规则文件", "document"),
    "digest": ("内容摘要", "digest"),
    "due": ("到期", "due"),
    "due_at": ("应响时刻", "due at"),
    "duty": ("职责", "duty"),
    "duties": ("值班", "roster"),
    "editions": ("公开表", "public tables"),
    "en": ("英文名", "English name"),
    "english": ("英文名", "English name"),
    "events": ("事项", "events"),
    "evidence": ("佐证材料", "evidence"),
    "explains": ("说明人", "who explains"),
    "extension_days": ("延期天数", "days of extension"),
    "fate": ("投递结果", "fate"),
    "field": ("字段", "field"),
    "filing": ("第几个来件", "which filing"),
    "filings": ("来件编号", "filings"),
    "findings": ("核查结论", "findings"),
    "fines": ("罚款（万元）", "fines (10,000 yuan)"),
    "first": ("起始日", "first day"),
    "first_day": ("进驻首日", "first day"),
    "followed": ("议定事项落实", "decisions followed up"),
    "found": ("副本所载", "found there"),
    "goal": ("办结目标", "goal"),
    "for_day": ("应开日期", "named day"),
    "gone": ("离任或撤销", "gone"),
    "grid": ("网格", "grid"),
    "grids": ("网格", "grids"),
    "group": ("小组名称", "group"),
    "groups": ("协调小组", "coordination groups"),
    "grounds": ("依据", "grounds"),
    "handed_in": ("办结报审", "handed in"),
    "handler": ("承办人", "handler"),
    "hands": ("经办人员", "hands"),
    "head": ("组长", "head"),
    "how": ("办妥方式", "how"),
    "id": ("编号", "id"),
    "imported": ("是否导入", "imported"),
    "instruction_by": ("批示办理期限", "answered by"),
    "interests": ("利害关系", "interests"),
    "interim": ("阶段性办结", "close for now"),
    "kind": ("类别", "kind"),
    "last": ("截止日", "last day"),
    "last_day": ("进驻末日", "last day"),
    "leader": ("包案领导", "leader"),
    "ledger": ("台账所载", "in the ledger"),
    "level": ("层级", "level"),
    "limit": ("办结时限", "limit"),
    "look_backs": ("回头看", "look-backs"),
    "members": ("成员", "members"),
    "mismatches": ("差异", "differences"),
    "number_form": ("受理编号格式", "form of the numbers"),
    "on_site": ("到现场", "on site"),
    "in_public": ("向社会公开", "in public"),
    "follower": ("并入的信访件", "joined petition"),
    "followers": ("并入的信访件", "joined petitions"),
    "heard": ("主案进展", "leading case's progress"),
    "at": ("时间", "at"),
    "case": ("案件", "case"),
    "matters": ("待议事项", "matters to decide"),
    "meeting": ("会议", "meeting"),
    "monitored": ("监测项目", "monitored"),
    "on": ("监测日期", "measured on"),
    "open": ("在办", "open"),
    "overdue": ("超期", "overdue"),
    "period": ("期间", "period"),
    "been_at": ("到场时刻", "on site at"),
    "begin": ("起", "begins"),
    "by_whom": ("来源", "told by"),
    "ended": ("结果", "what became of it"),
    "listener": ("告知对象", "listener"),
    "listeners": ("告知对象", "listeners"),
    "mm": ("小时雨量（毫米）", "rain in the hour, mm"),
    "observations": ("天气记录", "observations"),
    "observed": ("天气", "weather"),
    "patrolled_at": ("最近巡查", "last patrol"),
    "seen_at": ("观测时刻", "seen at"),
    "sky": ("天气", "weather"),
    "sky_at": ("天气时刻", "weather since"),
    "sky_seq": ("天气序号", "weather number"),
    "kept": ("整改成果保持", "still put right"),
    "look_back_on": ("遇此天气回头看", "look-back on"),
    "slot": ("应巡时段", "slot owed"),
    "slots": ("巡查时段", "slots"),
    "slots_done": ("已巡时段", "slots patrolled"),
    "slots_missed": ("漏巡时段", "slots missed"),
    "station": ("气象站点", "weather station"),
    "platforms": ("渠道数", "channels"),
    "respondents": ("涉及的被反映对象", "respondents it concerns"),
    "seq": ("序号", "number"),
    "stands": ("各环节在办", "where cases stand"),
    "threshold": ("条件", "threshold"),
    "enforced": ("执法情况", "enforcement"),
    "fine": ("罚款（万元）", "fine (10,000 yuan)"),
    "petition": ("信访件", "petition"),
    "petitions": ("信访件", "petitions"),
    "rectify_orders": ("责令整改（家）", "orders to rectify"),
    "recurrence": ("反弹来件", "recurrence"),
    "recurrence_of": ("反弹自", "recurrence of"),
    "recurrences": ("反弹来件", "recurrences"),
    "site": ("场所", "site"),
    "sound": ("未发现问题", "nothing found"),
    "trade": ("行业", "trade"),
    "readings": ("考核结果", "readings"),
    "upcoming": ("下期到期", "due next"),
    "value": ("监测值", "value"),
    "visited": ("巡查记录", "visits made"),
    "visits": ("巡查次数", "visits"),
    "alerts": ("触发条件", "thresholds crossed"),
    "meets_on": ("开会日期", "meets on"),
    "merged_into": ("并入", "merged into"),
    "plan": ("处置方案", "plan"),
    "sightings": ("来件", "filings seen"),
    "leading": ("主案", "leading case"),
    "not_same": ("不是同一件事的", "not the same as"),
    "other": ("另一件", "the other petition"),
    "pack": ("调度材料", "pack"),
    "parts": ("拆分件", "parts"),
    "repeat": ("重复来件", "repeat"),
    "repeat_of": ("原信访件", "earlier petition"),
    "repeats": ("重复来件", "repeats"),
    "reopens": ("重新办理原件", "opens the earlier one again"),
    "split_from": ("拆分自", "split from"),
    "split_parts": ("拆分内容", "parts"),
    "leave": ("休假", "leave"),
    "letter": ("文书", "letter"),
    "measure": ("整改措施", "measure"),
    "measures": ("整改措施", "measures"),
    "name": ("名称", "name"),
    "named": ("被反映人员", "officials complained about"),
    "note": ("备注", "note"),
    "number": ("编号", "number"),
    "opinion": ("处理意见", "opinion"),
    "order": ("命令", "order"),
    "organisation": ("组织机构", "organisation"),
    "outcome": ("结果", "outcome"),
    "parent": ("所属信访件", "petition"),
    "penalties": ("立案处罚（家）", "penalties"),
    "people": ("人员", "people"),
    "person": ("人员", "person"),
    "place": ("地点", "place"),
    "point": ("反映点", "point"),
    "post": ("职务", "post"),
    "posts": ("职务", "posts"),
    "profile": ("公开表格式", "table profile"),
    "proposal": ("建议编号", "proposal"),
    "raised": ("集中来件预警", "storm's light"),
    "rating": ("满意度", "rating"),
    "reaction": ("事项", "reaction"),
    "reason": ("理由", "reason"),
    "recipients": ("报告对象", "recipients"),
    "rectify_by": ("整改时限", "put right by"),
    "remarks": ("备注", "remarks"),
    "respondent": ("被反映单位", "respondent"),
    "respondent_found": ("查实单位", "respondent as found"),
    "respondent_named": ("被反映单位", "respondent as named"),
    "retired": ("已离任", "retired"),
    "roles": ("职责", "roles"),
    "round": ("轮次", "round"),
    "routed": ("派件依据", "routed by"),
    "rows": ("表中各行", "rows"),
    "rung": ("阶梯", "rung"),
    "scan": ("命令原件", "scan of the order"),
    "sealed": ("密封内容", "sealed"),
    "serves": ("所属信访件", "petitions served"),
    "series": ("会议类别", "series"),
    "sha256": ("摘要值", "SHA-256"),
    "signatory": ("签发人", "signatory"),
    "since": ("起", "from"),
    "source": ("文件来源", "source"),
    "spot": ("坐标", "coordinates"),
    "standard": ("整改标准", "standard"),
    "star": ("重点关注", "special attention"),
    "state": ("办理状态", "state"),
    "status": ("状态", "status"),
    "summary": ("摘要", "summary"),
    "summary_of_answer": ("答复摘要", "summary of the answer"),
    "tables": ("放假安排", "tables"),
    "talks": ("约谈（人）", "talks"),
    "tally": ("处罚和问责数", "figures of enforcement"),
    "target": ("整改期限", "target date"),
    "task": ("整改任务", "task"),
    "task_hands": ("任务经办人员", "hands of the task"),
    "task_plans": ("整改任务", "tasks"),
    "tasks": ("整改任务", "tasks"),
    "template": ("文书种类", "form"),
    "text": ("内容", "text"),
    "title": ("名称", "title"),
    "accountable": ("问责（人）", "held to account"),
    "to_check": ("待核查信访件", "petitions to be checked"),
    "day": ("日期", "day"),
    "to": ("收件人", "to"),
    "to_authority": ("转送单位", "authority"),
    "township": ("是否乡镇", "township"),
    "types": ("问题类型", "types"),
    "unit": ("承办单位", "unit"),
    "units": ("单位", "units"),
    "until": ("止", "until"),
    "verdict": ("结论", "verdict"),
    "version": ("版本", "version"),
    "week": ("班次", "week"),
    "what": ("事由", "what"),
    "what_to_do": ("要求", "to be done"),
    "where": ("公示地点", "where"),
    "why": ("原因", "why"),
    "words": ("村居", "places"),
    "year": ("年份", "year"),
    "zh": ("中文名", "Chinese name"),
}
"""Every field of a command or of a value inside one."""


PATROLS: Final[dict[str, tuple[str, str]]] = {
    "handler": ("现场责任人", "goes there"),
    "leader": ("督导责任领导", "leader answering for it"),
    "summary": ("巡查要点", "what is looked at"),
    "title": ("企业", "enterprise"),
    "unit": ("负责单位", "unit"),
}
"""What these fields are called where an enterprise is patrolled."""

STATES: Final = {
    "open": ("在办", "open"),
    "rectifying": ("整改中", "being put right"),
    "interim": ("阶段性办结", "closed for now"),
    "closed": ("已办结", "closed"),
}
"""Where a table says that an item stands."""


def field_words(name: str, kind: Kind | None = None) -> tuple[str, str]:
    """Return a field's two names, as they are where they belong to a kind of case; as it is written if nobody did."""
    own = PATROLS.get(name) if kind is Kind.PATROL else None
    return own or FIELDS.get(name, (name, name))


def both(term: Term) -> str:
    """Return a word of the desk in both languages."""
    return f"{term.zh} {term.en}"


def term_of(kind: type[T], text: str) -> T | None:
    """Return the term that a person wrote: its value, its Chinese or its English name."""
    wanted = text.strip().casefold()
    return next((each for each in kind if wanted in {each.value.casefold(), each.zh, each.en.casefold()}), None)


def left(span: timedelta) -> tuple[str, str]:
    """Tell how much time is left, or since when it is up: in days, near the date in hours and minutes."""
    zh, en = ("剩", "left") if span >= timedelta(0) else ("超期", "overdue")
    minutes = int(abs(span).total_seconds()) // 60
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return f"{zh} {days} 天", f"{days} d {en}"
    hours, rest = divmod(minutes, 60)
    return f"{zh} {hours} 小时 {rest} 分", f"{hours} h {rest} min {en}"


def clock_words(world: World, case: Case, name: str) -> tuple[str, str]:
    """Return the names of one of a case's clocks, as its policy has them."""
    rule = _rule(world.policies[case.policy], case, name)
    place = name.partition("#")[2]
    return (
        (f"{rule.zh}{place and f'（第 {place} 件）'}", f"{rule.en}{place and f' #{place}'}") if rule else (name, name)
    )


def rung_words(world: World, case: Case, clock: str, rung: str) -> tuple[str, str]:
    """Return the names of a rung of one of a case's clocks."""
    policy = world.policies[case.policy]
    rule = _rule(policy, case, clock)
    for each in policy.ladder[rule.ladder].rungs if rule else ():
        if each.name == rung:
            return each.zh, each.en
    return rung, rung


def _rule(policy: Policy, case: Case, clock: str) -> ClockRule | None:
    """Return the row of a clock by its name, also of one that runs no longer."""
    name, _, place = clock.partition("#")
    filed = int(place) - 1 if place.isdigit() else -1
    channel = case.filings[filed].channel if 0 <= filed < len(case.filings) else case.channel
    try:
        return policy.clock_rule(case.kind, channel, name)
    except KeyError:
        return None


def event_words(kind: Kind, event: Event) -> tuple[str, str]:
    """Return what an event is called: as the command that makes it, or as the clock's own act."""
    if rung := term_of(RungKind, event.name):
        return rung.zh, rung.en
    rows = [row for row in LIFECYCLES[kind] if row.event == event.name]
    row = next((row for row in rows if event.role in row.by), rows[0] if rows else None)
    command = COMMANDS[row.command] if row else None
    return (command.zh, command.en) if command else (event.name, event.name)


def event_name(name: str) -> str:
    """Return what an event is called where only its name is known."""
    rung = term_of(RungKind, name)
    if rung:
        return rung.zh
    found = [row for rows in LIFECYCLES.values() for row in rows if row.event == name]
    # What imported history shares with the desk's own work is called as the desk does it.
    own = [row for row in found if "is_imported" not in row.guards] or found
    return COMMANDS[own[0].command].zh if own else name
