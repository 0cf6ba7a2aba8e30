"""Documents (DOCX) as the desk writes them: a heading, sentences, and tables with a line around each cell."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.spreadsheets.cells import clean_text

if TYPE_CHECKING:
    from docx.document import Document as Page


def document(title: str, *, across: bool = False) -> "Page":
    """Return a new document with its title, in the type that official papers have; ``across`` on a sheet laid so."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Pt

    page = Document()
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    if across:
        sheet = page.sections[0]
        sheet.orientation, sheet.page_width, sheet.page_height = (
            WD_ORIENT.LANDSCAPE,
            sheet.page_height,
            sheet.page_width,
        )
        normal.font.size = Pt(10.5)
    page.add_heading(title, 0)
    return page


def table(page: "Page", heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table with its heads in bold."""
    made = page.add_table(len(rows) + 1, len(heads), "Table Grid")
    for line, cells in zip(made.rows, [heads, *rows], strict=True):
        for cell, text in zip(line.cells, cells, strict=True):
            cell.text = clean_text(text)
    for cell in made.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def content(page: "Page") -> bytes:
    """Return a document as a file."""
    held = io.BytesIO()
    page.save(held)
    return held.getvalue()
