"""The console's words: administration, letters, audit."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "事项": "What",
    "何人": "Who",
    "准许": "granted",
    "原因": "Why",
    "对象": "Of what",
    "拒绝": "denied",
    "最近 {n} 条": "the latest {n}",
    "未知": "unknown",
    "访问日志": "Access log",
    "还没有记录。": "Nothing has been recorded yet.",
    "未送达、去向不明或重发中的文书": "that did not arrive, of which nobody knows, or that are on their way again",
    "{n} 份文书已交付重发": "{n} letters are on their way again",
    "没有选择文书：请先勾选。": "No letter was chosen: tick some first.",
    "只显示前 {n} 份。": "Only the first {n} are shown.",
    "重发所选": "Send the chosen again",
    "没有未送达的文书。": "No letter is lost.",
    "办理规则": "Policies",
    "新案件适用": "new cases run under it",
    "点开可查看历史，并以表单变更；每次变更都写入台账。": (
        "Each opens with its history and the forms that change it; every change stands in the ledger."
    ),
    "这里没有您能变更的内容。": "There is nothing here for you to change.",
    "施行日期": "In force from",
    "两个版本的差别": "What differs between two of them",
    "比较": "Compare",
    "两个版本效果相同。": "Both have the same effect.",
    "已导入组织机构": "The organisation is imported",
    "预演：没有写入，导入后将有下列变化": "A rehearsal: nothing is written; an import would change this",
    "没有差别。": "Nothing differs.",
    "组织机构工作簿": "Workbook of the organisation",
    "表中没有的人员视为离任": "whoever is not in it has left",
    "预演，只看差别": "Rehearse: show what differs",
    "导入": "Import",
    "账本是否完整": "Whether the ledger is whole",
    "正在核对": "Being checked",
    "刷新": "Look again",
    "{n} 处与写入时不符，第一处：{first}": "{n} places are not as they were written; the first: {first}",
    "{cases} 个案件、{events} 个事件，哈希链完整。": "{cases} cases, {events} events: every chain holds.",
    "上次核对": "Checked last",
    "还没有核对过。": "Not checked yet.",
    "立即核对": "Check now",
    "核对全部事件和访问日志有没有被改、被删、被移。账本连同链头一起被重写的，要靠在别处留存的链头才能发现。": (
        "Checked are all events and the access log. A ledger rewritten whole is found only by heads kept elsewhere."
    ),
    "被拒绝的操作": "Turned away",
    "没有被拒绝的操作。": "Nobody was turned away.",
    "密封内容的查看": "Seals that were opened",
    "没有人查看过密封内容。": "No seal was opened.",
    "查看案件在某一时刻的样子": "A case as it was at some moment",
    "打开案件，在“办理经过”下选择时刻。": "Open a case and choose the moment below what happened.",
    "只看被拒绝的": "Turned away only",
    "流程副本或读模型与台账不一致。修复后点开写明原因。": (
        "A workflow's copy or the read model differs from the ledger. Mend it, then open it and say what it was."
    ),
}
