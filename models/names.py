"""What places, estates, roads and respondents are called, found in running text and compared however written.

No word list knows the farms and estates of a county. What names them is how they end (小区, 路, 村,
养猪场, 有限公司 …), and where a name begins tells the word before it.
"""

import re
from functools import lru_cache
from typing import Final

SITES: Final = (
    "有限责任公司", "有限公司", "公司", "养殖场", "养猪场", "猪场", "养鸡场", "鸡场", "养鸭场", "牛场", "砖厂",
    "水泥厂", "化工厂", "加工厂", "石材厂", "采石场", "搅拌站", "加油站", "垃圾站", "工厂", "厂", "小区",
    "花园", "家园", "公寓", "大厦", "广场", "商城", "酒店", "饭店", "餐馆", "医院", "学校", "中学", "小学",
    "幼儿园", "学院", "大学", "驾校", "公园", "工地", "项目", "楼盘", "工业园", "产业园", "市场", "超市",
    "水库", "国际城", "之城", "嘉园", "佳园", "雅苑", "华庭", "新村", "名苑", "苑", "府", "湾", "城",
)  # fmt: skip
"""How what one can go and look at ends, the longer endings before those they end with."""
ROADS: Final = ("大道", "路", "街", "大桥", "隧道", "高速", "河", "港", "湖")
TOWNS: Final = ("街道", "镇", "乡")
VILLAGES: Final = ("社区", "村")
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳屈旷单颜易凌聂伍"
)
_MASKED: Final = re.compile(r"([\u4e00-\u9fff])(?:某{1,2}|[xX*×]{1,2})")
_LEGAL: Final = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "公司",
    "集团",
    "工厂",
    "厂",
    "场",
    "店",
    "小区",
    "项目",
    "楼盘",
)
"""What a respondent's name may have or lack without being another's."""
_SURNAME: Final = re.compile(r"^([\u4e00-\u9fff])(?:某{1,2}|[xX*×]{1,2})的?")
_ENDS: Final = frozenset("场厂站店家户的")
_BEFORE: Final = re.compile(
    r"(?:我们是|我们|我是|我住|我|你好|您好|领导|关于|请问|反映|投诉|举报|质疑|位于|座落|坐落|地处|住在|居住|来自|附近|旁边|旁|"
    r"对面|楼下|业主|居民|村民|购买|购房|开发|销售|违规|违法|严重|长期|一家|几家|多家|两家|这个|那个|距|设立|要求|投资|物业|专科|给|该|此|本|在|是|的|了|和|与|及|到|从|由|"
    r"对|向|请|为|被|把|将|因|至|有|里|内|市|区|县|镇|乡|街道|路|村|社区|组|号|栋|期|大道|州|省)"
)
_RUN: Final = re.compile(r"[\u4e00-\u9fff]+")
LONGEST: Final = 10
SHORTEST: Final = 2
ALIKE: Final = 0.5


@lru_cache(maxsize=4096)
def sites_of(text: str) -> frozenset[str]:
    """Return the names of farms, estates, works and the like in a text, without their endings where they are long."""
    return _found(text, SITES)


@lru_cache(maxsize=4096)
def roads_of(text: str) -> frozenset[str]:
    """Return the names of roads and waters in a text."""
    return _found(text, ROADS)


@lru_cache(maxsize=4096)
def towns_of(text: str) -> frozenset[str]:
    """Return the names of townships in a text."""
    return _found(text, TOWNS)


@lru_cache(maxsize=4096)
def villages_of(text: str) -> frozenset[str]:
    """Return the names of villages and communities in a text."""
    return _found(text, VILLAGES)


@lru_cache(maxsize=4096)
def owners_of(text: str) -> frozenset[str]:
    """Return the surnames of the people a text masks (王某, 李某某), whose farm or shop it is about."""
    return frozenset(each for each in _MASKED.findall(text) if each in _SURNAMES)


def _found(text: str, endings: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for run in _RUN.findall(text):
        for ending in endings:
            at = run.find(ending)
            while at >= 0:
                before = run[max(0, at - LONGEST) : at]
                cuts = [each.end() for each in _BEFORE.finditer(before)]
                name = before[cuts[-1] :] if cuts else before
                if SHORTEST <= len(name) < LONGEST:
                    found.add(name)
                at = run.find(ending, at + 1)
    return frozenset(found)


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """Return what of a respondent's name tells it from others (王某养猪场, 养殖场 of 王某, 王某某的猪场 → 王).

    A masked person's name is the surname alone; of a firm's name the legal form is left away.
    """
    found = name.strip()
    if masked := _SURNAME.match(found):
        return masked[1]
    changed = True
    while changed:
        changed = False
        for ending in _LEGAL:
            if found.endswith(ending) and len(found) - len(ending) >= SHORTEST:
                found, changed = found[: -len(ending)], True
    return found


def same_respondent(one: str, other: str) -> bool:
    """Return whether two names may be one respondent's."""
    if not one or not other:
        return False
    if one == other:
        return True
    mine, theirs = core(one), core(other)
    here, there = _SURNAME.match(one), _SURNAME.match(other)
    if here and there:
        # Of one family name in a village there are many: what they do tells them apart, where both say it.
        trades = [set(name[found.end() :]) - _ENDS for name, found in ((one, here), (other, there))]
        return mine == theirs and (not all(trades) or not trades[0].isdisjoint(trades[1]))
    return mine == theirs or (here is there and alike(mine, theirs))


def alike(one: str, other: str) -> bool:
    """Return whether two names may be one: one within the other, or most of their pairs of characters the same."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= SHORTEST and short in long:
        return True
    mine, theirs = pairs(one), pairs(other)
    return bool(mine) and bool(theirs) and 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= ALIKE


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a name."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def any_alike(some: frozenset[str], others: frozenset[str]) -> str:
    """Return the longest name of the first that is alike one of the others, "" where none is."""
    if not some or not others:
        return ""
    return max((each for each in some if any(alike(each, other) for other in others)), key=len, default="")
