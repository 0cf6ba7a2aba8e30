"""Equal petitioners are recognised without opening anybody's identity, on both databases; erased ones by nobody."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import tables
from adapters.database import DatabaseAwayError
from adapters.intake import intake, perform_sealed
from adapters.keys.people import tokens_of
from adapters.keys.rotating import rotate
from adapters.keys.tables import people
from adapters.recognising import same_people, tidy
from models.case import Case
from models.reaching import reached_by
from models.refusals import LooksPersonal
from models.vocabulary import Role
from tests.store.desks import Office, dump

FIELDS = {"channel": "phone", "place": "青石镇河口村", "summary": "养殖场夜间臭味扰民"}


def brought(office: Office, key: str, contact: str, petitioner: str = "李四") -> str:
    secret = {"petitioner": petitioner, "contact": contact, "text": "臭得睡不着"}
    return intake(office.desk, FIELDS, actor="clerk", key=key, secret=secret).case


def same(office: Office, case: str) -> set[str]:
    return set(same_people(office.database, office.desk.sealer, office.case(case)))


def hashes(office: Office) -> list[str]:
    with office.desk.sealer.keys.database.reading() as connection:
        return list(connection.execute(sa.select(people.c.token)).scalars())


def test_who_comes_again_by_another_way_of_writing_is_recognised_and_nobody_else_is(kept: Office) -> None:
    one = brought(kept, "k1", "13900000000")
    two = brought(kept, "k2", "电话 +86 139-0000-0000")
    other = brought(kept, "k3", "13800000000", petitioner="李四")
    nobody = kept.register()
    assert (same(kept, one), same(kept, two)) == ({two}, {one})
    assert (same(kept, other), same(kept, nobody)) == (set(), set())


def test_what_a_petitioner_adds_later_makes_them_known_too(kept: Office) -> None:
    one, two = brought(kept, "k1", "来访，未留电话"), brought(kept, "k2", "13900000000")
    assert same(kept, one) == set()
    envelope = kept.asking(one, "clerk", "supplement", text="补充材料")
    perform_sealed(kept.desk, envelope, {"contact": "13900000000"})
    assert same(kept, one) == {two}


def test_neither_number_nor_hash_is_in_the_ledger(kept: Office) -> None:
    brought(kept, "k1", "13900000000")
    rows = repr(dump(kept.database))
    assert hashes(kept)
    for found in ("13900000000", *hashes(kept)):
        assert found not in rows


def test_another_keystore_makes_other_hashes_of_the_same_number() -> None:
    secret = {"contact": "13900000000"}
    assert tokens_of(b"a" * 32, secret) != tokens_of(b"b" * 32, secret)
    assert len(tokens_of(b"a" * 32, secret)) == len(reached_by(secret)) == 1


def test_whoever_is_erased_is_recognised_no_more(kept: Office) -> None:
    one, two = brought(kept, "k1", "13900000000"), brought(kept, "k2", "13900000000")
    with kept.database.reading() as connection:
        rows = connection.execute(sa.select(tables.sealed.c.ref, tables.sealed.c.key_id)).all()
    keys = {row.ref: row.key_id for row in rows}
    kept.desk.sealer.destroy(keys[kept.case(one).sealed[0]])
    assert (same(kept, one), same(kept, two)) == (set(), set())
    assert len(hashes(kept)) == 1


def test_a_rotation_leaves_everybody_known(kept: Office) -> None:
    one, two = brought(kept, "k1", "13900000000"), brought(kept, "k2", "13900000000")
    rotate(kept.desk.sealer.keys)
    three = brought(kept, "k3", "13900000000")
    assert same(kept, one) == {two, three}


def test_what_was_sealed_before_is_made_known_once_and_what_is_erased_is_dropped(kept: Office) -> None:
    one, two = brought(kept, "k1", "13900000000"), brought(kept, "k2", "13900000000")
    store = kept.desk.sealer.keys.database
    with store.writing() as connection:
        connection.execute(sa.delete(people))
        connection.execute(sa.insert(people), [{"key_id": "gone", "token": "t", "ref": "r"}])
    assert same(kept, one) == set()
    told: list[tuple[int, int]] = []
    done = tidy(kept.database, kept.desk.sealer, lambda now, of: told.append((now, of)))
    assert (done.looked, done.known, done.dropped) == (2, 2, 1)
    assert told[-1] == (2, 2)
    assert same(kept, one) == {two}
    again = tidy(kept.database, kept.desk.sealer)
    assert (again.known, again.dropped) == (0, 0)


def test_a_refused_intake_leaves_no_hash(kept: Office) -> None:
    brought(kept, "k1", "13900000000")
    before = hashes(kept)
    with pytest.raises(LooksPersonal):
        intake(
            kept.desk,
            {**FIELDS, "summary": "请打 13800138000"},
            actor="clerk",
            key="k2",
            secret={"contact": "13700000000"},
        )
    assert hashes(kept) == before


def test_a_keystore_that_is_away_keeps_nothing_back_but_what_is_sealed(small_office: Office, tmp_path: Path) -> None:
    case = brought(small_office, "k1", "13900000000")
    file = tmp_path / "desk" / "keys.db"
    small_office.desk.sealer.keys.database.close()
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    with pytest.raises(DatabaseAwayError):
        same(small_office, case)
    assert isinstance(small_office.case(case), Case)
    assert small_office.act(case, Role.CLERK, "note").event == "noted"
