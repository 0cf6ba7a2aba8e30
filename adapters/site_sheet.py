"""The site ledger as a workbook: written with what is known of each site, read back as what is to be told of it.

A row is a site by its number, or by its name and place where it bears none; what is empty stays as it is. Nothing is
told while any cell cannot be used: every such cell is named.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from pydantic import JsonValue, ValidationError

from adapters import queries
from adapters.brought import SAME
from adapters.cell_reading import CellReading
from adapters.desk import Desk, world_now
from adapters.door import Order
from adapters.mistakes import first_wrong
from adapters.organisation_columns import LIST, joined, parted
from adapters.plain import plain
from adapters.spreadsheets.cells import code_text, printable
from adapters.spreadsheets.headed import Column, HeadedRow, Sheet
from adapters.spreadsheets.plain import NewSheet, write_plain
from models.case import Case
from models.envelope import Envelope
from models.personal import looks_personal
from models.refusals import Refused
from models.site_commands import CorrectSite, RegisterSite
from models.vocabulary import Kind, Status
from models.world import World

AT_ONCE: Final = 250
"""Sites that share one transaction."""
SHUT: Final = frozenset({"关停", "已关停", "停产", "已关闭", "SHUT"})
RUNS: Final = frozenset({"", "在营", "在运行", "运行", "在产", "正常", "OPERATING"})
SITES: Final = Sheet(
    "场所",
    ("场所", "企业", "养殖", "污染源"),
    (
        Column("id", "编号", ("场所编号",), help="新场所留空；导出的编号请勿改动"),
        Column("title", "名称", ("场所名称", "企业名称", "单位名称"), required=True, help="业主姓名写作 王某"),
        Column("aliases", "别名", ("曾用名", "简称"), help=LIST),
        Column("place", "所在地", ("地址", "地点", "位置"), required=True, help="乡镇、村"),
        Column("spot", "坐标", ("经纬度",), help="纬度,经度，如 26.9712,112.3721"),
        Column("trade", "行业", ("行业类别",)),
        Column("unit", "责任单位", ("监管单位", "单位"), help="编号或名称"),
        Column("leader", "责任领导", ("包案领导",), help="工号或姓名"),
        Column("handler", "现场责任人", ("责任人",), help="工号或姓名"),
        Column("status", "状态", help="在营 / 已关停"),
        Column("summary", "基本情况", ("简介", "说明"), help="不写个人电话和身份证号"),
    ),
)
COUNTS: Final = ("信访件", "反弹", "巡查次数", "发现问题次数", "执法次数", "罚款（万元）")
"""What is counted of a site and only written, never read."""

Progress = Callable[[int, int], None]


@dataclass
class SitesReport:
    """What a workbook tells: sites registered and corrected, those that stay as they are, rows that were refused."""

    total: int = 0
    registered: int = 0
    corrected: int = 0
    same: int = 0
    dry_run: bool = False
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """Where (``场所!A2``), and why, in Chinese and in English."""


@dataclass(frozen=True)
class _Telling:
    """A row, and what it tells of a site: the command's data, and whether it runs."""

    row: HeadedRow
    site: Case | None
    data: Mapping[str, JsonValue]
    turns: str | None
    """The command that closes or reopens it."""


def write_sites(path: Path, world: World, sites: Iterable[Case]) -> int:
    """Write sites as a workbook that ``import_sites`` reads; return how many.

    Raises:
        SheetError: ``cannot_write``.
    """
    rows = [_cells(world, each) for each in sites]
    headers = [*(column.header for column in SITES.columns), *COUNTS]
    guide = [(column.header, "是" if column.required else "", column.help) for column in SITES.columns]
    guide += [(name, "", "只供查看，导入时不读") for name in COUNTS]
    write_plain(
        path, [NewSheet(SITES.name, "", headers, rows), NewSheet("说明", "", ("列", "必填", "怎样填写"), guide)]
    )
    return len(rows)


def _cells(world: World, site: Case) -> tuple[str, ...]:
    cells = CellReading(world)
    fines = sum(each.fine for each in site.enforced)
    return (
        site.id,
        site.title,
        joined(site.aliases),
        site.place,
        site.spot,
        site.trade,
        cells.unit(site.unit),
        cells.person(site.leader),
        cells.person(site.handler),
        site.status.zh,
        site.summary,
        str(len(site.petitions)),
        str(len(site.recurrences)),
        str(site.visits),
        str(sum(not each.sound for each in site.visited)),
        str(len(site.enforced)),
        f"{fines:g}",
    )


