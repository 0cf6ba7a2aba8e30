"""A backup is taken while the desk works, is whole or not there, and comes back as it was, into an empty place only."""

import random
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from adapters import checking, queries, tables
from adapters.backup import Progress
from adapters.backup.checking import check
from adapters.backup.manifest import MANIFEST, BackupError, Manifest
from adapters.backup.restoring import STAGE, Restored, restore
from adapters.backup.taking import take
from adapters.desk import open_desk
from adapters.engine_record import ENGINE_LOCK, Lock
from adapters.keys.tables import metadata as keys_metadata
from adapters.marks import read_mark
from adapters.reviving import RESTORED
from adapters.roots import making, origins
from adapters.sealed import DestroyedError
from adapters.settings import Settings
from models.vocabulary import Role, Status
from tests.core.builders import START
from tests.servers import Postgres
from tests.store.desks import Office, a_busy_life, an_office, attack, dump
from tests.store.sealed_things import Things
from tests.store.test_erasing import Complained

GROWN: Final = ("access_log", "marks", "root_origins", "roots", "root_leaves", "root_nodes")
"""What a restoration itself adds to: the record that it was one."""


@contextmanager
def quiet(label: str) -> Iterator[Progress]:
    assert label
    yield lambda *_: None


@pytest.fixture
def elsewhere(kept: Office, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Another machine: an empty folder, and empty databases of the same sort as `kept`."""
    if kept.database.is_sqlite:
        yield Settings.load(tmp_path / "elsewhere")
        return
    server: Postgres = request.getfixturevalue("postgres")
    ledger, keys = server.fresh(), server.fresh()
    yield Settings.load(tmp_path / "elsewhere", database_url=server.url(ledger), keys_url=server.url(keys))
    for name in (ledger, keys):
        server.drop(name)


def brought(source: Path, keys: Path | None, settings: Settings, **more: Any) -> Restored:
    return restore(source, keys, settings, quiet, by="os:tester", **more)


def test_what_comes_back_is_what_was_there_with_everything_that_opens_it(
    kept: Office, elsewhere: Settings, tmp_path: Path, rng: random.Random
) -> None:
    a_busy_life(kept, rng, cases=3)
    things = Things(kept)
    (kept.desk.settings.data / "post.toml").write_text("[tray]\n", encoding="utf-8")
    root = making.make(kept.database, kept.desk.settings.data, START)
    out, keys = tmp_path / "out", tmp_path / "usb" / "keys"
    keys.parent.mkdir()
    taken = take(kept.desk, out, keys, quiet)
    before = dump(kept.database, without=GROWN)
    assert taken.ledger.manifest.head is not None
    assert taken.ledger.manifest.head.cases == len(before["cases"])
    assert taken.ledger.first is None
    done = brought(out, keys, elsewhere)
    assert done.waiting > 0
    assert done.keyless == 0
    with closing(open_desk(elsewhere)) as desk:
        # What ships with the program comes in when an installation is opened; all else is as it was.
        after = dump(desk.database, without=GROWN)
        assert {name: set(rows) - set(after[name]) for name, rows in before.items()} == {name: set() for name in before}
        assert checking.verify(desk.database).ok
        assert checking.rebuild(desk.database, check=True).ok
        assert read_mark(desk.database, RESTORED) == done.fork.id
        told = [row for row in dump(desk.database)["access_log"] if '"restore"' in str(row)]
        assert len(told) == 1
        assert taken.ledger.manifest.id in str(told[0])
        things.check(desk)
        # The log of heads goes on under a name of its own: whoever holds a later root of the old one sees why.
        with desk.database.reading() as connection:
            old, new = origins.every(connection)
            newest = making.latest(connection)
        assert new.name != old.name
        assert (new.generation, new.size >= root.size) == (2, True)
        assert taken.ledger.manifest.id in new.reason
        assert newest is not None
        assert newest.generation == 2
    assert (elsewhere.data / "post.toml").exists()


@pytest.fixture
def full(small_office: Office) -> Office:
    """A desk with some cases, one of them with a petitioner under seal."""
    for status in (Status.REGISTERED, Status.REVIEWING, Status.CLOSED):
        small_office.a_case(status)
    Things(small_office)
    return small_office


@pytest.mark.parametrize("form", ["box", "box.zip", "box.tar"])
def test_a_folder_a_zip_and_a_tar_do_alike(full: Office, tmp_path: Path, form: str) -> None:
    out = tmp_path / form
    take(full.desk, out, tmp_path / f"keys-{form}", quiet)
    assert check(out, None, quiet).chains is not None
    assert brought(out, tmp_path / f"keys-{form}", Settings.load(tmp_path / "new")).keyless == 0
    # Nobody else on the machine may read it, and nothing is left beside it.
    assert not out.stat().st_mode & 0o077
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_ledgers_part_holds_no_key(kept: Office, tmp_path: Path) -> None:
    things = Things(kept)
    out = tmp_path / "out"
    take(kept.desk, out, None, quiet)
    with kept.desk.sealer.keys.database.reading() as connection:
        rows = [row for table in keys_metadata.sorted_tables for row in connection.execute(sa.select(table))]
    secret = [cell for row in rows for cell in row if isinstance(cell, bytes) and len(cell) >= 16]
    secret += [path.read_bytes() for path in (kept.desk.settings.data / "keys").iterdir() if path.is_file()]
    assert len(secret) > 2
    written = b"".join(path.read_bytes() for path in out.iterdir())
    assert not [each for each in secret if each in written or each.hex().encode() in written]
    assert things.case.encode() in written or not kept.database.is_sqlite


def test_what_was_acknowledged_before_is_in_it_while_others_write_on(kept: Office, tmp_path: Path) -> None:
    case = kept.a_case(Status.ASSIGNED)
    acknowledged, stop = count(1), threading.Event()
    last = 0

    def write() -> None:
        nonlocal last
        while not stop.is_set():
            kept.act(case, Role.CLERK, "note", text=f"第{next(acknowledged)}条")
            last = kept.case(case).seq

    writer = threading.Thread(target=write)
    writer.start()
    try:
        at_least = last
        taken = take(kept.desk, tmp_path / "out", tmp_path / "keys", quiet)
        at_most = last
    finally:
        stop.set()
        writer.join()
    # The ledger is one moment between the two: it was held against its heads and its chains when it was taken.
    assert taken.ledger.first is None
    if kept.database.is_sqlite:
        with closing(sa.create_engine(f"sqlite:///{tmp_path / 'out' / 'ledger.db'}").connect()) as copy:
            seq = copy.execute(sa.select(tables.cases.c.seq).where(tables.cases.c.id == case)).scalar_one()
        assert at_least <= seq <= at_most + 1


def test_what_was_erased_since_the_keys_were_backed_up_stays_erased(
    kept: Office, elsewhere: Settings, tmp_path: Path
) -> None:
    gone = Complained(kept)
    stays = Things(kept)
    take(kept.desk, tmp_path / "out-1", tmp_path / "keys-1", quiet)
    gone.carry_out(gone.decide())
    kept.act(gone.case, Role.ENGINE, "record_outcome")
    take(kept.desk, tmp_path / "out-2", None, quiet)
    done = brought(tmp_path / "out-2", tmp_path / "keys-1", elsewhere)
    assert done.erased is not None
    assert (done.erased.erasures, done.erased.keys > 0) == (1, True)
    with closing(open_desk(elsewhere)) as desk:
        (ref, *_) = queries.case(desk.database, gone.case).sealed
        with pytest.raises(DestroyedError):
            desk.sealer.open(desk.database, ref)
        stays.check(desk)


def test_a_ledger_that_does_not_hold_is_backed_up_all_the_same_and_restored_only_if_it_is_said(
    full: Office, tmp_path: Path
) -> None:
    (first, *_) = [str(row[0]) for row in dump(full.database)["cases"] if str(row[0]).startswith("XF")]
    attack(full, "UPDATE events SET body = replace(body, '臭味', '香味') WHERE case_id = ? AND seq = 1", first)
    taken = take(full.desk, tmp_path / "out", None, quiet)
    assert taken.ledger.first is not None
    assert (taken.ledger.first.case, taken.ledger.first.seq) == (first, 1)
    with pytest.raises(BackupError, match=f"{first}, event 1"):
        brought(tmp_path / "out", None, Settings.load(tmp_path / "new"))
    assert brought(tmp_path / "out", None, Settings.load(tmp_path / "new"), damaged=True).waiting


def test_a_backup_never_writes_over_anything(full: Office, tmp_path: Path) -> None:
    for out in (tmp_path / "out", tmp_path / "out.zip"):
        out.write_text("mine", encoding="utf-8")
        with pytest.raises(BackupError, match="is there already"):
            take(full.desk, out, None, quiet)
        assert out.read_text(encoding="utf-8") == "mine"
    with pytest.raises(BackupError, match="another place"):
        take(full.desk, tmp_path / "both", tmp_path / "both" / "keys", quiet)
    assert not (tmp_path / "both").exists()


def test_a_backup_that_fails_half_way_leaves_nothing(
    full: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(folder: Path, name: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("adapters.backup.taking.entry_of", no_room)
    with pytest.raises(BackupError, match="No space left"):
        take(full.desk, tmp_path / "out.zip", tmp_path / "keys", quiet)
    assert {path.name for path in tmp_path.iterdir()} == {"desk"}


def test_what_a_killed_backup_left_behind_is_swept_by_the_next(full: Office, tmp_path: Path) -> None:
    # Process 1 lives for ever and is not ours; no process has the greatest number.
    left, anothers = tmp_path / ".out.4194305.partial", tmp_path / ".out.1.partial"
    for each in (left, anothers):
        each.mkdir()
    take(full.desk, tmp_path / "out", None, quiet)
    assert not left.exists()
    assert anothers.exists()


Spoil = Callable[[Path, Settings], None]


def halved(out: Path, settings: Settings) -> None:
    del settings
    out.write_bytes(out.read_bytes()[: out.stat().st_size // 2])


def cut_by_a_byte(out: Path, settings: Settings) -> None:
    del settings
    out.write_bytes(out.read_bytes()[:-1])


def emptied(out: Path, settings: Settings) -> None:
    del settings
    out.write_bytes(b"")


def flipped(out: Path, settings: Settings) -> None:
    """Flip one bit in the middle of the ledger, and have the archive say that it is right."""
    del settings
    _packed_anew(out, ledger=lambda raw: raw[:9000] + bytes([raw[9000] ^ 1]) + raw[9001:])


def packed_data_spoilt(out: Path, settings: Settings) -> None:
    """Spoil what the ZIP has packed, where its unpacker stumbles before any hash is made."""
    del settings
    with zipfile.ZipFile(out) as box:
        at = box.getinfo("ledger.db").header_offset + 60
    raw = out.read_bytes()
    out.write_bytes(raw[:at] + b"\xff" * 400 + raw[at + 400 :])


def packed_unknown(out: Path, settings: Settings, place: int = 10, value: int = 99) -> None:
    """Have the ZIP's last entry say that it is packed in a way that nobody knows."""
    del settings
    raw = bytearray(out.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + place] = value
    out.write_bytes(raw)


def encrypted(out: Path, settings: Settings) -> None:
    """Have the ZIP's last entry say that it wants a password."""
    packed_unknown(out, settings, 8, 1)


def a_file_less(out: Path, settings: Settings) -> None:
    del settings
    _packed_anew(out, ledger=lambda _: None)


def from_the_future(out: Path, settings: Settings) -> None:
    del settings
    _packed_anew(out, manifest=lambda told: told.model_copy(update={"revision": "9999"}).signed())


def a_manifest_altered(out: Path, settings: Settings) -> None:
    del settings
    _packed_anew(out, manifest=lambda told: told.model_copy(update={"revision": "0001"}))


def another_head(out: Path, settings: Settings) -> None:
    """The hashes fit, but the ledger is not the one that the manifest tells of."""
    del settings

    def other(told: Manifest) -> Manifest:
        assert told.head is not None
        return told.model_copy(update={"head": told.head.model_copy(update={"digest": "0" * 64})}).signed()

    _packed_anew(out, manifest=other)


def something_there(out: Path, settings: Settings) -> None:
    del out
    settings.data.mkdir()
    (settings.data / "banjie.db").write_text("precious", encoding="utf-8")


def _packed_anew(
    out: Path,
    *,
    ledger: Callable[[bytes], bytes | None] = lambda raw: raw,
    manifest: Callable[[Manifest], Manifest] = lambda told: told,
) -> None:
    with zipfile.ZipFile(out) as box:
        content = {name: box.read(name) for name in box.namelist()}
    told = manifest(Manifest.read(content.pop(MANIFEST), "it"))
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(MANIFEST, told.text())
        for name, raw in content.items():
            made = ledger(raw)
            if made is not None:
                box.writestr(name, made)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (halved, "cannot be read"),
        (cut_by_a_byte, r"cannot be read|damaged"),
        (emptied, "cannot be read"),
        (packed_data_spoilt, "cannot be read"),
        (packed_unknown, "cannot be read"),
        (encrypted, "cannot be read"),
        (flipped, "ledger.db in the backup .* is damaged"),
        (a_file_less, "not what its manifest says: ledger.db"),
        (from_the_future, "newer than this program"),
        (a_manifest_altered, "was altered"),
        (another_head, "not the one its manifest tells of"),
        (something_there, "is not empty"),
    ],
)
def test_what_cannot_be_restored_is_refused_and_changes_nothing(
    full: Office, tmp_path: Path, spoil: Spoil, says: str
) -> None:
    out, settings = tmp_path / "out.zip", Settings.load(tmp_path / "new")
    take(full.desk, out, None, quiet)
    spoil(out, settings)
    before = (_files(settings.data), out.read_bytes(), dump(full.database))
    with pytest.raises(BackupError, match=says):
        brought(out, None, settings)
    assert (_files(settings.data), out.read_bytes(), dump(full.database)) == before


