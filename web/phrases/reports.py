"""The console's words: the year's report."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "工作报告": "The year's report",
    "这个数字说的是您无权查看的案件。": "This figure is about a case that you may not see.",
    "这个数字的来源": "where this figure comes from",
    "数字和案件": "Figures and cases",
    "每个数字都由台账计出，点〔数字〕可见是怎么算的、有哪些案件。": (
        "Every figure is counted from the ledger; its number leads to how it is counted and to the cases behind it. "
        "The report itself is in Chinese, as it is handed in."
    ),
    "这一年没有可计的事项。": "There is nothing to count in this year.",
    "年份应在 {a} 至 {b} 之间，以下是 {b} 年的报告。": "The year should be {a} to {b}; this is the report of {b}.",
    "怎么算的": "How it is counted",
    "有哪些案件": "The cases behind it",
}
