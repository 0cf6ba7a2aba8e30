"""What the door remembers of a case is what the text of its state says, whoever wrote that text."""

import random

import pytest
import sqlalchemy as sa

from adapters import ledger, tables
from adapters.remembered import Remembered
from models.case import Case
from models.refusals import NotNow
from models.vocabulary import Kind, Role, Status
from tests.core.builders import ALL_WAYS, a_story
from tests.store.desks import Office, a_busy_life, another_door, attack


def a_state(case: Case) -> str:
    state = ledger.row_of(case, "")["state"]
    assert isinstance(state, str)
    return state


@pytest.mark.parametrize("kind", Kind)
def test_a_case_that_was_decided_is_the_one_that_its_state_tells(kind: Kind) -> None:
    """So it makes no difference whether the next command finds it remembered or reads it."""
    for status in ALL_WAYS[kind]:
        case = a_story(status, kind=kind).case
        state = a_state(case)
        assert state == case.model_dump_json(exclude_defaults=True)
        read = Case.model_validate_json(state)
        assert read == case
        assert a_state(read) == state
        assert {name: type(value) for name, value in read} == {name: type(value) for name, value in case}


def test_after_any_life_what_is_remembered_is_what_the_ledger_says(office: Office) -> None:
    cases = a_busy_life(office, random.Random(7))
    with office.database.writing() as connection:
        held = ledger.hold(connection, sorted(cases))
    assert {name: each.case for name, each in held.items()} == {name: office.case(name) for name in cases}


def test_what_another_process_or_a_hand_wrote_is_seen_at_once(office: Office) -> None:
    case = office.a_case(Status.RECTIFYING)
    with another_door(office) as other:
        other.act(case, "handler", "submit_for_review", interim=False)
    with pytest.raises(NotNow):
        office.act(case, "handler", "plan_rectification", measures="清淤")
    # The head stays as it was, only the state lies: the door works on what stands there, as it always did.
    attack(office, "UPDATE cases SET state = replace(state, 'reviewing', 'closed') WHERE id = ?", case)
    with pytest.raises(NotNow):
        office.act(case, "reviewer", "approve")


def test_the_least_recently_used_is_forgotten_first_and_room_is_never_exceeded() -> None:
    story = a_story(Status.ASSIGNED).case
    cases = {f"XF{number}": story.model_copy(update={"id": f"XF{number}"}) for number in range(5)}
    states = {name: a_state(case) for name, case in cases.items()}
    memory = Remembered(room=3 * len(states["XF0"]))
    for name in ("XF0", "XF1", "XF2"):
        memory.keep(name, states[name], cases[name], None)
    assert memory.case("XF0", states["XF0"])[0] is cases["XF0"]
    memory.keep("XF3", states["XF3"], cases["XF3"], None)
    assert memory.size == memory.room
    assert memory.case("XF0", states["XF0"])[0] is cases["XF0"]
    assert memory.case("XF2", states["XF2"])[0] is cases["XF2"]
    found, _ = memory.case("XF1", states["XF1"])  # forgotten, so read
    assert found == cases["XF1"]
    assert found is not cases["XF1"]
    large = "x" * (memory.room + 1)
    memory.keep("XF9", large, cases["XF0"], None)
    assert memory.size == 0


def test_only_what_changed_of_a_row_is_written_and_the_row_is_the_whole_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another process, which remembers other things, wrote in between."""
    cases = a_busy_life(office, random.Random(11))
    mine = ledger._REMEMBERED
    for memory in (mine, Remembered(), mine):
        monkeypatch.setattr(ledger, "_REMEMBERED", memory)
        for name in cases:
            office.act(name, Role.CLERK, "note")
    with office.database.reading() as connection:
        instants = [column.name for column in tables.cases.c if isinstance(column.type, tables.Instant)]
        plain = [sa.type_coerce(c, sa.String) if c.name in instants else c for c in tables.cases.c]
        rows = connection.execute(sa.select(*plain)).mappings().all()
    assert len(rows) >= len(cases)
    for row in rows:
        assert dict(row) == ledger.row_of(Case.model_validate_json(row["state"]), row["head"])
