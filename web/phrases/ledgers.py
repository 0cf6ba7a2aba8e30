"""The console's words: ledgers kept elsewhere, counts across years, comparisons, monitoring."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "导入已有台账": "Bring an existing ledger",
    "按台账格式导出": "Export as such a ledger",
    (
        "每行一件：编号、来源批次、收件日期、问题、地点、整改措施、责任单位、责任领导、整改时限、办结日期、销号日期、状态。"
        "历史按表中日期补录，不补发提醒；还在整改的按整改时限计时。同一编号再次导入只更新，不重复。"
    ): (
        "A row for each item: number, round, day it came in, problem, place, measures, unit, leader, day it is due, "
        "days it was closed and signed off, state. Its history is told at the sheet's own days and nothing is rung for "
        "it; what is still to be put right runs to its own day. The same number once more is advanced, never doubled."
    ),
    "另一份台账正在导入，结束后请再试。": "Another ledger is on its way in; try again once it is done.",
    "正在处理：{done} / {total}": "Under way: {done} of {total}",
    "共 {n} 行，新登记 {a}，已更新 {b}，已有 {c}，存疑 {d}": (
        "{n} rows: {a} registered, {b} advanced, {c} known, {d} in doubt"
    ),
    "存疑的行": "Rows in doubt",
    "没有写入；改正后再次导入": "not written; mend them and bring them again",
    "下载存疑的行": "The rows in doubt as a workbook",
    "内容": "What it says",
    "单元格": "Cell",
    "办结和销号": "Closed and signed off",
    "按收件年度和批次分别统计；办结包括已销号的，继续整改的按整改时限。每个数字都能打开它的案件。": (
        "By the year it came in and by round; what is signed off is closed too, what goes on runs to its own day. "
        "Every figure leads to its cases."
    ),
    "办结待销号": "Closed, not signed off",
    "继续整改": "Still going on",
    "其他终结": "Ended otherwise",
    "按年度": "By year",
    "年度": "Year",
    "按批次": "By round",
    "批次": "Round",
    "合计包括不属于任何批次的。": "The sum includes what belongs to no round.",
    "县区和时段对比": "Districts and periods side by side",
    "乡镇之间、两个时段之间、本县与其他县区之间的收件对比；其他县区的件数是登记的。": (
        "What came in, by township, in two periods, here and in other districts; the others' counts are entered."
    ),
    "如 2023、2023-Q3、2023-09、2023-09-06..2023-09-26": "such as 2023, 2023-Q3, 2023-09, 2023-09-06..2023-09-26",
    "按": "By",
    "两期对比": "Two periods",
    "县区对比": "Districts",
    "县区": "District",
    "怎样得来": "How it is known",
    "本台账统计": "counted in this ledger",
    "登记，未经本台账统计": "entered, not counted here",
    "登记其他县区的件数": "Enter another district's count",
    "已登记县区件数。": "The district's count is entered.",
    "监测数据": "Monitoring",
    "监测超过限值的，在该场所开出问题并建立整改任务；CSV 导入，或由程序报送。": (
        "A reading out of bounds opens a problem at its site, with a task; from CSV files, or sent by programs."
    ),
    (
        "CSV 文件，列：场所、监测时间、监测项目、监测值、单位、限值或是否异常。"
        "超过限值或标记异常的，在该场所开出问题并建立整改任务；同一场所同一项目的问题在办时，后来的异常记在任务上，不再另开。"
    ): (
        "A CSV file with columns for site, time, parameter, value, unit, limit or flag. What is beyond its limit or "
        "flagged opens a problem at its site, with a task; while that is open, more of the same is noted on the task."
    ),
    "共 {n} 行，新开问题 {a}，并入在办 {b}，正常 {c}，已有 {d}，不能使用 {e}": (
        "{n} rows: {a} opened a problem, {b} added to one, {c} within bounds, {d} known, {e} cannot be used"
    ),
    "不能使用的行": "Rows that cannot be used",
    "异常的行": "Rows out of bounds",
    "前 {n} 行。": "The first {n}.",
    "行": "Row",
    "监测数据（.csv）": "The readings (.csv)",
    "整改天数": "Days to put it right",
    "列": "Column",
    "台账（.xlsx）": "The ledger (.xlsx)",
}
