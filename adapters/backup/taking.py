"""Taking a backup: the ledger with Temporal's own file, and apart from it what opens what is sealed.

Temporal's file is copied before the ledger, so that no workflow in it knows more than the ledger does, and the keystore
after the ledger, so that no row in it is without its key.
"""

import secrets
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.backup import Steps, postgresql, sqlite
from adapters.backup.checking import Checked, check
from adapters.backup.manifest import KEYS, LEDGER, TEMPORAL, BackupError, Head, Manifest, head_of
from adapters.backup.packing import drafted, entry_of, write_manifest
from adapters.database import LEDGER as LEDGER_SCHEMA
from adapters.desk import Desk
from adapters.embedded import STORE
from adapters.keys.ring import VARIABLE
from adapters.keys.store import MARK, SCHEMA
from adapters.marks import read_mark
from adapters.settings import Settings

POST: Final = "post.toml"
NO_KEYS: Final = "密钥库、keys 目录、post.toml 和文书箱另存（--keys） / the keystore, keys, post.toml, tray: by --keys"
NO_WRAPPING: Final = (
    f"封装密钥来自 {VARIABLE}，须另行保存 / the wrapping keys come from {VARIABLE}: keep them elsewhere"
)
WRAPPING_AWAY: Final = "封装密钥 {name} 不在本机 / the wrapping key {name} is not on this machine"


@dataclass(frozen=True)
class Taken:
    """The two parts of a backup, checked; None where the keys were left out."""

    ledger: Checked
    keys: Checked | None


def take(desk: Desk, out: Path, keys_out: Path | None, steps: Steps, *, temporal: bool = True) -> Taken:
    """Take a backup while the desk works, and check it after it is written.

    Args:
        desk: the installation.
        out: a new folder, .zip or .tar for the ledger.
        keys_out: one for the keys; they are left out if None.
        steps: progress bars.
        temporal: whether the embedded Temporal's own file comes along.

    Raises:
        BackupError: it cannot be written, or is not what was copied; nothing is left of it. A ledger with an event that
            is not as it was written is copied all the same, for it is the only one there is: see ``Checked.first``.
    """
    if keys_out is not None:
        _apart(out, keys_out)
        # A ledger learns which keystore is its own when that is first opened, and says so in its backup.
        desk.sealer.keys.ready()
    _two_files(desk.settings)
    mine = secrets.token_hex(8)
    with ExitStack() as stack:
        folder = stack.enter_context(drafted(out))
        keys_folder = stack.enter_context(drafted(keys_out)) if keys_out is not None else None
        _ledger(desk, mine, folder, steps, temporal=temporal)
        if keys_folder is not None:
            _keys(desk, mine, keys_folder, steps)
    return Taken(_checked(out, desk, steps), _checked(keys_out, desk, steps) if keys_out is not None else None)


def _checked(place: Path, desk: Desk, steps: Steps) -> Checked:
    try:
        return check(place, desk, steps)
    except BackupError:
        # What is not sound must not lie there as if it were.
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
        raise


def _apart(out: Path, keys_out: Path) -> None:
    one, two = out.absolute(), keys_out.absolute()
    if one == two or one in two.parents or two in one.parents:
        raise BackupError(
            "密钥不得与台账存在一起：--keys 须是另一处。", "The keys never go with the ledger: --keys is another place."
        )


def _two_files(settings: Settings) -> None:
    ledger, keys = sqlite.file_of(settings.database_url), sqlite.file_of(settings.keys_url)
    if ledger is not None and ledger == keys:
        raise BackupError(
            "台账与密钥库在同一个文件中，无法分开备份。", "Ledger and keystore are one file and cannot be taken apart."
        )


def _ledger(desk: Desk, mine: str, folder: Path, steps: Steps, *, temporal: bool) -> None:
    names = []
    store = desk.settings.data / STORE
    if temporal and desk.settings.embedded and store.exists():
        with steps("Temporal") as progress:
            sqlite.copy(store, folder / TEMPORAL, progress)
        names.append(TEMPORAL)
    backend = "sqlite" if desk.database.is_sqlite else "postgresql"
    name = LEDGER[backend]
    with steps("台账 ledger") as progress:
        source = sqlite.file_of(desk.settings.database_url)
        if source is not None:
            sqlite.copy(source, folder / name, progress)
            head = _head_of_file(folder / name)
        else:
            with desk.database.reading() as connection:
                postgresql.dump(desk.settings.database_url, connection, folder / name, keys=False)
                head = head_of(connection)
    names.append(name)
    manifest = Manifest.model_validate(
        {
            **_said(desk, mine),
            "part": "ledger",
            "backend": backend,
            "revision": LEDGER_SCHEMA.newest,
            "head": head,
            "lacks": (NO_KEYS,),
            "files": [entry_of(folder, each) for each in names],
        }
    ).signed()
    write_manifest(folder, manifest)


def _head_of_file(file: Path) -> Head:
    # An engine of its own: ours would give the copy a log beside it.
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return head_of(connection)


def _said(desk: Desk, mine: str) -> dict[str, object]:
    return {
        "id": mine,
        "made_at": datetime.now(UTC),
        "moment": desk.moments.now(),
        "program": version("banjie"),
        "keystore": read_mark(desk.database, MARK),
    }


def _keys(desk: Desk, mine: str, folder: Path, steps: Steps) -> None:
    settings, store = desk.settings, desk.sealer.keys
    backend = "sqlite" if store.database.is_sqlite else "postgresql"
    with steps("密钥库 keystore") as progress:
        source = sqlite.file_of(settings.keys_url)
        if source is not None:
            sqlite.copy(source, folder / KEYS[backend], progress)
        else:
            with store.database.reading() as connection:
                postgresql.dump(settings.keys_url, connection, folder / KEYS[backend], keys=True)
    names = [KEYS[backend], *_beside(settings.data, folder)]
    held = [each for each in store.held() if each.retired_at is None]
    lacks = [NO_WRAPPING] if settings.wrapping_key else []
    lacks += [WRAPPING_AWAY.format(name=each.name) for each in held if each.here is None]
    manifest = Manifest.model_validate(
        {
            **_said(desk, mine),
            "part": "keys",
            "backend": backend,
            "revision": SCHEMA.newest,
            "lacks": tuple(lacks),
            "files": [entry_of(folder, each) for each in names],
        }
    ).signed()
    write_manifest(folder, manifest)


def _beside(data: Path, folder: Path) -> list[str]:
    """Copy the key files, the post book and the tray; a letter that is taken away meanwhile is not there any more."""
    found = [*sorted((data / "keys").glob("*")), *sorted((data / "tray").glob("*")), data / POST]
    names = []
    for path in found:
        if path.name.startswith("."):
            continue
        try:
            content = path.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            continue
        name = path.relative_to(data).as_posix()
        (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(content)
        names.append(name)
    return names
