"""The console's words: patrols and the weather."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "企业巡查": "Patrols",
    "{n} 处": "{n} enterprises",
    "共 {all} 处，仅列最先到期的 {m} 处；用关键词可查到其余的。": (
        "The {m} that are owed first of {all} are listed; a keyword finds the others."
    ),
    "天气": "Weather",
    "天气未知": "weather not known",
    "天气记录": "Observations",
    "本时段已巡查，下一时段 {at} 起": "done for this slot; the next begins {at}",
    "时段": "Slot",
    "到场": "On site",
    "雨天规则": "rain",
    "晴天规则": "dry",
    "还没有结束的时段。": "No slot is over yet.",
    "观测时刻": "Seen at",
    "小时雨量（毫米）": "Rain in the hour (mm)",
    "来源": "Source",
    "还没有天气记录。": "Nothing was observed yet.",
    "晴天三天一次，雨天一天三次；无人到场即报督导责任领导。": (
        "Once in three dry days, three times a day in rain; when nobody comes, the leader who answers for it hears "
        "at once."
    ),
    "企业": "Enterprise",
    "应于": "Owed",
    "最近巡查": "Last patrol",
    "现场责任人": "Goes there",
    "督导责任领导": "Leader answering for it",
    "已巡": "Done",
    "漏巡": "Missed",
    "没有企业巡查。": "There are no patrols.",
    "建立巡查": "Open a patrol",
    "建立": "Open",
    "下雨即按雨天规则；雨停后，进行中的时段仍须巡查，其后按晴天规则。": (
        "When rain begins, the rules for rain hold at once; when it stops, the slot that runs is still owed, "
        "and dry weather counts after it."
    ),
    "补报更早的天气只作记录；同一时刻说法不一的，以雨为准。": (
        "What is told late of an earlier moment is only recorded; of two that differ about one moment, rain holds."
    ),
    "已登记。": "Recorded.",
    "共 {n} 行，登记 {b}，已有 {c}": "{n} rows: {b} recorded, {c} known already",
    "观测于 {at}": "seen at {at}",
    "久无观测，请核实": "nothing observed for long, please check",
    "{n} 处巡查按此安排": "{n} patrols go by it",
    "自动获取": "fetched by itself",
    "登记天气": "Record",
    "没有气象站点。": "There are no weather stations.",
    "登记气象站点": "Register a weather station",
    "天气记录（.xlsx）": "Observations (.xlsx)",
    "列：站点、时间、天气，可有小时雨量、来源": "columns: station, time, weather; rain and source if known",
    "巡查时段": "Slots",
    "应巡查的企业": "To be patrolled",
}
