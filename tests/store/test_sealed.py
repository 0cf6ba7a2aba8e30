"""Who complained and in which words stays under seal, and only the right key opens it."""

import os
import random
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import checking, tables
from adapters.intake import intake
from adapters.keys.ring import Ring, SealError, wrapping_key
from adapters.keys.tables import data_keys
from adapters.sealed import DestroyedError, Sealer, sealer_of
from models.vocabulary import Role
from tests.store.desks import Office, dump
from tests.store.other_process import Other

CANARIES = {
    "petitioner": "欧阳金丝雀",
    "contact": "13900001234",
    "text": "我叫欧阳金丝雀，住河口村17号，电话13900001234，夜里臭得睡不着。",
}
FIELDS = {
    "channel": "visit",
    "place": "青石镇河口村",
    "summary": "群众反映养殖场夜间臭味扰民",
    "respondent": "青石养殖场",
}
WORDS = ("欧阳金丝雀", "13900001234", "河口村17号", "睡不着")


def a_secret(office: Office, key: str = "k1") -> str:
    """Take a petition in with everything there is to seal; return the name it is kept under."""
    receipt = intake(office.desk, FIELDS, actor="clerk", key=key, secret=CANARIES)
    return office.case(receipt.case).sealed[0]


def told(value: object) -> bool:
    """Whether something holds one of the words, as text or as the bytes of one."""
    raw = value if isinstance(value, bytes) else str(value).encode()
    return any(word.encode() in raw or word.encode("utf-16-le") in raw for word in WORDS)


# ── nowhere else ──


def test_no_table_holds_the_petitioner_or_their_words(office: Office) -> None:
    ref = a_secret(office)
    (case,) = (name for name in {row[0] for row in dump(office.database)["cases"]} if name != "organisation")
    office.act(str(case), Role.CLERK, "accept")
    office.act(str(case), Role.DISPATCHER, "assign")
    assert office.desk.sealer.open(office.database, ref) == CANARIES
    found = dump(office.database)
    assert len(found["sealed"]) == 1
    assert [(name, row) for name, rows in found.items() for row in rows if told(row) or any(map(told, row))] == []
    assert told(CANARIES["text"])  # or the test would see nothing


def test_the_files_of_the_ledger_do_not_hold_them_either(small_office: Office) -> None:
    a_secret(small_office)
    folder = small_office.desk.settings.data
    for _ in range(2):
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert {"banjie.db"} <= {path.name for path in files}
        assert [path.name for path in files if told(path.read_bytes())] == []
        # Once more with everything of the log brought into the file itself.
        with small_office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"\xe5\x85\xbb\xe6\xae\x96" in (folder / "banjie.db").read_bytes()  # 养殖: what may be told is there


def test_what_was_not_accepted_leaves_no_secret_behind(office: Office) -> None:
    with pytest.raises(Exception, match="渠道"):
        intake(office.desk, {**FIELDS, "channel": "pigeon"}, actor="clerk", key="k1", secret=CANARIES)
    assert dump(office.database)["sealed"] == []


# ── only the right key opens it, and only what was sealed ──


def test_another_key_opens_nothing(office: Office) -> None:
    ref = a_secret(office)
    keys = office.desk.sealer.keys
    wrapping = keys.held()[0].name
    for other in (os.urandom(32), bytes(32)):
        keys.ring = Ring(office.desk.settings.data.parent / "elsewhere")
        keys.ring._keys = {wrapping: other}
        with pytest.raises(SealError) as refusal:
            office.desk.sealer.open(office.database, ref)
        assert "密封" in refusal.value.zh
        assert "does not open" in refusal.value.en
        assert not told(str(refusal.value))
    keys.ring = Ring(office.desk.settings.data.parent / "elsewhere")
    with pytest.raises(SealError, match=f"{wrapping} is not on this machine"):
        office.desk.sealer.open(office.database, ref)


@pytest.mark.parametrize("column", ["wrapped", "ciphertext"])
def test_a_single_altered_byte_keeps_it_shut(small_office: Office, column: str, rng: random.Random) -> None:
    ref = a_secret(small_office)
    store = small_office.desk.sealer.keys.database if column == "wrapped" else small_office.database
    table = data_keys if column == "wrapped" else tables.sealed
    mine = data_keys.c.sort == "seal" if column == "wrapped" else tables.sealed.c.ref == ref
    with store.reading() as connection:
        was: bytes = connection.execute(sa.select(table.c[column]).where(mine)).scalar_one()

    def write(value: bytes) -> None:
        with store.writing() as connection:
            connection.execute(sa.update(table).where(mine).values({column: value}))

    places = rng.sample(range(len(was)), 25)
    flipped = [was[:place] + bytes([was[place] ^ rng.randrange(1, 256)]) + was[place + 1 :] for place in places]
    for value in (was[:-1], was[:12], b"", was + b"\0", *flipped):
        write(value)
        with pytest.raises(SealError):
            small_office.desk.sealer.open(small_office.database, ref)
    write(was)
    assert small_office.desk.sealer.open(small_office.database, ref) == CANARIES


