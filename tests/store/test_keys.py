"""Data keys lie in a keystore of their own, come over from older ledgers whole, and are rotated while others work."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import checking, tables
from adapters.database import DatabaseAwayError
from adapters.desk import open_desk
from adapters.intake import intake
from adapters.keys.migrations import NEWEST
from adapters.keys.ring import SealError, wrapping_key
from adapters.keys.store import KeystoreMissingError, NewKey
from adapters.keys.tables import metadata
from adapters.sealed import DestroyedError
from adapters.settings import Settings
from tests.store.desks import Office, an_office, dump
from tests.store.old_keys import as_before, named_as_before
from tests.store.sealed_things import Things, reopened
from tests.store.test_sealed import CANARIES, FIELDS

# ── a database of its own ──


def test_the_ledger_holds_no_key_and_the_keystore_nothing_that_it_shuts(kept: Office) -> None:
    things = Things(kept)
    things.check(kept.desk)
    with kept.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.moving_keys)).scalar_one() == 0
    columns = {column.name for table in tables.metadata.sorted_tables for column in table.columns}
    assert "wrapped_key" not in columns
    # Of people it holds keyed hashes, that nothing can be read from: test_people.py.
    assert set(metadata.tables) == {"wrapping_keys", "data_keys", "people"}
    (held,) = kept.desk.sealer.keys.held()
    assert held.wraps == {"seal": 1, "file": 1, "factor": 1, "draft": 1, "naming": 1}


def test_the_keystore_is_readable_to_its_owner_alone(small_office: Office) -> None:
    before = os.umask(0)
    try:
        Things(small_office)
        files = list(small_office.desk.settings.data.glob("keys.db*"))
        assert {path.name for path in files} >= {"keys.db"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    finally:
        os.umask(before)


def test_a_ledger_restored_without_its_keystore_is_read_and_verified_and_opens_nothing(small_office: Office) -> None:
    Things(small_office)
    data = small_office.desk.settings.data
    small_office.desk.close()
    for path in data.glob("keys.db*"):
        path.unlink()
    settings = Settings.load(data=data)
    with pytest.raises(KeystoreMissingError) as refusal:
        open_desk(settings)
    assert "banjie keys adopt" in refusal.value.zh
    assert not (data / "keys.db").exists()
    desk = open_desk(settings, serves=False)
    assert checking.verify(desk.database).ok
    # Only who says that it is lost gets a new one.
    desk.sealer.keys.ready(adopt=True)
    with pytest.raises(DestroyedError):
        desk.sealer.open(desk.database, Office(desk).case("XF2026000001").sealed[0])
    desk.close()
    open_desk(settings).close()


def test_another_ledgers_keystore_is_refused(tmp_path: Path) -> None:
    with an_office(tmp_path / "one") as one, an_office(tmp_path / "two") as two:
        for office in (one, two):
            Things(office)
        settings = Settings.load(data=tmp_path / "one", keys_url=two.desk.settings.keys_url)
        (tmp_path / "one" / "keys" / "wrapping-two.key").write_bytes(wrapping_key(tmp_path / "two"))
        (tmp_path / "one" / "keys" / "wrapping-two.key").chmod(0o600)
        with pytest.raises(KeystoreMissingError):
            open_desk(settings)


def test_the_wrapping_key_may_come_from_the_environment_and_then_lies_in_no_file(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANJIE_WRAPPING_KEY", os.urandom(32).hex())
    with an_office(tmp_path / "env") as office:
        things = Things(office)
        things.check(office.desk)
        assert not list((tmp_path / "env").rglob("*.key"))
        assert "BANJIE_WRAPPING_KEY" in {each.here for each in office.desk.sealer.keys.held()}
        monkeypatch.setenv("BANJIE_WRAPPING_KEY", "short")
        with pytest.raises(SealError, match="Key 1 in BANJIE_WRAPPING_KEY") as refusal, reopened(office):
            pass
        assert "short" not in str(refusal.value)


def test_the_keystores_newest_revision_is_the_one_the_program_asks_for(small_office: Office) -> None:
    small_office.desk.sealer.keys.ready()
    with small_office.desk.sealer.keys.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM keys_version").scalar_one() == NEWEST


# ── with the ledger, or not at all ──


def test_a_keystore_that_is_away_leaves_nothing_behind_and_keeps_nobody_else_out(tmp_path: Path) -> None:
    with an_office(tmp_path / "desk", patience=0.2) as office:
        Things(office)
        before = dump(office.database)
        with sqlite3.connect(tmp_path / "desk" / "keys.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseAwayError):
                intake(office.desk, FIELDS, actor="clerk", key="k2", secret=CANARIES)
            assert dump(office.database) == before
            office.register()
            other.execute("ROLLBACK")
        other.close()
        case = intake(office.desk, FIELDS, actor="clerk", key="k2", secret=CANARIES).case
        assert office.desk.sealer.open(office.database, office.case(case).sealed[0]) == CANARIES


def test_what_breaks_off_before_the_ledger_commits_leaves_a_key_that_shuts_nothing(
    kept: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("adapters.ledger.write", killed)
        with pytest.raises(KeyboardInterrupt):
            intake(kept.desk, FIELDS, actor="clerk", key="k1", secret=CANARIES)
    assert dump(kept.database)["sealed"] == []
    case = intake(kept.desk, FIELDS, actor="clerk", key="k1", secret=CANARIES).case
    assert kept.desk.sealer.open(kept.database, kept.case(case).sealed[0]) == CANARIES
    assert kept.desk.sealer.keys.held()[0].wraps == {"naming": 1, "seal": 2}


# ── the move from the ledger ──


def test_what_an_older_ledger_sealed_comes_over_whole(kept: Office) -> None:
    named_as_before(kept)
    things = Things(kept)
    laid = as_before(kept)
    assert len(laid) == 4
    for _ in range(2):
        with reopened(kept) as desk:
            things.check(desk)
            assert sum(desk.sealer.keys.held()[0].wraps.values()) == 5
            with desk.database.reading() as connection:
                assert connection.execute(sa.select(tables.moving_keys)).all() == []
    if kept.database.is_sqlite:
        files = [path.read_bytes() for path in kept.desk.settings.data.glob("banjie.db*")]
        assert not any(wrapped in content for content in files for wrapped in laid.values())


@pytest.mark.parametrize("at", ["keystore", "ledger"])
def test_a_move_that_breaks_off_is_gone_on_with_and_loses_nothing(
    kept: Office, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_as_before(kept)
    things = Things(kept)
    as_before(kept)
    monkeypatch.setattr("adapters.keys.store.AT_ONCE", 1)
    commits = []

    known = kept.desk.settings
    for turn in range(4):
        desk = open_desk(known, serves=False)
        keys = desk.sealer.keys
        keep = keys._keep

        def breaking(new: list[NewKey], keep: object = keep) -> None:
            commits.append(len(new))
            if at == "ledger":
                keep(new)  # type: ignore[operator]
            raise KeyboardInterrupt

        if turn < 3:
            monkeypatch.setattr(keys, "_keep", breaking)
            with pytest.raises(KeyboardInterrupt):
                keys.ready()
        else:
            things.check(desk)
        desk.close()
    assert commits == [1, 1, 1]


def test_a_wrong_wrapping_key_moves_nothing_and_names_nothing(small_office: Office) -> None:
    named_as_before(small_office)
    things = Things(small_office)
    as_before(small_office)
    path = small_office.desk.settings.data / "keys" / "wrapping.key"
    right = path.read_bytes()
    path.write_bytes(os.urandom(32))
    with pytest.raises(SealError, match="opens nothing of this ledger"), reopened(small_office):
        pass
    path.write_bytes(right)
    with reopened(small_office) as desk:
        things.check(desk)
