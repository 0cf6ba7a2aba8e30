"""The console's words: campaigns."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "督察、专项整治等行动。登记时选定行动的案件归入其中；行动期间可下达“5+2、白+黑”令，所属在办案件改按每天计时。": (
        "Inspections and special actions. Cases that name one at intake belong to it; an order that every day works "
        "counts its open cases day by day."
    ),
    "命令": "Order",
    "在办案件": "Open cases",
    "全部案件": "All cases",
    "按每天计时，至 {day}": "every day counts, until {day}",
    "没有生效的命令": "no order in force",
    "还没有专项行动。": "There is no campaign yet.",
    "启动专项行动": "Open a campaign",
    "代号": "Short name",
    "登记和导入时填写，如 dc2026；不能再改": "typed at intake and import, like dc2026; it stays",
    "启动": "Open",
    "历史": "History",
    "在办案件的到期日正在重算，逐件记入各自的历史；刷新可看是否完成。": (
        "The due dates of open cases are being counted again, each written to its case's history; reload to see "
        "whether it is done."
    ),
    "预演：没有写入": "A rehearsal: nothing was written",
    "确认无误后，在下面的表单中下达；扫描件已存好，不必再选。": (
        "If it is right, give the order by the form below; the scan is kept and need not be chosen again."
    ),
    "仅列前 {n} 件": "the first {n} are listed",
    "专项行动信息": "The campaign",
    "层级": "Level",
    "进驻时间": "From, until",
    "受理编号格式": "Form of the numbers",
    "{n} 件编号不合格式": "{n} have a number of another form",
    "公开表格式": "Columns of the table",
    "办理节点（交办后第几日）": "Deadlines (days after the batch)",
    "协调小组": "Coordination groups",
    "组长": "led by",
    "成员": "with",
    "逐日情况": "Day by day",
    "{n} 批": "{n} batches",
    "交办批次": "Batch",
    "处罚和问责": "Enforcement",
    "还没有交办的信访件。": "Nothing was handed over yet.",
    "{day} 批次": "The batch of {day}",
    "另有 {n} 件由其他单位办理": "{n} more are handled by other units",
    "文号": "Number",
    "签发": "Signed by",
    "首日": "First day",
    "末日": "Last day",
    "原件": "Paper",
    "签发人本人登记": "recorded by the signatory",
    "还没有命令：所属案件按工作日计时。": "No order yet: its cases are counted by working days.",
}
