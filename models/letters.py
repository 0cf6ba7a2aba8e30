"""The letters in their plainest form: a title and the lines that the law or the desk asks for."""

from collections.abc import Mapping
from datetime import datetime

from models.case import Case
from models.event import Recorded
from models.instants import shown, shown_due
from models.policy import ClockRule, Policy
from models.vocabulary import Opinion

TITLES = {
    "acceptance_notice": ("信访事项受理告知书", "Notice of acceptance"),
    "decline_notice": ("信访事项不予受理告知书", "Notice of non-acceptance"),
    "referral": ("信访事项转送告知书", "Notice of referral"),
    "assignment_order": ("信访事项交办单", "Assignment order"),
    "task_order": ("整改任务交办单", "Rectification order"),
    "extension_notice": ("延期办理告知书", "Notice of extension"),
    "reply": ("信访事项处理意见书", "Written reply"),
    "reconsideration_receipt": ("复查申请收件回执", "Receipt of a request for reconsideration"),
    "question": ("补充材料通知书", "Request for further information"),
    "instruction": ("领导批示件", "Instruction"),
    "urging": ("催办通知", "Reminder"),
    "supervision_letter": ("督办函", "Letter of supervision"),
    "talk_notice": ("约谈通知书", "Summons to a talk"),
    "county_report": ("超期情况报告", "Report on overdue matters"),
    "accountability_recommendation": ("追责问责建议书", "Recommendation of accountability"),
    "alarm_notice": ("时限预警通知", "Notice of a time limit"),
}
"""Every letter by its template's name: Chinese and English title."""

TELLS = {
    "to_authority": ("转送单位", "referred to"),
    "opinion": ("处理意见", "opinion"),
    "reason": ("理由", "reason"),
    "text": ("内容", "text"),
    "note": ("备注", "note"),
    "measure": ("整改措施", "measure"),
    "standard": ("整改标准", "standard"),
}
"""What a letter repeats of its event, if the event says it."""


def rendered(template: str, case: Case, recorded: Recorded, addressee: str, policy: Policy) -> str:
    """Return the letter as text.

    Args:
        template: a name of ``TITLES``.
        case: the case right after the event the letter belongs to.
        recorded: that event.
        addressee: the name, or names, it goes to.
        policy: the one the case runs under, which names its clocks.

    Raises:
        KeyError: there is no such template.
    """
    title, english = TITLES[template]
    rules = {clock.name: case.rule(policy, clock) for clock in case.clocks}
    lines = [f"{title}  {english}", f"编号 No. {case.id}/{recorded.seq}", "", f"{addressee}：", ""]
    lines += [f"  信访事项 case：{case.id}（{case.place}）", f"  状态 status：{case.status.zh} {case.status.en}"]
    told = {**recorded.event.sets.model_dump(mode="json", exclude_unset=True), **recorded.event.said}
    lines += [f"  {zh} {en}：{_word(told[name])}" for name, (zh, en) in TELLS.items() if told.get(name)]
    lines += _alarm(recorded, policy, rules)
    lines += [
        f"  {rules[clock.name].zh} {rules[clock.name].en}：{shown_due(clock.due)}"
        for clock in case.clocks
        if not clock.paused_by
    ]
    return "\n".join([*lines, "", shown(recorded.recorded_at), ""])


def _word(value: object) -> str:
    return next((opinion.zh for opinion in Opinion if opinion == value), str(value))


def _alarm(recorded: Recorded, policy: Policy, rules: Mapping[str, ClockRule]) -> list[str]:
    """Say which rung of which clock a letter is about, where it is about one."""
    said = recorded.event.said
    rule = rules.get(str(said.get("clock")))
    if rule is None:
        return []
    rung = policy.ladder[rule.ladder].rung(str(said["rung"]))
    at = shown_due(datetime.fromisoformat(str(said["due_at"])))
    return [f"  预警 alarm：{rule.zh} · {rung.zh}（{rule.en}: {rung.en}），{at}"]
