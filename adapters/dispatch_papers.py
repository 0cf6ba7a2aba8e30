"""A meeting's pack as people read it: its parts in words, as DOCX, XLSX and drawings, and all of them as one ZIP."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from adapters.documents import content, document, table
from adapters.drawings.battle_map import Lane, Task, battle_map
from adapters.drawings.flow_counts import flow_counts
from adapters.naming import people_word, unit_word
from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from adapters.words import clock_words, event_name, left
from models.case import Case
from models.counting import legal_day
from models.dispatch import TOLD
from models.instants import shown, shown_due
from models.meeting_values import Matter, MatterKind, Pack
from models.vocabulary import Kind, Light
from models.world import World

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

MAP_ROWS: Final = 60
"""Cases on the pack's map, the most urgent."""
ABOUT: Final = 40
"""Characters of what a case is about."""


@dataclass
class Part:
    """A part of a pack: its heading, the heads of its table, and its rows; beside each row the case it is about."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Papers:
    """A pack on its way onto paper: the meeting, its pack, the parts in words, and the map's lanes."""

    meeting: Case
    pack: Pack
    parts: Sequence[Part]
    lanes: Sequence[Lane]
    hidden: int
    """Rows left out because the reader may not see their cases."""

    @property
    def told(self) -> str:
        """Say from when to when it counts."""
        return f"{shown(self.pack.since)} 至 {shown(self.pack.until)}；下期至 {shown(self.pack.ahead)}"

    @property
    def summary(self) -> str:
        """Say in one sentence what it counts."""
        return "，".join(f"{each.name.zh} {each.value}" for each in self.pack.counts) + "。"


def papers(world: World, meeting: Case, pack: Pack, cases: Mapping[str, Case], meetings: Mapping[str, Case]) -> Papers:
    """Lay a pack out in words.

    Args:
        world: who is who.
        meeting: the meeting.
        pack: its pack.
        cases: the cases it is about that the reader may see, by number; rows of others are left out.
        meetings: the meetings whose decisions it reports on, by number.
    """

    def unit(name: str | None) -> str:
        return unit_word(world.organisation, name) if name else "—"

    def person(name: str | None) -> str:
        return people_word(world.organisation, name) if name else "—"

    def about(number: str) -> str:
        case = cases[number]
        words = case.summary or case.measure or case.title
        return words if len(words) <= ABOUT else f"{words[: ABOUT - 1]}…"

    changed = Part("changed", "本期变化", ("编号", "事项", "单位", "变化", "现状"))
    for each in _of(pack.changed, cases):
        moves = "、".join(event_name(name) for name in each.events)
        changed.rows.append((each.case, about(each.case), unit(each.unit), moves, each.status.zh))
    overdue = Part(
        "overdue", "超期案件及须说明情况的人员",
        ("编号", "事项", "单位", "超期环节", "到期", "已超期", "说明人", "包案领导"),
    )  # fmt: skip
    for row in _of(pack.overdue, cases):
        days = f"{row.days} 天" if row.days else "不足 1 天"
        clock = clock_words(world, cases[row.case], row.clock)[0]
        overdue.rows.append(
            (row.case, about(row.case), unit(row.unit), clock, shown_due(row.due), days, person(row.explains),
             person(row.leader))
        )  # fmt: skip
    matters = Part("matters", "待议事项", ("编号", "事项", "单位", "待议"))
    for matter in _of(pack.matters, cases):
        what = _matter(world, cases[matter.case], matter)
        matters.rows.append((matter.case, about(matter.case), unit(matter.unit), what))
    followed = Part("followed", "上次议定事项落实情况", ("编号", "会议", "议定内容", "期限", "落实情况"))
    for one in _of(pack.followed, cases):
        there = meetings.get(one.meeting)
        decided = there.decisions[one.number - 1] if there and one.number <= len(there.decisions) else None
        state = f"{one.state.zh} {shown(one.at) if one.at else ''}".strip()
        by_when = decided.by_when.isoformat() if decided and decided.by_when else "—"
        followed.rows.append((one.case, one.meeting, decided.text if decided else "—", by_when, state))
    upcoming = Part("upcoming", "下期到期", ("编号", "事项", "单位", "环节", "到期", "承办人", "包案领导"))
    for row in _of(pack.upcoming, cases):
        clock = clock_words(world, cases[row.case], row.clock)[0]
        upcoming.rows.append(
            (row.case, about(row.case), unit(row.unit), clock, shown_due(row.due), person(row.explains),
             person(row.leader))
        )  # fmt: skip
    stands = Part("stands", "各环节在办", ("类别", "环节", "在办", "超期"))
    stands.rows = [(each.kind.zh, each.status.zh, str(each.open), str(each.overdue)) for each in pack.stands]
    parts = [changed, overdue, matters, followed, upcoming]
    for part in parts:
        part.cases = [row[0] for row in part.rows]
    rows = [*_of(pack.overdue, cases), *_of(pack.upcoming, cases)][:MAP_ROWS]
    lanes: dict[str, list[Task]] = {}
    for row in rows:
        late = row.due <= pack.until
        lanes.setdefault(unit(row.unit) if row.unit else "未确定", []).append(
            Task(row.case, about(row.case), row.since, legal_day(row.due), left(row.due - pack.until)[0],
                 Light.RED if late else cases[row.case].light, late)
        )  # fmt: skip
    hidden = len(pack.cases) - sum(len(part.rows) for part in parts)
    return Papers(meeting, pack, [*parts, stands], [Lane(name, tasks) for name, tasks in lanes.items()], hidden)


