"""What the English sentences are where there is one of what ``{n}`` counts."""

from typing import Final

ONE: Final = {
    "{n} 件": "{n} case",
    "{n} 件已办理": "{n} case done",
    "{n} 件编号不合格式": "{n} has a number of another form",
    "列入 {n} 件": "{n} petition",
    "{n} 项": "{n} item",
    "在办流程 {n} 个": "{n} workflow of a case runs",
    "{n} 批": "{n} batch",
    "另有 {n} 件由其他单位办理": "{n} more is handled by another unit",
    "来件 {n} 件": "{n} filing",
    "与现行不同 {n} 天": "{n} day differs from what is in force",
    "{n} 份文书已交付重发": "{n} letter is on its way again",
    "{n} 处与写入时不符，第一处：{first}": "{n} place is not as it was written: {first}",
    "相隔 {n} 天": "{n} day apart",
    "剩 {n} 个恢复码": "{n} recovery code left",
    "{n} 日": "{n} day",
    "{n} 处": "{n} enterprise",
    "{n} 处巡查按此安排": "{n} patrol goes by it",
    "{n} 处错误": "{n} mistake",
    "{n} 行": "{n} row",
    "另有 {n} 行不在您的查看范围内。": "{n} more row is not for you to see.",
    "共 {n} 行，新登记 {a}，更正 {b}，不变 {c}，未导入 {d}": (
        "{n} row: {a} registered, {b} corrected, {c} as they were, {d} refused"
    ),
    "共 {n} 件在办，图上为最急的 {m} 件。": "{n} is open; the map shows the {m} most urgent.",
}
