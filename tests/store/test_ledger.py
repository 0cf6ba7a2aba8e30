"""The ledger cannot be changed unnoticed: the database refuses, and what goes around it is named by verify."""

import json
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from adapters import checking, queries, tables
from adapters.checking import Fault
from models.canonical import link
from models.vocabulary import Status
from tests.store.desks import Office, a_busy_life, another_door, attack, dump


def faults(office: Office, case: str | None = None) -> list[tuple[str, int, str]]:
    return [(found.case, found.seq, found.code) for found in checking.verify(office.database, case).faults]


def sealed_again(office: Office, case: str, seq: int, body: str) -> None:
    """Rewrite an event and, as its chain's last, its hash and its case's head: a forger who knows how it is made."""
    with office.database.reading() as connection:
        query = sa.select(tables.events.c.hash).where(tables.events.c.case_id == case, tables.events.c.seq == seq - 1)
        previous = connection.execute(query).scalar_one()
    head = link(previous, body)
    attack(office, "UPDATE events SET body = ?, hash = ? WHERE case_id = ? AND seq = ?", body, head, case, seq)
    attack(office, "UPDATE cases SET head = ? WHERE id = ?", head, case)


# ── the database itself refuses ──

FORBIDDEN = {
    "update": "UPDATE {table} SET body = body",
    "update of one row": "UPDATE {table} SET body = 'x' WHERE seq = 1",
    "delete": "DELETE FROM {table}",
    "delete of one row": "DELETE FROM {table} WHERE seq = 1",
    "replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET body = 'x'",
    "truncate": "TRUNCATE {table}",
    "truncate with others": "TRUNCATE outbox, {table} CASCADE",
}
KEYS = {"events": "case_id, seq", "envelopes": "id"}


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("deed", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_was_recorded(office: Office, table: str, deed: str) -> None:
    if deed.startswith("truncate") == office.database.is_sqlite and deed != "replace":
        deed = "delete" if office.database.is_sqlite else deed  # SQLite knows no TRUNCATE
    if deed == "replace" and not office.database.is_sqlite:
        deed = "update"  # and PostgreSQL no REPLACE
    office.a_case(Status.ACCEPTED)
    before = dump(office.database)
    with pytest.raises(exc.DBAPIError, match="append only"), office.database.writing() as connection:
        connection.exec_driver_sql(FORBIDDEN[deed].format(table=table, key=KEYS[table]))
    assert dump(office.database) == before
    assert faults(office) == []


# ── what goes around the database is named ──


def test_a_flipped_byte_anywhere_in_the_events_is_named(office: Office, rng: random.Random) -> None:
    a_busy_life(office, rng)
    assert faults(office) == []
    with office.database.reading() as connection:
        events = [tuple(row) for row in connection.execute(sa.select(tables.events))]
    columns = {"body": 2, "hash": 3}
    named = 0
    while named < 120:
        event = rng.choice(events)
        column = rng.choice(["body", "body", "hash"])
        was = event[columns[column]].encode()
        place = rng.randrange(len(was))
        now = was[:place] + bytes([was[place] ^ rng.randrange(1, 256)]) + was[place + 1 :]
        if not _written(office, column, now, event[0], event[1]):
            continue
        assert faults(office) == [(event[0], event[1], "altered")], (event[:2], column, place, now[place])
        assert _written(office, column, was, event[0], event[1])
        named += 1
    assert faults(office) == []


def _written(office: Office, column: str, value: bytes, case: str, seq: int) -> bool:
    """Write raw bytes into a text; PostgreSQL lets none in that are no text, then nothing is done."""
    where = f"UPDATE events SET {column} = %s WHERE case_id = ? AND seq = ?"
    if office.database.is_sqlite:
        return attack(office, where.replace("%s", "CAST(? AS TEXT)"), value, case, seq) == 1
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text and attack(office, where.replace("%s", "?"), text, case, seq) == 1


def test_bytes_that_are_no_text_any_more_are_named_and_not_stumbled_over(small_office: Office) -> None:
    case = small_office.a_case(Status.ASSIGNED)
    for column in ("body", "hash"):
        attack(small_office, f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE seq = 2", b"\xff\xfe{\x00}")
        assert faults(small_office) == [(case, 2, "altered")]
    attack(small_office, "UPDATE events SET case_id = CAST(? AS TEXT) WHERE case_id = ? AND seq = 3", b"\xc3(", case)
    assert {code for _, _, code in faults(small_office)} == {"altered", "gap"}


Attack = Callable[[Office, str, str], list[tuple[str, int, str]]]


def deleted_event(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq = 2", case)
    return [(case, 3, "gap")]


def deleted_first(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq = 1", case)
    return [(case, 2, "gap")]


def deleted_tail(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq > 3", case)
    return [(case, 3, "tail")]


def deleted_all(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "DELETE FROM events WHERE case_id = ?", case)
    return [(case, 0, "vanished")]


def swapped(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    for was, now in ((2, 999), (3, 2), (999, 3)):
        attack(office, "UPDATE events SET seq = ? WHERE case_id = ? AND seq = ?", now, case, was)
    return [(case, 2, "altered")]


def moved(office: Office, case: str, other: str) -> list[tuple[str, int, str]]:
    attack(office, "UPDATE events SET case_id = ?, seq = 4 WHERE case_id = ? AND seq = 5", other, case)
    return [(case, 4, "tail"), (other, 4, "altered")]


def renumbered(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "UPDATE events SET seq = 7 WHERE case_id = ? AND seq = 5", case)
    return [(case, 7, "gap")]


def borrowed(office: Office, case: str, other: str) -> list[tuple[str, int, str]]:
    """An event of another case, with a chain and a head that fit."""
    with office.database.reading() as connection:
        query = sa.select(tables.events.c.body).where(tables.events.c.case_id == other, tables.events.c.seq == 3)
        body = connection.execute(query).scalar_one()
    sealed_again(office, case, 5, body)
    return [(case, 5, "misplaced")]


def no_event(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    sealed_again(office, case, 5, '["nothing"]')
    return [(case, 5, "unreadable")]


def no_json(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    sealed_again(office, case, 5, "{")
    return [(case, 5, "unreadable")]


def added(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    """One more event that fits, but not through the door."""
    last = queries.history(office.database, case)[-1]
    body = json.dumps({**json.loads(last.body()), "seq": 6})
    with office.database.reading() as connection:
        head = connection.execute(sa.select(tables.cases.c.head).where(tables.cases.c.id == case)).scalar_one()
    attack(office, "INSERT INTO events VALUES (?, 6, ?, ?)", case, body, link(head, body))
    return [(case, 6, "tail")]


def case_row_gone(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "DELETE FROM cases WHERE id = ?", case)
    return [(case, 5, "unknown")]


def head_altered(office: Office, case: str, _: str) -> list[tuple[str, int, str]]:
    attack(office, "UPDATE cases SET head = ? WHERE id = ?", "0" * 64, case)
    return [(case, 5, "tail")]


@pytest.mark.parametrize(
    "how",
    [deleted_event, deleted_first, deleted_tail, deleted_all, swapped, moved, renumbered, borrowed, no_event, no_json,
     added, case_row_gone, head_altered],
)  # fmt: skip
def test_what_was_done_to_a_chain_is_named_with_its_case_and_event(office: Office, how: Attack) -> None:
    case, other = office.a_case(Status.RECTIFYING), office.a_case(Status.ASSIGNED)
    wanted = how(office, case, other)
    report = checking.verify(office.database)
    assert [(found.case, found.seq, found.code) for found in report.faults] == wanted
    assert [found for found in report.faults if not _readable(found)] == []
    assert faults(office, case) == [found for found in wanted if found[0] == case]
    assert faults(office, "organisation") == []


def test_a_tail_cut_off_stays_named_after_a_rebuild(office: Office) -> None:
    case = office.a_case(Status.RECTIFYING)
    attack(office, "DELETE FROM events WHERE case_id = ? AND seq > 3", case)
    checking.rebuild(office.database)
    assert faults(office, case) == [(case, 4, "unpaired")]


def test_a_case_removed_with_its_row_is_named_by_the_envelopes_it_left(office: Office) -> None:
    case = office.a_case(Status.ASSIGNED)
    attack(office, "DELETE FROM events WHERE case_id = ?", case)
    attack(office, "DELETE FROM cases WHERE id = ?", case)
    assert faults(office, case) == [(case, 1, "unpaired")]


def _readable(found: Fault) -> bool:
    return any("一" <= mark <= "龥" for mark in found.zh) and found.en.isascii() and "{" not in found.zh + found.en


def test_verify_counts_what_it_checked_and_tells_how_far_it_is(office: Office, rng: random.Random) -> None:
    cases = a_busy_life(office, rng, 4)
    told: list[tuple[int, int]] = []
    report = checking.verify(office.database, progress=lambda done, total: told.append((done, total)))
    events = len(dump(office.database)["events"])
    assert (report.events, report.cases) == (events, len(cases) + 1)
    assert told[-1] == (events, events)
    assert checking.verify(office.database, cases[0]).cases == 1


def test_a_ledger_that_grows_meanwhile_raises_no_alarm(office: Office) -> None:
    """New events and new cases come in between the two looks that a check takes."""
    case = office.a_case(Status.ASSIGNED)
    with another_door(office) as other:

        def grow(_: object, __: object, statement: str, *___: object) -> None:
            if "FROM events" in statement and "ORDER BY" in statement:
                other.act(case, "clerk", "note")
                other.register()

        sa.event.listen(office.database.engine, "before_cursor_execute", grow)
        for _ in range(3):
            assert checking.verify(office.database).faults == []
            assert checking.rebuild(office.database, check=True).differences == []
        sa.event.remove(office.database.engine, "before_cursor_execute", grow)
    assert checking.verify(office.database).cases > 6
