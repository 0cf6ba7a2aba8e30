"""What a file is, by its first bytes: its name and what a browser says of it prove nothing."""

import io
import zipfile
from typing import Final

from models.vocabulary import Term


class Sort(Term):
    """A sort of file that is taken in."""

    JPEG = "jpeg", "照片", "photo"
    PNG = "png", "图片", "picture"
    PDF = "pdf", "PDF 文件", "PDF"
    DOCX = "docx", "Word 文档", "Word document"
    XLSX = "xlsx", "Excel 表格", "Excel workbook"
    MP4 = "mp4", "视频", "video"
    MP3 = "mp3", "录音", "recording"
    M4A = "m4a", "录音", "recording"
    WAV = "wav", "录音", "recording"
    AMR = "amr", "录音", "recording"


OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MEDIA: Final = {
    Sort.JPEG: "image/jpeg",
    Sort.PNG: "image/png",
    Sort.PDF: "application/pdf",
    Sort.DOCX: f"{OFFICE}.wordprocessingml.document",
    Sort.XLSX: f"{OFFICE}.spreadsheetml.sheet",
    Sort.MP4: "video/mp4",
    Sort.MP3: "audio/mpeg",
    Sort.M4A: "audio/mp4",
    Sort.WAV: "audio/wav",
    Sort.AMR: "audio/amr",
}
PICTURES: Final = frozenset({Sort.JPEG, Sort.PNG})
WEBP: Final = "webp"
"""A picture too, but kept as JPEG."""
HEIC: Final = "heic"
"""A telephone's own sort of picture, which no browser of the desk shows."""
HEAD: Final = 64
"""First bytes that tell."""
_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), Sort.M4A.value),
}


def sort_of(head: bytes, whole: io.BufferedIOBase) -> str | None:  # noqa: PLR0911 - a line for each sort
    """Return what a file is: a ``Sort``'s value, ``webp``, ``heic``, or None for what is not taken in.

    Args:
        head: its first ``HEAD`` bytes.
        whole: the file, which is only read where the head says that it is a package (DOCX, XLSX).
    """
    if head.startswith(b"\xff\xd8\xff"):
        return Sort.JPEG.value
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sort.PNG.value
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE"}:
        return WEBP if head[8:12] == b"WEBP" else Sort.WAV.value
    if head.startswith(b"%PDF-"):
        return Sort.PDF.value
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], Sort.MP4.value)
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return Sort.MP3.value
    if head.startswith(b"#!AMR"):
        return Sort.AMR.value
    if head.startswith(b"PK\x03\x04"):
        return _package(whole)
    return None


def _package(whole: io.BufferedIOBase) -> str | None:
    try:
        with zipfile.ZipFile(whole) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None  # macros have no place among evidence
    for inside, sort in (("word/document.xml", Sort.DOCX), ("xl/workbook.xml", Sort.XLSX)):
        if inside in names:
            return sort.value
    return None