def import_sites(
    desk: Desk,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    via: Mapping[str, str] | None = None,
) -> SitesReport:
    """Register the sites of a workbook that are new, and correct those that it tells otherwise.

    Args:
        desk: the installation.
        path: the .xlsx file.
        actor: in whose name.
        dry_run: only count what would be told.
        progress: called with rows done and rows in all.
        via: the way it came, kept beside every envelope.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
        Refused: the actor may not register sites at all.
    """
    tellings = _Reading(desk).read(path)
    report = SitesReport(total=len(tellings), dry_run=dry_run)
    for telling in tellings:
        if telling.site is None:
            report.registered += 1
        elif telling.data or telling.turns:
            report.corrected += 1
        else:
            report.same += 1
    if dry_run:
        return report
    done = 0
    rows = iter(tellings)
    while batch := list(islice(rows, AT_ONCE)):
        orders = {place: order for place, each in enumerate(batch) if (order := _order(each, actor, via or {}))}
        desk.door.take(list(orders.values()))
        for place, order in orders.items():
            _settle(report, batch[place], order)
        done += len(batch)
        if progress:
            progress(done, len(tellings))
    return report


def _settle(report: SitesReport, telling: _Telling, order: Order) -> None:
    try:
        order.answer()
    except Refused as refusal:
        if refusal.code in {"unknown_person", "not_yours"}:
            raise  # that is about who imports, not about the row
        report.refused.append((telling.row.place(None), refusal.zh, refusal.en))
        report.registered -= telling.site is None
        report.corrected -= telling.site is not None


def _order(telling: _Telling, actor: str, via: Mapping[str, str]) -> Order | None:
    commands: list[tuple[str, Mapping[str, JsonValue]]] = []
    if telling.data:
        commands.append(("correct_site" if telling.site else "register_site", telling.data))
    if telling.turns:
        commands.append((telling.turns, {"reason": "场所台账导入"}))
    if not commands:
        return None
    # Told again from the same point it is the same command; a new site is known by name and place, not by its envelope.
    known = f"{telling.site.id}/{telling.site.seq}" if telling.site else uuid.uuid4()
    told = hashlib.sha256(f"{known}{commands!r}".encode()).hexdigest()[:40]
    case = telling.site.id if telling.site else None
    return Order(
        [
            Envelope(
                id=f"site/{told}/{name}",
                case=case or (SAME if place else None),
                actor=actor,
                command=name,
                data=dict(data),
                via=dict(via),
            )
            for place, (name, data) in enumerate(commands)
        ]
    )


class _Reading(CellReading):
    def __init__(self, desk: Desk) -> None:
        super().__init__(world_now(desk.door))
        every = list(queries.listed(desk.database, queries.Filter(kind=Kind.SITE)))
        self.by_id = {each.id: each for each in every}
        self.by_name = {self._key(each.title, each.place): each for each in every}

    @staticmethod
    def _key(title: str, place: str) -> tuple[str, str]:
        return plain(title), plain(place)

    def read(self, path: Path) -> list[_Telling]:
        tellings = list(self._tellings(self.rows(path, SITES)))
        self.settle()
        return tellings

    def _tellings(self, rows: Iterable[HeadedRow]) -> Iterator[_Telling]:
        met: dict[object, HeadedRow] = {}
        for row in rows:
            title, place = row.text("title"), row.text("place")
            self.needed(row, "title", "place")
            site = self._site(row, title, place)
            key = site.id if site else self._key(title, place)
            if first := met.get(key):
                where, where_en = first.place("title"), first.place_en("title")
                self.problem(row, f"与 {where} 是同一场所", f"is the same site as {where_en}", "title")
            met[key] = row
            yield self._telling(row, site)

    def _site(self, row: HeadedRow, title: str, place: str) -> Case | None:
        number = row.text("id")
        if not number:
            return self.by_name.get(self._key(title, place))
        if number not in self.by_id:
            self.problem(row, f"没有场所 {printable(number, 40)}", f"there is no site {printable(number, 40)}", "id")
        return self.by_id.get(number)

    def _telling(self, row: HeadedRow, site: Case | None) -> _Telling:
        data: dict[str, JsonValue] = {}
        for name in ("title", "place", "trade", "spot", "summary"):
            if text := row.text(name):
                data[name] = text
        if aliases := parted(row.text("aliases")):
            data["aliases"] = list(aliases)
        data |= self.named(row, "unit", "leader", "handler")
        for name in ("place", "summary", "title", "aliases", "trade"):
            if looks_personal(row.text(name)):
                self.problem(row, "含有电话或身份证号", "holds a telephone or identity number", name)
        try:
            made = (CorrectSite if site else RegisterSite).model_validate(data)
        except ValidationError as wrong:
            name, zh, en = first_wrong(wrong)
            if row.text(name) or name not in {"title", "place"}:
                self.problem(row, zh, en, name)
            return _Telling(row, site, {}, None)
        given = made.model_dump(mode="json", include=set(data))
        if site:
            known = site.model_dump(mode="json")
            given = {name: value for name, value in given.items() if value != known.get(name)}
        return _Telling(row, site, given, self._turns(row, site))

    def _turns(self, row: HeadedRow, site: Case | None) -> str | None:
        text = row.text("status")
        code = code_text(text).upper()
        if code not in SHUT | RUNS:
            shown = printable(text, 40)
            self.problem(row, f"“{shown}”应为 在营 / 已关停", f'"{shown}" should be 在营 or 已关停', "status")
        runs = site is None or site.status is Status.OPERATING
        if code in SHUT and runs:
            return "close_site"
        return "reopen_site" if text and code in RUNS and not runs else None
