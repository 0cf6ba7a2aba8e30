"""Reading a text that a person names: a file or standard input, in the encodings that desks have."""

import codecs
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.intake import TEXT_LIMIT
from cli.exits import UsageProblem

LONGEST_MARK: Final = 4
"""Bytes of the longest character, in UTF-8 and GB18030 alike."""


@dataclass(frozen=True)
class ReadText:
    """A text, and the encoding it was converted from (None where it was UTF-8)."""

    text: str
    converted_from: str | None = None


def read_text(name: str, field: str, *, limit: int = TEXT_LIMIT, secret: bool = False) -> ReadText:
    """Read a file, or standard input where the name is ``-``.

    Args:
        name: the file.
        field: the option it was named with.
        limit: characters at most.
        secret: what was typed may be the content itself (a petitioner's name) and is not repeated.

    Raises:
        UsageProblem: it cannot be read, is too long, or is no text.
    """
    most = limit * LONGEST_MARK + LONGEST_MARK
    called = ("所给文件", "the file") if secret else (name, name)
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(most)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(most)
    except OSError as fault:
        raise UsageProblem(
            f"“{field}”：无法读取{called[0]}：{fault.strerror}。",
            f'"{field}": {called[1]} cannot be read: {fault.strerror}.',
            field=field,
        ) from None
    found = _decoded(raw)
    if found is None or "\0" in found.text:
        raise UsageProblem(
            f"“{field}”：{called[0]} 不是文本（须为 UTF-8 或 GB18030，不含空字符）。",
            f'"{field}": {called[1]} is no text (UTF-8 or GB18030, without NUL).',
            field=field,
        )
    if len(found.text) > limit:
        raise UsageProblem(
            f"“{field}”超过 {limit} 个字符。", f'"{field}" has more than {limit} characters.', field=field
        )
    return found


def _decoded(raw: bytes) -> ReadText | None:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: list[tuple[str, str | None]] = [("utf-16", "UTF-16")]
    else:
        # GB18030 takes almost anything for text, so it is asked last.
        encodings = [("utf-8-sig", None), ("gb18030", "GB18030")]
    for encoding, name in encodings:
        try:
            return ReadText(raw.decode(encoding), name)
        except UnicodeDecodeError:
            continue
    return None


def must_be_there(file: Path, field: str = "FILE.xlsx") -> None:
    """Go on where there is such a file.

    Raises:
        UsageProblem: there is none.
    """
    if not file.is_file():
        raise UsageProblem(f"没有文件 {file}。", f"There is no file {file}.", field=field)


def must_have_folder(out: Path | None, field: str = "OUT.xlsx") -> None:
    """Go on where a file can be written to its folder, or none is to be written.

    Raises:
        UsageProblem: there is no such folder.
    """
    if out is not None and not out.absolute().parent.is_dir():
        raise UsageProblem(f"没有目录 {out.parent}。", f"There is no folder {out.parent}.", field=field)
