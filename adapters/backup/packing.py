"""How a backup lies on the disk: a folder, a .zip or a .tar; written aside and named at the end, or not at all."""

import hashlib
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from adapters.backup import Progress
from adapters.backup.manifest import LIMIT, MANIFEST, BackupError, FileEntry, Manifest
from adapters.engine_record import born

CHUNK: Final = 2**20
DRAFT: Final = ".partial"
BROKEN: Final = (
    OSError,
    KeyError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    tarfile.TarError,
    zipfile.BadZipFile,
)
"""What reading an archive that is none, was altered or is encrypted may come to."""


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """Yield a folder to write into, and have it appear as ``out`` when all went well; else nothing is left of it.

    Raises:
        BackupError: there is something of that name, or it cannot be written there.
    """
    out = out.absolute()
    if os.path.lexists(out):
        raise BackupError(f"{out} 已存在，不会覆盖。", f"{out} is there already and is not written over.")
    _sweep(out)
    draft = out.with_name(f".{out.name}.{os.getpid()}{DRAFT}")
    packed = out.with_name(f".{out.name}.{os.getpid()}.packed{DRAFT}")
    try:
        draft.mkdir(mode=0o700)
        yield draft
        _pack(draft, packed, out)
        _sync(out.parent)
    except OSError as fault:
        raise BackupError(
            f"无法写入 {out}：{fault.strerror}。", f"{out} cannot be written: {fault.strerror}."
        ) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        packed.unlink(missing_ok=True)


def _sweep(out: Path) -> None:
    """Take away what a backup of the same name left behind whose process was killed."""
    for path in out.parent.glob(f".{out.name}.*{DRAFT}"):
        number = path.name.removeprefix(f".{out.name}.").partition(".")[0]
        if number.isdecimal() and not born(int(number)):
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.unlink()


def _pack(draft: Path, packed: Path, out: Path) -> None:
    names = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
    names.sort(key=lambda name: name != MANIFEST)
    if out.suffix not in {".zip", ".tar"}:
        draft.rename(out)
        return
    with os.fdopen(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        if out.suffix == ".zip":
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for name in names:
                    archive.write(draft / name, name)
        else:
            with tarfile.open(fileobj=file, mode="w") as tar:
                for name in names:
                    tar.add(draft / name, name)
        file.flush()
        os.fsync(file.fileno())
    # A link never takes the place of what came there meanwhile.
    os.link(packed, out)


def entry_of(folder: Path, name: str) -> FileEntry:
    """Return a written file's entry, and have it on the disk, readable to its owner alone."""
    path, digest = folder / name, hashlib.sha256()
    path.chmod(0o600)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return FileEntry(name=name, size=path.stat().st_size, sha256=digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last."""
    path = folder / MANIFEST
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(manifest.text() + "\n")
        file.flush()
        os.fsync(file.fileno())


class _Box:
    """A backup that is read: the names in it, and each as a file."""

    def __init__(self, place: Path, stack: ExitStack) -> None:
        self.place = place
        self._zip: zipfile.ZipFile | None = None
        self._tar: tarfile.TarFile | None = None
        if place.is_dir():
            self.names = {path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir()}
        elif zipfile.is_zipfile(place):
            self._zip = stack.enter_context(zipfile.ZipFile(place))
            self.names = {each.filename for each in self._zip.infolist() if not each.is_dir()}
        else:
            self._tar = stack.enter_context(tarfile.open(place, mode="r:"))  # noqa: SIM115 - the stack closes it
            self.names = {each.name for each in self._tar.getmembers() if each.isfile()}

    def open(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(name)
        if self._tar is not None:
            found = self._tar.extractfile(name)
            if found is None:
                raise KeyError(name)
            return found
        path = self.place / name
        if path.is_symlink():
            raise KeyError(name)
        return path.open("rb")


@contextmanager
def _reading(place: Path) -> Iterator[tuple[_Box, Manifest]]:
    try:
        with ExitStack() as stack:
            box = _Box(place, stack)
            with box.open(MANIFEST) as file:
                raw = file.read(LIMIT)
            yield box, Manifest.read(raw, place.name)
    except BROKEN as fault:
        raise BackupError(
            f"无法读取备份 {place}：文件缺失、损坏或不是备份。",
            f"The backup {place} cannot be read: something is missing, damaged, or it is none.",
        ) from fault


def manifest_of(place: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        BackupError: it cannot be read.
    """
    with _reading(place) as (_, manifest):
        return manifest


def unpack(place: Path, into: Path, progress: Progress) -> Manifest:
    """Copy a backup's files into a folder, each held against its hash.

    Raises:
        BackupError: it cannot be read, a file is missing or one too many, or one is not what it was.
    """
    with _reading(place) as (box, manifest):
        named = {each.name for each in manifest.files}
        if odd := sorted((box.names - {MANIFEST}) ^ named):
            raise BackupError(
                f"备份 {place} 与清单不符：{odd[0]}。", f"The backup {place} is not what its manifest says: {odd[0]}."
            )
        total, done = sum(each.size for each in manifest.files), 0
        for each in manifest.files:
            target = into / each.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            digest = hashlib.sha256()
            with (
                box.open(each.name) as source,
                os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            ):
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                    done += len(chunk)
                    progress(done // 1024, total // 1024)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != each.sha256:
                raise BackupError(
                    f"备份 {place} 中的 {each.name} 已损坏或被改动。",
                    f"{each.name} in the backup {place} is damaged, or was altered.",
                )
    return manifest


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
