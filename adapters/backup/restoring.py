"""Restoring a backup: into an empty folder or database, verified before it is in place, whole or not at all.

The ledger wins: Temporal's own file stays out unless it is asked for, and every open case's workflow is started from
the ledger. Erasures that the ledger records are carried out again on the keystore.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.backup import Steps, postgresql, sqlite
from adapters.backup.checking import holds
from adapters.backup.erasing_again import ErasedAgain, erase_again, without_key
from adapters.backup.forking import Fork, record_fork
from adapters.backup.manifest import KEYS, LEDGER, TEMPORAL, BackupError, Manifest, head_of
from adapters.backup.packing import manifest_of, unpack
from adapters.database import LEDGER as LEDGER_SCHEMA
from adapters.database import Database, Schema
from adapters.desk import open_desk
from adapters.embedded import STORE
from adapters.engine_record import ENGINE_LOCK, RECORD, SERVER_LOCK, Lock, holder
from adapters.keys.store import SCHEMA
from adapters.keys.tables import metadata as keys_metadata
from adapters.marks import read_mark
from adapters.reviving import RESTORED, waiting
from adapters.settings import KEYS_FILE, LEDGER_FILE, Settings, sqlite_in

STAGE: Final = ".restoring"
NOT_THERE: Final = frozenset({ENGINE_LOCK, SERVER_LOCK, RECORD, STAGE})
"""What may lie in an empty folder."""


@dataclass(frozen=True)
class Restored:
    """What was restored, the fork that it is, how many cases go on, and what was erased again; None without keys.

    ``keyless`` is how many seals and files have no key: erased ones, and those that the keys are too old for.
    """

    manifest: Manifest
    fork: Fork
    waiting: int
    erased: ErasedAgain | None
    keyless: int


def restore(
    source: Path,
    keys_source: Path | None,
    settings: Settings,
    steps: Steps,
    *,
    by: str,
    temporal: bool = False,
    damaged: bool = False,
) -> Restored:
    """Restore a backup.

    Args:
        source: the ledger's part.
        keys_source: the keys' part; without it what is sealed stays shut until the keys are brought back.
        settings: where to: the data folder is empty, and so is a PostgreSQL that they name.
        steps: progress bars.
        by: who does it, for the access log.
        temporal: whether Temporal's own file comes back too; the workflows are started anew all the same.
        damaged: whether a ledger that was damaged before it was backed up is restored as it is; ``verify`` names what.

    Raises:
        BackupError: why not; nothing was changed.
    """
    _fits(source, keys_source, settings)
    with _alone(settings.data), _staged(settings.data) as stage:
        ledger, keys = stage / "ledger", stage / "keys-part"
        with steps("解包 unpacking") as progress:
            manifest = unpack(source, ledger, progress)
        if keys_source is not None:
            with steps("解包密钥 unpacking the keys") as progress:
                unpack(keys_source, keys, progress)
        new = _laid(stage, ledger, keys, manifest, temporal=temporal)
        inside = _settings(settings, new, manifest)
        if manifest.backend == "postgresql":
            _loaded(settings, ledger, keys, manifest)
        with closing(Database(inside.database_url, pool=2)) as database:
            database.migrate()
            report = holds(database, manifest, steps)
        if report.faults and not damaged:
            first = report.faults[0]
            raise BackupError(
                f"备份中的台账与哈希链不符：{first.case} 第 {first.seq} 个事件，{first.zh}。仍要恢复请加 --damaged。",
                f"The ledger in the backup does not hold: {first.case}, event {first.seq}: {first.en}. --damaged"
                " restores it as it is.",
            )
        done = _settled(inside, manifest, steps, by=by, keys=keys_source is not None)
        _placed(new, settings)
    return done


def _fits(source: Path, keys_source: Path | None, settings: Settings) -> None:
    manifest = manifest_of(source)
    if manifest.part != "ledger":
        raise BackupError(f"{source} 是密钥部分，不是台账。", f"{source} holds the keys, not the ledger.")
    _known(manifest, LEDGER_SCHEMA)
    backend = sa.make_url(settings.database_url).get_backend_name()
    if backend != manifest.backend:
        raise BackupError(
            f"备份来自 {manifest.backend}，而 DATABASE_URL 指向 {backend}。",
            f"The backup comes from {manifest.backend}, but DATABASE_URL names {backend}.",
        )
    if keys_source is not None:
        keys = manifest_of(keys_source)
        if keys.part != "keys" or keys.keystore != manifest.keystore:
            raise BackupError(
                f"{keys_source} 不是本台账的密钥。", f"{keys_source} does not hold the keys of this ledger."
            )
        _known(keys, SCHEMA)


def _known(manifest: Manifest, schema: Schema) -> None:
    # Revisions are numbered, so that the newer is the greater.
    if manifest.revision > schema.newest:
        raise BackupError(
            f"备份的结构版本（{manifest.revision}）比本程序新，请升级程序。",
            f"The backup's schema ({manifest.revision}) is newer than this program; please upgrade it.",
        )


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold a folder as an engine would, so that none runs on it and none is started meanwhile."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = Lock.attempt(data / ENGINE_LOCK)
    if lock is None:
        pid = holder(data / ENGINE_LOCK)
        raise BackupError(
            f"数据目录 {data} 正有引擎在运行（进程号 {pid}），请先停止。",
            f"An engine runs on {data} (process {pid}); stop it first.",
        )
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _staged(data: Path) -> Iterator[Path]:
    """Yield a folder inside an empty one; whatever happens, it is gone afterwards."""
    stage = data / STAGE
    if stage.exists() and not (data / LEDGER_FILE).exists():
        # An earlier restoration was killed: all that lies here came from it, for it was empty before.
        for path in data.iterdir():
            if path.name not in {ENGINE_LOCK, SERVER_LOCK}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if found := sorted(path.name for path in data.iterdir() if path.name not in NOT_THERE):
        raise BackupError(
            f"数据目录 {data} 不是空的（{found[0]}），不会覆盖。",
            f"The folder {data} is not empty ({found[0]}) and nothing in it is written over.",
        )
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _laid(stage: Path, ledger: Path, keys: Path, manifest: Manifest, *, temporal: bool) -> Path:
    """Lay what was unpacked as a data folder has it."""
    new = stage / "data"
    new.mkdir(mode=0o700)
    if manifest.backend == "sqlite":
        (ledger / LEDGER["sqlite"]).rename(new / LEDGER_FILE)
    if temporal and (ledger / TEMPORAL).exists():
        (ledger / TEMPORAL).rename(new / STORE)
    if keys.exists():
        for path in sorted(keys.iterdir()):
            if path.name == KEYS["sqlite"]:
                path.rename(new / KEYS_FILE)
            elif path.name != KEYS["postgresql"]:
                path.rename(new / path.name)
    return new


def _settings(settings: Settings, new: Path, manifest: Manifest) -> Settings:
    changed: dict[str, object] = {"data": new}
    if manifest.backend == "sqlite":
        changed["database_url"] = sqlite_in(new)
    if sqlite.file_of(settings.keys_url) is not None:
        changed["keys_url"] = sqlite_in(new, KEYS_FILE)
    return settings.model_copy(update=changed)


def _loaded(settings: Settings, ledger: Path, keys: Path, manifest: Manifest) -> None:
    """Load the dumps into their databases, which are empty, or hold just this from a try that was broken off."""
    if (keys / KEYS["postgresql"]).exists():
        with closing(Database(settings.keys_url, pool=2)) as database, database.reading() as connection:
            if not postgresql.tables_in(connection) & set(keys_metadata.tables):
                postgresql.load(settings.keys_url, connection, keys / KEYS["postgresql"])
    with closing(Database(settings.database_url, pool=2)) as database:
        with database.reading() as connection:
            there = postgresql.tables_in(connection) - set(postgresql.KEY_TABLES)
            if not there:
                postgresql.load(settings.database_url, connection, ledger / LEDGER["postgresql"])
                return
        with database.reading() as connection:
            same = "events" in there and head_of(connection) == manifest.head
        if not same or read_mark(database, RESTORED) is not None:
            raise BackupError(
                "DATABASE_URL 指向的数据库不是空的，不会覆盖。",
                "The database that DATABASE_URL names is not empty and nothing in it is written over.",
            )


def _settled(inside: Settings, manifest: Manifest, steps: Steps, *, by: str, keys: bool) -> Restored:
    """Bring the schema up to date, say that it was restored, erase again what was erased, count who goes on."""
    with closing(open_desk(inside, serves=keys)) as desk:
        fork = record_fork(desk, manifest, by)
        erased, keyless = None, 0
        if keys:
            with steps("重做删除 erasing again") as progress:
                erased = erase_again(desk, progress)
            keyless = without_key(desk)
        # The engine that opens it finds the fork and starts each of them anew (Relay, "anchor").
        count = waiting(desk.database)
    return Restored(manifest, fork, count, erased, keyless)


def _placed(new: Path, settings: Settings) -> None:
    """Move everything to its place, the ledger last: until then there is nothing that an engine could take for one."""
    targets = {path: settings.data / path.name for path in new.iterdir()}
    for name, url in ((LEDGER_FILE, settings.database_url), (KEYS_FILE, settings.keys_url)):
        if (new / name).exists() and (file := sqlite.file_of(url)) is not None:
            targets[new / name] = file
            if file.exists():
                raise BackupError(f"{file} 已存在，不会覆盖。", f"{file} is there already and is not written over.")
    for path in sorted(targets, key=lambda each: each.name == LEDGER_FILE):
        shutil.move(path, targets[path])
    handle = os.open(settings.data, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
