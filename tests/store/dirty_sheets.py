"""Public tables as they come: seeded, wholly invented, and dirty in every usual way.

`dirty_sheet` writes a table with title rows, merged cells, repeated headers, full-width digits, line
breaks, stars and blank tails, and returns what an honest reader must find in it. `fast_sheet` writes a
clean large one quickly.
"""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from adapters.spreadsheets import Profile, load_profiles

TOWNS = ("青岭镇", "柳塘乡", "白鹭镇", "枫树坳乡", "沙洲镇", "石桥街道", "莲湖镇", "三渡水乡")
SITES = (
    "顺风砖厂",
    "大塘养殖场",
    "绿源再生资源站",
    "河口砂石码头",
    "东坡选矿厂",
    "新兴饭店",
    "北环搅拌站",
    "柳塘污水处理站",
)
COMPLAINTS = (
    "夜间排放刺鼻气体，周边居民无法开窗",
    "污水未经处理直接排入水塘，水体发黑发臭",
    "生产噪声从凌晨持续到天亮",
    "运输车辆不加遮盖，沿路扬尘严重",
    "废渣露天堆放，雨天渗滤液流入农田",
    "油烟直排楼道，多次反映未见改善",
    "粪污溢流至村道，苍蝇成群",
    "擅自占用河滩堆料，破坏植被",
)
FOUND = (
    "经现场核查，该单位配套设施运行不正常",
    "监测结果显示厂界噪声超过标准限值",
    "现场未发现外排痕迹，台账基本齐全",
    "堆场围挡高度不足，喷淋设施损坏两处",
    "排污口已封堵，水塘水质正在恢复",
    "走访周边住户二十户，均反映近期异味减轻",
)
DONE = (
    "责令立即停止违法行为并限期改正",
    "对该单位立案查处，拟处罚款三万元",
    "已更换布袋除尘器并恢复喷淋",
    "组织清运废渣四十余吨，场地已平整复绿",
    "由乡镇安排专人每日巡查并建立台账",
)
KINDS = ("水", "大气", "噪声", "土壤", "固废", "生态", "油烟", "其他")
VERDICTS = {
    "substantiated": ("属实", "属实。", " 属 实 ", "情况属实", "是"),
    "mostly_substantiated": ("基本属实", "基本\n属实"),
    "partly_substantiated": (
        "部分属实",
        "部分属实；",
        "1.属实；2.不属实",
        "①属实\n②不属实",
        "第一个问题属实，第二个问题不属实",
    ),
    "unsubstantiated": ("不属实", "不属实\u3000", "1、不属实；2、不属实", "否"),
}
STATES = {
    "open": ("未办结", "未办结。", "整改中", "否"),
    "interim": ("阶段性办结", "阶段性\n办结", "阶段性 办结"),
    "closed": ("已办结", "已 办 结", "办结", "是"),
}
_FULL_WIDTH = str.maketrans("0123456789DXHN", "０１２３４５６７８９ＤＸＨＮ")


@dataclass(frozen=True)
class Petition:
    """What one row of a table truly says; ``verdict`` and ``state`` as the reader names them."""

    receipt: str
    star: bool
    received: dt.date
    problem: str
    area: str
    kinds: tuple[str, ...]
    findings: str
    verdict: str | None
    goal: str
    measures: str
    state: str
    accountability: str
    remarks: str

    def texts(self, number: int) -> dict[str, str]:
        """Return the row's texts by field, cleanly written."""
        return {
            "no": str(number),
            "receipt": self.receipt + "*" * self.star,
            "channel": "来电" if self.receipt.startswith("D") else "来信",
            "received": self.received.isoformat(),
            "problem": self.problem,
            "area": self.area,
            "kinds": "、".join(self.kinds),
            "findings": self.findings,
            "verdict": VERDICTS[self.verdict][0] if self.verdict else "",
            "goal": self.goal,
            "measures": self.measures,
            "state": STATES[self.state][0],
            "accountability": self.accountability,
            "remarks": self.remarks,
        }


@dataclass(frozen=True)
class Dirty:
    """What a reader must find: the petitions in order, and how many more rows it must call doubtful."""

    petitions: list[Petition]
    doubtful: int


