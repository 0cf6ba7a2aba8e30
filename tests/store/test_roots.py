"""Daily roots: heads go into the log, a signed root covers them, and proofs show it without the ledger."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import tables
from adapters.access.log import AccessLog, Deed
from adapters.roots import forks, keys, making, origins, proofs, tree, witness
from adapters.roots.delivering import deliver
from adapters.roots.making import make
from adapters.roots.witness import ForkedError, Witness, WitnessError
from models.checkpoint import Checkpoint, checkpoint_of, key_of, note_of
from models.heads import Leaf, Sort
from models.merkle import is_consistent, is_included, root_of
from models.vocabulary import Fate
from models.witnessed import Standing
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


def test_a_restored_ledger_signs_nothing_until_the_fork_is_recorded_and_then_goes_on_under_another_origin(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "witness"
    old = make(office.database, tmp_path, AT, folder)
    lost = _lost_root(office, tmp_path, folder)
    office.register()
    with pytest.raises(ForkedError, match="分叉"):
        make(office.database, tmp_path, AT + timedelta(days=1), folder)
    with office.database.reading() as connection:
        assert making.latest(connection) == old
    new = forks.record(
        office.database,
        tmp_path,
        AT + timedelta(days=1),
        reason="硬盘损坏，由备份恢复",
        by="admin",
        agreed_by="auditor",
        folder=folder,
    )
    with office.database.reading() as connection:
        first, second = origins.every(connection)
        (fork,) = [each for each in tree.leaves(connection) if each.kind == Sort.FORK]
        judged = list(witness.judge(connection, witness.read(folder)))
    assert (second.abandoned, second.reason, second.by, second.agreed_by) == (
        (lost,),
        "硬盘损坏，由备份恢复",
        "admin",
        "auditor",
    )
    kept = checkpoint_of(note_of(lost).text)
    assert fork == Leaf("fork", first.name, kept.size, kept.root.hex())
    assert checkpoint_of(note_of(new.note).text).origin == second.name != first.name
    assert [each.standing for each in judged] == [Standing.ABANDONED]
    assert make(office.database, tmp_path, AT + timedelta(days=2), folder) == new


def _lost_root(office: Office, data: Path, folder: Path) -> str:
    """A root that the witness has of a log that went on otherwise: signed by the same key, larger than this one."""
    with office.database.reading() as connection:
        origin, own = origins.every(connection)[-1].name, keys.known(connection)
        size = tree.size_of(connection) + 5
    note = keys.sign(data, own, origin, Checkpoint(origin, size, b"\7" * 32).text).whole
    witness.lay(folder, note, ())
    return note


@pytest.mark.parametrize(
    ("reason", "by", "agreed"),
    [(" ", "admin", ""), ("恢复", "", ""), ("恢复", "admin", "admin"), ("长" * 401, "a", "")],
)
def test_a_fork_wants_a_reason_and_two_people_at_most_each_their_own(
    office: Office, tmp_path: Path, reason: str, by: str, agreed: str
) -> None:
    with pytest.raises(forks.ForkError):
        forks.record(office.database, tmp_path, AT, reason=reason, by=by, agreed_by=agreed)
    with pytest.raises(forks.ForkError):
        forks.record(office.database, tmp_path, AT, reason="恢复", by="admin", abandoned=["nothing"])
    with office.database.reading() as connection:
        assert [each.generation for each in origins.every(connection)] in ([], [1])


def test_a_witness_keeps_each_root_once_and_never_another_in_its_place(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    root = make(office.database, tmp_path, AT)
    first = deliver(office.database, tmp_path, root.size, Witness.FOLDER, folder)
    again = deliver(office.database, tmp_path, root.size, Witness.FOLDER, folder)
    assert (first.fate, first.attempts) == (Fate.SENT, 1)
    assert again == first
    (kept,) = witness.read(folder)
    assert kept.note == root.note
    with pytest.raises(WitnessError):
        witness.lay(folder, root.note.replace("made 2026", "made 2027"), ())
    with office.database.reading() as connection:
        (judged,) = witness.judge(connection, witness.read(folder))
        forged = witness.kept("", root.note.replace("made 2026", "made 2027"))
        (false,) = witness.judge(connection, iter([forged]))
    assert (judged.standing, judged.signed, judged.is_well) == (Standing.HOLDS, True, True)
    assert (false.signed, false.is_well) == (False, False)
