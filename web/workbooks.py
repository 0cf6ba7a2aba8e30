"""Workbooks that come in by a form and go out by an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fastapi.responses import Response
from starlette.datastructures import UploadFile

from models.refusals import Malformed

LARGEST: Final = 8 * 2**20
"""Bytes of a workbook that is brought."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def laid(upload: object) -> Iterator[Path]:
    """Yield a workbook that was sent, as a file that is gone afterwards.

    Raises:
        Malformed: there is none, or it is too large.
    """
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Malformed(field="file", why="请选择文件 / choose a file")
    content = upload.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Malformed(field="file", why=f"超过 {LARGEST // 2**20} MB / more than {LARGEST // 2**20} MB")
    with TemporaryDirectory(prefix="banjie-") as folder:
        path = Path(folder) / "sent.xlsx"
        path.write_bytes(content)
        yield path


def xlsx(name: str, content: bytes) -> Response:
    """Return a workbook to be kept under a name."""
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, XLSX)
