"""Witnesses: what keeps a copy of every root where whoever can rewrite the ledger cannot reach it.

One is a folder (another machine's, mounted; written to, never overwritten), the other a letter by the post book. The
folder is read as well: before a root is signed it is held against what the folder has, so that a ledger which was cut,
rewritten or set back does not go on as if nothing had happened.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from adapters import SetupError
from adapters.roots import keys, origins, tree
from models.checkpoint import DASH, Checkpoint, CheckpointError, VerifyingKey, checkpoint_of, key_of, note_of
from models.vocabulary import Term
from models.witnessed import Generation, Standing, standing

SUFFIX: Final = ".root.txt"
KEY_SUFFIX: Final = ".key.txt"


class Witness(Term):
    """Who keeps a copy."""

    FOLDER = "folder", "见证目录", "witness folder"
    POST = "post", "见证邮件", "witness letter"


class WitnessError(SetupError):
    """The witness's folder cannot be used."""


class ForkedError(SetupError):
    """The log is not what was signed, or what the witness has kept: nothing is signed until somebody says why."""

    def __init__(self, size: int, how: Standing) -> None:
        """Say what is wrong and what to do."""
        super().__init__(
            f"此前签名的根（{size} 个叶子）与本台账不符：{how.zh}。请用 banjie roots check 查明；"
            "若台账是由备份恢复的，用 banjie roots fork 记录分叉。",
            f"A root was signed over {size} leaves that does not fit this ledger: {how.en}. Find out with "
            "banjie roots check; if the ledger was restored from a backup, record that with banjie roots fork.",
        )


class Kept(NamedTuple):
    """A root as the witness has it: the file's name, its text, the checkpoint; None where it is none."""

    name: str
    note: str
    checkpoint: Checkpoint | None


class Judged(NamedTuple):
    """A kept root, how it stands to the log, and whether one of the log's keys signed it."""

    kept: Kept
    standing: Standing
    signed: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with the log for it; whose key signed what was abandoned, nobody may know here."""
        return self.standing is Standing.ABANDONED or (self.standing is Standing.HOLDS and self.signed)


def lay(folder: Path, note: str, verifying: tuple[str, ...]) -> Path:
    """Lay a root, and the keys it is read with, into the folder; what lies there already stays as it is.

    Raises:
        WitnessError: the folder cannot be written, or another root lies there under the same name.
    """
    found = checkpoint_of(note_of(note).text)
    path = folder / f"{_plain(found.origin)}-{found.size:012d}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in verifying:
            key = key_of(each)
            _write(folder / f"{_plain(key.name)}-{key.key_id.hex()}{KEY_SUFFIX}", f"{each}\n")
        if _write(path, note) != note:
            raise WitnessError(
                f"见证目录中已有另一份同名的根：{path.name}", f"Another root lies there by that name: {path.name}"
            )
    except OSError as fault:
        raise WitnessError(
            f"见证目录无法写入（{fault.strerror}）", f"The witness's folder cannot be written ({fault.strerror})"
        ) from fault
    return path


def read(folder: Path) -> Iterator[Kept]:
    """Yield what the folder has kept, by name, so that of one origin the smallest is first.

    Raises:
        WitnessError: the folder cannot be read.
    """
    try:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            yield kept(path.name, path.read_bytes().decode("utf-8", "replace"))
    except OSError as fault:
        raise WitnessError(
            f"见证目录无法读取（{fault.strerror}）", f"The witness's folder cannot be read ({fault.strerror})"
        ) from fault


def kept(name: str, text: str) -> Kept:
    """Return a root that was kept as text, by whatever name; what stands around it, as in a letter, is passed over."""
    lines = text.replace("\r\n", "\n").split("\n")
    # A key's line begins as an origin does, and goes on with a plus.
    begins = (at for at, line in enumerate(lines) if line.startswith(f"{origins.PREFIX}/") and "+" not in line)
    first = next(begins, 0)
    last = max((place for place, line in enumerate(lines) if line.startswith(DASH)), default=-1)
    note, found = "".join(f"{line}\n" for line in lines[first : last + 1]), None
    with suppress(CheckpointError):
        found = checkpoint_of(note_of(note).text)
    return Kept(name, note, found)


def judge(connection: sa.Connection, some: Iterator[Kept]) -> Iterator[Judged]:
    """Yield how each kept root stands to the log as it is."""
    generations = generations_of(connection)
    public = [each.public for each in keys.known(connection)]
    size, nodes = tree.size_of(connection), tree.nodes_at(connection)
    for each in some:
        if each.checkpoint is None:
            yield Judged(each, Standing.REWRITTEN, signed=False)
            continue
        named = [VerifyingKey(each.checkpoint.origin, one) for one in public]
        signed = bool(keys.signed_by(note_of(each.note), named))
        yield Judged(each, standing(each.checkpoint, generations, size, nodes), signed)


def generations_of(connection: sa.Connection) -> list[Generation]:
    """Return the log's generations as far as they say which checkpoints fit it."""
    found = []
    for each in origins.every(connection):
        abandoned = (kept("", note).checkpoint for note in each.abandoned)
        found.append(Generation(each.name, each.size, tuple(one for one in abandoned if one is not None)))
    return found


def must_fit(connection: sa.Connection, folder: Path | None) -> None:
    """Hold the newest root of each origin in the folder against the log.

    Raises:
        ForkedError: one of them does not fit.
        WitnessError: the folder cannot be read.
    """
    newest: dict[str, Kept] = {}
    for each in read(folder) if folder is not None else ():
        if each.checkpoint is not None:
            newest[each.checkpoint.origin] = each
    for judged in judge(connection, iter(newest.values())):
        if judged.kept.checkpoint is not None and not judged.is_well:
            raise ForkedError(judged.kept.checkpoint.size, judged.standing)


def _write(path: Path, text: str) -> str:
    """Write a file that is not there yet, whole or not at all; return what it holds then."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # Whoever keeps it is to read it; there is no secret in it.
        with suppress(OSError):
            draft.chmod(0o644)
        # Not by a link: many a mounted folder knows none. Who writes the same at the same time writes the same text.
        draft.replace(path)
    return path.read_text(encoding="utf-8")


def _plain(name: str) -> str:
    return name.replace("/", "_")