def test_a_secret_moved_to_another_name_does_not_open(small_office: Office) -> None:
    one, two = a_secret(small_office, "k1"), a_secret(small_office, "k2")
    with small_office.database.reading() as connection:
        row = connection.execute(sa.select(tables.sealed).where(tables.sealed.c.ref == one)).one()
    with small_office.database.writing() as connection:
        values = {"key_id": row.key_id, "ciphertext": row.ciphertext}
        connection.execute(sa.update(tables.sealed).where(tables.sealed.c.ref == two).values(values))
    with pytest.raises(SealError):
        small_office.desk.sealer.open(small_office.database, two)


def test_a_data_key_moved_to_another_id_does_not_open(small_office: Office) -> None:
    one, two = a_secret(small_office, "k1"), a_secret(small_office, "k2")
    with small_office.database.reading() as connection:
        rows = connection.execute(sa.select(tables.sealed.c.ref, tables.sealed.c.key_id))
        ids = {row.ref: row.key_id for row in rows}
    with small_office.desk.sealer.keys.database.writing() as connection:
        wrapped = connection.execute(sa.select(data_keys.c.wrapped).where(data_keys.c.id == ids[one])).scalar_one()
        connection.execute(sa.update(data_keys).where(data_keys.c.id == ids[two]).values(wrapped=wrapped))
    with pytest.raises(SealError):
        small_office.desk.sealer.open(small_office.database, two)


def test_a_secret_destroyed_is_gone_and_the_chain_still_holds(office: Office) -> None:
    ref = a_secret(office)
    with office.database.reading() as connection:
        key_id = connection.execute(sa.select(tables.sealed.c.key_id)).scalar_one()
    assert (office.desk.sealer.destroy(key_id), office.desk.sealer.destroy(key_id)) == (1, 0)
    with pytest.raises(DestroyedError, match="erased"):
        office.desk.sealer.open(office.database, ref)
    assert office.desk.sealer.open(office.database, "never") is None
    assert checking.verify(office.database).ok


def test_the_same_secret_looks_different_each_time(small_office: Office) -> None:
    rows = [small_office.desk.sealer.seal("r", CANARIES) for _ in range(3)]
    assert len({row.ciphertext for row in rows}) == len({row.key.id for row in rows}) == 3


# ── names and codes ──


def test_names_and_codes_are_the_same_for_the_same_key_and_tell_nothing(small_office: Office) -> None:
    def named(key: bytes) -> Sealer:
        made = sealer_of(small_office.desk.settings, small_office.database)
        made.keys._naming = key
        return made

    key = bytes(range(32))
    sealer, again, other = named(key), named(key), named(key[::-1])
    assert sealer.ref("import/D3HN202405020169") == again.ref("import/D3HN202405020169")
    assert "D3HN" not in sealer.ref("import/D3HN202405020169")
    assert sealer.ref("a") != other.ref("a")
    # Petitioners hold this code on paper: it must never come out differently.
    assert sealer.query_code("XF2026000001") == again.query_code("XF2026000001") == "E66ZQEE4"
    codes = {sealer.query_code(f"XF2026{number:06d}") for number in range(4000)}
    assert len(codes) == 4000
    assert all(len(code) == 8 and not set(code) & set("01OILU") for code in codes)
    assert repr(sealer) == "Sealer(…)"


# ── the key's file ──


@contextmanager
def mask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    with mask(umask):
        key = wrapping_key(tmp_path / "data")
    file = tmp_path / "data" / "keys" / "wrapping.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(key) == 32
    assert wrapping_key(tmp_path / "data") == key
    assert [path.name for path in file.parent.iterdir()] == ["wrapping.key"]


def test_two_processes_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(Other("key", folder=str(tmp_path))) for _ in range(2)]
        for other in others:
            other.go()
        one, two = (other.answers() for other in others)
    assert one == two == [{"key": wrapping_key(tmp_path).hex()}]


def test_who_comes_while_the_key_is_being_made_gets_the_first_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link
    found: list[bytes] = []

    def slow(draft: Path, path: Path) -> None:
        if not found:
            found.append(b"")
            found.append(wrapping_key(tmp_path))  # another one comes just now
        link(draft, path)

    monkeypatch.setattr(os, "link", slow)
    assert wrapping_key(tmp_path) == found[1] == wrapping_key(tmp_path)


def test_a_key_that_breaks_off_while_it_is_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            wrapping_key(tmp_path)
    assert list((tmp_path / "keys").iterdir()) == []
    assert len(wrapping_key(tmp_path)) == 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o601])
def test_a_key_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    wrapping_key(tmp_path)
    file = tmp_path / "keys" / "wrapping.key"
    file.chmod(mode)
    with pytest.raises(SealError) as refusal:
        wrapping_key(tmp_path)
    assert f"chmod 600 {file}" in refusal.value.zh
    assert f"chmod 600 {file}" in refusal.value.en
    file.chmod(0o600)
    assert len(wrapping_key(tmp_path)) == 32


@pytest.mark.parametrize("content", [b"", b"short", bytes(33), b"-----BEGIN " + b"PRIVATE KEY-----"])
def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    wrapping_key(tmp_path)
    file = tmp_path / "keys" / "wrapping.key"
    file.write_bytes(content)
    with pytest.raises(SealError, match="damaged"):
        wrapping_key(tmp_path)
    assert file.read_bytes() == content
