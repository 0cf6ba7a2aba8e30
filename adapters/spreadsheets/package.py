"""The outside of a workbook: is this file a workbook at all, and is it safe to look into?

Everything is decided before a single part is inflated: kind of file, size, number of parts, inflated
total and ratio. Python's zip reader never hands out more bytes than a part declares, so the declared
sizes checked here bound what the rest of the reader can meet.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self
from xml.parsers import expat

from adapters.spreadsheets.cells import printable
from adapters.spreadsheets.doubts import SheetError, damaged

MAX_FILE_BYTES: Final = 256 * 1024 * 1024
MAX_INFLATED_BYTES: Final = 512 * 1024 * 1024
MAX_RATIO: Final = 200
"""Inflated bytes for one byte of file; asked only above `RATIO_FREE_BYTES`, real sheets stay under 60."""
RATIO_FREE_BYTES: Final = 16 * 1024 * 1024
MAX_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
MAX_PART_NAME: Final = 260

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_ZIP64_LOCATOR: Final = b"PK\x06\x07"
_END_LENGTH: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 0x1

BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What the standard library raises over bytes that are not what they claim to be."""


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn every error over broken bytes into one sentence about the part ``what``."""
    try:
        yield
    except BROKEN as error:
        raise damaged(what) from error


class Package:
    """The parts of a workbook file, found by name whatever its case or slashes.

    Raises `SheetError` when the file is missing, not a workbook, encrypted, broken or unreasonably large.
    """

    def __init__(self, path: Path) -> None:
        """Open and check the file; nothing is inflated yet."""
        self._file = _open(path)
        try:
            _refuse_other_kinds(self._file)
            with reading("zip"):
                _refuse_long_directory(self._file)
                self._zip = zipfile.ZipFile(self._file)
                self._parts = self._index()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return _canonical(name) in self._parts

    def chunks(self, name: str, size: int = 65536) -> Iterator[bytes]:
        """Yield the inflated bytes of one part; the whole is checked against its CRC at the end."""
        info = self._parts.get(_canonical(name))
        if info is None:
            raise damaged(name)
        with reading(name), self._zip.open(info) as part:
            while chunk := part.read(size):
                yield chunk

    def _index(self) -> dict[str, zipfile.ZipInfo]:
        parts: dict[str, zipfile.ZipInfo] = {}
        inflated = 0
        for info in self._zip.infolist():
            if info.is_dir():
                continue
            name = _canonical(info.filename)
            if info.flag_bits & _ENCRYPTED:
                raise _password()
            if name in parts or len(name) > MAX_PART_NAME:
                raise damaged(name)
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise damaged(name)
            parts[name] = info
            inflated += info.file_size
        size = os.fstat(self._file.fileno()).st_size
        if inflated > MAX_INFLATED_BYTES or (inflated > RATIO_FREE_BYTES and inflated > MAX_RATIO * size):
            raise SheetError(
                "inflates_too_much",
                f"文件解压后过大（{inflated // 1048576} MB），可能是恶意文件，未予读取。",
                f"The file would inflate to {inflated // 1048576} MB, as no honest table does; not read.",
            )
        _refuse_other_packages(parts)
        return parts


def _canonical(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def _open(path: Path) -> BinaryIO:
    shown = printable(str(path), 200)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SheetError(
                "is_directory", f"“{shown}”是文件夹，不是表格文件。", f'"{shown}" is a folder, not a file.'
            )
        if not stat.S_ISREG(status.st_mode):
            raise SheetError("not_a_file", f"“{shown}”不是普通文件。", f'"{shown}" is not an ordinary file.')
        if status.st_size == 0:
            raise SheetError("empty_file", f"文件“{shown}”是空的。", f'The file "{shown}" is empty.')
        if status.st_size > MAX_FILE_BYTES:
            raise SheetError(
                "too_large",
                f"文件超过{MAX_FILE_BYTES // 1048576} MB，请分成几个文件。",
                f"The file is larger than {MAX_FILE_BYTES // 1048576} MB; split it.",
            )
        return path.open("rb")
    except FileNotFoundError as error:
        raise SheetError("not_found", f"找不到文件“{shown}”。", f'There is no file "{shown}".') from error
    except (OSError, ValueError) as error:
        raise SheetError(
            "not_readable",
            f"无法打开文件“{shown}”，请检查权限，或先在表格软件中关闭它。",
            f'The file "{shown}" cannot be opened; check permissions, or close it elsewhere.',
        ) from error


def _refuse_other_kinds(file: BinaryIO) -> None:
    with reading("file"):
        head = file.read(4096)
        if head.startswith(_OLE):
            rest = head + file.read(4 * 1024 * 1024)
            if "EncryptedPackage".encode("utf-16-le") in rest:
                raise _password()
            raise _other("旧式.xls工作簿", "an old .xls workbook")
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"").lower()
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise _other("网页文件", "a web page")
    if text.startswith(b"<?xml"):
        raise _other("XML文件", "an XML file")
    if not head.startswith(b"PK"):
        if b"\x00" not in head and b"\n" in head:
            raise _other("文本或CSV文件", "a text or CSV file")
        raise _other("其他文件", "something else")


def _refuse_other_packages(parts: dict[str, zipfile.ZipInfo]) -> None:
    if "xl/workbook.bin" in parts:
        raise _other(".xlsb二进制工作簿", "an .xlsb binary workbook")
    if "mimetype" in parts and "content.xml" in parts:
        raise _other("ODF文档", "an OpenDocument file")
    if "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        raise _other("文字或演示文档", "a text document or a presentation")


def _refuse_long_directory(file: BinaryIO) -> None:
    """Refuse a table of contents that alone would fill the memory, before the zip reader loads it."""
    size = file.seek(0, os.SEEK_END)
    tail_start = max(0, size - _END_LENGTH - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    end = tail.rfind(_END_OF_DIRECTORY)
    if end < 0 or len(tail) - end < _END_LENGTH:
        raise damaged("zip")
    directory = struct.unpack_from("<L", tail, end + 12)[0]
    locator = end - 20
    if locator >= 0 and tail[locator : locator + 4] == _ZIP64_LOCATOR:
        file.seek(min(struct.unpack_from("<Q", tail, locator + 8)[0], size))
        record = file.read(56)
        directory = struct.unpack_from("<Q", record, 40)[0]
    file.seek(0)
    if directory > MAX_DIRECTORY_BYTES:
        raise damaged("zip")


def _other(zh: str, en: str) -> SheetError:
    return SheetError(
        "not_xlsx",
        f"这不是.xlsx工作簿，而是{zh}。请用表格软件打开并另存为.xlsx。",
        f"This is not an .xlsx workbook but {en}. Open it in a spreadsheet program and save it as .xlsx.",
    )


def _password() -> SheetError:
    return SheetError(
        "password",
        "文件设有密码，请去掉密码后再导入。",
        "The file is protected by a password; remove it and import again.",
    )
