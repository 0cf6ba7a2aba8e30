"""Daily roots: heads go into the log, a signed root covers them, and proofs show it without the ledger."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from adapters import tables
from adapters.access.log import AccessLog, Deed
from adapters.roots import keys, making, proofs, tree
from adapters.roots.making import make
from models.checkpoint import checkpoint_of, key_of, note_of
from models.heads import Sort
from models.merkle import is_consistent, is_included, root_of
from tests.store.desks import Office

AT = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


def test_a_root_covers_every_case_and_the_access_log_and_is_proved_without_the_ledger(
    office: Office, tmp_path: Path
) -> None:
    case = office.register()
    log = AccessLog(office.database, lambda: AT)
    log.tell("auditor", Deed.READ, granted=True, about=case)
    root = make(office.database, tmp_path, AT)
    with office.database.reading() as connection:
        chains = [(case, Sort.CASE), ("organisation", Sort.CASE), (log.writer, Sort.ACCESS)]
        found = [proofs.covering(connection, chain, sort) for chain, sort in chains]
        head = connection.execute(sa.select(tables.cases.c.seq, tables.cases.c.head).where(tables.cases.c.id == case))
        seq, hashed = head.one()
    for each in found:
        assert each is not None
        note = note_of(each.note)
        told = checkpoint_of(note.text)
        assert (told.origin, told.size, told.root, told.more) == (
            each.origin,
            root.size,
            root.root,
            ("made 2026-11-28T18:00:00Z",),
        )
        assert keys.signed_by(note, [key_of(each.keys[-1])]) == [key_of(each.keys[-1])]
        assert is_included(each.leaf.digest, each.position, told.size, each.proof, told.root)
    assert found[0] is not None
    assert (found[0].leaf.seq, found[0].leaf.hash) == (seq, hashed)
    file = next((tmp_path / "keys").glob("roots-*.key"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() not in b"".join(repr(row).encode() for row in _all_keys(office))


def _all_keys(office: Office) -> list[object]:
    with office.database.reading() as connection:
        return list(connection.execute(sa.select(tables.root_keys)))


def test_a_root_begins_as_the_day_before_and_proofs_read_from_the_kept_levels_are_those_of_the_leaves(
    office: Office, tmp_path: Path
) -> None:
    old = make(office.database, tmp_path, AT)
    for _ in range(40):
        office.register()
    new = make(office.database, tmp_path, AT + timedelta(days=1))
    assert new.size >= old.size + 40
    with office.database.reading() as connection:
        leaves = [each.digest for each in tree.leaves(connection)]
        assert is_consistent(old.size, old.root, new.size, new.root, proofs.consistent(connection, old, new))
        assert making.latest(connection) == new
        assert making.listed(connection) == [new, old]
    assert (root_of(leaves[: old.size]), root_of(leaves)) == (old.root, new.root)


def test_where_nothing_is_new_there_is_no_second_root(office: Office, tmp_path: Path) -> None:
    first = make(office.database, tmp_path, AT)
    assert make(office.database, tmp_path, AT + timedelta(days=1)) == first
