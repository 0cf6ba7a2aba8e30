"""A ZIP whose bytes follow from its content alone, written as it comes: the list of files waits on the disk.

The standard library's writer keeps every entry in memory until the end, and tells which system wrote it. Here every
file has the same day, the same rights and the same compression, and what is at hand at any time is one part of one.
"""

import struct
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Final, Self

LEVEL: Final = 6
MOST: Final = 0xFFFFFFFF
MANY: Final = 0xFFFF
PART: Final = 2**20
DATE: Final = (2026 - 1980) << 9 | 1 << 5 | 1
"""The first of January 2026, at midnight: when a bundle was made is no part of what it says."""
VERSION: Final = 45
UNIX: Final = 3 << 8
UTF_8: Final = 0x0800
RIGHTS: Final = 0o100644 << 16
STORED: Final = 0
DEFLATED: Final = 8


class Archive:
    """A ZIP that is written beside its place and put there when it is whole: what breaks off leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        """Begin; ``path`` is where it is going to be."""
        self.path = path
        self._beside = path.with_name(f".{path.name}.part")
        self._count = 0

    def __enter__(self) -> Self:
        """Open the file that is going to be it."""
        self._file = self._beside.open("w+b")
        self._list = TemporaryFile(prefix="banjie-")
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        """Put it in its place, or take it away."""
        try:
            if kind is None:
                self._end()
                self._file.close()
                self._beside.replace(self.path)
        finally:
            self._list.close()
            self._file.close()
            with suppress(OSError):  # it is in its place
                self._beside.unlink()

    def add(self, name: str, content: bytes | Iterable[bytes], *, packed: bool = True) -> None:
        """Add a file.

        Args:
            name: its path inside, ASCII.
            content: its bytes, whole or in parts; less than 4 GiB.
            packed: whether it is compressed; what is a picture already is only laid in.

        Raises:
            ValueError: it is too large.
        """
        called, start = name.encode("ascii"), self._file.tell()
        method = DEFLATED if packed else STORED
        self._file.write(self._head(called, method, 0, 0, 0))
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        check = size = 0
        for part in (content,) if isinstance(content, bytes) else content:
            check, size = zlib.crc32(part, check), size + len(part)
            self._file.write(packer.compress(part) if packed else part)
        if packed:
            self._file.write(packer.flush())
        end = self._file.tell()
        inside = end - start - 30 - len(called)
        if max(size, inside) >= MOST:
            raise ValueError(f"{name} is too large for a bundle")
        self._file.seek(start)
        self._file.write(self._head(called, method, check, inside, size))
        self._file.seek(end)
        self._listed(called, method, check, inside, size, start)

    @staticmethod
    def _head(name: bytes, method: int, check: int, inside: int, size: int) -> bytes:
        values = (0x04034B50, VERSION, UTF_8, method, 0, DATE, check, inside, size, len(name), 0)
        return struct.pack("<IHHHHHIIIHH", *values) + name

    def _listed(self, name: bytes, method: int, check: int, inside: int, size: int, start: int) -> None:
        # Beyond 4 GiB the place stands in an extra field (ZIP64).
        far = struct.pack("<HHQ", 1, 8, start) if start >= MOST else b""
        values = (
            *(0x02014B50, UNIX | VERSION, VERSION, UTF_8, method, 0, DATE, check, inside, size),
            *(len(name), len(far), 0, 0, 0, RIGHTS, min(start, MOST)),
        )
        self._list.write(struct.pack("<IHHHHHHIIIHHHHHII", *values) + name + far)
        self._count += 1

    def _end(self) -> None:
        start = self._file.tell()
        self._list.seek(0)
        while part := self._list.read(PART):
            self._file.write(part)
        end, count = self._file.tell(), self._count
        size = end - start
        if count >= MANY or end >= MOST:
            whole = (0x06064B50, 44, UNIX | VERSION, VERSION, 0, 0, count, count, size, start)
            self._file.write(struct.pack("<IQHHIIQQQQ", *whole))
            self._file.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        values = (0x06054B50, 0, 0, min(count, MANY), min(count, MANY), min(size, MOST), min(start, MOST), 0)
        self._file.write(struct.pack("<IHHHHIIH", *values))
