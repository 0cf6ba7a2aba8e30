"""Taking a file in: what it is, how large, its hash; a picture is drawn anew, so that nothing hides in it.

A photo carries where and when it was taken and with which telephone. The place could be the petitioner's own door, so
all of that is left behind but the time, which is told beside the picture as the photo's own word.
"""

import hashlib
import io
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from adapters.attachments.sorts import HEAD, HEIC, PICTURES, WEBP, Sort, sort_of
from models.refusals import Refused

CHUNK: Final = 2**20
"""Bytes that are held at once."""
PIXELS: Final = 60_000_000
"""A picture of more is refused before it is unpacked: a small file can hold a huge one."""
SMALL: Final = 320
"""Pixels of the longer side of what stands in a list."""
QUALITY: Final = 88
_ORIGINAL: Final = 36867
_DETAILS: Final = 0x8769
"""Where a photo keeps when it was taken (EXIF DateTimeOriginal, in its own directory)."""


class NotTaken(Refused):
    """文件不能收下：{why}。
    The file is not taken: {why_en}.
    """  # noqa: D205 - as with every refusal, the sentence in both languages


@dataclass(frozen=True)
class Taken:
    """A file as it is going to be kept: its content from the beginning, hash and size of just that."""

    name: str
    sort: Sort
    sha256: str
    size: int
    content: IO[bytes]
    small: bytes | None = None
    taken_at: str = ""


@contextmanager
def take_in(content: IO[bytes], name: str, *, limit: int, field: str = "evidence") -> Iterator[Taken]:
    """Take a file in; what is yielded lasts as long as the ``with`` block.

    Args:
        content: the file; it is read once, from where it stands.
        name: what it was called; only its last part is kept.
        limit: most bytes that are taken.
        field: of the form, for the refusal.

    Raises:
        NotTaken: it is empty, too large, of no sort that is taken, or a picture that cannot be drawn.
    """
    with tempfile.SpooledTemporaryFile(max_size=CHUNK) as raw, tempfile.SpooledTemporaryFile(max_size=CHUNK) as anew:
        size = _copied(content, raw, limit, field)
        found = sort_of(raw.read(HEAD), raw)  # type: ignore[arg-type] # a spooled file reads and seeks as any other
        raw.seek(0)
        if found == HEIC:
            why = "这是 HEIC 照片，请在手机上改为“兼容性最佳”（JPEG）后重拍或转换"
            raise NotTaken(field=field, why=why, why_en="this is a HEIC photo; please use JPEG")
        if found is None:
            why = "不收这种文件，可收：照片、图片、PDF、Word（无宏）、Excel（无宏）、MP4、MP3、M4A、WAV、AMR"
            why_en = (
                "this sort of file is not taken; taken are photos, pictures, PDF, Word and Excel without macros, "
                "MP4, MP3, M4A, WAV, AMR"
            )
            raise NotTaken(field=field, why=why, why_en=why_en)
        small, at, kept = None, "", raw
        if found == WEBP or Sort.of(found) in PICTURES:
            sort, small, at = _drawn(raw, anew, field)
            kept, size = anew, anew.tell()
            if size > limit:
                raise _too_large(field, limit)
        else:
            sort = Sort.of(found)
        yield Taken(_plain(name, sort), sort, _digest(kept), size, kept, small, at)


def _copied(content: IO[bytes], to: IO[bytes], limit: int, field: str) -> int:
    """Copy a file, a part at a time; return its size, and stand at its beginning."""
    size = 0
    while chunk := content.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise _too_large(field, limit)
        to.write(chunk)
    if not size:
        raise NotTaken(field=field, why="文件是空的", why_en="the file is empty")
    to.seek(0)
    return size


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _too_large(field: str, limit: int) -> NotTaken:
    most = limit // 2**20
    return NotTaken(field=field, why=f"文件超过 {most} MB", why_en=f"the file is larger than {most} MB")


def _drawn(content: IO[bytes], anew: IO[bytes], field: str) -> tuple[Sort, bytes, str]:
    """Draw a picture anew, without what else its file held; return its sort, it small, and when it was taken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(content, formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > PIXELS:
            pixels = f"{image.width}×{image.height}"
            raise NotTaken(field=field, why=f"图片过大（{pixels}）", why_en=f"the picture is too large ({pixels})")
        at = _taken_at(image)
        sort = Sort.PNG if image.format == "PNG" else Sort.JPEG
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert("RGB") if sort is Sort.JPEG else upright.convert("RGBA")
        if sort is Sort.JPEG:
            plain.save(anew, "JPEG", quality=QUALITY)
        else:
            plain.save(anew, "PNG")
        anew.seek(0, io.SEEK_END)
        plain.thumbnail((SMALL, SMALL))
        held = io.BytesIO()
        plain.convert("RGB").save(held, "JPEG", quality=70)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, EOFError):
        # A file that only begins like a picture; the library has many ways to say so.
        raise NotTaken(field=field, why="图片已损坏，无法显示", why_en="the picture is damaged") from None
    return sort, held.getvalue(), at


def _taken_at(image: Image.Image) -> str:
    """Return when a photo says it was taken (its own clock, no zone), as ``2026-11-26 14:05``; empty if it does not."""
    said = str(image.getexif().get_ifd(_DETAILS).get(_ORIGINAL, ""))
    try:
        return datetime.strptime(said.strip("\0 "), "%Y:%m:%d %H:%M:%S").strftime("%Y-%m-%d %H:%M")  # noqa: DTZ007 - it has none
    except ValueError:
        return ""


def _plain(name: str, sort: Sort) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(mark for mark in last if mark.isprintable())
    stem = " ".join(clean.split())
    if sort is Sort.JPEG and not stem.lower().endswith((".jpg", ".jpeg")):
        stem = f"{stem.rpartition('.')[0] or stem}.jpg"
    return stem[-200:]
