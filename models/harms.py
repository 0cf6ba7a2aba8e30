"""What is complained of: the sorts of harm that words of a complaint stand for, so that other words are the same harm.

The words are those of the channels' own forms and of the public tables of inspection teams; types of a petition
(大气、恶臭、噪声…) are looked up among them too.
"""

from enum import unique
from functools import lru_cache

from models.vocabulary import Term


@unique
class Harm(Term):
    """One sort of harm."""

    ODOUR = "odour", "异味", "odour"
    FUMES = "fumes", "油烟", "cooking fumes"
    SMOKE = "smoke", "烟尘废气", "smoke and gases"
    DUST = "dust", "扬尘", "dust"
    NOISE = "noise", "噪声", "noise"
    WATER = "water", "水污染", "water pollution"
    WASTE = "waste", "垃圾固废", "waste"
    LIVESTOCK = "livestock", "养殖污染", "livestock"
    ECOLOGY = "ecology", "生态破坏", "damage to nature"
    RADIATION = "radiation", "辐射", "radiation"
    SUPPLY = "supply", "停水停电", "water or power cut off"
    TRAFFIC = "traffic", "交通", "traffic"
    BUILDING = "building", "违法建设", "unlawful building"
    QUALITY = "quality", "房屋质量", "quality of building"
    MONEY = "money", "收费退款", "fees and refunds"
    WAGES = "wages", "拖欠工资", "wages owed"
    HOUSING = "housing", "购房办证", "buying and registering homes"
    SCHOOLING = "schooling", "就学", "schooling"
    ROADS = "roads", "道路修建", "roads"
    TRANSPORT = "transport", "公共交通", "public transport"
    FIRE = "fire", "消防", "fire safety"


WORDS: dict[Harm, tuple[str, ...]] = {
    Harm.ODOUR: ("臭", "异味", "气味", "刺鼻", "难闻", "熏人", "呛人", "腥味"),
    Harm.FUMES: ("油烟", "烟道", "烧烤", "炒菜", "排烟", "餐饮"),
    Harm.SMOKE: (
        "废气", "烟尘", "黑烟", "浓烟", "冒烟", "烟气", "焚烧", "烧垃圾", "偷排", "大气", "雾霾", "喷漆", "油漆",
    ),
    Harm.DUST: ("扬尘", "粉尘", "灰尘", "尘土", "漫天灰", "飞灰"),
    Harm.NOISE: (
        "噪音", "噪声", "扰民", "吵", "轰鸣", "喇叭", "飙车", "麻将", "广场舞", "夜间施工", "半夜施工", "通宵",
        "震动",
    ),
    Harm.WATER: ("污水", "废水", "黑水", "直排", "水质", "发黑", "死鱼", "水体", "排污", "污染河", "水源", "霉味"),
    Harm.WASTE: ("垃圾", "固废", "废渣", "渣土", "倾倒", "填埋", "堆放", "危废"),
    Harm.LIVESTOCK: ("养殖", "养猪", "猪场", "猪舍", "猪粪", "粪", "养鸡", "鸡场", "养鸭", "牛场", "羊场", "养牛"),
    Harm.ECOLOGY: ("毁林", "砍伐", "挖山", "采石", "采砂", "开采", "湿地", "生态破坏", "占用农田", "良田"),
    Harm.RADIATION: ("辐射", "基站", "高压线", "高压电", "变电站", "变压器"),
    Harm.SUPPLY: ("停水", "没水", "断水", "供水", "停电", "断电", "水压", "自来水"),
    Harm.TRAFFIC: (
        "拥堵", "堵车", "红绿灯", "违停", "乱停", "停车难", "斑马线", "天桥", "交通事故", "占道", "减速带", "路灯",
    ),
    Harm.BUILDING: ("违建", "违章建", "私搭", "乱搭", "扩建", "违规搭建", "住改商", "更改规划", "改变规划", "调规"),
    Harm.QUALITY: ("开裂", "裂缝", "漏水", "渗水", "质量问题", "豆腐渣", "质价不符", "电梯"),
    Harm.MONEY: (
        "退款", "退费", "退还", "收费", "物业费", "捆绑", "车位", "押金", "诈骗", "集资", "维修基金", "补贴",
    ),
    Harm.WAGES: ("工资", "薪资", "农民工", "社保", "养老保险", "工程款"),
    Harm.HOUSING: (
        "房产证", "产权证", "网签", "交房", "收房", "公积金", "贷款", "烂尾", "预售", "拆迁", "安置房", "旧城改造",
    ),
    Harm.SCHOOLING: ("幼儿园", "学位", "学区", "入学", "小学", "学费", "培训"),
    Harm.ROADS: ("断头路", "修路", "路面", "坑洼", "硬化", "拉通", "打通", "改造道路"),
    Harm.TRANSPORT: ("公交", "地铁", "出租车", "站点", "班车", "发车"),
    Harm.FIRE: ("消防", "火灾", "安全隐患"),
}  # fmt: skip


@lru_cache(maxsize=4096)
def harms_of(text: str) -> frozenset[Harm]:
    """Return the sorts of harm that a text (a complaint's words, a type's name) speaks of."""
    return frozenset(harm for harm, words in WORDS.items() if any(word in text for word in words))
