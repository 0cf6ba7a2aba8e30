"""Daily roots: heads go into the log, a signed root covers them, and proofs show it without the ledger."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters import tables
from adapters.access.log import AccessLog, Deed
from adapters.roots import delivering, forks, keys, making, origins, proofs, tree, witness
from adapters.roots.checking import check
from adapters.roots.delivering import deliver, letter
from adapters.roots.making import make
from adapters.roots.rotating import rotate
from adapters.roots.witness import ForkedError, Witness, WitnessError
from models.canonical import GENESIS, link
from models.checkpoint import Checkpoint, VerifyingKey, checkpoint_of, key_of, note_of
from models.heads import Leaf, Sort
from models.merkle import is_consistent, is_included, root_at, root_of
from models.vocabulary import Fate
from models.witnessed import Standing
from tests.store.desks import Office
from tests.store.receivers import Mailbox, smtp, write_book

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


# ── checking, as somebody does who owns the database ──


def _unguarded(office: Office, *statements: str) -> None:
    """Do what the triggers forbid, as whoever owns the database can."""
    with office.database.writing() as connection:
        if office.database.is_sqlite:
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            for name in [each for each in triggers if not each.startswith("case")]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in ("events", "access_log", "root_leaves", "root_nodes", "roots", "root_keys", "root_origins"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for each in statements:
            connection.exec_driver_sql(each)


def _faults(office: Office, folder: Path | None = None) -> set[str]:
    report = check(office.database, folder=folder)
    found = {each.code for each in report.chains.faults} | {each.code for each in report.faults}
    found |= {each.standing.value for each in report.judged if not each.is_well}
    assert report.ok == (not found)
    return found


def test_a_whole_ledger_with_its_witness_is_whole(office: Office, tmp_path: Path) -> None:
    assert _faults(office) == set(), "also before there is any root"
    for day in range(3):
        for _ in range(7):
            office.register()
        root = make(office.database, tmp_path, AT + timedelta(days=day), tmp_path / "witness")
        deliver(office.database, tmp_path, root.size, Witness.FOLDER, tmp_path / "witness")
    rotate(office.database, tmp_path, AT + timedelta(days=4), folder=tmp_path / "witness")
    report = check(office.database, folder=tmp_path / "witness")
    assert (report.ok, report.roots, len(report.judged)) == (True, 4, 3)
    assert report.leaves == report.covered > 21


def test_a_tail_made_anew_with_its_head_and_its_leaf_is_found_by_the_witness(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    case = office.register()
    root = make(office.database, tmp_path, AT, folder)
    deliver(office.database, tmp_path, root.size, Witness.FOLDER, folder)
    office.register()
    make(office.database, tmp_path, AT + timedelta(days=1), folder)
    assert _faults(office, folder) == set()
    with office.database.reading() as connection:
        query = sa.select(tables.events.c.body).where(tables.events.c.case_id == case)
        (body,) = connection.execute(query).scalars()
    other = body.replace('"seq":1', '"other":1,"seq":1')
    head = link(GENESIS, other)
    quoted = other.replace("'", "''").replace("%", "%%")
    _unguarded(office, f"UPDATE events SET body = '{quoted}', hash = '{head}' WHERE case_id = '{case}'")
    assert _faults(office) == {"rewritten"}
    _unguarded(office, f"UPDATE cases SET head = '{head}' WHERE id = '{case}'")
    assert _faults(office) == {"rewritten"}
    _unguarded(office, f"UPDATE root_leaves SET hash = '{head}' WHERE chain = '{case}'")
    assert _faults(office) == {"root"}, "the log of heads is no longer what was signed"
    _sign_anew(office, tmp_path)
    assert _faults(office) == set(), "with the key, everything fits again"
    assert _faults(office, folder) == {"rewritten"}, "but for what somebody else has kept"
    office.register()
    with pytest.raises(ForkedError):
        make(office.database, tmp_path, AT + timedelta(days=2), folder)


def test_an_event_rewritten_under_a_number_or_a_name_kept_as_bytes_is_found(
    small_office: Office, tmp_path: Path
) -> None:
    # PostgreSQL keeps a column of numbers to numbers; SQLite keeps what it is given.
    office = small_office
    case = office.register()
    make(office.database, tmp_path, AT)
    with office.database.reading() as connection:
        query = sa.select(tables.events.c.body).where(tables.events.c.case_id == case)
        (body,) = connection.execute(query).scalars()
    other = body.replace('"seq":1', '"other":1,"seq":1')
    head = link(GENESIS, other)
    quoted = other.replace("'", "''").replace("%", "%%")
    _unguarded(
        office,
        f"UPDATE events SET body = '{quoted}', hash = '{head}' WHERE case_id = '{case}'",
        f"UPDATE cases SET head = '{head}' WHERE id = '{case}'",
    )
    for column, table in (("seq", "events"), ("seq", "envelopes"), ("case_id", "events"), ("case_id", "envelopes")):
        _unguarded(office, f"UPDATE {table} SET {column} = CAST({column} AS BLOB) WHERE case_id = '{case}'")
        if table == "envelopes":
            assert _faults(office) == {"rewritten"}, column


def _sign_anew(office: Office, data: Path) -> None:
    with office.database.reading() as connection:
        nodes, own, origin = tree.nodes_at(connection), keys.known(connection), origins.every(connection)[-1].name
        anew = []
        for root in making.listed(connection):
            made = root_at(nodes, root.size)
            text = Checkpoint(origin, root.size, made, (making.made_line(root.made_at),)).text
            anew.append((root.size, made.hex(), keys.sign(data, own, origin, text).whole))
    _unguarded(office, *(f"UPDATE roots SET root = '{h}', note = '{n}' WHERE size = {s}" for s, h, n in anew))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM root_leaves WHERE position = 3", "leaves"),
        ("UPDATE root_nodes SET hash = 'beef' WHERE place = 0", "nodes"),
        ("INSERT INTO root_nodes (level, place, hash) VALUES (8, 9, 'beef')", "nodes"),
        ("UPDATE roots SET root = 'beef'", "root"),
        ("UPDATE roots SET note = replace(note, 'made 2026', 'made 2027')", "note"),
        ("UPDATE roots SET note = 'nothing'", "note"),
        ("UPDATE roots SET made_at = '2020-01-01T00:00:00.000000Z'", "note"),
        ("UPDATE root_keys SET at = '2099-01-01T00:00:00.000000Z'", "signature"),
        ("DELETE FROM root_keys", "keys"),
        ("UPDATE root_leaves SET seq = 2 WHERE kind = 'key'", "keys"),
        ("DELETE FROM access_log", "access_log"),
        (
            "INSERT INTO root_origins VALUES (2, 'x', '2020-01-01T00:00:00.000000Z', 1, '', '', '', '')",
            "forks",
        ),
    ],
)
def test_what_is_changed_in_the_log_itself_is_found(office: Office, tmp_path: Path, statement: str, code: str) -> None:
    AccessLog(office.database, lambda: AT).tell("auditor", Deed.READ, granted=True)
    for _ in range(20):
        office.register()
    make(office.database, tmp_path, AT)
    assert _faults(office) == set()
    _unguarded(office, statement)
    assert code in _faults(office)


def test_nothing_is_signed_that_does_not_begin_as_the_last_root_did(office: Office, tmp_path: Path) -> None:
    make(office.database, tmp_path, AT)
    _unguarded(office, f"UPDATE root_leaves SET hash = '{'b' * 64}' WHERE position = 1")
    office.register()
    with pytest.raises(ForkedError):
        make(office.database, tmp_path, AT + timedelta(days=1))
    forks.record(office.database, tmp_path, AT + timedelta(days=1), reason="查明：磁盘损坏", by="admin")
    assert _faults(office) >= {"root"}, "recorded, and still there to be seen"


def test_the_log_cannot_be_changed_while_its_guards_stand(office: Office, tmp_path: Path) -> None:
    make(office.database, tmp_path, AT)
    for table in (tables.root_leaves, tables.roots, tables.root_keys, tables.root_origins):
        with pytest.raises(sa.exc.DBAPIError, match="append only"), office.database.writing() as connection:
            connection.execute(sa.delete(table))


# ── keys ──


def _files(data: Path) -> int:
    return len(list((data / "keys").glob("roots-*.key")))


def test_a_new_key_signs_beside_the_old_one_for_thirty_days_then_alone(office: Office, tmp_path: Path) -> None:
    first = make(office.database, tmp_path, AT)
    both = rotate(office.database, tmp_path, AT + timedelta(days=1))
    office.register()
    late = make(office.database, tmp_path, AT + timedelta(days=30, hours=23))
    office.register()
    alone = make(office.database, tmp_path, AT + timedelta(days=31))
    with office.database.reading() as connection:
        old, new = keys.known(connection)
        origin = origins.every(connection)[-1].name
    assert [len(note_of(each.note).signatures) for each in (first, both, late, alone)] == [1, 2, 2, 1]
    for root, key in ((both, old), (both, new), (alone, new)):
        mine = VerifyingKey(origin, key.public)
        assert keys.signed_by(note_of(root.note), [mine]) == [mine]
    assert old.ended_at == AT + timedelta(days=31)
    assert _files(tmp_path) == 1, "the old one's private half is gone"
    assert _faults(office) == set()


def test_a_clock_that_is_set_back_brings_nothing_before_what_was(office: Office, tmp_path: Path) -> None:
    make(office.database, tmp_path, AT)
    rotate(office.database, tmp_path, AT)
    office.register()
    rotate(office.database, tmp_path, AT - timedelta(days=1), at_once=True)
    office.register()
    last = make(office.database, tmp_path, AT - timedelta(days=2))
    with office.database.reading() as connection:
        times = [each.made_at for each in making.listed(connection)]
        names = [(each.ended_at is None) for each in keys.known(connection)]
    assert last.made_at >= AT
    assert times == sorted(times, reverse=True)
    assert names == [False, False, True]
    assert _faults(office) == set()


def test_a_key_that_is_lost_is_named_and_replaced_at_once(office: Office, tmp_path: Path) -> None:
    make(office.database, tmp_path, AT)
    for path in (tmp_path / "keys").glob("roots-*.key"):
        path.unlink()
    office.register()
    with pytest.raises(keys.SigningKeyMissingError, match="rotate --at-once"):
        make(office.database, tmp_path, AT + timedelta(days=1))
    with pytest.raises(keys.SigningKeyMissingError):
        rotate(office.database, tmp_path, AT + timedelta(days=1))
    root = rotate(office.database, tmp_path, AT + timedelta(days=1), at_once=True)
    assert len(note_of(root.note).signatures) == 1
    assert _faults(office) == set()


# ── letters ──


def test_a_root_is_found_in_the_letter_that_brought_it(office: Office, tmp_path: Path) -> None:
    root = make(office.database, tmp_path, AT)
    with office.database.reading() as connection:
        origin = proofs.origin_of(connection, root)
        message = letter(root, origin, proofs.verifying(connection, origin))
        text = "> 转发\r\n" + message.text.replace("\n", "\r\n") + "\r\n-- \r\n县局"
        (judged,) = witness.judge(connection, iter([witness.kept("letter.txt", text)]))
    assert judged.is_well
    assert message == letter(root, origin, message_keys(message.text))
    assert witness.kept("other", "你好").checkpoint is None


def message_keys(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if "+" in line and line.startswith("banjie.log/"))


def test_a_letter_goes_where_the_post_book_says_and_one_that_fails_says_so(office: Office, tmp_path: Path) -> None:
    root = make(office.database, tmp_path, AT)
    assert delivering.witnesses(tmp_path, None) == []
    assert deliver(office.database, tmp_path, root.size, Witness.POST).why == "no_address"
    assert deliver(office.database, tmp_path, root.size, Witness.FOLDER).why == "no_folder"
    with smtp(mailbox := Mailbox()) as port:
        server = f'kind = "mail"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "desk@example.cn"\n'
        write_book(tmp_path, f'witness = "mail:notary@example.cn"\n[channels.mail]\n{server}')
        assert delivering.witnesses(tmp_path, tmp_path) == [Witness.FOLDER, Witness.POST]
        found = deliver(office.database, tmp_path, root.size, Witness.POST)
        assert deliver(office.database, tmp_path, root.size, Witness.POST) == found, "once is enough"
    assert (found.fate, found.attempts, mailbox.recipients) == (Fate.SENT, 2, ["notary@example.cn"])
    with office.database.reading() as connection:
        saved = witness.kept("saved from the mail program", mailbox.mails[0].get_content())
        (judged,) = witness.judge(connection, iter([saved]))
    assert judged.is_well
    with pytest.raises(LookupError):
        deliver(office.database, tmp_path, root.size + 1, Witness.POST)
    (tmp_path / "post.toml").write_text("=", encoding="utf-8")
    assert delivering.witnesses(tmp_path, None) == [Witness.POST]
    (tmp_path / "file").write_text("", encoding="utf-8")
    office.register()
    new = make(office.database, tmp_path, AT)
    assert deliver(office.database, tmp_path, new.size, Witness.POST).why == "post_book"
    assert deliver(office.database, tmp_path, new.size, Witness.FOLDER, tmp_path / "file" / "x").why == "folder"