def petitions(count: int, seed: int, *, sentences: int = 3) -> Iterator[Petition]:
    """Yield invented petitions with distinct receipt numbers; ``sentences`` sets the length of the texts."""
    rng = random.Random(seed)
    first = dt.date(2024, 5, 9)

    def text(words: tuple[str, ...]) -> str:
        return "；".join(rng.choices(words, k=rng.randint(1, sentences))) + "。"

    for number in range(count):
        day = first + dt.timedelta(days=number // 130)
        state = rng.choices(("closed", "interim", "open"), (75, 10, 15))[0]
        verdict = None if state == "open" and rng.random() < 0.6 else rng.choice(list(VERDICTS))
        town = rng.choice(TOWNS)
        yield Petition(
            receipt=f"{rng.choice('DX')}3HN{day:%Y%m%d}{number % 130 + 1:04d}",
            star=rng.random() < 0.1,
            received=day,
            problem=f"群众反映{town}{rng.choice(SITES)}（第{number + 1}号）{text(COMPLAINTS)}",
            area=f"云石县{town}",
            kinds=tuple(rng.sample(KINDS, rng.choice((1, 1, 1, 2, 3)))),
            findings=text(FOUND) if verdict else "",
            verdict=verdict,
            goal=rng.choice(("污染消除", "2024年6月30日前完成整改", "立行立改", "")),
            measures=text(DONE) if verdict else "",
            state=state,
            accountability=rng.choice(("无", "", "约谈1人", "批评教育2人")),
            remarks=rng.choice(("", "", "同一地点多次反映")),
        )


# ------------------------------------------------------------------------------------------------- dirt
def _dirty_text(rng: random.Random, text: str) -> str:
    dirt: list[Callable[[str], str]] = [
        lambda line: line,
        lambda line: line,
        lambda line: f"  {line}\u3000",
        lambda line: line.replace("；", "；\n"),
        lambda line: line.replace("；", "；\r\n"),
        lambda line: f"\ufeff{line}",
        lambda line: line + "\n\n",
        lambda line: line.replace("，", "，\u200b"),
    ]
    return rng.choice(dirt)(text)


def _dirty_receipt(rng: random.Random, petition: Petition) -> str:
    number = petition.receipt
    number = rng.choice(
        (
            number,
            number,
            number.translate(_FULL_WIDTH),
            f" {number} ",
            number.lower(),
            number[:4] + "\n" + number[4:],
        )
    )
    return number + (rng.choice(("*", "＊", "★", " *", "（重点）")) if petition.star else "")


def _dirty_header(rng: random.Random, header: str) -> str:
    middle = len(header) // 2
    return rng.choice(
        (
            header,
            header,
            f" {header} ",
            f"{header[:middle]}\n{header[middle:]}",
            f"{header[:1]}  {header[1:]}",
            f"{header}（必填）",
            f"{header}：",
        )
    )


class _Writer:
    """Writes one dirty sheet row by row and remembers what it meant."""

    def __init__(self, sheet: Worksheet, profile: Profile, rng: random.Random, workbook: Workbook) -> None:
        self.sheet = sheet
        self.profile = profile
        self.rng = rng
        self.wrap = workbook.add_format({"text_wrap": True, "border": 1})
        self.day = workbook.add_format({"num_format": rng.choice(("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"'))})
        self.row = 0
        self.number = 0
        self.expected: list[Petition] = []
        self.doubtful = 0

    def titles(self) -> None:
        last = len(self.profile.columns) - 1
        for line in (self.profile.title, "填报单位：云石县协调小组", "（第三批 2024年6月9日）")[
            : self.rng.randint(1, 3)
        ]:
            self.sheet.merge_range(self.row, 0, self.row, last, line)
            self.row += self.rng.randint(1, 3)

    def header(self, *, tall: bool) -> None:
        for column, one in enumerate(self.profile.columns):
            header = _dirty_header(self.rng, one.header)
            if tall:
                self.sheet.merge_range(self.row, column, self.row + 1, column, header, self.wrap)
            else:
                self.sheet.write_string(self.row, column, header, self.wrap)
        self.row += 2 if tall else 1

    def petition(self, petition: Petition, *, skip: frozenset[str] = frozenset()) -> None:
        self.number += 1
        texts = petition.texts(self.number)
        texts["receipt"] = _dirty_receipt(self.rng, petition)
        texts["kinds"] = self.rng.choice(("、", ",", "，", "；", "\n", "/", " ")).join(petition.kinds)
        if petition.verdict:
            texts["verdict"] = self.rng.choice(VERDICTS[petition.verdict])
        texts["state"] = self.rng.choice(STATES[petition.state])
        for column, one in enumerate(self.profile.columns):
            if one.field in skip:
                continue
            self._cell(column, one.field, texts[one.field], petition)
        self.row += 1
        self.expected.append(petition)

    def _cell(self, column: int, field: str, text: str, petition: Petition) -> None:
        if field == "no":
            self.sheet.write_number(self.row, column, self.number)
        elif field == "received":
            self._day(column, petition.received)
        elif field in {"problem", "findings", "measures"}:
            self.sheet.write_string(self.row, column, _dirty_text(self.rng, text), self.wrap)
        elif text:
            self.sheet.write_string(self.row, column, text, self.wrap)

    def _day(self, column: int, day: dt.date) -> None:
        forms = (
            f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
            f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 08:30:00",
            f"{day:%Y-%m-%d}".translate(_FULL_WIDTH), f"{day.year} 年 {day.month} 月 {day.day} 日（星期一）",
        )  # fmt: skip
        kind = self.rng.randrange(len(forms) + 3)
        if kind < len(forms):
            self.sheet.write_string(self.row, column, forms[kind])
        elif kind == len(forms):
            self.sheet.write_number(self.row, column, (day - dt.date(1899, 12, 30)).days)
        else:
            self.sheet.write_datetime(self.row, column, dt.datetime.combine(day, dt.time()), self.day)

    def split(self, petition: Petition, other: Petition) -> None:
        """One receipt for two tasks: the number's cell spans both rows."""
        column = next(number for number, one in enumerate(self.profile.columns) if one.field == "receipt")
        first = self.row
        self.petition(petition)
        second = replace(other, receipt=petition.receipt, star=petition.star, received=petition.received)
        self.petition(second, skip=frozenset({"receipt"}))
        self.sheet.merge_range(first, column, first + 1, column, _dirty_receipt(self.rng, petition), self.wrap)

    def noise(self) -> None:
        """What stands between petitions now and then."""
        kind = self.rng.randrange(12)
        if kind == 0:
            self.row += self.rng.randint(1, 4)
        elif kind == 1:
            self.header(tall=False)
        elif kind == 2:
            self.sheet.merge_range(self.row, 0, self.row, 5, f"第{self.rng.randint(1, 30)}批", self.wrap)
            self.row += 1
            self.doubtful += 1
        elif kind == 3:
            self.sheet.set_row(self.row, None, None, {"hidden": True})

    def tail(self) -> None:
        for _ in range(self.rng.randint(0, 30)):
            self.number += 1
            self.sheet.write_number(self.row, 0, self.number, self.wrap)
            self.row += 1
        for _ in range(self.rng.randint(0, 200)):
            for column in range(len(self.profile.columns)):
                self.sheet.write_blank(self.row, column, None, self.wrap)
            self.row += 1
        if self.rng.random() < 0.5:
            self.sheet.write_string(self.row + 1, 0, "填表人：　　　审核人：　　　")
            self.doubtful += 1


def dirty_sheet(path: Path, *, seed: int, rows: int = 60, profile: str = "hunan-central-2024") -> Dirty:
    """Write a dirty table of about ``rows`` petitions to ``path``; return what it says."""
    rng = random.Random(seed)
    columns = load_profiles()[profile]
    source = list(petitions(rows, seed))
    expected: list[Petition] = []
    doubtful = 0
    with Workbook(path) as workbook:
        workbook.set_properties({"created": dt.datetime(2024, 6, 9, tzinfo=dt.UTC)})
        notes = workbook.add_worksheet("填表说明")
        notes.write_string(0, 0, "一、本表由各协调小组每日填报。")
        names = ["Sheet1"] if rng.random() < 0.5 else ["来电", "来信"]
        for part, name in enumerate(names):
            writer = _Writer(workbook.add_worksheet(name), columns, rng, workbook)
            writer.titles()
            writer.header(tall=rng.random() < 0.3)
            mine = source[part :: len(names)]
            while mine:
                writer.noise()
                one = mine.pop(0)
                if mine and rng.random() < 0.1:
                    writer.split(one, mine.pop(0))
                else:
                    writer.petition(one)
                    if rng.random() < 0.05:
                        writer.petition(one)
            writer.tail()
            expected.extend(writer.expected)
            doubtful += writer.doubtful
        workbook.add_worksheet("空表")
    return Dirty(expected, doubtful)


# ------------------------------------------------------------------------------------------------- fast
_XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def fast_sheet(path: Path, rows: int = 20_000, *, seed: int = 2024, profile: str = "hunan-central-2024") -> None:
    """Write a clean table of ``rows`` petitions with texts of usual length, quickly."""
    columns = load_profiles()[profile].columns
    strings: list[str] = []
    lines: list[str] = []

    def line(number: int, texts: list[str]) -> None:
        cells = []
        for column, text in enumerate(texts):
            if text:
                cells.append(f'<c r="{chr(65 + column)}{number}" t="s"><v>{len(strings)}</v></c>')
                strings.append(f"<si><t>{escape(text)}</t></si>")
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')

    line(2, [column.header for column in columns])
    for number, petition in enumerate(petitions(rows, seed, sentences=12)):
        texts = petition.texts(number + 1)
        line(number + 3, [texts[column.field] for column in columns])
    sheet = f"<sheetData>{''.join(lines)}</sheetData>"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in workbook_parts({"Sheet1": sheet}, strings="".join(strings)).items():
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, compresslevel=1)


def workbook_parts(
    sheets: dict[str, str], *, styles: str = "", strings: str = "", workbook: str = ""
) -> dict[str, str]:
    """Return the parts of a workbook by name; ``sheets`` maps names to what stands inside ``<worksheet>``."""
    parts = {
        f"worksheets/sheet{n}.xml": f"<worksheet {_XMLNS}>{text}</worksheet>"
        for n, text in enumerate(sheets.values(), 1)
    }
    if strings:
        parts["sharedStrings.xml"] = f"<sst {_XMLNS}>{strings}</sst>"
    if styles:
        parts["styles.xml"] = f"<styleSheet {_XMLNS}>{styles}</styleSheet>"
    kinds = {name: "worksheet" if name.startswith("worksheets/") else name.removesuffix(".xml") for name in parts}
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(kinds.items(), 1)
    )
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{kind}.{one}+xml"/>'
        for name, one in {"workbook.xml": "sheet.main", **kinds}.items()
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        "ContentType="
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook {_XMLNS} xmlns:r="{_OFFICE}">{workbook}<sheets>{listed}</sheets></workbook>',
        **{f"xl/{name}": text for name, text in parts.items()},
    }
