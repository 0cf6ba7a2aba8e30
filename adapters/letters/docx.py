"""A letter as DOCX, set as official letters are: A4, title centred in 宋体, body in 仿宋 three, seal line at the right.

The same letter is the same bytes: what the library dates and counts is set to the letter's own day.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Page
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle

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
MARK: Final = "\ue000"
"""Where a line's text belongs: a character that no clean text holds."""
ABOUT_MARKS: Final = ("\ue001", "\ue002", "\ue003")
"""Where title, number and organisation belong among what is told about the file."""
_PARAGRAPH: Final = re.compile(r"<w:p>.*?</w:p>", re.DOTALL)


class _Line(StrEnum):
    """The kinds of lines a letter has."""

    TITLE = "title"
    NUMBER = "number"
    PLAIN = "plain"
    RUNNING = "running"
    SEALED = "sealed"
    """At the right, on one page with the line after it: the seal stands on the organisation's name and the day."""
    LAST = "last"


_ALIGNED: Final = {
    _Line.TITLE: WD_ALIGN_PARAGRAPH.CENTER,
    _Line.NUMBER: WD_ALIGN_PARAGRAPH.CENTER,
    _Line.PLAIN: WD_ALIGN_PARAGRAPH.LEFT,
    _Line.RUNNING: WD_ALIGN_PARAGRAPH.JUSTIFY,
    _Line.SEALED: WD_ALIGN_PARAGRAPH.RIGHT,
    _Line.LAST: WD_ALIGN_PARAGRAPH.RIGHT,
}


class _Form:
    """The sheet that every letter is written on, made once by the library: each kind of line with a mark for its text.

    Reading the library's template, writing its styles out, asking it for every line and packing it all took thirty
    times as long as the letter itself.
    """

    def __init__(self) -> None:
        page = Document()
        _set_up(page)
        for kind in _Line:
            _line(page, kind)
        held = io.BytesIO()
        page.save(held)
        self.rest = _undated(held.getvalue(), without=(LETTER, ABOUT))
        self.about = _about(page)
        whole = page.part.blob.decode()
        lines = _PARAGRAPH.findall(whole)
        self.before, self.after = whole[: whole.index(lines[0])], whole.partition(lines[-1])[2]
        self.lines = dict(zip(_Line, lines, strict=True))

    def filled(self, letter: Written) -> bytes:
        lines = "".join(self.lines[kind].replace(f" {MARK} ", _told(text)) for kind, text in _lines(letter))
        about = self.about
        for mark, text in zip(ABOUT_MARKS, (letter.title, letter.number, letter.organisation), strict=True):
            about = about.replace(mark, escape(text))
        held = io.BytesIO(self.rest)
        with zipfile.ZipFile(held, "a") as packed:
            _pack(packed, LETTER, f"{self.before}{lines}{self.after}".encode())
            _pack(packed, ABOUT, about.encode())
        return held.getvalue()


@cache
def _form() -> _Form:
    return _Form()


def as_docx(letter: Written) -> bytes:
    """Return the letter as a DOCX file."""
    return _form().filled(letter)


def _lines(letter: Written) -> Iterator[tuple[_Line, str]]:
    zh = letter.language == "zh"
    yield _Line.TITLE, letter.title
    yield _Line.NUMBER, letter.number
    yield _Line.PLAIN, ""
    yield _Line.PLAIN, f"{letter.addressee}：" if zh else f"To: {letter.addressee}"
    if letter.contact:
        yield _Line.PLAIN, f"（{letter.contact}）" if zh else f"({letter.contact})"
    for each in letter.paragraphs:
        yield _Line.RUNNING, each
    yield _Line.PLAIN, ""
    yield _Line.SEALED, letter.organisation
    yield _Line.SEALED, "（盖章处）" if zh else "(seal)"
    yield _Line.LAST, letter.day


def _told(text: str) -> str:
    """Return text as it stands between a run's tags; what breaks or moves a line there has a tag of its own."""
    plain = escape(text)
    for mark, tag in (("\t", "tab"), ("\n", "br")):
        plain = plain.replace(mark, f'</w:t><w:{tag}/><w:t xml:space="preserve">')
    return plain


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


def _about(page: Page) -> str:
    about = page.core_properties
    about.title, about.subject, about.author = ABOUT_MARKS
    about.comments = about.last_modified_by = ""
    about.created = about.modified = EPOCH
    about.revision = 1
    found: bytes = next(part.blob for part in page.part.package.iter_parts() if part.partname == f"/{ABOUT}")
    return found.decode()


def _line(page: Page, kind: _Line) -> None:
    line = page.add_paragraph()
    line.alignment = _ALIGNED[kind]
    run = line.add_run(f" {MARK} ")  # with blanks around it, so that the library has blanks kept
    run.bold = kind is _Line.TITLE
    if kind is _Line.TITLE:
        east, west, size = TITLE_FONT
        run.font.name, run.font.size = west, Pt(size)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)  # noqa: SLF001 - the library has no name for it
        line.paragraph_format.line_spacing = Pt(36)
    if kind is _Line.RUNNING:
        line.paragraph_format.first_line_indent = TWO_LETTERS
    if kind in {_Line.SEALED, _Line.LAST}:
        line.paragraph_format.right_indent = TWO_LETTERS
        line.paragraph_format.keep_with_next = kind is _Line.SEALED


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
