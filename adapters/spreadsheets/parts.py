"""The small parts of a workbook: its sheets, the number formats that mean a date, the shared strings.

The reader walks the XML itself, with the standard library's expat, for two promises that the general
spreadsheet readers tried do not keep: a hostile file of one kilobyte must never end the process (a cell
at the last address of a sheet made one of them ask for 512 GB and abort), and memory must not grow with
the rows.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from xml.parsers import expat

from adapters.spreadsheets.doubts import SheetError, damaged
from adapters.spreadsheets.package import Package, reading

MAX_CELL_CHARACTERS: Final = 32_767
"""What one cell of a workbook can hold."""
MAX_SHEETS: Final = 256
_MAX_FORMATS: Final = 100_000
_MAX_TOKEN_BYTES: Final = 8 * 1024 * 1024
_IN_MEMORY_BYTES: Final = 4 * 1024 * 1024
_BLOCK_BYTES: Final = 64 * 1024
_SHORT_BYTES: Final = 96

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_FORMAT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet of a workbook: its name, the part that holds it, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


def new_parser() -> expat.XMLParserType:
    """Return a parser that refuses any document type, so that no entity can be declared or fetched."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65536

    def refuse(*_: object) -> None:
        raise SheetError(
            "unsafe_xml",
            "文件含有外部实体声明，可能是恶意文件，未予读取。",
            "The file declares XML entities, which no spreadsheet program does; it was not read.",
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(package: Package, part: str, parser: expat.XMLParserType) -> Iterator[None]:
    """Parse one part chunk by chunk, yielding after each, so that the caller can take what has been read."""
    fed = 0
    for chunk in package.chunks(part):
        fed += len(chunk)
        with reading(part):
            parser.Parse(chunk, False)
        if fed - parser.CurrentByteIndex > _MAX_TOKEN_BYTES:
            raise damaged(part)
        yield
    with reading(part):
        parser.Parse(b"", True)
    yield


def local(name: str) -> str:
    """Return a tag or attribute name without its prefix; writers differ in the prefixes they choose."""
    return name.rpartition(":")[2]


def unescape(text: str) -> str:
    """Undo the format's own escape for characters XML cannot hold (``_x000D_``)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _walk(package: Package, part: str, start: Start) -> None:
    parser = new_parser()
    parser.StartElementHandler = start
    for _ in feed(package, part, parser):
        pass


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Read the relations of a part: id to (kind, part name)."""
    folder, base = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            found[attributes.get("Id", "")] = (
                attributes.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/"),
            )

    _walk(package, posixpath.join(folder, "_rels", f"{base}.rels"), start)
    return found


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part tells: sheets in order, the calendar of dates, where strings and styles are."""

    sheets: tuple[SheetPart, ...]
    since_1904: bool
    strings: str | None
    styles: str | None


def read_workbook(package: Package) -> Workbook:
    """Read the list of worksheets; chart sheets and dialogs are left out.

    Raises:
        SheetError: ``no_sheet`` when there is none, ``damaged`` when the parts do not fit together.
    """
    roots = [name for kind, name in _relations(package, "").values() if kind == "officeDocument"]
    part = roots[0] if roots else "xl/workbook.xml"
    relations = _relations(package, part)
    sheets: list[SheetPart] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        tag = local(name)
        if tag == "workbookPr":
            since_1904 = attributes.get("date1904", "0").lower() in {"1", "true"}
        elif tag == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, target = relations.get(key, ("", ""))
            if kind == "worksheet":
                state = attributes.get("state", "visible")
                sheets.append(SheetPart(attributes.get("name", ""), target, hidden=state != "visible"))

    _walk(package, part, start)
    if not sheets:
        raise SheetError("no_sheet", "工作簿中没有工作表。", "The workbook has no worksheet.")
    # A part named by two sheets would be read twice, which no program writes and a bomb would like.
    if len(sheets) > MAX_SHEETS or len({sheet.part.lower() for sheet in sheets}) < len(sheets):
        raise damaged(part)
    by_kind = {kind: name for kind, name in relations.values() if name in package}
    return Workbook(tuple(sheets), since_1904, by_kind.get("sharedStrings"), by_kind.get("styles"))


def read_date_styles(package: Package, part: str | None) -> frozenset[str]:
    """Return the style numbers (as written in a cell's ``s``) whose number format is a date or a time."""
    if part is None:
        return frozenset()
    formats: dict[str, bool] = {str(number): True for number in _BUILT_IN_DATES}
    styles: set[str] = set()
    count = 0
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, inside
        tag = local(name)
        if tag == "numFmt" and len(formats) < _MAX_FORMATS:
            formats[attributes.get("numFmtId", "")] = _is_date_format(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            inside = True
        elif tag in {"cellStyles", "dxfs"}:
            inside = False
        elif tag == "xf" and inside:
            if formats.get(attributes.get("numFmtId", "0"), False) and count < _MAX_FORMATS:
                styles.add(str(count))
            count += 1

    _walk(package, part, start)
    return frozenset(styles)


def _is_date_format(code: str) -> bool:
    bare = _NOT_FORMAT.sub("", code[:256]).lower()
    return "general" not in bare and any(mark in bare for mark in "ymdhs年月日")


class SharedStrings:
    """The workbook's shared strings, kept as bytes in an unnamed temporary file and found by number.

    Half of what a sheet of 20,000 rows says is here. Four megabytes stay in memory, the rest on disk
    (readable by nobody else, gone when closed), so that memory does not grow with the sheet. Strings are
    cut at `MAX_CELL_CHARACTERS` + 1 characters: one more than allowed, so that the reader sees that it
    was cut.
    """

    def __init__(self, package: Package, part: str | None) -> None:
        """Read all strings of ``part``; None means that the workbook has none."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed by close()
        self._ends = array("Q")
        self._block = (0, b"")
        self._short = lru_cache(maxsize=4096)(self._read)
        if part is not None:
            try:
                self._load(package, part)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Drop the strings."""
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends)

    def get(self, number: int) -> str:
        """Return string ``number``; raises IndexError when there is none."""
        if number < 0:
            raise IndexError(number)
        end = self._ends[number]
        begin = self._ends[number - 1] if number else 0
        return self._short(begin, end) if end - begin <= _SHORT_BYTES else self._read(begin, end)

    def _read(self, begin: int, end: int) -> str:
        # Sheets name their strings mostly in order, so the next ones are usually in the block read last.
        start, block = self._block
        if not start <= begin <= end <= start + len(block):
            self._file.seek(begin)
            start, block = self._block = begin, self._file.read(max(end - begin, _BLOCK_BYTES))
        return block[begin - start : end - start].decode("utf-8", "surrogatepass")

    def _load(self, package: Package, part: str) -> None:
        parser = new_parser()
        local_name = lru_cache(maxsize=64)(local)
        texts: list[str] = []
        length = phonetic = position = 0
        collecting = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal length, phonetic, collecting
            tag = local_name(name)
            if tag == "t":
                collecting = phonetic == 0
            elif tag == "si":
                texts.clear()
                length = phonetic = 0
            elif tag == "rPh":
                phonetic += 1

        def end(name: str) -> None:
            nonlocal phonetic, position, collecting
            tag = local_name(name)
            if tag == "t":
                collecting = False
            elif tag == "rPh":
                phonetic -= 1
            elif tag == "si":
                text = unescape("".join(texts))[: MAX_CELL_CHARACTERS + 1]
                position += self._file.write(text.encode("utf-8", "surrogatepass"))
                self._ends.append(position)

        def characters(data: str) -> None:
            nonlocal length
            if collecting and length <= 8 * MAX_CELL_CHARACTERS:
                texts.append(data)
                length += len(data)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        for _ in feed(package, part, parser):
            pass
