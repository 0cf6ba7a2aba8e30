"""The console's words: calendars."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "工作日历": "Calendars",
    "已导入，在办案件的到期日正在重算。": "Taken in; the due dates of open cases are being counted again.",
    "取消": "Cancel",
    "新设日历": "a new calendar",
    "办理规则中以此为名的时限才会用到它。": "Only deadlines that a policy counts by this name use it.",
    "并改定上下班时间（{source}）": "and other working hours ({source})",
    "已核对存疑之处（✗），确实如此": "What is doubtful (✗) was checked and is right",
    "新名称即新设": "a new name sets one up",
    "{n} 年": "Year {n}",
    "平日放假 {off} 天，周末上班 {work} 天": "{off} weekdays off, {work} weekend days worked",
    "与现行不同 {n} 天": "{n} days differ from what is in force",
    "在办案件中 {n} 件的到期日将变动": "The due dates of {n} open cases would move",
    "（或更多）": "(or more)",
    "年度安排（TOML 或 iCal）": "A year's table (TOML or iCal)",
    "日历": "Calendar",
    "年份": "Year",
    "休：平日放假；班：周末上班。没有标记的周末照常休息。": (
        "off: a weekday off; work: a weekend day that is worked; other weekends are off."
    ),
    "{n} 月": "Month {n}",
    "一 二 三 四 五 六 日": "Mo Tu We Th Fr Sa Su",
    "休": "off",
    "班": "work",
}
