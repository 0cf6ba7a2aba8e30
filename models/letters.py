"""The letters in their plainest form: a title and the lines that the law or the desk asks for."""

from models.case import Case
from models.event import Recorded
from models.instants import shown

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
    "alarm_notice": ("时限预警通知", "Notice of a time limit"),
}
"""Every letter by its template's name: Chinese and English title."""

TELLS = ("reason", "text", "note", "clock", "rung", "due_at", "to_authority")
"""What a letter repeats of what was said, if it was said."""


def rendered(template: str, case: Case, recorded: Recorded, addressee: str, day: str) -> str:
    """Return the letter as text.

    Args:
        template: a name of ``TITLES``.
        case: the case right after the event the letter belongs to.
        recorded: that event.
        addressee: the name, or names, it goes to.
        day: its date as shown.

    Raises:
        KeyError: there is no such template.
    """
    title, english = TITLES[template]
    lines = [f"{title}  {english}", f"编号 No. {case.id}/{recorded.seq}", "", f"{addressee}：", ""]
    lines += [f"  信访事项：{case.id}（{case.place}）", f"  状态：{case.status.zh} {case.status.en}"]
    lines += [f"  {name}：{recorded.event.said[name]}" for name in TELLS if recorded.event.said.get(name)]
    lines += [f"  时限 {clock.name}：{shown(clock.due)}" for clock in case.clocks if not clock.paused_by]
    return "\n".join([*lines, "", f"{day}", ""])
