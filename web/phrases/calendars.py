"""The console's words: calendars."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "工作日历": "Calendars",
    "已导入，在办案件的到期日正在重算。": "Taken in; the due dates of open cases are being counted again.",
    "导入前的预演": "What taking it in would mean",
    "{n} 年": "Year {n}",
    "平日放假 {off} 天，周末上班 {work} 天": "{off} weekdays off, {work} weekend days worked",
    "与现行不同 {n} 天": "{n} days differ from what is in force",
    "在办案件中 {n} 件的到期日将变动": "The due dates of {n} open cases would move",
    "（或更多）": "(or more)",
    "确认无误后，在下表再次选择同一文件并导入。": "If it is right, choose the same file again below and import it.",
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
