"""The checker itself: it is silent about a sound run, and names each kind of damage done to it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from activities.outcome import outcome
from activities.signatures import ReactionCall
from adapters.desk import Desk, open_desk
from adapters.letters.tray import Tray
from adapters.settings import Settings
from models.envelope import Envelope
from tests.chaos import checker


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(Settings.load(data=tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def book(desk: Desk, tmp_path: Path) -> Path:
    """A small sound run: one petition registered and accepted, its letter laid and recorded, both receipts kept."""
    told = []
    fields = {"channel": "letter", "place": "白马乡", "summary": "恶臭"}
    told += desk.door.perform(
        [Envelope.model_validate({"id": "e1", "actor": "clerk", "command": "register", "data": fields})]
    )
    case = told[0].case
    told += desk.door.perform([Envelope(id="e2", case=case, actor="clerk", command="accept")])
    reaction = f"{case}#2.1.letter"
    Tray(desk.tray).lay(reaction, "受理告知书")
    desk.door.perform([outcome(ReactionCall(case=case, reaction=reaction), "done")], trusted=True)
    path = tmp_path / "receipts.jsonl"
    lines = [{"envelope": each.envelope, "case": each.case, "seq": each.seq, "event": each.event} for each in told]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _damage(desk: Desk, statement: str) -> None:
    with desk.database.writing() as connection:
        for deed in ("update", "delete"):
            connection.execute(sa.text(f"DROP TRIGGER events_no_{deed}"))
        connection.execute(sa.text(statement))


def test_a_sound_run_has_no_fault(desk: Desk, book: Path) -> None:
    assert checker.faults(desk.database, [book], desk.tray) == []


def test_an_acknowledged_event_that_is_gone_is_named(desk: Desk, book: Path) -> None:
    _damage(desk, "DELETE FROM events WHERE seq = 3 AND case_id LIKE 'XF%'")
    with book.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"envelope": "e9", "case": "XF2026000001", "seq": 9, "event": "noted"}) + "\n")
    found = checker.faults(desk.database, [book], desk.tray)
    assert any(fault.startswith("acknowledged but not there") for fault in found)
    assert any(fault.startswith("chain: XF2026000001/2") for fault in found)
    assert any(fault.startswith("outcome missing") for fault in found)


def test_an_altered_event_is_named(desk: Desk, book: Path) -> None:
    _damage(desk, "UPDATE events SET body = replace(body, 'clerk', 'cierk') WHERE seq = 1 AND case_id LIKE 'XF%'")
    assert any(fault.startswith("chain: XF2026000001/1") for fault in checker.faults(desk.database, [book], desk.tray))


def test_a_letter_too_many_or_too_few_is_named(desk: Desk, book: Path) -> None:
    (desk.tray / "XF2026000001_2.1.letter.txt").rename(desk.tray / "XF2026000001_7.1.letter.txt")
    found = checker.faults(desk.database, [book], desk.tray)
    assert {fault.partition(":")[0] for fault in found} == {"letter not laid", "letter nobody asked for"}


def test_letters_are_owed_up_to_the_last_rest_and_no_further(desk: Desk, book: Path) -> None:
    (desk.tray / "XF2026000001_2.1.letter.txt").unlink()
    assert checker.faults(desk.database, [book], desk.tray, {"XF2026000001": 1}) == []
    found = checker.faults(desk.database, [book], desk.tray, {"XF2026000001": 2})
    assert [fault.partition(":")[0] for fault in found] == ["letter not laid"]


def test_an_alarm_told_twice_is_named() -> None:
    said = {"clock": "close", "rung": "red", "due_at": "2026-01-01T00:00:00Z"}
    body = {"case": "X", "event": {"name": "escalated", "said": said}}
    found = checker.doubled([{**body, "seq": seq, "envelope": str(seq)} for seq in (1, 2)])
    assert len(found) == 1
    assert found[0].startswith("alarm twice")
