"""The second reader itself: silent about a sound ledger, it names each damage; it knows nothing of the engine."""

import ast
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.vocabulary import Status
from tests.chaos import own_reading
from tests.store.desks import Office, an_office

CASE = "XF2026000001"
BEFORE, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small desk's ledger, as text."""
    folder = tmp_path_factory.mktemp("desk")
    with an_office(folder) as office:
        for status in (Status.CLOSED, Status.ASSIGNED, Status.REGISTERED):
            office.a_case(status)
        ring(office)
        path = Path(str(make_url(office.desk.settings.database_url).database))
        with closing(sqlite3.connect(path)) as connection:
            return "\n".join(connection.iterdump())


def ring(office: Office) -> None:
    alarm = office.case("XF2026000002").alarm
    assert alarm is not None
    office.moments.at = alarm.at
    due = alarm.at.isoformat()
    office.act("XF2026000002", "clock", "ring", clock=alarm.clock, rung=alarm.rung, due_at=due)


@pytest.fixture
def ledger(sound: str) -> Iterator[sqlite3.Connection]:
    """The ledger in memory, without its guards."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sound)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


@pytest.fixture
def book(ledger: sqlite3.Connection, tmp_path: Path) -> Path:
    """What a clerk was told of the first case."""
    rows = ledger.execute("SELECT body FROM events WHERE case_id = ? ORDER BY seq", (CASE,))
    told = [json.loads(body) for (body,) in rows]
    lines = [
        {**{name: each[name] for name in ("envelope", "case", "seq")}, "event": each["event"]["name"]} for each in told
    ]
    path = tmp_path / "receipts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def found(ledger: sqlite3.Connection, book: Path, settled: datetime = BEFORE) -> set[str]:
    return {each.partition(":")[0] for each in own_reading.history(ledger, [book], settled)}


def test_a_sound_ledger_has_no_fault(ledger: sqlite3.Connection, book: Path) -> None:
    assert own_reading.history(ledger, [book], BEFORE) == []


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        (
            f"DELETE FROM events WHERE case_id = '{CASE}' AND seq = 3",
            {"order", "chain", "acknowledged but not there once"},
        ),
        (
            f"DELETE FROM events WHERE (case_id, seq) = (SELECT id, seq FROM cases WHERE id = '{CASE}')",
            {"acknowledged but not there once", "read model"},
        ),
        (f"DELETE FROM events WHERE case_id = '{CASE}'", {"acknowledged but not there once", "read model"}),
        (f"UPDATE events SET body = replace(body, 'clerk', 'cierk') WHERE case_id = '{CASE}'", {"chain", "read model"}),
        (f"UPDATE events SET seq = seq + 100 WHERE case_id = '{CASE}' AND seq = 2", {"order", "chain"}),
        (f"UPDATE cases SET status = 'assigned' WHERE id = '{CASE}'", {"read model"}),
        ('UPDATE cases SET state = replace(state, \'"place":"\', \'"place":"x\')', {"read model"}),
        ('UPDATE cases SET state = replace(state, \'"due":"2026\', \'"due":"2027\')', {"read model"}),
        (f"UPDATE cases SET head = '{'0' * 64}' WHERE id = '{CASE}'", {"read model"}),
        (f"DELETE FROM cases WHERE id = '{CASE}'", {"read model"}),
    ],
)
def test_damage_is_named(ledger: sqlite3.Connection, book: Path, statement: str, names: set[str]) -> None:
    assert ledger.execute(statement).rowcount > 0
    assert found(ledger, book) >= names


def test_an_alarm_that_has_not_rung_is_lost_once_its_time_is_over(ledger: sqlite3.Connection, book: Path) -> None:
    assert found(ledger, book, LATE) == {"alarm lost"}
    lost = [each for each in own_reading.history(ledger, [book], LATE) if "XF2026000002" in each]
    assert lost


def test_what_stands_twice_is_named(ledger: sqlite3.Connection) -> None:
    bodies = [json.loads(body) for (body,) in ledger.execute("SELECT body FROM events")]
    assert own_reading.twice(bodies) == []
    rung = [each for each in bodies if each["event"]["name"] in own_reading.RUNGS]
    done = [each for each in bodies if each["event"]["name"] == "carried_out"]
    doubled = own_reading.twice([*bodies, *rung[:1], *done[:1]])
    assert {each.partition(":")[0] for each in doubled} >= {"envelope twice", "alarm twice"}


def test_what_was_told_in_another_order_is_named(ledger: sqlite3.Connection, book: Path) -> None:
    lines = book.read_text(encoding="utf-8").splitlines()
    book.write_text("\n".join([*lines[1:3], lines[0]]), encoding="utf-8")
    assert found(ledger, book) == {"acknowledged out of order"}


def test_the_second_reader_imports_nothing_of_the_engine() -> None:
    tree = ast.parse(Path(own_reading.__file__).read_text("utf-8"))
    modules = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    modules |= {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
    assert {str(each).partition(".")[0] for each in modules} <= sys.stdlib_module_names
