"""A report as DOCX with an appendix of its figures, and the figures with all cases as XLSX."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Final

from adapters.documents import content, document, table
from adapters.spreadsheets.cells import clean_text
from adapters.spreadsheets.parts import MAX_CELL_CHARACTERS
from models.instants import shown
from models.report import Report

if TYPE_CHECKING:
    from docx.document import Document as Page

NAMED: Final = 60
"""Cases that the appendix of the document names for a figure; the workbook has them all."""


def as_docx(report: Report, house: str, made: datetime) -> bytes:
    """Return the report as a document: its parts, then each figure with how it is counted and the cases behind it."""
    page = document(f"{house} {report.heading}".strip())
    told = "括号〔〕内为附录中的编号，数字均由台账计出。" if report.figures else "数字均由台账计出。"
    page.add_paragraph(f"截至 {shown(report.until)}。{told}")
    for part in report.parts:
        page.add_heading(part.title, 1)
        for sentence in part.sentences:
            page.add_paragraph(sentence)
        if part.rows:
            table(page, part.heads, part.rows)
    if report.figures:
        _appendix(page, report)
    page.add_paragraph(f"生成于 {shown(made)}")
    return content(page)


def _appendix(page: "Page", report: Report) -> None:
    page.add_heading("附录 数据来源", 1)
    page.add_paragraph(f"共 {len(report.figures)} 项。每项列出前 {NAMED} 个案件编号，全部编号见随附表格。")
    rows = [
        (
            str(each.number),
            each.name,
            each.value,
            each.how,
            "、".join(each.cases[:NAMED]) + (f" 等 {len(each.cases)} 件" if len(each.cases) > NAMED else ""),
        )
        for each in report.figures
    ]
    table(page, ("编号", "指标", "数值", "怎样统计", "案件"), rows)


def figures_xlsx(report: Report) -> bytes:
    """Return the figures as a workbook: one sheet of all, one with a row for each case behind each figure."""
    from xlsxwriter import Workbook

    held = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(held, options) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#EDF1F6"})
        rows = [(str(each.number), each.name, each.value, each.how, str(len(each.cases))) for each in report.figures]
        cases = [(str(each.number), each.name, case) for each in report.figures for case in each.cases]
        for name, heads, lines in (
            ("指标", ("编号", "指标", "数值", "怎样统计", "案件数"), rows),
            ("案件", ("编号", "指标", "案件"), cases),
        ):
            sheet = workbook.add_worksheet(name)
            for place, line in enumerate([heads, *lines]):
                for column, text in enumerate(line):
                    value = clean_text(text)[:MAX_CELL_CHARACTERS]
                    sheet.write_string(place, column, value, *([head] if place == 0 else []))
            sheet.freeze_panes(1, 0)
    return held.getvalue()
