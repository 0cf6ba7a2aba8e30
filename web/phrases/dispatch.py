"""The console's words: dispatch meetings, their packs, and the flow chart."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "周调度、月会商": "Weekly dispatch and monthly consultation",
    "到期自动生成的会议材料；议定事项成为批示，下次会议报告落实情况。": (
        "Packs made by themselves when due; a decision becomes an instruction, and the next pack reports on it."
    ),
    "材料到期自动生成：本期变化、超期和说明人、待议事项、议定事项落实、下期到期。议定事项即为批示。": (
        "Made by itself when it is due: what changed, what is overdue and who must explain it, matters to decide, how "
        "earlier decisions stand, what falls due next. A decision is an instruction on its case."
    ),
    "没有到期的会议；可提前生成下次的材料。": "No meeting is due; the next one's pack can be made ahead.",
    "会议": "Meeting",
    "会议类别": "Series",
    "议定事项": "Decisions",
    "还没有会议。": "There are no meetings yet.",
    "生成材料": "Make a pack",
    "生成到期材料": "Make the one due",
    "提前生成下次材料": "Make the next one ahead",
    "同一次会议只生成一份材料，重复点击不会多出。": "Each meeting has one pack, however often this is pressed.",
    "调度材料": "Pack",
    "全部（ZIP，含作战图和流程图）": "All (ZIP, with the battle map and flow charts)",
    "只列前 {n} 行。": "The first {n} rows.",
    "显示全部": "Show all",
    "另有 {n} 行不在您的查看范围内。": "{n} more rows are not for you to see.",
    "主持": "By",
    "办理期限": "Answered by",
    "{n} 行": "{n} rows",
    "办理流程图": "Flow chart",
    "{kind}办理流程图": "Flow chart: {kind}",
    "每个环节现有多少件在办，其中多少件超期；流程由办理规则自动生成。": (
        "How many cases are open at each step, and how many of them are overdue; drawn from the lifecycle's own rows."
    ),
    "截至 {at}，在办件数，▲ 超期": "as of {at}; open cases, ▲ overdue",
    "下载 SVG": "Download the SVG",
}
