"""A corpus of broken, hostile and merely odd workbooks, made when the tests run.

Every entry says what must happen: the file is refused with a code, or it is read with so many rows and
exactly these doubts. Nothing else may happen to anybody who imports it.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from adapters.spreadsheets import load_profiles
from tests.store.dirty_sheets import workbook_parts


@dataclass(frozen=True)
class Broken:
    """A file and what must happen: ``refused`` with a code, or ``rows`` rows with these ``doubts``."""

    name: str
    data: bytes
    refused: str = ""
    rows: int = 1
    doubts: frozenset[str] = frozenset()
    profile: str = "auto"


@dataclass(frozen=True)
class Raw:
    """A cell by its XML: attributes of ``<c>`` and what stands inside."""

    inside: str
    attributes: str = ""


Value = str | int | Raw | None

CENTRAL = load_profiles()["hunan-central-2024"]
GENERIC = load_profiles()["generic-2023"]
STYLES = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
GOOD: Mapping[str, Value] = {
    "no": 1,
    "receipt": "D3HN202406070069",
    "problem": "群众反映柳塘乡顺风砖厂夜间排放刺鼻气体。",
    "area": "云石县柳塘乡",
    "kinds": "大气",
    "findings": "经现场核查，该厂脱硫设施运行不正常。",
    "verdict": "属实",
    "goal": "污染消除",
    "measures": "责令立即整改。",
    "state": "已办结",
    "accountability": "无",
}


def error(code: str) -> Raw:
    return Raw(f"<v>{code}</v>", ' t="e"')


def formula(text: str, saved: str | None = None) -> Raw:
    value = "" if saved is None else f"<v>{saved}</v>"
    return Raw(f"<f>{escape(text)}</f>{value}", ' t="str"')


def day(serial: str) -> Raw:
    return Raw(f"<v>{serial}</v>", ' s="1"')


def good(**changes: Value) -> dict[str, Value]:
    return {**GOOD, **changes}


def cell(column: int, row: int, value: Value) -> str:
    if value is None or not value:
        return ""
    place = f'r="{chr(65 + column)}{row}"'
    if isinstance(value, Raw):
        return f"<c {place}{value.attributes}>{value.inside}</c>"
    if isinstance(value, int):
        return f"<c {place}><v>{value}</v></c>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def line(row: int, values: list[Value], attributes: str = "") -> str:
    cells = "".join(cell(column, row, value) for column, value in enumerate(values))
    return f'<row r="{row}"{attributes}>{cells}</row>'


def data(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def headers(profile: str = "hunan-central-2024") -> list[Value]:
    return [column.header for column in load_profiles()[profile].columns]


def values(row: Mapping[str, Value], profile: str = "hunan-central-2024") -> list[Value]:
    return [row.get(column.field) for column in load_profiles()[profile].columns]


def table(*rows: Mapping[str, Value], profile: str = "hunan-central-2024", start: int = 2) -> str:
    lines = [line(start + number, values(row, profile)) for number, row in enumerate(rows)]
    return data(line(start - 1, headers(profile)), *lines)


def pack(parts: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in parts.items():
            # A ZipInfo made by name alone is dated 1980, so that the bytes are the same every time.
            file.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def book(sheet: str) -> bytes:
    return books({"表一": sheet})


def books(sheets: dict[str, str]) -> bytes:
    return pack(workbook_parts(sheets, styles=STYLES))


def corpus() -> list[Broken]:
    """Return the whole corpus; the same bytes every time."""
    return [*_not_workbooks(), *_hostile(), *_damaged(), *_unfit(), *_doubtful(), *_odd_but_good()]


# -------------------------------------------------------------------------------- files of another kind
def _not_workbooks() -> Iterator[Broken]:
    rng = random.Random(7)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    yield Broken("empty file", b"", "empty_file")
    yield Broken("one byte", b"P", "not_xlsx")
    yield Broken("random bytes", rng.randbytes(5000), "not_xlsx")
    yield Broken("picture renamed", b"\x89PNG\r\n\x1a\n" + rng.randbytes(500), "not_xlsx")
    yield Broken("csv renamed", "序号,受理编号\n1,D3HN202406070069\n".encode("gb18030"), "not_xlsx")
    yield Broken("xls renamed", ole + "Workbook".encode("utf-16-le") + bytes(2000), "not_xlsx")
    yield Broken("protected by a password", ole + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "password")
    yield Broken("web page renamed", b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "not_xlsx")
    yield Broken("xml of 2003", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "not_xlsx")
    yield Broken("text document", pack({"word/document.xml": "<document/>"}), "not_xlsx")
    yield Broken("open document", pack({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "not_xlsx")
    yield Broken("binary workbook", pack({"xl/workbook.bin": b"\x00\x01"}), "not_xlsx")
    yield Broken("zip of other things", pack({"readme.txt": "nothing"}), "damaged")


# ----------------------------------------------------------------------------------------- hostile files
def _hostile() -> Iterator[Broken]:
    fine = book(table(good()))
    yield Broken("zip bomb", book(data(" " * 40_000_000)), "inflates_too_much")
    yield Broken("zip bomb in a picture", pack({"xl/media/image1.png": bytes(40_000_000)}), "inflates_too_much")
    yield Broken("zip claiming four gigabytes", _claim_size(fine, 0xFFFF_FFF0), "inflates_too_much")
    yield Broken("zip claiming too little", _claim_size(fine, 100), "damaged")
    yield Broken("zip with a huge directory", _patch_end(fine, 12, 0x7FFF_0000), "damaged")
    yield Broken("zip with a false directory", _patch_end(fine, 16, 0x7FFF_0000), "damaged")
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    parts = workbook_parts({"表一": ""})
    sheet = "xl/worksheets/sheet1.xml"
    yield Broken(
        "external entity",
        pack({**parts, sheet: f"{entity}<worksheet><sheetData>&e;</sheetData></worksheet>"}),
        "unsafe_xml",
    )
    laughs = f'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "{"&a;" * 10}"><!ENTITY c "{"&b;" * 10}">]>'
    laughing = workbook_parts({"表一": table(good())}, strings="<si/>")
    laughing["xl/sharedStrings.xml"] = f"{laughs}<sst><si><t>&c;</t></si></sst>"
    yield Broken("billion laughs", pack(laughing), "unsafe_xml")
    yield Broken("entity in the workbook", pack({**parts, "xl/workbook.xml": f"{entity}<workbook/>"}), "unsafe_xml")
    far = line(1_048_576, []).replace("></row>", '><c r="XFD1048576"><v>1</v></c></row>')
    yield Broken("one cell at the last address", book(table(good()).replace("</sheetData>", far + "</sheetData>")))
    yield Broken("a token of ten megabytes", book(data(f'<row r="1" x="{"ab" * 5_000_000}"></row>')), "damaged")
    deep = "<a>" * 60_000 + "</a>" * 60_000
    yield Broken("sixty thousand levels", book(table(good()) + f"<extLst>{deep}</extLst>"))
    merges = "".join(f'<mergeCell ref="L{n}:L1048576"/>' for n in range(1, 20_000))
    yield Broken("twenty thousand merges", book(table(good()) + f"<mergeCells>{merges}</mergeCells>"))
    many = {f"s{n}": "<sheetData/>" for n in range(300)}
    yield Broken("three hundred sheets", books(many), "damaged")
    twice = workbook_parts({"一": table(good()), "二": ""})
    twice["xl/_rels/workbook.xml.rels"] = twice["xl/_rels/workbook.xml.rels"].replace("sheet2.xml", "sheet1.xml")
    yield Broken("two sheets on one part", pack(twice), "damaged")
    outside = workbook_parts({"一": table(good())})
    outside["xl/_rels/workbook.xml.rels"] = outside["xl/_rels/workbook.xml.rels"].replace(
        "worksheets/", "../../../etc/"
    )
    yield Broken("sheet outside of the file", pack(outside), "damaged")


def _claim_size(content: bytes, size: int) -> bytes:
    """Change what the directory claims a sheet inflates to."""
    out = bytearray(content)
    place = out.rfind(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<L", out, place + 24, size)
    return bytes(out)


def _patch_end(content: bytes, offset: int, value: int) -> bytes:
    out = bytearray(content)
    struct.pack_into("<L", out, out.rfind(b"PK\x05\x06") + offset, value)
    return bytes(out)


# ----------------------------------------------------------------------------------------- damaged files
def _damaged() -> Iterator[Broken]:
    fine = book(table(good()))
    parts = workbook_parts({"表一": table(good())})
    sheet = "xl/worksheets/sheet1.xml"
    yield Broken("cut in half", fine[: len(fine) // 2], "damaged")
    yield Broken("cut at the end", fine[:-30], "damaged")
    yield Broken("signature only", b"PK\x03\x04", "damaged")
    yield Broken("cut xml", pack({**parts, sheet: parts[sheet][:-60]}), "damaged")
    yield Broken("crossed tags", book("<sheetData><row r='1'><c></row></c></sheetData>"), "damaged")
    yield Broken("not xml at all", pack({**parts, sheet: "序号,受理编号"}), "damaged")
    yield Broken("bytes that are no text", pack({**parts, sheet: b"<worksheet>\xff\xfe\xfa</worksheet>"}), "damaged")
    yield Broken(
        "unknown encoding",
        pack({**parts, sheet: '<?xml version="1.0" encoding="klingon"?><worksheet/>'}),
        "damaged",
    )
    yield Broken("a nul in the xml", pack({**parts, sheet: "<worksheet>\x00</worksheet>"}), "damaged")
    yield Broken("sheet part missing", pack({name: text for name, text in parts.items() if name != sheet}), "damaged")
    yield Broken("relations missing", pack({n: t for n, t in parts.items() if "workbook.xml.rels" not in n}), "damaged")
    yield Broken("row nought", book(data('<row r="0"></row>')), "damaged")
    yield Broken("row beyond the last", book(data('<row r="4294967295"></row>')), "damaged")
    yield Broken("row that is no number", book(data('<row r="-1"></row>')), "damaged")
    yield Broken("rows backwards", book(data(line(9, headers()), line(3, values(good())))), "damaged")
    yield Broken("column beyond the last", book(data('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')), "damaged")
    yield Broken("column that is none", book(data('<row r="1"><c r="汉1"><v>1</v></c></row>')), "damaged")
    yield Broken(
        "merge that is none",
        book(table(good()) + '<mergeCells><mergeCell ref="A1:?"/></mergeCells>'),
        "damaged",
    )
    yield Broken("compressed another way", pack(parts, compression=zipfile.ZIP_BZIP2), "damaged")
    yield Broken("checksum wrong", _flip_checksum(fine), "damaged")
    yield Broken("parts locked", _lock(fine), "password")
    doubled = io.BytesIO()
    with zipfile.ZipFile(doubled, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text)
        file.writestr(zipfile.ZipInfo("XL/worksheets/Sheet1.xml"), parts[sheet])
    yield Broken("one part twice", doubled.getvalue(), "damaged")


def _flip_checksum(content: bytes) -> bytes:
    out = bytearray(content)
    place = out.rfind(b"xl/worksheets/sheet1.xml") - 46
    out[place + 16] ^= 0xFF
    return bytes(out)


def _lock(content: bytes) -> bytes:
    out = bytearray(content)
    for match in re.finditer(b"PK\x01\x02", content):
        out[match.start() + 8] |= 1
    return bytes(out)


# --------------------------------------------------------------------------------- workbooks of no use
def _unfit() -> Iterator[Broken]:
    empty = workbook_parts({})
    yield Broken("no sheet", pack(empty), "no_sheet")
    chart = workbook_parts({"图": table(good())})
    relations = "xl/_rels/workbook.xml.rels"
    chart[relations] = chart[relations].replace("relationships/worksheet", "relationships/chartsheet")
    yield Broken("a chart and no sheet", pack(chart), "no_sheet")
    yield Broken("empty sheet", book("<sheetData/>"), "empty_sheet")
    yield Broken("blank cells only", book(data(line(1, [" ", "\n", "\u3000"]))), "empty_sheet")
    yield Broken("no header", book(data(line(1, values(good())), line(2, values(good())))), "no_header")
    yield Broken("header of another table", book(data(line(1, ["姓名", "部门", "金额"]))), "no_header")
    yield Broken("header too far down", book(table(good(), start=60)), "no_header")
    half = [header for header in headers() if header != "交办问题基本情况"]
    yield Broken("header without the problem", book(data(line(1, half))), "no_header")
    lacking = [header for header in headers() if header != "是否属实"]
    yield Broken("header without the verdict", book(data(line(1, lacking))), "no_header", profile="hunan-central-2024")
    provincial = book(table(good(), profile="hunan-provincial-2024"))
    yield Broken("table of another campaign", provincial, "no_header", profile="hunan-central-2024")
    yield Broken("profile nobody knows", book(table(good())), "unknown_profile", profile="no\x1b[31msuch")


# -------------------------------------------------------------------------------------- doubtful rows
def _doubtful() -> Iterator[Broken]:
    def one(name: str, *doubts: str, **changes: Value) -> Broken:
        return Broken(name, book(table(good(**changes))), doubts=frozenset(doubts))

    def generic(name: str, *doubts: str, **changes: Value) -> Broken:
        return Broken(name, book(table(good(**changes), profile="generic-2023")), doubts=frozenset(doubts))

    yield one("formula without a result", "formula_without_value", problem=formula('CONCATENATE("a","b")'))
    yield one("receipt by a formula without a result", "formula_without_value", receipt=formula("B1"))
    yield one("error values", "cell_error", findings=error("#REF!"), measures=error("#N/A"))
    yield one("error as a receipt", "cell_error", receipt=error("#VALUE!"))
    yield one("string that is not there", "cell_error", area=Raw("<v>99</v>", ' t="s"'))
    yield one("string number that is none", "cell_error", area=Raw("<v>x</v>", ' t="s"'))
    yield one("cell of an unknown type", "cell_error", area=Raw("<v>x</v>", ' t="zz"'))
    yield one("number beyond all numbers", "cell_error", goal=Raw("<v>1e999</v>"))
    yield one("boolean for a verdict", "verdict_not_understood", verdict=Raw("<v>1</v>", ' t="b"'))
    yield one("boolean for a state", "state_not_understood", state=Raw("<v>0</v>", ' t="b"'))
    yield one("verdict in other words", "verdict_not_understood", verdict="除噪声问题外属实")
    yield one("verdict denied twice", "verdict_not_understood", verdict="并非不属实")
    yield one("verdict against its points", "verdict_conflict", verdict="属实（1.属实；2.不属实）")
    yield one("state in other words", "state_not_understood", state="等待上级答复")
    yield one("states that differ", "state_not_understood", state="1.已办结；2.未办结")
    yield one("direction marks in a receipt", "invisible_characters", receipt="D3HN\u202e202406070069")
    yield one("escaped nul in a verdict", "invisible_characters", verdict="属_x0000_实")
    yield one("cell beyond any cell", "text_too_long", problem="臭" * 40_000)
    yield one("receipt of a thousand digits", "receipt_too_long", receipt="7" * 1000)
    yield one("receipt of 31 February", "receipt_date", receipt="D3HN202402310001")
    yield one("receipt of the year 1900", "receipt_date", receipt="D3HN190006070001")
    yield one("receipt of the year 9999", "receipt_date", receipt="X3HN999912310001")
    yield one("receipt as a number too long", "receipt_precision", receipt=Raw("<v>202406070069123456789</v>"))
    yield one("two receipts in a cell", "several_receipts", receipt="D3HN202406070069、X3HN202406070070")
    yield one("two receipts on two lines", "several_receipts", receipt="D3HN202406070069\nD2018080107")
    yield one("no problem", "problem_missing", problem="")
    yield one("neither receipt nor problem", "nothing_to_register", receipt="无", problem="")
    yield one("goal on the day nought", "date_out_of_range", goal=day("0"))
    yield one("goal in 9999", "date_out_of_range", goal=day("2958465"))
    yield one("goal beyond the calendar", "cell_error", goal=day("1e300"))
    yield one("goal before the calendar", "cell_error", goal=day("-5"))
    yield generic("received in 1900", "date_out_of_range", received=day("1"))
    yield generic("received in 9999", "date_out_of_range", received="9999-12-31")
    for text in (
        "6月7日",
        "24.6.7",
        "6/7/2024",
        "7-Jun-24",
        "2024-02-30",
        "2024年13月1日",
        "上周五",
        "00000000",
        "2024",
    ):
        yield generic(f"received on {text}", "date_not_understood", received=text)
    yield generic("received on the day 12", "date_not_understood", received=12)
    yield generic("channel against the receipt", "channel_conflict", channel="来信")
    twice = [*headers(), "是否属实"]
    other = data(line(1, twice), line(2, [*values(good()), "不属实"]))
    yield Broken("header twice with other content", book(other), doubts=frozenset({"duplicate_column"}))
    hidden = workbook_parts({"表一": table(good())})
    hidden["xl/workbook.xml"] = hidden["xl/workbook.xml"].replace('sheetId="1"', 'sheetId="1" state="veryHidden"')
    yield Broken("hidden sheet", pack(hidden), doubts=frozenset({"hidden_sheet"}))
    stray = book(table(good(), {"no": "合计", "area": "1件"}, good(receipt="D3HN202406070070")))
    yield Broken("a total between the rows", stray, rows=3, doubts=frozenset({"nothing_to_register"}))
    everything = {field: error("#REF!") for field in GOOD}
    yield Broken("nothing but errors", book(table(everything)), doubts=frozenset({"cell_error"}))


# ----------------------------------------------------------------------------------------- odd but good
def _odd_but_good() -> Iterator[Broken]:
    def one(name: str, **changes: Value) -> Broken:
        return Broken(name, book(table(good(**changes))))

    yield one(
        "formula with a result",
        verdict=formula('"属"&"实"', "属实"),
        receipt=formula("B9", "D3HN202406070069"),
    )
    yield one("running number by a formula", no=formula("ROW()-1"))
    yield one("text that would be a formula", problem="=cmd|'/C calc'!A0", measures="@SUM(1+1)", findings="+1-1")
    yield one("controls in a text", problem="臭气_x0000__x001B_[31m扰民", findings="一_x000D__x000A_二")
    yield one("direction marks in a text", problem="群众\u202e反映\u2066臭气\u2069\u200f")
    yield one("characters of private use", problem="\ue000村\U000f0000", findings="😀臭")
    yield one("full-width digits", receipt="Ｄ３ＨＮ２０２４０６０７００６９＊", verdict="１．属实；２．不属实")
    yield one("receipt as a number", receipt=Raw("<v>2018080107</v>"))
    yield one("receipt as a number with an exponent", receipt=Raw("<v>2.018080107E9</v>"))
    yield one("no receipt", receipt="——")
    yield one("nothing found yet", verdict="", findings="", measures="", state="未办结")
    yield one("being verified", verdict="核查中", state="")
    yield one("text typed as a number", area=Raw("<v>云石县</v>"))
    yield one("boolean in a text", goal=Raw("<v>1</v>", ' t="b"'))
    yield one(
        "phonetic guide",
        area=Raw("<is><r><t>云石</t></r><rPh><t>yun</t></rPh><r><t>县</t></r></is>", ' t="inlineStr"'),
    )
    yield Broken("header in row eight", book(table(good(), start=9)))
    rows = [line(number, [None, " ", ""]) for number in range(3, 5003)]
    tail = table(good()).replace("</sheetData>", "".join(rows) + "</sheetData>")
    yield Broken("five thousand blank rows behind", book(tail))
    numbered: list[Mapping[str, Value]] = [good(), *({"no": number} for number in range(2, 40))]
    yield Broken("running numbers and nothing else", book(table(*numbered)))
    broken = [f"\n {str(header)[:2]}\n{str(header)[2:]} （必填）：" for header in headers()]
    yield Broken("line breaks in the header", book(data(line(1, list(broken)), line(2, values(good())))))
    yield Broken("header on every page", book(data(line(1, headers()), line(2, values(good())), line(3, headers()))))
    same = data(line(1, [*headers(), "是否属实"]), line(2, [*values(good()), " 属实 "]))
    yield Broken("header twice with the same content", book(same))
    concealed = data(line(1, headers()), line(2, values(good()), ' hidden="1"'))
    yield Broken("hidden row", book(concealed))
    merged = table(good(), {"problem": "另一处问题。"}) + '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'
    yield Broken("one receipt over two rows", book(merged), rows=2)
    tall = data(line(1, headers()), line(2, values(good())), line(4, values(good(receipt="D3HN202406070070"))))
    spans = "".join(f'<mergeCell ref="{chr(65 + n)}2:{chr(65 + n)}3"/>' for n in range(11))
    yield Broken("records over merged rows", book(tall + f"<mergeCells>{spans}</mergeCells>"), rows=2)
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", f"<worksheet>{table(good())}</worksheet>").replace(
        "<x:worksheet>", '<x:worksheet xmlns:x="urn:x">'
    )
    yield Broken("tags with a prefix", pack({**workbook_parts({"表": ""}), "xl/worksheets/sheet1.xml": prefixed}))
    wide = f'<?xml version="1.0" encoding="UTF-16"?><worksheet>{table(good())}</worksheet>'.encode("utf-16")
    yield Broken("xml in another encoding", pack({**workbook_parts({"表": ""}), "xl/worksheets/sheet1.xml": wide}))
    parts = workbook_parts({"表一": table(good())})
    yield Broken("parts with backslashes", pack(parts).replace(b"xl/worksheets/sheet1", b"xl\\worksheets\\sheet1"))
    bare = re.sub(r' r="[A-Z]*[0-9]+"', "", table({**GOOD}))
    yield Broken("cells without addresses", book(bare))
    old = pack(workbook_parts({"表": table(good())}, workbook='<workbookPr date1904="1"/>'))
    yield Broken("calendar of 1904", old)
    yield Broken("only the header", book(data(line(1, headers()))), rows=0)
