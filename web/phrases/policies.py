"""The console's words: policies."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "拟定新规则": "Propose a policy",
    "已发布。施行之日起新案件适用，在办案件仍按原规则。": (
        "Published. New cases run under it from its day on; open ones go on under theirs."
    ),
    "延期上限": "Longest extension",
    "{n} 日": "{n} days",
    "时长": "Length",
    "起算": "Starts with",
    "停止": "Stops with",
    "依据": "Source",
    "按所定日期，缺省": "by the day set, else",
    "不计{clock}": "no {clock}",
    "与通用规则不同处": "What differs from the rules for all",
    "同通用规则": "as for all",
    "提醒阶梯": "Ladders",
    "最后一级此后每 {n} 日再报": "the last one again every {n} days",
    "先检查，再在全部案件上试行看影响，最后发布。发布后只增不改，施行之日起新案件适用，在办案件仍按原规则。": (
        "Check it, try it on all cases to see what it would do, then publish it. Published is for good: new cases run "
        "under it from its day on, open ones go on under theirs."
    ),
    "{n} 处错误": "{n} mistakes",
    "{name}：没有错误，{day} 起施行。": "{name}: no mistake; in force from {day}.",
    "与现行 {name} 的差别": "Against {name}, which is in force",
    "规则文件（TOML）": "Policy document (TOML)",
    "或粘贴内容": "Or paste its text",
    "以现行 {name} 为底稿": "begin with {name}, which is in force",
    "检查": "Check",
    "在全部案件上试行": "Try it on all cases",
    "最近一次试行": "The last trial",
    "发布": "Publish",
    "填写规则名称 {name} 以确认": "Write the policy's name, {name}, to confirm",
    "试行结果": "What would have differed",
    "{who} 的试行正在进行，一次只试一个；结束后请再试您的规则。": (
        "A trial of {who} is under way, one at a time; try yours when it has ended."
    ),
    "这里没有试行结果。": "No trial's result is here.",
    "试行结果只留在运行它的网站进程里：网站重启后，或由另一进程应答时，就看不到了。重新试行不影响任何案件。": (
        "A result is kept only in the web process that ran it: after a restart, or where another process answers, it "
        "is gone. Trying again touches no case."
    ),
    "重新试行": "Try again",
    "正在试行：{done} / {total}": "Under way: {done} of {total}",
    "把每件案件已有的操作按拟定规则重做一遍；没有写入任何内容。": (
        "What was done with every case, done again under the proposed policy; nothing was written."
    ),
    "案件": "Cases",
    "无变化": "The same",
    "有变化": "Different",
    "有操作会被拒绝": "With a refused command",
    "期限变动": "Due dates that move",
    "提醒与升级": "Reminders and escalations",
    "性质": "Sort",
    "会被拒绝的操作": "Commands that would be refused",
    "有变化的案件": "Cases that would differ",
    "前 {n} 件，全部见表格": "the first {n}; the workbook has all",
    "变化": "What differs",
    "全部案件都不会有变化。": "No case would differ.",
}
