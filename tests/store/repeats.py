"""Noisy repeats of petitions: the same matter told otherwise, with typos, aliases, other scripts and widths; seeded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from opencc import OpenCC

PLACES: Final = (
    "青石镇河口村", "青石镇大坪村", "青石镇茶园村", "赤岭乡石桥村", "赤岭乡枫树村", "赤岭乡黄泥村", "云集镇江边村",
    "云集镇龙塘村", "西渡镇梅花村", "西渡镇清泉村", "洪市镇双江村", "洪市镇天堂村",
)  # fmt: skip
FAMILIES: Final = "王李张刘陈杨黄周吴徐孙马朱胡郭何高林罗郑"
FIRMS: Final = ("宏达", "兴隆", "金源", "顺发", "鑫诚", "远东", "永盛", "华泰", "天合", "富康", "德润", "恒丰")
HARMS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "养猪场": (
        "恶臭",
        ("夜间臭味扰民", "排放臭气熏得人睡不着", "猪粪堆放，异味很重", "粪水直排，恶臭难闻", "气味刺鼻，不敢开窗"),
    ),
    "砖厂": ("大气", ("烟囱冒黑烟", "粉尘落满菜地", "烟气呛人，庄稼受害", "夜间偷排废气", "扬尘很大，晒不了衣服")),
    "石材厂": (
        "噪声",
        ("半夜切割石头轰鸣", "机器噪音吵得无法休息", "通宵作业扰民", "噪声很大，老人受不了", "凌晨还在开工，吵闹"),
    ),
    "电镀厂": ("水", ("废水直排河里", "污水把水沟染黑", "河水发黑，鱼都死了", "偷偷排放废水", "排污口流出黑水")),
    "废品站": ("固废", ("垃圾乱堆", "废渣倾倒在田边", "堆放危废无人管", "垃圾焚烧冒烟", "固废露天堆放")),
}  # fmt: skip
OPENINGS: Final = ("", "群众反映，", "我们是附近的村民，", "来电反映：", "多次反映无果，", "请领导重视：", "投诉")
CLOSINGS: Final = ("", "，请尽快处理", "，希望有关部门查处", "。多年无人管", "，严重影响生活", "，请求回复")
ALIASES: Final = {
    "养猪场": ("猪场", "养殖场", "猪舍"),
    "砖厂": ("砖瓦厂",),
    "石材厂": ("石料厂",),
    "废品站": ("废品收购站",),
}
TYPOS: Final = {"臭": "嗅", "扰": "绕", "睡": "垂", "废": "费", "噪": "躁", "粉": "份", "堆": "推", "熏": "薰"}
FULL: Final = {ord(" ") + at: 0xFF00 + at for at in range(1, 95)}


@dataclass(frozen=True)
class Matter:
    """What really is the matter: where, by whom, what."""

    place: str
    sort: str
    owner: str
    isfirm: bool


@dataclass(frozen=True)
class Telling:
    """One petition about it, as it comes in, and how it was made noisy."""

    place: str
    summary: str
    respondent: str
    types: tuple[str, ...]
    noise: str


def matters(rng: random.Random) -> Iterator[Matter]:
    """Yield different matters: of one place and sort at most one is of an owner."""
    every = [
        Matter(place, sort, owner, isfirm=owner in FIRMS)
        for place in PLACES
        for sort in HARMS
        for owner in (*FIRMS[:4], *FAMILIES[:4])
    ]
    yield from rng.sample(every, len(every))


def told(matter: Matter, rng: random.Random, noise: str) -> Telling:
    """Tell a matter with one sort of noise, of ``NOISES``."""
    kind, ways = HARMS[matter.sort]
    sort = rng.choice(ALIASES.get(matter.sort, (matter.sort,))) if noise == "alias" else matter.sort
    name = f"{matter.owner}{sort}" if matter.isfirm else f"{matter.owner}{rng.choice(('某', '某某'))}{sort}"
    one, two = rng.sample(ways, 2)
    parts = [f"{matter.place.partition('镇')[2] or matter.place.partition('乡')[2]}{name}{one}", two]
    if noise == "swapped":
        parts = [two, parts[0]]
    summary = f"{rng.choice(OPENINGS)}{'，'.join(parts)}{rng.choice(CLOSINGS)}"
    place, respondent = matter.place, name if noise != "words" or rng.random() < 0.5 else ""
    if noise == "typos":
        summary = "".join(TYPOS.get(each, each) if rng.random() < 0.7 else each for each in summary)
    if noise == "traditional":
        convert = OpenCC("s2t").convert
        place, summary, respondent = convert(place), convert(summary), convert(respondent)
    if noise == "width":
        summary = f"{summary} 门牌 {rng.randint(1, 99)} 号 TEL".translate(FULL)
    return Telling(place, summary, respondent, (kind,), noise)


NOISES: Final = ("words", "typos", "swapped", "alias", "traditional", "width")
