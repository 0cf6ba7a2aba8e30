"""An action plan's items as a workbook: written as they stand, and read back as what is to be added.

A row is an item by its number, or by its category, measure, unit and place where it bears none: what is there is known
and stays as it is (an item is reassigned, extended and ended by its own commands); what is new is added. Nothing is
added while any cell cannot be used: every such cell is named.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue, ValidationError

from adapters.cell_reading import CellReading
from adapters.desk import Desk, world_now
from adapters.mistakes import first_wrong
from adapters.plain import plain
from adapters.spreadsheets.cells import parse_date, printable
from adapters.spreadsheets.headed import Column, HeadedRow, Sheet
from adapters.spreadsheets.plain import NewSheet, write_plain
from models.case import Case
from models.counting import due_day, legal_day
from models.envelope import Envelope
from models.personal import looks_personal
from models.values import ItemPlan
from models.world import World

AT_ONCE: Final = 100
"""Items that are added by one command."""
ITEMS: Final = Sheet(
    "任务清单",
    ("任务", "清单", "台账", "方案"),
    (
        Column("id", "编号", ("任务编号",), help="新任务留空；导出的编号请勿改动"),
        Column("category", "类别", ("任务类别", "大类", "领域"), required=True),
        Column("measure", "整改任务", ("任务", "整改措施", "措施", "任务内容", "小项"), required=True),
        Column("standard", "整改标准", ("标准", "销号标准", "目标")),
        Column("place", "地点", ("所在地", "位置", "点位")),
        Column("unit", "责任单位", ("牵头单位", "单位"), required=True, help="编号或名称"),
        Column("leader", "责任领导", ("包案领导", "责任人"), help="工号或姓名"),
        Column("handler", "承办人", ("具体责任人", "经办人"), help="工号或姓名"),
        Column("target", "整改时限", ("完成时限", "时限", "整改期限"), required=True, help="日期，如 2026-09-30"),
        Column("site", "场所编号", ("场所",), help="S 开头的编号，可空"),
    ),
)
STANDING: Final = ("状态", "登记日期", "办结日期", "按期", "销号日期", "最近时限")
"""What is told of an item and only written, never read."""

Progress = Callable[[int, int], None]


@dataclass
class ItemsReport:
    """What a workbook tells: rows in all, items added, and those that are there already."""

    total: int = 0
    added: int = 0
    known: int = 0
    dry_run: bool = False


def write_items(path: Path, world: World, plan: Case | None, items: Iterable[Case]) -> int:
    """Write the items of a plan as a workbook that ``import_items`` reads; an empty one without a plan.

    Returns:
        How many items.

    Raises:
        SheetError: ``cannot_write``.
    """
    cells = CellReading(world)
    rows = [_cells(cells, each) for each in items]
    headers = [*(column.header for column in ITEMS.columns), *STANDING]
    guide = [(column.header, "是" if column.required else "", column.help) for column in ITEMS.columns]
    guide += [(name, "", "只供查看，导入时不读") for name in STANDING]
    title = plan.title if plan else ""
    write_plain(
        path, [NewSheet(ITEMS.name, title, headers, rows), NewSheet("说明", "", ("列", "必填", "怎样填写"), guide)]
    )
    return len(rows)


def _cells(cells: CellReading, item: Case) -> tuple[str, ...]:
    days = [legal_day(at).isoformat() if at else "" for at in (item.registered_at, item.closed_at, item.signed_off_at)]
    return (
        item.id,
        item.category,
        item.measure,
        item.standard,
        item.place,
        cells.unit(item.unit),
        cells.person(item.leader),
        cells.person(item.handler),
        item.target.isoformat() if item.target else "",
        item.site or "",
        item.status.zh,
        days[0],
        days[1],
        "" if item.on_time is None else "是" if item.on_time else "否",
        days[2],
        due_day(item.due).isoformat() if item.due and item.is_open else "",
    )


def import_items(
    desk: Desk,
    plan: Case,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    progress: Progress | None = None,
    via: Mapping[str, str] | None = None,
) -> ItemsReport:
    """Add the items of a workbook that a plan does not have yet.

    Args:
        desk: the installation.
        plan: the plan as it stands.
        path: the .xlsx file.
        actor: in whose name.
        dry_run: only count what would be added.
        progress: called with items added and items to be added.
        via: the way it came, kept beside every envelope.

    Raises:
        SheetError: the file cannot be used, or cells of it cannot: the first ones are named, in both languages.
        Refused: the plan does not have the items; none of those of one command is added.
    """
    new, known = _Reading(desk, plan).read(path)
    report = ItemsReport(len(new) + known, len(new), known, dry_run)
    for begin in () if dry_run else range(0, len(new), AT_ONCE):
        some = new[begin : begin + AT_ONCE]
        # The same items once more are the same command.
        told = hashlib.sha256(f"{plan.id}{plan.seq}{some!r}".encode()).hexdigest()[:40]
        data: dict[str, JsonValue] = {"task_plans": list(some), "reason": "任务清单导入"}
        envelope = Envelope(
            id=f"items/{told}", case=plan.id, actor=actor, command="add_items", data=data, via=dict(via or {})
        )
        desk.door.perform([envelope])
        if progress:
            progress(min(begin + AT_ONCE, len(new)), len(new))
    return report


class _Reading(CellReading):
    def __init__(self, desk: Desk, plan: Case) -> None:
        super().__init__(world_now(desk.door))
        self.today = legal_day(desk.moments.now())
        self.numbers = {task.id for task in plan.tasks}
        self.known = {self._key(each.category, each.measure, each.unit, each.place) for each in plan.tasks}

    @staticmethod
    def _key(category: str, measure: str, unit: object, place: str) -> tuple[str, str, object, str]:
        """Return what tells an item from others: as it was planned, whoever has it now."""
        return plain(category), plain(measure), unit, plain(place)

    def read(self, path: Path) -> tuple[Sequence[JsonValue], int]:
        new: list[JsonValue] = []
        known = 0
        met: dict[tuple[str, str, object, str], HeadedRow] = {}
        for row in self.rows(path, ITEMS):
            if row.text("id") in self.numbers:
                known += 1
                continue
            data = dict(self._data(row))
            key = self._key(row.text("category"), row.text("measure"), data.get("unit"), row.text("place"))
            if row.text("id"):
                shown = printable(row.text("id"), 40)
                self.problem(row, f"方案没有任务 {shown}", f"the plan has no item {shown}", "id")
            elif first := met.get(key):
                where, where_en = first.place("measure"), first.place_en("measure")
                self.problem(row, f"与 {where} 重复", f"is the same as {where_en}", "measure")
            elif key in self.known:
                known += 1
                continue
            met[key] = row
            made = self._item(row, data)
            if made is not None:
                new.append(made)
        self.settle()
        return new, known

    def _data(self, row: HeadedRow) -> Iterator[tuple[str, JsonValue]]:
        self.needed(row, "category", "measure", "unit", "target")
        for name in ("category", "measure", "standard", "place", "site"):
            if text := row.text(name):
                yield name, text
            if looks_personal(row.text(name)):
                self.problem(row, "含有电话或身份证号", "holds a telephone or identity number", name)
        yield from self.named(row, "unit", "leader", "handler")
        if text := row.text("target"):
            day = parse_date(text)
            if day is None:
                shown = printable(text, 40)
                self.problem(
                    row, f"“{shown}”不是日期，应如 2026-09-30", f'"{shown}" is no date such as 2026-09-30', "target"
                )
            else:
                yield "target", day.isoformat()

    def _item(self, row: HeadedRow, data: Mapping[str, JsonValue]) -> JsonValue:
        if not {"category", "measure", "unit", "target"} <= data.keys():
            return None
        try:
            made = ItemPlan.model_validate(data)
        except ValidationError as wrong:
            name, zh, en = first_wrong(wrong)
            self.problem(row, zh, en, name)
            return None
        if made.target < self.today:
            self.problem(row, "整改时限已过", "its day has passed", "target")
        return dict(data)