def _files(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: raw for name, raw in found.items() if name != ENGINE_LOCK}


def test_a_tar_cut_anywhere_is_refused(full: Office, tmp_path: Path) -> None:
    whole = tmp_path / "out.tar"
    take(full.desk, whole, None, quiet)
    raw, settings = whole.read_bytes(), Settings.load(tmp_path / "new")
    with tarfile.open(whole) as box:
        last = max(each.offset_data + each.size for each in box.getmembers())
    for length in (0, 1, 511, 600, last // 2, last - 1):
        cut = tmp_path / "cut.tar"
        cut.write_bytes(raw[:length])
        with pytest.raises(BackupError):
            brought(cut, None, settings)
        assert _files(settings.data) == {}


def test_keys_of_another_ledger_and_parts_mixed_up_are_refused(full: Office, tmp_path: Path) -> None:
    take(full.desk, tmp_path / "out", tmp_path / "keys", quiet)
    with an_office(tmp_path / "other") as other:
        Things(other)
        take(other.desk, tmp_path / "out-2", tmp_path / "keys-2", quiet)
    settings = Settings.load(tmp_path / "new")
    for source, keys, says in (
        ("out", "keys-2", "does not hold the keys of this ledger"),
        ("out", "out", "does not hold the keys of this ledger"),
        ("keys", "out", "holds the keys, not the ledger"),
    ):
        with pytest.raises(BackupError, match=says):
            brought(tmp_path / source, tmp_path / keys, settings)
        assert _files(settings.data) == {}
    elsewhere = Settings.load(tmp_path / "new", database_url="postgresql://nowhere.invalid/x")
    with pytest.raises(BackupError, match="comes from sqlite"):
        brought(tmp_path / "out", None, elsewhere)


def test_a_folder_with_an_engine_on_it_is_left_alone(full: Office, tmp_path: Path) -> None:
    take(full.desk, tmp_path / "out", None, quiet)
    new = tmp_path / "new"
    new.mkdir()
    lock = Lock.attempt(new / ENGINE_LOCK)
    assert lock is not None
    try:
        with pytest.raises(BackupError, match="An engine runs"):
            brought(tmp_path / "out", None, Settings.load(new))
    finally:
        lock.release()
    brought(tmp_path / "out", None, Settings.load(new))
    with pytest.raises(BackupError, match="is not empty"):
        brought(tmp_path / "out", None, Settings.load(new))


def test_a_restoration_that_was_killed_is_begun_anew(full: Office, tmp_path: Path) -> None:
    take(full.desk, tmp_path / "out", tmp_path / "keys", quiet)
    new = tmp_path / "new"
    brought(tmp_path / "out", tmp_path / "keys", Settings.load(new))
    # Killed while everything was moved to its place: all but the ledger, which goes last, is there.
    (new / STAGE / "data").mkdir(parents=True)
    shutil.move(new / "banjie.db", new / STAGE / "data" / "banjie.db")
    assert brought(tmp_path / "out", tmp_path / "keys", Settings.load(new)).keyless == 0


def test_a_database_with_something_in_it_is_not_written_over(kept: Office, elsewhere: Settings, tmp_path: Path) -> None:
    if kept.database.is_sqlite:
        (elsewhere.data).mkdir()
        away = Settings.load(elsewhere.data, database_url=kept.desk.settings.database_url)
    else:
        away = Settings.load(elsewhere.data, database_url=kept.desk.settings.database_url, keys_url=elsewhere.keys_url)
    kept.register()
    take(kept.desk, tmp_path / "out", None, quiet)
    kept.register()
    before = dump(kept.database)
    with pytest.raises(BackupError, match=r"not empty|is there already"):
        brought(tmp_path / "out", None, away)
    assert dump(kept.database) == before


def test_keys_that_were_left_out_can_be_brought_back_later(full: Office, tmp_path: Path) -> None:
    take(full.desk, tmp_path / "out", tmp_path / "keys", quiet)
    settings = Settings.load(tmp_path / "new")
    assert brought(tmp_path / "out", None, settings).erased is None
    with closing(open_desk(settings, serves=False)) as desk:
        assert checking.verify(desk.database).ok


def test_every_file_of_a_backup_is_its_owners_alone(full: Office, tmp_path: Path) -> None:
    take(full.desk, tmp_path / "out", tmp_path / "keys", quiet)
    for part in ("out", "keys"):
        for path in (tmp_path / part).rglob("*"):
            assert not path.stat().st_mode & 0o077, path
