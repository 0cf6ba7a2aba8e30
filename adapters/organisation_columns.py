"""The workbook of the organisation: which sheets and columns there are, what they are called, how lists are written."""

import re
from collections.abc import Iterable
from typing import Final

from adapters.spreadsheets.cells import code_text
from adapters.spreadsheets.headed import Column, Sheet
from models.organisation import COUNTY, COUNTY_ZH, Organisation, Person, Unit

Posts = dict[str, tuple[str, str]]
"""A policy's posts: Chinese and English names by id."""

NOTHING: Final = frozenset({"", "/", "-", "—", "——", "无"})
"""What people write into a cell to say that there is nothing."""
YES: Final = frozenset({"是", "有", "√", "Y", "YES", "TRUE", "1"})
NO: Final = frozenset({"否", "N", "NO", "FALSE", "0"}) | NOTHING
LEFT: Final = frozenset({"离任", "离职", "退休", "调离"})
STAYS: Final = frozenset({"在职", "在任", "在岗"}) | NOTHING
SHUT: Final = frozenset({"已撤销", "撤销"})
IN_USE: Final = frozenset({"在用"}) | NOTHING
_SEPARATORS: Final = "、,，;；\n"
_ITEM: Final = re.compile(rf'\s*"((?:[^"]|"")*)"\s*(?=[{_SEPARATORS}]|\Z)|([^{_SEPARATORS}]+)')


LIST: Final = "多个用顿号、逗号或换行分开；含这些符号的用英文双引号括起"
UNITS: Final = Sheet(
    "单位",
    ("单位", "机构", "部门"),
    (
        Column("id", "编号", ("单位编号", "代码"), help="可空，按名称自动编号；以后不再改动"),
        Column("zh", "名称", ("单位名称", "单位", "机构名称"), required=True),
        Column("en", "英文名", ("英文名称",)),
        Column("township", "乡镇", ("是否乡镇",), help="是 / 否"),
        Column("above", "上级单位", ("上级",), help="编号或名称；职务空缺时先向上级单位找"),
        Column("aliases", "别名", ("简称", "曾用名"), help=LIST),
        Column("closed", "状态", help="在用 / 已撤销"),
    ),
)
PEOPLE: Final = Sheet(
    "人员",
    ("人员", "人名", "通讯录"),
    (
        Column("id", "工号", ("编号", "人员编号"), help="可空，按姓名自动编号；以后不再改动"),
        Column("name", "姓名", ("人员", "名字"), required=True),
        Column("unit", "单位", ("所在单位", "部门"), required=True, help=f"编号或名称；全县职务写 {COUNTY_ZH}"),
        Column("roles", "职责", ("角色", "系统角色"), help=LIST),
        Column("posts", "职务", ("岗位",), help=LIST),
        Column("charge", "分管单位", ("分管",), help=LIST),
        Column("delegate", "常任代理人", ("代理人", "AB角"), help="工号或姓名"),
        Column("away", "长期休假", ("休假",), help="是 / 否；有起止日期的写在请假表"),
        Column("interests", "利害关系", ("回避", "回避事项"), help=LIST),
        Column("retired", "状态", ("在职状态",), help="在职 / 离任"),
    ),
)
GRIDS: Final = Sheet(
    "网格",
    ("网格",),
    (
        Column("id", "编号", ("网格编号",), help="可空，按名称自动编号"),
        Column("name", "网格", ("网格名称", "名称"), required=True),
        Column("unit", "所属单位", ("单位", "乡镇", "所属乡镇"), required=True),
        Column("words", "村居", ("村", "村（社区）", "地点", "范围"), help=LIST),
        Column("person", "网格员", ("人员", "姓名")),
    ),
)
LEAVE: Final = Sheet(
    "请假",
    ("请假", "休假"),
    (
        Column("person", "人员", ("姓名", "请假人"), required=True),
        Column("since", "起", ("开始日期", "起始日期", "自", "起日"), required=True, help="日期，如 2026-05-01"),
        Column("until", "止", ("结束日期", "截止日期", "至", "止日"), required=True, help="日期，含当日"),
        Column("delegate", "代理人", ("代理",), help="可空，则由常任代理人代理"),
    ),
)
DUTY: Final = Sheet(
    "值班",
    ("值班", "排班"),
    (
        Column("since", "起", ("日期", "开始日期", "起始日期", "值班日期"), required=True, help="日期"),
        Column("until", "止", ("结束日期", "截止日期"), help="可空，则只有当日"),
        Column("post", "职务", ("岗位",), help="可空，则为值班领导"),
        Column("person", "人员", ("姓名", "值班人员", "值班领导"), required=True),
    ),
)
SHEETS: Final = (UNITS, PEOPLE, GRIDS, LEAVE, DUTY)


def joined(items: Iterable[str]) -> str:
    """Write a list into one cell, so that ``parted`` reads the same again."""
    return "、".join(_quoted(item) for item in items)


def _quoted(item: str) -> str:
    if item.startswith('"') or any(mark in item for mark in _SEPARATORS) or code_text(item) in NOTHING:
        return '"{}"'.format(item.replace('"', '""'))
    return item


def parted(text: str) -> tuple[str, ...]:
    """Read the list in a cell, each item once."""
    if code_text(text) in NOTHING:
        return ()
    found = (quoted.replace('""', '"') or plain.strip() for quoted, plain in _ITEM.findall(text))
    return tuple(dict.fromkeys(filter(None, found)))


class Names:
    """What people and units are called in cells: by their name where it tells them apart, by their id otherwise."""

    def __init__(self, units: Iterable[Unit], people: Iterable[Person]) -> None:
        """Keep who and what can be named."""
        self.units = {unit.id: unit for unit in units}
        self.people = {person.id: person for person in people}

    @classmethod
    def of(cls, organisation: Organisation) -> "Names":
        """Return the names of an organisation."""
        return cls(organisation.units, organisation.people)

    def unit(self, name: str) -> str:
        """Write a unit."""
        if name == COUNTY:
            return COUNTY if COUNTY_ZH in self.units else COUNTY_ZH
        zh = self.units[name].zh
        return zh if self.units_called(zh) == [name] else name

    def person(self, name: str | None) -> str:
        """Write a person; nothing for nobody."""
        if name is None:
            return ""
        said = self.people[name].name
        return said if self.people_called(said) == [name] else name

    def units_called(self, text: str) -> list[str]:
        """Return the ids a unit's cell may mean."""
        if text in self.units or text == COUNTY:
            return [text]
        if text == COUNTY_ZH:
            return [COUNTY]
        return [unit.id for unit in self.units.values() if text in unit.names and not unit.closed]

    def people_called(self, text: str) -> list[str]:
        """Return the ids a person's cell may mean."""
        if text in self.people:
            return [text]
        return [person.id for person in self.people.values() if person.name == text and not person.retired]


def posts_in_use(posts: Posts, organisation: Organisation) -> Posts:
    """Return the posts that may be named: the policy's, and those somebody already holds."""
    held = {post for person in organisation.people for post in person.posts}
    held |= {duty.post for duty in organisation.duties}
    return {**{post: (post, post) for post in sorted(held)}, **posts}


def post_word(posts: Posts, post: str) -> str:
    """Write a post: by its Chinese name where that tells it apart."""
    zh = posts[post][0]
    same = [each for each, names in posts.items() if zh in {each, *names}]
    return zh if same == [post] else post
