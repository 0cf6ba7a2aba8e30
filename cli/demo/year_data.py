"""The bureau's year 2023 as data, all of it invented: what comes in when, and what is done about it.

How many things happen is what the year's report of such a bureau tells; which of them, where and when is the seed's.
Nothing here is a result: the figures are counted from the ledger afterwards.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.spreadsheets.plain import NewSheet, write_plain
from models.counting import SHANGHAI

BEGIN: Final = datetime(2023, 7, 20, 0, 30, tzinfo=UTC)
"""When the play begins at the desk: a Thursday, half past eight in the morning."""
END: Final = datetime(2023, 10, 20, 9, 0, tzinfo=UTC)
"""The day of the report."""
SEED: Final = 2023
TOWNSHIPS: Final = ("yunxi", "shiqiao", "qingshan", "shuangtang", "jinsha", "wangjiang")
PLACES: Final = {
    "yunxi": "云溪镇",
    "shiqiao": "石桥镇",
    "qingshan": "青山乡",
    "shuangtang": "双塘镇",
    "jinsha": "金沙镇",
    "wangjiang": "望江镇",
}
VILLAGES: Final = ("梅冲村", "竹塘村", "松岭村", "桥头村", "新塘村", "石湾村", "枫树村", "黄泥村")
PROBLEMS: Final = (
    ("大气", "砖厂生产时冒黑烟，粉尘扰民", "砖厂"),
    ("大气", "养殖场夜间臭味扰民", "养殖场"),
    ("水", "作坊废水直排河沟，水体发黑", "豆制品作坊"),
    ("噪声", "石材加工夜间噪声扰民", "石材厂"),
    ("固废", "河边堆放建筑垃圾无遮盖", "建材堆场"),
    ("水", "屠宰点污水外溢农田", "屠宰点"),
)
ROUNDS: Final = (
    ("2017 年中央环保督察", 2017, 4, 62),
    ("2018 年中央督察回头看", 2018, 11, 41),
    ("2021 年中央生态环境保护督察", 2021, 4, 73),
    ("2022 年省级生态环境保护督察", 2022, 8, 40),
)
"""The rounds before: name, year, month, how many."""
CAMPAIGN: Final = "dc2023"
FIRST, LAST = date(2023, 9, 6), date(2023, 9, 26)
RECEIVED, LASTING = 40, 10
"""Petitions of the inspection of this year, and those of them that take until next year."""
CATEGORIES: Final = {
    "工业污染治理": 18,
    "城乡扬尘治理": 14,
    "水体和排口整治": 15,
    "畜禽养殖整治": 12,
    "固废和危废清理": 9,
    "噪声和油烟治理": 7,
}
"""The summer's plan: six categories, and how many items of each."""
CHANNELS: Final = ("national", "hotline", "system", "platform", "national", "phone", "system", "national", "hotline")
"""Whereby the nine filings of one town came, in two days."""
TOLD: Final = (
    "养猪场夜间恶臭扰民，无法开窗",
    "养猪场臭味很大，晚上睡不着",
    "猪场粪污臭气扰民",
    "养猪场夜间臭味刺鼻",
    "猪场臭气熏天，多次反映未解决",
    "养猪场恶臭影响居民生活",
    "养猪场晚上偷排臭气",
    "猪场臭味扰民严重",
    "养猪场恶臭扰民，要求整改",
)
INDICATORS: Final = (
    ("环境空气质量优良天数", "天", 339, 324),
    ("国控断面水质达标", "个", 2, 2),
    ("省控断面水质达标", "个", 8, 8),
    ("集中式饮用水水源地水质达标", "个", 19, 19),
)
SKIES: Final = ((0, "dry"), (9, "heavy_rain"), (12, "dry"), (20, "rain"), (23, "dry"))
"""The weather while the enterprise is patrolled, by days since its patrol was opened."""
PATROLLED: Final = 32
"""Days the enterprise is patrolled."""


HEADS: Final = (
    *("编号", "来源批次", "收件日期", "问题", "地点", "问题类型"),
    *("整改措施", "责任单位", "整改时限", "办结日期", "销号日期", "状态"),
)


@dataclass(frozen=True)
class Handed:
    """A petition that the inspection hands over: when, where, about what, and whether it takes until next year."""

    number: str
    at: datetime
    unit: str
    place: str
    kind: str
    summary: str
    respondent: str
    star: bool
    lasting: bool


def morning(day: date, hour: float = 9.0) -> datetime:
    """Return an hour of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) + timedelta(hours=hour)


def handed_over(seed: int = SEED) -> list[Handed]:
    """Return the petitions of this year's inspection, in the order in which they come."""
    rng = random.Random(seed)  # noqa: S311 - a play, not a secret
    days = sorted(FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1)) for _ in range(RECEIVED))
    # The first and the last day of the inspection bring one each, so that it lasts as long as it says.
    days[0], days[-1] = FIRST, LAST
    lasting = set(rng.sample(range(RECEIVED), LASTING))
    found = []
    for place, day in enumerate(days):
        unit = rng.choice(TOWNSHIPS)
        kind, summary, respondent = rng.choice(PROBLEMS)
        found.append(
            Handed(
                number=f"{rng.choice('DX')}3HN{day:%Y%m%d}{place + 1:04d}",
                at=morning(day, 8.5 + rng.random()),
                unit=unit,
                place=f"{PLACES[unit]}{rng.choice(VILLAGES)}",
                kind=kind,
                summary=summary,
                respondent=f"{rng.choice(VILLAGES)[:2]}{respondent}",
                star=rng.random() < 0.15,
                lasting=place in lasting,
            )
        )
    return found


def items(seed: int = SEED) -> list[dict[str, str]]:
    """Return the items of the summer's plan."""
    rng = random.Random(seed + 1)  # noqa: S311 - likewise
    found = []
    for category, count in CATEGORIES.items():
        for number in range(1, count + 1):
            unit = rng.choice(TOWNSHIPS)
            found.append(
                {
                    "measure": f"{category}第{number}项：{PLACES[unit]}{rng.choice(VILLAGES)}",
                    "category": category,
                    "standard": "达到验收标准并经现场核验",
                    "unit": unit,
                    "handler": f"{unit}_handler",
                    "target": (date(2023, 8, 1) + timedelta(days=rng.randrange(30))).isoformat(),
                }
            )
    return found


def write_history(path: Path, seed: int = SEED) -> int:
    """Write the ledger of the rounds before as a workbook; return how many rows it has."""
    rng = random.Random(seed + 2)  # noqa: S311 - likewise
    rows = []
    for name, year, month, count in ROUNDS:
        for number in range(1, count + 1):
            came = date(year, month, 1) + timedelta(days=rng.randrange(28))
            kind, problem, what = rng.choice(PROBLEMS)
            unit = rng.choice(TOWNSHIPS)
            closed = came + timedelta(days=rng.randrange(8, 60))
            place = f"{PLACES[unit]}{rng.choice(VILLAGES)}"
            struck, due = closed + timedelta(days=rng.randrange(5, 90)), came + timedelta(days=60)
            text = [f"{year}-{number:03d}", name, came.isoformat(), f"{what}{problem}", place, kind]
            rows.append(
                [
                    *text,
                    "已按要求整改到位",
                    PLACES[unit],
                    due.isoformat(),
                    closed.isoformat(),
                    struck.isoformat(),
                    "已销号",
                ]
            )
    write_plain(path, [NewSheet("台账", "", HEADS, rows)])
    return len(rows)
