"""A letter as DOCX, set as official letters are: A4, title centred in 宋体, body in 仿宋 three, seal line at the right.

The same letter is the same bytes: what the library dates and counts is set to the letter's own day.
"""

import datetime as dt
import io
import threading
import zipfile
from collections.abc import Collection
from functools import cache
from typing import Final

from docx import Document
from docx.document import Document as Page
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from adapters.letters.forms import Written

TITLE_FONT: Final = ("宋体", "Times New Roman", 22)
"""二号, with the font for Latin letters beside it (GB/T 9704 as far as a letter needs it)."""
BODY_FONT: Final = ("仿宋", "Times New Roman", 16)
"""三号."""
LINE: Final = Pt(28)
EPOCH: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
ZIP_EPOCH: Final = (2000, 1, 1, 0, 0, 0)
LETTER: Final = "word/document.xml"
ABOUT: Final = "docProps/core.xml"
"""The parts that differ from letter to letter."""
TWO_LETTERS: Final = Pt(32)
"""A paragraph begins two letters in."""


class _Form:
    """The sheet that every letter is written on, made once: all parts but the letter's own, packed already.

    Reading the library's own template, writing its styles out and packing them again took five times as long as the
    letter itself.
    """

    def __init__(self) -> None:
        self.page = Document()
        _set_up(self.page)
        held = io.BytesIO()
        self.page.save(held)
        self.rest = _undated(held.getvalue(), without=(LETTER, ABOUT))
        self.alone = threading.Lock()

    def filled(self, letter: Written) -> bytes:
        with self.alone:
            body = self.page.element.body
            for each in list(body):
                if each.tag != qn("w:sectPr"):
                    body.remove(each)
            _fill(self.page, letter)
            own: tuple[tuple[str, bytes], ...] = ((LETTER, self.page.part.blob), (ABOUT, _about(self.page, letter)))
        held = io.BytesIO(self.rest)
        with zipfile.ZipFile(held, "a") as packed:
            for name, content in own:
                _pack(packed, name, content)
        return held.getvalue()


@cache
def _form() -> _Form:
    return _Form()


def as_docx(letter: Written) -> bytes:
    """Return the letter as a DOCX file."""
    return _form().filled(letter)


def _fill(page: Page, letter: Written) -> None:
    _line(page, letter.title, WD_ALIGN_PARAGRAPH.CENTER, TITLE_FONT, bold=True)
    _line(page, letter.number, WD_ALIGN_PARAGRAPH.CENTER)
    _line(page, "")
    _line(page, f"{letter.addressee}：" if letter.language == "zh" else f"To: {letter.addressee}")
    if letter.contact:
        _line(page, f"（{letter.contact}）" if letter.language == "zh" else f"({letter.contact})")
    for each in letter.paragraphs:
        _line(page, each, WD_ALIGN_PARAGRAPH.JUSTIFY).paragraph_format.first_line_indent = TWO_LETTERS
    _line(page, "")
    for each in (letter.organisation, "（盖章处）" if letter.language == "zh" else "(seal)", letter.day):
        line = _line(page, each, WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = TWO_LETTERS
        # The seal stands on the organisation's name and the day: they stay on one page.
        line.paragraph_format.keep_with_next = each != letter.day


def _set_up(page: Page) -> None:
    sheet = page.sections[0]
    sheet.page_width, sheet.page_height = Cm(21.0), Cm(29.7)
    sheet.top_margin, sheet.bottom_margin = Cm(3.7), Cm(3.5)
    sheet.left_margin, sheet.right_margin = Cm(2.8), Cm(2.6)
    normal = page.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 - what the library's own template holds
    east, west, size = BODY_FONT
    normal.font.name, normal.font.size = west, Pt(size)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = LINE


def _about(page: Page, letter: Written) -> bytes:
    about = page.core_properties
    about.title, about.subject, about.author, about.comments = letter.title, letter.number, letter.organisation, ""
    about.created = about.modified = EPOCH
    about.last_modified_by, about.revision = "", 1
    found: bytes = next(part.blob for part in page.part.package.iter_parts() if part.partname == f"/{ABOUT}")
    return found


def _line(
    page: Page,
    text: str,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    font: tuple[str, str, int] | None = None,
    *,
    bold: bool = False,
) -> Paragraph:
    line = page.add_paragraph()
    line.alignment = align
    run = line.add_run(text)
    run.bold = bold
    if font:
        east, west, size = font
        run.font.name, run.font.size = west, Pt(size)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)  # noqa: SLF001 - the library has no name for it
        line.paragraph_format.line_spacing = Pt(36)
    return line


def _undated(packed: bytes, *, without: Collection[str]) -> bytes:
    """Return the file with every part dated alike, in a fixed order of the library's own, some parts left out."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(held, "w") as after:
        for each in before.infolist():
            if each.filename not in without:
                _pack(after, each.filename, before.read(each))
    return held.getvalue()


def _pack(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    part = zipfile.ZipInfo(name, ZIP_EPOCH)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    packed.writestr(part, content)
