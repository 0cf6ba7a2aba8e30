"""The files of a meeting's pack: DOCX, XLSX with the battle map as a chart, the drawings, and all of it as one ZIP."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from adapters.dispatch_words import Papers
from adapters.documents import content, document, table
from adapters.drawings.battle_map import CHINESE, ENGLISH, battle_map
from adapters.drawings.flow_counts import EN, ZH, flow_counts
from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from models.counting import legal_day
from models.dispatch import TOLD
from models.instants import shown
from models.vocabulary import Kind

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


def the_map(made: Papers) -> str:
    """Return the battle map of a pack as an SVG file."""
    at = shown(made.pack.until)
    words, beneath = ((CHINESE, f"截至 {at}"), (ENGLISH, f"as of {at}"))[made.lang]
    return battle_map(made.lanes, legal_day(made.pack.until), words, beneath=beneath)


def the_flow(made: Papers, kind: Kind) -> str:
    """Return the flow chart with the pack's counts as an SVG file."""
    standing = {each.status: (each.open, each.overdue) for each in made.pack.stands if each.kind is kind}
    at = shown(made.pack.until)
    title, beneath = (
        (f"{kind.zh}办理流程图", f"截至 {at}，在办件数，▲ 超期"),
        (f"Flow chart: {kind.en}", f"as of {at}; open cases, ▲ overdue"),
    )[made.lang]
    return flow_counts(kind, standing, title, (ZH, EN)[made.lang], beneath=beneath)


def as_docx(made: Papers, house: str) -> bytes:
    """Return a pack as a document."""
    page = document(f"{house}{made.meeting.title} 调度材料", across=True)
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
        figures = [(f"{each.name.zh}{made.parts_of(each.name)}", str(each.value)) for each in made.pack.counts]
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