class _About(Protocol):
    @property
    def case(self) -> str: ...


R = TypeVar("R", bound=_About)


def _of(rows: Iterable[R], cases: Mapping[str, Case]) -> list[R]:
    return [row for row in rows if row.case in cases]


def _matter(world: World, case: Case, matter: Matter) -> str:
    if matter.what is not MatterKind.PROPOSAL:
        return matter.what.zh
    proposal = case.proposal(matter.name or "")
    rows = [each for each in world.policies[case.policy].consequence if proposal and each.name == proposal.name]
    return f"{matter.what.zh}：{rows[0].zh if rows else matter.name}"


def the_map(made: Papers) -> str:
    """Return the battle map of a pack as an SVG file."""
    return battle_map(made.lanes, legal_day(made.pack.until), beneath=f"截至 {shown(made.pack.until)}")


def the_flow(made: Papers, kind: Kind) -> str:
    """Return the flow chart with the pack's counts as an SVG file."""
    standing = {each.status: (each.open, each.overdue) for each in made.pack.stands if each.kind is kind}
    return flow_counts(
        kind, standing, f"{kind.zh}办理流程图", beneath=f"截至 {shown(made.pack.until)}，在办件数，▲ 超期"
    )


def as_docx(made: Papers, house: str) -> bytes:
    """Return a pack as a document."""
    page = document(f"{house}{made.meeting.title} 调度材料")
    page.add_paragraph(f"{made.meeting.id}　{made.told}")
    page.add_paragraph(made.summary)
    for place, part in zip("一二三四五六七八九", made.parts, strict=False):
        page.add_heading(f"{place}、{part.title}", 1)
        if part.rows:
            table(page, part.heads, part.rows)
        else:
            page.add_paragraph("无。")
    if made.hidden:
        page.add_paragraph(f"另有 {made.hidden} 行不在您的查看范围内，未列出。")
    page.add_paragraph("整改作战图、办理流程图见随附的 SVG 文件；表格中另有作战图工作表。")
    return content(page)


def as_xlsx(made: Papers) -> bytes:
    """Return a pack as a workbook: a sheet for its figures, one for each part, and the battle map as a chart."""
    from xlsxwriter import Workbook

    held = io.BytesIO()
    with Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        figures = [(each.name.zh, str(each.value)) for each in made.pack.counts]
        _sheet(book, "数字", ("指标", "数值"), figures)
        for part in made.parts:
            _sheet(book, part.title[:31], part.heads, part.rows)
        _chart(book, made)
    return held.getvalue()


def _sheet(book: "Workbook", name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    head = book.add_format({"bold": True, "bg_color": "#EDF1F6", "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(heads) - 1, 18)
    for place, line in enumerate([heads, *rows]):
        for column, text in enumerate(line):
            if place and text.isascii() and text.isdigit():
                sheet.write_number(place, column, int(text))
            else:
                sheet.write_string(place, column, clean_text(text)[:MAX_CELL_CHARACTERS], wrap if place else head)
    sheet.freeze_panes(1, 0)


def _chart(book: "Workbook", made: Papers) -> None:
    """Draw the battle map as the office program's own chart: bars from a case's beginning to its due date."""
    tasks = [task for lane in made.lanes for task in lane.tasks]
    if not tasks:
        return
    day, head = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    sheet = book.add_worksheet("作战图")
    for column, text in enumerate(("编号", "开始", "天数", "已超期天数", "情况")):
        sheet.write_string(0, column, text, head)
    today = legal_day(made.pack.until)
    for place, task in enumerate(tasks, 1):
        sheet.write_string(place, 0, task.case)
        sheet.write_number(place, 1, _serial(task.first), day)
        sheet.write_number(place, 2, max((task.due - task.first).days, 1))
        sheet.write_number(place, 3, max((today - task.due).days, 0) if task.late else 0)
        sheet.write_string(place, 4, task.left)
    sheet.set_column(0, 4, 16)
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    last = len(tasks)
    names = ["作战图", 1, 0, last, 0]
    for column, fill in ((1, {"none": True}), (2, {"color": "#3B6EA5"}), (3, {"color": "#B3261E"})):
        chart.add_series(
            {"name": ["作战图", 0, column], "categories": names, "values": ["作战图", 1, column, last, column],
             "fill": fill, "gap": 40}
        )  # fmt: skip
    first = min(task.first for task in tasks)
    chart.set_x_axis({"num_format": "mm-dd", "min": _serial(first) - 2, "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})
    chart.set_title({"name": "整改作战图"})
    chart.set_legend({"position": "bottom", "delete_series": [0]})
    chart.set_size({"width": 980, "height": 160 + 22 * last})
    sheet.insert_chart("G2", chart)


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def as_zip(made: Papers, house: str) -> bytes:
    """Return all of a pack's papers as one file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{made.meeting.id}.docx", as_docx(made, house))
        folder.writestr(f"{made.meeting.id}.xlsx", as_xlsx(made))
        folder.writestr("map.svg", the_map(made))
        for kind in TOLD:
            folder.writestr(f"flow-{kind.value}.svg", the_flow(made, kind))
    return held.getvalue()


PAPERS: Final = {"docx": as_docx, "xlsx": lambda made, _: as_xlsx(made), "zip": as_zip}
"""What a pack can be had as."""
